"""Differences and areas of fewer elements than they are made of are empty, or 0: the gradient has the array's shape, and is 0.

Never looks at arrays that have enough.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import grad

AREA = np.trapezoid if hasattr(np, "trapezoid") else np.trapz
CALLS: dict[str, tuple[Callable[..., Any], tuple[int, ...]]] = {
    "differences": (lambda x: np.sum(np.diff(x) ** 2), (0,)),
    "second differences": (lambda x: np.sum(np.diff(x, n=2)), (1,)),
    "along the first axis": (lambda x: np.sum(np.diff(x, axis=0)), (0, 3)),
    "along the last axis": (lambda x: np.sum(np.diff(x, n=2)), (2, 1)),
    "flattened": (lambda x: np.sum(np.ediff1d(x)), (0,)),
    "an area": (lambda x: AREA(x), (0,)),
    "an area over places": (lambda x: AREA(x, 2 * x), (0,)),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_gradient_of_too_few_elements_has_their_shape(name: str) -> None:
    fn, shape = CALLS[name]
    assert np.array_equal(grad(fn)(np.ones(shape)), np.zeros(shape))
