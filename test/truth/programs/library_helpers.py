import collections
import contextlib
import functools
import itertools
import json
import operator
import re


class Box:
    count = 0

    def __init__(self):
        self.x = None
        self.items = []

    @functools.cached_property
    def lazy(self):
        return [1]


class Other:
    pass


xs = [1, 2, 3]
ys = []
d = {"k": 0}
b = Box()
for b.x in range(2):
    pass
for d["k"] in range(3):
    ys.append(d["k"])
b.x, d["n"], xs[0] = 1, 2, 3
p = b.items = d["same"] = []
p.append("p")
i = 0
xs[(i := i + 1)] = "w"
type(b).count += 1
b.items += [1]
b.lazy.append(2)
(lambda: xs.append("lam"))()
xs[::2] = ["s"] * len(xs[::2])
exec("xs.append('exec')")
eval("xs.append('eval')")
functools.reduce(lambda acc, v: acc.append(v) or acc, [1, 2], ys)
[*map(ys.append, "ab")]
any(xs.append(v) for v in (1, 0))
top = max([2, 1], key=lambda v: ys.append(v) or v)
partial = functools.partial(ys.append, "part")
partial()
operator.iadd(ys, ["iadd"])
list(iter(ys.pop, "part"))
log = []
json.loads('{"a": {"b": 1}}', object_hook=lambda o: log.append(o) or o)
re.sub("a", lambda m: log.append(m.group()) or "", "banana")
xs.sort(key=lambda v: (log.append(len(xs)), str(v))[1])
chain = collections.ChainMap({}, d)
chain["chained"] = 1
counter = collections.Counter()
counter.update("aab")
counter.subtract("a")
stack = contextlib.ExitStack()
stack.callback(log.append, "closed")
stack.close()
with contextlib.suppress(KeyError):
    log.append(d.pop("gone"))
b.__class__ = Other
b.fresh = 1
globals()["xs2"] = xs
xs2.append("via globals")
pairs = dict.fromkeys("ab", log)
pairs["a"].append("shared")
it = itertools.chain([1], (log.append(v) or v for v in (2,)))
rest = list(it)
a = bb = log
a += ["aug"]
log[0]["c"] = bb[-1]
t = ([], {})
t[0].append(t[1])
t[1]["self"] = t[0]
del xs[-1], d["k"], b.fresh
[xs.pop() for _ in range(2)]
" ".join(log.append(v) or v for v in "xy")
u = collections.UserList([1])
u.append(2)
u.data[0] = 9
q = collections.deque(xs, maxlen=2)
q += [1]
q.insert(0, q.pop())
