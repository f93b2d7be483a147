import atexit
import sys


@atexit.register
def first():
    print("first registered, last run")


@atexit.register
def second():
    print("second", file=sys.stderr)
    raise ValueError("in an exit callback")


print("end of main")
