"""Compiles the native recorder for the interpreter that runs this file.

    python pytracer/native/build.py [--strict] [--force] [--sanitize] [--out FOLDER]
                                    [--sources FOLDER] [--module NAME]

Needs a C compiler (`CC`, else `cc`; on Windows `cl` of a developer prompt) and Python.h. Does
nothing when the build is up to date. Exit code 0: there is a build now; 1: the compiler or the
build failed; 3: this interpreter or machine cannot have one. One line on standard output says
which; the compiler's own words go to standard error.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(os.path.dirname(HERE)))
from pytracer import recorder_choice  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

BUILT, FAILED, IMPOSSIBLE = 0, 1, 3
_VERSION = "{}.{}.{}".format(*sys.version_info[:3])
# Names that are missing in the running interpreter must show when the module is loaded.
_UNIX = ["-std=c11", "-O3", "-DNDEBUG", "-Wall", "-Wextra", "-fPIC", "-fvisibility=hidden"]
_SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-g", "-O1"]
_WINDOWS = ["/nologo", "/LD", "/std:c11", "/O2", "/W3", "/MD", "/DNDEBUG"]


class BuildError(Exception):
    """There will be no build; the code is the exit code."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Options:
    """The command line."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.strict = self.force = self.sanitize = False
        self.out = os.path.join(HERE, "builds")
        self.sources = HERE
        self.module = "hindsight_core"
        rest = list(arguments)
        while rest:
            name = rest.pop(0)
            if name in ("--strict", "--force", "--sanitize"):
                setattr(self, name[2:], True)
            elif name in ("--out", "--sources", "--module") and rest:
                setattr(self, name[2:], rest.pop(0))
            else:
                raise BuildError(2, f"unknown option {name}\n{__doc__}")
        self.sources = os.path.abspath(self.sources)
        self.target = recorder_choice.build_path(os.path.abspath(self.out), self.module)


def build(options: Options) -> str:
    """Make the build if it is not there; say in a few words what was done."""
    _check_interpreter()
    sources = _files(options.sources, ".c")
    if not sources:
        raise BuildError(IMPOSSIBLE, f"there are no C sources in {options.sources}")
    include = _include_folder()
    compiler = _compiler()
    command = _command(options, compiler, include, sources)
    stamp = options.target + ".stamp"
    digest = _digest(command, _files(options.sources, ".c", ".h"))
    if not options.force and os.path.exists(options.target) and _read(stamp) == digest:
        return "up to date"
    os.makedirs(os.path.dirname(options.target), exist_ok=True)
    fresh = f"{options.target}.{os.getpid()}"
    try:
        _compile(command, fresh)
        if not options.sanitize:
            _try_to_load(options.module, fresh)
        # A program that has the old file loaded keeps it.
        os.replace(fresh, options.target)
    except BuildError:
        # An old build does not fit these sources.
        _remove(options.target, stamp)
        raise
    finally:
        _remove(fresh)
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(digest)
    return "built"


def _check_interpreter() -> None:
    if sys.implementation.name != "cpython" or "t" in getattr(sys, "abiflags", ""):
        raise BuildError(IMPOSSIBLE, "only for CPython with the GIL")
    if not recorder_choice.OLDEST <= sys.version_info[:2] <= recorder_choice.NEWEST:
        first, last = recorder_choice.OLDEST, recorder_choice.NEWEST
        raise BuildError(
            IMPOSSIBLE, f"only for Python {first[0]}.{first[1]} to {last[0]}.{last[1]}"
        )


def _files(folder: str, *endings: str) -> list[str]:
    return sorted(
        os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(endings)
    )


def _include_folder() -> str:
    folder = sysconfig.get_paths()["include"]
    if not os.path.exists(os.path.join(folder, "Python.h")):
        raise BuildError(IMPOSSIBLE, f"its headers are missing: no Python.h in {folder}")
    return folder


def _compiler() -> list[str]:
    if os.name == "nt":
        candidates = ["cl"]
    else:
        candidates = [os.environ.get("CC", ""), "cc", sysconfig.get_config_var("CC") or ""]
    for candidate in candidates:
        words = shlex.split(candidate)
        if words and shutil.which(words[0]) is not None:
            return words
    raise BuildError(IMPOSSIBLE, "no C compiler was found (set CC to one)")


def _command(options: Options, compiler: list[str], include: str, sources: list[str]) -> list[str]:
    """Give the compiler's command line without its output file."""
    if os.name == "nt":
        strict = ["/WX"] if options.strict else []
        libraries = os.path.join(sys.base_prefix, "libs")
        return [
            *compiler,
            *_WINDOWS,
            *strict,
            "/I",
            include,
            *sources,
            "/link",
            f"/LIBPATH:{libraries}",
        ]
    flags = [*_UNIX, *(["-Werror"] if options.strict else [])]
    flags += _SANITIZE if options.sanitize else []
    # The interpreter's own headers are not ours to warn about. Where its configuration is in a
    # folder for the platform, that stands beside the folder of the headers.
    flags += ["-isystem", include, "-idirafter", os.path.dirname(include)]
    if sys.platform == "darwin":
        flags += ["-bundle", "-undefined", "dynamic_lookup"]
    else:
        flags += ["-shared", *([] if options.sanitize else ["-Wl,-z,now"])]
    return [*compiler, *flags, *sources]


def _digest(command: list[str], files: list[str]) -> str:
    """Say by what a build came about: sources, flags, compiler and interpreter."""
    version = subprocess.run([command[0], "--version"], capture_output=True, check=False).stdout
    digest = hashlib.sha256(repr((command, version, sys.version)).encode())
    for name in files:
        with open(name, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def _compile(command: list[str], target: str) -> None:
    scratch = target + ".objects"
    os.makedirs(scratch, exist_ok=True)
    output = [f"/OUT:{target}"] if os.name == "nt" else ["-o", target]
    try:
        done = subprocess.run([*command, *output], check=False, stdout=sys.stderr, cwd=scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if done.returncode != 0:
        raise BuildError(FAILED, "the compiler failed")


def _try_to_load(module: str, path: str) -> None:
    """See in a process of its own whether the module accepts this interpreter."""
    program = "import sys; sys.path.insert(0, sys.argv[1]); "
    program += "from pytracer.recorder_choice import load_extension; "
    program += "load_extension(sys.argv[2], sys.argv[3])"
    root = os.path.dirname(os.path.dirname(HERE))
    command = [sys.executable, "-c", program, root, module, path]
    done = subprocess.run(command, check=False, stdout=sys.stderr)
    if done.returncode != 0:
        raise BuildError(FAILED, "it was built, but cannot be loaded")


def _read(name: str) -> str:
    try:
        with open(name, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def _remove(*names: str) -> None:
    for name in names:
        try:
            os.remove(name)
        except OSError:
            pass


def main(arguments: Sequence[str]) -> int:
    """Run the command line."""
    try:
        options = Options(arguments)
        done = build(options)
    except BuildError as error:
        sys.stdout.write(f"Python {_VERSION}: {error}\n")
        return error.code
    sys.stdout.write(f"Python {_VERSION}: {done} {options.target}\n")
    return BUILT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
