"""The rows of spherical Bessel functions and of their slopes, `scipy.special.spherical_jn(n, x, derivative=True)`.

Never holds Bessel functions of other orders (special).

Slopes are written by the functions of the next lower and the next higher order, which has no hole at 0 (DLMF 10.51.2, 10.51.5).
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.rules.conditions import both, constant
from gradgen.rules.rows import Row, elementwise

WHOLE = "the order is a whole number"
SIGNS = {"spherical_jn": (1, -1), "spherical_yn": (1, -1), "spherical_in": (1, 1), "spherical_kn": (-1, -1)}
"""By function: whether the slope has the lower and the higher order with a plus or a minus."""
NAMES = " ".join(SIGNS)


def _rows(name: str, lower: int, higher: int) -> Iterator[Row]:
    pattern = f"y = {name}(n, x, derivative=False)"
    minus = "-" if lower != higher else "+"
    turned = "-" if lower < 0 else "+"
    for derivative, flag in ((False, ""), (True, ", True")):
        known = constant("derivative", derivative)
        yield elementwise(
            pattern, f"dx {'+' if higher > 0 else '-'}= dy * {name}(1, x{flag})", when=both(constant("n", 0), known),
        )
        yield elementwise(
            pattern, f"dx {turned}= dy * (n * {name}(n - 1, x{flag}) {minus} (n + 1) * {name}(n + 1, x{flag})) / (2 * n + 1)",
            when=both(constant("n"), known),
        )
        yield elementwise(
            pattern, f"below = n * {name}(n - 1, x{flag}) if n > 0 else 0",
            f"dx {turned}= dy * (below {minus} (n + 1) * {name}(n + 1, x{flag})) / (2 * n + 1)",
            when=known, refused="n", reason=WHOLE,
        )


ROWS: tuple[Row, ...] = tuple(row for name, signs in SIGNS.items() for row in _rows(name, *signs))
