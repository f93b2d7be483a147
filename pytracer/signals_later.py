"""Keeps the program's signal handlers out of the few places where half done is worse than late."""

from __future__ import annotations

import _signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_mask: Any = getattr(_signal, "pthread_sigmask", None)
# What a thread does to itself cannot wait.
_OWN = ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS", "SIGKILL", "SIGSTOP")
_deferred: set[int] = set()
if _mask is not None:
    _deferred = set(_signal.valid_signals()) - {getattr(_signal, name, 0) for name in _OWN}


class signals_later:  # noqa: N801
    """While this context is active signals wait; handlers run when it ends (not on Windows)."""

    __slots__ = ("_before",)

    def __enter__(self) -> None:
        if _mask is not None:
            self._before = _mask(_signal.SIG_BLOCK, ())
            try:
                _mask(_signal.SIG_BLOCK, _deferred)
            except BaseException:
                # The handler of a signal that was already here.
                _mask(_signal.SIG_SETMASK, self._before)
                raise

    def __exit__(self, *_: object) -> None:
        if _mask is not None:
            _mask(_signal.SIG_SETMASK, self._before)
