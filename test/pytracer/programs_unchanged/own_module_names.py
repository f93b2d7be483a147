import importlib.util
import sys

for name in ("pytracer", "recorder", "launcher", "wire", "recording", "scope"):
    print(name, importlib.util.find_spec(name), name in sys.modules)
