"""Gradients by local variables: what the result does when the variable is moved just after it is assigned.

Never takes an expected number from gradgen: central differences of the function with a shift written into it.
"""
from __future__ import annotations

import functools

import numpy as np
import pytest

import gradgen
from tests.forward.written import function
from tests.oracle.differences import derivative

FUNCTIONS = {
    "straight": ("""
def f(a, b, c):
    u = b * c
    v = a + u
    J = 3 * v * u
    return J
""", (5.0, 3.0, 2.0), ("u", "v", "J")),
    "copies": ("""
def f(a, b, c):
    u = math.sin(a)
    v = u
    w, z = v * b, u * c
    return w * z + v
""", (0.4, 1.3, -0.7), ("u", "v", "w", "z")),
    "loop and branch": ("""
def f(a, b, c):
    u = a * a
    s = 1.0
    if a > 100:
        return s
    for k in range(4):
        s = s * u + b
        if s > 3:
            s = s - u * c
    t = s * u
    return math.tanh(t) + s
""", (1.1, 0.7, 0.2), ("u", "t")),
    "read in an arm": ("""
def f(a, b, c):
    u = math.exp(a)
    if b > 0:
        v = u * b
    else:
        v = c
    w = v * v
    return w * a
""", (0.3, 0.8, 1.9), ("u", "w")),
    "of a callee": ("""
def g(x, y):
    z = x
    for _ in range(3):
        z = z * y + x
    return z


def f(a, b, c):
    u = g(a, b)
    v = g(u, c)
    return u * v
""", (0.3, 0.8, 1.9), ("u", "v")),
}


def shifted(text: str, name: str) -> str:
    """The text with `shift` added to a variable after its assignment."""
    lines = []
    for line in text.splitlines():
        lines.append(line)
        target = line.partition(" = ")[0].strip()
        if " = " in line and line.startswith("    ") and name in target.split(", "):
            lines.append(f"    {name} = {name} + shift")
    return "\n".join(lines).replace("def f(a, b, c)", "def f(a, b, c, shift)")


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("case", FUNCTIONS)
def test_the_adjoint_of_a_local_variable_is_the_slope_of_a_shift_of_it(case: str, optimize: bool) -> None:
    text, point, names = FUNCTIONS[case]
    fn = function(text)
    made = gradgen.grad(fn, wrt=names, optimize=optimize)
    seed = {made.seeds[0]: -2.5}
    assert made.wrt == names
    for name, got in zip(names, made(*point, **seed), strict=True):
        moved = function(shifted(text, name))
        slope = derivative(lambda shift, moved=moved: -2.5 * moved(*point, shift), 0.0)
        assert slope.verdict == "smooth" and slope.agrees_with(got)


def test_parameters_and_local_variables_may_be_asked_for_together() -> None:
    text, point, _ = FUNCTIONS["straight"]
    value, (db, dv) = gradgen.value_and_grad(function(text), wrt=("b", "v"))(*point)
    a, b, c = point
    assert value == 3 * (a + b * c) * b * c
    assert db == pytest.approx(3 * a * c + 6 * b * c * c)
    assert dv == pytest.approx(3 * b * c)


def test_a_local_variable_that_is_not_computed_on_the_way_has_no_slope() -> None:
    text, _, _ = FUNCTIONS["loop and branch"]
    assert gradgen.grad(function(text), wrt="u")(101.0, 1.0, 1.0) == 0.0


def test_arrays_that_share_data_with_a_local_variable_leave_its_adjoint_alone() -> None:
    fn = function("""
import numpy as np


def f(W, x):
    z = W @ x
    y = z
    q = np.tanh(y)
    r = q.copy()
    r[1:] *= z[1:]
    return np.sum(r)
""")
    W, x = np.array([[1.0, 2.0], [0.5, -1.0], [0.3, 0.2]]), np.array([0.3, 0.4])
    dz, dy, dq = gradgen.grad(fn, wrt=("z", "y", "q"), like=(W, x))(W, x, df=2.0)
    z = W @ x
    slope = 2.0 * np.concatenate(([1.0], z[1:]))
    np.testing.assert_allclose(dq, slope)
    np.testing.assert_allclose(dy, slope * (1 - np.tanh(z) ** 2))
    np.testing.assert_allclose(dz, dy + 2.0 * np.concatenate(([0.0], np.tanh(z[1:]))))


@pytest.mark.parametrize("name", ["s", "k"])
def test_a_local_variable_that_is_bound_more_than_once_is_refused(name: str) -> None:
    text, _, _ = FUNCTIONS["loop and branch"]
    with pytest.raises(gradgen.GradgenError, match="GG402") as caught:
        gradgen.grad(function(text), wrt=name)
    assert "not assigned once" in str(caught.value)


def test_a_list_is_refused() -> None:
    fn = function("def f(a, b):\n    u = [a, b]\n    return u[0] * u[1]\n")
    with pytest.raises(gradgen.GradgenError, match="GG402.*\n.*\n.*\nIt holds a container"):
        gradgen.grad(fn, wrt="u")


def test_forward_mode_moves_parameters_only() -> None:
    text, _, _ = FUNCTIONS["straight"]
    for transform in (gradgen.jvp, functools.partial(gradgen.jacobian, mode="forward")):
        with pytest.raises(gradgen.GradgenError, match=r"GG402.*\n.*\n.*\nIt is a local variable: grad, value_and_grad, vjp"):
            transform(function(text), wrt="u")


def test_jacobians_in_reverse_mode_are_by_local_variables_too() -> None:
    fn = function("""
import numpy as np


def f(w, x):
    h = w @ x
    s = np.sum(h)
    return (np.tanh(h) * s)[:, None] * x
""")
    w, x = np.array([[1.0, 2.0], [0.5, -1.0], [0.3, 0.2]]), np.array([0.3, 0.4])
    h = w @ x
    by_s = np.outer(np.tanh(h), x)
    by_h = np.einsum("ik,j->ijk", np.diag((1 - np.tanh(h) ** 2) * h.sum()), x) + by_s[:, :, None]
    for mode in ("reverse", "auto"):
        np.testing.assert_allclose(gradgen.jacobian(fn, wrt="h", mode=mode)(w, x), by_h)
        got = gradgen.jacobian(fn, wrt=("s", "h", "x"), mode=mode)(w, x)
        np.testing.assert_allclose(got[0], by_s)
        np.testing.assert_allclose(got[1], by_h)
        np.testing.assert_allclose(got[2], gradgen.jacobian(fn, wrt="x", mode="forward")(w, x))
    numbers = function("def f(a, b):\n    u = a * b\n    return u * u, u + a")
    assert gradgen.jacobian(numbers, wrt="u")(0.5, 0.3) == pytest.approx((0.3, 1.0))


def test_second_derivatives_by_local_variables_are_refused_where_the_function_stands() -> None:
    text, _, _ = FUNCTIONS["straight"]
    for transform in (gradgen.hessian, gradgen.hvp):
        with pytest.raises(gradgen.GradgenError, match="GG402") as caught:
            transform(function(text), wrt=("a", "u"))
        assert "<gradgen" not in str(caught.value) and "It is a local variable" in str(caught.value)
