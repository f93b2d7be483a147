import copy, random, json, functools, collections, dataclasses, operator, itertools, enum
from dataclasses import dataclass, field

@dataclass
class P:
    x: int
    items: list = field(default_factory=list)

class Color(enum.Enum):
    RED = 1
    BLUE = 2

l = [3, 1, 2]
random.seed(4)
random.shuffle(l)
p = P(1)
p.items.append(5)
q = copy.copy(p)
q.items.append(6)
r = copy.deepcopy(p)
r.items.append(7)
d = collections.defaultdict(list)
d["a"].append(1)
d["b"]
x = d["c"]
c = collections.Counter("abca")
c.update("zz")
app = functools.partial(l.append, 9)
app()
for _ in map(l.append, [10, 11]):
    pass
it = map(l.append, [12])
next(it)
operator.setitem(l, 0, 99)
s = {1, 2}
s |= {3}
s.add(4)
vars(p)["extra"] = [1]
p.__dict__["more"] = 2
setattr(p, "third", 3)
dd = p.__dict__
dd["viadict"] = 1
delattr(p, "third")
def change(o):
    o.x += 1
    o.items[0] = "z"
change(p)
list(map(change, [p]))
functools.reduce(lambda a, b: a.append(b) or a, [1, 2, 3], l)
def deco(f):
    @functools.wraps(f)
    def w(*a, **k):
        return f(*a, **k)
    return w
@deco
def mut(x, y=()):
    x.extend(y)
mut(l, y=[1, 2])
mut(*[l], **{"y": [5]})
@functools.lru_cache(maxsize=None)
def cached(n):
    l.append(n)
    return n
cached(3)
cached(3)
def outer():
    acc = []
    def inner(v):
        acc.append(v)
        return len(acc)
    return inner
f = outer()
f(1)
f(2)
class Box:
    total = 0
    def __init__(self):
        self._v = []
    @property
    def v(self):
        return self._v
    def __iadd__(self, o):
        self._v.append(o)
        return self
    def __getitem__(self, k):
        self._v.append(k)
        return k
    def __call__(self, z):
        Box.total += z
        self._v.append(z)
        return self
b = Box()
b += 1
b[5]
b(3)(4)(5)
b.v.append(8)
b.v[0] = "first"
sorted([3, 1], key=lambda t: b(t) and 0)
od = collections.OrderedDict(a=1, b=2)
od.move_to_end("a")
dq = collections.deque([1, 2], maxlen=3)
dq.extend([3, 4])
dq.rotate(1)
ba = bytearray(b"abc")
ba += b"d"
ba[0:1] = b"ZZ"
mv = memoryview(ba)
mv[0] = 65
m = {"k": {"n": [1]}}
m["k"]["n"].append(2)
m["k"]["n"][0], m["z"] = 7, 8
j = json.loads(json.dumps(m))
e = Color.RED
class NS: pass
ns = NS()
ns.a = ns.b = [1]
ns.a += [2]
[ns.b.append(k) for k in range(3)]
g = (ns.b.append(k) for k in range(2))
list(g)
ns.__class__ = Box
try:
    raise ValueError("x", [1])
except ValueError as err:
    err.note = 5
    keep = err.args
import heapq, bisect
h = []
heapq.heappush(h, 3); heapq.heappush(h, 1)
heapq.heappop(h)
bisect.insort(h, 2)
a1 = itertools.chain([1], [2])
z1 = list(itertools.accumulate([1,2,3], lambda a, b: l.append(b) or a))
type(ns)
ns2 = type("Dyn", (), {"q": 1})()
ns2.q = 5
exec("l.append('exec')")
eval("l.pop()")
globals()["newglobal"] = [1]
newglobal.append(2)
print(len(l))
