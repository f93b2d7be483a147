"""Recursion: calls, and little else."""

SIZE = 2800


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def hanoi(count, source, target, spare):
    if count == 0:
        return 0
    moves = hanoi(count - 1, source, spare, target)
    moves += 1
    return moves + hanoi(count - 1, spare, target, source)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def main(size):
    # The size counts rounds.
    total = 0
    for number in range(size):
        total += fibonacci(15)
        total += hanoi(9, "a", "b", "c")
        total += ackermann(2, 12)
    return total
