# What a call gave is changed at once: a default value of a function, a method of an object without a path.
def keep(items, held=[], *, more={"k": []}):
    held.append(len(items))
    return held if items else more["k"]


def pick(*things):
    return things[0]


xs = [1, 2]
for i in range(2):
    for j in range(2):
        if j:
            keep(xs).append(1)
            keep([]).append(2)
    {"a": xs}["a"].append(5)
keep(xs)

rows, ys = [[1]], []
for i in range(2):
    list(map((rows[0] or [2]).append, [3, 4]))
    d = {}
    list(map(d.setdefault("a", ys).append, [5]))
    list(filter(pick(ys).append, [6]))
    held = list(map(pick(rows)[0].append, [7])) and rows
print(xs, rows, ys)
