"""One recording inside the program's process, from its start to its last exit callback.

The hook (or `in_process.py`) calls `start` once. Nothing here is reachable for the program
afterwards but one `atexit` callback, two fork callbacks and the standard streams' types.
"""

from __future__ import annotations

import atexit
import os
import sys
import time

from . import own_names, recorder_choice
from .code_objects import CodeObjectRegistry
from .exit_status import exit_status
from .guarded_hooks import exit_hook
from .layouts import forget_layouts
from .no_input import explain_missing_input
from .output import StandardStreams
from .recorder import Recorder
from .scope import Scope
from .wire import LogWriter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType
    from typing import Any

# Modules in C whose types the recorder compares with the program's: there must be one copy.
_SHARED = {"_collections", "_functools", "_weakref", "_thread", "itertools", "threading"}
if sys.version_info < (3, 10):
    # A second copy would take the exit callbacks of the first one's place.
    _SHARED.add("atexit")
_MEGABYTE = 1_000_000
control: Any = None
_hidden: dict[str, ModuleType] = {}


def hide_imports(before: Mapping[str, ModuleType]) -> None:
    """Take what the recorder imported out of the module table; the program loads its own.

    Modules in C whose types the recorder shares with the program stay. The others live on here.
    """
    for name, module in list(sys.modules.items()):
        if before.get(name) is not module and name not in _SHARED:
            _hidden[name] = module
            del sys.modules[name]
    for name, module in before.items():
        sys.modules.setdefault(name, module)
    own_names.end()


def prepare(settings: dict[str, Any]) -> None:
    """Import what the settings need, before `hide_imports` puts the package out of reach."""
    from . import settrace_source  # noqa: F401

    if hasattr(sys, "monitoring"):
        from . import monitoring_source  # noqa: F401

        if recorder_choice.name == "native":
            from . import native_source  # noqa: F401
    elif recorder_choice.name == "native":
        from . import native_trace_source  # noqa: F401
    if settings.get("control") is not None:
        global control
        from . import control


def start(settings: dict[str, Any]) -> None:
    """Begin to record this process; a failure is said on standard error and changes nothing."""
    before = dict(sys.modules)
    sys.modules.update((name, module) for name, module in _hidden.items() if name not in before)
    own_names.begin()
    try:
        _Recording(settings).begin()
    except Exception as error:
        _say(f"nothing is recorded: {type(error).__name__}: {error}")
    finally:
        hide_imports(before)


class _Recording:
    """Everything of a running recording, tied together."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._verbose = bool(settings.get("verbose"))
        self._target: dict[str, str] = settings["target"]
        self._pid = os.getpid()
        self._warned: set[str] = set()
        self._control: Any = None
        self._children: set[int] = set()
        self._is_aside = False
        name = recorder_choice.name
        registry = CodeObjectRegistry()
        scope = Scope(
            registry,
            all_code=not settings["justMyCode"],
            include=settings["include"],
            exclude=settings["exclude"],
        )
        self._writer = LogWriter(
            settings["recordingPath"],
            _meta(settings, name),
            self._warn,
            (settings.get("maxRecordingSize") or 0) * _MEGABYTE,
        )
        if control is not None:
            settings["recorder"] = name
            self._control = control.connect(settings)
            if settings["noStandardInput"]:
                explain_missing_input()
        self._recorder = Recorder(
            self._writer, registry, scope, settings, self._warn, control=self._control
        )
        self._streams = StandardStreams(self._recorder.output)
        self._writer.on_failure = self._stop
        atexit.register(exit_hook(self._end))
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(
                before=self._before_fork,
                after_in_parent=self._after_fork,
                after_in_child=self._in_child,
            )
        self._name = name

    def begin(self) -> None:
        """Wait for the debugger, if there is one, and see the program from here on."""
        if self._control is not None:
            self._control.begin(self._recorder, self._writer, self._name)
        self._recorder.start(self._name)

    def _warn(self, sentence: str) -> None:
        if sentence in self._warned:
            return
        self._warned.add(sentence)
        if self._control is None or not self._control.warn(sentence):
            _say(sentence)

    def _stop(self) -> None:
        self._streams.release()
        self._recorder.stop()

    def _end(self) -> None:
        """Write END. Registered first, so that it runs after all exit callbacks of the program."""
        if os.getpid() != self._pid:
            return
        self._streams.release()
        self._recorder.stop()
        code, exception = exit_status(
            self._recorder.main_exception, self._recorder.started, self._target
        )
        self._recorder.finish(code, exception)
        forget_layouts()
        failed = self._writer.failed
        self._writer.close()
        if self._control is not None:
            self._control.ended(code)
        if self._verbose and not failed:
            _say(f"{self._writer.step} steps recorded in {self._writer.path}")
            if recorder_choice.note:
                _say(recorder_choice.note)

    def _before_fork(self) -> None:
        # A thread that is inside an event would keep the lock in the child for ever.
        self._recorder.lock.acquire()
        # Nor may the child come to an event before it knows that it is one.
        source = self._recorder.source
        self._is_aside = source is not None and source.put_aside()
        self._writer.leave_no_thread()
        self._children = _child_processes()

    def _after_fork(self) -> None:
        # This runs between two events: our own calls must not become events inside this one.
        trace = sys.gettrace()
        sys.settrace(None)
        try:
            for pid in sorted(_child_processes() - self._children):
                self._recorder.forked(pid)
        finally:
            sys.settrace(trace)
            if self._is_aside and not self._writer.failed:
                self._recorder.source.take_up()
            try:
                self._recorder.lock.release()
            except RuntimeError:
                # A signal handler's exception came before it was taken.
                pass

    def _in_child(self) -> None:
        # From here on no event reaches the files, which are the parent's.
        self._writer.abandon()
        if self._control is not None:
            self._control.abandon()
        self._streams.release()
        self._recorder.abandon()


def _child_processes() -> set[int]:
    """Give the children of this process, where the system tells (Linux)."""
    try:
        with open("/proc/thread-self/children", "rb") as children:
            return {int(pid) for pid in children.read().split()}
    except (OSError, ValueError):
        return set()


def _meta(settings: Mapping[str, Any], recorder: str) -> dict[str, object]:
    return {
        "python": "{}.{}.{}".format(*sys.version_info[:3]),
        "recorder": recorder,
        "pid": os.getpid(),
        "argv": _argv(settings["target"]),
        "cwd": os.getcwd(),
        "started": time.time(),
        "mainThread": 1,
        "maxItems": settings["maxItems"],
        "maxStringLength": settings["maxStringLength"],
        "platform": sys.platform,
    }


def _argv(target: Mapping[str, str]) -> list[str]:
    """Give `sys.argv`, with the name of a module in it, which is not known there yet."""
    if target["kind"] == "module":
        return ["-m", target["module"], *sys.argv[1:]]
    return list(sys.argv)


def _say(sentence: str) -> None:
    try:
        os.write(2, f"hindsight: {sentence}\n".encode(errors="replace"))
    except OSError:
        pass
