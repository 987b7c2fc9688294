"""The rows of what runs along an axis: cumulative sums and products, differences, gradients, the trapezoidal rule.

Never holds reductions in general.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.ir.kinds import AnyKind, Holder, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, axes_of, like, real
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
    begins = facts.constants.get("include_initial", UNKNOWN)
    if begins not in (False, True) or not is_left_out(facts, "out"):
        return None
    axis = axis_of(facts)  # the sum of nothing comes first
    back = summed_back(facts, part("dy", 0 if axis is None else axis, "1:") if begins else "dy")
    return None if back is None else (f"dx += {back}",)


def nancumsum_rows(facts: Facts) -> Lines:
    back = summed_back(facts, "dy") if is_left_out(facts, "out") else None
    return None if back is None else (f"dx += where(isnan(x), 0, {back})",)


def cumprod_rows(facts: Facts) -> Lines:
    axis = axis_of(facts)
    if not is_left_out(facts, "out"):
        return None
    if facts.constants.get("axis", UNKNOWN) is None and facts.rank("x") not in (None, 1):
        return ("dx += reshape(cumprod_adjoint(dy, ravel(x), y, 0), x.shape)",)
    return None if axis is None else (f"dx += cumprod_adjoint(dy, x, y, {axis})",)


def nancumprod_rows(facts: Facts) -> Lines:
    """NaN counts as 1."""
    lines = cumprod_rows(facts)
    if lines is None:
        return None
    own = lines[0].replace("(dy, x,", "(dy, kept,").replace("ravel(x)", "ravel(kept)").removeprefix("dx += ")
    return "kept = where(isnan(x), 1, x)", f"dx += where(isnan(x), 0, {own})"


def cumulative(operands: Operands) -> AnyKind:
    kind, axis = array_of(operands.kind("x")), operands.literal("axis")
    if kind is None or kind.shape is None:
        return kind
    dtype = operands.dtype("dtype") or kind.dtype
    if operands.literal("include_initial") not in (False, UNKNOWN):
        axes = axes_of(0 if axis is None else axis, len(kind.shape))
        longer = None if axes is None else (dim.plus(size(1)) if i in axes else dim for i, dim in enumerate(kind.shape))
        return Kind(None if longer is None else tuple(longer), dtype)
    return Kind((operands.fresh(),), dtype) if axis is None and len(kind.shape) != 1 else Kind(kind.shape, dtype)


def running_rows(facts: Facts) -> Lines:
    axis = axis_of(facts)
    return None if axis is None else (f"dx += running_adjoint(dy, x, y, {axis})",)


def widths(rank: int, axis: int, width: str = "1") -> str:
    """The padding of one axis by so much at both ends."""
    if rank == 1:
        return width
    return "(" + ", ".join(f"({width}, {width})" if i == axis else "(0, 0)" for i in range(rank)) + ")"


def one_sided(rank: int, axis: int, width: str) -> str:
    """The padding of one axis, different before and after."""
    if rank == 1:
        return f"({width})"
    return "(" + ", ".join(f"({width})" if i == axis else "(0, 0)" for i in range(rank)) + ")"


def diff_rows(facts: Facts) -> Lines:
    rank, axis, times = facts.rank("x"), axis_of(facts), facts.constants.get("n", UNKNOWN)
    if rank is None or axis is None or not isinstance(times, int):
        return None
    if not is_left_out(facts, "prepend", "append"):
        return widened_rows(facts, rank, axis, times)
    if times == 0:
        return ("dx += dy",)
    more = "" if times == 1 else f", {times}"
    more += "" if axis == rank - 1 else f", axis={axis}"
    sign = "-" if times % 2 else "+"
    wide = f"diff(pad(dy, {widths(rank, axis, str(times))}){more})"  # of fewer elements than that there are no differences
    return (f"dx {sign}= {part(wide, axis, f':x.shape[{axis}]')}",)


def widened_rows(facts: Facts, rank: int, axis: int, times: int) -> Lines:
    """Differences of what has been put together from three parts."""
    if not times or not is_left_out(facts, "prepend") and facts.rank("prepend") is None:
        return None
    more = "" if times == 1 else f", {times}"
    more += "" if axis == rank - 1 else f", axis={axis}"
    wide = f"{'-' if times % 2 else ''}diff(pad(dy, {widths(rank, axis, str(times))}){more})"
    lines, start = [f"dwhole = {wide}"], ""
    if not is_left_out(facts, "prepend"):
        start = f"prepend.shape[{axis}]" if facts.rank("prepend") else "1"
        lines.append(f"dprepend += unbroadcast(dwhole[{', '.join([':'] * axis + [f':{start}'])}], prepend)")
    middle = f"{start}:{start} + x.shape[{axis}]" if start else f":x.shape[{axis}]"
    lines.append(f"dx += {part('dwhole', axis, middle)}")
    if not is_left_out(facts, "append"):
        after = f"{start} + x.shape[{axis}]:" if start else f"x.shape[{axis}]:"
        lines.append(f"dappend += unbroadcast({part('dwhole', axis, after)}, append)")
    return tuple(lines)


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
    if any(not is_left_out(facts, name) and facts.rank(name) is None for name in ("to_begin", "to_end")):
        return None
    first = "0" if is_left_out(facts, "to_begin") else "1" if facts.rank("to_begin") == 0 else "to_begin.size"
    last = f"{first} + x.size - 1"
    own = "dy" if is_left_out(facts, "to_begin", "to_end") else f"dy[{first}:{last}]"
    each = f"diff(pad({own}, 1))[:x.size]"
    lines = [f"dx -= {each}" if facts.rank("x") == 1 else f"dx -= reshape({each}, x.shape)"]
    if not is_left_out(facts, "to_begin"):
        own = f"reshape(dy[:{first}], to_begin.shape)" if facts.rank("to_begin") else "dy[0]"
        lines.append(f"dto_begin += {own}")
    if not is_left_out(facts, "to_end"):
        own = f"reshape(dy[{last}:], to_end.shape)" if facts.rank("to_end") else "dy[-1]"
        lines.append(f"dto_end += {own}")
    return tuple(lines)


def gradient_rows(facts: Facts) -> Lines:
    """Of values that are evenly spaced or whose places are given, along one axis or each of several."""
    rank, axis, order = facts.rank("x"), facts.constants.get("axis", UNKNOWN), facts.constants.get("edge_order", UNKNOWN)
    axes = axes_of(axis, rank) if rank is not None and axis is not UNKNOWN else None
    steps = [name for name in facts.shapes if name.startswith("hs")]
    if not axes or len(steps) not in (0, 1, len(axes)):
        return None
    if isinstance(axis, tuple) or len(axes) > 1:
        if facts.active & set(steps):
            return None
        given = f"({', '.join(steps)},)" if steps else "(1.0,)"
        return (f"dx += gradients_transposed(dy, x, {given}, {axes!r}, edge_order)",)
    along = "" if rank == 1 else f", {axes[0]}"
    if not steps:
        return (f"dx += gradient_adjoint(dy{along})" if order == 1 else
                f"dx += gradient_transposed(dy, x, 1.0, {axes[0]}, edge_order)",)
    if facts.rank("hs0") == 1 and (order == 1 or "hs0" not in facts.active):
        of_places = (f"dhs0 += gradient_by_places(dy, x, hs0, {axes[0]})",) if order == 1 else ()
        return f"dx += gradient_transposed(dy, x, hs0, {axes[0]}, edge_order)", *of_places
    if facts.rank("hs0") != 0:
        return None
    step = "" if facts.constants.get("hs0", UNKNOWN) in (1, 1.0) else " / hs0"
    slope = f"gradient_adjoint(dy{along}){step}" if order == 1 else f"gradient_transposed(dy, x, hs0, {axes[0]}, edge_order)"
    return f"dx += {slope}", "dhs0 -= array_sum(dy * y) / hs0"


def trapezoid_rows(facts: Facts) -> Lines:
    rank, axis = facts.rank("f"), axis_of(facts, "f")
    if rank is None or axis is None:
        return None
    if axis != rank - 1 or not is_left_out(facts, "t") and facts.rank("t") != 1:
        if is_left_out(facts, "t"):
            even = facts.constants.get("step", UNKNOWN) in (1, 1.0)
            wide = f"expand_dims(ds, {axis})"
            return (
                f"dmiddle = {wide} * {'0.5' if even else '(step / 2)'} * ones_like({part('f', axis, '1:')})",
                f"df += pad(dmiddle, {one_sided(rank, axis, '0, 1')}) + pad(dmiddle, {one_sided(rank, axis, '1, 0')})",
                "dstep += array_sum(ds * s) / step",
            )
        if facts.rank("t") not in (1, rank):
            return None
        marks = ", ".join([":"] + ["None"] * (rank - 1 - axis))
        places = "t" if facts.rank("t") == rank else f"t[{marks}]" if marks != ":" else "t"
        wide = f"expand_dims(ds, {axis})"
        middle = f"({part('f', axis, '1:')} + {part('f', axis, ':-1')})"
        own, places_rank = (axis, rank) if facts.rank("t") == rank else (0, rank - axis)
        return (
            f"places = {places}", f"dmiddle = {wide} * diff(places, axis={own}) / 2",
            f"df += pad(dmiddle, {one_sided(rank, axis, '0, 1')}) + pad(dmiddle, {one_sided(rank, axis, '1, 0')})",
            f"dsteps = unbroadcast({wide} * {middle} / 2, diff(places, axis={own}))",
            f"dt -= reshape(diff(pad(dsteps, {one_sided(places_rank, own, '1, 1')}), axis={own}), t.shape)",
        )
    seed = "ds" if rank == 1 else "ds[..., None]"
    pads = widths(rank, axis)
    first, last = ("[:-1]", "[1:]") if rank == 1 else ("[..., :-1]", "[..., 1:]")
    if is_left_out(facts, "t"):
        even = facts.constants.get("step", UNKNOWN) in (1, 1.0)
        seed += "" if even else " * step"
        halves = f"halves = pad(ones_like(f{last}) / 2, {pads})"
        whole = part(f"(halves{first} + halves{last})", axis, f":f.shape[{axis}]")
        return halves, f"df += {seed} * {whole}", "dstep += array_sum(ds * s) / step"
    if facts.rank("t") != 1:
        return None
    middle = f"(f{first} + f{last})"
    each = f"{seed} * {middle} / 2"
    if rank > 1:
        axes = tuple(range(rank - 1))
        each = f"array_sum({each}, axis={axes if len(axes) > 1 else axes[0]})"
    return (
        "halves = pad(diff(t), 1) / 2", f"df += {seed} * (halves[:-1] + halves[1:])[:t.size]",
        f"dt -= diff(pad({each}, 1))[:t.size]",
    )


def integrated(operands: Operands) -> AnyKind:
    kind, axis = array_of(operands.kind("f")), operands.literal("axis")
    if kind is None or not kind.shape or not isinstance(axis, int):
        return Kind(None)
    own = axis % len(kind.shape)
    return Kind(kind.shape[:own] + kind.shape[own + 1 :], real(kind.dtype))


def likewise(operands: Operands) -> AnyKind:
    kind, axis = array_of(operands.kind("x")), operands.literal("axis")
    if kind is None or kind.shape is None or axis is UNKNOWN:
        return None
    result, axes = Kind(kind.shape, real(kind.dtype)), axes_of(axis, len(kind.shape))
    is_list = isinstance(axis, tuple) or axes is not None and len(axes) > 1
    return Holder((result,) * len(axes or ())) if is_list else result


HELPERS: Mapping[str, str] = {
    "cumprod_adjoint": '''\
def cumprod_adjoint(dy, x, y, axis):
    """The adjoint of x in y = np.cumprod(x, axis): right where some elements are 0."""
    x, y, dy = (np.moveaxis(each, axis, 0) for each in (x, y, dy))
    dx = np.zeros(x.shape, y.dtype if y.dtype.kind in "fc" else float)
    later = np.zeros(x.shape[1:], dx.dtype)
    for i in reversed(range(len(x))):
        later = later + dy[i]
        dx[i] = later * y[i - 1] if i else later
        later = later * x[i]
    return np.moveaxis(dx, 0, axis)
''',
    "running_max": '''\
def running_max(x, axis=0):
    """The largest element so far along an axis."""
    return np.maximum.accumulate(x, axis)
''',
    "running_min": '''\
def running_min(x, axis=0):
    """The smallest element so far along an axis."""
    return np.minimum.accumulate(x, axis)
''',
    "running_adjoint": '''\
def running_adjoint(dy, x, y, axis):
    """The adjoint of x in its running maximum or minimum y; an element that is equal to the one so far shares with it."""
    x, y, dy = (np.moveaxis(each, axis, 0) for each in (x, y, dy))
    dx, later = np.zeros(x.shape, dy.dtype), np.zeros(x.shape[1:], dy.dtype)
    for i in reversed(range(len(x))):
        later = later + dy[i]
        share = np.where(x[i] == y[i - 1], 0.5, x[i] == y[i]) if i else 1.0
        dx[i] = later * share
        later = later * (1 - share)
    return np.moveaxis(dx, 0, axis)
''',
    "gradients_transposed": '''\
def gradients_transposed(dys, x, steps, axes, edge_order):
    """The adjoint of x in what np.gradient makes of it along several axes."""
    steps = steps * len(axes) if len(steps) == 1 else steps
    return sum(gradient_transposed(dy, x, h, axis, edge_order) for dy, h, axis in zip(dys, steps, axes))
''',
    "gradient_transposed": '''\
def gradient_transposed(dy, x, h, axis, edge_order):
    """The adjoint of x in y = np.gradient(x, h, axis=axis, edge_order=edge_order), which is linear in x."""
    matrix = np.gradient(np.eye(x.shape[axis], dtype=dy.dtype), h, axis=0, edge_order=edge_order)
    return np.moveaxis(np.tensordot(matrix, dy, axes=(0, axis)), 0, axis)
''',
    "gradient_by_places": '''\
def gradient_by_places(dy, x, t, axis):
    """The adjoint of the places t in y = np.gradient(x, t, axis=axis), with first differences at the ends."""
    dy, x = np.moveaxis(dy, axis, 0), np.moveaxis(x, axis, 0)
    h = np.diff(t).reshape(-1, *(1,) * (x.ndim - 1))
    slope = np.diff(x, axis=0) / h
    dh = np.zeros(slope.shape, dy.dtype)
    dh[0] -= dy[0] * slope[0] / h[0]
    dh[-1] -= dy[-1] * slope[-1] / h[-1]
    left, right, before, after = h[:-1], h[1:], slope[:-1], slope[1:]
    y, share = (right * before + left * after) / (left + right), dy[1:-1] / (left + right)
    dh[1:] += share * (before - y - left * after / right)
    dh[:-1] += share * (after - y - right * before / left)
    return -np.diff(dh.reshape(len(dh), -1).sum(axis=1), prepend=0.0, append=0.0)
''',
    "gradient_moved": '''\
def gradient_moved(t_dot, x, t, axis):
    """How the places t move y = np.gradient(x, t, axis=axis), with first differences at the ends."""
    x = np.moveaxis(x, axis, 0)
    h, h_dot = (np.diff(each).reshape(-1, *(1,) * (x.ndim - 1)) for each in (t, t_dot))
    slope = np.diff(x, axis=0) / h
    moved = -slope * h_dot / h
    left, right, before, after = h[:-1], h[1:], slope[:-1], slope[1:]
    y = (right * before + left * after) / (left + right)
    inner = h_dot[1:] * (before - y) + h_dot[:-1] * (after - y) + right * moved[:-1] + left * moved[1:]
    return np.moveaxis(np.concatenate([moved[:1], inner / (left + right), moved[-1:]]), 0, axis)
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
    made("y = cumsum(x, axis=None, dtype=None, out=None, include_initial=False)", cumsum_rows, shape=cumulative),
    made("y = cumprod(x, axis=None, dtype=None, out=None)", cumprod_rows, shape=cumulative),
    made("y = nancumsum(x, axis=None, dtype=None, out=None)", nancumsum_rows, shape=cumulative),
    made("y = nancumprod(x, axis=None, dtype=None, out=None)", nancumprod_rows, shape=cumulative),
    made("y = running_max(x, axis=0)", running_rows, shape=like("x")),
    made("y = running_min(x, axis=0)", running_rows, shape=like("x")),
    made("y = diff(x, n=1, axis=-1, prepend=None, append=None)", diff_rows, shape=differenced),
    made("y = ediff1d(x, to_end=None, to_begin=None)", ediff_rows, shape=lambda operands: Kind((operands.fresh(),))),
    made("y = gradient(x, *hs, axis=None, edge_order=1)", gradient_rows, shape=likewise),
    made("s = trapezoid(f, t=None, step=1.0, axis=-1)", trapezoid_rows, shape=integrated),
)

OF_A = {"a": "x"}
TRAPEZOID = {"y": "f", "x": "t", "dx": "step"}
TOPIC = Topic(
    "Running along an axis", ROWS,
    names={
        "numpy": {
            "cumsum": "cumsum cumulative_sum", "cumprod": "cumprod cumulative_prod",
            "nancumsum": "nancumsum", "nancumprod": "nancumprod",
            "diff": "diff",
            "ediff1d": "ediff1d", "gradient": "gradient", "trapezoid": "trapezoid trapz",
        },
        "scipy.integrate": {"trapezoid": "trapezoid"},
    },
    methods={"cumsum": "cumsum", "cumprod": "cumprod"},
    helpers=HELPERS,
    keywords={
        **dict.fromkeys(("cumsum", "cumprod", "nancumsum", "nancumprod", "diff"), OF_A), "gradient": {"f": "x"},
        "trapezoid": TRAPEZOID,
    },
)
