"""Breakpoints, steps and evaluation in the program: what control decides without an adapter."""

from __future__ import annotations

import os
import sys
import tempfile
import unittest
import warnings
from threading import get_ident
from types import SimpleNamespace
from unittest import mock

from pytracer.breakable_lines import breakable_lines
from pytracer.control import Control
from pytracer.live_evaluation import evaluate
from pytracer.stepping import Stepping


class Thread:
    def __init__(self, number=1):
        self.number = number
        self.ident = get_ident()
        self.stack = []


class State:
    def __init__(self, number, thread):
        self.number = number
        self.thread = thread
        self.step1 = 1
        self.frame_id = 1000 + number
        self.plan = SimpleNamespace()


class Wrapper:
    def __init__(self, filename):
        self.filename = filename


class Writer:
    """A log that only counts, and a bell that can be rung."""

    def __init__(self):
        self.offset = 0
        self.rung = False
        self.sealed = 0

    def attention(self):
        return self.rung

    def clear_attention(self):
        self.rung = False

    def flush(self):
        self.sealed += 1
        self.offset = 100 * self.sealed
        return self.offset


class Recorder:
    """Finds frames by the numbers that the test gave them."""

    def __init__(self):
        self.frames = {}
        self.evaluated = []

    def find_frame(self, number, frame):
        wanted = self.frames.get(number)
        while frame is not None:
            if frame is wanted:
                return frame
            frame = frame.f_back
        return None

    def after_evaluate(self, expression, frame, quiet=False):
        self.evaluated.append(expression)

    def watch(self, watches):
        self.watches = watches

    def commit(self):
        pass

    def current_moment(self):
        return 4, 2

    def object_id(self, value):
        return 5 if type(value) is list else 0

    def flush(self, frame):
        pass


class Channel:
    """The adapter, as a list of what it will say."""

    def __init__(self, *messages):
        self.messages = list(messages)
        self.sent = []
        self.is_open = True

    def send(self, message):
        self.sent.append(message)

    def wait(self):
        if not self.messages:
            self.is_open = False
            return None
        return self.messages.pop(0)

    def poll(self):
        return self.messages.pop(0) if self.messages else None

    def close(self):
        self.is_open = False


def control_with(*messages):
    """Begin with `run`; the messages come after it."""
    channel = Channel({"type": "configure", "stopOnEntry": False}, {"type": "run"})
    control = Control(channel, "x.hindsight")
    control.begin(Recorder(), Writer(), "settrace")
    channel.messages += messages
    return control, channel


def order(ident, condition=None, hits=None, message=None, **target):
    return {
        "id": ident,
        "target": target,
        "condition": condition,
        "hitCondition": hits,
        "message": message,
    }


def told(channel, kind):
    return [message for message in channel.sent if message["type"] == kind]


class BreakableLinesTest(unittest.TestCase):
    SOURCE = '''"""Module text."""

import sys

def plain(a,
          b=1):
    """Text."""
    c = (a +
         b)

    # a remark
    return c


class Kind:
    field = 1

    @property
    def name(self):
        return [x for x in
                range(3)]


def generator():
    for i in range(2):
        yield i
    else:
        pass
    try:
        raise ValueError
    except ValueError as error:
        kept = error
    finally:
        last = 1
    while True:
        break


plain(1); plain(2)
list(generator())
Kind().name
(lambda:
    1)()
'''

    def write(self, source):
        folder = tempfile.mkdtemp()
        path = os.path.join(folder, "sample.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        return path

    def test_every_line_that_runs_is_breakable(self):
        path = self.write(self.SOURCE)
        ran = set()

        def trace(frame, event, _):
            if frame.f_code.co_filename != path:
                return None
            if event == "line":
                ran.add(frame.f_lineno)
            return trace

        code = compile(self.SOURCE, path, "exec")
        sys.settrace(trace)
        try:
            exec(code, {"__name__": "sample"})
        finally:
            sys.settrace(None)
        lines = breakable_lines(path)
        self.assertEqual(sorted(ran - set(lines)), [])
        self.assertEqual(lines, sorted(set(lines)))

    def test_lines_without_code_are_not(self):
        lines = breakable_lines(self.write(self.SOURCE))
        self.assertEqual([line for line in (2, 4, 10, 11, 13) if line in lines], [])

    def test_a_file_that_does_not_compile_says_so(self):
        with self.assertRaises(SyntaxError):
            breakable_lines(self.write("if x\n"))
        with self.assertRaises(OSError):
            breakable_lines("/no/such/file.py")

    def test_no_warning_is_given_and_none_is_lost(self):
        path = self.write("x = '\\d'\nassert (1, 'a')\n")
        before = list(warnings.filters)
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            breakable_lines(path)
            self.assertEqual(seen, [])
            warnings.warn("still here", stacklevel=1)
            self.assertEqual(len(seen), 1)
        self.assertEqual(warnings.filters, before)

    def test_a_source_in_another_encoding_is_read_as_python_reads_it(self):
        folder = tempfile.mkdtemp()
        path = os.path.join(folder, "latin.py")
        with open(path, "wb") as file:
            file.write("# -*- coding: latin-1 -*-\nx = 'ä'\n".encode("latin-1"))
        self.assertIn(2, breakable_lines(path))


class EvaluationTest(unittest.TestCase):
    def test_names_of_the_frame_also_inside_comprehensions_and_functions(self):
        def inner(limit):
            numbers = [1, 2, 3]
            frame = sys._getframe()
            self.assertEqual(evaluate("[n for n in numbers if n < limit]", frame).text, "[1, 2]")
            self.assertEqual(evaluate("(lambda: limit)()", frame).text, "3")
            return numbers

        inner(3)

    def test_a_statement_changes_a_local(self):
        def inner():
            count = 1
            result = evaluate("count = count + 41", sys._getframe())
            self.assertEqual((result.ok, result.text), (True, ""))
            return count

        self.assertEqual(inner(), 42)

    def test_whatever_is_raised_is_a_result(self):
        frame = sys._getframe()
        self.assertEqual(evaluate("1/0", frame).text, "ZeroDivisionError: division by zero")
        self.assertEqual(evaluate("raise SystemExit(3)", frame).text, "SystemExit: 3")
        self.assertEqual(evaluate("raise KeyboardInterrupt", frame).text, "KeyboardInterrupt")
        self.assertFalse(evaluate("1 +", frame).ok)
        self.assertFalse(evaluate("", frame).ok and evaluate("\0", frame).ok)

    def test_without_a_frame_it_is_the_main_module(self):
        self.assertEqual(evaluate("__name__", None).text, "'__main__'")


class SteppingTest(unittest.TestCase):
    def test_next_follows_its_frame_and_then_the_caller(self):
        thread = Thread()
        outer, inner = State(1, thread), State(2, thread)
        step = Stepping("next", 1, inner)
        self.assertFalse(step.ends_at(State(3, thread)))
        self.assertTrue(step.ends_at(inner))
        self.assertEqual((step.frame_id, step.may_end_at_steps), (inner.frame_id, True))
        thread.stack = [outer]
        self.assertFalse(step.leaves(State(3, thread)))
        self.assertFalse(step.leaves(inner))
        self.assertTrue(step.ends_at(outer))
        self.assertEqual((step.frame_id, step.may_end_at_steps), (outer.frame_id, True))

    def test_step_out_ends_where_the_frame_is_left(self):
        thread = Thread()
        thread.stack = [State(1, thread)]
        step = Stepping("stepOut", 1, State(2, thread))
        self.assertEqual((step.frame_id, step.may_end_at_steps), (1002, False))
        self.assertFalse(step.ends_at(State(2, thread)))
        self.assertTrue(step.leaves(State(2, thread)))

    def test_out_of_the_outermost_frame_is_the_threads_next_step(self):
        for kind in ("next", "stepOut"):
            thread = Thread()
            step = Stepping(kind, 1, State(2, thread))
            self.assertFalse(step.leaves(State(2, thread)))
            self.assertEqual(step.frame_id, 0)
            self.assertFalse(step.ends_at(State(9, Thread(7))))
            self.assertTrue(step.ends_at(State(9, thread)))

    def test_step_in_ends_at_any_frame_of_its_thread(self):
        step = Stepping("stepIn", 1, State(2, Thread(1)))
        self.assertEqual(step.frame_id, 0)
        self.assertTrue(step.ends_at(State(9, Thread(1))))
        self.assertFalse(step.ends_at(State(2, Thread(2))))


class ControlTest(unittest.TestCase):
    def setUp(self):
        # A stop for which there are no more messages finds the adapter gone.
        patch = mock.patch("pytracer.control.end_process")
        self.end_process = patch.start()
        self.addCleanup(patch.stop)
        self.addCleanup(setattr, sys, "breakpointhook", sys.breakpointhook)
        self.state = State(1, Thread())
        self.frame = sys._getframe()

    def step(self, control, line, filename="/app/a.py"):
        if control.stops_at(self.state, Wrapper(filename), line, self.frame):
            control.on_step(self.state, self.frame)

    def test_it_waits_for_run_and_answers_meanwhile(self):
        channel = Channel(
            {"type": "setBreakpoints", "id": 3, "breakpoints": []},
            {"type": "configure", "stopOnEntry": True},
            {"type": "run"},
            {"type": "run"},
        )
        control = Control(channel, "x.hindsight")
        control.begin(Recorder(), Writer(), "settrace")
        self.assertEqual([m["type"] for m in channel.sent], ["breakpointsSet", "configured"])
        self.step(control, 1)
        self.step(control, 2)
        stops = told(channel, "stopped")
        self.assertEqual([stop["reason"] for stop in stops], ["entry"])
        self.assertEqual(stops[0]["offset"], 100)

    def test_what_does_not_compile_is_told_without_a_warning(self):
        expressions = ["n == 1", "n ==", "n = 1", "n is 'n'"]
        channel = Channel(
            {"type": "syntaxProblems", "id": 4, "expressions": expressions}, {"type": "run"}
        )
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            Control(channel, "x.hindsight").begin(Recorder(), Writer(), "settrace")
        self.assertEqual(seen, [])
        answer = channel.sent[0]
        self.assertEqual(answer["id"], 4)
        self.assertEqual([one[:11] for one in answer["problems"]], ["", *["SyntaxError"] * 2, ""])

    def test_a_breakpoint_stops_at_its_line_of_its_file_only(self):
        place = order(7, kind="line", file="/app/a.py", line=5)
        control, channel = control_with(
            {"type": "setBreakpoints", "id": 1, "breakpoints": [place]}, {"type": "run"}
        )
        control._writer.rung = True
        self.step(control, 4)
        self.step(control, 5, "/app/b.py")
        self.step(control, 5, "/app/../app/a.py")
        stops = told(channel, "stopped")
        self.assertEqual([stop["breakpointIds"] for stop in stops], [[7]])
        self.assertEqual(len(told(channel, "resumed")), 1)

    def test_the_channel_is_read_only_when_the_bell_rings(self):
        control, channel = control_with({"type": "pause"})
        self.step(control, 1)
        self.assertEqual(told(channel, "stopped"), [])
        control._writer.rung = True
        channel.messages.append({"type": "run"})
        self.step(control, 2)
        self.assertEqual(told(channel, "stopped"), [])
        control._writer.rung = True
        channel.messages.append({"type": "pause"})
        self.step(control, 3)
        self.assertEqual([stop["reason"] for stop in told(channel, "stopped")], ["pause"])

    def test_a_stop_that_finds_the_adapter_gone_ends_the_program(self):
        place = order(7, kind="line", file="/app/a.py", line=5)
        control, channel = control_with({"type": "setBreakpoints", "id": 1, "breakpoints": [place]})
        control._writer.rung = True
        self.step(control, 5)
        self.end_process.assert_called_once_with()
        self.assertEqual(len(told(channel, "stopped")), 1)
        self.assertFalse(channel.is_open)

    def test_raised_stops_at_the_origin_only(self):
        raised = order(1, kind="exception", when="raised", types=None)
        control, channel = control_with(
            {"type": "setBreakpoints", "id": 1, "breakpoints": [raised]}
        )
        control._writer.rung = True
        control.on_raise(self.state, self.frame, ValueError(), True)
        self.assertEqual(told(channel, "stopped"), [])
        channel.messages.append({"type": "run"})
        control.on_raise(self.state, self.frame, ValueError(), False)
        self.assertEqual([stop["reason"] for stop in told(channel, "stopped")], ["exception"])

    def test_an_exception_of_the_program_that_comes_during_a_stop_goes_on_to_it(self):
        raised = order(1, kind="exception", when="raised", types=None)
        control, channel = control_with(
            {"type": "setBreakpoints", "id": 1, "breakpoints": [raised]}
        )
        control._writer.rung = True
        self.step(control, 1)

        def interrupted():
            raise KeyboardInterrupt

        channel.wait = interrupted
        with self.assertRaises(KeyboardInterrupt):
            control.on_raise(self.state, self.frame, ValueError(), False)
        self.assertEqual([m["type"] for m in channel.sent[-2:]], ["stopped", "resumed"])

    def test_evaluation_answers_at_a_stop_and_refuses_while_running(self):
        local = "mine"
        ask = {"type": "evaluate", "id": 9, "frame": 1, "expression": "local", "context": "repl"}
        control, channel = control_with(ask)
        control._writer.rung = True
        self.step(control, 1)
        self.assertEqual(told(channel, "evaluated")[0]["text"], "The program is running.")
        control._recorder.frames[1] = self.frame = sys._getframe()
        channel.messages += [{"type": "pause"}]
        control._writer.rung = True
        channel.messages += []
        control._pause = True
        gone = {**ask, "frame": 77}
        value = {**ask, "expression": "[local]"}
        channel.messages = [ask, value, gone, {"type": "run"}]
        control._writer.rung = False
        self.step(control, 1)
        answers = told(channel, "evaluated")[1:]
        self.assertEqual(
            [(a["ok"], a["text"], a["object"]) for a in answers],
            [
                (True, repr(local), 0),
                (True, "['mine']", 5),
                (False, "This frame does not run any more.", 0),
            ],
        )
        self.assertEqual(control._recorder.evaluated, ["local", "[local]"])

    def test_a_forked_child_leaves_the_connection_alone(self):
        control, channel = control_with()
        control.abandon()
        self.step(control, 5)
        self.assertEqual(channel.sent[1:], [])


if __name__ == "__main__":
    unittest.main()
