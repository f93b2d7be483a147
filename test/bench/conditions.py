"""A loop whose variables are locals, and the same where they are globals.

usage: conditions.py ROUNDS local|global
"""

import sys


def loop(rounds):
    total = 0
    for i in range(rounds):
        total += i & 3
    return total


if sys.argv[2] == "local":
    loop(int(sys.argv[1]))
else:
    total = 0
    for i in range(int(sys.argv[1])):
        total += i & 3
