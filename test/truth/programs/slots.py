class Point:
    __slots__ = ("x", "y", "tags")

    def __init__(self, x, y):
        self.x = x
        self.y = y
        self.tags = []

    def move(self, dx):
        self.x += dx
        self.tags.append(dx)


class Named(Point):
    __slots__ = ("name",)


p = Point(1, 2)
q = p
p.move(5)
q.y = -1
del p.y
n = Named(0, 0)
n.name = "origin"
n.move(2)
points = [p, n]
points[1].tags = None
