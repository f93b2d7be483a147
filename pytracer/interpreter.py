"""What the bytecode of the running interpreter looks like: numbers, caches, jumps, tables."""

from __future__ import annotations

import opcode
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = sys.version_info[:2]
# Variables are numbered in one row from 3.11 on: parameters and other locals, cells that are not
# parameters, free variables.
ONE_ROW = VERSION >= (3, 11)
# On the stack a loop's iterator has an index beside it.
HAS_ITERATOR_INDEX = VERSION >= (3, 15)
BYTES_PER_UNIT = 1 if VERSION < (3, 10) else 2

OPMAP = opcode.opmap
EXTENDED_ARG = opcode.EXTENDED_ARG
JUMPS = frozenset(opcode.hasjrel) | frozenset(getattr(opcode, "hasjump", ()))
JUMPS_ABSOLUTE = frozenset(opcode.hasjabs)
SPECIAL_NAMES: list[str] = getattr(opcode, "_special_method_names", [])
COMMON_CONSTANTS: list[Any] = getattr(opcode, "_common_constants", [])
INTRINSICS_1: list[str] = getattr(opcode, "_intrinsic_1_descs", [])

# Code units of inline cache behind each instruction.
CACHES: list[int] = [0] * 256
_caches: Any = getattr(opcode, "_inline_cache_entries", [])
for _number, _name in enumerate(opcode.opname[:256]):
    if type(_caches) is list:
        CACHES[_number] = _caches[_number] if _number < len(_caches) else 0
    else:
        CACHES[_number] = _caches.get(_name, 0)
