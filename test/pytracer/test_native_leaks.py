"""A recorded run keeps nothing: no references, and with HINDSIGHT_FULL=1 no objects and no memory.

The long run takes a million objects; it is where growth shows that a short one hides.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from container import Container  # noqa: E402
from recorders import HAS_NATIVE, ROOT  # noqa: E402

FULL = os.environ.get("HINDSIGHT_FULL") == "1"
ROUNDS = 150_000 if FULL else 1000
# Seven objects a round; the figures are taken when the recorder has met every line.
PROGRAM = """
    import gc, json, sys

    class Point:
        def __init__(self, x, data):
            self.x = x
            self.data = data

    class Slotted:
        __slots__ = ("a", "b")

    class Deleted:
        gone = 0
        def __del__(self):
            Deleted.gone += 1

    def numbers(count):
        for number in range(count):
            yield [number]

    def failing(number):
        raise ValueError(number)

    SHARED = object()
    # Not None: the interpreter's own objects come and go with it, by hundreds.
    WATCHED = [True, 7, "text", Point, Slotted, SHARED, ValueError, list, dict, numbers]

    def work(rounds):
        kept = []
        table = {}
        for number in range(rounds):
            one = [number, SHARED]
            one.append("text")
            two = {"one": one, number % 7: None}
            two["three"] = (number, one)
            point = Point(number, two)
            point.x = point.x + 1
            slotted = Slotted()
            slotted.a = point
            cycle = []
            cycle.append(cycle)
            kept.append(slotted)
            if len(kept) > 5:
                kept.pop(0)
            table[number % 11] = lambda: point
            for item in numbers(2):
                table["item"] = item
            dropped = numbers(3)
            next(dropped)
            gone = Deleted()
            text = str(number) * 3
            try:
                failing(number)
            except ValueError as error:
                table["error"] = error
        return len(kept)

    def figures():
        gc.collect()
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[1])
        return {
            "resident": pages * 4096,
            "objects": len(gc.get_objects()),
            "references": [sys.getrefcount(one) for one in WATCHED],
            "gone": Deleted.gone,
        }

    rounds = int(sys.argv[1])
    work(rounds // 5)
    before = figures()
    work(rounds)
    after = figures()
    print(json.dumps([before, after]))
"""


@unittest.skipUnless(HAS_NATIVE, "no native recorder is built for this Python")
@unittest.skipUnless(
    os.path.exists("/proc/self/statm"), "the system does not tell what is resident"
)
class Leaks(unittest.TestCase):
    def test_many_objects_leave_nothing_behind(self):
        with tempfile.TemporaryDirectory() as folder:
            program = os.path.join(folder, "program.py")
            log = os.path.join(folder, "program.hindsight")
            with open(program, "w") as file:
                file.write(textwrap.dedent(PROGRAM))
            command = [sys.executable, os.path.join(ROOT, "pytracer"), "record"]
            command += ["--recorder", "native", "-o", log, program, str(ROUNDS)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=3600)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(Container(log).meta["recorder"], "native")
        before, after = json.loads(done.stdout)
        self.assertEqual(after["gone"] - before["gone"], ROUNDS)
        moved = [b - a for a, b in zip(before["references"], after["references"])]
        self.assertLess(max(map(abs, moved)), 60, moved)
        if FULL:
            # A few lists of figures, and what the interpreter itself caches.
            self.assertLess(after["objects"] - before["objects"], 1000)
        if FULL and "LD_PRELOAD" not in os.environ:
            # The address sanitizer keeps freed memory for a while.
            self.assertLess(after["resident"] - before["resident"], 6_000_000)


if __name__ == "__main__":
    unittest.main()
