"""The rows of `scipy.special`'s functions of numbers.

Never holds functions of whole arrays (logsumexp, softmax).

Formulas are those of the Digital Library of Mathematical Functions (dlmf.nist.gov). Where a quotient has a hole that the
function does not have, the row uses the hypergeometric function that fills it.
"""
from __future__ import annotations

from gradgen.rules.conditions import arrays, both, constant, number
from gradgen.rules.rows import COUNT, Row, elementwise, zero

ORDER = "there is no closed formula for its derivative by the order"
SHAPE = "there is no closed formula for its derivative by that parameter"

ROWS: tuple[Row, ...] = (
    # gamma and beta
    elementwise("y = rgamma(x)", "dx -= dy * y * digamma(x)"),
    *zero("y = gammasgn(x)"),
    elementwise("y = loggamma(x)", "dx += dy * digamma(x)"),
    elementwise(
        "y = multigammaln(a, d)", "da += dy * multipolygamma(0, a, d)", refused="d", reason="the dimension is a whole number",
    ),
    elementwise(
        "y = multipolygamma(n, a, d)", "da += dy * multipolygamma(n + 1, a, d)", refused="n d",
        reason="the order and the dimension are whole numbers",
    ),
    elementwise("y = beta(a, b)", "da += dy * y * (digamma(a) - digamma(a + b))", "db += dy * y * (digamma(b) - digamma(a + b))"),
    elementwise("y = betaln(a, b)", "da += dy * (digamma(a) - digamma(a + b))", "db += dy * (digamma(b) - digamma(a + b))"),
    elementwise("y = poch(x, m)", "dx += dy * y * (digamma(x + m) - digamma(x))", "dm += dy * y * digamma(x + m)"),
    elementwise(
        "y = binom(n, k)",
        "dn += dy * y * (digamma(n + 1) - digamma(n - k + 1))", "dk += dy * y * (digamma(n - k + 1) - digamma(k + 1))",
    ),
    elementwise(
        "y = real_comb(n, k, exact=False, repetition=False)",
        "dn += dy * y * (digamma(n + 1) - digamma(n - k + 1))", "dk += dy * y * (digamma(n - k + 1) - digamma(k + 1))",
        when=both(constant("exact", False), constant("repetition", False)),
    ),
    elementwise("y = real_factorial(n, exact=False)", "dn += dy * y * digamma(n + 1)", when=constant("exact", False)),

    # error functions
    elementwise("y = erfcx(x)", "dx += dy * (2 * x * y - 2 / sqrt(pi))"),
    elementwise("y = erfinv(x)", "dx += dy * sqrt(pi) / 2 * exp(y * y)"),
    elementwise("y = erfcinv(x)", "dx -= dy * sqrt(pi) / 2 * exp(y * y)"),
    elementwise("y = dawsn(x)", "dx += dy * (1 - 2 * x * y)"),
    elementwise("y = erfi(x)", "dx += dy * 2 / sqrt(pi) * exp(x * x)"),
    elementwise("s, c = fresnel(x)", "dx += ds * sin(pi * x * x / 2)", "dx += dc * cos(pi * x * x / 2)"),
    elementwise(
        "y = owens_t(h, a)", "dh -= dy * exp(-h * h / 2) * erf(a * h / sqrt(2)) / sqrt(8 * pi)",
        "da += dy * exp(-h * h * (1 + a * a) / 2) / (2 * pi * (1 + a * a))",
    ),

    # logistic and entropy functions
    elementwise("y = expit(x)", "dx += dy * y * (1 - y)"),
    elementwise("y = logit(x)", "dx += dy / (x * (1 - x))"),
    elementwise("y = log_expit(x)", "dx += dy * expit(-x)"),
    elementwise(
        "z = xlogy(x, y)", "dx += dz * float(log(y))", "dy += dz * x / y if x != 0 else 0", when=both(arrays("x"), number("y")),
    ),
    elementwise(
        "z = xlog1py(x, y)", "dx += dz * float(log1p(y))", "dy += dz * x / (1 + y) if x != 0 else 0",
        when=both(arrays("x"), number("y")),
    ),
    elementwise("z = xlogy(x, y)", "dx += dz * log(y)", "dy += dz * x / y if x != 0 else 0"),
    elementwise("z = xlog1py(x, y)", "dx += dz * log1p(y)", "dy += dz * x / (1 + y) if x != 0 else 0"),
    elementwise("y = entr(x)", "dx -= dy * (log(x) + 1)"),
    elementwise("z = rel_entr(x, y)", "dx += dz * (log(x / y) + 1)", "dy -= dz * x / y if x != 0 else 0"),
    elementwise("z = kl_div(x, y)", "dx += dz * log(x / y)", "dy += dz * (1 - x / y)"),
    elementwise(
        "y = huber(d, r)", "dr += dy * (r if abs(r) <= d else copysign(d, r))", "dd += dy * (abs(r) - d) if abs(r) > d else 0",
    ),
    elementwise("y = pseudo_huber(d, r)", "s = hypot(1, r / d)", "dr += dy * r / s", "dd += dy * (2 * y - r * r / s) / d"),

    # angles in degrees
    elementwise("y = sindg(x)", "dx += dy * pi / 180 * cosdg(x)"),
    elementwise("y = cosdg(x)", "dx -= dy * pi / 180 * sindg(x)"),
    elementwise("y = tandg(x)", "dx += dy * pi / 180 * (1 + y * y)"),
    elementwise("y = cotdg(x)", "dx -= dy * pi / 180 * (1 + y * y)"),

    elementwise("y = radian(d, m, s)", "dd += dy * pi / 180", "dm += dy * pi / 10800", "ds += dy * pi / 648000"),

    # powers near a hole
    elementwise("z = powm1(x, y)", "dx += dz * y * x ** (y - 1)", "dy += dz * (z + 1) * log(x) if x != 0 else 0"),
    elementwise("y = cosm1(x)", "dx -= dy * sin(x)"),
    elementwise("y = exp10(x)", "dx += dy * y * log(10)"),
    elementwise("y = exprel(x)", "dx += dy * hyp1f1(2, 3, x) / 2"),
    elementwise("y = boxcox(x, p)", "dx += dy * x ** (p - 1)", "dp += dy * log(x)**2 * hyp1f1(2, 3, p * log(x)) / 2"),
    elementwise("y = boxcox1p(x, p)", "dx += dy * (1 + x) ** (p - 1)", "dp += dy * log1p(x)**2 * hyp1f1(2, 3, p * log1p(x)) / 2"),
    elementwise("y = inv_boxcox(x, p)", "dx += dy * y ** (1 - p)", "dp -= dy * y * x**2 / 2 * hyp2f1(2, 2, 3, -p * x)"),
    elementwise(
        "y = inv_boxcox1p(x, p)", "dx += dy * (1 + y) ** (1 - p)", "dp -= dy * (1 + y) * x**2 / 2 * hyp2f1(2, 2, 3, -p * x)",
    ),

    # Bessel functions
    elementwise("y = j0(x)", "dx -= dy * j1(x)"),
    elementwise("y = j1(x)", "dx += dy * (j0(x) - jv(2, x)) / 2"),
    elementwise("y = jv(v, x)", "dx += dy * (jv(v - 1, x) - jv(v + 1, x)) / 2", refused="v", reason=ORDER),
    elementwise("y = jve(v, x)", "dx += dy * (jve(v - 1, x) - jve(v + 1, x)) / 2", refused="v", reason=ORDER),
    elementwise("y = y0(x)", "dx -= dy * y1(x)"),
    elementwise("y = y1(x)", "dx += dy * (y0(x) - yv(2, x)) / 2"),
    elementwise("y = yv(v, x)", "dx += dy * (yv(v - 1, x) - yv(v + 1, x)) / 2", refused="v", reason=ORDER),
    elementwise("y = yve(v, x)", "dx += dy * (yve(v - 1, x) - yve(v + 1, x)) / 2", refused="v", reason=ORDER),
    elementwise("y = yn(n, x)", "dx += dy * (yn(n - 1, x) - yn(n + 1, x)) / 2", refused="n", reason=ORDER),
    elementwise("y = iv(v, x)", "dx += dy * (iv(v - 1, x) + iv(v + 1, x)) / 2", refused="v", reason=ORDER),
    elementwise("y = i0e(x)", "dx += dy * (i1e(x) - sign(x) * y)"),
    elementwise("y = i1e(x)", "dx += dy * ((i0e(x) + ive(2, x)) / 2 - sign(x) * y)"),
    elementwise("y = ive(v, x)", "dx += dy * ((ive(v - 1, x) + ive(v + 1, x)) / 2 - sign(x) * y)", refused="v", reason=ORDER),
    elementwise("y = k0(x)", "dx -= dy * k1(x)"),
    elementwise("y = k1(x)", "dx -= dy * (k0(x) + kv(2, x)) / 2"),
    elementwise("y = kv(v, x)", "dx -= dy * (kv(v - 1, x) + kv(v + 1, x)) / 2", refused="v", reason=ORDER),
    elementwise("y = kn(n, x)", "dx -= dy * (kv(n - 1, x) + kv(n + 1, x)) / 2", refused="n", reason=ORDER),
    elementwise("y = k0e(x)", "dx += dy * (y - k1e(x))"),
    elementwise("y = k1e(x)", "dx += dy * (y - (k0e(x) + kve(2, x)) / 2)"),
    elementwise("y = kve(v, x)", "dx += dy * (y - (kve(v - 1, x) + kve(v + 1, x)) / 2)", refused="v", reason=ORDER),

    elementwise(
        "y = struve(v, x)",
        "dx += dy * (struve(v - 1, x) - struve(v + 1, x) + (x / 2)**v / (sqrt(pi) * gamma(v + 1.5))) / 2", refused="v",
        reason=ORDER,
    ),
    elementwise(
        "y = modstruve(v, x)",
        "dx += dy * (modstruve(v - 1, x) + modstruve(v + 1, x) + (x / 2)**v / (sqrt(pi) * gamma(v + 1.5))) / 2", refused="v",
        reason=ORDER,
    ),
    *(
        row for real, imaginary in (("ber", "bei"), ("ker", "kei")) for row in (
            elementwise(f"y = {real}(x)", f"dx += dy * {real}p(x)"),
            elementwise(f"y = {imaginary}(x)", f"dx += dy * {imaginary}p(x)"),
            elementwise(f"y = {real}p(x)", f"dx -= dy * ({imaginary}(x) + y / x)"),
            elementwise(f"y = {imaginary}p(x)", f"dx += dy * ({real}(x) - y / x)"),
        )
    ),

    *(
        elementwise(f"y = {name}(v, x, n=1)", f"dx += dy * {name}(v, x, n + 1)", refused="v n", reason=ORDER)
        for name in ("jvp", "yvp", "ivp", "kvp")
    ),
    elementwise(
        "ai, aip, bi, bip = airy(x)", "dx += dai * aip", "dx += daip * x * ai", "dx += dbi * bip", "dx += dbip * x * bi",
    ),

    # integrals and series
    elementwise("y = exp1(x)", "dx -= dy * exp(-x) / x"),
    elementwise("y = expi(x)", "dx += dy * exp(x) / x"),
    elementwise(
        "y = expn(n, x)", "dx -= dy * (expn(n - 1, x) if n > 0 else y + y / x)", refused="n", reason=ORDER,
    ),
    elementwise("s, c = sici(x)", "dx += ds * sinc(x / pi)", "dx += dc * cos(x) / x"),
    elementwise("s, c = shichi(x)", "dx += ds * spherical_in(0, x)", "dx += dc * cosh(x) / x"),
    elementwise("y = spence(x)", "dx -= dy * hyp2f1(1, 1, 2, 1 - x)"),
    elementwise("y = lambertw(x, k=0)", "dx += dy * exp(-y) / (1 + y)", refused="k", reason="the branch is a whole number"),
    elementwise("y = wrightomega(x)", "dx += dy * y / (1 + y)"),
    elementwise("y = zeta(x, q=None)", "dx += dy * zeta_slope(1, x, 1)", when=constant("q", None)),
    elementwise("y = zeta(x, q=None)", "dx += dy * zeta_slope(1, x, q)", "dq -= dy * x * zeta(x + 1, q)"),
    elementwise(
        "y = zeta_slope(n, x, q)", "dx += dy * zeta_slope(n + 1, x, q)",
        "dq -= dy * (x * zeta_slope(n, x + 1, q) + n * zeta_slope(n - 1, x + 1, q))",
        refused="n", reason=COUNT,
    ),
    elementwise("y = zetac(x)", "dx += dy * zeta_slope(1, x, 1)"),
    elementwise("y = hyp0f1(v, x)", "dx += dy * hyp0f1(v + 1, x) / v", refused="v", reason=SHAPE),
    elementwise("y = hyperu(a, b, x)", "dx -= dy * a * hyperu(a + 1, b + 1, x)", refused="a b", reason=SHAPE),
    elementwise("y = hyp1f1(a, b, x)", "dx += dy * a / b * hyp1f1(a + 1, b + 1, x)", refused="a b", reason=SHAPE),
    elementwise("y = hyp2f1(a, b, c, x)", "dx += dy * a * b / c * hyp2f1(a + 1, b + 1, c + 1, x)", refused="a b c", reason=SHAPE),
)
