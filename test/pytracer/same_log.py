"""Compare two recordings of one program event by event, number by number.

usage: python same_log.py PYTHONS NATIVES    prints the first difference and exits with 1

Stricter than test/truth/sameEvents.py: numbers of objects, frames and codes must be the same. Left
out is only what depends on where a block begins, which the clock decides: checkpoints of objects
and of suspended frames. Deaths are compared by `late_deaths`: C is told of them at once, and the
recorder in Python keeps some objects until it looks.
"""

from __future__ import annotations

import os
import sys
from ast import literal_eval

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from decode_log import Replay  # noqa: E402

PARTS = ("kind", "type", "total", "items", "value", "bytes", "class", "name", "unknown")
CHANGES = frozenset(
    ("item_set", "append", "splice", "length", "attr_set", "attr_del", "bytes_splice", "cell_set")
)
# Attributes whose values are of the process alone.
PROCESS_OWN = ("_ident", "_native_id", "_thread_id")


class _Flow(Replay):
    """Keeps every event with its operands, and with what it left in the object that it touched."""

    def __init__(self, path):
        self.flow = []
        self._touched_now = []
        self._before = {}
        super().__init__(path, on_event=self._keep)

    def _touch(self, oid, base=False):
        self._touched_now.append(oid)
        return super()._touch(oid, base)

    def _keep(self, name, operands):
        touched, self._touched_now = self._touched_now, []
        after = [self._contents_of(oid) for oid in touched]
        unchanged = all(self._before.get(oid) == now for oid, now in zip(touched, after))
        self._before.update(zip(touched, after))
        if name == "frame" or (name == "contents" and unchanged):
            return
        # The whole of an object is shown where it is new; later an event's operands say enough.
        whole = after if name in ("new", "contents") else []
        if name == "attr_set" and operands[1] in PROCESS_OWN:
            operands = operands[:2]
        self.flow.append((self.steps, name, repr(operands), *touched, *whole))

    def _return(self, r):
        top = self.top
        return (super()._return(r), top["offset"])

    def _yield(self, r):
        top = self.top
        return (super()._yield(r), top["offset"])

    def _call(self, r):
        callers = self.stack[-1:]
        return (super()._call(r), [frame["offset"] for frame in callers])

    def _resume(self, r):
        callers = self.stack[-1:]
        return (super()._resume(r), [frame["offset"] for frame in callers])

    def _contents_of(self, oid):
        thing = self.objects[oid]
        attributes = (thing.get("attrs") or {}).items()
        own = [(name, value) for name, value in attributes if name not in PROCESS_OWN]
        return repr([*(thing.get(part) for part in PARTS), own])


def events(path, leave_out=()):
    """Give (step, event, operands, …) of a recording, in order."""
    return [event for event in _Flow(path).flow if event[1] not in leave_out]


def first_difference(left, right):
    """Say where two lists of events first differ, with what came before; "" when they are equal."""
    for place, (one, other) in enumerate(zip(left, right)):
        if one != other:
            before = "\n".join(f"    {event}"[:300] for event in left[max(0, place - 5) : place])
            return f"event {place}\n{before}\n  - {one}\n  + {other}"
    if len(left) != len(right):
        longer = left if len(left) > len(right) else right
        extra = longer[min(len(left), len(right))]
        return f"{len(left)} events against {len(right)}; the first one more is {extra}"
    return ""


def apart_from_deaths(flow):
    """Split a list of events: those that are no deaths, and where among them each object died."""
    others, deaths = [], {}
    for event in flow:
        if event[1] == "dead":
            deaths.update(dict.fromkeys(literal_eval(event[2]), len(others)))
        elif event[1] == "dropped":
            deaths[f"frame {event[2]}"] = len(others)
        else:
            others.append(event)
    return others, deaths


def without_changes_of_the_dead(flow, other, deaths):
    """Leave out of a list of events changes of objects that were dead by then in the other one."""
    kept = []
    for event in flow:
        place = len(kept)
        is_there = place < len(other) and other[place] == event
        if is_there or event[1] not in CHANGES or deaths.get(event[3], place + 1) > place:
            kept.append(event)
    return kept


def late_deaths(flow, deaths, others):
    """Give the objects that live on in the first recording after they have died in the second.

    Not the tuples: `zip` and its like keep the one that they gave last and fill it anew, and only
    then C sees that it is another one; the reference of the recorder in Python prevents that.
    """
    made = (literal_eval(event[2]) for event in flow if event[1] == "new")
    tuples = {operands[0] for operands in made if operands[1] == "TUPLE"}
    late = (oid for oid, place in others.items() if deaths.get(oid, place + 1) > place)
    return sorted((oid for oid in late if oid not in tuples), key=str)


def main():
    (one, _), (other, deaths) = (apart_from_deaths(events(path)) for path in sys.argv[1:3])
    difference = first_difference(without_changes_of_the_dead(one, other, deaths), other)
    if difference:
        print(difference)
        sys.exit(1)


if __name__ == "__main__":
    main()
