# A suspended generator that loses its last reference runs its `finally` while the line that dropped it runs.
def numbers(items, count):
    for number in range(count):
        items.append(number)
        try:
            yield number
        finally:
            items.append(-1)
            number = "closed"


def chained(items):
    yield from numbers(items, 2)


def dropping(items):
    held = numbers(items, 3)
    next(held)
    held = None
    held = chained(items)
    next(held)
    held = [numbers(items, 1)]
    next(held[0])
    held.clear()
    last = numbers(items, 2)
    next(last)


xs = []
g = numbers(xs, 3)
g.send(None)
g = chained(list(range(
    3)))
g.send(None)
g = None
dropping(xs)
print(xs)
