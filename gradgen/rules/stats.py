"""The rows of the methods of `scipy.stats`' distributions, for numbers: densities, distribution functions and their inverses.

Never holds what draws samples or fits them.

A distribution with the density f(t) / scale, t = (x - loc) / scale, says its `score` (the slope of log f by t), its `spread`
(1 + t * score, the slope of log(f / scale) by scale, times -scale) and the slope of log f by each shape, all in t. From these
come the rows of pdf and logpdf; those of cdf, sf, their logarithms and inverses come from the density itself. A shape says how
the distribution function F moves with it: its `drift`, where that slope is f * t * drift, its `slide`, the slope as it is, or
both.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gradgen.ir.frozen import dataclass, field
from gradgen.rules.rows import COUNT, Row, elementwise

SHAPE = "there is no closed formula for its derivative by that parameter"
PLACE = "(x - loc) / scale"


@dataclass(frozen=True, slots=True)
class Continuous:
    """A continuous distribution. `within` holds in t where the density is not 0,
    and is empty where that is everywhere; `local` is
    a line that names what several of the slopes read."""

    name: str
    score: str
    spread: str
    shapes: Mapping[str, str] = field(default_factory=dict)
    drift: Mapping[str, str] = field(default_factory=dict)
    slide: Mapping[str, str] = field(default_factory=dict)
    within: str = ""
    local: str = ""

    def named(self, *slopes: str) -> tuple[str, ...]:
        """The line `local`, where some of these slopes read the name."""
        name = self.local.partition(" ")[0]
        return (self.local,) if name and any(re.search(rf"\b{name}\b", slope) for slope in slopes) else ()


@dataclass(frozen=True, slots=True)
class Discrete:
    """A distribution of counts i = k - loc: the slopes of its log pmf, and of its cdf, by the parameters that vary."""

    name: str
    parameters: tuple[str, ...]
    scores: Mapping[str, str]
    slopes: Mapping[str, str]


CONTINUOUS: tuple[Continuous, ...] = (
    Continuous("norm", "-t", "1 - t * t"),
    Continuous("expon", "-1", "1 - t", within="t >= 0"),
    Continuous("laplace", "-sign(t)", "1 - abs(t)"),
    Continuous("logistic", "-tanh(t / 2)", "1 - t * tanh(t / 2)"),
    Continuous("cauchy", "-2 * t / (1 + t * t)", "(1 - t * t) / (1 + t * t)"),
    Continuous("uniform", "0", "1", within="0 <= t <= 1"),
    Continuous(
        "truncnorm", "-t", "1 - t * t",
        {
            "a": "truncnorm_pdf(a, a, b, 0, 1)",
            "b": "-truncnorm_pdf(b, a, b, 0, 1)",
        },
        slide={
            "a": "-truncnorm_sf(t, a, b, 0, 1) * truncnorm_pdf(a, a, b, 0, 1)",
            "b": "-truncnorm_cdf(t, a, b, 0, 1) * truncnorm_pdf(b, a, b, 0, 1)",
        }, within="a <= t <= b",
    ),
    Continuous("vonmises", "-kappa * sin(t)", "1 - t * kappa * sin(t)", {"kappa": "cos(t) - i1e(kappa) / i0e(kappa)"}),
    Continuous("gumbel_r", "expm1(-t)", "1 + t * expm1(-t)"),
    Continuous("gumbel_l", "-expm1(t)", "1 - t * expm1(t)"),
    Continuous(
        "gamma", "(a - 1) / t - 1", "a - t", {"a": "log(t) - digamma(a)"}, slide={"a": "gammainc_slope(a, t)"},
        within="t > 0",
    ),
    Continuous(
        "chi2", "(df / 2 - 1) / t - 0.5", "(df - t) / 2", {"df": "(log(t / 2) - digamma(df / 2)) / 2"},
        slide={"df": "gammainc_slope(df / 2, t / 2) / 2"}, within="t > 0",
    ),
    Continuous(
        "beta", "(a - 1) / t - (b - 1) / (1 - t)", "a - (b - 1) * t / (1 - t)",
        {"a": "log(t) - digamma(a) + digamma(a + b)", "b": "log1p(-t) - digamma(b) + digamma(a + b)"},
        slide={"a": "betainc_slope(a, b, t)", "b": "-betainc_slope(b, a, 1 - t)"}, within="0 < t < 1",
    ),
    Continuous(
        "t", "-(df + 1) * t / (df + t * t)", "df * (1 - t * t) / (df + t * t)",
        {"df": "(digamma((df + 1) / 2) - digamma(df / 2) - log1p(t * t / df) + (t * t - 1) / (df + t * t)) / 2"},
        {"df": "-0.5 / df"}, {"df": "-sign(t) * betainc_slope(df / 2, 0.5, df / (df + t * t)) / 4"},
    ),
    Continuous(
        "lognorm", "-(1 + log(t) / (s * s)) / t", "-log(t) / (s * s)", {"s": "((log(t) / s)**2 - 1) / s"}, {"s": "-log(t) / s"},
        within="t > 0",
    ),
    Continuous("pareto", "-(b + 1) / t", "-b", {"b": "1 / b - log(t)"}, {"b": "log(t) / b"}, within="t >= 1"),
    Continuous(
        "weibull_min", "(c - 1 - c * t**c) / t", "c * (1 - t**c)", {"c": "1 / c + log(t) * (1 - t**c)"}, {"c": "log(t) / c"},
        within="t > 0",
    ),
    Continuous(
        "weibull_max", "(c - 1 - c * (-t)**c) / t", "c * (1 - (-t)**c)", {"c": "1 / c + log(-t) * (1 - (-t)**c)"},
        {"c": "log(-t) / c"},
        within="t < 0",
    ),
    Continuous(
        "invweibull", "(c * t**-c - c - 1) / t", "c * (t**-c - 1)", {"c": "1 / c + log(t) * (t**-c - 1)"}, {"c": "log(t) / c"},
        within="t > 0",
    ),
    Continuous("rayleigh", "1 / t - t", "2 - t * t", within="t > 0"),
    Continuous("maxwell", "2 / t - t", "3 - t * t", within="t > 0"),
    Continuous(
        "chi", "(df - 1) / t - t", "df - t * t", {"df": "log(t) - (log(2) + digamma(df / 2)) / 2"},
        slide={"df": "gammainc_slope(df / 2, t * t / 2) / 2"}, within="t > 0",
    ),
    Continuous(
        "nakagami", "(2 * nu - 1) / t - 2 * nu * t", "2 * nu * (1 - t * t)",
        {"nu": "log(nu) + 1 - digamma(nu) + 2 * log(t) - t * t"},
        {"nu": "0.5 / nu"}, {"nu": "gammainc_slope(nu, nu * t * t)"}, within="t > 0",
    ),
    Continuous("halfnorm", "-t", "1 - t * t", within="t >= 0"),
    Continuous("halfcauchy", "-2 * t / (1 + t * t)", "(1 - t * t) / (1 + t * t)", within="t >= 0"),
    Continuous("halflogistic", "-tanh(t / 2)", "1 - t * tanh(t / 2)", within="t >= 0"),
    Continuous("hypsecant", "-tanh(t)", "1 - t * tanh(t)"),
    Continuous("levy", "(1 / t - 3) / (2 * t)", "(1 / t - 1) / 2", within="t > 0"),
    Continuous("moyal", "expm1(-t) / 2", "1 + t * expm1(-t) / 2"),
    Continuous(
        "invgamma", "(1 / t - a - 1) / t", "1 / t - a", {"a": "-log(t) - digamma(a)"}, slide={"a": "-gammainc_slope(a, 1 / t)"},
        within="t > 0",
    ),
    Continuous(
        "invgauss", "(1 / (t * t) - 1 / (mu * mu) - 3 / t) / 2", "(1 / t - t / (mu * mu) - 1) / 2", {"mu": "(t - mu) / mu**3"},
        slide={"mu": "-2 / mu**2 * exp(2 / mu + log_ndtr(-(t / mu + 1) / sqrt(t)))"}, within="t > 0",
    ),
    Continuous(
        "f", "(dfn / 2 - 1) / t - dfn * (dfn + dfd) / (2 * (dfd + dfn * t))", "dfn * dfd * (1 - t) / (2 * (dfd + dfn * t))",
        {
            "dfn": "(log(dfn * t / (dfd + dfn * t)) + dfd * (1 - t) / (dfd + dfn * t)"
                   " - digamma(dfn / 2) + digamma((dfn + dfd) / 2)) / 2",
            "dfd": "(log(dfd / (dfd + dfn * t)) - dfn * (1 - t) / (dfd + dfn * t)"
                   " - digamma(dfd / 2) + digamma((dfn + dfd) / 2)) / 2",
        },
        {"dfn": "1 / dfn", "dfd": "-1 / dfd"},
        {
            "dfn": "betainc_slope(dfn / 2, dfd / 2, dfn * t / (dfd + dfn * t)) / 2",
            "dfd": "-betainc_slope(dfd / 2, dfn / 2, dfd / (dfd + dfn * t)) / 2",
        }, within="t > 0",
    ),
    Continuous(
        "betaprime", "(a - 1) / t - (a + b) / (1 + t)", "(a - b * t) / (1 + t)",
        {"a": "log(t / (1 + t)) - digamma(a) + digamma(a + b)", "b": "-log1p(t) - digamma(b) + digamma(a + b)"},
        slide={"a": "betainc_slope(a, b, t / (1 + t))", "b": "-betainc_slope(b, a, 1 / (1 + t))"}, within="t > 0",
    ),
    Continuous("powerlaw", "(a - 1) / t", "a", {"a": "1 / a + log(t)"}, {"a": "log(t) / a"}, within="0 < t <= 1"),
    Continuous(
        "lomax", "-(c + 1) / (1 + t)", "(1 - c * t) / (1 + t)", {"c": "1 / c - log1p(t)"}, slide={"c": "log1p(t) / (1 + t)**c"},
        within="t >= 0",
    ),
    Continuous(
        "fisk", "-(1 + c * tanh(c * log(t) / 2)) / t", "-c * tanh(c * log(t) / 2)",
        {"c": "1 / c - log(t) * tanh(c * log(t) / 2)"},
        {"c": "log(t) / c"}, within="t > 0",
    ),
    Continuous(
        "burr", "(c * (d + 1) * expit(-c * log(t)) - c - 1) / t", "c * ((d + 1) * expit(-c * log(t)) - 1)",
        {"c": "1 / c + log(t) * ((d + 1) * expit(-c * log(t)) - 1)", "d": "1 / d + log_expit(c * log(t))"},
        {"c": "log(t) / c"}, {"d": "log_expit(c * log(t)) * exp(d * log_expit(c * log(t)))"}, within="t > 0",
    ),
    Continuous(
        "burr12", "(c - 1 - c * (d + 1) * expit(c * log(t))) / t", "c * (1 - (d + 1) * expit(c * log(t)))",
        {"c": "1 / c + log(t) * (1 - (d + 1) * expit(c * log(t)))", "d": "1 / d + log_expit(-c * log(t))"},
        {"c": "log(t) / c"}, {"d": "-log_expit(-c * log(t)) * exp(d * log_expit(-c * log(t)))"}, within="t > 0",
    ),
    Continuous(
        "gompertz", "1 - c * exp(t)", "1 + t - c * t * exp(t)", {"c": "1 / c - expm1(t)"},
        slide={"c": "expm1(t) * exp(-c * expm1(t))"}, within="t >= 0",
    ),
    Continuous(
        "genpareto", "-(c + 1) / (1 + c * t)", "(1 - t) / (1 + c * t)",
        {"c": "t * t / 2 * hyp2f1(2, 2, 3, -c * t) - t / (1 + c * t)"}, {"c": "-t / 2 * (1 + c * t) * hyp2f1(2, 2, 3, -c * t)"},
        within="t >= 0 and 1 + c * t > 0",
    ),
    Continuous(
        "genextreme", "(w + c - 1) / (1 - c * t)", "1 + t * (w + c - 1) / (1 - c * t)",
        {"c": "(w + c - 1) * t * t / 2 * hyp2f1(2, 2, 3, c * t) - log(w)"},
        {"c": "t / 2 * (1 - c * t) * hyp2f1(2, 2, 3, c * t)"}, within="c * t < 1", local="w = -genextreme_logcdf(t, c, 0, 1)",
    ),
    Continuous(
        "gennorm", "-beta * sign(t) * abs(t) ** (beta - 1)", "1 - beta * abs(t)**beta",
        {"beta": "(1 + digamma(1 / beta) / beta) / beta - xlogy(abs(t)**beta, abs(t))"},
    ),
    Continuous(
        "skewnorm", "a * r - t", "1 + t * (a * r - t)", {"a": "t * r"},
        slide={"a": "-exp(-t * t * (1 + a * a) / 2) / (pi * (1 + a * a))"},
        local="r = exp(-(a * t)**2 / 2 - log_ndtr(a * t)) / sqrt(2 * pi)",
    ),
    Continuous(
        "exponnorm", "r - 1 / K", "1 + t * (r - 1 / K)", {"K": "(t + r - 1 / K) / (K * K) - 1 / K"},
        local="r = exp(-(t - 1 / K)**2 / 2 - log_ndtr(t - 1 / K)) / sqrt(2 * pi)",
    ),
    Continuous(
        "johnsonsu", "-(t / sqrt(1 + t * t) + b * z) / sqrt(1 + t * t)", "(1 / sqrt(1 + t * t) - b * t * z) / sqrt(1 + t * t)",
        {"a": "-z", "b": "1 / b - z * asinh(t)"},
        slide={"a": "exp(-z * z / 2) / sqrt(2 * pi)", "b": "asinh(t) * exp(-z * z / 2) / sqrt(2 * pi)"},
        local="z = a + b * asinh(t)",
    ),
)

DISCRETE: tuple[Discrete, ...] = (
    Discrete("poisson", ("mu",), {"mu": "i / mu - 1"}, {"mu": "-poisson_pmf(floor(k), mu, loc)"}),
    Discrete(
        "binom", ("n", "p"), {"p": "(i - n * p) / (p * (1 - p))"}, {"p": "-n * binom_pmf(floor(k), n - 1, p, loc)"},
    ),
    Discrete(
        "nbinom", ("n", "p"), {"n": "digamma(i + n) - digamma(n) + log(p)", "p": "n / p - i / (1 - p)"},
        {"p": "nbinom_pmf(floor(k), n, p, loc) * (n + floor(k - loc)) / p"},
    ),
    Discrete("geom", ("p",), {"p": "1 / p - (i - 1) / (1 - p)"}, {"p": "floor(k - loc) * geom_pmf(floor(k), p, loc) / p"}),
    Discrete("bernoulli", ("p",), {"p": "(i - p) / (p * (1 - p))"}, {"p": "-binom_pmf(floor(k), 0, p, loc)"}),
)

METHODS = ("pdf", "logpdf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf")
COUNTED = ("pmf", "logpmf", "cdf", "logcdf", "sf", "logsf")


def spellings() -> Iterator[tuple[str, str]]:
    """Every operation of the rows with its name in scipy.stats: `norm_pdf` and `norm.pdf`."""
    named = [(each.name, METHODS) for each in CONTINUOUS] + [(each.name, COUNTED) for each in DISCRETE]
    for name, methods in named:
        yield from ((f"{name}_{method}", f"{name}.{method}") for method in methods)


def _continuous(given: Continuous) -> Iterator[Row]:
    shapes = "".join(f"{name}, " for name in given.shapes)
    within = f" if {given.within} else 0" if given.within else ""
    refused = " ".join(name for name in given.shapes if name not in {**given.drift, **given.slide})

    def row(method: str, first: str, *lines: str, refused: str = "") -> Row:
        pattern = f"y = {given.name}_{method}({first}, {shapes}loc=0, scale=1)"
        return elementwise(pattern, *lines, refused=refused, reason=SHAPE if refused else "")

    for method, seed in (("pdf", "dy * y"), ("logpdf", "dy")):
        moved = (("dx +=", "0"), ("dloc +=", "0")) if given.score == "0" else (
            ("dx +=", f"{seed} * ({given.score}) / scale"), ("dloc -=", f"{seed} * ({given.score}) / scale"),
        )
        scaled = ("dscale -=", f"{seed} * ({given.spread}) / scale")
        by_shape = ((f"d{name} +=", f"{seed} * ({slope})") for name, slope in given.shapes.items())
        lines = (f"{target} {value}{within if value != '0' else ''}" for target, value in (*moved, scaled, *by_shape))
        yield row(method, "x", f"t = {PLACE}", *given.named(given.score, given.spread, *given.shapes.values()), *lines)

    def shaped(terms: Mapping[str, str], seed: str, sign: str, guard: str) -> Iterator[str]:
        for name, term in terms.items():
            turned = sign if not term.startswith("-") else "-+"["+-".index(sign)]
            yield f"d{name} {turned}= {seed.format(term.removeprefix('-'))}{guard}"

    def by_density(density: str, sign: int, guard: str, slid: str) -> tuple[str, ...]:
        plus, minus = ("+", "-") if sign > 0 else ("-", "+")
        place = (f"t = {PLACE}",) if given.drift or given.slide or guard else ()
        return (
            *place, *given.named(*given.drift.values(), *given.slide.values()), f"p = {density}",
            f"dx {plus}= dy * p{guard}", f"dloc {minus}= dy * p{guard}",
            f"dscale {minus}= dy * p * (x - loc) / scale{guard}",
            *shaped(given.drift, "dy * p * (x - loc) * {}", plus, within), *shaped(given.slide, slid, plus, within),
        )

    arguments = f"x, {shapes}loc, scale"
    for method, sign in (("cdf", 1), ("sf", -1)):
        yield row(method, "x", *by_density(f"{given.name}_pdf({arguments})", sign, "", "dy * {}"), refused=refused)
        density = f"exp({given.name}_logpdf({arguments}) - y)"
        yield row(f"log{method}", "x", *by_density(density, sign, within, "dy * exp(-y) * {}"), refused=refused)

    for method, slope in (("ppf", "dq +="), ("isf", "dq -=")):
        place = ("t = (y - loc) / scale",) if given.drift or given.slide else ()
        density = f"{given.name}_pdf(y, {shapes}loc, scale)"
        first = (f"p = {density}", f"{slope} dy / p") if given.slide else (f"{slope} dy / {density}",)
        yield row(
            method, "q", *place, *given.named(*given.drift.values(), *given.slide.values()), *first, "dloc += dy",
            "dscale += dy * (y - loc) / scale", *shaped(given.drift, "dy * (y - loc) * {}", "-", ""),
            *shaped(given.slide, "dy * {} / p", "-", ""), refused=refused,
        )


def _discrete(given: Discrete) -> Iterator[Row]:
    names = ", ".join(given.parameters)

    def row(method: str, slopes: Mapping[str, str], *lines: str) -> Row:
        refused = "k loc " + " ".join(name for name in given.parameters if name not in slopes)
        return elementwise(f"y = {given.name}_{method}(k, {names}, loc=0)", *lines, refused=refused, reason=COUNT)

    for method, seed in (("pmf", "dy * y"), ("logpmf", "dy")):
        lines = (f"d{name} += {seed} * ({slope})" for name, slope in given.scores.items())
        yield row(method, given.scores, "i = k - loc", *lines)
    for method, sign in (("cdf", "+"), ("sf", "-")):
        for log, seed in (("", "dy"), ("log", "dy * exp(-y)")):
            lines = (f"d{name} {sign}= {seed} * ({slope})" for name, slope in given.slopes.items())
            yield row(f"{log}{method}", given.slopes, *lines)


ROWS: tuple[Row, ...] = (
    *(row for each in CONTINUOUS for row in _continuous(each)),
    *(row for each in DISCRETE for row in _discrete(each)),
)
