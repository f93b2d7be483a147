"""A code object as a CODE frame (FORMAT.md, section 3), and the hash that tells equal code."""

from __future__ import annotations

import sys
from _blake2 import blake2b
from struct import Struct

from . import format as f
from .code_constants import HASH_SIZE, Opaque
from .wire import sv, text, uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .code_objects import CodeObjectWrapper

if sys.version_info >= (3, 11):
    LINE_TABLE_KIND = f.LOCATION_TABLE
elif sys.version_info >= (3, 10):
    LINE_TABLE_KIND = f.LINE_TABLE_310
else:
    LINE_TABLE_KIND = f.LNOTAB

# Longer constants are cut: code points, bytes.
LONGEST = 1024
_pack_float = Struct("<d").pack
_pack_complex = Struct("<dd").pack
_SINGLETONS = {
    type(None): f.V_NONE,
    type(...): f.V_ELLIPSIS,
}


def encode_code(wrapper: CodeObjectWrapper, source_id: int) -> bytes:
    """Return the payload of a code object's CODE frame; `source_id` is 0 for none."""
    consts = wrapper.consts
    return b"".join(
        (
            uv(wrapper.code_id),
            text(wrapper.filename),
            text(wrapper.qualname),
            text(wrapper.name),
            sv(wrapper.firstlineno),
            _counts(wrapper),
            _names(wrapper.varnames),
            _names(wrapper.cellvars),
            _names(wrapper.freevars),
            _names(wrapper.names),
            uv(len(consts)),
            *[_constant(value) for value in consts],
            bytes((LINE_TABLE_KIND,)),
            _sized(wrapper.line_bytes),
            _sized(wrapper.exception_table),
            _sized(wrapper.bytecode),
            wrapper.hash,
            uv(source_id),
        )
    )


def code_hash(wrapper: CodeObjectWrapper) -> bytes:
    """Return 16 bytes over the whole code but its file and its qualified name."""
    content = b"".join(
        (
            text(wrapper.name),
            sv(wrapper.firstlineno),
            _counts(wrapper),
            _names(wrapper.varnames),
            _names(wrapper.cellvars),
            _names(wrapper.freevars),
            _names(wrapper.names),
            wrapper.consts_digest,
            _sized(wrapper.line_bytes),
            _sized(wrapper.exception_table),
            _sized(wrapper.bytecode),
        )
    )
    return blake2b(content, digest_size=HASH_SIZE).digest()


def _counts(wrapper: CodeObjectWrapper) -> bytes:
    return (
        uv(wrapper.argcount)
        + uv(wrapper.posonlyargcount)
        + uv(wrapper.kwonlyargcount)
        + uv(wrapper.flags)
    )


def _names(names: tuple[str, ...]) -> bytes:
    return uv(len(names)) + b"".join([text(name) for name in names])


def _sized(content: bytes) -> bytes:
    return uv(len(content)) + content


def _constant(value: Any) -> bytes:
    kind = type(value)
    if kind is str:
        if len(value) > LONGEST:
            return bytes((f.V_STR_CUT,)) + uv(len(value)) + text(value[:LONGEST])
        # In a string, 0 says that its text follows.
        return bytes((f.V_STR, 0)) + text(value)
    if kind is int:
        return _integer(value)
    if kind is bool:
        return bytes((f.V_TRUE if value else f.V_FALSE,))
    if kind is float:
        return bytes((f.V_FLOAT,)) + _pack_float(value)
    if kind is complex:
        return bytes((f.V_COMPLEX,)) + _pack_complex(value.real, value.imag)
    if kind is bytes:
        if len(value) > LONGEST:
            return bytes((f.V_BYTES_CUT,)) + uv(len(value)) + _sized(value[:LONGEST])
        return bytes((f.V_BYTES,)) + _sized(value)
    if kind is Opaque:
        return bytes((f.V_TEXT,)) + text(value.kind)
    return bytes((_SINGLETONS[kind],))


def _integer(value: int) -> bytes:
    if -f.INT_LIMIT < value < f.INT_LIMIT:
        return bytes((f.V_INT,)) + sv(value)
    sign = 1 if value < 0 else 0
    value = abs(value)
    bits = value.bit_length()
    if bits > 8 * LONGEST:
        most = (value >> (bits - 8 * LONGEST)).to_bytes(LONGEST, "little")
        return bytes((f.V_INT_CUT, sign)) + uv(bits) + _sized(most)
    return bytes((f.V_BIGINT, sign)) + _sized(value.to_bytes((bits + 7) // 8, "little"))
