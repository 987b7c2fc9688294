"""Named tuples as arguments: read by their names and by their places, with gradients that are such tuples."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from gradgen import grad, hvp, jvp


class Point(NamedTuple):
    x: float
    y: float


class Edge(NamedTuple):
    start: Point
    end: Point


def unpacked(p: Any) -> Any:
    x, y = p
    return x * x * y


def by_place(p: Any) -> Any:
    return p[0] ** 2 * p[-1]


def gone_through(p: Any) -> Any:
    total = 1.0
    for v in p:
        total *= v * v
    return total * p[1]


def summed(p: Any) -> Any:
    return sum(v * v for v in p) * p[0]


def by_name(p: Any) -> Any:
    x, y = p.x, p.y
    return x * x * y


def below(p: Any) -> Any:
    return 2 * unpacked(p) + by_place(p)


@pytest.mark.parametrize("function", [unpacked, by_place, gone_through, summed, by_name, below])
def test_the_gradient_by_a_named_tuple_is_one(function: Callable[[Any], Any]) -> None:
    at, step = (1.3, -0.7), 1e-5

    def slope(fn: Callable[[Any], Any], place: int) -> Any:
        ends = (Point(*(x + sign * step * (place == other) for other, x in enumerate(at))) for sign in (1, -1))
        ahead, back = map(fn, ends)
        return (ahead - back) / (2 * step)

    found = grad(function)(Point(*at))
    assert type(found) is Point
    assert tuple(found) == pytest.approx([slope(function, place) for place in (0, 1)], rel=1e-7)
    assert jvp(function)(Point(*at), p_dot=Point(0.0, 2.0))[1] == pytest.approx(2 * found.y)
    if function is not below:  # sums of adjoints of containers have no tangents yet
        product = hvp(function)(Point(*at), p_dot=Point(0.0, 2.0))
        assert type(product) is Point
        for place in (0, 1):
            assert product[place] == pytest.approx(2 * slope(lambda p, place=place: grad(function)(p)[place], 1), rel=1e-6)
    if function is not by_name:
        assert type(grad(function)(at)) is tuple and grad(function)(at) == tuple(found)
        assert type(grad(function)(list(at))) is list


def test_a_named_tuple_of_named_tuples() -> None:
    def squared(edge: Any) -> Any:
        (a, b), (c, d) = edge
        return (c - a) ** 2 + 3 * (d - b) ** 2

    assert grad(squared)(Edge(Point(1.0, 2.0), Point(4.0, 6.0))) == Edge(Point(-6.0, -24.0), Point(6.0, 24.0))
