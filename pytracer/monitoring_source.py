"""Events from `sys.monitoring` (3.12 and later).

LINE, JUMP, PY_START, PY_RESUME, PY_RETURN and PY_YIELD are set on each recorded code object, so
that other code runs at full speed; PY_UNWIND, PY_THROW and RAISE can only be global. A code object
is met first at its PY_START, which is global until it was decided: for code that is not recorded it
is switched off per place. CALL is set where no path tells what some call changes, unless it would
add steps, and switched off at all other calls.
"""

from __future__ import annotations

import sys
from itertools import repeat
from sys import _getframe

from .access_paths import MISSING
from .call_events import keeps_steps
from .exit_status import runs_main
from .own_frames import pending, trim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType
    from typing import Any

    from .frames import CodePlan
    from .recorder import Recorder


class MonitoringSource:
    """Feeds a recorder from `sys.monitoring`."""

    name = "monitoring"

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
        self._tool = -1
        events = self._monitoring.events
        self._local = (
            events.LINE
            | events.JUMP
            | events.PY_START
            | events.PY_RESUME
            | events.PY_RETURN
            | events.PY_YIELD
        )
        self._global = (
            events.PY_START | events.PY_RESUME | events.PY_UNWIND | events.PY_THROW | events.RAISE
        )
        self._disable = self._monitoring.DISABLE
        self._missing = self._monitoring.MISSING

    def start(self) -> None:
        """Take a free tool and begin; raises RuntimeError when all are taken."""
        monitoring = self._monitoring
        for tool in (4, 3, 0, 1, 2, 5):
            if monitoring.get_tool(tool) is None:
                break
        else:
            raise RuntimeError("all tools of sys.monitoring are taken")
        monitoring.use_tool_id(tool, "hindsight")
        self._tool = tool
        for event, callback in self._callbacks():
            monitoring.register_callback(tool, event, callback)
        monitoring.set_events(tool, self._global)

    def stop(self) -> None:
        """End all events."""
        if self._tool < 0:
            return
        tool, self._tool = self._tool, -1
        self._monitoring.set_events(tool, 0)
        for event, _ in self._callbacks():
            self._monitoring.register_callback(tool, event, None)
        self._monitoring.free_tool_id(tool)

    def _callbacks(self) -> list[tuple[int, Any]]:
        events = self._monitoring.events
        return [
            (events.PY_START, self._on_start),
            (events.PY_RESUME, self._on_resume),
            (events.PY_RETURN, self._on_return),
            (events.PY_YIELD, self._on_yield),
            (events.LINE, self._on_line),
            (events.JUMP, self._on_jump),
            (events.CALL, self._on_call),
            (events.PY_UNWIND, self._on_unwind),
            (events.PY_THROW, self._on_throw),
            (events.RAISE, self._on_raise),
        ]

    def _adopt(self, code: CodeType, plan: CodePlan) -> None:
        monitoring = self._monitoring
        if monitoring.get_local_events(self._tool, code):
            return
        if plan.sites and keeps_steps(plan.wrapper):
            monitoring.set_local_events(self._tool, code, self._local | monitoring.events.CALL)
            plan.sees_calls = True
        else:
            monitoring.set_local_events(self._tool, code, self._local)

    def put_aside(self) -> bool:
        """Have no events in this thread for a while: our own functions have none here."""
        return False

    def take_up(self) -> None:
        """Have events in this thread again: nothing to do here."""

    def interrupted(self) -> None:
        """Go on after an exception of the program went through a callback: nothing to do here."""

    def revive(self) -> None:
        """Go on if the events ended by themselves: here they do not."""

    def revival(self) -> Iterator[Any]:
        """Give the rounds that do the same in C."""
        return repeat(None)

    def _on_start(self, code: CodeType, offset: int) -> Any:
        recorder = self._recorder
        frame = _getframe(1)
        with recorder.lock:
            try:
                recorder.busy = True
                plan = recorder.plan(code, frame)
                if not plan.recorded:
                    # Also our own functions, when output is logged outside of a callback.
                    return self._disable
                recorder.begin()
                self._adopt(code, plan)
                recorder.call(frame, plan)
                recorder.commit()
            except BaseException as error:
                recorder.failed(error, self._start_again, frame)
            finally:
                recorder.busy = False
        return recorder.let_go()

    def _start_again(self, frame: FrameType) -> None:
        plan = self._recorder.plan(frame.f_code, frame)
        if plan.recorded:
            self._adopt(frame.f_code, plan)
            self._recorder.call(frame, plan)

    def _on_resume(self, code: CodeType, offset: int) -> Any:
        recorder = self._recorder
        frame = _getframe(1)
        with recorder.lock:
            try:
                recorder.busy = True
                plan = recorder.plan(code, frame)
                if not plan.recorded:
                    # Also our own functions, when output is logged outside of a callback.
                    return self._disable
                recorder.begin()
                self._adopt(code, plan)
                recorder.resumed(frame, plan, None)
                recorder.commit()
            except BaseException as error:
                recorder.failed(error, self._resume_again, frame)
            finally:
                recorder.busy = False
        return recorder.let_go()

    def _resume_again(self, frame: FrameType) -> None:
        plan = self._recorder.plan(frame.f_code, frame)
        if plan.recorded:
            self._adopt(frame.f_code, plan)
            self._recorder.resumed(frame, plan, None)

    def _on_line(self, code: CodeType, line: int) -> Any:
        frame = _getframe(1)
        recorder = self._recorder
        with recorder.lock:
            try:
                recorder.begin()
                recorder.line(frame, recorder.plan(code, frame), line)
                recorder.commit()
            except BaseException as error:
                recorder.failed(error, recorder.line, frame, recorder.plan(code, frame), line)
            finally:
                recorder.busy = False
        return recorder.let_go()

    def _on_jump(self, code: CodeType, offset: int, target: int) -> Any:
        if target > offset:
            return self._disable
        wrapper = self._recorder.registry.wrapper(code)
        line = wrapper.line_for_offset(target)
        if line is None or line != wrapper.line_for_offset(offset):
            return self._disable
        frame = _getframe(1)
        recorder = self._recorder
        with recorder.lock:
            try:
                recorder.begin()
                recorder.line(frame, recorder.plan(code, frame), line)
                recorder.commit()
            except BaseException as error:
                recorder.failed(error, recorder.line, frame, recorder.plan(code, frame), line)
            finally:
                recorder.busy = False
        return recorder.let_go()

    def _on_call(self, code: CodeType, offset: int, function: Any, first: Any) -> Any:
        recorder = self._recorder
        plan = recorder.registry.wrapper(code).plan
        if plan is None or not plan.recorded or not plan.sees_calls:
            return self._disable
        call = plan.sites.get(offset)
        if call is None:
            return self._disable
        if first is self._missing:
            first = MISSING
        frame = _getframe(1)
        with recorder.lock:
            try:
                recorder.begin()
                recorder.called(frame, plan, call, function, first)
                recorder.commit()
            except BaseException as error:
                # This call may be missed: what such calls change is searched for from now on.
                plan.sees_calls = False
                recorder.failed(error, recorder.called, frame, plan, call, function, first)
            finally:
                recorder.busy = False
        return recorder.let_go()

    def _on_return(self, code: CodeType, offset: int, value: Any) -> Any:
        frame = _getframe(1)
        recorder = self._recorder
        with recorder.lock:
            try:
                recorder.begin()
                recorder.returned(frame, recorder.plan(code, frame), value)
                recorder.commit()
            except BaseException as error:
                recorder.failed(error, recorder.returned, frame, recorder.plan(code, frame), value)
            finally:
                recorder.busy = False
        return recorder.let_go()

    def _on_yield(self, code: CodeType, offset: int, value: Any) -> Any:
        frame = _getframe(1)
        recorder = self._recorder
        with recorder.lock:
            try:
                recorder.begin()
                recorder.yielded(frame, recorder.plan(code, frame), value)
                recorder.commit()
            except BaseException as error:
                recorder.failed(error, recorder.yielded, frame, recorder.plan(code, frame), value)
            finally:
                recorder.busy = False
        return recorder.let_go()

    def _on_unwind(self, code: CodeType, offset: int, exception: BaseException) -> Any:
        if not self._recorder.is_known(code):
            if runs_main(_getframe(1)):
                self._recorder.main_ended(exception)
            return None
        frame = _getframe(1)
        recorder = self._recorder
        with recorder.lock:
            try:
                recorder.begin()
                recorder.unwound(frame, recorder.plan(code, frame), exception)
                recorder.commit()
            except BaseException as error:
                recorder.failed(
                    error, recorder.unwound, frame, recorder.plan(code, frame), exception
                )
            finally:
                recorder.busy = False
        return recorder.let_go()

    def _on_throw(self, code: CodeType, offset: int, exception: BaseException) -> Any:
        if not self._recorder.is_known(code):
            return None
        frame = _getframe(1)
        recorder = self._recorder
        with recorder.lock:
            try:
                recorder.begin()
                recorder.resumed(frame, recorder.plan(code, frame), exception)
                recorder.commit()
            except BaseException as error:
                recorder.failed(
                    error, recorder.resumed, frame, recorder.plan(code, frame), exception
                )
            finally:
                recorder.busy = False
        return recorder.let_go()

    def _on_raise(self, code: CodeType, offset: int, exception: BaseException) -> Any:
        if pending:
            trim()
        if not self._recorder.is_known(code):
            return None
        frame = _getframe(1)
        recorder = self._recorder
        with recorder.lock:
            try:
                recorder.begin()
                recorder.raised(frame, recorder.plan(code, frame), exception)
                recorder.commit()
            except BaseException as error:
                recorder.failed(
                    error, recorder.raised, frame, recorder.plan(code, frame), exception
                )
            finally:
                recorder.busy = False
        return recorder.let_go()
