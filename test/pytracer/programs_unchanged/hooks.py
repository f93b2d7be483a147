import sys


def excepthook(kind, value, traceback):
    print("hook:", kind.__name__, value, traceback.tb_lineno, traceback.tb_next is None)


def displayhook(value):
    print("display", value)


sys.excepthook = excepthook
sys.displayhook = displayhook
sys.unraisablehook = lambda args: print("unraisable", args.exc_value)


class Broken:
    def __del__(self):
        raise ValueError("x")


Broken()
raise LookupError("at the end")
