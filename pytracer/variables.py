"""What the running line did to variables: its frame's, shared cells, names of namespaces."""

from __future__ import annotations

import sys

from . import format as f
from . import layouts
from .log_state import LogState
from .values import UNBOUND, same
from .wire import uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from .frames import FrameState, LinePlan
    from .objects import Entry

# Since 3.13 (PEP 667) `f_locals` is a view that reads one variable at a time.
_HAS_VIEWS = sys.version_info >= (3, 13)


class Variables(LogState):
    """Compares variables with what the log last said of them."""

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
            for name in running.derefs:
                self._share(state, name, frame)
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
        if others is None:
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
