"""How the program's `__main__` ended, as an exit code: CPython's own rules."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

# What the interpreter itself calls, without any frame below: the program, or what finds it.
_MAINS = frozenset(("<module>", "_run_module_as_main"))
_read_code = SystemExit.__dict__["code"].__get__
_read_mro = type.__dict__["__mro__"].__get__


def runs_main(frame: FrameType) -> bool:
    """Say whether a frame of the main thread is the outermost one, that of `__main__`."""
    return frame.f_back is None and frame.f_code.co_name in _MAINS


def exit_status(
    exception: BaseException | None, started: bool, target: Mapping[str, str]
) -> tuple[int, BaseException | None]:
    """Give the exit code, and the exception if it was not caught.

    `exception` is what left the outermost frame of the main thread; `started` says whether a frame
    of the program was seen at all. No code of the program runs.
    """
    if exception is None:
        return _without_exception(started, target)
    bases = _read_mro(type(exception))
    if SystemExit in bases:
        return _requested_code(_read_code(exception)), None
    if KeyboardInterrupt in bases:
        return 130, exception
    return 1, exception


def _requested_code(code: object) -> int:
    """Give what `sys.exit(code)` means to the system."""
    if code is None:
        return 0
    if int not in _read_mro(type(code)):
        return 1
    number = int.__int__(code)  # type: ignore[arg-type]
    if not -(1 << 63) <= number < 1 << 63:
        number = -1
    return number & 0xFF if os.name == "posix" else number & 0xFFFFFFFF


def _without_exception(
    started: bool, target: Mapping[str, str]
) -> tuple[int, BaseException | None]:
    if started:
        return 0, None
    last = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    if last is not None:
        # The program did not compile.
        return 1, last
    if target["kind"] != "program":
        return 1, None
    return (1 if os.access(target["program"], os.R_OK) else 2), None
