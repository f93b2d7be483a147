"""Effects of lines as short text, so that a failing test shows what differs."""

from __future__ import annotations

CODE = type((lambda: None).__code__)


def path_text(path):
    if path is None:
        return "?"
    kind = path[0]
    if kind == "attr":
        return f"{path_text(path[1])}.{path[2]}"
    if kind == "item":
        return f"{path_text(path[1])}[{path_text(path[2])}]"
    if kind == "const":
        return repr(path[1])
    if kind == "fresh":
        return "new"
    if kind == "made":
        return f"made {path[1]}"
    if kind == "result":
        return f"{path_text(path[1])}()"
    if kind == "super":
        return f"super({path_text(path[1])}, {path_text(path[2])})"
    return path[1]


def call_text(call):
    args = [path_text(arg) for arg in call.args] + ([] if call.complete else ["..."])
    return f"{path_text(call.callee)}({', '.join(args)})"


def store_text(store):
    key = "" if store.kind not in ("item", "delitem") else f"[{path_text(store.key)}]"
    name = f".{store.name}" if store.name else ""
    return f"{store.kind} {path_text(store.target)}{name}{key}"


def effects_text(effects):
    """Everything but operands, roots and flags that do not stand out."""
    out = []
    for kind in ("locals", "derefs", "globals", "names"):
        names = getattr(effects, kind)
        if names:
            out.append(f"{kind} {' '.join(sorted(names))}")
    out += [store_text(store) for store in effects.stores]
    out += [f"inplace {path_text(path)}" for path in effects.inplace]
    out += [f"call {call_text(call)}" for call in effects.calls]
    out += [f"awaits {path_text(path)}" for path in effects.awaits]
    if effects.runs_code:
        out.append("runs code")
    return sorted(set(out))


def code_objects(code):
    """Give a code object and all that are nested in it."""
    yield code
    for constant in code.co_consts:
        if type(constant) is CODE:
            yield from code_objects(constant)
