class Base:
    __slots__ = ("x", "__dict__")

    def __init__(self):
        self.x = 1
        self.extra = [1]


class Child(Base):
    __slots__ = ("x", "y")

    def __init__(self):
        super().__init__()
        self.x = 2
        Base.x.__set__(self, [3])
        self.y = Base.x.__get__(self)


class Plain(Child):
    pass


class Covered(Base):
    @property
    def x(self):
        return Base.x.__get__(self)

    @x.setter
    def x(self, value):
        Base.x.__set__(self, value)


class Late(Child):
    __slots__ = ("x", "__weakref__")


b = Base()
b.x = "b"
c = Child()
c.x = "c"
c.y.append(4)
Base.x.__set__(c, None)
Base.x.__delete__(c)
del c.x
c.x = "again"
super(Child, c).__setattr__("x", "by super")
p = Plain()
p.x = "p"
p.z = "own"
p.y.append(p)
v = Covered()
v.x = "covered"
v.x = v.x + "!"
del v.extra
n = Late()
n.x = "late"
Child.x.__set__(n, "child")
Base.x.__set__(n, "base")
Child.x.__delete__(n)
n.x = n.x.upper()
n.__dict__["x"] = "in the dict"
n.__dict__["new"] = 1
read = (n.x, Base.x.__get__(n))


class Slotted:
    __slots__ = ("x", "__dict__")


s = Slotted()
s.x = 1
s.__dict__["x"] = "hidden"
s.y = 2
s.__dict__["x"] = "more hidden"
s.y = 3
s.x = 2
s.__dict__["x"] = "again"
s.x = 3
del s.__dict__["x"]
s.x = 4
s.y = 4
