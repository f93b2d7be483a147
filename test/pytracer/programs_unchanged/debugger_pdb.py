# stdin: next\nnext\nprint(total)\nstep\nstep\nwhere\nreturn\ncontinue\n
import pdb
import re
import sys


def add(first, second):
    result = first + second
    return result


def work():
    total = 1
    total = add(total, 2)
    return total


class Shown:
    """Paths differ from machine to machine."""

    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        self.stream.write(re.sub(r"[^ ]*/(\w+\.py)", r"\1", text))

    def flush(self):
        self.stream.flush()


debugger = pdb.Pdb(stdout=Shown(sys.stdout), nosigint=True, readrc=False)
debugger.use_rawinput = False
try:
    print(debugger.runcall(work))
except Exception as error:
    print(type(error).__name__)
print("after", sys.gettrace() is None)
print(work())
