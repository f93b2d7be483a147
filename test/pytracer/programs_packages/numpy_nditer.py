"""Elements that an iterator of NumPy gives are views of the array."""

import numpy as np

a = np.arange(1, 4)
with np.nditer(a, op_flags=["readwrite"]) as it:
    for e in it:
        e[...] = 10 * e
print(a)
