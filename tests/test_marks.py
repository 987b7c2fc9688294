"""What a user writes inside of a function to steer its derivative: stop_gradient and adjoint_of.

Never takes an expected number from gradgen: closed forms, and gradients written by hand.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import gradgen
from gradgen import adjoint_of, stop_gradient
from tests.forward.written import function


def weighed(x: float, y: float) -> float:
    u = x * y
    w = stop_gradient(u)
    return math.sin(u) * w + stop_gradient(math.exp(x)) * y


def test_a_stopped_value_is_a_constant_of_every_order() -> None:
    x, y = 0.3, 0.7
    u = x * y
    value, (dx, dy) = gradgen.value_and_grad(weighed)(x, y, dweighed=-2.0)
    assert value == weighed(x, y)
    assert dx == pytest.approx(-2.0 * u * math.cos(u) * y)
    assert dy == pytest.approx(-2.0 * (u * math.cos(u) * x + math.exp(x)))
    assert gradgen.jvp(weighed, wrt="x")(x, y, x_dot=3.0)[1] == pytest.approx(3.0 * u * math.cos(u) * y)
    assert gradgen.hessian(weighed, wrt="x")(x, y) == pytest.approx(-u * math.sin(u) * y * y)


def test_the_text_with_a_stopped_value_stands_alone() -> None:
    source = gradgen.grad(weighed).source
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    assert "gradgen" not in [line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import", "from"))]
    assert namespace["weighed_grad"](0.3, 0.7) == gradgen.grad(weighed)(0.3, 0.7)


def test_a_stopped_array_is_a_constant() -> None:
    fn = function(
        "def f(x):\n    return np.sum(stop_gradient(x) * x)\n", {"np": np, "stop_gradient": stop_gradient}
    )
    x = np.array([0.5, -2.0])
    np.testing.assert_allclose(gradgen.grad(fn, like=(x,))(x, df=3.0), 3.0 * x)


def clipped(x: float, y: float, n: int) -> float:
    s = x
    for _ in range(n):
        s = s * y + x
        if s > 1:
            with adjoint_of(s) as ds:
                ds = max(-1.0, min(1.0, ds))  # exploding gradients
    return s * s


def by_hand(x: float, y: float, n: int, seed: float) -> tuple[float, float]:
    before, s = [], x
    for _ in range(n):
        before.append(s)
        s = s * y + x
    ds, dx, dy = 2 * seed * s, 0.0, 0.0
    for old in reversed(before):
        if s > 1:
            ds = max(-1.0, min(1.0, ds))
        dx, dy, ds, s = dx + ds, dy + ds * old, ds * y, old
    return dx + ds, dy


@pytest.mark.parametrize("optimize", [True, False])
def test_an_adjoint_is_clipped_where_it_flows_past(optimize: bool) -> None:
    made = gradgen.value_and_grad(clipped, wrt=("x", "y"), optimize=optimize)
    value, gradient = made(0.9, 0.7, 4, dclipped=1.5)
    assert value == clipped(0.9, 0.7, 4)
    assert gradient == pytest.approx(by_hand(0.9, 0.7, 4, 1.5))
    assert "# exploding gradients" in made.source


def test_the_body_may_read_what_the_forward_part_overwrites_later() -> None:
    seen: list[float] = []
    fn = function("""
def f(x, n: int):
    s = 1.0
    for k in range(n):
        s = s * x
        with adjoint_of(s) as ds:
            seen.append((k, s, ds))
    return s
""", {"adjoint_of": adjoint_of, "seen": seen})
    assert gradgen.grad(fn, wrt="x")(2.0, 3) == 12.0
    assert seen == [(2, 8.0, 1.0), (1, 4.0, 2.0), (0, 2.0, 4.0)]


def test_the_adjoint_of_an_array_may_be_changed_in_place() -> None:
    fn = function("""
def f(W, x):
    z = W @ x
    with adjoint_of(z) as dz:
        dz[0] = 0.0
        dz = np.clip(dz, -1, 1)
    return np.sum(z ** 2)
""", {"np": np, "adjoint_of": adjoint_of})
    W, x = np.array([[1.0, 2.0], [0.5, 0.1], [3.0, -0.2]]), np.array([0.4, 0.3])
    seed = np.clip(np.array([0.0, 1.0, 1.0]) * 2 * (W @ x), -1, 1)
    value, (dW, dx) = gradgen.value_and_grad(fn, like=(W, x))(W, x)
    assert value == pytest.approx(np.sum((W @ x) ** 2))
    np.testing.assert_allclose(dW, np.outer(seed, x))
    np.testing.assert_allclose(dx, W.T @ seed)


def test_the_body_may_have_names_of_its_own() -> None:
    fn = function("""
def f(W, x):
    z = W @ x
    with adjoint_of(z) as dz:
        norm = np.sqrt(np.sum(dz ** 2))
        if norm > 1:
            dz = dz / norm
        for place in (0, 1):
            dz[place] *= 2
    return np.sum(z ** 2)
""", {"np": np, "adjoint_of": adjoint_of})
    W, x = np.array([[1.0, 2.0], [0.5, 0.1], [3.0, -0.2]]), np.array([0.4, 0.3])
    dz = 2 * (W @ x) / np.linalg.norm(2 * (W @ x)) * [2.0, 2.0, 1.0]
    value, (dW, dx) = gradgen.value_and_grad(fn, like=(W, x))(W, x)
    assert value == pytest.approx(np.sum((W @ x) ** 2))
    np.testing.assert_allclose(dW, np.outer(dz, x))
    np.testing.assert_allclose(dx, W.T @ dz)
    along = np.array([0.3, -0.7])
    moved = W @ along
    z = W @ x
    turned = (moved - z * (z @ moved) / (z @ z)) / np.linalg.norm(z) * [2.0, 2.0, 1.0]
    np.testing.assert_allclose(gradgen.hvp(fn, wrt="x", like=(W, x))(W, x, x_dot=along), W.T @ turned)


def test_a_seed_that_is_looked_at_stays_the_callers() -> None:
    fn = function("""
def f(x):
    y = x * 2
    with adjoint_of(y) as dy:
        dy *= 0.5
    return y
""", {"adjoint_of": adjoint_of})
    x, seed = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    np.testing.assert_allclose(gradgen.vjp(fn, like=(x,))(x, dy=seed), seed)
    np.testing.assert_allclose(seed, [3.0, 4.0])


def test_two_adjoints_may_be_looked_at_together() -> None:
    """Of u v with u = x y, v = x + y: du = 2 v and dv = u + du, so that dx = 2 v y + dv."""
    fn = function("""
def f(x, y):
    u = x * y
    v = x + y
    with adjoint_of(u) as du, adjoint_of(v) as dv:
        du = 2 * du
        dv = dv + du
    return u * v
""", {"adjoint_of": adjoint_of})
    assert gradgen.grad(fn)(1.0, 2.0) == (20.0, 14.0)
    x, y, s, t = 1.3, -0.4, 0.7, 0.2  # dx = 2 (x + y) y + x y + 2 (x + y), dy = 2 (x + y) x + x y + 2 (x + y)
    along = s * (2 * y + y + 2) + t * (2 * x + 4 * y + x + 2), s * (4 * x + 2 * y + y + 2) + t * (2 * x + x + 2)
    assert gradgen.hvp(fn)(x, y, x_dot=s, y_dot=t) == pytest.approx(along, rel=1e-14)


@pytest.mark.parametrize(("body", "reason"), [
    ("with adjoint_of(s) as ds, adjoint_of(1 * x) as dx:\n        print(ds)", "a name for each variable"),
    ("k = 1.0\n    with adjoint_of(s) as ds, adjoint_of(k) as dk:\n        print(ds)", "of which some have none"),
    ("z = s\n    with adjoint_of(s) as ds:\n        z = ds\n    s = s + z", "bind no name used outside"),
    ("with adjoint_of(s * 2) as ds:\n        print(ds)", "a name for each variable"),
    ("with adjoint_of(s) as ds:\n        return s", "plain statements"),
    ("ds = s\n    with adjoint_of(s) as ds:\n        print(ds)", "stands for something else"),
    ("xs = [s]\n    with adjoint_of(s) as ds:\n        print(xs)\n    s = xs[0]", "container xs"),
])
def test_other_forms_are_refused(body: str, reason: str) -> None:
    fn = function(f"def f(x):\n    s = x * x\n    {body}\n    return s * x\n", {"adjoint_of": adjoint_of})
    with pytest.raises(gradgen.UnsupportedError, match=reason):
        gradgen.grad(fn)


def test_forward_mode_has_no_adjoint_to_show() -> None:
    with pytest.raises(gradgen.NonDifferentiableError, match="forward mode"):
        gradgen.jvp(clipped, wrt="x")(0.9, 0.7, 4, x_dot=1.0)


def test_the_plain_call_runs_the_body_with_zeros() -> None:
    with adjoint_of(2.5) as dx:
        assert dx == 0.0
    with adjoint_of(np.ones(3)) as dx:
        np.testing.assert_array_equal(dx, np.zeros(3))
