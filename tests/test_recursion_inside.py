"""Nested functions that call themselves, look-ups in dicts, and tangents of gradients by records that compute.

Never takes an expected number from gradgen: closed forms and central differences.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import gradgen
from gradgen import grad, jvp
from gradgen.emit.load import load_standalone
from tests.oracle.differences import derivative


def by_a_power(a: Any, k: Any) -> Any:
    def go(v, n):  # type: ignore[no-untyped-def]
        if n == 0:
            return v
        return go(v * k, n - 1)

    return go(1.0, 3) * a


def of_both(a: Any, k: Any) -> Any:
    def go(v, n):  # type: ignore[no-untyped-def]
        return v if n == 0 else go(v * k + v * v / a, n - 1)

    return go(a, 3)


def by_ways(a: Any, k: Any) -> Any:
    def go(v, n):  # type: ignore[no-untyped-def]
        if n == 0:
            return v * k
        return go(v * 2, n - 1) if k * v > 3 else go(v + a, n - 1)

    return go(1.0, 3) * a


def summed(a: Any, k: Any) -> Any:
    def total(n):  # type: ignore[no-untyped-def]
        return 0.0 if n == 0 else a * k**n + total(n - 1)

    return total(4)


def under_another_name(a: Any, k: Any) -> Any:
    def times(t):  # type: ignore[no-untyped-def]
        return t * k

    def scaled(t, k):  # type: ignore[no-untyped-def]
        return times(t) * k  # k of its own, which `times` does not see

    return scaled(a, 2.0) * k


def made_anew(a: Any, k: Any) -> Any:
    def times(t):  # type: ignore[no-untyped-def]
        return t * k

    def more(t):  # type: ignore[no-untyped-def]
        return times(t) + 1

    first = more(a)

    def times(t):  # type: ignore[no-untyped-def] # noqa: F811
        return t * t * k

    return first * more(a)


@pytest.mark.parametrize("fn", [under_another_name, made_anew])
def test_nested_functions_that_may_be_others_are_refused_where_they_are_called(fn: Callable[..., Any]) -> None:
    with pytest.raises(gradgen.UnsupportedError, match="GG108"):
        gradgen.grad(fn)


def each_other(a: Any, k: Any) -> Any:
    def even(n):  # type: ignore[no-untyped-def]
        return a if n == 0 else k * odd(n - 1)

    def odd(n):  # type: ignore[no-untyped-def]
        return 1.0 if n == 0 else a * even(n - 1) + k

    return even(4) + odd(3)


def beside_it(a: Any, k: Any) -> Any:
    def rate(y):  # type: ignore[no-untyped-def]
        return -k * y

    def step(y, h):  # type: ignore[no-untyped-def]
        return y + h * rate(y + h / 2 * rate(y))

    def solved(y, n):  # type: ignore[no-untyped-def]
        if n == 0:
            return y
        y = step(y, 0.1)
        return solved(y, n - 1) + leaf(n)

    def leaf(y):  # type: ignore[no-untyped-def]
        return y * a

    before = solved(a, 3)
    k = k * a
    return before * step(1.0, 0.2)


@pytest.mark.parametrize("fn", [by_a_power, of_both, by_ways, summed, each_other, beside_it])
def test_nested_functions_that_call_themselves_have_derivatives(fn: Callable[..., Any]) -> None:
    a, k = 2.1, 1.3
    wanted = derivative(lambda a: fn(a, k), a).value, derivative(lambda k: fn(a, k), k).value
    assert gradgen.grad(fn)(a, k) == pytest.approx(wanted, rel=1e-7)
    assert gradgen.value_and_grad(fn)(a, k) == (pytest.approx(fn(a, k)), pytest.approx(wanted, rel=1e-7))
    _, moved = gradgen.jvp(fn)(a, k, a_dot=0.7, k_dot=-1.4)
    assert moved == pytest.approx(0.7 * wanted[0] - 1.4 * wanted[1], rel=1e-7)
    assert load_standalone(gradgen.grad(fn).source, f"{fn.__name__}_grad")(a, k) == pytest.approx(wanted, rel=1e-7)
    gradient = gradgen.grad(fn)
    by_a = [derivative(lambda a: gradient(a, k)[0], a).value, derivative(lambda k: gradient(a, k)[0], k).value]
    by_k = [derivative(lambda a: gradient(a, k)[1], a).value, derivative(lambda k: gradient(a, k)[1], k).value]
    np.testing.assert_allclose(gradgen.hessian(fn)(a, k), [by_a, by_k], rtol=1e-6, atol=1e-6)


def of_an_array(x: Any) -> Any:
    def halves(v, n):  # type: ignore[no-untyped-def]
        return np.sum(v * x) if n == 0 else halves(v * x / 2, n - 1)

    return halves(x, 2)


def test_nested_functions_of_arrays_call_themselves() -> None:
    x = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(gradgen.grad(of_an_array)(x), x**3)
    assert gradgen.jvp(of_an_array)(x, x_dot=x)[1] == pytest.approx(np.sum(x**4))


def bound_anew(a: Any) -> Any:
    def go(v, n):  # type: ignore[no-untyped-def]
        return v if n == 0 else go(v * a, n - 1)

    first = go

    def go(v, n):  # type: ignore[no-untyped-def,no-redef]  # noqa: F811
        return v * 5.0

    return first(1.0, 2)


def test_names_that_stand_for_other_functions_later_are_told_apart() -> None:
    wanted = derivative(bound_anew, 2.0).value
    try:
        found = gradgen.grad(bound_anew)(2.0)
    except gradgen.GradgenError:
        return
    assert found == pytest.approx(wanted)


def looked_up(x: Any, y: Any) -> Any:
    env = {"x": x}
    env["y"] = y
    total = 0.0
    for name in ("x", "z", "y"):
        if name in env:
            total += env[name] ** 2
    return total


def by_varying_keys(x: Any, y: Any) -> Any:
    env = {x: 1.0}
    return y if y in env else x * y


def test_look_ups_by_fixed_keys_are_no_equalities() -> None:
    assert gradgen.grad(looked_up)(1.5, 1.5) == pytest.approx((3.0, 3.0))
    assert gradgen.jvp(looked_up)(1.5, 2.0, x_dot=1.0, y_dot=1.0)[1] == pytest.approx(7.0)
    assert gradgen.grad(by_varying_keys)(1.0, 2.0) == pytest.approx((2.0, 1.0))
    with pytest.raises(gradgen.NonDifferentiableError):
        gradgen.grad(by_varying_keys)(2.0, 2.0)


class Pipe(NamedTuple):
    d: float

    @property
    def area(self) -> float:
        return self.d**2


def speed(p: Any, Q: Any) -> Any:
    return Q / p.area


def test_tangents_of_gradients_by_records_that_compute() -> None:
    made = gradgen.jvp(gradgen.grad(speed), ("p", "Q"))
    (by_p, by_q), (moved_p, moved_q) = made(Pipe(2.0), 1.5, p_dot=Pipe(0.7), Q_dot=0.4)
    assert (by_p.d, by_q) == pytest.approx((-2 * 1.5 / 8, 1 / 4))
    assert moved_p.d == pytest.approx(6 * 1.5 / 16 * 0.7 - 2 / 8 * 0.4)
    assert moved_q == pytest.approx(-2 / 8 * 0.7)


def halving(a: Any) -> Any:
    def root(low, high, n):  # type: ignore[no-untyped-def]
        if n == 0:
            return low
        middle = (low + high) / 2
        if middle * middle > a:
            return root(low, middle, n - 1)
        return root(middle, high, n - 1)

    return root(0.0, 4.0, 30)


def halving_at_once(a: Any) -> Any:
    def root(low, high, n):  # type: ignore[no-untyped-def]
        middle = (low + high) / 2
        return low if n == 0 else root(low, middle, n - 1) if middle * middle > a else root(middle, high, n - 1)

    return root(0.0, 4.0, 30)


def _root(low: Any, high: Any, n: Any, a: Any) -> Any:
    middle = (low + high) / 2
    return low if n == 0 else _root(low, middle, n - 1, a) if middle * middle > a else _root(middle, high, n - 1, a)


def halving_below(a: Any) -> Any:
    return _root(0.0, 4.0, 30, a)


@pytest.mark.parametrize("fn", [halving, halving_at_once, halving_below])
def test_functions_that_halve_an_interval_by_calling_themselves_are_refused(fn: Callable[..., Any]) -> None:
    for derivative_of in (gradgen.grad, gradgen.jvp):
        with pytest.raises(gradgen.UnsupportedError, match="GG112"):
            derivative_of(fn, "a")


def of_ever_fewer(a: Any) -> Any:
    def total(values):  # type: ignore[no-untyped-def]
        return 0.0 if not values else values[0] * a + total(values[1:])

    return total([a, a * a, 2.0])


def test_what_is_handed_on_in_another_shape_is_not_taken_for_the_first() -> None:
    wanted = derivative(of_ever_fewer, 1.3).value
    assert gradgen.jvp(of_ever_fewer)(1.3, a_dot=1.0)[1] == pytest.approx(wanted)


def mean_of_means(a: float, b: float) -> float:
    if abs(a - b) < 1e-14:
        return a
    return mean_of_means((a + b) / 2, math.sqrt(a * b))


def test_a_recursion_may_end_by_a_narrow_window() -> None:
    h = 1e-3  # what mean_of_means finds is analytic
    near, far = (mean_of_means(1 + t, 2.0) - mean_of_means(1 - t, 2.0) for t in (h, 2 * h))
    slope = (8 * near - far) / (12 * h)
    assert grad(mean_of_means)(1.0, 2.0)[0] == pytest.approx(slope, rel=1e-9)
    assert jvp(mean_of_means)(1.0, 2.0, a_dot=1.0, b_dot=0.0)[1] == pytest.approx(slope, rel=1e-9)


class Link(NamedTuple):
    value: float
    following: Any = None


def along_a_chain(link: Any) -> Any:
    if link is None:
        return 0.0
    return link.value**2 + 2 * along_a_chain(link.following)


def of_a_chain_made_here(a: Any, k: Any) -> Any:
    return along_a_chain(Link(a, Link(k, Link(a * k))))


def test_recursion_along_records_ends_where_a_field_is_none() -> None:
    a, k = 0.7, 1.3
    wanted = derivative(lambda a: of_a_chain_made_here(a, k), a).value, derivative(lambda k: of_a_chain_made_here(a, k), k).value
    assert gradgen.grad(of_a_chain_made_here)(a, k) == pytest.approx(wanted, rel=1e-7)
    assert gradgen.jvp(of_a_chain_made_here)(a, k, a_dot=1.0, k_dot=0.5)[1] == pytest.approx(wanted[0] + wanted[1] / 2, rel=1e-7)
    found = gradgen.grad(along_a_chain)(Link(a, Link(k)))
    assert found == Link(pytest.approx(2 * a), Link(pytest.approx(4 * k), None))


def remembered(n: Any, x: Any, known: Any = None) -> Any:
    if known is None:
        known = {}
    if n in known:
        return known[n]
    if n < 2:
        return x if n else 1.0
    known[n] = remembered(n - 1, x, known) * x + remembered(n - 2, x, known)
    return known[n]


def test_what_a_recursion_remembers_in_a_dict_that_it_hands_on_is_refused() -> None:
    for transform in (gradgen.grad, gradgen.jvp, gradgen.derivative):
        with pytest.raises(gradgen.UnsupportedError, match="GG10[69]"):
            made = transform(lambda x: remembered(6, x))
            made(1.3, **({"x_dot": 1.0} if transform is gradgen.jvp else {}))
