"""What `repr` says of immutable objects of types in C, where asking runs no code of the program.

A type counts as what its name says when its `__repr__` is a slot of its own, which no class
statement makes. Each function below says why what it calls is harmless for the exact type.
"""

from __future__ import annotations

import sys

from . import layouts
from .layouts import MemberType, MethodDescriptorType, WrapperDescriptorType, type_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    # None: not without code that may be the program's.
    Describe = Callable[[type, Any], "str | None"]


def _own_repr(cls: type, value: Any) -> str:
    return type_dict(cls)["__repr__"](value)  # type: ignore[no-any-return]


def _plain(cls: type, value: Any) -> str | None:
    """Describe a date or timedelta: numbers alone."""
    return _own_repr(cls, value)


def _timezone(cls: type, value: Any) -> str | None:
    """Describe a timezone: repr asks that of its offset and name, which may be of subclasses."""
    names = type_dict(cls)
    offset, name = names["utcoffset"](value, None), names["tzname"](value, None)
    kind = layouts.layout_of(type(offset)).name
    if kind != "datetime.timedelta" or describer_of(type(offset)) is None or type(name) is not str:
        return None
    return _own_repr(cls, value)


def _moment(cls: type, value: Any) -> str | None:
    """Describe a datetime or time: repr asks that of its tzinfo, often a class of the program."""
    zone = _read(cls, value, "tzinfo")
    if zone is None:
        return _own_repr(cls, value)
    kind = type(zone)
    described = describer_of(kind)
    if described is not None and described(kind, zone) is not None:
        return _own_repr(cls, value)
    return None


def _decimal(cls: type, value: Any) -> str | None:
    """Describe a Decimal.

    Its repr would make the thread's context; `to_sci_string` of a context of ours does not.
    """
    module = sys.modules.get("_decimal")
    context = layouts.module_dict(module).get("Context") if type(module) is type(sys) else None
    if type(context) is not type:
        return None
    method: Any = type_dict(context).get("to_sci_string")
    if type(method) is not MethodDescriptorType:
        return None
    descriptor: Any = method
    if descriptor.__objclass__ is not context:
        return None
    return f"Decimal('{method(_our_context(context), value)}')"


_contexts: list[Any] = []


def _our_context(cls: type) -> Any:
    if not _contexts or type(_contexts[0]) is not cls:
        _contexts[:] = [cls(prec=28, rounding="ROUND_HALF_EVEN", capitals=1, clamp=0, traps=[])]
    return _contexts[0]


def _match(cls: type, value: Any) -> str | None:
    """Describe a match: repr asks that of a part of the string, which may be of a subclass."""
    searched = _read(cls, value, "string")
    return _own_repr(cls, value) if type(searched) in (str, bytes, bytearray) else None


def _pattern(cls: type, value: Any) -> str | None:
    """Describe a pattern: repr asks that of what it was compiled from."""
    pattern = _read(cls, value, "pattern")
    return _own_repr(cls, value) if type(pattern) in (str, bytes) else None


def _zone(cls: type, value: Any) -> str | None:
    """Describe a ZoneInfo: repr asks that of the key."""
    key = _read(cls, value, "key")
    return _own_repr(cls, value) if type(key) is str else None


def _read(cls: type, value: Any, name: str) -> Any:
    found = type_dict(cls).get(name)
    return found.__get__(value) if type(found) in (MemberType, layouts.GetSetType) else _read


_KNOWN: dict[str, Describe] = {
    "datetime.date": _plain,
    "datetime.timedelta": _plain,
    "datetime.datetime": _moment,
    "datetime.time": _moment,
    "datetime.timezone": _timezone,
    "decimal.Decimal": _decimal,
    "re.Match": _match,
    "re.Pattern": _pattern,
    "zoneinfo.ZoneInfo": _zone,
}


def describer_of(cls: type) -> Describe | None:
    """Return what gives the repr of the exact instances of a type, None for other types."""
    if type(cls) is not type:
        return None
    found = _KNOWN.get(layouts.name_of_type(cls))
    if found is None:
        return None
    own: Any = type_dict(cls).get("__repr__")
    if type(own) is not WrapperDescriptorType:
        return None
    slot: Any = own
    return found if slot.__objclass__ is cls else None


def text_of(value: Any) -> str | None:
    """Return what `repr` says, None where it may run code of the program."""
    cls = type(value)
    describe = describer_of(cls)
    return None if describe is None else describe(cls, value)
