"""What does each line of one code object load, store, change and call? A symbolic run tells.

One pass in the order of the bytecode: the stack holds paths instead of values. At a jump's target
the stacks of all forward ways there are merged, and entries that differ become unknown. A stack too
short for an instruction means that the rest is unknown. A backward jump needs no merge: what lies
on the stack around a loop is the same each time, and a path that a later store could have made
stale is dropped when the loop begins.
"""

from __future__ import annotations

from .bytecode import protected_ranges
from .interpreter import (
    BYTES_PER_UNIT,
    CACHES,
    EXTENDED_ARG,
    JUMPS,
    JUMPS_ABSOLUTE,
    ONE_ROW,
    OPMAP,
    VERSION,
)
from .line_notes import LineNotes
from .opcodes import HANDLERS
from .paths import (
    DERIVED,
    FRESH,
    NULL,
    PATH_DEPTH,
    PATHS,
    PLACES,
    attribute,
    item,
    parts,
    path_depth,
    plain,
)
from .silent_flows import SILENT_JUMPS, SilentFlows, split_ranges

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    from .code_objects import CodeObjectWrapper
    from .effects import Path
    from .line_notes import Key

    Handler = Callable[["Machine", int], None]


# A deeper stack is forgotten at a store rather than searched, so that no literal costs quadratic
# time.
SEARCHED_STACK = 64

STORING = {
    "STORE_FAST": "slot",
    "STORE_FAST_MAYBE_NULL": "slot",
    "DELETE_FAST": "slot",
    "LOAD_FAST_AND_CLEAR": "slot",
    "STORE_FAST_LOAD_FAST": "first slot",
    "STORE_FAST_STORE_FAST": "both slots",
    "STORE_DEREF": "cell",
    "DELETE_DEREF": "cell",
    "STORE_GLOBAL": "name",
    "DELETE_GLOBAL": "name",
    "STORE_NAME": "name",
    "DELETE_NAME": "name",
    "STORE_ATTR": "attr",
    "DELETE_ATTR": "attr",
    "STORE_SUBSCR": "item",
    "DELETE_SUBSCR": "item",
    "STORE_SLICE": "item",
}


STORING_BY_OPCODE = {OPMAP[name]: kind for name, kind in STORING.items() if name in OPMAP}

# What gives a CALL event of `sys.monitoring` each time it runs; CALL_FUNCTION_EX not always does.
TOLD_CALLS = frozenset(
    OPMAP[name] for name in ("CALL", "CALL_KW") if VERSION >= (3, 12) and name in OPMAP
)
UNKNOWN_EXCEPTION = (None,) * 6
SUPER = ("global", "super")


class Machine:
    """The symbolic stack, where it stands in the bytecode, and the notes of the current line."""

    def __init__(self, code: CodeObjectWrapper) -> None:
        self.names = code.names
        self.consts = code.consts
        self.slots = code.slots
        self.cells = code.cellvars + code.freevars
        # Before 3.11 cells and free variables are numbered apart from the locals.
        self.cell_names = self.slots if ONE_ROW else self.cells
        self.first_argument = code.varnames[0] if code.argcount else None
        self.bytecode = code.bytecode
        self.ranges = code.line_table
        # Ranges of the exception table by their start: (handler, depth and lasti).
        self.handlers: dict[int, list[tuple[int, int]]] = {}
        # Ranges whose exceptions a handler takes: (start, end, handler).
        self.protected: list[tuple[int, int, int]] = []
        for start, end, handler, depth_lasti in protected_ranges(code.exception_table):
            self.protected.append((start, end, handler))
            if handler > start:
                self.handlers.setdefault(start, []).append((handler, depth_lasti))
        self.stack: list[Optional[Path]] = []
        self.notes: dict[Key, LineNotes] = {}
        self.line = LineNotes()
        self.key: Key = (0,)
        # Stacks of forward jumps by their target.
        self.pending: dict[int, list[Optional[Path]]] = {}
        # No way leads from the last instruction to the next one.
        self.dead = False
        self.offset = 0
        self.next = 0
        self.op = 0
        self.arg = 0
        # From which line (or range without one) to which offset.
        self.jumps: list[tuple[Key, int]] = []
        self._last_stores: Optional[dict[str, int]] = None

    def run_all(self) -> dict[Key, LineNotes]:
        """Follow every instruction and return the notes of each line that has effects."""
        code = self.bytecode
        handlers, caches, pending, starting = HANDLERS, CACHES, self.pending, self.handlers
        targets = self._forward_targets() if SILENT_JUMPS else ()
        ranges, flows = split_ranges(self.ranges, targets, code)
        silent = False
        extended = 0
        for start, end, key in ranges:
            if type(key) is tuple:
                silent = True
                if not self.dead:
                    flows.append((self.key, key))
            self.key = key
            notes = self.notes.get(key)
            if notes is None:
                notes = self.notes[key] = LineNotes()
            self.line = notes
            place = start
            while place < end:
                if place in pending:
                    self._merge_at(place)
                if place in starting:
                    self._reach_handlers(place)
                op = code[place]
                arg = code[place + 1] | extended
                if op == EXTENDED_ARG:
                    extended = arg << 8
                    place += 2
                    continue
                extended = 0
                self.offset = place
                place += 2 + 2 * caches[op]
                self.next = place
                self.op = op
                self.arg = arg
                handlers[op](self, arg)
        if silent:
            silent_flows = SilentFlows(ranges, flows)
            for source, target in self.jumps:
                silent_flows.add_jump(source, target)
            for protected in self.protected:
                silent_flows.add_protected(*protected)
            silent_flows.hand_on(self.notes)
        return {key: notes for key, notes in self.notes.items() if notes.has_effects()}

    # ---- the stack ----

    def push(self, entry: Optional[Path]) -> None:
        """Push an entry."""
        self.stack.append(entry)

    def push_unknown(self, count: int) -> None:
        """Push entries of which nothing is known."""
        self.stack.extend((None,) * count)

    def pop(self) -> Optional[Path]:
        """Pop an entry; None where the stack is not known so deep."""
        stack = self.stack
        return stack.pop() if stack else None

    def drop(self, count: int) -> None:
        """Pop entries and forget them."""
        if count:
            del self.stack[-count:]

    def take(self, count: int) -> list[Optional[Path]]:
        """Pop entries and return them, the deepest first."""
        if count == 0:
            return []
        taken = self.stack[-count:]
        del self.stack[-count:]
        if len(taken) < count:
            unknown: list[Optional[Path]] = [None] * (count - len(taken))
            return unknown + taken
        return taken

    def peek(self, depth: int) -> Optional[Path]:
        """Return the entry at a depth, 1 for the top."""
        return self.stack[-depth] if 0 < depth <= len(self.stack) else None

    def swap(self, depth: int) -> None:
        """Exchange the top with the entry at a depth."""
        stack = self.stack
        self._deepen(depth)
        stack[-depth], stack[-1] = stack[-1], stack[-depth]

    def rotate(self, depth: int) -> None:
        """Move the top down to a depth."""
        self._deepen(depth)
        self.stack.insert(len(self.stack) - depth, self.stack.pop())

    def _deepen(self, depth: int) -> None:
        missing = depth - len(self.stack)
        if missing > 0:
            self.stack[:0] = [None] * missing

    # ---- jumps ----

    def target(self, delta: int) -> int:
        """Return the byte offset that a relative jump leads to."""
        return self.next + delta * BYTES_PER_UNIT

    def absolute(self, arg: int) -> int:
        """Return the byte offset that an absolute jump leads to."""
        return arg * BYTES_PER_UNIT

    def jump(self, target: int, dropped: int) -> None:
        """Note a way to the target, which arrives there without the topmost entries."""
        self.jumps.append((self.key, target))
        if target <= self.offset:
            return
        self._arrive(target, self.stack[: len(self.stack) - dropped])

    def _arrive(self, target: int, stack: list[Optional[Path]]) -> None:
        known = self.pending.get(target)
        self.pending[target] = stack if known is None else merge(known, stack)

    def leave(self) -> None:
        """Note that the next instruction is not reached from here."""
        self.dead = True
        self.stack.clear()

    def protect(self, handler: int, depth: int) -> None:
        """Note a range that ends where its handler begins, with six more entries (before 3.11)."""
        self.protected.append((self.next, handler, handler))
        self._arrive(handler, [*self.stack[:depth], *UNKNOWN_EXCEPTION])

    def _reach_handlers(self, place: int) -> None:
        """Let the handlers of the ranges that begin here find this stack (3.11 and later)."""
        for handler, depth_lasti in self.handlers[place]:
            depth, lasti = depth_lasti >> 1, depth_lasti & 1
            known = self.stack[:depth] if len(self.stack) >= depth else []
            self._arrive(handler, [*known, *UNKNOWN_EXCEPTION[: lasti + 1]])

    def lose_jumps(self) -> None:
        """Let the current instruction, if it can jump, arrive with an unknown stack."""
        for jumps, target in (
            (JUMPS, self.target(self.arg)),
            (JUMPS_ABSOLUTE, self.absolute(self.arg)),
        ):
            if self.op in jumps:
                self.jump(target, len(self.stack))

    def _forward_targets(self) -> list[int]:
        """Return where the forward jumps lead, handlers included (before 3.10)."""
        targets = []
        extended = 0
        for place in range(0, len(self.bytecode), 2):
            op, arg = self.bytecode[place], self.bytecode[place + 1] | extended
            extended = arg << 8 if op == EXTENDED_ARG else 0
            if op in JUMPS:
                targets.append(place + 2 + arg)
            elif op in JUMPS_ABSOLUTE and arg > place:
                targets.append(arg)
        return targets

    def _merge_at(self, place: int) -> None:
        arriving = self.pending.pop(place)
        self.stack = arriving if self.dead else merge(self.stack, arriving)
        self.dead = False

    # ---- names ----

    def load(self, kind: str, name: str) -> None:
        """Load a variable."""
        path = (kind, name)
        self.line.roots.append(path)
        self.stack.append(path)

    def load_slot(self, slot: int) -> None:
        """Load a fast local, or the cell object where the slot is a cell."""
        name = self.slots[slot]
        if name in self.cells:
            self.stack.append(None)
            return
        path = ("local", name)
        self.line.roots.append(path)
        self.stack.append(path)

    def bind_slot(self, slot: int) -> None:
        """Store or delete a fast local."""
        name = self.slots[slot]
        self.bind("deref" if name in self.cells else "local", name)

    def cell_name(self, arg: int) -> str:
        """Return the name of the cell or free variable that an instruction means."""
        return self.cell_names[arg]

    def bind(self, kind: str, name: str) -> None:
        """Store or delete a variable: what was read of it before is no longer what it names."""
        self.line.bound.append((kind, name))
        if self.stack:
            self._forget(name)

    def _forget(self, name: str) -> None:
        stack = self.stack
        if len(stack) > SEARCHED_STACK:
            stack.clear()
            return
        for place, entry in enumerate(stack):
            if entry is not None and name in parts(entry):
                stack[place] = None

    # ---- objects ----

    def operand(self, use: str, entry: Optional[Path]) -> None:
        """Note an object whose own special methods may run."""
        if entry is None:
            self.line.anonymous.append((use, None))
            return
        kind = entry[0]
        if kind in PLACES:
            self.line.operands.append(entry)
        elif kind == "result":
            self.line.anonymous.append((use, entry[1]))

    def load_attr(self, name: str) -> None:
        """Replace the top by its attribute."""
        base = self.pop()
        self.operand("attr", base)
        self.stack.append(attribute(base, name))

    def load_super(
        self, function: Optional[Path], cls: Optional[Path], receiver: Optional[Path]
    ) -> None:
        """Push super() of a class and an object."""
        known = (
            function is not None
            and function[1] == "super"
            and cls is not None
            and receiver is not None
            and cls[0] in PATHS
            and receiver[0] in PATHS
        )
        self.stack.append(("super", cls, receiver) if known else None)

    def load_method(self, name: str) -> None:
        """Replace the top by its method and itself, ready to be called."""
        base = self.pop()
        self.operand("attr", base)
        self.stack.append(attribute(base, name))
        self.stack.append(("self", plain(base)))

    def subscript(self) -> None:
        """Replace base and key by the item."""
        key = self.pop()
        base = self.pop()
        self.operand("item", base)
        self.operand("operator", key)
        self.stack.append(item(base, key))

    def store(self, kind: str, target: Optional[Path], name: str, key: Optional[Path]) -> None:
        """Note a store into an object, or a deletion from it."""
        if key is not None:
            self.operand("operator", key)
            if key[0] not in PATHS:
                key = None
        if target != FRESH:
            self.line.stores.append((kind, plain(target), name, key))
        if self.stack:
            self._forget(name or "[]")

    def change(self, entry: Optional[Path]) -> None:
        """Note an object that the instruction changes, if it has a path."""
        if entry is not None and entry[0] in PLACES:
            self.line.inplace.append(entry)

    def change_in_place(self, entry: Optional[Path]) -> None:
        """Note the left operand of an in-place operator."""
        self.operand("operator", entry)
        self.line.inplace.append(plain(entry))
        self.stack.append(DERIVED)

    def get_iter(self) -> None:
        """Replace the top by its iterator."""
        base = self.pop()
        self.operand("iterate", base)
        self.stack.append(("iter", self._lasting(base)))

    def advance(self, iterator: Optional[Path]) -> None:
        """Note that an iterator is asked for its next element."""
        if iterator is not None and iterator[0] == "iter":
            iterator = iterator[1]
        self.operand("iterate", iterator)

    # ---- calls ----

    def call(self, args: list[Optional[Path]], *, complete: bool) -> None:
        """Call what two entries below the arguments tell: 3.11 and later, methods before."""
        upper = self.pop()
        lower = self.pop()
        if lower == NULL:
            self.call_object(upper, args, complete=complete)
        elif upper == NULL:
            self.call_object(lower, args, complete=complete)
        elif upper is not None and upper[0] == "self":
            self._note_call(lower, upper[1], args, complete=complete)
        else:
            self.call_object(lower, [upper, *args], complete=complete)

    def call_bound(
        self, method: Optional[Path], receiver: Optional[Path], args: list[Optional[Path]]
    ) -> None:
        """Call a method that was looked up on its receiver."""
        self._note_call(method, plain(receiver), args, complete=True)

    def call_object(
        self, callee: Optional[Path], args: list[Optional[Path]], *, complete: bool
    ) -> None:
        """Call an object; the receiver is what it was read from."""
        receiver = callee[1] if callee is not None and callee[0] == "attr" else None
        self._note_call(callee, receiver, args, complete=complete)

    def _note_call(
        self,
        callee: Optional[Path],
        receiver: Optional[Path],
        args: list[Optional[Path]],
        *,
        complete: bool,
    ) -> None:
        callee = plain(callee)
        # An extended argument makes two instructions of it: which of them is told is uncertain.
        site = self.offset if self.op in TOLD_CALLS and self.arg < 256 else -1
        self.line.calls.append((callee, receiver, args, complete, site))
        if callee == SUPER and not args and self.first_argument is not None:
            name = self.first_argument
            receiver = ("deref" if name in self.cells else "local", name)
            self.line.roots.append(receiver)
            self.load_super(callee, ("deref", "__class__"), receiver)
        elif callee == SUPER and len(args) == 2 and complete:
            self.load_super(callee, args[0], args[1])
        elif callee is not None and path_depth(callee) < PATH_DEPTH:
            self.stack.append(("result", callee))
        else:
            self.stack.append(None)

    def raise_object(self, entry: Optional[Path]) -> None:
        """Note what `raise` does with a class: it calls it."""
        if entry is None:
            self.line.runs_code = True
        elif entry[0] == "result":
            # Nearly always an instance; a class only if the function returns one.
            self.line.anonymous.append(("raise", entry[1]))
        elif entry[0] in PATHS and entry[0] != "const":
            self.line.calls.append((entry, None, (), True, -1))

    def enter(self, enter: str, leave: str) -> None:
        """Enter a context manager; its exit method stays on the stack below the result."""
        manager = self.pop()
        self.operand("attr", manager)
        method = attribute(manager, enter)
        self.line.calls.append((method, plain(manager), (), True, -1))
        self.stack.append(attribute(self._lasting(manager), leave))
        self.stack.append(None)

    def make_function(self, code: Optional[Path]) -> None:
        """Push the function that has just been made."""
        known = code is not None and code[0] == "code"
        self.stack.append(("made", code[1]) if known and code is not None else FRESH)

    def wait_for(self, entry: Optional[Path]) -> bool:
        """Note what the line waits for; False when no path leads to it."""
        has_path = entry is not None and (entry[0] == "result" or entry[0] in PLACES)
        if entry is not None and has_path:
            self.line.awaits.append(entry)
        return has_path

    def run(self) -> None:
        """Note that the line runs code that no path tells."""
        self.line.runs_code = True

    # ---- paths that stay on the stack over other lines ----

    def _lasting(self, entry: Optional[Path]) -> Optional[Path]:
        """Return the entry if no later instruction stores what it was read from."""
        if entry is None or entry[0] not in PATHS:
            return plain(entry)
        stores = self._stores()
        for name in parts(entry):
            if stores.get(name, -1) > self.offset:
                return None
        return entry

    def _stores(self) -> dict[str, int]:
        if self._last_stores is None:
            self._last_stores = self._find_stores()
        return self._last_stores

    def _find_stores(self) -> dict[str, int]:
        """Return where each name, and each attribute by its name, is last stored."""
        found: dict[str, int] = {}
        code, place, extended = self.bytecode, 0, 0
        while place < len(code):
            op = code[place]
            arg = code[place + 1] | extended
            if op == EXTENDED_ARG:
                extended = arg << 8
                place += 2
                continue
            extended = 0
            kind = STORING_BY_OPCODE.get(op)
            if kind is not None:
                for name in self._stored_names(kind, arg):
                    found[name] = place
            place += 2 + 2 * CACHES[op]
        return found

    def _stored_names(self, kind: str, arg: int) -> tuple[str, ...]:
        if kind == "slot":
            return (self.slots[arg],)
        if kind == "first slot":
            return (self.slots[arg >> 4],)
        if kind == "both slots":
            return (self.slots[arg >> 4], self.slots[arg & 15])
        if kind == "cell":
            return (self.cell_names[arg],)
        if kind == "item":
            return ("[]",)
        return (self.names[arg],)


def merge(first: list[Optional[Path]], second: list[Optional[Path]]) -> list[Optional[Path]]:
    """Return what is known of the stack where two ways meet, aligned at the top."""
    count = min(len(first), len(second))
    if not count:
        return []
    return [a if a == b else None for a, b in zip(first[-count:], second[-count:])]
