"""Instructions that work on objects: attributes, items, operators, displays, formatting."""

from __future__ import annotations

from .interpreter import SPECIAL_NAMES, VERSION
from .paths import DERIVED, FRESH, SLICE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .stack_machine import Handler, Machine

# Arguments of BINARY_OP.
INPLACE_FIRST = 13
INPLACE_LAST = 25
SUBSCRIPT = 26


if VERSION >= (3, 12):

    def _load_attr(m: Machine, arg: int) -> None:
        if arg & 1:
            m.load_method(m.names[arg >> 1])
        else:
            m.load_attr(m.names[arg >> 1])

else:

    def _load_attr(m: Machine, arg: int) -> None:
        m.load_attr(m.names[arg])


def _load_method(m: Machine, arg: int) -> None:
    m.load_method(m.names[arg])


def _load_super_attr(m: Machine, arg: int) -> None:
    receiver, cls, function = m.pop(), m.pop(), m.pop()
    # A program's own `super` would be called.
    m.line.calls.append((function, None, (cls, receiver), True, -1))
    m.load_super(function, cls, receiver)
    if arg & 1:
        m.load_method(m.names[arg >> 2])
    else:
        m.load_attr(m.names[arg >> 2])


def _load_special(m: Machine, arg: int) -> None:
    m.load_method(SPECIAL_NAMES[arg])


def _store_attr(m: Machine, arg: int) -> None:
    target = m.pop()
    m.pop()
    m.store("attr", target, m.names[arg], None)


def _delete_attr(m: Machine, arg: int) -> None:
    m.store("delattr", m.pop(), m.names[arg], None)


def _store_subscr(m: Machine, arg: int) -> None:
    key = m.pop()
    target = m.pop()
    m.pop()
    m.store("slice" if key == SLICE else "item", target, "", key)


def _store_slice(m: Machine, arg: int) -> None:
    m.drop(2)
    target = m.pop()
    m.pop()
    m.store("slice", target, "", None)


def _delete_subscr(m: Machine, arg: int) -> None:
    key = m.pop()
    m.store("delitem", m.pop(), "", key)


def _subscript(m: Machine, arg: int) -> None:
    m.subscript()


def _binary_slice(m: Machine, arg: int) -> None:
    m.drop(2)
    m.operand("item", m.pop())
    m.push(DERIVED)


def unary(m: Machine, arg: int) -> None:
    """Follow an operator with one operand."""
    m.operand("operator", m.pop())
    m.push(DERIVED)


def _test(m: Machine, arg: int) -> None:
    m.operand("test", m.pop())
    m.push(FRESH)


def binary(m: Machine, arg: int) -> None:
    """Follow an operator with two operands, a comparison or a test of membership."""
    m.operand("operator", m.pop())
    m.operand("operator", m.pop())
    m.push(DERIVED)


def inplace(m: Machine, arg: int) -> None:
    """Follow an in-place operator, which may change its left operand."""
    m.operand("operator", m.pop())
    m.change_in_place(m.pop())


def _binary_op(m: Machine, arg: int) -> None:
    if arg == SUBSCRIPT:
        m.subscript()
    elif INPLACE_FIRST <= arg <= INPLACE_LAST:
        inplace(m, arg)
    else:
        binary(m, arg)


def _is_op(m: Machine, arg: int) -> None:
    m.drop(2)
    m.push(FRESH)


# ---- displays, formatting, unpacking ----


def _build(m: Machine, arg: int) -> None:
    m.drop(arg)
    m.push(FRESH)


def _build_set(m: Machine, arg: int) -> None:
    for element in m.take(arg):
        m.operand("operator", element)
    m.push(FRESH)


def _build_map(m: Machine, arg: int) -> None:
    for key in m.take(2 * arg)[::2]:
        m.operand("operator", key)
    m.push(FRESH)


def _build_const_key_map(m: Machine, arg: int) -> None:
    m.drop(arg + 1)
    m.push(FRESH)


def _build_slice(m: Machine, arg: int) -> None:
    m.drop(arg)
    m.push(SLICE)


def _build_interpolation(m: Machine, arg: int) -> None:
    m.drop(3 if arg & 1 else 2)
    m.push(FRESH)


def _build_template(m: Machine, arg: int) -> None:
    m.drop(2)
    m.push(FRESH)


def _extend(m: Machine, arg: int) -> None:
    m.operand("iterate", m.pop())


def _set_add(m: Machine, arg: int) -> None:
    m.operand("operator", m.pop())
    # A comprehension's set is new; a module's `__conditional_annotations__` is not (3.14).
    m.change(m.peek(arg))


def _map_add(m: Machine, arg: int) -> None:
    m.pop()
    m.operand("operator", m.pop())


def _list_to_tuple(m: Machine, arg: int) -> None:
    m.pop()
    m.push(FRESH)


def _format_value(m: Machine, arg: int) -> None:
    if arg & 4:
        m.pop()
    _format_simple(m, arg)


def _format_simple(m: Machine, arg: int) -> None:
    m.operand("operator", m.pop())
    m.push(FRESH)


def _format_with_spec(m: Machine, arg: int) -> None:
    m.pop()
    _format_simple(m, arg)


def _unpack_sequence(m: Machine, arg: int) -> None:
    m.operand("iterate", m.pop())
    m.push_unknown(arg)


def _unpack_ex(m: Machine, arg: int) -> None:
    m.operand("iterate", m.pop())
    m.push_unknown((arg & 0xFF) + (arg >> 8) + 1)


HANDLERS: dict[str, Handler] = {
    "ASYNC_GEN_WRAP": _list_to_tuple,
    "BINARY_OP": _binary_op,
    "BINARY_SLICE": _binary_slice,
    "BINARY_SUBSCR": _subscript,
    "BUILD_CONST_KEY_MAP": _build_const_key_map,
    "BUILD_INTERPOLATION": _build_interpolation,
    "BUILD_LIST": _build,
    "BUILD_MAP": _build_map,
    "BUILD_SET": _build_set,
    "BUILD_SLICE": _build_slice,
    "BUILD_STRING": _build,
    "BUILD_TEMPLATE": _build_template,
    "BUILD_TUPLE": _build,
    "COMPARE_OP": binary,
    "CONTAINS_OP": binary,
    "CONVERT_VALUE": _format_simple,
    "DELETE_ATTR": _delete_attr,
    "DELETE_SUBSCR": _delete_subscr,
    "DICT_MERGE": _extend,
    "DICT_UPDATE": _extend,
    "FORMAT_SIMPLE": _format_simple,
    "FORMAT_VALUE": _format_value,
    "FORMAT_WITH_SPEC": _format_with_spec,
    "IS_OP": _is_op,
    "LIST_EXTEND": _extend,
    "LIST_TO_TUPLE": _list_to_tuple,
    "LOAD_ATTR": _load_attr,
    "LOAD_METHOD": _load_method,
    "LOAD_SPECIAL": _load_special,
    "LOAD_SUPER_ATTR": _load_super_attr,
    "MAP_ADD": _map_add,
    "SET_ADD": _set_add,
    "SET_UPDATE": _extend,
    "STORE_ATTR": _store_attr,
    "STORE_SLICE": _store_slice,
    "STORE_SUBSCR": _store_subscr,
    "TO_BOOL": _test,
    "UNARY_INVERT": unary,
    "UNARY_NEGATIVE": unary,
    "UNARY_NOT": _test,
    "UNARY_POSITIVE": unary,
    "UNPACK_EX": _unpack_ex,
    "UNPACK_SEQUENCE": _unpack_sequence,
}
