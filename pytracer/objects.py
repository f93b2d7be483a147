"""Which objects the log knows, what it last said of each, and how they differ from that now.

An `Entry` is one tracked object. Its shadow (what the log last said) holds scalars themselves and,
for objects, their entries: no reference of ours keeps an object of the program alive but one `pin`
for each object that takes no weak reference. `by_id` is exact at every instant: an object with a
weak reference leaves it in the callback, before its memory can be used again, and a pinned one
cannot die. With the native recorder most objects have neither: `native/deaths.c` is told of their
end.
"""

from __future__ import annotations

import weakref
from _functools import partial
from collections import defaultdict
from itertools import compress, count
from operator import is_, is_not

from . import format as f
from . import layouts, reprs
from .array_shadows import ArrayShadows, kind_in_c
from .core import (
    EntryFields,
    IdMap,
    ObjectTableFields,
    Row,
    adopt,
    forget_deaths,
    frame_key,
    leave_to_c,
    watch_deaths,
)
from .layouts import HAS_ATTRS, HAS_ITEMS, ModuleType, layout_of, type_mro
from .values import (
    IN_C,
    LEFT_OUT,
    OURS,
    SCALAR_IDS,
    UNBOUND,
    LongText,
    NotRecorded,
    ValueEncoder,
)
from .wire import put_str, text, uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .layouts import Layout
    from .wire import LogWriter

MAX_HOPS = 8
# Objects that one first sight may bring into the log; the others are seen when they are next
# compared.
FIRST_SIGHT = 50_000


class Entry(EntryFields):
    """One tracked object: its number, how to reach it, and its shadow."""

    __slots__ = ()

    def __init__(self, oid: int, key: int, kind: int, layout: Layout) -> None:
        self.oid = oid
        self.key = key
        self.kind = kind
        self.layout = layout
        self.type_name = layout.name
        self.alive = True
        # Two weak references: `ref` tells of the death, `guard` takes the id out of `by_id`.
        self.ref: Any = None
        self.guard: Any = None
        self.pin: Any = None
        # Shadow: items (for dicts the values, with `keys` beside them) and attributes, in order.
        self.items: list[Any] = Row()
        self.keys: list[Any] | None = None
        self.total = 0
        # For namespaces: place of each name.
        self.index: dict[str, int] | None = None
        self.attr_names: list[str] = Row()
        self.attrs: list[Any] = Row()
        self.attr_total = 0
        self.value: Any = UNBOUND
        self.text = ""
        # Of a class: its `__name__` where the text does not say it.
        self.content = b""
        # The entry of the object's class, where the name of its type does not say which it is.
        self.cls: Any = None
        self.own_class = False
        # Neither it can change nor anything to which it leads.
        self.settled = False
        # Where the log speaks of it: last block, distance to a full account, changes since then.
        self.block = -1
        self.hops = 0
        self.changes = 0
        self.unknown = False
        # Distance in steps to the next look at whether it is dead; 0: not looked at.
        self.watched = 0

    def object(self) -> Any:
        """Return the live object, or None when it is dead."""
        return self.pin if self.ref is None else self.ref()


class _EntryRef(weakref.ref):  # type: ignore[type-arg]
    __slots__ = ("entry",)
    entry: Entry


class _Guard(weakref.ref):  # type: ignore[type-arg]
    __slots__ = ()


class _Forget(partial):  # type: ignore[misc,type-arg]
    __slots__ = ()


class _Waiting(list):  # type: ignore[type-arg]
    """Entries to be told of; it grows while objects are read, so it is never read as an object."""

    __slots__ = ()


class _Numbered(dict):  # type: ignore[type-arg]
    """Entries by number, which grow as well while objects are read."""

    __slots__ = ()


# There is one or more of these for each object that the log knows. Were they to become objects that
# it knows, each look of the program at all that exists would find several times as many as the one
# before.
_ACCOUNTS = frozenset(
    map(
        id,
        (
            Entry,
            _EntryRef,
            _Guard,
            _Forget,
            Row,
            _Waiting,
            _Numbered,
            IdMap,
            NotRecorded,
            LongText,
        ),
    )
) - {id(list)}

leave_to_c(Entry, "object")
layouts.know_in_c(kind_in_c, reprs.text_of)
adopt("Entry", Entry)
adopt("EntryRef", _EntryRef)


class ObjectTable(ObjectTableFields):
    """All tracked objects of one recording; writes their events into the writer's buffer."""

    def __init__(self, writer: LogWriter, max_items: int, max_string: int) -> None:
        self._writer = writer
        self.encoder = ValueEncoder(writer, max_string, Entry)
        self.max_items = max_items
        self.arrays = ArrayShadows(self)
        self._max_bytes = max_string
        self.by_id: dict[int, Entry] = IdMap()
        self._forget = self.by_id.pop
        self.events = 0
        self._next = 1
        # Back distances of this block's directory.
        self.touched: dict[int, int] = {}
        self.own_modules: set[str] = set()
        # Instance dicts that are tracked by their owner, by id: a change of one is a change of
        # both.
        self._owners: dict[int, Entry] = IdMap()
        # Weak references whose object died.
        self.dead: list[_EntryRef] = []
        self._died = self.dead.append
        # Lost a reference that we knew of: may be dead.
        self.suspects: list[Entry] = _Waiting()
        self.pinned: dict[int, Entry] = _Numbered()
        self.any_unknown = False
        # Reading an item of one of these changes it.
        self.has_default_dicts = False
        # What loses parts when other objects die.
        self.weak_containers: list[Entry] = _Waiting()
        # Compared or made since something was marked as not recorded.
        self.recompared: dict[int, Entry] = _Numbered()
        self.cells: dict[str, dict[int, Entry]] = {}
        # Generators by the key of their frame until it begins to run, then by its number.
        self.generators: dict[int, Entry] = _Numbered()
        self.by_frame: dict[int, Entry] = _Numbered()
        self.frame_number: Callable[[Any], int] = lambda _: 0
        self.steps: Callable[[], int] = lambda: 0
        # By object number: reason and step1 of what is not recorded; in a bounded recording.
        self.unknown_since: dict[int, tuple[int, int]] | None = None
        self._queue: list[Entry] = _Waiting()
        self._room = FIRST_SIGHT
        # What the events that are not in the log yet are about: new, changed (each followed by
        # whether this block had spoken of it before), dead.
        self.made_now: list[Entry] = _Waiting()
        # What the debugger wants to know of: watches.Watches.
        self.watches: Any = None
        self.changed_now: list[Any] = _Waiting()
        self.dead_now: list[Entry] = _Waiting()
        watch_deaths(self)

    @property
    def next_object(self) -> int:
        """Number of the next object that is seen."""
        return self._next

    # Values and first sight.

    def known(self, value: Any) -> Any:
        """Turn a value of the program into what shadows hold; tracks it if it is new (hot).

        NEW events for all that it brings along are in the buffer when this returns.
        """
        if id(type(value)) in SCALAR_IDS:
            return value
        entry = self.by_id.get(id(value))
        if entry is not None:
            return entry
        self._room = FIRST_SIGHT
        entry = self._add(value, 0)
        self._drain()
        return entry

    def variable(self, value: Any) -> Any:
        """Do the same for a variable's value, where long scalars are not held."""
        if id(type(value)) in SCALAR_IDS:
            return self.encoder.shorten(value)
        return self.known(value)

    def entry_of(self, value: Any) -> Entry | None:
        """Find the entry of an object, or that of the instance whose `__dict__` it is."""
        return self.by_id.get(id(value)) or self._owners.get(id(value))

    def namespace(self, value: Any) -> Entry:
        """Track the mapping of a module or class body."""
        entry = self.by_id.get(id(value))
        if entry is None:
            self._room = FIRST_SIGHT
            kind = f.K_NAMESPACE if layouts.is_dict_type(type(value)) else 0
            entry = self._add(value, kind)
            self._drain()
        else:
            # `exec` has just put `__builtins__` into it, or what the function's variables are now
            # into the dict that `locals()` gives (up to 3.12).
            self.compare(entry)
            if entry.kind == f.K_DICT and entry.index is None:
                entry.index = _index(entry.keys)
        return entry

    def _known(self, value: Any) -> Any:
        """Turn a value into what shadows hold without emptying the queue of new objects."""
        if id(type(value)) in SCALAR_IDS:
            return value
        entry = self.by_id.get(id(value))
        if entry is None:
            if self._room <= 0:
                return LEFT_OUT
            entry = self._add(value, 0)
        return entry

    def _add(self, value: Any, kind: int) -> Any:
        layout = layout_of(type(value))
        if not kind and layouts.is_ours(value):
            if id(type(value)) in _ACCOUNTS:
                return OURS
            kind = f.K_OPAQUE
        if layout.kind == f.K_DICT and any(base is defaultdict for base in type_mro(type(value))):
            self.has_default_dicts = True
        key = id(value)
        entry = Entry(self._next, key, kind or layout.kind, layout)
        self._next += 1
        self._room -= 1
        # Before the entry can be found: an interruption must not leave one that the log has no NEW
        # for.
        self.made_now.append(entry)
        self._queue.append(entry)
        self._hold(entry, value)
        self.by_id[key] = entry
        if layout.holds_weakly:
            if layouts.is_weak_reference(type(value)):
                self.note_callback(value)
            else:
                self.weak_containers.append(entry)
        if self.any_unknown:
            self.recompared[entry.oid] = entry
        return entry

    def _hold(self, entry: Entry, value: Any) -> None:
        """Refer to an object so that it can be reached as long as it lives."""
        try:
            # The callbacks are C functions: in Python code a signal's exception would be lost.
            ref = _EntryRef(value, self._died)
            ref.entry = entry
            entry.guard = _Guard(value, _Forget(self._forget, entry.key))
            entry.ref = ref
        except TypeError:
            entry.pin = value
            self.pinned[entry.oid] = entry

    def release(self, entry: Entry) -> None:
        """Let go of an object that is not pinned; it cannot be found until `hold_again`."""
        if self.by_id.get(entry.key) is entry:
            del self.by_id[entry.key]
        entry.ref = entry.guard = None

    def hold_again(self, entry: Entry, value: Any) -> None:
        """Refer to a released object again; None: it is not to be found."""
        if value is not None and id(value) == entry.key and entry.key not in self.by_id:
            self._hold(entry, value)
            self.by_id[entry.key] = entry
        elif entry.alive:
            self.bury(entry)
            self.log_dead([entry])

    def _drain(self) -> None:
        queue = self._queue
        done = 0
        while done < len(queue):
            entry = queue[done]
            done += 1
            value = entry.object()
            if value is not None:
                self._read(entry, value)
                entry.settled = _is_settled(entry, value)
            # What died before it was read is named all the same: others refer to it.
            self._emit_new(entry)
        queue.clear()

    def _read(self, entry: Entry, value: Any) -> None:
        """Fill the shadow of a new entry."""
        kind, known = entry.kind, self._known
        if kind == f.K_ARRAY:
            self._room -= self.arrays.fill(entry, value)
        elif kind in HAS_ITEMS:
            items, values, entry.total = layouts.read_items(value, kind, self.max_items)
            self._room -= len(items)
            if values is None:
                entry.items = Row([known(item) for item in items])
            else:
                entry.keys = Row([known(key) for key in items])
                entry.items = Row([known(item) for item in values])
                if kind == f.K_NAMESPACE:
                    entry.index = _index(entry.keys)
                    self._own_module(value)
        if kind == f.K_CLASS:
            module = layouts.type_dict(value).get("__module__")
            entry.own_class = type(module) is str and module in self.own_modules
            entry.content = layouts.class_name(value)
        if kind in HAS_ATTRS:
            names, members, entry.attr_total = layouts.read_attrs(
                value, entry.layout, self.max_items, entry.own_class
            )
            entry.attr_names = Row(names)
            entry.attrs = Row([known(member) for member in members])
            owned = layouts.instance_dict(value, entry.layout)
            if owned is not None:
                self._owners[id(owned)] = entry
        if kind in (f.K_CELL, f.K_DEQUE, f.K_SCALAR, f.K_CLASS) or entry.layout.hides:
            raw = layouts.read_value(value, entry.layout)
            is_none = raw is UNBOUND or type(raw) is NotRecorded
            entry.value = raw if is_none else known(raw)
        elif kind == f.K_BYTEARRAY:
            entry.content = bytes(bytearray.__getitem__(value, slice(0, self._max_bytes)))
            entry.total = bytearray.__len__(value)
        elif kind == f.K_MODULE:
            inner = self.by_id.get(id(layouts.module_dict(value)))
            entry.value = inner if inner is not None else UNBOUND
        if kind in _TEXT and kind != f.K_ARRAY:
            entry.text = layouts.read_text(value, kind)
        if kind == f.K_REPR and entry.text.startswith("<") and reprs.text_of(value) is None:
            entry.value = IN_C
        if kind in _GENERATOR_KINDS:
            entry.value = self.frame_number(value)
            frame = layouts.generator_frame(value)
            if entry.value:
                self.by_frame[entry.value] = entry
            elif frame is not None:
                self.generators[frame_key(frame)] = entry
        elif kind == f.K_FUNCTION:
            self._name_cells(entry, value)
        if entry.layout.names_class:
            entry.cls = known(type(value))

    def _own_module(self, namespace: Any) -> None:
        name = dict.get(namespace, "__name__")
        if type(name) is str:
            self.own_modules.add(name)

    def _name_cells(self, entry: Entry, function: Any) -> None:
        names = layouts.function_code(function).co_freevars
        for name, cell in zip(names, entry.items):
            if type(cell) is Entry and cell.kind == f.K_CELL:
                self.cells.setdefault(name, {})[cell.oid] = cell

    # Events.

    def _emit_new(self, entry: Entry) -> None:
        writer = self._writer
        buf = writer.buf
        buf.append(f.NEW)
        buf += uv(entry.oid)
        buf.append(entry.kind)
        put_str(buf, writer.strings, entry.type_name)
        self._put_contents(buf, entry)
        self.events += 1
        entry.block = writer.block
        self.touched[entry.oid] = 0

    def _put_contents(self, buf: bytearray, entry: Entry) -> None:
        """Append the whole shadow."""
        kind, put = entry.kind, self.encoder.put
        mask = 0
        if kind in HAS_ITEMS:
            mask |= f.PART_ITEMS
        if kind in HAS_ATTRS and (entry.attr_total or kind in (f.K_INSTANCE, f.K_CLASS)):
            mask |= f.PART_ATTRS
        if kind in _TEXT:
            mask |= f.PART_TEXT
        if entry.value is not UNBOUND or kind == f.K_CELL:
            mask |= f.PART_VALUE
        if kind == f.K_BYTEARRAY:
            mask |= f.PART_BYTES
        if entry.cls is not None:
            mask |= f.PART_CLASS
        if kind == f.K_CLASS and entry.content:
            mask |= f.PART_NAME
        buf.append(mask)
        if mask & f.PART_ITEMS:
            buf += uv(entry.total)
            buf += uv(len(entry.items))
            if entry.keys is None:
                for item in entry.items:
                    put(buf, item)
            else:
                for key, item in zip(entry.keys, entry.items):
                    put(buf, key)
                    put(buf, item)
        if mask & f.PART_ATTRS:
            buf += uv(entry.attr_total)
            buf += uv(len(entry.attrs))
            strings = self._writer.strings
            for name, member in zip(entry.attr_names, entry.attrs):
                put_str(buf, strings, name)
                put(buf, member)
        if mask & f.PART_TEXT:
            buf += text(entry.text)
        if mask & f.PART_VALUE:
            put(buf, entry.value)
        if mask & f.PART_BYTES:
            buf += uv(entry.total)
            buf += uv(len(entry.content))
            buf += entry.content
        if mask & f.PART_CLASS:
            put(buf, entry.cls)
        if mask & f.PART_NAME:
            buf += uv(len(entry.content))
            buf += entry.content

    def _contents_event(self, entry: Entry, why: int) -> None:
        buf = self._writer.buf
        buf.append(f.CONTENTS)
        buf += uv(entry.oid)
        buf.append(why)
        self._put_contents(buf, entry)
        self.events += 1

    def begin_change(self, entry: Entry) -> bytearray:
        """Prepare for a change event of an entry whose shadow still is the old one."""
        writer = self._writer
        if self.watches is not None:
            self.watches.changes(entry)
        self.changed_now += (entry, entry.block == writer.block)
        if entry.block != writer.block:
            back = writer.block - entry.block
            entry.hops += 1
            if entry.hops > MAX_HOPS or entry.changes > max(
                16, len(entry.items) + len(entry.attrs)
            ):
                self._contents_event(entry, f.WHY_CHECKPOINT)
                entry.hops = entry.changes = back = 0
            entry.block = writer.block
            self.touched[entry.oid] = back
        entry.changes += 1
        self.events += 1
        return writer.buf

    def committed(self) -> None:
        """Note that all events are in the log (hot)."""
        if self.made_now:
            self.made_now.clear()
        if self.changed_now:
            self.changed_now.clear()
        if self.dead_now:
            self.dead_now.clear()

    def say_again(self) -> None:
        """Give a full account of all that lost events were about."""
        # Copies: an interruption in here must find them again.
        made, changed, dead = [*self.made_now], [*self.changed_now], [*self.dead_now]
        self._queue = _Waiting()
        fresh = {entry.oid: entry for entry in made}
        writer = self._writer
        for entry in made:
            value = entry.object()
            if value is not None and entry.alive:
                self._room = FIRST_SIGHT
                entry.keys, entry.index = None, None
                self._read(entry, value)
                self._emit_new(entry)
        for entry, spoken_of in zip(changed[::2], changed[1::2]):
            value = entry.object()
            if value is None or not entry.alive or entry.oid in fresh:
                continue
            fresh[entry.oid] = entry
            self._room = FIRST_SIGHT
            self._read(entry, value)
            if not spoken_of:
                self.touched[entry.oid] = 0
            entry.block, entry.hops, entry.changes, entry.unknown = writer.block, 0, 0, False
            self._contents_event(entry, f.WHY_CHANGED)
        self._drain()
        gone = [entry for entry in dead if entry not in made]
        if gone:
            self.log_dead(gone)

    def log_dead(self, entries: list[Entry]) -> None:
        """Log DEAD."""
        buf = self._writer.buf
        buf.append(f.DEAD)
        buf += uv(len(entries))
        for entry in entries:
            buf += uv(entry.oid)
        self.events += 1

    def directory(self) -> bytes:
        """Encode the objects of the block that ends, and begin to collect the next one's."""
        out = bytearray(uv(len(self.touched)))
        for oid, back in self.touched.items():
            out += uv(oid)
            out += uv(back)
        self.touched = {}
        return bytes(out)

    # Comparison.

    def compare(self, entry: Entry) -> int:
        """Find and log what changed since the shadow was taken; returns the elements looked at."""
        value = entry.object()
        if value is None or not entry.alive:
            return 0
        seen = 1
        if self.any_unknown:
            self._compared_again(entry)
        layout = entry.layout
        if not layout.changeable:
            return seen
        if layout.ref() is not type(value):
            self._retype(entry, value)
        kind = entry.kind
        if kind == f.K_CLASS:
            if not entry.own_class:
                return seen
            self._compare_class(entry, value)
        elif kind == f.K_ARRAY:
            seen += self.arrays.compare(entry, value)
        elif kind in HAS_ITEMS:
            seen += self._compare_items(entry, value)
            owner = self._owners.get(id(value)) if kind == f.K_DICT else None
            instance = owner.object() if owner is not None and owner.alive else None
            if owner is not None and instance is not None:
                self._compare_attrs(owner, instance)
        elif kind == f.K_CELL:
            self._compare_value(entry, value)
        elif kind == f.K_BYTEARRAY:
            if self._compare_bytes(entry, value):
                seen += self.arrays.follow(id(value), entry)
            seen += len(entry.content) >> 6
        if kind in HAS_ATTRS:
            seen += self._compare_attrs(entry, value)
        return seen

    def _compared_again(self, entry: Entry) -> None:
        self.recompared[entry.oid] = entry
        if entry.unknown:
            entry.unknown = False
            buf = self.begin_change(entry)
            buf.append(f.KNOWN)
            buf += uv(entry.oid)

    def _retype(self, entry: Entry, value: Any) -> None:
        entry.layout = layout_of(type(value))
        entry.type_name = entry.layout.name
        buf = self.begin_change(entry)
        buf.append(f.TYPE)
        buf += uv(entry.oid)
        put_str(buf, self._writer.strings, entry.type_name)
        entry.cls = self.known(type(value)) if entry.layout.names_class else None
        if entry.cls is not None:
            buf = self.begin_change(entry)
            buf.append(f.CLASS)
            buf += uv(entry.oid)
            self.encoder.put(buf, entry.cls)

    def mapped(self, value: Any) -> Any:
        """Turn a value of the program into what shadows hold, or leave it if it is new."""
        entry = self.by_id.get(id(value))
        if entry is not None:
            return entry
        return OURS if id(type(value)) in _ACCOUNTS else value

    def forget_recompared(self, numbers: set[int]) -> None:
        """Keep of what was compared again only these."""
        for oid in [oid for oid in self.recompared if oid not in numbers]:
            del self.recompared[oid]

    def _mapped(self, values: list[Any]) -> list[Any]:
        return list(map(self.by_id.get, map(id, values), values))

    def _compare_items(self, entry: Entry, value: Any) -> int:
        live, values, total = layouts.read_items(value, entry.kind, self.max_items)
        seen = len(live)
        if values is None:
            self.items_seen(entry, live, total)
            return seen
        keys, mapped = self._mapped(live), self._mapped(values)
        old_keys = entry.keys or []
        same_keys = len(keys) == len(old_keys) and all(map(is_, keys, old_keys))
        if same_keys and _is_shadow(entry, mapped, total):
            return seen
        keys, mapped = _without_ours(live, keys), _without_ours(values, mapped)
        if total == entry.total and len(keys) == len(old_keys) and all(map(is_, keys, old_keys)):
            changed = [*compress(count(), map(is_not, mapped, entry.items))]
            if len(changed) <= max(8, len(keys) >> 3):
                for place in changed:
                    self.set_item(entry, place, mapped[place])
                return seen
        self._pairs_changed(entry, keys, mapped, total)
        return seen

    def items_seen(self, entry: Entry, live: list[Any], total: int) -> None:
        """Compare the elements of a sequence or set with its shadow."""
        if (
            total == entry.total
            and len(live) == len(entry.items)
            and all(map(is_, live, entry.items))
        ):
            # Scalars alone.
            return
        mapped = self._mapped(live)
        if not _is_shadow(entry, mapped, total):
            self._items_changed(entry, _without_ours(live, mapped), total)

    def set_item(self, entry: Entry, place: int, value: Any) -> None:
        """Log ITEM_SET for one element, or one pair's value."""
        known = self.known(value) if type(value) is not Entry else value
        old = entry.items[place]
        if known is old:
            return
        buf = self.begin_change(entry)
        buf.append(f.ITEM_SET)
        buf += uv(entry.oid)
        buf += uv(place)
        self.encoder.put(buf, known)
        entry.items[place] = known
        self.lost(old)

    def array_item(self, entry: Entry, place: int, value: Any) -> None:
        """Log ITEM_SET for one element of an array, a scalar that differs from before."""
        buf = self.begin_change(entry)
        buf.append(f.ITEM_SET)
        buf += uv(entry.oid) + uv(place)
        self.encoder.put(buf, value)
        entry.items[place] = value

    def append_item(self, entry: Entry, value: Any) -> None:
        """Log APPEND of one element."""
        known = self.known(value)
        buf = self.begin_change(entry)
        buf.append(f.APPEND)
        buf += uv(entry.oid)
        self.encoder.put(buf, known)
        entry.items.append(known)
        entry.total += 1

    def append_pair(self, entry: Entry, key: Any, value: Any) -> None:
        """Log APPEND of a pair to a dict or namespace."""
        key, known = self.known(key), self.known(value)
        buf = self.begin_change(entry)
        buf.append(f.APPEND)
        buf += uv(entry.oid)
        self.encoder.put(buf, key)
        self.encoder.put(buf, known)
        if entry.keys is not None:
            entry.keys.append(key)
        entry.items.append(known)
        entry.total += 1

    def delete_pair(self, entry: Entry, place: int) -> None:
        """Log the deletion of one pair of a dict or namespace."""
        buf = self.begin_change(entry)
        buf.append(f.SPLICE)
        buf += uv(entry.oid) + uv(place) + b"\1\0"
        if entry.keys is not None:
            self.lost(entry.keys.pop(place))
        self.lost(entry.items.pop(place))
        entry.total -= 1

    def _items_changed(self, entry: Entry, mapped: list[Any], total: int) -> None:
        old = entry.items
        start, stop_old, stop_new = _difference(old, mapped)
        inserted = [
            item if type(item) is Entry else self.known(item) for item in mapped[start:stop_new]
        ]
        put = self.encoder.put
        deleted = old[start:stop_old]
        if inserted or deleted:
            buf = self.begin_change(entry)
            if len(inserted) == 1 == len(deleted):
                buf.append(f.ITEM_SET)
                buf += uv(entry.oid) + uv(start)
                put(buf, inserted[0])
            elif len(inserted) == 1 and not deleted and start == len(old):
                buf.append(f.APPEND)
                buf += uv(entry.oid)
                put(buf, inserted[0])
            else:
                buf.append(f.SPLICE)
                buf += uv(entry.oid) + uv(start) + uv(len(deleted)) + uv(len(inserted))
                for item in inserted:
                    put(buf, item)
            old[start:stop_old] = inserted
            entry.total += len(inserted) - len(deleted)
        self.correct_length(entry, total)
        for item in deleted:
            self.lost(item)

    def _pairs_changed(self, entry: Entry, keys: list[Any], mapped: list[Any], total: int) -> None:
        old_keys, old = [] if entry.keys is None else entry.keys, entry.items
        first = _difference(old_keys, keys)
        second = _difference(old, mapped)
        start = min(first[0], second[0])
        tail = min(len(old) - max(first[1], second[1]), len(mapped) - max(first[2], second[2]))
        tail = max(0, min(tail, len(old) - start, len(mapped) - start))
        stop_old, stop_new = len(old) - tail, len(mapped) - tail
        new_keys = [
            item if type(item) is Entry else self.known(item) for item in keys[start:stop_new]
        ]
        inserted = [
            item if type(item) is Entry else self.known(item) for item in mapped[start:stop_new]
        ]
        gone = old_keys[start:stop_old] + old[start:stop_old]
        if inserted or stop_old > start:
            put = self.encoder.put
            buf = self.begin_change(entry)
            if len(inserted) == 1 and start == stop_old == len(old):
                buf.append(f.APPEND)
                buf += uv(entry.oid)
            else:
                buf.append(f.SPLICE)
                buf += uv(entry.oid) + uv(start) + uv(stop_old - start) + uv(len(inserted))
            for key, item in zip(new_keys, inserted):
                put(buf, key)
                put(buf, item)
            old_keys[start:stop_old] = new_keys
            old[start:stop_old] = inserted
            entry.total += len(inserted) - (stop_old - start)
            if entry.index is not None:
                entry.index = _index(old_keys)
        self.correct_length(entry, total)
        for item in gone:
            self.lost(item)

    def correct_length(self, entry: Entry, total: int) -> None:
        """Log the true length of what is kept in part."""
        if entry.total != total:
            buf = self.begin_change(entry)
            buf.append(f.LENGTH)
            buf += uv(entry.oid) + uv(total)
            entry.total = total

    def _compare_class(self, entry: Entry, cls: type) -> None:
        """Look at what a class is called and at its bases; those of its subclasses go with them."""
        name, text = layouts.class_name(cls), layouts.read_text(cls, f.K_CLASS)
        module = layouts.read_value(cls, entry.layout)
        if name != entry.content or text != entry.text or module != entry.value:
            self.begin_change(entry)
            self.events -= 1
            entry.content, entry.text, entry.value = name, text, module
            self._contents_event(entry, f.WHY_CHANGED)
        before = entry.items[:]
        self._compare_items(entry, cls)
        if before != entry.items:
            layout_of(cls).look_again()
            for subclass in layouts.type_subclasses(cls):
                known = self.by_id.get(id(subclass))
                if known is not None:
                    self.compare(known)

    def _compare_value(self, entry: Entry, value: Any) -> None:
        raw = layouts.read_value(value, entry.layout)
        known = UNBOUND if raw is UNBOUND else self.known(raw)
        if known is not entry.value:
            buf = self.begin_change(entry)
            buf.append(f.CELL_SET)
            buf += uv(entry.oid)
            self.encoder.put(buf, known)
            old, entry.value = entry.value, known
            self.lost(old)

    def _compare_bytes(self, entry: Entry, value: Any) -> bool:
        """Compare a bytearray; returns whether what shares its memory may have changed."""
        live = bytes(bytearray.__getitem__(value, slice(0, self._max_bytes)))
        total = bytearray.__len__(value)
        old = entry.content
        if live != old:
            start = _common_prefix(old, live)
            tail = _common_prefix(old[start:][::-1], live[start:][::-1])
            inserted = live[start : len(live) - tail]
            deleted = len(old) - tail - start
            buf = self.begin_change(entry)
            buf.append(f.BYTES_SPLICE)
            buf += uv(entry.oid) + uv(start) + uv(deleted) + uv(len(inserted)) + inserted
            entry.content = live
            entry.total += len(inserted) - deleted
        self.correct_length(entry, total)
        return live != old or len(live) < total

    def _compare_attrs(self, entry: Entry, value: Any) -> int:
        names, members, total = layouts.read_attrs(
            value, entry.layout, self.max_items, entry.own_class
        )
        owned = layouts.instance_dict(value, entry.layout)
        if owned is not None:
            self._owners[id(owned)] = entry
            alias = self.by_id.get(id(owned))
            if alias is not None and alias.kind == f.K_DICT:
                self._compare_items(alias, owned)
        mapped = self._mapped(members)
        if names == entry.attr_names and total == entry.attr_total:
            if not all(map(is_, mapped, entry.attrs)):
                mapped = _without_ours(members, mapped)
                for place in compress(count(), map(is_not, mapped, entry.attrs)):
                    self._set_attr(entry, names[place], place, mapped[place])
            return len(names)
        self._attrs_changed(entry, names, _without_ours(members, mapped), total)
        return len(names)

    def _set_attr(self, entry: Entry, name: str, place: int, value: Any) -> None:
        known = value if type(value) is Entry else self.known(value)
        buf = self.begin_change(entry)
        buf.append(f.ATTR_SET)
        buf += uv(entry.oid)
        put_str(buf, self._writer.strings, name)
        self.encoder.put(buf, known)
        old, entry.attrs[place] = entry.attrs[place], known
        self.lost(old)

    def _attrs_changed(self, entry: Entry, names: list[str], mapped: list[Any], total: int) -> None:
        """Log deletions first, then sets; an order that these do not give comes as CONTENTS."""
        if entry.attr_total > len(entry.attrs) or total > len(names):
            self._replace_attrs(entry, names, mapped, total)
            return
        left = set(names)
        kept = [name for name in entry.attr_names if name in left]
        if kept != names[: len(kept)]:
            self._replace_attrs(entry, names, mapped, total)
            return
        strings = self._writer.strings
        for name in [name for name in entry.attr_names if name not in left]:
            buf = self.begin_change(entry)
            buf.append(f.ATTR_DEL)
            buf += uv(entry.oid)
            put_str(buf, strings, name)
            place = entry.attr_names.index(name)
            del entry.attr_names[place]
            self.lost(entry.attrs.pop(place))
            entry.attr_total -= 1
        for place, (name, value) in enumerate(zip(names, mapped)):
            if place >= len(entry.attrs):
                entry.attr_names.append(name)
                entry.attrs.append(UNBOUND)
                entry.attr_total += 1
            if entry.attrs[place] is not value:
                self._set_attr(entry, name, place, value)

    def _replace_attrs(self, entry: Entry, names: list[str], mapped: list[Any], total: int) -> None:
        known = Row([item if type(item) is Entry else self.known(item) for item in mapped])
        self.begin_change(entry)
        self.events -= 1
        old, entry.attrs = entry.attrs, known
        entry.attr_names, entry.attr_total = Row(names), total
        self._contents_event(entry, f.WHY_CHANGED)
        for item in old:
            self.lost(item)

    def note_callback(self, reference: Any) -> None:
        """Note what the callback of a weak reference changes, when that is a function in C."""
        if id(type(reference)) in layouts.WEAK_PROXIES:
            # They do not tell it.
            return
        callback = _callback_of(reference)
        parts = [callback]
        if type(callback) is partial:
            parts = [callback.func, *callback.args, *callback.keywords.values()]
        for part in parts:
            owner = layouts.builtin_self(part) if type(part) is layouts.BuiltinType else part
            known = self.by_id.get(id(owner))
            if known is not None and known.kind in _CONTAINERS:
                self.weak_containers.append(known)

    def compare_weak_containers(self) -> None:
        """Log what the dead have taken with them, or what they had called."""
        containers = self.weak_containers
        containers[:] = {id(entry): entry for entry in containers if entry.alive}.values()
        for entry in [*containers]:
            if entry.kind in _CONTAINERS:
                self.compare(entry)
                continue
            value = entry.object()
            own = None if value is None else layouts.instance_dict(value, entry.layout)
            for part in () if own is None else [*dict.values(own)]:
                known = self.by_id.get(id(part))
                if known is not None and known.kind in _SIZED and len(part) != known.total:
                    self.compare(known)

    # What is not recorded.

    def mark_unknown(self, entries: list[Entry], reason: int) -> None:
        """Say that from here on the contents of these are not recorded, until compared again."""
        fresh = [entry for entry in entries if entry.alive and not entry.unknown]
        if not fresh:
            return
        self.any_unknown = True
        for entry in fresh:
            self.begin_change(entry)
            entry.unknown = True
            if self.unknown_since is not None:
                self.unknown_since[entry.oid] = (reason, self.steps())
        self.events -= len(fresh) - 1
        buf = self._writer.buf
        buf.append(f.UNKNOWN)
        buf.append(reason)
        buf += uv(len(fresh))
        for entry in fresh:
            buf += uv(entry.oid)

    # All that is alive, for the beginning of a part.

    def stale(self, entries: list[Entry]) -> list[Entry]:
        """Return the dead that these still refer to: they have not been compared since."""
        return [
            item
            for entry in entries
            for item in (*entry.items, *(entry.keys or ()), *entry.attrs, entry.value, entry.cls)
            if type(item) is Entry and not item.alive
        ]

    def restate(self, entries: list[Entry], place: int, limit: int) -> int:
        """Give a full account of each from `place` on, up to about `limit` bytes.

        Returns the place behind the last one. These events are no part of any block.
        """
        buf, strings = self._writer.buf, self._writer.strings
        count = len(entries)
        while place < count and len(buf) < limit:
            entry = entries[place]
            place += 1
            buf.append(f.NEW)
            buf += uv(entry.oid)
            buf.append(entry.kind)
            put_str(buf, strings, entry.type_name)
            self._put_contents(buf, entry)
            if not entry.alive or entry.unknown:
                self._restate_lack(entry)
        return place

    def _restate_lack(self, entry: Entry) -> None:
        """Say that the contents of an entry are not recorded, and that it is dead if it is."""
        buf = self._writer.buf
        reason, step1 = (self.unknown_since or {}).get(entry.oid, (f.REASON_BUDGET, 0))
        if not entry.alive:
            reason, step1 = f.REASON_CUT, 0
        buf.append(f.UNKNOWN_SINCE)
        buf += uv(entry.oid)
        buf.append(reason)
        buf += uv(step1)
        if not entry.alive:
            buf.append(f.DEAD)
            buf += b"\1"
            buf += uv(entry.oid)

    # Death.

    def lost(self, value: Any) -> None:
        """Note that something of the program lets go of a value that we know (hot)."""
        if type(value) is Entry and value.pin is not None:
            self.suspects.append(value)

    def clear(self) -> None:
        """Let go of everything."""
        for entry in [*self.by_id.values()]:
            # Others may hold the entry for longer.
            entry.ref = entry.guard = entry.pin = entry.cls = None
            if entry.kind == f.K_CLASS:
                # Its own class is the first of its order of bases.
                entry.items = Row()
        self.by_id.clear()
        self.pinned.clear()
        self._owners.clear()
        self.arrays.clear()
        self.recompared.clear()
        self.cells.clear()
        self.generators.clear()
        self.by_frame.clear()
        self.suspects.clear()
        self.weak_containers.clear()
        self.dead.clear()
        self._queue.clear()
        forget_deaths(self)

    def bury(self, entry: Entry) -> None:
        """Forget an entry whose object is dead; its parts become suspects."""
        # First of all: once the pin is gone the id may be given to another object.
        key = entry.key
        if self.by_id.get(key) is entry:
            del self.by_id[key]
        entry.alive = False
        # It refers to the entry.
        entry.ref = None
        self.dead_now.append(entry)
        self.pinned.pop(entry.oid, None)
        if self._owners:
            self._owners.pop(key, None)
        self.recompared.pop(entry.oid, None)
        for item in entry.items:
            self.lost(item)
        for item in entry.keys or ():
            self.lost(item)
        for item in entry.attrs:
            self.lost(item)
        self.lost(entry.value)
        entry.items, entry.keys, entry.attrs, entry.cls = Row(), None, Row(), None
        if entry.kind == f.K_ARRAY:
            entry.content = b""
            self.arrays.bury(entry)
        if entry.kind in _GENERATOR_KINDS:
            self.by_frame.pop(entry.value, None)
        if entry.kind == f.K_CELL:
            for named in self.cells.values():
                named.pop(entry.oid, None)


leave_to_c(
    ObjectTable,
    "entry_of",
    "stale",
    "restate",
    "known",
    "_known",
    "variable",
    "_add",
    "_hold",
    "_drain",
    "begin_change",
    "compare",
    "bury",
    "lost",
    "directory",
    "committed",
)
adopt("defaultdict", defaultdict)


def _is_settled(entry: Entry, value: Any) -> bool:
    """Say whether neither an object can change nor anything to which it leads."""
    kind = type(value)
    if kind is tuple or kind is frozenset or kind is slice:
        return entry.total == len(entry.items) and not any(
            type(item) is Entry for item in entry.items
        )
    if kind is layouts.BuiltinType and type(entry.value) is not Entry:
        owner = layouts.builtin_self(value)
        return owner is None or type(owner) is ModuleType
    return False


_TEXT = frozenset(
    (
        f.K_CLASS,
        f.K_MODULE,
        f.K_FUNCTION,
        f.K_GENERATOR,
        f.K_COROUTINE,
        f.K_ASYNC_GENERATOR,
        f.K_OPAQUE,
        f.K_ARRAY,
        f.K_REPR,
    )
)
_GENERATOR_KINDS = frozenset((f.K_GENERATOR, f.K_COROUTINE, f.K_ASYNC_GENERATOR))
_SIZED = frozenset((f.K_DICT, f.K_SET, f.K_LIST))
_CONTAINERS = frozenset((*_SIZED, f.K_DEQUE, f.K_BYTEARRAY))
_callback_of = weakref.ReferenceType.__dict__["__callback__"].__get__


def _is_shadow(entry: Entry, mapped: list[Any], total: int) -> bool:
    """Say whether the elements, or a mapping's values, are what the log last said of them."""
    return (
        total == entry.total
        and len(mapped) == len(entry.items)
        and all(map(is_, mapped, entry.items))
    )


def _without_ours(values: list[Any], mapped: list[Any]) -> list[Any]:
    """Put what stands for our own accounts in their place: an Entry in there is an object's."""
    if _ACCOUNTS.isdisjoint(map(id, map(type, values))):
        return mapped
    return [OURS if id(type(value)) in _ACCOUNTS else known for value, known in zip(values, mapped)]


def _index(keys: list[Any] | None) -> dict[str, int]:
    return {key: place for place, key in enumerate(keys or ()) if type(key) is str}


def _difference(old: list[Any], new: list[Any]) -> tuple[int, int, int]:
    """Return start, end in old and end in new of the shortest range that differs."""
    common = min(len(old), len(new))
    start = next(compress(count(), map(is_not, old, new)), common)
    tail = next(compress(count(), map(is_not, reversed(old), reversed(new))), common)
    tail = min(tail, common - start)
    return start, len(old) - tail, len(new) - tail


def _common_prefix(old: bytes, new: bytes) -> int:
    """Return the number of equal leading bytes, by halving."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[:middle] == new[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
