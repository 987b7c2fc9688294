"""Gradients by arrays of fewer bits than Python's floats have are of these bits too: what backward lines write down as numbers,
`np.full(y.shape, 2 * df)`, has more.

Never changes a line; what is returned is turned into the dtype of what it belongs to.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Kind
from gradgen.transform.gradient import Request
from gradgen.transform.planning import Planner


def in_dtypes(request: Request, gradients: list[ir.Expr], planner: Planner, function: ir.Function) -> list[ir.Expr]:
    """The gradients that a function hands out, those by what is short in the dtypes of the arguments."""
    if not request.short:
        return gradients
    pairs = zip(request.wrt, gradients, strict=True)
    return [_in_dtype(name, each, planner, function) if name in request.short else each for name, each in pairs]


def _in_dtype(name: str, gradient: ir.Expr, planner: Planner, function: ir.Function) -> ir.Expr:
    """The gradient by a parameter in the dtype of the argument, or of the arrays that it holds."""
    is_bound = name in ir.names_bound(function.body)
    if not isinstance(planner.arrays.kinds.given.get(name), Kind):
        planner.edits.needed.add("in_dtypes")
        given = _as_given(name, ir.Name(name), planner, function) if is_bound else ir.Name(name)
        return ir.Call(ir.Name("in_dtypes", "global"), (given, gradient))
    dtype: ir.Expr = ir.Attribute(ir.Name(name), "dtype")
    if is_bound:
        dtype = _as_given(f"{name}_dtype", dtype, planner, function)
    return ir.Call(ir.Attribute(gradient, "astype"), (dtype,), (("copy", ir.Const(False)),))


def _as_given(stem: str, value: ir.Expr, planner: Planner, function: ir.Function) -> ir.Expr:
    """What is asked of an argument before its name is bound anew."""
    name = planner.names.fresh(f"{stem}_given" if isinstance(value, ir.Name) else stem)
    planner.edits.before.setdefault(function.body[0], []).insert(0, ir.Assign(ir.NameTarget(name), value))
    return ir.Name(name)
