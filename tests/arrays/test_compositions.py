"""Operations that together are one with a row of its own: the slopes of the logistic function, where exp overflows too.

Expected values come from its closed form 1 / (2 + 2 cosh x).
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import jvp, vjp

AT = np.array([-0.7, 0.2, 1.9, -4.0, -750.0])
SLOPES = np.array([*(1 / (2 + 2 * np.cosh(AT[:-1]))), 0.0])


def logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def exp_first(x: Any) -> Any:
    return 1.0 / (np.exp(-x) + 1.0)


def scaled(x: Any) -> Any:
    half = 0.5
    return 1 / (1 + np.exp(-half * (2 * x)))


def one_less(x: Any) -> Any:
    return 1 - 1 / (1 + np.exp(x))


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
@pytest.mark.parametrize("function", [logistic, exp_first, scaled, one_less])
def test_the_logistic_function_has_its_slope_where_exp_overflows(function: Callable[[Any], Any]) -> None:
    seed = np.array([1.5, -0.7, 2.0, 0.3, 1.1])
    reverse, forward = vjp(function, like=(AT,)), jvp(function, like=(AT,))
    np.testing.assert_allclose(reverse(AT, **{reverse.seeds[0]: seed}), seed * SLOPES, rtol=1e-9)
    np.testing.assert_allclose(forward(AT, x_dot=seed)[1], seed * SLOPES, rtol=1e-9)


def test_what_is_only_like_it_has_its_own_slope() -> None:
    def like_it(x: Any) -> Any:
        return 2 / (1 + np.exp(-x)) + 1 / (2 + np.exp(-x))

    x = AT[:-1]
    expected = 2 * SLOPES[:-1] + np.exp(-x) / (2 + np.exp(-x)) ** 2
    np.testing.assert_allclose(vjp(like_it, like=(x,))(x, dlike_it=np.ones(4)), expected, rtol=1e-12)
