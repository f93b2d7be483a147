"""Objects that are new to the log: of every shape, put wherever something can be put, and their ends."""

import heapq
import random
import weakref
from collections import OrderedDict, defaultdict, deque, namedtuple

Pair = namedtuple("Pair", "left right")


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


class Named(Point):
    def __init__(self, x, name):
        super().__init__(x, (x, name))
        self.name = name


class Slotted:
    __slots__ = ("later", "first")

    def __init__(self, first):
        self.first = first


class Mixed(Slotted):
    __slots__ = ("own", "__dict__")

    def __init__(self, first):
        super().__init__(first)
        self.own = [first]
        self.free = {"first": first}


class Empty:
    pass


class Bare:
    __slots__ = ()


class Ending:
    def __init__(self, said, name):
        self.said = said
        self.name = name


class Row(list):
    pass


class Table(dict):
    pass


class Text(str):
    """Equal to a str, but none for the interpreter's quick ways."""


def shapes(number):
    """Each line makes one, which the next but one drops."""
    value = (number, "seven")
    value = (number, 7.5, None, True, "a new text %d" % number)
    value = ()
    value = (number, 1 << 70)
    value = (number, "long " * 300)
    value = (number, b"bytes", 2j, ...)
    value = ((number, (number, (number, ()))), [number], {number: [number]})
    value = [number, [number], (number, [number])]
    value = []
    value = {}
    value = set()
    value = {number, "in a set"}
    value = {"name": number, number: "number", (number, number): "new key", "of two": {"deep": [number]}}
    value = {True: (number,), None: [number]}
    value = {"value": [number], (number, number): "new key behind it", number: [(number,)]}
    value = list(range(31))
    value = list(range(33))
    value = [number + 0.5] * 900
    value = [[place] for place in range(15)]
    value = [[place] for place in range(17)]
    value = [(place, {"place": place, "text": "text %d" % place}) for place in range(4)]
    value = [["text %d of many" % place for place in range(9)], 1 << 70]
    value = Point(number, [number])
    value = Named(number, "name %d" % number)
    value = Slotted(number)
    value = Mixed(number)
    value = Empty()
    value = Bare()
    value = Pair(number, [number])
    value = Row([number])
    value = Table(number=number)
    value = OrderedDict(number=number)
    value = defaultdict(list, number=[number])
    value = deque([number])
    value = bytearray(b"bytes")
    value = range(number)
    value = slice(number)
    value = frozenset((number,))
    value = ValueError(number, [number])
    value = (Slotted((number,)), Point((number,), Slotted(number)), Empty())
    value = [Empty(), {"list": [Bare()]}]
    return value


def circles(number):
    ring = [number]
    ring.append(ring)
    ring = [number, ring]
    table = {"number": number}
    table["table"] = table
    point = Point(number, number)
    point.x = point
    point = [point, table, (ring, table)]
    return point


def asked_for_dict(number):
    point = Point(number, number)
    names = point.__dict__
    names["later"] = (number, "later")
    point = Point(number, number)
    vars(point)["z"] = [number]
    copy = vars(point)
    other = Point(number, number)
    del other.x
    other.x = (other.y,)
    holder = [other.__dict__, point]
    return holder, copy


def stored(number):
    items = [None] * 3
    items[0] = (number, "first")
    items[1] = [number, (number,)]
    items[2] = Point(number, 1)
    items[0] = items[1] = {"both": number}
    items.append((number, "last"))
    items.append([items[0]])
    items[1:3] = [(number, 1), (number, 2), [number, 3]]
    items.insert(1, [number, "inserted"])
    items.extend(((number, 4), (number, 5)))
    items.pop(2)
    items.pop()
    items.pop(0)
    items.remove((number, 4))
    items.reverse()
    del items[0]
    items += [[number]]
    items *= 2
    items.clear()
    pairs = {}
    pairs["tuple"] = (number,)
    pairs[number] = [number]
    pairs["tuple"] = {"in": (number, "out")}
    pairs[(number, number)] = Point(number, (number,))
    odd = {Text("key"): 0, 5: number}
    odd["key"] = (number, odd["key"])
    odd["other"] = [odd.pop(5)]
    point = Point(0, 0)
    point.x = (number, 0)
    point.z = [number]
    point.x, point.y = (number, 1), (number, 2)
    slotted = Slotted(0)
    slotted.later = (number,)
    slotted.first = [number, (number,)]
    del slotted.later
    slotted.later = {}
    return items, pairs, point, slotted


def first_and_rest(first, *rest, word=None, **words):
    kept = (first, rest, word)
    return kept, words


def taking(pair, items, names):
    pair = (pair, items)
    items.append((names, 1))
    return [pair]


def passed(number):
    found = taking((number, 1), [number], {"number": number})
    found = taking((number, "text passed %d" % number), [(number,)], "another text %d" % number)
    found = taking(((number, [number]), 1), [], ())
    found = taking([1 << 80], [b"bytes"], {1, 2})
    found = first_and_rest((number,), [number], word={"n": number}, other=(number, 1))
    return found


def yielding(number):
    got = yield (number, 0)
    while got is not None:
        got = yield [got, (number, 1)]
    yield {"last": number}
    yield Point(number, ())


def yielded(number):
    source = yielding(number)
    first = next(source)
    second = source.send((number, "sent"))
    third = source.send([second])
    rest = [one for one in source]
    return first, third, rest


def refilled(number):
    kept = None
    found = []
    for pair in zip(range(number), "abcdef"):
        found = pair
    for place, pair in enumerate(zip("xyz", range(number))):
        kept = pair
        found = (place, pair)
    for name, value in {"a": (number,), "b": [number]}.items():
        found = value
    for pair in {"a": (number,), "b": [number]}.items():
        found = pair
    return found, kept


def heaps(number):
    heap = []
    for place in range(6):
        heapq.heappush(heap, ((place * 7 + number) % 5, (place, "item")))
    while len(heap) > 2:
        least = heapq.heappop(heap)
        heapq.heapreplace(heap, (least[0] + 9, [place])) if len(heap) == 4 else None
    heap.sort(key=lambda pair: -pair[0])
    return heap


def building(depth):
    found = []
    found.append(building(depth - 1) if depth else ())
    found.append((building(depth - 1), depth) if depth else [])
    return found


def popping(items):
    found = [items.pop(), items.pop(0)]
    found.append((items.pop(), len(items)))
    items.append(found.pop())
    return found


def ends(number):
    said = []
    one = Ending(said, (number, "one"))
    one = Ending(said, (number, "two"))
    pair = (one, [Ending(said, (number, "three"))])
    one = None
    ref = weakref.ref(pair[0])
    pair = (ref, number)
    gone = ref()
    pair = [Ending(said, "four"), Ending(said, "five")]
    pair = {"six": Ending(said, "six"), "list": [Ending(said, "seven")]}
    pair = Point(Ending(said, "eight"), (Ending(said, "nine"),))
    del pair
    circle = [Ending(said, "ten")]
    circle.append(circle)
    circle.clear()
    known = weakref.WeakValueDictionary()
    point = Point(number, number)
    known["point"] = point
    point = Point(number, [known])
    left = len(known)
    return said, gone, left


def changed_unseen(number):
    """What a new object leads to is changed by code that is not seen."""
    rows = ([number], [number, number])
    list(map(list.reverse, rows))
    list(map(list.clear, rows))
    tables = ({"number": number}, {"other": [number]})
    list(map(dict.clear, tables))
    held = ((tables, rows), [[number], [number, 2]])
    list(map(list.clear, held[1]))
    random.Random(number).shuffle(*([1, 2, 3, 4, 5, held],))
    wrapped = (number, [3, 1, 2, number])
    list(map(list.sort, wrapped[1:]))
    return rows, held, wrapped


def many_ends(number):
    rows = [(place, [place]) for place in range(20)]
    rows = [[(place,)] for place in range(40)]
    rows = {place: (place, {"place": place}) for place in range(10)}
    rows = number
    return rows


def main():
    for number in range(4):
        shapes(number)
        circles(number)
        asked_for_dict(number)
        stored(number)
        passed(number)
        yielded(number)
        refilled(number)
        heaps(number)
        building(3)
        popping([number, (number,), [number], "text", (number, number)])
        ends(number)
        changed_unseen(number)
        many_ends(number)


main()
