"""What the log knows of arrays: first sight, comparison, and arrays that share their memory.

The shadow of an array is the memory of its first elements (`Entry.content`), which is compared
whole; what has changed is decoded and logged. Arrays of objects are compared as lists are.
Where one view of a memory has changed, the others are compared, too.
"""

from __future__ import annotations

from . import arrays, reprs
from . import format as f
from .core import Row
from .layouts import is_metaclass
from .values import FOREIGN_MEMORY, IN_C, UNBOUND
from .wire import uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .arrays import Picture
    from .objects import Entry, ObjectTable

# Bytes that count as one element when it is bounded how much is compared.
_BYTES_SHIFT = 6


def kind_in_c(cls: type, mro: tuple[type, ...]) -> tuple[int, Any]:
    """Tell the kind of a type that is no container of the interpreter's, and what reads it."""
    if is_metaclass(cls):
        return f.K_OPAQUE, None
    reader = arrays.reader_of(mro)
    if reader is not None:
        return f.K_ARRAY, reader
    if arrays.is_number_type(cls, mro):
        return f.K_SCALAR, arrays.number_value
    return f.K_REPR if reprs.describer_of(cls) is not None else f.K_OPAQUE, None


class ArrayShadows:
    """Reads and compares the arrays of one recording."""

    def __init__(self, objects: ObjectTable) -> None:
        self._objects = objects
        # Tracked arrays by the id of the object that owns their memory, which they keep alive.
        self._shared: dict[int, dict[int, Entry]] = {}
        self._roots: dict[int, int] = {}
        self._following = False

    def clear(self) -> None:
        """Let go of everything."""
        self._shared.clear()
        self._roots.clear()

    def bury(self, entry: Entry) -> None:
        """Forget an array that is dead."""
        root = self._roots.pop(entry.oid, None)
        if root is None:
            return
        group = self._shared[root]
        del group[entry.oid]
        if not group:
            del self._shared[root]

    def fill(self, entry: Entry, value: Any) -> int:
        """Take the shadow of an array anew; returns the elements that were looked at."""
        picture = entry.layout.reader.read(value, self._objects.max_items)
        self._take(entry, picture, self._objects._known)
        root = arrays.root_of(value)
        if root is not None and entry.oid not in self._roots:
            self._roots[entry.oid] = id(root)
            self._shared.setdefault(id(root), {})[entry.oid] = entry
        return _looked_at(picture)

    def _take(self, entry: Entry, picture: Picture, known: Callable[[Any], Any]) -> None:
        if picture.objects is not None:
            entry.items = Row([known(item) for item in picture.objects])
        else:
            entry.items = Row(_decoded(picture, 0, len(picture.raw)))
            if picture.raw and not entry.items:
                picture.reason = f.REASON_IN_C
        entry.text, entry.total, entry.content = picture.text, picture.total, picture.raw
        entry.value = _reason_value(picture)

    def compare(self, entry: Entry, value: Any) -> int:
        """Find and log what changed in an array, and in those that share its memory."""
        picture = entry.layout.reader.read(value, self._objects.max_items)
        changes = entry.changes
        if picture.text != entry.text or picture.reason:
            if picture.text != entry.text or _reason_value(picture) is not entry.value:
                self._replace(entry, picture)
        elif picture.objects is not None:
            self._objects.items_seen(entry, picture.objects, picture.total)
        elif picture.raw != entry.content:
            self._elements_changed(entry, picture)
            entry.content = picture.raw
        self._objects.correct_length(entry, picture.total)
        seen = _looked_at(picture)
        if entry.changes != changes or len(entry.items) < picture.total:
            seen += self.follow(self._roots.get(entry.oid), entry)
        if picture.reason == f.REASON_FOREIGN_MEMORY:
            for array in arrays.iterated_by(value):
                root = arrays.root_of(array)
                seen += 0 if root is None else self.follow(id(root), entry)
        return seen

    def _replace(self, entry: Entry, picture: Picture) -> None:
        objects = self._objects
        objects.begin_change(entry)
        objects.events -= 1
        old = entry.items
        self._take(entry, picture, objects.known)
        objects._contents_event(entry, f.WHY_CHANGED)
        for item in old:
            objects.lost(item)

    def _elements_changed(self, entry: Entry, picture: Picture) -> None:
        old, live, size = entry.content, picture.raw, picture.size
        if len(old) == len(live):
            places: list[int] = []
            _differing(old, live, size, 0, len(live) // size, places)
            if len(places) <= max(8, len(live) // size >> 3):
                for place in places:
                    item = _decoded(picture, place * size, (place + 1) * size)[0]
                    self._objects.array_item(entry, place, item)
                return
            start, stop_old, stop_new = places[0], places[-1] + 1, places[-1] + 1
        else:
            start, tail = _common(old, live, size)
            stop_old, stop_new = len(old) // size - tail, len(live) // size - tail
        inserted = _decoded(picture, start * size, stop_new * size)
        buf = self._objects.begin_change(entry)
        if len(inserted) == 1 and start == stop_old == len(entry.items):
            buf.append(f.APPEND)
            buf += uv(entry.oid)
        else:
            buf.append(f.SPLICE)
            buf += uv(entry.oid) + uv(start) + uv(stop_old - start) + uv(len(inserted))
        for item in inserted:
            self._objects.encoder.put(buf, item)
        entry.total += len(inserted) - (stop_old - start)
        entry.items[start:stop_old] = inserted

    def follow(self, root: int | None, changed: Entry) -> int:
        """Compare what shares the memory of something that changed; returns the elements seen.

        Beyond as many elements as are kept of one object, say that it is not recorded.
        """
        objects = self._objects
        group = self._shared.get(root or 0)
        if group is None or self._following:
            return 0
        entries = [entry for entry in group.values() if entry is not changed and entry.alive]
        owner = objects.by_id.get(root or 0)
        if owner is not None and owner is not changed and owner.oid not in group and owner.alive:
            entries.append(owner)
        seen = 0
        self._following = True
        try:
            for place, entry in enumerate(entries):
                if seen > objects.max_items:
                    objects.mark_unknown(entries[place:], f.REASON_BUDGET)
                    break
                seen += objects.compare(entry)
        finally:
            self._following = False
        return seen


def _looked_at(picture: Picture) -> int:
    counted = len(picture.raw) >> _BYTES_SHIFT
    return counted if picture.objects is None else len(picture.objects)


def _reason_value(picture: Picture) -> Any:
    if picture.reason == f.REASON_FOREIGN_MEMORY:
        return FOREIGN_MEMORY
    return IN_C if picture.reason else UNBOUND


def _decoded(picture: Picture, start: int, stop: int) -> list[Any]:
    if picture.decode is None or start == stop:
        return []
    try:
        return picture.decode(picture.raw[start:stop])
    except (UnicodeDecodeError, ValueError):
        # No text: characters beyond Unicode.
        return []


def _differing(
    old: bytes, live: bytes, size: int, start: int, stop: int, places: list[int]
) -> None:
    """Collect the places of elements that differ, by halving."""
    if old[start * size : stop * size] == live[start * size : stop * size]:
        return
    if stop - start == 1:
        places.append(start)
        return
    middle = (start + stop) // 2
    _differing(old, live, size, start, middle, places)
    _differing(old, live, size, middle, stop, places)


def _common(old: bytes, live: bytes, size: int) -> tuple[int, int]:
    """Return how many first and last elements are equal."""
    short = min(len(old), len(live)) // size
    low, high = 0, short
    while low < high:
        middle = (low + high + 1) // 2
        if old[: middle * size] == live[: middle * size]:
            low = middle
        else:
            high = middle - 1
    start, low, high = low, 0, short - low
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle * size :] == live[len(live) - middle * size :]:
            low = middle
        else:
            high = middle - 1
    return start, low
