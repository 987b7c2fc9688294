"""Random numbers: those of a generator with a seed are constants, drawn once and in their order; others are refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad
from gradgen.errors import UnsupportedError


def dropped(x, seed=0):
    rng = np.random.default_rng(seed)
    kept = rng.random(x.shape) > 0.5
    return np.sum(kept * x**2)


def noisy(x):
    rng = np.random.default_rng(3)
    s = 0.0
    for _ in range(3):
        s += np.sum(x**2 * rng.normal(size=x.shape)) * rng.random()
        x = x + 0.1 * rng.normal()
    return s


def walked(x):
    draws = random.Random(5)
    s = x
    for _ in range(4):
        s = s * (1 + draws.random()) + draws.gauss(0, 1) * x
    return s


def unseeded(x):
    return x * np.random.default_rng().random()


def shared(x):
    return x * random.random()


@pytest.mark.parametrize("function", [dropped, noisy])
def test_draws_of_a_seeded_generator_are_constants(function: Callable[..., Any]) -> None:
    x = np.array([0.5, -1.25, 2.0, 0.75])
    step = 1e-4
    expected = [(function(x + step * e) - function(x - step * e)) / (2 * step) for e in np.eye(4)]
    np.testing.assert_allclose(grad(function, "x")(x), expected, rtol=1e-7)


def test_draws_are_made_once_and_in_their_order() -> None:
    made: Any = grad(walked)
    assert made(1.5) == pytest.approx(walked(1.5) / 1.5, rel=1e-12)  # linear in x


@pytest.mark.parametrize("function", [unseeded, shared])
def test_draws_that_differ_from_call_to_call_are_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedError, match="GG111"):
        grad(function)
