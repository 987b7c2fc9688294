"""The transpose of each linear operation: a backward line read from the operand's tangent to the result's.

Never holds a rule; a row's forward-mode line is its backward line, transposed by this table.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.queries import is_name, reads

Transpose = Callable[[ir.Op, int, ir.Expr], ir.Expr]


def _same_sign(op: ir.Op, place: int, tangent: ir.Expr) -> ir.Expr:
    return tangent


def _minus(op: ir.Op, place: int, tangent: ir.Expr) -> ir.Expr:
    return ir.Op("neg", (tangent,)) if place == len(op.args) - 1 else tangent


def _with_the_other_factor(op: ir.Op, place: int, tangent: ir.Expr) -> ir.Expr:
    return ir.Op(op.op, (tangent, op.args[1]) if place == 0 else (op.args[0], tangent))


TRANSPOSES: Mapping[str, Transpose] = {
    "add": _same_sign,
    "sub": _minus,
    "neg": _minus,
    "mul": _with_the_other_factor,
    "div": _with_the_other_factor,
}
"""By operation: `(operation, which argument holds the adjoint, tangent)` to what its transpose makes of the tangent."""


CHOICES = frozenset({"ifexp", "where"})
"""What is linear in both values that it chooses between."""


def transposed(line: ir.Expr, adjoint: str, tangent: ir.Expr) -> ir.Expr:
    """What a line that is linear in `adjoint` becomes in forward mode: linear in `tangent`, outermost operation applied first.

    Raises LookupError where an operation on the way to the adjoint has no transpose.
    """
    while not is_name(line, adjoint):
        if isinstance(line, ir.Op) and line.op in CHOICES:
            test, *parts = line.args
            chosen = (transposed(part, adjoint, tangent) if reads(part, adjoint) else part for part in parts)
            return replace(line, args=(test, *chosen))
        if not isinstance(line, ir.Op) or line.op not in TRANSPOSES:
            raise LookupError(f"no transpose of {line}")
        place = next((i for i, arg in enumerate(line.args) if reads(arg, adjoint)), None)
        if place is None:
            raise LookupError(f"a line without {adjoint}")
        tangent = TRANSPOSES[line.op](line, place, tangent)
        line = line.args[place]
    return tangent
