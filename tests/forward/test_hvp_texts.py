"""What texts of Hessians' products hold: no gradient that nothing reads, no second look, the user's own lines in messages."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gradgen import GradgenError, hvp

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
