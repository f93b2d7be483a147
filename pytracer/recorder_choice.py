"""Which recorder serves this process: the native one, if a build fits, or the one in Python.

Decided once by `choose`, before any other module of the recorder is imported: the core types come
in two kinds, and `core.py` takes the ones that were chosen here. Without a choice everything is in
Python.

    name     "native", "monitoring" or "settrace", as META has it
    native   the module `hindsight_core`, or None
    note     one sentence when "auto" had to do without the native recorder, else ""
"""

from __future__ import annotations

import _imp
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

SETTINGS = ("auto", "native", "python", "monitoring", "settrace")
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "native")
OLDEST = (3, 11)
NEWEST = (3, 15)


class NoNativeRecorderError(Exception):
    """The native recorder was asked for and cannot serve; the message says why and what to do."""


def _python_source() -> str:
    return "monitoring" if hasattr(sys, "monitoring") else "settrace"


name = _python_source()
native: Any = None
note = ""


def choose(setting: str) -> None:
    """Take the recorder that a setting asks for; raises NoNativeRecorderError."""
    global name, native, note
    native, note = None, ""
    name = setting if setting in ("monitoring", "settrace") else _python_source()
    if setting not in ("auto", "native"):
        return
    try:
        native = load()
    except NoNativeRecorderError as error:
        if setting == "native":
            raise
        note = f"Recorded with sys.{name}, in Python, which is slower: {error}"
        return
    name = "native"


def load() -> ModuleType:
    """Load the build for this interpreter; raises NoNativeRecorderError."""
    version = "{}.{}".format(*sys.version_info[:2])
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        first, last = ("{}.{}".format(*one) for one in (OLDEST, NEWEST))
        raise NoNativeRecorderError(
            f"the native recorder is for Python {first} to {last}, and this is {version}."
        )
    path = build_path()
    remedy = f"`{sys.executable} {os.path.join(FOLDER, 'build.py')}` makes one."
    if not os.path.exists(path):
        raise NoNativeRecorderError(f"no native recorder was built for this Python. {remedy}")
    try:
        return load_extension("hindsight_core", path)
    except ImportError as error:
        raise NoNativeRecorderError(
            f"the native recorder that was built does not fit this Python: {error}. {remedy}"
        ) from None


def build_path(folder: str = os.path.join(FOLDER, "builds"), module: str = "hindsight_core") -> str:
    """Say where the build for this interpreter is: its suffix names version, ABI and platform."""
    return os.path.join(folder, module + _imp.extension_suffixes()[0])


def load_extension(module_name: str, path: str) -> ModuleType:
    """Load an extension module from a file, without a trace in the module table."""
    external: Any = sys.modules["_frozen_importlib_external"]
    bootstrap: Any = sys.modules["_frozen_importlib"]
    loader = external.ExtensionFileLoader(module_name, path)
    spec = external.spec_from_file_location(module_name, path, loader=loader)
    module: ModuleType = bootstrap.module_from_spec(spec)
    loader.exec_module(module)
    return module
