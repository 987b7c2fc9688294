"""Cases of complex numbers between real arguments and results, and of complex results, whose seeds are complex.

Never holds expected values.
"""
from __future__ import annotations

from .case import Case

HEADER = "import cmath\n\nimport numpy as np\nfrom scipy.special import lambertw"


def both(text: str, refused: str | None = None) -> Case:
    return Case(text, x=(6,), h=(6,), single=False, refused=refused)


CASES = [
    *(both(f"np.{part}(x + 1j * h)") for part in ("abs", "absolute", "real", "imag", "angle", "conj", "exp", "sqrt", "log")),
    *(both(f"np.{part}(x + 1j * h)") for part in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "square", "reciprocal", "expm1")),
    *(both(f"(x + 1j * h){power}") for power in ("**2", "**3", "**-1", "**2.5", "**0.5")),
    both("np.angle(x + 1j * h, deg=True)"),
    both("(x + 1j * h) / (h - 2j * x)"),
    both("(x + 1j * h) * (h - 2j * x) - x"),
    both("1 / (x + 1j * h)"),
    both("np.real((x + 1j * h) * np.conj(h + 2j * x))"),
    both("(x * np.exp(1j * h)).real"),
    both("(x * np.exp(1j * h)).imag * x"),
    both("np.atleast_1d(np.sum(x * np.exp(1j * h)))"),
    both("np.mean((x * (1j + h)).reshape(2, 3), axis=0)"),
    both("np.abs(np.vdot(x + 1j * h, h * (2 - 1j)))"),
    both("np.vdot(x, h * 1j + x).imag"),
    both("np.abs((x + 1j * h) @ (h + 3j))"),
    both("np.outer(x, 1j * h) @ (x + 1j)"),
    both("np.einsum('i,j->j', x * 1j, h + 2j * x)"),
    both("np.exp(2j * np.pi * np.outer(np.arange(6), np.arange(6)) / 6) @ x * h"),
    both("np.linalg.norm(x + 1j * h)"),
    both("np.where(np.abs(x + 1j * h) > 1, x + 1j * h, h * 2j)"),
    both("np.stack([np.exp(1j * x), h * 1j, h])"),
    both("np.concatenate([x * 1j, h + 1j])[::2]"),
    both("(x + 1j * h)[[0, 0, 3]]"),
    both("z = x + 1j * h\nreturn z.real * z.imag"),
    both("z = x + 1j * h\nz[0] = 0\nz[3:] *= 2j\nreturn np.abs(z)"),
    both("z = x * (1 + 1j)\nz = z * (1 + 1j * h)\nz = z * (1 + 1j * h)\nreturn np.abs(z)"),
    both("total = np.zeros(6, dtype=complex)\nfor k in range(3):\n    total += x * np.exp(1j * k * h)\nreturn np.abs(total)"),
    both("def g(z):\n    return z * z\nreturn np.real(g(x + 1j * h))"),
    both("a, b = x[0], h[0]\nreturn abs(a + 1j * b) + ((a + 1j * b) ** 3).imag"),
    both("return cmath.exp(2j) * x * h"),
    both("np.array(x, dtype=complex) * (1 + 2j) + h"),
    both("x.astype(complex) * (1 + 2j) * h"),
    Case("np.abs(x * 1j)", x=(3,), single=False),
    Case("np.real(lambertw(x * h)) * x", x=(3,), h=(3,), positive=True, single=False),
    Case("lambertw(a).real * a", a=0.7, single=False),
    both("np.real(np.linalg.solve(np.diag(x) + 1j * np.eye(6), h))"),
    # what is real on one way and complex on another, and what has no rule for complex numbers
    both("z = x\nfor k in range(3):\n    z = z * (1 + 1j * h)\nreturn np.abs(z)", refused="GG106"),
    both("z = x * 1j if h[0] > 5 else x\nreturn np.real(z * z)", refused="GG106"),
    both("z = np.zeros(6, dtype=complex)\nz[1:4] = x[1:4]\nreturn np.real(z * h)", refused="GG106"),
    both("np.array([x[0] * 1j, h[0]]) * 2", refused="GG106"),
    both("np.real(np.median(x + 1j * h))", refused="GG106"),
    both("np.max(np.abs((x + 1j * h).sum()) * 1j)", refused="GG106"),
    both("np.real(np.sign(x + 1j * h))", refused="GG106"),
    both("np.real(np.corrcoef(x * 1j, h))", refused="GG106"),
]
