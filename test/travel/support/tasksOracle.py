"""Which tasks were there at each step, and where did each stand? Said by asyncio itself, in a run of its own.

    tasksOracle.py PROGRAM

Prints a JSON list with an entry for each line event of the program: the tasks that have begun, each as its name and the
list of its coroutines of the program, outermost first, as [name, line]; sorted.
"""

import asyncio
import inspect
import json
import sys

path = sys.argv[1]
seen = []


def is_own(frame):
    return frame is not None and frame.f_code.co_filename == path


def suspended(coroutine):
    """Give the coroutines that wait for each other, from the task's own on."""
    found = []
    while inspect.iscoroutine(coroutine):
        if is_own(coroutine.cr_frame):
            found.append([coroutine.cr_code.co_name, coroutine.cr_frame.f_lineno])
        coroutine = coroutine.cr_await
    return found


def running(frame, first, others):
    """Give the coroutines on the stack down to a task's own, outermost first.

    Above them may stand a task that began at once, down to one of `others`.
    """
    found = []
    while frame is not None:
        if is_own(frame) and frame.f_code.co_flags & inspect.CO_COROUTINE:
            found.append([frame.f_code.co_name, frame.f_lineno])
        if frame is first:
            break
        if frame in others:
            found.clear()
        frame = frame.f_back
    return found[::-1]


def tasks(frame):
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return []
    found = []
    all_tasks = asyncio.all_tasks(loop)
    firsts = [task.get_coro().cr_frame for task in all_tasks if task.get_coro() is not None]
    for task in all_tasks:
        coroutine = task.get_coro()
        state = inspect.getcoroutinestate(coroutine)
        if state == inspect.CORO_SUSPENDED:
            found.append([task.get_name(), suspended(coroutine)])
        elif state == inspect.CORO_RUNNING:
            found.append([task.get_name(), running(frame, coroutine.cr_frame, firsts)])
    return sorted(found)


def trace(frame, event, _):
    if not is_own(frame):
        return None
    if event == "line":
        seen.append(tasks(frame))
    return trace


with open(path, encoding="utf-8") as file:
    code = compile(file.read(), path, "exec")
sys.settrace(trace)
try:
    exec(code, {"__name__": "__main__", "__file__": path})
finally:
    sys.settrace(None)
print(json.dumps(seen))
