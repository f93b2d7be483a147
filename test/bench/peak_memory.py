"""Steps that keep 20,000 objects alive, and then the process's peak memory in kilobytes.

usage: peak_memory.py ROUNDS
"""

import resource
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


main(int(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
