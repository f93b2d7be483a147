"""Whether `sys.monitoring` may tell the calls of a code object without adding to its steps.

Before 3.15 the specialised form of `list.append(x)` as a statement skips the POP_TOP behind it.
Where that POP_TOP has another line than the call, or none, the instruction behind it is then not
seen to begin a line. A call that is told is not specialised: with CALL such code would have LINE
events that it has not with LINE alone (and that `sys.settrace` does not tell either).
"""

from __future__ import annotations

from .interpreter import CACHES, OPMAP, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .code_objects import CodeObjectWrapper

_SKIPS = VERSION < (3, 15)
_CALL = OPMAP.get("CALL")
_POP_TOP = OPMAP["POP_TOP"]


def keeps_steps(code: CodeObjectWrapper) -> bool:
    """Say whether CALL events leave the LINE events of a code object as they are."""
    if not _SKIPS:
        return True
    bytecode = code.bytecode
    place, end = 0, len(bytecode)
    while place < end:
        following = place + 2 + 2 * CACHES[bytecode[place]]
        if (
            bytecode[place] == _CALL
            and bytecode[place + 1] == 1
            and following < end
            and bytecode[following] == _POP_TOP
            and code.line_for_offset(place) != code.line_for_offset(following)
        ):
            return False
        place = following
    return True
