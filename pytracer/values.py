"""How one value becomes bytes (FORMAT.md, section 5).

Inside the recorder a value is one of: a scalar itself; an `Entry` (a tracked object); `UNBOUND`;
`NotRecorded`; or `LongText`, which stands for a long str, bytes or int without holding it (a
second reference would make `s += x` copy).
"""

from __future__ import annotations

from struct import Struct

from . import format as f
from .core import adopt
from .wire import put_str, read_uv, sv, text, uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .wire import LogWriter

SCALARS = (type(None), bool, int, float, complex, str, bytes, type(...), type(NotImplemented))
# Types are looked up by id everywhere: a type's hash and equality may be code of its metaclass.
SCALAR_IDS = frozenset(map(id, SCALARS))
LONG = 1024
_pack_float = Struct("<d").pack
_pack_complex = Struct("<dd").pack
_LIMIT = f.INT_LIMIT
_CONSTANTS = {
    id(None): bytes((f.V_NONE,)),
    id(False): bytes((f.V_FALSE,)),
    id(True): bytes((f.V_TRUE,)),
    id(...): bytes((f.V_ELLIPSIS,)),
    id(NotImplemented): bytes((f.V_NOT_IMPLEMENTED,)),
}


class NotRecorded:
    """A value that was left out, and why (one of the reasons of FORMAT.md)."""

    __slots__ = ("reason",)

    def __init__(self, reason: int) -> None:
        self.reason = reason


class _Unbound:
    __slots__ = ()


UNBOUND = _Unbound()
LEFT_OUT = NotRecorded(f.REASON_BUDGET)
IN_C = NotRecorded(f.REASON_IN_C)
FOREIGN_MEMORY = NotRecorded(f.REASON_FOREIGN_MEMORY)
OURS = NotRecorded(f.REASON_OURS)


class LongText:
    """The encoded form of a long scalar: enough to compare and to write it again."""

    __slots__ = ("encoded",)

    def __init__(self, encoded: bytes) -> None:
        self.encoded = encoded

    @property
    def blob(self) -> int:
        """Number of the BLOB frame that has it; 0 when it is here whole."""
        return read_uv(self.encoded, 1) if self.encoded[0] == f.V_BLOB else 0


adopt("UNBOUND", UNBOUND)
adopt("LEFT_OUT", LEFT_OUT)
adopt("IN_C", IN_C)
adopt("LongText", LongText)
adopt("NotRecorded", NotRecorded)


class _NoTable(dict):  # type: ignore[type-arg]
    """A string table that takes nothing in: for keyframes."""

    def __setitem__(self, key: str, value: int) -> None:
        pass


class ValueEncoder:
    """Encodes values into the events and keyframes of one recording."""

    __slots__ = (
        "_blobs",
        "_blobs_in",
        "_entry",
        "_max_string",
        "_next_blob",
        "_no_table",
        "_short",
        "_writer",
    )

    def __init__(self, writer: LogWriter, max_string: int, entry: type) -> None:
        self._writer = writer
        self._max_string = max_string
        self._short = min(LONG, max_string)
        self._entry = entry
        self._blobs: dict[str | bytes, int] = {}
        # The file that they are in: LogWriter.file_number.
        self._blobs_in = 0
        self._next_blob = 1
        self._no_table: dict[str, int] = _NoTable()

    def put(self, buf: bytearray, value: Any) -> None:
        """Append a value to the events of the current block (hot)."""
        self._put(buf, value, self._writer.strings)

    def put_inline(self, buf: bytearray, value: Any) -> None:
        """Append a value to a keyframe."""
        self._put(buf, value, self._no_table)

    def shorten(self, value: Any) -> Any:
        """Stand in for a long scalar that a variable holds; other scalars stay themselves."""
        kind = type(value)
        if (kind is str or kind is bytes) and len(value) > self._short:
            return LongText(self._long(value))
        if kind is int and not -_LIMIT < value < _LIMIT and value.bit_length() > 8 * self._short:
            buf = bytearray()
            self._put_big(buf, value)
            return LongText(bytes(buf))
        return value

    def _put(self, buf: bytearray, value: Any, strings: dict[str, int]) -> None:
        kind = type(value)
        if kind is int:
            if -_LIMIT < value < _LIMIT:
                buf.append(f.V_INT)
                buf += sv(value)
            else:
                self._put_big(buf, value)
        elif kind is self._entry:
            buf.append(f.V_OBJECT)
            buf += uv(value.oid)
        elif kind is str:
            if len(value) <= self._short:
                buf.append(f.V_STR)
                put_str(buf, strings, value)
            else:
                buf += self._long(value)
        elif kind is float:
            buf.append(f.V_FLOAT)
            buf += _pack_float(value)
        elif value is UNBOUND:
            buf.append(f.V_UNBOUND)
        elif kind is bytes:
            if len(value) <= self._short:
                buf.append(f.V_BYTES)
                buf += uv(len(value))
                buf += value
            else:
                buf += self._long(value)
        elif kind is complex:
            buf.append(f.V_COMPLEX)
            buf += _pack_complex(value.real, value.imag)
        elif kind is LongText:
            buf += value.encoded
        elif kind is NotRecorded:
            buf.append(f.V_NOT_RECORDED)
            buf.append(value.reason)
        else:
            buf += _CONSTANTS[id(value)]

    def _put_big(self, buf: bytearray, value: int) -> None:
        sign = 1 if value < 0 else 0
        bits = value.bit_length()
        if bits > 8 * self._max_string:
            kept = max(8, self._max_string & ~7)
            top = abs(value) >> (bits - 8 * kept)
            buf += bytes((f.V_INT_CUT, sign)) + uv(bits) + uv(kept) + top.to_bytes(kept, "little")
            return
        magnitude = abs(value).to_bytes((bits + 7) // 8, "little")
        buf += bytes((f.V_BIGINT, sign)) + uv(len(magnitude)) + magnitude

    def _long(self, value: str | bytes) -> bytes:
        """Encode a str or bytes that may have to be cut or to become a BLOB frame."""
        total, limit = len(value), self._max_string
        if total > limit:
            kept = value[:limit]
            if type(kept) is str:
                return bytes((f.V_STR_CUT,)) + uv(total) + text(kept)
            return bytes((f.V_BYTES_CUT,)) + uv(total) + uv(limit) + bytes(kept)  # type: ignore[arg-type]
        if type(value) is str:
            encoded, form, tag = value.encode("utf-8", "surrogatepass"), f.BLOB_STR, f.V_STR
        else:
            encoded, form, tag = value, f.BLOB_BYTES, f.V_BYTES  # type: ignore[assignment]
        if len(encoded) <= f.BLOB_THRESHOLD:
            # In a string, 0 says that its text follows; this long a text enters no table.
            return bytes((tag, 0) if tag == f.V_STR else (tag,)) + uv(len(encoded)) + encoded
        if self._blobs_in != self._writer.file_number:
            self._blobs_in = self._writer.file_number
            self._blobs.clear()
        blob = self._blobs.get(value)
        if blob is None:
            blob = self._next_blob
            self._next_blob += 1
            if len(self._blobs) >= 16:
                self._blobs.clear()
            self._blobs[value] = blob
            self._writer.frame(f.BLOB, uv(blob) + bytes((form,)) + encoded, blob)
        return bytes((f.V_BLOB,)) + uv(blob)


def same(old: Any, new: Any) -> bool:
    """Say whether a variable shows the same as before (hot). Floats and complex: by identity."""
    if old is new:
        return True
    kind = type(new)
    if kind is not type(old):
        return False
    if kind is int or kind is str or kind is bytes:
        return bool(old == new)
    return kind is LongText and old.encoded == new.encoded
