"""The frames and threads that the log knows: what it last said of each."""

from __future__ import annotations

import opcode

from . import layouts
from .access_paths import MISSING
from .core import (
    CodePlanFields,
    FrameFields,
    LinePlanFields,
    SeenCallFields,
    ThreadFields,
    adopt,
    numbers,
)
from .effects import EMPTY
from .objects import Entry
from .values import UNBOUND, LongText, NotRecorded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from .code_objects import CodeObjectWrapper
    from .effects import Call, LineEffects, Path

CO_OPTIMIZED = 0x01
CO_VARARGS = 0x04
CO_VARKEYWORDS = 0x08
_END_ASYNC_FOR = opcode.opmap["END_ASYNC_FOR"]
_SUSPENDABLE = 0x20 | 0x80 | 0x100 | 0x200


class LinePlan(LinePlanFields):
    """The effects of one line, with names turned into slots."""

    __slots__ = ()

    def __init__(self, effects: LineEffects, slot_of: dict[str, int]) -> None:
        self.effects = effects
        stored = (*effects.locals, *(name for name in effects.derefs if name not in effects.locals))
        self.slots = tuple((slot_of[name], name) for name in stored if name in slot_of)
        # Variables that other frames may share.
        self.derefs = tuple(name for name in effects.derefs if name in slot_of)
        # Something to look at beyond variables.
        self.active = bool(
            effects.stores
            or effects.inplace
            or effects.calls
            or effects.operands
            or effects.anonymous
            or effects.awaits
            or effects.runs_code
        )
        self.single = _single_change(effects) if self.active else None
        # NumPy resizes no array that somebody else refers to, be it weakly.
        self.resizes = tuple(
            call.callee[1]
            for call in effects.calls
            if call.callee is not None and call.callee[0] == "attr" and call.callee[2] == "resize"
        )
        self.twice = self.active and bool(effects.rebinds or effects.unstable or self.resizes)


class SeenCall(SeenCallFields):
    """One execution of a call that no path tells; it never holds objects of the program."""

    __slots__ = ()

    def __init__(
        self, call: Call, place: int, changed: Entry | None, *, known: bool, quiet: bool
    ) -> None:
        self.call = call
        # The identity of what it may change (0: nothing), and its entry or its instance's entry.
        self.place = place
        self.changed = changed
        # False for unknown code: it may change anything that it can reach.
        self.known = known
        # It runs no code of its arguments.
        self.quiet = quiet
        # What its arguments' paths led to when it began, if it may change that.
        self.given: list[Entry] = []


def _single_change(effects: LineEffects) -> tuple[str, Path, Path | None] | None:
    """Recognise a line whose only effect on objects is one `append` or one `x[i] = v`."""
    if (
        effects.inplace
        or effects.anonymous
        or effects.awaits
        or effects.runs_code
        or effects.rebinds
        or effects.unstable
        or len(effects.calls) + len(effects.stores) != 1
    ):
        return None
    if effects.stores:
        store = effects.stores[0]
        if store.kind != "item" or store.target is None or store.key is None:
            return None
        return ("item", store.target, store.key)
    callee = effects.calls[0].callee
    if callee is None or callee[0] != "attr" or callee[2] != "append":
        return None
    return ("append", callee[1], None)


class CodePlan(CodePlanFields):
    """What the recorder needs of a code object at each event; one per wrapper."""

    __slots__ = ()

    def __init__(self, wrapper: CodeObjectWrapper, code: CodeType, *, recorded: bool) -> None:
        self.wrapper = wrapper
        self.recorded = recorded
        # The file that the code object was sent to: LogWriter.file_number.
        self.file_number = 0
        if not recorded:
            return
        self.code_id = wrapper.code_id
        self.filename = wrapper.filename
        self.slots = wrapper.slots
        self.slot_count = len(self.slots)
        self.slot_of = {name: slot for slot, name in enumerate(self.slots)}
        flags = code.co_flags
        self.fast = bool(flags & CO_OPTIMIZED)
        self.suspends = bool(flags & _SUSPENDABLE)
        self.argument_count = (
            code.co_argcount
            + code.co_kwonlyargcount
            + bool(flags & CO_VARARGS)
            + bool(flags & CO_VARKEYWORDS)
        )
        self.free = bool(code.co_freevars)
        self.cells = frozenset(code.co_cellvars + code.co_freevars) if self.fast else frozenset()
        self.lines: dict[int, LinePlan | None] = {}
        self._sites: dict[int, Call] | None = None
        # Each call that has a `site` is seen when it begins.
        self.sees_calls = False
        # Control.version when its file had no breakpoint on a line; it had none on entry, on
        # return.
        self.no_lines = 0
        self.no_entry = 0
        self.no_return = 0

    @property
    def sites(self) -> dict[int, Call]:
        """The calls that no path tells, by byte offset."""
        if self._sites is None:
            self._sites = {
                call.site: call
                for effects in self.wrapper.effects.lines().values()
                for call in effects.calls
                if call.site >= 0
            }
        return self._sites

    def opname(self, offset: int) -> str:
        """Return the name of the instruction at an offset in code units; "" outside of the code."""
        code = self.wrapper.bytecode
        return opcode.opname[code[2 * offset]] if 0 <= 2 * offset < len(code) else ""

    @property
    def has_async_for(self) -> bool:
        """Say whether some iteration ends by StopAsyncIteration."""
        code = self.wrapper.bytecode
        return _END_ASYNC_FOR in code[::2]

    def plan_line(self, line: int) -> LinePlan | None:
        """Make the plan of a line that runs for the first time; None when it changes nothing."""
        effects = self.wrapper.effects.for_line(line)
        plan = None if effects is EMPTY else LinePlan(effects, self.slot_of)
        self.lines[line] = plan
        return plan


class FrameState(FrameFields):
    """One activation of a code object, by number; never the frame object itself."""

    __slots__ = ()

    def __init__(self, number: int, plan: CodePlan, frame_id: int, thread: ThreadState) -> None:
        self.number = number
        self.plan = plan
        self.frame_id = frame_id
        self.thread = thread
        self.offset = 0
        # Step of its last LINE, plus one.
        self.step1 = 0
        self.values: list[Any] = [UNBOUND] * plan.slot_count
        self.written = numbers(plan.slot_count)
        self.globals: Entry | None = None
        # The locals mapping of a module or class body.
        self.locals: Entry | None = None
        # Effects of the line that runs, and the entries that its paths led to before it ran.
        self.running: LinePlan | None = None
        self.before: list[Entry | None] = []
        # The calls without a path that began on the line that runs.
        self.calls: list[SeenCall] = []
        # The block that already holds this frame, and whether it changed since the last keyframe.
        self.block = -1
        self.fresh = True
        # An exception surfaced here and nothing has happened since; f_lasti at that time.
        self.raised = False
        self.lasti = -1
        # All its variables must be compared at the next occasion.
        self.full = False

    def lookup(self, kind: str, name: str) -> Any:
        """Find what a name stands for, as far as the log knows, else MISSING (hot)."""
        if kind == "deref" and not self.plan.fast and not self._is_held(name):
            return self._enclosing(name)
        if kind == "local" or kind == "deref":
            slot = self.plan.slot_of.get(name)
            if slot is None:
                return MISSING
            value = self.values[slot]
            if type(value) is Entry:
                value = value.object()
                return MISSING if value is None else value
            if type(value) is LongText:
                return ""
            return MISSING if value is UNBOUND or type(value) is NotRecorded else value
        if kind == "name" and self.locals is not None:
            names = self.locals.object()
            if layouts.is_dict_type(type(names)):
                found = dict.get(names, name, MISSING)
                if found is not MISSING:
                    return found
        if kind != "builtin" and self.globals is not None:
            names = self.globals.object()
            if names is None:
                # A finalizer that runs inside a full collection: everything is let go for its time.
                return MISSING
            found = dict.get(names, name, MISSING)
            if found is not MISSING:
                return found
        return layouts.BUILTINS_DICT.get(name, MISSING)

    def _is_held(self, name: str) -> bool:
        """Say whether a comprehension in this class body or module holds this variable."""
        slot = self.plan.slot_of.get(name)
        return slot is not None and self.values[slot] is not UNBOUND

    def _enclosing(self, name: str) -> Any:
        """Find a free variable of a class body: its mapping first, then the function around it."""
        names: Any = self.locals.object() if self.locals is not None else None
        if layouts.is_dict_type(type(names)):
            found = dict.get(names, name, MISSING)
            if found is not MISSING:
                return found
        inside = True
        for state in reversed(self.thread.stack):
            if not inside and state.plan.fast and name in state.plan.slot_of:
                return state.lookup("deref", name)
            inside = inside and state is not self
        return MISSING


class ThreadState(ThreadFields):
    """One thread of the program: its recorded frames, outermost first."""

    __slots__ = ()

    def __init__(self, ident: int, number: int, name: str) -> None:
        # The system's name for it, which a later thread may get again.
        self.ident = ident
        # Its number in the log: 1 for the main thread, never used again.
        self.number = number
        self.name = name
        self.stack: list[FrameState] = []
        # Value that its innermost suspended frame yielded last.
        self.returned: Any = None


adopt("LinePlan", LinePlan)
adopt("SeenCall", SeenCall)
adopt("CodePlan", CodePlan)
adopt("FrameState", FrameState)
adopt("ThreadState", ThreadState)
adopt("package", __package__)
adopt("RESUME", opcode.opmap.get("RESUME", -2))
adopt("RAISE_VARARGS", opcode.opmap["RAISE_VARARGS"])
adopt("END_ASYNC_FOR", _END_ASYNC_FOR)
adopt("RETURN_VALUE", opcode.opmap["RETURN_VALUE"])
adopt("YIELD_VALUE", opcode.opmap["YIELD_VALUE"])
