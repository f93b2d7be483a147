"""A connection to the debug adapter that carries nothing: when it breaks, this process ends.

No thread watches it: the system itself sends the signal (Linux only). Whoever presses Stop wants
the program to end, and a debugger that dies must not leave it running unseen.
"""

from __future__ import annotations

import os

from .high_descriptors import fcntl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .control_channel import ControlChannel

_SIGKILL = 9


def hold(channel: ControlChannel) -> None:
    """Have this process killed when the other end closes `channel`, on which nothing may come."""
    if not channel.is_open or not hasattr(fcntl, "F_SETSIG"):
        return
    number = channel.fileno()
    fcntl.fcntl(number, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(number, fcntl.F_SETSIG, _SIGKILL)
    flags = fcntl.fcntl(number, fcntl.F_GETFL)
    fcntl.fcntl(number, fcntl.F_SETFL, flags | os.O_ASYNC)


def end_process() -> None:
    """End this process at once, as Stop does; the log has everything up to here."""
    os.kill(os.getpid(), _SIGKILL)
