"""Evaluation while a comprehension runs at module level tells the truth and disturbs nothing."""

from __future__ import annotations

import os
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)
from pytracer.live_evaluation import evaluate  # noqa: E402

PROGRAM = """
x = "outer"
seen = [
    (look(), x)[1]
    for x in (1, 2)
]
"""


class Evaluation(unittest.TestCase):
    def run_with(self, source, trace=None):
        results = []

        def look():
            result = evaluate(source, sys._getframe(1))
            results.append((result.ok, result.text))

        names = {"look": look}
        code = compile(PROGRAM, "<program>", "exec")
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            exec(code, names)
        finally:
            sys.settrace(before)
        self.assertEqual((names["x"], names["seen"]), ("outer", [1, 2]))
        return results

    def test_its_variables_have_their_values(self):
        self.assertEqual(self.run_with("x + 1"), [(True, "2"), (True, "3")])

    @unittest.skipUnless(sys.version_info >= (3, 12), "comprehensions have frames of their own")
    def test_an_assignment_is_refused(self):
        results = self.run_with("x = 5")
        self.assertEqual([ok for ok, _ in results], [False, False])
        self.assertIn("nothing can be assigned", results[0][1])

    def test_it_is_not_disturbed_under_a_trace_function(self):
        def trace(frame, event, arg):
            return trace if frame.f_code.co_filename == "<program>" else None

        results = self.run_with("x + 1", trace)
        if sys.version_info[:2] == (3, 12):
            self.assertIn("would disturb", results[0][1])
        else:
            self.assertEqual(results, [(True, "2"), (True, "3")])


if __name__ == "__main__":
    unittest.main()
