"""The rows of spreads, quantiles and averages, and of reductions that skip NaN.

Never holds plain sums and products.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, axes_of, real, reduced
from gradgen.rules.whole.reductions import Lines, along, count, extreme_rows, is_left_out, of_axis, spread
from gradgen.rules.whole.topic import Topic


def freed(facts: Facts, counted: str) -> str:
    """A count less `ddof`."""
    return counted if facts.constants.get("ddof", UNKNOWN) == 0 else f"({counted} - ddof)"


def var_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out", "where"):
        return None
    return (f"dx += {spread(facts)} * 2 * (x - mean(x{along(facts)})) / {freed(facts, count(facts))}",)


def std_rows(facts: Facts) -> Lines:
    """Of equal elements the standard deviation is 0, and so is its derivative."""
    if not is_left_out(facts, "out", "where"):
        return None
    scale = f"scale = {freed(facts, count(facts))} * where(y == 0, 1, y)"
    return scale, f"dx += {spread(facts)} * (x - mean(x{along(facts)})) / {spread(facts, 'scale')}"


def nansum_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out", "initial", "where"):
        return None
    return (f"dx += where(isnan(x), 0, {spread(facts)})",)


def nanmean_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out", "where"):
        return None
    return "kept = astype(invert(isnan(x)), x.dtype)", f"dx += {spread(facts)} * kept / array_sum(kept{along(facts)})"


def nanprod_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out", "initial", "where"):
        return None
    others = f"product_of_others(where(isnan(x), 1, x){of_axis(facts)})"
    return (f"dx += where(isnan(x), 0, {spread(facts)} * {others})",)


def nanvar_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out", "where"):
        return None
    return (
        "kept = astype(invert(isnan(x)), x.dtype)", f"offset = where(isnan(x), 0, x - nanmean(x{along(facts)}))",
        f"dx += {spread(facts)} * 2 * offset / {freed(facts, f'array_sum(kept{along(facts)})')}",
    )


def nanstd_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out", "where"):
        return None
    return (
        "kept = astype(invert(isnan(x)), x.dtype)", f"offset = where(isnan(x), 0, x - nanmean(x{along(facts)}))",
        f"scale = where({spread(facts, 'y')} == 0, 1, {spread(facts, 'y')})",
        f"dx += {spread(facts)} * offset / ({freed(facts, f'array_sum(kept{along(facts)})')} * scale)",
    )


def quantile_rows(share: str) -> Callable[[Facts], Lines]:
    """The values that a quantile interpolates between share its adjoint."""

    def rows(facts: Facts) -> Lines:
        if not is_left_out(facts, "out"):
            return None
        if share != "0.5" and not (
            facts.rank("q") == 0 and facts.constants.get("method") == "linear" and is_left_out(facts, "weights")
        ):
            return None
        return (f"dx += {spread(facts)} * quantile_weights(x, {share}{of_axis(facts)})",)

    return rows


def average_rows(facts: Facts) -> Lines:
    if facts.constants.get("returned", UNKNOWN) is not False:
        return None
    if is_left_out(facts, "weights"):
        return (f"dx += {spread(facts)} / {count(facts)}",)
    rank, axis = facts.rank("x"), facts.constants.get("axis", UNKNOWN)
    if rank is None or axis is UNKNOWN or facts.rank("weights") is None:
        return None
    axes = axes_of(axis, rank)
    if facts.rank("weights") == rank:
        return (
            f"total = array_sum(weights{along(facts)})", f"dx += {spread(facts)} * weights / total",
            f"dweights += {spread(facts)} * (x - {spread(facts, 'y')}) / total",
        )
    if facts.rank("weights") != 1 or axes is None or len(axes) != 1:
        return None
    marks = ", ".join([":"] + ["None"] * (rank - 1 - axes[0]))
    weights = "weights" if marks == ":" else f"weights[{marks}]"
    others = tuple(i for i in range(rank) if i != axes[0])
    summed = f"{spread(facts)} * (x - {spread(facts, 'y')})"
    over = others[0] if len(others) == 1 else others
    return (
        "total = array_sum(weights)", f"dx += {spread(facts)} * {weights} / total",
        f"dweights += array_sum({summed}, axis={over}) / total",
    )


def covariance_rows(facts: Facts) -> Lines:
    """`np.cov(x)` of variables in rows."""
    if not is_left_out(facts, "y0", "ddof", "fweights", "aweights", "dtype"):
        return None
    if facts.rank("x") != 2 or facts.constants.get("rowvar") is not True or facts.constants.get("bias") is not False:
        return None
    return ("centred = x - mean(x, axis=1, keepdims=True)", "dx += (dy + dy.T) @ centred / (x.shape[1] - 1)")


def correlation_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "y0", "dtype") or facts.rank("x") != 2 or facts.constants.get("rowvar") is not True:
        return None
    return (
        "centred = x - mean(x, axis=1, keepdims=True)",
        "unit = centred / sqrt(array_sum(centred**2, axis=1, keepdims=True))",
        "dx += ((dy + dy.T) @ unit - array_sum((dy + dy.T) * y, axis=1, keepdims=True) * unit)"
        " / sqrt(array_sum(centred**2, axis=1, keepdims=True))",
    )


def of_rows(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    if kind is None or kind.shape is None or len(kind.shape) != 2:
        return None
    return Kind((kind.shape[0], kind.shape[0]), real(kind.dtype))


HELPERS: Mapping[str, str] = {
    "quantile_weights": '''\
def quantile_weights(x, q, axis=None):
    """How much each element of x counts in its q-quantile along the axes, interpolated linearly."""
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None else tuple(i % x.ndim for i in (axis if np.ndim(axis) else (axis,)))
    last = np.moveaxis(x, axes, range(x.ndim - len(axes), x.ndim))
    rows = last.reshape(last.shape[: x.ndim - len(axes)] + (-1,))
    place = q * (rows.shape[-1] - 1)
    low = int(np.floor(place))
    counts = np.zeros(rows.shape[-1], rows.dtype if rows.dtype.kind == "f" else float)
    counts[low] = 1 - (place - low)
    if place > low:
        counts[low + 1] = place - low
    weights = np.zeros(rows.shape, counts.dtype)
    np.put_along_axis(weights, np.argsort(rows, axis=-1, kind="stable"), np.broadcast_to(counts, rows.shape), axis=-1)
    return np.moveaxis(weights.reshape(last.shape), range(x.ndim - len(axes), x.ndim), axes)
''',
}

VAR = "x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=None"
ROWS: tuple[Row, ...] = (
    made(f"y = var({VAR})", var_rows, shape=reduced(real)),
    made(f"y = std({VAR})", std_rows, shape=reduced(real)),
    made("y = median(x, axis=None, out=None, overwrite_input=False, keepdims=False)", quantile_rows("0.5"), shape=reduced(real)),
    made("y = quantile(x, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, weights=None)",
         quantile_rows("q"), shape=reduced(real)),
    made("y = percentile(x, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, weights=None)",
         quantile_rows("q / 100"), shape=reduced(real)),
    made("y = average(x, axis=None, weights=None, returned=False, keepdims=False)", average_rows, shape=reduced(real)),
    made("y = nansum(x, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None)", nansum_rows,
         shape=reduced()),
    made("y = nanmean(x, axis=None, dtype=None, out=None, keepdims=False, where=None)", nanmean_rows, shape=reduced(real)),
    made("y = nanprod(x, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None)", nanprod_rows,
         shape=reduced()),
    made("y = nanmax(x, axis=None, out=None, keepdims=False, initial=None, where=None)", extreme_rows, shape=reduced()),
    made("y = nanmin(x, axis=None, out=None, keepdims=False, initial=None, where=None)", extreme_rows, shape=reduced()),
    made(f"y = nanvar({VAR})", nanvar_rows, shape=reduced(real)),
    made(f"y = nanstd({VAR})", nanstd_rows, shape=reduced(real)),
    made("y = cov(x, y0=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, dtype=None)", covariance_rows,
         shape=of_rows),
    made("y = corrcoef(x, y0=None, rowvar=True, dtype=None)", correlation_rows, shape=of_rows),
)

OF_A = {"a": "x"}
OF_M = {"m": "x", "y": "y0"}
TOPIC = Topic(
    "Statistics", ROWS,
    names={"numpy": {
        name: name for name in (
            "var", "std", "median", "quantile", "percentile", "average", "nansum", "nanmean", "nanprod", "nanmax", "nanmin",
            "nanvar", "nanstd", "cov", "corrcoef",
        )
    }},
    methods={"var": "var", "std": "std"},
    helpers=HELPERS,
    keywords={
        **dict.fromkeys((
            "median", "quantile", "percentile", "average", "nansum", "nanmean", "nanprod", "nanmax", "nanmin",
        ), OF_A),
        **{name: {"a": "x", "correction": "ddof"} for name in ("var", "std", "nanvar", "nanstd")},
        "cov": OF_M, "corrcoef": {"x": "x", "y": "y0"},
    },
)
