"""Counts attribute fetches on code objects per million events, with the registry and without.

The events are those of a plain trace function over steps.py; at each one the same questions are asked:
whose code is it, what is it called, in which file and on which line does it stand. "Without" asks a
fresh registry at every event, so that nothing is remembered.

usage: code_fetches.py ROUNDS ROUNDS_WITHOUT      prints two numbers
"""

import os
import sys

from pytracer.code_objects import CodeObjectRegistry

FOLDER = os.path.dirname(os.path.abspath(__file__))


def events_of(rounds):
    """Run steps.py and return (code object, offset) of each call, line and return event."""
    events = []

    def trace(frame, event, argument):
        events.append((frame.f_code, frame.f_lasti))
        return trace

    with open(os.path.join(FOLDER, "steps.py"), encoding="utf-8") as file:
        code = compile(file.read(), "steps.py", "exec")
    sys.argv = ["steps.py", str(rounds)]
    sys.settrace(trace)
    try:
        exec(code, {"__name__": "__main__"})
    finally:
        sys.settrace(None)
    return events


def ask(registry, code, offset):
    wrapper = registry.wrapper(code)
    return wrapper.qualname, wrapper.filename, wrapper.slots, wrapper.line_for_offset(offset)


def with_registry(rounds):
    events = events_of(rounds)
    registry = CodeObjectRegistry()
    for code, offset in events:
        ask(registry, code, offset)
    return registry.fetches * 1_000_000 / len(events)


def without(rounds):
    events = events_of(rounds)
    fetches = 0
    for code, offset in events:
        registry = CodeObjectRegistry()
        ask(registry, code, offset)
        fetches += registry.fetches
    return fetches * 1_000_000 / len(events)


ROUNDS, ROUNDS_WITHOUT = map(int, sys.argv[1:])
print(with_registry(ROUNDS), without(ROUNDS_WITHOUT))
