"""Hands the adjoint of a list that became an array on to the list's elements.

Never decides what that adjoint is.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import AnyKind, Fitting, Holder, Kind, fitting
from gradgen.rules.shapes import array_of
from gradgen.transform.arrays.text import item_at
from gradgen.transform.arrays.walk import Walk
from gradgen.transform.expressions.contributions import LoopLine
from gradgen.transform.expressions.terms import Term, product_of

EXTREMES: Mapping[Callable[..., object], str] = {max: "argmax", min: "argmin"}


def shared_by_elements(operand: ir.Expr, term: Term, kinds: Kinds) -> Term | None:
    """The adjoint of each element of a list, where it is the same for all: one that is pending, or was summed over the list. None
    where each element has its own."""
    held = kinds.of(operand)
    made = array_of(held)
    shape = None if made is None else made.shape
    if shape is None or term.shape is None or len(term.shape) > len(shape) or _holds_lists(held):
        return None
    if len(term.shape) < len(shape):
        return term
    if shape and term.shape[0].is_one and not shape[0].is_one:
        product = product_of(replace(term, guards=()))
        return Term(item_at(product, ir.Const(0)), guards=term.guards, shape=term.shape[1:])
    return None


def _holds_lists(held: AnyKind) -> bool:
    return isinstance(held, Holder) and isinstance(held.at(...), Holder)


def filled_for_lists(operand: ir.Expr, term: Term, kinds: Kinds) -> Term:
    """The adjoint of a list of lists that became an array, each element's own where all have the same."""
    made = array_of(kinds.of(operand))
    shape = None if made is None else made.shape
    if shape is None or term.shape is None or len(term.shape) >= len(shape) or not _holds_lists(kinds.of(operand)):
        return term
    sizes = ir.Call(ir.Name("numpy.shape", "global"), (ir.Value(operand),))
    whole = ir.Op("full", (sizes, product_of(replace(term, guards=()))), family="numpy")
    return Term(whole, guards=term.guards, shape=shape)


def extreme_item(call: ir.Call, kinds: Kinds) -> ir.Item | None:
    """Python's `max` of an array or of a list that is written out, as the item that it is: the first of those that are equal."""
    operation = next((name for function, name in EXTREMES.items() if call.target is function), None)
    if operation is None or len(call.args) != 1 or call.keywords:
        return None
    given = call.args[0]
    made = array_of(kinds.of(given))
    is_named_list = isinstance(given, ir.Name) and isinstance(kinds.of(given), Holder)
    if made is None or made.shape is None or len(made.shape) != 1 or is_named_list:
        return None
    return ir.Item(given, ir.Op(operation, (ir.Value(given),), family="numpy"))


def into_each(operand: ir.Display | ir.Comprehension, term: Term, walk: Walk) -> None:
    """Pass the same term on to every element of a list that is written out."""
    if isinstance(operand, ir.Comprehension):
        walk.found.loops.append(LoopLine(operand, term, None))
        return
    for item in operand.items:
        if isinstance(item, ir.Starred) and walk.leaves_below(item):
            walk.refusals.add("GG106", item.span, construct="a starred element")
        elif not isinstance(item, ir.Starred):
            walk.visit(item, term)


def as_wide_as(operand: ir.Expr, term: Term, source: ir.Expr, others: Iterable[ir.Expr], kinds: Kinds) -> Term:
    """What the entrywise operation `source` hands on to a list beside `others`: summed to the list's own shape, where arrays
    among these, or around the operation, may have made it wider."""
    made = array_of(kinds.of(operand))
    narrow = None if made is None else made.shape
    if term.shape == ():
        return term
    if term.shape is not None and term.shape == kinds.shape(source) and all(kinds.shape(other) == () for other in others):
        return term
    if None not in (narrow, term.shape) and fitting(term.shape or (), narrow or ()) == Fitting(0, (), True):
        return term
    product = product_of(replace(term, guards=()))
    return Term(ir.Op("unbroadcast", (product, ir.Value(operand))), guards=term.guards, shape=narrow)


def into_list(operand: ir.Name, term: Term, walk: Walk) -> Term | None:
    """The adjoint of a variable's list that became an array: a list again. None where every element got the same."""
    each = shared_by_elements(operand, term, walk.kinds)
    if each is not None:
        index = walk.names.fresh("i")
        count = ir.Call(ir.Name("range", "global"), (ir.Call(ir.Name("len", "global"), (operand,)),))
        element = ir.Item(operand, ir.Name(index))
        elements = ir.Comprehension("generator", element, (ir.Generator(ir.NameTarget(index), count, ()),))
        walk.found.loops.append(LoopLine(elements, each, None))
        return None
    term = filled_for_lists(operand, term, walk.kinds)
    product, held = product_of(replace(term, guards=())), walk.kinds.of(operand)
    element_kind = held.at(...) if isinstance(held, Holder) else None
    inner = element_kind
    while isinstance(inner, Holder):
        inner = inner.at(...)
    if isinstance(inner, Kind) and inner.shape == ():
        listed = ir.Call(ir.Attribute(product, "tolist"), ())
    elif isinstance(element_kind, Kind):
        listed = ir.Call(ir.Name("list", "global"), (product,))
    else:
        walk.refusals.add("GG106", operand.span, construct="a list of lists of arrays as an array")
        return term
    return Term(listed, guards=term.guards, shape=None)
