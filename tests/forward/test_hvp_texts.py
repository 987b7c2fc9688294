"""What texts of Hessians' products hold: no gradient that nothing reads, no second look, the user's own lines in messages."""
from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from gradgen import GradgenError, fixed_point, grad, hvp

X = np.array([0.5, -0.3, 0.8])


def recurrence(x):
    y = x.copy()
    for i in range(1, len(x)):
        y[i] = y[i - 1] * y[i] + x[i]
    return y[-1]


def test_products_with_a_hessian_compute_no_gradient_that_nothing_reads() -> None:
    """Of x1 * (x0 * x1 + x1 + ...): stores into the gradient are left out, and elements of tangents are not copied."""
    product = hvp(recurrence, like=(X,))
    _, _, backward = product.source.partition("# backward")
    assert "dx[" not in backward and "dx =" not in backward and "np.copy" not in product.source
    t = np.array([0.3, -0.7, 0.2])
    a, b, c = X  # ((a b + b) c) + c
    np.testing.assert_allclose(
        product(X, x_dot=t), [t[1] * c + t[2] * b, t[0] * c + t[2] * (a + 1), t[0] * b + t[1] * (a + 1)], rtol=1e-13
    )


def interest(r, n: int):
    total = 1.0
    for _ in range(n):
        total = total * (1 + r)
    return total


def test_a_gradient_that_looks_at_its_numbers_is_not_looked_at_again() -> None:
    product = hvp(interest)
    assert "dr +=" not in product.source and product.source.count("check_number(") == 2
    assert product(0.1, 5, r_dot=2.0) == pytest.approx(2 * 20 * 1.1**3, rel=1e-14)
    with pytest.raises(GradgenError, match="complex number"):
        product(0.1 + 2j, 5, r_dot=1.0)


def raised(a, b):
    return a**b


def test_what_raises_in_a_derivative_of_a_derivative_names_the_line_of_the_function() -> None:
    line = raised.__code__.co_firstlineno + 1
    with pytest.raises(ArithmeticError, match=rf"^{Path(__file__).name}:{line}: a negative base"):
        hvp(raised)(-2.0, 3.0, a_dot=1.0, b_dot=1.0)
    assert "<gradgen" not in hvp(raised).source


def powered(a, b):
    return a**b * math.hypot(a, b)


def test_what_value_and_tangent_both_need_is_computed_once() -> None:
    """By hand: z = a**b h gives the Hessian below, with the logarithm, the powers and the length named once."""
    text = hvp(powered).source
    body = text[text.index("def powered_hvp") :]
    assert body.count("log_of_base(a") == body.count(" = math.hypot(") == len(re.findall(r" = a \*\* \(?b", body)) == 1
    a, b, s, t = 1.3, 0.7, 0.4, -0.9
    p, h, log = a**b, math.hypot(a, b), math.log(a)
    pa, pb, ha, hb = b * p / a, p * log, a / h, b / h
    paa, pab, pbb = b * (b - 1) * p / a**2, p / a + b * p * log / a, p * log**2
    haa, hab, hbb = b * b / h**3, -a * b / h**3, a * a / h**3
    along_a = s * (paa * h + 2 * pa * ha + p * haa) + t * (pab * h + pa * hb + pb * ha + p * hab)
    along_b = s * (pab * h + pa * hb + pb * ha + p * hab) + t * (pbb * h + 2 * pb * hb + p * hbb)
    assert hvp(powered)(a, b, a_dot=s, b_dot=t) == pytest.approx((along_a, along_b), rel=1e-12)


def changed(x, y):
    z = np.exp(x) * y
    z[0] = z[0] * x[1]
    z[1:] += np.exp(x)[:-1]
    return np.sum(z**2)


def test_what_is_stored_into_shares_no_name_with_what_is_computed_alike() -> None:
    """Stores between two that are written alike: both are computed, and the returned products are two arrays."""
    x, y, s, t = X, X[::-1] + 1.0, np.array([0.2, -0.4, 0.9]), np.array([-0.6, 0.1, 0.3])

    def slope(h: float) -> np.ndarray:
        return np.concatenate(grad(changed)(x + h * s, y + h * t))

    expected = (8 * (slope(1e-3) - slope(-1e-3)) - slope(2e-3) + slope(-2e-3)) / 12e-3
    found = hvp(changed)(x, y, x_dot=s, y_dot=t)
    np.testing.assert_allclose(np.concatenate(found), expected, rtol=1e-8)
    assert not np.shares_memory(*found)


def weighted(a, b=1.0, *, c=0.5):
    return a * b + c * math.sin(a)


def twice(x, y):
    return weighted(x, y) * weighted(y, c=x)


def test_of_gradients_that_nothing_reads_the_tangent_alone_is_called() -> None:
    text = hvp(twice).source
    assert "weighted_grad_jvp" not in text and "weighted_grad_tangent(" in text and "dx_1," not in text
    x, y, s, t = 0.6, 0.4, 0.3, -0.8

    def slope(h: float) -> np.ndarray:
        return np.array(grad(twice)(x + h * s, y + h * t))

    expected = (8 * (slope(1e-3) - slope(-1e-3)) - slope(2e-3) + slope(-2e-3)) / 12e-3
    assert hvp(twice)(x, y, x_dot=s, y_dot=t) == pytest.approx(expected, rel=1e-9)


def scaled_product(x):
    return np.prod(x) * np.sum(x**2)


def test_second_derivatives_of_products_are_right_beside_zeros() -> None:
    """The polynomial abc(aa + bb + cc) at b = 0, by hand."""
    a, b, c = 0.5, 0.0, -0.7
    s = np.array([0.3, 0.2, -0.4])
    p, q, d = a * b * c, a * a + b * b + c * c, np.array([b * c, a * c, a * b])
    second = np.array([[0.0, c, b], [c, 0.0, a], [b, a, 0.0]])
    x = np.array([a, b, c])
    hessian = second * q + 2 * np.outer(d, x) + 2 * np.outer(x, d) + 2 * p * np.eye(3)
    np.testing.assert_allclose(hvp(scaled_product)(x, x_dot=s), hessian @ s, rtol=1e-13, atol=1e-15)
    ones = np.ones(40_000)  # the products of all pairs would be 12 GB: each pair of the others
    np.testing.assert_allclose(hvp(scaled_product)(ones, x_dot=ones)[:2], 40_000 * 39_999 + 4 * 40_000 + 2, rtol=1e-9)


def structured(p):
    return p["a"] * p["b"][0] * p["a"]


def test_containers_of_adjoints_that_nothing_reads_are_left_out() -> None:
    product = hvp(structured, like=({"a": 0.3, "b": [0.4, 0.1]},))
    assert "dp = " not in product.source and "dp[" not in product.source
    found = product({"a": 0.3, "b": [0.4, 0.1]}, p_dot={"a": 2.0, "b": [3.0, 5.0]})
    assert found["a"] == pytest.approx(2 * 0.4 * 2.0 + 2 * 0.3 * 3.0) and found["b"] == pytest.approx([2 * 0.3 * 2.0, 0.0])


def contracted(a, b):
    return np.sum(np.einsum("ij,j->i", a, b) ** 3)


def test_contractions_that_nothing_reads_are_left_out() -> None:
    """By hand: with z = a b the gradient by b is 3 z**2 a, which moves by 6 z (a_dot b + a b_dot) a + 3 z**2 a_dot."""
    a, b, s, t = np.outer(X, X[::-1]) + np.eye(3), X, np.outer(X[::-1], X), X[::-1]
    product = hvp(contracted, like=(a, b))
    assert not any(f"    {name} = " in product.source for name in ("da", "db", "contracted"))
    z, moved = a @ b, s @ b + a @ t
    by_a, by_b = product(a, b, a_dot=s, b_dot=t)
    np.testing.assert_allclose(by_b, (6 * z * moved) @ a + (3 * z**2) @ s, rtol=1e-12)
    np.testing.assert_allclose(by_a, np.outer(6 * z * moved, b) + np.outer(3 * z**2, t), rtol=1e-12)


def test_what_only_the_gradients_own_lines_compute_is_left_out() -> None:
    """The product of v0 v1 + sin(v2): the gradient's cosine, which could raise of itself, is not among its lines."""
    def listed(v):
        return v[0] * v[1] + math.sin(v[2])

    product = hvp(listed, like=([0.3, 0.4, 0.5],))
    assert "cos" not in product.source.partition("# backward")[2] and "dv[" not in product.source
    assert product([0.3, 0.4, 0.5], v_dot=[1.0, 2.0, 3.0]) == pytest.approx([2.0, 1.0, -3.0 * math.sin(0.5)], rel=1e-14)


def test_singular_values_take_one_decomposition() -> None:
    def cubes(a):
        u, s, v = np.linalg.svd(a)
        return np.sum(s**3)

    a = np.array([[1.0, 0.2], [0.3, 2.0]])
    gradient = grad(cubes, like=(a,))
    assert _decompositions(gradient.source) == 1
    u, s, v = np.linalg.svd(a)
    np.testing.assert_allclose(gradient(a), u @ np.diag(3 * s**2) @ v, rtol=1e-12)
    assert _decompositions(hvp(cubes, like=(a,)).source) == 1


def test_what_cancels_in_a_gradient_has_no_tangent_in_its_own() -> None:
    """Of minus the logarithm of a softmax's first entry: diag(p) - p p'."""
    def first(x):
        e = np.exp(x - np.max(x))
        return -np.log(e[0] / np.sum(e))

    product, t = hvp(first, like=(X,)), np.array([0.3, -0.7, 0.2])
    assert "mean" not in product.source
    p = np.exp(X) / np.sum(np.exp(X))
    np.testing.assert_allclose(product(X, x_dot=t), p * t - p * (p @ t), rtol=1e-12)


def test_a_signal_with_itself_moves_by_twice_one_convolution() -> None:
    def power(x):
        return np.sum(np.convolve(x, x) ** 2)

    product, t = hvp(power, like=(X,)), np.array([0.3, -0.7, 0.2])
    text = "\n".join(line for line in product.source.splitlines() if not line.strip().startswith("#"))
    assert text.count("convolve(") == 2 and "mode" not in text
    step = 1e-5
    ends = [np.convolve(np.convolve(z, z), z[::-1]) for z in (X + step * t, X - step * t)]
    np.testing.assert_allclose(product(X, x_dot=t), 4 * (ends[0] - ends[1])[2:5] / (2 * step), rtol=1e-8)


def test_the_tangent_of_a_fixed_point_of_numbers_is_solved_for() -> None:
    """E = M + e sin E: no iteration but the user's own; E'' = e sin(E) / (e cos(E) - 1)**3."""
    def anomaly(M, e):
        return fixed_point(lambda E: M + e * math.sin(E), M)

    product = hvp(anomaly, wrt="M")
    text = product.source.partition("def anomaly_hvp")[2]
    assert text.count("fixed_point(") == 2  # one of them in a comment
    E = anomaly(0.7, 0.3)
    assert product(0.7, 0.3, M_dot=2.0) == pytest.approx(2 * 0.3 * math.sin(E) / (0.3 * math.cos(E) - 1) ** 3, rel=1e-11)


def test_what_is_stored_into_an_array_and_named_is_not_copied() -> None:
    def shifted(x):
        y = np.zeros(3)
        y[1:] = x[:-1] ** 2
        y *= x
        return np.sum(y**2)

    texts = grad(shifted, like=(X,)).source + hvp(shifted, like=(X,)).source
    assert "square" in texts and "square.copy" not in texts and "square_dot.copy" not in texts
    a, b, c = X
    np.testing.assert_allclose(
        grad(shifted)(X), [4 * a**3 * b**2, 2 * b * a**4 + 4 * b**3 * c**2, 2 * c * b**4], rtol=1e-13
    )


def _decompositions(source: str) -> int:
    return sum("np.linalg.svd(" in line for line in source.splitlines() if not line.strip().startswith("#"))


def dense(W, b, X):
    h = np.tanh(X @ W + b)
    return np.mean(h**2)


def test_sums_by_methods_and_last_additions_that_nothing_reads_are_left_out() -> None:
    W, b, x = np.array([[0.3, -0.2], [0.5, 0.1]]), np.array([0.1, -0.4]), np.array([[1.0, 2.0], [0.5, -1.0], [0.3, 0.7]])
    product = hvp(dense, wrt=("W", "b"), like=(W, b, x))
    assert "    db = " not in product.source and "    dW = " not in product.source
    along = {"W_dot": np.array([[1.0, -0.5], [0.2, 0.3]]), "b_dot": np.array([0.4, -0.6])}
    gradient, h = grad(dense, wrt=("W", "b")), 1e-5
    up, down = (gradient(W + s * along["W_dot"], b + s * along["b_dot"], x) for s in (h, -h))
    for found, above, below in zip(product(W, b, x, **along), up, down, strict=True):
        np.testing.assert_allclose(found, (above - below) / (2 * h), rtol=1e-8, atol=1e-10)


def evaluated(coefficients, x):
    if x > 9.0:
        return x
    y = 0.0
    for c in reversed(coefficients):
        y = y * x + c
    return y


def test_a_gradients_tangent_is_returned_as_it_is_computed() -> None:
    product = hvp(evaluated, like=([1.0, 2.0, 3.0], 0.5))
    assert "_grad_dot" not in product.source
    along = {"coefficients_dot": [0.3, -1.0, 2.0], "x_dot": 0.4}
    parts, slope = product([1.0, 2.0, 3.0], 0.5, **along)  # y = a + b x + c x^2
    assert parts == pytest.approx([0.0, 0.4, 2 * 0.5 * 0.4], rel=1e-15)
    assert slope == pytest.approx(-1.0 + 2.0 + 6 * 0.4, rel=1e-15)
    assert product([1.0, 2.0, 3.0], 10.0, **along) == ([0.0, 0.0, 0.0], 0.0)
