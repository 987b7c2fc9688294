"""Second derivatives through loops of complex values, which reading generated code again has to know as complex."""

from __future__ import annotations

import numpy as np

from gradgen import grad, hvp


def spectra(h, n: int):
    s = 0.0
    for k in range(1, n + 1):
        z = np.fft.fft(h * k)
        s = s + np.sum(np.abs(z) ** 3)
    return s


def test_a_complex_value_on_a_tape_is_complex_in_the_second_derivative() -> None:
    h, direction = np.array([0.3, 0.2, -0.1, 0.5]), np.array([1.0, -0.5, 0.3, 0.2])
    gradient, step = grad(spectra, "h"), 1e-5
    slope = (gradient(h + step * direction, 3) - gradient(h - step * direction, 3)) / (2 * step)
    np.testing.assert_allclose(hvp(spectra, "h")(h, 3, h_dot=direction), slope, rtol=1e-7)
