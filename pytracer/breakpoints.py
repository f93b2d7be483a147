"""The user's breakpoints in the running program: where they are, and whether they stop.

An order (`BreakpointOrder` of controlChannel.ts) becomes a `Stop`. Which ones are meant by a line,
a function, an exception is found here; `decide` asks conditions and counts.
"""

from __future__ import annotations

import os
import re

from .breakable_lines import lines_of
from .conditions import Condition, LogMessage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

_CO_OPTIMIZED = 0x01
_CODE_TYPE: Any = type((lambda: 0).__code__)


class Stop:
    """One breakpoint."""

    __slots__ = ("condition", "hits", "ident", "message", "source", "target", "wanted")

    def __init__(self, order: dict[str, Any]) -> None:
        self.ident: int = order["id"]
        self.target: dict[str, Any] = order["target"]
        source = order["condition"]
        self.condition = None if source is None else Condition(source)
        parts = order["message"]
        self.message = None if parts is None else LogMessage(parts)
        wanted = order["hitCondition"]
        self.wanted: tuple[str, int] | None = (
            None if wanted is None else (wanted["operator"], wanted["count"])
        )
        # What the log calls it when it changes something.
        asked = ["" if source is None else source]
        asked += [part[0] for part in parts or [] if type(part) is not str]
        self.source = "; ".join(filter(None, asked))
        # How often the condition held.
        self.hits = 0


class Decision:
    """What breakpoints at one event come to."""

    def __init__(self) -> None:
        self.idents: list[int] = []
        self.problems: list[str] = []
        # Messages of log points, each with the breakpoint's number.
        self.messages: list[tuple[int, str]] = []
        # Sources that may have run code.
        self.ran_code = False


def decide(stops: list[Stop], frame: FrameType, names: dict[str, object]) -> Decision:
    """Ask conditions, count hits, make messages."""
    decision = Decision()
    for stop in stops:
        problem = ""
        if stop.condition is not None:
            holds, problem = stop.condition.holds(frame, names)
            decision.ran_code = decision.ran_code or stop.condition.ran_code
            if not holds:
                continue
        if not problem:
            stop.hits += 1
            if stop.wanted is not None and not _is_counted(stop.hits, *stop.wanted):
                continue
        if stop.message is None:
            decision.idents.append(stop.ident)
            if problem:
                decision.problems.append(problem)
            continue
        text = stop.message.text(frame, names)
        decision.ran_code = decision.ran_code or stop.message.ran_code
        if problem:
            text = f"{text} (condition: {problem})"
        decision.messages.append((stop.ident, text))
    return decision


def _is_counted(number: int, operator: str, count: int) -> bool:
    if operator == "==":
        return number == count
    if operator == ">=":
        return number >= count
    if operator == ">":
        return number > count
    if operator == "<=":
        return number <= count
    if operator == "<":
        return number < count
    return number % count == 0


class Breakpoints:
    """All breakpoints of the program; `lines` are those of all files: most steps are at none."""

    def __init__(self) -> None:
        self.lines: set[int] = set()
        # Breakpoints on first steps, on returns, on raises.
        self.entries: list[Stop] = []
        self.returns: list[Stop] = []
        self.raises: list[Stop] = []
        # Numbers of those on exceptions that end a thread, and that leave the user's code.
        self.uncaught: list[int] = []
        self.escaped: list[int] = []
        self.data: list[Stop] = []
        self.all: dict[int, Stop] = {}
        self._at_line: dict[str, dict[int, list[Stop]]] = {}
        self._entries_of: dict[int, list[Stop]] = {}
        self._returns_of: dict[int, list[Stop]] = {}
        self._keys: dict[str, str] = {}
        # What relative names are relative to: the program may go elsewhere.
        self._folder = os.getcwd()

    def replace(self, orders: list[dict[str, Any]]) -> None:
        """Take these breakpoints instead of all before."""
        self.lines, self._at_line, self.all = set(), {}, {}
        self.entries, self.returns, self.raises, self.data = [], [], [], []
        self.uncaught, self.escaped = [], []
        self._entries_of, self._returns_of = {}, {}
        for order in orders:
            stop = Stop(order)
            self.all[stop.ident] = stop
            self._place(stop, stop.target)

    def set_hits(self, hits: list[list[int]]) -> None:
        """Take how often conditions held before they were set."""
        for ident, count in hits:
            stop = self.all.get(ident)
            if stop is not None:
                stop.hits += count

    @property
    def must_wait(self) -> bool:
        """Say whether the past must be looked at before the program goes on."""
        return any(one.wanted is not None or one.message is not None for one in self.all.values())

    def at_line(self, filename: str, line: int) -> list[Stop]:
        """Give the breakpoints at a line of a file."""
        lines = self._at_line.get(self._key(filename))
        return [] if lines is None else lines.get(line, [])

    def has_lines(self, filename: str) -> bool:
        """Say whether there is any breakpoint on a line of a file."""
        return self._key(filename) in self._at_line

    def at_entry(self, wrapper: Any, code: CodeType) -> list[Stop]:
        """Give the breakpoints on a function's first step."""
        found = self._entries_of.get(wrapper.code_id)
        if found is None:
            found = [one for one in self.entries if _is_meant(one.target["name"], wrapper, code)]
            self._entries_of[wrapper.code_id] = found
        return found

    def at_return(self, wrapper: Any, code: CodeType) -> list[Stop]:
        """Give the breakpoints on a function's return."""
        found = self._returns_of.get(wrapper.code_id)
        if found is None:
            found = [one for one in self.returns if self._returns(one.target, wrapper, code)]
            self._returns_of[wrapper.code_id] = found
        return found

    def at_raise(self, exception: BaseException) -> list[Stop]:
        """Give the breakpoints on the raise of an exception."""
        return [one for one in self.raises if _is_of(exception, one.target["types"])]

    def _place(self, stop: Stop, target: dict[str, Any]) -> None:
        kind = target["kind"]
        if kind == "line":
            lines = self._at_line.setdefault(self._key(target["file"]), {})
            lines.setdefault(target["line"], []).append(stop)
            self.lines.add(target["line"])
        elif kind == "function":
            self.entries.append(stop)
        elif kind in ("return", "returnAt"):
            self.returns.append(stop)
        elif kind == "exception":
            when = target["when"]
            if when == "raised":
                self.raises.append(stop)
            else:
                (self.uncaught if when == "uncaught" else self.escaped).append(stop.ident)
        else:
            self.data.append(stop)

    def _returns(self, target: dict[str, Any], wrapper: Any, code: CodeType) -> bool:
        if target["kind"] == "return":
            return _is_meant(target["name"], wrapper, code)
        if self._key(wrapper.filename) != self._key(target["file"]):
            return False
        return _is_innermost(code, target["line"])

    def _key(self, filename: str) -> str:
        """Name a file the same way however its code object names it."""
        key = self._keys.get(filename)
        if key is None:
            path = os.path.join(self._folder, filename)
            key = filename if filename.startswith("<") else os.path.realpath(path)
            key = self._keys[filename] = os.path.normcase(key)
        return key


def _is_meant(name: str, wrapper: Any, code: CodeType) -> bool:
    """As `isNamed` in src/travel/breakpoints/functionNames.ts."""
    if not code.co_flags & _CO_OPTIMIZED:
        return False
    folders = re.split(r"[\\/]", re.sub(r"\.pyw?$", "", wrapper.filename))
    if folders[-1] == "__init__":
        folders.pop()
    parts = [part for part in folders if part]
    parts += [part for part in wrapper.qualname.split(".") if part != "<locals>"]
    return ".".join(["", *parts]).endswith("." + name)


def _is_innermost(code: CodeType, line: int) -> bool:
    """Say whether a function is the innermost one at a line."""
    if not code.co_flags & _CO_OPTIMIZED or code.co_name.startswith("<"):
        return False
    return _covers(code, line) and not any(
        _covers(inner, line)
        for inner in code.co_consts
        if type(inner) is _CODE_TYPE and not inner.co_name.startswith("<")
    )


def _covers(code: CodeType, line: int) -> bool:
    return code.co_firstlineno <= line <= max(_all_lines(code), default=0)


def _all_lines(code: CodeType) -> list[int]:
    lines = [code.co_firstlineno, *(line for line in lines_of(code) if line > 0)]
    for inner in code.co_consts:
        if type(inner) is _CODE_TYPE:
            lines += _all_lines(inner)
    return lines


def _is_of(exception: BaseException, types: list[str] | None) -> bool:
    if types is None:
        return True
    for kind in type.__dict__["__mro__"].__get__(type(exception)):
        module = kind.__dict__.get("__module__")
        name = type.__dict__["__qualname__"].__get__(kind)
        full = name if module == "builtins" or type(module) is not str else f"{module}.{name}"
        if any(f".{full}".endswith(f".{one}") for one in types):
            return True
    return False
