"""What one line can change: the shapes that `line_effects.analyse` answers with.

Everything here follows from a code object alone: names and access paths, no values. It
over-approximates: a line may change less than it says, never more. Plain classes with slots,
because `dataclasses` and `typing` would be imported into the recorded program.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Optional

    # One of the following, by the first entry:
    #
    #   "local", name        fast local
    #   "deref", name        cell or free variable
    #   "global", name       globals, then builtins
    #   "name", name         locals mapping, then globals, then builtins (module, class body, exec)
    #   "const", value       None, bool, int, float, complex, str or Ellipsis; never bytes, since
    #                        comparing one with a str warns under `-b`
    #   "builtin", name      the builtins module's own object, whatever the program has bound there
    #   "attr", path, name
    #   "item", path, path   the second is the key
    #   "fresh"              an object that the interpreter has just made (display, f-string, test):
    #                        nobody else has it
    #   "made", name         a function that this very line makes (lambda, comprehension, decorated
    #                        def); `name` is its code's co_name, its code is in the same file
    #   "result", path       what a call of `path` has returned
    #   "super", path, path  super() of a class and an object; only as the start of an "attr"
    #
    # "fresh", "made" and "result" cannot be evaluated from outside, but they tell something: the
    # callee in `s.strip().lower()` is "lower" of the "result" of "strip" of s. What starts from one
    # of them appears in `calls`, `stores` and `inplace`, never in `operands` or `roots`.
    Path = tuple[Any, ...]


class Store:
    """A store into an object, or a deletion from it."""

    __slots__ = ("key", "kind", "name", "target")

    def __init__(self, kind: str, target: Optional[Path], name: str, key: Optional[Path]) -> None:
        # "attr", "item", "slice", "delattr" or "delitem" (also of a slice).
        self.kind = kind
        # The object that is changed; None when nothing is known of it (an element, one of two
        # objects ...).
        self.target = target
        # The attribute's name for "attr" and "delattr", else "".
        self.name = name
        # The key for "item" and "delitem" when it is a path, else None.
        self.key = key

    def __repr__(self) -> str:
        return f"Store({self.kind!r}, {self.target!r}, {self.name!r}, {self.key!r})"


class Call:
    """A call; `with` calls `__enter__` and `__exit__` as methods of its manager."""

    __slots__ = ("args", "callee", "complete", "receiver", "site")

    def __init__(
        self,
        callee: Optional[Path],
        receiver: Optional[Path],
        args: tuple[Optional[Path], ...],
        complete: bool,
        site: int = -1,
    ) -> None:
        # None when it is not a path. A method call has ("attr", receiver, name).
        self.callee = callee
        # The object whose method is called (of `super().method()`: self); None for a plain call, or
        # not a path.
        self.receiver = receiver
        # Positional and keyword arguments in order; None for one that is not a path.
        self.args = args
        # False when there are more arguments than `args` tells (`*`, `**`): then `args` holds the
        # objects that are spread, and any of `roots` may be among the arguments.
        self.complete = complete
        # Byte offset of the instruction if no path that can be followed leads to what is called
        # and a CALL event of `sys.monitoring` can tell; else -1.
        self.site = site

    def __repr__(self) -> str:
        return f"Call({self.callee!r}, {self.receiver!r}, {self.args!r}, {self.complete!r})"


class LineEffects:
    """What a line can change and whose code it can run. Read-only."""

    __slots__ = (
        "anonymous",
        "awaits",
        "calls",
        "derefs",
        "globals",
        "inplace",
        "locals",
        "names",
        "operands",
        "rebinds",
        "roots",
        "runs_code",
        "stores",
        "unstable",
    )

    def __init__(self) -> None:
        # Fast locals that the line may bind or unbind.
        self.locals: tuple[str, ...] = ()
        # Cell and free variables that the line may bind or unbind.
        self.derefs: tuple[str, ...] = ()
        self.globals: tuple[str, ...] = ()
        # Names in the locals mapping (module level, class body, exec). "*" stands for any name
        # (`import *`).
        self.names: tuple[str, ...] = ()
        self.stores: tuple[Store, ...] = ()
        # Left operands of in-place operators; None for one that is not a path.
        self.inplace: tuple[Optional[Path], ...] = ()
        self.calls: tuple[Call, ...] = ()
        # Objects whose own special methods the line may run: operands, bases of attributes and
        # subscripts, what is iterated, unpacked, formatted, tested, hashed or raised. No constants.
        self.operands: tuple[Path, ...] = ()
        # The same for objects without a path: (use, callee) with use one of "attr", "item",
        # "iterate", "operator", "raise", "test", and the path of the function that returned the
        # object (None: it came from somewhere else). Results of operators are left out: they are
        # new, or they are one of the operands.
        self.anonymous: tuple[tuple[str, Optional[Path]], ...] = ()
        # Every name that the line loads.
        self.roots: tuple[Path, ...] = ()
        # What the line waits for by `await` or `yield from`: a path, or ("result", path) for what a
        # call has returned. A coroutine or generator of recorded code is like a call of it.
        self.awaits: tuple[Path, ...] = ()
        # The line may run code that neither `calls`, `operands` nor `awaits` tell (import, class
        # statement, `async for` ...).
        self.runs_code: bool = False
        # A name that a path starts from is also stored on this line: evaluate the paths before the
        # line as well.
        self.rebinds: bool = False
        # A path goes through attributes, items, globals or cells, and the line does at least two
        # things that can run code or store: the path can name another object in the middle of the
        # line than before or after it.
        self.unstable: bool = False

    def __repr__(self) -> str:
        shown = (
            f"{name}={getattr(self, name)!r}" for name in self.__slots__ if getattr(self, name)
        )
        return f"LineEffects({', '.join(shown)})"


# Shared by all lines without effects.
EMPTY = LineEffects()


class CodeEffects:
    """The effects of each line of one code object (not of the code objects nested in it)."""

    __slots__ = ("_lines",)

    def __init__(self, lines: Mapping[int, LineEffects]) -> None:
        self._lines = lines

    def for_line(self, line: int) -> LineEffects:
        """Return what the line can change; hot: one dict get."""
        return self._lines.get(line, EMPTY)

    def lines(self) -> Mapping[int, LineEffects]:
        """Return the lines that have effects."""
        return self._lines
