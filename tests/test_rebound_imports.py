"""What a function imports under a name that it binds in other ways too, and nested functions that call themselves in a branch.

Never takes an expected number from gradgen: differences say what is right.
"""
from __future__ import annotations

import math

import numpy as np
import pytest

from gradgen import UnsupportedError, grad, hvp, jvp, value_and_grad
from tests.oracle.differences import derivative


def inner_name(x, y):
    from math import sin as s

    def g(v):
        from math import exp as s
        return s(v)

    return g(x) * s(y)


def beside_another(x, y):
    from math import sin as s

    def k(v):
        from math import exp as s
        return s(v)

    def h(v):
        return s(v) * v

    return k(x) * h(y)


def fallback(x, y):
    try:
        from math import sin as f
    except ImportError:
        def f(v):
            return v

    return f(x) * y


def defined_over(x, y):
    from math import sin as f  # noqa: F401

    def f(v):  # noqa: F811
        return v * v * y

    return f(x)


def imported_again(x, y):
    from math import sin

    a = sin(x)
    from math import sin

    return a * sin(y)


def chosen_import(x, y):
    if x > 0:
        from math import sin as f
    else:
        from math import exp as f
    return f(x) * y


def later_import(x, y):
    from math import sqrt as f

    a = f(x)
    from math import sin as f

    return a * f(y)


def given_or_imported(x, y, m=None):
    if m is None:
        import math as m
    return m.sin(x) * y


def imported_over(x, y):
    def f(v):
        return v * v * y

    a = f(x)
    from math import sin as f

    return a * f(x)


def powers(x, y):
    def g(n):
        return x if n == 0 else g(n - 1) * y

    return g(2) * g(1)


def growing(x, y):
    def g(n):
        if n == 0:
            return x
        return (0.5 * g(n - 1) if n > 1 else g(n - 1) * x) * y

    return g(3)


def passed_on(x, y):
    def g(n, a):
        return a if n == 0 else g(n - 1, a * x) * y

    return g(2, 1.0)


def three_deep(x, y):
    import math as s

    def one(u):
        def two(v):
            import numpy as s

            def three(w):
                return s.exp(w)

            return s.cos(v) * three(v)

        return s.sin(u) * two(u)

    return one(x) * y


READ = [inner_name, beside_another, fallback, defined_over, imported_again, three_deep]


@pytest.mark.parametrize("fn", READ, ids=lambda fn: fn.__name__)
def test_a_name_is_what_its_own_scope_imports(fn):
    value, slopes = value_and_grad(fn)(1.2, 0.7)
    assert value == fn(1.2, 0.7)
    expected = (derivative(lambda x: fn(x, 0.7), 1.2).value, derivative(lambda y: fn(1.2, y), 0.7).value)
    assert slopes == pytest.approx(expected, rel=1e-7)
    tangent = jvp(fn)(1.2, 0.7, x_dot=0.3, y_dot=-1.4)[1]
    assert tangent == pytest.approx(0.3 * expected[0] - 1.4 * expected[1], rel=1e-7)


@pytest.mark.parametrize("fn", [chosen_import, later_import, given_or_imported, imported_over], ids=lambda fn: fn.__name__)
@pytest.mark.parametrize(("operation", "tangents"), [(value_and_grad, {}), (jvp, {"x_dot": 1.0, "y_dot": 0.5})])
def test_a_name_that_may_be_one_thing_or_another_is_not_called(fn, operation, tangents):
    assert math.isfinite(fn(1.2, 0.7))
    with pytest.raises(UnsupportedError, match="GG108"):
        operation(fn, ("x", "y"))(1.2, 0.7, **tangents)


@pytest.mark.parametrize("fn", [powers, growing, passed_on], ids=lambda fn: fn.__name__)
def test_what_is_captured_moves_the_gradient_of_a_function_that_calls_itself_in_an_if_expression(fn):
    gradient = grad(fn, ("x", "y"))
    slopes = [derivative(lambda t, each=each: gradient(1.2 + 0.3 * t, 0.7 - 0.9 * t)[each], 0.0).value for each in (0, 1)]
    assert hvp(fn, ("x", "y"))(1.2, 0.7, x_dot=0.3, y_dot=-0.9) == pytest.approx(slopes, rel=1e-6)
    assert np.array(jvp(gradient, ("x", "y"))(1.2, 0.7, x_dot=0.3, y_dot=-0.9)[1]) == pytest.approx(slopes, rel=1e-6)
