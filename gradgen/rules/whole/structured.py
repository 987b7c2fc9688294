"""The rows of matrices that are made of vectors, and of weights that are counted in bins.

Never holds decompositions.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Holder, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic


def toeplitz_rows(facts: Facts) -> Lines:
    """Each element stands along a diagonal; the first row's first is not read."""
    if facts.rank("c") != 1:
        return None
    if is_left_out(facts, "r"):
        return ("dc += diagonal_sums(dy, -1) + first_left_out(diagonal_sums(dy, 1))",)
    return ("dc += diagonal_sums(dy, -1)", "dr += first_left_out(diagonal_sums(dy, 1))") if facts.rank("r") == 1 else None


def hankel_rows(facts: Facts) -> Lines:
    """Along the other diagonals; the last row's first is not read."""
    if facts.rank("c") != 1:
        return None
    if is_left_out(facts, "r"):
        return ("dc += diagonal_sums(dy[::-1], -1)[::-1]",)
    if facts.rank("r") != 1:
        return None
    return "dc += diagonal_sums(dy[::-1], -1)[::-1]", "dr += first_left_out(diagonal_sums(dy[::-1], 1))"


def circulant_rows(facts: Facts) -> Lines:
    return ("dc += wrapped_sums(dy)",) if facts.rank("c") == 1 else None


def square(operands: Operands) -> AnyKind:
    c = array_of(operands.kind("c"))
    return Kind(None) if c is None or c.shape is None or len(c.shape) != 1 else Kind((c.shape[0], c.shape[0]), c.dtype)


def column_and_row(operands: Operands) -> AnyKind:
    c, r = array_of(operands.kind("c")), array_of(operands.kind("r"))
    if operands.literal("r") is None:
        return square(operands)
    if c is None or r is None or c.shape is None or r.shape is None or len(c.shape) != 1 or len(r.shape) != 1:
        return Kind(None)
    return Kind((c.shape[0], r.shape[0]))


def block_rows(facts: Facts) -> Lines:
    """Each block takes its part back."""
    lines, rows, columns = [], "0", "0"
    for name in (name for name in facts.shapes if name.startswith("xs")):
        rank = facts.rank(name)
        if rank is None or rank > 2 or isinstance(facts.kinds.get(name), Holder):
            return None
        high = "1" if rank < 2 else f"{name}.shape[0]"
        wide = "1" if rank == 0 else f"{name}.shape[{rank - 1}]"
        below, right = (high, wide) if rows == "0" else (f"{rows} + {high}", f"{columns} + {wide}")
        place = f"{rows}:{below}" if rank == 2 else rows
        lines.append(f"d{name} += dy[{place}, {f'{columns}:{right}' if rank else columns}]")
        rows, columns = below, right
    return tuple(lines) or None


def blocks(operands: Operands) -> AnyKind:
    rows = columns = size(0)
    for each in map(array_of, operands.kinds("xs")):
        if each is None or each.shape is None or len(each.shape) > 2:
            return Kind(None)
        high, wide = ((size(1),) * (2 - len(each.shape)) + each.shape)[-2:]
        rows, columns = rows.plus(high), columns.plus(wide)
    return Kind((rows, columns))


def counted_rows(facts: Facts) -> Lines:
    """Each weight is one term of its number's sum."""
    return ("dweights += dy[x]",) if facts.rank("weights") == 1 else ("dx += 0",)


def histogram_rows(facts: Facts) -> Lines:
    """Each weight is one term of its bin's sum. Edges and values only decide which."""
    if facts.constants.get("density", UNKNOWN) not in (None, False) or facts.rank("x") is None:
        return None
    if "edges" in facts.used:  # they move with the least and the largest value
        return None
    if is_left_out(facts, "weights"):
        return ("dx += 0",)
    return ("dweights += counted_back(dcounts, x, edges)", "dx += 0") if "counts" in facts.used else ("dx += 0",)


def counts_and_edges(operands: Operands) -> AnyKind:
    bins = operands.literal("bins")
    lengths = [operands.fresh()] * 2
    if isinstance(bins, int):
        lengths = [size(bins), size(bins + 1)]
    kind = array_of(operands.kind("bins"))
    if kind is not None and kind.shape is not None and len(kind.shape) == 1:
        lengths = [kind.shape[0].plus(size(-1)), kind.shape[0]]
    dtype = array_of(operands.kind("weights"))
    is_counted = operands.literal("weights") is None and operands.literal("density") in (None, False)
    own = "int" if is_counted or dtype is not None and dtype.dtype == "int" else "float"
    return Holder((Kind((lengths[0],), "int" if own == "int" else "float"), Kind((lengths[1],))))


def sums_of_weights(operands: Operands) -> AnyKind:
    return Kind((operands.fresh(),), "int" if operands.literal("weights") is None else "float")


HELPERS: Mapping[str, str] = {
    "diagonal_sums": '''\
def diagonal_sums(x, direction):
    """The sums of a matrix' diagonals from the main one down (-1) or to the right (1)."""
    return np.array([np.trace(x, direction * k) for k in range(x.shape[0 if direction < 0 else 1])])
''',
    "first_left_out": '''\
def first_left_out(x):
    """A copy whose first element is 0."""
    return np.concatenate([np.zeros(1, x.dtype), x[1:]])
''',
    "wrapped_sums": '''\
def wrapped_sums(x):
    """The sums of a square matrix' diagonals that go on at the other side."""
    n = len(x)
    return np.array([x[(np.arange(n) + k) % n, np.arange(n)].sum() for k in range(n)])
''',
    "counted_back": '''\
def counted_back(adjoint, x, edges):
    """For each element the adjoint of the bin that it is counted in; the last bin holds its right edge too."""
    place = np.where(x == edges[-1], len(edges) - 2, np.searchsorted(edges, x, side="right") - 1)
    inside = (x >= edges[0]) & (x <= edges[-1])
    return np.where(inside, adjoint[np.clip(place, 0, len(edges) - 2)], 0)
''',
}

ROWS: tuple[Row, ...] = (
    made("y = toeplitz(c, r=None)", toeplitz_rows, shape=column_and_row, carries="c r"),
    made("y = hankel(c, r=None)", hankel_rows, shape=column_and_row, carries="c r"),
    made("y = circulant(c)", circulant_rows, shape=square, carries="c"),
    made("y = block_diag(*xs)", block_rows, shape=blocks),
    made("y = bincount(x, weights=None, minlength=0)", counted_rows, shape=sums_of_weights, carries="weights"),
    made(
        "counts, edges = histogram(x, bins=10, range=None, density=None, weights=None)", histogram_rows, shape=counts_and_edges,
        carries="x weights bins range",
    ),
)

TOPIC = Topic(
    "Structured matrices and counts", ROWS,
    names={
        "scipy.linalg": {name: name for name in ("toeplitz", "hankel", "circulant", "block_diag")},
        "numpy": {"bincount": "bincount", "histogram": "histogram"},
    },
    helpers=HELPERS,
    keywords={"histogram": {"a": "x"}},
)
LINEAR: Mapping[str, str] = {"circulant": "c", "bincount": "weights"}
"""By operation: the operands in each of which it is linear."""


def both_moved(name: str) -> Callable[[Facts], Lines]:
    """A matrix of a column and a row is linear in the two together."""

    def lines(facts: Facts) -> Lines:
        if is_left_out(facts, "r"):
            return (f"y_dot = {name}(c_dot)",)
        return (f"y_dot = {name}(c_dot, zeros_like(r)) + {name}(zeros_like(c), r_dot)",)

    return lines


def blocks_moved(facts: Facts) -> Lines:
    """Blocks that do not vary stand as zeros."""
    parts = [name for name in facts.shapes if name.startswith("xs")]
    moved = (f"{name}_dot" if name in facts.active else f"zeros_like({name})" for name in parts)
    return (f"y_dot = block_diag({', '.join(moved)})",)


def counts_moved(facts: Facts) -> Lines:
    """A histogram is linear in its weights."""
    if facts.constants.get("density", UNKNOWN) not in (None, False) or "edges" in facts.used:
        return None
    given = "".join(f", {name}={name}" for name in ("bins", "range") if facts.constants.get(name, UNKNOWN) not in (None, 10))
    return (f"counts_dot = histogram(x{given}, weights=weights_dot)[0]",)


MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    **{name: both_moved(name) for name in ("toeplitz", "hankel")}, "block_diag": blocks_moved, "histogram": counts_moved,
}
