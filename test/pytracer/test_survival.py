"""A recorded program that ends suddenly leaves every event up to its last one."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [ROOT, HERE]

from container import Container  # noqa: E402
from recorders import FULL, SOURCES  # noqa: E402

PYTRACER = os.path.join(ROOT, "pytracer")
# Each round says its number in the recorded stream and then directly.
WORK = """
import os, sys

def work(number):
    items = [number]
    items.append(number * 2)
    sys.stdout.write("<%d>" % number)
    os.write(2, b"%d\\n" % number)
    return items
"""


@unittest.skipUnless(os.name == "posix", "POSIX ends processes this way")
class SurvivalTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.recording = os.path.join(self.folder, "x.hindsight")

    def command(self, code, source):
        path = os.path.join(self.folder, "program.py")
        with open(path, "w") as file:
            file.write(WORK + textwrap.dedent(code))
        options = ["-o", self.recording, "--recorder", source]
        return [sys.executable, PYTRACER, "record", *options, path]

    def run_program(self, code, source):
        return subprocess.run(self.command(code, source), capture_output=True, check=False)

    def rounds_in_log(self):
        """Give the numbers that the recorded OUTPUT events hold, in order."""
        log = Container(self.recording).log
        numbers = []
        for piece in log.split(b"<")[1:]:
            digits = piece.partition(b">")[0]
            if digits.isdigit() and b">" in piece:
                numbers.append(int(digits))
        return numbers

    def test_each_sudden_end_leaves_every_event(self):
        ends = {
            "os._exit": "os._exit(3)",
            "kill -9": "os.kill(os.getpid(), 9)",
            "a segfault": "import ctypes; ctypes.string_at(0)",
            "another program": "os.execv(sys.executable, [sys.executable, '-c', ''])",
            "abort": "os.abort()",
        }
        for source in SOURCES:
            for name, end in ends.items():
                with self.subTest(end=name, source=source):
                    code = f"""
                        for number in range(300):
                            work(number)
                        {end}
                    """
                    done = self.run_program(code, source)
                    said = [int(line) for line in done.stderr.split(b"\n") if line.isdigit()]
                    self.assertEqual(said, list(range(300)), done.stderr)
                    self.assertEqual(self.rounds_in_log(), said)
                    self.assertTrue(os.path.exists(self.recording + ".tail"))

    def test_kill_at_any_moment_leaves_what_was_said_before(self):
        # Each version at other moments.
        rng = random.Random(sys.version_info[1])
        for source in SOURCES:
            for _ in range(12 if FULL else 4):
                code = """
                    number = 0
                    while True:
                        work(number)
                        number += 1
                """
                child = subprocess.Popen(
                    self.command(code, source), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
                )
                said = [child.stderr.readline()]
                deadline = time.monotonic() + rng.uniform(0.0, 0.4)
                while time.monotonic() < deadline:
                    said.append(child.stderr.readline())
                child.kill()
                _, rest = child.communicate()
                lines = (b"".join(said) + rest).split(b"\n")
                last = max(int(line) for line in lines if line.isdigit())
                found = self.rounds_in_log()
                self.assertEqual(found, list(range(len(found))))
                self.assertGreaterEqual(len(found), last + 1)

    def check_stopped(self, done, message, end_of_log, rounds):
        """The program has ended as ever; the log has more than these rounds, and says why."""
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.endswith(b"end\n"))
        self.assertEqual(done.stderr.count(message), 1, done.stderr)
        found = self.rounds_in_log()
        self.assertEqual(found, list(range(len(found))))
        self.assertGreater(len(found), rounds)
        self.assertIn(end_of_log, Container(self.recording).log[-200:])

    def test_a_full_disk_ends_the_recording_and_not_the_program(self):
        for source in SOURCES:
            with self.subTest(source=source):
                code = """
                    import random, resource
                    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
                    rng = random.Random(1)
                    for number in range(6000):
                        text = "%x" % rng.getrandbits(4000)
                        work(number)
                    print("end")
                """
                done = self.run_program(code, source)
                self.check_stopped(done, b"recording stopped", b"could not be written", 100)

    def test_when_the_numbers_run_out_the_recording_ends_and_not_the_program(self):
        for source in SOURCES:
            with self.subTest(source=source):
                code = """
                    import os
                    for number in range(100):
                        work(number)
                    library = "import gc\\nfor one in gc.get_objects():\\n if type(one).__name__"
                    library += " == 'Recorder': one._next_frame = 2**32 - 2_000_050"
                    exec(compile(library, os.__file__, "exec"), {})
                    for number in range(100, 60000):
                        work(number)
                    print("end")
                """
                done = self.run_program(code, source)
                self.check_stopped(done, b"no numbers for more", b"no numbers for more", 150)

    def test_a_recording_cut_at_any_byte_opens(self):
        self.run_program("for number in range(5): work(number)", SOURCES[0])
        whole = Container(self.recording)
        self.assertIsNone(whole.note)
        self.assertGreater(len(whole.blocks), 0)
        for length in range(len(whole.content)):
            with open(self.recording, "wb") as file:
                file.write(whole.content[:length])
            part = Container(self.recording)
            self.assertTrue(whole.log.startswith(part.log))
            self.assertEqual(whole.frames[: len(part.frames)], part.frames)


if __name__ == "__main__":
    unittest.main()
