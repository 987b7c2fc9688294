"""What is in a function's computation graph: a node for each binding, an edge for each read, and nothing else.

Never tests how it is drawn. The expected edges are read off the functions by eye.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

import gradgen
from gradgen.ir.graph import Graph

RATE = 0.2


def course(a, b, c):  # type: ignore[no-untyped-def]
    u = b * c
    v = a + u
    J = 3 * v
    return J


def expression(x, y):  # type: ignore[no-untyped-def]
    return math.exp(x) * RATE + y


def swap(a, b):  # type: ignore[no-untyped-def]
    a, b = b, 2 * a
    return a - b


def loop(x, n: int):  # type: ignore[no-untyped-def]
    total = 0.0
    for _ in range(n):
        total = total + x
    return total


def choice(x, y):  # type: ignore[no-untyped-def]
    if x > 0:
        z = x  # one
    else:
        z = y
    return z * z


def early(x):  # type: ignore[no-untyped-def]
    if x < 0:
        return -x
    return x


def named(x):  # type: ignore[no-untyped-def]
    return (y := x * x) + y


def summed(x, w):  # type: ignore[no-untyped-def]
    xs = [x, 2 * x]
    return sum(w * each for each in xs)


def graph_of(function: Callable[..., Any], wrt: Any = None) -> Graph:
    graph: Graph = gradgen.value_and_grad(function, wrt=wrt).graph.data
    return graph


@pytest.mark.parametrize(
    "function, edges",
    [
        (course, "b>u c>u a>v u>v v>J"),
        (expression, "x>return RATE>return y>return"),
        (swap, "b>a_2 a>b_2 a_2>return b_2>return"),
        (loop, "n>_ total>total_2 total_2>total_2 x>total_2 total>return total_2>return"),
        (choice, "x>z y>z_2 z>return z_2>return"),
        (early, "x>return x>return_2"),
        (named, "x>y x>return y>return"),
        (summed, "x>xs w>return xs>return"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_every_binding_is_fed_by_what_it_reads(function: Callable[..., Any], edges: str) -> None:
    assert {f"{edge.source}>{edge.target}" for edge in graph_of(function).edges} == set(edges.split())


def test_nodes_have_the_lines_of_the_file_and_the_statements_text() -> None:
    start = course.__code__.co_firstlineno
    assert [(node.label, node.kind, node.line, node.expression) for node in graph_of(course).nodes] == [
        ("a", "input", start, ""),
        ("b", "input", start, ""),
        ("c", "input", start, ""),
        ("u", "value", start + 1, "u = b * c"),
        ("v", "value", start + 2, "v = a + u"),
        ("J", "output", start + 3, "J = 3 * v"),
    ]


def test_a_comment_is_no_part_of_a_statement() -> None:
    assert {node.expression for node in graph_of(choice).nodes if node.label == "z"} == {"z = x", "z = y"}


def test_a_constant_of_the_module_is_a_node_and_a_function_is_none() -> None:
    assert {(node.label, node.kind) for node in graph_of(expression).nodes} == {
        ("x", "input"), ("y", "input"), ("RATE", "constant"), ("return", "output"),
    }


def test_what_a_loop_carries_over_says_so() -> None:
    carried = {(edge.source, edge.target): edge.label for edge in graph_of(loop).edges}
    assert carried[("total_2", "total_2")] == "next turn" and carried[("total", "total_2")] == ""


def test_the_graph_does_not_depend_on_what_is_differentiated() -> None:
    assert graph_of(course) == graph_of(course, "b") == gradgen.differentiable(course).graph.data


def test_each_part_of_a_choice_has_one_result() -> None:
    outputs = [node.expression for node in graph_of(early).nodes if node.kind == "output"]
    assert outputs == ["return -x", "return x"]
