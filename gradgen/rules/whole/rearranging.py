"""The rows of what turns or repeats elements of an array.

Never holds what joins several arrays.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, axes_of, like
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic


def minus(value: object) -> object:
    return tuple(map(minus, value)) if isinstance(value, tuple) else -value if isinstance(value, int) else value


def roll_rows(facts: Facts) -> Lines:
    shift = facts.constants.get("shift", UNKNOWN)
    back = "-shift" if shift is UNKNOWN else str(minus(shift))
    return (f"dx += roll(dy, {back})",) if facts.constants.get("axis", UNKNOWN) is None else (f"dx += roll(dy, {back}, axis)",)


def flip_rows(facts: Facts) -> Lines:
    rank, axis = facts.rank("x"), facts.constants.get("axis", UNKNOWN)
    axes = axes_of(axis, rank) if rank is not None and axis is not UNKNOWN else None
    if rank is None or not axes:
        return ("dx += flip(dy, axis)",)
    marks = ["::-1" if i in axes else ":" for i in range(rank)]
    return (f"dx += dy[{', '.join(marks[: max(axes) + 1])}]",)


def turn_rows(facts: Facts) -> Lines:
    turns = facts.constants.get("k", UNKNOWN)
    back = "-k" if turns is UNKNOWN else str(minus(turns))
    axes = "" if facts.constants.get("axes", UNKNOWN) == (0, 1) else ", axes"
    return (f"dx += rot90(dy, {back}{axes})",)


def turned(operands: Operands) -> AnyKind:
    kind, turns, axes = array_of(operands.kind("x")), operands.literal("k"), operands.literal("axes")
    if kind is None or kind.shape is None or not isinstance(turns, int) or axes is UNKNOWN:
        return Kind(None)
    found = axes_of(axes, len(kind.shape))
    if found is None or len(found) != 2:
        return Kind(None)
    dims = list(kind.shape)
    if turns % 2:
        dims[found[0]], dims[found[1]] = dims[found[1]], dims[found[0]]
    return Kind(tuple(dims), kind.dtype)


def tile_rows(facts: Facts) -> Lines:
    if facts.rank("x") == 1 and facts.rank("reps") == 0:
        return ("dx += array_sum(reshape(dy, (reps, x.size)), axis=0)",)
    return ("dx += gathered(dy, tile(places(x), reps), x)",)


def tiled(operands: Operands) -> AnyKind:
    kind, reps = array_of(operands.kind("x")), operands.literal("reps")
    if kind is None or kind.shape is None:
        return Kind(None)
    counts = reps if isinstance(reps, tuple) else (reps,)
    rank = max(len(kind.shape), len(counts))
    if isinstance(reps, int):
        return Kind((*kind.shape[:-1], kind.shape[-1].times(reps)), kind.dtype) if kind.shape else Kind((size(reps),), kind.dtype)
    number = operands.kind("reps")
    if not isinstance(reps, tuple) and not (isinstance(number, Kind) and number.shape == ()):
        return Kind(None, kind.dtype)
    if not isinstance(reps, tuple):
        return Kind((*kind.shape[:-1], operands.fresh()), kind.dtype)
    dims = (*(size(1),) * (rank - len(kind.shape)), *kind.shape)
    times = (*(1,) * (rank - len(counts)), *counts)
    pairs = zip(dims, times, strict=True)
    return Kind(tuple(dim.times(n) if isinstance(n, int) else operands.fresh() for dim, n in pairs), kind.dtype)


def repeat_rows(facts: Facts) -> Lines:
    rank, axis = facts.rank("x"), facts.constants.get("axis", UNKNOWN)
    if rank == 0:
        return ("dx += array_sum(dy)",)
    if rank == 1 and facts.rank("repeats") == 0 and axis in (None, 0, -1):
        return ("dx += array_sum(reshape(dy, (x.size, repeats)), axis=1)",)
    if axis is UNKNOWN:
        return None
    return ("dx += gathered(dy, repeat(places(x), repeats, axis), x)",)


def repeated(operands: Operands) -> AnyKind:
    kind, axis, times = array_of(operands.kind("x")), operands.literal("axis"), operands.literal("repeats")
    if kind is None or kind.shape is None or axis is UNKNOWN:
        return Kind(None)
    if axis is None:
        is_plain = len(kind.shape) == 1 and isinstance(times, int)
        return Kind((kind.shape[0].times(times) if is_plain and isinstance(times, int) else operands.fresh(),), kind.dtype)
    axes = axes_of(axis, len(kind.shape))
    if axes is None:
        return Kind(None)
    return Kind(tuple(
        dim if i not in axes else dim.times(times) if isinstance(times, int) else operands.fresh()
        for i, dim in enumerate(kind.shape)
    ), kind.dtype)


def triangle(name: str) -> Callable[[Facts], Lines]:
    """`tril` and `triu` keep what they keep; a vector is made the rows of a matrix first."""

    def lines(facts: Facts) -> Lines:
        kept = f"{name}(dy)" if facts.constants.get("k") == 0 else f"{name}(dy, k)"
        rank = facts.rank("x")
        return None if not rank else (f"dx += array_sum({kept}, axis=0)" if rank == 1 else f"dx += {kept}",)

    return lines


def with_rows(operands: Operands) -> AnyKind:
    """The kind of what `tril` and `triu` make."""
    kind = array_of(operands.kind("x"))
    return kind if kind is None or kind.rank != 1 or kind.shape is None else Kind(kind.shape * 2, kind.dtype)


def diag_rows(facts: Facts) -> Lines:
    offset = "" if facts.constants.get("k") == 0 else ", k"
    if facts.rank("x") == 1:
        return (f"dx += diag(dy{offset})",)
    return (f"dx += on_diagonal(dy, x.shape{offset})",) if facts.rank("x") == 2 else None


def diagonals(operands: Operands) -> AnyKind:
    kind, offset = array_of(operands.kind("x")), operands.literal("k")
    if kind is None or kind.shape is None or len(kind.shape) not in (1, 2):
        return Kind(None)
    if len(kind.shape) == 2:
        is_square = kind.shape[0] == kind.shape[1] and offset == 0
        return Kind((kind.shape[0] if is_square else operands.fresh(),), kind.dtype)
    length = kind.shape[0].plus(size(abs(offset))) if isinstance(offset, int) else operands.fresh()
    return Kind((length, length), kind.dtype)


def diagflat_rows(facts: Facts) -> Lines:
    return ("dx += reshape(diag(dy, k), x.shape)",)


HELPERS: Mapping[str, str] = {
    "places": '''\
def places(x):
    """The places of an array's elements, counted through, in its shape."""
    return np.arange(np.size(x)).reshape(np.shape(x))
''',
    "gathered": '''\
def gathered(adjoint, index, x):
    """The adjoint of x where each element of `adjoint` is that of a copy of the element of x at this place."""
    whole = np.zeros(np.size(x), adjoint.dtype)
    np.add.at(whole, np.ravel(index), np.ravel(adjoint))
    return whole.reshape(np.shape(x))
''',
    "on_diagonal": '''\
def on_diagonal(values, shape, k=0):
    """A matrix of zeros but for one diagonal."""
    matrix = np.zeros(shape, values.dtype)
    rows = np.arange(len(values)) + max(-k, 0)
    matrix[rows, rows + k] = values
    return matrix
''',
}

ROWS: tuple[Row, ...] = (
    made("y = roll(x, shift, axis=None)", roll_rows, shape=like("x")),
    made("y = flip(x, axis=None)", flip_rows, shape=like("x")),
    made("y = fliplr(x)", lambda facts: ("dx += dy[:, ::-1]",), shape=like("x")),
    made("y = flipud(x)", lambda facts: ("dx += dy[::-1]",), shape=like("x")),
    made("y = rot90(x, k=1, axes=(0, 1))", turn_rows, shape=turned),
    made("y = tile(x, reps)", tile_rows, shape=tiled),
    made("y = repeat(x, repeats, axis=None)", repeat_rows, shape=repeated),
    made("y = tril(x, k=0)", triangle("tril"), shape=with_rows),
    made("y = triu(x, k=0)", triangle("triu"), shape=with_rows),
    made("y = diag(x, k=0)", diag_rows, shape=diagonals),
    made("y = diagflat(x, k=0)", diagflat_rows, shape=lambda operands: Kind((operands.fresh(),) * 2)),
)

TOPIC = Topic(
    "What turns or repeats an array", ROWS,
    names={"numpy": {name: name for name in (
        "roll", "flip", "fliplr", "flipud", "rot90", "tile", "repeat", "tril", "triu", "diag", "diagflat",
    )}},
    methods={"repeat": "repeat"},
    helpers=HELPERS,
    keywords={
        "roll": {"a": "x"}, "flip": {"m": "x"}, "fliplr": {"m": "x"}, "flipud": {"m": "x"}, "rot90": {"m": "x"},
        "tile": {"A": "x"}, "repeat": {"a": "x"}, "tril": {"m": "x"}, "triu": {"m": "x"}, "diag": {"v": "x"},
        "diagflat": {"v": "x"},
    },
)
