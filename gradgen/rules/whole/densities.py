"""The rows of densities that SciPy estimates from samples: `scipy.stats.gaussian_kde`, evaluated.

Never holds samples of several variables, nor weighted ones.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import ONE, AnyKind, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of
from gradgen.rules.whole.interpolation import refused, unknown
from gradgen.rules.whole.reductions import Lines, is_left_out
from gradgen.rules.whole.topic import Topic

SCALES: Mapping[object, str] = {None: "x.size**-0.4", "scott": "x.size**-0.4", "silverman": "(0.75 * x.size)**-0.4"}
"""By rule: the variance of the kernels in that of the samples (Scott 1992, Silverman 1986), of one variable."""


def kernels_of(facts: Facts) -> tuple[str, ...] | None:
    """The lines that say how far places lie from samples, how wide the kernels are, and what each adds."""
    method = facts.constants.get("bw_method", UNKNOWN)
    is_number = facts.rank("bw_method") == 0 and not isinstance(method, str) and method is not None
    scale = "bw_method**2" if is_number else SCALES.get(method)
    is_known = facts.rank("x") == 1 and facts.rank("t") in (0, 1) and is_left_out(facts, "weights")
    if scale is None or not is_known or facts.active & {"bw_method", "weights"}:
        return None
    return (
        f"variance = {scale} * var(x, ddof=1)",
        f"apart = {'t[:, None]' if facts.rank('t') else 't'} - x",
        "kernels = exp(-apart**2 / (2 * variance)) / (x.size * (2 * pi * variance)**0.5)",
    )


def density_rows(facts: Facts) -> Lines:
    """Samples draw the density with them, and make the kernels wider the further out they lie."""
    lines = kernels_of(facts)
    return None if lines is None else (*lines, *_passed_on(facts))


def log_density_rows(facts: Facts) -> Lines:
    lines = kernels_of(facts)
    if lines is None:
        return None
    total = f"array_sum(kernels{', axis=1' if facts.rank('t') else ''})"
    lines = (*lines, f"dp = dy / {total}")
    return *lines, *(line.replace("dy", "dp") for line in _passed_on(facts))


def _passed_on(facts: Facts) -> tuple[str, ...]:
    """What places and samples get of the adjoint of the density."""
    if facts.rank("t") == 0:
        pulled, adjoint = "dy * kernels * apart / variance", "dy"
        by_place = "dt -= array_sum(dy * kernels * apart) / variance"
    else:
        pulled, adjoint = "dy @ (kernels * apart) / variance", "dy[:, None]"
        by_place = "dt -= dy * array_sum(kernels * apart, axis=1) / variance"
    if "x" not in facts.active:
        return (by_place,)
    return (
        by_place, "centred = x - mean(x)", f"dx += {pulled}",
        f"dx += array_sum({adjoint} * kernels * (apart**2 / variance - 1)) * centred / array_sum(centred**2)",
    )


def density_moved(facts: Facts) -> Lines:
    lines = kernels_of(facts)
    if lines is None:
        return None
    rank, parts = facts.rank("t"), list[str]()
    if "t" in facts.active:
        parts.append(f"-array_sum(kernels * apart{', axis=1' if rank else ', keepdims=True'}) / variance * t_dot")
    if "x" in facts.active:
        along = ", axis=1" if rank else ", keepdims=True"
        parts.append(f"array_sum(kernels * apart * x_dot{along}) / variance")
        grown = f"array_sum(kernels * (apart**2 / variance - 1){along})"
        parts.append(f"{grown} * array_sum(centred * x_dot) / array_sum(centred**2)")
        lines = *lines, "centred = x - mean(x)"
    return *lines, f"y_dot = {' + '.join(parts)}"


def log_density_moved(facts: Facts) -> Lines:
    lines = density_moved(facts)
    if lines is None:
        return None
    *before, last = lines
    total = f"array_sum(kernels{', axis=1' if facts.rank('t') else ''})"
    return *before, f"y_dot = ({last.removeprefix('y_dot = ')}) / {total}"


def at_each(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("t"))
    if kind is None or kind.shape is None or len(kind.shape) > 1:
        return Kind(None)
    return Kind(kind.shape or (ONE,))


ROWS: tuple[Row, ...] = (
    made("y = estimated_density(x, t, bw_method=None, weights=None)", density_rows, shape=at_each, carries="x t"),
    made("y = estimated_log_density(x, t, bw_method=None, weights=None)", log_density_rows, shape=at_each, carries="x t"),
    made("y = gaussian_kde(x, bw_method=None, weights=None)", refused, shape=unknown, carries="x"),
)

TOPIC = Topic(
    "Estimated densities", ROWS, names={"scipy.stats": {"gaussian_kde": "gaussian_kde"}},
    keywords={"gaussian_kde": {"dataset": "x"}},
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "estimated_density": density_moved, "estimated_log_density": log_density_moved,
}
"""The lines of their tangents."""
