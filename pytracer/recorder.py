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
    recorder.start("monitoring" | "settrace" | "native")    from now on recorded code is seen
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
        state.thread      ThreadState: `.number`, `.name`, `.stack` (FrameStates, outermost first)
    recorder.current_moment() -> (step, event)
    recorder.find_frame(number, frame) -> frame object or None, walking f_back from `frame`
    recorder.object_id(value) -> number of a tracked object, else 0
    recorder.after_evaluate(expression, frame, quiet=False) -> None: EVALUATE and what it changed
    recorder.watch(watches or None) -> None: changes are told to a watches.Watches; then
    control.on_change(state, frame), when a piece of a line has touched what is watched
    recorder.flush(frame) -> None: the effects of the running line so far, into the log
"""

from __future__ import annotations

import sys
from _thread import get_ident
from opcode import opname

from . import format as f
from . import layouts
from .activations import Activations
from .core import RecorderLock, adopt, frame_key
from .lifetimes import Lifetimes
from .line_changes import LineChanges
from .objects import Entry
from .parts import Parts
from .values import LEFT_OUT, SCALAR_IDS
from .wire import text, uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType
    from typing import Any

    from .code_objects import CodeObjectRegistry
    from .effects import Call
    from .frames import CodePlan, FrameState
    from .scope import Scope
    from .wire import LogWriter

_SWALLOWERS = frozenset(
    ("FOR_ITER", "SEND", "YIELD_FROM", "END_ASYNC_FOR", "END_SEND", "END_FOR", "POP_ITER")
)
adopt("swallowers", bytes(name in _SWALLOWERS for name in opname))
_KNOWN_EVALUATE_BUDGET = 100_000


class Recorder(Activations):
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
        super().__init__(writer, registry, scope, settings, warn, control)
        self.objects.frame_number = self._frame_of_generator
        self.objects.steps = lambda: self.steps
        self.changes = LineChanges(self.objects, self.code_recorded, self.max_items)
        self.lives = Lifetimes(self.objects, self)
        # The exception of the last raise, and the id of its traceback as it was then.
        self._looked_through: tuple[Entry | None, int] = (None, 0)
        if writer.is_bounded:
            parts = Parts(self)
            writer.on_part_start = parts.begin
            writer.on_part_meta = parts.meta
            self.objects.unknown_since = {}

    def start(self, source: str) -> None:
        """See recorded code from now on."""
        if source == "native" and sys.version_info >= (3, 12):
            from .native_source import NativeSource

            self.source = NativeSource(self)
        elif source == "monitoring":
            from .monitoring_source import MonitoringSource

            self.source = MonitoringSource(self)
        elif source == "native":
            from .native_trace_source import NativeTraceSource

            self.source = NativeTraceSource(self)
        else:
            from .settrace_source import SettraceSource

            self.source = SettraceSource(self)
        self.lives.start()
        self.source.start()

    def finish(self, exit_code: int, exception: BaseException | None) -> None:
        """Write END and let go of everything of the program."""
        self.dead = True
        with self.lock:
            if self.writer.failed:
                return
            if self.writer.buf:
                self._recover(f.REASON_RECURSION, "the recursion is too deep")
            if self._lost:
                self._find_again()
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
        self.lock = RecorderLock()
        self.busy = False
        self.dead = True
        self.stop()
        self.writer.abandon()
        self._let_go()

    def _let_go(self) -> None:
        self.lives.stop()
        self.lives.forget()
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

    def begin(self) -> None:
        """Begin a callback (hot); the lock is held. The caller sets `busy` to False at its end."""
        self.busy = True
        if self.writer.buf:
            # A callback could not even take its events back: it had no room on the stack.
            self._broken = True
        if self._limit is not None:
            self._restore_limit()
        if (self._outputs or self._ended_threads or self.untraced) and not self._broken:
            self._drain()
            self.commit()

    def let_go(self) -> list[Any]:
        """Return what must be let go outside of the callback (hot)."""
        doomed = self.lives.doomed
        if doomed:
            self.lives.doomed = []
        return doomed

    def line(self, frame: FrameType, plan: CodePlan, line: int) -> None:
        """Log a step."""
        thread = self._here()
        state = self._top(thread, frame, plan)
        if state.running is not None:
            self._flush(state, frame)
        if state.full:
            self._compare_frame(state, frame)
        if self.watches is not None:
            self._show_changes(state, frame)
        if state.raised:
            self._handled(state)
        control = self.control
        if control is not None and control.stops_at(state, plan.wrapper, line, frame):
            # Whoever looks has time: what was left out of the comparisons is looked at now.
            self.changes.settle(_KNOWN_EVALUATE_BUDGET)
        self.lives.look()
        if state.calls:
            state.calls = []
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

    def called(
        self, frame: FrameType, plan: CodePlan, call: Call, function: Any, first: Any
    ) -> None:
        """Note what a call without a path calls; `first` is its first argument."""
        state = self._top(self._here(), frame, plan)
        seen = self.changes.see(state, call, function, first)
        if seen is not None:
            state.calls.append(seen)

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
            if self.watches is not None:
                self._show_changes(state, frame)
        if state.calls:
            state.calls = []
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
        thread.returned = known if type(known) is Entry or id(type(known)) in SCALAR_IDS else None
        self.objects.lost(known)

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
            if self.watches is not None:
                self._show_changes(state, frame)
        if state.calls:
            state.calls = []
        if traceback is None:
            traceback = exception.__traceback__
        if traceback is not None and self._hides_own_frames(traceback, exception):
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
            self._looked_through = (known, id(traceback))
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

    def _hides_own_frames(self, traceback: TracebackType, exception: BaseException) -> bool:
        """Take the recorder's frames out of a traceback; returns whether there were any.

        What the event of the frame below has looked through is not looked through again: else an
        exception that leaves n frames would cost n * n.
        """
        inner = traceback.tb_next
        if inner is None:
            return False
        entry, clean = self._looked_through
        known = entry is not None and entry.object() is exception
        return _hide_own_frames(traceback, clean if known else 0)

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
            if self.watches is not None:
                self._show_changes(state, frame)
            state.running = None
        if state.calls:
            state.calls = []
        if handled and state.raised:
            self._handled(state)
        self.lives.look()

    def find_frame(self, number: int, frame: FrameType | None) -> FrameType | None:
        """Find the frame object of a frame number among `frame` and its callers."""
        current = self.current
        if current is None:
            return None
        wanted = [state.frame_id for state in current.stack if state.number == number]
        while frame is not None and wanted:
            if frame_key(frame) == wanted[0]:
                return frame
            frame = frame.f_back
        return None

    def flush(self, frame: FrameType) -> None:
        """Log what the running line of the top frame did so far, and seal the log."""
        current = self.current
        top = current.stack[-1] if current is not None and current.stack else None
        if top is not None and top.frame_id == frame_key(frame):
            self._flush(top, frame)
        self.commit()
        self.writer.seal()
        self._strings_in_log = len(self.writer.strings)

    def watch(self, watches: Any) -> None:
        """Tell `watches` (watches.Watches, or None) of changes from now on."""
        self.watches = self.objects.watches = watches

    def after_evaluate(self, expression: str, frame: FrameType, *, quiet: bool = False) -> None:
        """Log that the debugger ran an expression, and what it changed.

        `quiet`: nothing is logged when nothing changed.
        """
        if quiet:
            self.commit()
        buf = self._event(f.EVALUATE)
        buf += text(expression)
        length = len(buf)
        current = self.current
        walked: FrameType | None = frame
        if current is not None:
            states = {state.frame_id: state for state in current.stack}
            top = current.stack[-1] if current.stack else None
            while walked is not None:
                state = states.get(frame_key(walked))
                if state is not None and state is top:
                    self._compare_frame(state, walked)
                elif state is not None and state.plan.fast:
                    for slot, value in self.values_of(state, walked):
                        self._write_in(state, slot, value)
                walked = walked.f_back
        self.changes.everything(_KNOWN_EVALUATE_BUDGET)
        if quiet and len(buf) == length:
            # A buffer in C can be emptied only.
            del buf[:]
            self.objects.events = 0
        self.commit()


def _hide_own_frames(traceback: Any, clean: int) -> bool:
    """Take the recorder's frames out of a traceback; returns whether there were any.

    `clean` is the id of the traceback from which on there are none.
    """
    found = False
    last = traceback
    inner = traceback.tb_next
    while inner is not None and id(inner) != clean:
        if inner.tb_frame.f_globals.get("__package__") == __package__:
            found = True
        else:
            if last.tb_next is not inner:
                last.tb_next = inner
            last = inner
        inner = inner.tb_next
    if last.tb_next is not inner:
        last.tb_next = inner
    return found
