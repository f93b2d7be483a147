"""Where do a code object's lines and protected ranges lie? The same answer for every version of the bytecode."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import List, Optional, Tuple

    # Byte offsets [start, end) and their line; None where the compiler gave none.
    LineRange = Tuple[int, int, Optional[int]]

if sys.version_info >= (3, 10):

    def line_ranges(code: CodeType) -> List[LineRange]:
        """Return the code object's line ranges in order of their offsets, as `co_lines` has them."""
        return list(code.co_lines())

else:

    def line_ranges(code: CodeType) -> List[LineRange]:
        """Return the code object's line ranges in order of their offsets, decoded from `co_lnotab`."""
        table = code.co_lnotab
        ranges: List[LineRange] = []
        start = offset = 0
        line = code.co_firstlineno
        for place in range(0, len(table), 2):
            offset += table[place]
            step = table[place + 1]
            if step == 0:
                continue
            if offset > start:
                ranges.append((start, offset, line))
                start = offset
            line += step - 256 if step >= 128 else step
        end = len(code.co_code)
        if end > start:
            ranges.append((start, end, line))
        return ranges


def protected_ranges(table: bytes) -> List[Tuple[int, int, int]]:
    """Return (start, end, handler) in byte offsets for each entry of an exception table (3.11 and later)."""
    ranges: List[Tuple[int, int, int]] = []
    fields: List[int] = []
    value = 0
    for byte in table:
        value = (value << 6) | (byte & 0x3F)
        if byte & 0x40:
            continue
        fields.append(value)
        value = 0
        # Start, length, handler, and depth with the flag of the last instruction, which does not matter here.
        if len(fields) == 4:
            start, length, handler, _ = fields
            ranges.append((start * 2, (start + length) * 2, handler * 2))
            fields.clear()
    return ranges
