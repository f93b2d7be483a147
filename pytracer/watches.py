"""Variables and objects that are watched for changes, as the recorder logs them.

The recorder calls `wrote` and `changes` when it is about to log a change, and asks `touched` once
it has logged all that a line did: the recording then says whether it was one.
"""

from __future__ import annotations

from .core import WatchesFields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_UNSEEN: Any = object()
_ABSENT: Any = object()


MOST_FRAMES = 8


class Watches(WatchesFields):
    """What is watched; changes of other parts of an object are left out where that is cheap."""

    def __init__(self, targets: list[dict[str, Any]]) -> None:
        self.touched = False
        frames: dict[int, set[str]] = {}
        objects: dict[int, list[Any]] = {}
        self._seen: dict[tuple[int, Any], Any] = {}
        self._changed: dict[int, Any] = {}
        for target in targets:
            if target["kind"] == "variable":
                frames.setdefault(target["frame"], set()).add(target["name"])
            else:
                objects.setdefault(target["object"], []).append(target["part"])
        # Names of variables by frame number, parts by object number; None: all of it. The native
        # recorder keeps what it needs of them.
        self._frames = frames
        self._objects = objects
        # FrameState.frame_id of up to MOST_FRAMES frames, which the native recorder leaves to
        # Python.
        self.frame_ids: tuple[int, ...] = ()

    @property
    def frames(self) -> list[int]:
        """Numbers of the frames of which variables are watched."""
        return [*self._frames]

    def wrote(self, frame: int, name: str) -> None:
        """Take note of a variable's write."""
        names = self._frames.get(frame)
        if names is not None and name in names:
            self.touched = True

    def changes(self, entry: Any) -> None:
        """Take note of a change of an object; its shadow is the old one still (hot)."""
        if entry.oid in self._objects:
            self._changed[entry.oid] = entry
            self.touched = True

    def take(self) -> bool:
        """Say whether something that is watched may have changed, and begin anew."""
        changed, self._changed, self.touched = self._changed, {}, False
        if not changed:
            return True
        # All of them: each takes note of what it is now.
        return sum(self._part_changed(entry) for entry in changed.values()) > 0

    def _part_changed(self, entry: Any) -> bool:
        found = False
        for part in self._objects[entry.oid]:
            if part is None:
                found = True
                continue
            now = _part(entry, part)
            before = self._seen.get((entry.oid, part), _UNSEEN)
            self._seen[entry.oid, part] = now
            found = found or now is not before or now is _UNSEEN
        return found


def _part(entry: Any, part: str | int) -> Any:
    """Find a part in an object's shadow; what cannot be found counts as changed."""
    if entry.index is not None:
        place = entry.index.get(part)
        return _ABSENT if place is None else entry.items[place]
    if type(part) is str and part in entry.attr_names:
        return entry.attrs[entry.attr_names.index(part)]
    if type(part) is int and entry.keys is None and 0 <= part < len(entry.items):
        return entry.items[part]
    return _UNSEEN
