class Vec:
    def __init__(self, *xs):
        self.xs = list(xs)

    def __add__(self, other):
        return Vec(*[a + b for a, b in zip(self.xs, other.xs)])

    def __iadd__(self, other):
        self.xs[:] = [a + b for a, b in zip(self.xs, other.xs)]
        return self

    def __getitem__(self, i):
        return self.xs[i]

    def __setitem__(self, i, v):
        self.xs[i] = v

    def __len__(self):
        return len(self.xs)

    def __contains__(self, x):
        self.asked = x
        return x in self.xs

    def __call__(self, k):
        self.xs.append(k)
        return self

    def __lt__(self, other):
        self.compared = True
        return self.xs < other.xs


v = Vec(1, 2)
w = v
v += Vec(1, 1)
u = v + w
u[0] = 50
has = 50 in u
u(7)(8)
less = u < v
size = len(u)
first, *others = u
