"""Which recorder serves: the setting, the builds there are, and what is said about it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from container import Container  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PYTHON_SOURCE = "monitoring" if hasattr(sys, "monitoring") else "settrace"
HAS_NATIVE = (3, 11) <= sys.version_info[:2] <= (3, 15)


class Choice(unittest.TestCase):
    """Each test has a copy of the recorder whose builds it decides on."""

    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        leave_out = shutil.ignore_patterns("__pycache__", "builds")
        self.package = os.path.join(self.folder, "pytracer")
        shutil.copytree(os.path.join(ROOT, "pytracer"), self.package, ignore=leave_out)

    def record(self, *words):
        log = os.path.join(self.folder, "run.hindsight")
        command = [sys.executable, self.package, "record", "-o", log, *words, "-c", "print('ran')"]
        env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=self.folder)
        meta = Container(log).meta if done.returncode == 0 else None
        return done, meta["recorder"] if meta is not None else None

    def put_build(self, contents):
        import _imp

        folder = os.path.join(self.package, "native", "builds")
        os.makedirs(folder)
        with open(os.path.join(folder, "hindsight_core" + _imp.extension_suffixes()[0]), "wb") as f:
            f.write(contents)

    def test_without_a_build_auto_takes_python_and_is_silent(self):
        done, recorder = self.record()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "ran\n", ""))
        self.assertEqual(recorder, PYTHON_SOURCE)

    def test_without_a_build_auto_explains_itself_when_asked_to_talk(self):
        done, recorder = self.record("--verbose")
        self.assertEqual(recorder, PYTHON_SOURCE)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 2, done.stderr)
        expected = "build.py` makes one." if HAS_NATIVE else "is for Python 3.11 to 3.15"
        self.assertIn(f"Recorded with sys.{PYTHON_SOURCE}, in Python", lines[1])
        self.assertIn(expected, lines[1])

    def test_without_a_build_native_is_an_error_that_says_what_to_do(self):
        done, recorder = self.record("--recorder", "native")
        self.assertEqual((done.returncode, done.stdout, recorder), (2, "", None))
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        expected = "build.py` makes one." if HAS_NATIVE else "is for Python 3.11 to 3.15"
        self.assertIn(expected, done.stderr)

    def test_python_is_taken_without_a_word(self):
        done, recorder = self.record("--recorder", "python", "--verbose")
        self.assertEqual(recorder, PYTHON_SOURCE)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    @unittest.skipUnless(HAS_NATIVE, "no native recorder for this version")
    def test_a_build_that_cannot_be_loaded_does_not_keep_the_program_from_running(self):
        self.put_build(b"this is no library")
        done, recorder = self.record("--verbose")
        self.assertEqual((done.returncode, done.stdout, recorder), (0, "ran\n", PYTHON_SOURCE))
        self.assertIn("does not fit this Python", done.stderr)
        done, _ = self.record("--recorder", "native")
        self.assertEqual(done.returncode, 2)
        self.assertIn("does not fit this Python", done.stderr)


if __name__ == "__main__":
    unittest.main()
