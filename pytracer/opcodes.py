"""The symbolic stack: what each instruction of the running interpreter does to it and to names.

The handlers drive a `stack_machine.Machine`, whose stack holds paths (see `effects.Path`), None for
what is not known, and these markers of its own:

    ("null",)         the NULL of the calling convention
    ("derived",)      the result of an operator
    ("iter", path)    an iterator over the object at path
    ("slice",)        a slice
    ("self", path)    the receiver that a method was looked up on, under the method
    ("code", name)    a code object

An opcode without a handler clears the stack and marks the line as running code: the unknown is
never silent.
"""

from __future__ import annotations

from . import ops_calls, ops_flow, ops_names, ops_objects
from .interpreter import OPMAP
from .ops_objects import binary, inplace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .stack_machine import Handler, Machine

BY_NAME = {
    **ops_names.HANDLERS,
    **ops_objects.HANDLERS,
    **ops_calls.HANDLERS,
    **ops_flow.HANDLERS,
}


def unknown(m: Machine, arg: int) -> None:
    """Follow an instruction that no handler knows: nothing on the stack is known any more."""
    m.drop(len(m.stack))
    m.run()
    m.lose_jumps()


def handler(name: str) -> Optional[Handler]:
    """Return the handler of an instruction, None for one that is not known."""
    if name.startswith("INPLACE_"):
        return inplace
    found = BY_NAME.get(name)
    if found is None and name.startswith("BINARY_"):
        return binary
    return found


HANDLERS: list[Handler] = [unknown] * 256
for _name, _number in OPMAP.items():
    if _number < 256:
        HANDLERS[_number] = handler(_name) or unknown
