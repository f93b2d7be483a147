"""A generator is run through twice."""


def squares(count):
    for number in range(count):
        yield number * number


def mean(values):
    total = sum(values)
    count = len(list(values))
    if count == 0:
        return None
    return total / count


result = mean(squares(4))
assert result == 3.5, result
