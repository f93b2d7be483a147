"""Which code is recorded: by file name, by glob, and by who started code that came from text."""

from __future__ import annotations

import collections
import dataclasses
import json
import os
import sys
import types
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

from pytracer.scope import Scope  # noqa: E402

HERE = os.path.abspath(__file__)


class FakeRegistry:
    def __init__(self):
        self.wrappers = {}

    def wrapper(self, code):
        return self.wrappers.setdefault(id(code), types.SimpleNamespace(code=code, recorded=False))


def deciding(run):
    """Run something under a tracer that asks the scope about each code object that starts."""
    registry = FakeRegistry()
    scope = Scope(registry)
    names = []

    def trace(frame, event, arg):
        wrapper = registry.wrapper(frame.f_code)
        if not wrapper.recorded:
            wrapper.recorded = scope.decide(wrapper, frame)
        if wrapper.recorded:
            names.append((os.path.basename(frame.f_code.co_filename), frame.f_code.co_name))

    old = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(old)
    return names


class ScopeTest(unittest.TestCase):
    def test_user_files_are_recorded_and_libraries_are_not(self):
        scope = Scope(FakeRegistry())
        self.assertTrue(scope.includes_file(HERE))
        self.assertTrue(scope.includes_file("relative.py"))
        self.assertFalse(scope.includes_file(json.__file__))
        self.assertFalse(scope.includes_file(collections.__file__))
        self.assertFalse(scope.includes_file("/venv/lib/python3.12/site-packages/x/y.py"))
        self.assertFalse(scope.includes_file("/usr/lib/python3/dist-packages/x.py"))
        self.assertTrue(scope.includes_file("/home/site-packages.py"))

    def test_the_recorder_itself_is_never_recorded(self):
        import pytracer.scope

        self.assertFalse(Scope(FakeRegistry()).includes_file(pytracer.scope.__file__))
        self.assertFalse(
            Scope(FakeRegistry(), all_code=True).includes_file(pytracer.scope.__file__)
        )
        self.assertFalse(
            Scope(FakeRegistry(), include=["**"]).includes_file(pytracer.scope.__file__)
        )

    def test_all_code_takes_libraries_too(self):
        self.assertTrue(Scope(FakeRegistry(), all_code=True).includes_file(json.__file__))

    def test_globs(self):
        for pattern, name, expected in (
            ("/a/*.py", "/a/b.py", True),
            ("/a/*.py", "/a/c/b.py", False),
            ("/a/**/b.py", "/a/b.py", True),
            ("/a/**/b.py", "/a/c/d/b.py", True),
            ("b.py", "/a/c/b.py", True),
            ("c/*.py", "/a/c/b.py", True),
            ("c", "/a/c/b.py", True),
            ("/a", "/ab/c.py", False),
            ("/a/?.py", "/a/b.py", True),
            ("/a/[a-c]x.py", "/a/bx.py", True),
            ("/a/[!a-c]x.py", "/a/bx.py", False),
            ("/a/[!a-c]x.py", "/a/dx.py", True),
            ("/A/*.py", "/a/b.py", os.name == "nt"),
            ("**/tests/**", "/a/tests/b.py", True),
        ):
            with self.subTest(pattern=pattern, name=name):
                self.assertEqual(
                    not Scope(FakeRegistry(), exclude=[pattern]).includes_file(name), expected
                )

    def test_exclude_wins_over_include(self):
        scope = Scope(FakeRegistry(), include=["json"], exclude=["decoder.py"])
        self.assertTrue(scope.includes_file(json.__file__))
        self.assertFalse(scope.includes_file(json.decoder.__file__))

    def test_code_from_text_follows_who_started_it(self):
        def run():
            space = {}
            exec("def outer():\n    return [x for x in (1,)] and (lambda: 3)\n", space)
            space["outer"]()()
            eval("(lambda: 1)()")

        names = deciding(run)
        self.assertIn(("<string>", "outer"), names)
        self.assertEqual(names.count(("<string>", "<lambda>")), 2)
        self.assertEqual(names.count(("<string>", "<module>")), 2)

    def test_code_that_a_library_generates_is_not_recorded(self):
        def run():
            @dataclasses.dataclass(order=True)
            class Point:
                x: int

            pair = collections.namedtuple("pair", "a b")  # noqa: PYI024
            self.assertLess(Point(1), Point(2))
            pair(1, 2)

        names = deciding(run)
        self.assertIn((os.path.basename(HERE), "Point"), names)
        self.assertEqual([name for name in names if name[0].startswith("<")], [])

    def test_frozen_modules_are_library_code(self):
        frames = []
        space = {"keep": lambda: frames.append(sys._getframe(1))}
        exec(compile("keep()", "<frozen importlib._bootstrap>", "exec"), space)
        registry = FakeRegistry()
        registry.wrapper(sys._getframe().f_code).recorded = True
        wrapper = registry.wrapper(frames[0].f_code)
        self.assertFalse(Scope(registry).decide(wrapper, frames[0]))


if __name__ == "__main__":
    unittest.main()
