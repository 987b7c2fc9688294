"""Reads calls of what `checkpoint` makes where it stands: `checkpoint(f)(x)`, and `g(x)` after `g = checkpoint(f)`.

Never reads the call itself.
"""
from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, Protocol

from gradgen.read.resolve import MISSING
from gradgen.rules.carried import carried_helper


class Lowering(Protocol):
    """What reads expressions."""

    made: Mapping[str, ast.Call]
    local_names: set[str]

    def resolve(self, node: ast.expr) -> Any: ...


def under_checkpoint(func: ast.expr, lowering: Lowering) -> ast.expr | None:
    """The function that is put under `checkpoint` in what is called; None where none is. Through a variable it must be one that
    is known outside."""
    if isinstance(func, ast.Call):
        return put_under_checkpoint(func, lowering)
    made = lowering.made.get(func.id) if isinstance(func, ast.Name) and func.id in lowering.local_names else None
    inner = None if made is None else put_under_checkpoint(made, lowering)
    return None if inner is None or lowering.resolve(inner) is MISSING else inner


def put_under_checkpoint(call: ast.Call, lowering: Lowering) -> ast.expr | None:
    """The function that a call of `checkpoint` is given; None for other calls."""
    match call:
        case ast.Call(args=[ast.Name() | ast.Attribute() | ast.Lambda() as inner], keywords=[]):
            return inner if carried_helper(lowering.resolve(call.func)) == "checkpoint" else None
    return None
