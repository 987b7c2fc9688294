"""Fills a tangent out to the shape of its value, where it may be narrower: that of `A + v` by `v`.

Never takes a tangent itself.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Kind, are_alike, broadcast
from gradgen.transform.arrays.sizes import Sizes
from gradgen.transform.expressions.terms import Term
from gradgen.transform.lines.spelling import by_guards, joined


def filled(
    expr: ir.Expr, terms: list[Term], kinds: Kinds, sizes: Sizes, leaves_below: Callable[[ir.Expr], int]
) -> list[Term]:
    """Terms that together have the shape of the value whose tangent they are."""
    kind = kinds.of(expr)
    if not terms or not isinstance(kind, Kind) or kind.shape == () or _covers(expr, kinds, leaves_below):
        return terms
    wide = broadcast(*(term.shape for term in terms))
    if wide is not None and kind.shape is not None and are_alike(wide, kind.shape):
        return terms
    return [Term(ir.Op("full", (sizes.size_of(expr, "shape"), joined(by_guards(terms))), family="numpy"), shape=kind.shape)]


def _covers(expr: ir.Expr, kinds: Kinds, leaves_below: Callable[[ir.Expr], int]) -> bool:
    """Whether the terms of a tangent broadcast to its value's shape as the value's own operands do: each that is no number has a
    tangent of its own in a sum, and one of them has in a product."""
    match expr:
        case ir.Name() | ir.Item(base=ir.Name()):
            return leaves_below(expr) > 0
        case ir.Op(op="add" | "sub", args=(left, right)):
            return all(kinds.shape(each) == () or _covers(each, kinds, leaves_below) for each in (left, right))
        case ir.Op(op="mul" | "convolve" | "correlate", args=(left, right)):
            return _covers(left, kinds, leaves_below) or _covers(right, kinds, leaves_below)
        case ir.Op(op="neg", args=(arg,)) | ir.Op(op="one_slope", args=(arg, *_)):
            return _covers(arg, kinds, leaves_below)
    return False
