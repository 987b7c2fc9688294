"""Compositions of operations that together are one operation with a row of its own: what is written, and what it is.

Never used for numbers alone: there the text's own operations tell the same.
"""
from __future__ import annotations

import ast
from functools import cache

from gradgen.ir import nodes as ir

ROWS: tuple[tuple[str, str], ...] = (
    # where exp overflows, its own rows make infinity times 0 of a slope that is 0
    ("1 / (1 + exp(x))", "expit(-x)"),
    ("1 / (exp(x) + 1)", "expit(-x)"),
)
OPERATORS: dict[type[ast.AST], str] = {ast.Div: "div", ast.Add: "add"}


@cache
def compositions() -> tuple[tuple[ir.Op, ir.Op], ...]:
    """The rows as expressions, whose names stand for any."""
    rows = ((_parsed(ast.parse(text, mode="eval").body) for text in row) for row in ROWS)
    return tuple((written, meant) for written, meant in rows if isinstance(written, ir.Op) and isinstance(meant, ir.Op))


def _parsed(node: ast.expr) -> ir.Expr:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return ir.Op(OPERATORS[type(op)], (_parsed(left), _parsed(right)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return ir.Op("neg", (_parsed(operand),))
        case ast.Call(func=ast.Name(id=name), args=args):
            return ir.Op(name, tuple(map(_parsed, args)))
        case ast.Constant(value=int() as value):
            return ir.Const(value)
        case ast.Name(id=name):
            return ir.Name(name)
    raise TypeError(f"no part of a composition: {ast.unparse(node)}")
