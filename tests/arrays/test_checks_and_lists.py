"""Methods that check what they are given, and lists that functions hand out to be gone through: right by differences."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import UnsupportedError, grad, jvp

KEPT: list[Any] = []
X, DIRECTION = np.array([1.2, 0.7, 0.9]), np.array([0.4, -1.1, 0.8])


class Landscape:
    """What checks its argument before it computes, and counts."""

    def __init__(self, dimensions: int) -> None:
        self.dimensions, self.may_change, self.calls = dimensions, False, 0

    def check(self, x: Any, most: int | None = None, supported: Any = None) -> None:
        if not self.may_change and len(x) != self.dimensions:
            raise ValueError(f"{self.__class__.__name__} has {self.dimensions} variables")
        if most is not None and len(x) > most:
            raise ValueError(f"at most {most}")
        if supported is not None and len(x) not in supported:
            raise ValueError(f"only {supported}")

    def constraints(self, x: Any) -> list[Any]:
        return [x[0] * x[1] - 0.5, x[1] ** 2 - 1.0, x[2] * x[0]]

    def sphere(self, x: Any, *args: Any) -> Any:
        self.calls += 1
        self.check(x, 100, [2, 3, 10])
        return np.sum(x**2 * np.arange(1, 4))

    def penalised(self, x: Any, *args: Any) -> Any:
        penalty = 0.0
        for g in self.constraints(x):
            if g > 0:
                penalty += 10 * g**2
        return np.sum(np.cos(x)) + penalty

    def penalised_in_a_sum(self, x: Any, *args: Any) -> Any:
        objective = np.prod(x)
        return objective + sum(max(0, g) ** 2 for g in self.constraints(x))

    def counted(self, x: Any, *args: Any) -> Any:
        total = 0.0
        for i, g in enumerate(self.constraints(x)):
            total += g**2 * i
        return total


    def nested(self, x: Any, *args: Any) -> Any:
        def ripple(v: Any) -> Any:
            return v**2 / 4 - np.cos(v)

        def valley(v: Any) -> Any:
            return 3 * (v[0] ** 2 - v[1]) ** 2 + (v[0] - 1) ** 2

        return np.sum([ripple(valley([x[i], x[i + 1]])) for i in range(2)]) + ripple(valley([x[-1], x[0]]))


def looks_at_each(x: Any) -> None:
    for v in x:
        if v < 0:
            raise ValueError(f"{v} is negative")
    assert np.all(np.isfinite(x))


def checked(x: Any) -> Any:
    looks_at_each(x)
    return np.sum(x**3)


LANDSCAPE = Landscape(3)
FUNCTIONS = [LANDSCAPE.sphere, LANDSCAPE.penalised, LANDSCAPE.penalised_in_a_sum, LANDSCAPE.counted, LANDSCAPE.nested, checked]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_gradients_and_directions_agree_with_differences(function: Callable[..., Any]) -> None:
    slopes = [(function(X + 1e-6 * e) - function(X - 1e-6 * e)) / 2e-6 for e in np.eye(3)]
    assert grad(function)(X) == pytest.approx(slopes, rel=1e-7)
    assert jvp(function)(X, x_dot=DIRECTION)[1] == pytest.approx(np.dot(slopes, DIRECTION), rel=1e-7)


def test_a_check_that_fails_is_raised() -> None:
    with pytest.raises(ValueError, match="Landscape has 3 variables"):
        grad(LANDSCAPE.sphere)(np.ones(4))


def doubled(x: Any) -> None:
    x *= 2


def doubled_by_another_name(x: Any) -> None:
    y = x[1:]
    y += 1


def written_by_numpy(x: Any) -> None:
    np.multiply(x, 2, out=x)


def kept(x: Any) -> None:
    KEPT.append(x)


@pytest.mark.parametrize("act", [doubled, doubled_by_another_name, written_by_numpy, kept])
def test_a_call_that_changes_or_keeps_an_array_is_refused(act: Callable[..., Any]) -> None:
    def acted(x: Any) -> Any:
        act(x)
        return np.sum(x**2)

    with pytest.raises(UnsupportedError, match="GG106"):
        grad(acted)(X)
