"""Try statements that ask whether NumPy is there, or whether a number is an array, as published code has them.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]


POWERS = np.array([0.0, 1.0, 2.0])
FACTORS = np.array([0.5, -1.5, 0.7])


def properties(t: float, p: float) -> dict[str, Any]:
    found = {}
    found["g"] = np.sum(FACTORS * t**POWERS) * p
    found["w"] = np.sqrt(t * 3.0 + found["g"] ** 2)
    found["region"] = 1
    return found


def one_property_of_a_dict(t: float, p: float) -> Any:
    return properties(t, p)["w"] * t


def small_values_set_to_zero(e: Any, n: Any) -> Any:
    try:
        e[abs(e) < 1e-3] = 0.0
        n[abs(n) < 1e-3] = 0.0
    except TypeError:
        if abs(e) < 1e-3:
            e = 0.0
        if abs(n) < 1e-3:
            n = 0.0
    return np.hypot(e, n) * e


def folded_by_a_named_mask(x: Any, y: Any) -> Any:
    z = np.sin(x) * y
    try:
        is_low = z < 0
        z[is_low] = -2.0 * z[is_low]
    except TypeError:
        if z < 0:
            z = -2.0 * z
    return z * x


def turned_where_any_is_inside(x: Any, y: Any) -> Any:
    r = np.hypot(x, y)
    height = r - 2.0 * x
    inside = x**2 + y**2 < 1
    try:
        if inside.any():
            height[inside] = -height[inside]
    except (TypeError, AttributeError):
        if inside:
            height = -height
    return height * r


def of_an_array_where_there_is_numpy(x: Any, y: Any) -> Any:
    try:
        x = np.asarray(x)
        y = np.asarray(y)
    except NameError:
        pass
    return math.sin(x) * np.exp(y) * x


EXAMPLES: Examples = (
    (one_property_of_a_dict, (1.7, 0.6)),
    (small_values_set_to_zero, (1.5, -0.7)),
    (small_values_set_to_zero, (1.5, 1e-4)),
    (folded_by_a_named_mask, (0.7, 1.3)),
    (folded_by_a_named_mask, (0.7, -1.3)),
    (turned_where_any_is_inside, (0.3, 0.4)),
    (turned_where_any_is_inside, (3.0, 4.0)),
    (of_an_array_where_there_is_numpy, (0.3, 0.4)),
)
