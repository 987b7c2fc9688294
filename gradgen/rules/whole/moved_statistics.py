"""The tangents of quantiles, covariances and products of chosen elements.

Never holds a row; statistics.py and reductions.py do.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.frozen import replace
from gradgen.rules.notation import Facts
from gradgen.rules.whole.reductions import Lines, is_left_out, keeping, of_axis, spread
from gradgen.rules.whole.statistics import (
    by_share,
    correlation_rows,
    covariance_rows,
    nanstd_rows,
    nanvar_rows,
    quantile_rows,
    shared,
    std_rows,
    var_rows,
)


def of_both(facts: Facts) -> tuple[str, str, int] | None:
    """The variables together, what their tangents are together, and the axis that their numbers lie along; None where what is
    asked for has no row."""
    if facts.rank("x") == 1 and facts.rank("y0") == 1:
        moved = (f"{name}_dot" if name in facts.active else f"zeros_like({name})" for name in ("x", "y0"))
        return "vstack((x - mean(x), y0 - mean(y0)))", f"vstack(({', '.join(moved)}))", 1
    if facts.rank("x") != 2:
        return None
    along = 1 if facts.constants.get("rowvar", True) else 0
    return f"x - mean(x, axis={along}, keepdims=True)", "x_dot", along


def covariance(facts: Facts) -> Lines:
    if covariance_rows(facts) is None:
        return None
    given = facts.constants["ddof"]
    less = given if isinstance(given, int) else 0 if facts.constants["bias"] else 1
    if facts.rank("x") == 1 and is_left_out(facts, "y0"):
        return (f"y_dot = 2 * array_sum((x - mean(x)) * x_dot) / {f'(x.size - {less})' if less else 'x.size'}",)
    both = of_both(facts)
    if both is None:
        return None
    values, moved, along = both
    count = f"centred.shape[{along}]"
    half = f"{moved} @ centred.T" if along else f"{moved}.T @ centred"
    return f"centred = {values}", f"half = {half} / {f'({count} - {less})' if less else count}", "y_dot = half + half.T"


def correlation(facts: Facts) -> Lines:
    both = of_both(facts)
    if both is None or correlation_rows(facts) is None:
        return None
    values, moved, along = both
    kept = f", axis={along}, keepdims=True"
    straight = f"(moved - unit * array_sum(unit * moved{kept})) / scale"
    return (
        f"centred = {values}", f"scale = sqrt(array_sum(centred**2{kept}))", "unit = centred / scale", f"moved = {moved}",
        f"half = {straight} @ unit.T" if along else f"half = ({straight}).T @ unit", "y_dot = half + half.T",
    )


def quantiles(share: str, name: str = "quantile_weights") -> Callable[[Facts], Lines]:
    """Several, or by another method than the usual one."""

    def lines(facts: Facts) -> Lines:
        if "q" in facts.active:
            found = by_share(facts, share, name)
            others = quantiles_moved(replace(facts, active=facts.active - {"q"}), share, name) if "x" in facts.active else ""
            if found is None or others is None:
                return None
            slope, left = found
            turned = f"[:, {', '.join(['None'] * left)}]" if facts.rank("q") and left else ""
            parts = [others] * bool(others) + [f"{slope} * q_dot{turned}"] * bool(slope)
            return (f"y_dot = {' + '.join(parts) or '0'}",)
        is_plain = name == "quantile_weights" and not _of_several(quantile_rows(share, name)(facts))
        moved = None if is_plain else quantiles_moved(facts, share, name)
        return None if moved is None else (f"y_dot = {moved}",)

    return lines


def _of_several(lines: Lines) -> bool:
    """Whether quantiles are taken several at a time, or by another method than the usual one."""
    return any("quantiles_adjoint" in line for line in lines or ())


def quantiles_moved(facts: Facts, share: str, name: str) -> str | None:
    """How quantiles move with the elements."""
    found = quantile_rows(share, name)(facts)
    if found is None:
        return None
    if any(f"{name}(x" in line for line in found):
        kept = "x_dot" if name == "quantile_weights" else "where(isnan(x), 0, x_dot)"
        return f"array_sum({kept} * {name}(x, {share}{of_axis(facts)}){keeping(facts)})"
    asked = shared(facts, share, name)
    if asked is None:
        return None
    more = f"{facts.constants['axis']!r}, {facts.constants.get('keepdims', False)!r}, {asked[1]!r}"
    return f"quantiles_tangent(x_dot, x, {asked[0]}, {more}, {name != 'quantile_weights'})"


def product(facts: Facts) -> Lines:
    """Of some elements only, or with a first factor."""
    if not is_left_out(facts, "out", "dtype") or is_left_out(facts, "where", "initial"):
        return None
    is_whole = is_left_out(facts, "where")
    kept = "x" if is_whole else "where(where, x, 1)"
    moved = f"x_dot * product_of_others(kept{of_axis(facts)})"
    total = f"array_sum({moved if is_whole else f'where(where, {moved}, 0)'}{keeping(facts)})"
    if is_left_out(facts, "initial"):
        return f"kept = {kept}", f"y_dot = {total}"
    if facts.rank("initial") != 0:
        return None
    return f"kept = {kept}", f"y_dot = initial * {total} + initial_dot * array_prod(kept{keeping(facts)})"


def spread_of_some(rows: Callable[[Facts], Lines], left_out: str | None = None) -> Callable[[Facts], Lines]:
    """How far the elements that a mask keeps lie apart, or complex ones: each moves it as its row says, but for what is left out,
    whatever its tangent is."""

    def lines(facts: Facts) -> Lines:
        is_complex = facts.dtype("x") == "complex"
        is_whole = is_left_out(facts, "where") and not is_complex and left_out is None
        found = None if is_whole or not is_left_out(facts, "dtype") else rows(facts)
        if found is None:
            return None
        slope = found[-1].removeprefix(f"dx += {spread(facts)} * ")
        moved = f"real(x_dot * conjugate({slope}))" if is_complex else f"x_dot * {slope}"
        moved = moved if left_out is None else f"where({left_out}, 0, {moved})"
        return *found[:-1], f"y_dot = array_sum({moved}{keeping(facts)})"

    return lines


MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "cov": covariance, "corrcoef": correlation, "array_prod": product,
    "var": spread_of_some(var_rows), "std": spread_of_some(std_rows), "nanvar": spread_of_some(nanvar_rows, "isnan(x)"),
    "nanstd": spread_of_some(nanstd_rows, "isnan(x)"), "nanmedian": quantiles("0.5", "nanquantile_weights"),
    "quantile": quantiles("q"), "percentile": quantiles("q / 100"),
    "nanquantile": quantiles("q", "nanquantile_weights"), "nanpercentile": quantiles("q / 100", "nanquantile_weights"),
}
"""The lines of their tangents."""

HELPERS: Mapping[str, str] = {
    "quantiles_tangent": '''\
def quantiles_tangent(x_dot, x, q, axis, keepdims, method, skips_nan):
    """The tangent of x's quantiles, one or several along a first axis of their own."""
    moved = []
    for share in np.ravel(q):
        count = nanquantile_weights(x, share, axis, method) if skips_nan else quantile_weights(x, share, axis, method)
        moved.append(np.sum(np.where(count == 0, 0, x_dot) * count, axis=axis, keepdims=keepdims))
    return np.reshape(np.array(moved), np.shape(q) + np.shape(moved[0]))
''',
}
