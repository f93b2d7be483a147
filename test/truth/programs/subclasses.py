import enum
from collections import namedtuple
from dataclasses import dataclass, field


class Stack(list):
    def push(self, item):
        self.append(item)
        self.top = item


class Config(dict):
    pass


class Celsius(float):
    pass


class Color(enum.Enum):
    RED = 1
    BLUE = 2


Pair = namedtuple("Pair", "left right")


@dataclass
class Order:
    name: str
    lines: list = field(default_factory=list)


stack = Stack([1])
stack.push(2)
stack[0] = "zero"
config = Config(a=1)
config["b"] = 2
config.loaded = True
warm = Celsius(20.5)
warm.label = "room"
pair = Pair(1, [2])
pair.right.append(3)
order = Order("x")
order.lines.append(pair)
order.name = "y"
color = Color.RED
