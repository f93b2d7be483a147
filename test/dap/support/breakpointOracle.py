"""Where breakpoints stop, as plain Python says: a trace function and `eval`, nothing of Hindsight.

    breakpointOracle.py PROGRAM SPECS

SPECS is a JSON list. The answer is a JSON list of lists of steps, one for each spec: numbers of the
line events of the program's file, from 0.
"""

import dis
import io
import json
import os
import sys
import traceback

path, specs = sys.argv[1], json.loads(sys.argv[2])
hits = [[] for _ in specs]
counts = [0] * len(specs)
step = -1
# Kept: no other frame gets the same id.
frames = []
started = set()
seen = {}
activations = {}
names = {}


def counted(index, spec):
    counts[index] += 1
    wanted = spec.get("hitCondition")
    if wanted is None:
        return True
    number = counts[index]
    operator, _, count = wanted.rpartition(" ")
    if operator == "%":
        return number % int(count) == 0
    return eval(f"{number} {operator or '=='} {count}")


def holds(spec, frame, names):
    condition = spec.get("condition")
    if condition is None:
        return True
    # A condition that has no answer ends this run: the lists would be short without a word.
    return bool(eval(condition, {**frame.f_globals, **frame.f_locals, **names}))


def hit(index, spec, frame, names=None):
    if holds(spec, frame, names or {}) and counted(index, spec):
        hits[index].append(step)


def name_all(code, prefix):
    """Qualified names without `<locals>`, which code objects know from 3.11 on only."""
    for inner in code.co_consts:
        if type(inner) is type(code):
            names[inner] = prefix + inner.co_name
            name_all(inner, names[inner] + ".")


def is_named(frame, name):
    return frame.f_code.co_flags & 1 and ("." + names.get(frame.f_code, "")).endswith("." + name)


def watched(frame, spec):
    names = frame.f_globals
    if spec.get("function") is not None:
        while frame is not None and frame.f_code.co_name != spec["function"]:
            frame = frame.f_back
        # Its first activation only.
        if frame is None or frame is not activations.setdefault(spec["function"], frame):
            return None
        names = {**frame.f_globals, **frame.f_locals}
    try:
        return repr(eval(spec["expression"], dict(names)))
    except Exception:
        return None


def look(frame):
    for index, spec in enumerate(specs):
        if spec["kind"] != "data":
            continue
        now = watched(frame, spec)
        before = seen.get(index)
        seen[index] = now
        # What is there when it is first seen is no change, nor is its end.
        if before is not None and now is not None and now != before:
            hits[index].append(step)


def trace(frame, event, argument):
    if frame.f_code.co_filename != path:
        return None
    try:
        take(frame, event, argument)
    except BaseException:
        # It would end the tracing, and nothing else.
        traceback.print_exc()
        os._exit(1)
    return trace


def take(frame, event, argument):
    global step
    look(frame)
    if event == "line":
        step += 1
        is_first = id(frame) not in started
        if is_first:
            started.add(id(frame))
            frames.append(frame)
        for index, spec in enumerate(specs):
            is_line = spec["kind"] == "line" and spec["line"] == frame.f_lineno
            is_entry = spec["kind"] == "function" and is_first and is_named(frame, spec["name"])
            if is_line or is_entry:
                hit(index, spec, frame)
    elif event == "return":
        opname = dis.opname[frame.f_code.co_code[frame.f_lasti]]
        if opname in ("RETURN_VALUE", "RETURN_CONST"):
            for index, spec in enumerate(specs):
                if spec["kind"] == "return" and is_named(frame, spec["name"]):
                    hit(index, spec, frame, {"__return__": argument})
    elif event == "exception":
        kind, value, where = argument
        # Before 3.12 the end of an iteration is told too.
        if kind is not StopIteration and (where is None or where.tb_next is None):
            for index, spec in enumerate(specs):
                classes = [one.__name__ for one in kind.__mro__]
                types = spec.get("types")
                if spec["kind"] == "raised" and (types is None or set(types) & set(classes)):
                    hit(index, spec, frame, {"__exception__": value})


with open(path, encoding="utf-8") as file:
    code = compile(file.read(), path, "exec")
name_all(code, "")
namespace = {"__name__": "__main__", "__file__": path, "__builtins__": __builtins__}
sys.stdout = io.StringIO()
sys.settrace(trace)
try:
    exec(code, namespace)
except Exception:
    pass
sys.settrace(None)
sys.__stdout__.write(json.dumps(hits))
