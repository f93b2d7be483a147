import collections
import functools
import heapq
import itertools
import operator
import random


class Box:
    pass


def work(rows):
    a, b = rows
    any(map(list.pop, rows))
    deep = [*map(list.pop, rows)]
    max(rows, key=list.pop)
    return a, b, deep


def spread(rows, *more):
    a = rows[0]
    list(map(list.append, rows, *more))
    list(map(*[list.append, rows, *more]))
    return a


rows = [[3, 1, 2, 5, 9, 7, 8], [2, 4, 6, 1, 0, 3, 9]]
a, b = rows
list(map(list.sort, rows))
random.seed(1)
list(map(random.shuffle, rows))
list(map(heapq.heapify, rows))
sorted(rows, key=list.pop)
rows.sort(key=list.pop)
[*map(list.reverse, rows)]
collections.deque(map(list.pop, rows), maxlen=0)
list(filter(list.pop, rows))
x, y = map(list.pop, rows)
total = sum(map(list.pop, [a, b]))
list(map(list.extend, rows, ["uvwx", "uvwxy"]))
work(rows)
for x in map(list.append, rows, "xy"):
    pass
acc = list(itertools.accumulate([a, b], operator.iadd))
red = functools.reduce(operator.iadd, [a, b])
ds = [{"k": 1}, {"k": 2}]
d, e = ds
any(map(dict.clear, ds))
list(map(operator.setitem, ds, "ab", [1, 2]))
objs = [Box(), Box()]
o, p = objs
list(map(setattr, objs, "xy", [a, b]))
list(map(Box.__setattr__, objs, "zz", [1, 2]))
list(map(delattr, objs, "xy"))
dict(zip("ab", map(operator.delitem, ds, "ab")))
list(itertools.starmap(list.append, [(a, 1), (b, 2)]))
spread(rows, "qr")
until = list(iter(a.pop, 1))
b.extend(map(b.append, [7]))
s = {1}
list(map(set.add, [s, s], [2, 3]))
list(map(set.update, [s], [[4]]))
"".join(map(lambda r: str(r.pop()), rows))
list(itertools.takewhile(list.clear, [b]))
groups = [k for k, g in itertools.groupby([[b]], operator.itemgetter(0))]
groups[0].append("same")
