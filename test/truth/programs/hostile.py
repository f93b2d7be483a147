class Hostile:
    def __init__(self):
        self.calls = []

    def __eq__(self, other):
        raise RuntimeError("eq")

    def __hash__(self):
        return 1

    def __repr__(self):
        raise RuntimeError("repr")

    def __bool__(self):
        raise RuntimeError("bool")

    def __len__(self):
        raise RuntimeError("len")

    def __iter__(self):
        raise RuntimeError("iter")

    @property
    def danger(self):
        raise RuntimeError("property")

    @property
    def __class__(self):
        return int


class Lying:
    __dict__ = {"not": "true"}

    def __init__(self):
        object.__setattr__(self, "real", 1)

    def __getattribute__(self, name):
        return 42


h = Hostile()
h.calls.append(1)
keyed = {"h": h}
keyed["again"] = h
many = [h, h]
many[0] = 5
lying = Lying()
lying.real = 3
answer = lying.anything


class HostileMeta(type):
    def __eq__(cls, other):
        raise RuntimeError("meta eq")

    def __hash__(cls):
        raise RuntimeError("meta hash")


class Mapped(dict, metaclass=HostileMeta):
    pass


class Plain(metaclass=HostileMeta):
    pass


mapped = Mapped()
mapped["a"] = 1
plain = Plain()
plain.kinds = [Plain]
plain.kinds.append(mapped)
