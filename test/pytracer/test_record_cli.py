"""The command line `python -m pytracer record …`, and the launcher's side of `connect`."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [ROOT, HERE]

from container import Container  # noqa: E402
from recorders import HAS_NATIVE, NEWEST_IN_PYTHON  # noqa: E402

PYTRACER = os.path.join(ROOT, "pytracer")
PROGRAM = "import helper\nprint(helper.double([1, 2]))\n"
HELPER = "import json\n\n\ndef double(items):\n    return json.loads(json.dumps(items)) * 2\n"
CODE = 3


def starts_isolated():
    """Say whether this interpreter finds its library without the environment."""
    command = [sys.executable, "-I", "-c", ""]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


needs_isolation = unittest.skipUnless(starts_isolated(), "this interpreter needs PYTHONHOME")


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        for name, text in (("program.py", PROGRAM), ("helper.py", HELPER)):
            with open(os.path.join(self.folder, name), "w") as file:
                file.write(text)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        if "PYTHONHOME" in os.environ:
            self.env["PYTHONHOME"] = os.environ["PYTHONHOME"]

    def python(self, *words, **more):
        return subprocess.run(
            [sys.executable, *words], cwd=self.folder, env={**self.env, **more},
            capture_output=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def record(self, *words, **more):
        return self.python(PYTRACER, "record", *words, **more)

    def container(self, name):
        return Container(os.path.join(self.folder, name))

    def recorded_files(self, name):
        """Give the base names of the files whose code was recorded."""
        names = set()
        for frame in self.container(name).frames:
            if frame.kind == CODE:
                place = 1 if frame.raw[0] < 0x80 else 2
                length, place = frame.raw[place], place + 1
                if length >= 0x80:
                    length, place = (length & 0x7F) | frame.raw[place] << 7, place + 1
                names.add(os.path.basename(frame.raw[place : place + length].decode()))
        return names


class RecordTest(Case):
    def test_the_default_name_follows_the_program(self):
        for words, name in (
            (["program.py"], "program.hindsight"),
            (["./program.py"], "program.hindsight"),
            (["-m", "program"], "program.hindsight"),
            (["-c", "print(1)"], "command.hindsight"),
            (["."], os.path.basename(self.folder) + ".hindsight"),
        ):
            done = self.record(*words)
            self.assertTrue(os.path.exists(os.path.join(self.folder, name)), (words, done.stderr))
            self.assertNotIn(b"hindsight:", done.stderr)

    def test_it_runs_as_a_module_too(self):
        done = self.python("-m", "pytracer", "record", "program.py", PYTHONPATH=ROOT)
        self.assertEqual((done.stdout, done.stderr), (b"[1, 2, 1, 2]\n", b""))
        self.assertEqual(self.recorded_files("program.hindsight"), {"program.py", "helper.py"})

    def test_meta_tells_about_the_run(self):
        self.record(
            "-o", "x.hindsight", "--max-items", "7", "--max-string-length=9", "program.py", "a"
        )
        meta = self.container("x.hindsight").meta
        self.assertEqual(meta["argv"], ["program.py", "a"])
        self.assertEqual(meta["cwd"], self.folder)
        self.assertEqual(meta["python"], "{}.{}.{}".format(*sys.version_info[:3]))
        self.assertEqual((meta["maxItems"], meta["maxStringLength"]), (7, 9))
        expected = "native" if HAS_NATIVE else NEWEST_IN_PYTHON
        self.assertEqual(meta["recorder"], expected)
        self.assertEqual(meta["platform"], sys.platform)

    def test_meta_names_the_module(self):
        self.record("-o", "x.hindsight", "-m", "program", "-m", "b")
        self.assertEqual(self.container("x.hindsight").meta["argv"], ["-m", "program", "-m", "b"])

    def test_a_script_that_is_not_there_leaves_no_recording(self):
        plain = self.python("absent.py")
        done = self.record("absent.py")
        self.assertEqual((done.stderr, done.returncode), (plain.stderr, plain.returncode))
        self.assertFalse(os.path.exists(os.path.join(self.folder, "absent.hindsight")))

    def test_include_exclude_and_all_code_choose_what_is_recorded(self):
        self.record("-o", "x", "--exclude", "helper.py", "program.py")
        self.assertEqual(self.recorded_files("x"), {"program.py"})
        self.record("-o", "x", "--include", "json/decoder.py", "program.py")
        self.assertEqual(self.recorded_files("x"), {"program.py", "helper.py", "decoder.py"})
        self.record("-o", "x", "--all-code", "program.py")
        self.assertLess(
            {"program.py", "helper.py", "decoder.py", "encoder.py"}, self.recorded_files("x")
        )

    def test_options_of_the_program_are_not_taken(self):
        done = self.record("--", "-c", "import sys; print(sys.argv)", "-o", "--all-code", "-m")
        self.assertEqual(done.stdout, b"['-c', '-o', '--all-code', '-m']\n")
        done = self.record("-c", "import sys; print(sys.argv)", "--", "x")
        self.assertEqual(done.stdout, b"['-c', '--', 'x']\n")

    def test_verbose_says_what_was_recorded(self):
        done = self.record("--verbose", "--recorder", "python", "program.py")
        self.assertRegex(
            done.stderr.decode(), r"^hindsight: \d+ steps recorded in .*program.hindsight\n$"
        )

    def test_a_command_line_that_makes_no_sense_is_explained(self):
        for words, part in (
            ([], "which program?"),
            (["-o"], "needs a value"),
            (["-m"], "which program?"),
            (["--max-items", "0", "x.py"], "a number from 1 on"),
            (["--recorder", "magic", "x.py"], "auto, native, python, monitoring or settrace"),
            (["--nonsense", "x.py"], "unknown option --nonsense"),
        ):
            done = self.record(*words)
            self.assertEqual((done.returncode, done.stdout), (2, b""), words)
            self.assertIn(part, done.stderr.decode())
            self.assertEqual(done.stderr.count(b"\n"), 1)
        if sys.version_info < (3, 12):
            done = self.record("--recorder", "monitoring", "x.py")
            self.assertIn(b"needs Python 3.12 or later", done.stderr)
        self.assertEqual(self.record("--help").returncode, 0)
        self.assertEqual(self.python(PYTRACER).returncode, 2)

    def test_a_folder_in_the_place_of_a_tail_is_said_before_the_program_runs(self):
        for suffix in (".tail", ".tail2"):
            tail = os.path.join(self.folder, "x.hindsight" + suffix)
            os.mkdir(tail)
            done = self.record("-o", "x.hindsight", "program.py")
            os.rmdir(tail)
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertIn(f"cannot be written: {tail}: Is a directory", done.stderr.decode())
            self.assertFalse(os.path.exists(os.path.join(self.folder, "x.hindsight")))

    def test_a_recording_that_cannot_be_written_is_said_before_the_program_runs(self):
        done = self.record("-o", "missing/x.hindsight", "program.py")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn("cannot be written", done.stderr.decode())
        self.assertIn("No such file or directory", done.stderr.decode())

    @needs_isolation
    def test_isolating_options_run_in_process_and_say_so(self):
        for option in ("-I", "-E", "-S"):
            for words in (["program.py"], ["-c", "import sys; print(sys.argv)", "a"]):
                if option == "-I" and words == ["program.py"]:
                    words = ["-c", "print(__name__)"]
                plain = self.python(option, *words)
                done = self.python(option, PYTRACER, "record", "-o", "x", *words)
                self.assertEqual(done.stdout, plain.stdout, (option, words, done.stderr))
                self.assertEqual(done.returncode, plain.returncode)
                self.assertRegex(done.stderr, rb"^hindsight: with -I, -E or -S .*\n$")
                self.assertGreater(len(self.container("x").blocks), 0)

    @needs_isolation
    def test_in_process_errors_look_the_same(self):
        with open(os.path.join(self.folder, "fails.py"), "w") as file:
            file.write("def f():\n    1 / 0\n\n\nf()\n")
        with open(os.path.join(self.folder, "broken.py"), "w") as file:
            file.write("def f(:\n")
        os.mkdir(os.path.join(self.folder, "main"))
        with open(os.path.join(self.folder, "main", "__main__.py"), "w") as file:
            file.write("import sys\nprint(sys.argv, sys.path[0], __name__)\nraise KeyError\n")
        for words in (
            ["fails.py"],
            ["broken.py"],
            ["-m", "fails"],
            ["-c", "exit(4)"],
            ["main"],
        ):
            plain = self.python("-E", *words)
            done = self.python("-E", PYTRACER, "record", "-o", "x", *words)
            _, _, rest = done.stderr.partition(b"\n")
            self.assertEqual((rest, done.returncode), (plain.stderr, plain.returncode), words)

    def test_interpreter_options_reach_the_program(self):
        code = (
            "import sys; print(sys.flags.optimize, sys.flags.dev_mode, sys.warnoptions, __debug__)"
        )
        for options in (["-O"], ["-X", "dev", "-W", "error"], ["-OO", "-B"]):
            plain = self.python(*options, "-c", code)
            done = self.python(*options, PYTRACER, "record", "-o", "x", "-c", code)
            self.assertEqual((done.stdout, done.stderr), (plain.stdout, plain.stderr))

    def test_too_old_or_foreign_interpreters_are_refused_in_one_sentence(self):
        change = (
            "import sys, runpy; sys.argv = ['pytracer', 'record', 'x.py']; {}; "
            f"runpy.run_path({PYTRACER!r}, run_name='__main__')"
        )
        for how, part in (
            (
                "sys.version_info = (3, 8, 1, 'final', 0)",
                "needs Python 3.9 or later; this is Python 3.8",
            ),
            ("sys.implementation.name = 'pypy'", "records CPython only; this is pypy"),
            ("sys.version += ' free-threading build'", "cannot record a free-threaded Python"),
        ):
            done = self.python("-c", change.format(how))
            self.assertEqual((done.returncode, done.stdout), (2, b""), done.stderr)
            self.assertIn(part, done.stderr.decode())
            self.assertEqual(done.stderr.count(b"\n"), 1)

    def test_a_module_of_the_programs_own_named_like_ours_is_its_own(self):
        for name in ("pytracer", "launcher", "wire", "format"):
            with open(os.path.join(self.folder, name + ".py"), "w") as file:
                file.write(f"value = '{name} of the program'\n")
        done = self.record(
            "-c", "import pytracer, launcher, wire; print(pytracer.value, wire.value)"
        )
        self.assertEqual(done.stdout, b"pytracer of the program wire of the program\n", done.stderr)


class ConnectTest(Case):
    """The launcher asks for orders and becomes the program; a server here plays the adapter."""

    def converse(self, orders, answer):
        """Run `connect`; give the finished process and the messages of each connection."""
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen(2)
            server.settimeout(20)
            port = server.getsockname()[1]
            received = []

            def serve():
                connection, _ = server.accept()
                with connection, connection.makefile("rwb") as stream:
                    received.append(json.loads(stream.readline()))
                    stream.write(json.dumps(orders).encode() + b"\n")
                    stream.flush()
                answer(server, received)

            thread = threading.Thread(target=serve)
            thread.start()
            done = self.python(PYTRACER, "connect", str(port), "first-token")
            thread.join()
        return done, received

    def orders(self, **changes):
        settings = {
            "recordingPath": os.path.join(self.folder, "c.hindsight"), "justMyCode": True,
            "include": [], "exclude": [], "maxItems": 100, "maxStringLength": 100,
            "recorder": "auto",
        }  # fmt: skip
        base = {
            "type": "launch", "target": {"kind": "program", "program": "program.py"}, "args": [],
            "pythonArgs": [], "cwd": self.folder, "env": {}, "token": "second-token",
            "lifeline": "third-token", "noStandardInput": False, "settings": settings,
        }  # fmt: skip
        return {**base, **changes}

    @staticmethod
    def run_program(server, received):
        connection, _ = server.accept()
        lifeline, _ = server.accept()
        with lifeline, connection, connection.makefile("rwb") as stream:
            hello = json.loads(lifeline.makefile("rb").readline())
            assert (hello["role"], hello["token"]) == ("lifeline", "third-token"), hello
            received.append(json.loads(stream.readline()))
            for message in ({"type": "configure", "stopOnEntry": False}, {"type": "run"}):
                stream.write(json.dumps(message).encode() + b"\n")
                stream.flush()
            received.extend(json.loads(line) for line in stream)

    def test_the_launcher_becomes_the_program_and_the_program_connects(self):
        done, received = self.converse(self.orders(), self.run_program)
        self.assertEqual((done.stdout, done.stderr), (b"[1, 2, 1, 2]\n", b""))
        launcher, program = received[:2]
        self.assertEqual((launcher["type"], launcher["role"]), ("hello", "launcher"))
        self.assertEqual((launcher["token"], program["token"]), ("first-token", "second-token"))
        self.assertEqual(program["role"], "program")
        self.assertEqual([message["type"] for message in received[2:]], ["configured", "ended"])
        self.assertEqual(received[-1]["exitCode"], 0)
        if os.name == "posix":
            self.assertEqual(launcher["pid"], program["pid"])
        self.assertIsNone(self.container("c.hindsight").note)

    def test_environment_arguments_and_folder_are_as_ordered(self):
        code = "import os, sys\nget = os.environ.get\n"
        code += "print(get('A'), get('GONE'), sys.argv, os.getcwd())"
        self.env["GONE"] = "here"
        orders = self.orders(
            target={"kind": "code", "code": code}, args=["x y", "--z"],
            env={"A": "1", "GONE": None}, cwd=os.path.dirname(self.folder),
            pythonArgs=["-X", "dev"],
        )  # fmt: skip
        done, _ = self.converse(orders, self.run_program)
        expected = f"1 None ['-c', 'x y', '--z'] {os.path.dirname(self.folder)}\n"
        self.assertEqual(done.stdout.decode(), expected, done.stderr)

    def test_a_module_that_fails_is_reported(self):
        orders = self.orders(target={"kind": "module", "module": "missing_module"})
        done, received = self.converse(orders, self.run_program)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No module named missing_module", done.stderr)
        self.assertEqual(received[-1]["type"], "ended")
        self.assertEqual(received[-1]["exitCode"], 1)

    def test_closed_input_explains_itself_once(self):
        code = "for _ in range(2):\n    try:\n        input('? ')\n"
        code += "    except EOFError as e:\n        print(e)"
        orders = self.orders(target={"kind": "code", "code": code}, noStandardInput=True)
        done, _ = self.converse(orders, self.run_program)
        self.assertEqual(done.stdout, b"? EOF when reading a line\n" * 2)
        self.assertEqual(done.stderr.count(b"standard input is closed"), 1)
        self.assertIn(b"integratedTerminal", done.stderr)

    @needs_isolation
    def test_isolating_options_run_in_a_process_of_their_own(self):
        orders = self.orders(target={"kind": "code", "code": "print(1)"}, pythonArgs=["-I"])
        done, received = self.converse(orders, self.run_program)
        self.assertEqual(done.stdout, b"1\n", done.stderr)
        self.assertEqual(received[-1]["type"], "ended")

    def test_an_adapter_that_is_gone_is_said_in_one_sentence(self):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            port = server.getsockname()[1]
        done = self.python(PYTRACER, "connect", str(port), "token")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, rb"^hindsight: .*\n$")


if __name__ == "__main__":
    unittest.main()
