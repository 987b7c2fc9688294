"""The rows of polynomials: their values, and what is computed from coefficients.

Never holds roots or fits.
"""
from __future__ import annotations

from gradgen.ir.kinds import AnyKind, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, ShapeOf, array_of
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic


def polyval_rows(facts: Facts) -> Lines:
    """Highest power first."""
    if facts.rank("p") != 1:
        return None
    if facts.rank("x") == 0:
        return "dp += dy * vander(atleast_1d(x), p.size)[0]", "dx += dy * polyval(polyder(p), x)"
    if facts.rank("x") == 1:
        return "dp += dy @ vander(x, p.size)", "dx += dy * polyval(polyder(p), x)"
    return None


def power_series_rows(facts: Facts) -> Lines:
    """Lowest power first, as `numpy.polynomial.polynomial.polyval` has it."""
    if facts.rank("p") != 1 or facts.constants.get("tensor", UNKNOWN) is not True:
        return None
    slope = "polyval(polyder(p[::-1]), x)"
    if facts.rank("x") == 0:
        return "dp += dy * vander(atleast_1d(x), p.size, increasing=True)[0]", f"dx += dy * {slope}"
    if facts.rank("x") == 1:
        return "dp += dy @ vander(x, p.size, increasing=True)", f"dx += dy * {slope}"
    return None


def valued(operands: Operands) -> AnyKind:
    x, p = array_of(operands.kind("x")), array_of(operands.kind("p"))
    return Kind(None) if x is None or p is None else Kind(x.shape)


def polyder_rows(facts: Facts) -> Lines:
    if facts.constants.get("m", UNKNOWN) != 1 or facts.rank("p") != 1:
        return None
    return ("dp += append(dy * arange(p.size - 1, 0, -1), 0.0)",)


def polyint_rows(facts: Facts) -> Lines:
    if facts.constants.get("m", UNKNOWN) != 1 or facts.rank("p") != 1 or facts.constants.get("k", UNKNOWN) is not None:
        return None
    return ("dp += dy[:-1] / arange(p.size, 0, -1)",)


def longer(by: int) -> ShapeOf:
    def shape(operands: Operands) -> AnyKind:
        kind = array_of(operands.kind("p"))
        if kind is None or kind.shape is None or len(kind.shape) != 1:
            return Kind(None)
        return Kind((kind.shape[0].plus(size(by)),))

    return shape


ROWS: tuple[Row, ...] = (
    made("y = polyval(p, x)", polyval_rows, shape=valued),
    made("y = power_series(x, p, tensor=True)", power_series_rows, shape=valued),
    made("y = polyder(p, m=1)", polyder_rows, shape=longer(-1)),
    made("y = polyint(p, m=1, k=None)", polyint_rows, shape=longer(1)),
)

TOPIC = Topic(
    "Polynomials", ROWS,
    names={
        "numpy": {name: name for name in ("polyval", "polyder", "polyint")},
        "numpy.polynomial.polynomial": {"power_series": "polyval"},
    },
    keywords={"power_series": {"c": "p"}},
)
