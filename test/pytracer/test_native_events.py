"""The native recorder writes the log that the recorder in Python writes, event by event.

Each version takes a third of the programs, so that every program meets some version.
HINDSIGHT_SEEDS="17 18" takes these random programs; HINDSIGHT_FULL=1 all programs and two hundred
random ones.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from container import Container  # noqa: E402
from recorders import FULL, HAS_NATIVE, NEWEST_IN_PYTHON, ROOT, part_of  # noqa: E402
from same_log import (  # noqa: E402
    apart_from_deaths,
    events,
    first_difference,
    late_deaths,
    without_changes_of_the_dead,
)
from test_recorder_truth import programs  # noqa: E402

# The scheduler decides when another thread's change is seen.
OTHERWISE = ["threads.py", "threads_of_loops.py"]
if sys.version_info < (3, 13):
    # The recorder in Python leaves snapshots of the variables in the frames, which hold what is
    # dropped for a step longer: test_native_drops.py has another oracle.
    OTHERWISE.append("dropped_generators.py")
BENCHED = os.path.join(ROOT, "test", "bench", "programs")
RANDOM_PROGRAM = os.path.join(ROOT, "test", "truth", "randomProgram.py")
# Over two blocks, in which the same objects change a few times.
OVER_BLOCKS = """
class Count:
    def __init__(self, name):
        self.name = name
        self.count = 0


def main():
    kept = [Count(("kept", place)) for place in range(20)]
    rows = [[place] for place in range(20)]
    tables = [{"place": place} for place in range(20)]
    for number in range(7000):
        place = number % 20
        if number % 500 < 20:
            kept[place].count += 1
            rows[place].append(number)
            tables[place]["last"] = (number, place)
            tables[place]["row"] = [number]
        if number == 6500:
            rows[3] = rows[4] = None
    return kept, rows, tables


main()
"""
RECORD = [sys.executable, os.path.join(ROOT, "pytracer"), "record"]


def seeds():
    """Give the numbers of the random programs, other ones for each version."""
    given = os.environ.get("HINDSIGHT_SEEDS", "").split()
    if given:
        return [int(seed) for seed in given]
    count = 200 if FULL else 4
    return [sys.version_info[1] * 1000 + 500 + number for number in range(count)]


@unittest.skipUnless(HAS_NATIVE, "no native recorder is built for this Python")
class SameLog(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        # When the collector runs depends on what the recorder itself allocates.
        with open(os.path.join(self.folder, "sitecustomize.py"), "w") as file:
            file.write("import gc\ngc.disable()\n")

    def record(self, source, *words):
        log = os.path.join(self.folder, f"{source}.hindsight")
        env = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        env["PYTHONPATH"] = self.folder
        command = [*RECORD, "--recorder", source, "-o", log, "--", *words]
        done = subprocess.run(
            command, env=env, capture_output=True, stdin=subprocess.DEVNULL, timeout=300
        )
        self.assertEqual(Container(log).meta["recorder"], source)
        return log, (done.returncode, done.stdout, done.stderr)

    def check_same(self, *words, at_least=10):
        left, said = self.record(NEWEST_IN_PYTHON, *words)
        right, also_said = self.record("native", *words)
        self.assertEqual(said, also_said)
        expected, latest = apart_from_deaths(events(left))
        found, deaths = apart_from_deaths(events(right))
        self.assertGreater(len(expected), at_least)
        expected = without_changes_of_the_dead(expected, found, deaths)
        self.assertEqual(first_difference(expected, found), "")
        late = late_deaths(found, deaths, latest)
        # A generator that an iterator in C holds goes when that is found dead, which is looked for
        # at growing distances: both recorders may come late, each at its own time, or at the end.
        frames = [one for one in late if str(one).startswith("frame ")]
        self.assertEqual([one for one in late if one not in frames], [])
        if frames:
            name = os.path.basename(words[-1])
            print(f"known difference (native): {name}: generators held by C are dropped later")

    def test_every_program_of_the_corpus_has_the_same_log(self):
        names = [name for name in programs() if os.path.basename(name) not in OTHERWISE]
        self.assertGreater(len(names), 30)
        for name in part_of(names):
            with self.subTest(os.path.basename(name)):
                self.check_same(name)

    def test_random_programs_have_the_same_log(self):
        for seed in seeds():
            with self.subTest(f"seed {seed}"):
                program = os.path.join(self.folder, f"seed_{seed}.py")
                subprocess.run([sys.executable, RANDOM_PROGRAM, str(seed), program], check=True)
                self.check_same(program)

    def test_objects_that_change_blocks_after_they_were_made_have_the_same_log(self):
        program = os.path.join(self.folder, "over_blocks.py")
        with open(program, "w") as file:
            file.write(OVER_BLOCKS)
        self.check_same(program, at_least=16384)

    def test_the_benchmarks_programs_have_the_same_log(self):
        names = sorted(name[:-3] for name in os.listdir(BENCHED) if name.endswith(".py"))
        self.assertGreater(len(names), 11)
        for name in part_of(names):
            # asyncio's loop asks the clock.
            if name == "coroutines":
                continue
            with self.subTest(name):
                code = f"import {name}; print({name}.main(max(1, {name}.SIZE // 2000)))"
                code = f"import sys; sys.path.insert(0, {BENCHED!r}); {code}"
                self.check_same("-c", code, at_least=100)


if __name__ == "__main__":
    unittest.main()
