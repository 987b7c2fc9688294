"""What stores into arrays are in forward mode: whether one changes data that has another name, what is added at indices.

Never plans a line.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.nested import Nested, item_at
from gradgen.transform.arrays.text import settled_index
from gradgen.transform.expressions.terms import Term
from gradgen.transform.lines.spelling import as_target, together


def stores_in_place(stmt: ir.Assign) -> bool:
    """Whether an assignment may change data that another name has."""
    return isinstance(stmt.target, ir.ItemTarget) or stmt.augmented is not None


def collected(place: ir.ItemTarget | ir.AttributeTarget, moved: Sequence[Term]) -> tuple[ir.ItemTarget, list[Term]]:
    """What is added to a whole tangent where `moved` is added at the indices of a place, and that whole."""
    base = place.base
    assert isinstance(base, ir.Name) and isinstance(place, ir.ItemTarget)
    whole = ir.ItemTarget(base, ir.Const(...))
    shape = ir.Attribute(ir.Name(base.id), "shape")
    return whole, [Term(ir.Op("scattered", (together(list(moved)), place.index, shape)))] if moved else []


def place_of(stmt: ir.Assign, tangent: ir.Name, is_array: bool, is_collected: bool) -> ir.ItemTarget | ir.AttributeTarget | None:
    """Where a store's tangent goes in the `tangent` of what it stores into, which `is_array` or not; attributes inside
    of what `is_collected` are plain. None for slices of containers, and for places inside of one where nothing is added."""
    match stmt.target:
        case ir.AttributeTarget(name=name):
            return ir.AttributeTarget(tangent, name)
        case ir.ItemTarget(index=index) if is_array:
            return ir.ItemTarget(tangent, settled_index(index))
        case ir.ItemTarget(index=Nested(path=path)):
            return as_target(item_at(tangent, tuple(map(ir.Value, path))))
        case ir.ItemTarget(index=ir.Opaque()) if stmt.augmented is not None and isinstance(stmt.value, ir.Op):
            found = inside(stmt.value.args[0], tangent, is_collected)
            return as_target(found) if isinstance(found, ir.Item | ir.Attribute) else None
        case ir.ItemTarget(index=index) if not isinstance(index, ir.Slice | ir.Opaque):
            return ir.ItemTarget(tangent, ir.Value(index))
    return None


def inside(old: ir.Expr | None, tangent: ir.Name, is_collected: bool) -> ir.Expr | None:
    """The place in the `tangent` of a container that `old` is in the container."""
    match old:
        case ir.Item(base=base, index=index) if not isinstance(index, ir.Slice | ir.Opaque):
            found = inside(base, tangent, is_collected)
            return None if found is None else ir.Item(found, ir.Value(index))
        case ir.Attribute(base=base, name=name) if is_collected:
            found = inside(base, tangent, is_collected)
            return None if found is None else ir.Attribute(found, name)
        case ir.Name():
            return tangent
    return None
