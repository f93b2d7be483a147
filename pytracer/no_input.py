"""What `input()` says when the debugger has no terminal to read from."""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HINT = (
    b"hindsight: standard input is closed in the internal console; "
    b'use "console": "integratedTerminal"\n'
)


def explain_missing_input() -> None:
    """Put an empty `sys.stdin` in place: reading ends at once, `input()` raises EOFError.

    The first read that finds the end says where input would be possible.
    """
    empty = os.open(os.devnull, os.O_RDONLY)
    if empty != 0:
        os.dup2(empty, 0)
        os.close(empty)
    old = sys.stdin
    encoding = "utf-8" if old is None else old.encoding
    # The old stream owns a file object for descriptor 0 that closes nothing when it dies.
    file = io.BufferedReader(io.FileIO(0, "rb", closefd=False))
    stream: Any = _EmptyInput(file, encoding=encoding)
    stream.mode = "r"
    for name in ("stdin", "__stdin__"):
        setattr(sys, name, stream)


class _EmptyInput(io.TextIOWrapper):
    """A standard input at its end, which says so once."""

    _said = False

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        line = super().readline(size)
        if not line and not self._said:
            self._said = True
            os.write(2, _HINT)
        return line


_EmptyInput.__name__ = _EmptyInput.__qualname__ = "TextIOWrapper"
_EmptyInput.__module__ = "_io"
