import importlib
import os
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "fresh_module.py"), "w") as file:
        file.write("print('imported', __name__)\ndef f():\n    return 1 / 0\n")
    sys.path.insert(0, folder)
    module = importlib.import_module("fresh_module")
    importlib.reload(module)
    try:
        module.f()
    except ZeroDivisionError as error:
        print(error.__traceback__.tb_next.tb_frame.f_code.co_name)
    with open(os.path.join(folder, "broken_module.py"), "w") as file:
        file.write("def f(:\n")
    try:
        import broken_module
    except SyntaxError as error:
        print(error.msg, error.lineno)
    try:
        import missing_module_of_mine
    except ImportError as error:
        print(error, error.name)
