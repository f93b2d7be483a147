import sys

events = []


def profiler(frame, event, arg):
    if frame.f_code.co_name in ("profiled", "inner"):
        events.append((event, frame.f_code.co_name, getattr(arg, "__name__", None)))


def inner():
    return len("abc")


def profiled():
    return inner()


sys.setprofile(profiler)
profiled()
sys.setprofile(None)
print(events)
