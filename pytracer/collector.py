"""What is done at the very moment of a garbage collection, without a line of Python code.

The interpreter runs signal handlers where Python code begins, and drops what a callback of the
cyclic collector raises: in a callback written in Python the exception of a signal's handler would
be lost for the program. So the callbacks are functions in C, and what they do is a *round*: one
item taken from an iterator that is made of functions in C alone. Handlers then run where they would
without us, at the next instruction of the program.

While the collector works on everything, the pins of all that can be part of a cycle are gone; right
after it the survivors have theirs again, and the ids of the dead are forgotten.
"""

from __future__ import annotations

import gc
from _functools import partial
from collections import deque
from itertools import compress, repeat, starmap
from operator import and_, attrgetter, eq, is_, itemgetter, ne, not_, truth
from sys import getrefcount

from . import format as f
from .core import EntryFields, with_room
from .layouts import layout_of
from .objects import Entry
from .own_names import know_own_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from .objects import ObjectTable

_FULL = 2
# How deep tuples in tuples are followed. What is deeper keeps its pin: never wrong, only later.
_TUPLES = 3
_get_pin: Callable[[Entry], Any] = EntryFields.__dict__["pin"].__get__
_set_pin: Callable[[Entry, Any], None] = EntryFields.__dict__["pin"].__set__
_get_key: Callable[[Entry], int] = EntryFields.__dict__["key"].__get__
_MAY_LEAVE = frozenset((id(tuple), id(dict)))


def calls(function: Callable[..., Any], *arguments: Any) -> Iterator[Any]:
    """Call a function in C with these arguments in each round."""
    return starmap(function, repeat(arguments))


def in_turn(*steps: Iterator[Any]) -> Iterator[Any]:
    """Do several steps in each round; none of them may give anything but None (it is kept)."""
    return zip(*steps)


def chosen(by: Iterator[Any], *rounds: Iterator[Any]) -> Iterator[Any]:
    """Take the round whose number (or truth) the first iterator gives."""
    return map(next, map(rounds.__getitem__, by))


def _each(function: Callable[..., Any], *boxes: Any) -> Iterator[Any]:
    """Give `map(function, *boxes)` in each round, over what is in the boxes then."""
    return _over(function, *map(repeat, boxes))


def _over(function: Callable[..., Any], *rows: Iterator[Any]) -> Iterator[Any]:
    """Give `map(function, *row)` in each round."""
    return map(partial(map, function), *rows)


def _exactly(test: Callable[[int], bool], box: Any) -> Iterator[Any]:
    """Test the id of each one's type."""
    return _over(test, _over(id, _each(type, box)))


class Collector:
    """Follows the cyclic collector for the pins of one recording."""

    def __init__(self, objects: ObjectTable, recorder: Any, collected: list[Entry]) -> None:
        self._objects = objects
        self._recorder = recorder
        # Entries of what the collector has taken: whoever reads it buries them.
        self._collected = collected
        # By the id of the object, while the collector works.
        self._released: dict[int, Entry] = {}
        self._callbacks: tuple[Any, ...] = ()

    def start(self, revival: Iterator[Any]) -> None:
        """Begin; `revival` is taken a round of at both ends of each collection."""
        told: dict[str, dict[str, int]] = {}
        generation = map(itemgetter("generation"), map(told.__getitem__, repeat("start")))
        full = map(partial(eq, _FULL), generation)
        began = self._when_idle(in_turn(revival, chosen(full, repeat(None), self._unpin())))
        ended = in_turn(
            self._when_idle(revival),
            chosen(map(truth, repeat(self._released)), repeat(None), self._pin_again()),
        )
        # A callback gets (phase, info): `told[phase] = info`, then `getattr(bell, phase, info)`.
        bell = type(
            "Bell",
            (),
            {
                "start": property(partial(next, began)),
                "stop": property(partial(next, ended)),
            },
        )()
        know_own_class(type(bell))
        # Up to 3.11 a call of a function in C needs room on the stack as well.
        self._callbacks = (with_room(told.__setitem__), with_room(partial(getattr, bell)))
        gc.callbacks.extend(self._callbacks)

    def stop(self) -> None:
        """Stop following it."""
        ours = {id(callback) for callback in self._callbacks}
        gc.callbacks[:] = [callback for callback in gc.callbacks if id(callback) not in ours]

    def _when_idle(self, rounds: Iterator[Any]) -> Iterator[Any]:
        """Do nothing while a callback of the recorder is at work."""
        state = map(attrgetter("busy", "dead"), repeat(self._recorder))
        return chosen(map(any, state), rounds, repeat(None))

    def _unpin(self) -> Iterator[Any]:
        """Let go of the pins of all objects that can be part of a cycle.

        That frees nothing by itself: where only the pin is left it stays. Exact tuples and dicts
        only when they will not cease to be known to the collector in this very collection.
        """
        entries: list[Entry] = []
        pins: list[Any] = []
        certain: list[Entry] = []
        doubtful: list[Entry] = []
        contents: list[list[list[Any]]] = [[] for _ in range(_TUPLES)]
        may_leave = _MAY_LEAVE.__contains__
        return in_turn(
            map(entries.extend, calls(self._objects.pinned.values)),
            map(pins.extend, _each(_get_pin, entries)),
            _select(certain, entries, _over(not_, _exactly(may_leave, pins)), _shared(pins)),
            _select(doubtful, entries, _exactly(may_leave, pins), _shared(pins)),
            calls(entries.clear),
            calls(pins.clear),
            map(pins.extend, _each(_get_pin, doubtful)),
            *_look_into(pins, contents),
            _select(certain, doubtful, _over(any, map(zip, *map(_has_lasting, contents)))),
            *(calls(box.clear) for box in (*contents, pins, doubtful)),
            map(self._released.update, map(zip, _each(_get_key, certain), repeat(certain))),
            _done(_each(_set_pin, certain, repeat(None))),
            calls(certain.clear),
        )

    def _pin_again(self) -> Iterator[Any]:
        """Find the survivors: all are in the oldest generation now, and what is newer is not."""
        released = self._released
        found: list[Any] = []
        gone: list[Entry] = []
        survivors: list[Any] = []
        without_pin = _over(partial(is_, None), _over(_get_pin, calls(released.values)))
        return in_turn(
            map(found.extend, calls(gc.get_objects, _FULL)),
            _select(survivors, found, _over(released.__contains__, _each(id, found))),
            calls(found.clear),
            _done(
                _over(
                    _set_pin,
                    _over(released.__getitem__, _each(id, survivors)),
                    repeat(survivors),
                )
            ),
            calls(survivors.clear),
            map(gone.extend, map(compress, calls(released.values), without_pin)),
            _done(
                _over(self._objects.by_id.pop, _each(_get_key, gone), repeat(repeat(None))),
            ),
            calls(self._collected.extend, gone),
            calls(gone.clear),
            calls(released.clear),
        )


def _done(rows: Iterator[Any]) -> Iterator[Any]:
    """Go through each round's row for what it does."""
    sink: deque[Any] = deque(maxlen=0)
    return map(sink.extend, rows)


def _select(into: list[Any], box: list[Any], *flags: Iterator[Any]) -> Iterator[Any]:
    """Take from one box into another what all rows of flags are true for."""
    row = flags[0] if len(flags) == 1 else _over(and_, *flags)
    return map(into.extend, map(compress, repeat(box), row))


def _shared(pins: list[Any]) -> Iterator[Any]:
    """Tell what the collector knows and the program still has references to."""
    return _over(
        and_, _each(gc.is_tracked, pins), _over(partial(ne, _ALONE), _each(getrefcount, pins))
    )


def _look_into(pins: list[Any], contents: list[list[list[Any]]]) -> Iterator[Iterator[Any]]:
    """Fill the first box with the contents of each, the next ones with those of its tuples."""
    yield map(contents[0].extend, _each(gc.get_referents, pins))
    for box, deeper in zip(contents, contents[1:]):
        tuples = _over(compress, repeat(box), _inner(partial(eq, id(tuple)), box))
        yield map(deeper.extend, map(partial(starmap, gc.get_referents), tuples))


def _has_lasting(box: list[list[Any]]) -> Iterator[Any]:
    """Tell for each list whether something in it keeps what contains it known to the collector."""
    tracked = _each(partial(map, gc.is_tracked), box)
    return _over(any, _over(partial(map, and_), tracked, _inner(partial(ne, id(tuple)), box)))


def _inner(test: Callable[[int], bool], box: list[list[Any]]) -> Iterator[Any]:
    """Test the id of the type of each one in each list."""
    types = _each(partial(map, type), box)
    return _over(partial(map, test), _over(partial(map, id), types))


def _count_when_alone() -> int:
    """Return the reference count that `_shared` sees of an object that only its pin holds."""
    entry = Entry(0, 0, f.K_LIST, layout_of(list))
    entry.pin = []
    pins: list[Any] = []
    next(map(pins.extend, _each(_get_pin, [entry])))
    return next(next(_each(getrefcount, pins)))  # type: ignore[no-any-return]


_ALONE = _count_when_alone()
