"""The atoms of a line of plain arithmetic, `dx += dy * 2 * z`, and the shape that they fill: most of what gradgen writes.

Never spells a call, an index or anything else that depends on what names mean in the user's module.
"""
from __future__ import annotations

import math

from gradgen.ir import nodes as ir

_PLAIN = frozenset({"add", "sub", "mul", "div", "pow"})


def arithmetic(stmt: ir.Stmt) -> tuple[str, list[str]] | None:
    """What distinguishes a line from others of its shape, which comes first, are its names and numbers, in the order of the text;
    None for a line that is more than the arithmetic of variables which it gives to one."""
    if not isinstance(stmt, ir.Assign) or not isinstance(stmt.target, ir.NameTarget):
        return None
    atoms = [stmt.target.id]
    value = stmt.value
    if stmt.augmented is not None:
        assert isinstance(value, ir.Op)
        value = value.args[1]
    shape = _shape(value, atoms)
    return None if shape is None else (f"{stmt.augmented or ''}={shape}", atoms)


def _shape(expr: ir.Expr, atoms: list[str]) -> str | None:
    if isinstance(expr, ir.Name):
        if expr.scope != "local" or not expr.id.isidentifier():
            return None
        atoms.append(expr.id)
        return "N"
    if isinstance(expr, ir.Op):
        if expr.spelling is not None or expr.keywords:
            return None
        if expr.op in _PLAIN and len(expr.args) == 2:
            left = _shape(expr.args[0], atoms)
            right = None if left is None else _shape(expr.args[1], atoms)
            return None if right is None else f"({left} {expr.op} {right})"
        inner = _shape(expr.args[0], atoms) if expr.op == "neg" else None
        return None if inner is None else f"(-{inner})"
    if isinstance(expr, ir.Const) and type(expr.value) in (int, float) and math.isfinite(expr.value):
        if math.copysign(1, expr.value) < 0:
            return None
        atoms.append(repr(expr.value))
        return "C"
    return None
