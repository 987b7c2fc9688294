"""The rows of diagonals and traces: of a matrix, or along any two axes of an array.

Never holds what makes a matrix of a diagonal.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.ir.kinds import AnyKind, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import Operands, array_of, axes_of
from gradgen.rules.whole.topic import Topic


def trace_lines(facts: Facts) -> tuple[str, ...] | None:
    if facts.rank("x") != 2:
        return None
    if facts.constants.get("offset") == 0:
        return ("dx += dy * eye(x.shape[0], x.shape[1], dtype=x.dtype)",)
    return ("dx += dy * eye(x.shape[0], x.shape[1], offset, dtype=x.dtype)",)


def plain_axes(facts: Facts) -> bool:
    return (facts.constants.get("axis1"), facts.constants.get("axis2")) in ((0, 1), (-2, -1), (1, 0))


def trace_rows(facts: Facts) -> tuple[str, ...] | None:
    if facts.rank("x") == 2 and plain_axes(facts):
        return trace_lines(facts)
    wide = "dy" if facts.rank("x") == 2 else "expand_dims(dy, -1)"
    return None if facts.rank("x") is None else (f"dx += diagonals_adjoint({wide}, x, offset, axis1, axis2)",)


def stacked_rows(is_sum: bool) -> Callable[[Facts], tuple[str, ...] | None]:
    """`numpy.linalg.trace` and `numpy.linalg.diagonal`: of the last two axes."""

    def rows(facts: Facts) -> tuple[str, ...] | None:
        wide = "expand_dims(dy, -1)" if is_sum and facts.rank("x") != 2 else "dy"
        return None if facts.rank("x") is None else (f"dx += diagonals_adjoint({wide}, x, offset, -2, -1)",)

    return rows


def diagonal_lines(facts: Facts) -> tuple[str, ...] | None:
    if facts.rank("x") == 2 and plain_axes(facts) and (facts.constants.get("axis1"), facts.constants.get("axis2")) != (1, 0):
        return ("dx += diagonal_adjoint(dy, x, offset)",)
    return None if facts.rank("x") is None else ("dx += diagonals_adjoint(dy, x, offset, axis1, axis2)",)


def without_two(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    if kind is None or kind.shape is None or len(kind.shape) < 2:
        return Kind(None)
    axes = axes_of((operands.literal("axis1"), operands.literal("axis2")), len(kind.shape))
    return Kind(None if axes is None else tuple(dim for i, dim in enumerate(kind.shape) if i not in axes), kind.dtype)


def diagonal_shape(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    if kind is None or kind.shape is None or len(kind.shape) < 2:
        return Kind(None)
    axes = axes_of((operands.literal("axis1"), operands.literal("axis2")), len(kind.shape))
    if axes is None:
        return Kind(None, kind.dtype)
    return Kind((*(dim for i, dim in enumerate(kind.shape) if i not in axes), operands.fresh()), kind.dtype)


def without_last_two(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    return Kind(None) if kind is None or kind.shape is None else Kind(kind.shape[:-2], kind.dtype)


def stacked_shape(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    return Kind(None) if kind is None or kind.shape is None else Kind((*kind.shape[:-2], operands.fresh()), kind.dtype)


DIAGONALS_ADJOINT = '''\
def diagonals_adjoint(values, x, offset, axis1, axis2):
    """The adjoint of an array whose diagonals along two axes were taken, or summed: zero everywhere else."""
    moved = np.zeros(np.moveaxis(x, (axis1, axis2), (-2, -1)).shape, np.asarray(values).dtype)
    length = np.diagonal(moved, offset, -2, -1).shape[-1]
    rows = np.arange(length) + max(-offset, 0)
    moved[..., rows, rows + offset] = values
    return np.moveaxis(moved, (-2, -1), (axis1, axis2))
'''
DIAGONAL_ADJOINT = '''\
def diagonal_adjoint(dy, x, offset):
    """The adjoint of a matrix whose diagonal was taken: zero everywhere else."""
    dx = np.zeros(x.shape, dy.dtype)
    rows = np.arange(dy.size) + max(0, -offset)
    dx[rows, rows + offset] = dy
    return dx
'''

ROWS: tuple[Row, ...] = (
    made("y = trace(x, offset=0, axis1=0, axis2=1, dtype=None)", trace_rows, shape=without_two),
    made("y = stacked_trace(x, offset=0, dtype=None)", stacked_rows(True), shape=without_last_two),
    made("y = stacked_diagonal(x, offset=0)", stacked_rows(False), shape=stacked_shape),
    made("y = diagonal(x, offset=0, axis1=0, axis2=1)", diagonal_lines, shape=diagonal_shape),
)

TOPIC = Topic(
    "Diagonals and traces", ROWS,
    names={
        "numpy": {"trace": "trace", "diagonal": "diagonal"},
        "numpy.linalg": {"stacked_trace": "trace", "stacked_diagonal": "diagonal"},
    },
    methods={"trace": "trace", "diagonal": "diagonal"},
    helpers={"diagonal_adjoint": DIAGONAL_ADJOINT, "diagonals_adjoint": DIAGONALS_ADJOINT},
    keywords={"trace": {"a": "x"}, "diagonal": {"a": "x"}},
)
