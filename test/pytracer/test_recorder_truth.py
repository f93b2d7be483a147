"""What a recording shows at each step is what a plain settrace logger saw in a run of its own."""

from __future__ import annotations

import glob
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from recorders import SOURCES  # noqa: E402
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
    def check_all(self, source):
        names = programs()
        if source == "native" and sys.version_info < (3, 13):
            # The oracle is a trace function in Python: it leaves snapshots of the variables in the
            # frames, which hold what is dropped for a step longer. test_native_drops.py has another
            # oracle.
            names = [name for name in names if os.path.basename(name) != "dropped_generators.py"]
        self.assertGreater(len(names), 30)
        for name in names:
            with self.subTest(os.path.basename(name)):
                differences, steps = check(sys.executable, source, name)
                if os.path.basename(name) == "threads.py":
                    # When another thread's change is seen depends on the scheduler.
                    differences = [text for text in differences if "step" not in text]
                self.assertEqual(differences, [])
                self.assertGreater(steps, 0)


for _source in SOURCES:

    def _test(self, source=_source):
        self.check_all(source)

    setattr(Truth, f"test_every_step_shows_the_truth_by_{_source}", _test)


if __name__ == "__main__":
    unittest.main()
