"""Pairs of dicts, slots and attributes, which the native recorder compares one by one."""

import collections


def words(count):
    for number in range(count):
        yield "w" + str(number % 7)


def equal_keys():
    counts = {}
    for word in words(40):
        counts[word] = counts.get(word, 0) + 1
    del counts["w3"]
    for word in words(30):
        if word != "w5":
            counts[word] = counts.get(word, 0) - 1
    del counts["w0"]
    counts["w6"] = [1]
    counts["w6"].append(2)
    counts["w" + str(3)] = "again"
    return counts


def other_keys():
    mixed = {}
    for number in range(12):
        mixed[number] = number
    mixed[True] = "one"
    mixed[2.0] = "two"
    mixed[1 << 70] = "large"
    mixed[1 << 70] = "larger"
    key = 3
    mixed[key] = None
    mixed[-1] = "below"
    mixed[-2] = "hash of -1"
    mixed[-1] = "below again"
    mixed["text"] = 1
    mixed["te" + "xt"[0:2]] = 2
    mixed[(1, 2)] = 3
    pair = (1, 2)
    mixed[pair] = 4
    return mixed


def split_dict():
    box = Box(1)
    names = box.__dict__
    names["value"] = 2
    box.value = 3
    names["other"] = 4
    key = "value"
    names[key] = 5
    box.extra = 6
    del names["other"]
    names["value"] = 7
    box.value = 8
    return box, names


class Box:
    def __init__(self, value):
        self.value = value

    def method(self):
        return self.value


class Slots:
    __slots__ = ("first", "second", "third")


class Twice(Slots):
    __slots__ = ("first", "fourth")


class Mixed(Slots):
    def __init__(self):
        self.free = 0


def slots():
    one = Slots()
    one.third = 3
    one.first = 1
    one.second = 2
    one.second += 0.5
    one.third = one.first
    del one.second
    one.second = [one]
    two = Twice()
    two.first = "lower"
    two.fourth = 4
    two.first = "lower again"
    two.fourth += 1
    three = Mixed()
    three.free += 1
    three.first = 1
    three.first += 1
    three.free = "text"
    three.late = None
    return one, two, three


def shadowed_methods():
    boxes = [Box(number) for number in range(3)]
    total = 0
    for box in boxes:
        total += box.method()
        if total > 0:
            box.method = lambda: 10
        total += box.method()
    del boxes[1].method
    for box in boxes:
        box.value = box.method()
    Box.added = lambda self: self.value
    for box in boxes:
        box.value += box.added()
        box.added = box.method
    return boxes, total


def ranges():
    row = list(range(6))
    low, high = 1, 4
    row[low], row[high] = row[high], row[low]
    row[0], row[5] = row[5], [row[0]]
    row[2], row[3] = row[5], row[5]
    row[low], row[high] = None, "text"
    row[0], row[2] = row[2], row[0]
    text = "ab"
    found = text[low - 1] in "xa"
    many = {number: None for number in range(300)}
    for number in range(0, 300, 50):
        many[number] = number
    del many[7]
    many[299] = "last"
    many[8] = many[299]
    return row, found, many


def kinds_of_variables():
    value = 1
    value = 1.5
    value = "text"
    value = "te" + str(value)[2:]
    value = None
    value = True
    value = [value]
    value = value[0]
    value = 1 << 80
    value = value - value + 1
    value = b"bytes"
    value = 2j
    value = ()
    value = "x" * 500
    value = "x" * 500
    del value
    value = 3
    return value


def in_library():
    kept = collections.Counter()
    fixed = (1, "two", None)
    nested = (fixed, [1])
    for word in words(5):
        kept[word] += 1
    kept.update(words(9))
    table = collections.OrderedDict(a=nested)
    table.move_to_end("a")
    nested[1].append(fixed)
    return kept, table


results = [
    equal_keys(),
    other_keys(),
    split_dict(),
    slots(),
    shadowed_methods(),
    ranges(),
    kinds_of_variables(),
    in_library(),
]
