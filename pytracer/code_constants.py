"""What is in `co_consts`? In short form, without keeping any constant alive that is an object."""

from __future__ import annotations

from _blake2 import blake2b
from struct import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Callable

SCALARS = frozenset((type(None), bool, int, float, complex, str, bytes, type(...)))
CodeObjectType = type((lambda: None).__code__)
HASH_SIZE = 16
# A metaclass cannot answer for it.
_name_of = type.__dict__["__name__"].__get__
_pack_float = Struct("<d").pack
_pack_complex = Struct("<dd").pack


class Opaque:
    """A constant that is no scalar: the name of its type, and of a code object its own name."""

    __slots__ = ("kind", "name")

    def __init__(self, value: Any) -> None:
        self.kind: str = _name_of(type(value))
        self.name: str = value.co_name if type(value) is CodeObjectType else ""

    def __repr__(self) -> str:
        return f"Opaque({self.kind!r}, {self.name!r})"


def short_form(consts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the constants, with an `Opaque` for each that is not exactly of a scalar type."""
    return tuple([value if type(value) in SCALARS else Opaque(value) for value in consts])


def digest(value: Any, of_code: Callable[[CodeType], bytes]) -> bytes:
    """Return 16 bytes that are equal for equal constants only, of whatever type and depth."""
    kind = type(value)
    if kind is tuple:
        content = b"".join([digest(part, of_code) for part in value])
    elif kind is frozenset:
        content = b"".join(sorted([digest(part, of_code) for part in value]))
    elif kind is slice:
        content = digest((value.start, value.stop, value.step), of_code)
    elif kind is CodeObjectType:
        content = of_code(value)
    elif kind is str:
        content = value.encode("utf-8", "surrogatepass")
    elif kind is bytes:
        content = value
    elif kind is int:
        content = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    elif kind is float:
        content = _pack_float(value)
    elif kind is complex:
        content = _pack_complex(value.real, value.imag)
    else:
        # None, True, False and Ellipsis. Nothing else is ever compiled; what a program puts into a
        # code object by hand is told apart by its type only.
        content = repr(value).encode() if kind in SCALARS else b""
    name: bytes = _name_of(kind).encode("utf-8", "surrogatepass")
    return blake2b(name + b"\0" + content, digest_size=HASH_SIZE).digest()
