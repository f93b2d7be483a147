"""Conditions and log messages of breakpoints: real Python in the frame of the running program.

Most conditions only look. Whether one could have run code of the program, or of a library, is found
from the values that it touches (`harmless.py`): what it changed must be logged then.
"""

from __future__ import annotations

import _ast

from .breakable_lines import compile_silently
from .harmless import is_harmless, is_harmless_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

_NAME = "<debug condition>"
# What an expression without this much inside sees is the frame's own names.
_CODE_TYPE = type(compile("0", _NAME, "eval"))


class Question:
    """An expression, compiled once. It never raises."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problem = ""
        # The last answer may have run code.
        self.ran_code = False
        self._code: CodeType | None = None
        self._tree: Any = None
        try:
            # Line breaks inside of it are none of Python's: as in `evaluate` of the console.
            text = f"({source}\n)"
            self._tree = compile_silently(text, _NAME, "eval", _ast.PyCF_ONLY_AST).body
            self._code = compile_silently(text, _NAME, "eval")
        except SyntaxError as error:
            # Its place would be one in the text that is compiled here.
            self.problem = f"{type(error).__name__}: {error.msg}"
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            self.problem = describe(error)

    def ask(self, frame: FrameType, names: dict[str, object]) -> tuple[bool, Any]:
        """Evaluate in a frame, with more names before its own: (True, value) or (False, text)."""
        code = self._code
        self.ran_code = False
        if code is None:
            return False, self.problem
        own = frame.f_globals
        local = {**frame.f_locals, **names}
        self.ran_code = not is_harmless(self._tree, local, own)
        if "__builtins__" not in own or any(type(one) is _CODE_TYPE for one in code.co_consts):
            # Functions and comprehensions inside it see locals only as globals.
            own = {**own, **local}
        try:
            return True, eval(code, own, local)
        except BaseException as error:
            self.ran_code = True
            return False, describe(error)


class Condition:
    """What must be true in a frame."""

    def __init__(self, source: str) -> None:
        self._question = Question(source)
        self.ran_code = False

    def holds(self, frame: FrameType, names: dict[str, object]) -> tuple[bool, str]:
        """Tell whether to stop, and why if it has no answer."""
        question = self._question
        ok, value = question.ask(frame, names)
        self.ran_code = question.ran_code
        if not ok:
            return True, value
        if not is_harmless_text(value):
            self.ran_code = True
        try:
            return bool(value), ""
        except BaseException as error:
            return True, describe(error)


class LogMessage:
    """Text with expressions in it."""

    def __init__(self, parts: list[Any]) -> None:
        self._parts = [part if type(part) is str else Question(part[0]) for part in parts]
        self.ran_code = False

    def text(self, frame: FrameType, names: dict[str, object]) -> str:
        """Say it in a frame; what has no answer says why in its place."""
        self.ran_code = False
        return "".join(self._say(part, frame, names) for part in self._parts)

    def _say(self, part: str | Question, frame: FrameType, names: dict[str, object]) -> str:
        if type(part) is str:
            return part
        question: Any = part
        ok, value = question.ask(frame, names)
        if question.ran_code or not is_harmless_text(value):
            self.ran_code = True
        if not ok:
            return f"<{value}>"
        try:
            return str(value)
        except BaseException as error:
            return f"<{describe(error)}>"


def describe(error: BaseException) -> str:
    """Name an exception and what it says."""
    name = type(error).__name__
    try:
        text = str(error)
    except BaseException:
        text = "(its text cannot be made)"
    return f"{name}: {text}" if text else name
