"""Whether an expression can run code beside the interpreter's own, with the values it has now.

Only a plain form of expression is looked through: names, constants, attributes and items that are
found without running anything, comparisons and arithmetic of scalars, `len`. All else counts as
harmful.
"""

from __future__ import annotations

from . import layouts
from .access_paths import MISSING, attribute, item
from .values import SCALAR_IDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Stands for a scalar that was computed: which one does not matter.
_SCALAR = 0
_CONTAINERS = frozenset(map(id, (list, tuple, dict, set, frozenset)))
# More elements than this are not looked at.
_ELEMENTS = 1000


class _HarmfulError(Exception):
    """Something could run."""


def is_harmless(tree: Any, local: dict[str, Any], own: dict[str, Any]) -> bool:
    """Say whether evaluating `tree` with these names runs nothing."""
    try:
        _value(tree, local, own)
    except _HarmfulError:
        return False
    return True


def is_harmless_text(value: object) -> bool:
    """Say whether making a text of a value, or asking for its truth, runs nothing."""
    if id(type(value)) in SCALAR_IDS:
        return True
    return id(type(value)) in _CONTAINERS and _holds_scalars(value)


def _holds_scalars(value: Any) -> bool:
    if len(value) > _ELEMENTS:
        return False
    elements = [*value, *value.values()] if type(value) is dict else [*value]
    return all(id(type(one)) in SCALAR_IDS for one in elements)


def _value(node: Any, local: dict[str, Any], own: dict[str, Any]) -> Any:
    kind = type(node).__name__
    if kind == "Constant":
        return node.value
    if kind == "Name":
        return _named(node.id, local, own)
    if kind == "Attribute":
        return _found(attribute(_value(node.value, local, own), node.attr))
    if kind == "Subscript":
        return _found(item(_value(node.value, local, own), _scalar(node.slice, local, own)))
    if kind == "Compare":
        _compare(node, local, own)
    elif kind == "BinOp":
        _scalar(node.left, local, own)
        _scalar(node.right, local, own)
    elif kind == "UnaryOp":
        _scalar(node.operand, local, own)
    elif kind == "BoolOp":
        for operand in node.values:
            _scalar(operand, local, own)
    elif kind == "Call":
        _call(node, local, own)
    else:
        raise _HarmfulError
    return _SCALAR


def _found(value: Any) -> Any:
    if value is MISSING:
        raise _HarmfulError
    return value


def _named(name: str, local: dict[str, Any], own: dict[str, Any]) -> Any:
    for names in (local, own):
        found = dict.get(names, name, MISSING)
        if found is not MISSING:
            return found
    return _found(layouts.BUILTINS_DICT.get(name, MISSING))


def _scalar(node: Any, local: dict[str, Any], own: dict[str, Any]) -> Any:
    value = _value(node, local, own)
    if id(type(value)) not in SCALAR_IDS:
        raise _HarmfulError
    return value


def _compare(node: Any, local: dict[str, Any], own: dict[str, Any]) -> None:
    operators = [type(one).__name__ for one in node.ops]
    operands = [_value(one, local, own) for one in (node.left, *node.comparators)]
    for place, operator in enumerate(operators):
        left, right = operands[place], operands[place + 1]
        if operator in ("Is", "IsNot"):
            continue
        if id(type(left)) not in SCALAR_IDS:
            raise _HarmfulError
        isin = operator in ("In", "NotIn") and id(type(right)) in _CONTAINERS
        if not (_holds_scalars(right) if isin else id(type(right)) in SCALAR_IDS):
            raise _HarmfulError


def _call(node: Any, local: dict[str, Any], own: dict[str, Any]) -> None:
    function = _value(node.func, local, own)
    if function is not len or len(node.args) != 1 or node.keywords:
        raise _HarmfulError
    value = _value(node.args[0], local, own)
    if id(type(value)) not in _CONTAINERS and type(value) not in (str, bytes):
        raise _HarmfulError
