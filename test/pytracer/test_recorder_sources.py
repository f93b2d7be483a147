"""The two event sources write the same log of the same program.

Each version takes a third of the programs; HINDSIGHT_FULL=1 all.
"""

from __future__ import annotations

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from recorded import Recorded  # noqa: E402
from recorders import PYTHON_SOURCES, part_of  # noqa: E402
from test_recorder_truth import programs  # noqa: E402

# Deaths come when they are noticed; what a thread does in between is the scheduler's business;
# where blocks begin, on which contents are said again, hangs on the clock.
TIMELESS = frozenset(
    ("dead", "thread", "thread_start", "thread_end", "dropped", "new", "generator", "contents")
)


def is_shown_to_both(replay, name, operands):
    """Variables of comprehensions in modules and classes: 3.12 shows them to monitoring alone.

    So is what nothing leads to.
    """
    return not replay.is_lost(name, operands) and not (
        sys.version_info[:2] == (3, 12) and name in ("write", "delete") and replay.top["locals"]
    )


def is_error_output(event):
    """Warnings name the file, which has another path in each run."""
    return event[0] == "output" and event[1][0] == 2


# The scheduler decides when another thread's change is seen.
OTHERWISE = [
    "threads.py",
    "threads_of_loops.py",
    # It changes objects in the line by which a generator goes on: `sys.settrace` tells only with
    # the event that follows whether it goes on or is thrown into.
    "generators_daily.py",
]
if sys.version_info[:2] == (3, 12):
    # They have objects that only the variable of a module's comprehension leads to.
    OTHERWISE += ["stores_daily.py", "times_and_paths.py"]


@unittest.skipIf(len(PYTHON_SOURCES) < 2, "one source only")
class Sources(unittest.TestCase):
    def test_monitoring_and_settrace_agree_event_by_event(self):
        names = programs()
        self.assertGreater(len(names), 30)
        for name in part_of(names):
            if os.path.basename(name) in OTHERWISE:
                continue
            with self.subTest(os.path.basename(name)), open(name, encoding="utf-8") as file:
                text = file.read()
                logs = [
                    Recorded(text, source, keep=is_shown_to_both).events
                    for source in PYTHON_SOURCES
                ]
                first, second = (
                    [
                        event
                        for event in log
                        if event[0] not in TIMELESS and not is_error_output(event)
                    ]
                    for log in logs
                )
                self.assertGreater(len(first), 10)
                for place, (a, b) in enumerate(zip(first, second)):
                    self.assertEqual(a, b, place)
                self.assertEqual(len(first), len(second))


if __name__ == "__main__":
    unittest.main()
