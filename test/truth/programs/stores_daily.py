import collections
import copy
import functools
import itertools
import operator
import queue
import types


class Slotted:
    __slots__ = ("x", "__dict__")


class Proxy:
    def __init__(self, target):
        object.__setattr__(self, "_target", target)

    def __getattr__(self, name):
        return getattr(self._target, name)

    def __setattr__(self, name, value):
        setattr(self._target, name, value)


class Meta(type):
    def __setattr__(cls, name, value):
        log.append(name)
        super().__setattr__(name, value)


class Conf(metaclass=Meta):
    items = []


log = []
s = Slotted()
s.x = 1
s.__dict__["x"] = "hidden"
s.y = 2
vars(s)["z"] = [s.x]
s.__dict__.update(w=1)
s.__dict__ = {"new": 1}
s.__dict__["x"] = "again"
s.x = 3
del s.x
p = Proxy(s)
p.by = "proxy"
p.new += 1
Conf.value = []
Conf.value.append(Conf.items)
Conf.items += [1]
setattr(Conf, "other", Conf.value)
delattr(Conf, "other")
ns = types.SimpleNamespace(a=[1], b=2)
ns.a.append(ns.b)
ns.__dict__["c"] = ns.a
del ns.b
m = types.MappingProxyType({"k": [1]})
m["k"].append(2)
q = queue.PriorityQueue()
q.put((2, "b"))
q.put((1, ["a"]))
first = q.get()
first[1].append("x")
q.queue.clear()
sq = queue.SimpleQueue()
sq.put([1])
got = sq.get()
got.append(2)
lifo = queue.LifoQueue()
lifo.put(got)
lifo.get().append(3)
it = iter(got)
next(it)
got.insert(0, 0)
rest = list(it)
chunks = [list(c) for c in itertools.zip_longest(*[iter(got)] * 2, fillvalue=log)]
chunks[-1][-1]
a = [1, 2, 3]
b = a[:]
a[1:2], b[:0] = b[1:], a[:1]
a[::2] = "xy" if len(a[::2]) == 2 else a[::2]
a *= 2
del a[::2]
c = copy.copy(a)
c.sort(key=str)
c.reverse()
d = dict.fromkeys("ab", [])
d["a"].append(1)
d |= {"c": d["b"]} if hasattr(dict, "__or__") else {}
e = {**d, "d": d.pop("a")}
e.setdefault("e", e).setdefault("f", []).append(1)
f = {frozenset([1]), (1, 2)}
f ^= {(1, 2), 3}
f.update(*[[4], [5]])
f -= {4}
x = y = [1]
x, y = y + [2], x
x += y
(x[0], y[0]), z = [(5, 6), x]
z[0] += y.pop()
i = 0
i, a[i] = 1, "first"
for i, a[i] in enumerate(["p"]):
    pass
with_default = collections.defaultdict(lambda: [log])
with_default["n"][0].append("deep")
total = sum(([n] for n in range(3)), log[:1])
pairs = sorted(zip("ba", [log, total]), key=operator.itemgetter(0))
pairs[0][1].append("end")
compose = functools.partial(map, log.append)
list(compose("st"))
