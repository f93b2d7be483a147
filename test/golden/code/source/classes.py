"""Class bodies, closures through __class__, f-strings, annotations."""


class Base:
    """A class."""

    size: int = 1
    names = [letter for letter in "abc"]

    def __init__(self, x):
        self.x = x

    @property
    def double(self):
        return self.x * 2

    def method(self): return [self.x for _ in self.names]

    class Inner:
        value = 1

        def deep(self):
            def deeper():
                return self
            return deeper


class Derived(Base,
              metaclass=type):
    def __init__(self, *args):
        super().__init__(
            *args
        )

    def text(self):
        return (f"{self.x!r:>{self.size}} "
                f"{self.double}")


def make(base):
    class Local(base):
        owner = base
    return Local


def annotated(a: int, b: "str" = "x") -> None:
    local: int = a
    a.b: int = local
    global somewhere
    somewhere = b
