"""Write random Python values and their repr, one JSON object a line: what a value text must equal.

Usage: python randomValues.py SEED COUNT
A value is ["int", text], ["float", hex], ["str", [code points]], ["bytes", [ints]], ["list", [values]], …
"""

from __future__ import annotations

import json
import random
import struct
import sys
from collections import OrderedDict, deque

random.seed(int(sys.argv[1]))
COUNT = int(sys.argv[2])


def number():
    kind = random.randrange(6)
    if kind == 0:
        return random.randrange(-300, 300)
    if kind == 1:
        return random.getrandbits(random.choice((53, 64, 200, 4000))) * random.choice((1, -1))
    if kind == 2:
        return struct.unpack("<d", random.getrandbits(64).to_bytes(8, "little"))[0]
    if kind == 3:
        return random.choice((0.0, -0.0, 1e16, 1e15, 9999999999999998.0, 1e-4, 1e-5, 0.1, 1 / 3, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan"), 1e22, 123456789012345680.0, 2.0**53))
    if kind == 4:
        return round(random.uniform(-1000, 1000), random.randrange(6)) * 10.0 ** random.randrange(-25, 25)
    return random.choice((True, False))


def text():
    pools = (
        range(32, 127),
        range(0, 256),
        (0x27, 0x22, 0x5C, 0x0A, 0x61),
        range(0, 0x3000),
        range(0xD800, 0xE000),
        range(0x10000, 0x110000),
        range(0x2000, 0x2100),
    )
    codes = []
    for _ in range(random.randrange(12)):
        code = random.choice(random.choice(pools))
        # A pair of surrogates is one character of a JavaScript string.
        if codes and 0xD800 <= codes[-1] < 0xDC00 and 0xDC00 <= code < 0xE000:
            code = 0x61
        codes.append(code)
    return "".join(map(chr, codes))


def scalar():
    kind = random.randrange(8)
    if kind == 0:
        return None
    if kind == 1:
        return Ellipsis
    if kind < 4:
        return number()
    if kind == 4:
        return complex(float(number_in_range()), float(number_in_range()))
    if kind == 5:
        return bytes(random.choice((random.randrange(256), 0x27, 0x22, 0x5C)) for _ in range(random.randrange(10)))
    return text()


def number_in_range():
    value = number()
    return value if type(value) is float else float(value % 1000)


def value(depth):
    if depth == 0 or random.random() < 0.4:
        return scalar()
    items = [value(depth - 1) for _ in range(random.randrange(4))]
    kind = random.randrange(10)
    if kind < 2:
        if random.random() < 0.1:
            items.append(items)
        return items
    if kind < 4:
        return tuple(items)
    if kind < 6:
        result = {key(): item for item in items}
        if random.random() < 0.1:
            result["me"] = result
        return result
    if kind == 6:
        return deque(items, random.choice((None, len(items) + 1)))
    if kind == 7:
        return random.choice((set, frozenset))(key() for _ in items)
    if kind == 8:
        return bytearray(random.randrange(256) for _ in items)
    return random.choice((range(3), range(1, 5, 2), range(5, 0, -1), slice(1, None, 2), slice(3), OrderedDict()))


def key():
    while True:
        one = scalar()
        if one == one:
            return one


ids = {}


def encode(one, seen):
    cls = type(one)
    if one is None or one is Ellipsis:
        return [repr(one)]
    if cls is bool:
        return ["bool", one]
    if cls is int:
        return ["int", hex(one)]
    if cls is float:
        return ["float", struct.pack("<d", one).hex()]
    if cls is complex:
        return ["complex", struct.pack("<d", one.real).hex(), struct.pack("<d", one.imag).hex()]
    if cls is str:
        return ["str", [ord(c) for c in one]]
    if cls in (bytes, bytearray):
        return [cls.__name__, list(one)]
    if id(one) in seen:
        return ["again", seen[id(one)]]
    number = seen[id(one)] = len(seen) + 1
    name = ("collections." if cls in (deque, OrderedDict) else "") + cls.__name__
    if cls in (dict, OrderedDict):
        return [name, number, [[encode(k, seen), encode(v, seen)] for k, v in one.items()]]
    if cls in (range, slice):
        return [name, number, [encode(part, seen) for part in (one.start, one.stop, one.step)]]
    return [name, number, [encode(item, seen) for item in one], getattr(one, "maxlen", None)]


for _ in range(COUNT):
    one = value(4)
    print(json.dumps({"value": encode(one, {}), "repr": [ord(c) for c in repr(one)]}))
