# Calls of what has no name: results of calls, items under computed keys, one of two objects.
from collections import defaultdict, deque
from functools import partial


class Shelf:
    def __init__(self, *books):
        self.books = list(books)
        self.index = {}

    def put(self, book):
        self.books.append(book)
        return self

    def __call__(self, book):
        return self.put(book).books

    def __enter__(self):
        return self.books

    def __exit__(self, *_):
        return True

    @property
    def best(self):
        return self.books

    @staticmethod
    def of(shelves, place=0, **_):
        return shelves[place]


class Deep(Shelf):
    def put(self, book):
        super().put(book).index.setdefault(book, []).append(len(self.books))
        return self


def pick(thing, *_, **__):
    return thing


def fail(things):
    things.append("failed")
    raise ValueError(things)


def each(things):
    for thing in things:
        yield thing


def negated(n):
    ys[1].append(n)
    return -n


xs, ys, zs = [3, 1, 2], [[1], [2]], {"a": [1]}
shelf, deep = Shelf(1), Deep()
shelves = [shelf, deep]


def chains(n):
    zs.setdefault("k", []).append(n)
    zs.setdefault("l", [n]).append(zs.get("k", ys).pop())
    pick(pick(xs)).insert(0, n)
    Shelf.of(shelves).put(n).put(n).books.pop()
    Shelf.of(shelves, 1).put(n).index.update(n=n)
    (xs if n else ys[0]).append(n)
    (n and xs or ys[0]).append(n)
    ys[n % 2].append(n)
    ys[-1 - n % 2:][0].append(n)
    [xs, ys[1]][n % 2].append(n)
    {"a": xs, "b": ys[0]}["ab"[n % 2]].extend([n, n])
    shelf.best.append(n)
    shelf(n).append(n)
    pick(shelf)(n).pop()
    getattr(xs, "append")(n)
    pick(xs.append)(n)
    pick(list.append)(xs, n)
    vars(pick(shelf)).update(extra=n)
    pick(shelf).__dict__.update(more=[n])
    pick(shelf).more.append(n)
    pick(setattr)(pick(deep), "extra", [n])
    (lambda things: things)(xs).append(n)
    partial(xs.append, n)()
    pick(partial(list.append, ys[0]))(n)
    (lambda: xs)().extend(x for x in each(pick(ys)[0][:2]))
    del xs[8:], shelf.books[5:]


def with_keys(n):
    pick(xs).sort(key=negated)
    pick(xs).sort(key=lambda x: -x)
    pick(ys).sort(key=len, reverse=pick(True))
    pick(sorted)(pick(xs), key=pick(negated))
    pick(map)(xs.append, [n])
    list(pick(map)(ys[0].append, [n]))
    pick(max)(ys, key=lambda y: y.append(n) or len(y))
    pick(xs).append(pick(xs).pop())
    pick(xs).append(negated(pick(xs).pop()))
    pick(xs).extend(map(ys[1].append, [n, n]))
    del xs[8:], ys[0][6:], ys[1][6:]


def short_circuits(n):
    xs.append(n) or pick(ys[0]).append(n); ys[1].append(n)
    pick(xs).append(n) if n % 2 else pick(ys[0]).append(n)
    n % 2 and pick(xs).append(n); ys[1].append(n)
    n % 2 or (pick(xs)
              .append(n))
    pick(
        xs
    ).append(
        n
    )
    taken = pick(xs).pop() if n % 2 else pick(ys[0]).pop()
    if pick(xs).append(taken) or (last := pick(xs).pop()) is None: pick(ys).append([last])
    while len(xs) < 4 and not pick(xs).append(n): pick(ys[0]).append(n)
    for x in xs[:2]: pick(ys[1]).append(x)
    del xs[6:], ys[0][6:], ys[1][6:]
    return [pick(ys[0]).append(x) or x for x in pick(xs)[:2]], {pick(x): pick(ys[1]).append(x) for x in xs[:2]}


def failing(n):
    try:
        pick(fail)(pick(xs))
    except ValueError as error:
        error.args[0].append(n)
    with pick(shelf): pick(xs).remove("absent")
    with pick(shelf) as books:
        pick(books).append(n); pick(books)[0].absent(pick(xs).append(n))
    try: pick(xs).append(n); pick(None).append(n)
    except AttributeError: pick(ys[0]).append(n)
    finally: pick(ys[1]).append(n)
    try:
        pick(xs).extend(each([n, {}[n]]))
    except KeyError:
        pick(xs).extend(each([n, n]))
    del xs[6:], ys[0][6:], ys[1][6:], shelf.books[5:]


def others(n, held=deque(maxlen=3), bag=set(), raw=bytearray(), found=defaultdict(list)):
    pick(held).append(n); pick(held).rotate(1); pick(held).extendleft([n])
    pick(bag).add(n); pick(bag).update({n + 1}); pick(bag).discard(n)
    pick(raw).append(n); pick(raw).extend(b"ab"); pick(raw).__setitem__(0, 7)
    pick(found)[n].append(n); pick(found).get(n, []).append(n); pick(found).__getitem__(-n).append(n)
    pick(found.setdefault)(n, []).append(n)
    pick(zs).update(z=n); pick(zs).pop("z"); pick(zs).setdefault("y", [n]).insert(0, n)
    pick(iter(xs)).__next__(); pick(next)(iter(ys)).append(n)
    pick(globals)().update(new=[n])
    pick(new).append(n)
    pick(type)("Made", (Shelf,), {})(n).put(n).books.append(n)
    pick(Shelf)(xs, ys).books[0].append(n)
    pick(dict)(zip("ab", pick([xs, ys[0]])))["a"].append(n)
    pick(thing=None, *[xs]).append(n) if False else pick(*[xs], k=n).append(n)
    pick(xs, k=pick(ys[0]).append(n)).append(n)
    a = b = pick(xs); a.append(n); b = pick(b).append(n) or ys[0]; b.append(n)
    del xs[6:], ys[0][6:]
    return held, bag, raw, found


def told(n):
    received = yield pick(xs).append(n)
    pick(xs).append(n); value = yield n
    pick(received).append(value); pick(ys[0]).append(n)
    yield from each([pick(xs).append(n), n])


for n in range(3):
    chains(n); with_keys(n)
    short_circuits(n)
    failing(n)
    others(n)
    t = told(n); next(t); t.send(xs); t.send([n]); pick(t).close(); del xs[6:], ys[0][6:]
    pick(xs).append(n) if n % 2 else pick(ys[0]).append(n); pick(ys[1]).pop()
print(xs, ys, zs, vars(shelf), vars(deep))
