import sys


def depth(level):
    try:
        return depth(level + 1)
    except RecursionError as error:
        return level, str(error)[:32]


sys.setrecursionlimit(300)
level, message = depth(0)
print(250 < level < 300, message)
print(depth(0)[0] == level)


def forever():
    forever()


try:
    forever()
except RecursionError as error:
    print(type(error).__name__)
print("goes on")
