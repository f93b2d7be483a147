"""A partial of a partial takes the inner one's place as long as that has no `__dict__`."""

import functools


def add(a, b, c):
    return a + b + c


inner = functools.partial(add, 1)
print(inner(2, 3))
middle = functools.partial(inner, 2)
outer = functools.partial(middle, 3)
print(outer.func is add, outer.args, outer())
