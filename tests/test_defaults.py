"""Default arguments have the values that they had where their function was defined, in live derivatives and in saved text."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gradgen import grad, jvp, value_and_grad
from gradgen.emit.load import load_standalone
from gradgen.errors import UnsupportedError

K = 2.0
TABLE = (1.0, 4.0)


def scaled(t: float, k: float = K * 1.5) -> float:
    return t * k


def steps(t: float, k: float = 1.0, n: float = K) -> float:
    return float(int(k)) * n


(half,) = (lambda t, k=K: t / k,)


class Spring:
    stiffness = 5.0

    def force(self, x: float, k: float = stiffness, more: float = K) -> float:
        return -k * x * more


SPRING = Spring()


def own(x: float, y: float = K * 2, *, z: float = TABLE[1]) -> float:
    return x * y + z


WEIGHTS = np.array([1.0, 2.5])
SMALL = np.array([1.0, 2.5], dtype="float32")


def weighed(x, weights=WEIGHTS, *, small=SMALL * 2):
    return np.sum(weights * x**2) + np.sum(small * x)


def by_weights(x):
    return weighed(x) * 2


WEIGHTS = np.array([5.0, -3.0])
SMALL = WEIGHTS
K = 7.0
TABLE = (9.0, 9.0)


def by_callees(x: float, y: float) -> float:
    return scaled(x) * scaled(y, K)


def by_a_passive_callee(x: float, y: float) -> float:
    return x * y * steps(1.0)


def by_a_lambda(x: float, y: float) -> float:
    return half(x) * y


def by_a_method(x: float, y: float) -> float:
    return SPRING.force(x) * y


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (by_callees, (3.0 * 7.0 * 1.3, 3.0 * 7.0 * 0.7)),
        (by_a_passive_callee, (2.0 * 1.3, 2.0 * 0.7)),
        (by_a_lambda, (1.3 / 2.0, 0.7 / 2.0)),
        (by_a_method, (-10.0 * 1.3, -10.0 * 0.7)),
        (own, (1.3, 0.7)),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_default_is_what_it_was_when_its_function_was_defined(
    function: Callable[..., float], expected: tuple[float, float]
) -> None:
    generated = value_and_grad(function, ("x", "y"))
    seed = {generated.seeds[0]: 1.7}
    value, gradient = generated(0.7, 1.3, **seed)
    assert value == function(0.7, 1.3)
    assert gradient == pytest.approx([1.7 * each for each in expected], rel=1e-14)
    saved = load_standalone(generated.source, generated.__name__)
    assert saved(0.7, 1.3, **seed) == (value, gradient)
    moved = jvp(function, ("x", "y"))(0.7, 1.3, x_dot=0.4, y_dot=-1.1)
    assert moved == (value, pytest.approx(0.4 * expected[0] - 1.1 * expected[1], rel=1e-14))


def test_a_default_that_is_left_out_is_the_same_in_saved_text() -> None:
    generated = value_and_grad(own, ("x", "y", "z"))
    assert generated(0.7) == (own(0.7), (4.0, 0.7, 1.0)) == load_standalone(generated.source, generated.__name__)(0.7)


def nested(x: float) -> float:
    def squared(t: float, k: float = K) -> float:
        return k * t * t
    return squared(x) * x


def test_a_default_that_is_computed_at_every_call_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="squared"):
        value_and_grad(nested)


def test_an_array_for_a_default_is_what_it_was_in_saved_text() -> None:
    x = np.array([0.5, -1.5])
    own = 2 * np.array([1.0, 2.5]) * x + np.array([2.0, 5.0])
    for function, slope in ((weighed, own), (by_weights, 2 * own)):
        derivative = grad(function, "x")
        assert derivative(x) == pytest.approx(slope)
        assert load_standalone(derivative.source, f"{function.__name__}_grad")(x) == pytest.approx(slope)
