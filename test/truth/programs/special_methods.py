import dataclasses
import typing


@dataclasses.dataclass
class Line:
    name: str
    tags: typing.List[str] = dataclasses.field(default_factory=list)

    def __post_init__(self):
        self.tags.append(self.name)


class Tree:
    def __init__(self, *kids):
        self.kids = list(kids)
        self.seen = 0

    def __iter__(self):
        for kid in self.kids:
            self.seen += 1
            yield kid
            yield from kid

    def __enter__(self):
        self.seen = -1
        return self.kids

    def __exit__(self, *exc):
        self.kids.clear()
        return True

    def __getattr__(self, name):
        self.__dict__[name] = name.upper()
        return self.__dict__[name]

    def __delitem__(self, k):
        self.kids.pop(k)

    def __matmul__(self, other):
        other.kids.append(self.seen)
        return other

    def __bool__(self):
        self.seen += 100
        return True

    def __format__(self, spec):
        self.seen += 1000
        return spec


t = Tree(Tree(), Tree(Tree()))
flat = [k.seen for k in t]
flag = 1 if t else 2
text = f"{t:spec}"
m = t @ Tree()
missing = t.missing
del t[0]
with Tree(Tree(), Tree()) as kids:
    kids.append(1)
    raise ValueError
line = Line("a")
copy = dataclasses.replace(line, name="b")
asd = dataclasses.asdict(line)
line.tags += asd["tags"]


def acc(x, store={}):
    store.setdefault(x, []).append(len(store))
    return store


s = acc(1)
s2 = acc(2)
acc(1)[2].append("deep")


def gen(out):
    while True:
        got = yield
        if got is None:
            break
        out.append(got)


out = []
g = gen(out)
next(g)
g.send(1)
g.send(2)
for value in (3, None):
    try:
        g.send(value)
    except StopIteration:
        out.append("stop")
first, *middle, last = out
out[1:1] = middle
(out if first else middle).append("cond")
(lambda o=out: o.append("default"))()
matrix = [[0] * 3 for _ in range(2)]
matrix[1][2], matrix[0] = matrix[0], "row"
nested = {"a": {"b": [{"c": ()}]}}
nested["a"]["b"][0]["c"] += (1,)
nested["a"]["b"].append(nested["a"])
z = zip(*[iter(out)] * 2)
two = next(z)
while out and (tail := out.pop()) != 2:
    pass
try:
    raise KeyError(out)
except KeyError as err:
    err.args[0].append("in except")
    err.note = out
print(end="")
