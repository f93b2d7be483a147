"""The hook for the end, in which no signal handler of the program comes up.

A handler runs where Python code begins: in a function that the interpreter calls at the exit before
any `try` of it. A generator goes on inside its `try`; the trace function, whose exceptions would
end it, is put aside before by functions in C.
"""

from __future__ import annotations

import _signal
import sys
from _functools import partial

from .collector import calls, in_turn
from .signals_later import DEFERRED, MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_ATTEMPTS = 3


def exit_hook(act: Callable[[], None]) -> Callable[[], None]:
    """Return a hook for the end, in which no handler of the program runs.

    Without us it would not either: the interpreter runs no Python code that late.
    """
    traces: list[Any] = []
    masks: list[set[int]] = []
    done: list[bool] = []

    def last() -> None:
        if MASK is not None:
            if not masks:
                masks.append(MASK(_signal.SIG_BLOCK, ()))
            MASK(_signal.SIG_BLOCK, DEFERRED)
        if not done:
            done.append(True)
            sys.settrace(traces[-1])
            act()
            traces[-1] = sys.gettrace()
        if masks:
            _let_in(masks[0])

    return _untraced(traces, last)


def _untraced(traces: list[Any], act: Callable[[], None]) -> Callable[[], None]:
    rounds = _rounds(act)
    next(rounds)
    done = in_turn(
        map(traces.append, calls(sys.gettrace)),
        calls(sys.settrace, None),
        calls(rounds.__next__),
        map(sys.settrace, calls(traces.pop)),
    )

    hook: Callable[[], None] = partial(next, done)
    return hook


def _rounds(act: Callable[[], None]) -> Iterator[None]:
    left = 0
    while True:
        try:
            if left:
                act()
                left = 0
            yield
            left = _ATTEMPTS
        except GeneratorExit:
            return
        except BaseException:
            left = left - 1 if left else _ATTEMPTS


def _let_in(before: set[int]) -> None:
    """Let signals in again, for what they do when no Python code runs any more.

    Those that came meanwhile and have a handler would have had no effect.
    """
    while True:
        waiting = {
            number
            for number in _signal.sigpending() & DEFERRED - before
            if callable(_signal.getsignal(number))
        }
        if not waiting:
            break
        _signal.sigwait(waiting)
    _signal.pthread_sigmask(_signal.SIG_SETMASK, before)
