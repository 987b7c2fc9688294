"""The class that the optimisation test functions share: a number of variables, bounds, where the best is, a count of calls.

Holds no function of its own.
"""
from __future__ import annotations

from typing import Any


class Landscape:
    """A function to minimise; `fun(x)` is its value."""

    fixed: int | None = None

    def __init__(self, dimensions: int = 2) -> None:
        self.N = dimensions if self.fixed is None else self.fixed
        self.nfev = 0
        self.fglob = 0.0
        self.bounds = [(-5.0, 5.0)] * self.N
        self.global_optimum = [[0.0 for _ in range(self.N)]]
        self.prepare()

    def prepare(self) -> None:
        """What a function sets up for itself."""

    def fun(self, x: Any, *args: Any) -> Any:
        """The value at x."""
        raise NotImplementedError
