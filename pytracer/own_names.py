"""The recorder's own `builtins` and its own view of the modules that it shares with the program.

A program may replace what the standard library gives, as tests do with mocks: `builtins.len`,
`os.write`. The recorder must neither call the replacement nor fail by it. So its modules find
their built-in names in a copy that was made before the program began, and shared modules as copies.
"""

from __future__ import annotations

import builtins
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

_PREFIX = __name__.rpartition(".")[0] + "."
# Functions alone are asked of them. `sys` and `threading` are not among them: their state counts.
_COPIED = ("gc", "mmap", "os", "struct", "time", "weakref", "zlib")

_copies: dict[str, ModuleType] = {}
_builtins = dict(vars(builtins))
_import = builtins.__import__


def _import_own(
    name: str,
    globals: Mapping[str, object] | None = None,  # noqa: A002
    locals: Mapping[str, object] | None = None,  # noqa: A002
    fromlist: Sequence[str] = (),
    level: int = 0,
) -> ModuleType:
    module = _import(name, globals, locals, fromlist, level)
    if level or name not in _COPIED:
        return module
    copy = _copies.get(name)
    if copy is None:
        copy = _copies[name] = type(module)(name)
        vars(copy).update(vars(module))
    return copy


_builtins["__import__"] = _import_own


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__builtins__"] = _builtins
        super().exec_module(module)


class _Finder:
    """Finds the recorder's modules alone."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not name.startswith(_PREFIX):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def begin() -> None:
    """From here on the recorder's modules are given their own names as they are imported."""
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)


def end() -> None:
    """Leave the import system as it was, before the program begins."""
    if _Finder in sys.meta_path:
        sys.meta_path.remove(_Finder)
