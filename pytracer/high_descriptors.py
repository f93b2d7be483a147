"""Keeps the recorder's file descriptors out of the numbers that the program will see.

The first file that a program opens has descriptor 3; it must stay so. `mmap` duplicates its
descriptor to the lowest free number, so it is not enough to move ours: the low numbers are taken
for a moment.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

_LOWEST = (500, 200, 100, 40)


class high_descriptors:  # noqa: N801
    """While this context is active, new descriptors get high numbers (not on Windows)."""

    def __init__(self) -> None:
        self._taken: list[int] = []

    def __enter__(self) -> None:
        if fcntl is None:
            return
        try:
            first = os.open(os.devnull, os.O_RDONLY)
        except OSError:
            return
        self._taken.append(first)
        try:
            for lowest in _LOWEST:
                try:
                    os.close(fcntl.fcntl(first, fcntl.F_DUPFD_CLOEXEC, lowest))
                except OSError:
                    continue
                while self._taken[-1] < lowest - 1:
                    self._taken.append(os.dup(first))
                return
        except OSError:
            self.__exit__()

    def __exit__(self, *_: object) -> None:
        while self._taken:
            os.close(self._taken.pop())
