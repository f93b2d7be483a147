"""The user's line breakpoints, found by what a code object calls its file."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class LineBreakpoints:
    """All breakpoints of the program; `lines` are those of all files: most steps are at none."""

    def __init__(self) -> None:
        self.lines: set[int] = set()
        # File key -> line -> ids.
        self._ids: dict[str, dict[int, list[int]]] = {}
        self._keys: dict[str, str] = {}
        # What relative names are relative to: the program may go elsewhere.
        self._folder = os.getcwd()

    def replace(self, places: list[dict[str, Any]]) -> None:
        """Take these breakpoints (`id`, `file`, `line`) instead of all before."""
        self._ids = {}
        self.lines = set()
        for place in places:
            lines = self._ids.setdefault(self._key(place["file"]), {})
            lines.setdefault(place["line"], []).append(place["id"])
            self.lines.add(place["line"])

    def ids_at(self, filename: str, line: int) -> list[int] | None:
        """Give the ids of the breakpoints at a line of a file."""
        lines = self._ids.get(self._key(filename))
        return None if lines is None else lines.get(line)

    def _key(self, filename: str) -> str:
        """Name a file the same way however its code object names it."""
        key = self._keys.get(filename)
        if key is None:
            path = os.path.join(self._folder, filename)
            key = filename if filename.startswith("<") else os.path.realpath(path)
            key = self._keys[filename] = os.path.normcase(key)
        return key
