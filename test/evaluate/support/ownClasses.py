"""Classes as programs have them, instances of them, and what a program does to classes while it runs."""

import abc
import collections
import dataclasses
import enum


class Base:
    kind = "base"
    limit = 10
    shared = [1, 2]

    def __init__(self, **values):
        self.__dict__.update(values)

    def method(self):
        return self.kind

    @staticmethod
    def helper(value):
        return value

    @classmethod
    def make(cls):
        return cls()

    @property
    def total(self):
        return 1


class Child(Base):
    kind = "child"
    extra = None


class Left(Base):
    kind = "left"
    left = True


class Right(Base):
    kind = "right"
    limit = 20


class Both(Left, Right):
    pass


class Slotted:
    __slots__ = ("first", "second")
    kind = "slotted"
    limit = 3


class SlottedChild(Slotted):
    kind = "slotted child"


class Point(collections.namedtuple("Point", "x y")):
    kind = "point"


Pair = collections.namedtuple("Pair", ["name", "value"])


@dataclasses.dataclass
class Item:
    name: str = "item"
    count: int = 0
    shared: list = dataclasses.field(default_factory=list)
    kind = "data"


class Color(enum.Enum):
    RED = 1
    GREEN = "g"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Meta(type):
    flavour = "of the metaclass"

    @property
    def described(cls):
        return "described"

    def deep(cls):
        return cls


class WithMeta(metaclass=Meta):
    kind = "with meta"
    plain = (1, 2)


class Counting(type):
    def __instancecheck__(cls, instance):
        return True


class Counted(metaclass=Counting):
    kind = "counted"


class Refused(ValueError):
    code = 7
    kind = "error"


class Nested(Refused):
    def __init__(self, text, own):
        super().__init__(text, own)
        self.own = own


class Told(Exception):
    def __str__(self):
        return "told"


class Abstract(abc.ABC):
    limit = 5

    @abc.abstractmethod
    def method(self):
        raise NotImplementedError


class Concrete(Abstract):
    kind = "concrete"

    def method(self):
        return 1


class Many(list):
    kind = "many"


class Table(dict):
    kind = "table"


class Text(str):
    kind = "text"


class Lazy:
    kind = "lazy"

    def __getattr__(self, name):
        return name


class Everywhere:
    kind = "everywhere"

    def __getattribute__(self, name):
        return object.__getattribute__(self, name)


class Falsy:
    kind = "falsy"

    def __bool__(self):
        return False


class Sized:
    kind = "sized"

    def __len__(self):
        return 0


class Equal:
    kind = "equal"

    def __eq__(self, other):
        return True

    __hash__ = None


class Stored:
    """A data descriptor, that keeps its value in the instance under its own name."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        return self if instance is None else instance.__dict__[self.name]

    def __set__(self, instance, value):
        instance.__dict__[self.name] = value


class Described:
    kind = "described"
    described = Stored()


class Moved(Base):
    pass


class Other:
    kind = "other"
    added = "from other"


class Renamed:
    pass


INSTANCES = (
    "one child left both slotted slottedChild point pair item red low withMeta counted refused nested told plainError "
    "concrete many table text lazy everywhere falsy sized equal describing moved became renamed shadowing one2"
).split()
CLASSES = (
    "Base Child Left Right Both Slotted SlottedChild Point Pair Item Color Level Meta WithMeta Counted Refused Nested "
    "Told Abstract Concrete Many Table Text Lazy Everywhere Falsy Sized Equal Described Moved Other Renamed"
).split()


one, child, left, both = Base(own=1), Child(), Left(limit=4), Both(own=[1])
one2 = Base(own=1)
slotted, slottedChild = Slotted(), SlottedChild()
slotted.first = slottedChild.first = 1
slottedChild.own = 2
point, pair = Point(3, 4), Pair("p", 5)
item = Item()
item.count = 3
red, low = Color.RED, Level.LOW
withMeta, counted = WithMeta(), Counted()
refused, nested, told, plainError = Refused("no"), Nested("deep", 3), Told("x"), KeyError("key")
concrete = Concrete()
many, table, text = Many([1, 2]), Table(a=1), Text("abc")
many.own = 1
lazy, everywhere, falsy, sized, equal = Lazy(), Everywhere(), Falsy(), Sized(), Equal()
describing = Described()
describing.described = 5
moved, became, renamed = Moved(own=0), Base(own=9), Renamed()
shadowing = Child()
shadowing.kind = "of the instance"
# What programs do to classes.
Base.kind = "base, changed"
Base.added = {"x": 1}
Child.shared = Base.shared
Base.shared.append(3)
Right.deep = Base.method
del Left.left
Moved.__bases__ = (Other,)
became.__class__ = Child
Renamed.__name__ = "Called"
Renamed.__module__ = "elsewhere"
Renamed.plain = int
Table.table = len
everything = [one, child, left, both, slotted, point, item, red, refused, concrete, many, moved, became]
