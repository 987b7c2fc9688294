"""What functions of Python's `statistics` compute, in formulas that are differentiated in their place.

Never called for a value: that is what the function itself gives, which sums up exactly.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

# ruff: noqa: D103


def mean(data):  # type: ignore[no-untyped-def]
    return math.fsum(data) / len(data)


def fmean(data, weights=None):  # type: ignore[no-untyped-def]
    if weights is None:
        return math.fsum(data) / len(data)
    return math.fsum([value * weight for value, weight in zip(data, weights)]) / math.fsum(weights)  # noqa: B905


def harmonic_mean(data):  # type: ignore[no-untyped-def]
    return len(data) / math.fsum([1 / value for value in data])


def geometric_mean(data):  # type: ignore[no-untyped-def]
    return math.exp(math.fsum([math.log(value) for value in data]) / len(data))


def variance(data, xbar=None):  # type: ignore[no-untyped-def]
    centre = math.fsum(data) / len(data) if xbar is None else xbar
    return math.fsum([(value - centre) ** 2 for value in data]) / (len(data) - 1)


def pvariance(data, mu=None):  # type: ignore[no-untyped-def]
    centre = math.fsum(data) / len(data) if mu is None else mu
    return math.fsum([(value - centre) ** 2 for value in data]) / len(data)


def stdev(data, xbar=None):  # type: ignore[no-untyped-def]
    centre = math.fsum(data) / len(data) if xbar is None else xbar
    return math.sqrt(math.fsum([(value - centre) ** 2 for value in data]) / (len(data) - 1))


def pstdev(data, mu=None):  # type: ignore[no-untyped-def]
    centre = math.fsum(data) / len(data) if mu is None else mu
    return math.sqrt(math.fsum([(value - centre) ** 2 for value in data]) / len(data))


def median(data):  # type: ignore[no-untyped-def]
    ordered = sorted(data)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def median_low(data):  # type: ignore[no-untyped-def]
    ordered = sorted(data)
    return ordered[(len(ordered) - 1) // 2]


def median_high(data):  # type: ignore[no-untyped-def]
    ordered = sorted(data)
    return ordered[len(ordered) // 2]


def covariance(x, y):  # type: ignore[no-untyped-def]
    x_mean, y_mean = math.fsum(x) / len(x), math.fsum(y) / len(y)
    return math.fsum([(u - x_mean) * (v - y_mean) for u, v in zip(x, y)]) / (len(x) - 1)  # noqa: B905


def correlation(x, y):  # type: ignore[no-untyped-def]
    x_mean, y_mean = math.fsum(x) / len(x), math.fsum(y) / len(y)
    together = math.fsum([(u - x_mean) * (v - y_mean) for u, v in zip(x, y)])  # noqa: B905
    x_apart = math.fsum([(u - x_mean) ** 2 for u in x])
    return together / math.sqrt(x_apart * math.fsum([(v - y_mean) ** 2 for v in y]))


FORMULAS: Mapping[str, Callable[..., Any]] = {each.__name__: each for each in (
    mean, fmean, harmonic_mean, geometric_mean, variance, pvariance, stdev, pstdev, median, median_low, median_high, covariance,
    correlation,
)}


def is_formula(function: Any) -> bool:
    """Whether a function stands in the place of another, whose value is never taken from it."""
    return FORMULAS.get(getattr(function, "__name__", "")) is function


def formula_of(function: Any) -> Any:
    """The formula of a function of `statistics`; any other function as it is."""
    if getattr(function, "__module__", None) != "statistics":
        return function
    return FORMULAS.get(getattr(function, "__name__", ""), function)
