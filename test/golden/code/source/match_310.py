"""The match statement."""


def command(value):
    match value:
        case ["go", direction] if direction:
            return direction
        case {"x": x, **rest}:
            return x, rest
        case str() | bytes():
            return len(
                value)
        case complex(real=r, imag=0):
            return r
        case _:
            return None


def parenthesized(a, b):
    with (
        a as x,
        b as y,
    ):
        return x, y
