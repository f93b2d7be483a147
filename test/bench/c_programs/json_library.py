"""The standard library's json."""

import json

SIZE = 80


def main(size):
    rows = [{"id": n, "name": f"row {n}", "values": [n, n / 7, None, True]} for n in range(2000)]
    total = 0
    for turn in range(size):
        text = json.dumps(rows)
        again = json.loads(text)
        again[turn]["id"] = -1
        total += len(text) + again[turn]["id"]
    return total
