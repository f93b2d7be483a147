"""Diverse code: many copies of the benchmark programs, each a module of its own, a little of each in turn.

usage: diverse.py

The rounds come in two laps of the same steps. Between them, and after the second, the program sleeps
so long that the recorder ends a block: the second lap can be repeated in a recording, as if the
program had gone on (`longRecording.ts`). Each line with "mark" runs once, in the first lap.
"""

import importlib
import os
import shutil
import sys
import tempfile
import time

COPIES = 40
#: Many, so that the recorder looks at the clock at each event of them.
PAUSES = [0.02] * 80 + [0.3, 0.02, 0.3]
#: Sizes that make one to ten thousand steps.
SIZES = {
    "dicts": 60,
    "exceptions": 40,
    "floats": 8,
    "generators": 80,
    "heaps": 1,
    "json_text": 1,
    "machine": 20,
    "mixed": 40,
    "objects": 15,
    "recursion": 1,
    "strings": 2,
}


def copies(folder):
    """Modules with the function that runs a little of each."""
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs")
    sys.path.insert(0, folder)
    for number in range(COPIES):
        package = os.path.join(folder, "copy_%d" % number)
        os.mkdir(package)
        for name in SIZES:
            shutil.copy(os.path.join(here, name + ".py"), package)
    return [
        (name, importlib.import_module("copy_%d.%s" % (number, name)).main)
        for number in range(COPIES)
        for name in SIZES
    ]


class Ledger:
    def __init__(self):
        self.turns = 0
        self.marks = []


def main(programs):
    seen, kept, ledger = {}, [], Ledger()
    lap = len(programs)
    marks = [lap * (90 + n) // 100 for n in range(5)]
    for number in range(2 * lap + 1):
        if number > 0 and number % lap == 0:
            _ = [time.sleep(pause) for pause in PAUSES]
        name, program = programs[number * 37 % lap]
        result = program(SIZES[name])
        seen[name] = number
        kept.append(str(result)[:20])
        if len(kept) > 80:
            del kept[:40]
        if number % 10 == 0:
            ledger.turns += 1
        if number == marks[0]:
            ledger.marks.append("mark 0")
        if number == marks[1]:
            ledger.marks.append("mark 1")
        if number == marks[2]:
            ledger.marks.append("mark 2")
        if number == marks[3]:
            ledger.marks.append("mark 3")
        if number == marks[4]:
            ledger.marks.append("mark 4")
    return len(seen) + len(kept) + len(ledger.marks)


with tempfile.TemporaryDirectory() as scratch:
    main(copies(scratch))
