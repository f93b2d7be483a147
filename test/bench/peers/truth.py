"""What truly ran: counts and values as records.py says them, from a plain trace function.

usage: truth.py OUTPUT FILE SCRIPT ARGUMENT...
    OUTPUT  gets the JSON: lines, calls and facts of FILE; steps: the line events of FILE and of SCRIPT

Ends where the program would end itself or wait.
"""

import json
import os
import runpy
import sys

import records


class Ended(BaseException):
    """Instead of the process's end."""


class NoInput:
    @staticmethod
    def read():
        raise Ended


def end(*_):
    raise Ended


def main(output, file, script, arguments):
    record = records.Record(file, describe)
    seen = {}
    other = 0

    def which(code):
        name = code.co_filename
        if name not in seen:
            seen[name] = "file" if records.is_same(name, file) else "script" if records.is_same(name, script) else None
        return seen[name]

    def trace(frame, event, _):
        kind = which(frame.f_code)
        if kind is None:
            return None
        if kind == "script":
            return trace_script
        record.calls[frame.f_code.co_firstlineno] += 1
        return trace_file

    def trace_script(frame, event, _):
        nonlocal other
        if event == "line":
            other += 1
        return trace_script

    def trace_file(frame, event, _):
        if event == "line":
            line = frame.f_lineno
            record.lines[line] += 1
            if line in record.facts.marks:
                record.facts.step(line, frame.f_locals)
        return trace_file

    sys.argv = [script, *arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    os._exit = os.kill = end
    sys.stdin = NoInput()
    sys.settrace(trace)
    try:
        runpy.run_path(script, run_name="__main__")
    except Ended:
        pass
    finally:
        sys.settrace(None)
    record.facts.identity = True
    result = {**record.result(), "steps": sum(record.lines.values()) + other}
    with open(output, "w", encoding="utf-8") as target:
        json.dump(result, target)


def describe(value):
    """A copy, as it is now."""
    if isinstance(value, list):
        return list(value)
    return dict(vars(value)) if hasattr(value, "__dict__") else value


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
