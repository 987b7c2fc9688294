"""The rows of what runs along an axis: cumulative sums and products, differences, gradients, the trapezoidal rule.

Never holds reductions in general.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.ir.kinds import AnyKind, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, axes_of, real
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic


def axis_of(facts: Facts, operand: str = "x") -> int | None:
    """The one axis that a row runs along, counted from the first; of a vector also where none is given."""
    rank, axis = facts.rank(operand), facts.constants.get("axis", UNKNOWN)
    if rank is None or axis is UNKNOWN or not rank or axis is None and rank != 1:
        return None
    axes = axes_of(axis, rank)
    return axes[0] if axes is not None and len(axes) == 1 else None


def part(name: str, axis: int, index: str) -> str:
    """`dy[:, ::-1]`: part of an array along one axis."""
    return f"{name}[{', '.join([':'] * axis + [index])}]"


def summed_back(facts: Facts, name: str) -> str | None:
    rank, axis = facts.rank("x"), axis_of(facts)
    if rank is None:
        return None
    if axis is not None:
        along = "" if rank == 1 else f", axis={axis}"
        return part(f"cumsum({part(name, axis, '::-1')}{along})", axis, "::-1")
    if facts.constants.get("axis", UNKNOWN) is None:
        return f"reshape(cumsum({name}[::-1])[::-1], x.shape)"
    return f"flip(cumsum(flip({name}, axis), axis=axis), axis)"


def cumsum_rows(facts: Facts) -> Lines:
    back = summed_back(facts, "dy") if is_left_out(facts, "out") else None
    return None if back is None else (f"dx += {back}",)


def nancumsum_rows(facts: Facts) -> Lines:
    back = summed_back(facts, "dy") if is_left_out(facts, "out") else None
    return None if back is None else (f"dx += where(isnan(x), 0, {back})",)


def cumprod_rows(facts: Facts) -> Lines:
    axis = axis_of(facts)
    return None if axis is None or not is_left_out(facts, "out") else (f"dx += cumprod_adjoint(dy, x, y, {axis})",)


def cumulative(operands: Operands) -> AnyKind:
    kind, axis = array_of(operands.kind("x")), operands.literal("axis")
    if kind is None or kind.shape is None:
        return kind
    dtype = operands.dtype("dtype") or kind.dtype
    return Kind((operands.fresh(),), dtype) if axis is None and len(kind.shape) != 1 else Kind(kind.shape, dtype)


def widths(rank: int, axis: int, width: str = "1") -> str:
    """The padding of one axis by so much at both ends."""
    if rank == 1:
        return width
    return "(" + ", ".join(f"({width}, {width})" if i == axis else "(0, 0)" for i in range(rank)) + ")"


def diff_rows(facts: Facts) -> Lines:
    rank, axis, times = facts.rank("x"), axis_of(facts), facts.constants.get("n", UNKNOWN)
    if rank is None or axis is None or not isinstance(times, int) or not is_left_out(facts, "prepend", "append"):
        return None
    if times == 0:
        return ("dx += dy",)
    more = "" if times == 1 else f", {times}"
    more += "" if axis == rank - 1 else f", axis={axis}"
    sign = "-" if times % 2 else "+"
    return (f"dx {sign}= diff(pad(dy, {widths(rank, axis, str(times))}){more})",)


def differenced(operands: Operands) -> AnyKind:
    kind, axis, times = array_of(operands.kind("x")), operands.literal("axis"), operands.literal("n")
    if kind is None or kind.shape is None or not isinstance(axis, int) or not isinstance(times, int) or not kind.shape:
        return Kind(None)
    shape = list(kind.shape)
    if operands.literal("prepend") is not None or operands.literal("append") is not None:
        shape[axis] = operands.fresh()
    else:
        shape[axis] = shape[axis].plus(size(times), -1)
    return Kind(tuple(shape), kind.dtype)


def ediff_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "to_end", "to_begin"):
        return None
    return ("dx -= diff(pad(dy, 1))",) if facts.rank("x") == 1 else ("dx -= reshape(diff(pad(dy, 1)), x.shape)",)


def gradient_rows(facts: Facts) -> Lines:
    """Of evenly spaced values along one axis."""
    axis = axis_of(facts)
    if axis is None or facts.constants.get("edge_order", UNKNOWN) != 1 or facts.rank("h") != 0:
        return None
    along = "" if facts.rank("x") == 1 else f", {axis}"
    step = "" if facts.constants.get("h", UNKNOWN) in (1, 1.0) else " / h"
    return f"dx += gradient_adjoint(dy{along}){step}", "dh -= array_sum(dy * y) / h"


def trapezoid_rows(facts: Facts) -> Lines:
    rank, axis = facts.rank("f"), axis_of(facts, "f")
    if rank is None or axis != rank - 1:
        return None
    seed = "ds" if rank == 1 else "ds[..., None]"
    pads = widths(rank, axis)
    first, last = ("[:-1]", "[1:]") if rank == 1 else ("[..., :-1]", "[..., 1:]")
    if is_left_out(facts, "t"):
        even = facts.constants.get("step", UNKNOWN) in (1, 1.0)
        seed += "" if even else " * step"
        halves = f"halves = pad(ones_like(f{last}) / 2, {pads})"
        return halves, f"df += {seed} * (halves{first} + halves{last})", "dstep += array_sum(ds * s) / step"
    if facts.rank("t") != 1:
        return None
    middle = f"(f{first} + f{last})"
    each = f"{seed} * {middle} / 2"
    if rank > 1:
        axes = tuple(range(rank - 1))
        each = f"array_sum({each}, axis={axes if len(axes) > 1 else axes[0]})"
    return (
        "halves = pad(diff(t), 1) / 2", f"df += {seed} * (halves[:-1] + halves[1:])", f"dt -= diff(pad({each}, 1))",
    )


def integrated(operands: Operands) -> AnyKind:
    kind, axis = array_of(operands.kind("f")), operands.literal("axis")
    if kind is None or not kind.shape or axis not in (-1, len(kind.shape) - 1):
        return None
    return Kind(kind.shape[:-1], real(kind.dtype))


def likewise(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    if kind is None or kind.shape is None or len(kind.shape) > 1 and operands.literal("axis") in (None, UNKNOWN):
        return None
    return Kind(kind.shape, real(kind.dtype))


HELPERS: Mapping[str, str] = {
    "cumprod_adjoint": '''\
def cumprod_adjoint(dy, x, y, axis):
    """The adjoint of x in y = np.cumprod(x, axis): right where some elements are 0."""
    x, y, dy = (np.moveaxis(each, axis, 0) for each in (x, y, dy))
    dx = np.zeros(x.shape, y.dtype if y.dtype.kind == "f" else float)
    later = np.zeros(x.shape[1:], dx.dtype)
    for i in reversed(range(len(x))):
        later = later + dy[i]
        dx[i] = later * y[i - 1] if i else later
        later = later * x[i]
    return np.moveaxis(dx, 0, axis)
''',
    "gradient_adjoint": '''\
def gradient_adjoint(dy, axis=0):
    """The adjoint of x in y = np.gradient(x, axis=axis), with first differences at the ends."""
    dy = np.moveaxis(dy, axis, 0)
    dx = np.zeros(dy.shape, dy.dtype)
    dx[:2] += np.stack([-dy[0], dy[0]])
    dx[-2:] += np.stack([-dy[-1], dy[-1]])
    dx[2:] += dy[1:-1] / 2
    dx[:-2] -= dy[1:-1] / 2
    return np.moveaxis(dx, 0, axis)
''',
}

ROWS: tuple[Row, ...] = (
    made("y = cumsum(x, axis=None, dtype=None, out=None)", cumsum_rows, shape=cumulative),
    made("y = cumprod(x, axis=None, dtype=None, out=None)", cumprod_rows, shape=cumulative),
    made("y = nancumsum(x, axis=None, dtype=None, out=None)", nancumsum_rows, shape=cumulative),
    made("y = diff(x, n=1, axis=-1, prepend=None, append=None)", diff_rows, shape=differenced),
    made("y = ediff1d(x, to_end=None, to_begin=None)", ediff_rows, shape=lambda operands: Kind((operands.fresh(),))),
    made("y = gradient(x, h=1.0, axis=None, edge_order=1)", gradient_rows, shape=likewise),
    made("s = trapezoid(f, t=None, step=1.0, axis=-1)", trapezoid_rows, shape=integrated),
)

OF_A = {"a": "x"}
TRAPEZOID = {"y": "f", "x": "t", "dx": "step"}
TOPIC = Topic(
    "Running along an axis", ROWS,
    names={
        "numpy": {
            "cumsum": "cumsum cumulative_sum", "cumprod": "cumprod cumulative_prod", "nancumsum": "nancumsum", "diff": "diff",
            "ediff1d": "ediff1d", "gradient": "gradient", "trapezoid": "trapezoid trapz",
        },
        "scipy.integrate": {"trapezoid": "trapezoid"},
    },
    methods={"cumsum": "cumsum", "cumprod": "cumprod"},
    helpers=HELPERS,
    keywords={"cumsum": OF_A, "cumprod": OF_A, "nancumsum": OF_A, "diff": OF_A, "gradient": {"f": "x"}, "trapezoid": TRAPEZOID},
)
