import collections
import copy
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple

c = Counter("abca")
c["d"] += 2
c.update({"a": 1}, b=4)
c.subtract("ab")
most = c.most_common(1)
c = +c
c += Counter(z=1)
both = c & Counter(a=1, b=9)
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a")
o.move_to_end("c", last=False)
o.popitem(last=False)
o["b"] = [1]
o.setdefault("n", []).append(o)
o |= {"m": 1} if hasattr(dict, "__or__") else o
d = defaultdict(lambda: defaultdict(int))
d["x"]["y"] += 1
d["z"]
g = defaultdict(list, {"k": [1]})
for word in ("ant", "bee", "ape"):
    g[word[0]].append(word)
base, over = {"a": 1}, {}
m = ChainMap(over, base)
m["a"] = 2
child = m.new_child({"c": 3})
child.pop("c")
child["b"] = m
m.maps.append({"deep": 1})
del m["a"]


class Strict(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(str(key), value)


s = Strict({1: "one"})
s[2] = "two"
s.update({3: []})
s["3"].append(s.pop("1"))
u = UserList([3, 1])
u.sort()
u += [9]
u[0:1] = [7, 7]
t = UserString("abc")
t += "d"
Point = namedtuple("Point", "x y", defaults=[0])
p = Point(1)
q = p._replace(y=[p])
q.y.append(q._asdict())
r = Point._make([5, 6])
dq = deque([1, 2, 3], maxlen=3)
dq.rotate(1)
dq.append(4)
dq.extendleft([0, 9])
dq.insert(1, "i") if len(dq) < 3 else dq.remove(0)
dq[0], dq[-1] = dq[-1], dq[0]
e = copy.copy(dq)
e.clear()
merged = {**base, **dict(o.items())}
keys = o.keys()
o["later"] = None
view = list(keys)
h = {k: v for k, v in sorted(base.items())}
h.popitem() if h else None
h.update(zip("ab", [[1], [2]]))
h["a"], h["b"] = h["b"], h.pop("a")
