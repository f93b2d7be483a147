"""When the objects that the log knows die, and that nothing of ours keeps them alive.

Objects with weak references tell it themselves. The others have one reference of ours, the pin: an
object of which only the pin is left is dead. Those that lost a reference that we knew of are looked
at at the next event, then at growing distances; besides, a few of the rest are looked at each time.
While the cyclic collector works on everything, the pins are gone (collector.py).
"""

from __future__ import annotations

from collections import deque
from sys import getrefcount

from . import format as f
from . import layouts
from .collector import Collector
from .core import LifetimesFields, leave_to_c
from .layouts import finalizers
from .objects import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .objects import ObjectTable
    from .recorder import Recorder

_LEVELS = 11
# Of the rest so many are looked at, every eighth step: the steps between, as a mask.
_SWEEP = 4
_PAUSE = 7


def _only_ours() -> int:
    """Return the reference count of an object that only an entry's pin holds.

    As `look` reads it.
    """
    entry = Entry(0, 0, f.K_LIST, layouts.layout_of(list))
    entry.pin = []
    return getrefcount(entry.pin)


_ALONE = _only_ours()


def is_held(entry: Entry) -> bool:
    """Say whether somebody else than we may hold a living object."""
    return entry.pin is None or getrefcount(entry.pin) != _ALONE


# Their end runs no code but that of what they hold; all of it is in the shadow.
_QUIET = frozenset((list, tuple, dict, range, bytearray))


class Lifetimes(LifetimesFields):
    """Finds the dead among the tracked objects of one recording."""

    def __init__(self, objects: ObjectTable, recorder: Recorder) -> None:
        self._objects = objects
        self._recorder = recorder
        # Objects to be let go outside of the callback, so that their `__del__` is recorded.
        self.doomed: list[Any] = []
        # Entries to look at again, by distance: each level is in order of its due step.
        self._later: list[deque[tuple[int, Entry]]] = [deque() for _ in range(_LEVELS)]
        self._due = 0
        self._sweep: deque[Entry] = deque()
        # How many functions waited for the end of an object at the last look.
        self._finalizers = 0
        # What the cyclic collector has taken.
        self._collected: list[Entry] = []
        self._collector = Collector(objects, recorder, self._collected)

    def start(self) -> None:
        """Begin to follow the cyclic collector."""
        self._collector.start(self._recorder.source.revival())

    def stop(self) -> None:
        """Stop following it."""
        self._collector.stop()
        self.doomed = []

    def forget(self) -> None:
        """Let go of what was to be looked at."""
        self._sweep.clear()
        for waiting in self._later:
            waiting.clear()

    def leaving(self) -> list[Entry]:
        """Return what has died and is alive as far as the log says."""
        dead: list[Any] = [*self._objects.dead, *self._collected]
        entries = [item if type(item) is Entry else item.entry for item in dead]
        return [entry for entry in entries if entry.alive]

    def look(self) -> None:
        """Log what has died since the last event (hot)."""
        objects = self._objects
        found: list[Entry] = []
        dead = objects.dead
        while dead:
            entry = dead.pop().entry
            if entry.alive:
                found.append(entry)
                if entry.kind in _GENERATOR_KINDS and entry.value:
                    self._recorder.generator_died(entry)
                objects.bury(entry)
        while self._collected:
            entry = self._collected.pop()
            found.append(entry)
            objects.bury(entry)
        if objects.suspects:
            self._suspects(found)
        step = self._recorder.steps
        if step >= self._due:
            self._again(step, found)
        if not step & _PAUSE and objects.pinned:
            self._rotate(found)
        if found:
            objects.log_dead(found)
        if len(finalizers[0]) != self._finalizers or (found and objects.weak_containers):
            self._follow_deaths()

    def _follow_deaths(self) -> None:
        """Compare what library code changes when an object dies: no line tells of it."""
        self._objects.compare_weak_containers()
        before, self._finalizers = self._finalizers, len(finalizers[0])
        if self._finalizers < before:
            self._recorder.changes.reachable([])

    def _suspects(self, found: list[Entry]) -> None:
        objects = self._objects
        step = self._recorder.steps
        while objects.suspects:
            suspects, objects.suspects = objects.suspects, []
            for entry in suspects:
                if not entry.alive or entry.pin is None:
                    continue
                if getrefcount(entry.pin) == _ALONE:
                    self._release(entry, found)
                elif not entry.watched:
                    self._watch(entry, 0, step)

    def _watch(self, entry: Entry, level: int, step: int) -> None:
        distance = 1 << level
        entry.watched = level + 1
        self._later[level].append((step + distance, entry))
        if step + distance < self._due or self._due <= step:
            self._due = step + distance

    def _again(self, step: int, found: list[Entry]) -> None:
        for level, waiting in enumerate(self._later):
            while waiting and waiting[0][0] <= step:
                entry = waiting.popleft()[1]
                entry.watched = 0
                if not entry.alive or entry.pin is None:
                    continue
                if getrefcount(entry.pin) == _ALONE:
                    self._release(entry, found)
                elif level + 1 < _LEVELS:
                    self._watch(entry, level + 1, step)
        heads = [waiting[0][0] for waiting in self._later if waiting]
        self._due = min(heads) if heads else 1 << 62

    def _rotate(self, found: list[Entry]) -> None:
        sweep = self._sweep
        if not sweep:
            sweep.extend(self._objects.pinned.values())
        for _ in range(min(_SWEEP, len(sweep))):
            entry = sweep.popleft()
            if entry.alive and entry.pin is not None and getrefcount(entry.pin) == _ALONE:
                self._release(entry, found)

    def _release(self, entry: Entry, found: list[Entry]) -> None:
        """Let go of a dead object: at once when that runs no code, else outside of the callback."""
        quiet = (
            type(entry.pin) in _QUIET
            and entry.total == len(entry.items)
            and all(
                type(item) is not Entry or item.pin is not None
                for item in (*entry.items, *(entry.keys or ()))
            )
        )
        self._objects.bury(entry)
        found.append(entry)
        if not quiet:
            self.doomed.append(entry.pin)
        entry.pin = None


leave_to_c(Lifetimes, "forget", "look")
_GENERATOR_KINDS = frozenset((f.K_GENERATOR, f.K_COROUTINE, f.K_ASYNC_GENERATOR))
