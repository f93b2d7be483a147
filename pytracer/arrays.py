"""How arrays are read: `array.array`, NumPy's `ndarray` and `memoryview` (FORMAT.md, kind ARRAY).

A reader is made once for each type in C and uses that type's own descriptors, so that subclasses
and names of the program change nothing. No module is imported: a type is recognised when the
program has an object of it. Nothing of an array's memory stays exported when a reader returns
(`ndarray.resize` and `array.append` would fail), and only memory is read of which the owner is
known: what belongs to a mapped file, to `ctypes` or to another process changes without a step.
"""

from __future__ import annotations

from struct import calcsize, unpack

from . import format as f
from . import layouts
from .core import adopt
from .layouts import GetSetType, MethodDescriptorType, type_dict, type_mro
from .values import IN_C

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Decode = Callable[[bytes], list[Any]]

_HEAP_TYPE = 1 << 9
_type_flags = type.__dict__["__flags__"].__get__


class Picture:
    """What an array looks like now.

    `text`: element type and shape, as FORMAT.md has it. `raw`: memory of the first elements;
    `objects`: these elements where they are objects. `size`: bytes an element; 0 when elements are
    not read, for `reason`.
    """

    __slots__ = ("decode", "objects", "raw", "reason", "size", "text", "total")

    def __init__(self, text: str, total: int) -> None:
        self.text = text
        self.total = total
        self.raw = b""
        self.objects: list[Any] | None = None
        self.size = 0
        self.reason = 0
        self.decode: Decode | None = None

    def take(self, raw: bytes, size: int, decode: Decode) -> None:
        """Set the elements' memory."""
        self.raw, self.size, self.decode = raw, size, decode


def is_defined(cls: type, name: str, kind: type) -> bool:
    """Say whether a type in C brought a descriptor of this name itself."""
    found: Any = type_dict(cls).get(name)
    if type(found) is not kind:
        return False
    descriptor: Any = found
    return descriptor.__objclass__ is cls and descriptor.__name__ == name


# Elements.


def _numbers(code: str) -> Decode:
    order = code[0] if code[0] in "<>=!@" else "@"
    letter, size = code[-1], calcsize(code)

    def decode(raw: bytes) -> list[Any]:
        return [*unpack(f"{order}{len(raw) // size}{letter}", raw)]

    return decode


def _complex_numbers(code: str) -> Decode:
    read = _numbers(code)

    def decode(raw: bytes) -> list[Any]:
        parts = read(raw)
        return [*map(complex, parts[::2], parts[1::2])]

    return decode


def _texts(size: int, encoding: str) -> Decode:
    def decode(raw: bytes) -> list[Any]:
        parts = [raw[place : place + size] for place in range(0, len(raw), size)]
        return [part.decode(encoding, "surrogatepass").rstrip("\0") for part in parts]

    return decode


def _characters(size: int, encoding: str) -> Decode:
    def decode(raw: bytes) -> list[Any]:
        parts = [raw[place : place + size] for place in range(0, len(raw), size)]
        return [part.decode(encoding, "surrogatepass") for part in parts]

    return decode


def _byte_strings(size: int) -> Decode:
    def decode(raw: bytes) -> list[Any]:
        return [raw[place : place + size].rstrip(b"\0") for place in range(0, len(raw), size)]

    return decode


def _wide(size: int, order: str = "@") -> str:
    little = order == "<" or (order != ">" and unpack("=H", b"\1\0")[0] == 1)
    return f"utf-{size * 8}-{'le' if little else 'be'}"


_NATIVE_CODES = frozenset("?bBhHiIlLqQnNPefd")
_COMPLEX_CODES = {"Zf": "f", "Zd": "d", "F": "f", "D": "d"}


def _decode_native(code: str, size: int) -> Decode | None:
    """Read elements by the code of `array` or of the buffer protocol."""
    letter = code[1:] if code[:1] in ("<", ">", "=", "!", "@") else code
    order = code[: len(code) - len(letter)]
    if letter in _NATIVE_CODES and calcsize(order + letter) == size:
        return _numbers(order + letter)
    part = _COMPLEX_CODES.get(letter)
    if part is not None and calcsize(order + part) * 2 == size:
        return _complex_numbers(order + part)
    if letter in ("u", "w") and size in (2, 4):
        return _characters(size, _wide(size, order))
    if letter == "c":
        return lambda raw: [raw[place : place + 1] for place in range(len(raw))]
    return None


_PLAIN_KINDS = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex"}
_DTYPE_CODES = {
    "b1": "?",
    "i1": "b",
    "i2": "h",
    "i4": "i",
    "i8": "q",
    "u1": "B",
    "u2": "H",
    "u4": "I",
    "u8": "Q",
    "f2": "e",
    "f4": "f",
    "f8": "d",
}
_NATIVE_ORDER = "<" if _wide(4).endswith("le") else ">"


def _dtype_name(code: str) -> str:
    """Turn NumPy's short form of a dtype, as `<i8`, into its name where it has a plain one."""
    order, kind, rest = code[:1], code[1:2], code[2:]
    if kind == "O":
        return "object"
    if order in ("|", _NATIVE_ORDER):
        if kind == "b":
            return "bool"
        if kind in _PLAIN_KINDS and rest.isdigit():
            return f"{_PLAIN_KINDS[kind]}{int(rest) * 8}"
        if kind in ("M", "m"):
            return f"{'datetime64' if kind == 'M' else 'timedelta64'}{rest[1:]}"
    return code


def _decode_dtype(code: str) -> tuple[int, Decode] | None:
    order, kind, rest = code[:1], code[1:2], code[2:]
    if not rest.isdigit():
        return None
    size, order = int(rest), "=" if order == "|" else order
    letter = _DTYPE_CODES.get(kind + rest)
    if letter is not None:
        return size, _numbers(order + letter)
    if kind == "c" and size in (8, 16):
        return size, _complex_numbers(order + ("f" if size == 8 else "d"))
    if kind == "U" and size:
        return size * 4, _texts(size * 4, _wide(4, order))
    if kind == "S" and size:
        return size, _byte_strings(size)
    return None


# Readers.


class Reader:
    """Reads the arrays of one type in C."""

    __slots__ = ()

    def read(self, value: Any, limit: int) -> Picture:
        """Look at an array and its first elements, in C order."""
        raise NotImplementedError

    def base(self, value: Any) -> Any:
        """Return the object whose memory this is; None when it is the array's own."""
        raise NotImplementedError


# What `base` says of memory that belongs to nobody that is known.
FOREIGN = object()


class _ArrayReader(Reader):
    __slots__ = ("_bytes", "_item", "_itemsize", "_length", "_typecode")

    def __init__(self, cls: type) -> None:
        names = type_dict(cls)
        self._typecode = names["typecode"].__get__
        self._itemsize = names["itemsize"].__get__
        self._length: Callable[..., int] = names["__len__"]
        self._item: Callable[..., Any] = names["__getitem__"]
        self._bytes: Callable[..., bytes] = names["tobytes"]

    def read(self, value: Any, limit: int) -> Picture:
        total = self._length(value)
        code, size = self._typecode(value), self._itemsize(value)
        picture = Picture(code, total)
        decode = _decode_native(code, size)
        if decode is None:
            picture.reason = f.REASON_IN_C
        else:
            # A part is an array of the exact type.
            part = value if total <= limit else self._item(value, slice(0, limit))
            picture.take(self._bytes(part), size, decode)
        return picture

    def base(self, value: Any) -> Any:
        return None


class _NumpyReader(Reader):
    __slots__ = (
        "_base",
        "_bytes",
        "_cls",
        "_dtype",
        "_flags",
        "_flat",
        "_shape",
        "_tolist",
        "_view",
    )

    def __init__(self, cls: type) -> None:
        names = type_dict(cls)
        self._cls = cls
        self._base = names["base"].__get__
        self._dtype = names["dtype"].__get__
        self._flags = names["flags"].__get__
        self._flat = names["flat"].__get__
        self._shape = names["shape"].__get__
        self._bytes: Callable[..., bytes] = names["tobytes"]
        self._tolist: Callable[..., list[Any]] = names["tolist"]
        self._view: Callable[..., Any] = names["view"]

    def read(self, value: Any, limit: int) -> Picture:
        # A subclass would hear of its parts: `__array_finalize__`.
        array = value if type(value) is self._cls else self._view(value, self._cls)
        shape = self._shape(array)
        total = 1
        for length in shape:
            total *= length
        code = _read_in_c(self._dtype(array), "str")
        if type(code) is not str:
            code = "?"
        picture = Picture(f"{_dtype_name(code)} {shape}", total)
        if code[1:2] == "O":
            flat = self._flat(array)
            part = type_dict(type(flat))["__getitem__"](flat, slice(0, limit))
            picture.objects = self._tolist(part)
            return picture
        form = _decode_dtype(code)
        if form is None:
            picture.reason = f.REASON_IN_C
        elif root_of(value) is None:
            picture.reason = f.REASON_FOREIGN_MEMORY
        else:
            part = array
            if total > limit:
                flat = self._flat(array)
                part = type_dict(type(flat))["__getitem__"](flat, slice(0, limit))
            picture.take(self._bytes(part), *form)
        return picture

    def base(self, value: Any) -> Any:
        base = self._base(value)
        if base is None:
            return None if _read_in_c(self._flags(value), "owndata") is True else FOREIGN
        if layouts.name_of_type(type(base)).endswith(".DummyArray"):
            # What `as_strided` puts between a view and its array.
            found = layouts.own_attributes(base)
            return FOREIGN if found is None else dict.get(found, "base", FOREIGN)
        return base


class _MemoryReader(Reader):
    __slots__ = ()

    def read(self, value: Any, limit: int) -> Picture:
        try:
            shape, code, size = value.shape, value.format, value.itemsize
        except ValueError:
            return Picture("released", 0)
        total = value.nbytes // size if size else 0
        picture = Picture(f"{code} {shape}", total)
        decode = _decode_native(code, size)
        if decode is None or (total > limit and value.ndim != 1):
            picture.reason = f.REASON_IN_C
        elif root_of(value) is None:
            picture.reason = f.REASON_FOREIGN_MEMORY
        else:
            raw = value.tobytes() if total <= limit else value[:limit].tobytes()
            picture.take(raw, size, decode)
        return picture

    def base(self, value: Any) -> Any:
        try:
            return value.obj
        except ValueError:
            return FOREIGN


def _read_in_c(value: Any, name: str) -> Any:
    """Read an attribute of an object by the descriptor of its type in C; None without one."""
    for base in type_mro(type(value)):
        found = type_dict(base).get(name)
        if type(found) is GetSetType:
            return found.__get__(value)
    return None


_memory_reader = _MemoryReader()
_readers: dict[int, tuple[type, Reader]] = {id(memoryview): (memoryview, _memory_reader)}


def _reader_of_type(cls: type) -> Reader | None:
    known = _readers.get(id(cls))
    if known is not None and known[0] is cls:
        return known[1]
    if type(cls) is not type:
        return None
    name = layouts.name_of_type(cls)
    reader: Reader
    if name == "array.array":
        if not is_defined(cls, "typecode", GetSetType):
            return None
        if not is_defined(cls, "tobytes", MethodDescriptorType):
            return None
        reader = _ArrayReader(cls)
    elif name == "numpy.ndarray" and not _type_flags(cls) & _HEAP_TYPE:
        reader = _NumpyReader(cls)
    else:
        return None
    # Types of these modules stay for the life of the process.
    _readers[id(cls)] = (cls, reader)
    return reader


def reader_of(mro: tuple[type, ...]) -> Reader | None:
    """Return what reads the instances of a type with this order of bases, if it is an array."""
    for base in mro:
        reader = _reader_of_type(base)
        if reader is not None:
            return reader
    return None


def is_known_base(cls: type) -> bool:
    """Say whether a base's special methods change nothing but their receiver.

    Those of arrays and of NumPy's numbers.
    """
    if _reader_of_type(cls) is not None:
        return True
    return (
        not _type_flags(cls) & _HEAP_TYPE
        and layouts.type_module(cls) == "numpy"
        and any(_is_number(base) for base in type_mro(cls))
    )


def _is_number(cls: type) -> bool:
    return layouts.name_of_type(cls) == "numpy.generic" and not _type_flags(cls) & _HEAP_TYPE


_MAX_VIEWS = 64


def root_of(value: Any) -> Any:
    """Return the object that owns an array's memory; None when it is not known."""
    for _ in range(_MAX_VIEWS):
        layout = layouts.layout_of(type(value))
        if layout.reader is None:
            mro = type_mro(type(value)) or ()
            return value if any(base is bytearray or base is bytes for base in mro) else None
        base = layout.reader.base(value)
        if base is None:
            return value
        value = base
    return None


def iterated_by(value: Any) -> list[Any]:
    """Return the arrays that share the memory of an element that NumPy's `nditer` gave."""
    layout = layouts.layout_of(type(value))
    if not isinstance(layout.reader, _NumpyReader):
        return []
    base = layout.reader.base(value)
    if layouts.name_of_type(type(base)) != "numpy.nditer" or _type_flags(type(base)) & _HEAP_TYPE:
        return []
    try:
        return [*_read_in_c(base, "operands")]
    except (TypeError, ValueError):
        return []


def held_by(value: Any) -> list[Any]:
    """Return whose memory an array, or an iterator over one, stands for.

    The interpreter's collector does not know it.
    """
    cls = type(value)
    layout = layouts.layout_of(cls)
    if layout.reader is not None:
        base = layout.reader.base(value)
        return [] if base is None or base is FOREIGN else [base]
    if layout.name == "numpy.flatiter" and not _type_flags(cls) & _HEAP_TYPE:
        found = type_dict(cls).get("base")
        if type(found) in (GetSetType, layouts.MemberType):
            return [found.__get__(value)]
    return []


def calls_reach_arguments_alone(kind: type) -> bool:
    """Say whether a callable of this type is NumPy's own: a ufunc or a dispatched function."""
    return not _type_flags(kind) & _HEAP_TYPE and layouts.name_of_type(kind) in (
        "numpy.ufunc",
        "numpy._ArrayFunctionDispatcher",
    )


def number_value(value: Any) -> Any:
    """Return one of NumPy's numbers as a number of Python, where there is one."""
    try:
        # Through the buffer protocol: a static type has no code of the program there.
        memory = memoryview(value)
    except (TypeError, BufferError, ValueError):
        return IN_C
    code, size = memory.format, memory.itemsize
    decode = _decode_native(code, size)
    found = None if decode is None or memory.nbytes != size else decode(memory.tobytes())
    memory.release()
    return found[0] if found else IN_C


_NUMBERS = frozenset(
    ("numpy.bool", "numpy.bool_", "numpy.integer", "numpy.floating", "numpy.complexfloating")
)


def is_number_type(cls: type, mro: tuple[type, ...]) -> bool:
    """Say whether a type is one of NumPy's numbers."""
    return (
        not _type_flags(cls) & _HEAP_TYPE
        and any(_is_number(base) for base in mro)
        and any(layouts.name_of_type(base) in _NUMBERS for base in mro)
    )


adopt("held_by", held_by)
