# Python code runs in threads that Python did not start.
import ctypes
import sys
import threading

if not sys.platform.startswith("linux"):
    print("result: []")
    raise SystemExit
result = []
libc = ctypes.CDLL(None)
Routine = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
lock = threading.Lock()


def square(number):
    value = number or 0
    value *= value
    return value


@Routine
def routine(argument):
    value = square(argument)
    with lock:
        result.append(value)
    return 0


def run(count):
    for number in range(1, count):
        thread = ctypes.c_ulong()
        assert libc.pthread_create(ctypes.byref(thread), None, routine, ctypes.c_void_p(number)) == 0
        assert libc.pthread_join(thread, None) == 0


run(6)
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
numbers = (ctypes.c_int * 4)(3, 1, 4, 2)
libc.qsort(numbers, 4, ctypes.sizeof(ctypes.c_int), compare(lambda a, b: a[0] - b[0]))
result.extend(numbers)
print("result:", result)
