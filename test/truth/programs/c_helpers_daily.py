import bisect
import functools
import heapq
import itertools
import operator
import random
import string


class Job:
    def __init__(self, rank, name):
        self.rank = rank
        self.name = name
        self.seen = 0

    def __lt__(self, other):
        self.seen += 1
        return self.rank < other.rank


jobs = [Job(3, "c"), Job(1, "a"), Job(2, "b")]
heap = list(jobs)
heapq.heapify(heap)
heapq.heappush(heap, Job(0, "z"))
first = heapq.heappop(heap)
second = heapq.heapreplace(heap, first)
top = heapq.nsmallest(2, heap)
merged = list(heapq.merge([1, 4], [2, 3]))
row = [1, 3, 5]
bisect.insort(row, 4)
where = bisect.bisect_left(row, 4)
bisect.insort(jobs, Job(9, "last"))
jobs.sort(key=operator.attrgetter("name"), reverse=True)
best = max(jobs, key=operator.attrgetter("rank"))
groups = {}
for key, group in itertools.groupby(sorted(row + [1, 5]), lambda n: n % 2):
    groups.setdefault(key, []).extend(group)
one, two = itertools.tee(iter(row))
next(one)
rest = list(one), list(two)
sums = list(itertools.accumulate(row, operator.add, initial=0))
total = functools.reduce(lambda acc, n: acc.append(n) or acc, row, [])
pairs = list(zip(row, itertools.cycle("ab")))
flat = [*itertools.chain.from_iterable(pairs)]
window = list(itertools.islice(itertools.count(5, 5), 3))
random.Random(1).shuffle(flat)
picked = random.Random(2).sample(row, 2)
shuffled = [[1], [2], [3]]
random.seed(3)
random.shuffle(shuffled)
shuffled[0].append(0)
d = {}
operator.setitem(d, "k", row)
operator.itemgetter("k")(d).append(7)
operator.methodcaller("append", 8)(row)
operator.delitem(row, 0)
row = operator.iadd(row, [9])
operator.attrgetter("seen")(jobs[0])
setattr(jobs[0], "label", string.Template("$a-$b").substitute(a=1, b=row[0]))
double = functools.partial(operator.imul, row)
double(2)
add = functools.partial(list.append, row)
add("end")
batch = list(map(list.pop, [[1, 2], row]))
kept = list(filter(lambda n: n != 5, row))
longest = list(itertools.zip_longest([1], row[:2], fillvalue=[]))
longest[1][0].append("fill")
starred = list(itertools.starmap(operator.setitem, [(d, "s", 1)]))
drop = list(itertools.dropwhile(lambda n: row.append(n) or n < 4, [1, 5]))
