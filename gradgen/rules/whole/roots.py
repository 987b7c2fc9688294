"""The rows of polynomials by their roots, and of the table of powers.

Never holds what is computed from coefficients (polynomials.py).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import Operands, array_of
from gradgen.rules.whole.polynomials import tabulated
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic


def of_roots(reverse: str) -> Callable[[Facts], Lines]:
    """Each root takes part in all coefficients: they move with minus the polynomial of the other roots."""
    return lambda facts: (f"droots -= poly_adjoint(dy{reverse}, roots)",) if facts.rank("roots") == 1 else None


def coefficients(operands: Operands) -> AnyKind:
    roots = array_of(operands.kind("roots"))
    is_row = roots is not None and roots.shape is not None and len(roots.shape) == 1
    return Kind((roots.shape[0].plus(size(1)),)) if is_row and roots is not None and roots.shape else Kind(None)


APART = "assert all_real_and_apart(roots), 'the roots are complex, or two of them are the same'"
WHOLE = "assert roots.size == p.size - 1, 'coefficients that are 0 at an end are cut off'"


def roots_rows(reverse: str, increasing: str) -> Callable[[Facts], Lines]:
    """The polynomial stays 0 where a root moves with the coefficients."""
    return lambda facts: (
        APART, WHOLE, f"dp -= droots / polyval(polyder(p{reverse}), roots) @ vander(roots, p.size{increasing})",
    ) if facts.rank("p") == 1 else None


def moved_roots(reverse: str, increasing: str) -> Callable[[Facts], Lines]:
    return lambda facts: (
        APART, WHOLE, f"roots_dot = -(vander(roots, p.size{increasing}) @ p_dot) / polyval(polyder(p{reverse}), roots)",
    ) if facts.rank("p") == 1 else None


def places_of_zero(operands: Operands) -> AnyKind:
    p = array_of(operands.kind("p"))
    return Kind((operands.fresh(),), "object") if p is not None and p.shape is not None else Kind(None)


def power_table_rows(facts: Facts) -> Lines:
    return ("dx += array_sum(dy[:, 1:] * arange(1, y.shape[1]) * y[:, :-1], axis=1)",) if facts.rank("x") == 1 else None


def power_table_moved(facts: Facts) -> Lines:
    moved = "x_dot[:, None] * arange(1, y.shape[1]) * y[:, :-1]"
    return (f"y_dot = pad({moved}, ((0, 0), (1, 0)))",) if facts.rank("x") == 1 else None


HELPERS: Mapping[str, str] = {
    "poly_adjoint": '''\
def poly_adjoint(dy, roots):
    """How np.poly(roots), weighed with dy, falls with each of the roots."""
    return np.array([dy[1:] @ np.atleast_1d(np.poly(np.delete(roots, k))) for k in range(len(roots))])
''',
    "poly_tangent": '''\
def poly_tangent(moved, roots):
    """How fast np.poly(roots) falls where the roots move."""
    others = [np.atleast_1d(np.poly(np.delete(roots, k))) for k in range(len(roots))]
    return np.concatenate([np.zeros(1), np.sum([part * move for part, move in zip(others, moved)], axis=0)])
''',
}

ROWS: tuple[Row, ...] = (
    made("y = poly(roots)", of_roots(""), shape=coefficients, carries="roots"),
    made("y = polyfromroots(roots)", of_roots("[::-1]"), shape=coefficients, carries="roots"),
    made("roots = zeros_of_poly(p)", roots_rows("", ""), shape=places_of_zero, carries="p", cost=100),
    made("roots = polyroots(p)", roots_rows("[::-1]", ", increasing=True"), shape=places_of_zero, carries="p", cost=100),
    made("y = polyvander(x, deg)", power_table_rows, shape=tabulated, carries="x"),
)

TOPIC = Topic(
    "Polynomials by their roots", ROWS,
    names={
        "numpy": {"poly": "poly", "zeros_of_poly": "roots"},
        "numpy.polynomial.polynomial": {name: name for name in ("polyfromroots", "polyroots", "polyvander")},
    },
    helpers=HELPERS,
    keywords={"poly": {"seq_of_zeros": "roots"}, "polyroots": {"c": "p"}},
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "poly": lambda facts: ("y_dot = -poly_tangent(roots_dot, roots)",),
    "polyfromroots": lambda facts: ("y_dot = -poly_tangent(roots_dot, roots)[::-1]",),
    "zeros_of_poly": moved_roots("", ""), "polyroots": moved_roots("[::-1]", ", increasing=True"),
    "polyvander": power_table_moved,
}
"""The lines of their tangents."""
