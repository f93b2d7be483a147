"""Which exceptions leave recorded code and do not come back? As src/index/escapes.ts finds them."""

from __future__ import annotations

_QUIET = (StopIteration, StopAsyncIteration, GeneratorExit, SystemExit)


class Escapes:
    """By thread: the number of the exception that left its last frame, until something follows."""

    def __init__(self) -> None:
        self._leaving: dict[int, int] = {}

    @property
    def any(self) -> bool:
        """Whether an exception may come back at the next event."""
        return bool(self._leaving)

    def leaves(self, thread: int, exception: BaseException | None, number: int) -> bool:
        """Note that an exception leaves a frame; say if another one has not come back."""
        before = self._leaving.pop(thread, 0)
        if number and type(exception) not in _QUIET:
            self._leaving[thread] = number
        return before not in (0, number)

    def comes_back(self, thread: int, number: int) -> bool:
        """Note that an exception surfaces; say if another one has not come back."""
        before = self._leaving.pop(thread, 0) if self._leaving else 0
        return before not in (0, number)

    def goes_on(self, thread: int) -> bool:
        """Note that a thread goes on; say if an exception has not come back (hot)."""
        return bool(self._leaving) and self._leaving.pop(thread, 0) != 0

    def forget(self) -> None:
        """Begin anew."""
        self._leaving.clear()
