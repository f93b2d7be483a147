"""Instructions of loops, jumps, `with`, `await`, `yield`, `match` and `except`."""

from __future__ import annotations

from .interpreter import HAS_ITERATOR_INDEX, ONE_ROW, VERSION
from .paths import AWAITED, FRESH, NULL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .effects import Path
    from .stack_machine import Handler, Machine


def _get_iter(m: Machine, arg: int) -> None:
    if HAS_ITERATOR_INDEX and arg != 0:
        # What GET_YIELD_FROM_ITER is in older versions.
        _get_awaited(m, arg)
    else:
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


def _get_awaited(m: Machine, arg: int) -> None:
    if m.wait_for(m.peek(1)):
        m.pop()
        m.push(AWAITED)
    else:
        _runs_on_top(m, arg)


def _get_anext(m: Machine, arg: int) -> None:
    m.push(None)
    m.run()


def _yield_from(m: Machine, arg: int) -> None:
    if m.peek(2) != AWAITED:
        m.run()
    m.drop(2)
    m.push(None)


def _send(m: Machine, arg: int) -> None:
    m.pop()
    if m.peek(2 if HAS_ITERATOR_INDEX else 1) != AWAITED:
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
    if m.peek(4 if HAS_ITERATOR_INDEX else 3) != AWAITED:
        m.run()
    m.drop(3)
    m.push_unknown(2)


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


HANDLERS: dict[str, Handler] = {
    "BEFORE_ASYNC_WITH": _before_async_with,
    "BEFORE_WITH": _before_with,
    "CHECK_EG_MATCH": _check_eg_match,
    "CHECK_EXC_MATCH": _check_exc_match,
    "CLEANUP_THROW": _cleanup_throw,
    "COPY_DICT_WITHOUT_KEYS": _copy_dict_without_keys,
    "END_ASYNC_FOR": _end_async_for,
    "END_FOR": _end_for,
    "END_SEND": _end_send,
    "FOR_ITER": _for_iter,
    "GET_AITER": _runs_on_top,
    "GET_ANEXT": _get_anext,
    "GET_AWAITABLE": _get_awaited,
    "GET_ITER": _get_iter,
    "GET_LEN": _get_len,
    "GET_YIELD_FROM_ITER": _get_awaited,
    "JUMP_ABSOLUTE": _jump_absolute,
    "JUMP_BACKWARD": _jump_backward,
    "JUMP_BACKWARD_NO_INTERRUPT": _jump_backward,
    "JUMP_FORWARD": _jump,
    "JUMP_IF_FALSE_OR_POP": _jump_if_or_pop,
    "JUMP_IF_NOT_EXC_MATCH": _jump_if_not_exc_match,
    "JUMP_IF_TRUE_OR_POP": _jump_if_or_pop,
    "MATCH_CLASS": _match_class,
    "MATCH_KEYS": _match_keys,
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
    "PREP_RERAISE_STAR": _prep_reraise_star,
    "RERAISE": _leave,
    "RETURN_CONST": _leave,
    "SEND": _send,
    "SETUP_ASYNC_WITH": _setup_async_with,
    "SETUP_FINALLY": _setup_finally,
    "SETUP_WITH": _setup_with,
    "WITH_EXCEPT_START": _with_except_start,
    "YIELD_FROM": _yield_from,
    "YIELD_VALUE": _yield_value,
}
