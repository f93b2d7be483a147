"""The types that the recorder's classes stand on: in Python, or those of the native recorder.

`recorder_choice` has decided before this is imported. The classes of `objects`, `frames`, `wire`
and more derive from the field types here and have all the methods; with the native recorder C reads
and writes the same fields and does the frequent events itself.

    EntryFields, LinePlanFields, CodePlanFields, ThreadFields, FrameFields, WriterFields,
    ObjectTableFields, LifetimesFields, LineChangesFields, RecorderFields, ControlFields,
    WatchesFields, SeenCallFields, LayoutFields
    EventBuffer     takes encoded events: `append`, `+=`, `clear`, `len`; bytes-like
    IdMap           from addresses to objects, as a dict
    Row             a list of a shadow: in Python of a type of its own, so that it can be told from
                    the program's lists (native: the collector shows it to nobody)
    RecorderLock    as RLock
    deflate         makes the payload of a frame smaller where it can; raw deflate
    new_sealer      makes what seals blocks in threads (native/sealer.c); None: there is none
    numbers         a row of as many zeros
    function_locals the variables of a function's frame, by name
    with_room       makes a callback be called also where the recursion limit is used up
    lacks_dict      whether asking an object for its `__dict__` would make it
    inline_attributes   the attributes of an instance that has no `__dict__` yet
    frame_key       what tells an activation from all others that live (FrameState.frame_id)
    adopt           tells C of a type or object of the Python half
    attach          tells C of the plan of a code object
    watch_deaths    has C tell an ObjectTable of the deaths of objects at once
    forget_deaths   no more; the table is empty
    leave_to_c      takes methods out of a class that its field type has in C; C finds them there
                    as slow_NAME
"""

from __future__ import annotations

import zlib
from _thread import RLock
from operator import attrgetter

from . import recorder_choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

native: Any = recorder_choice.native

if TYPE_CHECKING or native is None:

    class EntryFields:
        """Fields of objects.Entry."""

        __slots__ = (
            "alive",
            "attr_names",
            "attr_total",
            "attrs",
            "block",
            "changes",
            "cls",
            "content",
            "guard",
            "hops",
            "index",
            "items",
            "key",
            "keys",
            "kind",
            "layout",
            "oid",
            "own_class",
            "pin",
            "ref",
            "settled",
            "text",
            "total",
            "type_name",
            "unknown",
            "value",
            "watched",
        )

    class LayoutFields:
        """Fields of layouts.Layout."""

        __slots__ = (
            "changeable",
            "get_dict",
            "hides",
            "holds_weakly",
            "kind",
            "name",
            "names_class",
            "passive",
            "passive_count",
            "python_class",
            "reader",
            "ready",
            "ref",
            "slots",
            "tells_all",
        )

    class LinePlanFields:
        """Fields of frames.LinePlan."""

        __slots__ = ("active", "derefs", "effects", "resizes", "single", "slots", "twice")

    class CodePlanFields:
        """Fields of frames.CodePlan."""

        __slots__ = (
            "_sites",
            "argument_count",
            "cells",
            "code_id",
            "fast",
            "file_number",
            "filename",
            "free",
            "lines",
            "no_entry",
            "no_lines",
            "no_return",
            "recorded",
            "sees_calls",
            "slot_count",
            "slot_of",
            "slots",
            "suspends",
            "wrapper",
        )

    class FrameFields:
        """Fields of frames.FrameState."""

        __slots__ = (
            "before",
            "block",
            "calls",
            "frame_id",
            "fresh",
            "full",
            "globals",
            "lasti",
            "locals",
            "number",
            "offset",
            "plan",
            "raised",
            "running",
            "step1",
            "thread",
            "values",
            "written",
        )

    class ThreadFields:
        """Fields of frames.ThreadState."""

        __slots__ = ("ident", "name", "number", "returned", "stack")

    class WriterFields:
        """Fields of wire.LogWriter."""

    class ObjectTableFields:
        """Fields of objects.ObjectTable."""

    class LifetimesFields:
        """Fields of lifetimes.Lifetimes."""

    class LineChangesFields:
        """Fields of line_changes.LineChanges."""

    class RecorderFields:
        """Fields of recorder.Recorder."""

    class SeenCallFields:
        """Fields of frames.SeenCall."""

        __slots__ = ("call", "changed", "given", "known", "place", "quiet")

    class ControlFields:
        """Fields of control.Control."""

    class WatchesFields:
        """Fields of watches.Watches."""

    EventBuffer = bytearray

    class IdMap(dict):  # type: ignore[type-arg]
        """From addresses to objects."""

        __slots__ = ()

    class Row(list):  # type: ignore[type-arg]
        """A list of a shadow."""

        __slots__ = ()

    RecorderLock = RLock
    frame_key = id
    function_locals = attrgetter("f_locals")

    def deflate(raw: bytes) -> bytes:
        """Return bytes deflated."""
        compressor = zlib.compressobj(1, zlib.DEFLATED, -15)
        return compressor.compress(raw) + compressor.flush()

    def new_sealer() -> Any:
        """Return nothing: blocks are sealed on the program's thread."""

    def numbers(count: int) -> list[int]:
        """Return a row of zeros."""
        return [0] * count

    def with_room(function: Callable[..., object]) -> Callable[..., object]:
        """Return what is called as the function is: there is no room to be had here."""
        return function

    def lacks_dict(value: object) -> bool:
        """Say whether asking an object for its `__dict__` would make it: not to be told here."""
        del value
        return False

    def inline_attributes(value: object) -> dict[str, object] | None:
        """Return the attributes of an instance without a `__dict__`: not to be read here."""
        del value
        return None

    def adopt(name: str, value: object) -> None:
        """Tell C of a type or object of the Python half: there is none."""

    def attach(recorder: RecorderFields, code: CodeType, plan: CodePlanFields) -> None:
        """Tell C of the plan of a code object: there is none."""

    def watch_deaths(objects: ObjectTableFields) -> None:
        """Have C tell of deaths: there is none."""

    def forget_deaths(objects: ObjectTableFields) -> None:
        """Have C tell of deaths no more: it did not."""

    def leave_to_c(cls: type, *names: str) -> None:
        """Take methods out of a class that its field type has in C: it has none."""

else:

    def leave_to_c(cls: type, *names: str) -> None:
        """Take methods out of a class that its field type has in C."""
        for name in names:
            setattr(cls, f"slow_{name.lstrip('_')}", cls.__dict__[name])
            delattr(cls, name)

    LayoutFields = native.LayoutFields
    EntryFields = native.EntryFields
    LinePlanFields = native.LinePlanFields
    CodePlanFields = native.CodePlanFields
    FrameFields = native.FrameFields
    ThreadFields = native.ThreadFields
    WriterFields = native.WriterFields
    ObjectTableFields = native.ObjectTableFields
    LifetimesFields = native.LifetimesFields
    LineChangesFields = native.LineChangesFields
    RecorderFields = native.RecorderFields
    ControlFields = native.ControlFields
    WatchesFields = native.WatchesFields
    SeenCallFields = native.SeenCallFields
    EventBuffer = native.EventBuffer
    IdMap = native.IdMap
    Row = list
    RecorderLock = native.RecorderLock
    deflate = native.deflate
    new_sealer = native.Sealer
    numbers = native.Numbers
    frame_key = native.frame_key
    function_locals = native.function_locals
    with_room = native.Roomy
    lacks_dict = native.lacks_dict
    inline_attributes = native.inline_attributes
    adopt = native.adopt
    attach = native.attach
    watch_deaths = native.watch_deaths
    forget_deaths = native.forget_deaths
