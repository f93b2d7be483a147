"""How the contents of an object are read without running any code of the program.

A `Layout` is made once per type: the kind of FORMAT.md, section 6, the real `__dict__` descriptor
and the slots. Everything is read through the base types' own methods and descriptors.
"""

from __future__ import annotations

import builtins
import gc
import sys
import weakref
from _functools import partial
from collections import OrderedDict, deque
from itertools import islice
from struct import calcsize

from . import format as f
from .core import IdMap, LayoutFields, adopt, inline_attributes, lacks_dict
from .own_names import own_classes, own_namespaces
from .values import IN_C, SCALAR_IDS, UNBOUND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

type_mro = type.__dict__["__mro__"].__get__
type_dict = type.__dict__["__dict__"].__get__
type_qualname = type.__dict__["__qualname__"].__get__
type_module = type.__dict__["__module__"].__get__
type_name = type.__dict__["__name__"].__get__
type_subclasses = type.__dict__["__subclasses__"]
_type_base = type.__dict__["__base__"].__get__
_type_size = type.__dict__["__basicsize__"].__get__
_type_dict_offset = type.__dict__["__dictoffset__"].__get__
_type_weak_offset = type.__dict__["__weakrefoffset__"].__get__

_type_flags = type.__dict__["__flags__"].__get__
# Py_TPFLAGS_DICT_SUBCLASS and Py_TPFLAGS_TYPE_SUBCLASS of CPython's Include/object.h.
_DICT_SUBCLASS = 1 << 29
_TYPE_SUBCLASS = 1 << 31
# Py_TPFLAGS_HAVE_GC.
_HAVE_GC = 1 << 14


def is_dict_type(kind: type) -> bool:
    """Tell whether a type is or derives from dict, without asking its metaclass."""
    return bool(_type_flags(kind) & _DICT_SUBCLASS)


def has_collector(kind: type) -> bool:
    """Tell whether the cyclic collector can ask the instances of a type what they hold."""
    return bool(_type_flags(kind) & _HAVE_GC)


def is_metaclass(kind: type) -> bool:
    """Tell whether a type is or derives from `type`, the same way."""
    return bool(_type_flags(kind) & _TYPE_SUBCLASS)


def _generator() -> Any:
    yield


async def _coroutine() -> None:
    pass


async def _async_generator() -> Any:
    yield


def _function_types() -> Any:
    cell = None

    def closure() -> Any:
        return cell

    return type(closure), type(closure.__closure__[0])  # type: ignore[index]


FunctionType, CellType = _function_types()
ModuleType = type(sys)
MethodType = type(type("_", (), {"m": lambda self: None})().m)
BuiltinType = type(len)
GetSetType = type(type.__dict__["__dict__"])
MemberType = type(FunctionType.__globals__)
MethodDescriptorType = type(list.append)
WrapperDescriptorType: type = type(list.__dict__["__init__"])
ClassMethodDescriptorType = type(dict.__dict__["fromkeys"])
GeneratorType = type(_generator())
_made = _coroutine()
CoroutineType = type(_made)
_made.close()
AsyncGeneratorType = type(_async_generator())
CodeType = type(_generator.__code__)
FrameType = type(sys._getframe())

cell_contents = CellType.__dict__["cell_contents"].__get__
_function_globals = FunctionType.__dict__["__globals__"].__get__
function_code = FunctionType.__dict__["__code__"].__get__
function_closure = FunctionType.__dict__["__closure__"].__get__
function_qualname = FunctionType.__dict__["__qualname__"].__get__
function_dict = FunctionType.__dict__["__dict__"].__get__
function_defaults = FunctionType.__dict__["__defaults__"].__get__
function_kwdefaults = FunctionType.__dict__["__kwdefaults__"].__get__
method_function = MethodType.__dict__["__func__"].__get__
method_self = MethodType.__dict__["__self__"].__get__
builtin_self = BuiltinType.__dict__["__self__"].__get__
builtin_name = BuiltinType.__dict__["__name__"].__get__
module_dict = vars(ModuleType)["__dict__"].__get__
exception_args = BaseException.__dict__["args"].__get__
exception_dict = BaseException.__dict__["__dict__"].__get__
exception_cause = BaseException.__dict__["__cause__"].__get__
exception_context = BaseException.__dict__["__context__"].__get__
_generator_frames = {
    GeneratorType: GeneratorType.__dict__["gi_frame"].__get__,
    CoroutineType: CoroutineType.__dict__["cr_frame"].__get__,
    AsyncGeneratorType: AsyncGeneratorType.__dict__["ag_frame"].__get__,
}
_generator_names = {
    GeneratorType: GeneratorType.__dict__["__qualname__"].__get__,
    CoroutineType: CoroutineType.__dict__["__qualname__"].__get__,
    AsyncGeneratorType: AsyncGeneratorType.__dict__["__qualname__"].__get__,
}
_deque_maxlen = deque.__dict__["maxlen"].__get__
_HIDDEN_IN_CLASS = frozenset(
    (
        "__dict__",
        "__weakref__",
        "__doc__",
        "__module__",
        "__qualname__",
        "__firstlineno__",
        "__static_attributes__",
        "__classcell__",
    )
)

_CONTAINERS: tuple[tuple[type, int], ...] = (
    (list, f.K_LIST),
    (tuple, f.K_TUPLE),
    (dict, f.K_DICT),
    (set, f.K_SET),
    (frozenset, f.K_FROZENSET),
    (deque, f.K_DEQUE),
    (bytearray, f.K_BYTEARRAY),
    (BaseException, f.K_EXCEPTION),
    (type, f.K_CLASS),
    (ModuleType, f.K_MODULE),
    (int, f.K_SCALAR),
    (float, f.K_SCALAR),
    (complex, f.K_SCALAR),
    (str, f.K_SCALAR),
    (bytes, f.K_SCALAR),
)
_EXACT = {
    range: f.K_RANGE,
    slice: f.K_SLICE,
    CellType: f.K_CELL,
    FunctionType: f.K_FUNCTION,
    MethodType: f.K_METHOD,
    GeneratorType: f.K_GENERATOR,
    CoroutineType: f.K_COROUTINE,
    AsyncGeneratorType: f.K_ASYNC_GENERATOR,
}
# Kinds whose contents never change.
IMMUTABLE = frozenset(
    (
        f.K_RANGE,
        f.K_SLICE,
        f.K_METHOD,
        f.K_GENERATOR,
        f.K_COROUTINE,
        f.K_ASYNC_GENERATOR,
        f.K_OPAQUE,
        f.K_MODULE,
        f.K_REPR,
    )
)


def is_ours(value: Any) -> bool:
    """Say whether an object is the recorder's: nothing in it is read, nothing behind it followed.

    What our objects hold in lists, dicts and tuples is not told from the program's; where it leads
    to ends at the next object of ours.
    """
    kind = type(value)
    if kind is FunctionType:
        return id(_function_globals(value)) in own_namespaces
    return id(kind) in own_classes or id(value) in own_namespaces


def is_weak_reference(cls: type) -> bool:
    """Say whether instances refer weakly to another object, and may call back when it dies."""
    return id(cls) in WEAK_PROXIES or any(base is weakref.ReferenceType for base in type_mro(cls))


class Layout(LayoutFields):
    """What instances of one type look like."""

    __slots__ = ()

    def __init__(self, cls: type) -> None:
        self.ref: Callable[[], Any] = weakref.ref(cls)
        # A type in C that was never made ready (3.9) has no order of bases.
        mro = type_mro(cls) or (cls, object)
        self.name = name_of_type(cls)
        # True for a class made by a class statement (its methods may be Python code).
        self.python_class = bool(cls.__flags__ & (1 << 9)) if type(cls) is type else True
        # What it is called does not say what it is: the log names the class itself.
        is_ours = id(cls) in own_classes
        self.names_class = not is_ours and (self.python_class or "." in self.name)
        # What reads the elements of an array, and those of NumPy's numbers.
        self.reader: Any = None
        self.kind = f.K_OPAQUE if is_ours else _kind(cls, mro)
        if self.kind == f.K_OPAQUE and not is_ours:
            self.kind, self.reader = _in_c[0][0](cls, mro)
        # Whether its special methods change nothing but by recorded lines (line_changes.py finds
        # out).
        self.passive: bool | None = None
        self.passive_count = 0
        self.get_dict: Callable[[Any], Any] | None = None
        self.slots: tuple[tuple[str, Callable[[Any], Any]], ...] = ()
        if (self.kind == f.K_OPAQUE and not is_ours) or self.kind in _INSTANCE_KINDS:
            self.get_dict = _dict_getter(mro)
            self.slots = _WRAPPERS.get(id(cls)) or _slots(mro)
            if (self.kind == f.K_OPAQUE and (self.get_dict is not None or self.slots)) or (
                self.kind == f.K_OPAQUE and _has_python_base(mro)
            ):
                self.kind = f.K_INSTANCE
        # Whether the death of another object changes it, or calls back, unseen.
        self.holds_weakly = not is_ours and (
            is_weak_reference(cls) or any(name_of_type(base) in _WEAK_CONTAINERS for base in mro)
        )
        if self.name == "weakref.finalize":
            _know_finalizers(cls)
        # Whether it keeps something in C that is not read.
        self.hides = not is_ours and self.kind in (f.K_OPAQUE, f.K_INSTANCE) and _hides(cls)
        self.tells_all = self._tells_all()
        # A tuple and the like never change, but a subclass's attributes do.
        fixed = self.kind in (f.K_TUPLE, f.K_FROZENSET, f.K_SCALAR)
        self.changeable = self.kind not in IMMUTABLE and not (
            fixed and self.get_dict is None and not self.slots
        )
        # C has made its own form of the above.
        self.ready = False

    def _tells_all(self) -> bool:
        """Say whether instances refer to nothing but what their attributes are.

        A slot may stand before what the dict, or the slot of a base, has under its name.
        """
        if self.kind != f.K_INSTANCE or self.hides:
            return False
        names = {name for name, _ in self.slots}
        return not names or (self.get_dict is None and len(names) == len(self.slots))

    def look_again(self) -> None:
        """Take the descriptors anew: the type's `__bases__` were assigned."""
        mro = type_mro(self.ref())
        if self.get_dict is not None or self.slots:
            self.get_dict = _dict_getter(mro)
            self.slots = _slots(mro)
            self.tells_all = self._tells_all()
            self.ready = False


# By their ids: to compare classes may run code of the program.
WEAK_PROXIES = frozenset((id(weakref.ProxyType), id(weakref.CallableProxyType)))
_WEAK_CONTAINERS = frozenset(
    ("weakref.WeakValueDictionary", "weakref.WeakKeyDictionary", "_weakrefset.WeakSet")
)
# What the program's `weakref.finalize` has yet to call, once that is known: a call takes it out.
finalizers: list[dict[Any, Any]] = [{}]
adopt("finalizers", finalizers[0])


def _know_finalizers(cls: type) -> None:
    registry = type_dict(cls).get("_registry")
    if type(registry) is dict:
        finalizers[0] = registry
        adopt("finalizers", registry)


# What these wrap is a member that reads as any slot does.
_WRAPPERS = {
    id(kind): (("__func__", kind.__dict__["__func__"].__get__),)
    for kind in (classmethod, staticmethod)
}
_INSTANCE_KINDS = frozenset(
    (
        f.K_LIST,
        f.K_TUPLE,
        f.K_DICT,
        f.K_SET,
        f.K_FROZENSET,
        f.K_DEQUE,
        f.K_BYTEARRAY,
        f.K_SCALAR,
        f.K_EXCEPTION,
        f.K_ARRAY,
    )
)
_in_c: list[tuple[Callable[[type, tuple[type, ...]], tuple[int, Any]], Callable[[Any], Any]]] = []
_attributes: list[Callable[[tuple[type, ...]], tuple[tuple[str, Callable[[Any], Any]], ...]]] = []


def know_in_c(
    kind_of: Callable[[type, tuple[type, ...]], tuple[int, Any]], repr_of: Callable[[Any], Any]
) -> None:
    """Take in what other files know of types in C: kind and reader of a type, repr of an object."""
    _in_c.append((kind_of, repr_of))


def know_attributes(
    read: Callable[[tuple[type, ...]], tuple[tuple[str, Callable[[Any], Any]], ...]],
) -> None:
    """Take in what is read of the instances of types in C: pairs of name and getter, by the mro."""
    _attributes.append(read)


def _kind(cls: type, mro: tuple[type, ...]) -> int:
    exact = _EXACT.get(cls) if type(cls) is type else None
    if exact is not None:
        return exact
    for base in mro:
        for container, kind in _CONTAINERS:
            if base is container:
                return kind
    return f.K_OPAQUE


def _dict_getter(mro: tuple[type, ...]) -> Callable[[Any], Any] | None:
    for base in mro:
        found = type_dict(base).get("__dict__")
        if type(found) is GetSetType or type(found) is MemberType:
            return found.__get__  # type: ignore[no-any-return]
    return None


def _slots(mro: tuple[type, ...]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    found = {}
    for base in mro:
        names = type_dict(base)
        if "__slots__" in names:
            for name, member in names.items():
                if type(member) is MemberType and name not in found:
                    found[name] = member.__get__
        for name in _READ_IN_C.get(name_of_type(base), ()):
            member = names.get(name)
            if type(member) is GetSetType and member.__objclass__ is base:
                found.setdefault(name, member.__get__)
    return (*found.items(), *(pair for read in _attributes for pair in read(mro)))


# What pandas holds its arrays in.
_READ_IN_C = {
    "pandas._libs.internals.BlockManager": ("blocks", "axes"),
    "pandas._libs.internals.Block": ("values",),
}


def _hides(cls: type) -> bool:
    """Say whether instances have memory that neither `__dict__` nor slots account for."""
    if cls is BuiltinType:
        return False
    while cls is not object:
        base = _type_base(cls)
        if base is None:
            return True
        names = type_dict(cls)
        known = (_type_dict_offset(cls) != _type_dict_offset(base)) + (
            _type_weak_offset(cls) != _type_weak_offset(base)
        )
        if "__slots__" in names:
            known += sum(type(member) is MemberType for member in names.values())
        if _type_size(cls) - _type_size(base) > known * _POINTER:
            return True
        cls = base
    return False


_POINTER = calcsize("P")


def _has_python_base(mro: tuple[type, ...]) -> bool:
    return any("__slots__" in type_dict(base) for base in mro)


def name_of_type(cls: type) -> str:
    """Return `module.qualname`, and `qualname` alone for builtins."""
    try:
        module = type_module(cls)
    except AttributeError:
        module = None
    name: str = type_qualname(cls)
    return name if module == "builtins" or type(module) is not str else f"{module}.{name}"


def is_fixed_in_c(cls: type) -> bool:
    """Say whether a class is made in C, and the program cannot change it."""
    # Py_TPFLAGS_IMMUTABLETYPE (from 3.10 on), Py_TPFLAGS_HEAPTYPE
    flags = _type_flags(cls)
    return bool(flags & (1 << 8)) or not flags & (1 << 9)


_layouts: dict[int, Layout] = IdMap()


def layout_of(cls: type) -> Layout:
    """Return the layout of a type (hot): one per type, forgotten when the type dies."""
    layout = _layouts.get(id(cls))
    if layout is not None and layout.ref() is cls:
        return layout
    layout = Layout(cls)
    key = id(cls)
    # The callback is a function in C: in Python code a signal's exception would be lost.
    layout.ref = weakref.ref(cls, partial(_layouts.pop, key))
    _layouts[key] = layout
    return layout


def forget_layouts() -> None:
    """Let go of everything at the end of a recording."""
    _layouts.clear()


def _dict_lists(value: Any, limit: int) -> tuple[list[Any], list[Any], int]:
    total = dict.__len__(value)
    if type(value) is OrderedDict:
        keys = [*islice(dict.__iter__(value), limit + 1)]
        if all(id(type(key)) in SCALAR_IDS for key in keys):
            # Its own iterator looks each key up, which runs the key's `__hash__`.
            keys = [*islice(OrderedDict.__iter__(value), limit)]
            return keys, [dict.__getitem__(value, key) for key in keys], total
    if total <= limit:
        return [*dict.keys(value)], [*dict.values(value)], total
    return [*islice(dict.__iter__(value), limit)], [*islice(dict.values(value), limit)], total


def read_items(value: Any, kind: int, limit: int) -> tuple[list[Any], list[Any] | None, int]:
    """Read the items part: elements, keys' values (dicts: keys first), true length."""
    if kind == f.K_LIST:
        total = list.__len__(value)
        return list.__getitem__(value, slice(0, limit)), None, total
    if kind == f.K_TUPLE:
        return [*islice(tuple.__iter__(value), limit)], None, tuple.__len__(value)
    if kind == f.K_DICT or kind == f.K_NAMESPACE:
        return _dict_lists(value, limit)
    if kind == f.K_SET:
        return [*islice(set.__iter__(value), limit)], None, set.__len__(value)
    if kind == f.K_FROZENSET:
        return [*islice(frozenset.__iter__(value), limit)], None, frozenset.__len__(value)
    if kind == f.K_DEQUE:
        return [*islice(deque.__iter__(value), limit)], None, deque.__len__(value)
    if kind == f.K_EXCEPTION:
        args = exception_args(value)
        return [*islice(tuple.__iter__(args), limit)], None, tuple.__len__(args)
    if kind == f.K_RANGE or kind == f.K_SLICE:
        return [value.start, value.stop, value.step], None, 3
    if kind == f.K_METHOD:
        return [method_function(value), method_self(value)], None, 2
    if kind == f.K_CLASS:
        mro = type_mro(value) or ()
        return [*islice(tuple.__iter__(mro), limit)], None, tuple.__len__(mro)
    cells = function_closure(value) or ()
    return [*cells], None, len(cells)


HAS_ITEMS = frozenset(
    (
        f.K_LIST,
        f.K_TUPLE,
        f.K_DICT,
        f.K_SET,
        f.K_FROZENSET,
        f.K_DEQUE,
        f.K_RANGE,
        f.K_NAMESPACE,
        f.K_FUNCTION,
        f.K_EXCEPTION,
        f.K_METHOD,
        f.K_SLICE,
        f.K_CLASS,
        f.K_ARRAY,
    )
)
HAS_ATTRS = frozenset(
    (
        f.K_LIST,
        f.K_TUPLE,
        f.K_DICT,
        f.K_SET,
        f.K_FROZENSET,
        f.K_DEQUE,
        f.K_BYTEARRAY,
        f.K_INSTANCE,
        f.K_CLASS,
        f.K_FUNCTION,
        f.K_SCALAR,
        f.K_EXCEPTION,
        f.K_ARRAY,
    )
)


def instance_dict(value: Any, layout: Layout) -> Any:
    """Return the real `__dict__` of an instance when it has one that is a dict, else None."""
    if layout.get_dict is None or lacks_dict(value):
        return None
    try:
        found = layout.get_dict(value)
    except AttributeError:
        return None
    except TypeError:
        layout.look_again()
        found = layout.get_dict(value)
    return found if is_dict_type(type(found)) else None


def own_attributes(value: Any) -> Any:
    """Return an object's attributes by name, to be read: its `__dict__`, or what it would be."""
    own = inline_attributes(value)
    return instance_dict(value, layout_of(type(value))) if own is None else own


def read_attrs(
    value: Any, layout: Layout, limit: int, own_class: bool
) -> tuple[list[str], list[Any], int]:
    """Read the attrs part: names, values, true length."""
    names: list[str] = []
    values: list[Any] = []
    left_out = 0
    kind = layout.kind
    if kind == f.K_CLASS:
        return _class_attrs(value, limit, own_class)
    found = function_dict(value) if kind == f.K_FUNCTION else instance_dict(value, layout)
    if found is not None:
        names, values, size = _dict_lists(found, limit)
        left_out = size - len(names)
        if any(type(name) is not str for name in names):
            kept = [index for index, name in enumerate(names) if type(name) is str]
            names, values = [names[index] for index in kept], [values[index] for index in kept]
    for name, get in layout.slots:
        try:
            member = get(value)
        except (AttributeError, TypeError):
            # TypeError: a base was taken away a moment ago.
            continue
        if found and name in names:
            # It hides what the dict has under its name.
            values[names.index(name)] = member
            continue
        names.append(name)
        values.append(member)
    if kind == f.K_EXCEPTION:
        for name, get in (("__cause__", exception_cause), ("__context__", exception_context)):
            member = get(value)
            if member is not None:
                names.append(name)
                values.append(member)
    return names[:limit], values[:limit], len(names) + left_out


def _class_attrs(cls: type, limit: int, own_class: bool) -> tuple[list[str], list[Any], int]:
    """Read all attributes, of other code's classes those that go before what an instance holds."""
    names: list[str] = []
    values: list[Any] = []
    if _is_builtin(cls):
        return names, values, 0
    total = 0
    for name, member in [*type_dict(cls).items()]:
        if type(name) is not str or name in _HIDDEN_IN_CLASS:
            continue
        total += 1
        is_kept = own_class and len(names) < limit
        if is_kept or name in _DECISIVE or _is_data_descriptor(type(member)):
            names.append(name)
            values.append(member)
    return names, values, total


# What decides for the instances without being asked for by name: always kept.
_DECISIVE = frozenset(
    (
        "__getattribute__",
        "__getattr__",
        "__get__",
        "__set__",
        "__delete__",
        "__bool__",
        "__len__",
        "__eq__",
        "__ne__",
        "__format__",
        "__str__",
        "__repr__",
        "__instancecheck__",
        "__subclasscheck__",
        "__subclasshook__",
    )
)


def _is_builtin(cls: type) -> bool:
    return type(cls) is type and not _type_flags(cls) & (1 << 9) and "." not in name_of_type(cls)


def _is_data_descriptor(kind: type) -> bool:
    for base in type_mro(kind) or ():
        names = type_dict(base)
        if "__set__" in names or "__delete__" in names:
            return True
    return False


def class_name(cls: type) -> bytes:
    """Return `__name__` where it is not the last part of the qualified name, else nothing."""
    name: str = type_name(cls)
    if name == str.rpartition(type_qualname(cls), ".")[2]:
        return b""
    return name.encode("utf-8", "surrogatepass")


def read_value(value: Any, layout: Layout) -> Any:
    """Read the value part, a raw value; UNBOUND for an empty cell, or where there is none."""
    kind = layout.kind
    if kind == f.K_CLASS:
        try:
            module = type_module(value)
        except AttributeError:
            return UNBOUND
        # A class of the program that says it is a builtin one must not be taken for it.
        is_false = module == "builtins" and not _is_builtin(value)
        return module if type(module) is str and not is_false else UNBOUND
    if kind == f.K_CELL:
        try:
            return cell_contents(value)
        except ValueError:
            return UNBOUND
    if kind == f.K_DEQUE:
        return _deque_maxlen(value)
    if kind == f.K_OPAQUE or kind == f.K_INSTANCE:
        return IN_C
    if layout.reader is not None:
        return layout.reader(value)
    return base_scalar(value)


def base_scalar(value: Any) -> Any:
    """Return the exact scalar inside an instance of a subclass of a scalar type."""
    for base in type_mro(type(value)):
        if base is int:
            return int.__add__(value, 0)
        if base is float:
            return float.__pos__(value)
        if base is complex:
            return complex.__pos__(value)
        if base is str:
            return str.__str__(value)
        if base is bytes:
            return bytes.__add__(value, b"")
    return None


def read_text(value: Any, kind: int) -> str:
    """Read the text part: a name or description that runs no code."""
    if kind == f.K_CLASS:
        return type_qualname(value)  # type: ignore[no-any-return]
    if kind == f.K_FUNCTION:
        return function_qualname(value)  # type: ignore[no-any-return]
    if kind == f.K_MODULE:
        name = dict.get(module_dict(value), "__name__")
        return name if type(name) is str else "?"
    cls = type(value)
    if kind == f.K_REPR:
        found = _in_c[0][1](value)
        return f"<{name_of_type(cls)} object>" if found is None else found
    if id(cls) in _GENERATORS:
        return _generator_names[cls](value)  # type: ignore[no-any-return]
    if cls is BuiltinType:
        owner = builtin_self(value)
        if owner is None or type(owner) is ModuleType:
            return f"<built-in function {builtin_name(value)}>"
        return f"<built-in method {builtin_name(value)} of {name_of_type(type(owner))} object>"
    return f"<{name_of_type(cls)} object>"


_GENERATORS = frozenset(map(id, _generator_frames))


def generator_frame(value: Any) -> Any:
    """Return the frame of a generator, coroutine or async generator; None when it is closed."""
    return _generator_frames[type(value)](value)


def unwrap(value: Any) -> Any:
    """Take a value out of what an async generator hands to the interpreter."""
    found = gc.get_referents(value)
    return found[0] if len(found) == 1 else value


BUILTINS_DICT = builtins.__dict__
adopt("layouts", _layouts)
adopt("layout_of", layout_of)
adopt("builtins", BUILTINS_DICT)
adopt("hidden_in_class", _HIDDEN_IN_CLASS)
adopt("deque", deque)
