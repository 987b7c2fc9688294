"""Test functions for optimisers, as methods that count their calls: gradients right by differences, hardly any refused.

The functions are written from their definitions, in the many ways that people write such functions.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest

from gradgen import grad, hvp
from gradgen.errors import GradgenError

from .optimisation_functions import loops, plain, tables, vectors
from .optimisation_functions.base import Landscape

FUNCTIONS = [
    value for module in (plain, vectors, loops, tables) for value in vars(module).values()
    if isinstance(value, type) and value.__module__ == module.__name__
]
SIZE = 4
SHARE = 0.97
Verdict = Literal["right", "refused", "wrong"]


def _differences(function: Callable[..., Any], x: Any) -> Any:
    """The gradient by central differences at five steps, extrapolated; of each element the two estimates that agree best."""
    found = np.zeros(x.size)
    for i in range(x.size):
        row = []
        for level in range(5):
            moved = np.zeros(x.size)
            moved[i] = 1e-3 / 4**level * max(1.0, abs(x[i]) / 5)
            row.append((float(function(x + moved)) - float(function(x - moved))) / (2 * moved[i]))
        columns = [row]
        for order in (1, 2, 3):
            last = columns[-1]
            columns.append([(16**order * fine - coarse) / (16**order - 1) for coarse, fine in zip(last, last[1:], strict=False)])
        pairs = [pair for column in columns for pair in zip(column, column[1:], strict=False)]
        found[i] = min(pairs, key=lambda pair: abs(pair[0] - pair[1]))[1]
    return found


@functools.cache
def judged(made: type[Landscape]) -> tuple[Verdict, str]:
    """What becomes of a function's gradient at two points within its bounds."""
    landscape = made(SIZE)
    rng = np.random.default_rng(3)
    low, high = np.array(landscape.bounds).T
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            derivative = grad(landscape.fun, wrt="x")
            for _ in range(2):
                x = low + (high - low) * rng.uniform(0.05, 0.95, low.size)
                landscape.nfev, given = 0, x.copy()
                gradient = derivative(given)
                if landscape.nfev != 1 or not np.array_equal(given, x):
                    return "wrong", f"{landscape.nfev} calls were counted, or x was changed"
                expected = _differences(landscape.fun, x)
                size = float(np.max(np.abs(expected)))
                if np.shape(gradient) != x.shape or not np.allclose(gradient, expected, rtol=1e-5, atol=1e-6 * (1 + size)):
                    return "wrong", f"at {x}: {gradient}, expected {expected}"
        except GradgenError as error:
            return "refused", str(error)
    return "right", ""


@pytest.mark.parametrize("made", FUNCTIONS, ids=lambda made: made.__name__)
def test_a_gradient_is_right_or_refused(made: type[Landscape]) -> None:
    verdict, why = judged(made)
    assert verdict != "wrong", why


LANDSCAPE = FUNCTIONS[0](SIZE)


def landscape(x: Any) -> Any:
    return LANDSCAPE.fun(x)


def test_a_function_that_calls_a_method_which_counts_has_second_derivatives() -> None:
    low, high = np.array(LANDSCAPE.bounds).T
    x, along, slopes = low + (high - low) * 0.37, np.linspace(0.4, 1.3, low.size), grad(LANDSCAPE.fun, wrt="x")
    expected = (slopes(x + 1e-5 * along) - slopes(x - 1e-5 * along)) / 2e-5
    np.testing.assert_allclose(hvp(landscape)(x, x_dot=along), expected, rtol=1e-5, atol=1e-5)


def test_hardly_any_function_is_refused() -> None:
    verdicts = [judged(made)[0] for made in FUNCTIONS]
    assert len(verdicts) > 200
    assert verdicts.count("right") / len(verdicts) >= SHARE
