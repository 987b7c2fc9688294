"""Arrays without dimensions, which `+=` changes in place, stores into copies, and whole numbers: right, or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg

from gradgen import jvp, value_and_grad, vjp
from gradgen.errors import GradgenError, UnsupportedError


def recorded(z: Any) -> Any:
    z += 1.0
    z *= z
    return z


def under_another_name(z: Any) -> Any:
    w = z
    w *= 2.0
    return w * z


def of_a_copy(z: Any) -> Any:
    w = z.copy() if hasattr(z, "copy") else z
    w += 1.0
    w *= z
    return w


def handed_on(z: Any) -> Any:
    h = z * 1.0 if isinstance(z, float) else z
    return doubled(h) * h


def doubled(q: Any) -> Any:
    q *= 2.0
    return q * q


@pytest.mark.parametrize(("function", "slope"), [(recorded, 3.8), (under_another_name, 3.6)])
def test_numbers_that_are_rebound_are_differentiated(function: Callable[..., Any], slope: float) -> None:
    for number in (0.9, np.float64(0.9)):
        assert value_and_grad(function)(number)[1] == pytest.approx(slope)


@pytest.mark.parametrize("function", [recorded, under_another_name, of_a_copy, handed_on])
def test_an_array_without_dimensions_that_is_changed_in_place_is_no_number(function: Callable[..., Any]) -> None:
    with pytest.raises((TypeError, GradgenError)):
        value_and_grad(function)(np.array(0.9))


def turned(z: Any) -> Any:
    return z.T * z.ravel()[0]


def test_a_turned_array_without_dimensions_is_the_array() -> None:
    assert value_and_grad(turned)(np.array(0.9))[1] == pytest.approx(1.8)
    assert jvp(turned)(np.array(0.9), z_dot=np.array(2.0))[1] == pytest.approx(3.6)


def added_up(v: Any) -> Any:
    total = np.array(0.0)
    for t in v:
        total += t * t
    return total


def multiplied_up(v: Any) -> Any:
    total = np.array(1.0)
    for t in v:
        total *= t
    return total


def a_scalar_of_zeros(v: Any) -> Any:
    total = np.zeros(())
    first = total
    total += v[0]
    return first * total


def an_element_viewed(v: Any) -> Any:
    w = v.copy()
    first = w[0, ...]
    w[0] = 2.0
    return first * v


def into_a_copy(v: Any) -> Any:
    w = v.copy()
    w[w > 0][0] = v[1] * 3
    return w * v


def into_a_copy_by_indices(v: Any) -> Any:
    w = v.copy()
    w[[0, 1]][1] += v[2]
    return w * v


def filled_in_place(v: Any) -> Any:
    w = v.copy()
    u = np.nan_to_num(w, copy=False)
    u[0] = v[1]
    return w * v


def test_a_sum_in_an_array_without_dimensions_is_right() -> None:
    assert vjp(added_up)(np.array([0.3, -0.5]), dtotal=1.0) == pytest.approx([0.6, -1.0])


CHANGED = (a_scalar_of_zeros, an_element_viewed, into_a_copy, into_a_copy_by_indices, filled_in_place)


@pytest.mark.parametrize(("mode", "function"), [(vjp, multiplied_up), *((mode, each) for each in CHANGED for mode in (vjp, jvp))])
def test_what_would_be_changed_under_another_name_is_refused(mode: Any, function: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedError, match=r"test_without_dimensions\.py:\d+"):
        mode(function, like=(np.array([0.3, 0.5, 0.7]),))


WHOLE = np.array([[7, 2, 1, 30], [10, 9, 4, 20], [3, 5, 8, 6], [20, 12, 40, 11]])


@pytest.mark.parametrize("function", [
    lambda M: M.diagonal() * 0.5, lambda M: np.diagonal(M, 1) * 0.5, lambda M: np.pad(M, 1, mode="median") * 0.5,
    lambda M: scipy.linalg.solve_banded((1, 1), M[:3], np.ones(4)), lambda M: np.cumprod(M, axis=1) * 0.01,
], ids=["diagonal", "upper", "pad", "banded", "cumprod"])
def test_gradients_by_whole_numbers_are_not_cut_off(function: Callable[..., Any]) -> None:
    rng = np.random.default_rng(3)
    seed, direction = rng.normal(size=np.shape(function(WHOLE))), rng.normal(size=(4, 4))
    ends = [np.sum(seed * function(WHOLE + size * direction)) for size in (1e-5, -1e-5)]
    slope = (ends[0] - ends[1]) / 2e-5
    backward, forward = vjp(function, like=(WHOLE,)), jvp(function, like=(WHOLE,))
    assert np.sum(backward(WHOLE, **{backward.seeds[0]: seed}) * direction) == pytest.approx(slope, rel=1e-6)
    assert np.sum(forward(WHOLE, M_dot=direction)[1] * seed) == pytest.approx(slope, rel=1e-6)


def test_the_tangent_of_a_mean_without_nan_leaves_nan_out() -> None:
    def mean(v: Any) -> Any:
        return np.nanmean(np.array([np.nan, 1.0, 2.0]) / v)

    assert jvp(mean)(np.array([1.0, 4.0, 2.0]), v_dot=np.array([0.3, 0.5, -0.7]))[1] == pytest.approx(-0.5 / 32 + 0.7 / 4)


def solved_in_place(M: Any, v: Any) -> Any:
    c = v.copy()
    x = scipy.linalg.solve(M, c, overwrite_b=True)
    return c * x


def factored_in_place(M: Any, v: Any) -> Any:
    B = np.asfortranarray(M)
    return B @ scipy.linalg.cholesky(B, overwrite_a=True) @ v


@pytest.mark.parametrize("function", [solved_in_place, factored_in_place])
@pytest.mark.parametrize("mode", [vjp, jvp])
def test_what_an_operation_overwrites_is_refused(function: Callable[..., Any], mode: Any) -> None:
    with pytest.raises(UnsupportedError, match=r"test_without_dimensions\.py:\d+.*`overwrite_"):
        mode(function, like=(np.eye(3) * 4, np.ones(3)))


def test_nothing_is_refused_where_it_overwrites_what_has_no_name() -> None:
    def solved(v: Any) -> Any:
        return np.sum(scipy.linalg.solve(np.eye(2) * 4, v * 2.0, overwrite_b=True))

    assert value_and_grad(solved)(np.array([1.0, 3.0]))[1] == pytest.approx([0.5, 0.5])
