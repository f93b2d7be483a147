"""Events from `sys.monitoring`, taken by C (3.12 and later).

C does the frequent events itself, on the same fields as the Python classes; whatever it declines
comes to the methods of `MonitoringSource`. When it fails in the middle of an event, what follows is
the same as after a failure in Python.
"""

from __future__ import annotations

from sys import _getframe

from . import core
from .access_paths import MISSING
from .monitoring_source import MonitoringSource
from .own_frames import pending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Callable

    from .frames import CodePlan


class NativeSource(MonitoringSource):
    """Feeds a recorder from `sys.monitoring` through C callbacks."""

    name = "native"

    def _callbacks(self) -> list[tuple[int, Any]]:
        events = self._monitoring.events
        in_c = {
            events.PY_START: ("start", self._start_failed),
            events.PY_RESUME: ("resume", self._resume_failed),
            events.PY_RETURN: ("return", self._return_failed),
            events.PY_YIELD: ("yield", self._yield_failed),
            events.LINE: ("line", self._line_failed),
            events.JUMP: ("jump", self._jump_failed),
            events.RAISE: ("raise", self._raise_failed),
            events.PY_THROW: ("throw", None),
            events.PY_UNWIND: ("unwind", self._unwind_failed),
            events.CALL: ("call", self._call_failed),
        }
        callbacks = []
        for event, slow in super()._callbacks():
            kind, failed = in_c.get(event, ("other", None))
            callback = core.native.Callback(
                kind, self._recorder, slow, failed, pending, self._disable, self._missing
            )
            callbacks.append((event, callback))
        return callbacks

    def _adopt(self, code: CodeType, plan: CodePlan) -> None:
        super()._adopt(code, plan)
        core.attach(self._recorder, code, plan)

    # After a failure in C: `busy` is set and the lock is held by this thread.

    def _go_on(self, error: BaseException, redo: Callable[..., Any], *arguments: Any) -> list[Any]:
        self._recorder.failed(error, redo, *arguments)
        return self._recorder.let_go()

    def _start_failed(self, error: BaseException, code: CodeType, offset: int) -> Any:
        return self._go_on(error, self._start_again, _getframe(1))

    def _resume_failed(self, error: BaseException, code: CodeType, offset: int) -> Any:
        return self._go_on(error, self._resume_again, _getframe(1))

    def _line_failed(self, error: BaseException, code: CodeType, line: int) -> Any:
        recorder, frame = self._recorder, _getframe(1)
        return self._go_on(error, recorder.line, frame, recorder.plan(code, frame), line)

    def _jump_failed(self, error: BaseException, code: CodeType, offset: int, target: int) -> Any:
        recorder, frame = self._recorder, _getframe(1)
        line = recorder.registry.wrapper(code).line_for_offset(target)
        return self._go_on(error, recorder.line, frame, recorder.plan(code, frame), line)

    def _return_failed(self, error: BaseException, code: CodeType, offset: int, value: Any) -> Any:
        recorder, frame = self._recorder, _getframe(1)
        return self._go_on(error, recorder.returned, frame, recorder.plan(code, frame), value)

    def _yield_failed(self, error: BaseException, code: CodeType, offset: int, value: Any) -> Any:
        recorder, frame = self._recorder, _getframe(1)
        return self._go_on(error, recorder.yielded, frame, recorder.plan(code, frame), value)

    def _call_failed(
        self, error: BaseException, code: CodeType, offset: int, function: Any, first: Any
    ) -> Any:
        recorder, frame = self._recorder, _getframe(1)
        plan = recorder.plan(code, frame)
        # This call may be missed: what such calls change is searched for from now on.
        plan.sees_calls = False
        argument = MISSING if first is self._missing else first
        call = plan.sites.get(offset)
        return self._go_on(error, recorder.called, frame, plan, call, function, argument)

    def _raise_failed(
        self, error: BaseException, code: CodeType, offset: int, raised: BaseException
    ) -> Any:
        recorder, frame = self._recorder, _getframe(1)
        return self._go_on(error, recorder.raised, frame, recorder.plan(code, frame), raised)

    def _unwind_failed(
        self, error: BaseException, code: CodeType, offset: int, raised: BaseException
    ) -> Any:
        recorder, frame = self._recorder, _getframe(1)
        return self._go_on(error, recorder.unwound, frame, recorder.plan(code, frame), raised)
