"""At which test was it decided that a line would not run? Found by trying, with plain Python.

    whyOracle.py PROGRAM

PROGRAM defines functions of one list of truth values, and CALLS: (name, values) of each call that it makes. Each test
asks for elements of the list. For every call and every line of the function that does not run, all other
answers to the tests are tried: that after which none leads to the line is the deciding one.
"""

import json
import sys

namespace = {"__name__": "tried"}
with open(sys.argv[1], encoding="utf-8") as file:
    exec(compile(file.read(), sys.argv[1], "exec"), namespace)


class Asked:
    """Answers the tests in their order, however often the same element is asked for; then False."""

    def __init__(self, given):
        self.given = given
        self.way = []

    def __getitem__(self, index):
        place = len(self.way)
        value = self.given(place, index)
        self.way.append((sys._getframe(1).f_lineno, value))
        return value


def run(function, given):
    """Give the way through the tests and the lines that ran."""
    asked, lines = Asked(given), set()

    def trace(frame, event, _):
        if frame.f_code is not function.__code__:
            return None
        if event == "line":
            lines.add(frame.f_lineno)
        return trace

    sys.settrace(trace)
    try:
        function(asked)
    finally:
        sys.settrace(None)
    return asked.way, lines


def every_way(function):
    """Try all answers to all tests."""
    waiting = [[]]
    while waiting:
        start = waiting.pop()
        way, lines = run(function, lambda place, _: place < len(start) and start[place])
        yield [value for _, value in way], lines
        for place in range(len(start), len(way)):
            waiting.append([value for _, value in way[:place]] + [True])


def answers(function, values, tried):
    """Give the deciding line of each line that does not run."""
    way, ran = run(function, lambda _, index: values[index])
    taken = [value for _, value in way]
    every = set().union(*(lines for _, lines in tried))
    found = {}
    for line in every - ran:
        for length in range(1, len(way) + 1):
            if not any(line in lines and other[:length] == taken[:length] for other, lines in tried):
                found[line] = way[length - 1][0]
                break
    return found


ways = {}
for name, _ in namespace["CALLS"]:
    if name not in ways:
        ways[name] = list(every_way(namespace[name]))
found = [answers(namespace[name], values, ways[name]) for name, values in namespace["CALLS"]]
print(json.dumps(found))
