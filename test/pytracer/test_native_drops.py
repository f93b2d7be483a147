"""What runs when the last reference goes runs where plain Python runs it.

Up to 3.12 a trace function in Python cannot be the oracle of that: the interpreter leaves a
snapshot of the variables in each traced frame, which holds what they held for a step longer. So the
program is its own oracle: a copy of it says before each of its simple statements where it is.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from decode_log import Replay  # noqa: E402
from recorders import HAS_NATIVE, ROOT  # noqa: E402
from truth import lines_of  # noqa: E402

PROGRAM = os.path.join(ROOT, "test", "truth", "programs", "dropped_generators.py")
SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.Return, ast.Raise, ast.Delete)


class Telling(ast.NodeTransformer):
    """Puts a call in front of each simple statement that stands on one line."""

    def __init__(self):
        self.lines = set()

    def visit(self, node):
        self.generic_visit(node)
        # Where a delegation ends, some versions say its line again.
        delegates = any(isinstance(inner, ast.YieldFrom) for inner in ast.walk(node))
        if not isinstance(node, SIMPLE) or node.lineno != node.end_lineno or delegates:
            return node
        self.lines.add(node.lineno)
        return [ast.parse(f"LINES.append({node.lineno})").body[0], node]


def own_word():
    """Run the copy; give the lines of the simple statements in the order in which they ran."""
    with open(PROGRAM, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    telling = Telling()
    tree = ast.fix_missing_locations(telling.visit(tree))
    ran = []
    exec(compile(tree, PROGRAM, "exec"), {"LINES": ran, "print": lambda *_: None})
    return ran, telling.lines


@unittest.skipUnless(HAS_NATIVE, "no native recorder is built for this Python")
class Drops(unittest.TestCase):
    def recorded_lines(self, log):
        tables, ran = {}, []

        def on_step(replay):
            frame = replay.top
            code = replay.codes[frame["code"]]
            if code["file"] != PROGRAM:
                return
            table = tables.setdefault(code["id"], lines_of(code))
            ran.extend(line for start, end, line in table if start <= frame["offset"] < end)

        Replay(log, on_step=on_step)
        return ran

    def test_the_recorded_steps_are_in_the_order_of_plain_python(self):
        expected, simple = own_word()
        self.assertGreater(len(expected), 30)
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "program.hindsight")
            command = [sys.executable, os.path.join(ROOT, "pytracer"), "record"]
            command += ["--recorder", "native", "-o", log, PROGRAM]
            subprocess.run(command, check=True, capture_output=True, timeout=60)
            found = [line for line in self.recorded_lines(log) if line in simple]
        self.assertEqual(found, expected)


if __name__ == "__main__":
    unittest.main()
