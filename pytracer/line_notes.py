"""What the symbolic run has found for one line so far."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Optional, Union

    from .effects import Path

    # What effects are gathered under: a line, or the start of a range that gives no line event.
    Key = Union[int, tuple[int]]


class LineNotes:
    """What has been found for one line so far; paths may still hold the machine's markers."""

    __slots__ = (
        "anonymous",
        "awaits",
        "bound",
        "calls",
        "inplace",
        "operands",
        "roots",
        "runs_code",
        "stores",
    )

    def __init__(self) -> None:
        self.bound: list[tuple[str, str]] = []
        self.stores: list[tuple[str, Optional[Path], str, Optional[Path]]] = []
        self.inplace: list[Optional[Path]] = []
        # As the arguments of `effects.Call`.
        self.calls: list[
            tuple[Optional[Path], Optional[Path], Sequence[Optional[Path]], bool, int]
        ] = []
        self.operands: list[Path] = []
        self.anonymous: list[tuple[str, Optional[Path]]] = []
        self.roots: list[Path] = []
        self.awaits: list[Path] = []
        self.runs_code = False

    def has_effects(self) -> bool:
        """Tell whether the line does anything but load constants and jump."""
        return bool(
            self.bound
            or self.roots
            or self.calls
            or self.operands
            or self.anonymous
            or self.stores
            or self.inplace
            or self.awaits
            or self.runs_code
        )

    def add(self, other: LineNotes) -> None:
        """Take over what another line does while this line is the current one."""
        self.bound += other.bound
        self.stores += other.stores
        self.inplace += other.inplace
        self.calls += other.calls
        self.operands += other.operands
        self.anonymous += other.anonymous
        self.roots += other.roots
        self.awaits += other.awaits
        self.runs_code = self.runs_code or other.runs_code
