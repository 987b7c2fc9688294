"""Arguments that stand in containers outside, and those that an operation has to know: axes, orders."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special

from gradgen import grad, jvp, vjp
from gradgen.emit.load import load_standalone

ORDER: Any = 3
AXIS: Any = None
OPTIONS: Any = {"axis": 1}
X = np.array([[0.3, -1.2, 2.0], [1.1, 0.4, -0.7]])


def differences(fn: Callable[..., Any], x: np.ndarray) -> np.ndarray:
    """The gradient of a number by central differences, extrapolated once."""
    slopes = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        unit = np.zeros_like(x)
        unit[place] = 1.0
        coarse, fine = ((fn(x + h * unit) - fn(x - h * unit)) / (2 * h) for h in (2e-4, 1e-4))
        slopes[place] = (4 * fine - coarse) / 3
    return slopes


def agrees(fn: Callable[..., Any], x: np.ndarray = X) -> bool:
    return np.allclose(grad(fn)(x), differences(fn, x), rtol=1e-7, atol=1e-8)


def of_order(x):
    return np.sum(np.linalg.norm(x, ord=ORDER, axis=0) ** 2)


def along(x):
    return np.sum(np.linalg.norm(x, axis=AXIS) ** 3)


def with_options(x):
    return np.sum(np.linalg.norm(x, **OPTIONS) ** 3)


def wrapped(fn: Callable[..., Any], *others: Any, **options: Any) -> Callable[..., Any]:
    """A call with arguments that the surroundings hold, weighted into a number."""
    weights = np.cos(np.arange(np.size(fn(X, *others, **options)))).reshape(np.shape(fn(X, *others, **options)))

    def weighed(x):
        return np.sum(weights * fn(x, *others, **options))

    return weighed


class Norm:
    def __init__(self, axis: Any) -> None:
        self.axis = axis

    def cube(self, x):
        return np.sum(np.linalg.norm(x, axis=self.axis) ** 3)


@pytest.mark.parametrize("fn", [
    wrapped(np.sum), wrapped(np.sum, axis=1), wrapped(np.linalg.norm, axis=1), wrapped(np.linalg.norm, "nuc"),
    wrapped(np.var, axis=0, ddof=1), wrapped(np.dot, X.T), wrapped(np.tensordot, X, 2), wrapped(np.tensordot, X.T, ([1], [0])),
    wrapped(np.roll, 2, axis=1), wrapped(np.repeat, 2, axis=0), wrapped(np.swapaxes, 0, 1), wrapped(np.exp),
    wrapped(np.cross, X[::-1], axis=1), wrapped(np.linalg.norm, axis=0, ord=np.inf), Norm(0).cube, Norm(None).cube,
])
def test_arguments_that_stand_outside(fn: Callable[..., Any]) -> None:
    assert agrees(fn)
    _, moved = jvp(fn, "x")(X, x_dot=np.ones_like(X))
    assert moved == pytest.approx(differences(fn, X).sum(), rel=1e-7)


def own(x, w, axis=0):
    return np.sum(x * w, axis=axis)


def test_functions_of_ones_own_are_called_with_what_stands_outside() -> None:
    assert agrees(wrapped(own, X[::-1])) and agrees(wrapped(own, X[::-1], 1)) and agrees(wrapped(own, X[::-1], axis=1))


def test_a_starred_parameter_is_handed_on() -> None:
    def product(*factors):
        return np.sum(np.dot(*factors) ** 2)

    da, db = grad(product)(X, X.T[:, :1])
    assert np.allclose(da, differences(lambda x: product(x, X.T[:, :1]), X))
    assert np.allclose(db, differences(lambda x: product(X, x), X.T[:, :1]))


def test_starred_calls_in_loops_and_of_lists_made_here() -> None:
    def powers(*factors):
        total = 0.0
        for _ in range(2):
            total = total + np.sum(np.power(*factors))
        return total

    def halves(x):
        parts = [x[0], 2 * x[1]]
        return np.sum(np.multiply(*parts) ** 2)

    base, exponent = np.abs(X) + 0.5, X[::-1]
    assert np.allclose(grad(powers)(base, exponent)[0], differences(lambda x: powers(x, exponent), base))
    assert agrees(halves)


def test_what_a_text_rests_on_is_noticed_when_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    by_order, by_axis, by_options = grad(of_order), grad(along), grad(with_options)
    for order, axis, options in (
        (3, None, {"axis": 1}), (1, 0, {"axis": 0}), (np.inf, 1, {"ord": 2, "axis": 1, "keepdims": True}), (2, None, {}),
    ):
        for name, value in {"ORDER": order, "AXIS": axis, "OPTIONS": options}.items():
            monkeypatch.setitem(globals(), name, value)
        for gradient, fn in ((by_order, of_order), (by_axis, along), (by_options, with_options)):
            assert np.allclose(gradient(X), differences(fn, X), rtol=1e-7, atol=1e-8)
    own = Norm(0)
    gradient = grad(own.cube)
    assert np.allclose(gradient(X), differences(own.cube, X))
    own.axis = None
    assert np.allclose(gradient(X), differences(own.cube, X))


def test_a_dict_that_is_filled_later_is_noticed() -> None:
    options: dict[str, Any] = {"axis": 0}

    def cube(x):
        return np.sum(np.linalg.norm(x, **options) ** 3)

    gradient = grad(cube)
    assert np.allclose(gradient(X), differences(cube, X))
    options["ord"] = 1
    assert np.allclose(gradient(X), differences(cube, X))
    options["axis"] = 1
    assert np.allclose(gradient(X), differences(cube, X))


def test_saved_text_carries_them() -> None:
    text = grad(of_order, like=(X,)).source
    assert "ORDER = 3" in text
    assert np.allclose(load_standalone(text, "of_order_grad")(X), differences(of_order, X))


def test_functions_of_numpy_with_some_arguments_given() -> None:
    weights = np.array([2.0, -1.0])
    summed = functools.partial(np.sum, axis=1)
    assert vjp(summed)(X, dsum=weights).tolist() == np.repeat(weights, 3).reshape(2, 3).tolist()
    product = functools.partial(np.dot, X)
    assert vjp(product)(X.T, ddot=np.eye(2)).tolist() == X.T.tolist()
    assert vjp(product, 0)(X.T, ddot=np.eye(2)).tolist() == X.T.tolist()
    value, moved = jvp(summed, "a")(X, a_dot=X)
    assert value.tolist() == moved.tolist() == X.sum(axis=1).tolist()


def handed_on(fn: Callable[..., Any], *others: Any, **options: Any) -> Callable[..., Any]:
    """A call that is all that a function does, and says nothing of arrays."""
    return lambda x: fn(*others, x, **options)


@pytest.mark.parametrize("fn", [handed_on(np.exp), handed_on(np.logaddexp, 0.4), handed_on(special.jv, 2.0)])
@pytest.mark.parametrize("x", [0.7, X])
def test_an_entrywise_call_that_is_spread_is_what_it_is_on_numbers_and_arrays(fn: Callable[..., Any], x: Any) -> None:
    slopes = (fn(x + 1e-5) - fn(x - 1e-5)) / 2e-5
    weights = np.cos(np.ones_like(x))
    backward = vjp(fn, "x")
    assert backward(x, **{backward.seeds[0]: weights}) == pytest.approx(weights * slopes, rel=1e-8)
    assert jvp(fn, "x")(x, x_dot=weights)[1] == pytest.approx(weights * slopes, rel=1e-8)
