"""What programs do to classes while they run: attributes, bases, names, metaclasses, data classes, enumerations."""

import dataclasses
import enum


class Meta(type):
    made = 0

    def __call__(cls, *args):
        cls.made += 1
        return super().__call__(*args)


class Base:
    kind = "base"
    shared = []

    def note(self, what):
        self.shared.append(what)
        type(self).last = what


class Other:
    kind = "other"


class Child(Base, metaclass=Meta):
    pass


class Moved(Base):
    pass


class Slotted:
    __slots__ = ("one", "two")
    limit = 3


@dataclasses.dataclass
class Item:
    name: str = "item"
    count: int = 0


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Refused(ValueError):
    code = 1


child = Child()
child.note("first")
Child().note("second")
moved = Moved()
subclass = type("Sub", (Moved,), {"kind": "sub"})
below = subclass()
Moved.__bases__ = (Other,)
moved.kind = "instance"
del moved.kind
moved.__class__ = Other
Base.kind = "changed"
setattr(Base, "added", [1])
Base.added.append(2)
del Base.added
Moved.__name__ = "Renamed"
Moved.__qualname__ = "Outer.Renamed"
Moved.__module__ = "elsewhere"
slotted = Slotted()
slotted.one = 1
Slotted.limit = 4
item = Item()
item.count += 1
Item.name = "default"
color = Color.GREEN
Color.RED.note = "said"


def local_classes():
    found = []
    for number in range(3):

        class Local(Base):
            value = number

        found.append(Local())
    return found


kept = local_classes()
kept.pop()
try:
    raise Refused("no", Color.RED)
except ValueError as error:
    Refused.code = error.args[0]
print(Child.made, Base.shared, len(kept), kept[0].value, type(moved).__name__, below.kind, Item.name)
