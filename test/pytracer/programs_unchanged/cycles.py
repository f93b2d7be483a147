import gc

gc.disable()


class Node:
    def __del__(self):
        print("collected")


def make():
    one, two = Node(), Node()
    one.other, two.other = two, one


make()
print("before")
gc.collect()
print("after", gc.garbage)
