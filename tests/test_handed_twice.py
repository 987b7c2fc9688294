"""One list, dict or object as two arguments, of which the function writes to one and reads the other: refused at the call.

Expected slopes are those of two separate arguments, by hand.
"""
from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from gradgen import NonDifferentiableError, grad, jvp, value_and_grad


@dataclasses.dataclass
class Spring:
    k: float


def doubled(values):
    values[0] = values[0] * 2


def into_a_list(x, p, q):
    p[0] = x * x
    return q[0] * x


def into_a_dict(x, p, q):
    p["a"] = x * x
    return q["a"] * x


def into_an_object(x, p: Spring, q: Spring):
    p.k = 7.0
    return q.k * x


def beside_what_was_read(x, p, q):
    y = q[0] * x
    p[0] = 7.0
    return y * y


def onto_a_list(x, p, q):
    p.append(x * x)
    return q[-1] * x


def of_a_list_that_does_not_vary(x, p, q):
    p[0] = 7.0
    return q[0] * x


def by_another_name(x, p, q):
    r = p
    r[0] = 7.0
    return q[0] * x


def in_place(x, p, q):
    p += [5.0]
    return q[-1] * x


def by_a_function(x, p, q):
    doubled(p)
    return q[0] * x


def by_a_method(x, p, q):
    p.clear()
    return (q[0] if q else 0.0) * x


def by_a_deletion(x, p, q):
    del p[0]
    return (q[0] if q else 0.0) * x


def into_what_another_holds(x, p, q):
    p[0] = x * x
    return q[0][0] * x


CASES: list[tuple[Callable[..., Any], Callable[[], Any]]] = [
    (into_a_list, lambda: [3.0]),
    (into_a_dict, lambda: {"a": 3.0}),
    (into_an_object, lambda: Spring(3.0)),
    (beside_what_was_read, lambda: [3.0]),
    (onto_a_list, lambda: [3.0]),
    (of_a_list_that_does_not_vary, lambda: [3.0]),
    (by_another_name, lambda: [3.0]),
    (in_place, lambda: [3.0]),
    (by_a_function, lambda: [3.0]),
    (by_a_method, lambda: [3.0]),
    (by_a_deletion, lambda: [3.0]),
]


@pytest.mark.parametrize(("fn", "made"), CASES)
def test_one_object_as_two_arguments_is_refused_at_the_call(fn: Callable[..., Any], made: Callable[[], Any]) -> None:
    derivative, tangent = grad(fn, wrt="x"), jvp(fn, wrt="x")
    wanted = 3.0 if fn is not beside_what_was_read else 2 * 3.0**2 * 1.7
    assert derivative(1.7, made(), made()) == pytest.approx(wanted, rel=1e-15)
    assert tangent(1.7, made(), made(), x_dot=-0.5)[1] == pytest.approx(-0.5 * wanted, rel=1e-15)
    both = made()
    for call in (lambda: derivative(1.7, both, both), lambda: tangent(1.7, both, both, x_dot=1.0)):
        with pytest.raises(NonDifferentiableError, match=r"^test_handed_twice.py:\d+:5: GG109: .*'[pr]'"):
            call()


def test_what_another_argument_holds_counts_as_well() -> None:
    derivative, own = grad(into_what_another_holds, wrt="x"), [3.0]
    assert derivative(1.7, own, [[2.5]]) == 2.5
    with pytest.raises(NonDifferentiableError, match="GG109"):
        derivative(1.7, own, [own])


@pytest.mark.parametrize("wrt", ["p", "q"])
def test_it_does_not_matter_which_of_the_two_varies(wrt: str) -> None:
    def product(p, q):
        p[0] = p[0] * 2
        return p[0] * q[0]

    derivative, own = value_and_grad(product, wrt=wrt), [3.0]
    assert derivative([3.0], [5.0]) == (30.0, [10.0] if wrt == "p" else [6.0])
    with pytest.raises(NonDifferentiableError, match="GG109"):
        derivative(own, own)
    assert own == [3.0]
