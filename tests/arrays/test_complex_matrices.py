"""Linear algebra, products and spreads of complex numbers in both modes, and once more: against differences in both parts.

Never looks at texts.
"""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradgen import grad, hvp, jvp, vjp
from gradgen.errors import NonDifferentiableError

from .case import Case
from .judging import module_of
from .test_complex_arguments import SEED, W_DOT, Z_DOT, W, Z, inner, moved

M = "m = np.outer(z, w) + np.diag(w * z) + np.eye(3)\n"
PAIR = M + "s = np.stack([m, 1j * m @ m])\n"
TEXTS = (
    "np.prod(z) * np.cumprod(w * z) + np.arcsinh(z) + np.arccosh(-z) + np.full(3, z[0] * w[1]) * np.full_like(z, w[2])",
    "np.power(z, w * z) + w**z + 2.0**z + (w * 1j)**(z + 1) + np.var(z) * np.std(z * w)",
    "np.convolve(z, w)[1:4] + np.correlate(w, z, 'same') + np.vecdot(z, w * z) + np.vecdot(w, z)",
    M + "return np.linalg.slogdet(m)[0] * np.linalg.slogdet(m)[1] + np.linalg.pinv(m[:2]).T * np.linalg.pinv(m[:, :2])",
    M + "h = np.linalg.cholesky(m @ m.conj().T)\nq, r = np.linalg.qr(m)\nreturn q + h * r + np.linalg.qr(m, mode='r')",
    M + "a, v = np.linalg.eigh(m)\nb, u = np.linalg.eigh(m, 'U')\nreturn u * a + v * b + np.linalg.eigvalsh(m)",
    M + "a, v = np.linalg.eig(m)\nreturn v * a + np.linalg.eigvals(m @ m) + np.conj(np.linalg.multi_dot([w, m, z]))",
    PAIR + "return np.linalg.eigvals(s) * np.linalg.eig(s)[0]",
    M + "u, s, vh = np.linalg.svd(m)\nreturn u + vh * s + np.linalg.svd(m, compute_uv=False)",
    M + "u, s, vh = np.linalg.svd(m[:2], False)\nq, t, ph = np.linalg.svd(m[:, :2], False)\nreturn u @ vh * t[0] + (q @ ph).T",
    PAIR + "a, v = np.linalg.eigh(s)\nreturn v * a[:, None] + np.linalg.slogdet(s)[1][:, None, None] + np.linalg.pinv(s)",
    PAIR + "u, t, vh = np.linalg.svd(s)\nq, r = np.linalg.qr(s)\nreturn u * t[:, None] + vh + q + r",
    M + "return np.linalg.norm(m, 'nuc') * np.linalg.norm(m, 2) + np.linalg.norm(m, 1) * np.linalg.norm(m, np.inf)",
    M + "return np.linalg.norm(m, axis=1) * np.linalg.norm(m, 1, axis=0) + np.linalg.norm(z, 3) * np.linalg.norm(m, axis=(0, 1))",
    PAIR + "return la.matrix_norm(s) * la.vector_norm(s, ord=3) + la.cond(s) * la.norm(s, -2, (1, 2))",
)
AGAIN = (0, 4, 5, 6, 8, 11)
"""Of which second derivatives are held too."""


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path: Path = tmp_path_factory.mktemp("complex") / "complex_matrices_cases.py"
    cases = [Case(text, z=(3,), w=(3,)) for text in TEXTS]
    for index in AGAIN:
        *first, last = TEXTS[index].split("\n")
        whole = "\n".join([*first, f"whole = {last.removeprefix('return ')}"])
        cases.append(Case(f"{whole}\nreturn np.sum(np.abs(whole)**4)", z=(3,), w=(3,)))
    return module_of(cases, "import numpy as np\nfrom numpy import linalg as la", path)


@pytest.mark.parametrize("index", range(len(TEXTS)))
def test_each_mode_gives_the_slopes_of_complex_matrices(functions: Any, index: int) -> None:
    function = getattr(functions, f"case_{index}")
    value, expected = np.asarray(function(Z, W)), moved(function, Z, W, Z_DOT, W_DOT)
    _, tangent = jvp(function)(Z, W, z_dot=Z_DOT, w_dot=W_DOT)
    np.testing.assert_allclose(tangent, expected, rtol=1e-6, atol=1e-7)
    seed = np.resize(SEED if np.iscomplexobj(value) else SEED.real, value.shape)[()]
    pullback = vjp(function, like=(Z, W))
    dz, dw = pullback(Z, W, **{pullback.seeds[0]: seed})
    assert inner(dz, Z_DOT) + inner(dw, W_DOT) == pytest.approx(inner(seed, expected), rel=1e-6)
    along_z = moved(function, Z, W, 1j * Z_DOT, 0 * W_DOT)
    assert inner(dz, 1j * Z_DOT) == pytest.approx(inner(seed, along_z), rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("place", range(len(AGAIN)))
def test_second_derivatives_by_complex_matrices(functions: Any, place: int) -> None:
    function = getattr(functions, f"case_{len(TEXTS) + place}")
    gradient = grad(function)
    found = hvp(function)(Z, W, z_dot=Z_DOT, w_dot=W_DOT)
    for part, got in enumerate(found):
        expected = moved(lambda z, w, part=part: gradient(z, w)[part], Z, W, Z_DOT, W_DOT)
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6 * np.max(np.abs(expected)))


def weighed(h: Any) -> Any:
    w, v = np.linalg.eigh(h)
    return np.sum(np.abs(v) ** 4 * w)


SLOPES = grad(weighed, like=(np.eye(2) + 0j,))


def combined(h: Any) -> Any:
    return np.sum(np.real(SLOPES(h) * np.array([[1, 2j], [0.3, 1 + 1j]])))


def test_gradients_of_gradients_by_a_hermitian_matrix() -> None:
    h, step = np.array([[1 + 0.2j, 2 - 1j], [0.5j, 3]]), 1e-6 * np.array([[0.3 + 1j, 0.5], [1j, -0.2]])
    assert inner(grad(combined)(h), step) == pytest.approx((combined(h + step) - combined(h - step)) / 2, rel=1e-6)


def vectors(h: Any) -> Any:
    return np.linalg.eigh(h)[1]


def test_phases_that_nothing_tells_are_refused_where_they_matter() -> None:
    blocks = np.array([[2.0, 0, 0], [0, 1, 0.5j], [0, -0.5j, 3]])
    pullback = vjp(vectors, like=(blocks,))
    v = vectors(blocks)
    with pytest.raises(NonDifferentiableError, match=r"test_complex_matrices\.py:\d+:\d+: nothing tells the phases"):
        pullback(blocks, dvectors=1j * v)
    even = pullback(blocks, dvectors=v * [[1.0], [2.0], [3.0]])  # of weights of |v|**2 / 2, which no phase changes
    step = np.zeros((3, 3), complex)
    step[2, 1] = 1e-6 * (0.4 + 0.7j)

    def squares(h: Any) -> float:
        return float(np.sum(np.abs(vectors(h)) ** 2 * [[1.0], [2.0], [3.0]]) / 2)

    assert inner(even, step) == pytest.approx((squares(blocks + step) - squares(blocks - step)) / 2, rel=1e-6)


def eigenvectors(m: Any) -> Any:
    return np.linalg.eig(m)[1]


def test_phases_of_eigenvectors_with_two_largest_components_are_refused_where_they_matter() -> None:
    turn = np.array([[0.0, -1], [1, 0]]) + 0j
    v = eigenvectors(turn)
    with pytest.raises(NonDifferentiableError, match="nothing tells the phases"):
        vjp(eigenvectors)(turn, deigenvectors=1j * v)
    with pytest.raises(NonDifferentiableError, match="nothing tells the phases"):
        jvp(eigenvectors)(turn, m_dot=turn)


def filled_by_name(z: Any, dtype: Any) -> Any:
    r = np.zeros(3, dtype=dtype)
    r[:2] = z[:2] ** 2
    return r * z


def test_tangents_of_arrays_of_a_dtype_that_an_argument_names_keep_both_parts() -> None:
    _, tangent = jvp(filled_by_name, "z")(Z, complex, z_dot=Z_DOT)
    np.testing.assert_allclose(tangent, [*(3 * Z**2 * Z_DOT)[:2], 0])
