"""Ten tenths are not one."""


def fill(step, count):
    level = 0.0
    for _ in range(count):
        level += step
    return level


level = fill(0.1, 10)
assert level == 1.0, level
