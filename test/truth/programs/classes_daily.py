import abc
import functools
import operator


class Field:
    def __init__(self, default=None):
        self.default = default
        self.history = []

    def __set_name__(self, owner, name):
        self.name = name
        owner.fields = {**getattr(owner, "fields", {}), name: self}

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        return obj.__dict__.get(self.name, self.default)

    def __set__(self, obj, value):
        self.history.append(value)
        obj.__dict__[self.name] = value

    def __delete__(self, obj):
        del obj.__dict__[self.name]


class Meta(type):
    registry = {}

    def __new__(mcls, name, bases, namespace, **options):
        namespace.setdefault("label", name.lower())
        made = super().__new__(mcls, name, bases, namespace)
        mcls.registry[name] = options
        return made

    def __init__(cls, name, bases, namespace, **options):
        super().__init__(name, bases, namespace)
        cls.made = []

    def __call__(cls, *args, **kwargs):
        made = super().__call__(*args, **kwargs)
        cls.made.append(made)
        return made

    @classmethod
    def __prepare__(mcls, name, bases, **options):
        return {"prepared": [name]}

    def __getitem__(cls, key):
        return (cls.__name__, key)


class Model(metaclass=Meta, table="models"):
    size = Field(1)
    tags = Field()

    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)

    def __init_subclass__(cls, **options):
        super().__init_subclass__()
        cls.options = options

    def __getattr__(self, name):
        if name.startswith("auto_"):
            made = self.__dict__[name] = [name]
            return made
        raise AttributeError(name)


class User(Model, table="users"):
    name = Field("anon")
    prepared.append("body")


class Shape(abc.ABC):
    count = 0

    @abc.abstractmethod
    def area(self):
        Shape.count += 1

    @classmethod
    def of(cls, *args):
        cls.last = cls(*args)
        return cls.last


class Square(Shape):
    def __init__(self, side):
        self._side = side

    @property
    def side(self):
        return self._side

    @side.setter
    def side(self, value):
        self._side, self.old = value, self._side

    @side.deleter
    def side(self):
        del self._side

    def area(self):
        super().area()
        return self.side**2


@functools.singledispatch
def show(value):
    return ["any", value]


@show.register(int)
def _(value):
    shown.append(value)
    return "int"


@functools.total_ordering
class Rank:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        shown.append(self.n)
        return self.n < other.n


shown = []
u = User(size=3)
u.tags = ["t"]
u.tags.append("u")
u.auto_x.append(1)
u.name
del u.size
history = User.fields["tags"].history
w = User(name="w")
item = User["k"]
registry = Meta.registry
s = Square.of(2)
s.side = 5
s.side += 1
area = s.area() + Shape.count
del s.side
try:
    Shape()
except TypeError as error:
    failed = type(error).__name__
show(3)
show("x").append(shown)
bigger = Rank(2) >= Rank(1)
made = type("Made", (Square,), {"side": 4, "items": []})
made.items.append(made(1))
Square.extra = property(lambda self: self.__dict__)
made.items[0].extra["late"] = 1
operator.attrgetter("area")(made.items[0])
