"""The frames of each thread, kept in agreement with the interpreter's."""

from __future__ import annotations

from _thread import get_ident

from . import format as f
from . import layouts, tasks
from .code_plans import CodePlans
from .core import frame_key, function_locals
from .frames import CodePlan, FrameState, ThreadState
from .objects import Entry
from .threads import ThreadEnd, thread_name
from .values import LEFT_OUT, UNBOUND
from .wire import put_str, uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any


class Activations(CodePlans):
    """Begins, suspends, resumes and ends frames in the log."""

    def _here(self) -> ThreadState:
        if self._broken:
            self._recover(f.REASON_RECURSION, "the recursion is too deep")
        current = self.current
        ident = get_ident()
        if current is None or current.ident != ident:
            current = self._switch(ident)
        if self._lost:
            self._find_again()
        return current

    def _name_thread(self, thread: ThreadState) -> None:
        buf = self._event(f.THREAD_START)
        buf += uv(thread.number)
        put_str(buf, self.writer.strings, thread.name)

    def _switch(self, ident: int) -> ThreadState:
        # A thread that ended may have left its ident to this one.
        self._end_threads()
        thread = self.threads.get(ident)
        previous = self.current
        if previous is not None and previous.stack and previous.stack[-1].running is not None:
            # It may have run a part of its line since.
            state = previous.stack[-1]
            if state.running is not None and state.running.active:
                self.changes.after(state, state.running)
        if thread is None:
            thread = ThreadState(ident, self._next_thread, thread_name(ident, self._main))
            self._next_thread += 1
            self.threads[ident] = thread
            self._name_thread(thread)
            if ident != self._main:
                self._thread_ends.end = ThreadEnd(self._ended_threads, thread)
        elif thread.name != thread_name(ident, self._main):
            thread.name = thread_name(ident, self._main)
            self._name_thread(thread)
        buf = self._event(f.THREAD)
        buf += uv(thread.number)
        self.current = thread
        return thread

    def call(self, frame: FrameType, plan: CodePlan) -> FrameState:
        """Log the first event of an activation (hot).

        Raises the RecursionError that the program would get if its limit were not raised for us.
        """
        if self._limit is not None and _depth(frame) > self._limit:
            self._too_deep = RecursionError("maximum recursion depth exceeded")
            raise self._too_deep
        return self._call(frame, plan)

    def _call(self, frame: FrameType, plan: CodePlan) -> FrameState:
        thread = self._here()
        caller = self._flush_caller(thread, frame)
        self.lives.look()
        objects = self.objects
        state = FrameState(self._next_frame, plan, frame_key(frame), thread)
        self._next_frame += 1
        self.started = True
        old = self.suspended.pop(frame_key(frame), None)
        if old is not None:
            self._dropped(old)
        if plan.file_number != self.writer.file_number:
            self.send_code(plan)
        values = self._bind(state, frame)
        buf = self._event(f.CALL)
        buf += uv(caller)
        buf += uv(state.number) + uv(plan.code_id)
        globals_entry, locals_entry = state.globals, state.locals
        buf += uv(globals_entry.oid if globals_entry is not None else 0)
        buf += uv(locals_entry.oid if locals_entry is not None else 0)
        buf.append(f.FRAME_IS_GENERATOR if plan.suspends else 0)
        buf += uv(len(values))
        for value in values:
            objects.encoder.put(buf, value)
        state.block = self.writer.block
        state.offset = 0
        thread.stack.append(state)
        for name in plan.cells:
            self.sharing.setdefault(name, {})[state.number] = state
        if plan.suspends:
            entry = objects.generators.pop(frame_key(frame), None)
            if entry is not None and entry.alive:
                entry.value = state.number
                objects.by_frame[state.number] = entry
                buf = objects.begin_change(entry)
                buf.append(f.GENERATOR)
                buf += uv(entry.oid) + uv(state.number)
            if tasks.is_outermost(frame):
                self._name_task(state, frame)
        return state

    def _name_task(self, state: FrameState, frame: FrameType) -> None:
        task = tasks.task_of(frame)
        if task is not None:
            entry = self.objects.known(task)
            buf = self._event(f.TASK)
            buf += uv(state.number) + uv(entry.oid)
            if self.writer.is_bounded:
                self.tasks[state.number] = entry

    def _bind(self, state: FrameState, frame: FrameType) -> list[Any]:
        """Take the arguments, the globals and the namespace of a new activation."""
        plan, objects = state.plan, self.objects
        namespace = frame.f_globals
        entry = objects.by_id.get(id(namespace))
        if entry is None or entry.index is None:
            entry = objects.namespace(namespace)
        state.globals = entry
        self.changes.globals.setdefault(entry.oid, entry)
        if not plan.fast:
            names = frame.f_locals
            state.locals = entry if names is namespace else objects.namespace(names)
            return []
        count = plan.slot_count if plan.free else plan.argument_count
        if not count:
            return []
        variables = function_locals(frame)
        values = state.values
        step1 = self.steps
        for slot, name in enumerate(plan.slots[:count]):
            value = variables.get(name, UNBOUND)
            if value is not UNBOUND:
                values[slot] = objects.variable(value)
                state.written[slot] = step1
        while count and values[count - 1] is UNBOUND:
            count -= 1
        return values[:count]

    def resumed(self, frame: FrameType, plan: CodePlan, exception: BaseException | None) -> None:
        """Log a resumption, by an exception when one is thrown in."""
        thread = self._here()
        stack = thread.stack
        if stack and stack[-1].frame_id == frame_key(frame):
            return
        state = self.suspended.get(frame_key(frame))
        if state is None or state.plan is not plan:
            self._call(frame, plan)
            return
        back = frame.f_back
        if back is not None and frame_key(back) in self.suspended:
            # `throw` goes to the innermost generator at once; those that delegate to it run again
            # too.
            outer = self.suspended[frame_key(back)]
            if outer.plan is self.plan(back.f_code, back):
                self.resumed(back, outer.plan, None)
        caller = self._flush_caller(thread, frame)
        # Before the dead are looked for: a generator that is dropped is closed after its references
        # have gone.
        del self.suspended[state.frame_id]
        self.lives.look()
        objects = self.objects
        known = objects.known(exception) if exception is not None else None
        buf = self._event(f.RESUME if exception is None else f.THROW)
        buf += uv(caller)
        buf += uv(state.number)
        self._put_with(buf, state)
        if exception is not None:
            objects.encoder.put(buf, known)
        state.thread = thread
        state.fresh = True
        stack.append(state)
        self._block_frames[state.number] = None
        self._compare_frame(state, frame)

    def _put_with(self, buf: bytearray, state: FrameState) -> None:
        if state.block == self.writer.block:
            buf.append(0)
            return
        buf.append(1)
        self.put_frame(buf, state, self.objects.encoder.put)
        state.block = self.writer.block

    def _suspend(self, thread: ThreadState, state: FrameState) -> None:
        thread.stack.pop()
        self.suspended[state.frame_id] = state
        self._block_frames[state.number] = None

    def _top(self, thread: ThreadState, frame: FrameType, plan: CodePlan) -> FrameState:
        """Return the state of the frame that has an event.

        Agrees with it first if need be (hot).
        """
        stack = thread.stack
        if stack:
            state = stack[-1]
            if state.frame_id == frame_key(frame) and state.plan is plan:
                return state
        return self._resynchronise(thread, frame, plan)

    def _resynchronise(self, thread: ThreadState, frame: FrameType, plan: CodePlan) -> FrameState:
        """Make our stack agree with the interpreter's: frames ended or began without an event."""
        stack = thread.stack
        if any(state.frame_id == frame_key(frame) and state.plan is plan for state in stack):
            while stack[-1].frame_id != frame_key(frame) or stack[-1].plan is not plan:
                self._end_unseen(thread)
            return stack[-1]
        state = self.suspended.get(frame_key(frame))
        if state is not None and state.plan is plan:
            self.resumed(frame, plan, None)
            return stack[-1]
        self._leave_ended(thread, frame)
        return self._call(frame, plan)

    def _leave_ended(self, thread: ThreadState, frame: FrameType | None) -> None:
        """End the frames of our stack that are not among the callers of `frame`."""
        stack = thread.stack
        if not stack:
            return
        callers = set()
        while frame is not None:
            callers.add(frame_key(frame))
            frame = frame.f_back
        while stack and stack[-1].frame_id not in callers:
            self._end_unseen(thread)

    def _end_unseen(self, thread: ThreadState) -> None:
        state = thread.stack[-1]
        if state.plan.suspends:
            # What its delegate yielded has passed through it without an event.
            buf = self._event(f.YIELD)
            buf += uv(state.offset)
            value = thread.returned
            self.objects.encoder.put(
                buf, value if type(value) is not Entry or value.alive else LEFT_OUT
            )
            self._suspend(thread, state)
            return
        buf = self._event(f.UNWIND)
        self.objects.encoder.put(buf, LEFT_OUT)
        self._pop(thread, state)
        if self.control is not None:
            self.commit()
            self.control.on_unwind(state, None, None)

    def _pop(self, thread: ThreadState, state: FrameState) -> None:
        thread.stack.pop()
        self._forget_frame(state)

    def _dropped(self, state: FrameState) -> None:
        """Log that a suspended frame has ceased without an event."""
        self._block_frames[state.number] = None
        buf = self._event(f.DROPPED)
        buf += uv(state.number)
        self._forget_frame(state)

    def generator_died(self, entry: Entry) -> None:
        """Log the end of a generator's frame when the generator died while it was suspended."""
        number = entry.value
        for state in [*self.suspended.values()]:
            if state.number == number:
                del self.suspended[state.frame_id]
                # Up to 3.12 `f_locals` holds it until a callback reads anew: what its `finally`
                # clauses do is unseen.
                self.changes.reachable(state.values)
                self._dropped(state)

    def _frame_of_generator(self, generator: Any) -> int:
        frame = layouts.generator_frame(generator)
        if frame is None:
            return 0
        state = self.suspended.get(frame_key(frame))
        if state is not None:
            return state.number
        for thread in self.threads.values():
            for state in thread.stack:
                if state.frame_id == frame_key(frame):
                    return state.number
        return 0

    def _flush_caller(self, thread: ThreadState, frame: FrameType) -> int:
        """Log what the calling line did so far; returns the caller's offset.

        Without a recorded caller it is code that runs unseen which calls or resumes.
        """
        stack = thread.stack
        if not stack:
            self.changes.reachable([])
            return 0
        state = stack[-1]
        caller = frame.f_back
        while caller is not None and frame_key(caller) != state.frame_id:
            caller = caller.f_back
        if caller is None:
            self._leave_ended(thread, frame)
            return self._flush_caller(thread, frame) if stack else 0
        if state.running is not None:
            self._flush(state, caller)
            if self.watches is not None:
                self._show_changes(state, caller)
        if state.raised:
            self._handled(state)
        state.offset = caller.f_lasti >> 1 if caller.f_lasti >= 0 else 0
        state.fresh = True
        return state.offset

    def _handled(self, state: FrameState) -> None:
        state.raised = False
        buf = self._event(f.HANDLED)
        buf += uv(state.offset)


def _depth(frame: FrameType | None) -> int:
    """Count the frames of a stack, which is what the recursion limit counts."""
    depth = 0
    while frame is not None:
        depth += 1
        frame = frame.f_back
    return depth
