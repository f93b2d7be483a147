"""Print what CPython itself says about the tables of code objects, one JSON object a line.

    python codeTables.py FILE...           every code object of these files
    python codeTables.py --library STEP    of every STEP-th file of the interpreter's library
    python codeTables.py --traced          of what a traced program ran of the library, with
                                           "seen": [f_lasti, f_lineno] of each step and caller

Positions are runs of equal neighbours, `[count, line, end line, column, end column]`:
lossless and small.
"""

from __future__ import annotations

import base64
import dis
import itertools
import json
import os
import sys
import types
import warnings
from collections.abc import Iterator
from typing import Any

VERSION = sys.version_info[:2]


def all_code(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yield the code object and all that are nested in it."""
    waiting = [code]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(c for c in reversed(current.co_consts) if isinstance(c, types.CodeType))


def line_entries(code: types.CodeType) -> list[tuple[int, int, int | None]]:
    """Return `co_lines()`; before 3.10 what `PyCode_Addr2Line` says of each code unit."""
    if VERSION >= (3, 10):
        return list(code.co_lines())
    import ctypes

    addr2line = ctypes.pythonapi.PyCode_Addr2Line
    addr2line.argtypes = [ctypes.py_object, ctypes.c_int]
    lines = ((at, addr2line(code, at)) for at in range(0, len(code.co_code), 2))
    entries = []
    for line, run in itertools.groupby(lines, key=lambda pair: pair[1]):
        offsets = [at for at, _ in run]
        entries.append((offsets[0], offsets[-1] + 2, line))
    return entries


def position_runs(code: types.CodeType) -> list[list[int | None]]:
    """Return `co_positions()` with the number of equal neighbours in front."""
    if VERSION < (3, 11):
        return []
    runs = itertools.groupby(code.co_positions())
    return [[sum(1 for _ in run), *position] for position, run in runs]


def handlers(code: types.CodeType) -> list[tuple[int, int, int, int, bool]]:
    """Return the exception table as `dis` reads it, offsets in bytes."""
    if VERSION < (3, 11):
        return []
    entries = dis._parse_exception_table(code)  # type: ignore[attr-defined]
    return [(e.start, e.end, e.target, e.depth, e.lasti) for e in entries]


def describe(code: types.CodeType) -> dict[str, Any]:
    """Return the raw tables of a code object and CPython's own reading of them."""
    table = code.co_linetable if VERSION >= (3, 10) else code.co_lnotab
    exceptions = getattr(code, "co_exceptiontable", b"")
    return {
        "name": getattr(code, "co_qualname", code.co_name),
        "firstLine": code.co_firstlineno,
        "flags": code.co_flags,
        "size": len(code.co_code),
        "names": [list(code.co_varnames), list(code.co_cellvars), list(code.co_freevars)],
        "table": base64.b64encode(table).decode(),
        "exceptions": base64.b64encode(exceptions).decode(),
        "lines": line_entries(code),
        "positions": position_runs(code),
        "handlers": handlers(code),
    }


def library_files() -> Iterator[str]:
    """Yield the standard library's files, tests included, packages installed beside it not."""
    for folder, names, files in os.walk(os.path.dirname(os.__file__)):
        names[:] = sorted(set(names) - {"site-packages", "dist-packages", "__pycache__"})
        paths = (os.path.join(folder, name) for name in sorted(files) if name.endswith(".py"))
        yield from filter(os.path.exists, paths)


def compiled(files: Iterator[str]) -> Iterator[types.CodeType]:
    """Yield the modules of the files that compile; the library has broken ones on purpose."""
    for name in files:
        with open(name, "rb") as file:
            source = file.read()
        try:
            yield compile(source, os.path.basename(name), "exec", dont_inherit=True)
        except (SyntaxError, ValueError, UnicodeDecodeError):
            continue


class Tracer:
    """Note where frames stand, as the interpreter says, at each line event."""

    def __init__(self) -> None:
        self.seen: dict[int, tuple[types.CodeType, set[tuple[int, int | None]]]] = {}

    def note(self, frame: types.FrameType) -> None:
        """Note the offset and the line of one frame."""
        _, places = self.seen.setdefault(id(frame.f_code), (frame.f_code, set()))
        places.add((frame.f_lasti, frame.f_lineno))

    def trace(self, frame: types.FrameType, event: str, _argument: object) -> Any:
        """Be a trace function."""
        if event == "line":
            self.note(frame)
            # Before 3.10 a traced caller has the line of its last line event, not that of its call:
            # a `with` that ends by a jump has no event, and untraced Python says another line.
            if frame.f_back is not None and VERSION >= (3, 10):
                self.note(frame.f_back)
        return self.trace


def exercise() -> None:
    """Run many kinds of code of the standard library."""
    import ast
    import asyncio
    import collections
    import contextlib
    import dataclasses
    import inspect
    import textwrap
    import tokenize
    import traceback

    async def numbers() -> Any:
        for number in range(3):
            await asyncio.sleep(0)
            yield number

    async def total() -> int:
        async with contextlib.AsyncExitStack():
            return sum([number async for number in numbers()])

    with open(__file__, "rb") as file:
        list(tokenize.tokenize(file.readline))
    for function in (textwrap.wrap, ast.literal_eval, inspect.signature):
        textwrap.indent(inspect.getsource(function), "  ")
        str(inspect.signature(function))
    ast.literal_eval("{'a': [1, -2, (3,)], 'b': {4}}")
    dataclasses.make_dataclass("Point", [("x", int), ("y", int, 2)], order=True)(1)
    collections.ChainMap({"a": 1}, {"b": 2}).new_child()
    asyncio.run(total())
    try:
        json.loads('{"a": [1, 2.5, nonsense]}')
    except ValueError:
        traceback.format_exc()
    with contextlib.suppress(KeyError), contextlib.ExitStack() as stack:
        stack.callback(textwrap.dedent, " a")
        raise KeyError


def print_traced() -> None:
    """Write the code objects that `exercise` ran and where their frames stood."""
    tracer = Tracer()
    sys.settrace(tracer.trace)
    try:
        exercise()
    finally:
        sys.settrace(None)
    for code, places in tracer.seen.values():
        print(json.dumps({**describe(code), "seen": sorted(places, key=str)}))


def main(arguments: list[str]) -> None:
    """Write the header and the code objects to standard output."""
    warnings.simplefilter("ignore")
    wanted = iter([] if arguments[0] == "--traced" else arguments)
    if arguments[0] == "--library":
        wanted = itertools.islice(library_files(), 0, None, int(arguments[1]))
    flags = {name: flag for flag, name in dis.COMPILER_FLAG_NAMES.items()}
    version = ".".join(map(str, sys.version_info[:3]))
    print(json.dumps({"python": version, "minor": VERSION[1], "flags": flags}))
    for module in compiled(wanted):
        for code in all_code(module):
            print(json.dumps(describe(code), separators=(",", ":")))
    if arguments[0] == "--traced":
        print_traced()


if __name__ == "__main__":
    main(sys.argv[1:])
