"""The helpers of generated modules for slopes of special functions by their parameters, as stand-alone Python text.

Never runs in gradgen itself: the texts need `import math` above them, and are written for numbers.
"""
from __future__ import annotations

from collections.abc import Mapping

PARAMETERS: Mapping[str, str] = {"betainc_slope": "a, b, x", "gammainc_slope": "a, x", "zeta_slope": "n, x, q"}
"""By helper: the parameters of its function."""

TEXTS: Mapping[str, str] = {
    "betainc_slope": '''\
def betainc_slope(a, b, x):
    """The slope of betainc(a, b, x) by a: of the series of the smaller tail, term by term (DLMF 8.17.8, 8.17.4)."""
    if x <= 0 or x >= 1:
        return 0.0
    from_1 = x * (a + b + 2) > a + 1
    c, z = (b, 1 - x) if from_1 else (a, x)
    log = a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    moved = math.log(x) + digamma(a + b) - digamma(a) - (0.0 if from_1 else 1 / a)
    term, slope, k = 1.0, moved, 0
    while term * (1 + abs(moved)) > 1e-17 * abs(slope):
        term *= (a + b + k) / (c + 1 + k) * z
        moved += 1 / (a + b + k) - (0.0 if from_1 else 1 / (a + 1 + k))
        slope += term * moved
        k += 1
    return math.exp(log) / c * (-slope if from_1 else slope)
''',
    "gammainc_slope": '''\
def gammainc_slope(a, x):
    """The slope of gammainc(a, x) by a: of the series, or of the continued fraction of the upper tail (DLMF 8.7.1, 8.9.2)."""
    if x <= 0 or math.isinf(x):
        return 0.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x <= a + 1:
        moved = math.log(x) - digamma(a + 1)
        term, slope, k = 1 / a, moved / a, 0
        while term * (1 + abs(moved)) > 1e-17 * abs(slope):
            k += 1
            term *= x / (a + k)
            moved -= 1 / (a + k)
            slope += term * moved
        return scale * slope
    fraction, moved = x + 1 - a, -1.0
    for k in range(100 + int(20 * math.sqrt(a)), 0, -1):
        rest = k * (a - k) / fraction
        moved = -1.0 + k / fraction - rest * moved / fraction
        fraction = x + 2 * k - 1 - a + rest
    return scale / fraction * (digamma(a) - math.log(x) + moved / fraction)
''',
    "zeta_slope": '''\
def zeta_slope(n, x, q):
    """The n-th derivative of zeta(x, q) by x: Euler and Maclaurin's sum (DLMF 25.11.5), each term a polynomial in log(q + k)."""
    total = sum(math.log(q + k) ** n / (q + k) ** x for k in range(15))
    top, log = q + 15, math.log(q + 15)
    powers = [0.0] * n + [1.0]
    terms = [math.factorial(n) // math.factorial(i) * log ** i / (x - 1) ** (n + 1 - i) for i in range(n + 1)]
    rest = sum(terms) * top + log ** n / 2
    bernoulli = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
    for k in range(1, 2 * len(bernoulli)):
        slopes = [i * p for i, p in enumerate(powers)][1:] + [0.0]
        powers = [s - (x + k - 1) * p for s, p in zip(slopes, powers)]
        if k % 2:
            odd = sum(p * log ** i for i, p in enumerate(powers)) / top ** k
            rest -= bernoulli[k // 2] / math.factorial(k + 1) * odd
    return (-1) ** n * (total + rest / top ** x)
''',
}
