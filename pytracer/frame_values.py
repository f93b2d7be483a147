"""What the variables of a frame hold where a comprehension runs inside it (3.12 and later).

Answers are values of the program, `UNBOUND`, or `NOT_SHOWN` for what the interpreter does not show.
"""

from __future__ import annotations

import sys
from sys import _getframe, gettrace

from . import format as f
from .core import function_locals
from .values import UNBOUND, NotRecorded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType
    from typing import Any, Optional

    from .comprehensions import Comprehensions
    from .frames import FrameState

    Slots = Iterable[tuple[int, str]]
    Found = list[tuple[int, Any]]

NOT_SHOWN = NotRecorded(f.REASON_NOT_SHOWN)
# Since 3.13 (PEP 667) `f_locals` is a view that reads one variable at a time.
HAS_VIEWS = sys.version_info >= (3, 13)


def _view_type() -> type:
    return type(_getframe().f_locals)


_VIEW = _view_type()


def hidden_values(state: FrameState, frame: FrameType, slots: Slots) -> Found:
    """Read variables of comprehensions at module level or in a class body."""
    inside = state.plan.wrapper.comprehensions
    lasti = frame.f_lasti
    variables: Any = None
    asked = False
    found = []
    for place, name in slots:
        # A name of two variables: a free one of a class body is the namespace's matter.
        slot = state.plan.slots.index(name) if name in inside.doubled else place
        value: Any = UNBOUND
        if inside.is_inside(name, lasti):
            if not asked:
                variables = _hidden_view(state, frame, inside)
                asked = True
            holds = inside.holds(name, 2 * state.offset, lasti, state.values[slot] is not UNBOUND)
            value = NOT_SHOWN if variables is None else variables.get(name, UNBOUND)
            if (variables is None or _is_of_two(state, inside, name, value)) and not holds:
                value = UNBOUND if holds is False else NOT_SHOWN
        found.append((slot, value))
    return found


def _hidden_view(state: FrameState, frame: FrameType, inside: Comprehensions) -> Any:
    """Return what shows the variables that hold a value, None where asking does harm."""
    if HAS_VIEWS:
        if inside.is_taken_for_cell(frame.f_lasti):
            return None
        variables: Any = frame.f_locals
        return variables if type(variables) is _VIEW else {}
    mapping = state.locals.object() if state.locals is not None else None
    # 3.12 asks the namespace itself, and a trace function makes it write the names back.
    if type(mapping) is not dict or not inside.shows_only_hidden or gettrace() is not None:
        return None
    variables = frame.f_locals
    return {} if variables is mapping else variables


def _is_of_two(state: FrameState, inside: Comprehensions, name: str, value: Any) -> bool:
    """Say whether what was found may be another variable's value of the same name."""
    if HAS_VIEWS:
        return name in inside.doubled
    mapping: Any = state.locals.object() if state.locals is not None else {}
    return value is not UNBOUND and value is dict.get(mapping, name, UNBOUND)


def function_values(state: FrameState, frame: FrameType, slots: Slots) -> Found:
    """Read variables of a function some of whose names stand for two of them."""
    inside = state.plan.wrapper.comprehensions
    lasti = frame.f_lasti
    variables = frame.f_locals
    found = []
    for slot, name in slots:
        if name in inside.doubled:
            found += _both(state, variables, name, lasti)
        elif inside.hides_plainly(name, lasti):
            held = state.values[slot] is not UNBOUND
            holds = inside.holds(name, 2 * state.offset, lasti, held)
            found.append((slot, UNBOUND if holds is False else NOT_SHOWN))
        else:
            found.append((slot, variables.get(name, UNBOUND)))
    return found


def _both(state: FrameState, variables: Any, name: str, lasti: int) -> Found:
    """Read a comprehension's variable and the free variable of the same name."""
    inside = state.plan.wrapper.comprehensions
    own, free = state.plan.slots.index(name), state.plan.slot_of[name]
    held = state.values[own] is not UNBOUND
    holds = inside.holds(name, 2 * state.offset, lasti, held)
    if holds is False:
        return [(own, UNBOUND), (free, variables.get(name, UNBOUND))]
    if not HAS_VIEWS:
        # 3.12 puts both into one dict, the free one last.
        return [(own, NOT_SHOWN), (free, variables.get(name, UNBOUND))]
    # The free one is behind the other: it stays as it is known.
    return [(own, variables.get(name, UNBOUND) if holds else NOT_SHOWN)]


def shared_value(state: FrameState, frame: FrameType, name: str) -> Optional[Any]:
    """Read the variable that a frame shares under a name; None while it need not be looked at."""
    inside = state.plan.wrapper.comprehensions
    if not inside.is_plain and inside.is_inside(name, frame.f_lasti):
        if name in inside.plain_cells:
            return None
        if HAS_VIEWS and name in inside.doubled:
            return NOT_SHOWN
    return function_locals(frame).get(name, UNBOUND)
