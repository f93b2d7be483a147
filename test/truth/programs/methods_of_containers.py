# Methods that change one end, the size or nothing; arguments that change the container meanwhile.
from collections import deque

xs, ys = [1, [2], 3, "four"], []
bag, seen = {1, 2}, set()
table = {"a": 1, "b": [2]}
line, short = deque([1, [2], 3]), deque([1, 2], maxlen=2)


class Key:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        seen.add(self.name)
        bag.discard(1)
        return 11

    def __eq__(self, other):
        table.pop("b", None)
        return self.name == other.name


def draining(things):
    while things:
        yield [things.pop()]


def growing(things, n):
    things.append(n)
    yield n
    things.pop(0)
    yield things


def lists(n):
    xs.pop()
    xs.pop(0); xs.pop(-1)
    xs.extend([n, [n]]), xs.pop()
    xs.insert(0, xs.pop())
    xs.extend([])
    xs.extend(growing(xs, n))
    del xs[4:]
    ys.extend(draining(xs[:]))
    xs.extend(draining(ys))
    try: xs.remove("absent")
    except ValueError: xs.remove(xs[0])
    held = xs.pop
    held()
    (held(), xs.append(n))
    ys.clear(); ys.clear()


def sets(n):
    bag.add(n); bag.add(n)
    bag.add(2)
    bag.discard(n + 7)
    bag.update([2, n], bag)
    bag.difference_update({n}, [2])
    bag.intersection_update({1, 2, n, 3})
    bag.add(Key("k"))
    bag.update({Key("k"), n + 1})
    try: bag.remove("absent")
    except KeyError: bag.pop()
    seen.clear(); bag.clear()


def dicts(n):
    table.setdefault("a", n)
    table.setdefault(n, [n]).append(n)
    table.pop("absent", None)
    table.pop(n)
    table[Key("x")] = n
    table.setdefault(Key("x"), n + 1)
    table.pop(Key("x"))
    try: table.pop("b")
    except KeyError: table["b"] = n
    table.popitem()
    table.update(a=n)
    vars(Key("y")).pop("name")


def deques(n):
    line.append([n])
    line.popleft()
    line.pop(); line.append(n)
    line.popleft(), line.append(n)
    short.append(n)
    short.append([n]); short.popleft()
    short.extend([n, n, n])
    line.remove(n); line.appendleft(n)
    line.rotate(1)
    while len(line) > 2: line.pop()
    return line.popleft() if line else None


for n in range(2):
    lists(n)
    sets(n)
    dicts(n)
    deques(n)
    xs.extend([n, [n + 1], "s"])
    line.extend([[n], n])
print(xs, ys, bag, seen, table, line, short)
