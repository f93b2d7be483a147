"""Frames, generators, threads and interruptions, as the log tells of them."""

from __future__ import annotations

import os
import sys
import unittest
from types import SimpleNamespace

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from recorded import SOURCES, Recorded  # noqa: E402

from pytracer.objects import Entry  # noqa: E402
from pytracer.recorder import Recorder  # noqa: E402

FLOW = ("call", "return", "yield", "resume", "throw", "unwind", "raise", "handled", "dropped")


class Flow(unittest.TestCase):
    def check_flow(self, program, wanted):
        for source in SOURCES:
            with self.subTest(source):
                seen = Recorded(program, source)
                self.assertEqual([name for name, _ in seen.named(*FLOW)], wanted)

    def test_a_generator_is_suspended_and_resumed(self):
        self.check_flow(
            "def g():\n    x = yield 1\n    yield x\nk = g()\nnext(k)\nk.send(5)\nlist(k)\n",
            ["call", "call", "yield", "resume", "yield", "resume", "return", "return"],
        )

    def test_an_exception_thrown_in_is_a_throw(self):
        self.check_flow(
            """
            def g():
                try:
                    yield 1
                except KeyError:
                    pass
                yield 2
            k = g()
            next(k)
            k.throw(KeyError("x"))
            list(k)
            """,
            [
                "call",
                "call",
                "yield",
                "throw",
                "raise",
                "handled",
                "yield",
                "resume",
                "return",
                "return",
            ],
        )

    def test_an_exception_surfaces_in_each_frame_on_its_way(self):
        self.check_flow(
            """
            def f():
                raise ValueError("x")
            def g():
                f()
            try:
                g()
            except ValueError:
                pass
            """,
            [
                "call",
                "call",
                "call",
                "raise",
                "unwind",
                "raise",
                "unwind",
                "raise",
                "handled",
                "return",
            ],
        )
        flags = [
            operands[0]
            for _, operands in Recorded(
                "def f():\n    1 / 0\ntry:\n    f()\nexcept ArithmeticError:\n    pass\n"
            ).named("raise")
        ]
        self.assertEqual(flags, [0, 1])

    def test_the_end_of_an_iteration_is_no_exception(self):
        self.check_flow(
            """
            class I:
                def __iter__(self):
                    return iter([1])
            for x in I():
                pass
            """,
            ["call", "call", "return", "call", "return", "return"],
        )

    def test_a_one_line_loop_has_a_step_for_each_round(self):
        for source in SOURCES:
            seen = Recorded("i = 0\nwhile i < 5: i += 1\nend = 0\n", source)
            # Whether the last look at the condition is a step of its own depends on the version.
            self.assertIn(seen.replay.steps, (1 + 5 + 1, 1 + 6 + 1))

    def test_an_uncaught_exception_is_the_end(self):
        for source in SOURCES:
            seen = Recorded("x = {}\nx['k']\n", source)
            kind, code, value = seen.replay.end
            self.assertEqual((kind, code, seen.code), (1, 1, 1))
            self.assertEqual(seen.replay.objects[value[1]]["type"], "KeyError")


class Cells(unittest.TestCase):
    def test_a_nonlocal_store_is_seen_in_the_outer_frame_and_in_the_cell(self):
        for source in SOURCES:
            seen = Recorded(
                """
                def outer():
                    n = 0
                    def inner():
                        nonlocal n
                        n += 1
                        return n
                    inner()
                    return n
                outer()
                """,
                source,
            )
            self.assertEqual(seen.named("write_in"), [("write_in", ("n", ("scalar", 1)))])
            self.assertEqual(seen.count("cell_set"), 1)


class Threads(unittest.TestCase):
    def test_threads_have_names_and_ends(self):
        program = """
            import threading
            def work():
                x = [1]
                return x
            for name in ("first", "second"):
                thread = threading.Thread(target=work, name=name)
                thread.start()
                thread.join()
        """
        for source in SOURCES:
            seen = Recorded(program, source)
            names = [name for _, name in seen.named("thread_start")]
            self.assertEqual(names, ["MainThread", "first", "second"])
            self.assertGreaterEqual(seen.count("thread_end"), 1)

    def test_a_thread_without_events_is_a_gap(self):
        seen = Recorded(
            """
            import _thread, time
            goes_on = [True]
            done = []
            def work():
                while goes_on:
                    time.sleep(0.001)
                done.append(1)
            _thread.start_new_thread(work, ())
            for i in range(400):
                time.sleep(0.001)
            goes_on.clear()
            while not done:
                time.sleep(0.001)
            """,
            "settrace",
        )
        self.assertEqual([operands[0] for _, operands in seen.named("gap")], [5])


class Interruptions(unittest.TestCase):
    """The log is decoded with all its checks; the program prints what it prints without us."""

    def test_exceptions_of_signal_handlers_reach_the_program(self):
        if not hasattr(__import__("signal"), "setitimer"):
            self.skipTest("no interval timers")
        program = """
            import signal
            class Alarm(Exception): pass
            def handler(number, frame):
                raise Alarm
            signal.signal(signal.SIGALRM, handler)
            def spin():
                while True:
                    for i in range(50):
                        x = [i]
                        y = {"a": x}
            got = 0
            for _ in range(30):
                try:
                    signal.setitimer(signal.ITIMER_REAL, 0.005)
                    spin()
                except Alarm:
                    got += 1
            print(got)
        """
        for source in SOURCES:
            with self.subTest(source):
                seen = Recorded(program, source)
                self.assertEqual((seen.stdout, seen.stderr, seen.code), ("30\n", "", 0))

    def test_the_recursion_limit_is_the_program_s_own(self):
        program = """
            def f(n):
                x = [n]
                return f(n + 1) + 1
            try:
                f(0)
            except RecursionError:
                print("caught")
            def g(x):
                y = [x]
                return y
            z = g(1)
        """
        for source in SOURCES:
            with self.subTest(source):
                seen = Recorded(program, source)
                self.assertEqual((seen.stdout, seen.stderr, seen.code), ("caught\n", "", 0))
                self.assertEqual(seen.variable("z")["items"], [("scalar", 1)])

    @unittest.skipUnless("native" in SOURCES, "the recorder in Python has no room of its own")
    def test_a_collection_at_the_recursion_limit_is_followed(self):
        program = """
            import gc
            gc.set_threshold(3)
            def f(n):
                x = [n]
                return f(n + 1) + 1
            for _ in range(3):
                try:
                    f(0)
                except RecursionError:
                    print("caught")
        """
        seen = Recorded(program, "native")
        self.assertEqual((seen.stdout, seen.stderr, seen.code), (3 * "caught\n", "", 0))


@unittest.skipUnless(hasattr(sys, "monitoring"), "calls are seen with sys.monitoring only")
class SeenCalls(unittest.TestCase):
    """Calls that no path tells, with a budget too small to look for what they changed."""

    def check(self, statement, expected, options=("--max-items", "40")):
        program = """
            far = [[n, [n]] for n in range(400)]
            other = [[n, [n]] for n in range(400)]
            found = []
            groups = {"k": found}
            def pick(things):
                return things
            def key(n):
                far[0] = n
                return -n
            def go():
                STATEMENT
                return far, other
            for n in range(3):
                go()
            end = True
        """
        lines = program.replace("STATEMENT", statement)
        seen = Recorded(lines, "monitoring", options)
        self.assertEqual((seen.stderr, seen.code), ("", 0))
        self.assertEqual(seen.variable("found")["items"], [("scalar", n) for n in expected])
        self.assertEqual(seen.count("unknown"), 0, [event[0] for event in seen.events])

    def test_what_a_method_of_a_call_s_result_changes_is_exact(self):
        self.check('groups.setdefault("k", []).append(n)', [0, 1, 2])
        self.check("pick(found).insert(0, n)", [2, 1, 0])
        self.check("pick(pick(found)).append(n)", [0, 1, 2])

    def test_what_a_called_result_changes_is_exact(self):
        self.check('getattr(found, "append")(n)', [0, 1, 2])
        self.check("pick(list.append)(found, n)", [0, 1, 2])

    def test_a_key_function_that_runs_inside_the_call_does_not_hide_its_effect(self):
        self.check("found.append(n); pick(found).sort(key=key)", [2, 1, 0])

    def test_a_call_that_is_not_reached_changes_nothing(self):
        self.check("last = pick(found).append(n) if n else pick(other)", [1, 2])


class Cost(unittest.TestCase):
    def test_an_exception_looks_at_each_frame_that_it_leaves_once(self):
        class Seen:
            """A traceback entry that counts how often it is passed."""

            def __init__(self, tb_next):
                self.following = tb_next
                self.tb_frame = sys._getframe()
                self.passed = 0

            @property
            def tb_next(self):
                self.passed += 1
                return self.following

        error = ValueError()
        recorder = object.__new__(Recorder)
        recorder._looked_through = (None, 0)
        chain = []
        for _ in range(50):
            chain.append(Seen(chain[-1] if chain else None))
            self.assertFalse(recorder._hides_own_frames(chain[-1], error))
            entry = Entry(1, id(error), 0, SimpleNamespace(name="ValueError"))
            entry.pin = error
            recorder._looked_through = (entry, id(chain[-1]))
        self.assertLess(max(one.passed for one in chain), 10)
        # Another exception has been looked through by nobody.
        self.assertFalse(recorder._hides_own_frames(chain[-1], KeyError()))
        self.assertGreater(chain[1].passed, 2)

    def test_a_step_beside_a_long_list_costs_what_it_costs_beside_a_short_one(self):
        program = """
            import time
            def loop(big, rounds):
                total = 0
                for i in range(rounds):
                    total += big[i % 10]
                    big[i % 10] = total
                return total
            times = []
            for size in (10, 1_000_000):
                best = None
                big = list(range(size))
                for _ in range(5):
                    started = time.process_time()
                    loop(big, 2000)
                    taken = time.process_time() - started
                    best = taken if best is None else min(best, taken)
                times.append(best)
            print(times[1] / times[0])
        """
        # Looking at what is kept of the list (`maxItems`) would cost a hundred times as much.
        self.assertLess(float(Recorded(program).stdout), 6)


if __name__ == "__main__":
    unittest.main()
