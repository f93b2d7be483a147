"""What a recording shows at each step is what a plain settrace logger saw in a run of its own."""

from __future__ import annotations

import glob
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from recorders import SOURCES, takes  # noqa: E402
from truth import ROOT, check  # noqa: E402


def programs():
    """Give the programs that this interpreter can compile."""
    found = []
    for folder in ("test/truth/programs", "test/pytracer/programs"):
        found += sorted(glob.glob(os.path.join(ROOT, folder, "*.py")))
    version = sys.version_info[1]
    return [
        name
        for name in found
        if not (name.endswith("_310.py") and version < 10)
        and not (name.endswith("_311.py") and version < 11)
    ]


class Truth(unittest.TestCase):
    def test_every_step_shows_the_truth(self):
        names = programs()
        self.assertGreater(len(names), 30)
        for path in names:
            name = os.path.basename(path)
            for source in SOURCES:
                if takes(source, name) and can_be_compared(name, source):
                    with self.subTest(name, source=source):
                        self.check(path, source)

    def check(self, path, source):
        differences, steps = check(sys.executable, source, path)
        if os.path.basename(path).startswith("threads"):
            # When another thread's change is seen depends on the scheduler.
            differences = [text for text in differences if "step" not in text]
        self.assertEqual(differences, [])
        self.assertGreater(steps, 0)


def can_be_compared(name, source):
    """Up to 3.12 the oracle, a trace function in Python, keeps what is dropped for a step longer.

    It leaves snapshots of the variables in the frames; so does the recorder in Python.
    test_native_drops.py has another oracle.
    """
    is_native = source == "native" and sys.version_info < (3, 13)
    return not (is_native and name == "dropped_generators.py")


if __name__ == "__main__":
    unittest.main()
