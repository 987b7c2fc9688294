"""The rows of what is computed from the coefficients of series of orthogonal polynomials: integrals, sums, fits.

Never holds values of series, nor their derivatives (polynomials.py).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import some_numbers
from gradgen.rules.whole.polynomials import (
    OF_C,
    SERIES,
    fitted,
    integral_moved,
    integral_rows,
    longer,
    moved_sum,
    sum_rows,
)
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic


def basis_of(name: str, facts: Facts) -> str | None:
    """The table of the basis at the places, each row with its weight; None where more varies than the values."""
    is_plain = facts.rank("x") == 1 and facts.rank("y") == 1 and facts.rank("deg") == 0 and not facts.active - {"y"}
    if not is_plain or facts.constants.get("full") is not False or not is_left_out(facts, "w") and facts.rank("w") != 1:
        return None
    return f"basis = {name}vander(x, deg){'' if is_left_out(facts, 'w') else ' * w[:, None]'}"


def fit_rows(name: str) -> Callable[[Facts], Lines]:
    """Least squares: the normal equations, solved for the adjoint, say how the fit moves with the values."""

    def rows(facts: Facts) -> Lines:
        basis = basis_of(name, facts)
        weights = "" if is_left_out(facts, "w") else " * w"
        return None if basis is None else (basis, f"dy += basis @ solve(basis.T @ basis, dp){weights}")

    return rows


def fit_moved(name: str) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        basis = basis_of(name, facts)
        moved = "y_dot" if is_left_out(facts, "w") else "(w * y_dot)"
        return None if basis is None else (basis, f"p_dot = solve(basis.T @ basis, {moved} @ basis)")

    return lines


def of_series(build: Callable[[str], Callable[[Facts], Lines]], part: str) -> dict[str, Callable[[Facts], Lines]]:
    return {f"{name}{part}": build(name) for name in SERIES}


PARTS = ("int", "add", "sub", "fit")
ROWS: tuple[Row, ...] = (
    *(
        made(
            f"y = {name}int(p, m=1, k=(), lbnd=0, scl=1, axis=0)", integral_rows(f"{name}int"), shape=longer(1),
            carries="p k lbnd",
        )
        for name in SERIES
    ),
    *(made(f"y = {name}add(a, v)", sum_rows("+", False), shape=some_numbers) for name in SERIES),
    *(made(f"y = {name}sub(a, v)", sum_rows("-", False), shape=some_numbers) for name in SERIES),
    *(
        made(f"p = {name}fit(x, y, deg, rcond=None, full=False, w=None)", fit_rows(name), shape=fitted, carries="x y w")
        for name in SERIES
    ),
)

TOPIC = Topic(
    "Series of orthogonal polynomials", ROWS,
    names={
        f"numpy.polynomial.{module}": {f"{name}{part}": f"{name}{part}" for part in PARTS} for name, module in SERIES.items()
    },
    keywords={
        **{f"{name}int": OF_C for name in SERIES},
        **{f"{name}{part}": {"c1": "a", "c2": "v"} for name in SERIES for part in ("add", "sub")},
    },
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    **of_series(lambda name: integral_moved(f"{name}int"), "int"), **of_series(fit_moved, "fit"),
    **of_series(lambda name: moved_sum("+", False), "add"), **of_series(lambda name: moved_sum("-", False), "sub"),
}
"""The lines of their tangents."""
