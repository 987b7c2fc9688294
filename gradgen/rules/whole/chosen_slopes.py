"""The rows of SciPy's interpolators whose slopes at the knots are said or chosen: PchipInterpolator, Akima1DInterpolator,
CubicHermiteSpline.

Never holds splines whose slopes follow from the values by equations (interpolation.py).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.whole.interpolation import (
    MADE,
    REACHES,
    at_places,
    has_columns,
    is_plain,
    like_places,
    moving_columns,
    rests,
    sloping,
    weighed,
)
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic

METHODS = ("akima", "makima")


def curve_of(facts: Facts, maker: str) -> tuple[str, str] | None:
    """The interpolator, and how its slopes at the knots move with the values."""
    allowed = {} if maker == "PchipInterpolator" else {"method": METHODS}
    if not is_plain(facts, extrapolate=REACHES, **allowed) or not rests(facts):
        return None
    method = "" if facts.constants.get("method", "akima") == "akima" else ", method=method"
    reach = "" if facts.constants.get("extrapolate") is None else ", extrapolate=extrapolate"
    slopes = "pchip_slopes(knots, values)" if not allowed else f"akima_slopes(knots, values{', method' if method else ''})"
    return f"{maker}(knots, values{method}{reach})", slopes


def chosen_rows(maker: str) -> Callable[[Facts], Lines]:
    """The slopes at the knots move with the values: each value's weight is the cubic through it and what it does to them."""

    def rows(facts: Facts) -> Lines:
        found = curve_of(facts, maker)
        if found is None or has_columns(facts) and "values" in facts.active:
            return None
        slope = at_places(facts, found[0], 1)
        if has_columns(facts):
            return sloping(facts, slope, "")
        weights = at_places(facts, f"CubicHermiteSpline(knots, eye(values.size), {found[1]})")
        return f"dt += dy * {slope}", f"dvalues += {weighed(facts, weights)}"

    return rows


def chosen_moved(maker: str) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        found = curve_of(facts, maker)
        if found is None or has_columns(facts) and "values" in facts.active:
            return None
        slope = at_places(facts, found[0], 1)
        if has_columns(facts):
            return moving_columns(facts, slope, "")
        moved = at_places(facts, f"CubicHermiteSpline(knots, values_dot, {found[1]} @ values_dot)")
        return (f"y_dot = {slope} * t_dot" + (f" + {moved}" if "values" in facts.active else ""),)

    return lines


def hermite_rows(facts: Facts) -> Lines:
    """Linear in the values at the knots and in the slopes there, together."""
    if not is_plain(facts) or not rests(facts) or facts.rank("dydx") != 1 or has_columns(facts):
        return None
    unit, none = "eye(values.size)", "zeros((values.size, values.size))"
    pairs = f"{unit}, {none}", f"{none}, {unit}"
    by_value, by_slope = (at_places(facts, f"CubicHermiteSpline(knots, {pair})") for pair in pairs)
    return (
        f"dt += dy * {at_places(facts, 'CubicHermiteSpline(knots, values, dydx)', 1)}",
        f"dvalues += {weighed(facts, by_value)}", f"ddydx += {weighed(facts, by_slope)}",
    )


def hermite_moved(facts: Facts) -> Lines:
    if not is_plain(facts) or not rests(facts) or facts.rank("dydx") != 1 or has_columns(facts):
        return None
    values, slopes = (f"{name}_dot" if name in facts.active else f"zeros_like({name})" for name in ("values", "dydx"))
    moved = at_places(facts, f"CubicHermiteSpline(knots, {values}, {slopes})") if facts.active - {"t"} else ""
    slope = at_places(facts, "CubicHermiteSpline(knots, values, dydx)", 1)
    return (f"y_dot = {slope} * t_dot" + (f" + {moved}" if moved else ""),)


ROWS: tuple[Row, ...] = (
    made(
        f"y = pchip({MADE}, t, nu=0, axis=0, extrapolate=None)", chosen_rows("PchipInterpolator"), shape=like_places,
        carries="knots values t",
    ),
    made(
        f"y = hermite_cubic({MADE}, t, dydx, nu=0, axis=0, extrapolate=None)", hermite_rows, shape=like_places,
        carries="knots values t dydx",
    ),
    made(
        f"y = akima({MADE}, t, nu=0, axis=0, method='akima', extrapolate=None)", chosen_rows("Akima1DInterpolator"),
        shape=like_places, carries="knots values t",
    ),
)

HELPERS: Mapping[str, str] = {
    "pchip_slopes": '''\
def pchip_slopes(knots, values):
    """How the slopes of a PchipInterpolator at its knots, one a row, move with each of the values."""
    h, n = np.diff(knots), len(knots)
    moved = np.diff(np.eye(n), axis=0) / h[:, None]
    m = np.diff(values) / h
    slopes = np.zeros((n, n))
    if n == 2:
        return slopes + moved
    for k in range(1, n - 1):
        if m[k - 1] * m[k] > 0:
            before, after = 2 * h[k] + h[k - 1], h[k] + 2 * h[k - 1]
            slope = (before + after) / (before / m[k - 1] + after / m[k])
            parts = before / m[k - 1] ** 2 * moved[k - 1] + after / m[k] ** 2 * moved[k]
            slopes[k] = slope**2 / (before + after) * parts
    for end, near, far in ((0, 0, 1), (-1, -1, -2)):
        wide, narrow = (2 * h[near] + h[far]) / (h[near] + h[far]), h[near] / (h[near] + h[far])
        slope = wide * m[near] - narrow * m[far]
        if slope * m[near] > 0:
            is_steep = m[near] * m[far] < 0 and abs(slope) > 3 * abs(m[near])
            slopes[end] = 3 * moved[near] if is_steep else wide * moved[near] - narrow * moved[far]
    return slopes
''',
    "akima_slopes": '''\
def akima_slopes(knots, values, method="akima"):
    """How the slopes of an Akima1DInterpolator at its knots, one a row, move with each of the values."""
    h, n = np.diff(knots), len(knots)
    moved = np.zeros((n + 3, n))
    moved[2:-2] = np.diff(np.eye(n), axis=0) / h[:, None]
    for k in (1, 0):
        moved[k] = 2 * moved[k + 1] - moved[k + 2]
        moved[-k - 1] = 2 * moved[-k - 2] - moved[-k - 3]
    m = moved @ values
    turn, turned = np.diff(m), np.diff(moved, axis=0)
    weight, weighed = np.abs(turn), np.sign(turn)[:, None] * turned
    if method == "makima":
        mean, means = (m[1:] + m[:-1]) / 2, (moved[1:] + moved[:-1]) / 2
        weight, weighed = weight + np.abs(mean), weighed + np.sign(mean)[:, None] * means
    before, after = weight[2:], weight[:-2]
    total = before + after
    is_bent = total > 1e-9 * np.max(total)
    safe = np.where(is_bent, total, 1)
    slope = (before * m[1:-2] + after * m[2:-1]) / safe
    gaps = weighed[2:] * (m[1:-2] - slope)[:, None] + weighed[:-2] * (m[2:-1] - slope)[:, None]
    slopes = (before[:, None] * moved[1:-2] + after[:, None] * moved[2:-1] + gaps) / safe[:, None]
    return np.where(is_bent[:, None], slopes, (moved[3:] + moved[:-3]) / 2)
''',
}

TOPIC = Topic(
    "Interpolators by their slopes at the knots", ROWS,
    names={"scipy.interpolate": {"pchip": "pchip_interpolate"}}, helpers=HELPERS,
    keywords={"pchip": {"xi": "knots", "yi": "values", "x": "t", "der": "nu"}},
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "pchip": chosen_moved("PchipInterpolator"), "akima": chosen_moved("Akima1DInterpolator"), "hermite_cubic": hermite_moved,
}
"""The lines of their tangents."""
