import sys


def make():
    value = [1, 2]
    return sys._getframe()


frame = make()
print(frame.f_locals, frame.f_lineno, frame.f_back is None, frame.f_trace)
frame.clear()
print(frame.f_locals)
try:
    1 / 0
except ZeroDivisionError as error:
    held = error
print(held.__traceback__.tb_lineno, held.__traceback__.tb_frame is sys._getframe(), sys.exc_info())
