"""Mixed: Python that leans on C for pieces of its work."""

import hashlib
import json
import re
import zlib

SIZE = 28000
FIELD = re.compile(r"(\w+)=(\d+);")


def record(number):
    fields = {}
    for name in ("width", "height", "depth", "weight"):
        fields[name] = (number * len(name) * 7919) % 1000
    return fields


def as_line(fields):
    return "".join(f"{name}={value};" for name, value in fields.items())


def parse(line):
    return {name: int(value) for name, value in FIELD.findall(line)}


def main(size):
    lines = []
    total = 0
    digest = hashlib.sha256()
    for number in range(size):
        fields = record(number)
        line = as_line(fields)
        again = parse(line)
        if again != fields:
            raise AssertionError(line)
        text = json.dumps(again, sort_keys=True)
        digest.update(text.encode())
        lines.append(text)
        if len(lines) == 50:
            packed = zlib.compress("\n".join(lines).encode(), 6)
            total += len(packed)
            back = [json.loads(one) for one in zlib.decompress(packed).decode().split("\n")]
            back.sort(key=lambda item: (item["width"], item["height"]))
            total += back[0]["depth"] + back[-1]["weight"]
            lines.clear()
    return total, digest.hexdigest()[:16]
