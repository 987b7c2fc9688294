"""Sparse Jacobians and Hessians: the pattern of a call, products with sums of unit vectors, and the entries that these tell.

Never trusts a pattern alone: a product with a random direction must come out right, else every unit vector is taken.
"""
from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from gradgen.sparse.colouring import groups_of, turned
from gradgen.sparse.running import dependencies
from gradgen.sparse.tracing import Untraceable

Product = Callable[[Any], Any]
Mode = Literal["forward", "reverse", "auto"]
TOLERANCE = 1e-7


class Sparse:
    """A function that returns a sparse matrix of derivatives, a row for each element of the result and a column for each element
    of the argument, in the order of `ravel`.

    `products` makes, for the arguments of a call by name, the function whose pattern is taken and the products with columns and
    with rows, None where there are none. `count` is how many products the last call took for the matrix.
    """

    def __init__(self, primal: Callable[..., Any], products: Callable[[Mapping[str, Any]], Made], mode: Mode, name: str) -> None:
        self.primal = primal
        self.mode = mode
        self.count = 0
        self.__name__ = self.__qualname__ = name
        self._products = products
        self.source = ""
        self.wrt: tuple[str, ...] = ()

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        bound = inspect.signature(self.primal).bind(*args, **keywords)
        bound.apply_defaults()
        made = self._products(bound.arguments)
        self.source, self.wrt = made.source, (made.wrt,)
        columns = int(np.size(bound.arguments[made.wrt]))
        rng = np.random.default_rng(columns)
        probe = rng.uniform(0.5, 1.5, columns)
        expected = made.forward(probe)
        rows = expected.size
        try:
            pattern = dependencies(made.traced, bound.arguments, made.wrt)
        except Untraceable:
            pattern = []
        if len(pattern) == rows:
            matrix, self.count = compressed(pattern, columns, made, self.mode)
            if _agree(matrix @ probe, expected):
                return matrix
        matrix, self.count = compressed([frozenset(range(columns))] * rows, columns, made, self.mode)
        return matrix


class Made:
    """The products of one call: `forward` takes a direction of the argument, `reverse` (or None) one of the result; all flat."""

    def __init__(self, traced: Callable[..., Any], wrt: str, source: str, forward: Product, reverse: Product | None) -> None:
        self.traced, self.wrt, self.source, self.forward, self.reverse = traced, wrt, source, forward, reverse


def product_functions(arguments: Mapping[str, Any], traced: Any, forward: Any, reverse: Any) -> Made:
    """The products of generated functions at given arguments: a jvp, or an hvp, and a vjp or None."""
    name, shape = forward.wrt[0], np.shape(arguments[forward.wrt[0]])

    def forwards(direction: Any) -> Any:
        moved = direction.reshape(shape) if shape else float(direction[0])
        found = forward(**_copies(arguments), **{forward.tangents[0]: moved})
        return np.ravel(found[1] if isinstance(found, tuple) else found).astype(float)

    def backwards(direction: Any) -> Any:
        seed = direction.reshape(results) if results else float(direction[0])
        return np.ravel(reverse(**_copies(arguments), **{reverse.seeds[0]: seed})).astype(float)

    results = np.shape(traced(**_copies(arguments))) if reverse is not None else ()
    return Made(traced, name, forward.source, forwards, None if reverse is None else backwards)


def _copies(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in arguments.items()}


def _agree(found: Any, expected: Any) -> bool:
    finite = np.isfinite(found) & np.isfinite(expected)
    scale = TOLERANCE * (1 + np.max(np.abs(expected[finite]), initial=0.0))
    return bool(np.all(np.abs(found[finite] - expected[finite]) <= scale))


def compressed(pattern: Sequence[frozenset[int]], columns: int, made: Made, mode: Mode) -> tuple[Any, int]:
    """The matrix with entries where the pattern has them, and how many products it took."""
    by_column = turned(pattern, columns)
    groups = groups_of(by_column, len(pattern)) if mode != "reverse" else []
    backwards = groups_of(pattern, columns) if mode != "forward" and made.reverse is not None else []
    is_reverse = made.reverse is not None and (mode == "reverse" or mode == "auto" and len(backwards) < len(groups))
    lines, chosen, length = (pattern, backwards, len(pattern)) if is_reverse else (by_column, groups, columns)
    product = made.reverse if is_reverse and made.reverse is not None else made.forward
    places: list[int] = []
    others: list[int] = []
    values: list[Any] = []
    for group in chosen:
        direction = np.zeros(length)
        direction[group] = 1.0
        found = product(direction)
        for line in group:
            across = sorted(lines[line])
            places += [line] * len(across)
            others += across
            values.append(found[across])
    entries = np.concatenate(values) if values else np.zeros(0)
    at = (places, others) if is_reverse else (others, places)
    csr_array = importlib.import_module("scipy.sparse").csr_array  # SciPy is needed here alone, and not declared
    return csr_array((entries, at), shape=(len(pattern), columns)), len(chosen)
