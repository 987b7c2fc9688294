"""What people write, in forward mode and to the second order as in reverse mode: against extrapolated differences of the function
itself and of its gradient, along random directions and with a seed that is not 1.

Never takes an expected number from the mode that it tests.
"""
from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gradgen import grad, hvp, jvp

Case = tuple[Callable[..., Any], tuple[Any, ...]]

CASES: list[Case] = []


def at(*args: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Adds a function to the table, with the arguments that it is tried at."""
    def added(fn: Callable[..., Any]) -> Callable[..., Any]:
        CASES.append((fn, args))
        return fn
    return added


# --- tuples that a test chooses ---


@at(0.3, 0.8)
def in_order(x, v):
    low, high = (x, v) if x < v else (v, x)
    return low * low * high + math.sin(high)


@at(0.3, 0.8)
def by_a_flag(x, v):
    is_first = x > v
    a, (b, c) = (x, (v, 1.0)) if is_first else (v, (x * v, x))
    return a * a * b + math.sin(b) * c


@at(0.3, 0.8)
def fixed_on_one_way(x, v):
    start = (1.5, 2.0)
    pair = start if x > v else (x, v)
    pair = (pair[0] * x, pair[1])
    return pair[0] ** 2 * pair[1]


@at(0.8, 0.3)
def called_on_one_way(x, v):
    def two(a, b):
        return a * b, a + b

    def fixed():
        return 1.0, 2.0

    a, b = two(x, v) if x > v else fixed()
    c, d = fixed() if a > 5.0 else (a, b)
    return c * c * d * x


@at(np.array([0.3, 0.5]), np.array([0.2, 1.5]))
def arrays_in_order(x, v):
    a, b = (x, v) if x[0] > v[1] else (v, x)
    return np.sum(a * a * b)


# --- dicts by their keys ---

RATES = {"k": 1.5, "m": 0.3, "a": 0.7}
WEIGHTS = {"W": np.array([[0.3, 0.2], [0.1, -0.4]]), "b": np.array([0.5, 0.1])}


@at(RATES)
def by_items(p):
    s = 0.0
    for name, v in p.items():
        s += v**2 * (2.0 if name == "k" else 1.0) * (s + 1.0)
    return s


@at(RATES)
def by_sorted_keys(p):
    s = 1.0
    for name in sorted(p):
        s = s * p[name] + p[name] ** 2
    return s


@at(RATES)
def by_keys(p):
    s = 1.0
    for name in p.keys():
        s = s * p[name] + len(name)
    return s


@at(WEIGHTS)
def penalty_by_keys(p):
    s = np.sum(np.tanh(p["W"] @ p["b"]) ** 2)
    for name in p:
        s += 0.1 * np.sum(p[name] ** 3)
    return s


# --- a network that is called for each sample ---

SAMPLES, MARKS = np.array([[0.7, -1.3], [-0.4, 0.9], [1.1, 0.2]]), np.array([0.3, -0.8, 0.5])
LAYERS = [(np.array([[0.3, 0.2], [0.1, -0.4]]), np.array([0.5, 0.1])), (np.array([[0.6, -0.7]]), np.array([0.2]))]


def predicted(p, x):
    return np.tanh(p["W"] @ x + p["b"])


def through(layers, x):
    for w, b in layers:
        x = np.tanh(w @ x + b)
    return x


@at(WEIGHTS)
def loss_of_a_layer(p):
    s = 0.0
    for x in SAMPLES:
        s += np.sum(predicted(p, x) ** 3)
    return s / len(SAMPLES)


@at(LAYERS)
def loss_of_layers(layers):
    s = 0.0
    for x, mark in zip(SAMPLES, MARKS, strict=True):
        s += np.sum((through(layers, x) - mark) ** 2)
    return s


@at(np.array([0.5, 1.2, -0.3]))
def parts_joined(x):
    parts = [np.sin(x) * k for k in range(1, 3)]
    return np.sum(np.concatenate(parts) ** 2)


@at(np.array([0.5, 1.2, -0.3]))
def elements_in_a_loop(x):
    s = 0.0
    for i in range(len(x) - 1):
        s += 10 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
    return s


# --- the same parts, moved ---


def numbers_in(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [each for part in value.values() for each in numbers_in(part)]
    if isinstance(value, list | tuple):
        return [each for part in value for each in numbers_in(part)]
    return np.ravel(value).tolist()


def like(value: Any, numbers: Iterator[float]) -> Any:
    """The same structure, of other numbers."""
    if isinstance(value, dict):
        return {key: like(part, numbers) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([like(part, numbers) for part in value])
    if isinstance(value, float):
        return next(numbers)
    return np.array([next(numbers) for _ in range(value.size)]).reshape(value.shape)


def slope(at_step: Callable[[float], Any]) -> tuple[Any, float]:
    """The slope at 0, extrapolated, and how sure it is."""
    row: list[Any] = []
    for level in range(5):
        step = 2e-2 / 2**level
        below = [(np.array(at_step(step)) - np.array(at_step(-step))) / (2 * step)]
        for order, older in enumerate(row):
            below.append((4.0 ** (order + 1) * below[order] - older) / (4.0 ** (order + 1) - 1))
        row = below
    return row[-1], float(np.max(np.abs(row[-1] - row[-2])))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].__name__)
def test_tangents_and_hessian_products_are_slopes_of_the_function_and_of_its_gradient(case: Case) -> None:
    fn, args = case
    rng = random.Random(fn.__name__)
    directions = like(args, iter([rng.uniform(-1.5, 1.5) for _ in numbers_in(args)]))
    gradient, seed = grad(fn), rng.uniform(0.5, 2.0)
    tangents = dict(zip([f"{name}_dot" for name in gradient.wrt], directions, strict=True))

    def moved(step: float) -> Any:
        return like(args, iter(np.add(numbers_in(args), step * np.array(numbers_in(directions))).tolist()))

    value, tangent = jvp(fn)(*args, **tangents)
    assert value == pytest.approx(fn(*args), rel=1e-14)
    expected, unsure = slope(lambda step: fn(*moved(step)))
    assert tangent == pytest.approx(float(expected), rel=1e-8, abs=20 * unsure + 1e-10)
    seeds = {gradient.seeds[0]: seed} if gradient.seeds else {}
    expected, unsure = slope(lambda step: numbers_in(gradient(*moved(step), **seeds)))
    product = numbers_in(hvp(fn)(*args, **tangents, **seeds))
    assert np.allclose(product, expected, rtol=1e-8, atol=20 * unsure + 1e-10)
    along = float(np.dot(numbers_in(gradient(*args, **seeds)), numbers_in(directions)))
    assert along == pytest.approx((seed if seeds else 1.0) * float(tangent), rel=1e-10)


TO_THE_THIRD = [case for case in CASES if case[0] in (by_items, loss_of_layers, elements_in_a_loop)]


@pytest.mark.parametrize("case", TO_THE_THIRD, ids=lambda case: case[0].__name__)
def test_tangents_of_hessian_products_are_their_slopes(case: Case) -> None:
    fn, args = case
    rng = random.Random(fn.__name__)
    first, second = (like(args, iter([rng.uniform(-1.5, 1.5) for _ in numbers_in(args)])) for _ in range(2))
    product = hvp(fn)
    tangents = dict(zip([f"{name}_dot" for name in product.wrt], first, strict=True))

    def moved(step: float) -> Any:
        return like(args, iter(np.add(numbers_in(args), step * np.array(numbers_in(second))).tolist()))

    others = {f"{name}_": each for name, each in zip(tangents, second, strict=True)}
    value, tangent = jvp(product, product.wrt)(*args, **tangents, **others)
    assert np.allclose(numbers_in(value), numbers_in(product(*args, **tangents)), rtol=1e-12)
    expected, unsure = slope(lambda step: numbers_in(product(*moved(step), **tangents)))
    assert np.allclose(numbers_in(tangent), expected, rtol=1e-8, atol=20 * unsure + 1e-10)
    gradient = jvp(grad(fn), product.wrt)(*args, **tangents)
    assert np.allclose(numbers_in(gradient[1]), numbers_in(value), rtol=1e-12)
