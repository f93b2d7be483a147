"""Arms the recorder while the interpreter starts, and leaves as if it had never been here.

`site` imports this file before the program's `__main__` exists. It takes itself out of the path,
the environment and the module table, lets the user's own `sitecustomize` run in its place, and
starts the recording last, so that the first recorded line is the program's first.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def _leave() -> "dict[str, Any] | None":
    """Undo what brought this file here; the settings, or None in a process that is not meant."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if entry != here]
    sys.path_importer_cache.pop(here, None)
    sys.modules.pop("sitecustomize", None)
    encoded = os.environ.pop("HINDSIGHT_LAUNCH", None)
    if encoded is None:
        return None
    import marshal

    settings: dict[str, Any] = marshal.loads(bytes.fromhex(encoded))  # noqa: S302
    if settings["pythonPath"] is None:
        os.environ.pop("PYTHONPATH", None)
    else:
        os.environ["PYTHONPATH"] = settings["pythonPath"]
    return settings


def _load(name: str, settings: "dict[str, Any]") -> "ModuleType":
    """Load a module of the recorder and take all that came with it out of the program's sight."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folder = os.path.dirname(package)
    before = dict(sys.modules)
    searched = set(sys.path_importer_cache)
    sys.path.insert(0, folder)
    try:
        # What `recording` imports depends on it.
        __import__("pytracer.recorder_choice", fromlist=["*"]).choose(settings["recorder"])
        module = __import__("pytracer." + name, fromlist=["*"])
        module.prepare(settings)
    finally:
        sys.path.remove(folder)
        for added in set(sys.path_importer_cache) - searched:
            del sys.path_importer_cache[added]
    module.hide_imports(before)
    return module


def _start() -> None:
    settings = _leave()
    recording = None
    try:
        if settings is not None:
            recording = _load("recording", settings)
    except Exception as error:
        os.write(2, f"hindsight: nothing is recorded: {error}\n".encode(errors="replace"))
    try:
        __import__("sitecustomize")
    finally:
        if recording is not None:
            recording.start(settings)


_start()
