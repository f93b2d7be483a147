"""CALL events: where no path tells what is called, and never at the price of other steps."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import textwrap
import unittest
from unittest import mock

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from decode_log import Replay  # noqa: E402
from effects_as_text import code_objects  # noqa: E402

from pytracer.call_events import keeps_steps  # noqa: E402
from pytracer.code_objects import CodeObjectRegistry  # noqa: E402
from pytracer.recorder import Recorder  # noqa: E402
from pytracer.scope import Scope  # noqa: E402
from pytracer.wire import LogWriter  # noqa: E402

# Before 3.15 `list.append` as a statement skips an instruction once it is specialised.
SKIPS = (3, 12) <= sys.version_info < (3, 15)
SETTINGS = {"maxItems": 1000, "maxStringLength": 1000}
STATEMENTS = """
    a.append(i)
    pick(a).append(i)
    a.append(i) or pick(a).append(i); a.copy()
    a.append(i) if i % 2 else pick(a).append(i); i % 3 and a.append(i); a.copy()
    x = a.append(i) if i % 2 else pick(a).append(i)
    d.setdefault(i % 3, []).append(i)
    (pick(a)
        .append(i))
    pick(
        a
    ).append(
        i)
    if i % 2: pick(a).append(i)
    for x in a[:2]: pick(a).append(x)
    while len(a) < 3: pick(a).append(i)
    [pick(a).append(x) for x in a[:2]]
    sum(1 for x in a[:2] if not pick(a).append(x))
    try: pick(a).append(missing)
    except NameError: a.append(i)
    finally: a.append(i); a.copy()
    try: pick(a).append(i) or fail(a); a.append(i)
    except ValueError as error: pick(a).append(i)
    with Box(i) as box: box.add(i) and pick(a).append(i) or a.append(i)
    assert i < 0 or not pick(a).append(i), a.append(i)
    Deep(i).add(a.append(i)).items.append(pick(i))
    x = (lambda y: pick(a).append(y))(i); a.append(i)
    list(each(a[:3])).append(i)
    str(i).join(map(str, a[:2])); len(a); isinstance(a, list); type(a)
    keywords(pick(a), k=a.append(i)); keywords(*[a], **d and {})
    getattr(a, "append")(i) or a.append(
        i
    )
"""
SUPPORT = """
class Box:
    def __init__(self, n): self.items = [n]
    def add(self, item): self.items.append(item); return self
    def __enter__(self): return self
    def __exit__(self, *_): return True
class Deep(Box):
    def __init__(self, n): super().__init__(n)
    def add(self, item): return super().add(item)
def pick(a): return a
def fail(a): raise ValueError(a)
def each(a):
    for x in a: yield x
def keywords(a=None, k=0, **more): return a
"""


def statements():
    """Give whole statements: lines that go on another one are kept with it."""
    found = []
    for line in textwrap.dedent(STATEMENTS).strip("\n").split("\n"):
        goes_on = line.startswith((" ", ")", "except", "finally"))
        found[-1:] = [found[-1] + "\n" + line] if goes_on else [*found[-1:], line]
    return found


def program(seed):
    """Write a program that runs some of the statements often enough to be specialised."""
    chance = random.Random(seed)
    lines = [SUPPORT, "def go(a, d):", "    for i in range(12):"]
    for statement in chance.choices(statements(), k=chance.randint(1, 6)):
        lines += ["        " + line for line in statement.split("\n")]
        if chance.random() < 0.2 and "\n" not in statement and not statement.endswith(":"):
            lines[-1] += "; a.append(i) or i; a.copy()"
    lines += ["        del a[9:]", "for n in range(3): go([1, 2], {})", ""]
    return "\n".join(lines)


def told_steps(text, wants_calls, *, disables=True):
    """Return the LINE and same-line JUMP events of a program, and how many calls were told."""
    monitoring = sys.monitoring
    events = monitoring.events
    module = compile(text, "steps", "exec")
    registry = CodeObjectRegistry()
    codes = list(code_objects(module))
    steps, calls = [], []

    def line(code, number):
        steps.append((code.co_name, number))

    def jump(code, offset, target):
        wrapper = registry.wrapper(code)
        number = wrapper.line_for_offset(target)
        if target > offset or number is None or number != wrapper.line_for_offset(offset):
            return monitoring.DISABLE
        steps.append((code.co_name, number))
        return None

    def call(code, offset, function, first):
        calls.append(offset)
        return monitoring.DISABLE if disables and offset // 2 % 2 else None

    callbacks = {events.LINE: line, events.JUMP: jump, events.CALL: call}
    monitoring.use_tool_id(3, "test")
    try:
        for event in (events.PY_START, events.PY_RESUME, *callbacks):
            callback = callbacks.get(event, lambda *_: None)
            monitoring.register_callback(3, event, callback)
        for code in codes:
            local = events.LINE | events.JUMP | events.PY_START | events.PY_RESUME
            if wants_calls(registry.wrapper(code)):
                local |= events.CALL
            monitoring.set_local_events(3, code, local)
        exec(module, {"__name__": "steps"})
    finally:
        for code in codes:
            monitoring.set_local_events(3, code, 0)
        monitoring.free_tool_id(3)
    return steps, len(calls)


def traced_steps(text):
    """Return the same steps as `sys.settrace` tells them."""
    module = compile(text, "steps", "exec")
    steps = []

    def trace(frame, event, arg):
        if frame.f_code.co_filename != "steps":
            return None
        if event == "line":
            steps.append((frame.f_code.co_name, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        exec(module, {"__name__": "steps"})
    finally:
        sys.settrace(before)
    return steps


class Counting(Recorder):
    """A recorder that counts the calls that it is told of."""

    told = 0

    def called(self, *arguments):
        self.told += 1
        super().called(*arguments)


def record(text):
    """Record a program in this process; returns calls told, steps, names of events, the replay."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        log = os.path.join(folder, "program.hindsight")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        registry = CodeObjectRegistry()
        writer = LogWriter(log, {}, lambda sentence: None)
        scope = Scope(registry, include=[folder + "/**"])
        recorder = Counting(writer, registry, scope, SETTINGS, lambda sentence: None)
        module = compile(text, path, "exec")
        recorder.start("monitoring")
        try:
            exec(module, {"__name__": "program", "__builtins__": __builtins__})
        finally:
            recorder.stop()
            recorder.finish(0, None)
            writer.close()
        steps, events = [], []
        replay = Replay(
            log,
            on_step=lambda replay: steps.append((replay.top["code"], replay.top["offset"])),
            on_event=lambda name, _: events.append(name),
        )
        return recorder.told, steps, events, replay


def items_of(replay, name):
    """Return the items of the list that a global holds at the end."""
    for thing in replay.objects.values():
        if thing["kind"] == "NAMESPACE":
            for key, value in thing["items"]:
                if key == ("scalar", name):
                    return replay.objects[value[1]]["items"]
    return None


def unseen(text):
    """Record a program without CALL events."""
    with mock.patch("pytracer.monitoring_source.keeps_steps", return_value=False):
        return record(text)


@unittest.skipUnless(hasattr(sys, "monitoring"), "calls are told by sys.monitoring only")
class CallEvents(unittest.TestCase):
    def test_no_step_is_added_or_lost(self):
        told = 0
        for seed in range(40):
            with self.subTest(seed):
                text = program(seed)
                plain, _ = told_steps(text, lambda wrapper: False)
                with_calls, count = told_steps(text, keeps_steps)
                self.assertGreater(len(plain), 50)
                self.assertEqual(with_calls, plain)
                self.assertEqual(traced_steps(text), plain)
                told += count
        self.assertGreater(told, 2000)

    @unittest.skipUnless(SKIPS, "no call skips an instruction")
    def test_where_they_would_add_steps_they_are_not_wanted(self):
        text = (
            SUPPORT + "def go(a):\n"
            "    for i in range(20): a.append(i) or pick(a).append(i); a.copy()\n"
            "go([])\n"
        )
        plain, _ = told_steps(text, lambda wrapper: False)
        everywhere, _ = told_steps(text, lambda wrapper: True, disables=False)
        self.assertGreater(len(everywhere), len(plain))
        self.assertEqual(told_steps(text, keeps_steps)[0], plain)

    def test_only_calls_without_a_path_are_told(self):
        text = SUPPORT + "a, d = [], {}\nfor i in range(20):\n    "
        for statement, count in (
            ("a.append(i)", 0),
            ("pick(a)", 0),
            ("pick(a).append(i)", 20),
            ("d.setdefault(0, []).append(i)", 20),
            ("[a][0].append(i); a.append(pick(i)); d.get(0)", 20),
            ("pick(pick)(a).append(i)", 40),
            ("d.setdefault((i, 0), a).append(i); d[i, 0].append(i)", 40),
            ("i % 2 and pick(a).copy()", 10),
        ):
            with self.subTest(statement):
                self.assertEqual(record(text + statement + "\n")[0], count)

    def test_a_recording_has_the_same_steps_with_and_without_them(self):
        total = 0
        for seed in range(100, 108):
            with self.subTest(seed):
                text = program(seed)
                told, steps, *_ = record(text)
                untold, other_steps, *_ = unseen(text)
                self.assertEqual(untold, 0)
                self.assertEqual(steps, other_steps)
                total += told
        self.assertGreater(total, 200)

    def test_an_exception_of_the_program_inside_the_callback_reaches_it(self):
        text = SUPPORT + (
            "a, seen = [], []\n"
            "for i in range(9):\n"
            "    try: pick(a).append(i)\n"
            "    except LookupError: seen.append(i)\n"
            "    b = len(a)\n"
        )
        calls = []

        def called(self, *arguments):
            calls.append(arguments)
            if len(calls) == 3:
                raise LookupError("as a signal's handler would")
            Recorder.called(self, *arguments)

        with mock.patch.object(Counting, "called", called):
            _, _, events, replay = record(text)
        # From then on the search serves.
        self.assertEqual(len(calls), 3)
        self.assertIn("gap", events)
        self.assertEqual(items_of(replay, "seen"), [("scalar", 2)])
        self.assertEqual(items_of(replay, "a"), [("scalar", n) for n in range(9) if n != 2])

    def test_codes_have_numbers_without_holes(self):
        text = "import bisect\n" + SUPPORT + "bisect.insort([1], 2, key=lambda x: x)\n"
        text += "import textwrap\ntextwrap.dedent('x')\npick(1)\n"
        ids = sorted(record(text)[3].codes)
        self.assertEqual(ids, list(range(1, len(ids) + 1)))
        self.assertGreater(len(ids), 3)


if __name__ == "__main__":
    unittest.main()
