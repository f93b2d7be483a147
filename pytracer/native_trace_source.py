"""Events from a trace function in C (3.11).

C does the frequent events itself, on the same fields as the Python classes; whatever it declines
comes to the trace functions of `SettraceSource`, as if `sys.settrace` had called them. What the
program sees as its trace function is the same.
"""

from __future__ import annotations

from . import core
from .own_frames import pending
from .settrace_source import LocalTrace, SettraceSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from .frames import CodePlan
    from .recorder import Recorder


class NativeTraceSource(SettraceSource):
    """Feeds a recorder from a trace function in C."""

    name = "native"

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self._set_trace = core.native.set_trace

    def start(self) -> None:
        """Begin, in this thread and in those that start from now on."""
        core.native.trace_with(self.recorder, self, pending, self.waits)
        super().start()

    def stop(self) -> None:
        """End all events."""
        super().stop()
        core.native.trace_with()

    def _guard_recursion(self) -> None:
        """Do nothing: C gives the trace functions room beyond the recursion limit."""

    def _on_call(self, frame: FrameType, event: str, arg: Any) -> Any:
        if self.active and not core.native.is_traced():
            # `threading`, or who has put the trace function aside for a while, has set it itself.
            self._set_trace(self._trace)
        return super()._on_call(frame, event, arg)

    def _begin_frame(self, frame: FrameType, plan: CodePlan) -> None:
        core.attach(self.recorder, frame.f_code, plan)
        super()._begin_frame(frame, plan)

    def trace_frame(self, frame: FrameType) -> Any:
        """Give a frame that C has served up to now its trace function."""
        local = LocalTrace(self, self.recorder.plan(frame.f_code, frame))
        frame.f_trace = local.trace
        return local.trace

    def forget_exception(self, frame: FrameType) -> None:
        """Note that something has happened in a frame since its last exception."""
        local = getattr(frame.f_trace, "__self__", None)
        if type(local) is LocalTrace:
            local.lasti = -2

    def go_on(self, error: BaseException, frame: FrameType, event: str, arg: Any) -> None:
        """Go on after a failure in C; `busy` is set and the lock is held by this thread."""
        recorder = self.recorder
        if event == "call":
            recorder.failed(error, self._call_again, frame)
        else:
            recorder.failed(error, self._local(frame).again, frame, event, arg)

    def _local(self, frame: FrameType) -> LocalTrace:
        local = getattr(frame.f_trace, "__self__", None)
        if type(local) is LocalTrace:
            return local
        return LocalTrace(self, self.recorder.plan(frame.f_code, frame))
