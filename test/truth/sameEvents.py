"""Compare two recordings of one program event by event: do both event sources tell the same?

Usage: python sameEvents.py RECORDING RECORDING   prints the first difference; exits 1 when there is one

Numbers of objects, frames, codes and threads become the order in which they first appear, contents that are sets
become sorted, and events that say when an object died or where a block begins are left out: they depend on the
collector and on the size of the other events. So are changes of objects that no variable leads to.
"""

from __future__ import annotations

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "pytracer"))
from decode_log import Replay  # noqa: E402

# Facts about the log's own layout and the collector, not about the program.
LEFT_OUT = ("frame", "dead", "dropped", "thread_start", "thread", "output", "end", "known")
# Events whose operands hold no numbers of the log's own.
WITH_OPERANDS = (
    "call", "resume", "line", "delete", "write", "write_in", "raise", "return", "yield", "throw", "unwind",
)  # fmt: skip


def events_of(path: str) -> list[tuple[int, str, str]]:
    """Give (step, event, operands) of a recording, normalised."""
    found: list[tuple[int, str, str]] = []
    numbers: dict[object, str] = {}

    def normal(value: object) -> object:
        if type(value) is tuple and len(value) == 2 and value[0] == "object":
            return numbers.setdefault(value[1], f"#{len(numbers)}")
        if type(value) in (tuple, list):
            return [normal(part) for part in value]
        if type(value) is dict:
            return {name: normal(part) for name, part in value.items()}
        return value

    replay = Replay.__new__(Replay)

    def on_event(name: str, operands: object) -> None:
        if name in LEFT_OUT or replay.is_lost(name, operands):
            return
        # Variables of comprehensions in modules and classes: 3.12 shows them to sys.monitoring alone.
        if name in ("write", "delete") and sys.version_info[:2] == (3, 12) and replay.top["locals"]:
            return
        if name in ("new", "contents", "item_set", "attr_set"):
            number = operands[0] if type(operands) is tuple else operands
            rest = operands[1:] if type(operands) is tuple else ()
            thing = replay.objects[number]
            if name == "contents":
                return
            kept = {part: thing.get(part) for part in ("items", "attrs", "value")} if name == "new" else {}
            if thing["kind"] in ("SET", "FROZENSET"):
                kept["items"] = len(kept.get("items") or ())
            if thing["kind"] == "INSTANCE" and name == "new" and thing["type"].endswith("Loader"):
                return
            operands = [("object", number), *rest, *kept.items()]
        elif type(operands) is int and name in ("append", "splice"):
            operands = ("object", operands)
        elif name not in WITH_OPERANDS:
            operands = None
        found.append((replay.steps, name, repr(normal(operands))))

    replay.__init__(path, on_event=on_event)  # type: ignore[misc]
    return found


def main() -> None:
    """Print where two recordings first differ."""
    left, right = (events_of(path) for path in sys.argv[1:3])
    for one, other in zip(left, right):
        if one != other:
            print(f"{one}\ninstead of\n{other}")
            sys.exit(1)
    if len(left) != len(right):
        print(f"{len(left)} events instead of {len(right)}")
        sys.exit(1)


if __name__ == "__main__":
    main()
