"""Arrays of NumPy and frames of pandas: what a recording shows of them is true.

The oracle is test/truth/oracle.py, which reads arrays by NumPy's own methods.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import packages  # noqa: E402
from decode_log import Replay  # noqa: E402
from recorders import HAS_NATIVE, NEWEST_IN_PYTHON, ROOT, SOURCES  # noqa: E402
from same_log import events, first_difference  # noqa: E402
from truth import check  # noqa: E402

PROGRAMS = os.path.join(HERE, "programs_packages")
HAS_NUMPY = packages.has("numpy")
HAS_PANDAS = packages.has("numpy", "pandas")


def program(name):
    """Return the path of a program."""
    return os.path.join(PROGRAMS, f"{name}.py")


class Recorder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_plain(self, *words):
        return self.run_with([sys.executable, *words])

    def record(self, source, *words):
        log = os.path.join(self.folder, f"{source}.hindsight")
        command = [sys.executable, os.path.join(ROOT, "pytracer"), "record"]
        said = self.run_with([*command, "--recorder", source, "-o", log, "--", *words])
        return log, said

    def run_with(self, command):
        env = {**os.environ, "PYTHONPATH": packages.FOLDER, "PYTHONHASHSEED": "0"}
        done = subprocess.run(
            command, env=env, capture_output=True, stdin=subprocess.DEVNULL, timeout=120
        )
        return done.returncode, done.stdout, done.stderr


@unittest.skipUnless(HAS_NUMPY, "no NumPy")
class NumPy(Recorder):
    def test_every_step_shows_the_arrays_as_they_are(self):
        for source in SOURCES:
            with self.subTest(source):
                found = check(
                    sys.executable, source, program("numpy_arrays"), packages=packages.FOLDER
                )
                self.assertEqual(found[0], [])
                self.assertGreater(found[1], 55)

    @unittest.skipUnless(HAS_NATIVE, "no native recorder is built for this Python")
    def test_the_native_recorder_writes_the_same_log(self):
        left, said = self.record(NEWEST_IN_PYTHON, program("numpy_arrays"))
        right, also = self.record("native", program("numpy_arrays"))
        self.assertEqual(said, also)
        self.assertEqual(first_difference(events(left), events(right)), "")

    def test_an_array_can_be_resized(self):
        for source in SOURCES:
            with self.subTest(source):
                path = program("numpy_resize")
                log, said = self.record(source, path)
                if sys.version_info < (3, 12):
                    # A method that is called under a trace function is bound for it, which makes
                    # one more reference.
                    self.assertIn(b"cannot resize an array", said[2])
                    print(f"known difference ({source}): ndarray.resize is refused")
                    continue
                self.assertEqual(said, self.run_plain(path))
                arrays = [
                    thing for thing in Replay(log).objects.values() if thing["kind"] == "ARRAY"
                ]
                if b"cannot resize an array" in said[2]:
                    # From 3.14 on the call itself borrows its receiver, and NumPy's own count of
                    # references refuses plain Python as well.
                    self.assertGreaterEqual(sys.version_info, (3, 14))
                    self.assertEqual([thing["text"] for thing in arrays], ["float64 (3,)"])
                    continue
                self.assertEqual([thing["text"] for thing in arrays], ["float64 (2,)"])
                self.assertEqual(arrays[0]["items"], [("scalar", 0.0), ("scalar", 3.0)])

    def test_a_store_through_an_iterator_is_seen_in_the_array_at_once(self):
        for source in SOURCES:
            with self.subTest(source):
                log, _ = self.record(source, program("numpy_nditer"))
                stores = [event[:3] for event in events(log) if event[1] == "item_set"]
                array = next(
                    number
                    for number, thing in Replay(log).objects.items()
                    if thing.get("text") == "int64 (3,)"
                )
                changes = [step for step, _, text in stores if text.startswith(f"({array}, ")]
                self.assertEqual(len(changes), 3)
                self.assertEqual(len(set(changes)), 3)

    def test_what_cannot_be_told_is_marked(self):
        path = os.path.join(self.folder, "program.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(
                "import mmap, numpy as np\n"
                "dates = np.array(['2024-01-01'], dtype='datetime64[D]')\n"
                "rows = np.zeros(2, dtype=[('x', 'i4')])\n"
                "shared = np.frombuffer(mmap.mmap(-1, 8), dtype='u1')\n"
                "shared[0] = 5\n"
                "wide = np.longdouble(1)\n"
                "print(wide)\n"
            )
        for source in SOURCES:
            with self.subTest(source):
                log, _ = self.record(source, path)
                things = {
                    thing.get("text") or thing["type"]: thing
                    for thing in Replay(log).objects.values()
                    if thing["type"].startswith("numpy.")
                }
                reasons = {text: thing.get("value") for text, thing in things.items()}
                self.assertEqual(
                    reasons,
                    {
                        "datetime64[D] (1,)": ("not recorded", 9),
                        "|V4 (2,)": ("not recorded", 9),
                        "uint8 (8,)": ("not recorded", 10),
                        things_name(things): ("not recorded", 9),
                    },
                )


def things_name(things):
    """Return the name of the long double's type, which depends on NumPy's version."""
    return next(name for name in things if name.startswith("numpy."))


@unittest.skipUnless(HAS_PANDAS, "no pandas")
class Pandas(Recorder):
    def test_the_arrays_of_a_frame_can_be_reached(self):
        for source in SOURCES:
            with self.subTest(source):
                path = program("pandas_frames")
                log, said = self.record(source, path)
                self.assertEqual(said, self.run_plain(path))
                replay = Replay(log)
                frames = [
                    number
                    for number, thing in replay.objects.items()
                    if thing["type"].endswith(".DataFrame")
                ]
                found = arrays_under(replay, frames)
                self.assertIn([("scalar", 1), ("scalar", 20), ("scalar", 3)], found)
                self.assertIn([("scalar", 0.5), ("scalar", 1.5), ("scalar", 2.5)], found)
                managers = [
                    thing.get("value")
                    for thing in replay.objects.values()
                    if thing["type"].endswith("BlockManager")
                ]
                self.assertIn(("not recorded", 9), managers)


def arrays_under(replay, numbers):
    """Return the elements of all arrays that some objects lead to."""
    pending, seen, found = [*numbers], set(), []
    while pending:
        number = pending.pop()
        if number in seen:
            continue
        seen.add(number)
        thing = replay.objects[number]
        if thing["kind"] == "ARRAY":
            found.append(thing["items"])
            continue
        values = [*(thing.get("attrs") or {}).values()]
        values += [item for item in thing.get("items") or () if type(item) is tuple]
        pending += [value[1] for value in values if value[0] == "object"]
    return found


if __name__ == "__main__":
    unittest.main()
