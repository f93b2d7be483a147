total = 0
names = ["a", "b"]
matrix = [[1, 2], [3, 4]]


def count(n=1):
    global total, fresh
    total += n
    fresh = [n]
    del fresh
    return total


def counter():
    value = 0
    history = []

    def up(by=1):
        nonlocal value
        value += by
        history.append(value)

        def inner():
            nonlocal by
            by += 1
            return [by * h for h in history if (last := h) and last > 0], last

        return inner()

    def reset():
        nonlocal value, history
        value, history = 0, []
        return lambda: (value, history)

    return up, reset


def defaults(item, into=[], *rest, key=names, **more):
    into.append(item)
    key.append(len(rest))
    more["item"] = item
    return into, more


up, reset = counter()
first = up()
second = up(2)
look = reset()
up(5)
seen = look()
count()
count(n=total)
one, more = defaults(1)
two, more = defaults(2, key=[])
three, more = defaults(3, [], 4, 5, extra=6)
flat = [cell for row in matrix for cell in row if cell % 2]
nested = [[x * y for y in row] for x, row in enumerate(matrix)]
table = {k: [v for v in names if v != k] for k in ("a", "b")}
gen = (x + (y := x) for x in range(3))
got = next(gen), y
rest = list(gen)
adders = [lambda n, i=i: n + i for i in range(2)]
late = [lambda: i for i in range(2)]
results = [f(1) for f in adders] + [f() for f in late]
a, *b, c = range(5)
(d, e), [f, *g] = (1, 2), "xyz"
b[0], b[1:], *h = 9, [8, 8, 8], 7
[*matrix[0], i] = [7, 8, 9]
for i, (matrix[1][0], *left) in enumerate([(1, 2), (3, 4, 5)]):
    names += left
else:
    del left
while (n := len(names)) > 5:
    names.pop()
x = y = z = []
x += [1]
y = y + [2]
x.append(y)
if (m := z) and (k := m[0]):
    m[0] = k + 1
print(f"{total=} {(q := [total])!r:>5} {q.append(1)}")
del a, matrix[0], table["a"], names[:2]
t = ([1],)
try:
    t[0] += [2]
except TypeError as error:
    kind = type(error).__name__
assert (v := t[0]).append(3) is None


class Body:
    items = []
    for j in range(2):
        items.append(j)
    doubled = [2 * j for j in items]
    del j

    def method(self, n=items):
        return __class__, n


cls, items = Body().method()
items.append(0)
