"""Every second of two neighbours is left."""


def drop_negative(numbers):
    for number in numbers:
        if number < 0:
            numbers.remove(number)
    return numbers


cleaned = drop_negative([4, -1, -2, 5])
assert min(cleaned) >= 0, cleaned
