"""Variables that hold arrays of different shapes at different times: their adjoints start from nothing in the right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad
from gradgen.errors import UnsupportedError

from .along import judge

LAYERS = [(np.array([[0.3, -0.8], [1.1, 0.4]]), np.array([0.2, -0.5])), (np.array([[0.7], [-0.6]]), np.array([0.9]))]
ROWS = [np.array([0.7]), np.array([0.4, -1.3, 0.8])]
X = np.array([0.6, -1.1, 0.9])


def of_another_turn(w: Any, rows: Any) -> Any:
    s = 0.0
    for row in rows:
        u = row * w
        v = 3 * u + row
        s = s + v[0] ** 2
    return s + u[0] + v[-1]


def sums_of_another_turn(w: Any, rows: Any) -> Any:
    s = np.zeros(1)
    for row in rows:
        u = w * row
        s = s + u @ np.ones(row.shape[0])
    return s[0] + u[0]


def bound_anew(w: Any, x: Any) -> Any:
    u = x[:1] * w
    s = 3 * u
    u = x * w * 2
    return s[0] + np.sum(u)


def after_a_branch(w: Any, x: Any, is_long: bool) -> Any:
    s = np.ones(1)
    u = x[:1] * w
    if is_long:
        s = s + 3 * u
    u = x * 2
    return s[0] + np.sum(u) * w


def in_a_branch(w: Any, x: Any, is_long: bool) -> Any:
    u = x[:1] * w
    s = 3 * u
    if is_long:
        u = 3 * x * w
    return s[0] + np.sum(u)


def constant_in_a_branch(w: Any, x: Any, is_long: bool) -> Any:
    u = x[:1] * w
    s = 3 * u
    if is_long:
        u = np.ones(3)
    return s[0] + np.sum(u)


def in_a_while_loop(w: Any, x: Any) -> Any:
    s, u, i = np.zeros(1), x[:1] * w, 0
    while i < 3:
        if i == 1:
            s = s + u
        if i == 2:
            break
        u = x * w * 2 if i == 1 else x[:1] * w * 3
        i += 1
    return s[0] + u[0]


def last_element(rows: Any, w: Any) -> Any:
    s = np.zeros(1)
    for row in rows:
        s = s + w * (2 * row)[:1]
    return s[0] + w * row[0]


def last_of_a_zip(rows: Any, w: Any) -> Any:
    s = 0.0
    for i, (x, y) in enumerate(zip(rows, rows[1:], strict=False)):
        s = s + w * x[0] * y[0] * i
        if s > 100:
            break
    return s * np.sum(x) * y[0]


def output_before_the_last_activation(layers: Any, x: Any) -> Any:
    for W, b in layers:
        out = x @ W + b
        x = np.tanh(out)
    return np.sum(out) + np.sum(W) * np.sum(b)


def layers_until_a_break(layers: Any, x: Any) -> Any:
    for i, (W, b) in enumerate(layers):
        x = np.tanh(x @ W + b)
        if i == 1:
            break
    return np.sum(x) * np.sum(W**2)


def last_of_some(layers: Any, x: Any) -> Any:
    for W, b in layers[1:]:
        x = x * np.sum(W) * np.sum(b)
    return np.sum(x) * np.sum(W**2)


def last_of_all_reversed(layers: Any, x: Any) -> Any:
    for W, b in reversed(layers):
        x = x * np.sum(W) * np.sum(b)
    return np.sum(x) * np.sum(W**2)


def last_dict(layers: Any, x: Any) -> Any:
    for layer in layers:
        x = x * np.sum(layer["W"])
    return np.sum(x) * np.sum(layer["W"] ** 2)


def summed_in_a_branch(x: Any, y: Any, is_short: bool) -> Any:
    u, v = x[1:], y[1:]
    if is_short:
        u = np.sum(x, keepdims=True)
        v = y
    s = np.sin(u) * v
    return s @ s


def rows_of_any_length(w: Any, rows: Any) -> Any:
    s = 0.0
    parts = [w * row for row in rows]
    for part in parts:
        for other in parts:
            s = s + np.sum(np.sin(part) * other)
    return s


@pytest.mark.parametrize(("function", "arguments", "wrt"), [
    (summed_in_a_branch, (X, X**2, True), "x y"), (summed_in_a_branch, (X, X**2, False), "x y"),
    (rows_of_any_length, (0.7, [ROWS[0], X]), "w rows"),
    (of_another_turn, (0.7, ROWS), "w"), (sums_of_another_turn, (0.7, ROWS), "w"),
    (of_another_turn, (0.7, ROWS), "w rows"), (of_another_turn, (0.7, ROWS[::-1]), "w rows"),
    (bound_anew, (0.7, X), "w x"), (in_a_while_loop, (0.7, X), "w x"),
    (after_a_branch, (0.7, X, True), "w"), (in_a_branch, (0.7, X, True), "w"), (constant_in_a_branch, (0.7, X, True), "w"),
    (after_a_branch, (0.7, X, True), "w x"), (in_a_branch, (0.7, X, True), "w x"), (constant_in_a_branch, (0.7, X, True), "w x"),
    (in_a_branch, (0.7, X, False), "w x"), (last_element, (ROWS, 0.7), "rows w"), (last_of_a_zip, (ROWS, 0.7), "rows w"),
    (output_before_the_last_activation, (LAYERS, np.outer(X, X[:2])), "layers x"),
    (layers_until_a_break, (LAYERS, np.outer(X, X[:2])), "layers x"), (last_of_some, (LAYERS, X), "layers x"),
    (last_of_all_reversed, (LAYERS, X), "layers x"), (last_dict, ([{"W": W} for W, _ in LAYERS], X), "layers x"),
])
@pytest.mark.parametrize("optimize", [True, False])
def test_an_adjoint_starts_in_the_shape_that_its_variable_has_there(
    function: Callable[..., Any], arguments: tuple[Any, ...], wrt: str, optimize: bool
) -> None:
    judge(function, arguments, tuple(wrt.split()), optimize)


def lost_in_a_try(w: Any, x: Any) -> Any:
    s = np.zeros(1)
    u = x[:1] * w
    try:
        s = s + 3 * u
        u = x * w
        u = u[7]
    except IndexError:
        s = s * 2
    return s[0] + u[0]


def last_element_or_one_before(rows: Any, w: Any) -> Any:
    row = rows[0] * w
    for row in rows:
        w = w + row[0]
    return w * row[0]


@pytest.mark.parametrize(("function", "arguments"), [(lost_in_a_try, (0.7, X)), (last_element_or_one_before, (ROWS, 0.7))])
def test_where_the_shape_cannot_be_kept_it_is_refused(function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    with pytest.raises(UnsupportedError, match=r"test_changing_shapes\.py:\d+:\d+: GG106: .* through (an array|a loop variable)"):
        grad(function)(*arguments)
