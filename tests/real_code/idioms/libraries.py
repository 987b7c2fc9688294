"""Try statements that ask whether NumPy is there, or whether a number is an array, as published code has them, and calls of other
libraries.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import constants

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


def viscosity_by_fahrenheit(kelvin: float, factor: float) -> float:
    fahrenheit = constants.convert_temperature(kelvin, "K", "F")
    rankine = constants.convert_temperature(factor * fahrenheit, "Fahrenheit", "r")
    return math.log(fahrenheit) * rankine + constants.convert_temperature(kelvin, "Kelvin", "celsius") ** 2


def wave(length: float, width: float) -> float:
    return constants.lambda2nu(length * 1e6) * width + constants.nu2lambda(length * 1e8)


def isna(value: Any) -> Any:
    return any(part != part for part in str(value))  # what pandas does is not read


isna.__module__ = "pandas.core.dtypes.missing"


def nothing_where_one_is_missing(x: float, y: float) -> float:
    if isna(x) or isna(y):
        return math.nan
    return x * x * y


EXAMPLES: Examples = (
    (viscosity_by_fahrenheit, (300.0, 1.1)),
    (wave, (2.0, 0.3)),
    (nothing_where_one_is_missing, (2.0, 0.3)),
    (one_property_of_a_dict, (1.7, 0.6)),
    (small_values_set_to_zero, (1.5, -0.7)),
    (small_values_set_to_zero, (1.5, 1e-4)),
    (folded_by_a_named_mask, (0.7, 1.3)),
    (folded_by_a_named_mask, (0.7, -1.3)),
    (turned_where_any_is_inside, (0.3, 0.4)),
    (turned_where_any_is_inside, (3.0, 4.0)),
    (of_an_array_where_there_is_numpy, (0.3, 0.4)),
)
