import collections
import functools
import weakref


class Res:
    def __init__(self, name, held=None):
        self.name = name
        self.held = held


def scope(log):
    inner = Res("inner")
    weakref.finalize(inner, log.append, "inner")
    log.append(inner.name)


def rebind(log, r):
    r = None
    n = len(log)
    return n


log = []
r = Res("r")
fin = weakref.finalize(r, log.append, "r gone")
r = None
x = 1
s = Res("s")
ref = weakref.ref(s, lambda r: log.append("s"))
s = 2
y = x
t = Res("t")
cache = weakref.WeakValueDictionary(t=t)
cache["u"] = u = Res("u")
keyed = weakref.WeakKeyDictionary({t: [1], u: [2]})
group = weakref.WeakSet([t])
t = y
y = 3
del u
y = 4
scope(log)
z = 5
held = Res("outer", Res("within"))
fin = weakref.finalize(held.held, log.extend, "ab")
held.held = None
z = 6
held.held = Res("again")
fin = weakref.finalize(held.held, setattr, held, "left", "bye")
held.held = z
z = 7
box = [Res("boxed")]
fin = weakref.finalize(box[0], log.clear)
box[0] = 1
z = 8
box = {"k": Res("key")}
cache["k"] = box["k"]
box["k"] = 0
z = 9
for q in [Res("q1")]:
    cache[q.name] = q
q = 10
z = 10
fin = weakref.finalize(Res("at once"), log.append, "at once")
z = 11
rebind(log, Res("arg"))
a = b = Res("ab")
fin = weakref.finalize(a, log.append, "ab")
a = None
b = 3
z = 12


def called_in_c():
    said, seen, last = [], {}, collections.deque()
    one, two, three, four = Res("one"), Res("two"), Res("three"), Res("four")
    refs = [weakref.ref(one, said.append), weakref.ref(two, functools.partial(seen.setdefault, "two"))]
    refs.append(weakref.ref(three, last.append))
    again = weakref.ref(four, functools.partial(list.append, said))
    z = 1
    del one
    z = 2
    two = None
    z = 3
    three = z
    z = 4
    del four
    z = 5
    again = None
    said.clear()
    return said, seen, last, len(refs), z


called_in_c()
z = 13
