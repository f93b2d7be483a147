import collections
import dataclasses
import enum
import functools
import typing


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: list = dataclasses.field(default_factory=list)


class Color(enum.Enum):
    RED = 1
    BLUE = 2


Pair = collections.namedtuple("Pair", "a b")


@functools.lru_cache(None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(Point(1) < Point(2), Point(3), Color.RED, list(Color), Pair(1, 2), fib(30), fib.cache_info())
print(typing.get_type_hints(Point)["x"])
