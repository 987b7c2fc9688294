"""Comprehensions whose elements are functions of sums (dense layers, distances): judged by differences, also where they repeat.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import math
from typing import Any

import pytest

from gradgen import grad, value_and_grad
from tests.oracle.differences import derivative

W, B = [[0.3, 0.2], [0.5, -0.4]], [0.1, 0.2]
X, Y = 1.7, 0.9


def two_layers(x, y, weights, biases):
    v = [x, y]
    h = [math.tanh(sum(w * a for w, a in zip(row, v, strict=True)) + b) for row, b in zip(weights, biases, strict=True)]
    out = [math.exp(sum(w * a for w, a in zip(row, h, strict=True))) for row in weights]
    return out[0] * out[1] + sum(h)


def layer_after_layer(x, y, weights, biases):
    v = [x, y]
    for _ in range(3):
        v = [math.tanh(sum(w * a for w, a in zip(row, v, strict=True)) + b) for row, b in zip(weights, biases, strict=True)]
    return v[0] * v[1]


def bound_anew(x, y, weights, biases):
    v = [x, y]
    h = [math.tanh(sum(w * a for w, a in zip(row, v, strict=True)) + b) for row, b in zip(weights, biases, strict=True)]
    v = [y, 1.0]
    return h[0] * h[1] * v[0] + weights[1][0]


def squares_of_sums(x, y, weights, biases):
    v = [x, y]
    q = [sum(a * w for a in v) ** 2 for w in biases]
    return q[0] / q[1] + weights[1][0] * q[0]


def distances(x, y, weights, biases):
    v = [x, y]
    return sum(math.sqrt(sum((a - w) ** 2 for a, w in zip(v, row, strict=True))) for row in weights)


@pytest.mark.parametrize(("fn", "optimize"), [
    (two_layers, True), (layer_after_layer, True), (layer_after_layer, False), (bound_anew, True), (squares_of_sums, True),
    (distances, True),
])
def test_sums_inside_of_the_elements_are_computed_again(fn, optimize):
    generated = value_and_grad(fn, wrt=("x", "y"), optimize=optimize)
    seed = generated.seeds[0]
    value, (dx, dy) = generated(X, Y, W, B, **{seed: 1.7})
    assert value == fn(X, Y, W, B)
    assert dx == pytest.approx(1.7 * derivative(lambda x: fn(x, Y, W, B), X).value, rel=1e-7)
    assert dy == pytest.approx(1.7 * derivative(lambda y: fn(X, y, W, B), Y).value, rel=1e-7)
    alone: dict[str, Any] = {}
    exec(compile(generated.source, "<alone>", "exec"), alone)
    assert alone[generated.__name__](X, Y, W, B, **{seed: 1.7}) == (value, (dx, dy))
    dw = grad(fn, wrt="weights", optimize=optimize)(X, Y, W, B)
    assert dw[1][0] == pytest.approx(derivative(lambda w: fn(X, Y, [W[0], [w, W[1][1]]], B), W[1][0]).value, rel=1e-7)
