import sys

sys.setrecursionlimit(120)


def down():
    down()


down()
