import sys

events = []


def tracer(frame, event, arg):
    if frame.f_code.co_name == "traced":
        events.append((event, frame.f_lineno))
    return tracer


def traced():
    value = 1
    return value


print(sys.gettrace() is None)
sys.settrace(tracer)
traced()
sys.settrace(None)
print(events)
print(traced())
