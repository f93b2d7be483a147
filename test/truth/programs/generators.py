def numbers(limit):
    n = 0
    seen = []
    while n < limit:
        got = yield n
        if got:
            seen.append(got)
            n = got
        n += 1
    return seen


def delegate():
    first = yield from numbers(2)
    second = yield from numbers(1)
    return first + second


gen = numbers(5)
a = next(gen)
b = gen.send(3)
rest = list(gen)
both = list(delegate())
unfinished = numbers(9)
next(unfinished)
unfinished.close()
pipeline = sum(x * x for x in numbers(3))
