"""Finds equalities on values that vary: where one holds, the branch taken says nothing of the slope.

Never refuses; generated code does, at run time.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.activity import Activity
from gradgen.ir import nodes as ir

EQUALITIES = frozenset({"eq", "ne", "in", "notin"})


def equalities(stmt: ir.Stmt, activity: Activity) -> Iterator[ir.Compare]:
    """The equalities on varying numbers in a statement's own expressions, but for loop exits and guards that raise."""
    match stmt:
        case ir.Assign(value=value) | ir.Evaluate(value=value) | ir.Append(value=value):
            yield from _in_expr(value, activity)
        case ir.Exit(kind="return", value=value) if value is not None:
            yield from _in_expr(value, activity)
        case ir.Branch(test=test, then=then, orelse=orelse):
            if not _only_raises(then) and not _only_raises(orelse):
                yield from _in_expr(test, activity)


def _in_expr(expr: ir.Expr, activity: Activity) -> Iterator[ir.Compare]:
    for node in ir.walk(expr):
        if isinstance(node, ir.Compare) and node.span is not None and set(node.ops) & EQUALITIES:
            if any(_is_number_like(operand) and activity.is_varied(operand) for operand in node.operands) and not any(
                isinstance(operand, ir.Const) and (operand.value is None or isinstance(operand.value, (str, bool)))
                for operand in node.operands
            ):
                yield node


def _is_number_like(operand: ir.Expr) -> bool:
    return not isinstance(operand, ir.Display | ir.Opaque)


def _only_raises(block: ir.Block) -> bool:
    return bool(block) and isinstance(block[-1], ir.Exit) and block[-1].kind == "raise"
