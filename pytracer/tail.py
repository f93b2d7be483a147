"""A tail: the mapped file of a block that is not in the recording yet (FORMAT.md, section 7)."""

from __future__ import annotations

import mmap
import os

from . import format as f
from .files import close_if_same, create, identity_of, write_all
from .high_descriptors import high_descriptors

_kept_maps: list[mmap.mmap] = []


class Tail:
    """A tail file of so many bytes; `map` is None when it is closed.

    Raises OSError when it cannot be made. Only within `high_descriptors`.
    """

    def __init__(self, path: str, size: int) -> None:
        self.path = path
        self.map: mmap.mmap | None = None
        self.size = 0
        self._map_descriptor = -1
        self._file = create(path)
        self._identity = identity_of(self._file)
        try:
            # So that it is known as a tail, of no recording yet.
            self._map(size)[: len(f.TAIL_MAGIC)] = f.TAIL_MAGIC
        except OSError:
            self.close()
            self.remove()
            raise

    def grow(self, size: int) -> mmap.mmap:
        """Have at least so many bytes; the map is another one then. Raises OSError."""
        if identity_of(self._file) != self._identity:
            raise OSError(0, "the file was closed by the program")
        with high_descriptors():
            return self._map(max(size, self.size))

    def close(self) -> None:
        """Let go of the file; what it holds stays."""
        self._close_map()
        close_if_same(self._file, self._identity)

    def remove(self) -> None:
        """Remove the file, if it is still there."""
        try:
            os.unlink(self.path)
        except OSError:
            pass

    def _map(self, size: int) -> mmap.mmap:
        # Real zeros instead of a hole: a full disk must fail here, not in a store to the mapping.
        write_all(self._file, bytes(size - self.size), self.size)
        self._close_map()
        # `mmap` keeps a descriptor of its own: the lowest that is free, as this one.
        self._map_descriptor = os.dup(self._file)
        os.close(self._map_descriptor)
        self.map = mmap.mmap(self._file, size)
        self.size = size
        return self.map

    def _close_map(self) -> None:
        held, self.map = self.map, None
        if held is None:
            return
        if identity_of(self._map_descriptor) == self._identity:
            held.close()
        else:
            # The program closed the descriptor of the map and may have given its number to a file
            # of its own, which closing the map would close.
            _kept_maps.append(held)
