from __future__ import annotations

import collections
import os
import sys
import threading
import types
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from effects_as_text import code_objects  # noqa: E402

from pytracer import format as f  # noqa: E402
from pytracer.code_objects import CodeObjectRegistry, encode_code  # noqa: E402

FIELDS = """
    code_id filename qualname name firstlineno argcount posonlyargcount kwonlyargcount flags
    varnames cellvars freevars names consts consts_digest bytecode line_bytes exception_table
    slots line_table line_starts effects hash
""".split()

PLAIN_FIELDS = """
    filename name firstlineno argcount posonlyargcount kwonlyargcount flags varnames cellvars
    freevars names
""".split()

SOURCE = """
class Outer(Base):
    "Doc."
    class Inner:
        def method(self, a, /, b=1.5, *args, c=2j, **others):
            def local(x):
                nonlocal b
                b = [y for y in (x, a)]
                return lambda: b
            return local, b"bytes", 1 << 70, ..., "\\udc80", -1, (1, "x"), None
    async def waits(self):
        global made_global
        def made_global(): pass
        try:
            async with self: yield 1
        except KeyError as error: pass
"""


def compiled(source=SOURCE, filename="file.py"):
    return compile(source, filename, "exec", dont_inherit=True)


class CountingSource:
    """Reads attributes of code objects and counts each."""

    def __init__(self):
        self.counts = collections.Counter()

    def __call__(self, code, attribute):
        self.counts[id(code), attribute] += 1
        return getattr(code, attribute)


class AWrapper(unittest.TestCase):
    def test_fetches_nothing_before_it_is_asked_and_each_attribute_once(self):
        source = CountingSource()
        registry = CodeObjectRegistry(source)
        module = compiled()
        codes = list(code_objects(module))
        for code in codes:
            registry.wrapper(code)
        self.assertEqual(source.counts, {})
        for _ in range(3):
            for code in codes:
                wrapper = registry.wrapper(code)
                for field in FIELDS:
                    getattr(wrapper, field)
                for offset in range(0, len(code.co_code), 2):
                    wrapper.line_for_offset(offset)
                encode_code(wrapper, 0)
        self.assertEqual({key: n for key, n in source.counts.items() if n != 1}, {})
        self.assertEqual(registry.fetches, sum(source.counts.values()))

    def test_has_the_fields_of_the_code_object(self):
        registry = CodeObjectRegistry()
        module = compiled()
        for code in code_objects(module):
            wrapper = registry.wrapper(code)
            for field in PLAIN_FIELDS:
                self.assertEqual(getattr(wrapper, field), getattr(code, "co_" + field))
            self.assertEqual(wrapper.bytecode, code.co_code)
            self.assertIs(wrapper.code(), code)

    def test_knows_the_line_of_every_offset_as_the_interpreter_does(self):
        registry = CodeObjectRegistry()
        module = compiled()
        for code in code_objects(module):
            wrapper = registry.wrapper(code)
            for offset in range(0, len(code.co_code), 2):
                self.assertEqual(wrapper.line_for_offset(offset), line_by_cpython(code, offset))
            self.assertIsNone(wrapper.line_for_offset(-1))
            self.assertIsNone(wrapper.line_for_offset(len(code.co_code)))

    def test_names_functions_as_they_name_themselves(self):
        module = compiled()
        registry = CodeObjectRegistry()
        # Before 3.11 a name is known by way of the enclosing code.
        registry.wrapper(module).consts  # noqa: B018
        self.assertEqual(
            [
                registry.wrapper(code).qualname
                for code in code_objects(module)
                if code is not module
            ],
            [
                "Outer",
                "Outer.Inner",
                "Outer.Inner.method",
                "Outer.Inner.method.<locals>.local",
            ]
            + ["Outer.Inner.method.<locals>.local.<locals>.<listcomp>"]
            * (sys.version_info < (3, 12))
            + ["Outer.Inner.method.<locals>.local.<locals>.<lambda>", "Outer.waits", "made_global"],
        )

    def test_lists_slots_in_the_order_of_the_format(self):
        namespace = {}
        exec("def f(a, b):\n c = a\n def g():\n  return a, c, d\n return g\n d = 1", namespace)
        code = namespace["f"].__code__
        slots = CodeObjectRegistry().wrapper(code).slots
        self.assertEqual(slots[: len(code.co_varnames)], code.co_varnames)
        self.assertEqual(sorted(slots), sorted({*code.co_varnames, *code.co_cellvars}))
        inner = next(c for c in code.co_consts if isinstance(c, types.CodeType))
        self.assertEqual(CodeObjectRegistry().wrapper(inner).slots, inner.co_freevars)

    def test_shows_bytecode_without_instrumentation(self):
        def traced(n):
            total = 0
            for i in range(n):
                total += i
            return total

        before = traced.__code__.co_code
        seen = []

        def tracer(frame, event, arg):
            if frame.f_code is traced.__code__:
                seen.append(CodeObjectRegistry().wrapper(frame.f_code).bytecode)
            return tracer

        old = sys.gettrace()
        sys.settrace(tracer)
        try:
            for _ in range(100):
                traced(3)
        finally:
            sys.settrace(old)
        self.assertEqual(set(seen), {before})

    def test_keeps_what_was_asked_and_refuses_the_rest_after_its_code_died(self):
        registry = CodeObjectRegistry()
        wrapper = registry.wrapper(compiled("x = 1"))
        self.assertIsNone(wrapper.code())
        with self.assertRaises(ReferenceError):
            wrapper.filename  # noqa: B018
        code = compiled("x = 1")
        wrapper = registry.wrapper(code)
        payload = encode_code(wrapper, 1)
        effects = wrapper.effects
        del code
        self.assertIsNone(wrapper.code())
        self.assertEqual(wrapper.filename, "file.py")
        self.assertIs(wrapper.effects, effects)
        self.assertEqual(encode_code(wrapper, 1), payload)

    def test_does_not_keep_constants_alive(self):
        registry = CodeObjectRegistry()
        module = compiled()
        nested = registry.wrapper(next(c for c in code_objects(module) if c.co_name == "Outer"))
        wrapper = registry.wrapper(module)
        for field in FIELDS:
            getattr(wrapper, field)
        self.assertIsNotNone(nested.code())
        del module
        self.assertIsNone(nested.code())
        self.assertEqual(len(registry), 0)

    def test_refuses_unknown_fields(self):
        code = compiled("x = 1")
        with self.assertRaises(AttributeError):
            CodeObjectRegistry().wrapper(code).nothing  # noqa: B018


def line_by_cpython(code, offset):
    if hasattr(code, "co_lines"):
        for start, end, line in code.co_lines():
            if start <= offset < end:
                return line
        return None
    import dis

    line = None
    for start, found in dis.findlinestarts(code):
        if start <= offset:
            line = found
    return line


class TheHash(unittest.TestCase):
    def hash_of(self, source, filename="file.py"):
        code = compiled(source, filename)
        return CodeObjectRegistry().wrapper(code).hash

    def test_is_equal_for_equal_code_of_any_file(self):
        self.assertEqual(self.hash_of(SOURCE), self.hash_of(SOURCE))
        self.assertEqual(self.hash_of(SOURCE), self.hash_of(SOURCE, "other.py"))
        self.assertEqual(len(self.hash_of(SOURCE)), 16)

    def test_differs_for_different_code(self):
        sources = [
            "x = 1",
            "x = 2",
            "y = 1",
            "\nx = 1",
            "x = 1.0",
            "x = True",
            "x = 0.0",
            "x = -0.0",
            "x = 0j",
            "x = '1'",
            "x = b'1'",
            "x = (1, 2)",
            "x = ((1,), 2)",
            "x = (1, 2.0)",
            "x = 1 in {1, 2}",
            "x = 1 in {1, 3}",
            "def f(): pass",
            "def f(): return 1",
            "def f(a): pass",
            "def f(a, /): pass",
            "def f(*, a): pass",
            "async def f(): pass",
            "def f():\n def g(): pass",
            "def f():\n def g(): return 1",
            "lambda: 1",
            "lambda: 2",
            "x = y[1:2]",
            "x = y[1:3]",
            "x =  1",
            "x = ''",
            "x = '\\udc80'",
        ]
        if sys.version_info < (3, 11):
            sources.remove("x =  1")  # There are no columns.
        hashes = {self.hash_of(source): source for source in sources}
        self.assertEqual(len(hashes), len(sources))


class Reader:
    """An independent reader of CODE payloads, by the text of FORMAT.md."""

    def __init__(self, payload):
        self.payload = payload
        self.place = 0

    def byte(self):
        self.place += 1
        return self.payload[self.place - 1]

    def take(self, count):
        self.place += count
        return self.payload[self.place - count : self.place]

    def uv(self):
        shift = value = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def sv(self):
        value = self.uv()
        return -(value + 1) // 2 if value & 1 else value // 2

    def sized(self):
        return self.take(self.uv())

    def text(self):
        return self.sized().decode("utf-8", "surrogatepass")

    def value(self):
        tag = self.byte()
        if tag == f.V_NONE:
            return None
        if tag in (f.V_TRUE, f.V_FALSE):
            return tag == f.V_TRUE
        if tag == f.V_INT:
            return self.sv()
        if tag == f.V_BIGINT:
            sign = self.byte()
            magnitude = int.from_bytes(self.sized(), "little")
            return -magnitude if sign else magnitude
        if tag == f.V_FLOAT:
            import struct

            return struct.unpack("<d", self.take(8))[0]
        if tag == f.V_COMPLEX:
            import struct

            return complex(*struct.unpack("<dd", self.take(16)))
        if tag == f.V_STR:
            assert self.uv() == 0
            return self.text()
        if tag == f.V_STR_CUT:
            return ("cut", self.uv(), self.text())
        if tag == f.V_BYTES:
            return self.sized()
        if tag == f.V_BYTES_CUT:
            return ("cut", self.uv(), self.sized())
        if tag == f.V_INT_CUT:
            return ("cut", self.byte(), self.uv(), self.sized())
        if tag == f.V_ELLIPSIS:
            return ...
        assert tag == f.V_TEXT
        return ("type", self.text())


class TheCodeFrame(unittest.TestCase):
    def check(self, wrapper, code):
        reader = Reader(encode_code(wrapper, 7))
        self.assertEqual(reader.uv(), wrapper.code_id)
        self.assertEqual(reader.text(), code.co_filename)
        self.assertEqual(reader.text(), wrapper.qualname)
        self.assertEqual(reader.text(), code.co_name)
        self.assertEqual(reader.sv(), code.co_firstlineno)
        self.assertEqual(reader.uv(), code.co_argcount)
        self.assertEqual(reader.uv(), code.co_posonlyargcount)
        self.assertEqual(reader.uv(), code.co_kwonlyargcount)
        self.assertEqual(reader.uv(), code.co_flags)
        for names in (code.co_varnames, code.co_cellvars, code.co_freevars, code.co_names):
            self.assertEqual(tuple(reader.text() for _ in range(reader.uv())), names)
        self.assertEqual(reader.uv(), len(code.co_consts))
        for constant in code.co_consts:
            self.assertEqual(repr(reader.value()), repr(short(constant)))
        kind = 1 if sys.version_info < (3, 10) else 2 if sys.version_info < (3, 11) else 3
        self.assertEqual(reader.byte(), kind)
        self.assertEqual(reader.sized(), code.co_lnotab if kind == 1 else code.co_linetable)
        self.assertEqual(reader.sized(), getattr(code, "co_exceptiontable", b""))
        self.assertEqual(reader.sized(), code.co_code)
        self.assertEqual(reader.take(16), wrapper.hash)
        self.assertEqual(reader.uv(), 7)
        self.assertEqual(reader.place, len(reader.payload))

    def test_holds_what_the_format_says(self):
        registry = CodeObjectRegistry()
        module = compiled()
        for code in code_objects(module):
            self.check(registry.wrapper(code), code)
        self.check(registry.wrapper(sys._getframe().f_code), sys._getframe().f_code)

    def test_cuts_long_constants(self):
        constants = ("s" * 3000, b"b" * 3000, -(1 << 9000), "\u00e9" * 1024)
        code = compiled("x = 1").replace(co_consts=constants)
        self.assertEqual(
            [short(constant)[:2] for constant in code.co_consts[:3]],
            [("cut", 3000), ("cut", 3000), ("cut", 1)],
        )
        self.check(CodeObjectRegistry().wrapper(code), code)


def short(constant):
    kind = type(constant)
    if kind in (str, bytes) and len(constant) > 1024:
        return ("cut", len(constant), constant[:1024])
    if kind is int and constant.bit_length() > 8192:
        bits = constant.bit_length()
        most = abs(constant) >> (bits - 8192)
        return ("cut", int(constant < 0), bits, most.to_bytes(1024, "little"))
    if kind in (type(None), bool, int, float, complex, str, bytes, type(...)):
        return constant
    return ("type", kind.__name__)


class TheRegistry(unittest.TestCase):
    def test_gives_one_wrapper_for_one_code_object(self):
        registry = CodeObjectRegistry()
        code = compiled("x = 1")
        self.assertIs(registry.wrapper(code), registry.wrapper(code))
        self.assertEqual(len(registry), 1)

    def test_tells_equal_code_objects_apart(self):
        registry = CodeObjectRegistry()
        first, second = compiled("x = 1"), compiled("x = 1", "other.py")
        self.assertEqual(first, second)
        self.assertIsNot(registry.wrapper(first), registry.wrapper(second))
        self.assertEqual(registry.wrapper(second).filename, "other.py")

    def test_numbers_code_objects_densely_in_the_order_of_asking(self):
        registry = CodeObjectRegistry()
        codes = [compiled(f"x = {n}") for n in range(5)]
        wrappers = [registry.wrapper(code) for code in codes]
        self.assertEqual([wrapper.code_id for wrapper in reversed(wrappers)], [1, 2, 3, 4, 5])

    def test_does_not_grow_and_confuses_none_while_100000_code_objects_come_and_go(self):
        registry = CodeObjectRegistry()
        template = compiled("x = 1")
        addresses = collections.Counter()
        for number in range(100_000):
            code = template.replace(co_firstlineno=number + 1)
            wrapper = registry.wrapper(code)
            self.assertEqual(wrapper.firstlineno, number + 1)
            addresses[id(code)] += 1
            self.assertLessEqual(len(registry), 2)
        # The test means something only if addresses were used again.
        self.assertGreater(addresses.most_common(1)[0][1], 100)
        del code
        self.assertEqual(len(registry), 0)

    def test_does_not_grow_with_compiled_programs(self):
        registry = CodeObjectRegistry()
        for number in range(2000):
            module = compiled(f"def f(a):\n return a + {number}\n")
            for code in code_objects(module):
                wrapper = registry.wrapper(code)
                wrapper.hash, wrapper.effects  # noqa: B018
            del code, module
        self.assertEqual(len(registry), 0)

    def test_confuses_none_in_four_threads_at_once(self):
        registry = CodeObjectRegistry()
        template = compiled("x = 1")
        wrong = []

        def churn(thread):
            for number in range(25_000):
                line = thread * 1_000_000 + number + 1
                code = template.replace(co_firstlineno=line)
                if registry.wrapper(code).firstlineno != line:
                    wrong.append(line)

        self.in_threads(churn)
        self.assertEqual(wrong, [])
        self.assertEqual(len(registry), 0)

    def test_gives_racing_threads_the_same_wrapper(self):
        registry = CodeObjectRegistry()
        codes = [compiled(f"x = {n}") for n in range(3000)]
        got = [[] for _ in range(4)]

        def ask(thread):
            for code in codes:
                wrapper = registry.wrapper(code)
                got[thread].append((wrapper, wrapper.code_id))

        self.in_threads(ask)
        for row in zip(*got):
            self.assertEqual(len({id(wrapper) for wrapper, _ in row}), 1)
            self.assertEqual(len({code_id for _, code_id in row}), 1)
        self.assertEqual(len({code_id for _, code_id in got[0]}), len(codes))

    def test_believes_no_entry_whose_code_object_is_another(self):
        registry = CodeObjectRegistry()
        code, other = compiled("x = 1"), compiled("y = 2")
        stale = registry.wrapper(other)
        # As if the eviction of `other` had failed and `code` had been born at its address.
        registry._wrappers[id(code)] = stale
        wrapper = registry.wrapper(code)
        self.assertIsNot(wrapper, stale)
        self.assertEqual(wrapper.names, ("x",))
        self.assertIs(registry.wrapper(code), wrapper)

    def in_threads(self, work):
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            sys.setswitchinterval(interval)


if __name__ == "__main__":
    unittest.main()
