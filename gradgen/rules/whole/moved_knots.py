"""What interpolators do where their knots move: `CubicSpline(x, y)(t)` by x.

Never holds a row.

A spline of degree k whose knots move has, in its slope by a knot, one derivative less in common at each bend: there it jumps by
what the k-th derivative jumps, times how far the bend moves. What is left is the spline through the values that make the whole
go on meeting the curve's own at the moved knots.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.rules.notation import Facts

PLAIN_ENDS = ("", ", bc_type='not-a-knot'")


def spline_by_knots(facts: Facts, maker: str, ends: str, given: str) -> str | None:
    """How a spline at the places moves with each knot, its sign turned; None where that is not known. `curve` is the spline."""
    asked, order = facts.constants.get("nu", 0), facts.constants.get("k", 3)
    degree = 3 if order is None or "k" not in facts.shapes else order
    if type(asked) is not int or type(degree) is not int or not 0 <= asked < degree or not _is_plain(facts, maker):
        return None
    if ends not in PLAIN_ENDS:
        orders = _end_orders(facts.constants.get("bc_type"))
        if orders is None or maker != "CubicSpline":
            return None
        ends = f", bc_type=knot_ends(curve, knots, {orders})"
    nu = f", {asked}" if asked else ""
    return (
        f"(knot_jumps(curve, knots, t, {degree}{nu})"
        f" + {maker}(knots, knot_pull(curve, knots, {degree}){ends}{given})(t{nu}))"
    )


def _is_plain(facts: Facts, maker: str) -> bool:
    is_row = isinstance(facts.rank("knots"), int) and facts.rank("values") == 1
    return is_row and maker in ("CubicSpline", "make_interp_spline") and facts.constants.get("extrapolate") in (None, True, False)


def _end_orders(asked: object) -> tuple[int, int] | None:
    """Which derivative is said at each end, 0 for none; None where the ends are otherwise."""
    words: Mapping[object, int] = {"natural": 2, "clamped": 1, "not-a-knot": 0, None: 0}
    if isinstance(asked, str):
        return (words[asked], words[asked]) if asked in words else None
    if not isinstance(asked, tuple) or len(asked) != 2:
        return None
    found = [each[0] if isinstance(each, tuple) and each else words.get(each) for each in asked]
    first, last = (each[0] if isinstance(each, tuple) else each for each in found)
    return (first, last) if first in (0, 1, 2) and last in (0, 1, 2) else None


HELPERS: Mapping[str, str] = {
    "spline_breaks": '''\
def spline_breaks(knots, k):
    """Where a spline of degree k may bend, and how these places move with each knot."""
    unit = np.eye(len(knots))
    moved = unit[1:-1] if k % 2 else (unit[1:] + unit[:-1]) / 2
    return moved @ knots, moved
''',
    "knot_jumps": '''\
def knot_jumps(curve, knots, t, k, order=0):
    """What the bends of a spline of degree k do at t, or to its derivative there, where they move with each knot."""
    knots = np.asarray(knots)
    places, moved = spline_breaks(knots, k)
    parts = np.concatenate((knots[:1], places, knots[-1:]))
    jumps = np.diff(curve((parts[1:] + parts[:-1]) / 2, k))
    gap = np.asarray(t)[..., None] - places
    return np.where(gap >= 0, np.abs(gap) ** (k - 1 - order) / math.factorial(k - 1 - order), 0.0) * jumps @ moved
''',
    "knot_pull": '''\
def knot_pull(curve, knots, k):
    """What is left for the spline beside its bends at the knots, for each knot that moves."""
    return np.diag(curve(knots, 1)) - knot_jumps(curve, knots, knots, k)
''',
    "knot_ends": '''\
def knot_ends(curve, knots, orders):
    """What is left for a cubic spline at its ends, where derivatives of these orders are said there."""
    ends = []
    for place, order in zip((0, -1), orders):
        pull = np.zeros(len(knots))
        pull[place] = curve(knots[place], order + 1)
        ends.append((order, pull - knot_jumps(curve, knots, knots[place], 3, order)) if order else "not-a-knot")
    return tuple(ends)
''',
}
