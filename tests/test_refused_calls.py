"""A refused call is named by what stands in the text, and it is the call that is not read, not what is done with its result.

Never judges numbers but those of built-in functions, whose slopes are known.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

import gradgen

FORMULAS = {"+": lambda a, b: a + b}
X = np.array([1.0, 2.0, 3.0])


def by_a_table(x: Any, y: Any, op: str = "+") -> Any:
    return FORMULAS[op](x, y)


def by_a_method_of_the_unread(x: Any) -> Any:
    return gaussian_filter1d(x, 2.0).max()


def by_a_part_of_the_unread(x: Any) -> Any:
    return gaussian_filter1d(x, 2.0).T[0].sum()


def by_a_form_that_is_not_read(x: Any, y: Any) -> Any:
    return max([t * y for t in (x, y) if t > 0], default=0.0)


@pytest.mark.parametrize(("fn", "args", "said"), [
    (by_a_table, (1.0, 2.0), r"GG108: gradgen cannot differentiate a call of FORMULAS\[op\]\(\)"),
    (by_a_method_of_the_unread, (X,), r"GG107: gradgen cannot differentiate a call of gaussian_filter1d\(\)"),
    (by_a_part_of_the_unread, (X,), r"GG107: gradgen cannot differentiate a call of gaussian_filter1d\(\)"),
    (by_a_form_that_is_not_read, (1.0, 2.0), r"GG106: gradgen cannot differentiate through max\(\) with these arguments"),
])
def test_a_refused_call_is_named(fn: Callable[..., Any], args: tuple[Any, ...], said: str) -> None:
    with pytest.raises(gradgen.UnsupportedError, match=said):
        gradgen.grad(fn)(*args)


@pytest.mark.parametrize(("fn", "args", "slopes"), [
    (abs, (-2.0,), -1.0), (pow, (2.0, 3.0), (12.0, 8.0 * np.log(2.0))), (max, (2.0, 3.0), (0.0, 1.0)), (float, (2.0,), 1.0),
])
def test_functions_that_python_has_are_differentiated(fn: Callable[..., Any], args: tuple[float, ...], slopes: Any) -> None:
    made = gradgen.grad(fn)
    assert made(*args) == pytest.approx(slopes, rel=1e-14)
    namespace: dict[str, Any] = {}
    exec(made.source, namespace)
    assert namespace[made.__name__](*args) == pytest.approx(slopes, rel=1e-14)
