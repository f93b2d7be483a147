"""Events from `sys.settrace` (3.9 and later).

Its events say less than `sys.monitoring`'s: a 'call' may be a start, a resumption or a throw; a
'return' may be a return, a yield or an unwinding. What it was follows from the instruction that the
frame stands at and from the 'exception' event before.
"""

from __future__ import annotations

import sys
from _thread import get_ident
from itertools import repeat
from operator import and_, is_

from .collector import calls, chosen, in_turn
from .exit_status import runs_main
from .own_frames import pending, trim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import Any

    from .frames import CodePlan
    from .recorder import Recorder

_YIELDS = frozenset(("YIELD_VALUE", "YIELD_FROM", "INSTRUMENTED_YIELD_VALUE"))
_DEEP = 40
# Steps between two looks at the threads of the process, less one: a mask.
_THREADS_EVERY = 15
_RETURNS = frozenset(("RETURN_VALUE", "RETURN_CONST", "RETURN_GENERATOR"))


class SettraceSource:
    """Feeds a recorder from `sys.settrace`."""

    name = "settrace"

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.active = False
        # Resumptions that may turn out to be throws, by thread.
        self.waits: dict[int, tuple[FrameType, CodePlan, int]] = {}
        self._follows = False
        self._traced: set[int] = set()
        # In deep recursion: returns since the last call.
        self._guards = False
        self._leaving: BaseException | None = None
        self._risen = 0
        self._trace: Callable[[FrameType, str, Any], Any] = self._on_call
        # Makes a function the trace function of this thread.
        self._set_trace: Callable[[Any], None] = sys.settrace

    def start(self) -> None:
        """Begin, in this thread and in those that start from now on."""
        self.active = True
        self._set_trace(self._trace)
        self._follow_threads()

    def _follow_threads(self) -> None:
        """Have threads that start from now on traced.

        As soon as the program has loaded `threading`.
        """
        threading = sys.modules.get("threading")
        follow = getattr(threading, "settrace", None)
        if follow is not None:
            self._follows = True
            if getattr(threading, "_trace_hook", None) is None:
                follow(self._trace)

    def stop(self) -> None:
        """End all events."""
        self.active = False
        if sys.gettrace() == self._trace:
            sys.settrace(None)
        threading = sys.modules.get("threading")
        if threading is not None and getattr(threading, "_trace_hook", None) == self._trace:
            threading.settrace(None)  # type: ignore[arg-type]

    def put_aside(self) -> bool:
        """Have no events in this thread for a while; say whether there were any."""
        if sys.gettrace() != self._trace:
            return False
        sys.settrace(None)
        return True

    def take_up(self) -> None:
        """Have events in this thread again."""
        self._set_trace(self._trace)

    def interrupted(self) -> None:
        """Go on after an exception of the program.

        The interpreter drops a trace function that raises; the next call or return that a profile
        function sees sets it again.
        """
        self.recorder.lose()
        if self.active and sys.getprofile() is None:
            sys.setprofile(self._renew)

    def look_for_untraced(self) -> None:
        """Find threads that run recorded code without events (`_thread.start_new_thread`)."""
        others = sys._current_frames()
        # A frame that refers to itself would keep what its callers hold until the next collection.
        others.pop(get_ident(), None)
        for ident in others:
            frame: FrameType | None = others[ident]
            while ident not in self._traced and frame is not None:
                if self.recorder.code_recorded(frame.f_code):
                    self._traced.add(ident)
                    self.recorder.untraced.append(ident)
                frame = frame.f_back

    def revive(self) -> None:
        """Set the trace function again if an exception at a callback's start has ended it."""
        self.look_for_untraced()
        if not self.active or get_ident() not in self._traced:
            return
        trace = sys.gettrace()
        if trace is None:
            self.recorder.lose()
            self._set_again(sys._getframe(1))
        elif trace != self._trace:
            self.recorder.lose(taken=True)

    def revival(self) -> Iterator[Any]:
        """Give the rounds that do so in C, at a collection; a signal's handler runs in Python code.

        The frame that runs tells of itself at its next line, and sets the others right.
        """
        ended = map(is_, calls(sys.gettrace), repeat(None))
        ours = map(self._traced.__contains__, calls(get_ident))
        # `sys._getframe` raises where no Python code runs.
        nothing = _Nothing()
        running = map(dict.get, calls(sys._current_frames), calls(get_ident), repeat(nothing))
        again = in_turn(
            calls(setattr, self.recorder, "_lost", True),
            calls(setattr, self.recorder, "_was_lost", True),
            map(setattr, running, repeat("f_trace"), repeat(self._revived)),
            calls(self._set_trace, self._trace),
        )
        return chosen(map(and_, ended, ours), repeat(None), again)

    def _revived(self, frame: FrameType, event: str, arg: Any) -> Any:
        """Be the trace function of the frame that ran when the events were found to have ended."""
        frame.f_trace = None
        if not self.active:
            return None
        self._set_again(frame)
        trace = frame.f_trace
        return None if trace is None else trace(frame, event, arg)

    def _renew(self, frame: FrameType, event: str, arg: Any) -> None:
        sys.setprofile(None)
        if sys.version_info >= (3, 12):
            trim()
        if self.active and sys.gettrace() is None:
            self.recorder.lose()
            self._set_again(frame)

    def _set_again(self, frame: FrameType | None) -> None:
        recorder = self.recorder
        self._set_trace(self._trace)
        while frame is not None:
            if recorder.is_known(frame.f_code):
                frame.f_trace = LocalTrace(self, recorder.plan(frame.f_code, frame)).trace
            frame = frame.f_back

    def _guard_recursion(self) -> None:
        """Prepare for the dropping of a trace function that there is no room to call."""
        if sys.getprofile() is None:
            self._guards = True
            self._risen = 0
            sys.setprofile(self._guard)

    def _guard(self, frame: FrameType, event: str, arg: Any) -> None:
        """Be the profile function in deep recursion: shallow, for there is hardly any room."""
        if event == "call":
            self._risen = 0
        elif event == "return":
            self._risen += 1
            if self._risen > _DEEP:
                self._guards = False
                if sys.gettrace() is None:
                    self._renew(frame, event, arg)
                else:
                    sys.setprofile(None)

    def _on_call(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event != "call" or not self.active:
            return None
        recorder = self.recorder
        self._traced.add(get_ident())
        if not self._follows:
            self._follow_threads()
        plan = None
        with recorder.lock:
            try:
                recorder.begin()
                if self.waits:
                    self.settle()
                plan = recorder.plan(frame.f_code, frame)
                if not plan.recorded:
                    # A resumption that waited may have been logged.
                    recorder.commit()
                    return self._watch_main if runs_main(frame) else None
                self._begin_frame(frame, plan)
                recorder.commit()
            except BaseException as error:
                recorder.failed(error, self._call_again, frame)
            finally:
                recorder.busy = False
                if recorder.lives.doomed:
                    recorder.let_go()
        return LocalTrace(self, plan).trace if plan is not None and plan.recorded else None

    def _begin_frame(self, frame: FrameType, plan: CodePlan) -> None:
        recorder = self.recorder
        if plan.suspends and recorder.is_suspended(frame, plan):
            # A throw's exception is announced only by the event that follows.
            self.waits[get_ident()] = (frame, plan, frame.f_lasti)
            return
        depth = len(recorder.call(frame, plan).thread.stack)
        if depth > 100 and depth > sys.getrecursionlimit() - _DEEP and not self._guards:
            self._guard_recursion()

    def _watch_main(self, frame: FrameType, event: str, arg: Any) -> Any:
        """See how `__main__` ends when it is library code (`-m`), which is not recorded."""
        frame.f_trace_lines = False
        if event == "exception":
            self._leaving = arg[1]
        elif event == "return":
            leaving, self._leaving = self._leaving, None
            if arg is None and leaving is not None:
                self.recorder.main_ended(leaving)
        return self._watch_main

    def _call_again(self, frame: FrameType) -> None:
        recorder = self.recorder
        plan = recorder.plan(frame.f_code, frame)
        if plan.recorded and frame.f_lasti < 0:
            recorder.call(frame, plan)

    def settle(
        self, frame: FrameType | None = None, exception: BaseException | None = None
    ) -> None:
        """Log the resumption that waits in this thread.

        By `exception` when that surfaced at once.
        """
        waiting = self.waits.pop(get_ident(), None)
        if waiting is None:
            return
        resumed, plan, lasti = waiting
        thrown = exception is not None and resumed is frame and lasti == resumed.f_lasti
        self.recorder.resumed(resumed, plan, exception if thrown else None)


class _Nothing:
    """Stands for a frame where there is none."""

    __slots__ = ("f_trace",)


class LocalTrace:
    """The trace function of one frame."""

    __slots__ = ("_exception", "_plan", "_recorder", "_source", "lasti")

    def __init__(self, source: SettraceSource, plan: CodePlan) -> None:
        self._source = source
        self._recorder = source.recorder
        self._plan = plan
        # f_lasti at the last 'exception' event when nothing has happened since, else -2.
        self.lasti = -2
        self._exception: Any = None

    def trace(self, frame: FrameType, event: str, arg: Any) -> Any:
        """Be called by the interpreter for each event of the frame (hot)."""
        recorder, source, plan = self._recorder, self._source, self._plan
        if not source.active:
            return None
        with recorder.lock:
            try:
                recorder.begin()
                if event == "line":
                    if source.waits:
                        source.settle()
                    self.lasti = -2
                    recorder.line(frame, plan, frame.f_lineno)
                    if not recorder.steps & _THREADS_EVERY:
                        source.look_for_untraced()
                elif event == "exception":
                    if pending:
                        trim(arg[2])
                    if source.waits:
                        source.settle(frame, arg[1])
                    self.lasti = frame.f_lasti
                    self._exception = recorder.raised(frame, plan, arg[1], arg[2])
                elif event == "return":
                    if source.waits:
                        source.settle()
                    self._return(frame, arg)
                recorder.commit()
            except BaseException as error:
                recorder.failed(error, self.again, frame, event, arg)
            finally:
                recorder.busy = False
                if recorder.lives.doomed:
                    recorder.let_go()
        return self.trace

    def again(self, frame: FrameType, event: str, arg: Any) -> None:
        """Do an event anew."""
        if event == "line":
            self._recorder.line(frame, self._plan, frame.f_lineno)
        elif event == "exception":
            self._exception = self._recorder.raised(frame, self._plan, arg[1], arg[2])
        elif event == "return":
            self._return(frame, arg)

    def _return(self, frame: FrameType, value: Any) -> None:
        recorder, plan = self._recorder, self._plan
        lasti = frame.f_lasti
        name = plan.opname(lasti >> 1)
        if plan.suspends and (
            name in _YIELDS
            # Some versions stand behind the instruction when they tell of it, some before.
            or (name == "RESUME" and plan.opname((lasti >> 1) - 1) in _YIELDS)
            or plan.opname((lasti >> 1) + 1) == "YIELD_FROM"
        ):
            leaves = value is None and self.lasti == lasti
            if not leaves:
                recorder.yielded(frame, plan, value)
                return
        elif name in _RETURNS:
            recorder.returned(frame, plan, value)
            return
        recorder.unwound(frame, plan, self._exception)
