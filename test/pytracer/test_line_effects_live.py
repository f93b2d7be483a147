"""Whatever changes while a line is the current one must be among that line's effects.

A plain `sys.settrace` tracer compares the variables of each frame at every event with those at the
event before it; what differs must be told by the line that ran between the two.
"""

from __future__ import annotations

import os
import sys
import textwrap
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

from pytracer.code_objects import CodeObjectRegistry  # noqa: E402

OPTIMIZED = 0x01
ABSENT = object()

PROGRAM = """
import contextlib, io

def loops(n):
    total = 0
    for i in range(n): total += i
    while total > 3: total -= 2
    else:
        last = total
    for a, (b, *c) in [(1, (2, 3, 4)), (5, (6,))]:
        if a == 5: continue
        d = b
    return [x * y for x in range(3) for y in range(x)]

def handlers(fail):
    try:
        if fail: raise ValueError("no")
        ok = 1
    except ValueError as error:
        seen = str(error)
        try:
            raise KeyError from error
        except KeyError as inner: got = inner
        except TypeError as other:
            pass
    except (TypeError, OSError) as e:
        pass
    else:
        fine = True
    finally:
        done = 1
    return fail

def leaves_a_handler():
    for i in range(3):
        try:
            1 / i
        except ZeroDivisionError as error: continue
        except TypeError as error:
            break
        try:
            [].x
        except AttributeError as error:
            if i == 2: return i
    return 0

def fails_in_a_handler():
    try:
        try:
            {}["x"]
        except KeyError as error:
            error.y
    except AttributeError as second: pass
    again = 1
    try:
        with contextlib.suppress(KeyError):
            a = {}["b"]
        with io.StringIO() as f, contextlib.ExitStack() as stack:
            f.write("x"); g = f.getvalue()
            raise OSError
    except OSError: h = 2

def generator(n):
    for i in range(n):
        got = yield i
        if got: n = got
    try:
        yield n
    finally:
        end = 1

def deleting(a):
    b = c = a
    del b; d = c
    del a, \\
        c
    if (e := d): f = e
    return (d if e else
            f)

def spread(x):
    y = (1 if x else
         2)
    z = [
        y,
        (w := x),
        *[v for v in (1,
                      2)],
    ]
    u = {k: v for k, v in zip("ab", z)
         if k}
    t = lambda p: p; s = t(
        y
    )
    return u, s

def closes(a):
    b = a
    def inner():
        nonlocal b
        b = 2
        return b + a
    c = inner(); d = [lambda: i for i in range(2)]
    del b
    return [f() for f in d]

def annotated(x: int) -> int:
    y: int = x
    z: str
    assert y == x, "never"
    import os.path as p, sys as q
    from os import sep as r
    global GLOBAL
    GLOBAL = y
    return y

class Shape(object):
    sides = 4
    for i in range(2):
        j = i
    del i
    area: int = 3
    names = [n for n in "ab"]
    try:
        raise KeyError
    except KeyError as error:
        k = 1
    def method(self, *args, key=1, **others):
        self.x = args; key += 1
        super().__init__()
        return __class__

async def waits(n):
    async with Manager() as m:
        total = m
    async for k in numbers(n):
        total += k
    return [x async for x in numbers(n) if x]

async def numbers(n):
    for i in range(n):
        yield i

class Manager:
    async def __aenter__(self):
        return 1
    async def __aexit__(self, *args):
        return None

def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value

loops(4)
handlers(False)
handlers(True)
leaves_a_handler()
fails_in_a_handler()
made = generator(3); next(made); made.send(1)
for made_value in generator(2): pass
deleting(1)
spread(0)
spread(1)
closes(3)
annotated(1)
Shape().method(1, 2, key=3, other=4)
run(waits(3))
x = y = 1
del x
for x in range(3): y += x
if y:
    z = [
        x for x in range(y)]
"""

MATCH = """
def matching(value):
    match value:
        case [a, *b] if a: c = b
        case {"k": d, **e}:
            f = d
        case str(g) | bytes(g): pass
        case (complex() as h) | [[h]]: j = h
        case _: k = 1
    return value

for value in ([1, 2], {"k": 1, "l": 2}, "s", b"", 1j, 3, [0]): matching(value)
"""

GROUPS = """
def groups():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as first:
        a = first
    except* TypeError as second: b = second
    c = d = e = 1
    return 1

groups()
"""

TYPES = """
def generic[T](x: T) -> T:
    type Alias = list[T]
    return [(x := y) for y in (1, 2)]

class Box[T]:
    value: T
    names = [n for n in "ab" if (lambda: n)()]

generic(1)
"""


def variables(frame):
    """Give the variables that only the frame's own lines can change."""
    code = frame.f_code
    if not code.co_flags & OPTIMIZED:
        if code.co_name == "<module>":
            return dict(frame.f_globals)
        # A comprehension in a class body shows its variables in place of the class's.
        return {} if code.co_varnames else dict(frame.f_locals)
    shared = {*code.co_cellvars, *code.co_freevars}
    values = frame.f_locals
    return {
        name: values[name] for name in code.co_varnames if name in values and name not in shared
    }


class Watcher:
    """Compares each frame's variables between two events of its own."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.registry = CodeObjectRegistry()
        # By its address, so that no two share it, the frame itself, its variables, its line.
        self.frames = {}
        self.wrong = set()
        self.changes = 0

    def __call__(self, frame, event, arg):
        if not self.wanted(frame.f_code):
            return None
        now = variables(frame)
        _, before, line = self.frames.get(id(frame), (frame, None, None))
        if before is not None:
            self.compare(frame.f_code, line, before, now)
        self.frames[id(frame)] = (frame, now, frame.f_lineno)
        return self.__call__

    def compare(self, code, line, before, now):
        told = self.registry.wrapper(code).effects.for_line(line)
        if code.co_flags & OPTIMIZED:
            names = told.locals
        elif told.calls or told.runs_code or told.stores:
            # A function that the line calls stores globals, and so does `globals()[name] = ...`.
            return
        else:
            names = (*told.names, *told.globals)
        for name in {*before, *now}:
            if before.get(name, ABSENT) is not now.get(name, ABSENT):
                self.changes += 1
                if name not in names:
                    self.wrong.add(f"{code.co_filename}:{line} {code.co_name}: {name}")

    def run(self, function):
        old = sys.gettrace()
        sys.settrace(self)
        try:
            function()
        finally:
            sys.settrace(old)


class HoldsWhileProgramsRun(unittest.TestCase):
    maxDiff = None

    def watch(self, source):
        code = compile(source, "watched.py", "exec")
        watcher = Watcher(lambda code: code.co_filename == "watched.py")
        watcher.run(lambda: exec(code, {"__name__": "watched"}))
        self.assertGreater(watcher.changes, 5)
        self.assertEqual(sorted(watcher.wrong), [])

    def test_in_a_program_of_every_construct(self):
        self.watch(PROGRAM)

    @unittest.skipIf(sys.version_info < (3, 10), "match")
    def test_in_match(self):
        self.watch(MATCH)

    @unittest.skipIf(sys.version_info < (3, 11), "except*")
    def test_in_exception_groups(self):
        self.watch(GROUPS)

    @unittest.skipIf(sys.version_info < (3, 12), "type parameters")
    def test_in_generic_functions(self):
        self.watch(TYPES)

    def test_in_the_standard_library_at_work(self):
        def work():
            import argparse
            import ast
            import asyncio
            import csv
            import difflib
            import fractions
            import io
            import json
            import string
            import tokenize

            tree = ast.parse(textwrap.dedent(PROGRAM))
            ast.dump(tree)
            list(tokenize.generate_tokens(io.StringIO(PROGRAM).readline))
            list(difflib.unified_diff(PROGRAM.split("\n"), PROGRAM.split("\n")[20:90]))
            textwrap.wrap(PROGRAM, 40)
            json.JSONEncoder(indent=1).encode({"a": [1, {"b": None}], "c": 2.5})
            parser = argparse.ArgumentParser(prog="p")
            parser.add_argument("--x", type=int, choices=[1, 2])
            parser.add_argument("rest", nargs="*")
            parser.parse_args(["--x", "1", "a", "b"])
            parser.format_help()
            fractions.Fraction("3/4") + fractions.Fraction(0.5)
            string.Template("$a ${b}").safe_substitute(a=1)
            list(csv.DictReader(io.StringIO("a,b\n1,2\n")))
            if hasattr(ast, "unparse"):
                ast.unparse(tree)

            async def main():
                await asyncio.gather(asyncio.sleep(0), asyncio.sleep(0.001))

            asyncio.run(main())

        library = os.path.dirname(os.__file__)
        watcher = Watcher(lambda code: code.co_filename.startswith(library))
        watcher.run(work)
        self.assertGreater(watcher.changes, 1000)
        self.assertEqual(sorted(watcher.wrong), [])


if __name__ == "__main__":
    unittest.main()
