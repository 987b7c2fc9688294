"""Arrays that lists and dicts hold and that change in their place, and containers that are made anew: right by differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import vjp


def changed_twice(x: Any, y: Any) -> Any:
    d = {"a": x * 1.5}
    d["a"] *= y
    d["a"] *= y
    return d["a"]


def replaced_then_changed(x: Any, y: Any) -> Any:
    d = [x * 1.5]
    d[0] = d[0] * y
    d[0] += y
    return d[0]


def read_between(x: Any, y: Any) -> Any:
    d = {"a": x * 1.5}
    d["a"] = d["a"] * y
    d["b"] = d["a"] * y
    d["a"] += y
    return d["a"] * d["b"]


def changed_by_another_name(x: Any, y: Any) -> Any:
    parts = [x * 1.5, y * 2]
    total = np.sum(parts[0] ** 2)
    first = parts[0]
    first *= y
    return total * first


def made_longer_between(x: Any, y: Any) -> Any:
    parts = [x * 1.5]
    parts.append(parts[-1] * y)
    parts[-1] += y**2
    parts.append(parts[-1] * y)
    parts[0] *= parts[-1]
    return parts[0] * parts[1] * parts[2]


def changed_in_a_loop(x: Any, y: Any) -> Any:
    d = {"a": x * 1.5, "b": [y * 2]}
    for _ in range(3):
        d["a"] *= y
        d["a"] = np.sin(d["a"])
        d["a"] += d["a"] ** 2
    return d["a"] * d["b"][0]


def changed_on_one_way(x: Any, y: Any) -> Any:
    d = {"a": x * 1.5}
    if y[0] > 0:
        d["a"] *= y
    else:
        d["a"] = d["a"] * 2
    e = d["a"] * y
    d["a"] /= y
    return d["a"] * e


def made_anew_from_itself(x: Any, y: Any) -> Any:
    d = {"a": x * 1.5, "b": y}
    d["a"] *= y
    d = {"a": d["a"] * d["b"], "b": d["a"]}
    d["a"] *= d["a"]
    return d["a"] * d["b"]


def a_state_made_anew_each_turn(x: Any, y: Any) -> Any:
    state = {"p": x, "v": y}
    for k in range(3):
        if k == 1:
            state = {"p": state["v"], "v": state["p"] * 2}
        else:
            state = {"p": state["p"] + 0.1 * state["v"], "v": state["v"] - 0.1 * np.sin(state["p"])}
    return state["p"] * state["v"]


CASES = [
    changed_twice, replaced_then_changed, read_between, changed_by_another_name, made_longer_between, changed_in_a_loop,
    changed_on_one_way, made_anew_from_itself, a_state_made_anew_each_turn,
]


@pytest.mark.parametrize("function", CASES)
@pytest.mark.parametrize("optimize", [True, False])
def test_gradients_through_arrays_in_containers_agree_with_differences(function: Callable[..., Any], optimize: bool) -> None:
    x, y = np.array([0.7, -1.2, 0.4]), np.array([0.9, 1.3, -0.6])
    seed, along, step = np.array([0.7, -1.3, 0.4]), (np.array([0.3, 1.1, -0.8]), np.array([-0.5, 0.2, 0.9])), 1e-6
    derivative = vjp(function, ("x", "y"), optimize=optimize)
    slopes = derivative(x.copy(), y.copy(), **{f"d{function.__name__}": seed})
    up, down = (function(x + s * along[0], y + s * along[1]) for s in (step, -step))
    slope = np.sum(seed * (up - down)) / (2 * step)
    assert sum(np.sum(got * way) for got, way in zip(slopes, along, strict=True)) == pytest.approx(slope, rel=1e-7)
