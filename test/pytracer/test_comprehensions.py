"""Variables of comprehensions: in every call the program itself says what they must be."""

from __future__ import annotations

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from recorded import SOURCES, Recorded  # noqa: E402
from recorders import events_of  # noqa: E402

INLINED = sys.version_info >= (3, 12)
VIEWS = sys.version_info >= (3, 13)
# See `TAKES_FOR_CELLS` in pytracer/comprehensions.py.
TAKES_FOR_CELLS = (3, 13) <= sys.version_info < (3, 13, 3)
NOT_SHOWN = ("not recorded", 8)
SEE = """
def see(*value, **variables):
    return value[0] if value else None
"""


class Seen:
    """What a recording shows in the callers of `see`, beside what the program said."""

    def __init__(self, program, source):
        # (name of the calling code, wanted, found) for each call; found: what its slots hold.
        self.calls = []
        self.seen = set()
        self.run = Recorded(SEE + program, source, on_step=self.on_step)

    def on_step(self, replay):
        top = replay.top
        if replay.codes[top["code"]]["name"] != "see" or top["frame"] in self.seen:
            return
        self.seen.add(top["frame"])
        slots = replay.codes[top["code"]]["slots"]
        mapping = replay.objects[dict(zip(slots, top["values"]))["variables"][1]]
        wanted = {key[1]: value for key, value in mapping["items"]}
        caller = replay.stack[-2]
        code = replay.codes[caller["code"]]
        found = {}
        for name, value in zip(code["slots"], caller["values"]):
            if value != ("unbound",) and name != ".0":
                found.setdefault(name, value)
        self.calls.append((code["name"], wanted, found))


def scalar(value):
    return value[1] if value[0] == "scalar" else value


class Comprehensions(unittest.TestCase):
    def check(self, program, calls, shown, *, exact=True):
        """Compare all calls of `see`; `shown(source)`: values, else marks that they are not."""
        for source in SOURCES:
            with self.subTest(source):
                seen = Seen(program, source)
                self.assertEqual((seen.run.code, seen.run.stderr), (0, ""))
                self.assertEqual(len(seen.calls), calls)
                for place, (code, wanted, found) in enumerate(seen.calls):
                    if not shown(source, code):
                        wanted = dict.fromkeys(wanted, NOT_SHOWN)
                    if not exact or not INLINED:
                        found = {name: found.get(name) for name in wanted}
                    self.assertEqual((place, code, found), (place, code, wanted))
                for frame in seen.run.replay.stack:
                    self.assertEqual(set(frame["values"]), {("unbound",)})

    def hidden(self, source, code):
        """Say whether variables at module level and in class bodies are shown."""
        return events_of(source) == "monitoring" or sys.version_info[:2] != (3, 12)

    def test_at_module_level_over_several_lines(self):
        self.check(
            """
x = 5
a = [
    see(x, x=x)
    for x in
    range(3)
    if see(True, x=x)
]
see()
b = {
    x: [
        see(y, x=x, y=y)
        for y in
        (x, see(2, x=x))
    ]
    for x in (1, 5)
}
see()
""",
            6 + 1 + 2 * 3 + 1,
            self.hidden,
        )

    def test_on_one_line_and_in_loops(self):
        self.check(
            """
y = 1
for n in (1, 2):
    a = [[see(y, x=x, y=y) for y in (x, 1)] for x in (1, n)]
    b = {see(x, x=x) for x in ()} | {see(z, z=z) for z in (1, 2)}
    see()
c = [see(w, v=v, w=w) for v in (1, 2) for w in range(v - 1)]
d = [see(p, p=p, q=q) for p, q in ((1, 2), (3, 4))]
""",
            2 * (4 + 2 + 1) + 1 + 2,
            self.hidden,
        )

    def test_one_that_holds_the_value_of_the_global_of_its_name(self):
        self.check(
            """
class Counted:
    def __iter__(self):
        return self
    def __init__(self):
        self.left = 2
    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        return see(5)
x = y = 5
a = [see(x, x=x) for x in Counted()]
b = [
    see(x, x=x, y=y)
    for x in (5, 5)
    for y in (5,)
]
c = [
    [see(y, x=x, y=y) for y in (5,)]
    for x in (5,)
]
""",
            2 + 2 + 2 + 1,
            self.hidden,
            exact=False,
        )

    def test_out_of_which_an_exception_comes(self):
        self.check(
            """
x = "outer"
for n in (0, 1):
    try:
        a = [
            see(1 // x, x=x) if x else see(1 // x)
            for x in (1, n)
        ]
    except ZeroDivisionError:
        see()
    see()
try:
    [[1 // y for y in (see(x, x=x), 0)] for x in (1, 2)]
except ZeroDivisionError:
    see()
""",
            1 + 1 + 1 + 2 + 1 + 1 + 1,
            self.hidden,
        )

    def test_captured_by_functions(self):
        self.check(
            """
a = [
    (lambda: x, see(x, x=x))
    for x in (1, 2)
]
class C:
    k = 3
    b = [
        ((lambda: z), see(z, z=z))
        for z in (k, 4)
    ]
    c = [see(q[1], q=3) and q for q in (3, 3)] if False else [see(r, r=r) for r in (1, 2)]
    see()
see()
""",
            2 + 2 + 2 + 1 + 1,
            self.hidden,
        )

    def test_in_class_bodies(self):
        self.check(
            """
class Base:
    x = 0
    table = {
        x: see(x, x=x, y=y)
        for x in (1, 2)
        for y in (x,)
    }
    see()
    def __init__(self):
        super().__init__()
    names = [see(n, n=n) for n in "ab"]
    class Inner:
        names = [see(m, m=m) for m in (1, 2)]
        see()
assert sorted(n for n in vars(Base) if n[:2] != "__") == ["Inner", "names", "table", "x"]
""",
            2 + 1 + 2 + 2 + 1,
            self.hidden,
        )

    def test_in_a_class_body_whose_namespace_is_no_dict(self):
        def shown(source, code):
            return VIEWS or not INLINED

        self.check(
            """
class Names(dict):
    def __getitem__(self, name):
        return dict.__getitem__(self, name)
    def keys(self):
        print("keys")
    def __delitem__(self, name):
        print("del", name)
    def __setitem__(self, name, value):
        dict.__setitem__(self, name, value)
class Meta(type):
    def __prepare__(name, bases):
        return Names()
    def __new__(mcls, name, bases, names):
        return type.__new__(mcls, name, bases, {**dict(dict.items(names))})
class C(metaclass=Meta):
    a = [see(x, x=x) for x in (1, 2)]
    def __init__(self):
        super().__init__()
""",
            2,
            shown,
        )

    def test_plain_where_its_class_has_a_cell(self):
        def shown(source, code):
            return self.hidden(source, code) and not TAKES_FOR_CELLS

        self.check(
            """
class C:
    a = [
        see(x, x=x)
        for x in (1, 2)
    ]
    see()
    b = [
        (lambda: x)
        for x in (1, 2)
    ]
    see()
""",
            2 + 1 + 1,
            shown,
        )

    def test_plain_where_its_function_has_a_cell(self):
        def shown(source, code):
            return not TAKES_FOR_CELLS

        self.check(
            """
def f(k):
    g = lambda: k
    a = [see(k, k=k) for k in (1, 2)]
    b = [
        see(k, k=k)
        for k in (1, 2)
    ]
    return g() + k
assert f(3) == 6
""",
            4,
            shown,
            exact=False,
        )

    def test_named_as_a_free_variable_of_its_function(self):
        def shown(source, code):
            return VIEWS or not INLINED or code != "f"

        self.check(
            """
def outer():
    k = "free"
    def f():
        a = [see(k, k=k) for k in (1, 2)]
        b = [
            see(k, k=k)
            for k in (1, 2)
        ]
        return k
    def g():
        see(k, k=k)
        return k
    assert f() == g() == "free"
outer()
""",
            5,
            shown,
            exact=False,
        )

    def test_of_a_coroutine(self):
        self.check(
            """
async def rows():
    for n in (1, 2):
        yield n
async def main():
    a = [
        see(x, x=x)
        async for x in rows()
    ]
    b = {x: see(y, x=x, y=y) async for x in rows() for y in (x,)}
    return a, b
try:
    main().send(None)
except StopIteration as stop:
    assert stop.value == ([1, 2], {1: 1, 2: 2})
""",
            4,
            lambda source, code: True,
            exact=False,
        )

    def test_with_assignment_expressions_and_a_change_of_an_object(self):
        seen = Seen(
            """
kept = []
a = [
    kept.append((last := x)) or see(x, x=x)
    for x in (1, 2)
]
rows = [[1], [2]]
b = [
    row.append(0) or see(row[0])
    for row in rows
]
print(kept, last, rows)
""",
            SOURCES[-1],
        )
        self.assertEqual(seen.run.stdout, "[1, 2] 2 [[1, 0], [2, 0]]\n")
        self.assertEqual(seen.run.variable("last"), ("scalar", 2))
        rows = [
            [item[1] for item in seen.run.replay.objects[row[1]]["items"]]
            for row in seen.run.variable("rows")["items"]
        ]
        self.assertEqual(rows, [[1, 0], [2, 0]])

    @unittest.skipUnless(INLINED, "comprehensions have frames of their own")
    def test_a_program_with_a_trace_function_of_its_own_is_not_disturbed(self):
        program = """
import sys
def follow(frame, event, arg):
    return follow
sys._getframe().f_trace = follow
sys.settrace(follow)
x = "outer"
a = [
    see(x, x=x)
    for x in (1, 2)
]
sys.settrace(None)
print(a, x)
"""
        seen = Seen(program, "monitoring")
        self.assertEqual(seen.run.stderr, "")
        self.assertEqual(seen.run.stdout, "[1, 2] outer\n")


if __name__ == "__main__":
    unittest.main()
