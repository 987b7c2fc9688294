"""Says which context managers may swallow an exception that is raised in their body.

Never runs one.
"""
from __future__ import annotations

import dis
import inspect
import types
from typing import Any

from gradgen.read.resolve import MISSING

QUIET_MANAGERS = frozenset({
    ("contextlib", "nullcontext"), ("contextlib", "closing"), ("contextlib", "redirect_stdout"),
    ("contextlib", "redirect_stderr"), ("warnings", "catch_warnings"), ("io", "open"), ("_io", "open"),
    ("numpy", "errstate"), ("numpy", "printoptions"), ("threading", "Lock"), ("_thread", "lock"), ("_thread", "RLock"),
    ("_thread", "allocate_lock"), ("threading", "RLock"), ("tempfile", "TemporaryDirectory"),
})
CHANGING_MANAGERS = frozenset({"decimal", "_decimal"})


def may_suppress(manager: Any) -> bool:
    """Whether `with manager(...)` may end quietly although its body raised; `manager` is a live callable, or MISSING."""
    module, name = _module(manager), getattr(manager, "__name__", "")
    if (module, name) in QUIET_MANAGERS or (module.split(".")[0], name) in QUIET_MANAGERS:
        return False
    leave = inspect.getattr_static(manager, "__exit__", MISSING) if isinstance(manager, type) else MISSING
    return not (isinstance(leave, types.FunctionType) and _returns_nothing(leave))


def changes_arithmetic(manager: Any) -> bool:
    """Whether numbers are computed in another way in the body of a context manager."""
    return _module(manager).split(".")[0] in CHANGING_MANAGERS


def _module(manager: Any) -> str:
    return "" if manager is MISSING else str(getattr(manager, "__module__", "") or "")


def _returns_nothing(function: types.FunctionType) -> bool:
    """Whether every return of a function hands out None."""
    previous = None
    for instruction in dis.get_instructions(function):
        if instruction.opname == "RETURN_CONST" and instruction.argval is not None:
            return False
        is_none = previous is not None and previous.opname == "LOAD_CONST" and previous.argval is None
        if instruction.opname == "RETURN_VALUE" and not is_none:
            return False
        previous = instruction
    return True
