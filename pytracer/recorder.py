"""What happened in the program, as the events of FORMAT.md.

Both event sources call the same methods of `Recorder`; everything below is the same for both.

Construction and life (for the launcher):

    recorder = Recorder(writer, registry, scope, settings, warn, control=None)
        writer     wire.LogWriter; the recorder sets its `on_block_start` and `on_block_end`
        registry   code_objects.CodeObjectRegistry
        scope      scope.Scope: `scope.decide(wrapper, frame) -> bool`, asked once per code object
        settings   a dict with the keys of controlChannel.ts's RecorderSettings; "maxItems" and
                   "maxStringLength" are read here
        warn       called with one sentence when something could not be recorded
    recorder.start("monitoring" | "settrace")    from now on recorded code is seen
    recorder.stop()                               events end; the log stays open
    recorder.finish(exit_code, exception)         writes END; the launcher then closes the writer
    recorder.output(stream, text)                 OUTPUT; stream is format.STDOUT or STDERR
    recorder.forked(pid)                          the parent's side of os.fork: CHILD
    recorder.abandon()                            the child's side: forgets everything

For control.py, at a stop (the recorder is held by this thread then):

    control.stops_at(state, wrapper, line, frame) -> bool, before the step is in the log
    control.is_due: it said so; then control.on_step(state, frame)
    control.on_return(state, frame, value)
    control.on_unwind(state, frame or None, exception or None)
    control.on_raise(state, frame, exception, propagated)
        state.number      the frame's number in the recording
        state.thread      ThreadState: `.ident`, `.name`, `.stack` (FrameStates, outermost first)
    recorder.current_moment() -> (step, event)
    recorder.find_frame(number, frame) -> frame object or None, walking f_back from `frame`
    recorder.object_id(value) -> number of a tracked object, else 0
    recorder.after_evaluate(expression, frame) -> None: EVALUATE and what it changed
    recorder.flush(frame) -> None: the effects of the running line so far, into the log
"""

from __future__ import annotations

import sys
from _thread import RLock, _local, get_ident

from . import format as f
from . import layouts
from .code_objects import encode_code
from .frames import CodePlan, FrameState, ThreadState
from .lifetimes import Lifetimes
from .line_changes import LineChanges
from .objects import Entry, ObjectTable
from .own_frames import passes_through
from .sources import read_source
from .values import LEFT_OUT, SCALARS, UNBOUND, same
from .wire import put_str, text, uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType, TracebackType
    from typing import Any

    from .code_objects import CodeObjectRegistry, CodeObjectWrapper
    from .frames import LinePlan
    from .scope import Scope
    from .wire import LogWriter

# Since 3.13 (PEP 667) `f_locals` is a view that reads one variable at a time.
_HAS_VIEWS = sys.version_info >= (3, 13)
_SWALLOWERS = frozenset(
    ("FOR_ITER", "SEND", "YIELD_FROM", "END_ASYNC_FOR", "END_SEND", "END_FOR", "POP_ITER")
)
_KNOWN_EVALUATE_BUDGET = 100_000
_LOST_BUDGET = 1_000_000
_MORE_ROOM = 100


class Recorder:
    """Turns what a source sees into the log."""

    def __init__(
        self,
        writer: LogWriter,
        registry: CodeObjectRegistry,
        scope: Scope,
        settings: dict[str, Any],
        warn: Callable[[str], None],
        control: Any = None,
    ) -> None:
        self.writer = writer
        self.registry = registry
        self.scope = scope
        self.settings = settings
        self.warn = warn
        self.control = control
        self.max_items: int = settings.get("maxItems", 10_000)
        max_string: int = settings.get("maxStringLength", 10_000)
        self.lock = RLock()
        # A callback is at work; what happens inside it is queued.
        self.busy = False
        self.dead = False
        self.objects = ObjectTable(writer, self.max_items, max_string)
        self.objects.frame_number = self._frame_of_generator
        self.changes = LineChanges(self.objects, self._code_recorded, self.max_items)
        self.lives = Lifetimes(self.objects, self)
        self.threads: dict[int, ThreadState] = {}
        self.current: ThreadState | None = None
        self.suspended: dict[int, FrameState] = {}
        # Live frames by the names of their cell and free variables.
        self.sharing: dict[str, dict[int, FrameState]] = {}
        self.steps = 0
        self.total_events = 0
        self._line_at = 0
        # Entries of the string table that committed events made.
        self._strings_in_log = 0
        self._broken = False
        self._committing = False
        self._lost = False
        # The program's own recursion limit while a higher one is set.
        # The program's recursion limit while it is raised to make room for the recorder.
        self._limit: int | None = None
        self._too_deep: RecursionError | None = None
        self._steps_in_buffer = 0
        self._next_frame = 1
        self._next_source = 1
        self._sources: dict[str, int] = {}
        self._block_frames: dict[int, None] = {}
        self._outputs: list[tuple[int, str]] = []
        self._ended_threads: list[int] = []
        self._thread_ends = _local()
        self.main_exception: BaseException | None = None
        # A frame of the program was seen.
        self.started = False
        self._main = get_ident()
        self.source: Any = None
        writer.on_block_start = self._keyframe
        writer.on_block_end = self._directory

    # Life.

    def start(self, source: str) -> None:
        """See recorded code from now on."""
        if source == "monitoring":
            from .monitoring_source import MonitoringSource

            self.source = MonitoringSource(self)
        else:
            from .settrace_source import SettraceSource

            self.source = SettraceSource(self)
        self.lives.start()
        self.source.start()

    def stop(self) -> None:
        """See nothing any more; the log stays open."""
        if self.source is not None:
            self.source.stop()
        self.lives.stop()

    def finish(self, exit_code: int, exception: BaseException | None) -> None:
        """Write END and let go of everything of the program."""
        self.dead = True
        with self.lock:
            if self.writer.failed:
                return
            if self.writer.buf:
                self._recover(f.REASON_RECURSION, "the recursion is too deep")
            self._drain()
            known = self.objects.known(exception) if exception is not None else None
            buf = self._event(f.END)
            buf.append(f.END_EXIT if exception is None else f.END_UNCAUGHT)
            number = exit_code if -(1 << 31) <= exit_code < 1 << 32 else 1
            buf += uv(number * 2 if number >= 0 else -2 * number - 1)
            self.objects.encoder.put(buf, known)
            self.commit()
            self._let_go()

    def abandon(self) -> None:
        """Forget everything in a forked child; the files belong to its parent."""
        self.lock = RLock()
        self.busy = False
        self.dead = True
        self.stop()
        self.writer.abandon()
        self._let_go()

    def _let_go(self) -> None:
        self.lives.stop()
        self.objects.clear()
        self.changes.clear()
        self.threads.clear()
        self.suspended.clear()
        self.sharing.clear()
        self.current = None

    def main_ended(self, exception: BaseException) -> None:
        """Keep what left the outermost frame of the program; exit callbacks come later."""
        if get_ident() == self._main:
            self.main_exception = exception

    def forked(self, pid: int) -> None:
        """Log a child process of this one."""
        if self.dead:
            return
        with self.lock:
            if self.busy or self.writer.buf:
                return
            buf = self._event(f.CHILD)
            buf += uv(pid)
            self.commit()

    def output(self, stream: int, written: str) -> None:
        """Log what the program printed; safe anywhere."""
        if self.dead:
            return
        self._outputs.append((stream, written))
        if not self.busy and self.lock.acquire(False):
            try:
                if not self.busy and not self.writer.buf:
                    self._drain()
                    self.commit()
            finally:
                self.lock.release()

    # What the sources ask.

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
        state = self.suspended.get(id(frame))
        if state is not None and state.plan is plan:
            return True
        thread = self.threads.get(get_ident())
        return thread is not None and bool(thread.stack) and thread.stack[-1].frame_id == id(frame)

    def _make_plan(self, wrapper: CodeObjectWrapper, code: CodeType, frame: FrameType) -> CodePlan:
        recorded = bool(self.scope.decide(wrapper, frame))
        wrapper.recorded = recorded
        plan = CodePlan(wrapper, code, recorded=recorded)
        if recorded:
            self._send_code(plan)
        wrapper.plan = plan
        return plan

    def _send_code(self, plan: CodePlan) -> None:
        filename = plan.filename
        source = self._sources.get(filename)
        if source is None:
            found = None if filename.startswith("<") else read_source(filename)
            source = 0
            if found is not None:
                source = self._next_source
                self._next_source += 1
                self.writer.frame(f.SOURCE, uv(source) + text(filename) + text(found), source)
            self._sources[filename] = source
        self.writer.frame(f.CODE, encode_code(plan.wrapper, source), plan.code_id)

    def _code_recorded(self, code: CodeType) -> bool:
        wrapper = self.registry.wrapper(code)
        plan = wrapper.plan
        if plan is not None:
            return bool(plan.recorded)
        if wrapper.recorded:
            return True
        filename = wrapper.filename
        return not filename.startswith("<") and self.scope.includes_file(filename)

    # Events of frames. Each is called with the lock held, between `enter` and `leave`.

    def begin(self) -> None:
        """Begin a callback (hot); the lock is held. The caller sets `busy` to False at its end."""
        self.busy = True
        if self.writer.buf:
            # A callback could not even take its events back: it had no room on the stack.
            self._broken = True
        if self._limit is not None:
            self._restore_limit()
        if (self._outputs or self._ended_threads) and not self._broken:
            self._drain()
            self.commit()

    def let_go(self) -> list[Any]:
        """Return what must be let go outside of the callback (hot)."""
        doomed = self.lives.doomed
        if doomed:
            self.lives.doomed = []
        return doomed

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
        state = FrameState(self._next_frame, plan, id(frame), thread)
        self._next_frame += 1
        self.started = True
        old = self.suspended.pop(id(frame), None)
        if old is not None:
            self._dropped(old)
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
            entry = objects.generators.pop(id(frame), None)
            if entry is not None and entry.alive:
                entry.value = state.number
                objects.by_frame[state.number] = entry
                buf = objects.begin_change(entry)
                buf.append(f.GENERATOR)
                buf += uv(entry.oid) + uv(state.number)
        return state

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
        variables = frame.f_locals
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

    def line(self, frame: FrameType, plan: CodePlan, line: int) -> None:
        """Log a step."""
        thread = self._here()
        state = self._top(thread, frame, plan)
        if state.running is not None:
            self._flush(state, frame)
        if state.full:
            self._compare_frame(state, frame)
        if state.raised:
            self._handled(state)
        control = self.control
        if control is not None and control.stops_at(state, plan.wrapper, line, frame):
            # Whoever looks has time: what was left out of the comparisons is looked at now.
            self.changes.settle(_KNOWN_EVALUATE_BUDGET)
        self.lives.look()
        lasti = frame.f_lasti
        offset = lasti >> 1
        delta = offset - state.offset
        objects = self.objects
        buf = self.writer.buf
        if -64 <= delta <= 63:
            buf.append(0xC0 + delta)
        else:
            buf.append(f.LINE_AT)
            buf += uv(offset)
        objects.events += 1
        self._steps_in_buffer += 1
        self._line_at = self.total_events + objects.events
        self.steps += 1
        state.offset = offset
        state.step1 = self.steps
        state.fresh = True
        lines = plan.lines
        running = lines[line] if line in lines else plan.plan_line(line)
        state.running = running
        if running is not None and running.twice:
            state.before = self.changes.before(state, running)
        elif state.before:
            state.before = []
        if control is not None and control.is_due:
            self.commit()
            control.on_step(state, frame)

    def returned(self, frame: FrameType, plan: CodePlan, value: Any) -> None:
        """Log a return."""
        thread = self._here()
        state = self._top(thread, frame, plan)
        self._finish_line(state, frame)
        known = self.objects.known(value)
        buf = self._event(f.RETURN)
        state.offset = frame.f_lasti >> 1
        buf += uv(state.offset)
        self.objects.encoder.put(buf, known)
        self._pop(thread, state)
        if self.control is not None:
            self.commit()
            self.control.on_return(state, frame, value)
        self.objects.lost(known)

    def yielded(self, frame: FrameType, plan: CodePlan, value: Any) -> None:
        """Log a suspension; the line goes on when the frame is resumed."""
        thread = self._here()
        state = self._top(thread, frame, plan)
        if state.running is not None:
            self._flush(state, frame)
        if state.raised:
            self._handled(state)
        if layouts.type_name(type(value)) == "async_generator_wrapped_value":
            value = layouts.unwrap(value)
        known = self.objects.known(value)
        buf = self._event(f.YIELD)
        state.offset = frame.f_lasti >> 1
        if plan.opname(state.offset) == "RESUME":
            # 3.13 stands behind the instruction that yields.
            state.offset -= 1
        buf += uv(state.offset)
        self.objects.encoder.put(buf, known)
        self._suspend(thread, state)
        thread.returned = known if type(known) is Entry or type(known) in SCALARS else None
        self.objects.lost(known)

    def _suspend(self, thread: ThreadState, state: FrameState) -> None:
        thread.stack.pop()
        self.suspended[state.frame_id] = state
        self._block_frames[state.number] = None

    def resumed(self, frame: FrameType, plan: CodePlan, exception: BaseException | None) -> None:
        """Log a resumption, by an exception when one is thrown in."""
        thread = self._here()
        stack = thread.stack
        if stack and stack[-1].frame_id == id(frame):
            return
        state = self.suspended.get(id(frame))
        if state is None or state.plan is not plan:
            self._call(frame, plan)
            return
        back = frame.f_back
        if back is not None and id(back) in self.suspended:
            # `throw` goes to the innermost generator at once; those that delegate to it run again
            # too.
            outer = self.suspended[id(back)]
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
        self._put_frame(buf, state, self.objects.encoder.put)
        state.block = self.writer.block

    def raised(
        self,
        frame: FrameType,
        plan: CodePlan,
        exception: BaseException,
        traceback: TracebackType | None = None,
    ) -> Any:
        """Log an exception that surfaces in a frame; returns its entry.

        `traceback`: where the exception does not know its own yet (a trace function before 3.12).
        """
        offset = frame.f_lasti >> 1
        thread = self._here()
        state = self._top(thread, frame, plan)
        if self._swallowed(plan, offset, exception):
            return None
        if state.running is not None:
            self._flush(state, frame)
        if traceback is None:
            traceback = exception.__traceback__
        if traceback is not None and traceback.tb_next is not None and _hide_own_frames(traceback):
            # It came up in a callback, before the event could be logged.
            state.full = True
            self.gap(
                f.REASON_PROGRAM_EXCEPTION, "an exception of the program interrupted the recorder"
            )
        from_call = traceback is not None and traceback.tb_next is not None
        if from_call and plan.opname(offset) == "RAISE_VARARGS":
            from_call = False
        objects = self.objects
        known = objects.known(exception)
        if type(known) is Entry:
            objects.compare(known)
        buf = self._event(f.RAISE)
        state.offset = offset
        buf += uv(offset)
        buf.append(f.RAISE_FROM_CALL if from_call else 0)
        objects.encoder.put(buf, known)
        state.raised = True
        state.lasti = frame.f_lasti
        if self.control is not None:
            self.commit()
            self.control.on_raise(state, frame, exception, from_call)
        objects.lost(known)
        return known

    def _swallowed(self, plan: CodePlan, offset: int, exception: BaseException) -> bool:
        """Say whether the interpreter itself ends an iteration with this exception."""
        kinds = layouts.type_mro(type(exception))
        if StopIteration in kinds:
            return plan.opname(offset) in _SWALLOWERS
        if StopAsyncIteration in kinds:
            return plan.has_async_for and plan.opname(offset) in _SWALLOWERS
        return False

    def unwound(
        self, frame: FrameType, plan: CodePlan, exception: BaseException | Entry | None
    ) -> None:
        """Log that a frame leaves by an exception, which may come as its entry."""
        thread = self._here()
        state = self._top(thread, frame, plan)
        self._finish_line(state, frame, handled=False)
        known: Any = LEFT_OUT
        leaving: Any = exception
        if type(exception) is Entry:
            known, leaving = exception, exception.object()
        elif exception is not None:
            known = self.objects.known(exception)
        buf = self._event(f.UNWIND)
        self.objects.encoder.put(buf, known)
        self._pop(thread, state)
        if self.control is not None:
            self.commit()
            self.control.on_unwind(state, frame, leaving)
        if not thread.stack and frame.f_code.co_name == "<module>" and leaving is not None:
            self.main_ended(leaving)
        self.objects.lost(known)

    def _finish_line(self, state: FrameState, frame: FrameType, *, handled: bool = True) -> None:
        if state.running is not None:
            self._flush(state, frame)
            state.running = None
        if handled and state.raised:
            self._handled(state)
        self.lives.look()

    def _handled(self, state: FrameState) -> None:
        state.raised = False
        buf = self._event(f.HANDLED)
        buf += uv(state.offset)

    # The stack.

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

    def lose(self) -> None:
        """Note that the program has run for a while without events."""
        self._lost = True

    def _find_again(self) -> None:
        self._lost = False
        self.gap(
            f.REASON_PROGRAM_EXCEPTION, "an exception of the program ended the tracing for a while"
        )
        for thread in self.threads.values():
            for state in thread.stack:
                state.full = True
        for state in self.suspended.values():
            state.full = True
        self.changes.everything(_LOST_BUDGET)

    def _top(self, thread: ThreadState, frame: FrameType, plan: CodePlan) -> FrameState:
        """Return the state of the frame that has an event.

        Agrees with it first if need be (hot).
        """
        stack = thread.stack
        if stack:
            state = stack[-1]
            if state.frame_id == id(frame) and state.plan is plan:
                return state
        return self._resynchronise(thread, frame, plan)

    def _resynchronise(self, thread: ThreadState, frame: FrameType, plan: CodePlan) -> FrameState:
        """Make our stack agree with the interpreter's: frames ended or began without an event."""
        stack = thread.stack
        if any(state.frame_id == id(frame) and state.plan is plan for state in stack):
            while stack[-1].frame_id != id(frame) or stack[-1].plan is not plan:
                self._end_unseen(thread)
            return stack[-1]
        state = self.suspended.get(id(frame))
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
            callers.add(id(frame))
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

    def _forget_frame(self, state: FrameState) -> None:
        lost = self.objects.lost
        for value in state.values:
            if type(value) is Entry:
                lost(value)
        if state.locals is not None and state.locals is not state.globals:
            lost(state.locals)
        for name in state.plan.cells:
            self.sharing[name].pop(state.number, None)

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
        state = self.suspended.get(id(frame))
        if state is not None:
            return state.number
        for thread in self.threads.values():
            for state in thread.stack:
                if state.frame_id == id(frame):
                    return state.number
        return 0

    def _flush_caller(self, thread: ThreadState, frame: FrameType) -> int:
        """Log what the calling line did so far; returns the caller's offset."""
        stack = thread.stack
        if not stack:
            return 0
        state = stack[-1]
        caller = frame.f_back
        while caller is not None and id(caller) != state.frame_id:
            caller = caller.f_back
        if caller is None:
            self._leave_ended(thread, frame)
            return self._flush_caller(thread, frame) if stack else 0
        if state.running is not None:
            self._flush(state, caller)
        if state.raised:
            self._handled(state)
        state.offset = caller.f_lasti >> 1 if caller.f_lasti >= 0 else 0
        state.fresh = True
        return state.offset

    # Effects of lines.

    def _flush(self, state: FrameState, frame: FrameType) -> None:
        """Log what the running line of a frame changed up to now (hot)."""
        running = state.running
        if running is None:
            return
        if running.slots:
            if state.plan.fast:
                self._store_slots(state, frame, running)
            elif _HAS_VIEWS and state.locals is not state.globals:
                self._store_hidden(state, frame, running)
        effects = running.effects
        if effects.names and state.locals is not None:
            self._store_names(state.locals, effects.names)
        if effects.globals and state.globals is not None:
            self._store_names(state.globals, effects.globals)
        if running.active and self.changes.after(state, running) and state.plan.cells:
            self._compare_frame(state, frame)

    def _store_slots(self, state: FrameState, frame: FrameType, running: LinePlan) -> None:
        variables = frame.f_locals
        known, objects = state.values, self.objects
        for slot, name in running.slots:
            value = variables.get(name, UNBOUND)
            if value is not UNBOUND:
                value = objects.variable(value)
            if not same(known[slot], value):
                self._write(state, slot, value)
        if running.derefs:
            for name in running.derefs:
                self._share(state, name, frame)

    def _store_hidden(self, state: FrameState, frame: FrameType, running: LinePlan) -> None:
        """Compare the variables of comprehensions in a class body (PEP 709).

        At module level, and before 3.13, they are not read: asking a frame in that state crashes
        some versions.
        """
        variables = frame.f_locals
        mapping = state.locals.object() if state.locals is not None else None
        for slot, name in running.slots:
            value = UNBOUND if variables is mapping else variables.get(name, UNBOUND)
            if value is not UNBOUND:
                value = self.objects.variable(value)
            if not same(state.values[slot], value):
                self._write(state, slot, value)

    def _write(self, state: FrameState, slot: int, value: Any) -> None:
        if value is UNBOUND:
            buf = self._event(f.DELETE)
            buf += uv(slot)
        else:
            buf = self._event(f.WRITE)
            buf += uv(slot)
            self.objects.encoder.put(buf, value)
        old = state.values[slot]
        state.values[slot] = value
        state.written[slot] = self.steps
        state.fresh = True
        self.objects.lost(old)

    def _compare_frame(self, state: FrameState, frame: FrameType) -> None:
        """Compare all variables of the top frame of its thread."""
        state.full = False
        if not state.plan.fast:
            if state.locals is not None:
                self.objects.compare(state.locals)
            return
        variables = frame.f_locals
        known, objects = state.values, self.objects
        for slot, name in enumerate(state.plan.slots):
            value = variables.get(name, UNBOUND)
            if value is not UNBOUND:
                value = objects.variable(value)
            if not same(known[slot], value):
                self._write(state, slot, value)

    def _share(self, state: FrameState, name: str, frame: FrameType) -> None:
        """Log what other frames and closures see of a cell variable that may have been stored."""
        objects = self.objects
        cells = objects.cells.get(name)
        if cells:
            for entry in [*cells.values()]:
                objects.compare(entry)
        others = self.sharing.get(name)
        if others is None or len(others) < 2:
            return
        wanted = {
            other.frame_id: other
            for other in others.values()
            if other is not state and other.plan.filename == state.plan.filename
        }
        walked: FrameType | None = frame
        while walked is not None and wanted:
            other = wanted.pop(id(walked), None)
            if other is not None and other.thread is state.thread:
                self._write_in(other, name, walked.f_locals.get(name, UNBOUND))
            walked = walked.f_back
        for other in wanted.values():
            # Suspended, or of another thread: read anew when it goes on.
            generator = self._suspended_frame(other)
            if generator is not None:
                self._write_in(other, name, generator.f_locals.get(name, UNBOUND))
            else:
                other.full = True

    def _suspended_frame(self, state: FrameState) -> FrameType | None:
        entry = self.objects.by_frame.get(state.number)
        generator = entry.object() if entry is not None else None
        return layouts.generator_frame(generator) if generator is not None else None

    def _write_in(self, state: FrameState, name: str, value: Any) -> None:
        slot = state.plan.slot_of[name]
        if value is not UNBOUND:
            value = self.objects.variable(value)
        if same(state.values[slot], value):
            return
        if state.frame_id in self.suspended and state.block != self.writer.block:
            buf = self._event(f.FRAME)
            self._put_frame(buf, state, self.objects.encoder.put)
            state.block = self.writer.block
            self._block_frames[state.number] = None
        buf = self._event(f.WRITE_IN)
        buf += uv(state.number) + uv(slot)
        self.objects.encoder.put(buf, value)
        old, state.values[slot] = state.values[slot], value
        state.written[slot] = self.steps
        state.fresh = True
        self.objects.lost(old)

    def _store_names(self, entry: Entry, names: tuple[str, ...]) -> None:
        """Compare some names of a namespace."""
        objects = self.objects
        if entry.index is None or "*" in names:
            objects.compare(entry)
            return
        namespace = entry.object()
        for name in names:
            value = dict.get(namespace, name, UNBOUND)
            place = entry.index.get(name)
            if value is UNBOUND:
                if place is not None:
                    objects.delete_pair(entry, place)
                    entry.index = {n: i for i, n in enumerate(entry.keys or ()) if type(n) is str}
            elif place is not None:
                mapped = objects.by_id.get(id(value), value)
                if mapped is not entry.items[place]:
                    objects.set_item(entry, place, mapped)
            elif len(entry.items) == entry.total < self.max_items:
                entry.index[name] = entry.total
                objects.append_pair(entry, name, value)
            else:
                objects.compare(entry)

    # Threads.

    def _switch(self, ident: int) -> ThreadState:
        thread = self.threads.get(ident)
        buf = self.writer.buf
        previous = self.current
        if previous is not None and previous.stack and previous.stack[-1].running is not None:
            # It may have run a part of its line since.
            state = previous.stack[-1]
            if state.running is not None and state.running.active:
                self.changes.after(state, state.running)
        if thread is None:
            thread = self.threads[ident] = ThreadState(ident, _thread_name(ident, self._main))
            buf = self._event(f.THREAD_START)
            buf += uv(ident)
            put_str(buf, self.writer.strings, thread.name)
            if ident != self._main:
                self._thread_ends.end = _ThreadEnd(self._ended_threads, ident)
        elif thread.name != _thread_name(ident, self._main):
            thread.name = _thread_name(ident, self._main)
            buf = self._event(f.THREAD_START)
            buf += uv(ident)
            put_str(buf, self.writer.strings, thread.name)
        buf = self._event(f.THREAD)
        buf += uv(ident)
        self.current = thread
        return thread

    # The log.

    def _event(self, opcode: int) -> bytearray:
        buf = self.writer.buf
        buf.append(opcode)
        self.objects.events += 1
        return buf

    def _drain(self) -> None:
        while self._outputs:
            stream, written = self._outputs.pop(0)
            buf = self._event(f.OUTPUT)
            buf.append(stream)
            buf += text(written)
        while self._ended_threads:
            ident = self._ended_threads.pop()
            thread = self.threads.get(ident)
            if thread is None or (thread is self.current and ident == get_ident()):
                continue
            for state in thread.stack:
                self._forget_frame(state)
            del self.threads[ident]
            buf = self._event(f.THREAD_END)
            buf += uv(ident)
            if thread is self.current:
                self.current = None

    def commit(self) -> None:
        """Move the events of this callback into the log (hot)."""
        objects = self.objects
        events = objects.events
        if not events:
            return
        steps = self._steps_in_buffer
        objects.events = 0
        self._steps_in_buffer = 0
        self.total_events += events
        writer = self.writer
        self._committing = True
        writer.commit(steps, events)
        self._strings_in_log = len(writer.strings)
        objects.committed()
        self._committing = False

    def _put_frame(
        self, buf: bytearray, state: FrameState, put: Callable[[bytearray, Any], None]
    ) -> None:
        buf += uv(state.number) + uv(state.plan.code_id) + uv(state.offset) + uv(state.step1)
        buf += uv(state.globals.oid if state.globals is not None else 0)
        buf += uv(state.locals.oid if state.locals is not None else 0)
        buf.append(f.FRAME_IS_GENERATOR if state.plan.suspends else 0)
        buf += uv(len(state.values))
        for value, written in zip(state.values, state.written):
            put(buf, value)
            buf += uv(written)

    def _keyframe(self) -> bytes:
        """Encode the running frames for the block that begins."""
        block = self.writer.block
        put = self.objects.encoder.put_inline
        out = bytearray(uv(len(self.threads)))
        for thread in self.threads.values():
            stack = thread.stack
            shared = 0
            if block % f.SHARED_PERIOD:
                while shared < len(stack) and not stack[shared].fresh:
                    shared += 1
            out += uv(thread.ident) + text(thread.name) + uv(shared) + uv(len(stack) - shared)
            for state in stack[shared:]:
                self._put_frame(out, state, put)
            for state in stack:
                state.fresh = False
                state.block = block
        out += uv(self.current.ident if self.current is not None else 0)
        return bytes(out)

    def _directory(self) -> bytes:
        frames = self._block_frames
        self._block_frames = {}
        return self.objects.directory() + uv(len(frames)) + b"".join(map(uv, frames))

    # For the debugger.

    def current_moment(self) -> tuple[int, int]:
        """Return (step, event) of the newest event in the log; (-1, n) before the first step."""
        return self.steps - 1, self.total_events + self.objects.events - self._line_at

    def find_frame(self, number: int, frame: FrameType | None) -> FrameType | None:
        """Find the frame object of a frame number among `frame` and its callers."""
        current = self.current
        if current is None:
            return None
        wanted = [state.frame_id for state in current.stack if state.number == number]
        while frame is not None and wanted:
            if id(frame) == wanted[0]:
                return frame
            frame = frame.f_back
        return None

    def object_id(self, value: Any) -> int:
        """Return the number of a tracked object, else 0."""
        if type(value) in SCALARS:
            return 0
        entry = self.objects.by_id.get(id(value))
        return entry.oid if entry is not None else 0

    def flush(self, frame: FrameType) -> None:
        """Log what the running line of the top frame did so far, and seal the log."""
        current = self.current
        if current is not None and current.stack and current.stack[-1].frame_id == id(frame):
            self._flush(current.stack[-1], frame)
        self.commit()
        self.writer.seal()

    def after_evaluate(self, expression: str, frame: FrameType) -> None:
        """Log that the debugger ran an expression, and what it changed."""
        buf = self._event(f.EVALUATE)
        buf += text(expression)
        current = self.current
        walked: FrameType | None = frame
        if current is not None:
            states = {state.frame_id: state for state in current.stack}
            top = current.stack[-1] if current.stack else None
            while walked is not None:
                state = states.get(id(walked))
                if state is not None and state is top:
                    self._compare_frame(state, walked)
                elif state is not None and state.plan.fast:
                    variables = walked.f_locals
                    for name in state.plan.slots:
                        self._write_in(state, name, variables.get(name, UNBOUND))
                walked = walked.f_back
        self.changes.everything(_KNOWN_EVALUATE_BUDGET)
        self.commit()

    # Failures.

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
            buf += uv(self.current.ident)
        self.commit()
        writer.seal()
        self._strings_in_log = len(strings)
        self._broken = False

    def gap(self, reason: int, explanation: str) -> None:
        """Log that something was left out."""
        buf = self._event(f.GAP)
        buf.append(reason)
        buf += text(explanation)


class _ThreadEnd:
    """Lies in a thread's local storage: dies with the thread."""

    __slots__ = ("ended", "ident")

    def __init__(self, ended: list[int], ident: int) -> None:
        self.ended = ended
        self.ident = ident

    def __del__(self) -> None:
        self.ended.append(self.ident)


def _depth(frame: FrameType | None) -> int:
    """Count the frames of a stack, which is what the recursion limit counts."""
    depth = 0
    while frame is not None:
        depth += 1
        frame = frame.f_back
    return depth


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


def _hide_own_frames(traceback: Any) -> bool:
    """Take the recorder's frames out of a traceback; returns whether there were any."""
    found = False
    last = traceback
    inner = traceback.tb_next
    while inner is not None:
        if inner.tb_frame.f_globals.get("__package__") == __package__:
            found = True
        else:
            if last.tb_next is not inner:
                last.tb_next = inner
            last = inner
        inner = inner.tb_next
    if last.tb_next is not None:
        last.tb_next = None
    return found


def _describe(error: BaseException) -> str:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    place = ""
    if traceback is not None:
        code = traceback.tb_frame.f_code
        place = f" ({code.co_name}, line {traceback.tb_lineno})"
    return f"{type(error).__name__}: {error}{place}"


def _thread_name(ident: int, main: int) -> str:
    """Return a thread's name without importing `threading` or running the program's code."""
    threading = sys.modules.get("threading")
    if threading is not None:
        thread = dict.get(vars(threading).get("_active", {}), ident)
        if thread is not None:
            attributes = layouts.instance_dict(thread, layouts.layout_of(type(thread)))
            name = dict.get(attributes, "_name") if attributes is not None else None
            if type(name) is str:
                return name
    return "MainThread" if ident == main else f"Thread-{ident}"
