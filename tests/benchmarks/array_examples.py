"""The points at which the functions of arrays are measured: what is differentiated by what, at what sizes.

Never measures.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.benchmarks import handwritten_arrays


@dataclass(frozen=True)
class Example:
    """A function at one size; `make` makes the arguments."""

    name: str
    size: str
    wrt: tuple[str, ...] | str
    make: Callable[[np.random.Generator], tuple[Any, ...]]

    @property
    def primal(self) -> Callable[..., Any]:
        return getattr(handwritten_arrays, self.name)  # type: ignore[no-any-return]

    @property
    def by_hand(self) -> Callable[..., Any]:
        return getattr(handwritten_arrays, f"{self.name}_value_and_grad")  # type: ignore[no-any-return]

    def point(self) -> tuple[Any, ...]:
        """The same arguments every time."""
        return self.make(np.random.default_rng(20))


def logistic(count: int, features: int) -> Example:
    def make(rng: np.random.Generator) -> tuple[Any, ...]:
        return 0.1 * rng.normal(size=features), 0.1, rng.normal(size=(count, features)), rng.integers(0, 2, count) * 1.0

    return Example("logistic", f"{count} x {features}", ("w", "b"), make)


def network(count: int) -> Example:
    def make(rng: np.random.Generator) -> tuple[Any, ...]:
        sizes = ((20, 30), (30,), (30, 5), (5,))
        return rng.normal(size=(count, 20)), rng.integers(0, 5, count), *(0.3 * rng.normal(size=size) for size in sizes)

    return Example("mlp", f"{count} x 20, 30, 5", ("W1", "b1", "W2", "b2"), make)


def mixture(count: int, parts: int, dimensions: int) -> Example:
    def make(rng: np.random.Generator) -> tuple[Any, ...]:
        sizes = (parts,), (parts, dimensions), (parts, dimensions), (parts, dimensions, dimensions), (count, dimensions)
        return tuple(scale * rng.normal(size=size) for scale, size in zip((1, 1, 0.2, 0.2, 1), sizes, strict=True))

    return Example("gmm", f"{count} x {dimensions}, {parts}", ("alphas", "means", "log_scales", "lower"), make)


def memory(steps: int, inputs: int = 8, units: int = 16) -> Example:
    def make(rng: np.random.Generator) -> tuple[Any, ...]:
        sizes = (inputs, 4 * units), (units, 4 * units), (4 * units,), (steps, inputs)
        return tuple(scale * rng.normal(size=size) for scale, size in zip((0.3, 0.3, 0.1, 1), sizes, strict=True))

    return Example("lstm", f"{steps} steps", ("W", "U", "b", "xs"), make)


def camera(count: int) -> Example:
    def make(rng: np.random.Generator) -> tuple[Any, ...]:
        seen = rng.normal(size=(count, 3)), rng.normal(size=(count, 2))
        return 0.3 * rng.normal(size=3), 0.1 * rng.normal(size=3) + [0.0, 0.0, 9.0], 1.5, -0.1, 0.01, *seen

    return Example("reprojection", f"{count} points", ("rotation", "translation", "focal", "k1", "k2", "points"), make)


def square(side: int, steps: int) -> Example:
    size = f"{side} x {side}, {steps} steps"
    return Example("heat", size, ("u0", "k"), lambda rng: (rng.normal(size=(side, side)), 0.2, steps))


def vector(name: str, length: int) -> Example:
    return Example(name, f"{length}", "x", lambda rng: (rng.normal(size=length),))


def matrix(side: int) -> Example:
    return Example("log_determinant", f"{side} x {side}", "A", lambda rng: (rng.normal(size=(side, side)) + side * np.eye(side),))


def clusters(count: int) -> Example:
    return Example("kmeans", f"{count} x 3, 8", "centres", lambda rng: (rng.normal(size=(8, 3)), rng.normal(size=(count, 3))))


SMALL = (
    logistic(20, 3), network(7), mixture(9, 4, 3), memory(4, 2, 3), camera(6), square(6, 3),
    vector("logsumexp", 5), matrix(4), clusters(9), vector("rosenbrock", 6), vector("rosenbrock_loop", 6),
)
MEASURED = (
    logistic(100, 10), logistic(20_000, 100), network(200), mixture(1000, 5, 2),
    mixture(1000, 5, 10), mixture(1000, 5, 32), memory(100), memory(1000), camera(200), camera(5000), square(256, 100),
    vector("logsumexp", 10), vector("logsumexp", 10_000), matrix(5), matrix(100), clusters(200), clusters(5000),
    vector("rosenbrock", 10), vector("rosenbrock", 10_000), vector("rosenbrock_loop", 10), vector("rosenbrock_loop", 1000),
)
