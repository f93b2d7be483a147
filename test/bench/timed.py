"""Runs `main(size)` of one program and says what it cost, as JSON.

usage: timed.py HOW FOLDER NAME SCALE
    HOW    "run"; or "floor:FILE": under callbacks that do nothing, from the extension module FILE
    SCALE  how much of the program's own SIZE to take

CPU time of all threads of the process, and of the main thread alone; the result is there to be the
same however the program was run.
"""

import json
import os
import sys
import time


def set_local_events(monitoring, tool, code, events):
    monitoring.set_local_events(tool, code, events)
    for constant in code.co_consts:
        if type(constant) is type(code):
            set_local_events(monitoring, tool, constant, events)


def start_floor(path, program):
    """What a recorder on the same events would cost if it recorded nothing."""
    import importlib.machinery
    import importlib.util

    loader = importlib.machinery.ExtensionFileLoader("hindsight_floor", path)
    floor = importlib.util.module_from_spec(importlib.util.spec_from_loader("hindsight_floor", loader))
    loader.exec_module(floor)
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None:
        floor.trace(True)
        return lambda: floor.trace(False)
    events = monitoring.events
    local = events.LINE | events.PY_START | events.PY_RESUME | events.PY_RETURN | events.PY_YIELD
    everywhere = events.PY_UNWIND | events.PY_THROW | events.RAISE
    monitoring.use_tool_id(4, "floor")
    for bit in range(20):
        if (local | everywhere) >> bit & 1:
            monitoring.register_callback(4, 1 << bit, floor.callback)
    with open(program.__file__, encoding="utf-8") as file:
        names = compile(file.read(), program.__file__, "exec").co_names
    seen = set()
    for name in names:
        value = getattr(program, name, None)
        for one in [value, *vars(value).values()] if isinstance(value, type) else [value]:
            code = getattr(one, "__code__", None)
            if code is not None and code.co_filename == program.__file__ and code not in seen:
                seen.add(code)
                set_local_events(monitoring, 4, code, local)
    monitoring.set_events(4, everywhere)
    return lambda: monitoring.free_tool_id(4)


def timed(how, folder, name, scale):
    sys.path.insert(0, os.path.abspath(folder))
    program = __import__(name)
    size = max(1, round(program.SIZE * float(scale)))
    stop = start_floor(how[len("floor:") :], program) if how.startswith("floor:") else lambda: None
    process, thread = time.process_time(), time.thread_time()
    result = program.main(size)
    process, thread = time.process_time() - process, time.thread_time() - thread
    stop()
    return {"process": process, "thread": thread, "result": repr(result)}


print(json.dumps(timed(*sys.argv[1:])))
