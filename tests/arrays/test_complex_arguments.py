"""Complex arguments: adjoints are df/dRe + i df/dIm, tangents go through as they are; held by differences in both parts.

Never looks at texts.
"""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradgen import check, derivative, grad, hessian, hvp, jacobian, jvp, vjp
from gradgen.errors import ArgumentError, UnsupportedError

from .case import Case
from .judging import module_of

ANALYTIC = (
    "w / z + z**3", "np.exp(z) * w", "np.arctan(z) * np.sqrt(z)", "np.sum(z * w) - np.vdot(z, w)", "np.fft.fft(z, 4)",
    "np.concatenate([z, w])[[0, 0, 4]]", "np.where(w > 0.5, z, w)", "np.pad(z, 1, mode='edge')", "np.split(z, 3)[1] * z",
    "np.select([w > 0.5], [z], w)", "np.trapezoid(z, w)", "np.polyval(w, z)", "np.gradient(z)",
    "np.linalg.solve(np.outer(z, w) + np.eye(3), w)", "np.linalg.inv(np.outer(w, z) + np.eye(3))",
    "r = np.zeros(3, complex)\nr[1:] = z[1:]\nr *= z\nreturn r", "u = z\nfor k in range(3):\n    u = u * z + w\nreturn u",
    "def g(a, b):\n    return a * b.conj()\nreturn g(z, w) + g(z, z)",
)
REAL = ("np.abs(z) * np.angle(z)", "np.abs(np.fft.fft(z * w))**2", "z.real * z.imag", "np.linalg.norm(z - w)")
SCALARS = ("abs(a)**2 * x", "np.exp(a * x)", "np.conj(a) * a**3 / x")
TEXTS = [*((text, True) for text in ANALYTIC), *((text, False) for text in REAL)]
Z, W = np.array([0.7 + 0.4j, -0.3 + 1.1j, 1.2 - 0.6j]), np.array([0.4, 1.3, 0.9])
SEED, Z_DOT, W_DOT = np.array([0.6 - 1.1j, 1.4, -0.8 + 0.5j]), np.array([1.2j, 0.7 - 0.3j, -0.9]), np.array([0.8, -1.3, 0.4])


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path: Path = tmp_path_factory.mktemp("complex") / "complex_arguments_cases.py"
    cases = [Case(text, z=(3,), w=(3,)) for text, _ in TEXTS]
    cases += [Case(text, a=0.7, x=0.3) for text in SCALARS]
    return module_of(cases, "import numpy as np", path)


def moved(function: Any, one: Any, other: Any, one_dot: Any, other_dot: Any) -> Any:
    """The directional derivative by extrapolated central differences."""
    def along(step: float) -> Any:
        ahead = function(one + step * one_dot, other + step * other_dot)
        return ahead - function(one - step * one_dot, other - step * other_dot)

    return (8 * along(1e-3) - along(2e-3)) / 12e-3


def inner(adjoint: Any, value: Any) -> float:
    return float(np.sum(np.real(np.conj(adjoint) * value)))


@pytest.mark.parametrize("index", range(len(TEXTS)), ids=[text for text, _ in TEXTS])
def test_by_complex_arrays_in_both_modes(functions: Any, index: int) -> None:
    function = getattr(functions, f"case_{index}")
    value = np.asarray(function(Z, W))
    expected = moved(function, Z, W, Z_DOT, W_DOT)
    found, tangent = jvp(function)(Z, W, z_dot=Z_DOT, w_dot=W_DOT)
    np.testing.assert_allclose(found, value)
    np.testing.assert_allclose(tangent, expected, rtol=1e-7, atol=1e-8)
    seed = np.resize(SEED, value.shape) if np.iscomplexobj(value) else np.resize(SEED.real, value.shape)
    pullback = vjp(function, like=(Z, W))
    dz, dw = pullback(Z, W, **{pullback.seeds[0]: seed})
    assert dz.shape == Z.shape and dw.dtype == float
    assert inner(dz, Z_DOT) + inner(dw, W_DOT) == pytest.approx(inner(seed, expected), rel=1e-7)
    along_z, turned = moved(function, Z, W, 1j * Z_DOT, 0 * W_DOT), inner(dz, 1j * Z_DOT)
    assert turned == pytest.approx(inner(seed, along_z), rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("index", range(len(SCALARS)), ids=SCALARS)
def test_by_complex_numbers_in_both_modes(functions: Any, index: int) -> None:
    function = getattr(functions, f"case_{len(TEXTS) + index}")
    a, x, a_dot, x_dot, seed = 0.7 - 0.4j, 1.3, -0.6 + 1.1j, 0.8, 1.4 - 0.9j
    expected = moved(function, a, x, a_dot, x_dot)
    _, tangent = jvp(function)(a, x, a_dot=a_dot, x_dot=x_dot)
    assert tangent == pytest.approx(expected, rel=1e-7)
    seed = seed if np.iscomplexobj(expected) else seed.real
    da, dx = vjp(function)(a, x, **{f"dcase_{len(TEXTS) + index}": seed})
    assert np.iscomplexobj(dx) is False
    assert inner(da, a_dot) + inner(dx, x_dot) == pytest.approx(inner(seed, expected), rel=1e-7)


def energy(z: Any) -> Any:
    return np.sum(np.abs(z * z) ** 2)


def test_gradients_and_their_products_with_directions() -> None:
    expected = 4 * np.abs(Z) ** 2 * Z  # of the fourth power of |z|
    np.testing.assert_allclose(grad(energy)(Z), expected)
    turning = 4 * np.abs(Z) ** 2 * Z_DOT + 8 * np.real(np.conj(Z) * Z_DOT) * Z
    np.testing.assert_allclose(hvp(energy)(Z, z_dot=Z_DOT), turning)
    np.testing.assert_allclose(grad(energy)(Z.real), 4 * Z.real**3)


def test_matrices_of_derivatives_are_by_real_numbers() -> None:
    for transform in (jacobian, hessian, derivative):
        with pytest.raises(ArgumentError, match=r"test_complex_arguments\.py:\d+:1: GG402: z (.|\n)*vary in two ways"):
            transform(energy)(Z)
    assert check(energy, Z).status == "undecided"


def sign_of(z: Any) -> Any:
    return np.sign(z) * 2.0


def listed(z: Any) -> Any:
    return z[0] * z[1]


def test_what_is_refused_says_so() -> None:
    with pytest.raises(UnsupportedError, match="GG106.*the sign of a complex number"):
        vjp(sign_of, "z")(Z, dsign_of=Z)
    with pytest.raises(ArgumentError, match="GG402(.|\n)*arguments of their own"):
        vjp(listed)([1j, 2.0], dlisted=1.0)


def real_part(z: Any) -> Any:
    return np.real(z * z)


def test_the_text_for_numbers_takes_no_complex_one() -> None:
    text = grad(real_part).source
    saved: dict[str, Any] = {}
    exec(text, saved)
    with pytest.raises(TypeError, match="complex"):
        saved["real_part_grad"](1 + 2j)
    assert grad(real_part)(1 + 2j) == 2 - 4j  # of x**2 - y**2


class Turning:
    """What nothing is known of before it is called."""

    def current(self) -> complex:
        return 2j


def turned_twice(x: Any, p: Any) -> Any:
    return np.real(p.current() * (x * 1j))


def turned_once(x: Any) -> Any:
    return np.real(np.complex64(1 + 2j) * (x * 1j))


def test_factors_that_nothing_is_known_of_are_conjugated() -> None:
    np.testing.assert_allclose(vjp(turned_twice, "x")(W, Turning(), dturned_twice=W), -2 * W)
    np.testing.assert_allclose(vjp(turned_once)(W, dturned_once=W), -2 * W)


def weighted(x: Any, h: Any) -> Any:
    return h @ np.diag(x) @ h


def test_a_diagonal_that_is_handed_out_can_be_written_to() -> None:
    dx, _ = grad(weighted)(W, 2 * W)
    np.testing.assert_allclose(dx, 4 * W**2)
    dx += 1.0
