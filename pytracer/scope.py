"""Which code is recorded: the user's own by default, decided once for each code object.

Code from a file is judged by its file name alone. Code from text (`exec`, `eval`, `-c`) is judged
by who started it: what recorded code starts is recorded, with its nested functions, and what a
library starts (a dataclass's generated methods, say) is not.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import CodeType, FrameType

    from .code_objects import CodeObjectRegistry, CodeObjectWrapper

_LIBRARY_FOLDERS = frozenset(("site-packages", "dist-packages"))
_CODE_TYPE = type(sys._getframe().f_code)


class Scope:
    """The rules of one recording; `exclude` wins over `include`, both over the rest.

    Patterns are globs over absolute file names: `*` and `?` stay inside one folder, `**` crosses
    folders, a pattern that names a folder stands for all that is in it, and one that does not begin
    at the root may begin in any folder.
    """

    def __init__(
        self,
        registry: CodeObjectRegistry,
        *,
        all_code: bool = False,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
    ) -> None:
        self._registry = registry
        self._all_code = all_code
        self._include = [_segments_of_pattern(pattern) for pattern in include]
        self._exclude = [_segments_of_pattern(pattern) for pattern in exclude]
        self._own = _folder_prefixes((os.path.dirname(os.path.abspath(__file__)),))
        self._library = _folder_prefixes(_standard_library_folders())
        self._folder = os.getcwd()
        self._by_file: dict[str, bool] = {}

    def includes_file(self, filename: str) -> bool:
        """Say whether code of this file is recorded; the answer is kept."""
        known = self._by_file.get(filename)
        if known is None:
            known = self._by_file[filename] = self._judge_file(filename)
        return known

    def decide(self, wrapper: CodeObjectWrapper, frame: FrameType) -> bool:
        """Decide for a code object that begins to run in `frame`; the caller keeps the answer.

        For code from text the answer extends to the code objects nested in it, whose wrappers get
        their `recorded` set.
        """
        code = frame.f_code
        filename = code.co_filename
        if not _is_text(filename):
            return self.includes_file(filename)
        if self._all_code or wrapper.recorded:
            return True
        if filename.startswith("<frozen ") or code.co_name != "<module>":
            return False
        starter = frame.f_back
        if starter is not None and not self._registry.wrapper(starter.f_code).recorded:
            return False
        for nested in nested_code(code):
            self._registry.wrapper(nested).recorded = True
        return True

    def _judge_file(self, filename: str) -> bool:
        name = _normal(os.path.join(self._folder, filename))
        if name.startswith(self._own):
            return False
        segments = name.split("/")
        if any(_matches(pattern, segments) for pattern in self._exclude):
            return False
        if self._all_code or any(_matches(pattern, segments) for pattern in self._include):
            return True
        return _LIBRARY_FOLDERS.isdisjoint(segments) and not name.startswith(self._library)


def nested_code(code: CodeType) -> Iterable[CodeType]:
    """Give all code objects among the constants of `code`, at any depth."""
    pending = [code]
    while pending:
        for constant in pending.pop().co_consts:
            if type(constant) is _CODE_TYPE:
                pending.append(constant)
                yield constant


def _is_text(filename: str) -> bool:
    return filename.startswith("<") and filename.endswith(">")


def _normal(path: str) -> str:
    path = os.path.normcase(os.path.normpath(path))
    return path.replace("\\", "/") if os.sep == "\\" else path


def _standard_library_folders() -> list[str]:
    folders = [os.path.dirname(os.__file__)]
    folders += [folder for folder in (getattr(sys, "_stdlib_dir", None),) if folder]
    version = f"python{sys.version_info[0]}{sys.version_info[1]}.zip"
    folders += [entry for entry in sys.path if os.path.basename(entry) == version]
    return folders


def _folder_prefixes(folders: Iterable[str]) -> tuple[str, ...]:
    both = {_normal(folder) for folder in folders} | {
        _normal(os.path.realpath(folder)) for folder in folders
    }
    return tuple(folder.rstrip("/") + "/" for folder in both)


def _segments_of_pattern(pattern: str) -> list[str]:
    segments = _normal(pattern).split("/")
    return segments if os.path.isabs(pattern) else ["**", *segments]


def _matches(pattern: list[str], segments: list[str]) -> bool:
    """Match a whole path, or one of the folders that it is in."""
    if not pattern:
        return True
    if pattern[0] == "**":
        rest = pattern[1:]
        return any(_matches(rest, segments[start:]) for start in range(len(segments) + 1))
    return (
        bool(segments)
        and _segment_matches(pattern[0], segments[0])
        and _matches(pattern[1:], segments[1:])
    )


def _segment_matches(pattern: str, name: str) -> bool:
    """Match one segment: `*`, `?` and `[...]` (with `!` first: none of these)."""
    if not pattern:
        return not name
    first = pattern[0]
    if first == "*":
        return any(_segment_matches(pattern[1:], name[start:]) for start in range(len(name) + 1))
    if not name:
        return False
    end = pattern.find("]", 2) if first == "[" else -1
    if end > 0:
        return _in_set(pattern[1:end], name[0]) and _segment_matches(pattern[end + 1 :], name[1:])
    return first in ("?", name[0]) and _segment_matches(pattern[1:], name[1:])


def _in_set(members: str, character: str) -> bool:
    negated = members.startswith("!")
    members = members[1:] if negated else members
    index = 0
    found = False
    while index < len(members):
        if members[index + 1 : index + 2] == "-" and index + 2 < len(members):
            found = found or members[index] <= character <= members[index + 2]
            index += 3
        else:
            found = found or members[index] == character
            index += 1
    return found is not negated
