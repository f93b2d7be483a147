import gc
import signal


class Stop(Exception):
    pass


class Node:
    __slots__ = ("items", "next")


armed = False
runs = caught = lost = 0


def handler(number, frame):
    global armed, runs
    if armed:
        armed = False
        runs += 1
        raise Stop


def cycle(size):
    node = Node()
    node.items = [{"node": node, "pair": (size, [size])}, (node, ())]
    node.next = node
    return node


def work(turn):
    # In a function: where a loop is the first thing in a `try`, plain 3.13.0 has been seen to pass
    # the `except` by, too.
    kept = []
    while armed:
        kept = [cycle(turn), cycle(len(kept))]


gc.set_threshold(5, 2, 2)
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
for turn in range(40):
    try:
        armed = True
        work(turn)
        lost += 1
    except Stop:
        caught += 1
signal.setitimer(signal.ITIMER_REAL, 0)
print(runs == caught, lost, turn)
