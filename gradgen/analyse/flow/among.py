"""Tests that compare a loop's own variables with each other alone, as a sort does: they look for nothing from outside.

Never looks for searches.
"""
from __future__ import annotations

from collections.abc import Set

from gradgen.ir import nodes as ir
from gradgen.ir.queries import reads_any


def only_among(test: ir.Expr, asked: Set[str], stmt: ir.Stmt, bound: Set[str], varied: Set[str]) -> bool:
    """Whether a test of a loop compares multiples and sums of the loop's variables, which the loop makes of each other in such
    a way too: neither the test nor what it asks for has a constant or a function in it that values could close in on."""
    for node in ir.walk(test):
        match node:
            case ir.Compare(operands=operands) if any(name.id in varied for each in operands for name in ir.names_read(each)):
                if not all(_is_combined(each, bound, varied) for each in operands):
                    return False
            case ir.Call():
                return False
    made = (node for node in ir.walk(stmt) if isinstance(node, ir.Assign) and asked & _names_stored(node.target))
    return all(_is_combined(node.value, bound, varied) for node in made if asked & bound & varied & _names_stored(node.target))


def _names_stored(target: ir.Target) -> frozenset[str]:
    return ir.names_bound((ir.Assign(target, ir.Const(None)),)) | {
        node.base.id for node in ir.walk(target) if isinstance(node, ir.ItemTarget) and isinstance(node.base, ir.Name)
    }


def _is_combined(expr: ir.Expr, bound: Set[str], varied: Set[str]) -> bool:
    """Whether an expression is a sum of multiples of variables that vary and that the loop binds."""
    match expr:
        case ir.Name(id=name):
            return name in bound & varied
        case ir.Const(value=value):
            return bool(value == 0)
        case ir.Item(base=base):
            return _is_combined(base, bound, varied)
        case ir.Op(op="add" | "sub" | "neg", args=args) | ir.Display(items=args):
            return all(_is_combined(arg, bound, varied) for arg in args)
        case ir.Op(op="mul", args=(left, right)):
            sides = (left, right), (right, left)
            return any(_is_still(factor, varied) and _is_combined(other, bound, varied) for factor, other in sides)
        case ir.Op(op="div", args=(above, below)):
            return _is_still(below, varied) and _is_combined(above, bound, varied)
        case ir.Op(op="ifexp", args=(_, *arms)):
            return all(_is_combined(arm, bound, varied) for arm in arms)
    return False


def _is_still(expr: ir.Expr, varied: Set[str]) -> bool:
    return not reads_any(expr, varied)
