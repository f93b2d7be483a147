"""Compare a recording, replayed naively, with what test/truth/oracle.py saw in a run of its own.

Usage: python truth.py PYTHON SOURCES PROGRAM...   (SOURCES: recorders, as in native,monitoring)
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from decode_log import UNBOUND, Replay  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEPTH = 4
# Attributes whose values are of the process alone.
PROCESS_OWN = ("_ident", "_native_id", "_loop", "_thread_id")
LISTS = ("LIST", "TUPLE", "DEQUE", "RANGE", "SLICE", "ARRAY")


def lines_of(code):
    """Give [(start, end, line)] in code units, by any of the three kinds of tables."""
    table, kind = code["table"], code["table_kind"]
    found = []
    if kind == 1:
        line, offset, start = code["first_line"], 0, 0
        for place in range(0, len(table), 2):
            if table[place + 1]:
                if offset + table[place] > start:
                    found.append((start, offset + table[place], line))
                    start = offset + table[place]
                line += table[place + 1] - 256 if table[place + 1] >= 128 else table[place + 1]
            offset += table[place]
        found.append((start, len(code["bytecode"]), line))
        return [(a // 2, b // 2, n) for a, b, n in found]
    if kind == 2:
        line, offset = code["first_line"], 0
        for place in range(0, len(table), 2):
            delta = table[place + 1]
            end = offset + table[place]
            if delta != 0x80:
                line += delta - 256 if delta > 127 else delta
                found.append((offset // 2, end // 2, line))
            offset = end
        return found
    place, line, offset = 0, code["first_line"], 0

    def varint():
        nonlocal place
        shift = value = 0
        while True:
            byte = table[place]
            place += 1
            value |= (byte & 63) << shift
            shift += 6
            if not byte & 64:
                return value

    while place < len(table):
        first = table[place]
        place += 1
        length = (first & 7) + 1
        form = (first >> 3) & 15
        has_line = True
        if form == 15:
            has_line = False
        elif form == 14 or form == 13:
            value = varint()
            line += -(value >> 1) if value & 1 else value >> 1
            if form == 14:
                varint(), varint(), varint()
        elif form >= 10:
            line += form - 10
            place += 2
        else:
            place += 1
        if has_line:
            found.append((offset, offset + length, line))
        offset += length
    return found


class View:
    """Canonical values of the oracle's form, from a replay."""

    def __init__(self, replay):
        self.replay = replay
        self.lines = {}

    def line(self, frame):
        code = self.replay.codes[frame["code"]]
        table = self.lines.get(code["id"])
        if table is None:
            table = self.lines[code["id"]] = lines_of(code)
        for start, end, line in table:
            if start <= frame["offset"] < end:
                return line
        return None

    def value(self, value, depth=DEPTH):
        if value[0] == "scalar":
            return repr(value[1])
        if value[0] != "object":
            return "<" + str(value) + ">"
        if depth == 0:
            return "..."
        thing = self.replay.objects.get(value[1])
        if thing is None:
            return f"<missing {value}>"
        if thing.get("dead"):
            return f"<dead {value[1]}>"
        if thing.get("unknown"):
            return {"type": thing["type"].rpartition(".")[2], "unknown": True}
        kind = thing["kind"]
        result = {"type": thing["type"].rpartition(".")[2]}
        inner = depth - 1
        if kind in LISTS:
            result["items"] = [self.value(x, inner) for x in thing["items"]]
        elif kind in ("DICT", "NAMESPACE"):
            result["entries"] = [
                [self.value(k, inner), self.value(v, inner)] for k, v in thing["items"]
            ]
        elif kind in ("SET", "FROZENSET"):
            result["members"] = sorted(
                json.dumps(self.value(x, inner), sort_keys=True) for x in thing["items"]
            )
        elif kind == "REPR":
            result["repr"] = thing["text"]
        elif kind == "SCALAR" and "value" in thing:
            result["value"] = self.value(thing["value"], inner)
        elif kind == "BYTEARRAY":
            result["items"] = [str(x) for x in thing["bytes"]]
        result["attributes"] = {
            name: self.value(member, inner)
            for name, member in (thing.get("attrs") or {}).items()
            if kind not in ("CLASS", "FUNCTION")
        }
        if not result["attributes"] and kind != "INSTANCE":
            del result["attributes"]
        return result

    def step(self):
        replay = self.replay
        stack, frames = [], []
        for frame in reversed(replay.stack):
            code = replay.codes[frame["code"]]
            stack.append([code["name"], self.line(frame)])
            if frame["locals"]:
                mapping = replay.objects[frame["locals"]]
                # Variables of comprehensions are in slots; at module level they are shown alone.
                own = [
                    s
                    for s in zip(code["slots"], frame["values"])
                    if s[1] != UNBOUND and s[0] not in code["freevars"]
                ]
                around = mapping.get("items", ())
                if own and frame["locals"] == frame["globals"]:
                    around = ()
                names = [(k[1], v) for k, v in around] + own
                frames.append({"locals": self.names(names), "closure": {}})
            else:
                slots = list(zip(code["slots"], frame["values"]))
                frames.append(
                    {
                        "locals": self.names([s for s in slots if s[0] not in code["freevars"]]),
                        "closure": self.names([s for s in slots if s[0] in code["freevars"]]),
                    }
                )
        top = replay.objects[replay.top["globals"]]
        return {
            "thread": replay.names[replay.current],
            "stack": stack,
            "frames": frames,
            "globals": self.names([(k[1], v) for k, v in top["items"]]),
        }

    def names(self, pairs):
        return {
            name: self.value(value)
            for name, value in pairs
            if value != UNBOUND
            and type(name) is str
            and not (name.startswith("__") and name.endswith("__"))
        }


def same(mine, theirs, where=""):
    """Return where two canonical values differ, or None; attributes of ours alone do not count."""
    if mine == theirs:
        # Most are equal, and this is the quick way to see it.
        return None
    if type(mine) is dict and type(theirs) is dict:
        keys = set(theirs)
        if "type" not in theirs or "attributes" in theirs:
            keys |= set(mine)
        for key in sorted(keys):
            if key == "attributes" and (not theirs.get(key) and not mine.get(key)):
                continue
            if key == "attributes" and theirs.get(key) == {}:
                continue
            if ("type" in theirs and key not in theirs) or key in PROCESS_OWN:
                continue
            if key not in mine or key not in theirs:
                found, wanted = mine.get(key, "absent"), theirs.get(key, "absent")
                return f"{where}.{key}: {found} instead of {wanted}"
            found = same(mine[key], theirs[key], f"{where}.{key}")
            if found:
                return found
        return None
    if type(mine) is list and type(theirs) is list and len(mine) == len(theirs):
        for place, (a, b) in enumerate(zip(mine, theirs)):
            found = same(a, b, f"{where}[{place}]")
            if found:
                return found
        return None
    return None if theirs is None else f"{where}: {mine} instead of {theirs}"


@functools.lru_cache(maxsize=1)
def seen_by_oracle(python, program, packages):
    """Return the program's standard output and error under the oracle, and its steps.

    The last answer is kept: several recorders are compared with it.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "oracle.jsonl")
        env = {**os.environ, "PYTHONHASHSEED": "0"}
        env.pop("PYTHONPATH", None)
        if packages:
            env["PYTHONPATH"] = packages
        oracle = os.path.join(ROOT, "test", "truth", "oracle.py")
        run = subprocess.run(
            [python, oracle, program, out], env=env, capture_output=True, text=True, timeout=60
        )
        with open(out, encoding="utf-8") as file:
            return run.stdout, run.stderr, [json.loads(line) for line in file if line.strip()]


def check(python, source, program, limit=5, packages=""):
    """Return the differences, one text each, and the number of steps.

    `packages` is a folder where modules are found besides.
    """
    stdout, stderr, expected = seen_by_oracle(python, program, packages)
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log.hindsight")
        both = os.pathsep.join([ROOT, packages] if packages else [ROOT])
        env = {**os.environ, "PYTHONPATH": both, "PYTHONHASHSEED": "0"}
        command = [python, "-m", "pytracer", "record", "--recorder", source, "-o", log, program]
        run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
        differences = []
        if run.stdout != stdout:
            differences.append(f"output {run.stdout!r} instead of {stdout!r}")
        if run.stderr != stderr:
            differences.append(f"stderr {run.stderr[-1500:]!r}")
        found = []

        def on_step(replay):
            found.append(view.step())

        view = View(None)

        class Viewed(Replay):
            pass

        def step(replay):
            view.replay = replay
            on_step(replay)

        error = None
        try:
            Viewed(log, on_step=step, on_event=lambda *_: None)
        except Exception as caught:
            import traceback

            error = traceback.format_exc()
            del caught
    threads = sorted({step["thread"] for step in expected})
    for thread in threads:
        mine = [step for step in found if step["thread"] == thread]
        theirs = [step for step in expected if step["thread"] == thread]
        for number, (a, b) in enumerate(zip(mine, theirs)):
            if a["stack"] != b["stack"]:
                differences.append(
                    f"{thread} step {number}: stack {a['stack']} instead of {b['stack']}"
                )
                if len(differences) >= limit:
                    break
                continue
            parts = ("frames", "globals") if len(threads) == 1 else ("frames",)
            for part in parts:
                where = same(a[part], b[part])
                if where:
                    differences.append(
                        f"{thread} step {number} at {b['stack'][0]}: {part}{where[:300]}"
                    )
            if len(differences) >= limit:
                break
        if len(mine) != len(theirs):
            differences.append(f"{thread}: {len(mine)} steps instead of {len(theirs)}")
    if error:
        differences.append(error)
    return differences, len(expected)


def main():
    python, sources = sys.argv[1:3]
    cases = [(program, source) for program in sys.argv[3:] for source in sources.split(",")]
    bad = 0
    for program, source in cases:
        differences, steps = check(python, source, os.path.abspath(program))
        if differences:
            bad += 1
            print(f"{os.path.basename(program)} by {source} ({steps} steps)")
            for text in differences[:5]:
                print("   ", text)
    print(f"{len(cases) - bad} of {len(cases)} agree")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
