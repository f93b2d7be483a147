from __future__ import annotations

import dis
import importlib.util
import os
import sys
import textwrap
import time
import unittest
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from effects_as_text import call_text, code_objects, effects_text, path_text  # noqa: E402

from pytracer.code_objects import CodeObjectRegistry  # noqa: E402
from pytracer.interpreter import OPMAP  # noqa: E402
from pytracer.opcodes import HANDLERS, unknown  # noqa: E402

# One function for each snippet; the effects of the line marked with <-- (or of the only line).
FUNCTIONS = [
    ("x = 1", ["locals x"]),
    ("x, *y = a", ["locals x y"]),
    ("x = y = a", ["locals x y"]),
    ("del a", ["locals a"]),
    ("x = (y := a)", ["locals x y"]),
    ("for x in a: pass", ["locals x"]),
    ("import x.y", ["locals x", "runs code"]),
    ("from x import y as z", ["locals z", "runs code"]),
    ("global g; g = a", ["globals g"]),
    ("global g; del g", ["globals g"]),
    ("a.x = b", ["attr a.x"]),
    ("a.x.y = b", ["attr a.x.y"]),
    ("del a.x", ["delattr a.x"]),
    ("a[b] = 1", ["item a[b]"]),
    ("a.x['k'][0] = b", ["item a.x['k'][0]"]),
    ("del a[0]", ["delitem a[0]"]),
    ("a[1:] = b", ["slice a"]),
    ("a[b:] = b", ["slice a"]),
    ("del a[b:]", ["delitem a[?]"]),
    ("f().x = 1", ["attr f().x", "call f()"]),
    ("(a or b).x = 1", ["attr ?.x"]),
    ("a += b", ["inplace a", "locals a"]),
    ("a.x |= b", ["attr a.x", "inplace a.x"]),
    ("a[0] += b", ["inplace a[0]", "item a[0]"]),
    ("a.append(b)", ["call a.append(b)"]),
    ("a.b.c(d.e, [1], 'x')", ["call a.b.c(d.e, new, 'x')"]),
    ("f(a, k=b)", ["call f(a, b)"]),
    ("a.m(b, k=c)", ["call a.m(b, c)"]),
    ("f(*a)", ["call f(a, ...)"]),
    ("a.m(1, *b, **c)", ["call a.m(new, new, ...)"]),
    ("f(g(a))", ["call f(g())", "call g(a)"]),
    ("s.strip().lower()", ["call s.strip()", "call s.strip().lower()"]),
    ("f(a and b)", ["call f(?)"]),
    ("[a][0].x = 1", ["attr ?.x"]),
    ("(a + b).append(1)", ["call ?(1)"]),
    ("f'{a}'.join(b)", ["call new.join(b)"]),
    ("[1].append(a)", ["call new.append(a)"]),
    ("(lambda: a)()", ["call made <lambda>()"]),
    ("raise E(a)", ["call E(a)"]),
    ("raise E", ["call E()"]),
    ("assert a, b", ["call AssertionError(b)"]),
    ("return a.pop()", ["call a.pop()"]),
    ("x = yield a", ["locals x"]),
    ("x = yield from a", ["locals x", "awaits a"]),
    ("yield from f(a)", ["call f(a)", "awaits f()"]),
    ("yield from (a or b)", ["runs code"]),
    ("try: pass\nfinally: f(a) # <--", ["call f(a)"]),
    ("try: f()\nexcept E as e: pass # <--", ["locals e"]),
    (
        "with a.b as x: pass",
        [
            "call a.b.__enter__()",
            "call a.b.__exit__(?, ?, ?)",
            "call a.b.__exit__(None, None, None)",
            "locals x",
        ],
    ),
    ("f(\n a, # <--\n b)", []),
    ("f( # <--\n a,\n b)", ["call f(a, b)"]),
    ("self.items.append( # <--\n a)", ["call self.items.append(a)"]),
    ("for x in self.items(): # <--\n  f(x)", ["call self.items()", "locals x"]),
    ("print(f'{a!r:>{b}}')", ["call print(new)"]),
    ("x: int = a", ["locals x"]),
    ("a < b < c", []),
    ("not a", []),
]

NEWER = [
    ((3, 10), "match a:\n  case {'k': x, **y}: # <--\n    pass", ["locals x y"]),
    ((3, 10), "match a:\n  case C(x, k=[y, *z]): # <--\n    pass", ["locals x y z"]),
    ((3, 11), "try: f()\nexcept* E as e: pass # <--", ["locals e", "runs code"]),
    ((3, 12), "x = [y for y in a]", ["locals x y"]),
    ((3, 12), "x = {y: z for y, z in a}", ["locals x y z"]),
]

MODULES = [
    ("x = 1", ["names x"]),
    ("del x", ["names x"]),
    ("from m import *", ["names *", "runs code"]),
    ("x.append(1)", ["call x.append(1)"]),
    ("class C(B): pass", ["names C", "runs code"]),
    ("@d\ndef f(): pass", ["call d(made f)", "names f"]),
]


def lines_with_mark(source):
    marked = [number for number, line in enumerate(source.split("\n"), 1) if "# <--" in line]
    return marked or [1]


def of_function(snippet):
    """Effects of the marked line in a function with parameters a, b, c, d, s and self."""
    head = "def function(self, a, b, c, d, s):\n"
    source = head + textwrap.indent(snippet, " ")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = compile(source, "snippet.py", "exec")
    code = module.co_consts[0]
    (line,) = lines_with_mark(snippet)
    return CodeObjectRegistry().wrapper(code).effects.for_line(line + 1)


class TellsWhatALineCanChange(unittest.TestCase):
    maxDiff = None

    def check(self, snippet, expected):
        with self.subTest(snippet):
            self.assertEqual(effects_text(of_function(snippet)), sorted(expected))

    def test_in_functions(self):
        for snippet, expected in FUNCTIONS:
            self.check(snippet, expected)

    def test_in_functions_of_newer_versions(self):
        for version, snippet, expected in NEWER:
            if sys.version_info >= version:
                self.check(snippet, expected)

    def test_in_modules(self):
        for snippet, expected in MODULES:
            code = compile(snippet, "snippet.py", "exec")
            with self.subTest(snippet):
                effects = CodeObjectRegistry().wrapper(code).effects
                text = effects_text(effects.for_line(1)) + effects_text(effects.for_line(2))
                self.assertEqual([t for t in text if not t.startswith("call __build")], expected)

    def test_super_is_told_with_its_class_and_its_object(self):
        source = "class C(B):\n def m(self, a):\n  super().n(a)\n  super(D, a).x.n()\n"
        module = compile(source, "snippet.py", "exec")
        code = next(c for c in code_objects(module) if c.co_name == "m")
        effects = CodeObjectRegistry().wrapper(code).effects
        call = effects.for_line(3).calls[-1]
        self.assertEqual(call_text(call), "super(__class__, self).n(a)")
        self.assertEqual(call.receiver, ("local", "self"))
        self.assertIn(("local", "self"), effects.for_line(3).roots)
        self.assertIn("call super(D, a).x.n()", effects_text(effects.for_line(4)))

    def test_cells_and_free_variables_are_derefs(self):
        source = "def outer(a):\n b = a\n def inner():\n  nonlocal b\n  b += a\n del b\n"
        module = compile(source, "snippet.py", "exec")
        outer, inner = [c for c in code_objects(module) if c.co_name in ("outer", "inner")]
        registry = CodeObjectRegistry()
        self.assertEqual(effects_text(registry.wrapper(outer).effects.for_line(2)), ["derefs b"])
        self.assertEqual(effects_text(registry.wrapper(outer).effects.for_line(6)), ["derefs b"])
        self.assertEqual(
            effects_text(registry.wrapper(inner).effects.for_line(5)), ["derefs b", "inplace b"]
        )

    def test_a_path_that_its_own_line_rebinds_is_to_be_read_before_the_line_too(self):
        self.assertTrue(of_function("a = a.next.append(b)").rebinds)
        self.assertFalse(of_function("x = a.next.append(b)").rebinds)

    def test_a_path_that_other_code_of_the_line_can_turn_elsewhere_is_unstable(self):
        self.assertTrue(of_function("self.items.append(self.reset())").unstable)
        self.assertFalse(of_function("self.items.append(a)").unstable)

    def test_a_loop_over_a_name_that_its_body_stores_forgets_the_path(self):
        kept = of_function("for x in a: # <--\n f(x)")
        lost = of_function("for x in a.b: # <--\n a = f(x)")
        self.assertIn(("local", "a"), kept.operands)
        self.assertIn(("iterate", None), lost.anonymous)

    def test_objects_without_a_path_are_told_by_what_returned_them(self):
        effects = of_function("f(a)[0] + g().x")
        self.assertIn(("item", ("global", "f")), effects.anonymous)
        self.assertIn(("attr", ("global", "g")), effects.anonymous)

    def test_operands_hold_what_may_run_special_methods(self):
        effects = of_function("a + b.c[d] < s")
        self.assertEqual(
            sorted(path_text(path) for path in effects.operands),
            ["a", "b", "b.c", "b.c[d]", "d", "s"],
        )

    def test_every_opcode_of_this_interpreter_is_known(self):
        missing = sorted(
            name
            for name, number in OPMAP.items()
            if number < 256
            and HANDLERS[number] is unknown
            and not name.startswith("INSTRUMENTED_")
            and name not in NEVER_IN_CO_CODE
        )
        self.assertEqual(missing, [])

    def test_a_literal_of_30000_lines_takes_linear_time(self):
        def measured(lines):
            source = "x = {\n" + "".join(f"{n}: [y{n}],\n" for n in range(lines)) + "}\n"
            code = compile(source, "literal.py", "exec")
            wrapper = CodeObjectRegistry().wrapper(code)
            start = time.process_time()
            self.assertEqual(wrapper.effects.for_line(1).names, ("x",))
            return time.process_time() - start

        self.assertLess(measured(30000), 12 * measured(5000) + 0.5)


# Made by the interpreter while it runs, or reserved: `co_code` never shows them.
NEVER_IN_CO_CODE = {
    "ENTER_EXECUTOR",
    "EXIT_INIT_CHECK",
    "EXTENDED_ARG",
    "INTERPRETER_EXIT",
    "RESERVED",
    "TRACE_RECORD",
}

# Modules with every construct of the language between them.
CORPUS = """
    argparse ast asyncio.base_events asyncio.tasks bdb collections contextlib copy dataclasses
    difflib enum functools heapq inspect json.decoder json.encoder logging pathlib pickle re
    shutil subprocess tarfile tempfile textwrap threading tokenize traceback types typing
    unittest.case unittest.mock zipfile
""".split()


def corpus():
    """Give the code objects of the corpus, compiled from their sources."""
    seen = 0
    for name in CORPUS:
        spec = importlib.util.find_spec(name)
        if spec is None or not (spec.origin or "").endswith(".py"):
            continue
        with open(spec.origin, "rb") as file:
            source = file.read()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = compile(source, spec.origin, "exec")
        seen += 1
        yield from code_objects(module)
    assert seen > 20


class NamesWhatDisNames(unittest.TestCase):
    """`dis` lists each line's stores and calls; every one of them must be among the effects."""

    def test_every_store_and_call_of_the_standard_library(self):
        registry = CodeObjectRegistry()
        checked = 0
        for code in corpus():
            effects = registry.wrapper(code).effects
            for line, stores, calls in by_line(code):
                if line is None:
                    everywhere = {n for told in effects.lines().values() for n in told.locals}
                    self.assertLessEqual({n for k, n in stores if k == "FAST"}, everywhere)
                    continue
                told = effects.for_line(line)
                names = {
                    "FAST": {*told.locals, *told.derefs},
                    "DEREF": {*told.derefs},
                    "GLOBAL": {*told.globals},
                    "NAME": {*told.names},
                    "ATTR": {store.name for store in told.stores},
                    "SUBSCR": {"" for store in told.stores if store.kind in SUBSCRIPTS},
                    "SLICE": {"" for store in told.stores if store.kind == "slice"},
                }
                place = f"{code.co_filename}:{line}"
                for kind, name in stores:
                    self.assertIn(name, names[kind], place)
                    checked += 1
                self.assertGreaterEqual(len(told.calls), calls, place)
        self.assertGreater(checked, 10000)


SUBSCRIPTS = ("item", "slice", "delitem")


def by_line(code):
    """Give (line, stores as (kind, name), number of calls) as `dis` tells them."""
    found = {}
    line = code.co_firstlineno
    if hasattr(code, "co_lines"):
        starts = {start: line for start, _, line in code.co_lines()}
    else:
        starts = dict(dis.findlinestarts(code))
    for instruction in dis.get_instructions(code):
        if instruction.offset in starts:
            line = starts[instruction.offset]
        stores, calls = found.setdefault(line, ([], []))
        name = instruction.opname
        if name in CALLS:
            calls.append(name)
        elif name in ("STORE_FAST_STORE_FAST", "STORE_FAST_LOAD_FAST"):
            names = instruction.argval
            if type(names) is not tuple:
                names = tuple(part.strip() for part in instruction.argrepr.split(","))
            stores += [("FAST", n) for n in (names if name.endswith("STORE_FAST") else names[:1])]
        elif name.startswith(("STORE_", "DELETE_")):
            kind = name.split("_")[1]
            stores.append((kind, "" if kind in ("SUBSCR", "SLICE") else instruction.argval))
        elif name == "LOAD_FAST_AND_CLEAR":
            stores.append(("FAST", instruction.argval))
    return [(line, stores, len(calls)) for line, (stores, calls) in found.items()]


CALLS = {"CALL", "CALL_FUNCTION", "CALL_FUNCTION_KW", "CALL_FUNCTION_EX", "CALL_METHOD", "CALL_KW"}


if __name__ == "__main__":
    unittest.main()
