"""The rows of polynomials: their values, what is computed from coefficients, and fits.

Never holds roots (roots.py).

A series is a sum of coefficients times basis polynomials; its value is linear in the coefficients, and the table of the basis at
the places (`vander`, `chebvander`) is what they meet.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Holder, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, ShapeOf, array_of, some_numbers
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic


def basis_meets(facts: Facts, table: str, count: str) -> str | None:
    """What the coefficients get: the adjoint with the basis at each place."""
    rank = facts.rank("x")
    if rank == 0:
        return f"dy * {table}(atleast_1d(x), {count})[0]"
    return None if rank is None else f"dy @ {table}(x, {count})" if rank == 1 else f"ravel(dy) @ {table}(ravel(x), {count})"


def polyval_rows(facts: Facts) -> Lines:
    """Highest power first."""
    met = basis_meets(facts, "vander", "p.size")
    return None if facts.rank("p") != 1 or met is None else (f"dp += {met}", "dx += dy * polyval(polyder(p), x)")


def power_series_rows(facts: Facts) -> Lines:
    """Lowest power first, as `numpy.polynomial.polynomial.polyval` has it."""
    several = of_columns(facts, "power_series", "low_polyder", "polyvander")
    if several is not None or facts.rank("p") != 1 or facts.constants.get("tensor", UNKNOWN) is not True:
        return several
    met = basis_meets(facts, "vander", "p.size, increasing=True")
    return None if met is None else (f"dp += {met}", "dx += dy * polyval(polyder(p[::-1]), x)")


def of_columns(facts: Facts, value: str, derivative: str, table: str) -> Lines:
    """Each column of coefficients is a series: at all places, or where `tensor` is False at the place of that column."""
    is_each = facts.constants.get("tensor", UNKNOWN)
    if (facts.rank("p"), facts.rank("x")) != (2, 1) or is_each not in (True, False):
        return None
    basis, slope = f"{table}(x, p.shape[0] - 1)", f"{value}(x, {derivative}(p){'' if is_each else ', tensor=False'})"
    if not is_each:
        return f"dp += dy * {basis}.T", f"dx += dy * {slope}"
    return f"dp += (dy @ {basis}).T", f"dx += array_sum(dy * {slope}, axis=0)"


def series_rows(name: str) -> Callable[[Facts], Lines]:
    """A series of other polynomials, the lowest degree first."""

    def rows(facts: Facts) -> Lines:
        several = of_columns(facts, f"{name}val", f"{name}der", f"{name}vander")
        if several is not None or facts.rank("p") != 1 or facts.constants.get("tensor", UNKNOWN) is not True:
            return several
        met = basis_meets(facts, f"{name}vander", "p.size - 1")
        return None if met is None else (f"dp += {met}", f"dx += dy * {name}val(x, {name}der(p))")

    return rows


def valued(operands: Operands) -> AnyKind:
    """As many values as there are places, for each of the series that the columns of coefficients are."""
    x, p = array_of(operands.kind("x")), array_of(operands.kind("p"))
    if x is None or p is None or x.shape is None or p.shape is None:
        return Kind(None)
    if len(p.shape) < 2:
        return Kind(x.shape)
    is_each = operands.literal("tensor")
    if is_each is False and len(p.shape) == 2 and len(x.shape) == 1:
        return Kind(x.shape)
    return Kind((*p.shape[1:], *x.shape)) if is_each is True else Kind(None)


def order_of(facts: Facts) -> int | None:
    m = facts.constants.get("m", UNKNOWN)
    return m if type(m) is int and m > 0 and facts.rank("p") == 1 else None


def polyder_rows(facts: Facts) -> Lines:
    """Each coefficient times what its power leaves."""
    m = order_of(facts)
    if m is None:
        return None
    if m == 1:
        return ("dp += append(dy * arange(p.size - 1, 0, -1), 0.0)",)
    return (f"dp += append(dy * polyder(ones_like(p), {m}), zeros({m}))",)


def polyint_rows(facts: Facts) -> Lines:
    m = order_of(facts)
    if m is None or "k" in facts.active and (m != 1 or facts.rank("k") != 0):
        return None
    if m == 1:
        constant = ("dk += dy[-1]",) if "k" in facts.active else ()
        return "dp += dy[:-1] / arange(p.size, 0, -1)", *constant
    return (f"dp += (dy * polyint(ones_like(p), {m}))[:-{m}]",)


def low_order(facts: Facts) -> int | None:
    is_plain = facts.constants.get("scl", UNKNOWN) == 1 and facts.constants.get("axis", UNKNOWN) == 0
    is_from_0 = facts.constants.get("lbnd", 0) == 0 and not facts.active & {"k", "lbnd"}
    return order_of(facts) if is_plain and is_from_0 else None


def changed(facts: Facts, *options: tuple[str, object]) -> str | None:
    """What a derivative or an integral is told beside the coefficients, as text; None where more than they vary."""
    m = order_of(facts)
    if m is None or facts.constants.get("axis", UNKNOWN) != 0 or facts.active & {"lbnd", "scl", "m"}:
        return None
    return order(m) + "".join(f", {key}={key}" for key, usual in options if facts.constants.get(key, UNKNOWN) != usual)


def integral_of(call: str, facts: Facts) -> str | None:
    """The options of an integral's call; the constants may vary where there is one."""
    is_one = "k" not in facts.active or order_of(facts) == 1 and facts.rank("k") == 0
    return changed(facts, ("lbnd", 0), ("scl", 1)) if is_one else None


def integral_rows(call: str) -> Callable[[Facts], Lines]:
    """An integral's coefficients are sums of the coefficients, each with the integral of its polynomial, and of the constant."""

    def rows(facts: Facts) -> Lines:
        found = integral_of(call, facts)
        constant = ("dk += dy[0]",) if "k" in facts.active else ()
        return None if found is None else (f"dp += dy @ {call}(eye(p.size){found})", *constant)

    return rows


def integral_moved(call: str) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        found = integral_of(call, facts)
        if found is None:
            return None
        constant = ", k=k_dot" if "k" in facts.active else ""
        return (f"y_dot = {call}({'p_dot' if 'p' in facts.active else 'zeros_like(p)'}{constant}{found})",)

    return lines


def low_polyder_rows(facts: Facts) -> Lines:
    m = low_order(facts)
    return derived_rows("low_poly")(facts) if m is None else (f"dp += append(zeros({m}), dy * polyder(ones_like(p), {m})[::-1])",)


def low_polyint_rows(facts: Facts) -> Lines:
    m = low_order(facts)
    return integral_rows("low_polyint")(facts) if m is None else (f"dp += (dy * polyint(ones_like(p), {m})[::-1])[{m}:]",)


def product_rows(facts: Facts) -> Lines:
    """The product's coefficients are a convolution. Leading zeros, which are cut off, are refused when it runs."""
    if facts.rank("a") != 1 or facts.rank("v") != 1:
        return None
    return (
        "assert y.size == a.size + v.size - 1, 'coefficients that are 0 at the end are cut off'",
        "da += correlate(dy, v, mode='valid')", "dv += correlate(dy, a, mode='valid')",
    )


def sum_rows(sign: str, from_end: bool) -> Callable[[Facts], Lines]:
    """Of polynomials with the highest power first the ends are aligned, else the starts."""

    def rows(facts: Facts) -> Lines:
        if facts.rank("a") != 1 or facts.rank("v") != 1:
            return None
        part = "dy[dy.size - {0}.size:]" if from_end else "dy[:{0}.size]"
        return (
            "assert (y.size == a.size) | (y.size == v.size), 'coefficients that are 0 at the end are cut off'",
            f"da += {part.format('a')}", f"dv {sign}= {part.format('v')}",
        )

    return rows


def fit_rows(increasing: str, reverse: str) -> Callable[[Facts], Lines]:
    """Least squares: the normal equations, solved for the adjoint, say how the fit moves with places and values."""

    def rows(facts: Facts) -> Lines:
        is_table = facts.rank("y") == 2 and not facts.active - {"y"}
        if facts.rank("x") != 1 or facts.rank("y") != 1 and not is_table or facts.constants.get("full") is not False:
            return None
        if facts.constants.get("cov", False) is not False or facts.active & {"deg", "rcond"}:
            return None
        if facts.rank("deg") not in (0, None):
            return None
        own = ("", "") if is_left_out(facts, "w") else (" * w[:, None]", " * w**2")
        if not is_left_out(facts, "w") and facts.rank("w") != 1:
            return None
        if is_table:
            back = f"({own[0].removeprefix(' * ')} * basis)" if own[0] else "basis"
            return f"basis = vander(x, deg + 1{increasing}){own[0]}", f"dy += {back} @ solve(basis.T @ basis, dp)"
        return (
            f"basis = vander(x, deg + 1{increasing}){own[0]}", "dmoved = solve(basis.T @ basis, dp)",
            f"dback = polyval(dmoved{reverse}, x)", f"rest = y - polyval(p{reverse}, x)", f"dy += dback{own[1]}",
            f"dx += (rest * polyval(polyder(dmoved{reverse}), x) - dback * polyval(polyder(p{reverse}), x)){own[1]}",
            "dw += dback * 2 * w * rest",
        )

    return rows


def fitted(operands: Operands) -> AnyKind:
    degree = operands.literal("deg")
    if any(operands.literal(name) not in (False, UNKNOWN) for name in ("full", "cov")):
        return Holder(None, Kind(None))
    values = array_of(operands.kind("y"))
    columns = () if values is None or values.shape is None else values.shape[1:]
    return Kind((size(degree + 1), *columns)) if type(degree) is int else Kind((operands.fresh(), *columns))


def longer(by: int) -> ShapeOf:
    def shape(operands: Operands) -> AnyKind:
        kind, m = array_of(operands.kind("p")), operands.literal("m")
        if kind is None or not kind.shape or type(m) is not int or len(kind.shape) > 1 and operands.literal("axis") != 0:
            return Kind(None)
        return Kind((kind.shape[0].plus(size(by * m)), *kind.shape[1:]))

    return shape


def multiplied(operands: Operands) -> AnyKind:
    a, v = array_of(operands.kind("a")), array_of(operands.kind("v"))
    if a is None or v is None or a.shape is None or v.shape is None or len(a.shape) != 1 or len(v.shape) != 1:
        return Kind(None)
    return Kind((a.shape[0].plus(v.shape[0]).plus(size(-1)),))


def derived_rows(name: str) -> Callable[[Facts], Lines]:
    """A derivative's coefficients are sums of the coefficients, each with the derivative of its polynomial."""

    def rows(facts: Facts) -> Lines:
        found = changed(facts, ("scl", 1))
        return None if found is None else (f"dp += dy @ {name}der(eye(p.size){found})",)

    return rows


def order(m: int) -> str:
    return "" if m == 1 else f", {m}"


def table_rows(name: str) -> Callable[[Facts], Lines]:
    """Each column of a table is a polynomial at the places."""

    def rows(facts: Facts) -> Lines:
        return (f"dx += array_sum(dy * {slopes(name)}, axis=1)",) if facts.rank("x") == 1 else None

    return rows


def slopes(name: str) -> str:
    return f"{name}val(x, {name}der(eye(y.shape[1]))).T"


def tabulated(operands: Operands) -> AnyKind:
    kind, degree = array_of(operands.kind("x")), operands.literal("deg")
    if kind is None or kind.shape is None:
        return Kind(None)
    return Kind((*kind.shape, size(degree + 1) if type(degree) is int else operands.fresh()))


SERIES = {
    "cheb": "chebyshev", "leg": "legendre", "herm": "hermite", "herme": "hermite_e", "lag": "laguerre",
}
ROWS: tuple[Row, ...] = (
    made("y = polyval(p, x)", polyval_rows, shape=valued),
    made("y = power_series(x, p, tensor=True)", power_series_rows, shape=valued),
    made("y = polyder(p, m=1)", polyder_rows, shape=longer(-1), carries="p"),
    made("y = polyint(p, m=1, k=None)", polyint_rows, shape=longer(1), carries="p k"),
    made("y = low_polyder(p, m=1, scl=1, axis=0)", low_polyder_rows, shape=longer(-1), carries="p"),
    made("y = low_polyint(p, m=1, k=[], lbnd=0, scl=1, axis=0)".replace("k=[]", "k=()"), low_polyint_rows, shape=longer(1),
         carries="p k lbnd"),
    made("y = polymul(a, v)", product_rows, shape=multiplied),
    made("y = low_polymul(a, v)", product_rows, shape=multiplied),
    made("y = polyadd(a, v)", sum_rows("+", True), shape=some_numbers),
    made("y = polysub(a, v)", sum_rows("-", True), shape=some_numbers),
    made("y = low_polyadd(a, v)", sum_rows("+", False), shape=some_numbers),
    made("y = low_polysub(a, v)", sum_rows("-", False), shape=some_numbers),
    made("p = polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False)", fit_rows("", ""), shape=fitted, carries="x y w"),
    made("p = low_polyfit(x, y, deg, rcond=None, full=False, w=None)", fit_rows(", increasing=True", "[::-1]"), shape=fitted,
         carries="x y w"),
    *(made(f"y = {name}val(x, p, tensor=True)", series_rows(name), shape=valued) for name in SERIES),
    *(made(f"y = {name}vander(x, deg)", table_rows(name), shape=tabulated, carries="x") for name in SERIES),
    *(made(f"y = {name}der(p, m=1, scl=1, axis=0)", derived_rows(name), shape=longer(-1), carries="p") for name in SERIES),
)
OF_C = {"c": "p"}
LOW = ("polyder", "polyint", "polymul", "polyadd", "polysub", "polyfit")
TOPIC = Topic(
    "Polynomials", ROWS,
    names={
        "numpy": {name: name for name in ("polyval", *LOW)},
        "numpy.polynomial.polynomial": {"power_series": "polyval", **{f"low_{name}": name for name in LOW}},
        **{
            f"numpy.polynomial.{module}": {f"{name}{part}": f"{name}{part}" for part in ("val", "vander", "der")}
            for name, module in SERIES.items()
        },
    },
    keywords={
        "power_series": OF_C, "low_polyder": OF_C, "low_polyint": OF_C, **{f"{name}val": OF_C for name in SERIES},
        **{f"{name}der": OF_C for name in SERIES}, **dict.fromkeys(("polymul", "polyadd", "polysub"), {"a1": "a", "a2": "v"}),
        **dict.fromkeys(("low_polymul", "low_polyadd", "low_polysub"), {"c1": "a", "c2": "v"}),
    },
)


def moved_product(facts: Facts) -> Lines:
    return ("y_dot = convolve(a_dot, v) + convolve(a, v_dot)",)


def moved_series(value: str, derivative: str) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        is_each = facts.constants.get("tensor", UNKNOWN)
        each = "" if is_each is True else ", tensor=False"
        parts = [f"{value}(x, p_dot{each})"] if "p" in facts.active else []
        parts += [f"{value}(x, {derivative}(p){each}) * x_dot"] if "x" in facts.active else []
        return (f"y_dot = {' + '.join(parts)}",) if is_each in (True, False) else None

    return lines


def moved_sum(sign: str, from_end: bool) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        if facts.shapes.get("a") is not None and facts.shapes["a"] == facts.shapes.get("v"):
            return (f"y_dot = a_dot {sign} v_dot",)
        width = "(y.size - {0}.size, 0)" if from_end else "(0, y.size - {0}.size)"
        own, other = (f"pad({name}_dot, {width.format(name)})" for name in "av")
        return (
            "assert (y.size == a.size) | (y.size == v.size), 'coefficients that are 0 at the end are cut off'",
            f"y_dot = {own} {sign} {other}",
        )

    return lines


def moved_by(call: str) -> Callable[[Facts], Lines]:
    """What is linear in the coefficients."""

    def lines(facts: Facts) -> Lines:
        found = changed(facts, ("scl", 1))
        return None if found is None else (f"y_dot = {call}(p_dot{found})",)

    return lines


def moved_derivative(facts: Facts) -> Lines:
    m = order_of(facts)
    return None if m is None else (f"y_dot = polyder(p_dot{order(m)})",)


def moved_integral(facts: Facts) -> Lines:
    m = order_of(facts)
    if m is None or "k" in facts.active and (m != 1 or facts.rank("k") != 0):
        return None
    if "k" not in facts.active:
        return (f"y_dot = polyint(p_dot{order(m)})",)
    return (f"y_dot = polyint({'p_dot' if 'p' in facts.active else 'zeros_like(p)'}, k=k_dot)",)


def moved_table(name: str) -> Callable[[Facts], Lines]:
    return lambda facts: (f"y_dot = {slopes(name)} * x_dot[:, None]",) if facts.rank("x") == 1 else None


def moved_fit(increasing: str, reverse: str) -> Callable[[Facts], Lines]:
    """The normal equations hold on the way: what the basis, the places, values and weights move, solved for the fit."""

    def lines(facts: Facts) -> Lines:
        own = "" if is_left_out(facts, "w") else " * w**2"
        if facts.rank("y") == 2:
            back = "basis" if not own else "((w**2)[:, None] * basis)"
            return f"basis = vander(x, deg + 1{increasing})", f"p_dot = solve({back}.T @ basis, {back}.T @ y_dot)"
        powers, none = ("arange(1, deg + 1)", "(1, 0)") if reverse else ("arange(deg, 0, -1)", "(0, 1)")
        turned = f"pad({powers} * (met @ vander(x, deg{increasing})), {none})"
        return (
            f"basis = vander(x, deg + 1{increasing})", f"rest = y - polyval(p{reverse}, x)",
            f"met = rest * x_dot{own}",
            f"gap = (y_dot - polyval(polyder(p{reverse}), x) * x_dot){own}" + ("" if not own else " + 2 * w * rest * w_dot"),
            f"p_dot = solve(basis.T @ (basis{own.replace('w**2', '(w**2)[:, None]')}), gap @ basis + {turned})",
        )

    return lines


MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "polymul": moved_product, "low_polymul": moved_product,
    **{f"{name}val": moved_series(f"{name}val", f"{name}der") for name in SERIES},
    "polyadd": moved_sum("+", True), "polysub": moved_sum("-", True),
    "low_polyadd": moved_sum("+", False), "low_polysub": moved_sum("-", False),
    "polyder": moved_derivative, "polyint": moved_integral,
    "low_polyder": moved_by("low_polyder"), "low_polyint": integral_moved("low_polyint"),
    **{f"{name}der": moved_by(f"{name}der") for name in SERIES},
    **{f"{name}vander": moved_table(name) for name in SERIES},
    "polyfit": moved_fit("", ""), "low_polyfit": moved_fit(", increasing=True", "[::-1]"),
}
