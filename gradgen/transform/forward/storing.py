"""What stores into arrays are in forward mode: whether one changes data that has another name, what is added at indices.

Never plans a line.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.ir import nodes as ir
from gradgen.transform.forward.tangent import together
from gradgen.transform.terms import Term


def stores_in_place(stmt: ir.Assign) -> bool:
    """Whether an assignment may change data that another name has."""
    return isinstance(stmt.target, ir.ItemTarget) or stmt.augmented is not None


def is_at_indices(value: ir.Expr) -> bool:
    """Whether a value is what `np.add.at(y, i, v)` leaves: elements that are named twice collect from each."""
    return isinstance(value, ir.Op) and (value.spelling or "").endswith(".at")


def collected(place: ir.ItemTarget, moved: Sequence[Term]) -> tuple[ir.ItemTarget, list[Term]]:
    """What is added to a whole tangent where `moved` is added at the indices of a place, and that whole."""
    base = place.base
    assert isinstance(base, ir.Name)
    whole = ir.ItemTarget(base, ir.Const(...))
    shape = ir.Attribute(ir.Name(base.id), "shape")
    return whole, [Term(ir.Op("scattered", (together(list(moved)), place.index, shape)))] if moved else []


def place_inside(stmt: ir.Assign, tangent: ir.Name) -> ir.ItemTarget | None:
    """Where `p[i][j] += ...` adds in the tangent of p; None for other stores, and for slices."""
    if not isinstance(stmt.target, ir.ItemTarget) or not isinstance(stmt.target.index, ir.Opaque):
        return None
    old = stmt.value.args[0] if stmt.augmented is not None and isinstance(stmt.value, ir.Op) else None
    return ir.ItemTarget(found.base, found.index) if isinstance(found := _inside(old, tangent), ir.Item) else None


def _inside(old: ir.Expr | None, tangent: ir.Name) -> ir.Expr | None:
    match old:
        case ir.Item(base=base, index=index) if not isinstance(index, ir.Slice | ir.Opaque):
            found = _inside(base, tangent)
            return None if found is None else ir.Item(found, ir.Value(index))
        case ir.Name():
            return tangent
    return None
