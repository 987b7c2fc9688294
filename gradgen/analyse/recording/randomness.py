"""Which callables give another value at each call: random numbers and clocks.

Never refuses; the transform does.
"""
from __future__ import annotations

import types
from typing import Any

from gradgen.ir import nodes as ir

GENERATORS = frozenset({"default_rng", "RandomState", "Random", "SeedSequence", "PCG64", "Philox", "MT19937", "SFC64"})
RANDOM_MODULES = frozenset({"random", "time", "secrets", "uuid", "numpy.random"})


def is_random(target: Any) -> bool:
    """Whether a callable draws random numbers or reads a clock, so that it gives another value at each call."""
    if target is None:
        return False
    owner = getattr(target, "__self__", None)
    module = getattr(type(owner), "__module__", "") if owner is not None and not isinstance(owner, types.ModuleType) else ""
    own = getattr(target, "__module__", None) or getattr(owner, "__name__", "") or ""
    if getattr(target, "__name__", "") in ("now", "today", "utcnow") and own in ("", "datetime"):
        return True
    return str(own) in RANDOM_MODULES or module in RANDOM_MODULES or str(module).startswith("numpy.random")


def is_seeded(call: ir.Call) -> bool:
    """Whether a call makes a generator that draws the same numbers each time, as its seed is given."""
    given = [*call.args, *(value for _, value in call.keywords)]
    is_given = bool(given) and not any(isinstance(each, ir.Const) and each.value is None for each in given)
    return is_given and getattr(call.target, "__name__", "") in GENERATORS
