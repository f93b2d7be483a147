"""Sorting in C, with and without keys."""

SIZE = 8


def main(size):
    total = 0
    numbers = [(number * 7919) % 100003 for number in range(100000)]
    for turn in range(size):
        ordered = sorted(numbers)
        backwards = sorted(numbers, key=int.bit_length if turn % 2 else int.__neg__)
        words = sorted(map(str, numbers[:20000]))
        total += ordered[turn] + backwards[turn] + len(words[turn])
        numbers = numbers[1000:] + numbers[:1000]
    return total
