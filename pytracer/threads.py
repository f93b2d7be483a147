"""Which threads the log knows by which name, and when they end."""

from __future__ import annotations

import sys

from . import layouts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .frames import ThreadState


class ThreadEnd:
    """Lies in a thread's local storage: dies with the thread."""

    __slots__ = ("ended", "thread")

    def __init__(self, ended: list[ThreadState], thread: ThreadState) -> None:
        self.ended = ended
        self.thread = thread

    def __del__(self) -> None:
        self.ended.append(self.thread)


def thread_name(ident: int, main: int) -> str:
    """Return a thread's name without importing `threading` or running the program's code."""
    threading = sys.modules.get("threading")
    if threading is not None:
        thread = dict.get(vars(threading).get("_active", {}), ident)
        if thread is not None:
            attributes = layouts.own_attributes(thread)
            name = dict.get(attributes, "_name") if attributes is not None else None
            if type(name) is str:
                return name
    return "MainThread" if ident == main else f"Thread-{ident}"
