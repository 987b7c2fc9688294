"""Scales a large array that has just been made in its place: `dA = np.linalg.inv(A).T` and `dA *= dy`, one array and not two.

Never touches what a sum, a product of arrays or another name holds.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Kind

MADE_ANEW = frozenset({"inv", "pinv"})  # what hands out a whole matrix of floats that is nobody else's


def scaled(lines: Sequence[ir.Stmt], kinds: Kinds) -> list[ir.Stmt]:
    """Backward lines in which such results take no second array."""
    result: list[ir.Stmt] = []
    for line in lines:
        match line:
            case ir.Assign(target=ir.NameTarget(id=name) as target, value=ir.Op(op="mul", args=(by, made)), augmented=None) if (
                _is_made_anew(made, kinds) and kinds.shape(by) == () and all(read.id != name for read in ir.names_read(by))
            ):
                result.append(ir.Assign(target, made))
                result.append(ir.Assign(ir.NameTarget(name), ir.Op("mul", (ir.Name(name), by)), augmented="mul"))
            case _:
                result.append(line)
    return result


def _is_made_anew(expr: ir.Expr, kinds: Kinds) -> bool:
    """Whether an expression is such a matrix, or that matrix transposed."""
    kind = kinds.of(expr)
    if not (isinstance(kind, Kind) and kind.is_array and kind.dtype == "float"):
        return False
    made = expr.base if isinstance(expr, ir.Attribute) and expr.name == "T" else expr
    return isinstance(made, ir.Op) and made.op in MADE_ANEW
