"""Calls of which nothing is known: what is said of them is so, and what is advised works."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp
from gradgen.errors import UnsupportedError


class Spring:
    def __init__(self, stiffness: float) -> None:
        self.stiffness = stiffness

    def energy(self, x: float) -> float:
        return self.stiffness * x * x

    def __call__(self, x: float) -> float:
        return -2 * self.stiffness * x


class Tank:
    def __init__(self, level: float) -> None:
        self.level = level

    def step(self, q: float) -> float:
        self.level = self.level + q
        return self.level * q


SPRINGS = [Spring(1.0), Spring(3.0)]


def made(k: float) -> Any:
    def scaled(x: float) -> float:
        return k * x

    return scaled


def of_a_container(x: float) -> float:
    return SPRINGS[0].energy(x)


def of_each(x: float) -> float:
    total = 0.0
    for spring in SPRINGS:
        total += spring.energy(x)
    return total


def handed_in(x: float, force: Any) -> float:
    return force(x)


def made_and_called(x: float) -> float:
    return made(3.0)(x)


def made_and_named(x: float) -> float:
    scaled = made(3.0)
    return scaled(x)


def of_a_class(x: float) -> float:
    tank = {"only": Tank(x)}["only"]
    return tank.step(x) + math.sin(tank.level)


@pytest.mark.parametrize(("fn", "said", "advised"), [
    (of_a_container, "comes out of a container", "objects that have names in the module"),
    (of_each, "comes out of a container", "objects that have names in the module"),
    (made_and_called, "made by another call", "Define the function where it is called"),
    (made_and_named, "made by another call", "Define the function where it is called"),
    (of_a_class, "what an object of Tank holds is not followed", "a dataclass whose methods store nothing"),
])
def test_what_is_said(fn: Any, said: str, advised: str) -> None:
    with pytest.raises(UnsupportedError, match=f"(?s)GG108.*{said}.*{advised}"):
        grad(fn, "x")


def test_a_function_that_is_handed_in_is_refused_at_the_call() -> None:
    with pytest.raises(UnsupportedError, match=r"(?s)GG108.*force is handed in.*`gradgen.grad\(lambda x: f\(x, g\)\)`"):
        grad(handed_in, "x")(0.3, math.sin)


def annotated(x: float, spring: Spring) -> float:
    return spring.energy(x) - spring(x)


class Shape:
    power = 3

    def __call__(self, x: float) -> float:
        return x**self.power


class Net:
    def __init__(self, *weights: float) -> None:
        self.layers = [Spring(weight) for weight in weights]

    def __call__(self, x: float) -> float:
        for layer in self.layers:
            x = layer.energy(math.tanh(x))
        return x


def by_default(x: float, spring: Spring = SPRINGS[1]) -> float:
    return spring.energy(math.sin(x))


@pytest.mark.parametrize(("fn", "held"), [
    (handed_in, Spring(1.7)), (handed_in, Shape()), (handed_in, Net(1.2, 0.7)), (annotated, Spring(0.6)),
    (by_default, Spring(0.4)),
])
def test_objects_that_are_handed_in_are_called_and_asked(fn: Any, held: Any) -> None:
    h = 1e-6
    slope = (fn(0.3 + h, held) - fn(0.3 - h, held)) / (2 * h)
    assert grad(fn, "x")(0.3, held) == pytest.approx(slope, rel=1e-8)
    assert jvp(fn, "x")(0.3, held, x_dot=2.0)[1] == pytest.approx(2 * slope, rel=1e-8)


def test_an_object_that_is_handed_in_has_an_adjoint_where_all_that_it_holds_is_known() -> None:
    dx, dspring = grad(annotated)(0.3, Spring(0.6))
    assert dx == pytest.approx(2 * 0.6 * 0.3 + 2 * 0.6)
    assert dspring.stiffness == pytest.approx(0.3**2 + 2 * 0.3)
    assert grad(by_default, "x")(0.3) == pytest.approx(3.0 * 2 * math.sin(0.3) * math.cos(0.3))


SECOND = SPRINGS[1]


def of_a_name(x: float) -> float:
    return SECOND.energy(x)


def test_what_is_advised() -> None:
    assert grad(of_a_name)(0.7) == pytest.approx(6 * 0.7)
    assert grad(lambda x: handed_in(x, lambda t: SECOND(t)))(0.7) == pytest.approx(-6.0)
    assert grad(lambda x: handed_in(x, math.sin))(0.7) == pytest.approx(math.cos(0.7))
    assert grad(lambda x: handed_in(x, lambda t: t * t))(0.7) == pytest.approx(1.4)


def roots(x, n):
    np.seterr(invalid="ignore")
    return n * np.sqrt(x)


def with_settings(x):
    y = np.zeros_like(x)
    before = np.seterr(all="ignore")
    y += roots(x, 2)
    np.seterr(**before)
    return np.sum(y * x)


def test_what_numpy_is_to_show_moves_nothing() -> None:
    before, x = np.geterr(), np.array([0.25, 4.0])
    try:
        assert grad(with_settings)(x) == pytest.approx(3 * np.sqrt(x))
    finally:
        np.seterr(**before)
