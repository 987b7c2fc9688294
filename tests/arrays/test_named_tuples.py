"""Named tuples of arrays as arguments, whose elements are read by their places."""
from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
import pytest

from gradgen import grad
from gradgen.emit.load import load_standalone

Layer = namedtuple("Layer", "W b")
Turned = namedtuple("Turned", "b W")
X, W, B = np.array([0.3, -1.1]), np.array([[0.7, 0.2], [-0.4, 1.3]]), np.array([0.5, -0.6])
SLOPE = 1 - np.tanh(W @ X + B) ** 2


def unpacked(p, x):
    W, b = p
    return np.sum(np.tanh(W @ x + b))


def by_place(p, x):
    return np.sum(np.tanh(p[0] @ x + p[-1]))


def in_a_dict(p, x):
    W, b = p["layer"]
    return np.sum(np.tanh(W @ x + b))


def in_a_loop(p, x):
    for W, b in p:
        x = np.tanh(W @ x + b)
    return np.sum(x)


def weighed(p, x):
    first, second = p
    return np.sum(first * x) + 3 * np.sum(second)


@pytest.mark.parametrize(
    "fn, wrap",
    [(unpacked, lambda p: p), (by_place, lambda p: p), (in_a_dict, lambda p: {"layer": p}), (in_a_loop, lambda p: [p])],
)
def test_elements_by_their_places_have_their_adjoints_under_their_names(fn: Any, wrap: Any) -> None:
    given = wrap(Layer(W, B))
    slopes = grad(fn, like=(given, X), wrt="p")
    found = slopes(given, X, **{slopes.seeds[0]: 1.7})
    layer = found if isinstance(found, Layer) else next(iter(found.values() if isinstance(found, dict) else found))
    np.testing.assert_allclose(layer.W, 1.7 * np.outer(SLOPE, X))
    np.testing.assert_allclose(layer.b, 1.7 * SLOPE)


def test_a_list_of_named_tuples_has_the_adjoint_of_each() -> None:
    layers = [Layer(W, B), Layer(2 * W, B)]
    found = grad(in_a_loop, like=(layers, X), wrt="p")(layers, X)
    outer = 1 - np.tanh(2 * W @ np.tanh(W @ X + B) + B) ** 2
    np.testing.assert_allclose(found[1].b, outer)
    np.testing.assert_allclose(found[0].b, SLOPE * (2 * W.T @ outer))
    np.testing.assert_allclose(found[0].W, np.outer(SLOPE * (2 * W.T @ outer), X))


def test_a_tuple_with_the_same_names_in_another_order_is_told_apart() -> None:
    derivative = grad(weighed, like=(Layer(B, X), X), wrt="p")
    found = derivative(Turned(B, X), X)
    np.testing.assert_allclose(found.b, X)
    np.testing.assert_allclose(found.W, [3.0, 3.0])
    saved = load_standalone(grad(weighed, like=(Layer(B, X), X), wrt="p").source, "weighed_grad")
    with pytest.raises(TypeError, match="a tuple of"):
        saved(Turned(B, X), X)


def test_a_record_that_the_function_makes_is_unpacked() -> None:
    def made(x):
        p = Layer(x * 2, x)
        first, second = p
        return np.sum(first * second)

    np.testing.assert_allclose(grad(made, like=(X,))(X), 4 * X)
