"""The rows of arrays that are spread against each other: grids, arrays broadcast together, outer forms of any function.

Never holds what joins arrays to one.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.ir.kinds import ONE, OPEN, AnyKind, Holder, Kind, broadcast, size, unknown
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made, passive
from gradgen.rules.shapes import UNKNOWN, Operands, array_of
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic

MOST = 4


def names(count: int) -> list[str]:
    return [f"x{place}" for place in range(count)]


def grid_axes(count: int, indexing: object) -> list[int] | None:
    """The axis of a grid along which each of its vectors lies."""
    if indexing not in ("xy", "ij"):
        return None
    axes = list(range(count))
    return [1, 0, *axes[2:]] if indexing == "xy" and count > 1 else axes


def grid_rows(count: int) -> Callable[[Facts], Lines]:
    def rows(facts: Facts) -> Lines:
        axes = grid_axes(count, facts.constants.get("indexing", UNKNOWN))
        is_taken = all(name in facts.shapes for name in names(count)) and f"x{count}" not in facts.shapes
        ranks = [facts.rank(name) for name in names(count)]
        if axes is None or not is_taken or any(rank not in (0, 1) for rank in ranks):
            return None
        lines = []
        for place, rank in enumerate(ranks):
            if f"y{place}" not in facts.used:
                lines.append(f"dx{place} += 0")
                continue
            others = tuple(axis for axis in range(count) if axis != axes[place])
            if facts.constants.get("sparse", UNKNOWN) is True:
                own = f"ravel(dy{place})"
            elif facts.constants.get("sparse", UNKNOWN) is False:
                own = f"array_sum(dy{place}, axis={others[0] if len(others) == 1 else others})" if others else f"dy{place}"
            else:
                return None
            lines.append(f"dx{place} += {own}" if rank else f"dx{place} += array_sum(dy{place})")
        return tuple(lines)

    return rows


def sliced(is_dense: bool) -> Callable[[Operands], AnyKind]:
    """`np.mgrid[...]`: an axis for the vectors and one for each slice; `np.ogrid[...]`: an array for each."""

    def shape(operands: Operands) -> AnyKind:
        bounds = operands.kind("bounds")
        count = len(bounds.items or ()) if isinstance(bounds, Holder) else 1
        dims = tuple(unknown(f"{operands.fresh()}.{place}") for place in range(count))
        if not isinstance(bounds, Holder):
            return Kind(dims, "float")
        if is_dense:
            return Kind((size(count), *dims), "float")
        return Holder(tuple(Kind(tuple(dim if i == own else ONE for i, dim in enumerate(dims)), "float") for own in range(count)))

    return shape


def numbered(operands: Operands) -> AnyKind:
    """`np.indices((n, m))`."""
    dims = operands.dims("shape")
    if dims is None or operands.literal("sparse") is not False:
        return Holder(None, Kind(None, "int")) if operands.literal("sparse") is True else Kind(None, "int")
    return Kind((size(len(dims)), *dims), "int")


def given(operands: Operands) -> int:
    """How many arrays there are."""
    return sum(bool(operands.kinds(name)) for name in names(MOST))


def grid(operands: Operands) -> AnyKind:
    count = given(operands)
    axes, sparse = grid_axes(count, operands.literal("indexing")), operands.literal("sparse")
    kinds = [array_of(operands.kind(name)) for name in names(count)]
    if axes is None or sparse not in (True, False) or any(kind is None or kind.shape is None for kind in kinds):
        return Holder((Kind(None),) * count)
    dims = [ONE] * count
    found = []
    for kind, axis in zip(kinds, axes, strict=True):
        dims[axis] = (kind.shape or (ONE,))[0] if kind is not None else ONE
    for kind, axis in zip(kinds, axes, strict=True):
        own = tuple(dim if not sparse or place == axis else ONE for place, dim in enumerate(dims))
        found.append(Kind(own, "float" if kind is None else kind.dtype))
    return Holder(tuple(found))


def crossed(operands: Operands) -> AnyKind:
    """What picks rows and columns: an array of places for each, each along an axis of its own."""
    kinds = [array_of(kind) for kind in operands.kinds("places")]
    found = []
    for axis, kind in enumerate(kinds):
        if kind is None or kind.shape is None or len(kind.shape) != 1:
            return Holder((Kind(None, "int"),) * len(kinds))
        length = OPEN if kind.dtype == "bool" else kind.shape[0]
        found.append(Kind((*(ONE,) * axis, length, *(ONE,) * (len(kinds) - axis - 1)), "int"))
    return Holder(tuple(found))


def together(operands: Operands) -> AnyKind:
    """Arrays of one shape."""
    kinds = [array_of(operands.kind(name)) for name in names(given(operands))]
    whole = broadcast(*(None if kind is None else kind.shape for kind in kinds))
    return Holder(tuple(Kind(whole, "float" if kind is None else kind.dtype) for kind in kinds))


def together_rows(count: int) -> Callable[[Facts], Lines]:
    def rows(facts: Facts) -> Lines:
        if f"x{count - 1}" not in facts.shapes or f"x{count}" in facts.shapes:
            return None
        return tuple(
            f"d{name} += unbroadcast(dy{place}, {name})" if f"y{place}" in facts.used else f"d{name} += 0"
            for place, name in enumerate(names(count))
        )

    return rows


def left_shape(operands: Operands) -> AnyKind:
    kind, other = array_of(operands.kind("x")), array_of(operands.kind("other"))
    if kind is None or kind.shape is None or other is None or other.shape is None:
        return Kind(None)
    return Kind((*kind.shape, *(ONE,) * len(other.shape)), kind.dtype)


def _results(count: int) -> str:
    return ", ".join(f"y{place}" for place in range(count))


def _operands(count: int) -> str:
    return ", ".join(names(count))


ROWS: tuple[Row, ...] = (
    *(made(f"{_results(count)} = meshgrid({_operands(count)}, indexing='xy', sparse=False, copy=True)", grid_rows(count),
           shape=grid) for count in range(MOST, 1, -1)),
    *(made(f"{_results(count)} = broadcast_arrays({_operands(count)})", together_rows(count), shape=together)
      for count in range(MOST, 1, -1)),
    made("y = dense_grid(bounds)", lambda facts: None, shape=sliced(True), carries="bounds", cost=100),
    made("y = open_grid(bounds)", lambda facts: None, shape=sliced(False), carries="bounds", cost=100),
    *passive("y = indices(shape, dtype=None, sparse=False)", shape=numbered),
    *passive("y = ix_(*places)", shape=crossed),
    made("y = outer_left(x, other)", lambda facts: ("dx += reshape(dy, x.shape)",), shape=left_shape, carries="x"),
)

def grid_tangents(facts: Facts) -> Lines:
    """Each of a grid's arrays moves with the one vector that it repeats."""
    count = sum(f"x{place}" in facts.shapes for place in range(MOST))
    axes = grid_axes(count, facts.constants.get("indexing", UNKNOWN))
    if axes is None or any(facts.rank(name) != 1 for name in names(count)):
        return None
    marks = [", ".join(":" if axis == own else "None" for axis in range(count)) for own in axes]
    return tuple(f"y{place}_dot = full(y{place}.shape, x{place}_dot[{mark}])" for place, mark in enumerate(marks))


def together_tangents(facts: Facts) -> Lines:
    count = sum(f"x{place}" in facts.shapes for place in range(MOST))
    return tuple(f"y{place}_dot = full(y{place}.shape, x{place}_dot)" for place in range(count))


TOPIC = Topic(
    "Arrays spread against each other", ROWS,
    names={"numpy": {"indices": "indices", "ix_": "ix_", "meshgrid": "meshgrid", "broadcast_arrays": "broadcast_arrays"}},
    helpers={
        "dense_grid": '''\
def dense_grid(bounds):
    """np.mgrid[...] of one slice or several."""
    return np.mgrid[bounds]
''',
        "open_grid": '''\
def open_grid(bounds):
    """np.ogrid[...] of one slice or several."""
    return np.ogrid[bounds]
''',
        "outer_left": '''\
def outer_left(x, other):
    """x with an axis of length 1 more for each of the other's: what meets every element of it."""
    return np.reshape(x, np.shape(x) + (1,) * np.ndim(other))
''',
    },
    keywords={"indices": {"dimensions": "shape"}},
)
