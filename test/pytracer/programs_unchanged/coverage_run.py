# packages: coverage
# The coverage tool runs a program of its own.
import os
import runpy
import sys
import tempfile

folder = tempfile.mkdtemp()
target = os.path.join(folder, "target.py")
with open(target, "w") as file:
    file.write("def f(n):\n    return n + 1\n\n\nprint([f(n) for n in range(3)])\n")
os.environ["COVERAGE_FILE"] = os.path.join(folder, "data")
result = [1]
for command in (["run", target], ["report", "--format=total", "--include", target]):
    sys.argv = ["coverage", *command]
    try:
        runpy.run_module("coverage", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        result.append(end.code)
print("result:", result)
