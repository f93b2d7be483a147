"""Which line does each instruction of a code object belong to? Line ranges, the same for every version."""

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
