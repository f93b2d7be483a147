import itertools


def averager(log):
    total, n = 0, 0
    average = None
    while True:
        try:
            got = yield average
        except ValueError as error:
            log.append(str(error))
            got = 0
        total, n = total + got, n + 1
        average = total / n


def inner(log):
    try:
        x = yield "first"
        log.append(x)
        y = yield "second"
        log.append(y)
        return [x, y]
    finally:
        log.append("inner done")


def outer(log):
    result = yield from inner(log)
    result.append("outer")
    log.append(result)
    yield result
    yield from (log.append(i) or i for i in range(2))
    return log


def closing(log):
    items = []
    try:
        while True:
            items.append((yield len(items)))
    except GeneratorExit:
        log.append(items)
        raise


class Tree:
    def __init__(self, value, *parts):
        self.value = value
        self.parts = parts

    def __iter__(self):
        yield self
        for part in self.parts:
            yield from part


log = []
avg = averager(log)
next(avg)
one = avg.send(4)
two = avg.throw(ValueError("skip"))
three = avg.send(8)
avg.close()
g = outer(log)
steps = [next(g), g.send(1), g.send(2)]
steps += list(g)
h = outer(log)
next(h)
try:
    h.throw(KeyError("in"))
except KeyError as error:
    log.append(error.args)
k = closing(log)
next(k)
k.send("a")
k.send([log])
k.close()
tree = Tree(1, Tree(2), Tree(3, Tree(4)))
for node in tree:
    node.value *= 10
values = [node.value for node in tree]
a, b = itertools.tee(n for n in range(3))
pairs = list(zip(a, b))
take = list(itertools.takewhile(lambda n: log.append(n) or n < 1, range(3)))
it = iter([1, 2, 3])
pairs += zip(it, it)
e = enumerate(log, 1)
next(e)[1]
total = sum(n for n in values if not log.append(n))
try:
    next(x for x in [])
except StopIteration:
    total += 1
*_, last = outer([])
