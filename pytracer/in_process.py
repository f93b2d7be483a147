"""Runs the program in this process, when the interpreter's options keep the hook out.

What plain Python does is imitated as closely as a Python file can: the module `__main__`,
`sys.argv`, the path, and a traceback without our frames. Frames of ours stand below the program's
all the same.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any


def run(settings: dict[str, Any], program: list[str]) -> int:
    """Run a script, `-m` module or `-c` code under the recorder; the exit code is the program's."""
    from . import recorder_choice

    # What `recording` imports depends on it.
    recorder_choice.choose(settings["recorder"])
    from . import recording

    recording.prepare(settings)
    kind, arguments = _set_arguments(program)
    import runpy
    import types

    main = types.ModuleType("__main__")
    main.__dict__["__builtins__"] = sys.modules["builtins"]
    sys.modules["__main__"] = main
    recording.start(settings)
    try:
        if kind == "-c":
            exec(compile(arguments, "<string>", "exec"), main.__dict__)
        elif kind == "-m":
            runpy._run_module_as_main(arguments)  # type: ignore[attr-defined]
        else:
            _run_script(arguments, main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        traceback = _without_our_frames(error.__traceback__)
        sys.excepthook(type(error), BaseException.with_traceback(error, traceback), traceback)
        return 1
    return 0


def _set_arguments(program: list[str]) -> tuple[str, str]:
    safe = getattr(sys.flags, "safe_path", False) or sys.flags.isolated
    kind = program[0] if program[0] in ("-m", "-c") else ""
    rest = program[1:] if kind else program
    sys.argv[:] = [kind or rest[0], *rest[1:]]
    import os

    if not sys.flags.isolated:
        # Our own start put the package's folder there.
        del sys.path[0]
    if not safe:
        folder = "" if kind else os.path.dirname(os.path.realpath(rest[0]))
        sys.path.insert(0, os.getcwd() if kind == "-m" else folder)
    return kind, rest[0]


def _run_script(path: str, namespace: dict[str, Any]) -> None:
    import os
    import runpy

    if os.path.isdir(path) or path.endswith((".zip", ".pyz", ".egg")):
        # As the interpreter does it: the folder is the first place where modules are looked for.
        if not (getattr(sys.flags, "safe_path", False) or sys.flags.isolated):
            del sys.path[0]
        sys.path.insert(0, path)
        runpy._run_module_as_main("__main__", alter_argv=False)  # type: ignore[attr-defined]
        return
    try:
        with open(path, "rb") as script:
            source = script.read()
    except OSError as error:
        place = os.path.abspath(path)
        sys.stderr.write(
            f"{sys.executable}: can't open file {place!r}: [Errno {error.errno}] {error.strerror}\n"
        )
        sys.exit(2)
    namespace["__file__"] = os.path.abspath(path)
    namespace["__cached__"] = None
    exec(compile(source, os.path.abspath(path), "exec"), namespace)


def _without_our_frames(traceback: TracebackType | None) -> TracebackType | None:
    """Skip the outermost frames, which are the recorder's."""
    while traceback is not None:
        if traceback.tb_frame.f_globals.get("__name__") != __name__:
            return traceback
        traceback = traceback.tb_next
    return None
