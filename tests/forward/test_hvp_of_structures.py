"""Hessian products by arrays in lists and dicts, by fields of objects, and where loops bind what is read after them."""
from __future__ import annotations

import inspect
from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass
from typing import Any

import numpy as np
import pytest

import gradgen

X = np.array([0.3, 0.8, -0.4])
M = np.array([[0.3, 0.2], [0.5, 0.1]])
W = np.array([[0.4, -0.7, 0.2], [0.1, 0.5, -0.3]])


def layer_by_key(p: dict[str, np.ndarray], x: np.ndarray) -> Any:
    return np.sum(np.tanh(p["W"] @ x + p["b"]) ** 2)


def unused_and_linear(p: dict[str, np.ndarray]) -> Any:
    return np.sum(p["W"] ** 3) + np.sum(p["b"])


def network_of_pairs(layers: list[Any], x: np.ndarray) -> Any:
    for w, b in layers[:-1]:
        x = np.tanh(w @ x + b)
    w, b = layers[-1]
    return np.sum((w @ x + b) ** 2)


def network_by_number(ws: list[np.ndarray], x: np.ndarray) -> Any:
    for i in range(len(ws)):
        x = np.tanh(ws[i] @ x)
    return np.mean(x**2)


def first_bound_in_a_loop(m: np.ndarray) -> Any:
    u = np.ones(2)
    for _ in range(3):
        v = m @ u
        u = v * v
    return np.sum(u * v)


def shortened_in_a_loop(m: np.ndarray) -> Any:
    x = np.ones(3)
    for _ in range(2):
        v = x[1:] * m
        x = v
        m = m[1:]
    return np.sum(v**2)


def balanced(costs: np.ndarray) -> Any:
    kernel, u = np.exp(-costs / 0.5), np.ones(2)
    for _ in range(4):
        v = 0.5 / (kernel.T @ u)
        u = 0.5 / (kernel @ v)
    return np.sum(u[:, None] * kernel * v * costs)


def states_as_an_array(y: np.ndarray, rate: float) -> Any:
    states = [y]
    for _ in range(3):
        y = y + 0.1 * np.array([rate * (y[1] - y[0]), y[0] * y[1]])
        states.append(y)
    return np.sum(np.array(states)[:, 0] ** 2)


def starred_in_an_array(n: np.ndarray, a: float) -> Any:
    z = np.array([*n, a])
    return np.sum(z**3)


def stacked(ws: list[np.ndarray], x: np.ndarray) -> Any:
    out = [w * x for w in ws]
    return np.sum(np.stack(out) ** 2)


@dataclass
class Point:
    x: float
    y: float

    def norm(self) -> float:
        return self.x**2 + self.y**3


@dataclass(frozen=True)
class Body:
    mass: float
    place: np.ndarray


@dataclass
class Spring:
    end: Point
    constants: list[float]


Place = namedtuple("Place", "x y")


def by_field(p: Any) -> Any:
    return p.x**2 * p.y


def by_field_in_a_loop(p: Any) -> Any:
    a = p.x
    for _ in range(3):
        a = a * p.y + p.x
    return a


def through_a_method(a: float, b: float) -> Any:
    p = Point(a * b, a)
    return p.norm()


def by_field_of_a_field(s: Spring) -> Any:
    return s.end.x * s.constants[0] ** 2 * s.constants[1] * s.end.y


def between(bodies: list[Body]) -> Any:
    apart = bodies[0].place - bodies[1].place
    return -bodies[0].mass * bodies[1].mass / np.sqrt(apart @ apart)


def handed_on(p: Any) -> Any:
    return by_field(p) ** 2


def of_two(t: Any) -> Any:
    return t[0] ** 2 * t[1]


def pair_handed_on(t: Any) -> Any:
    return of_two(t) ** 2


CASES: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (layer_by_key, ({"W": W, "b": np.array([0.1, 0.4])}, X)),
    (unused_and_linear, ({"W": X, "b": np.array([0.1, 0.4]), "n": np.ones(2)},)),
    (network_of_pairs, ([(W, np.array([0.1, 0.4])), (M, np.array([0.2, -0.3]))], X)),
    (network_by_number, ([W, M], X)),
    (first_bound_in_a_loop, (M,)),
    (shortened_in_a_loop, (np.array([1.2, 0.7]),)),
    (balanced, (M,)),
    (states_as_an_array, (np.array([0.3, 0.8]), 0.7)),
    (starred_in_an_array, (X, 0.7)),
    (stacked, ([X, X**2], X)),
    (by_field, (Point(0.3, 0.8),)),
    (by_field, (Place(0.3, 0.8),)),
    (by_field_in_a_loop, (Point(0.3, 0.8),)),
    (through_a_method, (0.3, 0.8)),
    (by_field_of_a_field, (Spring(Point(0.3, 0.8), [0.4, 0.5]),)),
    (between, ([Body(0.7, X), Body(0.5, X**2)],)),
    (handed_on, (Point(0.3, 0.8),)),
    (pair_handed_on, ((0.3, 0.8),)),
]


def leaves(value: Any) -> list[float]:
    """The numbers in a value, in order."""
    match value:
        case dict():
            return [leaf for part in value.values() for leaf in leaves(part)]
        case list() | tuple():
            return [leaf for part in value for leaf in leaves(part)]
        case np.ndarray():
            return list(map(float, value.ravel()))
    return leaves(vars(value)) if is_dataclass(value) else [float(value)]


def with_leaves(value: Any, numbers: Iterator[float]) -> Any:
    """The same structure with other numbers."""
    match value:
        case dict():
            return {key: with_leaves(part, numbers) for key, part in value.items()}
        case list() | tuple():
            parts = [with_leaves(part, numbers) for part in value]
            return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
        case np.ndarray():
            return np.array([next(numbers) for _ in range(value.size)]).reshape(value.shape)
    return type(value)(**with_leaves(vars(value), numbers)) if is_dataclass(value) else next(numbers)


@pytest.mark.parametrize(("fn", "at"), CASES, ids=[fn.__name__ for fn, _ in CASES])
def test_it_is_the_slope_of_the_gradient(fn: Callable[..., Any], at: tuple[Any, ...]) -> None:
    numbers = np.array(leaves(at))
    along = np.cos(3 * np.arange(numbers.size) + 1)
    gradient, step = gradgen.grad(fn), 1e-5
    ahead, back = (np.array(leaves(gradient(*with_leaves(at, iter((numbers + s * along).tolist()))))) for s in (step, -step))
    directions = with_leaves(at, iter(along.tolist()))
    named = {f"{name}_dot": each for name, each in zip(inspect.signature(fn).parameters, directions, strict=True)}
    found = gradgen.hvp(fn)(*at, **named)
    assert type(found if len(at) == 1 else found[0]) is type(at[0])
    assert leaves(found) == pytest.approx((ahead - back) / (2 * step), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("at", [{"a": 0.3}, [[0.3], [0.8]], Point(0.3, 0.8)])
def test_a_hessian_is_of_the_structure_that_comes(at: Any) -> None:
    def cube(p: Any) -> Any:
        return (p["a"] if isinstance(p, dict) else p[0][0] if isinstance(p, list) else p.x) ** 3

    assert leaves(gradgen.hessian(cube)(at)) == pytest.approx([1.8] + [0.0] * (len(leaves(at)) ** 2 - 1), rel=1e-14)
    (_, mixed), (turned, _) = gradgen.hessian(with_a_number)(at, 0.5)
    assert type(mixed) is type(turned) is type(at)
    assert leaves(mixed) == leaves(turned) == [1.0] + [0.0] * (len(leaves(at)) - 1)


def with_a_number(p: Any, c: float) -> Any:
    return (p["a"] if isinstance(p, dict) else p[0][0] if isinstance(p, list) else p.x) * c


def test_the_third_derivative_of_a_loop_that_binds_what_is_read_after_it() -> None:
    """Three squarings of what was multiplied by a make a**21."""
    def steep(a: float) -> float:
        u = 1.0
        for _ in range(3):
            v = a * u
            u = v * v
        return u * v

    assert gradgen.nth(steep, 3)(1.1) == pytest.approx(21 * 20 * 19 * 1.1**18)
