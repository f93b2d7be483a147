"""`record …` and `connect …`: this process becomes the program's Python, the recorder armed.

Nothing of this process is left when the program runs: it is replaced by `python [options] program
…` whose start-up imports `hook/sitecustomize.py` through PYTHONPATH. Where that cannot work
(`-I`, `-E`, `-S`) the program runs in this process, and one line says so.
"""

from __future__ import annotations

import errno
import json
import marshal
import os
import socket
import sys

from . import recorder_choice
from .files import check_replaceable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_HOOK = os.path.join(_PACKAGE, "hook")
_ISOLATING = "IES"
_USAGE = """\
usage: python -m pytracer record [options] [--] script.py [args…]
       python -m pytracer record [options] -m module [args…]
       python -m pytracer record [options] -c code [args…]

Runs a Python program and records its history. Output and exit code are the program's.

options:
  -o FILE                 where the recording goes (default: NAME.hindsight in this folder)
  --all-code              record the standard library and installed packages too
  --include GLOB          record these files as well (may be repeated)
  --exclude GLOB          never record these files (may be repeated)
  --max-items N           items kept of a container (default: 1000)
  --max-string-length N   characters kept of a text (default: 10000)
  --max-recording-size N  megabytes that the recording may take; the newest part of the history is
                          kept (from 2 on; default: no limit)
  --recorder NAME         auto (native where a build fits this Python, else python),
                          native, python, or one of python's own: monitoring (3.12 and
                          later), settrace
  --verbose               say at the end what was recorded
"""


# The setting that an option stands for, and its least value.
_NUMBERS = {
    "--max-items": ("maxItems", 1),
    "--max-string-length": ("maxStringLength", 1),
    "--max-recording-size": ("maxRecordingSize", 2),
}


class UsageError(Exception):
    """The command line makes no sense; the message says why."""


def main(arguments: list[str]) -> int:
    """Run a command; on POSIX a command that starts a program does not return."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        if command == "record":
            return _record(rest)
        if command == "connect" and len(rest) == 2:
            return _connect(int(rest[0]), rest[1])
        if command == "run-here" and len(rest) >= 2:
            return _run_here(json.loads(rest[0]), rest[1:])
    except recorder_choice.NoNativeRecorderError as error:
        sys.stderr.write(f"hindsight: {error}\n")
        return 2
    except ConnectionError as error:
        sys.stderr.write(f"hindsight: the debugger cannot be reached: {error.strerror}\n")
        return 2
    except UsageError as error:
        sys.stderr.write(f"hindsight: {error}. `python -m pytracer --help` has all options.\n")
        return 2
    if command in ("-h", "--help", "help"):
        sys.stdout.write(_USAGE)
        return 0
    if command:
        sys.stderr.write(f"hindsight: there is no command {command!r}: use record.\n")
    else:
        sys.stderr.write(_USAGE)
    return 2


# record


def _record(arguments: list[str]) -> int:
    settings, program = _parse(arguments)
    if settings is None:
        sys.stdout.write(_USAGE)
        return 0
    if settings["recorder"] == "native":
        recorder_choice.load()
    settings["target"] = _target(program)
    if settings["target"]["kind"] == "program" and not _exists(settings["target"]["program"]):
        place = os.path.abspath(settings["target"]["program"])
        reason = f"[Errno {errno.ENOENT}] {os.strerror(errno.ENOENT)}"
        # In Python's own words.
        sys.stderr.write(f"{sys.executable}: can't open file {place!r}: {reason}\n")
        return 2
    if settings["recordingPath"] is None:
        settings["recordingPath"] = _default_name(settings["target"]) + ".hindsight"
    settings["recordingPath"] = os.path.abspath(settings["recordingPath"])
    try:
        for suffix in (".tail", ".tail2"):
            check_replaceable(settings["recordingPath"] + suffix)
        os.close(os.open(settings["recordingPath"], os.O_WRONLY | os.O_CREAT, 0o666))
    except OSError as error:
        problem = f"{error.filename}: {error.strerror}"
        sys.stderr.write(f"hindsight: the recording cannot be written: {problem}\n")
        return 2
    settings["verbose"] = settings["verbose"] or (sys.stderr is not None and sys.stderr.isatty())
    name, options = _interpreter_options(len(arguments) + 1)
    flags = sys.flags
    if flags.ignore_environment or flags.isolated or flags.no_site:
        return _run_here(settings, program)
    return _become(name, options, program, settings, dict(os.environ))


def _exists(program: str) -> bool:
    return program == "-" or os.path.exists(program)


def _parse(arguments: list[str]) -> tuple[dict[str, Any] | None, list[str]]:
    settings: dict[str, Any] = {
        "recordingPath": None,
        "justMyCode": True,
        "include": [],
        "exclude": [],
        "maxItems": 1000,
        "maxStringLength": 10000,
        "maxRecordingSize": None,
        "recorder": "auto",
        "verbose": False,
    }
    rest = list(arguments)
    while rest and rest[0].startswith("-") and rest[0] not in ("-", "-m", "-c"):
        option = rest.pop(0)
        option, equals, value = option.partition("=")
        if option == "--":
            break
        if option in ("-h", "--help"):
            return None, []
        if option in ("--all-code", "--verbose"):
            settings["justMyCode" if option == "--all-code" else "verbose"] = option == "--verbose"
            continue
        if not equals:
            if not rest:
                raise UsageError(f"{option} needs a value")
            value = rest.pop(0)
        _set_option(settings, option, value)
    if not rest or (rest[0] in ("-m", "-c") and len(rest) < 2):
        raise UsageError("which program? A script, -m module or -c code is missing")
    return settings, rest


def _set_option(settings: dict[str, Any], option: str, value: str) -> None:
    if option in ("-o", "--output"):
        settings["recordingPath"] = value
    elif option in ("--include", "--exclude"):
        settings[option[2:]].append(value)
    elif option in _NUMBERS:
        name, least = _NUMBERS[option]
        if not value.isdigit() or int(value) < least:
            raise UsageError(f"{option} takes a number from {least} on, not {value!r}")
        settings[name] = int(value)
    elif option == "--recorder":
        if value not in recorder_choice.SETTINGS:
            names = ", ".join(recorder_choice.SETTINGS[:-1])
            raise UsageError(
                f"--recorder is {names} or {recorder_choice.SETTINGS[-1]}, not {value!r}"
            )
        if value == "monitoring" and not hasattr(sys, "monitoring"):
            raise UsageError("the monitoring recorder needs Python 3.12 or later")
        settings["recorder"] = value
    else:
        raise UsageError(f"unknown option {option}")


def _target(program: Sequence[str]) -> dict[str, str]:
    if program[0] in ("-m", "-c"):
        kind = "module" if program[0] == "-m" else "code"
        return {"kind": kind, kind: program[1]}
    return {"kind": "program", "program": program[0]}


def _default_name(target: dict[str, str]) -> str:
    if target["kind"] == "module":
        return target["module"]
    if target["kind"] == "code":
        return "command"
    if target["program"] == "-":
        return "stdin"
    name = os.path.basename(os.path.abspath(target["program"]))
    return os.path.splitext(name)[0] or name


# connect


def _connect(port: int, token: str) -> int:
    """Ask the debug adapter for orders and carry them out."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        hello = {
            "type": "hello",
            "role": "launcher",
            "token": token,
            "pid": os.getpid(),
            "python": "{}.{}.{}".format(*sys.version_info[:3]),
            "executable": sys.executable,
        }
        connection.sendall(json.dumps(hello).encode() + b"\n")
        with connection.makefile("rb") as lines:
            line = lines.readline()
    if not line:
        sys.stderr.write("hindsight: the debugger closed the connection\n")
        return 2
    orders = json.loads(line)
    settings = orders["settings"]
    if settings["recorder"] == "native":
        recorder_choice.load()
    target = orders["target"]
    settings["target"] = target
    settings["control"] = {
        "port": port,
        "token": orders["token"],
        "lifeline": orders["lifeline"],
    }
    settings["noStandardInput"] = orders["noStandardInput"]
    program = {"program": [], "module": ["-m"], "code": ["-c"]}[target["kind"]]
    program = [*program, target[target["kind"]], *orders["args"]]
    environment = dict(os.environ)
    for name, value in orders["env"].items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    if orders["cwd"] is not None:
        os.chdir(orders["cwd"])
    options = list(orders["pythonArgs"])
    if _isolates(options):
        here = [_PACKAGE, "run-here", json.dumps(settings), *program]
        return _execute(sys.executable, [*options, *here], environment)
    return _become(sys.executable, options, program, settings, environment)


def _isolates(options: Sequence[str]) -> bool:
    """Say whether options of the interpreter keep it from importing the hook."""
    takes_value = False
    for option in options:
        if takes_value or not option.startswith("-") or option.startswith("--"):
            takes_value = False
            continue
        letters = option[1:]
        for place, letter in enumerate(letters):
            if letter in "WX":
                takes_value = place == len(letters) - 1
                break
            if letter in _ISOLATING:
                return True
    return False


# Starting the program.


def _interpreter_options(own: int) -> tuple[str, list[str]]:
    """Give the name and the options of this interpreter; the last `own` arguments are ours."""
    words = list(getattr(sys, "orig_argv", None) or _command_line())
    if len(words) <= own:
        import subprocess

        return sys.executable, list(subprocess._args_from_interpreter_flags())  # type: ignore[attr-defined]
    name, options = words[0], words[1 : len(words) - own]
    last = options.pop()
    if last == "pytracer" and options and options[-1].endswith("m"):
        # -m, or joined with others: -Xdev is one word, -Im two options.
        letters = options.pop()[:-1]
        options += [letters] if letters != "-" else []
    elif last.startswith("-") and last.endswith("mpytracer"):
        letters = last[: -len("mpytracer")]
        options += [letters] if letters != "-" else []
    return name, options


def _command_line() -> list[str]:
    """Give the words that this process was started with, where the system tells (3.9, Linux)."""
    try:
        with open("/proc/self/cmdline", "rb") as file:
            words = [os.fsdecode(word) for word in file.read().split(b"\0")[:-1]]
    except OSError:
        return []
    return words if words[-len(sys.argv) + 1 :] == sys.argv[1:] else []


def _become(
    name: str,
    options: Sequence[str],
    program: Sequence[str],
    settings: dict[str, Any],
    environment: dict[str, str],
) -> int:
    """Replace this process by the program's Python."""
    old_path = environment.get("PYTHONPATH")
    settings["pythonPath"] = old_path
    environment["PYTHONPATH"] = _HOOK + os.pathsep + old_path if old_path else _HOOK
    environment["HINDSIGHT_LAUNCH"] = marshal.dumps(settings).hex()
    return _execute(name, [*options, *program], environment)


def _execute(name: str, arguments: Sequence[str], environment: dict[str, str]) -> int:
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(sys.executable, [name, *arguments], environment)
    import subprocess

    return subprocess.call([sys.executable, *arguments], env=environment)


def _run_here(settings: dict[str, Any], program: list[str]) -> int:
    from . import in_process

    sys.stderr.write(
        "hindsight: with -I, -E or -S the program runs inside the recorder's own process\n"
    )
    sys.stderr.flush()
    return in_process.run(settings, program)
