"""A loop variable takes the name of the total."""


def summary(rows):
    total = 0
    for name, amount in rows:
        total += amount
    for total in [name for name, _ in rows]:
        pass
    return total


result = summary([("a", 1), ("b", 2)])
assert result == 3, result
