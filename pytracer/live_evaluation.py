"""Evaluate at the newest moment: real Python in a frame of the stopped program."""

from __future__ import annotations

import sys

from .code_objects import CodeObjectRegistry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

_NAME = "<debug console>"
_CO_OPTIMIZED = 0x01
_CO_COROUTINE = 0x80
# PyCF_ALLOW_TOP_LEVEL_AWAIT of CPython's Include/compile.h.
_TOP_LEVEL_AWAIT = 0x2000


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
        return compile(source.strip(), _NAME, "eval", _TOP_LEVEL_AWAIT, dont_inherit=True), True
    except SyntaxError:
        return compile(source, _NAME, "exec", _TOP_LEVEL_AWAIT, dont_inherit=True), False


def _run(code: CodeType, is_expression: bool, frame: FrameType | None) -> object:
    if frame is None:
        names = sys.modules["__main__"].__dict__
        return _result(code, names, names)
    optimized = frame.f_code.co_flags & _CO_OPTIMIZED
    if not optimized:
        _check_comprehensions(frame, is_expression)
    names, local = frame.f_globals, frame.f_locals
    if local is names:
        return _result(code, names, names)
    if is_expression:
        # Functions and comprehensions inside the expression see locals only as globals.
        return _result(code, {**names, **local}, local)
    _result(code, names, local)
    if optimized:
        _write_back(frame)
    return None


def _result(code: CodeType, names: dict[str, Any], local: Any) -> object:
    """Run code; `await` in it makes a coroutine, which is run to its end."""
    value = eval(code, names, local)
    return _finish(value) if code.co_flags & _CO_COROUTINE else value


def _finish(coroutine: Any) -> object:
    """Run a coroutine as far as it comes while the event loop stands still.

    A bare `yield` (as in `asyncio.sleep(0)`) only lets others run; what waits for anything else
    would wait for ever.
    """
    try:
        while coroutine.send(None) is None:
            pass
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise RuntimeError("this has to wait, and the event loop stands still while the program does")


def _check_comprehensions(frame: FrameType, is_expression: bool) -> None:
    """Raise RuntimeError where a comprehension runs that would be disturbed, or take the names."""
    code = frame.f_code
    inside = CodeObjectRegistry().wrapper(code).comprehensions
    if not any(inside.is_inside(name, frame.f_lasti) for name in code.co_varnames):
        return
    if not is_expression:
        raise RuntimeError("nothing can be assigned here while a comprehension runs")
    under_trace = sys.version_info < (3, 13) and sys.gettrace() is not None
    if under_trace or inside.is_taken_for_cell(frame.f_lasti):
        raise RuntimeError("asking this Python for variables would disturb the comprehension")


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
