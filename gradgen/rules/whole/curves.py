"""The rows of curves and surfaces that a function finds made: interpolators, splines and polynomials of its module.

Never holds those that the function makes itself (interpolation.py, grids.py): these move with what they are made of.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import Operands, array_of
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic

SLOPES: Mapping[str, str] = {
    "curve_value": "f(x, {0})", "polynomial_value": "f.deriv({0})(x)", "interpolant_value": "f.derivative(x, {0})",
}
"""By operation: how its derivative of an order is written."""


def slope_of(facts: Facts, operation: str) -> str | None:
    """The slope at the places, of the derivative whose order is asked for; of an integral it is the curve itself."""
    order = facts.constants.get("order")
    if type(order) is not int or order < -1 or facts.active - {"x"}:
        return None
    if order == -1:
        return "f(x)"
    return SLOPES[operation].format(order + 1).replace("deriv(1)", "deriv()").replace("derivative(x, 1)", "derivative(x)")


def curve_rows(operation: str) -> Callable[[Facts], Lines]:
    def rows(facts: Facts) -> Lines:
        slope = slope_of(facts, operation)
        if slope is None:
            return None
        return (f"dx += {f'array_sum(dy * {slope}, axis=-1)' if facts.constants.get('columns') else f'dy * {slope}'}",)

    return rows


def curve_moved(operation: str) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        slope = slope_of(facts, operation)
        if slope is None:
            return None
        moved = "x_dot[..., None]" if facts.constants.get("columns") and facts.rank("x") != 0 else "x_dot"
        return (f"y_dot = {slope} * {moved}",)

    return lines


def at_places(operands: Operands) -> AnyKind:
    kind, columns = array_of(operands.kind("x")), operands.literal("columns")
    if kind is None or kind.shape is None or columns is not False:
        return Kind(None) if kind is None or kind.shape is None else Kind((*kind.shape, operands.fresh()))
    return Kind(kind.shape)


def surface_slopes(facts: Facts) -> tuple[str, str] | None:
    """The slopes of a surface; beyond its edges its values stay as they are there. Splines of the usual degree have two in each
    direction."""
    orders = [facts.constants.get(name) for name in ("nx", "ny")]
    if any(type(order) is not int or order > 1 for order in orders) or facts.active - {"x", "y"}:
        return None
    slopes = []
    for place, name in enumerate("xy"):
        asked = ", ".join(str(int(str(order)) + (place == own)) for own, order in enumerate(orders))
        edge = f"f.get_knots()[{place}]"
        slopes.append(f"where(({name} >= {edge}[0]) & ({name} <= {edge}[-1]), f.ev(x, y, {asked}), 0.0)")
    return slopes[0], slopes[1]


def surface_rows(facts: Facts) -> Lines:
    slopes = surface_slopes(facts)
    return None if slopes is None else (f"dx += dz * {slopes[0]}", f"dy += dz * {slopes[1]}")


def surface_moved(facts: Facts) -> Lines:
    slopes = surface_slopes(facts)
    if slopes is None:
        return None
    parts = [f"{slope} * {name}_dot" for name, slope in zip("xy", slopes, strict=True) if name in facts.active]
    return (f"z_dot = {' + '.join(parts)}",)


def over_surface(operands: Operands) -> AnyKind:
    x, y = array_of(operands.kind("x")), array_of(operands.kind("y"))
    if x is None or y is None or x.shape is None or x.shape != y.shape:
        return Kind(None)
    return Kind(x.shape)


ROWS: tuple[Row, ...] = (
    *(made(f"y = {name}(f, x, order=0, columns=False)", curve_rows(name), shape=at_places, carries="x") for name in SLOPES),
    made("z = surface_value(f, x, y, nx=0, ny=0)", surface_rows, shape=over_surface, carries="x y"),
)

TOPIC = Topic("Curves that are at hand", ROWS)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    **{name: curve_moved(name) for name in SLOPES}, "surface_value": surface_moved,
}
"""The lines of their tangents."""
