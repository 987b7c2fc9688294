"""Derivatives of NumPy's and SciPy's own functions: by differences along random directions, and closed forms."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.optimize
import scipy.special
import scipy.stats

from gradgen import derivative, grad, hessian, hvp, jacobian, jvp, nth, value_and_grad, vjp
from gradgen.errors import ArgumentError

RNG = np.random.default_rng(11)


def drawn(*shape: int) -> Any:
    return RNG.uniform(0.2, 0.9, size=shape)


CALLS: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = [
    (np.sum, (drawn(2, 3),), {}), (np.sum, (drawn(2, 3),), {"axis": 0}), (np.sum, (drawn(2, 3), 1), {"keepdims": True}),
    (np.mean, (drawn(2, 3),), {"axis": (0, 1)}), (np.max, (drawn(2, 3),), {"axis": -1}), (np.var, (drawn(4),), {"ddof": 1}),
    (np.prod, (drawn(3),), {}), (np.dot, (drawn(2, 3), drawn(3)), {}), (np.multiply, (drawn(2, 1), drawn(3)), {}),
    (np.clip, (drawn(5), 0.4, 0.6), {}), (np.tile, (drawn(3), 2), {}), (np.roll, (drawn(4), 1), {}), (np.pad, (drawn(3), 1), {}),
    (np.reshape, (drawn(6), (2, 3)), {}), (np.tensordot, (drawn(2, 3), drawn(3, 2)), {"axes": 1}), (np.sort, (drawn(4),), {}),
    (np.einsum, ("ij,jk->ik", drawn(2, 3), drawn(3, 2)), {}), (np.linspace, (0.5, 1.25, 4), {}), (np.diff, (drawn(5),), {}),
    (np.average, (drawn(3),), {"weights": drawn(3)}), (np.power, (drawn(3), 2), {}), (np.take, (drawn(3), [0, 0, 2]), {}),
    (np.where, (drawn(3) > 0.5, drawn(3), drawn(3)), {}),
    (np.interp, (drawn(3), np.array([0.0, 0.5, 1.0]), drawn(3)), {}), (np.hypot, (drawn(3), drawn(3)), {}),
    (np.gradient, (drawn(5),), {}),
    (np.linalg.norm, (drawn(3), 1), {}), (np.linalg.inv, (drawn(3, 3) + 2 * np.eye(3),), {}), (np.linalg.det, (drawn(3, 3),), {}),
    (np.linalg.solve, (drawn(3, 3) + np.eye(3), drawn(3)), {}), (np.linalg.svd, (drawn(3, 2),), {"full_matrices": False}),
    (np.linalg.slogdet, (drawn(3, 3),), {}), (np.split, (drawn(4), 2), {}), (np.concatenate, ((drawn(2), drawn(3)),), {}),
    (np.stack, ([drawn(2), drawn(2)],), {"axis": 1}),
    (scipy.special.logsumexp, (drawn(4),), {}), (scipy.special.expit, (drawn(3),), {}), (scipy.special.gammaln, (1.5,), {}),
    (scipy.stats.chi2.pdf, (drawn(3), 3), {}), (scipy.stats.t.logpdf, (drawn(2), 3.5, 0.25), {"scale": 2.0}),
    (scipy.stats.poisson.pmf, (2, 1.5), {}), (scipy.stats.norm(0.1, scale=2.0).logpdf, (drawn(3),), {}),
]


def parts(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple | list) else [value]


def moved(value: Any, along: Any, step: float) -> Any:
    if along is None:
        return value
    if isinstance(along, list):
        return type(value)(moved(each, direction, step) for each, direction in zip(value, along, strict=True))
    return value + step * along


def direction_for(value: Any) -> Any:
    """A direction for what can vary; None for anything else."""
    if isinstance(value, tuple | list) and any(isinstance(each, np.ndarray) for each in value):
        return [direction_for(each) for each in value]
    varies = isinstance(value, float) or isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return RNG.normal(size=np.shape(value)) if varies else None


def inner(left: Any, right: Any) -> float:
    if isinstance(left, tuple | list) and isinstance(right, tuple | list):
        return sum(inner(a, b) for a, b in zip(left, right, strict=True))
    return float(np.sum(np.asarray(left) * right))


def name_of(call: Any) -> str:
    function, _, keywords = call
    return f"{function.__name__}{sorted(keywords)}"


@pytest.mark.parametrize("call", CALLS, ids=map(name_of, CALLS))
def test_a_function_with_a_rule_is_differentiated_as_it_is_called(call: Any) -> None:
    function, args, keywords = call
    values = parts(function(*args, **keywords))
    seeds = [RNG.normal(size=np.shape(value)) if np.ndim(value) else float(RNG.normal()) for value in values]
    name = f"d{function.__name__}"
    named = {name: seeds[0]} if len(seeds) == 1 else {f"{name}_{index}": seed for index, seed in enumerate(seeds)}
    found = vjp(function)(*args, **keywords, **named)
    directions = [direction_for(each) for each in args]
    directions += [direction_for(each) for each in keywords.values()]
    open_ones = [each for each in directions if each is not None]
    found = (found,) if len(open_ones) == 1 else found
    given = [*args, *keywords.values()]

    def at(step: float) -> float:
        there = [moved(value, along, step) for value, along in zip(given, directions, strict=True)]
        results = parts(function(*there[: len(args)], **dict(zip(keywords, there[len(args) :], strict=True))))
        return sum(float(np.sum(np.asarray(value) * seed)) for value, seed in zip(results, seeds, strict=True))

    step = 1e-4
    slope = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)
    along = sum(inner(adjoint, direction) for adjoint, direction in zip(found, open_ones, strict=True))
    assert along == pytest.approx(slope, rel=1e-7, abs=1e-9)


def test_methods_of_distributions_have_slopes_and_curvatures() -> None:
    density = math.exp(-0.5 * 0.3**2) / math.sqrt(2 * math.pi)
    assert derivative(scipy.stats.norm.cdf)(0.3) == pytest.approx(density)
    assert nth(scipy.stats.norm.cdf, 2)(0.3) == pytest.approx(-0.3 * density)
    assert hessian(scipy.stats.norm.logpdf)(0.3) == pytest.approx(-1.0)


def test_derivatives_of_derivatives_are_of_the_call_too() -> None:
    assert grad(grad(np.sin))(0.3) == pytest.approx(-math.sin(0.3))
    assert grad(grad(grad(scipy.special.expit)))(0.0) == pytest.approx(-0.125)
    assert grad(grad(np.hypot, 0), 1)(3.0, 4.0) == pytest.approx(-12 / 125)
    assert np.array(jacobian(grad(np.hypot))(3.0, 4.0)) == pytest.approx(np.array([[16, -12], [-12, 9]]) / 125)
    x, seed, towards = drawn(3, 4), RNG.normal(size=4), RNG.normal(size=(3, 4))
    centred = towards - towards.mean(axis=0)  # the slope of the variance is linear in x
    _, moved_by = jvp(vjp(np.var, 0), 0)(x, axis=0, ddof=1, dvar=seed, a_dot=towards)
    assert moved_by == pytest.approx(seed * centred)
    assert hvp(np.var)(x[0], ddof=1, a_dot=towards[0]) == pytest.approx(2 * (towards[0] - towards[0].mean()) / 3)
    assert hessian(np.var)(x[0], ddof=2) == pytest.approx(np.eye(4) - 0.25)
    assert jacobian(grad(np.linalg.norm, 0))(x[0], 2) == pytest.approx(hessian(np.linalg.norm)(x[0]))
    assert jacobian(np.cumsum)(x[:2], axis=0)[:, 0, :, 0].tolist() == [[1.0, 0.0], [1.0, 1.0]]
    assert pickle.loads(pickle.dumps(grad(grad(np.sin))))(0.3) == pytest.approx(-math.sin(0.3))


def test_it_may_be_asked_for_by_position() -> None:
    x = np.array([3.0, -4.0])
    assert grad(np.linalg.norm, 0)(x).tolist() == [0.6, -0.8]
    assert grad(np.linalg.norm, "x")(x, 1).tolist() == [1.0, -1.0]
    da, db = grad(np.dot, (0, 1))(x, np.array([1.0, 2.0]))
    assert (da.tolist(), db.tolist()) == ([1.0, 2.0], [3.0, -4.0])
    with pytest.raises(ArgumentError):
        grad(np.linalg.norm, 1)(x, 1)


def test_functions_of_any_number_of_numbers_and_short_formulas() -> None:
    assert grad(math.hypot)(3.0, 4.0) == pytest.approx((0.6, 0.8))
    assert value_and_grad(math.hypot, 1)(1.0, 2.0, 2.0) == pytest.approx((3.0, 2 / 3))
    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(grad(scipy.optimize.rosen)(x), scipy.optimize.rosen_der(x))


def test_values_tangents_and_jacobians() -> None:
    x = np.array([3.0, 4.0])
    value, slope = value_and_grad(np.linalg.norm)(x)
    assert (float(value), slope.tolist()) == (5.0, [0.6, 0.8])
    total, moved_by = jvp(np.sum)(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=0, a_dot=np.array([[1.0, 10.0], [100.0, 1000.0]]))
    assert (total.tolist(), moved_by.tolist()) == ([4.0, 6.0], [101.0, 1010.0])
    assert jacobian(np.cumsum)(np.ones(2)).tolist() == [[1.0, 0.0], [1.0, 1.0]]


def test_it_pickles() -> None:
    assert pickle.loads(pickle.dumps(grad(np.sum)))(np.ones(2)).tolist() == [1.0, 1.0]


def test_what_the_function_raises_comes_through() -> None:
    with pytest.raises(ValueError, match="axis 2"):
        vjp(np.sum)(np.ones(2), axis=2, dsum=1.0)


def test_names_are_the_functions_own_before_a_call_and_after() -> None:
    moved = jvp(np.var, 0)
    assert moved.tangents == ("a_dot",)
    x = np.array([[1.0, 2.0, 4.0], [3.0, -1.0, 0.5]])
    _, slope = moved(x, axis=1, ddof=1, a_dot=x)
    assert slope.tolist() == pytest.approx((2 * x.var(axis=1, ddof=1)).tolist())  # of degree two in x
    assert moved.tangents == ("a_dot",) and "axis=1" in moved.source and "a[i, j]" in moved.source


def test_a_seed_in_the_structure_of_several_results_stands_for_one_each() -> None:
    x, seeds = np.array([[1.0, 2.0, 4.0], [3.0, -1.0, 0.5]]), (np.ones((2, 3)), np.arange(6.0).reshape(2, 3))
    whole = vjp(np.gradient, 0)(x, dgradient=seeds)
    assert whole.tolist() == vjp(np.gradient, 0)(x, dgradient_0=seeds[0], dgradient_1=seeds[1]).tolist()
    _, moved_by = jvp(np.gradient, 0)(x, 2.0, f_dot=x)
    assert np.vdot(seeds[0], moved_by[0]) + np.vdot(seeds[1], moved_by[1]) == pytest.approx(np.vdot(whole, x) / 2)


def test_a_function_that_has_a_text_too_has_the_same_names_before_a_call_and_after() -> None:
    slope = vjp(scipy.special.multigammaln, 0)
    assert slope.seeds == ("dmultigammaln",)
    there = scipy.special.digamma(3.3) + scipy.special.digamma(2.8)  # its definition's
    assert slope(np.array([3.3, 3.3]), 2, dmultigammaln=np.array([1.0, -2.0])) == pytest.approx([there, -2 * there])
    bend = jvp(vjp(np.gradient, 0), 0)
    assert bend(np.arange(4.0), dgradient=np.ones(4), f_dot=np.ones(4))[0].tolist() == [-1.5, 0.5, -0.5, 1.5]


def test_open_parameters_and_ellipses() -> None:
    row = np.array([3.0, -1.0])
    assert jvp(np.atleast_2d, 0).tangents == ("x_dot",)
    assert jvp(np.atleast_2d, 0)(row, x_dot=2 * row)[1].tolist() == [[6.0, -2.0]]
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    da, db = vjp(np.einsum, (0, 2))(a, [..., 0, 1], row, [..., 1], [..., 0], deinsum=row)
    assert (da.tolist(), db.tolist()) == (np.outer(row, row).tolist(), (row @ a).tolist())
