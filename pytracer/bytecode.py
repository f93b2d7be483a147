"""Where do a code object's lines and protected ranges lie? The tables, decoded."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    # Byte offsets [start, end) and their line; None where the compiler gave none.
    LineRange = tuple[int, int, Optional[int]]


def lnotab_ranges(table: bytes, first_line: int, length: int) -> list[LineRange]:
    """Decode `co_lnotab` (before 3.10) into what `co_lines` gives from 3.10 on.

    `length` is the bytecode's, in bytes.
    """
    ranges: list[LineRange] = []
    start = offset = 0
    line = first_line
    for place in range(0, len(table), 2):
        offset += table[place]
        step = table[place + 1]
        if step == 0:
            continue
        if offset > start:
            ranges.append((start, offset, line))
            start = offset
        line += step - 256 if step >= 128 else step
    if length > start:
        ranges.append((start, length, line))
    return ranges


def protected_ranges(table: bytes) -> list[tuple[int, int, int, int]]:
    """Decode an exception table (3.11 and later) into (start, end, handler, depth and lasti).

    Offsets are in bytes. The last field is twice the depth of the stack that the handler finds,
    plus one when the offset of the raising instruction is pushed below the exception.
    """
    ranges: list[tuple[int, int, int, int]] = []
    fields: list[int] = []
    value = 0
    for byte in table:
        value = (value << 6) | (byte & 0x3F)
        if byte & 0x40:
            continue
        fields.append(value)
        value = 0
        if len(fields) == 4:
            start, size, handler, depth_lasti = fields
            ranges.append((start * 2, (start + size) * 2, handler * 2, depth_lasti))
            fields.clear()
    return ranges
