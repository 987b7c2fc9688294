"""Real functions of real numbers that go through complex ones: roots of polynomials, impedances, potentials.

Never at a branch cut.
"""
from __future__ import annotations

import cmath
import math
from cmath import log as complex_log
from collections.abc import Callable

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]


def parts_of_a_square(x, y):
    z = complex(x, y)
    w = z * z
    return w.real + 2.0 * w.imag


def of_a_root(x, y):
    z = cmath.sqrt(complex(x, -y) * y)
    return z.real * z.imag + x


def of_a_real_number(x, y):
    z = cmath.sqrt(x - 5.0)
    return z.imag * y


def rotated(x, y):
    z = cmath.exp(1j * x) * complex(y)
    return z.real + z.imag**2


def logarithms(x, y):
    t1, t2 = complex(0.4, 0.5), complex(0.3, -0.2)
    c = t1 * ((t1 - x) * complex_log(t1 - x) + (t1 + x) * complex_log(t1 + x)) + t2 * y * complex_log(t2)
    return c.real


def length_and_conjugate(x, y):
    z = x + 1j * y
    return abs(z) ** 2 + z.conjugate().imag * x


def angle_of(x, y):
    z = complex(x, y) ** 2
    return cmath.phase(z) * y


def impedance(r, c):
    total = 1.0 / (1.0 / r + 1j * 2.0 * math.pi * 50.0 * c)
    return abs(total)


EXAMPLES: Examples = tuple((fn, (0.9, 1.3)) for fn in (
    parts_of_a_square, of_a_root, of_a_real_number, rotated, logarithms, length_and_conjugate, angle_of, impedance,
))
