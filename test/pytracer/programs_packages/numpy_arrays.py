"""Arrays of NumPy: views of one memory, in-place operations, functions in C, scalars."""

import numpy as np

a = np.arange(6).reshape(2, 3)
b = a[1:]
b[0, 1] = 99
a += 1
r = a.ravel()
r[:] = 0
np.add(a, 5, out=a)
t = a.T
t[0, 1] = 42
a.flat[2] = 7
f = a.flat
f[3] = 8
x = np.float32(0.1)
i = np.int64(5)
bo = np.bool_(True)
c = np.array([1 + 2j])
s = np.array(["ab", "c"])
o = np.array([[1], {"k": 2}, None], dtype=object)
o[0].append(3)
o[1] = "new"
st = np.zeros(2, dtype=[("x", "i4"), ("y", "f8")])
st["x"] = 5
d = np.array(["2020-01-01"], dtype="datetime64[D]")
z = np.zeros(3)
z = z.reshape(3, 1)
big = np.zeros(900)
view = big[200:]
big[500] = 3.0
view[1] = 5
h = np.array([1.5], dtype="f2")
be = np.array([1, 2], dtype=">i4")
fb = np.frombuffer(bytearray(b"abcd"), dtype="u1")
w = np.lib.stride_tricks.sliding_window_view(a, (1, 2))
a[0, 0] = -1
m = np.ma.masked_array([1, 2], mask=[0, 1])
m[0] = 5
v = np.void(b"abc")
ld = np.longdouble(1)
td = np.timedelta64(1, "D")
np.random.default_rng(0).shuffle(r)
g = [np.zeros(2) for _ in range(3)]
for q in g:
    q += 1


def fill(arr):
    arr[...] = 3


fill(g[1])
a0 = np.array(5)
a0[()] = 6
sel = a > 2
a[sel] = 0
print(x, i, bo, a, r, z, big[500], big[201], g)
