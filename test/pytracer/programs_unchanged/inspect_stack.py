import inspect
import sys


def where():
    return [(frame.function, frame.lineno, frame.code_context) for frame in inspect.stack()]


def caller():
    return where()


print(caller())
print(inspect.getsource(where))
print(inspect.currentframe().f_back, sys._getframe().f_back)
try:
    sys._getframe(1)
except ValueError as error:
    print(error)
