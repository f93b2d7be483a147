"""Breakpoints, steps, pauses and evaluation in the running program, for the debug adapter.

The recorder asks `stops_at` before a step is in the log; it calls `on_step`, `on_return`,
`on_unwind` and `on_raise` after the event, with the recorder held: a stop blocks inside the call,
so that nothing is recorded until the program goes on. While the program runs the channel is read
when the adapter has rung the bell (`writer.attention()`). A frame that ended has left its thread's
stack when it is told.

    control = connect(settings)                hello; None when there is no adapter (any more)
    control.begin(recorder, writer, name)      before the program's first line: waits for `run`
    control.warn(sentence)                     something could not be recorded
    control.ended(exit_code)                   the log is complete
    control.abandon()                          in the child of a fork
"""

from __future__ import annotations

import os
import sys
from _thread import get_ident

from . import recorder_choice
from .breakable_lines import breakable_lines
from .breakpoints import Breakpoints, Decision, decide
from .conditions import Question
from .control_channel import ControlChannel
from .core import ControlFields
from .escapes import Escapes
from .lifeline import end_process, hold
from .live_evaluation import evaluate
from .stepping import Stepping
from .watches import MOST_FRAMES, Watches

NoneType = type(None)
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType
    from typing import Any

    from .breakpoints import Stop
    from .control_channel import Message
    from .wire import LogWriter


def connect(settings: Mapping[str, Any]) -> Control | None:
    """Connect to the adapter that started this program."""
    orders = settings["control"]
    channel = _say_hello(orders["port"], "program", orders["token"])
    if not channel.is_open:
        return None
    lifeline = _say_hello(orders["port"], "lifeline", orders["lifeline"])
    hold(lifeline)
    return Control(channel, settings["recordingPath"], lifeline)


def _say_hello(port: int, role: str, token: str) -> ControlChannel:
    channel = ControlChannel(port)
    channel.send(
        {
            "type": "hello",
            "role": role,
            "token": token,
            "pid": os.getpid(),
            "python": "{}.{}.{}".format(*sys.version_info[:3]),
            "executable": sys.executable,
        }
    )
    return channel


class Control(ControlFields):
    """The debugger's hand in the program."""

    def __init__(
        self, channel: ControlChannel, recording_path: str, lifeline: ControlChannel | None = None
    ) -> None:
        self._channel = channel
        self._lifeline = lifeline
        self._recording_path = recording_path
        self._recorder: Any = None
        self._writer: LogWriter | None = None
        self._breakpoints = Breakpoints()
        self._escapes = Escapes()
        # Variables are watched of frames that are not on a stack now.
        self._is_lost = False
        # For the native recorder, which asks here at no other events: see _tell_native.
        self.quiet = True
        self.at_entries = self.at_returns = False
        self.at_raises = self.at_unwinds = self.at_steps = False
        self.at_frame = 0
        self.version = 1
        self.lines = self._breakpoints.lines
        # The adapter counts hits of the past; until it has, nothing goes on.
        self._waits = False
        self._goes_on = False
        self._main = get_ident()
        self._stop_on_entry = False
        self._pause = False
        # Threads (by ident) that called `breakpoint()`.
        self._called: set[int] = set()
        self._stepping: Stepping | None = None
        # A step is being logged that is to be stopped at; why, and what breakpoints say.
        self.is_due = False
        self._due = ""
        self._decision: Decision | None = None
        self._has_escaped = False
        # The frame at which the recorder called, while messages are read.
        self._frame: FrameType | None = None
        self._stopped = False

    # Life, as recording.py calls it.

    def begin(self, recorder: Any, writer: LogWriter, name: str) -> None:
        """Take orders until the program may run."""
        sys.breakpointhook = self._on_breakpoint_call
        self._recorder = recorder
        self._writer = writer
        configured = {
            "type": "configured",
            "recorder": name,
            "recordingPath": self._recording_path,
            "note": recorder_choice.note,
        }
        while self._channel.is_open:
            message = self._channel.wait()
            if message is None:
                end_process()
                return
            if message["type"] == "configure":
                self._stop_on_entry = bool(message["stopOnEntry"])
                self._channel.send(configured)
            elif self._obey(message):
                self._tell_native()
                return

    def warn(self, sentence: str) -> bool:
        """Tell the user; False when nobody listens."""
        self._channel.send({"type": "warning", "text": sentence})
        return self._channel.is_open

    def ended(self, exit_code: int) -> None:
        """Say that the log is complete."""
        offset = 0 if self._writer is None else self._writer.offset
        self._channel.send({"type": "ended", "offset": offset, "exitCode": exit_code})
        self._close()

    def abandon(self) -> None:
        """Leave the connection to the parent of a fork."""
        self._close()
        self._forget()

    def _close(self) -> None:
        if self._lifeline is not None:
            self._lifeline.close()
        self._channel.close()

    # Events, as the recorder calls them (hot).

    def stops_at(self, state: Any, wrapper: Any, line: int, frame: FrameType) -> bool:
        """Say whether the step that comes is one to stop at (hot)."""
        if self._writer.attention():  # type: ignore[union-attr]
            self._listen(frame)
        breakpoints = self._breakpoints
        self._decision = None
        if line in breakpoints.lines or (breakpoints.entries and not state.step1):
            self._decision = self._decide_step(state, wrapper, line, frame)
        if self._decision is not None:
            self._due = "breakpoint"
        elif self._stepping is not None and self._stepping.ends_at(state):
            self._due = "step"
        elif self._called and state.thread.ident in self._called:
            self._due = "breakpoint"
        elif self._pause:
            self._due = "pause"
        elif self._stop_on_entry:
            self._due = "entry"
        else:
            self._due = ""
        if breakpoints.escaped and self._goes_on_after(state.thread.number):
            self._has_escaped = self.is_due = True
        else:
            self.is_due = self._due != ""
        return self.is_due

    def on_step(self, state: Any, frame: FrameType) -> None:
        """Stop at the step that `stops_at` was about."""
        self.is_due = False
        due, decision = self._due, self._decision
        if self._has_escaped:
            self._has_escaped = False
            if not self._stop_escaped(state, frame):
                return
        if due:
            self._stop(due, state, frame, decision)

    def on_return(self, state: Any, frame: FrameType, value: object) -> None:
        """Follow a step out of a frame that returns; stop at breakpoints on returns (hot)."""
        breakpoints = self._breakpoints
        decision = None
        if breakpoints.returns:
            stops = breakpoints.at_return(state.plan.wrapper, frame.f_code)
            if not stops:
                state.plan.no_return = self.version
            decision = self._decide(stops, frame, {"__return__": value}, state)
        if self._writer.attention():  # type: ignore[union-attr]
            self._listen(frame)
        has_escaped = bool(breakpoints.escaped) and self._goes_on_after(state.thread.number)
        if has_escaped and not self._stop_escaped(state, frame):
            return
        leaves = self._leaves(state)
        if decision is not None or (self._called and state.thread.ident in self._called):
            self._stop("breakpoint", state, frame, decision)
        elif leaves:
            self._stop("step", state, frame)

    def on_unwind(
        self, state: Any, frame: FrameType | None, exception: BaseException | None
    ) -> None:
        """Follow a step out of a frame that an exception leaves; it may be gone already.

        An exception that ends the main thread needs no stop here: it ends the program.
        """
        thread = state.thread
        breakpoints = self._breakpoints
        if breakpoints.escaped:
            number = 0 if exception is None else self._recorder.object_id(exception)
            has_escaped = self._escapes.leaves(thread.number, exception, number)
            self._tell_native()
            if has_escaped:
                self._stop_escaped(state, frame)
        ends_thread = not thread.stack and thread.ident != self._main
        is_end = ends_thread and type(exception) not in (NoneType, SystemExit)
        idents = breakpoints.uncaught + breakpoints.escaped if is_end else []
        if is_end:
            # It has its stop here.
            self._goes_on_after(thread.number)
        leaves = self._leaves(state)
        if idents and not self._stop_for_adapter("uncaught", state, frame, idents):
            return
        if leaves:
            self._stop("step", state, frame)

    def on_raise(
        self, state: Any, frame: FrameType, exception: BaseException, propagated: bool
    ) -> None:
        """Stop where an exception is raised, when that was asked for (hot)."""
        breakpoints = self._breakpoints
        decision = None
        if breakpoints.raises and not propagated:
            stops = breakpoints.at_raise(exception)
            decision = self._decide(stops, frame, {"__exception__": exception}, state)
        if self._writer.attention():  # type: ignore[union-attr]
            self._listen(frame)
        if breakpoints.escaped:
            number = self._recorder.object_id(exception)
            has_escaped = self._escapes.comes_back(state.thread.number, number)
            self._tell_native()
            if has_escaped and not self._stop_escaped(state, frame):
                return
        if decision is not None:
            self._stop("exception", state, frame, decision)

    def on_change(self, state: Any, frame: FrameType) -> None:
        """Stop where something that is watched may have changed; the adapter looks at it."""
        watches = self._recorder.watches
        if watches is not None and watches.take():
            idents = [stop.ident for stop in self._breakpoints.data]
            self._stop_for_adapter("change", state, frame, idents)

    def _goes_on_after(self, thread: int) -> bool:
        """Say of a thread that goes on whether an exception has not come back."""
        had_any = self._escapes.any
        has_escaped = self._escapes.goes_on(thread)
        if had_any:
            self._tell_native()
        return has_escaped

    def _leaves(self, state: Any) -> bool:
        """Take note that a frame has ended; say if the step that is under way ends with it."""
        stepping = self._stepping
        if stepping is None:
            return False
        leaves = stepping.leaves(state)
        self._tell_native()
        return leaves

    def _decide_step(
        self, state: Any, wrapper: Any, line: int, frame: FrameType
    ) -> Decision | None:
        breakpoints = self._breakpoints
        stops = breakpoints.at_line(wrapper.filename, line)
        if not stops and not breakpoints.has_lines(wrapper.filename):
            state.plan.no_lines = self.version
        if not state.step1:
            entries = breakpoints.at_entry(wrapper, frame.f_code)
            if not entries:
                state.plan.no_entry = self.version
            stops = [*stops, *entries]
        return self._decide(stops, frame, {}, state, next_step=True)

    def _decide(
        self,
        stops: list[Stop],
        frame: FrameType,
        names: dict[str, object],
        state: Any,
        *,
        next_step: bool = False,
    ) -> Decision | None:
        """Ask the breakpoints at an event; what log points say is sent at once."""
        if not stops:
            return None
        recorder = self._recorder
        decision = decide(stops, frame, names)
        if decision.ran_code:
            source = "; ".join(stop.source for stop in stops if stop.source)
            recorder.after_evaluate(source, frame, quiet=True)
        if decision.messages:
            step, event = recorder.current_moment()
            if next_step:
                step, event = step + 1, 0
            for ident, text in decision.messages:
                self._channel.send(
                    {
                        "type": "logged",
                        "breakpoint": ident,
                        "thread": state.thread.number,
                        "step": step,
                        "event": event,
                        "text": text,
                    }
                )
        return decision if decision.idents else None

    def _stop_escaped(self, state: Any, frame: FrameType | None) -> bool:
        return self._stop_for_adapter("escaped", state, frame, self._breakpoints.escaped)

    def _stop_for_adapter(
        self, reason: str, state: Any, frame: FrameType | None, idents: list[int]
    ) -> bool:
        """Let the adapter decide; True when it was no stop, and all goes on as before."""
        decision = Decision()
        decision.idents = idents
        self._goes_on = False
        pending = (self._pause, self._stop_on_entry, self._stepping)
        self._stop(reason, state, frame, decision)
        if self._goes_on:
            self._pause, self._stop_on_entry, self._stepping = pending
            self._tell_native()
        return self._goes_on

    def _on_breakpoint_call(self, *arguments: object, **keywords: object) -> object:
        """Serve `breakpoint()`: the thread stops at its next event, as in any debugger.

        PYTHONBREAKPOINT has its meaning, if it is set.
        """
        if os.environ.get("PYTHONBREAKPOINT") or not self._channel.is_open:
            return sys.__breakpointhook__(*arguments, **keywords)  # noqa: T100
        if not self._stopped:
            self._called.add(get_ident())
            self._tell_native()
        return None

    # Messages.

    def _listen(self, frame: FrameType) -> None:
        """Read what the adapter sent while the program runs."""
        # Cleared first: a message that comes while we read rings again.
        self._writer.clear_attention()  # type: ignore[union-attr]
        self._frame = frame
        try:
            while True:
                message = self._channel.wait() if self._waits else self._channel.poll()
                if message is None:
                    break
                self._obey(message)
        finally:
            self._waits = False
            self._frame = None
            self._tell_native()
        if not self._channel.is_open:
            self._forget()

    def _stop(
        self,
        reason: str,
        state: Any,
        frame: FrameType | None,
        decision: Decision | None = None,
    ) -> None:
        """Stand still until the adapter lets the program go on."""
        self._pause = self._stop_on_entry = False
        self._stepping = None
        self._called.discard(state.thread.ident)
        if not self._channel.is_open:
            return
        self._frame = frame
        self._stopped = True
        try:
            self._channel.send(
                {
                    "type": "stopped",
                    "reason": reason,
                    "thread": state.thread.number,
                    "offset": self._seal(),
                    "breakpointIds": [] if decision is None else decision.idents,
                    "problems": [] if decision is None else decision.problems,
                }
            )
            while True:
                message = self._channel.wait()
                if message is None:
                    # Nobody is left who could let the program go on.
                    end_process()
                    break
                if self._obey(message):
                    break
        finally:
            # Also when a signal handler of the program raises: the program goes on then.
            self._frame = None
            self._stopped = False
            self._tell_native()
            self._channel.send({"type": "resumed"})

    def _seal(self) -> int:
        return 0 if self._writer is None else self._writer.flush()

    def _obey(self, message: Message) -> bool:
        """Do what a message says; tells whether the program may go on."""
        kind = message["type"]
        if kind == "run":
            self._stepping = None
            self._pause = False
            return True
        if kind == "step":
            state = self._state_of(message["frame"])
            self._stepping = Stepping(message["kind"], message["thread"], state)
            self._pause = False
            return True
        if kind == "goOn":
            self._goes_on = True
            return True
        if kind == "detach":
            self._close()
            self._forget()
            return True
        if kind == "pause":
            self._pause = not self._stopped
        else:
            self._answer(kind, message)
        return False

    def _answer(self, kind: str, message: Message) -> None:
        ident = message.get("id", 0)
        if kind == "setBreakpoints":
            self._set_breakpoints(message["breakpoints"])
            runs = not self._stopped and self._frame is not None
            self._waits = runs and self._breakpoints.must_wait
            if self._waits:
                self._recorder.commit()
                self._seal()
            self._channel.send({"type": "breakpointsSet", "id": ident, "waits": self._waits})
        elif kind == "setHits":
            self._breakpoints.set_hits(message["hits"])
            self._waits = False
        elif kind == "breakableLines":
            self._send_breakable_lines(ident, message["file"])
        elif kind == "syntaxProblems":
            problems = [Question(one).problem for one in message["expressions"]]
            self._channel.send({"type": "syntaxProblems", "id": ident, "problems": problems})
        elif kind == "evaluate":
            self._evaluate(ident, message["frame"], message["expression"])
        elif kind == "flush":
            if self._frame is not None:
                self._recorder.flush(self._frame)
            self._channel.send({"type": "flushed", "id": ident, "offset": self._seal()})

    def _set_breakpoints(self, orders: list[Message]) -> None:
        breakpoints = self._breakpoints
        had_escaped = bool(breakpoints.escaped)
        breakpoints.replace(orders)
        self.lines = breakpoints.lines
        self.version += 1
        if not (had_escaped and breakpoints.escaped):
            self._escapes.forget()
        targets = [stop.target for stop in breakpoints.data]
        watches = Watches(targets) if targets else None
        self._is_lost = watches is not None and not self._find_frames(watches)
        if self._recorder is not None:
            self._recorder.watch(watches)
        self._tell_native()

    def _find_frames(self, watches: Watches) -> bool:
        """Find the frames of watched variables for the native recorder; say if all were found."""
        states = [self._state_of(number) for number in watches.frames]
        if len(states) > MOST_FRAMES or None in states:
            return False
        watches.frame_ids = tuple(state.frame_id for state in states)
        return True

    def _tell_native(self) -> None:
        """Say which events must be looked at here.

        While `quiet` holds these are those of `at_frame`, steps on `lines`, what the other `at_...`
        name, and what comes after the bell.
        """
        breakpoints = self._breakpoints
        stepping = self._stepping
        escaped = bool(breakpoints.escaped)
        self.at_entries = bool(breakpoints.entries)
        self.at_returns = bool(breakpoints.returns)
        self.at_raises = escaped or bool(breakpoints.raises)
        self.at_unwinds = escaped
        self.at_frame = 0 if stepping is None else stepping.frame_id
        self.at_steps = stepping is not None and stepping.may_end_at_steps
        self.quiet = not (
            self._pause
            or self._stop_on_entry
            or self._called
            or (stepping is not None and not stepping.frame_id)
            or self._escapes.any
            or self._is_lost
        )

    def _send_breakable_lines(self, ident: int, file: str) -> None:
        lines: list[int] = []
        error = None
        try:
            lines = breakable_lines(file)
        except OSError as failure:
            error = f"This file cannot be read: {failure.strerror}."
        except (SyntaxError, ValueError, RecursionError, MemoryError) as failure:
            error = f"This file does not compile: {type(failure).__name__}: {failure}"
        self._channel.send({"type": "breakableLines", "id": ident, "lines": lines, "error": error})

    def _evaluate(self, ident: int, number: int, expression: str) -> None:
        answer = {
            "type": "evaluated",
            "id": ident,
            "ok": False,
            "text": "The program is running.",
            "typeName": "",
            "object": 0,
            "offset": 0,
        }
        top = self._frame
        if self._stopped:
            top = sys._getframe() if top is None else top
            frame = None if number == 0 else self._find_frame(number, top)
            if number != 0 and frame is None:
                answer["text"] = "This frame does not run any more."
            else:
                result = evaluate(expression, frame)
                self._recorder.after_evaluate(expression, top)
                answer["ok"] = result.ok
                answer["text"] = result.text
                answer["typeName"] = result.type_name
                if result.ok:
                    answer["object"] = self._recorder.object_id(result.value)
            answer["offset"] = self._seal()
        self._channel.send(answer)

    def _find_frame(self, number: int, top: FrameType) -> FrameType | None:
        """Find a frame of the recording on the stack of the stopped thread, else of any other."""
        for start in (top, *sys._current_frames().values()):
            frame: FrameType | None = self._recorder.find_frame(number, start)
            if frame is not None:
                return frame
        return None

    def _state_of(self, number: int) -> Any:
        """Return the state of an active frame by its number; None: there is none."""
        if self._recorder is None:
            return None
        for thread in [*self._recorder.threads.values()]:
            for state in thread.stack:
                if state.number == number:
                    return state
        return None

    def _forget(self) -> None:
        """No debugger any more: the program runs to its end."""
        self._pause = self._stop_on_entry = False
        self._stepping = None
        self._called.clear()
        self._set_breakpoints([])
