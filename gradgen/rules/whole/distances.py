"""The rows of distances between points: between the rows of two arrays, between the rows of one, of two vectors.

Never holds clustering.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, number, some_numbers
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic

SLOPES: Mapping[str, str] = {
    "euclidean": "gaps / where({y} != 0, {y}, 1)",
    "sqeuclidean": "2 * gaps",
    "cityblock": "sign(gaps)",
    "chebyshev": "sign(gaps) * (abs(gaps) == {y}) / array_sum(abs(gaps) == {y}, axis=-1, keepdims=True)",
    "minkowski": "sign(gaps) * (abs(gaps) / where({y} != 0, {y}, 1))**(p - 1)",
}
"""The slope of a distance by the gaps between the coordinates of two points."""
CAPITALS = {"cosine": "cosine", "correlation": "correlation"}


def metric_of(facts: Facts) -> str | None:
    metric = facts.constants.get("metric", UNKNOWN)
    if not isinstance(metric, str) or not is_left_out(facts, "out", "w", "V", "VI"):
        return None
    return metric if metric in SLOPES or metric in CAPITALS else None


def between_rows(facts: Facts) -> Lines:
    """`cdist`: the points are rows, every one of the first array with every one of the second."""
    metric = metric_of(facts)
    if metric is None or facts.rank("a") != 2 or facts.rank("b") != 2 or "p" in facts.active:
        return None
    if metric in CAPITALS:
        return (
            f"da += turned_from(dy, a, b, y, {metric == 'correlation'})",
            f"db += turned_from(dy.T, b, a, y.T, {metric == 'correlation'})",
        )
    slope = SLOPES[metric].format(y="y[:, :, None]")
    return (
        "gaps = a[:, None] - b", f"dgaps = dy[:, :, None] * {slope}", "da += array_sum(dgaps, axis=1)",
        "db -= array_sum(dgaps, axis=0)",
    )


def within_rows(facts: Facts) -> Lines:
    """`pdist`: every row with every later one."""
    metric = metric_of(facts)
    if metric is None or metric in CAPITALS or facts.rank("a") != 2 or "p" in facts.active:
        return None
    slope = SLOPES[metric].format(y="y[:, None]")
    return (
        "gaps = pair_gaps(a)", f"dgaps = dy[:, None] * {slope}", "da += pairs_back(dgaps, a.shape)",
    )


def of_two(metric: str) -> Callable[[Facts], Lines]:
    """Of two vectors."""

    def rows(facts: Facts) -> Lines:
        if facts.rank("a") != 1 or facts.rank("b") != 1 or not is_left_out(facts, "w") or "p" in facts.active:
            return None
        if metric in CAPITALS:
            if facts.constants.get("centered", True) is not True:
                return None
            rest = f"full((1, 1), y), {metric == 'correlation'}"
            return tuple(
                f"d{one} += dy * turned_from(ones((1, 1)), {one}[None], {other}[None], {rest})[0]"
                for one, other in (("a", "b"), ("b", "a"))
            )
        slope = SLOPES[metric].format(y="y").replace("where(y != 0, y, 1)", "(y or 1)").replace(", axis=-1, keepdims=True", "")
        return "gaps = a - b", f"dgaps = dy * {slope}", "da += dgaps", "db -= dgaps"

    return rows


def rows_by_rows(operands: Operands) -> AnyKind:
    a, b = array_of(operands.kind("a")), array_of(operands.kind("b"))
    if a is None or b is None or a.shape is None or b.shape is None or len(a.shape) != 2 or len(b.shape) != 2:
        return Kind(None)
    return Kind((a.shape[0], b.shape[0]))


def square_rows(facts: Facts) -> Lines:
    """A vector of distances as a symmetric matrix, or back."""
    if not is_left_out(facts, "out") or facts.constants.get("force") != "no":
        return None
    if facts.rank("x") == 1:
        return ("dx += above_diagonal(dy + dy.T)",)
    return None


def squared_up(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    if kind is None or kind.shape is None or len(kind.shape) != 1:
        return Kind(None)
    length = operands.fresh()
    return Kind((length, length))


def moved_between(facts: Facts) -> Lines:
    metric = metric_of(facts)
    if metric is None:
        return None
    if metric in CAPITALS:
        centred = metric == "correlation"
        return (f"y_dot = turned_by(a_dot, a, b, y, {centred}) + turned_by(b_dot, b, a, y.T, {centred}).T",)
    slope = SLOPES[metric].format(y="y[:, :, None]")
    return (
        "gaps = a[:, None] - b", f"slope = {slope}",
        "y_dot = array_sum(slope * a_dot[:, None], axis=2) - array_sum(slope * b_dot, axis=2)",
    )


def moved_within(facts: Facts) -> Lines:
    metric = metric_of(facts)
    if metric is None or metric in CAPITALS:
        return None
    slope = SLOPES[metric].format(y="y[:, None]")
    return "gaps = pair_gaps(a)", f"slope = {slope}", "y_dot = array_sum(slope * pair_gaps(a_dot), axis=1)"


def moved_of_two(metric: str) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        if metric in CAPITALS:
            parts = (
                f"turned_by({one}_dot[None], {one}[None], {other}[None], full((1, 1), y), {metric == 'correlation'})[0, 0]"
                for one, other in (("a", "b"), ("b", "a"))
            )
            return (f"y_dot = {' + '.join(parts)}",) if facts.constants.get("centered", True) is True else None
        slope = SLOPES[metric].format(y="y").replace("where(y != 0, y, 1)", "(y or 1)").replace(", axis=-1, keepdims=True", "")
        return "gaps = a - b", f"slope = {slope}", "y_dot = array_sum(slope * a_dot) - array_sum(slope * b_dot)"

    return lines


def squared_moved(facts: Facts) -> Lines:
    return ("y_dot = squareform(x_dot)",) if square_rows(facts) is not None else None


HELPERS: Mapping[str, str] = {
    "above_diagonal": '''\
def above_diagonal(x):
    """The elements of a square matrix above its diagonal, row after row."""
    return x[np.triu_indices(len(x), 1)]
''',
    "pair_gaps": '''\
def pair_gaps(points):
    """The differences of each row and every later one."""
    first, second = np.triu_indices(len(points), 1)
    return points[first] - points[second]
''',
    "pairs_back": '''\
def pairs_back(adjoint, shape):
    """The adjoint of the rows, given that of their differences."""
    first, second = np.triu_indices(shape[0], 1)
    points = np.zeros(shape, adjoint.dtype)
    np.add.at(points, first, adjoint)
    np.subtract.at(points, second, adjoint)
    return points
''',
    "turned_by": '''\
def turned_by(a_dot, a, b, distances, centred):
    """How 1 less the cosines of the angles of a's rows with b's rows moves with a's, their means taken off or not."""
    if centred:
        a, b, a_dot = (each - each.mean(axis=1, keepdims=True) for each in (a, b, a_dot))
    length = np.sqrt(np.sum(a * a, axis=1, keepdims=True))
    other = b / np.sqrt(np.sum(b * b, axis=1, keepdims=True))
    return ((1 - distances) * np.sum(a * a_dot, axis=1, keepdims=True) / length - a_dot @ other.T) / length
''',
    "turned_from": '''\
def turned_from(adjoint, a, b, distances, centred):
    """The adjoint of a's rows, given that of 1 less the cosines of their angles with b's rows, their means taken off or not."""
    if centred:
        a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    length = np.sqrt(np.sum(a * a, axis=1, keepdims=True))
    other = b / np.sqrt(np.sum(b * b, axis=1, keepdims=True))
    moved = (np.sum(adjoint * (1 - distances), axis=1, keepdims=True) * a / length - adjoint @ other) / length
    return moved - moved.mean(axis=1, keepdims=True) if centred else moved
''',
}

TWO = ("euclidean", "sqeuclidean", "cityblock", "chebyshev", "cosine", "correlation")
ROWS: tuple[Row, ...] = (
    made("y = cdist(a, b, metric='euclidean', p=2, out=None, w=None, V=None, VI=None)", between_rows, shape=rows_by_rows,
         carries="a b p"),
    made("y = pdist(a, metric='euclidean', p=2, out=None, w=None, V=None, VI=None)", within_rows, shape=some_numbers,
         carries="a p"),
    *(
        made(f"y = {name}_distance(a, b, w=None{', centered=True' if name == 'correlation' else ''})", of_two(name), shape=number,
             carries="a b")
        for name in TWO
    ),
    made("y = minkowski_distance(a, b, p=2, w=None)", of_two("minkowski"), shape=number, carries="a b p"),
    made("y = squareform(x, force='no', checks=True)", square_rows, shape=squared_up, carries="x"),
)

TOPIC = Topic(
    "Distances", ROWS,
    names={"scipy.spatial.distance": {
        "cdist": "cdist", "pdist": "pdist", "squareform": "squareform", "minkowski_distance": "minkowski",
        **{f"{name}_distance": name for name in TWO},
    }},
    helpers=HELPERS,
    keywords={
        "cdist": {"XA": "a", "XB": "b"}, "pdist": {"X": "a"}, "squareform": {"X": "x"},
        **dict.fromkeys((*(f"{name}_distance" for name in TWO), "minkowski_distance"), {"u": "a", "v": "b"}),
    },
)
MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "cdist": moved_between, "pdist": moved_within, "squareform": squared_moved,
    **{f"{name}_distance": moved_of_two(name) for name in (*TWO, "minkowski")},
}
