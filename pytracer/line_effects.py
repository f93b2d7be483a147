"""What can a line change? Answered from its code object alone, in the shapes of `effects`."""

from __future__ import annotations

from .effects import Call, CodeEffects, LineEffects, Store
from .paths import STEADY, VARIABLES, parts, plain
from .stack_machine import Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, TypeVar

    from .code_objects import CodeObjectWrapper
    from .effects import Path
    from .line_notes import LineNotes

    T = TypeVar("T")

EVALUABLE = VARIABLES | {"const", "builtin"}


def analyse(code: CodeObjectWrapper) -> CodeEffects:
    """Return the effects of each line of a code object, in time linear in its bytecode.

    `CodeObjectWrapper.effects` keeps the answer.
    """
    lines: dict[int, LineEffects] = {}
    for key, notes in Machine(code).run_all().items():
        if type(key) is int:
            lines[key] = _finish(notes)
    return CodeEffects(lines)


def _finish(notes: LineNotes) -> LineEffects:
    effects = LineEffects()
    bound = _unique(notes.bound)
    if bound:
        effects.locals = tuple(name for kind, name in bound if kind == "local")
        effects.derefs = tuple(name for kind, name in bound if kind == "deref")
        effects.globals = tuple(name for kind, name in bound if kind == "global")
        effects.names = tuple(name for kind, name in bound if kind == "name")
    effects.roots = _unique(notes.roots)
    effects.runs_code = notes.runs_code
    paths: list[Optional[Path]] = []
    if notes.stores:
        effects.stores = tuple(Store(*store) for store in notes.stores)
        for _, target, _, key in notes.stores:
            paths += (target, key)
    if notes.inplace:
        effects.inplace = _unique(notes.inplace)
        paths += effects.inplace
    if notes.calls:
        effects.calls = tuple(
            Call(callee, receiver, tuple([plain(arg) for arg in args]), complete, site)
            for callee, receiver, args, complete, site in notes.calls
        )
        for call in effects.calls:
            if call.site >= 0 and not is_anonymous(call):
                call.site = -1
            paths += (call.callee, call.receiver)
            paths += call.args
    if notes.awaits:
        awaits = _unique(notes.awaits)
        effects.awaits = tuple([path for path in awaits if _is_evaluable(_called(path))])
        effects.runs_code |= len(effects.awaits) < len(awaits)
        paths += effects.awaits
    anonymous = notes.anonymous
    if notes.operands:
        operands: list[Path] = []
        for path in _unique(notes.operands):
            origin = start(path)
            if origin[0] in EVALUABLE:
                operands.append(path)
            elif origin[0] == "result":
                anonymous.append(("attr", origin[1]))
        effects.operands = tuple(operands)
        paths += operands
    if anonymous:
        effects.anonymous = _unique(anonymous)
    _judge(effects, {name for _, name in bound}, paths)
    return effects


def is_anonymous(call: Call) -> bool:
    """Say whether no path that can be followed leads to what is called."""
    path = call.callee
    return path is None or (path[0] != "made" and not _is_evaluable(path))


def _called(path: Path) -> Path:
    called: Path = path[1] if path[0] == "result" else path
    return called


def _is_evaluable(path: Path) -> bool:
    while path[0] == "attr" or path[0] == "item":
        if path[0] == "item" and not _is_evaluable(path[2]):
            return False
        if path[0] == "attr" and path[1][0] == "super":
            return True
        path = path[1]
    return path[0] in EVALUABLE


def _judge(effects: LineEffects, bound: set[str], paths: list[Optional[Path]]) -> None:
    """Find out whether the line's paths name the same objects before, in and after the line."""
    happenings = len(effects.calls) + len(effects.stores) + len(effects.awaits) + effects.runs_code
    for path in paths:
        if path is None:
            continue
        if bound and ("*" in bound or not bound.isdisjoint(parts(path))):
            effects.rebinds = True
        if happenings > 1 and path[0] not in STEADY:
            effects.unstable = True


def start(path: Path) -> Path:
    """Return what a path starts from: a variable, a constant or a call's result."""
    while path[0] == "attr" or path[0] == "item":
        path = path[1]
    return path


def _unique(items: list[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items)) if len(items) > 1 else tuple(items)
