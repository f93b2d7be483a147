"""Keeps the program's signal handlers out of the few places where half done is worse than late."""

from __future__ import annotations

import _signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MASK: Any = getattr(_signal, "pthread_sigmask", None)
# What a thread does to itself cannot wait.
_OWN = ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS", "SIGKILL", "SIGSTOP")
DEFERRED: set[int] = set()
if MASK is not None:
    DEFERRED = set(_signal.valid_signals()) - {getattr(_signal, name, 0) for name in _OWN}


class signals_later:  # noqa: N801
    """While this context is active signals wait; handlers run when it ends (not on Windows)."""

    __slots__ = ("_before",)

    def __enter__(self) -> None:
        if MASK is not None:
            self._before = MASK(_signal.SIG_BLOCK, ())
            try:
                MASK(_signal.SIG_BLOCK, DEFERRED)
            except BaseException:
                # The handler of a signal that was already here.
                MASK(_signal.SIG_SETMASK, self._before)
                raise

    def __exit__(self, *_: object) -> None:
        if MASK is not None:
            MASK(_signal.SIG_SETMASK, self._before)
