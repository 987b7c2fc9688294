"""What is made of all elements of arrays, lists and dicts: gradients in the arguments' structure, right by differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad

from .along import judge

RNG = np.random.default_rng(23)
PAIRS = [(RNG.normal(size=(3, 2)), RNG.normal(size=2)), (RNG.normal(size=(2, 2)), RNG.normal(size=2)),
         (RNG.normal(size=(2, 1)), RNG.normal(size=1))]
X = RNG.normal(size=(4, 3))
V = np.array([0.6, -1.1, 0.9, 0.4])
BY_NAME = {"W1": PAIRS[0][0], "b1": PAIRS[0][1], "W2": PAIRS[2][0], "b2": PAIRS[2][1]}


def two_layers(params: Any, x: Any) -> Any:
    (W1, b1), (W2, b2) = params
    return np.sum(np.tanh(x @ W1 + b1) @ W2 + b2)


def two_layers_in_a_list(params: Any, x: Any) -> Any:
    [(W1, b1), (W2, b2)] = params
    return np.mean((np.tanh(x @ W1 + b1) @ W2 + b2) ** 2)


def hidden_and_last(params: Any, x: Any) -> Any:
    *hidden, (W, b) = params
    for V, c in hidden:
        x = np.tanh(x @ V + c)
    return np.sum(x @ W + b)


def by_name(p: Any, x: Any) -> Any:
    out = np.tanh(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
    return np.mean(out**2) + 0.1 * sum(np.sum(v**2) for v in p.values())


def by_items(p: Any, x: Any) -> Any:
    penalty = 0.0
    for name, v in p.items():
        if name.startswith("W"):
            penalty += np.sum(v**2)
    return penalty * np.sum(x @ p["W1"])


def by_keys(p: Any, x: Any) -> Any:
    penalty = 0.0
    for name in p:
        penalty += np.sum(p[name] ** 2)
    return penalty * np.sum(x)


def pairs_by_name(p: Any, x: Any) -> Any:
    for _, (W, b) in p.items():
        x = np.tanh(x @ W + b)
    return np.sum(x)


def pairs_of_values(p: Any, x: Any) -> Any:
    for W, b in p.values():
        x = np.tanh(x @ W + b)
    return np.sum(x)


def listed(v: Any, s: Any) -> Any:
    q = list(v)
    q.append(s)
    return q[0] * q[1] + sum(q) * q[-1]


def rows_listed(v: Any, s: Any) -> Any:
    table = np.outer(v, v) * s
    rows = list(table)
    return rows[0] @ rows[1]


def in_a_tuple(v: Any, s: Any) -> Any:
    t = tuple(v)
    return t[0] * t[-1] * s


def joined_in_an_array(v: Any, s: Any) -> Any:
    return np.sum(np.array([s, *v[:2], *v]) ** 2 * np.arange(7))


def joined_in_a_list(v: Any, s: Any) -> Any:
    total = 0.0
    q = [*v, s]
    for i in range(len(q) - 1):
        total += q[i] * q[i + 1] ** 2
    return total


def first_and_rest(v: Any, s: Any) -> Any:
    first, *rest = v
    return first * sum(rest) * s


def ends_and_middle(v: Any, s: Any) -> Any:
    first, *middle, last = v
    return first * last + sum(t**2 for t in middle) * s


def turns_left_out(params: Any, x: Any) -> Any:
    total = 0.0
    for i, (W, b) in enumerate(params):
        if i == 1:
            continue
        total = total + np.sum(W**2) * np.sum(b)
    return total * np.sum(x)


def with_ones(W: Any, *parts: Any) -> Any:
    return np.dot(np.hstack(parts + (np.ones((parts[0].shape[0], 1)),)), W)


def tuples_joined_in_a_callee(W: Any, x: Any) -> Any:
    return np.sum(np.tanh(with_ones(W, x[:, :1])) * with_ones(W, x[:, 2:]))


def tuples_joined(W: Any, x: Any) -> Any:
    parts = (x[:, :1], 2 * x[:, 1:])
    return np.sum(np.concatenate(parts + (x,), axis=1) @ W) * np.sum(np.vstack((*parts[1:], x[:, :2])) ** 2)


def scanned(W: Any, xs: Any) -> Any:
    def step(x: Any, h: Any) -> Any:
        out = np.tanh(x @ W + h)  # not the list of that name
        return out * out

    out = [np.zeros(2)]
    for x in xs:
        out.append(step(x, out[-1]))
    out = np.stack(out)
    return out * W[0]


def a_list_and_its_array_in_a_callee(W: Any, x: Any) -> Any:
    return np.sum(scanned(W, x) * np.cos(scanned(2 * W, x)))


def recurrent(p: Any, xs: Any) -> Any:
    def update(x: Any, h: Any) -> Any:
        return np.tanh(with_ones(p["change"], x, h))

    def shown(h: Any) -> Any:
        out = with_ones(p["predict"], h)
        return out * np.sum(out)

    h = np.repeat(p["start"], xs.shape[1], axis=0)
    out = [shown(h)]
    for x in xs:
        h = update(x, h)
        out.append(shown(h))
    return out


def nested_functions_that_call_others(p: Any, xs: Any) -> Any:
    out = recurrent(p, xs)
    total = 0.0
    for t in range(xs.shape[0]):
        total += np.sum(out[t] * xs[t, :, :1])
    return total


CELL = {"start": RNG.normal(size=(1, 2)), "change": RNG.normal(size=(6, 2)), "predict": RNG.normal(size=(3, 1))}


@pytest.mark.parametrize(("function", "arguments"), [
    (nested_functions_that_call_others, (CELL, RNG.normal(size=(2, 4, 3)))),
    (tuples_joined_in_a_callee, (RNG.normal(size=(2, 2)), X)), (tuples_joined, (RNG.normal(size=(6, 2)), X)),
    (a_list_and_its_array_in_a_callee, (PAIRS[0][0], X)),
    (two_layers, (PAIRS[::2], X)), (two_layers_in_a_list, (tuple(PAIRS[::2]), X)), (hidden_and_last, (PAIRS, X)),
    (by_name, (BY_NAME, X)), (by_items, (BY_NAME, X)), (by_keys, (BY_NAME, X)),
    (pairs_by_name, (dict(zip("abc", PAIRS, strict=True)), X)), (pairs_of_values, (dict(zip("abc", PAIRS, strict=True)), X)),
    (listed, (V, 0.7)), (listed, (V.tolist(), 0.7)), (rows_listed, (V, 0.7)), (in_a_tuple, (V, 0.7)),
    (joined_in_an_array, (V, 0.7)), (joined_in_a_list, (V, 0.7)), (joined_in_a_list, (tuple(V.tolist()), 0.7)),
    (first_and_rest, (V, 0.7)), (first_and_rest, (V.tolist(), 0.7)), (ends_and_middle, (V, 0.7)), (turns_left_out, (PAIRS, X)),
])
@pytest.mark.parametrize("optimize", [True, False])
def test_elements_have_their_slopes(function: Callable[..., Any], arguments: tuple[Any, ...], optimize: bool) -> None:
    names = function.__code__.co_varnames[:2]
    judge(function, arguments, names, optimize)


def test_too_many_pairs_raise_as_they_do_in_the_function() -> None:
    derivative = grad(two_layers, "params")
    derivative(PAIRS[::2], X)
    with pytest.raises(ValueError, match="values to unpack"):
        derivative(PAIRS, X)
