"""Which instructions run while an earlier line is the current one, for want of a line event.

Those that the compiler gave no line (clean-up behind `except ... as`); before 3.10 those that a
jump reaches in the middle of their line's range; from 3.14 on those behind a loop's END_FOR that
continue the line before it. What they do belongs to the lines that lead there.
"""

from __future__ import annotations

import sys
from _bisect import bisect_right

from .interpreter import OPMAP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Optional

    from .bytecode import LineRange
    from .line_notes import Key, LineNotes

    KeyedRange = tuple[int, int, Key]
    Flow = tuple[Key, Key]

SILENT_JUMPS = sys.version_info < (3, 10)
# Instructions that never begin a line for sys.monitoring: what follows them is compared with what
# stands before them (Python/instrumentation.c, initialize_lines).
PASSED_OVER = (
    frozenset(OPMAP[name] for name in ("CACHE", "END_FOR", "END_SEND", "POP_ITER", "RESUME"))
    if sys.version_info >= (3, 14)
    else frozenset()
)


def split_ranges(
    ranges: list[LineRange], targets: Iterable[int], bytecode: bytes
) -> tuple[list[KeyedRange], list[Flow]]:
    """Return the ranges under their keys, and the flows from lines into parts of themselves.

    `targets` are those of forward jumps; they matter only where a jump can be silent.
    """
    line_before: Optional[int] = None
    passed_over = False
    inner = sorted(set(targets)) if SILENT_JUMPS else []
    keyed: list[KeyedRange] = []
    flows: list[Flow] = []
    for start, end, line in ranges:
        if line is None:
            keyed.append((start, end, (start,)))
            continue
        key: Key = line
        first = start
        if PASSED_OVER and bytecode[start] in PASSED_OVER and _all_passed_over(bytecode[start:end]):
            passed_over = True
        else:
            if passed_over and line == line_before:
                key = (start,)
                flows.append((line, key))
            passed_over = False
            line_before = line
        for target in inner[bisect_right(inner, start) : bisect_right(inner, end - 1)]:
            keyed.append((first, target, key))
            first = target
            key = (target,)
            flows.append((line, key))
        keyed.append((first, end, key))
    return keyed, flows


def _all_passed_over(bytecode: bytes) -> bool:
    return all(op in PASSED_OVER for op in bytecode[::2])


class SilentFlows:
    """Gathers the ways into ranges without a line event, then hands their effects on."""

    def __init__(self, ranges: list[KeyedRange], flows: list[Flow]) -> None:
        self._ranges = ranges
        self._starts = [start for start, _, _ in ranges]
        self._flows = flows

    def add_jump(self, source: Key, target: int) -> None:
        """Take in a jump."""
        key = self._key_at(target)
        if type(key) is tuple:
            self._flows.append((source, key))

    def add_protected(self, start: int, end: int, handler: int) -> None:
        """Take in a range whose exceptions a handler takes."""
        key = self._key_at(handler)
        if type(key) is not tuple:
            return
        place = max(0, bisect_right(self._starts, start) - 1)
        while place < len(self._ranges) and self._ranges[place][0] < end:
            self._flows.append((self._ranges[place][2], key))
            place += 1

    def hand_on(self, notes: dict[Key, LineNotes]) -> None:
        """Give what runs silently to the lines that lead there, and drop its own notes."""
        leads: dict[Key, set[Key]] = {}
        for source, key in self._flows:
            if source != key:
                leads.setdefault(source, set()).add(key)
        silent = [key for key in notes if type(key) is tuple]
        effective = {key for key in silent if notes[key].has_effects()}
        for source in leads:
            if type(source) is int and source in notes:
                for key in reachable(leads, source) & effective:
                    notes[source].add(notes[key])
        for key in silent:
            del notes[key]

    def _key_at(self, offset: int) -> Optional[Key]:
        place = bisect_right(self._starts, offset) - 1
        return self._ranges[place][2] if place >= 0 and offset < self._ranges[place][1] else None


def reachable(leads: dict[Key, set[Key]], source: Key) -> set[Key]:
    """Return what `source` leads to, over any number of ways."""
    found: set[Key] = set()
    waiting = list(leads[source])
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(leads.get(key, ()))
    found.discard(source)
    return found
