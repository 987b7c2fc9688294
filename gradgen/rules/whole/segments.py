"""The rows of sums over stretches of an axis: `np.add.reduceat`.

Never holds sums over whole axes (reductions.py).
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.ir.kinds import AnyKind, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, array, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, like
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic


def along(facts: Facts) -> int | None:
    """The axis, where the sums and it are known."""
    axis = facts.constants.get("axis", UNKNOWN)
    return axis if type(axis) is int and facts.rank("x") is not None and facts.rank("indices") == 1 else None


def sums_rows(facts: Facts) -> Lines:
    """Each element counts once in every stretch that it lies in."""
    axis = along(facts)
    return None if axis is None else (f"dx += spread_between(dy, x, indices, {axis})",)


def between(operands: Operands) -> AnyKind:
    """As many sums as stretches."""
    kind, indices, axis = array_of(operands.kind("x")), array_of(operands.kind("indices")), operands.literal("axis")
    if kind is None or kind.shape is None or type(axis) is not int or not -len(kind.shape) <= axis < len(kind.shape):
        return Kind(None)
    shape = list(kind.shape)
    shape[axis] = indices.shape[0] if indices is not None and indices.shape else operands.fresh()
    return Kind(tuple(shape), kind.dtype)


ROWS: tuple[Row, ...] = (
    made("y = sums_between(x, indices, axis=0)", sums_rows, shape=between, carries="x"),
    array(
        "y = spread_between(adjoint, x, indices, axis)", "dadjoint += sums_between(dy, indices, axis)", "dx += 0",
        "dindices += 0", "daxis += 0", shape=like("x"),
    ),
)
"""Both are helpers: a user writes neither (carried.py has the rows)."""

HELPERS: Mapping[str, str] = {
    "sums_between": '''\
def sums_between(x, indices, axis):
    """The sums of x over the stretches of an axis that begin at the indices."""
    return np.add.reduceat(x, indices, axis)
''',
    "spread_between": '''\
def spread_between(dy, x, indices, axis):
    """The adjoint of x in its sums over the stretches of an axis that begin at the indices."""
    dx, starts = np.zeros(np.shape(x), np.asarray(dy).dtype), np.asarray(indices)
    ends = np.maximum(np.append(starts[1:], dx.shape[axis]), starts + 1)
    along = np.moveaxis(dx, axis, 0)
    for start, end, own in zip(starts, ends, np.moveaxis(dy, axis, 0)):
        along[start:end] += own
    return dx
''',
}

TOPIC = Topic("Stretches", (), helpers=HELPERS)
