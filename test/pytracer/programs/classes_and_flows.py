import asyncio, contextlib, sys, weakref, gc, abc, collections, types
class Base(abc.ABC):
    registry = []
    __slots__ = ("a", "b", "__weakref__")
    def __init_subclass__(cls, **k):
        cls.registry.append(cls.__name__)
    @abc.abstractmethod
    def go(self): ...
class Sub(Base):
    __slots__ = ("c",)
    def __init__(self):
        self.a = 1
        self.c = [self.a]
    def go(self):
        del self.a
        self.b = self.c
        self.b.append(2)
        return self
s = Sub()
s.go().c.append(3)
Sub.registry.append("more")
Sub.flag = 3
del Sub.flag
def closures():
    n = 0
    fs = []
    for i in range(3):
        def f(k=i):
            nonlocal n
            n += k + i
            return n
        fs.append(f)
    r = [f() for f in fs]
    def gen():
        nonlocal n
        while n > 0:
            n -= 1
            yield n
    g = gen()
    a = next(g)
    b = next(g)
    n = 10
    c = next(g)
    fs[0](5)
    d = list(g)[:2]
    return r, a, b, c, d
out = closures()
@contextlib.contextmanager
def cm(log):
    log.append("in")
    try:
        yield log
    finally:
        log.append("out")
log = []
with cm(log) as l2:
    l2.append("body")
try:
    with cm(log):
        raise KeyError("k")
except KeyError as e:
    kept = repr(e)
async def agen():
    for i in range(2):
        await asyncio.sleep(0)
        yield [i]
async def worker(q, res):
    while True:
        x = await q.get()
        if x is None:
            break
        res.append(x)
async def main():
    q = asyncio.Queue()
    res = []
    t = asyncio.ensure_future(worker(q, res))
    async for v in agen():
        v.append(1)
        await q.put(v)
    await q.put(None)
    await t
    tot = [y async for y in agen()]
    return res, tot
res = asyncio.run(main())
class It:
    def __init__(self):
        self.n = 0
    def __iter__(self):
        return self
    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration
        return [self.n]
for v in It():
    v *= 2
a, *bb = It()
(c1, c2), dd = (1, [2]), 3
c2[0] = 5
def rec(n, acc):
    if n:
        acc.append(n)
        rec(n - 1, acc)
        acc[0] += 1
    return acc
rr = rec(3, [])
def swap(xs, i, j):
    xs[i], xs[j] = xs[j], xs[i]
xs = [[1], [2]]
swap(xs, 0, 1)
def kw(*args, **kwargs):
    kwargs["new"] = args
    args[0].append(kwargs)
    return kwargs
kk = kw([1], z=2)
t = ([1], {"a": [2]})
t[0].append(3)
t[1]["a"] += [4]
lam = lambda q: q.append(1) or q
lam(xs)
x = y = []
x.append(y)
y.append({1: x})
class Desc:
    def __get__(self, o, t=None):
        return o.__dict__.setdefault("_d", [])
    def __set__(self, o, v):
        o.__dict__["_d"] = [v]
class HasD:
    d = Desc()
hd = HasD()
hd.d.append(4)
hd.d = 9
hd.d[0] += 1
sys.modules["fake"] = types.ModuleType("fake")
import fake
fake.attr = [1]
fake.attr.append(2)
big = "x" * 5000
big += "y"
huge = 10 ** 400
huge += 1
st = {frozenset({1}), (2, 3)}
st.discard((2, 3))
u = collections.UserDict()
u["k"] = [1]
u["k"].append(2)
ul = collections.UserList([1])
ul.append(2)
cmx = collections.ChainMap({}, {"a": 1})
cmx["b"] = 2
nt = collections.namedtuple("NT", "p q")([1], 2)
nt.p.append(3)
class Meta(type):
    def __call__(cls, *a):
        o = super().__call__(*a)
        o.meta = cls.__name__
        return o
class WithMeta(metaclass=Meta):
    def __init__(self, v):
        self.v = v
wm = WithMeta([1])
wm.v.append(2)
def defaults(v, acc=[]):
    acc.append(v)
    return acc
defaults(1)
z = defaults(2)
z.append(3)
del xs[0], rr
try:
    try:
        1 / 0
    finally:
        z.append("f")
except ZeroDivisionError:
    z.append("h")
while z:
    z.pop()
else:
    z = None
print(len(log))
