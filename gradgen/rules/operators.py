"""The rows of Python's operators and of the built-in functions of numbers.

Never holds functions of sequences (sum, max of a list): the transform writes their loops.
"""
from __future__ import annotations

from gradgen.rules.conditions import arrays, both, complexes, constant, passive, positive, told
from gradgen.rules.rows import Row, elementwise, whole, zero

NO_HIDDEN_SIGN = "assert x != 0, 'the sign of 0 says nothing of the slope'"
NO_NEGATIVE_BASE = "assert not x < 0, 'a negative base with an exponent that varies has no derivative'"

ROWS: tuple[Row, ...] = (
    elementwise("z = x + y", "dx += dz", "dy += dz"),
    elementwise("z = x - y", "dx += dz", "dy -= dz"),
    # through 0 a sign goes from one side to the other, where what it multiplies is 0
    elementwise(
        "z = x * y", "dx += dz * y", "dy += dz * (1 if x >= 0 else -1)",
        when=told("x is a sign, and 0 counts as above", True),
    ),
    elementwise(
        "z = x * y", "dx += dz * y", "dy += dz * (1 if x > 0 else -1)",
        when=told("x is a sign, and 0 counts as above", False),
    ),
    elementwise("z = x * y", NO_HIDDEN_SIGN, "dx += dz * y", "dy += dz * x", when=told("x holds a sign", True)),
    elementwise("z = x * y", "dx += dz * y", "dy += dz * x"),
    # z * z and not z**2: it is shorter, and where the slope is beyond the floats it is inf, while a power raises
    elementwise("z = x / y", "dy -= dz * z * z", when=constant("x", 1)),
    # z / y and not x / y**2: the square leaves the floats long before the slope does
    elementwise("z = x / y", "dx += dz / y", "dy -= dz * z / y"),
    elementwise("y = -x", "dx -= dy"),
    elementwise("y = +x", "dx += dy"),
    elementwise("z = x % y", "dx += dz", "dy -= dz * (x // y)"),
    *zero("z = x // y"),
    elementwise("q, r = divmod(x, y)", "dx += dr", "dy -= dr * q", cost=4),

    # powers with an exponent that is known
    elementwise("z = x ** y", "dx += 0", when=constant("y", 0)),
    elementwise("z = x ** y", "dx += dz", when=constant("y", 1)),
    elementwise("z = x ** y", "dx += dz * 2 * x", when=constant("y", 2)),
    elementwise("z = x ** y", "dx += dz / (2 * z)", when=constant("y", 0.5)),
    elementwise("z = x ** y", "dx -= dz * z * z", when=constant("y", -1)),
    elementwise("z = x ** y", "dx += dz * y * x ** (y - 1)", when=constant("y")),
    # one that does not vary takes no logarithm, and x**0 is level at 0 too
    elementwise("z = x ** y", "dx += dz * y * x ** (y - 1 if y != 0 or x != 0 else 0)", when=both(passive("y"), arrays("y"))),
    elementwise("z = x ** y", "dx += dz * y * x ** (y - 1) if y != 0 else 0", when=passive("y")),
    # one that varies; a power of 0 does not move with it
    elementwise("z = x ** y", "dy += dz * z * log(x)", when=positive("x")),
    elementwise(
        "z = x ** y", "dx += dz * y * x ** (y - 1)", "dy += dz * z * log(x if x != 0 else 1)", when=complexes("x"),
    ),
    elementwise(
        "z = x ** y", NO_NEGATIVE_BASE, "dy += dz * z * log(x if x != 0 else 1)", when=both(passive("x"), arrays("x")),
    ),
    elementwise(
        "z = x ** y", NO_NEGATIVE_BASE, "dx += dz * y * x ** (y - 1 if y != 0 or x != 0 else 0)",
        "dy += dz * z * log(x if x != 0 else 1)", when=both(arrays("x"), arrays("y")),
    ),
    elementwise(
        "z = x ** y", NO_NEGATIVE_BASE, "dx += dz * y * x ** (y - 1 if y != 0 else 0)",
        "dy += dz * z * log(x if x != 0 else 1)", when=arrays("x"),
    ),
    elementwise("z = x ** y", "dy += dz * z * log_of_base(x)", when=passive("x")),
    elementwise(
        "z = x ** y", "dx += dz * y * x ** (y - 1 if y != 0 or x != 0 else 0)", "dy += dz * z * log_of_base(x)", when=arrays("y"),
    ),
    elementwise("z = x ** y", "dx += dz * y * x ** (y - 1)", "dy += dz * z * log_of_base(x)"),
    elementwise("y = log_of_base(x, where='')", "dx += dy / x if x != 0 else 0", "dwhere += 0"),

    # no subtraction of comparisons: NumPy's booleans cannot be subtracted
    elementwise("y = abs(x)", "dx += dy * x / (y if y != 0 else 1)", when=complexes(), cost=4),
    elementwise("y = abs(x)", "dx += dy * (1 if x >= 0 else -1)", when=told("0 counts as above", True), cost=4),
    elementwise("y = abs(x)", "dx += dy * (1 if x > 0 else -1)", when=told("0 counts as above", False), cost=4),
    elementwise("y = abs(x)", "dx += dy * copysign(1, x)", when=told("0 counts as its sign says", True), cost=4),
    elementwise("y = abs(x)", "dx += dy * (1 if x > 0 else -1 if x < 0 else 0)", cost=4),
    # Python keeps the first argument unless the second is really beyond it; where kinks meet, all go by the first of them
    elementwise(
        "z = max(x, y)", "dx += dz if not y >= x else 0", "dy += dz if y >= x else 0",
        when=told("x counts as above y", False),
    ),
    elementwise(
        "z = min(x, y)", "dx += dz if not y <= x else 0", "dy += dz if y <= x else 0",
        when=told("x counts as above y", True),
    ),
    elementwise("z = max(x, y)", "dx += dz if not y > x else 0", "dy += dz if y > x else 0", cost=4),
    elementwise("z = min(x, y)", "dx += dz if not y < x else 0", "dy += dz if y < x else 0", cost=4),
    elementwise("y = float(x)", "dx += dy", cost=4),
    *zero("y = stop_gradient(x)"),
    *zero("y = int(x)", "y = bool(x)", "y = round(x, ndigits=None)", cost=4),

    *whole("y = ~x", "z = x << y", "z = x >> y", "z = x & y", "z = x | y", "z = x ^ y", cost=1),
)
