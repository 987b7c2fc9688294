"""A decorated function or method has every derivative at hand, and makes each one once."""
from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import differentiable, nth

POINT = np.array([0.7, -0.4])


class Decay:
    def __init__(self, times: list[float], data: list[float]) -> None:
        self.times = np.array(times)
        self.data = np.array(data)

    @differentiable
    def loss(self, p: Any) -> Any:
        return np.sum((p[0] * np.exp(p[1] * self.times) - self.data) ** 2)

    @differentiable(wrt="p")
    def residuals(self, p: Any, scale: float = 1.0) -> Any:
        return scale * (p[0] * np.exp(p[1] * self.times) - self.data)


def model(times: list[float]) -> Decay:
    return Decay(times, [0.5 * t for t in times])


def slopes(fn: Callable[[Any], Any], x: Any, h: float = 1e-5) -> Any:
    """Central differences by each element, along the last axis."""
    return np.stack([(fn(x + h * unit) - fn(x - h * unit)) / (2 * h) for unit in np.eye(len(x))], axis=-1)


def test_derivatives_of_a_method_are_made_once_for_an_object() -> None:
    one, other = model([0.0, 1.0, 2.0]), model([1.0, 3.0])
    assert one.loss.grad is one.loss.grad
    for each in (one, other, one):
        assert each.loss.grad(POINT) == pytest.approx(slopes(each.loss, POINT), rel=1e-7)
    copied = copy.deepcopy(one)
    copied.times *= 2.0
    for each in (copied, one):
        assert each.loss.grad(POINT) == pytest.approx(slopes(each.loss, POINT), rel=1e-7)


def test_a_method_that_is_only_called_keeps_no_object() -> None:
    held = model([0.0, 1.0])
    assert held.loss(POINT) == held.loss(POINT)
    assert held.loss is not held.loss


def test_every_derivative_is_at_hand() -> None:
    held = model([0.0, 1.0, 2.0])
    assert held.residuals.jacobian(POINT) == pytest.approx(slopes(held.residuals, POINT), rel=1e-7)
    assert held.residuals.jvp(POINT, p_dot=POINT)[1] == pytest.approx(slopes(held.residuals, POINT) @ POINT, rel=1e-7)
    exact = slopes(held.loss.grad, POINT)
    assert held.loss.hessian(POINT) == pytest.approx(exact, rel=1e-6)
    assert held.loss.hvp(POINT, p_dot=POINT) == pytest.approx(exact @ POINT, rel=1e-6)


@differentiable(wrt="y")
def cubic(x: float, y: float) -> float:
    return x * x * y**3


def test_what_the_decorator_is_asked_for_holds_for_every_transform() -> None:
    assert cubic.grad(2.0, 3.0) == 3 * 4.0 * 9.0
    assert cubic.hessian(2.0, 3.0) == 6 * 4.0 * 3.0
    assert nth(cubic, 3)(2.0, 3.0) == 6 * 4.0
