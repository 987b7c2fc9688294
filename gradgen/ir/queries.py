"""What every stage asks of an expression or a block: which variables it reads, whether it is 0, how it ends.

Never looks at anything but the nodes themselves: what needs facts is in `analyse`.
"""
from __future__ import annotations

from collections.abc import Container

from gradgen.ir.nodes import Block, Const, Exit, Expr, Name, Node, Value, names_read


def variables_read(node: Node) -> set[str]:
    """The variables that are read."""
    return {name.id for name in names_read(node)}


def is_name(node: Node | None, name: str) -> bool:
    """Whether an expression is the read of a variable, and nothing else."""
    return isinstance(node, Name) and node.id == name


def reads(node: Node, name: str) -> bool:
    """Whether a variable is read."""
    return any(read.id == name for read in names_read(node))


def reads_any(node: Node, names: Container[str]) -> bool:
    """Whether one of several variables is read."""
    return any(read.id in names for read in names_read(node))


def unwrapped(expr: Expr) -> Expr:
    """The expression of the forward part that a value is of; any other is that itself."""
    while type(expr) is Value:
        expr = expr.of
    return expr


def is_zero(expr: Expr) -> bool:
    """Whether an expression is the literal 0, whole or not."""
    return isinstance(expr, Const) and type(expr.value) in (int, float) and expr.value == 0


def is_zero_float(expr: Expr) -> bool:
    """Whether an expression is the literal 0.0, which an adjoint begins as."""
    return isinstance(expr, Const) and type(expr.value) is float and expr.value == 0.0


def ends_raising(block: Block) -> bool:
    """Whether a block ends by raising."""
    return bool(block) and isinstance(block[-1], Exit) and block[-1].kind == "raise"
