import gc
import weakref


class Node:
    def __init__(self, name):
        self.name = name
        self.links = []


def build():
    a, b = Node("a"), Node("b")
    a.links.append(b)
    b.links.append(a)
    return weakref.ref(a)


ref = build()
collected = gc.collect() >= 0
gone = ref() is None
loop = []
loop.append(loop)
loop.append({"loop": loop})
n = Node("n")
n.self = n
watch = weakref.ref(n)
del n
gc.collect()
dead = watch() is None
reuse = [1]
for i in range(3):
    reuse = [i]
