"""The rows of SciPy's interpolators where they are evaluated: `CubicSpline(x, y)(t)` is an operation of x, y and t.

Never holds fits of noisy data. A spline is linear in the values that it goes through: what each of them does is the spline
through ones and zeros.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import NUMBER, AnyKind, Holder, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of
from gradgen.rules.whole.moved_knots import HELPERS as OF_KNOTS
from gradgen.rules.whole.moved_knots import spline_by_knots
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic


def weighed(facts: Facts, weights: str) -> str:
    """What the values get: the adjoint with each one's weight at the places."""
    rank = facts.rank("t")
    return f"dy * {weights}" if rank == 0 else f"dy @ {weights}" if rank == 1 else f"tensordot(dy, {weights}, axes={rank})"


def is_plain(facts: Facts, **allowed: tuple[object, ...]) -> bool:
    """Whether only what the rows know is asked for, of values at so many knots."""
    known = {"axis": (0,), "extrapolate": (None, True, False), "nu": (-1, 0, 1, 2), **allowed}
    given = (facts.constants.get(name, UNKNOWN) in values for name, values in known.items() if name in facts.shapes)
    is_shaped = facts.rank("knots") == 1 and facts.rank("t") is not None and (facts.rank("values") == 1 or has_columns(facts))
    is_listed = "values" in facts.active and not isinstance(facts.kinds.get("values"), Kind)
    is_row = not isinstance(facts.kinds.get("knots"), Holder) or "knots" not in facts.active
    return is_shaped and all(given) and not is_listed and is_row and not facts.active & {"bc_type", *known}


def rests(facts: Facts) -> bool:
    """Whether the knots stay where they are."""
    return "knots" not in facts.active


def has_columns(facts: Facts) -> bool:
    """Whether a table of values is interpolated: one curve for each column."""
    return facts.rank("values") == 2 and facts.constants.get("axis", UNKNOWN) == 0


def sloping(facts: Facts, slope: str, curves: str) -> tuple[str, ...]:
    """How the places meet the slopes of all columns, and what each row of values gets by its weight at the places."""
    met = f"array_sum(dy * {slope}, axis=-1)" if slope else "0"
    if "values" not in facts.active:
        return (f"dt += {met}",)
    rank, weights = facts.rank("t") or 0, curves
    axes = tuple(range(rank))
    several = f"{weights}.T @ dy" if rank == 1 else f"tensordot({weights}, dy, axes=({axes}, {axes}))"
    return f"dt += {met}", f"dvalues += {several if rank else f'outer({weights}, dy)'}"


def moving_columns(facts: Facts, slope: str, curves: str) -> Lines:
    if facts.rank("t") is None:
        return None
    along = f"{slope} * {'t_dot[..., None]' if facts.rank('t') else 't_dot'}" if slope else ""
    moved = curves if "values" in facts.active else ""
    return (f"y_dot = {' + '.join(filter(None, (along, moved))) or '0'}",)


def at_places(facts: Facts, curve: str, more: int = 0) -> str:
    """A curve, or its derivative of that order, at the places; its integral from the first knot for -1."""
    order = int(str(facts.constants.get("nu", 0))) + more
    return f"{curve}.antiderivative()(t)" if order < 0 else f"{curve}(t, {order})" if order else f"{curve}(t)"


def ends_of(facts: Facts) -> tuple[str, str] | None:
    """How a spline is told to end, and how the splines through ones and zeros are; None where that is not known."""
    asked = facts.constants.get("bc_type", UNKNOWN) if "bc_type" in facts.shapes else None
    if asked is None or asked == "not-a-knot":
        return "", ""
    if isinstance(asked, str):
        return (f", bc_type={asked!r}",) * 2 if asked in BOUNDARIES else None
    if not isinstance(asked, tuple) or len(asked) != 2:
        return None
    pair = [_end_of(each) for each in asked]
    if None in pair:
        return None
    is_flat = all(each is not None and each[1] for each in pair)
    unit = f", bc_type=({', '.join(repr(each[0]) for each in pair if each is not None)})"
    return unit if is_flat else f", bc_type={asked!r}", unit


def _end_of(asked: object) -> tuple[str | None, bool] | None:
    """The word for one end at which a derivative is 0, and whether it is asked to be that; None where it is not known."""
    match asked:
        case None | "natural" | "clamped" | "not-a-knot":
            return asked, True
        case (1 | 2 as order, int() | float() as value) | ((1 | 2 as order, int() | float() as value),):
            return "clamped" if order == 1 else "natural", value == 0
    return None


def spline_of(facts: Facts, maker: str, options: tuple[str, ...], allowed: Mapping[str, tuple[object, ...]]) -> list[str] | None:
    """The spline through the values, that through ones and zeros, how it ends, what else it is given, and that of the values'
    tangents; None where more is asked for than the rows know."""
    ends = ends_of(facts)
    if ends is None or not is_plain(facts, **allowed):
        return None
    given = "".join(f", {name}={name}" for name in options if facts.constants.get(name) != allowed[name][0])
    is_periodic = facts.constants.get("bc_type") == "periodic"
    if is_periodic and (has_columns(facts) or facts.constants.get("nu") == -1):
        return None
    unit = "eye(values.size)" if not has_columns(facts) else "eye(values.shape[0])"
    if is_periodic:  # the last value is the first again
        unit = "concatenate((eye(values.size - 1), eye(values.size - 1)[:1]))"
    whole, units, moved = (
        f"{maker}(knots, {values}{end}{given})" for values, end in (("values", ends[0]), (unit, ends[1]), ("values_dot", ends[1]))
    )
    return [whole, units, ends[0], given, moved]


def spline_rows(maker: str, *options: str, **allowed: tuple[object, ...]) -> Callable[[Facts], Lines]:
    def rows(facts: Facts) -> Lines:
        found = spline_of(facts, maker, options, allowed)
        if found is None:
            return None
        slope, curves = at_places(facts, found[0], 1), at_places(facts, found[1])
        if has_columns(facts):
            return sloping(facts, slope, curves) if rests(facts) else None
        weights = weighed(facts, curves)
        if facts.constants.get("bc_type") == "periodic":
            weights = f"append({weights}, 0.0)"
        lines = f"dt += dy * {slope}", f"dvalues += {weights}"
        if rests(facts):
            return lines
        pulled = spline_by_knots(facts, maker, found[2], found[3])
        return None if pulled is None else (f"curve = {found[0]}", *lines, f"dknots -= {weighed(facts, pulled)}")

    return rows


def spline_moved(maker: str, *options: str, **allowed: tuple[object, ...]) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        found = spline_of(facts, maker, options, allowed)
        if found is None:
            return None
        slope, moved = at_places(facts, found[0], 1), at_places(facts, found[4])
        if has_columns(facts):
            return moving_columns(facts, slope, moved) if rests(facts) else None
        if rests(facts):
            return (f"y_dot = {slope} * t_dot + {moved}",)
        pulled = spline_by_knots(facts, maker, found[2], found[3])
        if pulled is None:
            return None
        parts = [f"{slope} * t_dot"] * ("t" in facts.active) + [moved] * ("values" in facts.active)
        return f"curve = {found[0]}", f"y_dot = {' + '.join([*parts, ''])}-{pulled} @ knots_dot"

    return lines


def interp1d_parts(facts: Facts) -> tuple[str, str] | None:
    """The options with which values are interpolated, nothing beyond the ends, and the slope at the places."""
    kind, filling = facts.constants.get("kind", UNKNOWN), facts.constants.get("fill_value", UNKNOWN)
    filling = (0.0, 0.0) if filling is UNKNOWN and is_pair(facts) else filling
    is_filled = filling is UNKNOWN or not isinstance(filling, str | float | int | tuple | None) or _rank_of(filling) > 1
    is_either = (True, False)
    if not is_plain(facts, axis=(-1, 0), copy=is_either, assume_sorted=is_either, bounds_error=(None, *is_either)) or is_filled:
        return None
    kind = ORDERS.get(kind, kind) if type(kind) is int else kind
    if kind not in ("linear", "cubic", "quadratic", "slinear", *STEPS):
        return None
    beyond, is_checked = filling == "extrapolate", filling is None and facts.constants.get("bounds_error") is not False
    options = "" if kind == "linear" else f", kind={kind!r}"
    if not is_checked:
        options += ", fill_value='extrapolate'" if beyond else ", bounds_error=False, fill_value=0.0"
    if kind in STEPS:
        return options, ""
    if kind in ("linear", "slinear"):
        return options, f"slope_between(t, knots, values, {beyond})"
    slope = f"make_interp_spline(knots, values, k={3 if kind == 'cubic' else 2})(t, 1)"
    if beyond or is_checked:
        return options, slope
    inside = "(t >= knots[0]) & (t <= knots[-1])"
    return options, f"where({f'({inside})[..., None]' if has_columns(facts) else inside}, {slope}, 0.0)"


def is_pair(facts: Facts) -> bool:
    """Whether what stands below and above is given as two numbers that are computed."""
    kind = facts.kinds.get("fill_value")
    return isinstance(kind, Holder) and kind.items == (NUMBER, NUMBER) and facts.rank("values") == 1


def _rank_of(filling: object) -> int:
    """How deep a tuple of numbers is; a pair is what stands below and above."""
    if not isinstance(filling, tuple):
        return 0
    return 1 if len(filling) == 2 and all(isinstance(each, int | float) for each in filling) else 2


def interp1d_rows(facts: Facts) -> Lines:
    found = interp1d_parts(facts)
    if found is None:
        return None
    options, slope = found
    if has_columns(facts):
        return None if not rests(facts) else sloping(facts, slope, f"interp1d(knots, eye(values.shape[0]), axis=0{options})(t)")
    units = f"interp1d(knots, eye(values.size), axis=0{options})(t)"
    lines = [f"dt += dy * {slope}" if slope else "dt += 0", f"dvalues += {weighed(facts, units)}"]
    if not rests(facts):
        pulled = interp1d_by_knots(facts, slope, units)
        if pulled is None:
            return None
        lines.append(f"dknots -= {weighed(facts, pulled)}" if pulled else "dknots += 0")
        lines[:0] = [f"curve = {interp1d_curve(slope)}"] if "curve" in pulled else []
    if "fill_value" not in facts.active:
        return tuple(lines)
    return *lines, "dfill_value += (array_sum(dy * (t < knots[0])), array_sum(dy * (t > knots[-1])))"


def interp1d_by_knots(facts: Facts, slope: str, units: str) -> str | None:
    """How a curve moves with each knot, its sign turned: a line by its slope, a step not at all; None where that is not known."""
    if not slope:
        return ""
    if slope.startswith("slope_between"):
        return f"({slope}{'[..., None]' if facts.rank('t') else ''} * {units})"
    degree = 2 if "k=2" in slope else 3
    if slope.startswith("where"):
        return None
    pull = f"make_interp_spline(knots, knot_pull(curve, knots, {degree}), k={degree})(t)"
    return f"(knot_jumps(curve, knots, t, {degree}) + {pull})"


def interp1d_curve(slope: str) -> str:
    """The spline whose slope this is."""
    return slope.removesuffix("(t, 1)")


def interp1d_moved(facts: Facts) -> Lines:
    found = interp1d_parts(facts)
    if found is None:
        return None
    options, slope = found
    if has_columns(facts):
        return None if not rests(facts) else moving_columns(facts, slope, f"interp1d(knots, values_dot, axis=0{options})(t)")
    parts = [f"{slope} * t_dot"] if slope and "t" in facts.active else []
    parts += [f"interp1d(knots, values_dot{options})(t)"] if "values" in facts.active else []
    pulled = "" if rests(facts) else interp1d_by_knots(facts, slope, f"interp1d(knots, eye(values.size), axis=0{options})(t)")
    if pulled is None:
        return None
    parts += [f"-{pulled} @ knots_dot"] if pulled else []
    named = (f"curve = {interp1d_curve(slope)}",) if "curve" in pulled else ()
    if "fill_value" in facts.active:
        parts.append("where(t < knots[0], fill_value_dot[0], where(t > knots[-1], fill_value_dot[1], 0.0))")
    return *named, f"y_dot = {' + '.join(parts) or '0'}"


PULLED = "KroghInterpolator(knots, diag(KroghInterpolator(knots, values).derivative(knots)))(t)"
"""How the polynomial through all values moves with each knot, its sign turned."""


def interpolant_rows(facts: Facts) -> Lines:
    """The polynomial through all values, which is linear in them."""
    if facts.rank("values") != 1 or not is_plain(facts):
        return None
    lines = (
        "dt += dy * KroghInterpolator(knots, values).derivative(t)",
        f"dvalues += {weighed(facts, 'KroghInterpolator(knots, eye(values.size))(t)')}",
    )
    return lines if rests(facts) else (*lines, f"dknots -= {weighed(facts, PULLED)}")


def interpolant_moved(facts: Facts) -> Lines:
    if facts.rank("values") != 1 or not is_plain(facts):
        return None
    line = "y_dot = KroghInterpolator(knots, values).derivative(t) * t_dot + KroghInterpolator(knots, values_dot)(t)"
    return (line if rests(facts) else f"{line} - {PULLED} @ knots_dot",)


def like_places(operands: Operands) -> AnyKind:
    """The shape of the places, and the columns of a table of values after it."""
    kind, values = array_of(operands.kind("t")), array_of(operands.kind("values"))
    if kind is None or kind.shape is None or values is None or values.shape is None:
        return Kind(None)
    return Kind((*kind.shape, *values.shape[1:]) if len(values.shape) < 2 or operands.literal("axis") == 0 else None)


def unknown(operands: Operands) -> AnyKind:
    return None


def refused(facts: Facts) -> Lines:
    return None


REACH = "bounds_error=None, fill_value=None"
INTERPOLANTS = ("BarycentricInterpolator", "KroghInterpolator")
FITTED = ("InterpolatedUnivariateSpline", "UnivariateSpline")
STEPS = ("nearest", "nearest-up", "previous", "next", "zero")
ORDERS: Mapping[object, str] = {0: "zero", 1: "slinear", 2: "quadratic", 3: "cubic"}
BOUNDARIES = ("not-a-knot", "natural", "clamped", "periodic")
SPLINE = "bc_type='not-a-knot', extrapolate=None, axis=0"
DEGREES = (3, 1, 2, 4, 5)
REACHES = (None, True, False)
MADE = "knots, values"
ROWS: tuple[Row, ...] = (
    made(
        f"y = cubic_spline({MADE}, t, nu=0, {SPLINE})", spline_rows("CubicSpline", "extrapolate", extrapolate=REACHES),
        shape=like_places, carries="knots values t",
    ),
    made(
        f"y = interpolating_spline({MADE}, t, nu=0, k=3, bc_type=None, axis=0)",
        spline_rows("make_interp_spline", "k", k=DEGREES), shape=like_places, carries="knots values t",
    ),
    made(  # what FITPACK's splines are that go through all values
        f"y = smoothing_spline({MADE}, t, nu=0, k=3, s=None)", spline_rows("make_interp_spline", "k", k=DEGREES, s=(0,)),
        shape=like_places, carries="knots values t",
    ),
    made(
        f"y = interpolated({MADE}, t, kind='linear', axis=-1, copy=True, bounds_error=None, fill_value=None, "
        "assume_sorted=False)",
        interp1d_rows, shape=like_places, carries="knots values t fill_value",
    ),
    made(
        f"y = basis_spline({MADE}, t, nu=0, k=3, extrapolate=True, axis=0)",
        spline_rows("BSpline", "k", "extrapolate", k=(None, *range(6)), extrapolate=(True, False)), shape=like_places,
        carries="knots values t",
    ),
    made(f"y = interpolant({MADE}, t)", interpolant_rows, shape=like_places, carries="knots values t"),
    made("y = BSpline(x, y0, k, extrapolate=True, axis=0)", refused, shape=unknown, carries="x y0"),
    *(made(f"y = {name}(x, y0=None)", refused, shape=unknown, carries="x y0") for name in INTERPOLANTS),
    # the interpolators themselves: only what is made of them has a derivative
    *(
        made(
            f"y = {name}(x, y0, k=3, s=None, kind=None, bc_type=None, axis=0, extrapolate=None, method='akima', {REACH})",
            refused, shape=unknown, carries="x y0",
        )
        for name in ("CubicSpline", "PchipInterpolator", "Akima1DInterpolator", "make_interp_spline", "interp1d", *FITTED)
    ),
    made("y = CubicHermiteSpline(x, y0, dydx, axis=0, extrapolate=None)", refused, shape=unknown, carries="x y0 dydx"),
)

EVALUATED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "CubicSpline": ("cubic_spline", ("axis", "bc_type", "extrapolate")),
    "PchipInterpolator": ("pchip", ("axis", "extrapolate")),
    "CubicHermiteSpline": ("hermite_cubic", ("dydx", "axis", "extrapolate")),
    "Akima1DInterpolator": ("akima", ("axis", "method", "extrapolate")),
    "BSpline": ("basis_spline", ("k", "extrapolate", "axis")), **dict.fromkeys(INTERPOLANTS, ("interpolant", ())),
    "make_interp_spline": ("interpolating_spline", ("k", "t", "bc_type", "axis")),
    "InterpolatedUnivariateSpline": ("interpolating_spline", ("w", "bbox", "k")),
    "UnivariateSpline": ("smoothing_spline", ("w", "bbox", "k", "s")),
    "RegularGridInterpolator": ("grid_value", ("method", "bounds_error", "fill_value")),
    "interp1d": ("interpolated", ("kind", "axis", "copy", "bounds_error", "fill_value", "assume_sorted")),
}
"""What a call of each is, evaluated, and the names of its arguments after the knots and values."""

HELPERS: Mapping[str, str] = {
    **OF_KNOTS,
    "slope_between": '''\
def slope_between(t, knots, values, beyond):
    """The slope of the line between the two knots that t lies between; beyond the ends that of the last two, or 0."""
    order = np.argsort(knots, kind="stable")
    x, y = np.asarray(knots)[order], np.asarray(values)[order]
    i = np.clip(np.searchsorted(x, t, side="right") - 1, 0, x.size - 2)
    slope = np.transpose(y[i + 1] - y[i]) / np.transpose(x[i + 1] - x[i])
    inside = np.transpose((t >= x[0]) & (t <= x[-1]))
    return np.transpose(slope if beyond else np.where(inside, slope, 0.0))
''',
}

TOPIC = Topic(
    "Interpolators", ROWS,
    names={"scipy.interpolate": {name: name for name in EVALUATED if name != "RegularGridInterpolator"}},
    helpers=HELPERS,
    keywords=dict.fromkeys(EVALUATED, {"y": "y0"}),
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "cubic_spline": spline_moved("CubicSpline", "extrapolate", extrapolate=REACHES),
    "interpolating_spline": spline_moved("make_interp_spline", "k", k=DEGREES),
    "smoothing_spline": spline_moved("make_interp_spline", "k", k=DEGREES, s=(0,)), "interpolated": interp1d_moved,
    "basis_spline": spline_moved("BSpline", "k", "extrapolate", k=(None, *range(6)), extrapolate=(True, False)),
    "interpolant": interpolant_moved,
}
"""The lines of their tangents."""
