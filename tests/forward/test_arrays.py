"""Forward mode of functions of arrays: differences of the function along a line, and the dot product with the reverse mode.

Never takes an expected number from gradgen: differences judge each tangent; the two modes are held against each other besides.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.special import log_softmax, logsumexp, softmax

import gradgen

RNG = np.random.default_rng(7)
A, B, V, W, C = (RNG.normal(size=size) for size in ((3, 4), (4, 2), 4, 4, (3, 1)))
P = np.abs(A) + 0.5


def narrow_sum(a: Any, v: Any) -> Any:
    z = a * 2.0 + v
    return np.sum(z, axis=0) * np.mean(z)


def narrow_only(v: Any) -> Any:
    z = A + v
    y = z.T @ A
    return y[1:, 0]


def narrow_matmul(v: Any) -> Any:
    return (A + v) @ B


def scalar_into_array(s: Any) -> Any:
    z = V + s
    return np.sum(z) + z[1]


def chosen(a: Any, v: Any) -> Any:
    return np.where(a > v, a * v, v) + np.maximum(a, v) + np.abs(v)


def clipped(a: Any) -> Any:
    return np.sum(np.clip(a, -0.5, 0.6) ** 2, axis=1)


def extremes(a: Any) -> Any:
    return a.max(axis=0) * a.min() + np.max(a, axis=1, keepdims=True)


def means(a: Any) -> Any:
    return a.mean(axis=1) / np.mean(a)


def rearranged(a: Any) -> Any:
    return np.transpose(a.reshape(2, 6))[1:4] * a.ravel()[2] + a.T[0, 0]


def looked_up(v: Any) -> Any:
    return v[[0, 2, 2, 1]] * v[::-1]


def products(a: Any, v: Any) -> Any:
    return np.outer(a @ v, v) @ v + np.dot(a, v)


def copied_then_stored(v: Any) -> Any:
    z = v + 0.0
    z[0] = 5.0
    z[1:3] *= v[:2]
    return z * v


def stored_passive(v: Any) -> Any:
    y = np.zeros(4)
    y[1:] = v[:3] * v[3]
    y[2] += v[0]
    y[0] = 7.0
    return y


def given_is_changed(v: Any) -> Any:
    w = v * 3.0
    v[1] = 0.0
    return w * v


def narrow_then_stored(v: Any) -> Any:
    z = A + v
    z[0, 1:] = v[1:] ** 2
    return z * A


def masked(v: Any) -> Any:
    y = v.copy()
    y[y < 0] = 0.0
    return y * v


def in_a_loop(a: Any, v: Any) -> Any:
    total = np.zeros(3)
    x = v
    for k in range(3):
        x = np.tanh(a.T @ (a @ x)) + k * x
        total = total + a @ x
    return total


def rows(a: Any, v: Any) -> Any:
    total = 0.0
    for row in a:
        total = total + np.tanh(row @ v)
    return total


def helper(x: Any, w: Any) -> Any:
    return np.sum(x * w, axis=0)


def through_a_callee(a: Any, v: Any) -> Any:
    return helper(a, v) * v + helper(a, 2.0)


def tuple_of(a: Any, v: Any) -> Any:
    return np.sum(a), a @ v


def branch(v: Any) -> Any:
    if v[0] > 0:
        y = v * 2
    else:
        y = v ** 3
    return y if np.sum(y) > 100 else y - v


def listed(v: Any) -> Any:
    return np.array([x * np.sin(x) for x in v]) + np.array([v[0], 1.0, v[1], v[2] * v[3]])


def spectrum(v: Any) -> Any:
    z = np.fft.rfft(v)
    return np.abs(z) ** 2 + np.angle(z * (1 + 2j)) + np.angle(z + 1j, deg=True) + (z * np.conj(z) ** 2).imag


def complex_total(v: Any) -> Any:
    total = np.zeros(4, dtype=complex)
    for k in range(3):
        total += v * np.exp(1j * k * v)
    total[0] = 2j * v[1]
    return np.abs(total)


def softened(a: Any, v: Any) -> Any:
    y = softmax(a, axis=1) * log_softmax(a * v) + logsumexp(a, axis=1, keepdims=True)
    return y @ v * logsumexp(v, b=v ** 2) + logsumexp(a, axis=0, b=np.abs(a)) @ v


CASES: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (narrow_sum, (A, V)), (narrow_sum, (A, C)), (narrow_sum, (A, 0.3)), (narrow_only, (V,)), (narrow_matmul, (V,)),
    (scalar_into_array, (0.7,)), (chosen, (A, V)), (chosen, (A, 0.2)), (clipped, (A,)), (extremes, (A,)), (means, (P,)),
    (rearranged, (A,)), (looked_up, (V,)), (products, (A, V)), (copied_then_stored, (V,)), (stored_passive, (V,)),
    (given_is_changed, (V,)), (narrow_then_stored, (V,)), (masked, (V,)), (in_a_loop, (A, V)), (rows, (A, V)),
    (spectrum, (V,)), (complex_total, (V,)), (softened, (A, V)),
    (through_a_callee, (A, V)), (tuple_of, (A, V)), (branch, (V,)), (branch, (-V,)), (listed, (V,)),
]
by_case = pytest.mark.parametrize(("fn", "args"), CASES, ids=lambda each: getattr(each, "__name__", ""))


def fresh(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(np.copy(arg) if isinstance(arg, np.ndarray) else arg for arg in args)


def flat(result: Any) -> Any:
    parts = result if isinstance(result, tuple) else (result,)
    return np.concatenate([np.ravel(part) for part in parts])


def directions(fn: Callable[..., Any], args: tuple[Any, ...]) -> dict[str, Any]:
    rng = np.random.default_rng(11)
    pairs = zip(inspect.signature(fn).parameters, args, strict=True)
    return {f"{name}_dot": rng.normal(size=np.shape(arg)) if np.shape(arg) else 0.7 for name, arg in pairs}


def slope_along(fn: Callable[..., Any], args: tuple[Any, ...], along: dict[str, Any]) -> Any:
    """Richardson's extrapolation of central differences along a line."""
    def difference(step: float) -> Any:
        ends = [
            flat(fn(*(arg + sign * step * dot for arg, dot in zip(fresh(args), along.values(), strict=True)))) for sign in (1, -1)
        ]
        return (ends[0] - ends[1]) / (2 * step)

    return (4 * difference(5e-5) - difference(1e-4)) / 3


@pytest.mark.parametrize("optimize", [True, False])
@by_case
def test_tangents_are_slopes_along_a_line(fn: Callable[..., Any], args: tuple[Any, ...], optimize: bool) -> None:
    along = directions(fn, args)
    kept = {name: np.copy(dot) for name, dot in along.items()}
    made = gradgen.jvp(fn, wrt=tuple(inspect.signature(fn).parameters), like=args, optimize=optimize)
    value, dot = made(*fresh(args), **along)
    np.testing.assert_array_equal(flat(value), flat(fn(*fresh(args))))
    np.testing.assert_allclose(flat(dot), slope_along(fn, args, along), rtol=1e-7, atol=1e-8)
    parts = zip(value, dot, strict=True) if isinstance(value, tuple) else [(value, dot)]
    assert all(np.shape(part) == np.shape(moved) for part, moved in parts)
    for name, before in kept.items():
        np.testing.assert_array_equal(along[name], before)


@by_case
def test_forward_and_reverse_mode_are_transposes(fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
    if fn in (tuple_of,):
        return
    along = directions(fn, args)
    wrt = tuple(inspect.signature(fn).parameters)
    value, dot = gradgen.jvp(fn, wrt=wrt, like=args)(*fresh(args), **along)
    seed = np.random.default_rng(13).normal(size=np.shape(value)) if np.shape(value) else -1.3
    pulled = gradgen.vjp(fn, wrt=wrt, like=args)
    adjoints = pulled(*fresh(args), **{pulled.seeds[0]: seed})
    back = sum(np.sum(adjoint * each) for adjoint, each in zip(adjoints, along.values(), strict=True))
    assert np.sum(seed * dot) == pytest.approx(back, rel=1e-10, abs=1e-10)


def test_a_direction_of_whole_numbers_is_one_of_floats() -> None:
    made = gradgen.jvp(masked, like=(V,))
    _, dot = made(V, v_dot=np.array([1, 0, 2, 0]))
    np.testing.assert_allclose(dot, np.where(V < 0, 0.0, 2 * V) * [1, 0, 2, 0])


def test_a_direction_of_another_shape_raises() -> None:
    with pytest.raises(ValueError, match="shape"):
        gradgen.jvp(masked, like=(V,))(V, v_dot=1.0)


def test_an_operation_without_a_rule_for_its_arguments_is_refused() -> None:
    def picked(v: Any) -> Any:
        return v[np.argmax(v)] + np.sum(np.cov(v, v[::-1], aweights=np.arange(v.size) + 1.0))

    with pytest.raises(gradgen.UnsupportedError, match="GG106"):
        gradgen.jvp(picked, like=(V,))


def test_equal_elements_of_a_set_move_with_their_mean() -> None:
    at, along = np.array([2.0, 1.0, 2.0]), np.array([0.5, 0.3, -0.1])
    value, dot = gradgen.jvp(lambda v: np.unique(v), like=(at,))(at, v_dot=along)
    assert value.tolist() == [1.0, 2.0] and dot == pytest.approx([0.3, 0.2])
