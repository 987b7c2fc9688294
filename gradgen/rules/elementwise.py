"""The rows of NumPy's elementwise functions that `math` does not have.

Never holds functions of whole arrays (reductions, shapes, indexing).
"""
from __future__ import annotations

from gradgen.rules.conditions import arrays, both, complexes, constant, maybe_complex, told
from gradgen.rules.rows import Row, elementwise, zero

PERHAPS = "it may be complex; take the real part first, or write what it is of in real numbers"

ROWS: tuple[Row, ...] = (
    elementwise("y = square(x)", "dx += dy * 2 * x", cost=1),
    elementwise("y = reciprocal(x)", "dx -= dy * y * y", cost=4),
    elementwise("z = logaddexp(x, y)", "dx += dz * exp(x - z)", "dy += dz * exp(y - z)"),
    elementwise("z = logaddexp2(x, y)", "dx += dz * exp2(x - z)", "dy += dz * exp2(y - z)"),
    elementwise("y = sinc(x)", "dx -= dy * pi * spherical_jn(1, pi * x)"),
    elementwise("y = i0(x)", "dx += dy * i1(x)"),
    elementwise("y = i1(x)", "dx += dy * (i0(x) + iv(2, x)) / 2"),

    # choosing: what is not chosen gets nothing, and a tie is shared
    elementwise(
        "z = maximum(x, y)", "dx += dz if x >= y else 0", "dy += dz if not x >= y else 0",
        when=told("x counts as above y", True),
    ),
    elementwise(
        "z = maximum(x, y)", "dx += dz if x > y else 0", "dy += dz if not x > y else 0",
        when=told("x counts as above y", False),
    ),
    elementwise(
        "z = minimum(x, y)", "dx += dz if x < y else 0", "dy += dz if not x < y else 0",
        when=told("x counts as above y", True),
    ),
    elementwise(
        "z = minimum(x, y)", "dx += dz if x <= y else 0", "dy += dz if not x <= y else 0",
        when=told("x counts as above y", False),
    ),
    elementwise(
        "z = maximum(x, y)", "dx += where(x > y, dz, where(x == y, dz / 2, 0))",
        "dy += where(y > x, dz, where(x == y, dz / 2, 0))", when=arrays(),
    ),
    elementwise(
        "z = maximum(x, y)", "share = 0.5 if x == y else 1",
        "dx += dz * share if x >= y else 0", "dy += dz * share if y >= x else 0",
    ),
    elementwise(
        "z = minimum(x, y)", "dx += where(x < y, dz, where(x == y, dz / 2, 0))",
        "dy += where(y < x, dz, where(x == y, dz / 2, 0))", when=arrays(),
    ),
    elementwise(
        "z = minimum(x, y)", "share = 0.5 if x == y else 1",
        "dx += dz * share if x <= y else 0", "dy += dz * share if y <= x else 0",
    ),
    elementwise(
        "z = fmax(x, y)", "dx += where(x > y or isnan(y), dz, where(x == y, dz / 2, 0))",
        "dy += where(y > x or isnan(x), dz, where(x == y, dz / 2, 0))", when=arrays(),
    ),
    elementwise(
        "z = fmax(x, y)", "share = 0.5 if x == y else 1",
        "dx += dz * share if x >= y or isnan(y) else 0", "dy += dz * share if y >= x or isnan(x) else 0",
    ),
    elementwise(
        "z = fmin(x, y)", "dx += where(x < y or isnan(y), dz, where(x == y, dz / 2, 0))",
        "dy += where(y < x or isnan(x), dz, where(x == y, dz / 2, 0))", when=arrays(),
    ),
    elementwise(
        "z = fmin(x, y)", "share = 0.5 if x == y else 1",
        "dx += dz * share if x <= y or isnan(y) else 0", "dy += dz * share if y <= x or isnan(x) else 0",
    ),
    elementwise("y = clip(x, lo=None, hi=None)", "dx += dy", when=both(constant("lo", None), constant("hi", None))),
    elementwise(
        "y = clip(x, lo=None, hi=None)", "dx += dy if x < hi else 0", "dhi += dy if not x < hi else 0",
        when=both(constant("lo", None), told("x counts as above hi", True)),
    ),
    elementwise(
        "y = clip(x, lo=None, hi=None)", "dx += dy if x > lo else 0", "dlo += dy if not x > lo else 0",
        when=both(constant("hi", None), told("x counts as below lo", True)),
    ),
    elementwise(
        "y = clip(x, lo=None, hi=None)",
        "dx += dy if lo < x < hi else 0", "dlo += dy if x <= lo < hi else 0", "dhi += dy if x >= hi or lo >= hi else 0",
        when=both(told("x counts as below lo", True), told("x counts as above hi", True)),
    ),
    elementwise(
        "y = clip(x, lo=None, hi=None)",
        "dx += dy if lo < x <= hi else 0", "dlo += dy if x <= lo <= hi else 0", "dhi += dy if x > hi or lo > hi else 0",
        when=told("x counts as below lo", True),
    ),
    elementwise(
        "y = clip(x, lo=None, hi=None)",
        "dx += dy if lo <= x < hi else 0", "dlo += dy if x < lo <= hi else 0", "dhi += dy if x >= hi or lo > hi else 0",
        when=told("x counts as above hi", True),
    ),
    elementwise(
        "y = clip(x, lo=None, hi=None)", "dx += dy if x <= hi else 0", "dhi += dy if x > hi else 0", when=constant("lo", None),
    ),
    elementwise(
        "y = clip(x, lo=None, hi=None)", "dx += dy if x >= lo else 0", "dlo += dy if x < lo else 0", when=constant("hi", None),
    ),
    elementwise(
        "y = clip(x, lo=None, hi=None)",
        "dx += dy if lo <= x <= hi else 0", "dlo += dy if x < lo <= hi else 0", "dhi += dy if x > hi or lo > hi else 0",
    ),
    elementwise("z = where(c, x, y)", "dc += 0", "dx += dz if c else 0", "dy += dz if not c else 0"),
    elementwise("y = heaviside(x, h)", "dx += 0", "dh += dy if x == 0 else 0"),
    elementwise(
        "y = nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)", "dx += dy if isfinite(x) else 0", "dcopy += 0",
        refused="nan posinf neginf", reason="the filling value is a constant",
    ),
    # of complex numbers, whose adjoints are complex
    elementwise("y = real(x)", "dx += dy + 0j", when=complexes()),
    elementwise("y = real(x)", "dx += dy"),
    elementwise("y = imag(x)", "dx += dy * 1j", when=complexes()),
    elementwise("y = imag(x)", refused="x", reason=PERHAPS, when=maybe_complex("x")),
    elementwise("y = imag(x)", "dx += 0"),
    elementwise("y = conjugate(x)", "dx += conjugate(dy)", when=complexes()),
    elementwise("y = conjugate(x)", "dx += dy"),
    elementwise("y = angle(x, deg=False)", "dx += dy * 1j * x / abs(x)**2", when=both(complexes(), constant("deg", False))),
    elementwise(
        "y = angle(x, deg=False)", "dx += dy * 1j * (180 / pi) * x / abs(x)**2", when=both(complexes(), constant("deg", True)),
    ),
    elementwise("y = angle(x, deg=False)", refused="x deg", reason="the unit is to be a literal", when=complexes()),
    elementwise("y = angle(x, deg=False)", refused="x deg", reason=PERHAPS, when=maybe_complex("x")),
    elementwise("y = angle(x, deg=False)", "dx += 0", "ddeg += 0"),
    *zero(
        "y = sign(x)", "y = rint(x)", "y = around(x, decimals=0)", "y = signbit(x)",
        "y = spacing(x)", "z = logical_and(x, y)", "z = logical_or(x, y)", "z = logical_xor(x, y)", "y = logical_not(x)",
    ),
)
