"""Times a loop of 100,000 steps that runs beside a list which does not change, and says seconds per step.

usage: beside_list.py LENGTH
"""

import sys
import time


def main(length):
    numbers = list(range(length))
    started = time.perf_counter()
    total = 0
    for number in range(50_000):
        total = total + number
    seconds = time.perf_counter() - started
    return seconds / 100_000, len(numbers), total


print(main(int(sys.argv[1]))[0])
