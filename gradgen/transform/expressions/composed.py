"""Finds what an operation is together with those that its operands are: `1 / (1 + exp(-x))` is the logistic function.

Never holds a row: rules.compositions does.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.rules.compositions import compositions
from gradgen.simplify.fold import is_number, neg, same


def as_one(op: ir.Op) -> ir.Op:
    """The operation that an operation of arrays is together with its operands; itself where no row says so."""
    for written, meant in compositions():
        found: dict[str, ir.Expr] = {}
        if op.op == written.op and _fits(op, written, found):
            return ir.Op(meant.op, tuple(_filled(arg, found) for arg in meant.args), family="scipy.special", span=op.span)
    return op


def _fits(expr: ir.Expr, written: ir.Expr, found: dict[str, ir.Expr]) -> bool:
    """Whether an expression is written so; `found` takes what the row's names stand for."""
    match expr, written:
        case _, ir.Name(id=name):
            return same(found.setdefault(name, expr), expr)
        case _, ir.Const(value=int() as value):
            return is_number(expr, value)
        case ir.Op(keywords=()), ir.Op() if expr.op == written.op and len(expr.args) == len(written.args):
            return all(_fits(own, each, found) for own, each in zip(expr.args, written.args, strict=True))
    return False


def _filled(meant: ir.Expr, found: dict[str, ir.Expr]) -> ir.Expr:
    """What a row says, of what its names stand for."""
    match meant:
        case ir.Name(id=name):
            return found[name]
        case ir.Op(op="neg", args=(inner,)):
            return neg(_filled(inner, found))
        case ir.Op(op=op, args=args):
            return ir.Op(op, tuple(_filled(arg, found) for arg in args))
    return meant
