"""Dicts whose keys are picked or ordered by what they hold, as checks of several limit states are; and keys that vary.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

from collections.abc import Callable

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]


def governing(a: float, b: float) -> float:
    limits = {"shear": a * a, "bending": b, "torsion": a * b}
    name = min(limits, key=limits.get)  # type: ignore[arg-type]
    if name == "bending":
        return limits[name] * a
    return limits[name] * 2.0


def governing_with_its_text(a: float, b: float) -> float:
    checks = {"crushing": (b * b, "I3-1a"), "studs": (a * b, "I3-1c"), "yielding": (a + b, "I3-1b")}
    equation = min(checks, key=lambda k: checks[k][0])
    value, label = checks[equation]
    return value * 3.0 if label else b


def first_and_last_of_an_order(a: float, b: float) -> float:
    found = {}
    for name, c in (("low", 1.0), ("mid", 2.0), ("high", 3.0)):
        found[name] = c * a * b**c
    order = sorted(found, key=found.get)  # type: ignore[arg-type]
    return found[order[0]] * 2.0 + found[order[-1]]


def over_keys_that_vary(a: float, b: float) -> float:
    found = {a: 1.0, b: 2.0}
    total = 0.0
    for key in found:
        total += key * key
    return total


def over_items_of_keys_that_vary(a: float, b: float) -> float:
    found = {a: 1.0, b: 2.0}
    total = 0.0
    for key, value in found.items():
        total += key * key * value
    return total


def over_sorted_keys_that_vary(a: float, b: float) -> float:
    found = {a: b, 2.0: a}
    total = 0.0
    for key in sorted(found):
        total += found[key] * key
    return total


def least_of_keys_that_vary(a: float, b: float) -> float:
    found = {a: 1.0, b: 2.0}
    return min(found, key=lambda key: key * key) * 2.0


def largest_of_keys_that_are_stored(a: float, b: float) -> float:
    found = {}
    found[a] = 2.0
    found[b] = 1.0
    return max(found, key=lambda key: key * key) * 2.0


EXAMPLES: Examples = tuple((fn, (0.7, 1.9)) for fn in (governing, governing_with_its_text, first_and_last_of_an_order))
TO_BE_REFUSED: Examples = tuple((fn, (1.3, 2.1)) for fn in (
    over_keys_that_vary, over_items_of_keys_that_vary, over_sorted_keys_that_vary, least_of_keys_that_vary,
    largest_of_keys_that_are_stored,
))
