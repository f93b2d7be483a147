"""At which lines of a file may a breakpoint stand? As the running interpreter compiles the file."""

from __future__ import annotations

import _warnings
import sys
from types import CodeType, ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_IGNORE: tuple[Any, ...] = ("ignore", None, Warning, None, 0)


def breakable_lines(path: str) -> list[int]:
    """Give the lines that hold code, ascending; raises OSError, SyntaxError or ValueError."""
    with open(path, "rb") as file:
        source = file.read()
    lines: set[int] = set()
    pending: list[CodeType] = [compile_silently(source, path, "exec")]
    while pending:
        code = pending.pop()
        lines.update(line for line in lines_of(code) if line > 0)
        pending += [const for const in code.co_consts if type(const) is CodeType]
    return sorted(lines)


def compile_silently(source: bytes | str, path: str, mode: str, flags: int = 0) -> Any:
    """Compile without warnings: those of a file the program's own import of it gives or gave.

    The filter is put in and taken out directly: the documented way would make the interpreter
    forget which warnings it has shown.
    """
    filters = _filters()
    filters.insert(0, _IGNORE)
    try:
        return compile(source, path, mode, flags, dont_inherit=True)
    finally:
        for place, entry in enumerate(filters):
            if entry is _IGNORE:
                del filters[place]
                break


def _filters() -> list[Any]:
    """Give the list that the interpreter asks: the module's, once the program has loaded it."""
    module = sys.modules.get("warnings")
    if type(module) is ModuleType:
        filters = module.__dict__.get("filters")
        if type(filters) is list:
            return filters
    own: list[Any] = _warnings.filters  # type: ignore[attr-defined]
    return own


def lines_of(code: CodeType) -> Iterator[int]:
    """Give the lines of a code object, without those of the functions in it."""
    entries: Any = getattr(code, "co_lines", None)
    if entries is not None:
        for _, _, line in entries():
            if line is not None:
                yield line
        return
    line = code.co_firstlineno
    table = code.co_lnotab
    yield line
    for place in range(0, len(table), 2):
        delta = table[place + 1]
        line += delta - 256 if delta > 127 else delta
        if delta:
            yield line
