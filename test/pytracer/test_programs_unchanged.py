"""A program does and says the same with and without being recorded.

Each program of `programs_unchanged` is run by this interpreter plainly and under each event
source (`recorders.takes`): standard output, standard error and exit code must be equal byte for
byte. The few differences that the Python sources are allowed stand in `KNOWN`; each of them must
be really there, and is printed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)

import packages  # noqa: E402
from container import Container  # noqa: E402
from decode_log import Replay  # noqa: E402
from recorders import SOURCES, takes  # noqa: E402

PYTRACER = os.path.join(ROOT, "pytracer")
PROGRAMS = os.path.join(HERE, "programs_unchanged")
VERSION = sys.version_info[:2]
TIMEOUT = 240
# Instead of an exit code.
NEVER_ENDED = 1 << 40
FAILURE = 4

# Program -> (sources, from version, up to version, what is different).
ALWAYS = ((3, 9), (3, 99))
BOTH = ("settrace", "monitoring")
KNOWN = {
    "recursion_traceback": (BOTH, *ALWAYS, "a traceback at the recursion limit has other frames"),
    "reference_counts": (BOTH, *ALWAYS, "the recorder holds references until the next step"),
    "weak_references_held": (BOTH, *ALWAYS, "a weak reference lives until the next step"),
    "settrace_user": (("settrace",), *ALWAYS, "sys.gettrace() shows the recorder's function"),
    "library_print_fails": (
        ("settrace",),
        *ALWAYS,
        "library code sees the recorder's frame in a failed print",
    ),
    "frames_held": (("settrace",), *ALWAYS, "frame.f_trace shows the recorder's function"),
    "partial_dict": (
        BOTH,
        *ALWAYS,
        "looking at an object of a type in C makes its __dict__",
    ),
    "instances_without_dict": (
        BOTH,
        (3, 11),
        (3, 99),
        "looking at an instance makes its __dict__",
    ),
    "locals_snapshot": (BOTH, (3, 9), (3, 12), "locals() is one dict, which the recorder renews"),
}
# Those of which a version between may not tell: 3.13.0 does not show what 3.13.15 shows.
SOMETIMES = ("instances_without_dict",)


class Program:
    """How to run one program: the interpreter's options, the words behind them, input."""

    def __init__(self, name, words, options=(), stdin=b"", env=None):
        self.name = name
        self.words = list(words)
        self.options = list(options)
        self.stdin = stdin
        self.env = env or {}

    def run(self, folder, launcher=()):
        ours = ("PYTHON", "HINDSIGHT")
        env = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        if "PYTHONHOME" in os.environ:
            env["PYTHONHOME"] = os.environ["PYTHONHOME"]
        env["PYTHONDONTWRITEBYTECODE"] = "1"
        env.update(self.env)
        try:
            done = subprocess.run(
                [sys.executable, *self.options, *launcher, *self.words],
                cwd=folder, env=env, input=self.stdin,
                capture_output=True, timeout=TIMEOUT, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            return error.stdout or b"", error.stderr or b"", NEVER_ENDED
        return done.stdout, done.stderr, done.returncode


def read_program(path):
    """Read a program and the directives in its first lines; None when this Python cannot run it."""
    name = os.path.basename(path)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = {"args": "", "options": "", "stdin": "", "as": "script", "needs": "3.9", "packages": ""}
    env = {}
    for line in text.splitlines():
        if not line.startswith("# ") or ": " not in line:
            break
        key, _, value = line[2:].partition(": ")
        if key == "env":
            variable, _, setting = value.partition("=")
            env[variable] = setting
        else:
            found[key] = value
    if tuple(map(int, found["needs"].split("."))) > VERSION:
        return None
    needed = found["packages"].split()
    if needed:
        if not packages.has(*needed):
            return None
        env["PYTHONPATH"] = packages.FOLDER
    stdin = found["stdin"].replace("\\n", "\n").encode()
    words = {
        "script": [name],
        "code": ["-c", text],
        "stdin": ["-"],
        "module": ["-m", name[:-3]],
    }[found["as"]]
    if found["as"] == "stdin":
        stdin = text.encode()
    words += found["args"].split()
    return Program(name[:-3], words, found["options"].split(), stdin, env)


def programs():
    """Give every program that this version can run."""
    names = sorted(os.listdir(PROGRAMS))
    read = [read_program(os.path.join(PROGRAMS, name)) for name in names if name.endswith(".py")]
    return [program for program in read if program is not None] + [
        Program("a package", ["-m", "package_main", "a"]),
        Program("a folder", ["folder_main", "a"]),
        Program("a folder without __main__", ["folder_without_main"]),
        Program("a zip file", ["folder.zip", "a"]),
        Program("a missing script", ["missing.py", "a"]),
        Program("a missing module", ["-m", "missing_module_of_mine"]),
        Program("a library module", ["-m", "json.tool", "--no-such-option"]),
        Program("a library module that fails", ["-m", "json.tool"], stdin=b"{"),
    ]


def expected_difference(name, source):
    known = KNOWN.get(name)
    if known is None:
        return None
    sources, first, last, reason = known
    if source == "native" and VERSION < (3, 12) and sources == ("settrace",):
        # There it works with a trace function, too.
        source = "settrace"
    return reason if source in sources and first <= VERSION <= last else None


class UnchangedTest(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.work = os.path.join(os.path.realpath(cls.folder), "work")
        shutil.copytree(PROGRAMS, cls.work)
        with zipfile.ZipFile(os.path.join(cls.work, "folder.zip"), "w") as archive:
            for name in ("__main__.py", "helper.py"):
                archive.write(os.path.join(PROGRAMS, "folder_main", name), name)

    def compare(self, program, source, plain):
        recording = os.path.join(self.folder, f"{program.name}.{source}.hindsight")
        launcher = [PYTRACER, "record", "-o", recording, "--recorder", source, "--"]
        recorded = program.run(self.work, launcher)
        said, _, code = recorded
        return recorded, self.problem_of(recording, program, code, said)

    def problem_of(self, path, program, code, said):
        """Say what is wrong with the recording, or None."""
        if program.name == "a missing script":
            return "there is a recording of nothing" if os.path.exists(path) else None
        read = Container(path)
        if read.note is not None:
            return read.note
        ended = not os.path.exists(path + ".tail")
        sudden = program.name in ("hard_exit", "killed_by_term")
        if ended == sudden:
            return "the end was recorded" if sudden else "the end was not recorded"
        if sudden or program.name == "exec_away":
            return None
        gaps = []

        def on_event(name, operands):
            if name == "gap":
                gaps.append(operands)

        try:
            replay = Replay(path, on_event=on_event)
        except (AssertionError, LookupError, ValueError) as error:
            return f"the recording does not decode: {error!r}"
        failures = [gap for gap in gaps if gap[0] == FAILURE]
        if failures:
            return f"the recorder failed: {failures}"
        problem = wrong_result(replay, said, gaps)
        if problem is not None:
            return problem
        stored = end_code(read)
        if code == 120:
            # The interpreter could not flush a stream, after everything else.
            code = 0
        if stored != (code if code >= 0 else 128 - code):
            return f"the recording says exit code {stored}, the system {code}"
        return None

    def test_every_program_says_and_does_the_same(self):
        cases = programs()
        self.assertGreater(len(cases), 60)
        wanted = os.environ.get("HINDSIGHT_PROGRAMS", "").split()
        cases = [program for program in cases if not wanted or program.name in wanted]
        jobs = [
            (program, source)
            for program in cases
            for source in SOURCES
            if takes(source, program.name) or expected_difference(program.name, source)
        ]
        taken = list(dict.fromkeys(program for program, _ in jobs))
        self.assertTrue(wanted or len(taken) > 20)
        with ThreadPoolExecutor(2) as pool:
            plains = dict(zip(taken, pool.map(lambda program: program.run(self.work), taken)))
            found = list(pool.map(lambda job: self.compare(job[0], job[1], plains[job[0]]), jobs))
        for (program, source), (recorded, problem) in zip(jobs, found):
            plain = plains[program]
            with self.subTest(program=program.name, source=source):
                reason = expected_difference(program.name, source)
                if reason is not None:
                    if program.name not in SOMETIMES:
                        self.assertNotEqual(
                            as_text(recorded), as_text(plain), "listed as different and is not"
                        )
                    print(f"known difference ({source}): {program.name}: {reason}")
                    continue
                self.assertEqual(as_text(recorded), as_text(plain))
                self.assertIsNone(problem)


def wrong_result(replay, said, gaps):
    """Compare the list `result` of a program that prints it last with what the recording ends with.

    Returns what differs; None when it is the same, or when the recording says itself why not.
    """
    shown = re.search(rb"^result: (\[.*\])\r?$", said, re.MULTILINE)
    if shown is None:
        return None
    module = next(
        (
            {key[1]: value for key, value in thing["items"]}
            for thing in replay.objects.values()
            if thing["kind"] == "NAMESPACE"
            and [("scalar", "__name__"), ("scalar", "__main__")] in thing["items"]
        ),
        {},
    )
    holder = module.get("result", ("nothing", None))
    thing = replay.objects.get(holder[1], {}) if holder[0] == "object" else {}
    if thing.get("unknown") or (thing == {} and gaps):
        return None
    found = [plain(replay, item) for item in thing.get("items", ())]
    wanted = eval(shown.group(1))
    return None if found == wanted else f"result is {found}, not {wanted} (gaps: {gaps})"


def plain(replay, value):
    """Turn a replayed value of a result into Python's: scalars and tuples of them."""
    if value[0] == "object":
        return tuple(plain(replay, item) for item in replay.objects[value[1]]["items"])
    return value[1]


def as_text(result):
    out, err, code = result
    text = f"{out.decode('latin-1')}\n--- stderr\n{err.decode('latin-1')}\n--- exit {code}"
    return re.sub("0x[0-9a-f]{6,}", "0xADDRESS", text)


def end_code(read):
    """Find the exit code in END, the last event: 0x20, kind, sv code, value."""
    log = read.blocks[-1].log
    for start in range(len(log) - 4, max(-1, len(log) - 16), -1):
        if log[start] == 0x20 and log[start + 1] in (0, 1):
            zigzag = shift = 0
            place = start + 2
            while True:
                byte = log[place]
                zigzag |= (byte & 0x7F) << shift
                place += 1
                shift += 7
                if byte < 0x80:
                    break
            rest = log[place:]
            if rest == b"\x01" or (rest[:1] == b"\x0c" and log[start + 1] == 1):
                return zigzag >> 1 if zigzag % 2 == 0 else -(zigzag + 1) // 2
    return None


if __name__ == "__main__":
    unittest.main()
