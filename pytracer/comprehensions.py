"""Where comprehensions run inside another code object, and when their variables hold a value.

From 3.12 on (PEP 709) a comprehension has no frame of its own: its variables are fast locals of the
code around it, at module level and in class bodies too ("hidden" ones, which `f_locals` shows only
while they hold a value). Such a comprehension begins by putting aside what its variables held
(LOAD_FAST_AND_CLEAR) and ends by putting it back, also when an exception leaves it.
"""

from __future__ import annotations

import sys
from opcode import opmap, opname

from .bytecode import protected_ranges
from .interpreter import CACHES, EXTENDED_ARG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .code_objects import CodeObjectWrapper

    # Byte offset, name of the instruction, its argument.
    Instruction = tuple[int, str, int]

INLINED = sys.version_info >= (3, 12)
# A variable that is a cell elsewhere in its code, and plain in a comprehension: up to 3.13.2
# `f_locals` takes the plain value for a cell and crashes.
TAKES_FOR_CELLS = (3, 13) <= sys.version_info < (3, 13, 3)
_NEVER = sys.maxsize
_FOR_ITER = opmap["FOR_ITER"]


class Place:
    """One comprehension's hold on one variable, in byte offsets: [start, end]."""

    __slots__ = ("end", "inner", "loop", "loop_end", "plain", "start", "store")

    def __init__(
        self, start: int, loop: int, store: int, loop_end: int, end: int, *, plain: bool
    ) -> None:
        self.start = start
        # Where the loop begins and ends that gives it a value in each round, and where it does so.
        self.loop = loop
        self.store = store
        self.loop_end = loop_end
        # The instruction that puts back what was there before.
        self.end = end
        # It holds the value itself, not a cell.
        self.plain = plain
        # It lies inside another comprehension with a variable of this name.
        self.inner = False


class Comprehensions:
    """The variables of the comprehensions inside one code object."""

    __slots__ = ("_places", "doubled", "is_plain", "plain_cells", "shows_only_hidden")

    def __init__(
        self,
        places: dict[str, list[Place]],
        doubled: frozenset[str],
        plain_cells: frozenset[str],
        *,
        shows_only_hidden: bool,
    ) -> None:
        self._places = places
        # Names of two variables: a comprehension's, and a free one.
        self.doubled = doubled
        # Names whose value may be taken for a cell.
        self.plain_cells = plain_cells
        # In a function, `f_locals` says of each name what its variable holds.
        self.is_plain = not doubled and not plain_cells
        # Reading `f_locals` puts nothing else into a class's namespace (3.12).
        self.shows_only_hidden = shows_only_hidden

    def is_inside(self, name: str, lasti: int) -> bool:
        """Say whether a comprehension that has this variable runs at an instruction."""
        return any(place.start <= lasti <= place.end for place in self._places.get(name, ()))

    def holds(self, name: str, before: int, lasti: int, held: bool) -> Optional[bool]:
        """Say whether a comprehension's variable has a value; None: that is not certain.

        `before`: the instruction of the event before; `held`: whether it had a value then.
        """
        found: Optional[Place] = None
        for place in self._places.get(name, ()):
            if place.start <= lasti <= place.end and (found is None or place.start > found.start):
                found = place
        if found is None:
            return False
        if found.store < lasti < found.loop_end:
            return True
        if found.store <= before < found.loop_end and before != lasti:
            return True
        if held:
            return None if found.inner else True
        # Before the first round, or about to begin another one.
        return None if found.loop <= lasti <= found.store else False

    def is_taken_for_cell(self, lasti: int) -> bool:
        """Say whether `f_locals` would take some plain value for a cell, and crash."""
        return any(self.hides_plainly(name, lasti) for name in self.plain_cells)

    def hides_plainly(self, name: str, lasti: int) -> bool:
        """Say whether a comprehension holds a plain value where its code has a cell elsewhere."""
        return name in self.plain_cells and any(
            place.plain and place.start <= lasti <= place.end for place in self._places[name]
        )


NONE = Comprehensions({}, frozenset(), frozenset(), shows_only_hidden=True)


def find_comprehensions(code: CodeObjectWrapper) -> Comprehensions:
    """Find the comprehensions inside a code object.

    `CodeObjectWrapper.comprehensions` keeps them.
    """
    if not INLINED or not code.varnames or not code.exception_table:
        return NONE
    places = _find_places(code)
    if not places:
        return NONE
    cells = [name for name in code.cellvars if name not in code.varnames]
    plain = [name for name in places if any(place.plain for place in places[name])]
    return Comprehensions(
        places,
        frozenset(name for name in places if name in code.freevars),
        frozenset(name for name in plain if TAKES_FOR_CELLS and name in code.cellvars),
        # `__class__` is a name of the namespace only when the body itself says so.
        shows_only_hidden=not cells or (cells == ["__class__"] and "__class__" not in code.names),
    )


def _find_places(code: CodeObjectWrapper) -> dict[str, list[Place]]:
    instructions = _instructions(code.bytecode)
    begins = [place for place, one in enumerate(instructions) if one[1] == "LOAD_FAST_AND_CLEAR"]
    if not begins:
        return {}
    protected = protected_ranges(code.exception_table)
    places: dict[str, list[Place]] = {}
    # Those inside come first: what they store is none of the values of those around them.
    for number in reversed(begins):
        start, _, slot = instructions[number]
        # Its handler stands behind it, and no other one inside it.
        hot = min((handler for _, _, handler, _ in protected if handler > start), default=0)
        ranges = [one for one in protected if start < one[0] < hot]
        if not ranges:
            continue
        handler = min(ranges)[2]
        left = max(end for _, end, other, _ in ranges if other == handler and end <= hot)
        name = code.slots[slot]
        inside = places.get(name, [])
        own = [
            one
            for one in instructions[number + 1 :]
            if not any(place.start <= one[0] <= place.end for place in inside)
        ]
        first = _first_store(own, slot)
        last = _first_store([one for one in instructions if one[0] >= left], slot)
        kept = _first_store([one for one in instructions if one[0] >= handler], slot)
        if first is None or last is None or kept is None or first[0] >= left:
            # The last: a name that the comprehension only reads (3.12 and 3.13).
            continue
        plain = first[1] != "STORE_DEREF"
        loop, loop_end = _loop_of(instructions[number:], first[0], left)
        found = places.setdefault(name, [])
        found.append(Place(start, loop, first[0], loop_end, last[0], plain=plain))
        found.append(Place(handler, _NEVER, _NEVER, _NEVER, kept[0], plain=plain))
    for found in places.values():
        for place in found:
            place.inner = any(
                other.start < place.start and place.end < other.end for other in found
            )
    return places


def _first_store(instructions: list[Instruction], slot: int) -> Optional[Instruction]:
    for one in instructions:
        _, name, arg = one
        if name in ("STORE_FAST", "STORE_DEREF", "STORE_FAST_MAYBE_NULL"):
            if arg == slot:
                return one
        elif name == "STORE_FAST_LOAD_FAST":
            if arg >> 4 == slot:
                return one
        elif name == "STORE_FAST_STORE_FAST" and slot in (arg >> 4, arg & 15):
            return one
    return None


def _loop_of(instructions: list[Instruction], store: int, left: int) -> tuple[int, int]:
    """Return where the loop begins and ends whose rounds begin with the storing of a variable."""
    begin, end = store, left
    for offset, name, arg in instructions:
        if offset >= store:
            break
        if name == "FOR_ITER":
            begin, end = offset, offset + 2 + 2 * CACHES[_FOR_ITER] + 2 * arg
        elif name == "GET_ANEXT":
            begin, end = offset, left
    return begin, end


def _instructions(bytecode: bytes) -> list[Instruction]:
    found: list[Instruction] = []
    offset = extended = 0
    while offset < len(bytecode):
        opcode = bytecode[offset]
        arg = bytecode[offset + 1] | extended
        extended = arg << 8 if opcode == EXTENDED_ARG else 0
        if opcode != EXTENDED_ARG:
            found.append((offset, opname[opcode], arg))
        offset += 2 + 2 * CACHES[opcode]
    return found
