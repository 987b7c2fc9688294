"""Jacobians and Hessians whose directions are moved together, on an axis in front: judged by differences and SciPy.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import rosen_hess

import gradgen

V = np.array([0.3, -0.5, 0.8, 1.1])
M = np.array([[0.4, -0.2, 0.7, 0.1], [1.1, 0.3, -0.6, 0.5], [-0.9, 0.8, 0.2, 0.6]])
Fn = Callable[..., Any]


def heat(x: Any) -> Any:
    for _ in range(3):
        new = x.copy()
        new[1:-1] = x[1:-1] + 0.1 * (x[2:] - 2 * x[1:-1] + x[:-2]) * x[1:-1]
        x = new
    return x


def layers(x: Any, m: Any) -> Any:
    h = np.tanh(m @ x + 0.5)
    return h @ m * np.sin(x)


def of_a_matrix(x: Any, m: Any) -> Any:
    z = x @ m.T
    return np.mean(z * z, axis=0) * np.sum(z, axis=-1)[:, None] + (m @ x.T).T


def centred(x: Any) -> Any:
    y = x - np.mean(x)
    return np.outer(y, y[1:]) / np.sum(y**2)


def larger(x: Any) -> Any:
    s = x[0]
    s += x[1] * x[1]
    s += s * x[3]
    return np.where(x > 0.4, s * x, x[::-1])


def swapped(x: Any) -> Any:
    x = x * x
    for i in range(3):
        t = x[i]
        x[i] = x[i + 1] * 2
        x[i + 1] = t * x[i]
    return x


def filled(x: Any) -> Any:
    y = np.zeros((3, len(x) + 1))
    y[0, 1:] = x[0] * x[1]
    y[1:, :2] = x[2:] ** 2
    return y


def aliased(x: Any) -> Any:
    x = x * x
    y = x
    t = x[1]
    y[1] = x[0] * x[2]
    return y * t


def spring(x: Any) -> Any:
    place, speed = x.copy(), np.zeros(len(x))
    for _ in range(4):
        force = -np.sin(place) * x
        speed = speed + 0.2 * force
        place += 0.2 * speed
    return place if x[0] > 0 else speed


def elements(x: Any) -> Any:
    total = 0.0
    for one, other in zip(x[1:], x, strict=False):
        total += one * other**2
    for one in x:
        total = total * one if one > 0.5 else total + one
    return x * total


def energy(x: Any, m: Any) -> Any:
    z = m @ x
    return np.sum(np.exp(-(z**2)) * np.cos(z)) + np.sum(x) ** 3


def kept_on_a_tape(x: Any) -> Any:
    s = x[0]
    for i in range(1, 4):
        s = np.sin(s) * x[i] + s * s
    return s


def of_products(x: Any) -> Any:
    y = np.zeros_like(x)
    y[1:] = x[1:] * x[:-1]
    y[0] = x[-1] ** 3
    return np.sum(y * y) / np.mean(x)


def listed(x: Any) -> Any:
    parts = []
    for t in (0.2, 0.4, 0.6, 0.8, 1.0, 1.2):
        parts.append((x[0] + t * x[1] - x[2]) ** 2)
    return np.asarray(parts) * x[3]


def listed_rows(x: Any) -> Any:
    rows = []
    for i in range(3):
        rows.append(x * x[i])
    return np.asarray(rows)


def differences(fn: Fn, x: Any, step: float) -> Any:
    """The derivatives by each element of x, on the last axes."""
    found = []
    for at in np.ndindex(x.shape):
        unit = np.zeros(x.shape)
        unit[at] = step
        found.append((8 * (fn(x + unit) - fn(x - unit)) - fn(x + 2 * unit) + fn(x - 2 * unit)) / (12 * step))
    whole = np.stack(found, axis=-1)
    return whole.reshape(whole.shape[:-1] + x.shape)


def is_at_once(made: Any) -> bool:
    return "range(64, " in made.source


@pytest.mark.parametrize(("fn", "args"), [
    (heat, (V,)), (layers, (V, M)), (of_a_matrix, (M[:2], M)), (centred, (V,)), (larger, (V,)), (swapped, (V,)), (spring, (V,)),
    (filled, (V,)), (aliased, (V,)),
])
def test_a_jacobian_moves_all_directions_in_one_run(fn: Fn, args: tuple[Any, ...]) -> None:
    made = gradgen.jacobian(fn, "x", mode="forward", like=args)
    assert is_at_once(made)
    expected = differences(lambda x: fn(x, *args[1:]), args[0], 1e-3)
    np.testing.assert_allclose(made(*args), expected, rtol=1e-8, atol=1e-9)
    namespace: dict[str, Any] = {}
    exec(made.source, namespace)
    np.testing.assert_array_equal(namespace[made.__name__](*args), made(*args))


@pytest.mark.parametrize(("fn", "args"), [(energy, (V, M)), (kept_on_a_tape, (V,)), (of_products, (V,))])
def test_a_hessian_moves_all_directions_in_one_run(fn: Fn, args: tuple[Any, ...]) -> None:
    made = gradgen.hessian(fn, "x", like=args)
    assert is_at_once(made)

    def slopes(x: Any) -> Any:
        return differences(lambda x: fn(x, *args[1:]), x, 1e-2)

    np.testing.assert_allclose(made(*args), differences(slopes, args[0], 1e-2), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("fn", [elements, listed, listed_rows])
def test_what_has_no_place_beside_such_an_axis_goes_direction_by_direction(fn: Fn) -> None:
    made = gradgen.jacobian(fn, "x", mode="forward", like=(V,))
    assert not is_at_once(made)
    np.testing.assert_allclose(made(V), differences(fn, V, 1e-3), rtol=1e-8, atol=1e-9)


def test_several_arguments_and_numbers_move_together_each_in_turn() -> None:
    def energy_of(w: Any, b: Any, m: Any) -> Any:
        z = np.sin(w @ m) + b * w[0, 0]
        return np.sum(z * z * b)

    def values(w: Any, b: Any, m: Any) -> Any:
        return np.tanh(w @ m) * b + w[:, :1] * m[0]

    w, b, m = M[:2, :3], 0.7, M
    seconds = gradgen.hessian(energy_of, ("w", "b"), like=(w, b, m))
    firsts = gradgen.jacobian(values, ("w", "b"), mode="forward", like=(w, b, m))
    assert is_at_once(seconds) and is_at_once(firsts)
    by_w, by_b = firsts(w, b, m)
    np.testing.assert_allclose(by_w, differences(lambda w: values(w, b, m), w, 1e-3), rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(by_b, np.tanh(w @ m), rtol=1e-12)

    def of(b: Any) -> Fn:
        return lambda w: energy_of(w, b, m)

    def slope(w: Any) -> Any:
        return (8 * (of(b + 0.01)(w) - of(b - 0.01)(w)) - of(b + 0.02)(w) + of(b - 0.02)(w)) / 0.12

    (ww, wb), (bw, bb) = seconds(w, b, m)
    np.testing.assert_allclose(ww, differences(lambda w: differences(of(b), w, 1e-2), w, 1e-2), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(wb, differences(slope, w, 1e-2), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(bw, wb, rtol=1e-10)
    z = np.sin(w @ m)
    expected = np.sum(4 * z * w[0, 0] + 6 * b * w[0, 0] ** 2)  # b (z + b w)^2, twice by b
    assert bb == pytest.approx(expected, rel=1e-10)


def drops(q: Any, r: Any) -> Any:
    total = 0.0
    for p in range(2):
        total += r[p] * q[p] * abs(q[p])
    return q * total


def test_a_sum_that_takes_two_lines_stays_one_statement() -> None:
    q, r = np.array([1.0, -2.0]), np.array([0.5, 0.7])
    by_q, by_r = gradgen.jacobian(drops)(q, r)
    np.testing.assert_allclose(by_q, np.sum(r * q * abs(q)) * np.eye(2) + np.outer(q, 2 * r * abs(q)), rtol=1e-14)
    np.testing.assert_allclose(by_r, np.outer(q, q * abs(q)), rtol=1e-14)


def test_more_directions_than_one_run_carries() -> None:
    def rosen(x: Any) -> Any:
        return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    x = np.linspace(-1.0, 1.0, 70)
    made = gradgen.hessian(rosen, like=(x,))
    assert is_at_once(made)
    np.testing.assert_allclose(made(x), rosen_hess(x), rtol=1e-12, atol=1e-12)
    assert made(np.zeros(0)).shape == (0, 0)
