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
from .control_channel import ControlChannel
from .line_breakpoints import LineBreakpoints
from .live_evaluation import evaluate
from .stepping import Stepping

NoneType = type(None)
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType
    from typing import Any

    from .control_channel import Message
    from .wire import LogWriter


def connect(settings: Mapping[str, Any]) -> Control | None:
    """Connect to the adapter that started this program."""
    orders = settings["control"]
    channel = ControlChannel(orders["port"])
    channel.send(
        {
            "type": "hello",
            "role": "program",
            "token": orders["token"],
            "pid": os.getpid(),
            "python": "{}.{}.{}".format(*sys.version_info[:3]),
            "executable": sys.executable,
        }
    )
    return Control(channel, settings["recordingPath"]) if channel.is_open else None


class Control:
    """The debugger's hand in the program."""

    def __init__(self, channel: ControlChannel, recording_path: str) -> None:
        self._channel = channel
        self._recording_path = recording_path
        self._recorder: Any = None
        self._writer: LogWriter | None = None
        self._breakpoints = LineBreakpoints()
        self._raised = self._uncaught = False
        self._main = get_ident()
        self._stop_on_entry = False
        self._pause = False
        self._stepping: Stepping | None = None
        # A step is being logged that is to be stopped at; why, and the breakpoints' ids.
        self.is_due = False
        self._due: tuple[str, list[int]] = ("", [])
        # The frame at which the recorder called, while messages are read.
        self._frame: FrameType | None = None
        self._stopped = False

    # Life, as recording.py calls it.

    def begin(self, recorder: Any, writer: LogWriter, name: str) -> None:
        """Take orders until the program may run."""
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
                return
            if message["type"] == "configure":
                self._stop_on_entry = bool(message["stopOnEntry"])
                self._channel.send(configured)
            elif self._obey(message):
                return

    def warn(self, sentence: str) -> bool:
        """Tell the user; False when nobody listens."""
        self._channel.send({"type": "warning", "text": sentence})
        return self._channel.is_open

    def ended(self, exit_code: int) -> None:
        """Say that the log is complete."""
        offset = 0 if self._writer is None else self._writer.offset
        self._channel.send({"type": "ended", "offset": offset, "exitCode": exit_code})
        self._channel.close()

    def abandon(self) -> None:
        """Leave the connection to the parent of a fork."""
        self._channel.close()
        self._forget()

    # Events, as the recorder calls them (hot).

    def stops_at(self, state: Any, wrapper: Any, line: int, frame: FrameType) -> bool:
        """Say whether the step that comes is one to stop at (hot)."""
        if self._writer.attention():  # type: ignore[union-attr]
            self._listen(frame)
        breakpoints = self._breakpoints
        ids = breakpoints.ids_at(wrapper.filename, line) if line in breakpoints.lines else None
        if ids:
            self._due = ("breakpoint", ids)
        elif self._stepping is not None and self._stepping.ends_at(state):
            self._due = ("step", [])
        elif self._pause:
            self._due = ("pause", [])
        elif self._stop_on_entry:
            self._due = ("entry", [])
        else:
            return False
        self.is_due = True
        return True

    def on_step(self, state: Any, frame: FrameType) -> None:
        """Stop at the step that `stops_at` was about."""
        self.is_due = False
        reason, ids = self._due
        self._stop(reason, state, frame, ids)

    def on_return(self, state: Any, frame: FrameType, value: object) -> None:
        """Follow a step out of a frame that returns (hot)."""
        if self._writer.attention():  # type: ignore[union-attr]
            self._listen(frame)
        stepping = self._stepping
        if stepping is not None and stepping.leaves(state):
            self._stop("step", state, frame)

    def on_unwind(
        self, state: Any, frame: FrameType | None, exception: BaseException | None
    ) -> None:
        """Follow a step out of a frame that an exception leaves; it may be gone already.

        An exception that ends the main thread needs no stop here: it ends the program.
        """
        stepping = self._stepping
        thread = state.thread
        ends_thread = not thread.stack and thread.ident != self._main
        if self._uncaught and ends_thread and type(exception) not in (NoneType, SystemExit):
            self._stop("exception", state, frame, uncaught=True)
        elif stepping is not None and stepping.leaves(state):
            self._stop("step", state, frame)

    def on_raise(
        self, state: Any, frame: FrameType, exception: BaseException, propagated: bool
    ) -> None:
        """Stop where an exception is raised, when that was asked for (hot)."""
        if self._writer.attention():  # type: ignore[union-attr]
            self._listen(frame)
        if self._raised and not propagated:
            self._stop("exception", state, frame)

    # Messages.

    def _listen(self, frame: FrameType) -> None:
        """Read what the adapter sent while the program runs."""
        # Cleared first: a message that comes while we read rings again.
        self._writer.clear_attention()  # type: ignore[union-attr]
        self._frame = frame
        try:
            while True:
                message = self._channel.poll()
                if message is None:
                    break
                self._obey(message)
        finally:
            self._frame = None
        if not self._channel.is_open:
            self._forget()

    def _stop(
        self,
        reason: str,
        state: Any,
        frame: FrameType | None,
        ids: list[int] | None = None,
        *,
        uncaught: bool = False,
    ) -> None:
        """Stand still until the adapter lets the program go on."""
        self._pause = self._stop_on_entry = False
        self._stepping = None
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
                    "breakpointIds": ids or [],
                    "uncaught": uncaught,
                }
            )
            while True:
                message = self._channel.wait()
                if message is None:
                    self._forget()
                    break
                if self._obey(message):
                    break
        finally:
            # Also when a signal handler of the program raises: the program goes on then.
            self._frame = None
            self._stopped = False
            self._channel.send({"type": "resumed"})

    def _seal(self) -> int:
        writer = self._writer
        if writer is None:
            return 0
        writer.seal()
        return writer.offset

    def _obey(self, message: Message) -> bool:
        """Do what a message says; tells whether the program may go on."""
        kind = message["type"]
        if kind == "run":
            self._stepping = None
            self._pause = False
            return True
        if kind == "step":
            self._stepping = Stepping(message["kind"], message["thread"], message["frame"])
            self._pause = False
            return True
        if kind == "detach":
            self._channel.close()
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
            self._breakpoints.replace(message["breakpoints"])
            self._channel.send({"type": "breakpointsSet", "id": ident})
        elif kind == "setExceptionFilters":
            self._raised = bool(message["raised"])
            self._uncaught = bool(message["uncaught"])
            self._channel.send({"type": "exceptionFiltersSet", "id": ident})
        elif kind == "breakableLines":
            self._send_breakable_lines(ident, message["file"])
        elif kind == "evaluate":
            self._evaluate(ident, message["frame"], message["expression"])
        elif kind == "flush":
            if self._frame is not None:
                self._recorder.flush(self._frame)
            self._channel.send({"type": "flushed", "id": ident, "offset": self._seal()})

    def _send_breakable_lines(self, ident: int, file: str) -> None:
        lines: list[int] = []
        error = None
        try:
            lines = breakable_lines(file)
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as failure:
            error = f"{type(failure).__name__}: {failure}"
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

    def _forget(self) -> None:
        """No debugger any more: the program runs to its end."""
        self._breakpoints.replace([])
        self._raised = self._uncaught = self._pause = self._stop_on_entry = False
        self._stepping = None
