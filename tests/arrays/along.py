"""Judges gradients with respect to arguments of any structure by one difference along a random direction.

Never looks at how a gradient came about.
"""
from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gradgen import grad


def _parts(value: Any) -> list[Any] | None:
    """What a container holds; None of what is none."""
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else None


def _leaves(value: Any) -> Iterator[Any]:
    parts = _parts(value)
    if parts is None:
        if isinstance(value, float) or isinstance(value, np.ndarray) and value.dtype.kind == "f":
            yield value
        return
    for part in parts:
        yield from _leaves(part)


def _moved(value: Any, direction: Iterator[Any], size: float) -> Any:
    parts = _parts(value)
    if parts is None:
        return value + size * next(direction) if list(_leaves(value)) else copy.deepcopy(value)
    moved = [_moved(part, direction, size) for part in parts]
    if isinstance(value, dict):
        return dict(zip(value, moved, strict=True))
    return type(value)(*moved) if hasattr(value, "_fields") else type(value)(moved)


def _is_alike(left: Any, right: Any) -> bool:
    """Whether a gradient has the structure, and the shapes, of its argument."""
    parts, others = _parts(left), _parts(right)
    if parts is None or others is None:
        return parts is others and np.shape(left) == np.shape(right)
    is_same = type(left) is type(right) and len(parts) == len(others) and all(map(_is_alike, parts, others))
    return is_same and (not isinstance(left, dict) or left.keys() == right.keys())


def judge(function: Callable[..., Any], arguments: tuple[Any, ...], wrt: tuple[str, ...], optimize: bool = True) -> None:
    """Fails where the gradients with respect to the first arguments, named by `wrt`, are wrong, or the arguments are changed."""
    rng = np.random.default_rng(5)
    first, rest = arguments[: len(wrt)], arguments[len(wrt) :]
    given = copy.deepcopy(arguments)
    gradients = grad(function, wrt=wrt, optimize=optimize)(*given)
    assert all(map(np.array_equal, _leaves(given), _leaves(arguments)))
    assert all(map(_is_alike, gradients, first)), f"{gradients} for {first}"
    direction = [rng.normal(size=np.shape(each)) if np.shape(each) else float(rng.normal()) for each in _leaves(first)]
    along = sum(float(np.sum(part * each)) for part, each in zip(_leaves(gradients), direction, strict=True))

    def slope(size: float) -> float:
        ends = [function(*_moved(first, iter(direction), each), *copy.deepcopy(rest)) for each in (size, -size)]
        return float((ends[0] - ends[1]) / (2 * size))

    assert along == pytest.approx((4 * slope(1e-4) - slope(2e-4)) / 3, rel=1e-7, abs=1e-8)
