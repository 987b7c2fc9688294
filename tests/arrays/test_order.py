"""Values that get lines of their own before a statement raise what the plain call raises, where two of its parts would raise."""
from __future__ import annotations

import numpy as np
import pytest

from gradgen import value_and_grad


def divided_then_looked_up(x, s):
    return 1 / s * np.sum(np.exp(-x[7] * x))


def looked_up_then_divided(x, s):
    return x[7] * np.sum(np.exp(x / (1 / s)))


def looked_up_twice(x, s):
    return x[7] * s * np.sum(np.exp(-x[8] * x))


X = np.array([0.5, 1.0, 2.0])


@pytest.mark.parametrize(("function", "s", "expected"), [
    (divided_then_looked_up, 0.0, ZeroDivisionError),
    (divided_then_looked_up, 2.0, IndexError),
    (looked_up_then_divided, 0.0, IndexError),
    (looked_up_twice, 2.0, IndexError),
], ids=lambda case: getattr(case, "__name__", ""))
def test_the_exception_is_that_of_the_plain_call(function, s, expected):
    with pytest.raises(expected):
        function(X, s)
    with pytest.raises(expected):
        value_and_grad(function, like=(X, s))(X, s)


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def test_arithmetic_of_arrays_needs_no_lines_that_keep_an_order():
    """Nothing in it can raise, so only what the backward part reads has a line: the two differences."""
    text = value_and_grad(rosenbrock, like=(X,)).source
    forward = text[text.index("# forward"):text.index("# backward")]
    assert forward.count(" = ") == 3
