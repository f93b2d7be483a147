"""What happens when a callback is interrupted: nothing wrong enters the log, nothing is swallowed.

The events of the interrupted callback are taken back; what they were about is said again in full.
"""

from __future__ import annotations

import sys

from . import format as f
from .own_frames import passes_through
from .variables import Variables
from .wire import uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


_LOST_BUDGET = 1_000_000
_MORE_ROOM = 100


class Recovery(Variables):
    """Takes back what is not in the log yet, and goes on."""

    def failed(self, error: BaseException, redo: Callable[..., Any], *arguments: Any) -> None:
        """Take what went wrong inside a callback: the program's own exceptions go on to it.

        What the callback had done is taken back and said again in full; `redo` may do the event
        anew.
        """
        if self.dead or self.writer.failed:
            if _is_of_program(error):
                raise error
            return
        if type(error) is RecursionError and error is not self._too_deep:
            try:
                fits = self._with_more_room(redo, arguments)
            except RecursionError as deep:
                error = deep
            else:
                if not fits:
                    self.source.stop()
                    self.warn("recording stopped: the recursion is too deep for the recorder")
                return
        if type(error) is RecursionError:
            # The program stands at its own limit.
            self._too_deep = None
            self.source.interrupted()
            passes_through(error)
            raise error from None
        mine = not _is_of_program(error)
        try:
            reason = f.REASON_FAILURE if mine else f.REASON_PROGRAM_EXCEPTION
            self._recover(reason, f"{type(error).__name__} inside the recorder")
        except RecursionError:
            self._with_more_room(self._recover, (f.REASON_RECURSION, "the recursion is too deep"))
        if mine:
            self.warn(f"something could not be recorded: {_describe(error)}")
            return
        self.source.interrupted()
        passes_through(error)
        raise error

    def _with_more_room(self, redo: Callable[..., Any], arguments: tuple[Any, ...]) -> bool:
        """Do the event again beyond the recursion limit; if that fails too, leave it out."""
        if self._limit is None:
            self._limit = sys.getrecursionlimit()
        sys.setrecursionlimit(self._limit + _MORE_ROOM)
        try:
            self._recover(0, "")
            redo(*arguments)
            self.commit()
        except RecursionError as error:
            if error is self._too_deep:
                raise
            sys.setrecursionlimit(self._limit + 2 * _MORE_ROOM)
            try:
                self._recover(f.REASON_RECURSION, "the recursion is too deep")
            except RecursionError:
                return False
        finally:
            self._restore_limit()
        return True

    def _restore_limit(self) -> None:
        """Set the program's recursion limit again.

        Some versions refuse near the limit: then later.
        """
        if self._limit is not None:
            try:
                sys.setrecursionlimit(self._limit)
                self._limit = None
            except RecursionError:
                pass

    def _recover(self, reason: int, explanation: str) -> None:
        """Take back the events that are not in the log and restate everything."""
        writer, objects = self.writer, self.objects
        if self._committing and not writer.buf:
            # Interrupted when all was in the log already.
            objects.committed()
            self._strings_in_log = len(writer.strings)
        self._committing = False
        self._broken = True
        writer.buf.clear()
        strings = writer.strings
        while len(strings) > self._strings_in_log:
            strings.popitem()
        objects.events = 0
        self.steps = writer.step
        self._steps_in_buffer = 0
        if reason:
            self.gap(reason, explanation)
        objects.say_again()
        for thread in self.threads.values():
            for state in thread.stack:
                state.full = state.fresh = True
        for state in self.suspended.values():
            state.full = True
            state.block = -1
        if self.current is not None:
            # Names the thread once more: the sign that the next keyframe restates.
            buf = self._event(f.THREAD)
            buf += uv(self.current.number)
        self.commit()
        writer.seal()
        self._strings_in_log = len(strings)
        self._broken = False

    def lose(self, *, taken: bool = False) -> None:
        """Note that the program has run for a while without events.

        `taken`: because somebody else's trace function stands where ours stood.
        """
        self._lost = self._was_lost = True
        self._taken = taken

    def _find_again(self) -> None:
        self._lost = False
        if self._taken:
            self.gap(f.REASON_TRACE_TAKEN, "the program or another tool set a trace function")
        else:
            # Of `sys.settrace(None)` and of an exception in a callback the same is seen.
            self.gap(
                f.REASON_PROGRAM_EXCEPTION,
                "the trace function was gone for a while: an exception of the program ended the "
                "tracing, or the program did",
            )
        for thread in self.threads.values():
            for state in thread.stack:
                state.full = True
        for state in self.suspended.values():
            state.full = True
        self.changes.everything(_LOST_BUDGET)

    def stop(self) -> None:
        """See nothing any more; the log stays open."""
        if self.source is not None:
            self.source.revive()
        if self._was_lost and self.main_exception is None:
            # The exception that ended the tracing may have ended the program.
            self.main_exception = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
        if self.source is not None:
            self.source.stop()
        self.lives.stop()


def _is_of_program(error: BaseException) -> bool:
    """Tell an exception of the program (from a signal, another thread) from one of ours."""
    if not isinstance(error, Exception):
        return True
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return False
    return traceback.tb_frame.f_globals.get("__package__") != __package__


def _describe(error: BaseException) -> str:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    place = ""
    if traceback is not None:
        code = traceback.tb_frame.f_code
        place = f" ({code.co_name}, line {traceback.tb_lineno})"
    return f"{type(error).__name__}: {error}{place}"
