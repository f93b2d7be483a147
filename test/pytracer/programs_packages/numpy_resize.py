"""An array is resized only while nobody else refers to it."""

import numpy as np

z = np.zeros(3)
z.resize((5,))
z[4] = 1
z.resize(2)
z[1] = 3
print(z)
