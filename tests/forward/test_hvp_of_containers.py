"""Second derivatives by the elements of lists, tuples and dicts: gradients that collect adjoints are differentiated, too."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from gradgen import grad, hessian, hvp


def cubes(x: list[float]) -> float:
    s = 0.0
    for v in x:
        s += v * v * v
    return s * s


def rosenbrock(x: list[float]) -> float:
    s = 0.0
    for i in range(len(x) - 1):
        s += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
    return s


def by_sum(x: list[float]) -> float:
    return sum(v**3 for v in x) * x[0]


def unpacked(x: tuple[float, float]) -> float:
    a, b = x
    return a * a * b


def by_key(x: dict[str, float]) -> float:
    return x["a"] ** 2 * x["b"] + math.sin(x["b"])


def rows(x: list[list[float]]) -> float:
    s = 0.0
    for row in x:
        for v in row:
            s += v**3
    return s * x[0][1]


def leaves(value: Any) -> list[float]:
    parts = value.values() if isinstance(value, dict) else value
    return [leaf for part in parts for leaf in leaves(part)] if isinstance(value, list | tuple | dict) else [value]


def like(value: Any, numbers: list[float]) -> Any:
    """The same structure with other numbers, taken off the list."""
    if isinstance(value, dict):
        return {key: like(part, numbers) for key, part in value.items()}
    return type(value)([like(part, numbers) for part in value]) if isinstance(value, list | tuple) else numbers.pop(0)


@pytest.mark.parametrize(
    ("fn", "at"),
    [
        (cubes, [1.0, 2.0]), (rosenbrock, [1.0, 2.0, 0.5]), (by_sum, [1.0, 2.0]), (unpacked, (1.0, 2.0)), (unpacked, [1.0, 2.0]),
        (by_key, {"a": 1.0, "b": 2.0}), (rows, [[1.0, 2.0], [0.5, 0.7]]),
    ],
)
def test_it_is_the_slope_of_the_gradient(fn: Callable[[Any], float], at: Any) -> None:
    along = [math.cos(3 * k + 1) for k in range(len(leaves(at)))]
    step = 1e-5
    ahead, back = (like(at, [x + s * d for x, d in zip(leaves(at), along, strict=True)]) for s in (step, -step))
    bend = [(a - b) / (2 * step) for a, b in zip(leaves(grad(fn)(ahead)), leaves(grad(fn)(back)), strict=True)]
    found = hvp(fn)(at, x_dot=like(at, list(along)))
    assert type(found) is type(at)
    assert leaves(found) == pytest.approx(bend, rel=1e-7)


def test_hessians_by_lists_have_a_row_for_each_element() -> None:
    """Of (x**3 + y**3)**2 at 1, 2, where x**3 + y**3 = 9: 18 * x**4 + 108 * x, 18 * x**2 * y**2, 18 * y**4 + 108 * y."""
    assert hessian(cubes)([1.0, 2.0]) == [[126.0, 72.0], [72.0, 504.0]]
    assert hessian(unpacked)((1.0, 2.0)) == ((4.0, 2.0), (2.0, 0.0))


def both_of_both(x: float, y: float) -> float:
    def both(a: float, b: float) -> tuple[float, float]:
        return a * b, a + b

    p, q = both(x, y)
    r = both(p, q)
    return r[0] * r[1]


def test_adjoints_of_results_are_collected_where_calls_give_tuples() -> None:
    """Of p q (p + q) with p = x y and q = x + y, by differences of its gradient."""
    x, y, u, v, step = 1.0, 2.0, 0.5, -1.5, 1e-5
    ahead, back = (grad(both_of_both)(x + s * u, y + s * v) for s in (step, -step))
    bend = [(a - b) / (2 * step) for a, b in zip(ahead, back, strict=True)]
    assert hvp(both_of_both)(x, y, x_dot=u, y_dot=v) == pytest.approx(bend, rel=1e-7)
