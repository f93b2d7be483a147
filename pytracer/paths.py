"""Access paths (see `effects.Path`): building them, and what they go through."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .effects import Path

# Entries of the symbolic stack that are no paths; `opcodes` tells the others.
FRESH = ("fresh",)
NULL = ("null",)
DERIVED = ("derived",)
SLICE = ("slice",)
# What `LineEffects.awaits` tells of.
AWAITED = ("awaited",)
# Longer chains of attributes, items and calls are not told.
PATH_DEPTH = 16
# Kinds of variables.
VARIABLES = frozenset(("local", "deref", "global", "name"))
# Kinds that an object with special methods of its own can be found under, but for constants.
PLACES = VARIABLES | {"builtin", "attr", "item"}
# Kinds that can stand in a path.
PATHS = PLACES | {"const", "result", "made"}
# What such a path names changes only by a store to its variable.
STEADY = frozenset(("local", "const", "builtin", "fresh", "made", "result"))


def plain(entry: Optional[Path]) -> Optional[Path]:
    """Return an entry without the machine's markers."""
    if entry is None:
        return None
    kind = entry[0]
    if kind in PATHS or kind == "fresh":
        return entry
    if kind == "iter" or kind == "self":
        inner: Optional[Path] = entry[1]
        return inner
    if kind == "super":
        receiver: Path = entry[2]
        return receiver
    return FRESH if kind in ("slice", "code") else None


def attribute(base: Optional[Path], name: str) -> Optional[Path]:
    """Return the path of an attribute."""
    if base is None or path_depth(base) >= PATH_DEPTH:
        return None
    if base[0] not in PATHS and base[0] != "fresh" and base[0] != "super":
        return None
    return ("attr", base, name)


def item(base: Optional[Path], key: Optional[Path]) -> Optional[Path]:
    """Return the path of an item."""
    if base is None or key is None or path_depth(base) >= PATH_DEPTH:
        return None
    if base[0] not in PATHS or key[0] not in PATHS or path_depth(key) >= PATH_DEPTH:
        # A slice of a list, tuple or string is new.
        return DERIVED if key == SLICE else None
    return ("item", base, key)


def path_depth(path: Path) -> int:
    """Return how many attributes, items and results a path goes through, keys aside."""
    depth = 0
    while path[0] in ("attr", "item", "result"):
        depth += 1
        path = path[1]
    return depth


def parts(path: Path) -> list[str]:
    """Return the names of variables and attributes that a path goes through, "[]" for an item."""
    found: list[str] = []
    while True:
        kind = path[0]
        if kind == "attr":
            found.append(path[2])
        elif kind == "item":
            found.append("[]")
            found.extend(parts(path[2]))
        elif kind == "super":
            found.extend(parts(path[1]))
            path = path[2]
            continue
        elif kind not in ("result", "iter", "self"):
            if kind in VARIABLES:
                found.append(path[1])
            return found
        if path[1] is None:
            return found
        path = path[1]
