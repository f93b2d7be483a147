"""Generators: pipelines, delegation and values sent in."""

SIZE = 680000


def numbers(count):
    value = 1
    for _ in range(count):
        value = (value * 75 + 74) % 65537
        yield value


def only_odd(source):
    for value in source:
        if value % 2:
            yield value


def windows(source, width):
    window = []
    for value in source:
        window.append(value)
        if len(window) == width:
            yield tuple(window)
            window = window[1:]


def averager():
    total = 0
    count = 0
    average = 0
    while True:
        value = yield average
        total += value
        count += 1
        average = total // count


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


def main(size):
    mean = averager()
    next(mean)
    last = 0
    for window in windows(only_odd(numbers(size)), 3):
        last = mean.send(sum(window))
    leaves = 0
    for round_number in range(size // 1700):
        for value in tree(8):
            leaves += value
    squares = sum(value * value for value in numbers(size) if value % 3 == 0)
    return last, leaves, squares
