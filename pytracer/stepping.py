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

    def __init__(self, kind: str, thread: int, state: Any) -> None:
        """Begin at the frame of `state`; None: of no frame."""
        self._kind = "stepIn" if state is None else kind
        self._thread = thread
        self._frame: int = 0 if state is None else state.number
        # FrameState.frame_id of the one frame whose events may be the end; 0: it may be any step.
        self.frame_id: int = 0 if self._kind == "stepIn" else state.frame_id

    @property
    def may_end_at_steps(self) -> bool:
        """Whether steps of that frame may be the end, not only its own end."""
        return self._kind == "next"

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
            self.frame_id = stack[-1].frame_id
            return self._kind == "stepOut"
        self._kind = "stepIn"
        self._thread = state.thread.number
        self.frame_id = 0
        return False
