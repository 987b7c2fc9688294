"""Nodes by their kinds are those that a walk over all of them meets, in its order; nodes and spans compare as frozen ones do."""
from __future__ import annotations

import pytest

from gradgen import pipeline
from gradgen.analyse.program import Program
from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_arithmetic, found_in
from gradgen.ir.hooks import Hook


def sample(x: float, n: int) -> float:
    total = 0.0
    for k in range(n):
        total += x * k if k > 1 else -x
        if total > 3:
            break
    return total / (1 + x)


@pytest.mark.parametrize("kinds", [(ir.Op,), (ir.Assign, ir.NameTarget), (ir.Stmt,), (ir.Expr, ir.NameTarget, ir.Exit), (Hook,)])
def test_nodes_of_some_kinds_stand_in_the_order_of_all(kinds: tuple[type[ir.Node], ...]) -> None:
    function = pipeline.read(Program(), sample).function
    assert list(found_in(function, *kinds)) == [node for node in ir.nodes_of(function) if isinstance(node, kinds)]


def test_beside_arithmetic_stands_everything_else() -> None:
    function = pipeline.read(Program(), sample).function
    rest = [node for node in ir.nodes_of(function) if not isinstance(node, ir.Op | ir.Name | ir.Const)]
    assert list(beside_arithmetic(function)) == rest


def test_nodes_compare_by_identity_and_spans_by_their_ends() -> None:
    assert ir.Const(1) != ir.Const(1)
    assert len({ir.Span(1, 2), ir.Span(1, 2), ir.Span(1, 3)}) == 2
