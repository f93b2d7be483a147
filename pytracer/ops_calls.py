"""Instructions that call, make functions, import, raise and return."""

from __future__ import annotations

from .interpreter import INTRINSICS_1, ONE_ROW, VERSION
from .ops_objects import unary
from .paths import FRESH, NULL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .stack_machine import Handler, Machine


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
        unary(m, arg)
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


HANDLERS: dict[str, Handler] = {
    "CALL": _call,
    "CALL_FUNCTION": _call_function,
    "CALL_FUNCTION_EX": _call_function_ex,
    "CALL_FUNCTION_KW": _call_function_kw,
    "CALL_INTRINSIC_1": _call_intrinsic_1,
    "CALL_INTRINSIC_2": _call_intrinsic_2,
    "CALL_KW": _call_kw,
    "CALL_METHOD": _call,
    "IMPORT_FROM": _import_from,
    "IMPORT_NAME": _import_name,
    "IMPORT_STAR": _import_star,
    "LOAD_BUILD_CLASS": _load_build_class,
    "MAKE_FUNCTION": _make_function,
    "PRINT_EXPR": _print_expr,
    "RAISE_VARARGS": _raise,
    "RETURN_VALUE": _return,
    "SET_FUNCTION_ATTRIBUTE": _set_function_attribute,
}
