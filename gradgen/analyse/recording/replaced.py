"""What puts other values into lists and dicts that hold arrays which change in place.

Never looks at what changes the arrays.
"""
from __future__ import annotations

from collections.abc import Container

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import Holder


def parts_replaced(function: ir.Function, kinds: Kinds, mutated: Container[str]) -> dict[ir.Stmt, frozenset[str]]:
    """The statements that put other values into lists and dicts which hold arrays that change in place, or make them longer: what
    such a list holds is read from it again, so these overwrite it, too."""
    found: dict[ir.Stmt, frozenset[str]] = {}
    for stmt in found_in(function, ir.Assign, ir.Append):
        base = stmt.base if isinstance(stmt, ir.Append) else stmt.target.base if isinstance(stmt.target, ir.ItemTarget) else None
        if isinstance(base, ir.Name) and base.id in mutated and isinstance(kinds.of(base), Holder):
            found[stmt] = frozenset({base.id})
    return found
