"""The rows of padding, of insertion, and of what leaves elements out or takes them round and round.

Never holds what joins several arrays.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Dim, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, axes_of
from gradgen.rules.whole.picking import kept
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.shaping import broadcasted
from gradgen.rules.whole.topic import Topic

# --- padding ---

COPYING = ("edge", "reflect", "symmetric", "wrap")
EXTREME = ("maximum", "minimum", "median")


def pairs_of(width: object, rank: int) -> tuple[tuple[int, int], ...] | None:
    """How much is added before and after, axis by axis."""
    match width:
        case int():
            return ((width, width),) * rank
        case (int() as margin,):
            return ((margin, margin),) * rank
        case (int() as before, int() as after):
            return ((before, after),) * rank
        case tuple() if len(width) in (1, rank) and all(isinstance(w, tuple) and len(w) == 2 for w in width):
            return tuple(width) * (rank if len(width) == 1 else 1)
    return None


def way_of(facts: Facts) -> str | None:
    """How the margins are filled: "constant", by "copies", by a "matrix" along each axis, by "extremes"; None for all else."""
    mode, odd = facts.constants.get("mode", UNKNOWN), facts.constants.get("reflect_type", UNKNOWN)
    plain = all(is_left_out(facts, name) for name in ("end_values", "stat_length") if name not in facts.active)
    if mode == "constant":
        return "constant" if plain and "end_values" not in facts.active else None
    if mode in COPYING and odd in (None, "even"):
        return "copies"
    if mode in ("reflect", "symmetric") and odd == "odd":
        return "matrix"
    if mode == "linear_ramp" and "end_values" not in facts.active and is_left_out(facts, "stat_length"):
        return "matrix"
    if mode == "mean" and is_left_out(facts, "end_values"):
        return "matrix"
    return "extremes" if mode in EXTREME and plain else None


def options(facts: Facts) -> str:
    """What else the padding by a matrix is told; the values that a ramp ends in do not vary, and move nothing."""
    names = (name for name in ("stat_length", "reflect_type") if facts.constants.get(name, UNKNOWN) is not None)
    return "".join(f", {name}={name}" for name in names)


def pad_rows(facts: Facts) -> Lines:
    rank, width = facts.rank("x"), facts.constants.get("width", UNKNOWN)
    match way_of(facts):
        case "copies":
            return ("dx += gathered(dy, pad(places(x), width, mode), x)",)
        case "matrix":
            return (f"dx += unpadded(dy, x.shape, width, mode{options(facts)})",)
        case "extremes":
            return ("dx += unpadded_extremes(dy, x, width, mode)",)
        case None:
            return None
    pairs = pairs_of(width, rank) if rank is not None and width is not UNKNOWN else None
    inner = ""
    if pairs:
        marks = [f"{before or ''}:{-after if after else ''}" for before, after in pairs]
        while len(marks) > 1 and marks[-1] == ":":
            marks.pop()
        inner = f"dx += dy[{', '.join(marks)}]"
    elif rank == 1 and facts.rank("width") == 0:
        inner = "dx += dy[width:width + x.size]"
    else:
        inner = "dx += inside(dy, x.shape, width)"
    if "constant_values" not in facts.active:
        return (inner,)
    total = inner.removeprefix("dx += ")
    return (inner, f"dconstant_values += array_sum(dy) - array_sum({total})") if facts.rank("constant_values") == 0 else None


def padded_tangent(facts: Facts) -> Lines:
    match way_of(facts):
        case "constant" if "constant_values" in facts.active:
            x = "x_dot" if "x" in facts.active else "zeros_like(x)"
            return (f"y_dot = pad({x}, width, constant_values=constant_values_dot)",)
        case "constant":
            return ("y_dot = pad(x_dot, width)",)
        case "copies":
            return ("y_dot = pad(x_dot, width, mode)",)
        case "matrix":
            return (f"y_dot = pad(x_dot, width, mode{options(facts)})",)
        case "extremes":
            return ("y_dot = extremes_moved(x_dot, x, width, mode)",)
    return None


def padded(operands: Operands) -> AnyKind:
    kind, width = array_of(operands.kind("x")), operands.literal("width")
    if kind is None or kind.shape is None:
        return Kind(None)
    pairs = pairs_of(width, len(kind.shape))
    if pairs is None:
        return Kind(tuple(operands.fresh() for _ in kind.shape), kind.dtype)
    return Kind(tuple(dim.plus(size(a + b)) for dim, (a, b) in zip(kind.shape, pairs, strict=True)), kind.dtype)


# --- elements left out and put in ---


def delete_rows(facts: Facts) -> Lines:
    if facts.rank("x") == 1:
        return ("dx += scattered(dy, delete(arange(x.size), i), x.shape)",)
    return ("dx += gathered(dy, delete(places(x), i, axis), x)",)


def is_single(facts: Facts) -> bool:
    """Whether one number, or one row, is put into an array at a place that is written out."""
    place, rank, own = facts.constants.get("i", UNKNOWN), facts.rank("x"), facts.rank("v")
    if type(place) is not int or place < 0 or rank is None or own is None:
        return False
    axis = facts.constants.get("axis", UNKNOWN)
    return own == 0 and rank == 1 if axis in (None, UNKNOWN) else own < rank


def insert_rows(facts: Facts) -> Lines:
    if facts.rank("x") is None or facts.rank("v") is None or facts.constants.get("axis", UNKNOWN) is UNKNOWN:
        return None
    axis = "" if facts.constants["axis"] is None else ", axis"
    if is_single(facts):
        own = "dy[i]" if facts.rank("x") == 1 else f"inserted(dy, x, i, v{axis})"
        return f"dx += delete(dy, i{axis})", f"dv += {own}"
    new = "full(v.shape, -1)" if facts.rank("v") else "-1"
    return f"dx += reshape(dy[insert(places(x), i, {new}{axis}) >= 0], x.shape)", f"dv += inserted(dy, x, i, v{axis})"


def inserted_tangent(facts: Facts) -> Lines:
    if facts.constants.get("axis", UNKNOWN) is UNKNOWN:
        return None
    axis = "" if facts.constants["axis"] is None else ", axis"
    x = "x_dot" if "x" in facts.active else "zeros_like(x)"
    v = "v_dot" if "v" in facts.active else "zeros_like(v)" if facts.rank("v") else "0.0"
    return (f"y_dot = insert({x}, i, {v}{axis})",)


ENDS = "first = argmax(x != 0) * array_any(x != 0)", "kept = arange(first, first + y.size)"


def ends_rows(facts: Facts) -> Lines:
    trim = facts.constants.get("trim", UNKNOWN)
    if facts.rank("x") != 1 or not is_left_out(facts, "axis") or not isinstance(trim, str):
        return None
    return (*ENDS, "dx += placed(dy, kept, x.shape)") if "f" in trim.lower() else ("dx += placed(dy, arange(y.size), x.shape)",)


def ends_tangent(facts: Facts) -> Lines:
    trim = facts.constants.get("trim", UNKNOWN)
    if facts.rank("x") != 1 or not is_left_out(facts, "axis") or not isinstance(trim, str):
        return None
    return (*ENDS, "y_dot = x_dot[kept]") if "f" in trim.lower() else ("y_dot = x_dot[:y.size]",)


# --- round and round, and in windows ---


def window_rows(facts: Facts) -> Lines:
    if facts.rank("x") is None or facts.constants.get("axis", UNKNOWN) is UNKNOWN:
        return None
    axis = "" if facts.constants["axis"] is None else ", axis=axis"
    return (f"dx += gathered(dy, sliding_window_view(places(x), window{axis}), x)",)


def windows(operands: Operands) -> AnyKind:
    kind, window, axis = array_of(operands.kind("x")), operands.dims("window"), operands.literal("axis")
    if kind is None or kind.shape is None or window is None or axis is UNKNOWN:
        return Kind(None)
    axes = tuple(range(len(window))) if axis is None else axes_of(axis, len(kind.shape))
    if axes is None or len(axes) != len(window) or axis is None and len(window) != len(kind.shape):
        return Kind(None)
    dims: list[Dim] = list(kind.shape)
    for place, length in zip(axes, window, strict=True):
        dims[place] = dims[place].plus(length, -1).plus(size(1))
    return Kind((*dims, *window), kind.dtype)


HELPERS: Mapping[str, str] = {
    "inside": '''\
def inside(padded, shape, width):
    """What np.pad(x, width) padded: the elements of x in it, which has that shape."""
    before = np.broadcast_to(width, (len(shape), 2))[:, 0]
    return padded[tuple(slice(start, start + n) for start, n in zip(before, shape))]
''',
    "unpadded": '''\
def unpadded(dy, shape, width, mode, **options):
    """The adjoint of x in np.pad(x, width, mode) where that is linear: along each axis what padding does to a column, turned."""
    for axis, (before, after) in enumerate(np.broadcast_to(width, (dy.ndim, 2))):
        matrix = np.pad(np.eye(shape[axis], dtype=dy.dtype), ((before, after), (0, 0)), mode, **options)
        dy = np.moveaxis(np.tensordot(matrix, dy, (0, axis)), 0, axis)
    return dy
''',
    "pad_shares": '''\
def pad_shares(x, mode):
    """How much each element along the first axis counts in its maximum, minimum or median there; equal ones share evenly."""
    if mode == "median":
        n, shares = len(x), np.zeros(x.shape, np.result_type(x, np.float32))
        middle = np.argsort(x, axis=0, kind="stable")[(n - 1) // 2 : n // 2 + 1]
        np.put_along_axis(shares, middle, 1 / len(middle), axis=0)
        return shares
    held = x == (x.max(axis=0) if mode == "maximum" else x.min(axis=0))
    return (held / held.sum(axis=0)).astype(np.result_type(x, np.float32))
''',
    "unpadded_extremes": '''\
def unpadded_extremes(dy, x, width, mode):
    """The adjoint of x in np.pad(x, width, mode), whose margins are maxima, minima or medians along the axes."""
    stages = []
    for axis, (before, after) in enumerate(np.broadcast_to(width, (x.ndim, 2))):
        stages.append((axis, before, np.moveaxis(x, axis, 0)))
        x = np.pad(x, [(before, after) if i == axis else (0, 0) for i in range(x.ndim)], mode)
    for axis, before, inner in reversed(stages):
        moved = np.moveaxis(dy, axis, 0)
        own = moved[before : before + len(inner)]
        dy = np.moveaxis(own + (moved.sum(axis=0) - own.sum(axis=0)) * pad_shares(inner, mode), 0, axis)
    return dy
''',
    "extremes_moved": '''\
def extremes_moved(x_dot, x, width, mode):
    """The tangent of np.pad(x, width, mode), whose margins are maxima, minima or medians along the axes."""
    for axis, pair in enumerate(np.broadcast_to(width, (x.ndim, 2))):
        margins = [tuple(pair) if i == axis else (0, 0) for i in range(x.ndim)]
        inner, moved = np.moveaxis(x, axis, 0), np.moveaxis(x_dot, axis, 0)
        margin = np.expand_dims((moved * pad_shares(inner, mode)).sum(axis=0), axis)
        x = np.pad(x, margins, mode)
        x_dot = np.concatenate([np.repeat(margin, pair[0], axis), x_dot, np.repeat(margin, pair[1], axis)], axis)
    return x_dot
''',
    "inserted": '''\
def inserted(dy, x, i, v, axis=None):
    """The adjoint of v in np.insert(x, i, v, axis)."""
    index = np.insert(np.full(np.shape(x), -1), i, places(v), axis)
    whole = gathered(dy[index >= 0], index[index >= 0], v)
    return whole if np.ndim(v) else whole[()]
''',
}

PAD = "pad(x, width, mode='constant', constant_values=0, end_values=None, stat_length=None, reflect_type=None)"
ROWS: tuple[Row, ...] = (
    made(f"y = {PAD}", pad_rows, shape=padded, carries="x constant_values end_values"),
    made("y = delete(x, i, axis=None)", delete_rows, shape=kept),
    made("y = insert(x, i, v, axis=None)", insert_rows, shape=kept, carries="x v"),
    made("y = trim_zeros(x, trim='fb', axis=None)", ends_rows, shape=kept, carries="x"),
    made("y = recycled(x, shape)", lambda facts: ("dx += gathered(dy, recycled(places(x), shape), x)",), shape=broadcasted),
    made("y = sliding_window_view(x, window, axis=None, subok=False, writeable=False)", window_rows, shape=windows, carries="x"),
)

TOPIC = Topic(
    "What pads, puts in and leaves out", ROWS,
    names={
        "numpy": {"pad": "pad", "delete": "delete", "insert": "insert", "trim_zeros": "trim_zeros", "recycled": "resize"},
        "numpy.lib.stride_tricks": {"sliding_window_view": "sliding_window_view"},
    },
    helpers=HELPERS,
    keywords={
        "pad": {"array": "x", "pad_width": "width"}, "delete": {"arr": "x", "obj": "i"},
        "insert": {"arr": "x", "obj": "i", "values": "v"}, "trim_zeros": {"filt": "x"},
        "recycled": {"a": "x", "new_shape": "shape"}, "sliding_window_view": {"window_shape": "window"},
    },
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "pad": padded_tangent, "insert": inserted_tangent, "trim_zeros": ends_tangent,
}
"""The lines of their tangents."""
LINEAR: Mapping[str, str] = {"delete": "x", "recycled": "x", "sliding_window_view": "x"}
"""By operation: the operands in each of which it is linear."""
