"""asyncio's tasks: which one runs a coroutine, and what it is called.

A task in C keeps its name where no attribute tells it: `get_name`, which is C code alone, does.
It is recorded as if it were an attribute of that name, with the parentheses. A task in Python has
it in `_name`.
"""

from __future__ import annotations

import sys

from . import layouts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

# Flags of code objects: coroutine; generator, coroutine, async generator.
_COROUTINE = 0x80
_SUSPENDS = 0x20 | 0x80 | 0x200


def _in_c() -> dict[str, Any]:
    """Give what asyncio has in C, if the program has loaded it."""
    module = sys.modules.get("_asyncio")
    return module.__dict__ if type(module) is layouts.ModuleType else {}


def _function(own: dict[str, Any], name: str) -> Any:
    """Give a function of C; None for what the program has put in its place."""
    found = own.get(name)
    if type(found) is not layouts.BuiltinType or layouts.builtin_name(found) != name:
        return None
    module = layouts.builtin_self(found)
    return found if type(module) is layouts.ModuleType and module.__dict__ is own else None


def _read_in_c(mro: tuple[type, ...]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Give what is read of the instances of a task's class in C: pairs of name and getter."""
    task = _in_c().get("Task")
    if type(task) is not type or not any(base is task for base in mro):
        return ()
    getter: Any = layouts.type_dict(task).get("get_name")
    is_in_c = type(getter) is layouts.MethodDescriptorType
    return (("get_name()", getter),) if is_in_c else ()


def is_outermost(frame: FrameType) -> bool:
    """Say whether a frame that begins is a coroutine's that no other coroutine awaits."""
    if not frame.f_code.co_flags & _COROUTINE:
        return False
    back = frame.f_back
    return back is None or not back.f_code.co_flags & _SUSPENDS


def task_of(frame: FrameType) -> Any:
    """Return the task whose own coroutine runs in a frame, else None."""
    own = _in_c()
    running = _function(own, "_get_running_loop")
    loop = running() if running is not None else None
    task = _current(own, loop) if loop is not None else None
    if task is None:
        return None
    base = own.get("Task")
    if type(base) is type and any(one is base for one in layouts.type_mro(type(task))):
        getter = layouts.type_dict(base).get("_coro")
        coroutine = getter.__get__(task) if type(getter) is layouts.GetSetType else None
    else:
        coroutine = (layouts.own_attributes(task) or {}).get("_coro")
    if type(coroutine) is not layouts.CoroutineType:
        return None
    return task if layouts.generator_frame(coroutine) is frame else None


def _current(own: dict[str, Any], loop: Any) -> Any:
    """Return the task that a loop runs: of the running loop, so that no hash is asked for."""
    tasks = own.get("_current_tasks")
    if type(tasks) is dict:
        return next((task for key, task in [*tasks.items()] if key is loop), None)
    current = _function(own, "current_task")
    return current(loop) if current is not None else None


layouts.know_attributes(_read_in_c)
