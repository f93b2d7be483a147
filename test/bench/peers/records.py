"""What does a tool's own output hold of one file's run? Prints JSON.

usage: records.py TOOL OUTPUT FILE
    TOOL    coverage, viztracer, py-tt-debug or codetracer
    OUTPUT  the file that the tool wrote; for codetracer the folder, with a trace in JSON

lines: how often the output says that each line ran; calls: the same for calls, by the function's first
line; facts: what it says about the moments that probe.py names (see Facts); said: what the output says
itself to have lost. Ends with a message when the output is not there or cannot be read.
"""

import ast
import collections
import contextlib
import json
import os
import re
import sqlite3
import sys

UNKNOWN = object()


class Facts:
    """The answers at the marked lines of `file`. `plain` turns a tool's value into what it says, UNKNOWN if nothing.

    rounds: [number, total, doubled] before the line "round" runs, for each time that all three are there;
    before, after: what the list, the object's attribute and item 1,500 of the long list are said to be at
    those lines, null where nothing is said; identity: whether the record of one list under two names differs
    from that of an equal list, null where there is no record of them.
    """

    def __init__(self, file, plain):
        self.plain = plain
        self.marks = {}
        with open(file, encoding="utf-8") as source:
            for number, text in enumerate(source, 1):
                found = re.search(r"  # (round|before|after)$", text)
                if found:
                    self.marks[number] = found.group(1)
        self.rounds = []
        self.moments = {}
        self.identity = None

    def step(self, line, raw):
        """The local variables `raw` before `line` runs."""
        mark = self.marks.get(line)
        if mark is None:
            return
        values = {name: self.plain(raw[name]) for name in raw if name in VARIABLES[mark]}
        if mark == "round":
            one = [values.get(name, UNKNOWN) for name in VARIABLES["round"]]
            if UNKNOWN not in one:
                self.rounds.append(one)
            return
        self.moments[mark] = {
            "list": known(values.get("basket", UNKNOWN)),
            "attribute": part(values.get("box", UNKNOWN), "name"),
            "item": part(values.get("big", UNKNOWN), 1500),
        }
        if mark == "before" and all(name in raw for name in ("basket", "alias", "twin")):
            self.identity = raw["basket"] == raw["alias"] and raw["basket"] != raw["twin"]

    def result(self):
        return {
            "rounds": self.rounds,
            "before": self.moments.get("before"),
            "after": self.moments.get("after"),
            "identity": self.identity,
        }


VARIABLES = {
    "round": ("number", "total", "doubled"),
    "before": ("basket", "box", "big"),
    "after": ("basket", "box", "big"),
}


def known(value):
    return None if value is UNKNOWN else value


def part(whole, key):
    """What is at `key` of a list, or of an object whose attributes are a dict; None if that is not recorded."""
    if isinstance(whole, (dict, list)):
        with contextlib.suppress(LookupError):
            return known(whole[key])
    return None


def is_same(path, file):
    return os.path.realpath(path) == os.path.realpath(file)


class Record:
    def __init__(self, file, plain=None):
        self.lines = collections.Counter()
        self.calls = collections.Counter()
        self.facts = Facts(file, plain)
        self.said = None

    def result(self):
        return {
            "lines": self.lines,
            "calls": self.calls,
            "facts": self.facts.result(),
            "said": self.said,
        }


@contextlib.contextmanager
def database(path):
    """Read with its write-ahead log; sqlite3 would make a file that is not there."""
    if not os.path.exists(path):
        raise FileNotFoundError(path)
    connection = sqlite3.connect(path)
    try:
        yield connection
    finally:
        connection.close()


def coverage(output, file):
    """Its database holds for each file the set of lines that ran, as the bits of a byte string."""
    record = Record(file)
    with database(output) as connection:
        rows = connection.execute("SELECT path, numbits FROM line_bits JOIN file ON file.id = file_id").fetchall()
    for path, bits in rows:
        if is_same(path, file):
            for index, byte in enumerate(bits):
                for bit in range(8):
                    if byte >> bit & 1:
                        record.lines[index * 8 + bit] = 1
    return record


def viztracer(output, file):
    """Chrome's trace events: a complete event a call, named "function (file:first line)"."""
    record = Record(file)
    with open(output, encoding="utf-8") as source:
        trace = json.load(source)
    paths = {}
    for event in trace["traceEvents"]:
        found = re.fullmatch(r"(.*) \((.*):(\d+)\)", event["name"], re.DOTALL)
        if event["ph"] == "X" and found:
            path = found.group(2)
            if path not in paths:
                paths[path] = is_same(path, file)
            if paths[path]:
                record.calls[int(found.group(3))] += 1
    if trace.get("viztracer_metadata", {}).get("overflow"):
        record.said = "overflow"
    return record


def pyttd_plain(raw):
    """A value of py-tt-debug: its repr, or an object with its children's reprs."""
    if isinstance(raw, dict):
        children = raw.get("__children__", [])
        if raw.get("__type__") == "list":
            return [pyttd_plain(child["value"]) for child in children]
        return {child["key"]: pyttd_plain(child["value"]) for child in children}
    try:
        return ast.literal_eval(raw)
    except (SyntaxError, ValueError):
        return UNKNOWN


def pyttd(output, file):
    """Its database has a row an event; a row without a snapshot has no values."""
    record = Record(file, pyttd_plain)
    with database(output) as connection:
        rows = connection.execute(
            "SELECT filename, line_no, frame_event, locals_snapshot FROM executionframes ORDER BY sequence_no"
        )
        for path, line, event, snapshot in rows:
            if not is_same(path, file):
                continue
            if event == "call":
                record.calls[line] += 1
            elif event == "line":
                record.lines[line] += 1
                # Some snapshots are no JSON.
                with contextlib.suppress(ValueError):
                    record.facts.step(line, json.loads(snapshot or ""))
    return record


def elements(path):
    """The elements of a file that is one JSON array, without holding all of it."""
    decoder = json.JSONDecoder()
    with open(path, encoding="utf-8") as source:
        text = source.read(1 << 20).lstrip().removeprefix("[")
        at = 0
        while True:
            while at < len(text) and text[at] in ", \n\r\t":
                at += 1
            try:
                value, at = decoder.raw_decode(text, at)
            except ValueError:
                more = source.read(1 << 20)
                if not more:
                    return
                text, at = text[at:] + more, 0
                continue
            yield value


def codetracer_plain(raw):
    """A value of CodeTracer's format: numbers, texts and lists are structured, all else is a text."""
    kind = raw["kind"]
    if kind == "Int":
        return raw["i"]
    if kind == "String":
        return raw["text"]
    if kind == "Sequence":
        return [codetracer_plain(one) for one in raw["elements"]]
    return UNKNOWN


def codetracer(output, file):
    """Its events: a step, then the values of its variables; names, paths and functions by number."""
    record = Record(file, codetracer_plain)
    names, paths, functions = [], [], []
    line, values = None, {}
    for event in elements(os.path.join(output, "trace.json")):
        ((kind, body),) = event.items()
        if kind == "Path":
            paths.append(is_same(body, file))
        elif kind == "VariableName":
            names.append(body)
        elif kind == "Function":
            functions.append((body["path_id"], body["line"]))
        elif kind == "Step":
            record.facts.step(line, values)
            line, values = (body["line"] if paths[body["path_id"]] else None), {}
            if line is not None:
                record.lines[line] += 1
        elif kind == "Value":
            # After a step's own variables stand the arguments of the call that it makes.
            values.setdefault(names[body["variable_id"]], body["value"])
        elif kind == "Call":
            path, first = functions[body["function_id"]]
            if paths[path]:
                record.calls[first] += 1
    record.facts.step(line, values)
    return record


READERS = {"coverage": coverage, "viztracer": viztracer, "py-tt-debug": pyttd, "codetracer": codetracer}


if __name__ == "__main__":
    tool, output, file = sys.argv[1:]
    try:
        print(json.dumps(READERS[tool](output, file).result()))
    except FileNotFoundError:
        sys.exit("nothing was written")
    except sqlite3.DatabaseError as error:
        sys.exit(str(error))
