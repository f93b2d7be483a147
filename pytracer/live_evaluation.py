"""Evaluate at the newest moment: real Python in a frame of the stopped program."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

_NAME = "<debug console>"


class Evaluated:
    """What came out: a value, or the text of the exception."""

    def __init__(self, ok: bool, text: str, type_name: str = "", value: object = None) -> None:
        self.ok = ok
        self.text = text
        self.type_name = type_name
        self.value = value


def evaluate(source: str, frame: FrameType | None) -> Evaluated:
    """Run an expression or statements in a frame; None means the module `__main__`.

    Nothing is raised: SystemExit and the like are results too.
    """
    try:
        code, is_expression = _compile(source)
        value = _run(code, is_expression, frame)
        if not is_expression:
            return Evaluated(True, "")
        return Evaluated(True, repr(value), type(value).__name__, value)
    except BaseException as error:
        return Evaluated(False, _describe(error))


def _compile(source: str) -> tuple[CodeType, bool]:
    try:
        return compile(source.strip(), _NAME, "eval", dont_inherit=True), True
    except SyntaxError:
        return compile(source, _NAME, "exec", dont_inherit=True), False


def _run(code: CodeType, is_expression: bool, frame: FrameType | None) -> object:
    if frame is None:
        names = sys.modules["__main__"].__dict__
        return eval(code, names)
    names, local = frame.f_globals, frame.f_locals
    if local is names:
        return eval(code, names)
    if is_expression:
        # Functions and comprehensions inside the expression see locals only as globals.
        return eval(code, {**names, **local}, local)
    exec(code, names, local)
    _write_back(frame)
    return None


def _write_back(frame: FrameType) -> None:
    """Carry changed locals into the frame; from 3.13 on `f_locals` writes through by itself."""
    if sys.version_info >= (3, 13):
        return
    import ctypes

    function: Any = ctypes.pythonapi.PyFrame_LocalsToFast
    function(ctypes.py_object(frame), ctypes.c_int(0))


def _describe(error: BaseException) -> str:
    name = type(error).__name__
    try:
        text = str(error)
    except BaseException:
        text = "(its text cannot be made)"
    return f"{name}: {text}" if text else name
