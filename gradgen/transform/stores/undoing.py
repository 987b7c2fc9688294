"""Stores whose overwritten elements alone are kept: in a loop, into an array that nothing else can hold.

Never decides what must be kept; analyse.recording.needs does.
"""
from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from gradgen.analyse.flow.exits import blocks_of
from gradgen.analyse.sharing.lending import is_copied
from gradgen.analyse.sharing.views import ArrayFacts
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.transform.expressions.evaluation import rebuilt
from gradgen.transform.lines.plans import Plan

PLAIN = (ir.Name, ir.Const, ir.Op, ir.Slice, ir.Display, ir.Item, ir.Attribute)


def undone(
    function: ir.Function, plans: Mapping[ir.Stmt, Plan], arrays: ArrayFacts, containers: Container[str]
) -> frozenset[ir.Stmt]:
    """The stores into elements and rows, in loops, that backward lines can undo one by one."""
    if not arrays.stores:
        return frozenset()
    captured = {name for node in found_in(function, ir.Define) for name in node.captures}
    bound = {node.id for node in found_in(function, ir.NameTarget)}
    parameters = {parameter.name for parameter in function.parameters}
    shared = arrays.joint | captured | (bound & parameters)
    return frozenset(
        stmt for stmt in _in_loops(function.body, False)
        if stmt in arrays.stores and isinstance(stmt, ir.Assign) and isinstance(stmt.target, ir.ItemTarget)
        and isinstance(stmt.target.base, ir.Name) and stmt.target.base.id not in shared
        and stmt.target.base.id not in containers
        and (plan := plans.get(stmt)) is not None and not plan.is_empty and plan.index is not None
        and _takes_less(stmt.target.base, stmt.target.index, arrays)
    )


def _takes_less(base: ir.Name, index: ir.Expr, arrays: ArrayFacts) -> bool:
    """Whether an index takes an element or a row of an array, and may be asked for twice."""
    whole, part = arrays.kinds.shape(base), arrays.kinds.shape(ir.Item(base, index))
    is_less = whole is not None and part is not None and len(part) < len(whole)
    return is_less and all(isinstance(node, PLAIN) for node in ir.walk(index))


def _in_loops(block: ir.Block, is_in_loop: bool) -> Iterator[ir.Stmt]:
    """The statements inside of loops, but for those that an exception may leave half done."""
    for stmt in block:
        if is_in_loop:
            yield stmt
        if not isinstance(stmt, ir.Try | ir.With):
            for inner in blocks_of(stmt):
                yield from _in_loops(inner, is_in_loop or isinstance(stmt, ir.For | ir.While))


def old_element(stmt: ir.Assign, arrays: ArrayFacts) -> ir.Expr:
    """What a store is about to overwrite."""
    assert isinstance(stmt.target, ir.ItemTarget)
    item = ir.Item(stmt.target.base, stmt.target.index)
    if arrays.kinds.shape(item) == () or is_copied(stmt.target.base, stmt.target.index, arrays.kinds):
        return item
    return ir.Call(ir.Attribute(item, "copy"), ())


def put_back(stmt: ir.Assign, plan: Plan, tape: str) -> ir.Assign:
    """The backward line that brings home what a store has overwritten."""
    assert isinstance(stmt.target, ir.ItemTarget) and isinstance(stmt.target.base, ir.Name) and plan.index is not None
    kept = ir.Call(ir.Attribute(ir.Name(tape), "pop"), ())
    later = {line.name: line.value for line in plan.values}

    def spelled_out(expr: ir.Expr) -> ir.Expr:
        """An index in terms of what stands before the lines of the plan, which name some of its parts."""
        return spelled_out(later[expr.id]) if isinstance(expr, ir.Name) and expr.id in later else rebuilt(expr, spelled_out)

    return ir.Assign(ir.ItemTarget(ir.Name(stmt.target.base.id), spelled_out(plan.index)), kept)
