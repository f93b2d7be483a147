# The trace function is taken, given back and taken again; a profiler comes along.
import sys

result = []


def tracer(frame, event, arg):
    if frame.f_code.co_name == "work":
        result.append(event)
        return tracer
    return None


def profiler(frame, event, arg):
    if frame.f_code.co_name == "work":
        result.append("profile " + event)


def work(n):
    n += 1
    return n


work(1)
sys.settrace(tracer)
work(2)
sys.settrace(None)
work(3)
sys.setprofile(profiler)
work(4)
sys.setprofile(None)
result.append(work(5))
print("result:", result)
