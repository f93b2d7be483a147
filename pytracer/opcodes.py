"""The symbolic stack: what each instruction of the running interpreter does to it and to names.

The handlers drive a `stack_machine.Machine`, whose stack holds paths (see `effects.Path`), None for
what is not known, and these markers of its own:

    ("null",)         the NULL of the calling convention
    ("derived",)      the result of an operator
    ("iter", path)    an iterator over the object at path
    ("slice",)        a slice
    ("self", path)    the receiver that a method was looked up on, under the method
    ("code", name)    a code object

An opcode without a handler clears the stack and marks the line as running code: the unknown is
never silent.
"""

from __future__ import annotations

import opcode
import sys

from .code_constants import Opaque
from .paths import DERIVED, FRESH, NULL, SLICE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from .effects import Path
    from .stack_machine import Machine

    Handler = Callable[[Machine, int], None]

VERSION = sys.version_info[:2]

# Inside the interpreter names of variables are numbered in one row from 3.11 on: parameters and
# other locals, cells that are not parameters, free variables.
ONE_ROW = VERSION >= (3, 11)
CONST_TYPES = (type(None), bool, int, float, complex, str, type(Ellipsis))
HAS_ITERATOR_INDEX = VERSION >= (3, 15)
SPECIAL_NAMES = getattr(opcode, "_special_method_names", ())
COMMON_CONSTANTS = getattr(opcode, "_common_constants", ())
INPLACE_FIRST = 13
INPLACE_LAST = 25
SUBSCRIPT = 26


def constant(value: Any) -> Path:
    """Return the stack entry of a constant in short form."""
    kind = type(value)
    if kind in CONST_TYPES:
        return ("const", value)
    if kind is Opaque:
        if value.kind == "slice":
            return SLICE
        if value.kind == "code":
            return ("code", value.name)
    return FRESH


# ---- names ----


def _load_fast(m: Machine, arg: int) -> None:
    m.load_slot(arg)


def _load_fast_load_fast(m: Machine, arg: int) -> None:
    m.load_slot(arg >> 4)
    m.load_slot(arg & 15)


def _store_fast(m: Machine, arg: int) -> None:
    m.pop()
    m.bind_slot(arg)


def _store_fast_load_fast(m: Machine, arg: int) -> None:
    m.pop()
    m.bind_slot(arg >> 4)
    m.load_slot(arg & 15)


def _store_fast_store_fast(m: Machine, arg: int) -> None:
    m.pop()
    m.bind_slot(arg >> 4)
    m.pop()
    m.bind_slot(arg & 15)


def _delete_fast(m: Machine, arg: int) -> None:
    m.bind_slot(arg)


def _load_fast_and_clear(m: Machine, arg: int) -> None:
    m.bind_slot(arg)
    m.push(None)


def _load_deref(m: Machine, arg: int) -> None:
    m.load("deref", m.cell_name(arg))


def _store_deref(m: Machine, arg: int) -> None:
    m.pop()
    m.bind("deref", m.cell_name(arg))


def _delete_deref(m: Machine, arg: int) -> None:
    m.bind("deref", m.cell_name(arg))


def _load_from_dict_or_deref(m: Machine, arg: int) -> None:
    m.pop()
    m.load("deref", m.cell_name(arg))
    # The dict, a class's namespace, may hold another object under this name.
    m.stack[-1] = None


if VERSION >= (3, 13):

    def _load_global(m: Machine, arg: int) -> None:
        m.load("global", m.names[arg >> 1])
        if arg & 1:
            m.push(NULL)

elif VERSION >= (3, 11):

    def _load_global(m: Machine, arg: int) -> None:
        if arg & 1:
            m.push(NULL)
        m.load("global", m.names[arg >> 1])

else:

    def _load_global(m: Machine, arg: int) -> None:
        m.load("global", m.names[arg])


def _store_global(m: Machine, arg: int) -> None:
    m.pop()
    m.bind("global", m.names[arg])


def _delete_global(m: Machine, arg: int) -> None:
    m.bind("global", m.names[arg])


def _load_name(m: Machine, arg: int) -> None:
    m.load("name", m.names[arg])


def _load_from_dict_or_globals(m: Machine, arg: int) -> None:
    m.pop()
    m.load("name", m.names[arg])
    m.stack[-1] = None


def _store_name(m: Machine, arg: int) -> None:
    m.pop()
    m.bind("name", m.names[arg])


def _delete_name(m: Machine, arg: int) -> None:
    m.bind("name", m.names[arg])


def _setup_annotations(m: Machine, arg: int) -> None:
    m.bind("name", "__annotations__")


# ---- constants and the stack ----


def _load_const(m: Machine, arg: int) -> None:
    m.push(constant(m.consts[arg]))


def _load_small_int(m: Machine, arg: int) -> None:
    m.push(("const", arg))


def _load_common_constant(m: Machine, arg: int) -> None:
    value = COMMON_CONSTANTS[arg]
    m.push(("const", value) if type(value) in CONST_TYPES else ("builtin", value.__name__))


def _load_assertion_error(m: Machine, arg: int) -> None:
    m.push(("builtin", "AssertionError"))


def _push_null(m: Machine, arg: int) -> None:
    m.push(NULL)


def _push_unknown(m: Machine, arg: int) -> None:
    m.push(None)


def _push_fresh(m: Machine, arg: int) -> None:
    m.push(FRESH)


def _nothing(m: Machine, arg: int) -> None:
    pass


def _pop_1(m: Machine, arg: int) -> None:
    m.pop()


def _pop_2(m: Machine, arg: int) -> None:
    m.drop(2)


def _pop_3(m: Machine, arg: int) -> None:
    m.drop(3)


def _pop_except(m: Machine, arg: int) -> None:
    m.drop(1 if ONE_ROW else 3)


def _rot_two(m: Machine, arg: int) -> None:
    m.rotate(2)


def _rot_three(m: Machine, arg: int) -> None:
    m.rotate(3)


def _rot_four(m: Machine, arg: int) -> None:
    m.rotate(4)


def _rot_n(m: Machine, arg: int) -> None:
    m.rotate(arg)


def _dup_top(m: Machine, arg: int) -> None:
    m.push(m.peek(1))


def _dup_top_two(m: Machine, arg: int) -> None:
    below, top = m.peek(2), m.peek(1)
    m.push(below)
    m.push(top)


def _copy(m: Machine, arg: int) -> None:
    m.push(m.peek(arg))


def _swap(m: Machine, arg: int) -> None:
    m.swap(arg)


# ---- attributes, items, operators ----

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
    m.line.calls.append((function, None, (cls, receiver), True))
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


def _unary(m: Machine, arg: int) -> None:
    m.operand("operator", m.pop())
    m.push(DERIVED)


def _test(m: Machine, arg: int) -> None:
    m.operand("test", m.pop())
    m.push(FRESH)


def _binary(m: Machine, arg: int) -> None:
    m.operand("operator", m.pop())
    m.operand("operator", m.pop())
    m.push(DERIVED)


def _inplace(m: Machine, arg: int) -> None:
    m.operand("operator", m.pop())
    m.change_in_place(m.pop())


def _binary_op(m: Machine, arg: int) -> None:
    if arg == SUBSCRIPT:
        m.subscript()
    elif INPLACE_FIRST <= arg <= INPLACE_LAST:
        _inplace(m, arg)
    else:
        _binary(m, arg)


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


# ---- iteration and jumps ----


def _get_iter(m: Machine, arg: int) -> None:
    m.get_iter()
    if HAS_ITERATOR_INDEX:
        m.push(NULL)


def _for_iter(m: Machine, arg: int) -> None:
    iterator = m.peek(2 if HAS_ITERATOR_INDEX else 1)
    m.advance(iterator)
    if VERSION < (3, 12):
        m.jump(m.target(arg), 1)
        m.push(None)
    else:
        # What END_FOR and its successor take away at the loop's end is what stands there now.
        m.push(None)
        m.jump(m.target(arg), 0)


def _end_for(m: Machine, arg: int) -> None:
    m.drop(2 if VERSION == (3, 12) else 1)


def _pop_iter(m: Machine, arg: int) -> None:
    m.drop(2 if HAS_ITERATOR_INDEX else 1)


def _jump(m: Machine, arg: int) -> None:
    m.jump(m.target(arg), 0)
    m.leave()


def _jump_absolute(m: Machine, arg: int) -> None:
    m.jump(m.absolute(arg), 0)
    m.leave()


def _jump_backward(m: Machine, arg: int) -> None:
    m.jump(m.target(-arg), 0)
    m.leave()


def _jump_backward_if(m: Machine, arg: int) -> None:
    m.operand("test", m.pop())
    m.jump(m.target(-arg), 0)


def _pop_jump_if(m: Machine, arg: int) -> None:
    m.operand("test", m.pop())
    m.jump(m.target(arg) if ONE_ROW else m.absolute(arg), 0)


def _pop_jump_if_none(m: Machine, arg: int) -> None:
    m.pop()
    m.jump(m.target(arg), 0)


def _pop_jump_backward_if_none(m: Machine, arg: int) -> None:
    m.pop()
    m.jump(m.target(-arg), 0)


def _jump_if_or_pop(m: Machine, arg: int) -> None:
    m.operand("test", m.peek(1))
    m.jump(m.target(arg) if ONE_ROW else m.absolute(arg), 0)
    m.pop()


def _jump_if_not_exc_match(m: Machine, arg: int) -> None:
    m.drop(2)
    m.jump(m.absolute(arg), 0)


def _setup_finally(m: Machine, arg: int) -> None:
    m.protect(m.target(arg), len(m.stack))


def _setup_async_with(m: Machine, arg: int) -> None:
    m.protect(m.target(arg), max(0, len(m.stack) - 1))


def _leave(m: Machine, arg: int) -> None:
    m.leave()


# ---- calls ----


def _call(m: Machine, arg: int) -> None:
    m.call(m.take(arg), complete=True)


def _call_kw(m: Machine, arg: int) -> None:
    m.pop()
    m.call(m.take(arg), complete=True)


def _call_function(m: Machine, arg: int) -> None:
    args = m.take(arg)
    m.call_object(m.pop(), args, complete=True)


def _call_function_kw(m: Machine, arg: int) -> None:
    m.pop()
    _call_function(m, arg)


if VERSION >= (3, 14):

    def _call_function_ex(m: Machine, arg: int) -> None:
        spread = [entry for entry in m.take(2) if entry != NULL]
        m.call(spread, complete=False)

elif VERSION >= (3, 11):

    def _call_function_ex(m: Machine, arg: int) -> None:
        m.call(m.take(1 + (arg & 1)), complete=False)

else:

    def _call_function_ex(m: Machine, arg: int) -> None:
        spread = m.take(1 + (arg & 1))
        m.call_object(m.pop(), spread, complete=False)


def _call_intrinsic_1(m: Machine, arg: int) -> None:
    name = INTRINSICS_1[arg] if arg < len(INTRINSICS_1) else ""
    if name in ("INTRINSIC_LIST_TO_TUPLE", "INTRINSIC_ASYNC_GEN_WRAP"):
        m.pop()
        m.push(FRESH)
    elif name == "INTRINSIC_UNARY_POSITIVE":
        _unary(m, arg)
    elif name == "INTRINSIC_IMPORT_STAR":
        _import_star(m, arg)
        m.push(None)
    else:
        m.pop()
        m.push(None)
        if name not in QUIET_INTRINSICS:
            m.run()


def _call_intrinsic_2(m: Machine, arg: int) -> None:
    m.drop(2)
    m.push(None)
    m.run()


INTRINSICS_1: list[str] = getattr(opcode, "_intrinsic_1_descs", [])
QUIET_INTRINSICS = (
    "INTRINSIC_STOPITERATION_ERROR",
    "INTRINSIC_TYPEVAR",
    "INTRINSIC_PARAMSPEC",
    "INTRINSIC_TYPEVARTUPLE",
    "INTRINSIC_SUBSCRIPT_GENERIC",
    "INTRINSIC_TYPEALIAS",
)


if VERSION >= (3, 13):

    def _make_function(m: Machine, arg: int) -> None:
        m.make_function(m.pop())

else:

    def _make_function(m: Machine, arg: int) -> None:
        if not ONE_ROW:
            m.pop()
        code = m.pop()
        m.drop(bin(arg & 15).count("1"))
        m.make_function(code)


def _set_function_attribute(m: Machine, arg: int) -> None:
    function = m.pop()
    m.pop()
    m.push(function)


def _load_build_class(m: Machine, arg: int) -> None:
    m.push(("builtin", "__build_class__"))
    m.run()


def _import_name(m: Machine, arg: int) -> None:
    m.drop(2)
    m.push(None)
    m.run()


def _import_from(m: Machine, arg: int) -> None:
    m.push(None)
    m.run()


def _import_star(m: Machine, arg: int) -> None:
    m.pop()
    m.bind("name", "*")
    m.run()


def _print_expr(m: Machine, arg: int) -> None:
    m.pop()
    m.run()


def _raise(m: Machine, arg: int) -> None:
    for entry in m.take(arg):
        m.raise_object(entry)
    m.leave()


def _return(m: Machine, arg: int) -> None:
    m.pop()
    m.leave()


# ---- with, await, yield, match, except ----


def _before_with(m: Machine, arg: int) -> None:
    m.enter("__enter__", "__exit__")


def _setup_with(m: Machine, arg: int) -> None:
    m.enter("__enter__", "__exit__")
    m.protect(m.target(arg), len(m.stack) - 1)


def _before_async_with(m: Machine, arg: int) -> None:
    m.enter("__aenter__", "__aexit__")
    m.run()


def _with_except_start(m: Machine, arg: int) -> None:
    """Call the exit method, which lies below the exception and what it replaces."""
    three: list[Optional[Path]] = [None, None, None]
    if VERSION >= (3, 14):
        m.call_bound(m.peek(5), m.peek(4), three)
    else:
        m.call_object(m.peek(4 if ONE_ROW else 7), three, complete=True)


def _runs_on_top(m: Machine, arg: int) -> None:
    m.operand("iterate", m.pop())
    m.push(None)
    m.run()


def _get_anext(m: Machine, arg: int) -> None:
    m.push(None)
    m.run()


def _yield_from(m: Machine, arg: int) -> None:
    m.drop(2)
    m.push(None)
    m.run()


def _send(m: Machine, arg: int) -> None:
    m.pop()
    m.run()
    if VERSION < (3, 12):
        m.push(None)
        m.jump(m.target(arg), 1)
    else:
        m.push(None)
        m.jump(m.target(arg), 0)


def _end_send(m: Machine, arg: int) -> None:
    value = m.pop()
    m.drop(2 if HAS_ITERATOR_INDEX else 1)
    m.push(value)


def _cleanup_throw(m: Machine, arg: int) -> None:
    m.drop(3)
    m.push_unknown(2)
    m.run()


def _end_async_for(m: Machine, arg: int) -> None:
    m.drop(2 if ONE_ROW else 7)
    m.run()


def _yield_value(m: Machine, arg: int) -> None:
    m.pop()
    m.push(None)


def _match_class(m: Machine, arg: int) -> None:
    _, cls, subject = m.pop(), m.pop(), m.pop()
    m.operand("operator", cls)
    m.operand("operator", subject)
    m.push_unknown(2 if VERSION == (3, 10) else 1)


def _match_keys(m: Machine, arg: int) -> None:
    m.operand("item", m.peek(2))
    m.push_unknown(2 if VERSION == (3, 10) else 1)


def _copy_dict_without_keys(m: Machine, arg: int) -> None:
    m.pop()
    m.operand("iterate", m.peek(1))
    m.push(None)


def _get_len(m: Machine, arg: int) -> None:
    m.operand("operator", m.peek(1))
    m.push(FRESH)


def _check_exc_match(m: Machine, arg: int) -> None:
    m.pop()
    m.push(FRESH)


def _check_eg_match(m: Machine, arg: int) -> None:
    m.drop(2)
    m.push_unknown(2)
    m.run()


def _prep_reraise_star(m: Machine, arg: int) -> None:
    m.drop(2)
    m.push(None)


def unknown(m: Machine, arg: int) -> None:
    """Follow an instruction that no handler knows: nothing on the stack is known any more."""
    m.drop(len(m.stack))
    m.run()
    m.lose_jumps()


BY_NAME: dict[str, Handler] = {
    "ASYNC_GEN_WRAP": _list_to_tuple,
    "BEFORE_ASYNC_WITH": _before_async_with,
    "BEFORE_WITH": _before_with,
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
    "CACHE": _nothing,
    "CALL": _call,
    "CALL_FUNCTION": _call_function,
    "CALL_FUNCTION_EX": _call_function_ex,
    "CALL_FUNCTION_KW": _call_function_kw,
    "CALL_INTRINSIC_1": _call_intrinsic_1,
    "CALL_INTRINSIC_2": _call_intrinsic_2,
    "CALL_KW": _call_kw,
    "CALL_METHOD": _call,
    "CHECK_EG_MATCH": _check_eg_match,
    "CHECK_EXC_MATCH": _check_exc_match,
    "CLEANUP_THROW": _cleanup_throw,
    "COMPARE_OP": _binary,
    "CONTAINS_OP": _binary,
    "CONVERT_VALUE": _format_simple,
    "COPY": _copy,
    "COPY_DICT_WITHOUT_KEYS": _copy_dict_without_keys,
    "COPY_FREE_VARS": _nothing,
    "DELETE_ATTR": _delete_attr,
    "DELETE_DEREF": _delete_deref,
    "DELETE_FAST": _delete_fast,
    "DELETE_GLOBAL": _delete_global,
    "DELETE_NAME": _delete_name,
    "DELETE_SUBSCR": _delete_subscr,
    "DICT_MERGE": _extend,
    "DICT_UPDATE": _extend,
    "DUP_TOP": _dup_top,
    "DUP_TOP_TWO": _dup_top_two,
    "END_ASYNC_FOR": _end_async_for,
    "END_FOR": _end_for,
    "END_SEND": _end_send,
    "FORMAT_SIMPLE": _format_simple,
    "FORMAT_VALUE": _format_value,
    "FORMAT_WITH_SPEC": _format_with_spec,
    "FOR_ITER": _for_iter,
    "GEN_START": _pop_1,
    "GET_AITER": _runs_on_top,
    "GET_ANEXT": _get_anext,
    "GET_AWAITABLE": _runs_on_top,
    "GET_ITER": _get_iter,
    "GET_LEN": _get_len,
    "GET_YIELD_FROM_ITER": _runs_on_top,
    "IMPORT_FROM": _import_from,
    "IMPORT_NAME": _import_name,
    "IMPORT_STAR": _import_star,
    "IS_OP": _is_op,
    "JUMP_ABSOLUTE": _jump_absolute,
    "JUMP_BACKWARD": _jump_backward,
    "JUMP_BACKWARD_NO_INTERRUPT": _jump_backward,
    "JUMP_FORWARD": _jump,
    "JUMP_IF_FALSE_OR_POP": _jump_if_or_pop,
    "JUMP_IF_NOT_EXC_MATCH": _jump_if_not_exc_match,
    "JUMP_IF_TRUE_OR_POP": _jump_if_or_pop,
    "KW_NAMES": _nothing,
    "LIST_APPEND": _pop_1,
    "LIST_EXTEND": _extend,
    "LIST_TO_TUPLE": _list_to_tuple,
    "LOAD_ASSERTION_ERROR": _load_assertion_error,
    "LOAD_ATTR": _load_attr,
    "LOAD_BUILD_CLASS": _load_build_class,
    "LOAD_CLASSDEREF": _load_deref,
    "LOAD_CLOSURE": _push_unknown,
    "LOAD_COMMON_CONSTANT": _load_common_constant,
    "LOAD_CONST": _load_const,
    "LOAD_DEREF": _load_deref,
    "LOAD_FAST": _load_fast,
    "LOAD_FAST_AND_CLEAR": _load_fast_and_clear,
    "LOAD_FAST_BORROW": _load_fast,
    "LOAD_FAST_BORROW_LOAD_FAST_BORROW": _load_fast_load_fast,
    "LOAD_FAST_CHECK": _load_fast,
    "LOAD_FAST_LOAD_FAST": _load_fast_load_fast,
    "LOAD_FROM_DICT_OR_DEREF": _load_from_dict_or_deref,
    "LOAD_FROM_DICT_OR_GLOBALS": _load_from_dict_or_globals,
    "LOAD_GLOBAL": _load_global,
    "LOAD_LOCALS": _push_unknown,
    "LOAD_METHOD": _load_method,
    "LOAD_NAME": _load_name,
    "LOAD_SMALL_INT": _load_small_int,
    "LOAD_SPECIAL": _load_special,
    "LOAD_SUPER_ATTR": _load_super_attr,
    "MAKE_CELL": _nothing,
    "MAKE_FUNCTION": _make_function,
    "MAP_ADD": _map_add,
    "MATCH_CLASS": _match_class,
    "MATCH_KEYS": _match_keys,
    "MATCH_MAPPING": _push_fresh,
    "MATCH_SEQUENCE": _push_fresh,
    "NOP": _nothing,
    "NOT_TAKEN": _nothing,
    "POP_BLOCK": _nothing,
    "POP_EXCEPT": _pop_except,
    "POP_ITER": _pop_iter,
    "POP_JUMP_BACKWARD_IF_FALSE": _jump_backward_if,
    "POP_JUMP_BACKWARD_IF_NONE": _pop_jump_backward_if_none,
    "POP_JUMP_BACKWARD_IF_NOT_NONE": _pop_jump_backward_if_none,
    "POP_JUMP_BACKWARD_IF_TRUE": _jump_backward_if,
    "POP_JUMP_FORWARD_IF_FALSE": _pop_jump_if,
    "POP_JUMP_FORWARD_IF_NONE": _pop_jump_if_none,
    "POP_JUMP_FORWARD_IF_NOT_NONE": _pop_jump_if_none,
    "POP_JUMP_FORWARD_IF_TRUE": _pop_jump_if,
    "POP_JUMP_IF_FALSE": _pop_jump_if,
    "POP_JUMP_IF_NONE": _pop_jump_if_none,
    "POP_JUMP_IF_NOT_NONE": _pop_jump_if_none,
    "POP_JUMP_IF_TRUE": _pop_jump_if,
    "POP_TOP": _pop_1,
    "PRECALL": _nothing,
    "PREP_RERAISE_STAR": _prep_reraise_star,
    "PRINT_EXPR": _print_expr,
    "PUSH_EXC_INFO": _push_unknown,
    "PUSH_NULL": _push_null,
    "RAISE_VARARGS": _raise,
    "RERAISE": _leave,
    "RESUME": _nothing,
    "RETURN_CONST": _leave,
    "RETURN_GENERATOR": _push_unknown if VERSION >= (3, 12) else _nothing,
    "RETURN_VALUE": _return,
    "ROT_FOUR": _rot_four,
    "ROT_N": _rot_n,
    "ROT_THREE": _rot_three,
    "ROT_TWO": _rot_two,
    "SEND": _send,
    "SETUP_ANNOTATIONS": _setup_annotations,
    "SETUP_ASYNC_WITH": _setup_async_with,
    "SETUP_FINALLY": _setup_finally,
    "SETUP_WITH": _setup_with,
    "SET_ADD": _set_add,
    "SET_FUNCTION_ATTRIBUTE": _set_function_attribute,
    "SET_UPDATE": _extend,
    "STORE_ATTR": _store_attr,
    "STORE_DEREF": _store_deref,
    "STORE_FAST": _store_fast,
    "STORE_FAST_LOAD_FAST": _store_fast_load_fast,
    "STORE_FAST_MAYBE_NULL": _store_fast,
    "STORE_FAST_STORE_FAST": _store_fast_store_fast,
    "STORE_GLOBAL": _store_global,
    "STORE_NAME": _store_name,
    "STORE_SLICE": _store_slice,
    "STORE_SUBSCR": _store_subscr,
    "SWAP": _swap,
    "TO_BOOL": _test,
    "UNARY_INVERT": _unary,
    "UNARY_NEGATIVE": _unary,
    "UNARY_NOT": _test,
    "UNARY_POSITIVE": _unary,
    "UNPACK_EX": _unpack_ex,
    "UNPACK_SEQUENCE": _unpack_sequence,
    "WITH_EXCEPT_START": _with_except_start,
    "YIELD_FROM": _yield_from,
    "YIELD_VALUE": _yield_value,
}


def _handler(name: str) -> Optional[Handler]:
    if name.startswith("INPLACE_"):
        return _inplace
    found = BY_NAME.get(name)
    if found is None and name.startswith("BINARY_"):
        return _binary
    return found


HANDLERS: list[Handler] = [unknown] * 256
for _name, _number in opcode.opmap.items():
    if _number < 256:
        HANDLERS[_number] = _handler(_name) or unknown

# Code units of inline cache behind each instruction.
CACHES: list[int] = [0] * 256
_caches: Any = getattr(opcode, "_inline_cache_entries", [])
for _number, _name in enumerate(opcode.opname[:256]):
    if type(_caches) is list:
        CACHES[_number] = _caches[_number] if _number < len(_caches) else 0
    else:
        CACHES[_number] = _caches.get(_name, 0)

EXTENDED_ARG = opcode.EXTENDED_ARG
OPMAP = opcode.opmap
JUMPS = frozenset(opcode.hasjrel) | frozenset(getattr(opcode, "hasjump", ()))
JUMPS_ABSOLUTE = frozenset(opcode.hasjabs)
