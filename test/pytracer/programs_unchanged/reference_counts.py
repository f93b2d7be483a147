import sys


def count():
    value = [1]
    other = value
    return sys.getrefcount(value)


print(count())
