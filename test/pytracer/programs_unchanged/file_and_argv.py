# args: one --two -o
import os
import sys

print(os.path.basename(__file__), [os.path.basename(arg) for arg in sys.argv], __name__, __spec__)
print(sorted(name for name in globals() if not name.startswith("__annot")))
print(sys.flags, os.path.basename(sys.executable))
print(globals().get("__cached__"), __package__, __doc__, type(__loader__).__name__)
