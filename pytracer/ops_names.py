"""Instructions that load and store variables and constants, or only move the stack."""

from __future__ import annotations

from .code_constants import Opaque
from .interpreter import COMMON_CONSTANTS, ONE_ROW, VERSION
from .paths import FRESH, NULL, SLICE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .effects import Path
    from .stack_machine import Handler, Machine

CONST_TYPES = (type(None), bool, int, float, complex, str, type(Ellipsis))


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


HANDLERS: dict[str, Handler] = {
    "CACHE": _nothing,
    "COPY": _copy,
    "COPY_FREE_VARS": _nothing,
    "DELETE_DEREF": _delete_deref,
    "DELETE_FAST": _delete_fast,
    "DELETE_GLOBAL": _delete_global,
    "DELETE_NAME": _delete_name,
    "DUP_TOP": _dup_top,
    "DUP_TOP_TWO": _dup_top_two,
    "GEN_START": _pop_1,
    "KW_NAMES": _nothing,
    "LIST_APPEND": _pop_1,
    "LOAD_ASSERTION_ERROR": _load_assertion_error,
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
    "LOAD_NAME": _load_name,
    "LOAD_SMALL_INT": _load_small_int,
    "MAKE_CELL": _nothing,
    "MATCH_MAPPING": _push_fresh,
    "MATCH_SEQUENCE": _push_fresh,
    "NOP": _nothing,
    "NOT_TAKEN": _nothing,
    "POP_BLOCK": _nothing,
    "POP_EXCEPT": _pop_except,
    "POP_TOP": _pop_1,
    "PRECALL": _nothing,
    "PUSH_EXC_INFO": _push_unknown,
    "PUSH_NULL": _push_null,
    "RESUME": _nothing,
    "RETURN_GENERATOR": _push_unknown if VERSION >= (3, 12) else _nothing,
    "ROT_FOUR": _rot_four,
    "ROT_N": _rot_n,
    "ROT_THREE": _rot_three,
    "ROT_TWO": _rot_two,
    "SETUP_ANNOTATIONS": _setup_annotations,
    "STORE_DEREF": _store_deref,
    "STORE_FAST": _store_fast,
    "STORE_FAST_LOAD_FAST": _store_fast_load_fast,
    "STORE_FAST_MAYBE_NULL": _store_fast,
    "STORE_FAST_STORE_FAST": _store_fast_store_fast,
    "STORE_GLOBAL": _store_global,
    "STORE_NAME": _store_name,
    "SWAP": _swap,
}
