"""Derivatives of derivatives: Hessians, Jacobians, products and slopes of higher order, judged by SymPy and closed forms.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import importlib
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

import gradgen
from gradgen import derivative, grad, hessian, hvp, jacobian, jvp, nth
from gradgen.errors import GradgenError
from tests.forward.written import function

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
X, Y = sp.symbols("x y", positive=True)
POINT = {"x": 0.7, "y": 1.3}
TEXTBOOK = """
x * y
x / y
x**2 * y**3
(x + y)**4
1 / (x + y)
1 / (1 + x**2 + y**2)
sqrt(x**2 + y**2)
x**y
y**x
exp(x * y)
exp(-x**2 - y**2)
x * exp(-y)
log(x * y)
log(1 + x**2 * y)
log(x) * log(y)
x * log(x / y)
sin(x * y)
sin(x) * cos(y)
cos(x + 2 * y)**2
tan(x / (1 + y))
x * sin(y) + y * sin(x)
exp(sin(x) + cos(y))
atan(x / y)
atan2(y, x)
asin(x / 2) * y
acos(x / (1 + y))
sinh(x) * cosh(y)
tanh(x * y - 1)
asinh(x + y)
atanh(x / (1 + y))
(1 - x)**2 + 100 * (y - x**2)**2
x**3 - 3 * x * y**2
x**2 + x * y + y**2 - 3 * x
(x**2 + y - 11)**2 + (x + y**2 - 7)**2
1 / (1 + exp(-(x + 2 * y)))
log(exp(x) + exp(y))
exp(-x) * sin(3 * y)
x * y / (x + y)
sqrt(x * y) - (x + y) / 2
x**2 * sin(1 / y)
gamma(x + 1) * y
erf(x * y)
""".strip().splitlines()


def written(expression: str) -> Any:
    """The expression as a Python function, its functions those of math."""
    spelled = re.sub(r"([a-z0-9]+)[(]", r"math.\1(", expression)
    return function(f"def f(x, y):\n    return {spelled}\n")


def symbolic(expression: str) -> sp.Expr:
    return sp.parse_expr(expression, local_dict={"x": X, "y": Y})


def number(expression: sp.Expr) -> float:
    return float(expression.subs({X: sp.Float(POINT["x"], 40), Y: sp.Float(POINT["y"], 40)}).evalf(25))


@pytest.mark.parametrize("expression", TEXTBOOK)
def test_hessians_of_the_textbook_are_sympys(expression: str) -> None:
    primal, exact = written(expression), symbolic(expression)
    found = hessian(primal)(**POINT)
    for row, first in zip(found, (X, Y), strict=True):
        for entry, second in zip(row, (X, Y), strict=True):
            assert entry == pytest.approx(number(sp.diff(exact, first, second)), rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("expression", TEXTBOOK[::4])
def test_products_and_nested_gradients_are_sympys(expression: str) -> None:
    primal, exact = written(expression), symbolic(expression)
    of_x, of_y = 1.5, -0.4
    expected = [of_x * number(sp.diff(exact, X, each)) + of_y * number(sp.diff(exact, Y, each)) for each in (X, Y)]
    assert hvp(primal)(**POINT, x_dot=of_x, y_dot=of_y) == pytest.approx(expected, rel=1e-9, abs=1e-11)
    mixed = grad(grad(primal, wrt="x"), wrt="y")
    assert mixed(**POINT) == pytest.approx(number(sp.diff(exact, X, Y)), rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("expression", TEXTBOOK[1::6])
def test_third_derivatives_are_sympys(expression: str) -> None:
    primal, exact = written(expression), symbolic(expression)
    third = derivative(primal, "x", order=3)
    assert third(**POINT) == pytest.approx(number(sp.diff(exact, X, 3)), rel=1e-8, abs=1e-9)
    _, tangent = jvp(grad(grad(primal, "x"), "y"), "x")(**POINT, x_dot=2.0)
    assert tangent == pytest.approx(2 * number(sp.diff(exact, X, X, Y)), rel=1e-8, abs=1e-9)


def test_what_is_named_in_the_midst_of_a_choice_moves_before_what_reads_it() -> None:
    primal, exact = written("asinh(x * y)**2"), symbolic("asinh(x * y)**2")
    expected = number(sp.diff(exact, X, 4))
    assert derivative(primal, "x", order=4)(**POINT) == pytest.approx(expected, rel=1e-8)


# --- samples --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sample() -> Iterator[Callable[[str], Any]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SAMPLES))
        yield lambda name: getattr(importlib.import_module(name.partition(".")[0]), name.partition(".")[2])


def test_the_course_examples_only_curvature_is_that_of_the_product(sample: Callable[[str], Any]) -> None:
    J = sample("course.J")
    assert hessian(J)(5.0, 3.0, 2.0) == ((0.0, 0.0, 0.0), (0.0, 0.0, 3.0), (0.0, 3.0, 0.0))
    _, third = jvp(hvp(J), ("b", "c"))(5.0, 3.0, 2.0, a_dot=0.0, b_dot=1.0, c_dot=1.0, b_dot_=1.0, c_dot_=1.0)
    assert third == (0.0, 0.0, 0.0)


def test_the_logistic_loss_has_the_textbooks_second_and_third_derivatives(sample: Callable[[str], Any]) -> None:
    loss = sample("logistic.loss").primal
    at = {"w1": 0.5, "w2": -0.3, "b": 0.1, "x1": 1.5, "x2": 2.0, "y": 1.0}
    a = 1 / (1 + math.exp(-(at["w1"] * at["x1"] + at["w2"] * at["x2"] + at["b"])))
    x = (at["x1"], at["x2"], 1.0)
    expected = [[a * (1 - a) * left * right for right in x] for left in x]
    found = hessian(loss, ("w1", "w2", "b"))(**at)
    assert [list(row) for row in found] == [pytest.approx(row, rel=1e-9) for row in expected]
    third = derivative(loss, "w1", order=3)(**at)
    assert third == pytest.approx(a * (1 - a) * (1 - 2 * a) * at["x1"] ** 3, rel=1e-9)


def test_keplers_equation_has_the_implicit_second_and_third_derivatives(sample: Callable[[str], Any]) -> None:
    kepler = sample("kepler.eccentric_anomaly").primal
    M, e = 0.9, 0.3
    E = kepler(M, e)
    first = 1 / (1 - e * math.cos(E))
    second = -e * math.sin(E) * first**3
    third = -e * math.cos(E) * first**4 - 3 * e * math.sin(E) * first**2 * second
    found = hessian(kepler, ("M", "e"))(M, e)
    assert found[0][0] == pytest.approx(second, rel=1e-8)
    assert found[0][1] == pytest.approx(found[1][0], rel=1e-8)
    assert derivative(kepler, "M", order=3)(M, e) == pytest.approx(third, rel=1e-7)


# --- structure ------------------------------------------------------------------------------------------------------------


def test_one_name_gives_a_number_and_a_sequence_nested_tuples() -> None:
    cube = function("def f(x):\n    return x**3\n")
    assert hessian(cube)(2.0) == 12.0
    assert hessian(cube, ("x",))(2.0) == ((12.0,),)
    assert hvp(cube)(2.0, x_dot=0.5) == 6.0
    assert hessian(cube).wrt == ("x",) and hvp(cube).tangents == ("x_dot",)


JACOBIAN = "def f(x, y):\n    return x * y, x + y, math.sin(x)\n"


@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
def test_jacobians_have_a_row_for_each_result(mode: Any) -> None:
    made = jacobian(function(JACOBIAN), mode=mode)
    rows = made(2.0, 3.0)
    assert [list(row) for row in rows] == [[3.0, 2.0], [1.0, 1.0], [pytest.approx(math.cos(2.0)), 0.0]]
    by_x = jacobian(function(JACOBIAN), "x", mode=mode)(2.0, 3.0)
    assert list(by_x) == [3.0, 1.0, pytest.approx(math.cos(2.0))]
    product = jacobian(function("def f(x, y):\n    return x * y\n"), mode=mode)
    assert product(2.0, 3.0) == (3.0, 2.0)
    assert jacobian(function("def f(x, y):\n    return x * y\n"), "y", mode=mode)(2.0, 3.0) == 2.0


def test_another_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        jacobian(function(JACOBIAN), mode="sideways")  # type: ignore[arg-type]


def test_the_saved_text_of_a_hessian_stands_alone() -> None:
    text = """
def smooth(t, k):
    total = 0.0
    for i in range(3):
        total = total * t + math.exp(k * t)
    return total


def f(x, y):
    return smooth(x, y) * smooth(y, x * x)
"""
    made = hessian(function(text))
    namespace: dict[str, Any] = {"__name__": "saved"}
    exec(compile(made.source, "<saved>", "exec"), namespace)
    x, y = sp.symbols("x y")

    def smooth(t: Any, k: Any) -> Any:
        return sp.exp(k * t) * (1 + t + t**2)

    exact = smooth(x, y) * smooth(y, x**2)
    expected = [[float(sp.diff(exact, a, b).subs({x: 0.3, y: 0.7})) for b in (x, y)] for a in (x, y)]
    for run in (made, namespace["f_hessian"]):
        assert [list(row) for row in run(0.3, 0.7)] == [pytest.approx(row, rel=1e-9) for row in expected]
    assert "gradgen import" not in made.source and "import gradgen" not in made.source


def test_seeds_and_tangents_are_in_no_default_wrt() -> None:
    primal = function("def f(x, y):\n    return x * x * y\n")
    assert jvp(grad(primal)).wrt == ("x", "y")
    assert grad(grad(primal, "x")).wrt == ("x", "y")
    assert jvp(derivative(primal, "x")).wrt == ("x", "y")


def sixth_power(x: float) -> float:
    return x**6


@pytest.mark.parametrize(("order", "expected"), [(1, 192.0), (2, 480.0), (3, 960.0), (4, 1440.0), (5, 1440.0)])
def test_gradients_of_gradients_are_by_the_parameters_of_the_function_at_the_bottom(order: int, expected: float) -> None:
    derived = sixth_power
    for _ in range(order):
        derived = grad(derived)
    assert derived(2.0) == expected
    assert jvp(derived).wrt == ("x",)



def test_a_gradient_of_a_gradient_has_each_heading_and_each_check_once() -> None:
    primal = function("def f(a, b, c):\n    u = b * c\n    v = a + u\n    return 3 * v * v\n")
    second = grad(grad(primal, "a"), "a")
    assert second(1.0, 2.0, 3.0) == 6.0
    headings = [line.strip() for line in second.source.splitlines() if line.strip() in ("# forward", "# backward")]
    assert headings == ["# forward", "# backward"]
    assert second.source.count("    check_number(") == 1
    assert not re.search(r"# v = a \+ u\n +#|# v = a \+ u\n\n", second.source)
    third = grad(second, "a")
    assert "return 0.0" in third.source and grad(third, "a")(1.0, 2.0, 3.0) == third(1.0, 2.0, 3.0) == 0.0


def test_a_generated_gradient_is_refused_where_its_primal_cannot_be_differentiated_twice() -> None:
    with pytest.raises(GradgenError):
        hessian(function("def f(x, y):\n    z = [x, y]\n    return round(z[0] * y)\n"))


def test_a_callee_that_is_rebound_is_noticed_through_a_derivative_of_a_derivative() -> None:
    names: dict[str, Any] = {}
    primal = function("def helper(t):\n    return t * t\n\n\ndef f(x):\n    return helper(x) * x\n", names)
    second = hessian(primal)
    assert second(2.0) == 12.0
    primal.__globals__["helper"] = function("def helper(t):\n    return t * t * t\n")
    assert second(2.0) == 12 * 2.0**2


LOOPS = [
    ("s = x\n    for i in range(2):\n        s = s * math.sin(x + i) + y * s", "x * (sin(x) + y) * (sin(x + 1) + y)"),
    ("s = y\n    i = 0\n    while i < 3:\n        s = s * x + math.exp(s)\n        i += 1", "while"),
    ("s = x\n    for i in range(9):\n        s = s * y\n        if i == 2:\n            break", "x * y**3"),
]


@pytest.mark.parametrize(("lines", "closed"), LOOPS)
def test_gradients_of_gradients_of_loops_are_sympys(lines: str, closed: str) -> None:
    primal = function(f"def f(x, y):\n    {lines}\n    return s\n")
    exact = symbolic(closed) if closed != "while" else Y
    for _ in range(3 if closed == "while" else 0):
        exact = exact * X + sp.exp(exact)
    at = {X: sp.Rational(3, 10), Y: sp.Rational(-2, 5)}
    point = (0.3, -0.4)

    def expected(*by: Any) -> float:
        return float(sp.diff(exact, *by).subs(at).evalf(20))

    assert grad(grad(primal, "x"), "y")(*point) == pytest.approx(expected(X, Y), rel=1e-11)
    twice = gradgen.value_and_grad(grad(primal, "y"))
    assert twice.seeds == ("ddy",)
    value, slopes = twice(*point, ddy=1.7)
    assert (value, *slopes) == pytest.approx((expected(Y), 1.7 * expected(Y, X), 1.7 * expected(Y, Y)), rel=1e-11)
    assert grad(grad(grad(primal, "x"), "y"), "x")(*point) == pytest.approx(expected(X, Y, X), rel=1e-10)


def test_gradients_that_share_work_with_recursive_callees_have_tangents() -> None:
    text = """
def powers(x, n):
    if n == 0:
        return x
    return powers(x, n - 1) * x + math.sin(x)


def f(x, y):
    return powers(x, 3) * y
"""
    primal = function(text)
    exact = X
    for _ in range(3):
        exact = exact * X + sp.sin(X)
    exact = exact * Y
    along = 1.5 * sp.diff(exact, X, X) - 0.4 * sp.diff(exact, X, Y), 1.5 * sp.diff(exact, X, Y)
    _, moved = jvp(gradgen.grad(primal))(**POINT, x_dot=1.5, y_dot=-0.4)
    assert moved == pytest.approx([number(each) for each in along], rel=1e-12)


def test_a_product_computes_no_gradient_that_nothing_reads() -> None:
    """The gradient's own sums, in loops and branches too, are gone where only their tangents are handed out."""
    text = """
def f(x, y):
    s = 1.0
    t = 0.0
    for i in range(4):
        if i % 2:
            t = t - 0.1 * (x * s + y * t)
        s = s + 0.2 * t * x
    return s * s
"""
    made = hvp(function(text))
    assert re.search(r"^ +d[xy] ", made.source, re.MULTILINE) is None
    s, t = sp.Integer(1), sp.Integer(0)
    for i in range(4):
        t = t - (X * s + Y * t) / 10 if i % 2 else t
        s = s + t * X / 5
    wanted = [sp.diff(s * s, by, X) * 1.5 - sp.diff(s * s, by, Y) * 0.4 for by in (X, Y)]
    assert made(**POINT, x_dot=1.5, y_dot=-0.4) == pytest.approx([number(each) for each in wanted], rel=1e-12)
    plain = hvp(function(text), optimize=False)
    assert plain(**POINT, x_dot=1.5, y_dot=-0.4) == pytest.approx([number(each) for each in wanted], rel=1e-12)


def test_the_names_are_exported() -> None:
    assert {"derivative", "hessian", "hvp", "jacobian", "jvp"} <= set(gradgen.__all__)


def test_derivatives_of_what_is_linear_are_0_and_of_several_parameters_by_the_first() -> None:
    def linear(x: float, y: float) -> float:
        return 3.0 * x + 2.0 * y

    def product(x: float, y: float) -> float:
        return x**3 * y

    def tripled(x: float) -> float:
        return 3.0 * x

    assert [nth(linear, order)(1.0, 2.0) for order in (1, 2, 3)] == [3.0, 0.0, 0.0]
    assert [nth(product, order)(1.5, 2.0) for order in (1, 2, 3)] == pytest.approx([3 * 1.5**2 * 2, 6 * 1.5 * 2, 12.0])
    assert grad(grad(tripled))(0.7) == 0.0 and jacobian(grad(linear))(1.0, 2.0) == ((0.0, 0.0), (0.0, 0.0))
