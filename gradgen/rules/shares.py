"""The rows of `scipy.special`'s distribution functions, of the incomplete gamma and beta functions, and of their inverses.

Never holds the methods of scipy.stats' distributions (stats).

Formulas are those of the Digital Library of Mathematical Functions, chapter 8. A slope by a parameter that has no closed formula
is written with gammainc_slope or betainc_slope, helpers that sum series (parametric).
"""
from __future__ import annotations

from gradgen.rules.rows import COUNT, Row, elementwise

SHAPE = "there is no closed formula for its derivative by that parameter"

NAMES = (
    "bdtr bdtrc betainc betaincc betainccinv betaincinv chdtr chdtrc chdtri fdtr fdtrc fdtri gammainc gammaincc gammainccinv "
    "gammaincinv gdtr gdtrc nbdtr nbdtrc ndtr ndtri ndtri_exp log_ndtr pdtr pdtrc stdtr stdtrit"
)

GAMMA = "exp(xlogy(a - 1, x) - x - lgamma(a))"
BETA = "exp(xlogy(a - 1, x) + xlog1py(b - 1, -x) - betaln(a, b))"
STUDENT = "p = exp(-betaln(df / 2, 0.5) - log(df) / 2 - (df + 1) / 2 * log1p({0} * {0} / df))"
CHI = "p = exp(xlogy(v / 2 - 1, {0} / 2) - {0} / 2 - lgamma(v / 2)) / 2"
FISHER = "p = exp(xlogy(m / 2 - 1, m * {0} / n) - (m + n) / 2 * log1p(m * {0} / n) - betaln(m / 2, n / 2)) * m / n"
BY_M, BY_N = "betainc_slope(m / 2, n / 2, m * {0} / (m * {0} + n)) / 2", "betainc_slope(n / 2, m / 2, n / (m * {0} + n)) / 2"
BY_DF = "sign({0}) * betainc_slope(df / 2, 0.5, df / (df + {0} * {0})) / 4"

ROWS: tuple[Row, ...] = (
    elementwise("y = gammainc(a, x)", f"dx += dy * {GAMMA}", "da += dy * gammainc_slope(a, x)"),
    elementwise("y = gammaincc(a, x)", f"dx -= dy * {GAMMA}", "da -= dy * gammainc_slope(a, x)"),
    elementwise("x = gammaincinv(a, q)", f"p = {GAMMA}", "dq += dx / p", "da -= dx * gammainc_slope(a, x) / p"),
    elementwise("x = gammainccinv(a, q)", f"p = {GAMMA}", "dq -= dx / p", "da -= dx * gammainc_slope(a, x) / p"),
    elementwise(
        "y = gammainc_slope(a, x)", f"dx += dy * {GAMMA} * (log(x) - digamma(a)) if x > 0 else 0", refused="a", reason=SHAPE,
    ),
    elementwise(
        "y = betainc(a, b, x)",
        f"dx += dy * {BETA}", "da += dy * betainc_slope(a, b, x)", "db -= dy * betainc_slope(b, a, 1 - x)",
    ),
    elementwise(
        "y = betaincc(a, b, x)",
        f"dx -= dy * {BETA}", "da -= dy * betainc_slope(a, b, x)", "db += dy * betainc_slope(b, a, 1 - x)",
    ),
    *(
        elementwise(
            f"x = {name}(a, b, q)", f"p = {BETA}", f"dq {sign}= dx / p", "da -= dx * betainc_slope(a, b, x) / p",
            "db += dx * betainc_slope(b, a, 1 - x) / p",
        )
        for name, sign in (("betaincinv", "+"), ("betainccinv", "-"))
    ),
    elementwise(
        "y = betainc_slope(a, b, x)", f"dx += dy * {BETA} * (log(x) - digamma(a) + digamma(a + b)) if 0 < x < 1 else 0",
        refused="a b", reason=SHAPE,
    ),

    # the normal distribution
    elementwise("y = ndtr(x)", "dx += dy * exp(-x * x / 2) / sqrt(2 * pi)"),
    elementwise("y = ndtri(x)", "dx += dy * sqrt(2 * pi) * exp(y * y / 2)"),
    elementwise(
        "x = normal_inv_cdf(p, mu, sigma)",
        "t = (x - mu) / sigma", "dp += dx * sigma * sqrt(2 * pi) * exp(t * t / 2)", "dmu += dx", "dsigma += dx * t",
    ),
    elementwise("y = ndtri_exp(x)", "dx += dy * sqrt(2 * pi) * exp(x + y * y / 2)"),
    elementwise("y = log_ndtr(x)", "dx += dy * sqrt(2 / pi) / erfcx(-x / sqrt(2))"),

    # Student's, Fisher's, chi-squared and gamma distributions
    elementwise(
        "y = stdtr(df, t)", STUDENT.format("t"),
        "dt += dy * p", "ddf -= dy * p * t / (2 * df)", f"ddf -= dy * {BY_DF.format('t')}",
    ),
    elementwise(
        "t = stdtrit(df, q)", STUDENT.format("t"),
        "dq += dt / p", "ddf += dt * t / (2 * df)", f"ddf += dt * {BY_DF.format('t')} / p",
    ),
    elementwise("y = chdtr(v, x)", CHI.format("x"), "dx += dy * p", "dv += dy * gammainc_slope(v / 2, x / 2) / 2"),
    elementwise("y = chdtrc(v, x)", CHI.format("x"), "dx -= dy * p", "dv -= dy * gammainc_slope(v / 2, x / 2) / 2"),
    elementwise("x = chdtri(v, q)", CHI.format("x"), "dq -= dx / p", "dv -= dx * gammainc_slope(v / 2, x / 2) / (2 * p)"),
    *(
        elementwise(
            f"y = {name}(m, n, x)", FISHER.format("x"), f"dx {plus}= dy * p",
            f"dm {plus}= dy * p * x / m", f"dm {plus}= dy * {BY_M.format('x')}",
            f"dn {minus}= dy * p * x / n", f"dn {minus}= dy * {BY_N.format('x')}",
        )
        for name, plus, minus in (("fdtr", "+", "-"), ("fdtrc", "-", "+"))
    ),
    elementwise(
        "x = fdtri(m, n, q)", FISHER.format("x"), "dq += dx / p",
        "dm -= dx * x / m", f"dm -= dx * {BY_M.format('x')} / p", "dn += dx * x / n", f"dn += dx * {BY_N.format('x')} / p",
    ),
    *(
        elementwise(
            f"y = {name}(a, b, x)", "p = exp(xlogy(b - 1, a * x) - a * x - lgamma(b))",
            f"dx {sign}= dy * a * p", f"da {sign}= dy * x * p", f"db {sign}= dy * gammainc_slope(b, a * x)",
        )
        for name, sign in (("gdtr", "+"), ("gdtrc", "-"))
    ),

    # counts
    *(
        elementwise(
            f"y = {name}(k, m)", f"dm {sign}= dy * exp(xlogy(floor(k), m) - m - lgamma(floor(k) + 1))", refused="k", reason=COUNT,
        )
        for name, sign in (("pdtr", "-"), ("pdtrc", "+"))
    ),
    *(
        elementwise(
            f"y = {name}(k, n, p)", f"dp {sign}= dy * exp(xlogy(k, p) + xlog1py(n - k - 1, -p) - betaln(n - k, k + 1))",
            refused="k n", reason=COUNT,
        )
        for name, sign in (("bdtr", "-"), ("bdtrc", "+"))
    ),
    *(
        elementwise(
            f"y = {name}(k, n, p)", f"dp {sign}= dy * exp(xlogy(n - 1, p) + xlog1py(k, -p) - betaln(n, k + 1))",
            refused="k n", reason=COUNT,
        )
        for name, sign in (("nbdtr", "+"), ("nbdtrc", "-"))
    ),
)
