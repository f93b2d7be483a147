"""What is known of each code object, fetched once: `CodeObjectWrapper`, `CodeObjectRegistry`.

A wrapper does not keep its code object alive. A field that was asked for before stays known after
the code object's death; one that never was raises ReferenceError then. (While a frame runs, its
code object lives.)
"""

from __future__ import annotations

import sys
from _bisect import bisect_right
from _functools import partial  # type: ignore[import-not-found]
from _weakref import ref
from itertools import count

from .bytecode import lnotab_ranges
from .code_constants import CodeObjectType, digest, short_form
from .code_frame import code_hash, encode_code
from .comprehensions import find_comprehensions
from .line_effects import analyse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Callable, Optional

    from .bytecode import LineRange
    from .comprehensions import Comprehensions
    from .effects import CodeEffects

    Fetch = Callable[[CodeType, str], Any]

__all__ = ["CodeObjectRegistry", "CodeObjectWrapper", "encode_code"]

CO_OPTIMIZED = 0x01
HAS_QUALNAME = sys.version_info >= (3, 11)
HAS_CO_LINES = sys.version_info >= (3, 10)
# The names that a class body begins with.
CLASS_BODY = ("__name__", "__module__", "__qualname__")


class CodeObjectWrapper:
    """The fields of one code object. Read-only but for what scope, recorder and control keep.

    A field is fetched or computed when it is first asked for: until then its slot is empty, which
    makes Python ask `__getattr__`; from then on it is a plain attribute. (Two threads that ask at
    the same time may both fetch it, with the same outcome.)
    """

    __slots__ = (
        "_claims",
        "_hint",
        "_reference",
        "_registry",
        "argcount",
        "breakpoint_lines",
        "bytecode",
        "cellvars",
        "code_id",
        "comprehensions",
        "consts",
        "consts_digest",
        "effects",
        "exception_table",
        "filename",
        "firstlineno",
        "flags",
        "freevars",
        "hash",
        "kwonlyargcount",
        "line_bytes",
        "line_starts",
        "line_table",
        "name",
        "names",
        "plan",
        "posonlyargcount",
        "qualname",
        "recorded",
        "sent",
        "slots",
        "varnames",
    )

    if TYPE_CHECKING:
        # Dense from 1 in the order in which ids were asked for.
        code_id: int
        filename: str
        # "outer.<locals>.inner"; before 3.11 as far as the enclosing code's wrapper could tell.
        qualname: str
        name: str
        firstlineno: int
        argcount: int
        posonlyargcount: int
        kwonlyargcount: int
        flags: int
        varnames: tuple[str, ...]
        cellvars: tuple[str, ...]
        freevars: tuple[str, ...]
        names: tuple[str, ...]
        # Scalars themselves, for everything else a `code_constants.Opaque`.
        consts: tuple[Any, ...]
        consts_digest: bytes
        # Without instrumentation and specialisation.
        bytecode: bytes
        # The table as the interpreter holds it: co_lnotab before 3.10, else co_linetable.
        line_bytes: bytes
        # Empty before 3.11.
        exception_table: bytes
        # The variables of a frame in the order of FORMAT.md, section 3.
        slots: tuple[str, ...]
        # (start, end, line) in byte offsets, ascending.
        line_table: list[LineRange]
        line_starts: list[int]
        effects: CodeEffects
        # Those that run inside this code object (3.12 and later).
        comprehensions: Comprehensions
        # 16 bytes, equal for equal code in whatever file, different for different code.
        hash: bytes

    def __init__(self, code: CodeType, registry: CodeObjectRegistry) -> None:
        self._registry = registry
        self._reference = ref(code, registry.eviction(code))
        self._claims: list[int] = []
        self._hint = ""
        # Set by the scope.
        self.recorded = False
        # Set by the recorder when the CODE frame is in the log; `plan` is its own, too.
        self.sent = False
        self.plan: Any = None
        # Owned by control.
        self.breakpoint_lines: Optional[set[int]] = None

    def __getattr__(self, field: str) -> Any:
        """Find a field that is asked for the first time, and keep it."""
        attribute = FETCHED.get(field)
        if attribute is not None:
            value = self._fetch(attribute)
        else:
            compute = COMPUTED.get(field)
            if compute is None:
                raise AttributeError(field)
            value = compute(self)
        setattr(self, field, value)
        return value

    def code(self) -> Optional[CodeType]:
        """Return the code object, or None when it has died."""
        return self._reference()

    def line_for_offset(self, byte_offset: int) -> Optional[int]:
        """Return the line of the instruction at an offset in bytes (`f_lasti`), in O(log n)."""
        place = bisect_right(self.line_starts, byte_offset) - 1
        if place < 0:
            return None
        _, end, line = self.line_table[place]
        return line if byte_offset < end else None

    def _fetch(self, attribute: str) -> Any:
        code = self._reference()
        if code is None:
            raise ReferenceError(f"the code object died before its {attribute} was asked for")
        return self._registry.fetch(code, attribute)

    def _claim_id(self) -> int:
        # Should two threads claim at once, the first claim counts.
        self._claims.append(next(self._registry.ids))
        return self._claims[0]

    def _read_consts(self) -> tuple[Any, ...]:
        """Take all that the constants tell from one look at them."""
        consts: tuple[Any, ...] = self._fetch("co_consts")
        short = self.consts = short_form(consts)
        wrapper = self._registry.wrapper
        if not HAS_QUALNAME:
            for value in consts:
                if type(value) is CodeObjectType:
                    wrapper(value)._hint = self._qualname_of(value.co_name)
        self.consts_digest = digest(consts, lambda code: wrapper(code).hash)
        return short

    def _read_consts_digest(self) -> bytes:
        self._read_consts()
        return self.consts_digest

    def _compute_qualname(self) -> str:
        if HAS_QUALNAME:
            qualname: str = self._fetch("co_qualname")
            return qualname
        if self.names[:3] == CLASS_BODY:
            return str(self.consts[0])
        return self._hint or self.name

    def _qualname_of(self, name: str) -> str:
        """Return the qualified name of a function made here, as the constants confirm it."""
        if self.name == "<module>":
            return name
        prefix = ".<locals>." if self.flags & CO_OPTIMIZED else "."
        full = self.qualname + prefix + name
        strings = [value for value in self.consts if type(value) is str]
        return name if full not in strings and name in strings else full

    def _compute_slots(self) -> tuple[str, ...]:
        varnames = self.varnames
        cells = self.cellvars
        if cells:
            cells = tuple([name for name in cells if name not in varnames])
        return varnames + cells + self.freevars

    def _compute_line_table(self) -> list[LineRange]:
        if HAS_CO_LINES:
            return list(self._fetch("co_lines")())
        return lnotab_ranges(self.line_bytes, self.firstlineno, len(self.bytecode))

    def _compute_line_starts(self) -> list[int]:
        return [start for start, _, _ in self.line_table]

    def _compute_exception_table(self) -> bytes:
        table: bytes = self._fetch("co_exceptiontable") if HAS_QUALNAME else b""
        return table


class CodeObjectRegistry:
    """One wrapper per living code object, found by identity.

    Code objects of different files can compare equal, so they are never keys. An entry is found by
    the code object's address and believed only when its weak reference leads to the very object; it
    leaves when the code object dies, by a callback that runs no Python code.
    """

    __slots__ = ("_get", "_source", "_wrappers", "fetches", "ids")

    def __init__(self, source: Fetch = getattr) -> None:
        self._wrappers: dict[int, CodeObjectWrapper] = {}
        self._get = self._wrappers.get
        self._source = source
        self.ids = count(1)
        # Attributes fetched from code objects so far (approximate while threads race).
        self.fetches = 0

    def __len__(self) -> int:
        return len(self._wrappers)

    def wrapper(self, code: CodeType) -> CodeObjectWrapper:
        """Return the one wrapper of a code object (hot)."""
        found = self._get(id(code))
        if found is not None and found._reference() is code:
            return found
        return self._add(code)

    def fetch(self, code: CodeType, attribute: str) -> Any:
        """Read an attribute of a code object, and count that."""
        self.fetches += 1
        return self._source(code, attribute)

    def eviction(self, code: CodeType) -> Callable[[ref[CodeType]], object]:
        """Return what a dying code object calls: `dict.pop(address, weak reference)`."""
        evict: Callable[[ref[CodeType]], object] = partial(self._wrappers.pop, id(code))
        return evict

    def _add(self, code: CodeType) -> CodeObjectWrapper:
        fresh = CodeObjectWrapper(code, self)
        # Of two threads here for one code object, both get what the first one put in.
        found = self._wrappers.setdefault(id(code), fresh)
        if found is fresh or found._reference() is code:
            return found
        # The entry of a dead one whose eviction failed (at the recursion limit, before 3.12).
        self._wrappers[id(code)] = fresh
        return fresh


FETCHED = {
    "argcount": "co_argcount",
    "bytecode": "co_code",
    "cellvars": "co_cellvars",
    "filename": "co_filename",
    "firstlineno": "co_firstlineno",
    "flags": "co_flags",
    "freevars": "co_freevars",
    "kwonlyargcount": "co_kwonlyargcount",
    "line_bytes": "co_linetable" if HAS_CO_LINES else "co_lnotab",
    "name": "co_name",
    "names": "co_names",
    "posonlyargcount": "co_posonlyargcount",
    "varnames": "co_varnames",
}
COMPUTED: dict[str, Callable[[CodeObjectWrapper], Any]] = {
    "code_id": CodeObjectWrapper._claim_id,
    "comprehensions": find_comprehensions,
    "consts": CodeObjectWrapper._read_consts,
    "consts_digest": CodeObjectWrapper._read_consts_digest,
    "effects": analyse,
    "exception_table": CodeObjectWrapper._compute_exception_table,
    "hash": code_hash,
    "line_starts": CodeObjectWrapper._compute_line_starts,
    "line_table": CodeObjectWrapper._compute_line_table,
    "qualname": CodeObjectWrapper._compute_qualname,
    "slots": CodeObjectWrapper._compute_slots,
}
