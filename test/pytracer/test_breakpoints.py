"""Breakpoints in the program: which are meant, whether they stop, whether asking runs code."""

from __future__ import annotations

import sys
import unittest

from pytracer import objects as _  # noqa: F401  (tells the layouts of types in C)
from pytracer.breakpoints import Breakpoints, decide
from pytracer.conditions import Condition, LogMessage, Question
from pytracer.escapes import Escapes
from pytracer.watches import Watches


class Wrapper:
    def __init__(self, code, qualname, filename="/app/shop.py"):
        self.code_id = id(code)
        self.filename = filename
        self.qualname = qualname


def order(ident, condition=None, hits=None, message=None, **target):
    return {
        "id": ident,
        "target": target,
        "condition": condition,
        "hitCondition": hits,
        "message": message,
    }


class Plain:
    limit = 3

    def __init__(self):
        self.value = 1

    @property
    def asked(self):
        return 2


class Loud:
    def __eq__(self, other):
        return True

    def __hash__(self):
        raise TypeError("unhashable")

    def __bool__(self):
        return True


def ran_code(source, **names):
    question = Question(source)
    question.ask(sys._getframe(), names)
    return question.ran_code


class ConditionsTest(unittest.TestCase):
    def test_a_condition_sees_the_frame_and_names_of_its_own(self):
        mine = 3
        frame = sys._getframe()
        self.assertEqual(Condition("mine == 3").holds(frame, {}), (True, ""))
        self.assertEqual(
            Condition("mine == __return__").holds(frame, {"__return__": 4}), (False, "")
        )
        self.assertEqual(
            Condition("[mine for _ in range(2)] == [3, 3]").holds(frame, {}), (True, "")
        )
        self.assertEqual(mine, 3)

    def test_one_without_an_answer_stops_and_says_why(self):
        frame = sys._getframe()
        self.assertEqual(
            Condition("no_such").holds(frame, {}),
            (True, "NameError: name 'no_such' is not defined"),
        )
        holds, why = Condition("1 +").holds(frame, {})
        self.assertTrue(holds)
        self.assertRegex(why, r"^SyntaxError: [^(]+$")

    def test_what_only_looks_runs_no_code(self):
        plain = Plain()
        names = {"plain": plain, "items": [1, 2], "named": {"a": 1}, "text": "abc", "n": 5}
        for source in (
            "n == 5",
            "n % 3 == 2 and n > 1",
            "not n",
            "plain.value == 1",
            "items[0] == 1",
            "named['a'] > 0",
            "len(items) == 2",
            "2 in items",
            "plain is None",
            "text == 'abc' or n is None",
        ):
            self.assertFalse(ran_code(source, **names), source)

    def test_what_may_run_code_is_known(self):
        names = {"plain": Plain(), "loud": Loud(), "items": [Loud()], "n": 5}
        for source in (
            "plain.asked == 2",
            "loud == 1",
            "1 in items",
            "str(n)",
            "(lambda: n)()",
            "n == loud",
            "no_such",
        ):
            self.assertTrue(ran_code(source, **names), source)
        condition = Condition("loud")
        condition.holds(sys._getframe(), {"loud": Loud()})
        self.assertTrue(condition.ran_code)

    def test_a_message_is_text_and_answers(self):
        message = LogMessage(["n is ", ["n"], ", ", ["no_such"], "!"])
        self.assertEqual(
            message.text(sys._getframe(), {"n": 2}),
            "n is 2, <NameError: name 'no_such' is not defined>!",
        )


class BreakpointsTest(unittest.TestCase):
    def breakpoints(self, *orders):
        breakpoints = Breakpoints()
        breakpoints.replace(list(orders))
        return breakpoints

    def test_hits_are_counted_where_the_condition_holds(self):
        frame = sys._getframe()
        wanted = {"operator": "%", "count": 2}
        breakpoints = self.breakpoints(
            order(1, "n > 1", wanted, kind="line", file="/app/shop.py", line=3),
            order(2, None, None, ["n ", ["n"]], kind="line", file="/app/shop.py", line=3),
        )
        self.assertTrue(breakpoints.must_wait)
        breakpoints.set_hits([[1, 1], [9, 4]])
        stops = breakpoints.at_line("/app/../app/shop.py", 3)
        idents, messages = [], []
        for n in range(5):
            decision = decide(stops, frame, {"n": n})
            idents.append(decision.idents)
            messages += decision.messages
        self.assertEqual(idents, [[], [], [1], [], [1]])
        self.assertEqual(messages, [(2, f"n {n}") for n in range(5)])
        self.assertEqual(breakpoints.at_line("/app/other.py", 3), [])

    def test_functions_are_meant_by_the_end_of_their_dotted_name(self):
        code = (lambda: 0).__code__
        for name, meant in (("f", True), ("Cart.f", True), ("shop.Cart.f", True), ("art.f", False)):
            breakpoints = self.breakpoints(order(1, kind="function", name=name))
            found = breakpoints.at_entry(Wrapper(code, "Cart.<locals>.f"), code)
            self.assertEqual(bool(found), meant, name)

    def test_a_return_is_meant_by_a_line_of_the_innermost_function(self):
        source = "def outer():\n    x = 1\n    def inner():\n        return 2\n    return inner\n"
        module = compile(source, "/app/shop.py", "exec")
        outer = next(one for one in module.co_consts if hasattr(one, "co_code"))
        inner = next(one for one in outer.co_consts if hasattr(one, "co_code"))
        for line, wanted in ((1, outer), (2, outer), (3, inner), (4, inner), (5, outer)):
            breakpoints = self.breakpoints(
                order(1, kind="returnAt", file="/app/shop.py", line=line)
            )
            found = [
                code
                for code in (module, outer, inner)
                if breakpoints.at_return(Wrapper(code, "q"), code)
            ]
            self.assertEqual(found, [wanted], line)

    def test_exceptions_are_meant_by_their_classes_and_bases(self):
        class RefusedError(KeyError):
            pass

        breakpoints = self.breakpoints(
            order(1, kind="exception", when="raised", types=["LookupError"]),
            order(2, kind="exception", when="raised", types=["RefusedError", "ValueError"]),
            order(3, kind="exception", when="raised", types=None),
            order(4, kind="exception", when="uncaught", types=None),
        )
        self.assertEqual([stop.ident for stop in breakpoints.at_raise(RefusedError())], [1, 2, 3])
        self.assertEqual([stop.ident for stop in breakpoints.at_raise(TypeError())], [3])
        self.assertEqual(breakpoints.uncaught, [4])


class EscapesTest(unittest.TestCase):
    def test_one_that_comes_back_has_only_passed_on(self):
        escapes = Escapes()
        error = ValueError()
        self.assertFalse(escapes.leaves(1, error, 7))
        self.assertFalse(escapes.comes_back(1, 7))
        self.assertFalse(escapes.goes_on(1))
        self.assertFalse(escapes.leaves(1, error, 7))
        self.assertFalse(escapes.goes_on(2))
        self.assertTrue(escapes.goes_on(1))
        self.assertFalse(escapes.leaves(1, StopIteration(), 8))
        self.assertFalse(escapes.goes_on(1))
        self.assertFalse(escapes.leaves(1, error, 7))
        self.assertTrue(escapes.comes_back(1, 9))


class Entry:
    def __init__(self, oid, items, index=None):
        self.oid = oid
        self.items = items
        self.index = index
        self.keys = None if index is None else list(index)
        self.attr_names = []
        self.attrs = []


class WatchesTest(unittest.TestCase):
    def test_only_what_is_watched_counts(self):
        watches = Watches(
            [
                {"kind": "variable", "frame": 4, "name": "n"},
                {"kind": "object", "object": 2, "part": "total"},
                {"kind": "object", "object": 3, "part": None},
            ]
        )
        watches.wrote(4, "other")
        watches.wrote(5, "n")
        self.assertFalse(watches.touched)
        watches.wrote(4, "n")
        self.assertTrue(watches.touched)
        self.assertTrue(watches.take())
        self.assertFalse(watches.touched)
        names = Entry(2, [1, 2], {"total": 0, "other": 1})
        watches.changes(names)
        self.assertTrue(watches.take())
        names.items[1] = 3
        watches.changes(names)
        self.assertFalse(watches.take())
        names.items[0] = 9
        watches.changes(names)
        self.assertTrue(watches.take())
        watches.changes(Entry(8, []))
        self.assertFalse(watches.touched)
        watches.changes(Entry(3, []))
        self.assertTrue(watches.take())


if __name__ == "__main__":
    unittest.main()
