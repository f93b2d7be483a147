"""Which object an access path leads to now, found without running any code of the program."""

from __future__ import annotations

from collections import OrderedDict, defaultdict

from . import layouts
from .builtin_effects import Bound
from .layouts import (
    FunctionType,
    MemberType,
    MethodDescriptorType,
    ModuleType,
    WrapperDescriptorType,
    type_dict,
    type_mro,
)
from .values import SCALAR_IDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .effects import Path


class _Missing:
    __slots__ = ()


MISSING = _Missing()
StaticMethodType = staticmethod
ClassMethodType = classmethod
_METHODS = frozenset(map(id, (FunctionType, MethodDescriptorType, WrapperDescriptorType)))
static_function = staticmethod.__dict__["__func__"].__get__
class_function = classmethod.__dict__["__func__"].__get__


def attribute(owner: Any, name: str) -> Any:
    """Find an attribute as `getattr` would when no code of the program takes part, else MISSING."""
    cls = type(owner)
    if cls is ModuleType:
        return dict.get(layouts.module_dict(owner), name, MISSING)
    mro = type_mro(cls)
    if layouts.is_metaclass(cls):
        return _class_attribute(owner, name) if cls is type or _plain_metaclass(mro) else MISSING
    found: Any = MISSING
    for base in mro:
        names = type_dict(base)
        if name in names:
            found = names[name]
            break
    if name != "__class__" and _has_own_getattribute(mro):
        return MISSING
    kind = type(found)
    if kind is MemberType:
        try:
            return found.__get__(owner)
        except AttributeError:
            return MISSING
    if kind is layouts.GetSetType:
        return _getset(found, owner, cls)
    own = layouts.own_attributes(owner)
    if own is not None and (found is MISSING or not _is_data_descriptor(kind)):
        value = dict.get(own, name, MISSING)
        if value is not MISSING:
            return value
    if found is MISSING:
        return MISSING
    if id(kind) in _METHODS:
        return Bound(found, owner)
    if kind is StaticMethodType:
        return static_function(found)
    if kind is ClassMethodType:
        return Bound(class_function(found), cls)
    if kind is layouts.ClassMethodDescriptorType:
        return Bound(found, cls)
    return MISSING if _has_get(kind) else found


def _getset(found: Any, owner: Any, cls: type) -> Any:
    """Read what the interpreter itself offers; a function's `__dict__`, a generator's frame ..."""
    name = found.__name__
    if name in ("__dict__", "__class__"):
        return found.__get__(owner)
    return MISSING


def _class_attribute(owner: Any, name: str) -> Any:
    for base in type_mro(owner):
        names = type_dict(base)
        if name in names:
            found = names[name]
            kind = type(found)
            if kind is StaticMethodType:
                return static_function(found)
            if kind is ClassMethodType:
                return Bound(class_function(found), owner)
            if kind is layouts.ClassMethodDescriptorType:
                return Bound(found, owner)
            if id(kind) in _METHODS:
                return found
            return MISSING if _has_get(kind) else found
    found = type_dict(type).get(name, MISSING)
    return Bound(found, owner) if id(type(found)) in _METHODS else MISSING


def _plain_metaclass(mro: tuple[type, ...]) -> bool:
    return not _has_own_getattribute(mro)


def _has_own_getattribute(mro: tuple[type, ...]) -> bool:
    return any(type(type_dict(base).get("__getattribute__")) is FunctionType for base in mro)


def _has_get(kind: type) -> bool:
    return any("__get__" in type_dict(base) for base in type_mro(kind))


def _is_data_descriptor(kind: type) -> bool:
    return any(
        "__set__" in type_dict(base) or "__delete__" in type_dict(base) for base in type_mro(kind)
    )


def item(owner: Any, key: Any) -> Any:
    """Find an item of an exact list, tuple or dict by an exact scalar key, else MISSING."""
    cls = type(owner)
    if cls is list or cls is tuple:
        if type(key) is not int and type(key) is not bool:
            return MISSING
        try:
            return owner[key]
        except IndexError:
            return MISSING
    if (cls is dict or cls is OrderedDict or cls is defaultdict) and id(type(key)) in SCALAR_IDS:
        return dict.get(owner, key, MISSING)
    return MISSING


def evaluate(path: Path, variables: Any) -> Any:
    """Follow a path; `variables(kind, name)` gives what a name stands for (hot)."""
    kind = path[0]
    if kind == "const":
        return path[1]
    if kind == "attr":
        if path[1][0] == "super":
            return _inherited(path[1], path[2], variables)
        owner = evaluate(path[1], variables)
        return MISSING if owner is MISSING else attribute(_made(owner), path[2])
    if kind == "item":
        owner = evaluate(path[1], variables)
        if owner is MISSING:
            return MISSING
        key = evaluate(path[2], variables)
        return MISSING if key is MISSING else item(owner, key)
    if kind == "fresh" or kind == "made":
        return MISSING
    return variables(kind, path[1])


def _inherited(path: Path, name: str, variables: Any) -> Any:
    """Find a method as `super(cls, owner).name` would, else MISSING."""
    cls = evaluate(path[1], variables)
    owner = evaluate(path[2], variables)
    if cls is MISSING or owner is MISSING:
        return MISSING
    kind = type(owner)
    instance = True
    bases = _bases_after(cls, type_mro(kind))
    if bases is None and any(base is type for base in type_mro(kind)):
        instance = False
        bases = _bases_after(cls, type_mro(owner))
    for base in bases or ():
        found = type_dict(base).get(name, MISSING)
        if found is MISSING:
            continue
        what = type(found)
        if what is StaticMethodType:
            return static_function(found)
        if what is ClassMethodType:
            return Bound(class_function(found), kind if instance else owner)
        if id(what) in _METHODS:
            return Bound(found, owner) if instance else found
        return found if what is layouts.BuiltinType else MISSING
    return MISSING


def _bases_after(cls: Any, mro: tuple[type, ...]) -> tuple[type, ...] | None:
    """Give what follows a class in a method resolution order; `==` would ask its metaclass."""
    for place, base in enumerate(mro):
        if base is cls:
            return mro[place + 1 :]
    return None


def _made(owner: Any) -> Any:
    return owner.function if type(owner) is Bound else owner
