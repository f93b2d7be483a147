# What coverage tools do: counts of lines, also in other threads.
import sys
import threading
import trace

counts = {}


def tool(frame, event, argument):
    if frame.f_code.co_filename != __file__:
        return None
    if event == "line":
        key = frame.f_code.co_name, frame.f_lineno
        counts[key] = counts.get(key, 0) + 1
    return tool


def work(rounds):
    total = 0
    for number in range(rounds):
        if number % 2:
            total += number
    return total


threading.settrace(tool)
sys.settrace(tool)
work(5)
thread = threading.Thread(target=work, args=(3,))
thread.start()
thread.join()
sys.settrace(None)
threading.settrace(None)
print(sorted(counts.items()))
tracer = trace.Trace(count=1, trace=0, ignoredirs=[sys.prefix, sys.exec_prefix])
print(tracer.runfunc(work, 4))
lines = tracer.results().counts
print(sorted((line, count) for (name, line), count in lines.items() if name == __file__))
print(work(6))
