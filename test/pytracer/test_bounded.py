"""A bounded recording stays within its size, and survives whatever ends the process."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [ROOT, HERE]

from container import Container  # noqa: E402
from recorders import FULL, SOURCES  # noqa: E402

PYTRACER = os.path.join(ROOT, "pytracer")
# Sources with the megabytes of their recordings; in larger ones the native one has two tails.
CASES = [(source, 2) for source in SOURCES] + [("native", 6)] * ("native" in SOURCES)
# HINDSIGHT_FULL=1 lets it run longer, and kills more often.
ROUNDS, KILLS = (3400, 12) if FULL else (1200, 4)
# Each round makes about 12,000 bytes of log and says its number, in the log and directly.
PROGRAM = """
import os, random, sys
rng = random.Random(1)
kept = {}

def texts():
    for part in range(12):
        noise = "%x" % rng.getrandbits(8000)
    return noise

def numbers():
    number = 0
    while True:
        yield number
        number += 1

slow = numbers()
def fork(children):
    child = os.fork()
    if child == 0:
        for number in range(60):
            kept[number] = texts()
        os._exit(0)
    children.append(child)
    if len(children) > 2:
        os.waitpid(children.pop(0), 0)

rounds = int(sys.argv[1])
children = []
number = 0
while number < rounds:
    kept[number % 40] = [number, next(slow)]
    texts()
    sys.stdout.write("<%d>" % number)
    os.write(2, b"%d\\n" % number)
    number += 1
    if "fork" in sys.argv and number % 20 == 0:
        fork(children)
"""


class BoundedTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.recording = os.path.join(self.folder, "x.hindsight")
        self.program = os.path.join(self.folder, "program.py")
        with open(self.program, "w") as file:
            file.write(PROGRAM)

    def start(self, source, rounds, *words, megabytes=2):
        options = ["-o", self.recording, "--recorder", source]
        options += ["--max-recording-size", str(megabytes)]
        command = [sys.executable, PYTRACER, "record", *options, self.program, str(rounds), *words]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def size(self):
        total = 0
        for name in os.listdir(self.folder):
            if name.startswith("x.hindsight"):
                try:
                    total += os.path.getsize(os.path.join(self.folder, name))
                except FileNotFoundError:
                    pass
        return total

    def rounds_in_log(self, killed=False):
        """Give the numbers in the parts' OUTPUT events, checking that the parts follow.

        A kill may cut the frame that is just being written: the tail still has what is in it.
        """
        parts = [Container(self.recording)]
        if os.path.exists(self.recording + ".next"):
            newer = Container(self.recording + ".next", self.recording)
            self.assertEqual(newer.meta["recording"], parts[0].meta["recording"])
            self.assertEqual(newer.meta["part"], parts[0].meta["part"] + 1)
            sealed = [block for block in parts[0].blocks if not block.from_tail]
            self.assertEqual(len(sealed), len(parts[0].blocks))
            self.assertEqual(newer.meta["firstStep"], sealed[-1].first_step + sealed[-1].steps)
            first = parts[0].meta["firstBlock"]
            self.assertEqual(newer.meta["firstBlock"], first + len(sealed))
            parts.append(newer)
        for part in parts[:-1] if killed else parts:
            self.assertIsNone(part.note)
        log = b"".join(part.log for part in parts)
        pieces = [piece.partition(b">")[0] for piece in log.split(b"<")[1:]]
        return [int(piece) for piece in pieces if piece.isdigit()]

    def test_the_files_stay_within_the_size_while_the_program_runs(self):
        for source, megabytes in CASES:
            with self.subTest(source=source, megabytes=megabytes):
                rounds = ROUNDS * megabytes // 2
                child = self.start(source, rounds, megabytes=megabytes)
                largest = 0
                said = b""
                os.set_blocking(child.stderr.fileno(), False)
                while child.poll() is None:
                    said += child.stderr.read() or b""
                    largest = max(largest, self.size())
                    time.sleep(0.002)
                child.stderr.close()
                self.assertEqual(child.returncode, 0)
                self.assertLessEqual(largest, megabytes * 1_000_000)
                self.assertGreater(Container(self.recording).meta["part"], ROUNDS // 250)
                found = self.rounds_in_log()
                self.assertEqual(found, list(range(found[0], rounds)))
                self.assertGreater(len(found), 30)

    def test_kill_at_any_moment_keeps_the_newest_part(self):
        # Each version at other moments.
        rng = random.Random(sys.version_info[1])
        for source, megabytes in CASES:
            for _ in range(KILLS):
                child = self.start(source, 10**9, megabytes=megabytes)
                wanted = rng.randrange(1, 250 * megabytes)
                said = b""
                for line in child.stderr:
                    said += line
                    if line.strip() == b"%d" % wanted:
                        break
                time.sleep(rng.uniform(0, 0.02))
                child.kill()
                said += child.communicate()[1]
                self.assertEqual(os.path.exists(self.recording + ".tail2"), megabytes > 2)
                last = max(int(line) for line in said.split(b"\n")[:-1] if line.isdigit())
                found = self.rounds_in_log(killed=True)
                self.assertEqual(found, list(range(found[0], found[0] + len(found))))
                self.assertGreaterEqual(found[-1], last)
                self.assertGreater(len(found), min(last, 30))

    @unittest.skipUnless(hasattr(os, "fork"), "this system has no fork")
    def test_forked_children_leave_the_parts_alone(self):
        for source in SOURCES:
            with self.subTest(source=source):
                child = self.start(source, 500, "fork")
                said = child.communicate()[1]
                self.assertEqual(child.returncode, 0)
                self.assertEqual(
                    [line for line in said.split(b"\n")[:-1] if not line.isdigit()], []
                )
                self.assertGreater(Container(self.recording).meta["part"], 1)
                found = self.rounds_in_log()
                self.assertEqual(found, list(range(found[0], 500)))
                self.assertLessEqual(self.size(), 2_000_000)

    def test_a_new_recording_takes_the_place_of_both_parts(self):
        self.start(SOURCES[-1], 300).communicate()
        self.assertTrue(os.path.exists(self.recording + ".next"))
        self.start(SOURCES[-1], 3).communicate()
        self.assertFalse(os.path.exists(self.recording + ".next"))
        self.assertEqual(self.rounds_in_log(), [0, 1, 2])

    def test_another_file_under_the_name_of_the_newer_part_stays(self):
        with open(self.recording + ".next", "w") as file:
            file.write("mine")
        _, errors = self.start(SOURCES[-1], 300).communicate()
        with open(self.recording + ".next") as file:
            self.assertEqual(file.read(), "mine")
        self.assertEqual(errors.count(b"maxRecordingSize is exceeded"), 1)


if __name__ == "__main__":
    unittest.main()
