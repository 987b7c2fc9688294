"""The rows of spreads, quantiles and averages, and of reductions that skip NaN.

Never holds plain sums and products.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.frozen import replace
from gradgen.ir.kinds import AnyKind, Holder, Kind, size
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, axes_of, real, reduced, sized
from gradgen.rules.whole.reductions import (
    Lines,
    along,
    count,
    extreme_rows,
    is_left_out,
    mask_of,
    of_axis,
    of_numbers,
    prod_rows,
    spread,
)
from gradgen.rules.whole.topic import Topic


def freed(facts: Facts, counted: str) -> str:
    """A count less `ddof`."""
    return counted if facts.constants.get("ddof", UNKNOWN) == 0 else f"({counted} - ddof)"


def selected_rows(facts: Facts, slope: str, is_kept: str | None) -> Lines:
    """The spread of the elements that a mask or the absence of NaN keeps; None where the mask is not known."""
    return None if is_kept is None else (
        f"kept = astype({is_kept}, x.dtype)", f"offset = where({is_kept}, x - array_sum(where({is_kept}, x, 0){along(facts)})"
        f" / array_sum(kept{along(facts)}), 0)",
        f"count = {freed(facts, f'array_sum(kept{along(facts)})')}", slope,
    )


def of_rest(facts: Facts) -> str:
    """What tells the elements that are no NaN and that `where` keeps."""
    return "invert(isnan(x))" if is_left_out(facts, "where") else "invert(isnan(x)) & where"


def var_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out"):
        return None
    if not is_left_out(facts, "where"):
        return selected_rows(facts, f"dx += {spread(facts)} * 2 * offset / count", mask_of(facts))
    return (f"dx += {spread(facts)} * 2 * (x - mean(x{along(facts)})) / {freed(facts, count(facts))}",)


def std_rows(facts: Facts) -> Lines:
    """Of equal elements the standard deviation is 0, and so is its derivative."""
    if not is_left_out(facts, "out"):
        return None
    if not is_left_out(facts, "where"):
        scale = f"where({spread(facts, 'y')} == 0, 1, {spread(facts, 'y')})"
        return selected_rows(facts, f"dx += {spread(facts)} * offset / (count * {scale})", mask_of(facts))
    scale = f"scale = {freed(facts, count(facts))} * where(y == 0, 1, y)"
    return scale, f"dx += {spread(facts)} * (x - mean(x{along(facts)})) / {spread(facts, 'scale')}"


def nansum_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out") or not is_left_out(facts, "where") and mask_of(facts) is None:
        return None
    initial = () if is_left_out(facts, "initial") else ("dinitial += array_sum(dy)",)
    return f"dx += where({of_rest(facts)}, {spread(facts)}, 0)", *initial


def nanmean_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out") or not is_left_out(facts, "where") and mask_of(facts) is None:
        return None
    return f"kept = astype({of_rest(facts)}, x.dtype)", f"dx += {spread(facts)} * kept / array_sum(kept{along(facts)})"


def nanprod_rows(facts: Facts) -> Lines:
    lines = prod_rows(facts, "where(isnan(x), 1, x)")
    return None if lines is None else tuple(
        f"dx += where(isnan(x), 0, {line.removeprefix('dx += ')})" if line.startswith("dx") else line for line in lines
    )


def nanvar_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out"):
        return None
    if not is_left_out(facts, "where"):
        slope = f"dx += {spread(facts)} * 2 * offset / count"
        return selected_rows(facts, slope, mask_of(facts) and of_rest(facts))
    return (
        "kept = astype(invert(isnan(x)), x.dtype)", f"offset = where(isnan(x), 0, x - nanmean(x{along(facts)}))",
        f"dx += {spread(facts)} * 2 * offset / {freed(facts, f'array_sum(kept{along(facts)})')}",
    )


def nanstd_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "out"):
        return None
    if not is_left_out(facts, "where"):
        scale = f"where({spread(facts, 'y')} == 0, 1, {spread(facts, 'y')})"
        slope = f"dx += {spread(facts)} * offset / (count * {scale})"
        return selected_rows(facts, slope, mask_of(facts) and of_rest(facts))
    return (
        "kept = astype(invert(isnan(x)), x.dtype)", f"offset = where(isnan(x), 0, x - nanmean(x{along(facts)}))",
        f"scale = where({spread(facts, 'y')} == 0, 1, {spread(facts, 'y')})",
        f"dx += {spread(facts)} * offset / ({freed(facts, f'array_sum(kept{along(facts)})')} * scale)",
    )


def ranked(operands: Operands) -> AnyKind:
    """A quantile, or as many as are asked for along a first axis of their own."""
    kind, asked = reduced(real)(operands), array_of(operands.kind("q"))
    if not isinstance(kind, Kind) or kind.shape is None or asked is None or asked.shape is None:
        return Kind(None)
    return Kind((*asked.shape, *kind.shape), kind.dtype)


METHODS = frozenset({"linear", "lower", "higher", "nearest", "midpoint"})
SHARED = frozenset({"hazen", "weibull", "median_unbiased", "normal_unbiased", "interpolated_inverted_cdf"})
"""Methods that give at one share what the usual one gives at another."""


def shared(facts: Facts, share: str, name: str) -> tuple[str, str] | None:
    """The shares at which a method that the helper knows is asked for, and that method; None where none is."""
    method, share = facts.constants.get("method", "linear"), share.replace("q", "asarray(q)")
    if method in SHARED and name == "quantile_weights":
        return f"quantile_share(x, {share}, {facts.constants.get('axis')!r}, {method!r})", "linear"
    return (share, str(method)) if method in METHODS else None


def by_share(facts: Facts, share: str, name: str) -> tuple[str, int] | None:
    """How quantiles move with the shares that are asked for, by steps not at all, and how many axes there are for each share;
    None where that is not known."""
    method, axis, rank = facts.constants.get("method", "linear"), facts.constants.get("axis", UNKNOWN), facts.rank("x")
    if name != "quantile_weights" or method not in METHODS or rank is None or facts.rank("q") not in (0, 1):
        return None
    if not isinstance(axis, int | tuple | None):
        return None
    percent, share = " / 100" * share.endswith("100"), share.replace("q", "asarray(q)") if facts.rank("q") else share
    is_kept = facts.constants.get("keepdims", False)
    left = rank if is_kept else 0 if axis is None else rank - (len(axis) if isinstance(axis, tuple) else 1)
    slope = f"quantile_slope(x, {share}, {axis!r}{', True' if is_kept else ''}){percent}"
    return slope if method == "linear" else "", left


def quantile_rows(share: str, name: str = "quantile_weights") -> Callable[[Facts], Lines]:
    """The values that a quantile interpolates between share its adjoint; `name` is the helper that says how."""

    def rows(facts: Facts) -> Lines:
        if not is_left_out(facts, "out", "weights") or facts.constants.get("overwrite_input") not in (None, False):
            return None
        method = facts.constants.get("method", "linear")
        if "q" in facts.active:
            found = by_share(facts, share, name)
            others = rows(replace(facts, active=facts.active - {"q"})) if "x" in facts.active else ()
            return None if found is None or others is None else (*others, f"dq += {met(facts, *found)}")
        if facts.rank("q") in (0, None) and share == "0.5" or facts.rank("q") == 0 and method == "linear":
            return (f"dx += {spread(facts)} * {name}(x, {share}{of_axis(facts)})",)
        asked = shared(facts, share, name)
        if asked is None or facts.constants.get("axis", UNKNOWN) is UNKNOWN or facts.rank("q") not in (0, 1):
            return None
        # the adjoints of several quantiles lie along the first axis
        more = f", {facts.constants['axis']!r}, {facts.constants.get('keepdims', False)!r}, {asked[1]!r}"
        return (f"dx += quantiles_adjoint(dy, x, {asked[0]}{more}, {name != 'quantile_weights'})",)

    return rows


def met(facts: Facts, slope: str, left: int) -> str:
    """What comes to each share, of which quantiles with so many axes were taken."""
    if not slope or not left:
        return f"dy * {slope}" if slope else "0"
    along = f", axis={tuple(range(1, left + 1)) if left > 1 else 1}" if facts.rank("q") else ""
    return f"array_sum(dy * {slope}{along})"


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


def averaged(operands: Operands) -> AnyKind:
    """The averages, and with `returned` the sums of the weights beside them."""
    kind = reduced(real)(operands)
    return kind if operands.literal("returned") in (False, UNKNOWN) else Holder((kind, kind))


def covariance_rows(facts: Facts) -> Lines:
    """`np.cov(x)` of variables in rows, or in columns; of two vectors, or of one."""
    biased, ddof = facts.constants.get("bias", UNKNOWN), facts.constants.get("ddof", UNKNOWN)
    is_unbiased = biased in (False, 0)
    if not is_left_out(facts, "fweights", "aweights", "dtype") or biased not in (False, True, 0, 1):
        return None
    if ddof is not None and not isinstance(ddof, int):
        return None
    less = (1 if is_unbiased else 0) if ddof is None else ddof
    less_text = f" - {less}" if less else ""
    if facts.rank("x") == 1 and is_left_out(facts, "y0"):
        return (f"dx += dy * 2 * (x - mean(x)) / {f'(x.size{less_text})' if less else 'x.size'}",)
    if facts.rank("x") == 1 and facts.rank("y0") == 1:
        count = f"(x.size{less_text})" if less else "x.size"
        return (
            "centred = vstack((x - mean(x), y0 - mean(y0)))", f"dboth = (dy + dy.T) @ centred / {count}", "dx += dboth[0]",
            "dy0 += dboth[1]",
        )
    if facts.rank("x") != 2 or not is_left_out(facts, "y0") or facts.constants.get("rowvar") not in (True, False, 0, 1):
        return None
    own = 1 if facts.constants["rowvar"] else 0
    count = f"(x.shape[{own}]{less_text})" if less else f"x.shape[{own}]"
    product = "(dy + dy.T) @ centred" if own else "centred @ (dy + dy.T)"
    return (f"centred = x - mean(x, axis={own}, keepdims=True)", f"dx += {product} / {count}")


def correlation_rows(facts: Facts) -> Lines:
    if not is_left_out(facts, "dtype"):
        return None
    if facts.rank("x") == 1 and facts.rank("y0") == 1:
        return (
            "first = x - mean(x)", "second = y0 - mean(y0)", "first_length = sqrt(array_sum(first**2))",
            "second_length = sqrt(array_sum(second**2))", "dr = dy[0, 1] + dy[1, 0]",
            "dx += dr * (second / second_length - y[0, 1] * first / first_length) / first_length",
            "dy0 += dr * (first / first_length - y[0, 1] * second / second_length) / second_length",
        )
    if facts.rank("x") == 2 and is_left_out(facts, "y0") and facts.constants.get("rowvar") in (False, 0):
        return (
            "centred = x - mean(x, axis=0, keepdims=True)",
            "unit = centred / sqrt(array_sum(centred**2, axis=0, keepdims=True))",
            "dx += (unit @ (dy + dy.T) - array_sum((dy + dy.T) * y, axis=0) * unit)"
            " / sqrt(array_sum(centred**2, axis=0, keepdims=True))",
        )
    if facts.rank("x") != 2 or not is_left_out(facts, "y0") or facts.constants.get("rowvar") not in (True, 1):
        return None
    return (
        "centred = x - mean(x, axis=1, keepdims=True)",
        "unit = centred / sqrt(array_sum(centred**2, axis=1, keepdims=True))",
        "dx += ((dy + dy.T) @ unit - array_sum((dy + dy.T) * y, axis=1, keepdims=True) * unit)"
        " / sqrt(array_sum(centred**2, axis=1, keepdims=True))",
    )


def of_rows(operands: Operands) -> AnyKind:
    kind, other = array_of(operands.kind("x")), operands.literal("y0")
    if kind is None or kind.shape is None or len(kind.shape) not in (1, 2):
        return Kind(None)
    if len(kind.shape) == 1:
        return Kind(() if other is None else (size(2), size(2)), real(kind.dtype))
    if other is not None or operands.literal("rowvar") not in (True, False, 0, 1):
        return Kind((operands.fresh(), operands.fresh()), real(kind.dtype))
    own = kind.shape[0] if operands.literal("rowvar") else kind.shape[1]
    return Kind((own, own), real(kind.dtype))


HELPERS: Mapping[str, str] = {
    "quantile_weights": '''\
def quantile_weights(x, q, axis=None, method="linear"):
    """How much each element of x counts in its q-quantile along the axes."""
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None else tuple(i % x.ndim for i in (axis if np.ndim(axis) else (axis,)))
    last = np.moveaxis(x, axes, range(x.ndim - len(axes), x.ndim))
    rows = last.reshape(last.shape[: x.ndim - len(axes)] + (np.prod(last.shape[x.ndim - len(axes) :], dtype=int),))
    place = q * (rows.shape[-1] - 1)
    ways = {"lower": np.floor, "higher": np.ceil, "nearest": np.round, "midpoint": lambda at: (np.floor(at) + np.ceil(at)) / 2}
    place = ways.get(method, np.asarray)(place)
    low = int(np.floor(place))
    counts = np.zeros(rows.shape[-1], rows.dtype if rows.dtype.kind == "f" else float)
    counts[low] = 1 - (place - low)
    if place > low:
        counts[low + 1] = place - low
    weights = np.zeros(rows.shape, counts.dtype)
    np.put_along_axis(weights, np.argsort(rows, axis=-1, kind="stable"), np.broadcast_to(counts, rows.shape), axis=-1)
    return np.moveaxis(weights.reshape(last.shape), range(x.ndim - len(axes), x.ndim), axes)
''',
    "quantile_slope": '''\
def quantile_slope(x, q, axis=None, keepdims=False):
    """How the q-quantiles of x move with q: from one element to the next while q grows by one step."""
    steps = np.size(np.quantile(x, 0, axis=axis))
    steps = max(np.size(x) // max(steps, 1) - 1, 1)
    low = np.clip(np.floor(np.asarray(q) * steps), 0, steps - 1)
    below, above = (np.quantile(x, at / steps, axis=axis, method="nearest", keepdims=keepdims) for at in (low, low + 1))
    return steps * (above - below)
''',
    "quantile_share": '''\
def quantile_share(x, q, axis, method):
    """Where the usual method gives what another one gives at q."""
    n = np.size(x) if axis is None else np.prod([np.shape(x)[i] for i in np.ravel(axis)])
    low, high = {
        "hazen": (1 / 2, 1 / 2), "weibull": (0, 0), "median_unbiased": (1 / 3, 1 / 3), "normal_unbiased": (3 / 8, 3 / 8),
        "interpolated_inverted_cdf": (0, 1),
    }[method]
    place = np.asarray(q) * (n + 1 - low - high) + low - 1
    return np.clip(place, 0, n - 1) / max(n - 1, 1)
''',
    "nanquantile_weights": '''\
def nanquantile_weights(x, q, axis=None, method="linear"):
    """How much each element of x that is no NaN counts in the q-quantile of those along the axes."""
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None else tuple(i % x.ndim for i in (axis if np.ndim(axis) else (axis,)))
    last = np.moveaxis(x, axes, range(x.ndim - len(axes), x.ndim))
    rows = last.reshape((-1, np.prod(last.shape[x.ndim - len(axes) :], dtype=int)))
    weights = np.zeros(rows.shape, rows.dtype if rows.dtype.kind == "f" else float)
    for row, own in zip(rows, weights):
        kept = np.flatnonzero(~np.isnan(row))
        own[kept] = quantile_weights(row[kept], q, None, method)
    return np.moveaxis(weights.reshape(last.shape), range(x.ndim - len(axes), x.ndim), axes)
''',
    "quantiles_adjoint": '''\
def quantiles_adjoint(dy, x, q, axis, keepdims, method, skips_nan):
    """The adjoint of x in its quantiles, one or several along the first axis of dy."""
    whole = 0
    for share, own in zip(np.ravel(q), np.reshape(dy, (np.size(q), *np.shape(dy)[np.ndim(q) :]))):
        if axis is not None and not keepdims:
            own = np.expand_dims(own, axis)
        count = nanquantile_weights(x, share, axis, method) if skips_nan else quantile_weights(x, share, axis, method)
        whole = whole + own * count
    return whole
''',
}

VAR = "x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=None"
ROWS: tuple[Row, ...] = (
    made(f"y = var({VAR})", of_numbers(var_rows, 0), shape=reduced(sized)),
    made(f"y = std({VAR})", of_numbers(std_rows, 0), shape=reduced(sized)),
    made("y = median(x, axis=None, out=None, overwrite_input=False, keepdims=False)", of_numbers(quantile_rows("0.5")),
         shape=reduced(real)),
    made("y = nanmedian(x, axis=None, out=None, overwrite_input=False, keepdims=False)",
         quantile_rows("0.5", "nanquantile_weights"), shape=reduced(real)),
    made("y = quantile(x, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, weights=None)",
         quantile_rows("q"), shape=ranked),
    made("y = nanquantile(x, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, weights=None)",
         quantile_rows("q", "nanquantile_weights"), shape=ranked),
    made("y = nanpercentile(x, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, weights=None)",
         quantile_rows("q / 100", "nanquantile_weights"), shape=ranked),
    made("y = percentile(x, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, weights=None)",
         quantile_rows("q / 100"), shape=ranked),
    made("y = average(x, axis=None, weights=None, returned=False, keepdims=False)", average_rows, shape=averaged),
    made("y = nansum(x, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None)", of_numbers(nansum_rows),
         shape=reduced()),
    made("y = nanmean(x, axis=None, dtype=None, out=None, keepdims=False, where=None)", of_numbers(nanmean_rows),
         shape=reduced(real)),
    made("y = nanprod(x, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None)", of_numbers(nanprod_rows),
         shape=reduced()),
    made("y = nanmax(x, axis=None, out=None, keepdims=False, initial=None, where=None)", of_numbers(extreme_rows),
         shape=reduced()),
    made("y = nanmin(x, axis=None, out=None, keepdims=False, initial=None, where=None)", of_numbers(extreme_rows),
         shape=reduced()),
    made(f"y = nanvar({VAR})", of_numbers(nanvar_rows, 0), shape=reduced(real)),
    made(f"y = nanstd({VAR})", of_numbers(nanstd_rows, 0), shape=reduced(real)),
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
            "var", "std", "median", "quantile", "percentile", "nanmedian", "nanquantile", "nanpercentile", "average", "nansum",
            "nanmean", "nanprod", "nanmax", "nanmin",
            "nanvar", "nanstd", "nanmedian", "nanquantile", "nanpercentile", "cov", "corrcoef",
        )
    }},
    methods={"var": "var", "std": "std"},
    helpers=HELPERS,
    keywords={
        **dict.fromkeys((
            "median", "quantile", "percentile", "nanmedian", "nanquantile", "nanpercentile", "average", "nansum",
            "nanmean", "nanprod", "nanmax", "nanmin",
        ), OF_A),
        **{name: {"a": "x", "correction": "ddof"} for name in ("var", "std", "nanvar", "nanstd")},
        "cov": OF_M, "corrcoef": {"x": "x", "y": "y0"},
    },
)
