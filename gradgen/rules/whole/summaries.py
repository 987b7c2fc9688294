"""The rows of `scipy.stats`' summaries of samples, and of densities of several variables.

Never holds distributions of one variable.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, axes_of, like, number, real, reduced
from gradgen.rules.whole.reductions import Lines, along, count, is_left_out, spread
from gradgen.rules.whole.topic import Topic


def is_plain(facts: Facts, **defaults: object) -> bool:
    """Whether nothing is asked for but what the rows know."""
    rank, axis = facts.rank("x"), facts.constants.get("axis", UNKNOWN)
    is_known = axis is None or isinstance(axis, int)
    asked = {"nan_policy": "propagate", **defaults}
    return bool(rank) and is_known and all(facts.constants.get(name, value) == value for name, value in asked.items())


def is_alike(facts: Facts, name: str) -> bool:
    """Whether an operand has as many numbers as the sample, in as many dimensions."""
    shape, other = facts.shapes["x"], facts.shapes[name]
    if shape is None or other is None or len(shape) != len(other):
        return False
    return all(n == m or not n.may_be_one and not m.may_be_one for n, m in zip(shape, other, strict=True))


def amount(facts: Facts) -> str:
    """How many elements a summary is of."""
    rank, axis = facts.rank("x"), facts.constants.get("axis", UNKNOWN)
    axes = axes_of(axis, rank) if rank else None
    return "x.size" if axis is None or rank == 1 or axes is None else f"x.shape[{axes[0]}]"


def freed(facts: Facts) -> str:
    return amount(facts) if facts.constants.get("ddof") == 0 else f"({amount(facts)} - ddof)"


def zscore_rows(facts: Facts) -> Lines:
    if not is_plain(facts):
        return None
    kept = along(facts)
    ddof = "" if facts.constants.get("ddof") == 0 else ", ddof=ddof"
    return (
        f"dx += (dy - mean(dy{kept}) - y * array_sum(dy * y{kept}) / {freed(facts)}) / std(x{kept}{ddof})",
    )


def zscore_moved(facts: Facts) -> Lines:
    """The slopes are symmetric: the row again."""
    lines = zscore_rows(facts)
    return None if lines is None else tuple(line.replace("dx +=", "y_dot =").replace("dy", "x_dot") for line in lines)


def standardised(facts: Facts) -> tuple[str, str]:
    kept = along(facts)
    return f"scale = std(x{kept})", f"offset = (x - mean(x{kept})) / scale"


def skew_rows(facts: Facts) -> Lines:
    if not is_plain(facts) or facts.constants.get("bias") not in (True, False):
        return None
    n, own = amount(facts), spread(facts, "y")
    if facts.constants["bias"]:
        return (*standardised(facts), f"dx += {spread(facts)} * 3 * (offset**2 - 1 - {own} * offset) / ({n} * scale)")
    return (
        *standardised(facts), f"grown = sqrt({n} * ({n} - 1)) / ({n} - 2)",
        f"dx += {spread(facts)} * 3 * (grown * (offset**2 - 1) - {own} * offset) / ({n} * scale)",
    )


def kurtosis_rows(facts: Facts) -> Lines:
    if not is_plain(facts) or {facts.constants.get("fisher"), facts.constants.get("bias")} - {True, False}:
        return None
    n, own = amount(facts), spread(facts, "y")
    third = f"mean(offset**3{along(facts)})"
    if facts.constants["bias"]:
        fourth = f"({own} + 3)" if facts.constants["fisher"] else own
        return (*standardised(facts), f"dx += {spread(facts)} * 4 * (offset**3 - {third} - {fourth} * offset) / ({n} * scale)")
    return (
        f"assert {n} > 3, 'the kurtosis of fewer than four numbers has no correction'", *standardised(facts),
        f"grown = ({n}**2 - 1) / (({n} - 2) * ({n} - 3))",
        f"dx += {spread(facts)} * grown * 4 * (offset**3 - {third} - mean(offset**4{along(facts)}) * offset) / ({n} * scale)",
    )


def moment_rows(facts: Facts) -> Lines:
    order = facts.constants.get("order", UNKNOWN)
    if not is_plain(facts) or not is_left_out(facts, "center") or type(order) is not int or order < 2:
        return None
    kept = along(facts)
    power = "(x - m)" if order == 2 else f"(x - m)**{order - 1}"
    pulled = "" if order == 2 else f" - mean({power}{kept})"
    return f"m = mean(x{kept})", f"dx += {spread(facts)} * {order} * ({power}{pulled}) / {amount(facts)}"


def variation_rows(facts: Facts) -> Lines:
    if not is_plain(facts):
        return None
    own = spread(facts, "y")
    return (
        f"m = mean(x{along(facts)})",
        f"dx += {spread(facts)} * ((x - m) / ({freed(facts)} * {own} * m) - {own} / {amount(facts)}) / m",
    )


def tmean_rows(facts: Facts) -> Lines:
    return (f"dx += {spread(facts)} / {count(facts)}",) if is_plain(facts) and is_left_out(facts, "limits") else None


def gmean_rows(facts: Facts) -> Lines:
    if not is_plain(facts) or not is_left_out(facts, "dtype"):
        return None
    if is_left_out(facts, "weights"):
        return (f"dx += {spread(facts)} * {spread(facts, 'y')} / ({count(facts)} * x)",)
    if not is_alike(facts, "weights"):
        return None
    scaled = f"{spread(facts)} * {spread(facts, 'y')}"
    return (
        f"total = array_sum(weights{along(facts)})", f"dx += {scaled} * weights / (total * x)",
        f"dweights += {scaled} * (log(x) - log({spread(facts, 'y')})) / total",
    )


def summed_along(facts: Facts) -> str | None:
    """The keyword of a sum that has the shape of the result; None where that keeps its dimensions."""
    axis = facts.constants.get("axis", UNKNOWN)
    if facts.constants.get("keepdims") is not False:
        return None
    return "" if axis is None or facts.rank("x") == 1 else f", axis={axis}"


def gmean_moved(facts: Facts) -> Lines:
    along_result = summed_along(facts)
    if is_left_out(facts, "weights") or along_result is None or gmean_rows(facts) is None:
        return None
    part = f"weights * x_dot / x + (log(x) - log({spread(facts, 'y')})) * weights_dot"
    return f"total = array_sum(weights{along(facts)})", f"y_dot = y * array_sum(({part}) / total{along_result})"


def hmean_rows(facts: Facts) -> Lines:
    if not is_plain(facts) or not is_left_out(facts, "weights", "dtype"):
        return None
    return (f"dx += {spread(facts)} * {spread(facts, 'y')}**2 / ({count(facts)} * x**2)",)


def sem_rows(facts: Facts) -> Lines:
    if not is_plain(facts, ddof=1):
        return None
    n = amount(facts)
    return (f"dx += {spread(facts)} * (x - mean(x{along(facts)})) / ({n} * ({n} - 1) * {spread(facts, 'y')})",)


def entropy_rows(facts: Facts) -> Lines:
    if not is_plain(facts) or "base" in facts.active:
        return None
    kept, own, seed = along(facts), spread(facts, "y"), spread(facts)
    if not is_left_out(facts, "base"):
        own, seed = f"{own} * log(base)", f"{seed} / log(base)"
    total = f"total = array_sum(x{kept})"
    if is_left_out(facts, "qk"):
        return total, f"dx -= {seed} * (log(x / total) + {own}) / total"
    if not is_alike(facts, "qk"):
        return None
    return (
        total, f"other = array_sum(qk{kept})", f"dx += {seed} * (log(x / total) - log(qk / other) - {own}) / total",
        f"dqk += {seed} * (1 / other - x / (total * qk))",
    )


def entropy_moved(facts: Facts) -> Lines:
    along_result = summed_along(facts)
    if is_left_out(facts, "qk") or along_result is None or entropy_rows(facts) is None:
        return None
    kept, base = along(facts), "" if is_left_out(facts, "base") else " / log(base)"
    own = spread(facts, "y") + ("" if is_left_out(facts, "base") else " * log(base)")
    part = f"(log(x / total) - log(qk / other) - {own}) * x_dot / total + (1 / other - x / (total * qk)) * qk_dot"
    return (
        f"total = array_sum(x{kept})", f"other = array_sum(qk{kept})", f"y_dot = array_sum({part}{along_result}){base}",
    )


def is_of_one_variable(facts: Facts) -> bool:
    """Whether a normal distribution is of one variable: nothing says otherwise. Each number of a vector is a point then."""
    return is_left_out(facts, "mu") and facts.rank("cov") == 0


def normal_rows(is_log: bool) -> Callable[[Facts], Lines]:
    """The density of a normal distribution of several variables, of one point or of a row each. Of a matrix of covariances
    only the lower triangle is read."""

    def rows(facts: Facts) -> Lines:
        rank, covariance = facts.rank("x"), facts.rank("cov")
        has_mean = not is_left_out(facts, "mu")
        if rank not in (1, 2) or has_mean and facts.rank("mu") != 1 or covariance is None or covariance > 2:
            return None
        if facts.constants.get("allow_singular", UNKNOWN) is not False or is_of_one_variable(facts) and "cov" in facts.active:
            return None
        seed = "dy" if is_log else "dy * y"
        gap = "x - mu" if has_mean else "x"
        solved = {0: "gap / cov", 1: "gap / cov", 2: "solve(cov, gap)" if rank == 1 else "solve(cov, gap.T).T"}[covariance]
        lines = [f"gap = {gap}", f"solved = {solved}"]
        each = seed if rank == 1 else f"({seed})[:, None]" if not is_log else "dy[:, None]"
        lines.append(f"dx -= {each} * solved")
        if has_mean:
            lines.append(f"dmu += {each} * solved" if rank == 1 else f"dmu += array_sum({each} * solved, axis=0)")
        total = seed if rank == 1 else f"array_sum({seed})"
        if covariance == 2:
            square = "outer(solved, solved)" if rank == 1 else None
            lines.append(
                f"dcov += lower_part({seed} * 0.5 * ({square} - inv(cov)))" if square else
                f"dcov += lower_part(0.5 * ((solved * {each}).T @ solved - {total} * inv(cov)))"
            )
        elif covariance == 1:
            lines.append(
                f"dcov += {seed} * 0.5 * (solved**2 - 1 / cov)" if rank == 1 else
                f"dcov += array_sum({each} * 0.5 * (solved**2 - 1 / cov), axis=0)"
            )
        elif rank == 1:
            lines.append(f"dcov += {seed} * 0.5 * (array_sum(solved**2) - gap.size / cov)")
        elif "cov" in facts.active:
            return None
        return tuple(lines)

    return rows


def normal_moved(is_log: bool) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        rank, covariance = facts.rank("x"), facts.rank("cov")
        if normal_rows(is_log)(facts) is None:
            return None
        if is_of_one_variable(facts):
            return ("y_dot = -(x / cov) * x_dot" if is_log else "y_dot = -(y * x / cov) * x_dot",)
        gap, gap_dot = ("x", "x_dot") if is_left_out(facts, "mu") else ("x - mu", "(x_dot - mu_dot)")
        solved = {0: "gap / cov", 1: "gap / cov", 2: "solve(cov, gap)" if rank == 1 else "solve(cov, gap.T).T"}[covariance or 0]
        of = "" if rank == 1 else ", axis=1"
        shared = [f"gap = {gap}", f"solved = {solved}"]
        if covariance == 2:
            shared.append("moved = tril(cov_dot) + tril(cov_dot, -1).T")
            widened = "(array_sum(solved * (solved @ moved){of}) - array_sum(inv(cov) * moved)) / 2"
        elif covariance == 1:
            widened = "array_sum((solved**2 - 1 / cov) * cov_dot{of}) / 2"
        else:
            widened = "(array_sum(solved**2) - gap.size / cov) * cov_dot / 2"
        moved = f"{widened.format(of=of)} - array_sum(solved * {gap_dot}{of})"
        return (*shared, f"y_dot = {moved}" if is_log else f"y_dot = y * ({moved})")

    return lines


def dirichlet_rows(is_log: bool) -> Callable[[Facts], Lines]:
    def rows(facts: Facts) -> Lines:
        if facts.rank("x") != 1 or facts.rank("alpha") != 1:
            return None
        seed = "dy" if is_log else "dy * y"
        return (
            "assert x.shape == alpha.shape, 'a point of which the last component is left out'",
            f"dx += {seed} * (alpha - 1) / x", f"dalpha += {seed} * (log(x) - digamma(alpha) + digamma(array_sum(alpha)))",
        )

    return rows


def points(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    if kind is None or kind.shape is None or len(kind.shape) not in (1, 2):
        return Kind(None)
    covariance = array_of(operands.kind("cov"))
    if len(kind.shape) == 1 and operands.literal("mu") is None and covariance is not None and covariance.shape == ():
        return Kind(kind.shape)
    return Kind(kind.shape[:-1])


POLICY = "nan_policy='propagate'"
ROWS: tuple[Row, ...] = (
    made(f"y = zscore(x, axis=0, ddof=0, {POLICY})", zscore_rows, shape=like("x"), carries="x"),
    made(f"y = skew(x, axis=0, bias=True, {POLICY}, keepdims=False)", skew_rows, shape=reduced(real), carries="x"),
    made(f"y = kurtosis(x, axis=0, fisher=True, bias=True, {POLICY}, keepdims=False)", kurtosis_rows, shape=reduced(real),
         carries="x"),
    made(f"y = gmean(x, axis=0, dtype=None, weights=None, {POLICY}, keepdims=False)", gmean_rows, shape=reduced(real),
         carries="x weights"),
    made(f"y = hmean(x, axis=0, dtype=None, weights=None, {POLICY}, keepdims=False)", hmean_rows, shape=reduced(real),
         carries="x weights"),
    made(f"y = sem(x, axis=0, ddof=1, {POLICY}, keepdims=False)", sem_rows, shape=reduced(real), carries="x"),
    made(f"y = moment(x, order=1, axis=0, {POLICY}, center=None, keepdims=False)", moment_rows, shape=reduced(real), carries="x"),
    made(f"y = variation(x, axis=0, {POLICY}, ddof=0, keepdims=False)", variation_rows, shape=reduced(real), carries="x"),
    made(
        f"y = tmean(x, limits=None, inclusive=(True, True), axis=None, {POLICY}, keepdims=False)", tmean_rows,
        shape=reduced(real), carries="x",
    ),
    made(f"y = sample_entropy(x, qk=None, base=None, axis=0, {POLICY}, keepdims=False)", entropy_rows, shape=reduced(real),
         carries="x qk base"),
    made("y = multivariate_normal_logpdf(x, mu=None, cov=1, allow_singular=False)", normal_rows(True), shape=points,
         carries="x mu cov"),
    made("y = multivariate_normal_pdf(x, mu=None, cov=1, allow_singular=False)", normal_rows(False), shape=points,
         carries="x mu cov"),
    made("y = dirichlet_logpdf(x, alpha)", dirichlet_rows(True), shape=number, carries="x alpha"),
    made("y = dirichlet_pdf(x, alpha)", dirichlet_rows(False), shape=number, carries="x alpha"),
)
SUMMARIES = ("zscore", "skew", "kurtosis", "moment", "variation", "tmean", "gmean", "hmean", "sem")
OF_A: Mapping[str, str] = {"a": "x"}
OF_MEAN: Mapping[str, str] = {"mean": "mu"}
TOPIC = Topic(
    "Summaries of samples", ROWS,
    names={"scipy.stats": {
        **{name: name for name in SUMMARIES}, "sample_entropy": "entropy",
        "multivariate_normal_logpdf": "multivariate_normal.logpdf", "multivariate_normal_pdf": "multivariate_normal.pdf",
        "dirichlet_logpdf": "dirichlet.logpdf", "dirichlet_pdf": "dirichlet.pdf",
    }},
    keywords={
        **dict.fromkeys(SUMMARIES, OF_A), "sample_entropy": {"pk": "x"},
        "multivariate_normal_logpdf": OF_MEAN, "multivariate_normal_pdf": OF_MEAN,
    },
)
MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "zscore": zscore_moved, "gmean": gmean_moved, "sample_entropy": entropy_moved,
    "multivariate_normal_logpdf": normal_moved(True), "multivariate_normal_pdf": normal_moved(False),
}
"""The lines of their tangents."""
