"""Functions of numbers that make arrays of them on the way, somewhere below, and hand out numbers again.

Never called with arrays.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]


def turned(angle: float) -> Any:
    return np.array([[math.cos(angle), math.sin(angle), 0], [-math.sin(angle), math.cos(angle), 0], [0, 0, 1]])


def all_turned(x, y, z, angle):
    x = np.atleast_1d(x)
    y = np.atleast_1d(y)
    z = np.atleast_1d(z)
    angle = np.atleast_1d(angle)
    assert x.shape == y.shape == z.shape
    before = np.column_stack((x.ravel(), y.ravel(), z.ravel()))
    after = np.empty((x.size, 3))
    for i in range(before.shape[0]):
        after[i, :] = turned(angle[i]) @ before[i, :].T
    new_x = after[:, 0].reshape(x.shape)
    new_y = after[:, 1].reshape(y.shape)
    return new_x.squeeze()[()], new_y.squeeze()[()]


def unpacked_below(x: float, y: float) -> Any:
    u, v = all_turned(x, y, 2.0, 0.3)
    return u * v


def squeezed_again(x: float, y: float) -> Any:
    u, v = all_turned(x, y, 2.0, 0.3)
    return u.squeeze()[()] * y


class Body:
    def __init__(self, radius: float) -> None:
        self.radius = radius


EARTH = Body(2.5)


def scaled(x, body: Body):
    return x * body.radius


def below_a_value_of_unknown_kind(x: float, y: float) -> Any:
    body = Body(2.5) if EARTH is None else EARTH
    u, v = all_turned(scaled(x, body), y, 2.0, 0.3)
    return u * v


def on_one_of_two_ways(x: float, y: float, exactly: bool = False) -> Any:
    if exactly:
        u, v = np.vectorize(math.sin)(x), y
    else:
        u, v = all_turned(x, y, 2.0, 0.3)
    return u * v**2


EXAMPLES: Examples = tuple((fn, (0.7, 1.9)) for fn in (
    unpacked_below, squeezed_again, below_a_value_of_unknown_kind, on_one_of_two_ways,
))
