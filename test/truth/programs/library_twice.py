# What library code changes right after it was called and changed nothing.
import builtins
import code
import random
from collections import deque
from unittest import mock

library = {}
source = """
import builtins
kept = []
def look(*things):
    return len(things)
def put(target, name, value):
    setattr(target, name, value)
def fill(items, place, value):
    items[place] = value
def exchange(holder, name):
    holder[name] = dict(holder[name])
def append_to_default(function, value):
    function.__defaults__[0].append(value)
def append_to_keyword(function, value):
    function.__kwdefaults__['more'].append(value)
def set_cell(function, value):
    function.__closure__[0].cell_contents = value
def append_to_note(function, value):
    function.note.append(value)
def append_to_key(thing, key, value):
    thing.__dict__[key].append(value)
def append_inside(thing, value):
    thing.__dict__.inner.append(value)
def append_to_builtin(value):
    builtins.shown_by_library.append(value)
def swap(elements, old, new):
    elements.remove(old)
    elements.add(new)
def keep(thing):
    kept.append(thing)
def poke(value):
    for thing in kept:
        thing.append(value)
def refill(holder, value):
    holder.value = None
    holder.value = [value]
def hold(items):
    while True:
        value = yield len(items)
        items.append(value)
class Slotted:
    __slots__ = ('first', 'second')
class Plain:
    pass
class InC(random.Random):
    pass
class OfDict(dict):
    pass
"""
library["random"] = random
# Run by library code, as a module of the library would be.
code.InteractiveInterpreter(library).runcode(compile(source, random.__file__, "exec"))
look, put, fill = library["look"], library["put"], library["fill"]


class Thing:
    level = 1

    def __init__(self):
        self.items = [1, 2, 3]


class Other(Thing):
    pass


def in_place():
    thing = Thing()
    items = thing.items
    for _ in range(3):
        look(thing)
    fill(items, 1, "two")
    look(thing)
    fill(items, 1, [2])
    look(thing, items)
    items[1].append(3)
    fill(items, 1, [2])
    return items


def classes():
    thing = Thing()
    look(thing)
    look(Thing)
    with mock.patch.object(Thing, "level", [5]):
        look(thing)
        found = thing.level
        fill(found, 0, 6)
    found = thing.level
    put(Thing, "level", 7)
    found = thing.level
    look(thing)
    put(thing, "__class__", Other)
    look(thing)
    put(thing, "__class__", Thing)
    return found


def builtin():
    shown = [1]
    look(shown)
    put(builtins, "shown_by_library", shown)
    look(shown)
    look(builtins)
    library["append_to_builtin"](2)
    look(shown)
    del builtins.shown_by_library
    return shown


def dicts():
    inner = {"a": [1]}
    holder = {"d": inner}
    look(holder)
    look(holder)
    library["exchange"](holder, "d")
    inner["a"].append(2)
    look(holder)
    fill(holder["d"], "b", 3)
    look(holder)
    library["exchange"](holder, "d")
    fill(inner, "c", 4)
    return holder


def functions():
    given, more, noted = [1], [1], [1]
    inside = 1

    def inner(first=None, *, more=None):
        return inside

    look(inner)
    look(inner)
    put(inner, "__defaults__", (given,))
    look(inner)
    library["append_to_default"](inner, 2)
    look(inner)
    library["append_to_default"](inner, 3)
    put(inner, "__kwdefaults__", {"more": more})
    look(inner)
    library["append_to_keyword"](inner, 2)
    look(inner)
    put(inner, "note", noted)
    look(inner)
    library["append_to_note"](inner, 2)
    look(inner)
    library["append_to_note"](inner, 3)
    library["set_cell"](inner, [5])
    look(inner)
    library["set_cell"](inner, 6)
    return given, noted, inside


def addresses():
    thing = Thing()
    look(thing)
    for number in range(20):
        library["refill"](thing, number)
        look(thing)
        fill(thing.value, 0, -number)
        look(thing)
    values = []
    for number in range(20):
        values.append([number])
        look(values)
        values.clear()
        look(values)
    return thing


def hidden():
    items, second, third = [1], [1], [1]
    library["keep"](items)
    look(1)
    look(1)
    library["poke"](2)
    look(1)
    library["poke"](3)
    holder = library["hold"](second)
    next(holder)
    look(holder)
    look(holder)
    holder.send(2)
    look(holder)
    holder.send(3)
    # Deep enough that nobody shows what has no name.
    rows = [[[[[Thing()]]]]]
    vars(rows[0][0][0][0][0])[5] = third
    look(rows)
    look(rows)
    library["append_to_key"](rows[0][0][0][0][0], 5, 2)
    look(rows)
    library["append_to_key"](rows[0][0][0][0][0], 5, 3)
    fourth = [1]
    rows[0][0][0][0][0].__dict__ = library["OfDict"]()
    put(rows[0][0][0][0][0].__dict__, "inner", fourth)
    look(rows)
    library["append_inside"](rows[0][0][0][0][0], 2)
    look(rows)
    library["append_inside"](rows[0][0][0][0][0], 3)
    return items, second, third, fourth


def of_library():
    slotted, plain = library["Slotted"](), library["Plain"]()
    random_one, of_dict = library["InC"](1), library["OfDict"]()
    inner = [1]
    for one in (plain, random_one, of_dict):
        look(one)
        put(one, "inner", inner)
        look(one)
        put(one, "inner", [2])
        look(one)
        fill(one.inner, 0, 3)
        look(one)
    put(slotted, "second", inner)
    look(slotted)
    put(slotted, "first", [4])
    look(slotted)
    fill(slotted.first, 0, 5)
    look(slotted)
    delattr(slotted, "second")
    look(slotted)
    put(slotted, "first", 6)
    fill(of_dict, "key", inner)
    look(of_dict)
    fill(inner, 0, 7)
    return slotted, plain


def containers():
    elements, line, several = {1, 2}, deque([1, 2]), [set(), deque()]
    look(elements, line, several)
    look(elements, line, several)
    library["swap"](elements, 1, 3)
    look(elements, line, several)
    fill(line, 0, "first")
    look(elements, line, several)
    fill(line, 0, [1])
    line[0].append(2)
    look(elements, line, several)
    library["swap"](elements, 2, 1)
    line.rotate()
    look(several)
    fill(several, 0, {1})
    look(several)
    return elements, line


def many():
    # In a list that nobody shows, longer than a row of what an object refers to.
    first = [1]
    library["kept"][:] = [[first] * 280, first]
    look(library["look"])
    look(library["look"])
    library["poke"](2)
    look(library["look"])
    library["kept"][:] = [[first] * 279]
    library["poke"](first)
    library["kept"][:] = [first]
    library["poke"](3)
    return first


class Rows(list):
    pass


def bound():
    # What a function in C is called goes with the class of its object.
    rows = Rows()
    first = rows.append
    Rows.__qualname__ = "Lines"
    second = Rows().append
    Rows.__module__ = "builtins"
    third = Rows().append
    Rows.__module__ = 3
    return first, second, third, Rows().append


for one in (in_place, classes, builtin, dicts, functions, addresses, hidden, of_library, containers):
    result = one()
many()
methods = bound()
