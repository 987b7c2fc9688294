"""The rows of the functions of `math`, which NumPy and SciPy spell too.

Never holds what `math` lacks (elementwise.py and special.py).

Where a square could leave the floats while the slope does not, a row says `x * x`, which becomes inf; `x**2` would raise.
"""
from __future__ import annotations

from gradgen.rules.conditions import arrays, both, complexes, told
from gradgen.rules.rows import Row, elementwise, whole, zero

ROWS: tuple[Row, ...] = (
    # powers and logarithms
    elementwise("y = sqrt(x)", "dx += dy / (2 * y)"),
    elementwise("y = cbrt(x)", "dx += dy / (3 * y**2)"),
    elementwise("y = exp(x)", "dx += dy * y"),
    elementwise("y = exp2(x)", "dx += dy * y * log(2)"),
    elementwise("y = expm1(x)", "dx += dy * (y + 1)"),
    elementwise("y = log(x)", "dx += dy / x"),
    elementwise("z = log(x, y)", "dx += dz / (x * log(y))", "dy -= dz * z / (y * log(y))"),
    elementwise("y = log1p(x)", "dx += dy / (1 + x)"),
    elementwise("y = log2(x)", "dx += dy / (x * log(2))"),
    elementwise("y = log10(x)", "dx += dy / (x * log(10))"),

    # angles
    elementwise("y = sin(x)", "dx += dy * cos(x)"),
    elementwise("y = cos(x)", "dx -= dy * sin(x)"),
    elementwise("y = tan(x)", "dx += dy * (1 + y**2)"),
    elementwise("y = asin(x)", "dx += dy / sqrt(1 - x**2)"),
    elementwise("y = acos(x)", "dx -= dy / sqrt(1 - x**2)"),
    elementwise("y = atan(x)", "dx += dy / (1 + x * x)"),
    elementwise(
        "z = atan2(y, x)", "assert x != 0 or y != 0, 'atan2(0, 0) has no derivative'", "r = hypot(x, y)",
        "dy += dz * (x / r) / r", "dx -= dz * (y / r) / r",
    ),
    elementwise("y = degrees(x)", "dx += dy * 180 / pi"),
    elementwise("y = radians(x)", "dx += dy * pi / 180"),
    elementwise("y = hypot(*xs)", "dxs += dy * xs / y if xs != 0 else 0", when=arrays()),
    elementwise("y = hypot(*xs)", "dxs += dy * xs / y if y != 0 else 0"),

    # hyperbolic
    elementwise("y = sinh(x)", "dx += dy * cosh(x)"),
    elementwise("y = cosh(x)", "dx += dy * sinh(x)"),
    elementwise("y = tanh(x)", "dx += dy * (1 - y**2)"),
    elementwise("y = asinh(x)", "dx += dy / sqrt(1 + x**2)", when=complexes()),
    elementwise("y = asinh(x)", "dx += dy / hypot(1, x)"),
    elementwise("y = acosh(x)", "dx += dy / sinh(y)"),
    elementwise("y = atanh(x)", "dx += dy / (1 - x**2)"),

    # the gamma and error functions
    elementwise("y = gamma(x)", "dx += dy * y * digamma(x)"),
    elementwise("y = lgamma(x)", "dx += dy * digamma(x)"),
    elementwise("y = digamma(x)", "dx += dy * polygamma(1, x)"),
    elementwise("y = polygamma(n, x)", "dx += dy * polygamma(n + 1, x)", refused="n", reason="the order is a whole number"),
    elementwise("y = erf(x)", "dx += dy * 2 / sqrt(pi) * exp(-x * x)"),
    elementwise("y = erfc(x)", "dx -= dy * 2 / sqrt(pi) * exp(-x * x)"),

    # the parts of a float
    elementwise("w = fma(x, y, z)", "dx += dw * y", "dy += dw * x", "dz += dw", cost=1),
    elementwise("z = fmod(x, y)", "dx += dz", "dy -= dz * ((x - z) / y)"),
    elementwise("z = remainder(x, y)", "dx += dz", "dy -= dz * ((x - z) / y)"),
    elementwise("f, w = modf(x)", "dx += df"),
    elementwise("m, e = frexp(x)", "dx += dm * m / x"),
    elementwise("y = ldexp(x, n)", "dx += dy * ldexp(1, n)", refused="n", reason="the exponent is a whole number"),
    elementwise(
        "z = copysign(x, y)", "dx += where(signbit(x) == signbit(y), dz, -dz)", "dy += 0",
        when=both(arrays(), told("0 counts as its sign says", True)),
    ),
    elementwise(
        "z = copysign(x, y)", "dx += where(x == 0, 0, where(signbit(x) == signbit(y), dz, -dz))", "dy += 0", when=arrays(),
    ),
    elementwise(
        "z = copysign(x, y)", "dx += dz * copysign(1, x) * copysign(1, y)", "dy += 0",
        when=told("0 counts as its sign says", True),
    ),
    elementwise("z = copysign(x, y)", "dx += dz * copysign(1, x) * copysign(1, y) if x != 0 else 0", "dy += 0"),
    elementwise("z = nextafter(x, y, steps=None)", "dx += dz", "dy += 0", "dsteps += 0"),
    *zero(
        "y = floor(x)", "y = ceil(x)", "y = trunc(x)", "y = ulp(x)", "y = isfinite(x)", "y = isinf(x)", "y = isnan(x)",
        "z = isclose(x, y, rel_tol=1e-09, abs_tol=0.0, equal_nan=False)",
    ),
    *whole("y = factorial(n)", "y = comb(n, k)", "y = perm(n, k=None)", "y = gcd(*ns)", "y = lcm(*ns)", "y = isqrt(n)"),
)
