"""Run a program under a plain settrace logger with deep snapshots: what a recording must show.

Usage: python oracle.py PROGRAM OUT

Writes one JSON object a line to OUT, one for each `line` event of the program's own code (a step):
    {"thread": name, "stack": [[function, line], ...] innermost first,
     "frames": [{"locals": {name: value}, "closure": {name: value}}, ...] innermost first; locals null: not known,
     "globals": {name: value}}
A value is a string (the repr of a scalar) or an object:
    {"type": name, "items": [...]} | {"type": name, "entries": [[key, value], ...]} |
    {"type": name, "members": [sorted JSON texts]}, each with "attributes" where there are any,
    {"type": name} for what has no contents, and "..." below DEPTH.
It runs no code of the program: contents are read with the builtin types' own methods.
"""

from __future__ import annotations

import json
import os
import sys
import types
from collections import OrderedDict, deque

DEPTH = 4
SCALARS = (type(None), bool, int, float, complex, str, bytes, type(...), type(NotImplemented))
class_name = type.__dict__["__name__"].__get__
mro_or_none = type.__dict__["__mro__"].__get__
class_dict = type.__dict__["__dict__"].__get__


def class_mro(cls):
    """The method resolution order; 3.9 has types of its own that are not made ready and have none."""
    return mro_or_none(cls) or ()


# Immutable types whose repr runs no code of the corpus's programs.
REPRS = (
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "time"),
    ("datetime", "timedelta"),
    ("datetime", "timezone"),
    ("decimal", "Decimal"),
    ("re", "Match"),
    ("re", "Pattern"),
)


def class_key(value):
    """Module and name of a class that no class statement has made; None for others."""
    cls = type(value)
    if type(cls) is not type or "__repr__" not in class_dict(cls):
        return None
    is_slot = type(class_dict(cls)["__repr__"]) is type(object.__init__)
    return (cls.__module__, cls.__name__) if is_slot else None


def flat(value):
    """The elements of nested lists."""
    return [x for item in value for x in flat(item)] if type(value) is list else [value]


def within(base, bases):
    """Be `in` without the `==` of a metaclass."""
    return any(one is base for one in bases)


def attributes(value, depth):
    """Instance attributes: the real `__dict__`, then bound slots, of one name that of the most derived class."""
    found = {}
    cls = type(value)
    for base in class_mro(cls):
        getter = class_dict(base).get("__dict__")
        if type(getter) is types.GetSetDescriptorType and not within(base, (type, BaseException)):
            for name, member in dict.items(getter.__get__(value)):
                found[str(name)] = canonical(member, depth)
            break
    slots = {}
    for base in class_mro(cls):
        for name, member in class_dict(base).items():
            if type(member) is types.MemberDescriptorType and class_dict(base).get("__slots__") is not None:
                slots.setdefault(name, member)
    for name, member in slots.items():
        try:
            found[name] = canonical(member.__get__(value), depth)
        except AttributeError:
            pass
    return found


def contents(value, depth):
    """The parts of a container, by the base type's own methods; None for anything else."""
    mro = class_mro(type(value))
    inner = depth - 1
    if within(list, mro):
        return {"items": [canonical(x, inner) for x in list.__iter__(value)]}
    if within(tuple, mro):
        return {"items": [canonical(x, inner) for x in tuple.__iter__(value)]}
    if within(deque, mro):
        return {"items": [canonical(x, inner) for x in deque.__iter__(value)]}
    if type(value) is OrderedDict:
        return {"entries": [[canonical(k, inner), canonical(v, inner)] for k, v in OrderedDict.items(value)]}
    if within(dict, mro):
        return {"entries": [[canonical(k, inner), canonical(v, inner)] for k, v in dict.items(value)]}
    for base in (set, frozenset):
        if within(base, mro):
            return {"members": sorted(json.dumps(canonical(x, inner), sort_keys=True) for x in base.__iter__(value))}
    if within(bytearray, mro):
        return {"items": [str(x) for x in bytearray.__iter__(value)]}
    array = sys.modules.get("array")
    if array is not None and within(array.array, mro):
        return {"items": [canonical(x, inner) for x in array.array.tolist(value)]}
    if type(value) is memoryview:
        try:
            return {"items": [str(x) for x in flat(value.tolist())]}
        except (ValueError, NotImplementedError):
            return None
    numpy = sys.modules.get("numpy")
    if numpy is not None and hasattr(numpy, "ndarray"):
        if within(numpy.ndarray, mro) and numpy.ndarray.dtype.__get__(value).kind in "biufcOUS":
            array = numpy.ndarray.view(value, numpy.ndarray)
            return {"items": [canonical(x, inner) for x in array.ravel().tolist()]}
        if within(numpy.generic, mro) and value.dtype.kind in "biufc" and value.dtype.char not in "gG" and not within(float, mro):
            return {"value": repr(value.item())}
    if type(value).__repr__ is not object.__repr__ and class_key(value) in REPRS:
        return {"repr": repr(value)}
    if within(type(value), (range, slice)):
        return {"items": [canonical(x, inner) for x in (value.start, value.stop, value.step)]}
    return None


def canonical(value, depth=DEPTH):
    """One value as JSON."""
    cls = type(value)
    if within(cls, SCALARS):
        return repr(value)
    if depth == 0:
        return "..."
    result = {"type": class_name(cls)}
    parts = contents(value, depth)
    if parts is not None:
        result.update(parts)
    heap = bool(cls.__flags__ & (1 << 9)) if type(cls) is type else True
    if heap and not within(cls, (types.FunctionType, types.ModuleType)) and not within(type, class_mro(cls)):
        if parts is not None or cls.__dictoffset__ or any("__slots__" in class_dict(b) for b in class_mro(cls)):
            attrs = attributes(value, depth - 1)
            if attrs or parts is None:
                result["attributes"] = attrs
    return result


class Logger:
    """Logs every line event of the program's own code."""

    def __init__(self, program, out):
        self.program = program
        self.out = out
        self.own = {}
        # The namespaces of class bodies, by their frames' identity.
        self.bodies = {}

    def is_own(self, frame):
        """Tell whether the frame's code belongs to the program: its file, or what its own code exec'ed."""
        code = frame.f_code
        if code.co_filename == self.program or id(code) in self.own:
            return True
        back = frame.f_back
        if code.co_name == "<module>" and back is not None and self.is_own(back):
            self.adopt(code)
            return True
        return False

    def adopt(self, code):
        """Make a code object and what is nested in it the program's own."""
        self.own[id(code)] = code
        for const in code.co_consts:
            if type(const) is types.CodeType:
                self.adopt(const)

    def trace(self, frame, event, arg):
        """Be the trace function."""
        if not self.is_own(frame):
            return None
        if event == "line":
            self.log(frame)
        return self.trace

    def variables(self, frame):
        """The variables of a frame by name; None when they cannot be had."""
        code = frame.f_code
        if code.co_flags & 1:
            # Up to 3.12 `exec` leaves names of its own in the dict that f_locals gives.
            known = code.co_varnames + code.co_cellvars + code.co_freevars
            return {name: value for name, value in frame.f_locals.items() if name in known}
        # The variables of comprehensions (PEP 709).
        inlined = code.co_varnames
        own_file = code.co_name == "<module>" and not code.co_filename.startswith("<")
        if not inlined:
            return frame.f_globals if own_file else frame.f_locals
        if sys.version_info < (3, 13) or (sys.version_info < (3, 13, 3) and set(inlined) & set(code.co_cellvars)):
            # Asking makes 3.12 put global values in their place; the first 3.13s take some for cells and crash.
            return None
        names = frame.f_locals
        if type(names).__name__ != "FrameLocalsProxy":
            self.bodies[id(frame)] = names
            return names
        # While one of them holds a value, they are shown alone: the names of a class are still there.
        body = {} if own_file else dict(dict.items(self.bodies[id(frame)]))
        hidden = [name for name in inlined if name in names and name not in code.co_freevars]
        return {**body, **{name: names[name] for name in hidden}}

    def log(self, frame):
        """Write one step."""
        import threading

        stack, frames = [], []
        top = frame
        while frame is not None:
            if self.is_own(frame):
                code = frame.f_code
                stack.append([code.co_name, frame.f_lineno if frame is top else caller_line(frame)])
                names = self.variables(frame)
                free = code.co_freevars
                frames.append(
                    {
                        "locals": None if names is None else snapshot(names, lambda n, free=free: n not in free),
                        "closure": {} if names is None else snapshot(names, lambda n, free=free: n in free),
                    }
                )
            frame = frame.f_back
        step = {
            "thread": threading.current_thread().name,
            "stack": stack,
            "frames": frames,
            "globals": snapshot(top.f_globals, lambda n: True),
        }
        os.write(self.out, json.dumps(step).encode() + b"\n")


def caller_line(frame):
    """The line of a frame that stands in a call: 3.9 leaves a traced caller's `f_lineno` at its last line event."""
    if sys.version_info >= (3, 10):
        return frame.f_lineno
    import dis

    return [line for start, line in dis.findlinestarts(frame.f_code) if start <= frame.f_lasti][-1]


def snapshot(names, wanted):
    """Variables by name, without the module's own dunder names."""
    if not within(dict, class_mro(type(names))) and type(names).__name__ != "FrameLocalsProxy":
        return {}
    return {
        name: canonical(value)
        for name, value in list(names.items())
        if type(name) is str and wanted(name) and not (name.startswith("__") and name.endswith("__"))
    }


def main():
    """Run the program as `__main__` under the logger."""
    program, out = sys.argv[1], sys.argv[2]
    with open(program, "rb") as file:
        code = compile(file.read(), program, "exec", dont_inherit=True)
    import threading

    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=program, __builtins__=__builtins__)
    sys.modules["__main__"] = module
    sys.argv = [program]
    # One write a step, unbuffered: threads write too.
    logger = Logger(program, os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    threading.settrace(logger.trace)
    sys.settrace(logger.trace)
    try:
        exec(code, module.__dict__)
    finally:
        sys.settrace(None)
        threading.settrace(None)


main()
