"""The rows of what relates two samples: `scipy.stats.pearsonr` and `linregress`, their coefficients.

Never holds how significant these are: p-values and standard errors are refused.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import NUMBER, AnyKind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import Operands, results
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.topic import Topic

CENTRED = "first = x - mean(x)", "second = y - mean(y)"
LENGTHS = "first_length = sqrt(array_sum(first**2))", "second_length = sqrt(array_sum(second**2))"


def are_samples(facts: Facts, *known: str) -> bool:
    """Whether two vectors are related, in the plain way, and no more is asked of the result than is known."""
    return facts.rank("x") == facts.rank("y") == 1 and facts.used <= set(known) and not facts.active - {"x", "y"}


def correlated(facts: Facts) -> Lines:
    if not are_samples(facts, "statistic"):
        return None
    return (
        *CENTRED, *LENGTHS,
        "dx += dstatistic * (second / second_length - statistic * first / first_length) / first_length",
        "dy += dstatistic * (first / first_length - statistic * second / second_length) / second_length",
    )


def correlated_moved(facts: Facts) -> Lines:
    if not are_samples(facts, "statistic"):
        return None
    return (
        *CENTRED, *LENGTHS,
        "statistic_dot = array_sum((second / second_length - statistic * first / first_length) * x_dot) / first_length"
        " + array_sum((first / first_length - statistic * second / second_length) * y_dot) / second_length",
        "pvalue_dot = 0",
    )


def regressed(facts: Facts) -> Lines:
    """The slope is the covariance over the variance; the line goes through the means."""
    if not are_samples(facts, "slope", "intercept") or not facts.used:
        return None
    turned = "dslope - dintercept * mean(x)" if facts.used == {"slope", "intercept"} else "dslope"
    turned = "-dintercept * mean(x)" if facts.used == {"intercept"} else turned
    own, other = (" - dintercept * slope / x.size", " + dintercept / x.size") if "intercept" in facts.used else ("", "")
    return (
        *CENTRED, f"dturned = ({turned}) / array_sum(first**2)",
        f"dx += dturned * (second - 2 * slope * first){own}", f"dy += dturned * first{other}",
    )


def regressed_moved(facts: Facts) -> Lines:
    if not are_samples(facts, "slope", "intercept"):
        return None
    return (
        *CENTRED,
        "slope_dot = array_sum((second - 2 * slope * first) * x_dot + first * y_dot) / array_sum(first**2)",
        "intercept_dot = mean(y_dot) - slope * mean(x_dot)"
        " - array_sum((second - 2 * slope * first) * x_dot + first * y_dot) / array_sum(first**2) * mean(x)",
        "rvalue_dot = 0", "pvalue_dot = 0", "stderr_dot = 0",
    )


def correlation_found(operands: Operands) -> AnyKind:
    return results("statistic pvalue", NUMBER, NUMBER)


def line_found(operands: Operands) -> AnyKind:
    return results("slope intercept rvalue pvalue stderr", *[NUMBER] * 5)


ROWS: tuple[Row, ...] = (
    made("statistic, pvalue = pearsonr(x, y)", correlated, shape=correlation_found),
    made("slope, intercept, rvalue, pvalue, stderr = linregress(x, y)", regressed, shape=line_found),
)

TOPIC = Topic("Relations of two samples", ROWS, names={"scipy.stats": {name: name for name in ("pearsonr", "linregress")}})

MOVING: Mapping[str, Callable[[Facts], Lines]] = {"pearsonr": correlated_moved, "linregress": regressed_moved}
"""The lines of their tangents."""
