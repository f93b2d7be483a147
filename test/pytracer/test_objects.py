"""Objects keep their identity, show each change once, and die when the program lets go of them."""

from __future__ import annotations

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from recorded import SOURCES, Recorded  # noqa: E402


class Identity(unittest.TestCase):
    def test_two_names_of_one_list_are_one_object(self):
        seen = Recorded("a = [1]\nb = a\nb.append(2)\nc = 0\n")
        self.assertIs(seen.variable("a"), seen.variable("b"))
        self.assertEqual(seen.count("append"), 3 + 1)  # three names, one element

    def test_an_address_that_is_used_again_is_another_object(self):
        seen = Recorded("l = [[1]]\nl.pop(); l.append([2])\nl.pop(); l.append([3])\nend = 0\n")
        inner = seen.variable("l")["items"][0][1]
        self.assertEqual(seen.replay.objects[inner]["items"], [("scalar", 3)])
        lists = [oid for oid, kind, _ in (e[1] for e in seen.named("new")) if kind == "LIST"]
        self.assertEqual(len(lists), 4)

    def test_instances_reuse_addresses_too(self):
        seen = Recorded(
            """
            class C:
                def __init__(self, n):
                    self.n = n
            l = [C(0)]
            for i in range(1, 5):
                l[0] = None; l[0] = C(i)
            end = 0
            """
        )
        inner = seen.replay.objects[seen.variable("l")["items"][0][1]]
        self.assertEqual(inner["attrs"]["n"], ("scalar", 4))

    def test_a_cycle_is_recorded_once(self):
        seen = Recorded("l = []\nl.append(l)\nend = 0\n")
        loop = seen.variable("l")
        self.assertIs(seen.replay.objects[loop["items"][0][1]], loop)

    def test_an_empty_cell_holds_nothing(self):
        seen = Recorded(
            """
            def outer():
                def inner():
                    return later
                kept = [inner]
                later = 5
                return kept
            outer()
            """
        )
        types = [kind for _, _, kind in (event[1] for event in seen.named("new"))]
        self.assertIn("cell", types)
        self.assertEqual([kind for kind in types if "pytracer" in kind], [])


class Changes(unittest.TestCase):
    def changes(self, program, *names):
        return [name for name, _ in Recorded(program).named(*names)]

    def test_each_kind_of_change_has_its_smallest_event(self):
        # The first statement makes the object; the last makes the effects of the second visible.
        for first, statement, event in (
            ("x = [1, 2, 3]", "x[1] = 9", "item_set"),
            ("x = [1, 2, 3]", "x.sort(reverse=True)", "splice"),
            ("x = [1, 2, 3]", "del x[0]", "splice"),
            ("x = {'a': 1}", "x['a'] = 2", "item_set"),
            ("x = {'a': 1}", "del x['a']", "splice"),
            ("x = {1, 2}", "x.discard(1)", "splice"),
            ("x = bytearray(b'ab')", "x[0] = 65", "bytes_splice"),
            ("x = type('T', (), {})()", "x.a = 1", "attr_set"),
        ):
            with self.subTest(statement):
                seen = Recorded(f"{first}\n{statement}\nend = 0\n")
                self.assertEqual(seen.count(event), 1, seen.events)

    def test_nothing_is_said_of_what_did_not_change(self):
        seen = Recorded("x = [1, 2]\nfor i in range(20):\n    len(x); sorted(x); x[0]\n")
        oid = next(oid for oid, thing in seen.replay.objects.items() if thing is seen.variable("x"))
        self.assertNotIn(("append", oid), seen.events)
        self.assertEqual({operands[0] for _, operands in seen.named("item_set")} & {oid}, set())
        self.assertEqual(seen.count("splice") + seen.count("contents"), 0)

    def test_a_change_through_an_alias_in_a_callee_is_seen(self):
        seen = Recorded("def f(q):\n    q.append(2)\n    return q\nx = [1]\nf(x)\nend = 0\n")
        self.assertEqual(seen.variable("x")["items"], [("scalar", 1), ("scalar", 2)])

    def test_the_class_of_an_object_may_change(self):
        seen = Recorded("class A: pass\nclass B: pass\nx = A()\nx.__class__ = B\nend = 0\n")
        self.assertEqual(seen.variable("x")["type"], "__main__.B")


FILLED_LOCALS = """
import sys

def inner():
    return sys._getframe(1).f_locals

def f():
    x = 1
    kept = locals()
    x = 2
    seen = dict(kept)
    locals()
    seen = dict(kept)
    x = 3
    vars(); seen = dict(kept)
    exec("y = x"); seen = dict(kept)
    x = 4
    inner(); seen = dict(kept)
    seen = None

f()
"""


class FilledLocals(unittest.TestCase):
    def test_the_dict_of_locals_is_what_the_program_sees_in_it(self):
        """The program's own copy is the oracle: to look from outside would fill the dict."""
        for source in SOURCES:
            with self.subTest(source):
                copies = []

                def compare(replay, copies=copies):
                    slots = replay.codes[replay.top["code"]]["slots"]
                    held = dict(zip(slots, replay.top["values"]))
                    if "kept" not in held or held["seen"][0] != "object":
                        return
                    if held["seen"] not in copies:
                        copies.append(held["seen"])
                        kept, seen = (
                            dict(replay.objects[held[name][1]]["items"])
                            for name in ("kept", "seen")
                        )
                        self.assertEqual(kept[("scalar", "x")], seen[("scalar", "x")])

                Recorded(FILLED_LOCALS, source, on_step=compare)
                self.assertEqual(len(copies), 5)


class Limits(unittest.TestCase):
    def test_what_is_longer_than_the_limit_keeps_its_true_length(self):
        seen = Recorded(
            "x = list(range(50))\nx.append(1)\nx[3] = 7\nend = 0\n", options=["--max-items", "10"]
        )
        x = seen.variable("x")
        self.assertEqual((len(x["items"]), x["total"]), (10, 51))
        self.assertEqual(x["items"][3], ("scalar", 7))

    def test_attributes_beyond_the_limit_count_also_those_set_later(self):
        seen = Recorded(
            """
            class Plain: pass
            class Fault(Exception): pass
            class Words(list): pass
            class Slots(Plain):
                __slots__ = ("s",)
            def function(): pass
            full = Plain()
            vars(full).update({"a%d" % n: n for n in range(33)})
            things = [Plain(), Fault(), Words(), Slots(), function]
            things[3].s = 0
            for thing in things:
                for n in range(33):
                    setattr(thing, "a%d" % n, n)
            del things[0].a32
            things[2].a1 = "changed"
            full.a32 = "changed"
            end = 0
            """,
            options=["--max-items", "30"],
        )
        things = [seen.replay.objects[oid] for _, oid in seen.variable("things")["items"]]
        kept = [(len(thing["attrs"]), thing["attr_total"]) for thing in things]
        self.assertEqual(kept, [(30, 32), (30, 33), (30, 33), (30, 34), (30, 33)])
        self.assertEqual(things[2]["attrs"]["a1"], ("scalar", "changed"))
        self.assertEqual(seen.variable("full")["attr_total"], 33)

    def test_a_long_string_is_cut_and_says_its_length(self):
        seen = Recorded("x = 'ab' * 50\nend = 0\n", options=["--max-string-length", "8"])
        self.assertEqual(seen.variable("x"), ("cut", 100, "abababab"))

    def test_what_an_unknown_call_may_have_changed_beyond_the_budget_is_not_recorded(self):
        seen = Recorded(
            """
            import copy
            class K:
                def __init__(self, n):
                    self.v = [n, n]
            big = [K(i) for i in range(60)]
            copy.copy(big)
            big[59].v[0] = "changed"
            end = 0
            """,
            options=["--max-items", "100"],
        )
        self.assertGreater(seen.count("unknown"), 0)
        last = seen.replay.objects[seen.variable("big")["items"][59][1]]
        v = seen.replay.objects[last["attrs"]["v"][1]]
        self.assertTrue(v.get("unknown") or v["items"][0] == ("scalar", "changed"))


class Death(unittest.TestCase):
    def test_a_dead_object_is_reported_at_the_next_step(self):
        seen = Recorded("x = [1]\nx = None\nend = 0\nend = 1\n")
        names = [name for name, _ in seen.events if name in ("line", "dead")]
        self.assertIn("dead", names[names.index("line") + 2 :])

    def test_destructors_run_in_their_order(self):
        program = """
            class D:
                def __init__(self, n):
                    self.n = n
                def __del__(self):
                    print("del", self.n)
            a = D(1)
            del a
            print("after 1")
            b = [D(2)]
            b.append(b)
            del b
            import gc
            gc.collect()
            print("after 2")
        """
        for source in SOURCES:
            seen = Recorded(program, source)
            self.assertEqual(seen.stdout, "del 1\nafter 1\ndel 2\nafter 2\n")

    def test_a_collected_cycle_is_dead_and_a_living_one_is_the_same(self):
        seen = Recorded(
            "import gc\nk = []\nk.append(k)\nd = []\nd.append(d)\ndel d\ngc.collect()\nend = 0\n"
        )
        alive = [
            thing
            for thing in seen.replay.objects.values()
            if thing["kind"] == "LIST" and not thing.get("dead")
        ]
        self.assertEqual(len(alive), 1)
        self.assertIs(seen.variable("k"), alive[0])

    def test_memory_is_bounded_by_what_lives(self):
        seen = Recorded("for i in range(3000):\n    x = [i, [i]]\nend = 0\n")
        alive = [
            thing
            for thing in seen.replay.objects.values()
            if thing["kind"] == "LIST" and not thing.get("dead")
        ]
        self.assertLess(len(alive), 20)


class Hostile(unittest.TestCase):
    def test_no_code_of_the_program_runs_because_of_recording(self):
        program = """
            log = []
            def bad(name):
                def method(self, *args):
                    log.append(name)
                    raise RuntimeError(name)
                return method
            names = ["__eq__", "__hash__", "__repr__", "__str__", "__bool__", "__len__", "__iter__",
                     "__getattr__", "__getattribute__", "__dir__", "__instancecheck__",
                     "__contains__", "__getitem__"]
            members = {n: bad(n) for n in names}
            H = type("H", (), {"__class__": property(bad("__class__")), **members})
            L = type("L", (list,), {n: bad(n) for n in names})
            D = type("D", (dict,), {n: bad(n) for n in names + ["keys", "items", "values", "get"]})
            h = H()
            l = L()
            list.extend(l, [h])
            d = D()
            dict.__setitem__(d, "k", h)
            t = (h, l, d)
            def f(a, b):
                c = [a, b]
                return c
            f(h, l)
            print(list.__len__(log))
        """
        for source in SOURCES:
            seen = Recorded(program, source)
            self.assertEqual((seen.stdout, seen.stderr), ("0\n", ""))


if __name__ == "__main__":
    unittest.main()
