import os
import sys

print([os.path.basename(entry) for entry in sys.path])
print(sorted(os.path.basename(entry) for entry in sys.path_importer_cache))
print("sitecustomize" in sys.modules, "pytracer" in sys.modules, "launcher" in sys.modules)
print([type(finder).__name__ for finder in sys.meta_path])
print(sorted(name for name in sys.modules if name not in ("itertools", "_collections", "_functools", "atexit")))
