"""Refuses expressions for their effect that may keep or change what varies.

Never plans a backward line.
"""
from __future__ import annotations

from gradgen.analyse.recording.quiet import is_quiet
from gradgen.ir import nodes as ir
from gradgen.transform.planning import Planner


def check_effect(planner: Planner, stmt: ir.Evaluate) -> None:
    """An expression for its effect may print what varies, but not keep it."""
    value = stmt.value
    acting = [node for node in ir.walk(value) if isinstance(node, ir.Call | ir.Opaque)]
    is_shown = isinstance(value, ir.Call) and is_quiet(value)
    if is_shown or all(isinstance(node, ir.Call) and is_quiet(node) for node in acting):
        return  # `x.shape` on a line of its own does nothing, `log.info(x) if x > 1 else None` shows it
    site = planner.callees.site(value) if isinstance(value, ir.Call) else None
    if site is not None and not planner.callees.keeps(site):
        return
    if any(planner.arrays.kinds.may_be_array(node) for node in ir.walk(value) if isinstance(node, ir.Expr)):
        planner.refusals.add("GG106", stmt.span, construct="a call that may change an array")
        return
    if any(planner.activity.is_varied(child) for child in ir.children_of(value) if isinstance(child, ir.Expr)):
        func = value.func if isinstance(value, ir.Call) else None
        construct = f"{func.name}()" if isinstance(func, ir.Attribute) else "a call for its effect"
        planner.refusals.add("GG106", stmt.span, construct=construct)
