"""What a later part of a bounded recording begins with: all that is alive (FORMAT.md, section 9).

The shadows are what the log last said of each object, so that nothing of the program is read, and a
reader of this part alone sees what one of the whole recording sees.
"""

from __future__ import annotations

import struct
from operator import attrgetter

from . import format as f
from .objects import Entry
from .values import LongText
from .wire import uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .activations import Activations
    from .frames import FrameState

_SECTIONS = struct.Struct("<III")
_NOTHING = b"\0\0"


class Parts:
    """Writes the beginnings of the parts of one recording."""

    def __init__(self, recorder: Activations) -> None:
        self._recorder = recorder

    def meta(self) -> dict[str, int]:
        """Return the lowest numbers of the frames and objects that will be new in the part."""
        recorder = self._recorder
        return {"firstFrame": recorder.next_frame, "firstObject": recorder.objects.next_object}

    def begin(self) -> None:
        """Write the code, the objects and the suspended frames. Raises OSError."""
        recorder = self._recorder
        objects = recorder.objects
        was_busy, events = recorder.busy, objects.events
        # What the program's finalizers do meanwhile is no event.
        recorder.busy = True
        try:
            suspended = sorted(recorder.suspended.values(), key=attrgetter("number"))
            frames = [state for thread in recorder.threads.values() for state in thread.stack]
            frames += suspended
            self._carry_code(frames)
            self._carry_objects(frames)
            self._carry_frames(suspended)
        finally:
            recorder.busy = was_busy
            objects.events = events

    def _carry_code(self, frames: list[FrameState]) -> None:
        recorder, writer = self._recorder, self._recorder.writer
        blobs = set()
        for state in frames:
            if state.plan.file_number != writer.file_number:
                recorder.send_code(state.plan)
            blobs |= {value.blob for value in state.values if type(value) is LongText}
        blobs.discard(0)
        if blobs:
            writer.carry_blobs(blobs)

    def _carry_objects(self, frames: list[FrameState]) -> None:
        recorder, writer = self._recorder, self._recorder.writer
        objects = recorder.objects
        entries = [*objects.by_id.values(), *recorder.lives.leaving()]
        told = {entry.oid: entry for entry in entries}
        for entry in objects.stale(entries):
            told[entry.oid] = entry
        for state in frames:
            for value in (*state.values, state.globals, state.locals):
                if type(value) is Entry:
                    told[value.oid] = value
        since = objects.unknown_since
        if since is not None:
            objects.unknown_since = {
                oid: since[oid] for oid in since if oid in told and told[oid].unknown
            }
        entries = [told[oid] for oid in sorted(told)]
        place = 0
        while place < len(entries):
            first = entries[place].oid
            writer.strings.clear()
            place = objects.restate(entries, place, f.STATE_RAW)
            self._carry_state(first)

    def _carry_frames(self, frames: list[FrameState]) -> None:
        recorder, writer = self._recorder, self._recorder.writer
        buf = writer.buf
        writer.strings.clear()
        for state in frames:
            buf.append(f.FRAME)
            recorder.put_frame(buf, state, recorder.objects.encoder.put)
            if len(buf) >= f.STATE_RAW:
                self._carry_state(0)
                writer.strings.clear()
        recorder.tasks = {number: task for number, task in recorder.tasks.items() if task.alive}
        for number, task in recorder.tasks.items():
            buf.append(f.TASK)
            buf += uv(number) + uv(task.oid)
        if buf:
            self._carry_state(0)

    def _carry_state(self, first: int) -> None:
        writer = self._recorder.writer
        events = bytes(writer.buf)
        writer.buf.clear()
        sections = _SECTIONS.pack(len(_NOTHING), len(events), len(_NOTHING))
        writer.carry(f.STATE, sections + _NOTHING + events + _NOTHING, first)
