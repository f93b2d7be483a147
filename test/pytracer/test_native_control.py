"""While a debugger waits for something rare, C goes on doing the events.

An event that is done in Python costs a hundred times as much, and a session waits for something
most of the time: for an exception that nobody catches, for a line of another file, for the end of
a step over a long call. The recorder in Python is the oracle of where the program stops.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from recorders import HAS_NATIVE, NEWEST_IN_PYTHON  # noqa: E402

ROUNDS = 1500
PROGRAM = f"""\
import threading

def busy(count):
    total = 0
    for number in range(count):
        total += small(number)
    return total

def small(number):
    return number & 7

def raising(count):
    for number in range(count):
        try:
            raise ValueError(number)
        except ValueError:
            pass

def main():
    first = busy({ROUNDS})
    second = busy({ROUNDS})
    raising(20)
    return first + second

def fails():
    busy(2)
    raise KeyError("in a thread")

threading.excepthook = lambda args: None
answer = main()
thread = threading.Thread(target=fails)
thread.start()
thread.join()
"""
EVERYDAY = f"""\
import asyncio, functools

class Node:
    def __init__(self, value):
        self.value = value
        self.kids = []
    def add(self, more):
        self.value += more
        return self
    def __enter__(self):
        self.value += 1
        return self
    def __exit__(self, *error):
        self.value = 0

class Leaf(Node):
    def __init__(self, value):
        super().__init__(value)
    @property
    def twice(self):
        return self.value * 2

def counter(start):
    total = start
    def count(more):
        nonlocal total
        total += more
        return total
    return count

def plain(function):
    @functools.wraps(function)
    def wrapper(*args, **names):
        return function(*args, **names)
    return wrapper

@plain
def text_of(number):
    return f" {{number}},b ".strip().split(",")[0].upper()

async def numbers(count):
    for number in range(count):
        yield number

async def total_of(count):
    return sum([number async for number in numbers(count)])

def main(rounds):
    node, table, count = Node(0), {{"a": [1]}}, counter(1)
    for number in range(rounds):
        node.add(number).add(1).kids.append(number)
        table.get("a").append(number)
        with Leaf(number) as leaf:
            node.value += leaf.twice
        count(number)
        text_of(number)
        sum(each for each in (1, 2) if each > 1)
        sorted([3, 1, 2], key=lambda each: -each)
    return asyncio.run(total_of(rounds))

main({ROUNDS // 5})
"""
# A few events of each code object come to Python anyway: the first of all, what is new to the log.
FEW = 150


def line_of(text):
    return PROGRAM[: PROGRAM.index(text)].count("\n") + 1


def order(ident, **target):
    return {"id": ident, "target": target, "condition": None, "hitCondition": None, "message": None}


@unittest.skipUnless(HAS_NATIVE, "no native recorder is built for this Python")
class NativeControl(unittest.TestCase):
    def run_with(self, orders, *messages):
        """Give the stops (reason, numbers of breakpoints), and how many events Python has done."""
        stops, asked = self.stops_of("native", orders, messages)
        self.assertEqual(stops, self.stops_of(NEWEST_IN_PYTHON, orders, messages)[0])
        return [stop[:2] for stop in stops], asked

    def stops_of(self, source, orders, messages, program=PROGRAM):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(os.path.realpath(folder), "program.py")
            with open(path, "w", encoding="utf-8") as file:
                file.write(program)
            text = json.dumps(
                [
                    {"type": "setBreakpoints", "id": 1, "breakpoints": orders},
                    {"type": "configure", "stopOnEntry": False},
                    {"type": "run"},
                    *messages,
                ]
            ).replace("HERE", path)
            command = [sys.executable, "-B", os.path.join(HERE, "under_control.py"), source]
            done = subprocess.run(
                [*command, path, text], capture_output=True, text=True, timeout=60
            )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        result = json.loads(done.stdout)
        stops = [
            (one["reason"], one["breakpointIds"], one["place"])
            for one in result["told"]
            if one["type"] == "stopped"
        ]
        return stops, result["asked"]

    def check_few(self, asked):
        for name, count in asked.items():
            self.assertLess(count, FEW, name)

    def test_an_exception_that_nobody_catches(self):
        stops, asked = self.run_with(
            [order(7, kind="exception", when="uncaught", types=None)], {"type": "run"}
        )
        self.assertEqual(stops, [("uncaught", [7])])
        self.check_few(asked)

    def test_an_exception_that_leaves_the_users_code(self):
        stops, asked = self.run_with(
            [order(7, kind="exception", when="userUncaught", types=None)],
            {"type": "run"},
            {"type": "run"},
        )
        self.assertEqual({reason for reason, _ in stops} - {"escaped", "uncaught"}, set())
        self.assertNotEqual(stops, [])
        self.check_few(asked)

    def test_an_exception_of_a_type_that_is_raised(self):
        stops, asked = self.run_with(
            [order(7, kind="exception", when="raised", types=["KeyError"])], {"type": "run"}
        )
        self.assertEqual(stops, [("exception", [7])])
        self.check_few(asked)

    def test_lines_of_another_file(self):
        orders = [
            order(line, kind="line", file="/elsewhere/app.py", line=line) for line in range(40)
        ]
        stops, asked = self.run_with(orders)
        self.assertEqual(stops, [])
        self.check_few(asked)

    def test_a_line_of_this_file_that_runs_once(self):
        here = order(7, kind="line", file="HERE", line=line_of("raising(20)"))
        stops, asked = self.run_with([here], {"type": "run"})
        self.assertEqual(stops, [("breakpoint", [7])])
        self.check_few(asked)

    def test_other_functions(self):
        orders = [
            order(7, kind="function", name="raising"),
            order(8, kind="return", name="raising"),
        ]
        stops, asked = self.run_with(orders, {"type": "run"}, {"type": "run"})
        self.assertEqual(stops, [("breakpoint", [7]), ("breakpoint", [8])])
        self.check_few(asked)

    def test_every_call_of_a_function(self):
        stops, _ = self.run_with(
            [order(7, kind="function", name="busy"), order(8, kind="return", name="busy")],
            *[{"type": "run"}] * 6,
        )
        self.assertEqual(stops, [("breakpoint", [7]), ("breakpoint", [8])] * 3)

    def test_a_step_over_a_long_call_and_out_of_one(self):
        here = order(7, kind="line", file="HERE", line=line_of("first = busy"))
        over = {"type": "step", "kind": "next", "thread": 1, "frame": 2}
        into = {"type": "step", "kind": "stepIn", "thread": 1, "frame": 2}
        inner = {"type": "step", "kind": "stepOut", "thread": 1, "frame": ROUNDS + 4}
        outer = {"type": "step", "kind": "next", "thread": 1, "frame": 2}
        stops, asked = self.run_with([here], over, into, inner, outer, {"type": "run"})
        self.assertEqual(stops, [("breakpoint", [7]), *[("step", [])] * 4])
        self.check_few(asked)

    def test_a_variable_that_changes(self):
        here = order(7, kind="line", file="HERE", line=line_of("first = busy"))
        watch = order(8, kind="variable", frame=2, name="second")
        watched = {"type": "setBreakpoints", "id": 2, "breakpoints": [watch]}
        run = {"type": "run"}
        stops, asked = self.run_with([here], watched, run, run)
        self.assertEqual(stops, [("breakpoint", [7]), ("change", [8])])
        self.check_few(asked)

    def test_an_object_that_changes(self):
        # The first object of all is the namespace of `__main__`.
        watch = order(8, kind="object", object=1, part="answer")
        # Whether it was the part is for the adapter to say, where it is not known yet.
        stops, asked = self.run_with([watch], *[{"type": "goOn"}] * 9)
        self.assertEqual({reason for reason, _ in stops}, {"change"})
        self.check_few(asked)

    def test_an_object_of_which_every_change_is_watched(self):
        watch = order(8, kind="object", object=1, part=None)
        stops, asked = self.run_with([watch], *[{"type": "goOn"}] * 30)
        self.assertGreater(len(stops), 7)
        self.check_few(asked)

    def test_everyday_code_is_left_to_c(self):
        stops, asked = self.stops_of("native", [], (), EVERYDAY)
        self.assertEqual(stops, [])
        # On 3.11 exceptions, and what is outermost in an event loop, are done in Python.
        if sys.version_info >= (3, 12):
            self.check_few(asked)

    def test_a_variable_of_a_frame_that_is_nowhere(self):
        """What may be anywhere is looked for everywhere."""
        stops, asked = self.run_with([order(7, kind="variable", frame=10**6, name="thread")])
        self.assertEqual(stops, [])
        self.assertGreater(asked["line"], 2 * ROUNDS)


if __name__ == "__main__":
    unittest.main()
