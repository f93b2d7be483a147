"""Print the opcodes of the running interpreter as a row of src/python/opcodeTables.ts."""

from __future__ import annotations

import opcode
import sys
import textwrap


def cache_counts() -> dict[str, int]:
    """Return the number of cache entries that follow each instruction."""
    entries = getattr(opcode, "_inline_cache_entries", None)
    if entries is None:
        return {}
    by_name = hasattr(entries, "items")
    return {
        name: entries.get(name, 0) if by_name else entries[number]
        for name, number in opcode.opmap.items()
        if number < 256
    }


def main() -> None:
    """Print one row."""
    caches = cache_counts()
    words = []
    for name, number in sorted(opcode.opmap.items(), key=lambda pair: pair[1]):
        if (
            number < 256
            and not name.startswith(("INSTRUMENTED_", "<"))
            and name != "ENTER_EXECUTOR"
        ):
            words.append(f"{number}:{name}" + (f":{caches[name]}" if caches.get(name) else ""))
    lines = textwrap.wrap(" ".join(words), 112)
    print(f"  [\n    {sys.version_info[1]},\n    `" + "\n     ".join(lines) + "`,\n  ],")


if __name__ == "__main__":
    main()
