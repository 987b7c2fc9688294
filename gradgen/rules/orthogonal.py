"""The rows of `scipy.special`'s orthogonal polynomials.

Never holds series of them (polynomials).

Formulas are those of the Digital Library of Mathematical Functions, 18.9.
"""
from __future__ import annotations

from gradgen.rules.rows import Row, elementwise

ORDER = "there is no closed formula for its derivative by the order"
SHAPE = "there is no closed formula for its derivative by that parameter"

NAMES = (
    "eval_chebyc eval_chebys eval_chebyt eval_chebyu eval_gegenbauer eval_genlaguerre eval_hermite eval_hermitenorm eval_jacobi "
    "eval_laguerre eval_legendre eval_sh_chebyt eval_sh_chebyu eval_sh_legendre"
)

ROWS: tuple[Row, ...] = (
    elementwise(
        "y = eval_legendre(n, x)", "dx += dy * (n + 1) / 2 * eval_jacobi(n - 1, 1, 1, x) if n != 0 else 0",
        refused="n", reason=ORDER,
    ),
    elementwise(
        "y = eval_sh_legendre(n, x)", "dx += dy * (n + 1) * eval_jacobi(n - 1, 1, 1, 2 * x - 1) if n != 0 else 0",
        refused="n", reason=ORDER,
    ),
    elementwise(
        "y = eval_jacobi(n, a, b, x)",
        "dx += dy * (n + a + b + 1) / 2 * eval_jacobi(n - 1, a + 1, b + 1, x) if n != 0 else 0", refused="n a b", reason=ORDER,
    ),
    elementwise("y = eval_chebyt(n, x)", "dx += dy * n * eval_chebyu(n - 1, x) if n != 0 else 0", refused="n", reason=ORDER),
    elementwise(
        "y = eval_chebyu(n, x)", "dx += dy * 2 * eval_gegenbauer(n - 1, 2, x) if n != 0 else 0", refused="n", reason=ORDER,
    ),
    elementwise(
        "y = eval_sh_chebyt(n, x)", "dx += dy * 2 * n * eval_sh_chebyu(n - 1, x) if n != 0 else 0", refused="n", reason=ORDER,
    ),
    elementwise(
        "y = eval_sh_chebyu(n, x)", "dx += dy * 4 * eval_gegenbauer(n - 1, 2, 2 * x - 1) if n != 0 else 0",
        refused="n", reason=ORDER,
    ),
    elementwise("y = eval_chebyc(n, x)", "dx += dy * n * eval_chebys(n - 1, x) if n != 0 else 0", refused="n", reason=ORDER),
    elementwise(
        "y = eval_chebys(n, x)", "dx += dy * eval_gegenbauer(n - 1, 2, x / 2) if n != 0 else 0", refused="n", reason=ORDER,
    ),
    elementwise(
        "y = eval_gegenbauer(n, a, x)", "dx += dy * 2 * a * eval_gegenbauer(n - 1, a + 1, x) if n != 0 else 0",
        refused="n a", reason=SHAPE,
    ),
    elementwise("y = eval_hermite(n, x)", "dx += dy * 2 * n * eval_hermite(n - 1, x) if n > 0 else 0", refused="n", reason=ORDER),
    elementwise(
        "y = eval_hermitenorm(n, x)", "dx += dy * n * eval_hermitenorm(n - 1, x) if n > 0 else 0", refused="n", reason=ORDER,
    ),
    elementwise(
        "y = eval_laguerre(n, x)", "dx -= dy * eval_genlaguerre(n - 1, 1, x) if n != 0 else 0", refused="n", reason=ORDER,
    ),
    elementwise(
        "y = eval_genlaguerre(n, a, x)", "dx -= dy * eval_genlaguerre(n - 1, a + 1, x) if n != 0 else 0",
        refused="n a", reason=SHAPE,
    ),
)
