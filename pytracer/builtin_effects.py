"""What the builtin types' methods and well-known C functions change.

Everything that is not named here is unknown, and what it could have reached is compared.
"""

from __future__ import annotations

import builtins
import sys
from collections import OrderedDict, defaultdict, deque

from . import arrays, layouts
from .core import IdMap, adopt
from .layouts import (
    BuiltinType,
    ClassMethodDescriptorType,
    MethodDescriptorType,
    WrapperDescriptorType,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Changes none of its arguments, but may run the code of those that have some (iterators, keys ...).
PURE = 1
# Changes its receiver (first argument) and nothing else.
FIRST = 2
# May change anything that it can reach.
UNKNOWN = 3
# The same, but it is C code: it reaches its arguments alone.
UNKNOWN_C = 4

_PURE_FUNCTIONS = """
    abs all any ascii bin callable chr divmod format getattr hasattr hash hex id input
    isinstance issubclass iter len max min oct ord pow print repr round sorted sum locals
    globals vars dir
""".split()
_PURE_TYPES = """
    bool bytearray bytes complex dict enumerate filter float frozenset int list map memoryview
    object property range reversed set slice staticmethod classmethod str super tuple type zip
""".split()
_FIRST_FUNCTIONS = "setattr delattr next".split()
_FIRST_METHODS: dict[type, str] = {
    list: (
        "append extend insert remove pop clear reverse sort __setitem__ __delitem__ __iadd__ "
        "__imul__ __init__"
    ),
    dict: "clear pop popitem setdefault update __setitem__ __delitem__ __ior__ __init__",
    set: (
        "add clear discard remove pop update difference_update intersection_update "
        "symmetric_difference_update __ior__ __iand__ __ixor__ __isub__ __init__"
    ),
    deque: (
        "append appendleft clear extend extendleft insert pop popleft remove reverse rotate "
        "__setitem__ __delitem__ __iadd__ __imul__ __init__"
    ),
    bytearray: (
        "append clear extend insert pop remove reverse __setitem__ __delitem__ __iadd__ "
        "__imul__ __init__"
    ),
    OrderedDict: (
        "clear pop popitem setdefault update move_to_end __setitem__ __delitem__ __ior__ __init__"
    ),
    defaultdict: "__missing__ __init__ __ior__",
    memoryview: "release __setitem__ __exit__",
    object: "__setattr__ __delattr__",
    BaseException: "with_traceback add_note __setstate__ __init__ __setattr__ __delattr__",
}
_PURE_BASES: tuple[type, ...] = (
    list,
    tuple,
    dict,
    set,
    frozenset,
    deque,
    bytearray,
    bytes,
    str,
    int,
    float,
    complex,
    bool,
    range,
    slice,
    object,
    BaseException,
    OrderedDict,
    defaultdict,
    memoryview,
)
_FIRST_MODULE_FUNCTIONS = {
    "heapq": (
        "heappush heappop heapify heapreplace heappushpop _heapify_max _heappop_max "
        "_heapreplace_max heappush_max heappop_max heapify_max heapreplace_max "
        "heappushpop_max"
    ),
    "_heapq": (
        "heappush heappop heapify heapreplace heappushpop _heapify_max _heappop_max "
        "_heapreplace_max heappush_max heappop_max heapify_max heapreplace_max "
        "heappushpop_max"
    ),
    "bisect": "insort insort_left insort_right",
    "_bisect": "insort insort_left insort_right",
    "_operator": (
        "setitem delitem iadd iand iconcat ifloordiv ilshift imatmul imod imul ior ipow "
        "irshift isub itruediv ixor"
    ),
}
_PURE_MODULES = (
    "math",
    "cmath",
    "time",
    "_operator",
    "bisect",
    "_bisect",
    "itertools",
    "_random",
    "zlib",
    "binascii",
    "unicodedata",
)


class Bound:
    """A method that was looked up without being made: a function and its receiver."""

    __slots__ = ("function", "receiver")

    def __init__(self, function: Any, receiver: Any) -> None:
        self.function = function
        self.receiver = receiver


_table: dict[int, int] = IdMap()
_held: list[Any] = []
_modules_seen: set[str] = set()


def _put(function: Any, effect: int) -> None:
    _held.append(function)
    _table[id(function)] = effect


def _fill() -> None:
    for base in _PURE_BASES:
        for member in layouts.type_dict(base).values():
            if type(member) in (
                MethodDescriptorType,
                WrapperDescriptorType,
                ClassMethodDescriptorType,
            ):
                _put(member, PURE)
    for base, names in _FIRST_METHODS.items():
        for name in names.split():
            member = layouts.type_dict(base).get(name)
            if member is not None:
                _put(member, FIRST)
    for name in _PURE_FUNCTIONS + _PURE_TYPES:
        _put(getattr(builtins, name), PURE)
    for name in _FIRST_FUNCTIONS:
        _put(getattr(builtins, name), FIRST)
    for kind in (deque, OrderedDict, defaultdict):
        _put(kind, PURE)
    for kind in vars(builtins).values():
        if type(kind) is type and issubclass(kind, BaseException):
            _put(kind, PURE)
            for name in ("__init__", "__setstate__"):
                member = layouts.type_dict(kind).get(name)
                if member is not None:
                    _put(member, FIRST)


_fill()


def _learn_module(name: str) -> None:
    """Take in the functions of a module that the program has loaded; never load one for it."""
    module = sys.modules.get(name)
    if module is None:
        return
    _modules_seen.add(name)
    if name in _PURE_MODULES:
        for member in [*vars(module).values()]:
            if type(member) is BuiltinType or (type(member) is type and member.__module__ == name):
                _put(member, PURE)
    for function in _FIRST_MODULE_FUNCTIONS.get(name, "").split():
        member = vars(module).get(function)
        if type(member) is BuiltinType:
            _put(member, FIRST)


_CALL_FIRST = frozenset(("map", "filter", "starmap", "takewhile", "dropwhile", "filterfalse"))


def calls_first(kind: type) -> bool:
    """Say whether the iterators of a builtin type call their first argument."""
    return layouts.type_name(kind) in _CALL_FIRST


_APPLY = frozenset(("accumulate", "groupby", *_CALL_FIRST))
_applying: dict[int, int] = IdMap()
for _function in (sorted, min, max, list.sort):
    _applying[id(_function)] = 1


def applies(function: Any) -> bool:
    """Say whether what changes nothing by itself applies one argument to what is in the others."""
    return id(function) in _applying or (
        layouts.is_metaclass(type(function)) and layouts.type_name(function) in _APPLY
    )


# Types in C that do not change and run no code of others; which of their methods call an argument.
_CALM: dict[str, tuple[str, ...]] = {
    "re.Pattern": ("sub", "subn"),
    "re.Match": (),
    "datetime.date": (),
    "datetime.timedelta": (),
}


def is_calm(kind: type) -> bool:
    """Say whether a type is one of these; what its methods change is known from then on."""
    calling = _CALM.get(layouts.name_of_type(kind))
    if calling is None or not layouts.is_fixed_in_c(kind):
        return False
    for name, member in layouts.type_dict(kind).items():
        if type(member) in (MethodDescriptorType, WrapperDescriptorType, ClassMethodDescriptorType):
            _put(member, PURE)
            if name in calling:
                _applying[id(member)] = 1
    return True


_LEARNABLE = frozenset((*_FIRST_MODULE_FUNCTIONS, *_PURE_MODULES))
_CALLABLE = frozenset(
    map(
        id,
        (BuiltinType, MethodDescriptorType, WrapperDescriptorType, ClassMethodDescriptorType, type),
    )
)


def effect_of(function: Any) -> int:
    """Say what a callable that is not Python code changes (hot)."""
    effect = _table.get(id(function))
    if effect is not None:
        return effect
    kind = type(function)
    if kind is BuiltinType:
        owner = layouts.builtin_self(function)
        name = (
            dict.get(layouts.module_dict(owner), "__name__")
            if type(owner) is layouts.ModuleType
            else None
        )
        if type(name) is str and name in _LEARNABLE and name not in _modules_seen:
            _learn_module(name)
            return _table.get(id(function), UNKNOWN_C)
        return UNKNOWN_C
    if (id(kind) in _CALLABLE and kind is not type) or arrays.calls_reach_arguments_alone(kind):
        return UNKNOWN_C
    return UNKNOWN


adopt("effects", _table)
adopt("effect_of", effect_of)
adopt("applies", applies)
