"""Steps that keep 20,000 objects alive, and then the process's peak memory in kilobytes.

usage: peak_memory.py ROUNDS
"""

import sys


class Item:
    def __init__(self, number):
        self.number = number
        self.name = "item " + str(number % 100)


def main(rounds):
    items = [Item(number) for number in range(20_000)]
    for number in range(rounds):
        item = items[number % len(items)]
        item.number += 1
        if number % 7 == 0:
            items[number % len(items)] = Item(number)
    return len(items)


def peak():
    # Not ru_maxrss: that begins with what the process which started this one had used.
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


main(int(sys.argv[1]))
print(peak())
