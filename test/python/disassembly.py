"""Print the instructions of modules as the interpreter itself decodes them, as JSON."""

from __future__ import annotations

import dis
import importlib.util
import json
import sys
import types


def nested(code: types.CodeType) -> list[types.CodeType]:
    """Return the code object and all code objects in it."""
    found = [code]
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found += nested(constant)
    return found


def rows(code: types.CodeType) -> list[list[object]]:
    """Return offset in code units, name, argument and jump target of each instruction."""
    result: list[list[object]] = []
    jumps = set(dis.hasjrel) | set(dis.hasjabs) | set(getattr(dis, "hasjump", ()))
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("EXTENDED_ARG", "CACHE"):
            continue
        target = None
        if instruction.opcode in jumps and instruction.opname != "END_ASYNC_FOR":
            target = instruction.argval // 2
        result.append([instruction.offset // 2, instruction.opname, instruction.arg or 0, target])
    return result


def main(names: list[str]) -> None:
    """Print one JSON object a code object."""
    for name in names:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        with open(spec.origin, "rb") as file:
            code = compile(file.read(), spec.origin, "exec")
        for one in nested(code):
            print(json.dumps({"code": one.co_code.hex(), "name": one.co_name, "rows": rows(one)}))


if __name__ == "__main__":
    main(sys.argv[1:])
