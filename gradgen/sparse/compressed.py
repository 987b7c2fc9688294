"""Sparse Jacobians and Hessians: the pattern of a call, products with sums of unit vectors, and the entries that these tell.

Never trusts a pattern alone: a product with a random direction must come out right, else every unit vector is taken.
"""
from __future__ import annotations

import copy
import importlib
import inspect
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from gradgen.ir.frozen import dataclass
from gradgen.sparse.colouring import groups_of, symmetric_groups, turned
from gradgen.sparse.running import dependencies

Product = Callable[[Any], Any]
Mode = Literal["forward", "reverse", "auto"]
TOLERANCE = 1e-7
FEW = 100


class Sparse:
    """A function that returns sparse matrices of derivatives, a row for each element of a result and a column for each element
    of an argument, in the order of `ravel`.

    `products` makes, for the arguments of a call by name, the function whose pattern is taken and the products with columns and
    with rows, None where there are none. `count` is how many products the last call took for all of the matrices.
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
        self.source, self.wrt = made.source, made.wrt
        return made.blocks.of(self._matrix(bound.arguments, made))

    def _matrix(self, arguments: Mapping[str, Any], made: Made) -> Any:
        """The derivatives of all results, one after another, by all arguments."""
        if self.mode == "reverse" and made.reverse is None:
            raise ValueError("the rows of this Jacobian: how many there are is not known beforehand; ask for mode='forward'")
        rows, columns = sum(made.blocks.rows), sum(made.blocks.columns)
        rng = np.random.default_rng(columns)
        probe = rng.uniform(0.5, 1.5, columns)
        expected = made.forward(probe)
        try:
            pattern = dependencies(made.traced, copies(arguments), made.wrt)
        except Exception:  # it has run at these arguments: what it raises here, index sets have brought about
            pattern = []
        if len(pattern) == rows:
            matrix, self.count = compressed(pattern, columns, made, self.mode)
            if _agree(matrix @ probe, expected):
                return matrix
        matrix, self.count = compressed([frozenset(range(columns))] * rows, columns, made, self.mode)
        return matrix


@dataclass(frozen=True, slots=True)
class Blocks:
    """How many elements each result and each argument has, and whether one of them stands for itself or in a tuple."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    is_one_result: bool
    is_bare: bool

    def of(self, matrix: Any) -> Any:
        """The part for each result and each argument: `[i][j]`, without the index of what stands for itself."""
        lower, right = np.cumsum((0, *self.rows)), np.cumsum((0, *self.columns))
        parts = [
            tuple(matrix[lower[i] : lower[i + 1], right[j] : right[j + 1]] for j in range(len(self.columns)))
            for i in range(len(self.rows))
        ]
        found = [row[0] if self.is_bare else row for row in parts]
        return found[0] if self.is_one_result else tuple(found)


@dataclass(frozen=True, slots=True)
class Made:
    """The products of a call: `forward` takes a direction of the arguments, `reverse` (or None) one of the results, all flat. The
    matrix of one that `is_symmetric` is a Hessian."""

    traced: Callable[..., Any]
    wrt: tuple[str, ...]
    source: str
    forward: Product
    reverse: Product | None
    blocks: Blocks
    is_symmetric: bool = False


def product_functions(
    arguments: Mapping[str, Any], traced: Any, forward: Any, reverse: Any, is_bare: bool, is_hessian: bool
) -> Made:
    """The products of generated functions at given arguments: a jvp, or an hvp, and a vjp or None. Several numbers are a
    vector in a Jacobian."""
    names = forward.wrt
    shapes = [np.shape(arguments[name]) for name in names]
    value = traced(**copies(arguments))
    several = value if isinstance(value, list | tuple) else (value,)
    if isinstance(value, dict) or any(isinstance(each, list | tuple | dict) for each in (*several, *map(arguments.get, names))):
        raise ValueError("a sparse matrix of results or by arguments that hold several values: ask for jvp, vjp or hvp")
    results = [np.shape(each) for each in several]
    is_vector = not is_hessian and not any(results)
    rows = tuple(map(math.prod, results))
    if reverse is not None and len(reverse.seeds) != len(results):
        reverse = None

    def forwards(direction: Any) -> Any:
        moved = dict(zip(forward.tangents, _parts(direction, shapes), strict=True))
        found = forward(**copies(arguments), **moved)
        tangents = found if is_hessian else found[1]
        tangents = tangents if isinstance(tangents, list | tuple) else (tangents,)
        flat = [np.broadcast_to(each, shape).ravel() for each, shape in zip(tangents, results, strict=True)]
        return np.concatenate(flat).astype(float)

    def backwards(direction: Any) -> Any:
        seeds = dict(zip(reverse.seeds, _parts(direction, results), strict=True))
        found = reverse(**copies(arguments), **seeds)
        return np.concatenate([np.ravel(each) for each in ((found,) if is_bare else found)]).astype(float)

    blocks = Blocks(
        (sum(rows),) if is_vector else rows, tuple(map(math.prod, shapes)),
        is_one_result=is_vector or not isinstance(value, list | tuple), is_bare=is_bare,
    )
    return Made(traced, names, forward.source, forwards, None if reverse is None else backwards, blocks, is_hessian)


def _parts(flat: Any, shapes: Sequence[tuple[int, ...]]) -> list[Any]:
    """A flat array in parts of these shapes; numbers are floats."""
    cuts = np.cumsum([math.prod(shape) for shape in shapes])[:-1]
    pieces = zip(np.split(flat, cuts), shapes, strict=True)
    return [piece.reshape(shape) if shape else float(piece[0]) for piece, shape in pieces]


def copies(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments for one of several runs: what one stores, takes or draws, the others do not miss. What cannot be copied is
    handed on as it is; an iterator of that sort raises ValueError."""
    together: dict[int, Any] = {}
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        try:
            found[name] = copy.deepcopy(value, together)
        except Exception as error:  # what a class of the user's own raises where it is copied is not known
            if hasattr(value, "__next__"):
                words = f"{name} is gone through more than once: it is of the kind {type(value).__name__}, which is not copied"
                raise ValueError(f"{words}; pass a list, or iter() of one") from error
            found[name] = value
    return found


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
    entries_in_all = sum(map(len, pattern))
    if made.is_symmetric and (columns <= FEW or 10 * entries_in_all <= columns**2):  # a dense one is not worth the search
        mirrored = [set(row) | column for row, column in zip(pattern, by_column, strict=True)]
        alike = symmetric_groups(mirrored)
        if max(alike, default=-1) + 1 < len(groups):
            return _mirrored(mirrored, alike, made.forward)
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


def _mirrored(lines: Sequence[set[int]], groups: Sequence[int], product: Product) -> tuple[Any, int]:
    """A symmetric matrix: each entry is told by the product with its column's group, or else with its row's."""
    count = max(groups) + 1
    products = [product(np.array([float(own == number) for own in groups])) for number in range(count)]
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, line in enumerate(lines):
        alone = Counter(groups[each] for each in line)
        for column in sorted(line):
            is_told = alone[groups[column]] == 1
            rows.append(row)
            columns.append(column)
            values.append(products[groups[column]][row] if is_told else products[groups[row]][column])
    csr_array = importlib.import_module("scipy.sparse").csr_array
    return csr_array((values, (rows, columns)), shape=(len(lines), len(lines))), count
