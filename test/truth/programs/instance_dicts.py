"""An instance's `__dict__` under a name of its own: both show every change, whoever made it."""


class Point:
    def __init__(self, x):
        self.x = x
        self.y = [x]


class Slotted:
    __slots__ = ("__dict__", "a")


def change(names):
    names["w"] = 1


first = Point(1)
second = Point(2)
by_vars = vars(first)
by_vars["x"] = 5
by_dict = second.__dict__
by_dict["z"] = 7
del by_dict["y"]
first.__dict__["x"] = 6
first.x = 8
third = Point(3)
change(vars(third))
change(third.__dict__)
fourth = Point(4)
fourth.__dict__.update(k=1)
fifth = Point(5)
fifth.__dict__ = {"n": 1}
fifth.n = 2
sixth = Point(6)
vars(sixth).clear()
sixth.v = 3
slotted = Slotted()
slotted.a = 1
slotted.b = 2
vars(slotted)["c"] = 3
setattr(slotted, "d", 4)
del slotted.b
many = Point(7)
for name in ["m%d" % number for number in range(40)]:
    setattr(many, name, name)
known_late = many.__dict__
known_late["x"] = 9
copy = dict(vars(first))
copy["x"] = 10
print(first.__dict__, second.__dict__, third.__dict__, fourth.__dict__, fifth.__dict__)
print(sixth.__dict__, slotted.__dict__, len(known_late), copy)
