import copy
import dataclasses
import enum
import functools
from dataclasses import dataclass, field
from typing import NamedTuple


class Colour(enum.Enum):
    RED = 1
    BLUE = 2

    @property
    def other(self):
        return Colour.BLUE if self is Colour.RED else Colour.RED


class Rights(enum.Flag):
    READ = enum.auto()
    WRITE = enum.auto()
    ALL = READ | WRITE


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Pair(NamedTuple):
    left: int
    right: list = []


@dataclass
class Item:
    name: str
    tags: list = field(default_factory=list)
    price: int = 0
    total: int = field(init=False, default=0)

    def __post_init__(self):
        self.total = self.price * 2


@dataclass(order=True)
class Order:
    number: int
    items: list = field(default_factory=list, compare=False)
    notes: dict = field(default_factory=dict, repr=False, compare=False)

    def add(self, item):
        self.items.append(item)
        return self

    @functools.cached_property
    def names(self):
        return [item.name for item in self.items]


@dataclass(frozen=True)
class Frozen:
    at: int
    held: list = field(default_factory=list)


a = Item("a", price=3)
b = Item("b", ["new"])
a.tags.append(Colour.RED)
order = Order(2).add(a)
order.add(b).notes["k"] = Colour.BLUE.other
order.names.append("changed")
del order.names
order.names
changed = dataclasses.replace(order, number=1)
changed.items.append("shared")
deep = copy.deepcopy(order)
deep.items[0].tags.append(1)
as_dict = dataclasses.asdict(b)
as_dict["tags"].append("copy")
flat = dataclasses.astuple(a)
ordered = sorted([order, changed])
frozen = Frozen(1)
frozen.held.append(frozen)
try:
    frozen.at = 2
except dataclasses.FrozenInstanceError as error:
    text = str(error)
object.__setattr__(frozen, "at", 3)
rights = Rights.READ
rights |= Rights.WRITE
both = rights is Rights.ALL
left = rights & ~Rights.READ
pair = Pair(1)
pair.right.append(2)
moved = pair._replace(left=Level.HIGH)
moved.right.append(3)
Colour.RED.extra = ["attr"]
Colour.RED.extra.append(1)
found = Colour["RED"].extra
values = {colour: colour.value for colour in Colour}
values[Colour(2)] += 1
fields = [one.name for one in dataclasses.fields(Item)]
made = dataclasses.make_dataclass("Made", [("x", int), ("y", list, field(default_factory=list))])
one = made(1)
one.y += [one.x]
