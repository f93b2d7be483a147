"""At which event does a live step end? The same rules as in src/travel/movements.ts."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Stepping:
    """A step that is under way.

    `next` follows one frame over the calls between and over its suspensions, to the caller when it
    ends; `stepOut` ends where the frame is left; where no frame is left both end at the thread's
    next step, as `stepIn` does.
    """

    def __init__(self, kind: str, thread: int, frame: int) -> None:
        self._kind = kind if frame else "stepIn"
        self._thread = thread
        self._frame = frame

    def ends_at(self, state: Any) -> bool:
        """Say whether a step of `state`'s frame is the end (hot)."""
        if self._kind == "stepIn":
            return bool(state.thread.number == self._thread)
        return self._kind == "next" and bool(state.number == self._frame)

    def leaves(self, state: Any) -> bool:
        """Take note that a frame has ended and left its stack; say if the step ends (hot)."""
        if state.number != self._frame or self._kind == "stepIn":
            return False
        stack = state.thread.stack
        if stack:
            self._frame = stack[-1].number
            return self._kind == "stepOut"
        self._kind = "stepIn"
        self._thread = state.thread.number
        return False
