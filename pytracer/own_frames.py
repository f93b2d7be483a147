"""Takes the recorder's own frames out of the tracebacks of the program's exceptions.

An exception that passes through a function of ours (a failing `print`, a signal handler that
raises while the recorder works) has our frames in its traceback. As soon as it is back in the
program the next event takes them out.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

_OURS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "")
_read_traceback = BaseException.__dict__["__traceback__"].__get__
pending: list[BaseException] = []


def passes_through(error: BaseException) -> None:
    """Remember an exception that leaves a function of ours for the program."""
    if len(pending) > 8:
        del pending[:]
    pending.append(error)


def trim(raised: TracebackType | None = None) -> None:
    """Take our frames out of the tracebacks of the exceptions that passed through us.

    Before 3.12 an exception on its way has no traceback of its own yet: `raised` is what the event
    of `sys.settrace` brings.
    """
    while pending:
        traceback: TracebackType | None = raised or _read_traceback(pending.pop())
        if raised is not None:
            del pending[:]
        while traceback is not None:
            following = traceback.tb_next
            rest = following
            while rest is not None and rest.tb_frame.f_code.co_filename.startswith(_OURS):
                rest = rest.tb_next
            if rest is not following:
                traceback.tb_next = rest
            traceback = rest
