"""How backward lines write arrays with two axes swapped: what was swapped twice is as it was, and of the last two axes
`swap(a @ b)` is `swap(b) @ swap(a)` where that leaves one out.

Never decides what is written.
"""
from __future__ import annotations

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.constants import constant_value
from gradgen.ir.frozen import replace
from gradgen.transform.arrays.text import transposed

SWAPS = frozenset({"swapaxes", "transpose", "matrix_transpose"})
LAST = frozenset({-1, -2})


def swapped(op: ir.Op, rank: int | None, kinds: Kinds) -> ir.Expr:
    """An operation of a rule's lines on an adjoint of that rank, written more plainly where it swaps two axes."""
    axes = axes_swapped(op, kinds, rank)
    if axes is None:
        return op
    undone = _undone(op.args[0], axes, kinds)
    if undone is None and axes == LAST:
        return transposed(op.args[0], True) if rank == 2 else _within(op.args[0], kinds) or op
    return undone or op


def flipped(expr: ir.Expr, kinds: Kinds) -> ir.Expr | None:
    """`x` for what is `np.swapaxes(x, 0, 1).T`; None where no swap is undone."""
    return _undone(expr, LAST, kinds) if len(kinds.shape(expr) or ()) == 2 else None


def axes_swapped(op: ir.Op, kinds: Kinds, rank: int | None = None) -> frozenset[int] | None:
    """The two axes that an operation swaps, counted from the last; None where it does not, or that is not known."""
    shape = kinds.shape(op.args[0]) if op.args else None
    rank = rank if shape is None else len(shape)
    if op.op == "matrix_transpose":
        return LAST
    if op.op == "swapaxes" and len(op.args) == 3 and not op.keywords:
        axes = [constant_value(axis) for axis in op.args[1:]]
        if rank is not None:
            axes = [axis - rank if isinstance(axis, int) and axis >= 0 else axis for axis in axes]
        found = frozenset(axis for axis in axes if isinstance(axis, int) and axis < 0)
        return found if len(found) == 2 else None
    if op.op == "transpose" and len(op.args) == 2 and isinstance(op.args[1], ir.Display) and rank is not None:
        order = [constant_value(axis) for axis in op.args[1].items]
        moved = [place for place in range(rank) if len(order) == rank and order[place] not in (place, place - rank)]
        if len(moved) == 2 and {order[place] for place in moved} <= {*moved, *(place - rank for place in moved)}:
            return frozenset(place - rank for place in moved)
    return None


def _within(expr: ir.Expr, kinds: Kinds) -> ir.Expr | None:
    """A product with its last two axes swapped, where a factor had them swapped before; None for anything else."""
    match expr:
        case ir.Op(op="neg" | "mul", args=(*first, inner), spelling=None) if all(isinstance(each, ir.Const) for each in first):
            turned = _within(inner, kinds)
            return None if turned is None else replace(expr, args=(*first, turned))
        case ir.Op(op="matmul", args=(left, right), spelling=None) if not _is_of_vector(left, right, kinds):
            undone = [_undone(factor, LAST, kinds) for factor in (right, left)]
            if undone != [None, None]:
                factors = zip(undone, (right, left), strict=True)
                return ir.Op("matmul", tuple(plain or _turned(factor) for plain, factor in factors))
    return None


def _turned(expr: ir.Expr) -> ir.Expr:
    return ir.Op("swapaxes", (expr, ir.Const(-1), ir.Const(-2)), family="numpy")


def _undone(expr: ir.Expr, axes: frozenset[int], kinds: Kinds) -> ir.Expr | None:
    """What an expression has swapped, where it has these two axes."""
    written = expr.of if isinstance(expr, ir.Value) else expr
    operation = written if isinstance(written, ir.Op) and not isinstance(expr, ir.Value) else kinds.operation(written)
    if operation is None or not operation.args or axes_swapped(operation, kinds) != axes:
        return None
    return ir.Value(operation.args[0]) if isinstance(expr, ir.Value) else operation.args[0]


def _is_of_vector(left: ir.Expr, right: ir.Expr, kinds: Kinds) -> bool:
    return any(len(shape) == 1 for shape in (kinds.shape(left), kinds.shape(right)) if shape is not None)
