"""Which objects the line that runs may have changed, and the comparison of these.

`LineEffects` tells it as access paths. A call's effects are known for the builtin types' methods
and some functions, and are none for recorded code (its own lines tell). Whatever else could be
reached is compared within a budget of elements; beyond it the log says that contents are not
recorded.
"""

from __future__ import annotations

import gc
import sys
from collections import OrderedDict, defaultdict, deque

from . import arrays, layouts
from . import format as f
from .access_paths import MISSING, evaluate, static_function
from .builtin_effects import (
    FIRST,
    PURE,
    UNKNOWN,
    UNKNOWN_C,
    Bound,
    applies,
    calls_first,
    effect_of,
    is_calm,
)
from .core import LineChangesFields, adopt, leave_to_c
from .frames import SeenCall
from .layouts import (
    BuiltinType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
    type_dict,
    type_mro,
)
from .lifetimes import is_held
from .objects import Entry
from .values import SCALAR_IDS, SCALARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Callable

    from .effects import Call, LineEffects, Path
    from .frames import FrameState, LinePlan
    from .objects import ObjectTable

_PASSIVE = frozenset(
    map(
        id,
        (
            *SCALARS,
            list,
            tuple,
            dict,
            set,
            frozenset,
            deque,
            bytearray,
            range,
            slice,
            OrderedDict,
            memoryview,
            object,
            FunctionType,
            ModuleType,
            BuiltinType,
            type,
            layouts.CellType,
            layouts.CodeType,
            type(iter([])),
            type(reversed([])),
            type(iter(())),
            type(iter({})),
            type(iter({}.values())),
            type(iter({}.items())),
            type(iter(set())),
            type(iter(range(1))),
            type(iter(range(1 << 65))),
            type(iter("")),
            type(iter("\u0100")),
            type(iter(b"")),
            type(iter(bytearray())),
            type(iter(deque())),
            type({}.keys()),
            type({}.values()),
            type({}.items()),
            type(type.__dict__),
        ),
    )
)
adopt("passive", _PASSIVE)
# Builtin methods that run no code of their arguments.
_QUIET = frozenset(
    id(type_dict(kind)[name])
    for kind, names in (
        (list, "append insert pop clear reverse copy"),
        (deque, "append appendleft insert pop popleft clear reverse rotate copy"),
        (dict, "clear popitem copy keys values items"),
        (set, "clear pop copy"),
        (bytearray, "append insert pop clear"),
        (str, "split rsplit strip lstrip rstrip startswith endswith replace find"),
    )
    for name in names.split()
)
adopt("quiet", _QUIET)
_HARMLESS_MODULES = frozenset(
    ("typing", "abc", "collections.abc", "_collections_abc", "enum", "dataclasses", "types")
)
# What such an object is called with, it reads.
_GETTERS = frozenset(("operator.itemgetter", "operator.attrgetter"))
_BUILD_CLASS = ("builtin", "__build_class__")
_SUSPENDED_TYPES = frozenset(
    map(id, (GeneratorType, layouts.CoroutineType, layouts.AsyncGeneratorType))
)
# Calls of such code make a generator or a coroutine.
_SUSPENDED_FLAGS = 0x20 | 0x80
_NOT_ENTERED = SCALAR_IDS | frozenset(map(id, (ModuleType, layouts.CodeType, layouts.FrameType)))
_generator_codes = {
    GeneratorType: GeneratorType.__dict__["gi_code"].__get__,
    layouts.CoroutineType: layouts.CoroutineType.__dict__["cr_code"].__get__,
    layouts.AsyncGeneratorType: layouts.AsyncGeneratorType.__dict__["ag_code"].__get__,
}


class LineChanges(LineChangesFields):
    """Compares what lines may change. `is_recorded` tells it of a code object."""

    def __init__(
        self, objects: ObjectTable, is_recorded: Callable[[CodeType], bool], max_items: int
    ) -> None:
        self._objects = objects
        self._is_recorded = is_recorded
        self._budget = max_items
        # What unknown code was given and may still change.
        self._escaped: dict[int, Entry] = {}
        self.globals: dict[int, Entry] = {}
        self._targets: dict[int, Entry] = {}
        self._reach: list[Any] = []
        self._deep = False
        # Arrays that a line that runs may resize, by its frame's state.
        self._released: dict[int, list[tuple[Path, Entry]]] = {}

    def clear(self) -> None:
        """Let go of everything."""
        self._escaped.clear()
        self.globals.clear()

    def before(self, state: FrameState, plan: LinePlan) -> list[Entry | None]:
        """Find the objects of a line whose paths may lead elsewhere afterwards.

        Behind the first None are those that unknown code may go on from; behind a second one there
        is nothing: unknown code may reach whatever it was ever given.
        """
        self._collect(state, plan.effects)
        if plan.resizes:
            self._release(state, plan)
        found: list[Entry | None] = [*self._targets.values()]
        if self._reach or self._deep:
            found += (None, *self._reached())
        if self._deep:
            found.append(None)
        self._forget()
        return found

    def _reached(self) -> list[Entry]:
        by_id = self._objects.by_id
        known = [value if type(value) is Entry else by_id.get(id(value)) for value in self._reach]
        return [entry for entry in known if entry is not None]

    def _found(self) -> list[Entry]:
        found = [*self._targets.values(), *self._reached()]
        self._forget()
        return found

    def after(self, state: FrameState, plan: LinePlan) -> bool:
        """Compare what the line may have changed; returns whether unknown code may have run."""
        if plan.single is not None and self._single(state, plan):
            return False
        if plan.resizes:
            self._hold_again(state, plan)
        self._collect(state, plan.effects)
        marks = 0
        for entry in state.before:
            if entry is None:
                marks += 1
            elif entry.alive:
                self._targets[entry.oid] = entry
                if marks:
                    self._reach.append(entry)
        objects = self._objects
        for target in [*self._targets.values()]:
            objects.compare(target)
        deep = self._deep or marks > 1
        if self._reach or deep:
            if deep:
                self._reach.extend(self._roots(state, plan.effects))
            self._walk(self._reach, deep)
        self._forget()
        return deep

    def _release(self, state: FrameState, plan: LinePlan) -> None:
        released = []
        for path in plan.resizes:
            entry = self._objects.by_id.get(id(evaluate(path, state.lookup)))
            if entry is not None and entry.kind == f.K_ARRAY and entry.pin is None:
                self._objects.release(entry)
                released.append((path, entry))
        if released:
            self._released[id(state)] = released

    def _hold_again(self, state: FrameState, plan: LinePlan) -> None:
        for path, entry in self._released.pop(id(state), ()):
            # Where the line may have put another object in its place, the address says nothing.
            value = None if plan.effects.rebinds else evaluate(path, state.lookup)
            same = layouts.layout_of(type(value)) is entry.layout
            self._objects.hold_again(entry, value if same else None)

    def _single(self, state: FrameState, plan: LinePlan) -> bool:
        """Take the short way for a line that only does one `append` or one `x[i] = v`."""
        if plan.single is None:
            return False
        kind, path, key_path = plan.single
        for operand in plan.effects.operands:
            if id(type(evaluate(operand, state.lookup))) not in _PASSIVE:
                return False
        value = evaluate(path, state.lookup)
        if type(value) is not list:
            return False
        objects = self._objects
        entry = objects.by_id.get(id(value))
        if entry is None or entry.unknown:
            return False
        size, kept = len(value), len(entry.items)
        if kept != entry.total and kept != self._budget:
            return False
        if kind == "append":
            if size == entry.total + 1:
                if kept == self._budget:
                    objects.correct_length(entry, size)
                else:
                    objects.append_item(entry, value[-1])
            return entry.total == size
        place = MISSING if key_path is None else evaluate(key_path, state.lookup)
        if type(place) is not int or size != entry.total:
            return False
        if place < 0:
            place += size
        if 0 <= place < kept:
            item = value[place]
            objects.set_item(entry, place, objects.mapped(item))
        return 0 <= place < size

    def everything(self, budget: int) -> None:
        """Compare all tracked objects, up to a budget of elements."""
        for entry in [*self._objects.by_id.values()]:
            budget -= self._objects.compare(entry)
            if budget < 0:
                return

    def settle(self, budget: int) -> None:
        """Compare the objects whose contents are not known, up to a budget of elements."""
        if not self._objects.any_unknown:
            return
        for entry in [*self._objects.by_id.values()]:
            if entry.unknown:
                budget -= self._objects.compare(entry)
                if budget < 0:
                    return

    def reachable(self, values: list[Any]) -> None:
        """Compare what code that ran unseen with these variables may have changed."""
        self._walk([value for value in values if type(value) is Entry], deep=True)

    def _forget(self) -> None:
        self._targets = {}
        self._reach = []
        self._deep = False

    # From effects to objects.

    def _collect(self, state: FrameState, effects: LineEffects) -> None:
        lookup = state.lookup
        for store in effects.stores:
            self._store(store.target, lookup)
        for path in effects.inplace:
            self._store(path, lookup)
        told = state.plan.sees_calls
        for call in effects.calls:
            if call.site < 0 or not told:
                self._call(call, state)
        for seen in state.calls:
            self._seen(seen, lookup)
        for path in effects.operands:
            value = evaluate(path, lookup)
            if value is MISSING:
                if self._objects.has_default_dicts or not state.plan.fast:
                    self._reach.extend(self._roots(state, effects))
            else:
                self._operand(value)
        if effects.anonymous and self._objects.has_default_dicts:
            self._deep = True
        if effects.runs_code or not all(
            self._awaits_recorded(path, lookup) for path in effects.awaits
        ):
            self._reach.extend(self._roots(state, effects))
            self._reach.extend(self._escaped.values())
            if any(call.callee == _BUILD_CLASS for call in effects.calls):
                self._reach.extend(self._new_classes(state, effects))

    def _awaits_recorded(self, path: Path, lookup: Any) -> bool:
        """Say whether what the line waits for is a coroutine or generator of recorded code."""
        if path[0] != "result":
            value = evaluate(path, lookup)
            return id(type(value)) in _SUSPENDED_TYPES and self._is_passive(value)
        function = evaluate(path[1], lookup)
        if type(function) is Bound:
            function = function.function
        elif type(function) is MethodType:
            function = layouts.method_function(function)
        if type(function) is not FunctionType:
            return False
        flags = layouts.function_code(function).co_flags
        return bool(flags & _SUSPENDED_FLAGS) and self._function_recorded(function)

    def _roots(self, state: FrameState, effects: LineEffects) -> list[Any]:
        found = [evaluate(path, state.lookup) for path in effects.roots]
        return [
            value for value in found if value is not MISSING and id(type(value)) not in SCALAR_IDS
        ]

    def _new_classes(self, state: FrameState, effects: LineEffects) -> list[Any]:
        """Return the classes that a line binds: `__init_subclass__` has seen them unfinished."""
        found = []
        for kind, names in (
            ("local", effects.locals),
            ("deref", effects.derefs),
            ("global", effects.globals),
            ("name", effects.names),
        ):
            found += [state.lookup(kind, name) for name in names]
        return [value for value in found if layouts.is_metaclass(type(value))]

    def _store(self, path: Path | None, lookup: Any) -> None:
        value = MISSING if path is None else evaluate(path, lookup)
        if value is MISSING:
            self._deep = True
            return
        self._changed(value)
        if id(type(value)) in layouts.WEAK_PROXIES:
            # What a proxy stands for cannot be asked without a store of the same kind.
            self._reach.extend(self._objects.by_id.values())
        elif type(value) is memoryview or (
            id(type(value)) not in _PASSIVE and not self._is_passive(value)
        ):
            self._reach.append(value)

    def _changed(self, value: Any) -> None:
        """Note an object that is changed itself."""
        if id(type(value)) in SCALAR_IDS:
            return
        if type(value) is ModuleType:
            value = layouts.module_dict(value)
        entry = self._objects.entry_of(value)
        if entry is not None:
            self._targets[entry.oid] = entry

    def _operand(self, value: Any) -> None:
        kind = type(value)
        if id(kind) in _PASSIVE:
            return
        if kind is Bound:
            return
        if not self._is_passive(value):
            self._reach.append(value)

    def _argument(self, value: Any) -> None:
        """Note an argument of a function that may run its arguments' code."""
        kind = type(value)
        if kind is BuiltinType:
            owner = layouts.builtin_self(value)
            if owner is not None and type(owner) is not ModuleType:
                self._reach.append(owner)
        elif kind is Bound:
            self._changed(value.receiver)
            if type(value.function) is FunctionType and not self._function_recorded(value.function):
                self._reach.append(value.receiver)
        elif kind is FunctionType:
            if not self._function_recorded(value):
                self._reach.append(value)
        elif id(kind) not in _PASSIVE and not self._is_passive(value):
            self._reach.append(value)

    def _hands_on(self, callee: Any, effect: int, call: Call, arguments: list[Any]) -> bool:
        """Say whether code in C calls unseen code with more than can be seen from here."""
        if effect == UNKNOWN_C:
            hands_on = not call.complete or any(value is MISSING for value in arguments)
            return hands_on and self._changes_applied(arguments)
        if not applies(callee):
            return False
        # What is spread may be a function; of `max(*row)` it is not.
        hidden = not call.complete and (layouts.is_metaclass(type(callee)) or len(arguments) > 1)
        return hidden or self._changes_applied(arguments)

    def _changes_applied(self, arguments: list[Any]) -> bool:
        """Say whether one of these may change, unseen, what it is called with."""
        return any(
            id(type(value)) not in SCALAR_IDS and value is not MISSING and self._acts_unseen(value)
            for value in arguments
        )

    def _acts_unseen(self, value: Any) -> bool:
        if type(value) is Bound:
            function = value.function
            return type(function) is FunctionType and not self._function_recorded(function)
        kind = type(value)
        if kind is FunctionType:
            return not self._function_recorded(value)
        if kind is BuiltinType:
            owner = layouts.builtin_self(value)
            return (owner is None or type(owner) is ModuleType) and effect_of(value) != PURE
        if kind is layouts.MethodDescriptorType or kind is layouts.WrapperDescriptorType:
            return effect_of(value) != PURE
        return (
            id(kind) not in _PASSIVE
            and not layouts.is_metaclass(kind)
            and any("__call__" in type_dict(base) for base in type_mro(kind))
            and layouts.name_of_type(kind) not in _GETTERS
            and not self._is_passive(value)
        )

    def _function_recorded(self, function: Any) -> bool:
        return self._is_recorded(layouts.function_code(function))

    def _is_passive(self, value: Any) -> bool:
        """Say whether an object's special methods change nothing but by recorded lines."""
        kind = type(value)
        if id(kind) in _SUSPENDED_TYPES:
            return self._is_recorded(_generator_codes[kind](value))
        if kind is MethodType:
            function = layouts.method_function(value)
            return type(function) is FunctionType and self._function_recorded(function)
        return self._class_is_passive(kind)

    def _class_is_passive(self, kind: type) -> bool:
        layout = layouts.layout_of(kind)
        if layout.passive is None or layout.passive_count != len(self._objects.own_modules):
            layout.passive = self._judge(kind)
            layout.passive_count = len(self._objects.own_modules)
        return layout.passive

    def _judge(self, kind: type) -> bool:
        for base in type_mro(kind):
            if id(base) in _SAFE_BASES or arrays.is_known_base(base) or is_calm(base):
                continue
            names = type_dict(base)
            if not self._is_harmless(names) or any(
                self._acts_when_read(type(member)) for member in names.values()
            ):
                return False
        return True

    def _is_harmless(self, names: Any) -> bool:
        module = names.get("__module__")
        if module == "enum" and "__invert__" in names:
            # A flag keeps its complement.
            return False
        return type(module) is str and (
            module in self._objects.own_modules or module in _HARMLESS_MODULES
        )

    def _acts_when_read(self, kind: type) -> bool:
        """Say whether looking up such a class attribute runs library code (`cached_property`)."""
        if id(kind) in _SAFE_BASES:
            return False
        for base in type_mro(kind) or ():
            names = type_dict(base)
            for name in ("__get__", "__set__", "__delete__"):
                if type(names.get(name)) is FunctionType:
                    return not self._is_harmless(names)
        return False

    # Calls.

    def _call(self, call: Call, state: FrameState) -> None:
        lookup = state.lookup
        if call.callee is None:
            self._unknown(call, lookup)
            return
        if call.callee[0] == "made":
            return
        callee = evaluate(call.callee, lookup)
        kind = type(callee)
        receiver: Any = MISSING
        if kind is Bound:
            callee, receiver = callee.function, callee.receiver
            kind = type(callee)
        elif kind is MethodType:
            receiver = layouts.method_self(callee)
            callee = layouts.method_function(callee)
            kind = type(callee)
        if kind is FunctionType:
            if not self._function_recorded(callee):
                self._unknown(call, lookup, receiver)
                self._reach.append(callee)
        elif callee is MISSING:
            self._unknown(call, lookup)
        elif layouts.is_metaclass(kind):
            self._construct(callee, call, lookup)
        else:
            self._builtin(callee, receiver, call, lookup)

    def see(self, state: FrameState, call: Call, function: Any, first: Any) -> SeenCall | None:
        """Judge a call that begins with `first` as its first argument.

        Returns None when recorded lines tell all that it changes.
        """
        seen = self._judge_call(call, function, first)
        if seen is not None and not seen.quiet:
            # A path may lead elsewhere when the line ends.
            self._seen(seen, state.lookup)
            seen.given = self._found()
        return seen

    def _judge_call(self, call: Call, function: Any, first: Any) -> SeenCall | None:
        kind = type(function)
        receiver = first
        if kind is MethodType:
            receiver = layouts.method_self(function)
            function = layouts.method_function(function)
            kind = type(function)
        if kind is FunctionType:
            recorded = self._function_recorded(function)
            return None if recorded else self._saw(call, receiver, known=False)
        if layouts.is_metaclass(kind):
            recorded = self._made_by_recorded(function)
            return None if recorded else self._saw(call, first, known=False)
        if kind is BuiltinType:
            owner = layouts.builtin_self(function)
            if owner is not None and type(owner) is not ModuleType:
                receiver = owner
                for base in type_mro(type(owner)):
                    found = type_dict(base).get(layouts.builtin_name(function))
                    if found is not None:
                        function = found
                        break
        effect = effect_of(function)
        if effect == UNKNOWN and self._is_passive(function):
            return None
        known = effect in (FIRST, PURE)
        if effect == PURE and type(receiver) is not defaultdict:
            receiver = MISSING
        return self._saw(call, receiver, known=known, quiet=known and id(function) in _QUIET)

    def _saw(self, call: Call, value: Any, *, known: bool, quiet: bool = False) -> SeenCall:
        if value is MISSING or id(type(value)) in SCALAR_IDS:
            return SeenCall(call, 0, None, known=known, quiet=quiet)
        if type(value) is ModuleType:
            value = layouts.module_dict(value)
        entry = self._objects.entry_of(value)
        return SeenCall(call, id(value), entry, known=known, quiet=quiet)

    def _made_by_recorded(self, cls: Any) -> bool:
        """Say whether an instance is made by recorded code and `object` alone."""
        if type(cls) is not type or not self._class_is_passive(cls):
            return False
        for name in ("__new__", "__init__"):
            for base in type_mro(cls):
                found = type_dict(base).get(name)
                if found is None:
                    continue
                function = static_function(found) if type(found) is staticmethod else found
                if type(function) is FunctionType:
                    if not self._function_recorded(function):
                        return False
                elif base is not object:
                    return False
                break
        return True

    def _seen(self, seen: SeenCall, lookup: Any) -> None:
        """Note what a call that was seen may have changed."""
        call = seen.call
        for entry in seen.given:
            if entry.alive:
                self._targets[entry.oid] = entry
        found = (seen.changed, self._objects.by_id.get(seen.place))
        entries = [entry for entry in found if entry is not None and entry.alive and is_held(entry)]
        arguments = [MISSING if path is None else evaluate(path, lookup) for path in call.args]
        known = seen.known and (seen.quiet or self._reach_is_told(call, arguments))
        if not known:
            self._unknown(call, lookup)
            for entry in entries:
                self._reach.append(entry)
                self._escaped[entry.oid] = entry
            return
        for entry in entries:
            self._targets[entry.oid] = entry
        for value in arguments:
            if value is not MISSING:
                self._argument(value)

    def _builtin(self, callee: Any, receiver: Any, call: Call, lookup: Any) -> None:
        if type(callee) is BuiltinType:
            owner = layouts.builtin_self(callee)
            if owner is not None and type(owner) is not ModuleType and receiver is MISSING:
                receiver = owner
                for base in type_mro(type(owner)):
                    found = type_dict(base).get(layouts.builtin_name(callee))
                    if found is not None:
                        callee = found
                        break
        effect = effect_of(callee)
        if effect == UNKNOWN:
            if self._is_passive(callee):
                return
            self._unknown(call, lookup, receiver)
            self._reach.append(callee)
            return
        arguments = [MISSING if path is None else evaluate(path, lookup) for path in call.args]
        if self._hands_on(callee, effect, call, arguments):
            self._unknown(call, lookup, receiver)
            return
        if effect == FIRST:
            if receiver is not MISSING:
                self._changed(receiver)
            elif not call.complete:
                # The first argument may come out of what is spread.
                self._unknown(call, lookup)
            elif arguments and arguments[0] is not MISSING:
                self._changed(arguments[0])
            elif call.args and (call.args[0] is None or call.args[0][0] not in ("fresh", "made")):
                self._deep = True
        elif effect != PURE:
            if receiver is not MISSING:
                self._reach.append(receiver)
            self._reach.extend(value for value in arguments if value is not MISSING)
            return
        elif receiver is not MISSING and type(receiver) is defaultdict:
            self._changed(receiver)
        for value in arguments:
            if value is not MISSING:
                self._argument(value)

    def _construct(self, cls: Any, call: Call, lookup: Any) -> None:
        effect = effect_of(cls)
        if effect == PURE:
            arguments = [MISSING if path is None else evaluate(path, lookup) for path in call.args]
            if self._hands_on(cls, effect, call, arguments):
                self._unknown(call, lookup)
                return
            for path, value in zip(call.args, arguments):
                if value is not MISSING:
                    self._argument(value)
                elif (
                    path is call.args[0]
                    and calls_first(cls)
                    and (path is None or path[0] not in ("fresh", "made"))
                ):
                    # Unknown code, or a method of an object without a path.
                    self._deep = True
            return
        if not self._class_is_passive(cls):
            self._unknown(call, lookup)
            return
        for name in ("__new__", "__init__"):
            for base in type_mro(cls):
                found = type_dict(base).get(name)
                if found is None:
                    continue
                function = found.__func__ if type(found) is staticmethod else found
                if type(function) is FunctionType and not self._function_recorded(function):
                    # What a library generated for the program's own class stores into the new
                    # object alone.
                    filename = layouts.function_code(function).co_filename
                    if not filename.startswith("<"):
                        self._unknown(call, lookup)
                elif type(function) is not FunctionType:
                    for path in call.args:
                        value = MISSING if path is None else evaluate(path, lookup)
                        if value is not MISSING:
                            self._argument(value)
                break

    def _unknown(self, call: Call, lookup: Any, receiver: Any = MISSING) -> None:
        """Note a call that may change anything that it can reach."""
        self._deep = True
        given = [path for path in (*call.args, call.receiver) if path is not None]
        values = [evaluate(path, lookup) for path in given if path[0] not in ("fresh", "made")]
        for value in (*values, receiver):
            if value is MISSING:
                continue
            if type(value) is Bound:
                value = value.receiver
            if id(type(value)) in SCALAR_IDS:
                continue
            self._reach.append(value)
            entry = self._objects.by_id.get(id(value))
            if entry is not None:
                self._escaped[entry.oid] = entry

    def _reach_is_told(self, call: Call, arguments: list[Any]) -> bool:
        """Say whether all that a known function is given can be seen, and none of it acts."""
        return not self._changes_applied(arguments) and all(
            value is not MISSING or (path is not None and path[0] in ("fresh", "made"))
            for path, value in zip(call.args, arguments)
        )

    # What can be reached.

    def _walk(self, values: list[Any], deep: bool) -> None:
        """Compare what can be reached from values.

        Beyond the budget, say that it is not recorded.
        """
        objects = self._objects
        pending: deque[Any] = deque(values)
        if deep:
            for oid, given in [*self._escaped.items()]:
                if given.alive:
                    pending.append(given)
                else:
                    del self._escaped[oid]
            pending.extend(self.globals.values())
        seen: set[int] = set()
        passed: set[int] = set()
        budget = self._budget
        by_id = objects.by_id
        while pending:
            value = pending.popleft()
            entry: Entry | None = value if type(value) is Entry else by_id.get(id(value))
            if entry is None:
                if id(value) in passed:
                    continue
                passed.add(id(value))
                budget -= self._enter_untracked(value, pending)
            elif entry.alive and entry.oid not in seen:
                if budget <= 0:
                    pending.append(entry)
                    self._mark(pending, seen)
                    return
                seen.add(entry.oid)
                budget -= objects.compare(entry)
                self._enter(entry, pending, seen)
            if budget <= 0 and pending and len(passed) > 4 * self._budget:
                self._mark(pending, seen)
                return

    def _mark(self, pending: deque[Any], seen: set[int]) -> None:
        """Mark as not recorded what is still reachable.

        So is what was compared since the last such mark.
        """
        objects = self._objects
        compared = seen
        found: dict[int, Entry] = {}
        while pending:
            value = pending.popleft()
            entry = value if type(value) is Entry else objects.by_id.get(id(value))
            if entry is None or not entry.alive or entry.oid in found or entry.unknown:
                continue
            if entry.oid not in compared:
                found[entry.oid] = entry
                self._enter(entry, pending, compared, by_shadow=True)
        found.update({oid: e for oid, e in objects.recompared.items() if oid not in compared})
        objects.forget_recompared(compared)
        objects.mark_unknown(
            [e for e in found.values() if e.layout.changeable and not _is_inert(e)],
            f.REASON_BUDGET,
        )

    def _enter(
        self, entry: Entry, pending: deque[Any], compared: set[int], *, by_shadow: bool = False
    ) -> None:
        kind = entry.kind
        if kind == f.K_BYTEARRAY or _is_inert(entry):
            return
        parts = [*entry.items]
        if entry.keys is not None and kind == f.K_DICT:
            parts += entry.keys
        parts += entry.attrs
        parts.append(entry.value)
        pending.extend(
            [
                part
                for part in parts
                if type(part) is Entry and part.oid not in compared and not _is_inert(part)
            ]
        )
        if by_shadow or (kind == f.K_OPAQUE and layouts.is_ours(entry.object())):
            return
        if kind == f.K_FUNCTION:
            function = entry.object()
            if function is not None:
                pending.extend(layouts.function_defaults(function) or ())
                pending.extend(dict.values(layouts.function_kwdefaults(function) or {}))
        elif kind == f.K_ARRAY:
            value = entry.object()
            if value is not None:
                pending.extend(_array_referents(value))
        elif kind == f.K_OPAQUE or kind in _GENERATOR_KINDS:
            value = entry.object()
            if value is not None:
                pending.extend(_referents(value))
        elif kind == f.K_INSTANCE:
            value = entry.object()
            if value is not None and self._refers_to_more(entry, value):
                pending.extend(_referents(value))

    def _refers_to_more(self, entry: Entry, value: Any) -> bool:
        """Say whether unseen code may reach more from an instance than its shadow tells."""
        layout = entry.layout
        own = layouts.own_attributes(value) if layout.tells_all else None
        # What is no attribute: its key is no name, or it is in a dict that has attributes itself.
        has_others = own is not None and (
            type(own) is not dict or dict.__len__(own) > entry.attr_total
        )
        if layout.tells_all and entry.attr_total == len(entry.attrs) and not has_others:
            return False
        return has_others or layout.get_dict is None or not self._class_is_passive(type(value))

    def _enter_untracked(self, value: Any, pending: deque[Any]) -> int:
        """Go on from an object that the log does not know; returns the elements looked at."""
        kind = type(value)
        if id(kind) in _NOT_ENTERED or layouts.is_ours(value):
            return 0
        if kind is FunctionType:
            found = [
                *(layouts.function_closure(value) or ()),
                *(layouts.function_defaults(value) or ()),
                *dict.values(layouts.function_kwdefaults(value) or {}),
            ]
        elif type in (type_mro(kind) or ()):
            return 0
        elif kind is list:
            found = value[: self._budget]
        elif kind is dict and len(value) > self._budget:
            found = []
        else:
            owner = self._objects.entry_of(value)
            found = _referents(value)
            if owner is not None:
                # The instance pays: in C its dict is not there until the program asks for it.
                pending.append(owner)
                pending.extend(found)
                return 0
        pending.extend(found)
        return 1 + len(found)


leave_to_c(LineChanges, "_walk")


def _is_inert(entry: Entry) -> bool:
    """Say whether the log follows nothing in an object, nor behind it."""
    kind = entry.kind
    return (
        entry.settled
        or kind == f.K_MODULE
        or kind == f.K_RANGE
        or (kind == f.K_CLASS and not entry.own_class)
    )


def _held(value: Any) -> list[Any]:
    # A type that the collector knows nothing of may be NumPy's.
    if not layouts.has_collector(type(value)):
        return arrays.held_by(value)
    held = gc.get_referents(value)
    if _FRAME_APART and id(type(value)) in _SUSPENDED_TYPES:
        frame = layouts.generator_frame(value)
        # Neither what the function does not hold itself nor our trace function.
        others = (
            () if frame is None else (id(frame.f_globals), id(frame.f_builtins), id(frame.f_trace))
        )
        held += [part for part in gc.get_referents(frame) if id(part) not in others]
    return held


def _array_referents(value: Any) -> list[Any]:
    return [
        found
        for found in arrays.held_by(value)
        if id(type(found)) not in _NOT_ENTERED and not layouts.is_metaclass(type(found))
    ]


def _referents(value: Any) -> list[Any]:
    # Types that the interpreter has not made ready have no method resolution order (3.9).
    return [
        found
        for found in _held(value)
        if id(type(found)) not in _NOT_ENTERED and not layouts.is_metaclass(type(found))
    ]


# Up to 3.10 the variables of a generator are in an object of their own.
_FRAME_APART = sys.version_info < (3, 11)
_GENERATOR_KINDS = frozenset((f.K_GENERATOR, f.K_COROUTINE, f.K_ASYNC_GENERATOR))
_SAFE_BASES = frozenset(
    (
        *_PASSIVE,
        *(
            id(kind)
            for kind in vars(sys.modules["builtins"]).values()
            if type(kind) is type and issubclass(kind, BaseException)
        ),
    )
)
