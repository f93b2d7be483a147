import functools


class Typed:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, obj, owner=None):
        return self if obj is None else getattr(obj, self.name)

    def __set__(self, obj, value):
        obj.__dict__[self.name] = int(value)


def logged(log):
    def wrap(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            log.append((function.__name__, args[1:]))
            return function(*args, **kwargs)

        return inner

    return wrap


calls = []


class Part:
    size = Typed()

    def __init__(self, size):
        self.size = size

    @logged(calls)
    def scale(self, by):
        self.size = self.size * by
        return self.size

    @staticmethod
    def make(n):
        return Part(n)

    @classmethod
    def named(cls, n):
        part = cls(n)
        part.label = cls.__name__
        return part


p = Part("3")
p.scale(2)
q = Part.make(1)
r = Part.named(2)


@functools.lru_cache(maxsize=None)
def cached(n):
    return n * 2


both = cached(2) + cached(2)
