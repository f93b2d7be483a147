"""What the log knows of the running program, and how events get from there into the log.

`Recorder` is made of layers, each of which uses only what is below it: this state, the variables
(`variables.py`), taking back and going on (`recovery.py`), the frames (`activations.py`), and what
the event sources and the debugger call (`recorder.py`).
"""

from __future__ import annotations

from _thread import _local, get_ident

from . import format as f
from .core import IdMap, RecorderFields, RecorderLock
from .objects import Entry, ObjectTable
from .values import SCALAR_IDS
from .wire import text, uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .code_objects import CodeObjectRegistry
    from .frames import FrameState, ThreadState
    from .lifetimes import Lifetimes
    from .line_changes import LineChanges
    from .scope import Scope
    from .sources import SentSource
    from .wire import LogWriter


# Readers keep numbers of frames and objects in 32 bits. One block needs far fewer than are left.
_LAST_NUMBER = 2**32 - 2_000_000


class LogState(RecorderFields):
    """The state of one recording, its commits, keyframes and directories."""

    changes: LineChanges
    lives: Lifetimes

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
        self.lock = RecorderLock()
        # A callback is at work; what happens inside it is queued.
        self.busy = False
        self.dead = False
        self.objects = ObjectTable(writer, self.max_items, max_string)
        self.threads: dict[int, ThreadState] = {}
        self.current: ThreadState | None = None
        self.suspended: dict[int, FrameState] = IdMap()
        # Of a bounded recording: tasks by the frames of their own coroutines.
        self.tasks: dict[int, Entry] = {}
        # Live frames by the names of their cell and free variables.
        self.sharing: dict[str, dict[int, FrameState]] = {}
        self.steps = 0
        self.total_events = 0
        self._line_at = 0
        # Entries of the string table that committed events made.
        self._strings_in_log = 0
        self._broken = False
        self._committing = False
        self._lost = self._was_lost = self._taken = False
        # The program's recursion limit while it is raised to make room for the recorder.
        self._limit: int | None = None
        self._too_deep: RecursionError | None = None
        self._steps_in_buffer = 0
        self._next_frame = 1
        self._next_source = 1
        self._sources: dict[str, SentSource] = {}
        self._block_frames: dict[int, None] = {}
        self._outputs: list[tuple[int, str]] = []
        self._ended_threads: list[ThreadState] = []
        self._next_thread = 1
        # Threads that were found to run recorded code without events.
        self.untraced: list[int] = []
        self._thread_ends = _local()
        self.main_exception: BaseException | None = None
        # A frame of the program was seen.
        self.started = False
        self._main = get_ident()
        self.source: Any = None
        # What the debugger wants to know of: watches.Watches.
        self.watches: Any = None
        writer.on_block_start = self._keyframe
        writer.on_block_end = self._directory

    def _event(self, opcode: int) -> bytearray:
        buf = self.writer.buf
        buf.append(opcode)
        self.objects.events += 1
        return buf

    @property
    def next_frame(self) -> int:
        """Number of the next frame that begins."""
        return self._next_frame

    def gap(self, reason: int, explanation: str) -> None:
        """Log that something was left out."""
        buf = self._event(f.GAP)
        buf.append(reason)
        buf += text(explanation)

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

    def _drain(self) -> None:
        while self._outputs:
            stream, written = self._outputs.pop(0)
            buf = self._event(f.OUTPUT)
            buf.append(stream)
            buf += text(written)
        while self.untraced:
            self.untraced.pop()
            self.gap(f.REASON_THREAD, "a thread that was not started by `threading` has no events")
        self._end_threads()

    def _end_threads(self) -> None:
        while self._ended_threads:
            thread = self._ended_threads.pop()
            if self.threads.get(thread.ident) is not thread:
                continue
            for state in thread.stack:
                self._forget_frame(state)
            del self.threads[thread.ident]
            buf = self._event(f.THREAD_END)
            buf += uv(thread.number)
            if thread is self.current:
                self.current = None

    def _forget_frame(self, state: FrameState) -> None:
        lost = self.objects.lost
        for value in state.values:
            if type(value) is Entry:
                lost(value)
        if state.locals is not None and state.locals is not state.globals:
            lost(state.locals)
        for name in state.plan.cells:
            self.sharing[name].pop(state.number, None)

    def put_frame(
        self, buf: bytearray, state: FrameState, put: Callable[[bytearray, Any], None]
    ) -> None:
        """Append a frame record; `put` encodes the values."""
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
            if block % f.SHARED_PERIOD and block != self.writer.first_block:
                while shared < len(stack) and not stack[shared].fresh:
                    shared += 1
            out += uv(thread.number) + text(thread.name) + uv(shared) + uv(len(stack) - shared)
            for state in stack[shared:]:
                self.put_frame(out, state, put)
            for state in stack:
                state.fresh = False
                state.block = block
        out += uv(self.current.number if self.current is not None else 0)
        return bytes(out)

    def _directory(self) -> bytes:
        if max(self._next_frame, self.objects.next_object) > _LAST_NUMBER:
            raise OSError(0, f"it has {_LAST_NUMBER:,} calls or objects, and no numbers for more")
        frames = self._block_frames
        self._block_frames = {}
        return self.objects.directory() + uv(len(frames)) + b"".join(map(uv, frames))

    def current_moment(self) -> tuple[int, int]:
        """Return (step, event) of the newest event in the log; (-1, n) before the first step."""
        return self.steps - 1, self.total_events + self.objects.events - self._line_at

    def object_id(self, value: Any) -> int:
        """Return the number of a tracked object, else 0."""
        if id(type(value)) in SCALAR_IDS:
            return 0
        entry = self.objects.by_id.get(id(value))
        return entry.oid if entry is not None else 0
