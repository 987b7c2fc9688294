"""Which calls only show what they are given: print, logging, warnings.

Never looks at the function that is called.
"""
from __future__ import annotations

from typing import Any

from gradgen.analyse.activity import PASSIVE_RESULTS
from gradgen.ir import nodes as ir
from gradgen.rules.carried import ANEW, CHECKS, carried_helper

QUIET_MODULES = frozenset({"logging", "warnings", "_warnings"})
QUIET_CALLS = frozenset({"print", "str", "repr", "format", "id", "hash"})
SETTINGS = frozenset({"seterr", "geterr", "set_printoptions", "get_printoptions"})
"""NumPy's functions that say what is to be shown."""


def is_quiet(call: ir.Call) -> bool:
    """Whether a call only shows its arguments (print, logging, warnings), or asks what they are: it keeps nothing and changes
    nothing."""
    target = call.target
    if carried_helper(target) in CHECKS | ANEW:
        return True
    if isinstance(call.func, ir.Name) and call.func.scope == "global" and call.func.id in QUIET_CALLS | PASSIVE_RESULTS:
        return True
    levels = ("debug", "info", "warning", "error", "exception", "critical", "log")
    if isinstance(call.func, ir.Attribute) and call.func.name in levels:
        return True
    return is_quiet_library(target)


def is_quiet_library(target: Any) -> bool:
    """Whether a function is of a library that only shows what it is given, or makes what will show it."""
    module = (getattr(target, "__module__", None) or "").split(".")[0]
    return module in QUIET_MODULES or module == "numpy" and getattr(target, "__name__", "") in SETTINGS
