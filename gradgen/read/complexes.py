"""Reads `complex(a, b)` and the functions of cmath as the operations that they stand for: `a + 1j * b`, NumPy's functions of a
complex number.

Never changes the text: the operations have its place, and their values are the text's own.
"""
from __future__ import annotations

import ast
import cmath
from typing import Any, Protocol

from gradgen.ir import nodes as ir

OF_CMATH = frozenset({"sqrt", "exp", "log", "log10", "sin", "cos", "tan", "sinh", "cosh", "tanh"})
"""Functions of one complex number that NumPy has as well; given a real one they still hand out a complex one."""


class Lowering(Protocol):
    """What reads expressions."""

    def expr(self, node: ast.expr) -> ir.Expr: ...


def of_complex(node: ast.Call, target: Any, spelling: str, lowering: Lowering, span: ir.Span) -> ir.Expr | None:
    """The operation that a call is which makes a complex number; None for any other call."""
    if node.keywords or any(isinstance(arg, ast.Starred | ast.Constant) for arg in node.args) or not node.args:
        return None
    if target is complex and len(node.args) < 3:
        real, *imaginary = map(lowering.expr, node.args)
        turned = ir.Op("mul", (ir.Const(1j), imaginary[0])) if imaginary else ir.Const(0j)
        return ir.Op("add", (real, turned), span=span)
    name = getattr(target, "__name__", "")
    if name in OF_CMATH and target is getattr(cmath, name) and len(node.args) == 1:
        return ir.Op(name, (ir.Op("add", (lowering.expr(node.args[0]), ir.Const(0j))),), (), spelling, "numpy", span=span)
    if target is cmath.phase and len(node.args) == 1:
        return ir.Op("angle", (lowering.expr(node.args[0]),), (), spelling, "numpy", span=span)
    return None
