"""Build the same varied values from the same seed in a frame, and evaluate random expressions there.

Usage: python expressions.py SEED COUNT [own]   prints one JSON object a line: expression, and its value or exception
With "own" all expressions are about the program's own classes. Recorded with COUNT 0 it only builds the values.
"""

import json
import random
import signal
import sys
from collections import OrderedDict, defaultdict, deque
from types import MethodType as METHOD

from ownClasses import *
from ownClasses import CLASSES, INSTANCES

chooser = random.Random(int(sys.argv[1]))
COUNT = int(sys.argv[2])
ALL_OWN = sys.argv[3:] == ["own"]


class Node:
    kind = "node"

    def __init__(self, **values):
        self.__dict__.update(values)


class Slots:
    __slots__ = ("first", "second")


def helper(value):
    return value


def canon(value, depth=0):
    """One text for each value, in which the order of a set does not matter."""
    cls = type(value)
    if depth > 30:
        return "..."
    if value is None or value is Ellipsis or value is NotImplemented or cls is bool:
        return repr(value)
    if cls is int:
        return hex(value)
    if cls in (float, complex, str, bytes, bytearray):
        return ascii(value)
    if isinstance(value, (list, tuple, deque)):
        return "%s(%s)" % (cls.__name__, ",".join(canon(item, depth + 1) for item in value))
    if cls in (set, frozenset):
        return "%s(%s)" % (cls.__name__, ",".join(sorted(canon(item, depth + 1) for item in value)))
    if isinstance(value, dict):
        pairs = (canon(key, depth + 1) + ":" + canon(item, depth + 1) for key, item in value.items())
        return "%s(%s)" % (cls.__name__, ",".join(pairs))
    if cls in (type({}.keys()), type({}.values()), type({}.items())):
        return "%s(%s)" % (cls.__name__, ",".join(canon(item, depth + 1) for item in value))
    if cls in (range, slice):
        return "%s(%s)" % (cls.__name__, ",".join(canon(part) for part in (value.start, value.stop, value.step)))
    if isinstance(value, type):
        return "class " + value.__name__
    if cls is METHOD:
        return "method %s of %s" % (value.__func__.__qualname__, canon(value.__self__, depth + 1))
    return "a " + cls.__name__


class Generator:
    """Random expressions, mostly of a wanted type, sometimes of any."""

    def __init__(self, names):
        self.names = names
        self.bound = []

    def pick(self, *choices):
        return chooser.choice(choices)

    def chance(self, share):
        return chooser.random() < share

    def any(self, depth):
        wanted = self.pick("int", "int", "float", "str", "str", "bool", "list", "tuple", "dict", "set", "bytes", "any")
        return self.make(wanted, depth)

    def make(self, wanted, depth):
        if self.chance(0.04):
            wanted = self.pick("int", "float", "str", "bool", "list", "tuple", "dict", "set", "bytes", "none", "object")
        if depth > 0 and self.chance(0.05):
            wanted = "own"
        if wanted == "any":
            wanted = self.pick("int", "float", "complex", "str", "bool", "list", "tuple", "dict", "set", "bytes", "none", "object", "range", "function", "type", "slice")
        if depth <= 0:
            return self.leaf(wanted)
        if self.chance(0.06):
            return "(%s if %s else %s)" % (self.make(wanted, depth - 1), self.any(depth - 2), self.make(wanted, depth - 1))
        if self.chance(0.03):
            return "(%s %s %s)" % (self.make(wanted, depth - 1), self.pick("and", "or"), self.make(wanted, depth - 1))
        if self.chance(0.03):
            name = self.pick("w1", "w2")
            return "[%s := %s, %s][1]" % (name, self.any(depth - 2), self.pick(name, self.make(wanted, depth - 1)))
        if self.chance(0.04):
            return self.element(wanted, depth)
        if self.chance(0.03):
            return "(lambda %s: %s)(%s)" % self.lambda_parts(wanted, depth)
        return getattr(self, "make_" + wanted)(depth)

    def lambda_parts(self, wanted, depth):
        parameter = self.pick("a", "b")
        default = self.pick("", "=" + self.leaf("int"))
        given = self.pick(self.any(depth - 2), self.any(depth - 2), "" if default else self.any(0), parameter + "=" + self.any(0))
        self.bound.append(parameter)
        body = self.make(wanted, depth - 1)
        self.bound.pop()
        return parameter + default, body, given

    def element(self, wanted, depth):
        one = self.make(wanted, depth - 1)
        return self.pick(
            "[%s, %s][0]" % (one, self.any(0)),
            "(%s,)[-1]" % one,
            "{'k': %s}['k']" % one,
            "{'k': %s}.get('k')" % one,
            "next(iter([%s]))" % one,
            "max([%s], key=lambda _: 0)" % one,
        )

    def leaf(self, wanted):
        if self.bound and self.chance(0.3):
            return chooser.choice(self.bound)
        if self.chance(0.6) and self.names.get(wanted):
            return chooser.choice(self.names[wanted])
        return getattr(self, "leaf_" + wanted)()

    # Leaves.

    def leaf_int(self):
        return self.pick("0", "1", "-1", "2", "3", "7", "-12", "255", "256", "1000", "0x_ff", "0b101", "0o17", "10**18", "-2**63", "12345678901234567890", "1_000_000", "True")

    def leaf_float(self):
        return self.pick("0.0", "-0.0", "1.5", "-2.25", "0.1", "1e16", "1e-5", "123456.789", "2.5", "0.5", "1e300", "3.0", "float('inf')", "1e22", "5e-324", "0.1 + 0.2", "2.675")

    def leaf_complex(self):
        return self.pick("1j", "(1+2j)", "(-0.5-3j)", "0j", "complex(1, 2)")

    def leaf_str(self):
        return self.pick("''", "'a'", "'abc'", "'Hello World'", "'a,b,,c'", "'  pad '", "'x' 'y'", "'ünï'", "'1'", "'-42'", "'3.14'", "'it\\'s'", "'a\\tb\\nc'", "'\\U0001f600z'", "r'\\d'", "'{}'", "'%s'", "'ABC'", "'ß'", '"""q"""')

    def leaf_bool(self):
        return self.pick("True", "False")

    def leaf_list(self):
        return self.pick("[]", "[1, 2, 3]", "[3, 1, 2]", "['b', 'a']", "[1.5, 2]", "[[1], [2]]", "[None]", "[(1, 'a'), (2, 'b')]", "[0, '', None]")

    def leaf_tuple(self):
        return self.pick("()", "(1,)", "(1, 2)", "('a', 1)", "(1, (2, 3))", "(3, 2, 1)")

    def leaf_dict(self):
        return self.pick("{}", "{'a': 1}", "{1: 'x', 2: 'y'}", "{'k': [1, 2], 'z': None}", "{(1, 2): 3}", "{1.5: 2}")

    def leaf_set(self):
        return self.pick("set()", "{1}", "{1, 2, 3}", "{'a', 'b'}", "frozenset({2, 3})", "{1, 1.0, True}")

    def leaf_bytes(self):
        return self.pick("b''", "b'abc'", "b'\\x00\\xff'", "b'a b'", "b'1'", "bytearray(b'xy')")

    def leaf_none(self):
        return "None"

    def leaf_object(self):
        return self.pick("None", "...", "node", "slots")

    def leaf_own(self):
        return "%s.%s" % (self.pick(*INSTANCES), self.pick("kind", "limit", "own"))

    def leaf_range(self):
        return self.pick("range(5)", "range(1, 10, 3)", "range(0)", "range(5, 0, -2)")

    def leaf_function(self):
        return self.pick("len", "str", "int", "abs", "(lambda x: x)", "(lambda x, y=1: (x, y))", "str.upper", "repr", "bool", "list", "helper", "type")

    def leaf_type(self):
        return self.pick("int", "str", "bool", "float", "list", "dict", "tuple", "object", "(int, str)", "Exception", "ValueError", "set", "complex", "bytes")

    def leaf_slice(self):
        return self.pick("slice(1, 3)", "slice(None, None, -1)", "slice(2)")

    # Types.

    def make_int(self, depth):
        one = lambda: self.make("int", depth - 1)
        return self.pick(
            lambda: "(%s %s %s)" % (one(), self.pick("+", "-", "*", "//", "%", "&", "|", "^"), one()),
            lambda: "(%s %s %s)" % (one(), self.pick("+", "-", "*", "//", "%", "&", "|", "^"), one()),
            lambda: "%s%s" % (self.pick("-", "~", "+"), one()),
            lambda: "(%s %s %s)" % (one(), self.pick("<<", ">>", "**"), self.pick("0", "1", "3", "7", "20", "-1")),
            lambda: "pow(%s, %s, %s)" % (one(), self.pick("3", "10", "-1", "2"), self.pick("7", "1000", "-13", one())),
            lambda: "len(%s)" % self.make(self.pick("list", "str", "dict", "set", "tuple", "bytes", "range"), depth - 1),
            lambda: "sum(%s)" % self.numbers(depth),
            lambda: "%s(%s)" % (self.pick("min", "max"), self.numbers(depth)),
            lambda: "%s(%s, %s)" % (self.pick("min", "max"), one(), one()),
            lambda: "abs(%s)" % one(),
            lambda: "int(%s)" % self.make(self.pick("float", "str", "int", "bool"), depth - 1),
            lambda: "int(%s, %s)" % (self.pick("'ff'", "'0b11'", "'z'", "'12'", "' 7 '", "'1_0'"), self.pick("16", "0", "36", "2", "10", "8")),
            lambda: "round(%s)" % self.make("float", depth - 1),
            lambda: "round(%s, %s)" % (one(), self.pick("-1", "-2", "0", "1", "None")),
            lambda: "ord(%s)" % self.pick("'a'", "'é'", "b'x'", self.make("str", depth - 1)),
            lambda: "hash(%s)" % self.make(self.pick("int", "float", "bool"), depth - 1),
            lambda: "divmod(%s, %s)[%s]" % (one(), one(), self.pick("0", "1", "-1", "2")),
            lambda: "%s.%s()" % (self.paren(one()), self.pick("bit_length", "conjugate", "bit_length", "__class__", "is_integer", "bit_count")),
            lambda: "%s.%s" % (self.paren(one()), self.pick("real", "imag", "numerator", "denominator", "nothing")),
            lambda: "%s.%s(%s)" % (self.make("str", depth - 1), self.pick("find", "rfind", "index", "rindex", "count"), self.make("str", depth - 1)),
            lambda: "%s.%s(%s, %s)" % (self.make("str", depth - 1), self.pick("find", "rfind", "count"), self.make("str", 0), self.pick("1", "-2", "0, 3", "None, -1", "5")),
            lambda: "%s.%s(%s)" % (self.make(self.pick("list", "tuple"), depth - 1), self.pick("count", "index"), self.any(depth - 2)),
            lambda: "%s[%s]" % (self.make(self.pick("list", "tuple", "range", "bytes"), depth - 1), self.make("int", depth - 2)),
            lambda: "%s[%s]" % (self.make("dict", depth - 1), self.any(depth - 2)),
            lambda: "%s.get(%s, %s)" % (self.make("dict", depth - 1), self.any(depth - 2), one()),
            lambda: "int.from_bytes(%s, %s)" % (self.make("bytes", depth - 1), self.pick("'big'", "'little'", "'big', signed=True")),
            lambda: self.pick("node.count", "node.count", "node.child.value", "slots.first[0]", "len(node.items)", "node.missing", "node.child.items"),
            lambda: "(%s)(%s)" % (self.make("function", depth - 1), self.any(depth - 2)),
            lambda: "next(%s for v in %s%s)" % (self.bind("v", "int", depth), self.iterable(depth), self.pick("", " if v")),
            lambda: "range(%s).%s" % (self.pick("3", "1, 9, 2", "5, 1"), self.pick("start", "stop", "step", "index(3)", "count(2)")),
        )()

    def numbers(self, depth):
        return self.pick(
            "[%s, %s, %s]" % (self.make("int", depth - 2), self.make("int", depth - 2), self.pick(self.make("int", 0), self.make("float", 0))),
            self.make(self.pick("list", "tuple", "range", "set"), depth - 1),
            "%s for v in %s" % (self.bind("v", "int", depth), self.iterable(depth)) if self.chance(0.9) else "1",
        ).replace("1 for", "1 for")

    def bind(self, name, wanted, depth):
        self.bound.append(name)
        result = self.make(wanted, depth - 2)
        self.bound.pop()
        return result

    def iterable(self, depth):
        return self.paren(self.make(self.pick("list", "tuple", "range", "str", "dict", "list", "set"), depth - 2))

    def paren(self, text):
        return "(%s)" % text

    def make_float(self, depth):
        one = lambda: self.make("float", depth - 1)
        number = lambda: self.make(self.pick("float", "int", "bool"), depth - 1)
        return self.pick(
            lambda: "(%s %s %s)" % (one(), self.pick("+", "-", "*", "/", "//", "%"), number()),
            lambda: "(%s %s %s)" % (number(), self.pick("+", "-", "*", "/", "//", "%"), one()),
            lambda: "(%s / %s)" % (self.make("int", depth - 1), self.make("int", depth - 1)),
            lambda: "(%s ** %s)" % (one(), self.pick("2", "-1", "0.5", "0", "3", "-2", "1.0")),
            lambda: "-%s" % one(),
            lambda: "abs(%s)" % self.make(self.pick("float", "complex"), depth - 1),
            lambda: "float(%s)" % self.make(self.pick("int", "str", "float"), depth - 1),
            lambda: "round(%s, %s)" % (one(), self.pick("0", "1", "2", "3", "-1", "10", "400")),
            lambda: "sum([%s, %s, %s])" % (one(), number(), one()),
            lambda: "sum(%s, 0.0)" % self.make("list", depth - 1),
            lambda: "%s.%s" % (self.paren(self.make(self.pick("float", "complex"), depth - 1)), self.pick("real", "imag", "conjugate()", "hex()", "is_integer()", "as_integer_ratio()")),
            lambda: "divmod(%s, %s)" % (one(), number()),
            lambda: "float.fromhex(%s)" % self.pick("'0x1.8p3'", "'-0x.1p-4'", "'zz'", "'1.8'"),
        )()

    def make_complex(self, depth):
        one = self.make("complex", depth - 1)
        other = self.make(self.pick("int", "float", "complex"), depth - 1)
        return self.pick("(%s %s %s)" % (one, self.pick("+", "-", "*", "/"), other), "-%s" % one, "(%s).conjugate()" % one, "complex(%s, %s)" % (self.make("float", 0), self.make("int", 0)))

    def spec(self):
        return self.pick("", "", ">10", "^12", "<8", "*^9", "08", "+", "-", " ", ",", "_", "x", "#x", "b", "o", "X", "d", "c", "e", ".3e", "f", ".2f", ".0f", "g", ".3g", "%", ".1%", "+.2f", "010.3f", ",.2f", "012,", "=+8", "0=8", "s", ".3", ".2s", "r", "10.4", "#o", "n"[:0], "z", "5d", "_x", ",x", "#.3g", "E", "G", "é>6", "q")

    def make_str(self, depth):
        one = lambda: self.make("str", depth - 1)
        return self.pick(
            lambda: "(%s + %s)" % (one(), one()),
            lambda: "(%s * %s)" % (one(), self.pick("0", "2", "3", "-1")),
            lambda: "%s.%s()" % (one(), self.pick("upper", "lower", "title", "capitalize", "swapcase", "strip", "lstrip", "rstrip", "casefold", "expandtabs")),
            lambda: "%s.%s(%s)" % (one(), self.pick("strip", "lstrip", "rstrip", "removeprefix", "removesuffix"), self.make("str", 0)),
            lambda: "%s.%s(%s%s)" % (one(), self.pick("center", "ljust", "rjust", "zfill"), self.pick("5", "10", "0", "-3", "7"), ""),
            lambda: "%s.%s(%s, %s)" % (one(), self.pick("center", "ljust", "rjust"), self.pick("6", "9"), self.pick("'*'", "'ab'", "'é'")),
            lambda: "%s.replace(%s, %s%s)" % (one(), self.make("str", 0), self.make("str", 0), self.pick("", "", ", 1", ", -1")),
            lambda: "%s.join(%s)" % (one(), self.pick(self.make("list", depth - 1), "[str(v) for v in %s]" % self.iterable(depth), self.make("str", depth - 1), "map(str, %s)" % self.iterable(depth))),
            lambda: "%s[%s]" % (one(), self.make("int", depth - 2)),
            lambda: "%s[%s:%s%s]" % (one(), self.pick("", "1", "-2", "3"), self.pick("", "2", "-1", "9"), self.pick("", "", ":2", ":-1")),
            lambda: "%s(%s)" % (self.pick("str", "repr", "ascii"), self.any(depth - 1)),
            lambda: "%s(%s)" % (self.pick("hex", "oct", "bin", "chr"), self.make("int", depth - 1)),
            lambda: "format(%s, %r)" % (self.make(self.pick("int", "float", "str", "bool"), depth - 1), self.spec()),
            lambda: "f'{%s%s%s}'" % (self.inner(depth), self.pick("", "", "!r", "!s", "!a"), self.pick("", ":" + self.spec())),
            lambda: "f'<{%s:{%s}.{%s}}>{{x}}'" % (self.pick("i0", "f0", "s0"), self.pick("8", "i0"), self.pick("2", "3")),
            lambda: "f'{i0=} {s0!r:>10}'",
            lambda: "(%r %% %s)" % (self.percent(), self.pick(self.any(depth - 1), "(%s, %s)" % (self.any(depth - 2), self.any(depth - 2)))),
            lambda: "%r.format(%s, %s)" % (self.template(), self.any(depth - 2), self.any(depth - 2)),
            lambda: "%r.format(a=%s, **%s)" % (self.pick("{a}", "{a!r:>6}", "{b}", "{a[0]}", "{a.real}"), self.any(depth - 2), self.pick("{}", "{'b': 1}", "d0")),
            lambda: "%s.%s(%s)" % (one(), self.pick("partition", "rpartition", "split", "rsplit", "splitlines"), self.pick("','", "' '", "'b'")),
            lambda: "%s.decode()" % self.make("bytes", depth - 1),
            lambda: "type(%s).__name__" % self.any(depth - 1),
            lambda: self.pick("node.name", "node.child.label", "node.name.upper()", "getattr(node, 'name')", "node.child.items", "slots.second"),
            lambda: "%s(%s, key=%s)" % (self.pick("min", "max"), self.make("str", depth - 1), self.pick("str.lower", "ord", "lambda c: -ord(c)")),
        )()

    def inner(self, depth):
        text = self.any(depth - 2)
        return "i0" if any(mark in text for mark in "'\"\\{}!:#") or "lambda" in text else "(%s)" % text

    def percent(self):
        return self.pick("%s", "%r", "%d", "%5d", "%-5d|", "%05d", "%x", "%#X", "%o", "%.2f", "%e", "%g", "%s-%s", "%c", "%%", "%+d", "%10.3f", "%-8s|", "%.1s", "%a", "%i", "% d", "%(a)s", "%q", "%")

    def template(self):
        return self.pick("{}", "{} {}", "{0}{1}", "{1!r}", "{:>5}", "{0:{1}}", "{0.real}", "{0[0]}", "{{}}", "{", "{!s:*^9}", "{2}", "{x}", "{0[a]}")

    def make_bool(self, depth):
        one = lambda: self.any(depth - 1)
        return self.pick(
            lambda: "(not %s)" % one(),
            lambda: "(%s %s %s)" % (self.make("int", depth - 1), self.pick("<", "<=", ">", ">=", "==", "!="), self.make(self.pick("int", "float", "bool"), depth - 1)),
            lambda: "(%s %s %s)" % (self.make("str", depth - 1), self.pick("<", "<=", "==", "!=", "in", "not in"), self.make("str", depth - 1)),
            lambda: "(%s < %s <= %s)" % (self.make("int", depth - 1), self.make("float", depth - 1), self.make("int", depth - 1)),
            lambda: "(%s %s %s)" % (one(), self.pick("==", "!="), one()),
            lambda: "(%s %s %s)" % (self.make("list", depth - 1), self.pick("<", "==", ">=", "!="), self.make("list", depth - 1)),
            lambda: "(%s %s %s)" % (self.make("tuple", depth - 1), self.pick("<", "==", ">", "!="), self.make("tuple", depth - 1)),
            lambda: "(%s %s %s)" % (self.make("set", depth - 1), self.pick("<", "<=", "==", ">=", "!="), self.make("set", depth - 1)),
            lambda: "(%s == %s)" % (self.make("dict", depth - 1), self.make("dict", depth - 1)),
            lambda: "(%s %s %s)" % (one(), self.pick("in", "not in"), self.make(self.pick("list", "tuple", "dict", "set", "range", "bytes"), depth - 1)),
            lambda: "(%s %s None)" % (one(), self.pick("is", "is not")),
            lambda: "(%s is %s)" % (self.pick("node", "l0", "d0", "node.child"), self.pick("node", "l0", "node.items", "l1", "None", "d0")),
            lambda: "isinstance(%s, %s)" % (one(), self.make("type", 0)),
            lambda: "%s(%s)" % (self.pick("any", "all"), self.make(self.pick("list", "tuple", "set", "dict"), depth - 1)),
            lambda: "%s(%s for v in %s)" % (self.pick("any", "all"), self.bind("v", "bool", depth), self.iterable(depth)),
            lambda: "bool(%s)" % one(),
            lambda: "callable(%s)" % self.make(self.pick("function", "int", "list"), depth - 1),
            lambda: "hasattr(%s, %s)" % (self.make(self.pick("int", "str", "list", "dict"), depth - 1), self.pick("'real'", "'upper'", "'append'", "'keys'", "'zz'")),
            lambda: "%s.%s()" % (self.make("str", depth - 1), self.pick("isalpha", "isdigit", "isalnum", "isspace", "isupper", "islower", "istitle", "isidentifier", "isascii", "isdecimal", "isnumeric", "isprintable")),
            lambda: "%s.%s(%s)" % (self.make("str", depth - 1), self.pick("startswith", "endswith"), self.pick(self.make("str", 0), "('a', 'H')", "1", "'l', 2", "'', -1")),
            lambda: "%s.%s(%s)" % (self.make("set", depth - 1), self.pick("issubset", "issuperset", "isdisjoint"), self.make(self.pick("set", "list"), depth - 1)),
            lambda: "issubclass(%s, %s)" % (self.pick("bool", "int", "ValueError", "KeyError"), self.make("type", 0)),
        )()

    def target(self):
        return self.pick(("v", "v"), ("v", "v"), ("v", "v"), ("(v, u)", "v"), ("(v, *u)", "v"))

    def make_list(self, depth):
        one = lambda: self.make("list", depth - 1)
        return self.pick(
            lambda: "[%s, %s]" % (self.any(depth - 1), self.any(depth - 1)),
            lambda: "[*%s, %s]" % (self.make(self.pick("list", "tuple", "str", "range"), depth - 1), self.any(depth - 2)),
            lambda: "[%s for %s in %s]" % (lambda t: (self.bind("v", "any", depth), t[0], self.iterable(depth)))(self.target()),
            lambda: "[%s for v in %s if %s]" % (self.bind("v", "int", depth), self.iterable(depth), self.bind("v", "bool", depth)),
            lambda: "[(v, u) for v in %s for u in %s%s]" % (self.iterable(depth), self.pick("v", self.iterable(depth)), self.pick("", " if v != u")),
            lambda: "(%s + %s)" % (one(), one()),
            lambda: "(%s * %s)" % (one(), self.pick("0", "1", "2", "-1")),
            lambda: "%s[%s:%s%s]" % (one(), self.pick("", "1", "-2"), self.pick("", "2", "-1"), self.pick("", "", ":2", ":-1", ":0")),
            lambda: "sorted(%s%s)" % (self.make(self.pick("list", "tuple", "set", "dict", "str", "range"), depth - 1), self.pick("", "", ", reverse=True", ", key=str", ", key=len", ", key=lambda v: (str(type(v)), str(v))")),
            lambda: "list(%s)" % self.make(self.pick("list", "tuple", "range", "str", "dict", "bytes"), depth - 1),
            lambda: "list(%s(%s))" % (self.pick("enumerate", "reversed", "iter"), self.make(self.pick("list", "tuple", "str", "range"), depth - 1)),
            lambda: "list(zip(%s, %s))" % (one(), self.make(self.pick("list", "str", "range"), depth - 1)),
            lambda: "list(map(%s, %s))" % (self.make("function", depth - 1), one()),
            lambda: "list(filter(%s, %s))" % (self.pick("None", "bool", "lambda v: v", "str"), one()),
            lambda: "%s.copy()" % one(),
            lambda: "list(%s.%s())" % (self.make("dict", depth - 1), self.pick("keys", "values", "items")),
            lambda: "%s.%s(%s)" % (self.make("str", depth - 1), self.pick("split", "rsplit"), self.pick("", "','", "None, 1", "' '", "'l', 1", "sep='a'", "maxsplit=1")),
            lambda: "%s.splitlines(%s)" % (self.make("str", depth - 1), self.pick("", "True")),
            lambda: "sum(%s, [])" % one(),
        )()

    def make_tuple(self, depth):
        return self.pick(
            lambda: "(%s, %s)" % (self.any(depth - 1), self.any(depth - 1)),
            lambda: "(*%s, %s)" % (self.make("list", depth - 1), self.any(depth - 2)),
            lambda: "tuple(%s)" % self.make(self.pick("list", "str", "range", "tuple"), depth - 1),
            lambda: "tuple(%s for v in %s)" % (self.bind("v", "any", depth), self.iterable(depth)),
            lambda: "(%s + %s)" % (self.make("tuple", depth - 1), self.make("tuple", depth - 1)),
            lambda: "%s[%s:]" % (self.make("tuple", depth - 1), self.pick("1", "-1", "::-1"[:0])),
            lambda: "%s.partition(%s)" % (self.make("str", depth - 1), self.make("str", 0)),
            lambda: "slice(%s, %s).indices(%s)" % (self.make("int", 0), self.make("int", 0), self.pick("5", "0", "10")),
            lambda: "%s.as_integer_ratio()" % self.paren(self.make(self.pick("int", "float"), depth - 1)),
        )()

    def make_dict(self, depth):
        return self.pick(
            lambda: "{%s: %s, %s: %s}" % (self.any(depth - 2), self.any(depth - 1), self.any(depth - 2), self.any(depth - 1)),
            lambda: "{**%s, %s: %s}" % (self.make("dict", depth - 1), self.any(depth - 2), self.any(depth - 1)),
            lambda: "{%s: v for v in %s}" % (self.pick("v", "str(v)", "type(v).__name__"), self.iterable(depth)),
            lambda: "{v: u for v, u in %s.items() if %s}" % (self.make("dict", depth - 1), self.bind("v", "bool", depth)),
            lambda: "dict(%s)" % self.pick(self.make("dict", depth - 1), "zip('ab', %s)" % self.make("list", depth - 1), "a=%s" % self.any(depth - 1), "[(1, 2)], b=3", self.make("list", depth - 1)),
            lambda: "dict.fromkeys(%s%s)" % (self.make(self.pick("list", "str", "tuple"), depth - 1), self.pick("", ", 0")),
            lambda: "(%s | %s)" % (self.make("dict", depth - 1), self.make("dict", depth - 1)),
            lambda: "%s.copy()" % self.make("dict", depth - 1),
        )()

    def make_set(self, depth):
        return self.pick(
            lambda: "{%s, %s}" % (self.any(depth - 2), self.any(depth - 2)),
            lambda: "{*%s}" % self.make(self.pick("list", "tuple", "str"), depth - 1),
            lambda: "{%s for v in %s}" % (self.bind("v", "int", depth), self.iterable(depth)),
            lambda: "(%s %s %s)" % (self.make("set", depth - 1), self.pick("|", "&", "-", "^"), self.make("set", depth - 1)),
            lambda: "%s(%s)" % (self.pick("set", "frozenset"), self.make(self.pick("list", "tuple", "str", "range", "dict"), depth - 1)),
            lambda: "%s.%s(%s)" % (self.make("set", depth - 1), self.pick("union", "intersection", "difference", "symmetric_difference"), self.make(self.pick("set", "list", "range"), depth - 1)),
        )()

    def make_bytes(self, depth):
        one = lambda: self.make("bytes", depth - 1)
        return self.pick(
            lambda: "(%s + %s)" % (one(), one()),
            lambda: "%s[%s:]" % (one(), self.pick("1", "-1", "0")),
            lambda: "%s.encode(%s)" % (self.make("str", depth - 1), self.pick("", "'utf-8'", "'latin-1'", "'ascii'")),
            lambda: "bytes(%s)" % self.pick("3", "[1, 2]", "range(4)", self.make("list", depth - 1), "'a', 'ascii'"),
            lambda: "%s.%s()" % (one(), self.pick("upper", "lower", "strip", "hex", "isdigit", "split")),
            lambda: "%s.to_bytes(%s, %s)" % (self.paren(self.make("int", depth - 1)), self.pick("1", "4", "9"), self.pick("'big'", "'little'", "'big', signed=True")),
            lambda: "%s.replace(%s, %s)" % (one(), self.make("bytes", 0), self.make("bytes", 0)),
            lambda: "%s.join([%s, %s])" % (one(), self.make("bytes", 0), self.make("bytes", 0)),
        )()

    def make_none(self, depth):
        return "None"

    def make_object(self, depth):
        return self.pick("node", "node.child", "slots.first", "node.missing", "node.items", "[node][0]", "(node, 1)", "node.child.label", "getattr(node, 'name', 1)", "node.items[0]", "...", "nosuch", "glob", "free", "order", "queue[0]", "queue[-1]", "len(queue)", "order['x']", "factory['y']", "cyclic", "cyclic[0][0]", "named")

    def make_range(self, depth):
        return self.pick("range(%s)" % self.pick("3", "i2", "10", "-2", "a", "0", "'x'", "1.5"), "range(%s, %s, %s)" % (self.pick("0", "1"), self.pick("5", "-5", "10"), self.pick("1", "2", "-1", "0")), "range(10)[%s:%s]" % (self.pick("1", "2"), self.pick("7", "-1")))

    def make_function(self, depth):
        self.bound.append("x")
        body = self.make("any", depth - 2)
        self.bound.pop()
        return self.pick("(lambda x: %s)" % body, "len", "str", "abs", "(lambda *x: x)", "(lambda x, **k: (x, k))", "float", "(lambda x, *, y=2: x)", "(lambda: 0)", "(lambda x, y: x)")

    def make_type(self, depth):
        return self.pick("type(%s)" % self.any(depth - 1), "%s.__class__" % self.make("list", depth - 1), "int")

    def make_own(self, depth):
        one = lambda: self.pick(*INSTANCES)
        cls = lambda: self.pick(*CLASSES)
        attribute = lambda: self.pick(
            "kind", "kind", "limit", "shared", "extra", "own", "name", "count", "x", "y", "RED", "LOW", "value", "code",
            "args", "first", "second", "left", "flavour", "missing", "method", "helper", "make", "real", "append", "total",
            "added", "__class__", "deep", "table", "plain", "described",
        )
        return self.pick(
            lambda: "%s.%s" % (one(), attribute()),
            lambda: "%s.%s" % (one(), attribute()),
            lambda: "%s.%s" % (cls(), attribute()),
            lambda: "%s.%s" % (cls(), self.pick("__name__", "__qualname__", "__module__", "__mro__", "kind", "limit", "__class__")),
            lambda: "type(%s)" % one(),
            lambda: "type(%s).__name__" % one(),
            lambda: "%s.__class__.__mro__[%s]" % (one(), self.pick("0", "1", "-1", "2", "9")),
            lambda: "[c.__name__ for c in type(%s).__mro__]" % one(),
            lambda: "isinstance(%s, %s)" % (self.pick(one(), one(), self.any(depth - 2)), self.pick(cls(), cls(), "(%s, %s)" % (cls(), cls()), "list", "object", "(int, Base)", "Exception")),
            lambda: "issubclass(%s, %s)" % (self.pick(cls(), cls(), "int", "list"), self.pick(cls(), cls(), "(%s, int)" % cls(), "object", "ValueError", "tuple")),
            lambda: "(type(%s) is %s)" % (one(), cls()),
            lambda: "(type(%s) == type(%s))" % (one(), one()),
            lambda: "getattr(%s, %r, %s)" % (self.pick(one(), cls()), attribute(), self.pick("None", "0", one())),
            lambda: "hasattr(%s, %r)" % (self.pick(one(), cls()), attribute()),
            lambda: "bool(%s)" % one(),
            lambda: "(%s %s %s)" % (one(), self.pick("==", "!=", "is", "is not"), self.pick(one(), one(), "None", "1")),
            lambda: "(%s %s [%s, %s, 1])" % (one(), self.pick("in", "not in"), one(), one()),
            lambda: "(%s and %s.kind)" % (one(), one()),
            lambda: "(1 if %s else 2)" % one(),
            lambda: "(not %s)" % one(),
            lambda: "[o.kind for o in (%s, %s) if isinstance(o, %s)]" % (one(), one(), cls()),
            lambda: "sum(isinstance(o, %s) for o in everything)" % cls(),
            lambda: "str(%s)" % self.pick("refused", "nested", "plainError", "one"),
            lambda: "repr(%s)" % self.pick("refused", "nested", "plainError"),
            lambda: "f'{%s}'" % self.pick("refused", "nested", "type(one).__name__", "both.kind"),
            lambda: "len(%s.shared)" % self.pick(one(), cls()),
            lambda: "%s.shared[0] + %s.limit" % (one(), one()),
            lambda: "callable(%s)" % self.pick(cls(), "one.method", "Base.helper", "one.kind"),
            lambda: "%s.method == %s.method" % (self.pick("one", "child", "both"), self.pick("one", "child", "both")),
        )()

    def make_slice(self, depth):
        return "slice(%s, %s)" % (self.make("int", 0), self.make("int", 0))


glob = [10, 20, 30]
named = {"x": 1}


def run():
    i0, i1, i2 = chooser.randrange(-50, 50), chooser.getrandbits(70) - 2**69, 5
    f0, f1 = chooser.uniform(-100, 100), chooser.choice((0.1, 2.5, -0.0, 1e17))
    c0 = complex(chooser.randrange(5), 1.5)
    s0, s1 = "Hello, World", chooser.choice(("", "ünïcode", "a\nb", "x" * 30))
    b0, b1 = b"bytes\x00", True
    l0 = [chooser.randrange(20) for _ in range(5)]
    l1 = ["b", 2, None, [1, 2], (3, 4)]
    l2 = ["pear", "fig", "apple"]
    t0, t1 = (1, 2.5, "x"), ("only",)
    d0 = {"a": 1, "b": [1, 2], 3: "three", (1, 2): None}
    d1 = {chooser.randrange(9): chooser.choice("abc") for _ in range(3)}
    z0, z1 = {1, 2, 3}, frozenset("ab")
    r0 = range(2, 20, 3)
    node = Node(name="root", count=3, items=l0, child=Node(label="leaf", value=2.5, items=[]))
    slots = Slots()
    slots.first = l0
    cyclic = [1]
    cyclic[0] = [cyclic, 2]
    order = OrderedDict(x=1, y=2)
    factory = defaultdict(list, y=[1])
    queue = deque([1, 2, 3])
    free = 7
    a, b, v, u, x = 1, "two", [3], (4,), 5.5
    done = True
    return locals() if done else None


NAMES = {
    "int": ["i0", "i1", "i2", "a", "free"],
    "float": ["f0", "f1", "x"],
    "complex": ["c0"],
    "str": ["s0", "s1", "b"],
    "bool": ["b1"],
    "list": ["l0", "l1", "l2", "glob", "node.items", "v"],
    "tuple": ["t0", "t1", "u"],
    "dict": ["d0", "d1", "named"],
    "set": ["z0", "z1"],
    "bytes": ["b0"],
    "range": ["r0"],
}


class TooLong(BaseException):
    """Raised by the clock: no expression may take longer."""


def too_long(*_):
    raise TooLong


def watch(seconds):
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def outcome(text, names):
    watch(0.3)
    try:
        return {"value": canon(eval(text, names))}
    except RecursionError:
        return {"value": "..."}
    except (MemoryError, TooLong):
        return None
    except Exception as error:
        return {"raised": type(error).__name__, "text": str(error)}
    finally:
        watch(0)


def limit_memory():
    """Let what is too large fail soon."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))


def main():
    if COUNT:
        limit_memory()
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, too_long)
    found = run()
    names = {**globals(), **found}
    generator = Generator(NAMES)
    made = 0
    while made < COUNT:
        text = generator.make_own(2) if ALL_OWN else generator.any(chooser.choice((1, 2, 3, 3, 4)))
        try:
            compile(text, "<expression>", "eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
        if len(text) > 600:
            continue
        for walrus in ("w1", "w2"):
            names.pop(walrus, None)
        found = outcome(text, names)
        if found is None:
            continue
        row = {"expression": text, **found}
        line = json.dumps(row)
        if len(line) < 40_000:
            print(line)
            made += 1


if __name__ == "__main__":
    main()
