"""Nested functions, closures, defaults, decorators and calls over several lines."""
import functools


def plain(a, b=1, *args, c, d=2, **kwargs):
    total = a + b
    return total + c + d + len(args) + len(kwargs)


def positional_only(a, b, /, c):
    return a, b, c


def outer(start):
    count = start
    unused = "é"; other = "日本"  # columns are bytes

    def bump(by=1):
        nonlocal count
        count += by
        return lambda: count * by

    return bump


def with_calls(values):
    result = functools.reduce(
        lambda left, right: left
        + right,
        [value * 2 for value in values
         if value],
        0,
    )
    text = ("a"
            "b" + str(
                result))
    return text[
        0:
        1
    ].upper(
    ).lower()


@functools.lru_cache(
    maxsize=None
)
@functools.wraps(plain)
def decorated(x): return x if x else \
    -x


def backwards(a):
    return (
        a
        .b(
            1,
            2)
        ) + a


def far_apart(a):
    first = a





































































































































    second = [
        first,

























































































































































        first]
    return second
