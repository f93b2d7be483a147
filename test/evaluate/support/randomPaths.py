"""Build the same nested data from the same seed, and write random paths into it with what Python says.

Usage: python randomPaths.py SEED COUNT     prints one JSON object a line: {"path": ..., "repr": ... or null}
Recorded without COUNT it only builds `data`.
"""

import json
import random
import sys
from collections import OrderedDict, deque

chooser = random.Random(int(sys.argv[1]))
KEYS = ["a", "key two", "ä", "it's", 0, 1, -7, 2.5, True, None, b"raw", (1, "x"), ("n", (2, 3)), 10**20]


class Node:
    def __init__(self, **values):
        self.__dict__.update(values)


class Slots:
    __slots__ = ("first", "second")


def scalar():
    return chooser.choice([1, -2.5, "text", "ünï\n", b"by'tes", None, True, 10**30, 1j, float("inf")])


def build(depth):
    if depth == 0 or chooser.random() < 0.15:
        return scalar()
    size = chooser.randrange(1, 5)
    items = [build(depth - 1) for _ in range(size)]
    kind = chooser.randrange(8)
    if kind < 2:
        return items
    if kind == 2:
        return tuple(items)
    if kind < 5:
        return {key: item for key, item in zip(chooser.sample(KEYS, size), items)}
    if kind == 5:
        return chooser.choice((deque(items), OrderedDict(zip(chooser.sample(KEYS, size), items))))
    if kind == 6:
        return Node(**{name: item for name, item in zip(("x", "y_1", "größe", "z"), items)})
    node = Slots()
    node.first = items[0]
    return node


data = build(5)


def literal(key):
    if type(key) in (int, float) and chooser.random() < 0.3 and key == key // 1:
        return repr(chooser.choice((int(key), float(key)))) if abs(key) < 1000 else repr(key)
    return chooser.choice((repr(key), '"a"' if key == "a" else repr(key)))


def path():
    text, value = "data", data
    for _ in range(chooser.randrange(1, 7)):
        if type(value) in (list, tuple, deque, str, bytes) and len(value):
            index = chooser.randrange(-len(value) - 1, len(value) + 1)
            text += "[%d]" % index
        elif type(value) in (dict, OrderedDict):
            key = chooser.choice(list(value) if chooser.random() < 0.85 else KEYS)
            text += "[%s]" % literal(key)
        elif type(value) is Node:
            text += "." + chooser.choice(list(value.__dict__) + ["nothing"])
        elif type(value) is Slots:
            text += chooser.choice((".first", ".second"))
        else:
            break
        try:
            value = eval(text)
        except Exception:
            return text, None
    return text, value


def is_plain(value):
    if type(value) in (Node, Slots):
        return False
    if type(value) in (list, tuple, deque):
        return all(is_plain(item) for item in value)
    if type(value) in (dict, OrderedDict):
        return all(is_plain(item) for item in value.values())
    return True


def found(text, value):
    try:
        eval(text)
    except Exception:
        return None
    return repr(value) if is_plain(value) else "..."


if len(sys.argv) > 2:
    for _ in range(int(sys.argv[2])):
        text, value = path()
        print(json.dumps({"path": text, "repr": found(text, value)}))
