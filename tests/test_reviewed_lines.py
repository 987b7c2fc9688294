"""What a reviewer would strike out of a backward part is not in it: each case names lines that have to stand there, and bits that
must not; the gradients are held against central differences."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import vjp

A, B = np.array([0.7, -1.2, 0.4]), np.array([1.3, 0.8, -0.6])
KERNEL = np.array([[0.4, -0.7], [1.1, 0.6]])
IMAGE = np.array([[0.3, -1.1, 0.7, 0.2], [1.4, 0.6, -0.9, 0.5], [-0.8, 1.7, 0.1, -0.4]])


def hunted(p, y):
    return p[0] * y[0] - p[1] * y[0] * y[1]


def first_row(c, b, x):
    cp = np.zeros(2)
    cp[0] = c[0] / b[0] * x
    cp[1] = cp[0] * x
    return np.sum(cp)


def filtered(image, kernel):
    rows, columns = image.shape
    out = np.zeros((rows - 1, columns - 1))
    for i in range(2):
        for j in range(2):
            out += kernel[i, j] * image[i:i + rows - 1, j:j + columns - 1]
    return np.sum(out ** 2)


def taxed(income, deduction):
    taxable = max(income - deduction, 0.0)
    return 0.3 * taxable ** 2


def leaky(z):
    return np.sum(np.where(z > 0, z, 0.1 * z) ** 2)


def huber(r, d):
    a = np.abs(r)
    return np.mean(np.where(a <= d, 0.5 * r ** 2, d * (a - 0.5 * d)))


def entropy(p, y):
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


def seen_through(image, kernel):
    return np.sum((kernel @ image) ** 2)


def rippled(u, c, n: int):
    v = np.zeros_like(u)
    for _ in range(n):
        lap = np.zeros_like(u)
        lap[1:-1] = u[2:] - 2 * u[1:-1] + u[:-2]
        v = v + c ** 2 * lap
        u = u + v * lap
    return np.sum(u ** 2)


def stored_after(u, c, n: int):
    total = 0.0
    for _ in range(n):
        lap = c * u
        lap[0] = lap[1] * c
        total += np.sum(lap ** 2 * u)
        u = u + lap
    lap[1] = lap[0] ** 2
    return total + np.sum(lap ** 3)


def left_early(u, c, n: int):
    total = 0.0
    for _ in range(2):
        for k in range(n):
            lap = c * u
            for i in range(1, 3):
                lap[i] = lap[i - 1] * lap[i] + c
            if k > 1:
                break
            total += np.sum(lap ** 2)
            u = u + 0.1 * lap
    return total


def american(spot, strike, up, down, p):
    values = [max(strike - spot * up**j * down ** (3 - j), 0.0) for j in range(4)]
    for i in range(2, -1, -1):
        for j in range(i + 1):
            values[j] = max(0.97 * (p * values[j + 1] + (1 - p) * values[j]), strike - spot * up**j * down ** (i - j))
    return values[0]


Case = tuple[Callable[..., Any], tuple[Any, ...], tuple[str, ...], tuple[str, ...]]
CASES: tuple[Case, ...] = (
    (hunted, (A, B), ("y[1]",), ("_part",)),
    (first_row, (A, B, 0.9), ("c[0] / b[0]",), ("np.copy", "b_part", "den")),
    (filtered, (IMAGE, KERNEL), ("out += kernel[i, j]",), ("out_tape", "unbroadcast(dout, out)", "out.copy()")),
    (taxed, (1.3, 0.4), ("dincome = 0.0 if 0.0 > difference else dtaxable",), ("0.0 if not", "dtaxable if not")),
    (leaky, (A,), ("dz = np.where(test, dwhere, 0.1 * dwhere)",), ("product",)),
    (rippled, (A, 0.7, 3), ("lap_tape.append(lap)",), ("lap = None",)),
    (stored_after, (A, 0.7, 3), (), ()),
    (left_early, (A, 0.7, 3), (), ()),
    (huber, (A, 0.6), ("dr = np.where(test, dhuber_1 * r, 0)",), ("0.5 * np.where",)),
    (entropy, (np.array([0.2, 0.5, 0.9]), B), ("dp = dentropy * (1 - y) / (1 - p) - dentropy * y / p",), ("- -",)),
    (american, (1.1, 1.2, 1.3, 0.8, 0.45), ("            else:", "if j != 0:"), ("0.0 if", "and j != 0")),
    (seen_through, (IMAGE[:2], KERNEL), ("combined = kernel @ image", "= dseen_through * 2 * combined"), ("2 * (kernel",)),
)


def _differences(fn: Callable[..., Any], args: tuple[Any, ...], at: int) -> Any:
    def shifted(place: tuple[int, ...], step: float) -> float:
        moved = np.array(args[at], dtype=float)
        moved[place] += step
        fresh = [np.copy(each) if isinstance(each, np.ndarray) else each for each in args]
        fresh[at] = moved if moved.ndim else float(moved)
        return float(fn(*fresh))

    slopes = np.zeros(np.shape(args[at]))
    for place in np.ndindex(slopes.shape):
        slopes[place] = (shifted(place, 1e-6) - shifted(place, -1e-6)) / 2e-6
    return slopes


@pytest.mark.parametrize("fn, args, wanted, unwanted", CASES, ids=lambda each: getattr(each, "__name__", ""))
def test_a_backward_part_has_no_line_to_strike_out(
    fn: Callable[..., Any], args: tuple[Any, ...], wanted: tuple[str, ...], unwanted: tuple[str, ...]
) -> None:
    derivative = vjp(fn, like=args)
    text = derivative.source[derivative.source.index(f"def {fn.__name__}_vjp"):]
    assert [part for part in wanted if part not in text] == [] and [part for part in unwanted if part in text] == [], text
    seed = {derivative.seeds[0]: 1.7}
    fresh = [np.copy(each) if isinstance(each, np.ndarray) else each for each in args]
    slopes = derivative(*fresh, **seed)
    for at, slope in enumerate(slopes if len(args) > 1 else (slopes,)):
        np.testing.assert_allclose(slope, 1.7 * _differences(fn, args, at), rtol=1e-6, atol=1e-7)
    assert math.isfinite(fn(*args))


class Spring:
    def __init__(self, stiffness: float) -> None:
        self.stiffness = stiffness

    def __call__(self, x):
        return self.stiffness * x ** 3


def test_what_an_object_does_when_it_is_called_has_a_name_that_is_spoken() -> None:
    derivative = vjp(Spring(0.5))
    assert "def call_vjp(x, *, dcall):" in derivative.source and "Generated by gradgen from __call__ in" in derivative.source
    assert derivative(2.0, dcall=1.7) == pytest.approx(1.7 * 0.5 * 3 * 4.0)  # by hand
