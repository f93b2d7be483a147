# as: code
import sys

def f(value):
    return value * 2

print(__name__, sys.argv, f(4), sys.path[0] == "", "__file__" in globals())
raise ValueError("from text")
