"""What the program prints, seen at the write that prints it, with nothing changed for the program.

`sys.stdout` and `sys.stderr` become streams of the very same kind: same buffers of the same size,
flushed at the same moments, so that the order beside `os.write` and child processes stays. Only
their `write` methods are ours, on two types that bear the original names; `release` takes these
methods away again.
"""

from __future__ import annotations

import io
import sys
from types import ModuleType

from .own_frames import passes_through

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Output = Callable[[int, str], object]

# Encodings whose text can be encoded again, piece by piece, with the same result.
_STATELESS = frozenset(("utf8", "ascii", "usascii", "latin1", "iso88591", "cp1252"))
_NEWLINES = ("\n", "\r\n", "\r")
_MOST_PENDING = 64 * 1024


class StandardStreams:
    """The two streams of one recording; each write is told to `output(stream, text)` once."""

    def __init__(self, output: Output) -> None:
        self._streams = [
            stream
            for name, number in (("stdout", 1), ("stderr", 2))
            for stream in (_replace(name, number, output),)
            if stream is not None
        ]

    def release(self) -> None:
        """Give the streams their own methods back; what was printed up to now stays printed."""
        while self._streams:
            self._streams.pop().release()


class _Stream:
    """One stream: its two writes, and the text that the text layer still holds back."""

    def __init__(self, number: int, output: Output, original: io.TextIOWrapper) -> None:
        self._number = number
        self._output = output
        self._active = True
        self._pending: list[str] = []
        self._pending_size = 0
        name = original.encoding.lower().replace("-", "").replace("_", "")
        self._sees_bytes = name in _STATELESS
        self._types: list[type] = []
        self.text = self._make(original)

    def _make(self, original: io.TextIOWrapper) -> io.TextIOWrapper:
        old: Any = original.buffer
        kind = type(old)
        buffer_type = type(kind.__name__, (kind,), self._buffer_methods(kind))
        self._types.append(buffer_type)
        if kind is io.BufferedWriter:
            buffer = buffer_type(_same_file(type(old.raw), old.raw), _buffer_size(old))
        else:
            # Unbuffered (-u): the text layer stands on the file itself.
            buffer = _same_file(buffer_type, old)
        text_type = type("TextIOWrapper", (io.TextIOWrapper,), self._text_methods())
        self._types.append(text_type)
        text: io.TextIOWrapper = text_type(
            buffer,
            encoding=original.encoding,
            errors=original.errors,
            newline=None if sys.platform == "win32" else "\n",
            line_buffering=original.line_buffering,
            write_through=original.write_through,
        )
        text.mode = original.mode  # type: ignore[misc]
        return text

    def _out_of_reach(self) -> Any:
        """Hold this stream where a walk from the program's objects does not come to the recorder.

        It enters no module.
        """
        holder = ModuleType("stream")
        vars(holder)["stream"] = self
        return holder

    def _text_methods(self) -> dict[str, Any]:
        base = io.TextIOWrapper.write
        found = self._out_of_reach()

        def write(self: io.TextIOWrapper, text: str, /) -> int:
            stream = found.stream
            plain = text if type(text) is str else _plain(text)
            pending = stream._pending
            if stream._active and stream._sees_bytes:
                pending.append(plain)
            try:
                count = base(self, text)
            except BaseException as error:
                if pending and pending[-1] is plain:
                    pending.pop()
                passes_through(error)
                raise
            if stream._active:
                stream._pending_size += len(plain)
                if stream._pending_size > _MOST_PENDING:
                    pending.clear()
                    stream._pending_size = 0
                stream._output(stream._number, plain)
            return count

        return _methods(io.TextIOWrapper, write)

    def _buffer_methods(self, kind: Any) -> dict[str, Any]:
        base = kind.write
        found = self._out_of_reach()

        def write(self: Any, data: Any, /) -> Any:
            stream = found.stream
            try:
                count = base(self, data)
            except BaseException as error:
                passes_through(error)
                raise
            if stream._active and stream._sees_bytes and not stream._is_flush(data):
                written = memoryview(data).tobytes()
                stream._output(
                    stream._number, written.decode(stream.text.encoding, "surrogateescape")
                )
            return count

        return _methods(kind, write)

    def _is_flush(self, data: object) -> bool:
        """Say whether these bytes are text that was seen when it was written.

        The text layer hands on all that it holds, or all but what is just being written.
        """
        pending = self._pending
        if not pending or type(data) is not bytes:
            return False
        for count in (len(pending), len(pending) - 1):
            joined = "".join(pending[:count])
            for newline in _NEWLINES:
                translated = joined if newline == "\n" else joined.replace("\n", newline)
                if self._encode(translated) == data:
                    del pending[:count]
                    self._pending_size = sum(map(len, pending))
                    return True
        return False

    def _encode(self, text: str) -> bytes | None:
        try:
            return text.encode(self.text.encoding, self.text.errors or "strict")
        except (UnicodeError, LookupError):
            return None

    def release(self) -> None:
        """Leave the stream as plain as the original was."""
        self._active = False
        self._pending.clear()
        for changed in self._types:
            del changed.write, changed.__repr__  # type: ignore[attr-defined]


def _plain(text: Any) -> str:
    """Take the text of a subclass of `str` without running its code; what is no text gives none."""
    try:
        return str.__str__(text)
    except TypeError:
        return ""


def _methods(kind: type, write: Callable[..., Any]) -> dict[str, Any]:
    """Give the body of a type that looks like `kind` and has another `write`."""
    base: Callable[[Any], str] = kind.__dict__["__repr__"]
    own, original = f"<{kind.__name__} ", f"<_io.{kind.__name__} "

    def represent(self: object) -> str:
        return base(self).replace(own, original, 1)

    return {
        "write": write,
        "__repr__": represent,
        "__module__": "_io",
        "__doc__": kind.__doc__,
    }


def _replace(name: str, number: int, output: Output) -> _Stream | None:
    """Put our stream into `sys`; a stream that is missing or already another one is left alone."""
    original = getattr(sys, name)
    if type(original) is not io.TextIOWrapper or getattr(sys, f"__{name}__") is not original:
        return None
    original.flush()
    stream = _Stream(number, output, original)
    setattr(sys, name, stream.text)
    setattr(sys, f"__{name}__", stream.text)
    return stream


def _same_file(kind: Any, raw: Any) -> Any:
    """Make another file object for the descriptor: the original closes its own when it dies."""
    same = kind(raw.fileno(), "wb", closefd=False)
    same.name = raw.name
    return same


def _buffer_size(buffer: io.BufferedWriter) -> int:
    """Give the size of a buffer, which only its memory tells."""
    smallest = io.BufferedWriter(_same_file(type(buffer.raw), buffer.raw), 1)
    return buffer.__sizeof__() - smallest.__sizeof__() + 1
