"""What the running line did to variables: its frame's, shared cells, names of namespaces."""

from __future__ import annotations

from . import format as f
from . import layouts
from .core import frame_key, function_locals
from .frame_values import HAS_VIEWS, function_values, hidden_values, shared_value
from .log_state import LogState
from .values import UNBOUND, NotRecorded, same
from .wire import uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from .frames import FrameState, LinePlan
    from .objects import Entry


class Variables(LogState):
    """Compares variables with what the log last said of them."""

    def _flush(self, state: FrameState, frame: FrameType) -> None:
        """Log what the running line of a frame changed up to now (hot)."""
        running = state.running
        if running is None:
            return
        if running.slots:
            if not state.plan.fast:
                self._store_found(state, hidden_values(state, frame, running.slots))
            elif state.plan.wrapper.comprehensions.is_plain:
                self._store_slots(state, frame, running)
            else:
                self._store_found(state, function_values(state, frame, running.slots))
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
        variables = function_locals(frame)
        known, objects = state.values, self.objects
        for slot, name in running.slots:
            value = variables.get(name, UNBOUND)
            if value is not UNBOUND:
                value = objects.variable(value)
            if not same(known[slot], value):
                self._write(state, slot, value)
        if not HAS_VIEWS:
            # It is the dict that `locals()` gives: reading it has filled it anew.
            filled = objects.by_id.get(id(variables))
            if filled is not None:
                objects.compare(filled)

    def _store_found(self, state: FrameState, found: list[tuple[int, Any]]) -> None:
        for slot, value in found:
            known = self._known(value)
            if not same(state.values[slot], known):
                self._write(state, slot, known)

    def _known(self, value: Any) -> Any:
        if value is UNBOUND or type(value) is NotRecorded:
            return value
        return self.objects.variable(value)

    def _show_changes(self, state: FrameState, frame: FrameType) -> None:
        """Let the debugger look at what a piece of a line did, when it touched what is watched."""
        if self.watches.touched:
            self.commit()
            self.control.on_change(state, frame)

    def _write(self, state: FrameState, slot: int, value: Any) -> None:
        if value is UNBOUND:
            buf = self._event(f.DELETE)
            buf += uv(slot)
        else:
            buf = self._event(f.WRITE)
            buf += uv(slot)
            self.objects.encoder.put(buf, value)
        if self.watches is not None:
            self.watches.wrote(state.number, state.plan.slots[slot])
        old = state.values[slot]
        state.values[slot] = value
        state.written[slot] = self.steps
        state.fresh = True
        self.objects.lost(old)

    def _compare_frame(self, state: FrameState, frame: FrameType) -> None:
        """Compare all variables of the top frame of its thread."""
        state.full = False
        if not state.plan.fast and state.locals is not None:
            self.objects.compare(state.locals)
        self._store_found(state, self.values_of(state, frame))

    def values_of(self, state: FrameState, frame: FrameType) -> list[tuple[int, Any]]:
        """Read all variables of a frame that stand in slots."""
        slots = enumerate(state.plan.slots)
        if not state.plan.fast:
            return hidden_values(state, frame, slots)
        if not state.plan.wrapper.comprehensions.is_plain:
            return function_values(state, frame, slots)
        variables = function_locals(frame)
        return [(slot, variables.get(name, UNBOUND)) for slot, name in slots]

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
            other = wanted.pop(frame_key(walked), None)
            if other is not None and other.thread is state.thread:
                self._share_with(other, walked, name)
            walked = walked.f_back
        for other in wanted.values():
            # Suspended, or of another thread: read anew when it goes on.
            generator = self._suspended_frame(other)
            if generator is not None:
                self._share_with(other, generator, name)
            else:
                other.full = True

    def _share_with(self, other: FrameState, frame: FrameType, name: str) -> None:
        value = shared_value(other, frame, name)
        if value is not None:
            self._write_in(other, other.plan.slot_of[name], value)

    def _suspended_frame(self, state: FrameState) -> FrameType | None:
        entry = self.objects.by_frame.get(state.number)
        generator = entry.object() if entry is not None else None
        return layouts.generator_frame(generator) if generator is not None else None

    def _write_in(self, state: FrameState, slot: int, value: Any) -> None:
        value = self._known(value)
        if same(state.values[slot], value):
            return
        if state.frame_id in self.suspended and state.block != self.writer.block:
            buf = self._event(f.FRAME)
            self.put_frame(buf, state, self.objects.encoder.put)
            state.block = self.writer.block
            self._block_frames[state.number] = None
        buf = self._event(f.WRITE_IN)
        buf += uv(state.number) + uv(slot)
        self.objects.encoder.put(buf, value)
        if self.watches is not None:
            self.watches.wrote(state.number, state.plan.slots[slot])
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
                mapped = objects.mapped(value)
                if mapped is not entry.items[place]:
                    objects.set_item(entry, place, mapped)
            elif len(entry.items) == entry.total < self.max_items:
                entry.index[name] = entry.total
                objects.append_pair(entry, name, value)
            else:
                objects.compare(entry)
