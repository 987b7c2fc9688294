"""Stores at places that a variable names: a slice, a mask of two dimensions.

Expected gradients are those of the sums, differentiated by hand.
"""
from __future__ import annotations

import numpy as np

from gradgen import grad


def by_a_slice(x: np.ndarray, stop: int) -> float:
    a, part = np.zeros(4), slice(1, stop)
    a[part] = x * x
    return np.sum(a**2)


def by_a_mask(x: np.ndarray, mask: np.ndarray) -> float:
    a = np.zeros((3, 3))
    a[mask] = x
    return np.sum(a**2)


def test_a_slice_that_has_a_name_is_stored_into() -> None:
    x = np.array([0.3, -1.2])
    np.testing.assert_allclose(grad(by_a_slice, "x")(x, 3), 4 * x**3, rtol=1e-14)


def test_a_mask_of_two_dimensions_names_each_element_once() -> None:
    x, mask = np.array([0.3, -1.2]), np.array([[1, 1, 0], [0, 0, 0], [0, 0, 0]]) > 0
    np.testing.assert_allclose(grad(by_a_mask, "x")(x, mask), 2 * x, rtol=1e-14)
