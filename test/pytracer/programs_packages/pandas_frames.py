"""Frames and series of pandas: what is in them is in arrays of NumPy that can be reached."""

import numpy as np
import pandas as pd

frame = pd.DataFrame({"a": [1, 2, 3], "b": [0.5, 1.5, 2.5]})
frame.loc[1, "a"] = 20
series = pd.Series(np.arange(3))
series[0] = 7
total = int(frame["a"].sum())
print(frame, series, total)
