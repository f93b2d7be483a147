"""Which code objects are recorded; each is sent to the log before its first frame."""

from __future__ import annotations

from _thread import get_ident

from . import format as f
from .code_objects import encode_code
from .core import attach, deflate, frame_key
from .frames import CodePlan
from .recovery import Recovery
from .sources import SentSource, inflate, read_source
from .wire import text, uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType

    from .code_objects import CodeObjectWrapper


class CodePlans(Recovery):
    """Decides once for each code object."""

    def plan(self, code: CodeType, frame: FrameType) -> CodePlan:
        """Return the plan of a code object that runs in `frame` (hot).

        Decides whether it is recorded.
        """
        wrapper = self.registry.wrapper(code)
        plan: CodePlan | None = wrapper.plan
        return plan if plan is not None else self._make_plan(wrapper, code, frame)

    def is_known(self, code: CodeType) -> bool:
        """Say whether a code object is recorded, without deciding it (hot)."""
        return self.registry.wrapper(code).recorded and not self.dead

    def is_suspended(self, frame: FrameType, plan: CodePlan) -> bool:
        """Say whether a frame is one that the log knows as suspended or running."""
        state = self.suspended.get(frame_key(frame))
        if state is not None and state.plan is plan:
            return True
        thread = self.threads.get(get_ident())
        if thread is None or not thread.stack:
            return False
        return thread.stack[-1].frame_id == frame_key(frame)

    def _make_plan(self, wrapper: CodeObjectWrapper, code: CodeType, frame: FrameType) -> CodePlan:
        recorded = bool(self.scope.decide(wrapper, frame))
        wrapper.recorded = recorded
        plan = CodePlan(wrapper, code, recorded=recorded)
        if recorded:
            self.send_code(plan)
        else:
            attach(self, code, plan)
        wrapper.plan = plan
        return plan

    def send_code(self, plan: CodePlan) -> None:
        """Write a code object, and the text of its file, to the file that the log is in now."""
        source = self._sources.get(plan.filename)
        if source is None:
            source = self._sources[plan.filename] = self._read_source(plan.filename)
        writer = self.writer
        plan.file_number = writer.file_number
        if source.number and source.file_number != writer.file_number:
            source.file_number = writer.file_number
            writer.frame(f.SOURCE, inflate(source.payload), source.number)
        writer.frame(f.CODE, encode_code(plan.wrapper, source.number), plan.code_id)

    def _read_source(self, filename: str) -> SentSource:
        found = None if filename.startswith("<") else read_source(filename)
        if found is None:
            return SentSource(0, b"")
        number = self._next_source
        self._next_source += 1
        payload = uv(number) + text(filename) + text(found)
        if self.writer.is_bounded:
            # The file may be another one when a later part needs its text.
            return SentSource(number, deflate(payload))
        self.writer.frame(f.SOURCE, payload, number)
        source = SentSource(number, b"")
        source.file_number = self.writer.file_number
        return source

    def code_recorded(self, code: CodeType) -> bool:
        """Say whether a code object is or would be recorded."""
        wrapper = self.registry.wrapper(code)
        plan = wrapper.plan
        if plan is not None:
            return bool(plan.recorded)
        if wrapper.recorded:
            return True
        filename = wrapper.filename
        return not filename.startswith("<") and self.scope.includes_file(filename)
