"""The recorder's own `builtins` and its own view of the modules that it shares with the program.

A program may replace what the standard library gives, as tests do with mocks: `builtins.len`,
`os.write`. The recorder must neither call the replacement nor fail by it. So its modules find
their built-in names in a copy that was made before the program began, and shared modules as copies.

A program may also get hold of the recorder: by `gc.get_objects()`, `sys.gettrace()`. So what is the
recorder's can be told: its classes and its namespaces.
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

# What is ours, by id; it is kept, so that nothing else gets the id. The classes of our modules, and
# the modules' dicts, which their functions have as globals.
own_classes: dict[int, type] = {}
own_namespaces: dict[int, dict[str, object]] = {}

_copies: dict[str, ModuleType] = {}
_builtins = dict(vars(builtins))
_import = builtins.__import__


def know_own_class(cls: type) -> None:
    """Note a class of ours."""
    own_classes[id(cls)] = cls


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
        names = vars(module)
        names["__builtins__"] = _builtins
        super().exec_module(module)
        own_namespaces[id(names)] = names
        for value in names.values():
            if isinstance(value, type) and value.__module__ == module.__name__:
                know_own_class(value)


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


for _cls in (_Loader, _Finder):
    know_own_class(_cls)
own_namespaces[id(globals())] = globals()


def begin() -> None:
    """From here on the recorder's modules are given their own names as they are imported."""
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)


def end() -> None:
    """Leave the import system as it was, before the program begins."""
    if _Finder in sys.meta_path:
        sys.meta_path.remove(_Finder)
