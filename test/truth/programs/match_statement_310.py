class P:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def kind(v):
    match v:
        case 0 | 1:
            return "bit"
        case [a, *rest] if rest:
            return a, rest
        case {"k": value, **others}:
            return value, others
        case P(x=0, y=yy) as p:
            return p.x + yy
        case P(xx, _):
            return xx
        case str() as s:
            return s * 2
        case _:
            return None


out = [kind(v) for v in (1, [1, 2, 3], {"k": 1, "z": 2}, P(0, 5), P(3, 4), "ab", 2.5)]
