import os
import runpy
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "part.py")
    with open(path, "w") as file:
        file.write("import sys\nprint(__name__, sys.argv[0] == __file__)\nvalue = [1, 2]\n")
    print(runpy.run_path(path)["value"], runpy.run_path(path, run_name="__main__")["__name__"])
