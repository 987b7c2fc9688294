"""What backward loops go through where forward ones went through lists that have become longer since.

Never asks whether a list only becomes longer; analyse.recording.steadiness says so.
"""
from __future__ import annotations

from collections.abc import Set
from typing import Protocol

from gradgen.analyse.recording.steadiness import Changes
from gradgen.ir import nodes as ir
from gradgen.transform.expressions.evaluation import rebuilt
from gradgen.transform.names import Names


class Growing(Protocol):
    """What is known of the lists of a function."""

    changes: Changes
    names: Names
    containers: frozenset[str]
    is_logging: bool


def as_it_was(planner: Growing, iterable: ir.Expr, bases: Set[str]) -> ir.Expr:
    """An iterable over the first elements of the lists among `bases` that have become longer: as many as their adjoints have, to
    which only those belong that were there."""
    longer = bases & grown(planner)

    def begun(expr: ir.Expr) -> ir.Expr:
        if isinstance(expr, ir.Name) and expr.id in longer:
            count = ir.Call(ir.Name("len", "global"), (ir.Name(planner.names.adjoint(expr.id)),))
            return ir.Item(ir.Name(expr.id), ir.Slice(None, count))
        return rebuilt(expr, begun)

    return begun(iterable) if longer else iterable


def grown(planner: Growing) -> frozenset[str]:
    """The lists with adjoints that may be longer when the backward part goes through them than they were."""
    if planner.is_logging:
        return frozenset()
    return planner.changes.growing & planner.containers & planner.changes.ahead
