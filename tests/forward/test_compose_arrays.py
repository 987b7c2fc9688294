"""Hessians, Jacobians and slopes of functions of arrays.

Never takes an expected number from gradgen: SciPy's Rosenbrock Hessian, closed forms, and differences of hand-written gradients.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.optimize import rosen_hess, rosen_hess_prod

import gradgen
from gradgen.rules.helpers import helper_texts
from tests.forward.written import function

X = np.array([0.3, 0.5, -0.2, 0.7])
A = np.arange(12.0).reshape(3, 4) / 10


def rosen(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0)


def layer(x: Any, a: Any) -> Any:
    return np.tanh(a @ x)


def loss(w: Any, b: Any, x: Any, y: Any) -> Any:
    h = np.tanh(x @ w + b)
    return np.mean((h - y) ** 2)


def logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("like", [(X,), None])
def test_the_hessian_of_a_function_of_a_vector_is_a_matrix(like: Any) -> None:
    np.testing.assert_allclose(gradgen.hessian(rosen, like=like)(X), rosen_hess(X))
    direction = np.array([1.0, -2.0, 0.5, 3.0])
    np.testing.assert_allclose(gradgen.hvp(rosen, like=like)(X, x_dot=direction), rosen_hess_prod(X, direction))


def test_the_hessian_by_a_matrix_has_its_shape_twice() -> None:
    def square(m: Any) -> Any:
        return np.sum((A @ m) ** 2)

    m = np.linspace(0.0, 1.0, 8).reshape(4, 2)
    expected = 2 * np.einsum("ij,kl->ikjl", A.T @ A, np.eye(2))
    found = gradgen.hessian(square, like=(m,))(m)
    assert found.shape == (4, 2, 4, 2)
    np.testing.assert_allclose(found, expected)


def test_the_hessians_product_through_diagonals_of_a_stack_of_matrices() -> None:
    def product(m: Any) -> Any:
        return np.sum(np.linalg.trace(m) * np.linalg.diagonal(m)[..., 0])

    m, direction = np.linspace(-1.0, 1.0, 18).reshape(2, 3, 3), np.cos(np.arange(18.0)).reshape(2, 3, 3)
    expected = np.zeros((2, 3, 3))  # t d: by an entry on the diagonal d, by the first one t too
    for k in range(2):
        np.fill_diagonal(expected[k], direction[k, 0, 0])
        expected[k, 0, 0] += np.trace(direction[k])
    np.testing.assert_allclose(gradgen.hvp(product, like=(m,))(m, m_dot=direction), expected)


def test_the_texts_stand_alone() -> None:
    for made, name in ((gradgen.hessian(rosen, like=(X,)), "rosen_hessian"), (gradgen.hvp(rosen, like=(X,)), "rosen_hvp")):
        namespace: dict[str, Any] = {}
        exec(made.source, namespace)
        along = {"x_dot": X} if name == "rosen_hvp" else {}
        np.testing.assert_array_equal(namespace[name](X, **along), made(X, **along))


def test_the_product_with_a_direction_of_several_arrays() -> None:
    rng = np.random.default_rng(2)
    w, b, x, y = (rng.normal(size=size) for size in ((3, 4), 4, (7, 3), (7, 4)))
    w_dot, b_dot = rng.normal(size=(3, 4)), rng.normal(size=4)

    def gradient(w: Any, b: Any) -> tuple[Any, Any]:
        h = np.tanh(x @ w + b)
        dz = 2 * (h - y) / h.size * (1 - h**2)
        return x.T @ dz, dz.sum(axis=0)

    step = 1e-5
    ends = [gradient(w + sign * step * w_dot, b + sign * step * b_dot) for sign in (1, -1)]
    found = gradgen.hvp(loss, wrt=("w", "b"))(w, b, x, y, w_dot=w_dot, b_dot=b_dot)
    for got, up, down in zip(found, *ends, strict=True):
        np.testing.assert_allclose(got, (up - down) / (2 * step), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("mode", ["auto", "forward"])
def test_the_jacobian_has_the_shape_of_the_result_and_of_the_argument(mode: Any) -> None:
    slope = (1 - np.tanh(A @ X) ** 2)[:, None]
    np.testing.assert_allclose(gradgen.jacobian(layer, wrt="x", mode=mode, like=(X, A))(X, A), slope * A)
    by_matrix = gradgen.jacobian(layer, wrt="a", mode=mode)(X, A)
    np.testing.assert_allclose(by_matrix, np.einsum("ij,k->ijk", np.diag(slope[:, 0]), X))


def test_the_jacobian_of_a_number_is_its_gradient_in_one_run() -> None:
    made = gradgen.jacobian(rosen, like=(X,))
    assert "rosen_vjp" in made.source
    step = np.eye(4) * 1e-6
    np.testing.assert_allclose(made(X), [(rosen(X + each) - rosen(X - each)) / 2e-6 for each in step], rtol=1e-6)


def slope_of_layer(x: Any, a: Any) -> dict[str, Any]:
    slope = 1 - np.tanh(a @ x) ** 2
    return {"x": slope[:, None] * a, "a": np.einsum("ij,k->ijk", np.diag(slope), x)}


@pytest.mark.parametrize("mode", ["auto", "forward", "reverse"])
@pytest.mark.parametrize("wrt", ["x", "a", ("x", "a"), ("a",)])
def test_jacobians_by_one_name_are_arrays_and_by_several_tuples_of_them(wrt: Any, mode: Any) -> None:
    found = gradgen.jacobian(layer, wrt=wrt, mode=mode, like=(X, A))(X, A)
    names, parts = ((wrt,), (found,)) if isinstance(wrt, str) else (wrt, found)
    for name, part in zip(names, parts, strict=True):
        np.testing.assert_allclose(part, slope_of_layer(X, A)[name])
    assert isinstance(found, tuple) == isinstance(wrt, tuple)


@pytest.mark.parametrize("mode", ["auto", "forward", "reverse"])
def test_the_jacobian_of_a_matrix_by_a_matrix_and_a_number(mode: Any) -> None:
    def product(m: Any, k: Any) -> Any:
        return (m[1:] * k) @ m.T

    m, k = A + 0.3, 0.7
    by_m, by_k = gradgen.jacobian(product, mode=mode, like=(m, k))(m, k)
    unit = np.eye(12).reshape(12, 3, 4)
    expected = np.stack([k * (each[1:] @ m.T + m[1:] @ each.T) for each in unit], axis=-1).reshape(2, 3, 3, 4)
    np.testing.assert_allclose(by_m, expected)
    np.testing.assert_allclose(by_k, m[1:] @ m.T)


def test_fewer_results_than_arguments_are_taken_one_by_one_and_else_the_arguments() -> None:
    assert "layer_vjp" in gradgen.jacobian(layer, wrt="a", like=(X, A)).source
    assert "layer_jvp" in gradgen.jacobian(layer, wrt="x", like=(X, A)).source


def test_the_hessian_by_several_arrays_and_a_number_is_made_of_blocks() -> None:
    def energy(w: Any, b: Any, k: Any) -> Any:
        return np.sum((w @ b) ** 2) * k**2

    w, b, k = A, X, 0.5
    found = gradgen.hessian(energy, wrt=("w", "b", "k"), like=(w, b, k))(w, b, k)
    z = w @ b
    of_w_w = 2 * k**2 * np.einsum("ik,j,l->ijkl", np.eye(3), b, b)
    of_w_b = 2 * k**2 * (np.einsum("j,il->ijl", b, w) + np.einsum("i,jl->ijl", z, np.eye(4)))
    expected = [
        [of_w_w, of_w_b, 4 * k * np.outer(z, b)],
        [of_w_b.transpose(2, 0, 1), 2 * k**2 * w.T @ w, 4 * k * w.T @ z],
        [4 * k * np.outer(z, b), 4 * k * w.T @ z, 2 * np.sum(z**2)],
    ]
    for row, known in zip(found, expected, strict=True):
        for block, values in zip(row, known, strict=True):
            assert np.shape(block) == np.shape(values)
            np.testing.assert_allclose(block, values, atol=1e-12)


@pytest.mark.parametrize("names", [("seed", "row"), ("direction", "rows"), ("shape", "columns"), ("by_x", "_"), ("x", "x_row")])
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_parameters_may_be_called_as_the_variables_of_drivers(names: tuple[str, str], mode: Any) -> None:
    x, y = names
    fn = function(f"def f({x}, {y}):\n    return {x}**2 * {y}\n")
    by_x, by_y = gradgen.jacobian(fn, mode=mode, like=(X, X + 1))(X, X + 1)
    np.testing.assert_allclose(by_x, np.diag(2 * X * (X + 1)))
    np.testing.assert_allclose(by_y, np.diag(X**2))
    assert gradgen.hessian(fn)(2.0, 3.0) == ((6.0, 4.0), (4.0, 0.0))


SEVERAL = {  # the values of a function of x, a and k, and what an optimal choice of the mode calls
    "a @ x * k, np.sin(x) * np.sum(x)": "jvp",
    "x[0] * x[1] * k, np.sum(a**3)": "vjp",
    "np.sum(x) * k, np.outer(x, a[0])": "jvp",
    "(a.T * k, x[-1], x * x)": "jvp",
    "[x * k, x[1:]]": "jvp",
    "x * k, 3": "jvp",
    "(a[0] ** 2,)": "jvp",
}


@pytest.mark.parametrize("values", SEVERAL)
@pytest.mark.parametrize("wrt", [None, "x", "a", "k", ("k", "x"), ("a",)])
def test_several_results_have_a_jacobian_each_by_each_argument(values: str, wrt: Any) -> None:
    fn = function(f"def f(x, a, k):\n    return {values}\n", {"np": np})
    at = {"x": X, "a": A, "k": 0.7}

    def by(name: str) -> list[Any]:
        """A list of the results' derivatives: polynomials are exact in differences that are extrapolated."""
        columns = []
        for place in range(np.size(at[name])):
            def moved(step: float, place: int = place) -> Any:
                value = np.array(at[name], float)
                value.flat[place] += step
                return fn(**{**at, name: value if value.shape else float(value)})

            quotients = [[(up - down) / (2 * step) for up, down in zip(moved(step), moved(-step), strict=True)]
                         for step in (1e-3, 5e-4)]
            columns.append([(4 * fine - coarse) / 3 for coarse, fine in zip(*quotients, strict=True)])
        parts = [np.stack(column, axis=-1) for column in zip(*columns, strict=True)]
        return [part.reshape(part.shape[:-1] + np.shape(at[name])) for part in parts]

    names = ("x", "a", "k") if wrt is None else (wrt,) if isinstance(wrt, str) else wrt
    is_vector = SEVERAL[values] == "vjp"
    for mode in ("forward", "reverse", "auto")[:: 2 if values.startswith("[") else 1]:
        made = gradgen.jacobian(fn, wrt=wrt, mode=mode, like=(X, A, 0.7))
        found = made(X, A, 0.7)
        for place, name in enumerate(names):
            expected = by(name)
            if is_vector:
                parts = found if isinstance(wrt, str) else found[place]
            else:
                parts = found if isinstance(wrt, str) else [row[place] for row in found]
            assert len(parts) == len(expected)
            for part, own in zip(parts, expected, strict=True):
                assert np.shape(part) == own.shape
                np.testing.assert_allclose(part, own, rtol=1e-8, atol=1e-9)
        if mode == "auto" and wrt is None:
            assert f"f_{SEVERAL[values]}(" in made.source


def test_forward_mode_is_taken_where_the_other_is_refused_and_the_other_way_round() -> None:
    hooked = function("def f(x):\n    y = x * x\n    with adjoint_of(y) as dy:\n        dy = 3 * dy\n    return y\n",
                      {"adjoint_of": gradgen.adjoint_of})
    np.testing.assert_allclose(gradgen.jacobian(hooked, like=(X,))(X), 3 * np.diag(2 * X))
    with pytest.raises(gradgen.GradgenError):
        gradgen.jacobian(hooked, mode="forward", like=(X,))


def test_what_is_not_made_is_said() -> None:
    with pytest.raises(ValueError, match="hessian"):
        gradgen.nth(rosen, 2, like=(X,))


@pytest.mark.parametrize("order", [1, 2, 3])
def test_derivatives_element_by_element_of_any_order(order: int) -> None:
    p = logistic(X)
    expected = {1: p * (1 - p), 2: p * (1 - p) * (1 - 2 * p), 3: p * (1 - p) * (1 - 6 * p + 6 * p**2)}
    np.testing.assert_allclose(gradgen.derivative(logistic, order=order, like=(X,))(X), expected[order], rtol=1e-9)


@pytest.mark.parametrize("like", [(0.3, X), None])
def test_derivatives_by_a_number_beside_an_array_of_any_order(like: Any) -> None:
    def total(x: Any, c: Any) -> Any:
        return np.sum(np.exp(c * x))

    assert gradgen.nth(total, 3, wrt="x", like=like)(0.3, X) == pytest.approx(np.sum(X**3 * np.exp(X * 0.3)), rel=1e-10)


def test_the_derivative_of_a_function_that_works_element_by_element() -> None:
    values = logistic(X)
    np.testing.assert_allclose(gradgen.derivative(logistic, like=(X,))(X), values * (1 - values))
    made = gradgen.derivative(logistic)
    assert made(0.3) == pytest.approx(logistic(0.3) * (1 - logistic(0.3)))
    np.testing.assert_allclose(made(X), values * (1 - values))


@pytest.mark.parametrize("value", [
    "np.sum(x) * x", "x[::-1] * 1.0", "np.cumsum(x)", "A * x", "x * np.array([x[0], 1.0, 2.0, 3.0])",
])
def test_a_function_that_brings_elements_together_has_no_derivative_element_by_element(value: str) -> None:
    fn = function(f"def f(x):\n    return {value}\n", {"np": np, "A": A})
    with pytest.raises(gradgen.GradgenError, match="element by element"):
        gradgen.derivative(fn, like=(X,))


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_derivatives_of_a_number_of_any_order(order: int) -> None:
    def f(x: float, k: float = 2.0) -> float:
        return math.exp(k * x) * x

    x, k = 0.3, 2.0
    expected = math.exp(k * x) * (k**order * x + order * k ** (order - 1))
    assert gradgen.nth(f, order, wrt="x")(x) == pytest.approx(expected, rel=1e-12)


def test_an_order_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="from 1 on"):
        gradgen.nth(rosen, 0)


HELPER_CALLS = {
    "unbroadcast": ("unbroadcast(x, np.zeros(4))", np.arange(12.0).reshape(3, 4)),
    "unreduce": ("unreduce(x, np.zeros((4, 3)), axis=1)", X),
    "scattered": ("scattered(x, [0, 2, 2, 1], (6,))", X),
    "checked_tangent": ("checked_tangent(np.zeros(4), x)", X),
    "complex_tangent": ("complex_tangent(np.zeros(4), x).real", X),
    "checked_seed": ("checked_seed(x, (4,))", X),
    "complex_seed": ("complex_seed(x, (4,)).real", X),
}


@pytest.mark.parametrize("name", HELPER_CALLS)
def test_helpers_of_generated_code_are_transposed_by_their_rows(name: str) -> None:
    call, x = HELPER_CALLS[name]
    helpers: dict[str, Any] = {"np": np}
    exec("\n\n".join(helper_texts([name])), helpers)
    fn = function(f"def f(x):\n    return {call} * 1.0\n", helpers)
    direction = np.random.default_rng(4).normal(size=x.shape)
    value, dot = gradgen.jvp(fn, like=(x,))(x, x_dot=direction)
    np.testing.assert_allclose(dot, fn(x + direction) - fn(x), atol=1e-12)
    seed = np.random.default_rng(6).normal(size=np.shape(value))
    pulled = gradgen.vjp(fn, like=(x,))
    back = pulled(x, **{pulled.seeds[0]: seed})
    assert np.sum(seed * dot) == pytest.approx(np.sum(back * direction), rel=1e-10)


CHOICE = "def f(x):\n    return np.sum(np.where(x == 1.0, 0.0, x**3))\n"
AWAY, AT = np.array([0.5, 1.25, 2.0]), np.array([0.5, 1.0, 2.0])


@pytest.mark.parametrize(("transform", "along", "expected"), [
    (gradgen.grad, False, 3 * AWAY**2), (gradgen.jvp, True, np.sum(3 * AWAY**2)), (gradgen.hvp, True, 6 * AWAY),
])
def test_an_equality_that_holds_for_an_element_raises_and_says_where(transform: Any, along: bool, expected: Any) -> None:
    derived = transform(function(CHOICE, {"np": np}), like=(AWAY,))
    direction = {"x_dot": np.ones(3)} if along else {}
    found = derived(AWAY, **direction)
    np.testing.assert_allclose(found[1] if isinstance(found, tuple) else found, expected)
    with pytest.raises(gradgen.NonDifferentiableError, match="x == 1.0 held"):
        derived(AT, **direction)


def test_the_hessian_of_the_largest_element_is_that_of_the_element() -> None:
    fn = function("def f(x):\n    return np.max(x) ** 3\n", {"np": np})
    found = gradgen.hessian(fn, like=(X,))(X)
    expected = np.zeros((4, 4))
    expected[3, 3] = 6 * X[3]
    np.testing.assert_allclose(found, expected)


def test_an_equality_is_asked_once_in_a_derivative_of_a_derivative() -> None:
    made = gradgen.hvp(function("def f(x):\n    return 0.0 if x == 1 else x**3\n"))
    assert "at_kink(at_kink(" not in made.source
    with pytest.raises(gradgen.NonDifferentiableError, match="^<written[^>]*>:2:19: GG501: x == 1 held"):
        made(1.0, x_dot=1.0)


def powers(a: Any, b: Any) -> Any:
    return a**b


def multiples(a: Any, b: Any) -> Any:
    return a // b * b


@pytest.mark.parametrize(("called", "args", "expected"), [
    # the slopes of a^b are b a^(b-1) and a^b log a; at b = 0 their own by b are 1/a and log(a)^2, the others are 0
    (powers, (np.array([2.0, 0.5]), np.zeros(2)), ([1.5, 6.0], [0.5 + 3 * np.log(2.0) ** 2, 2 + 3 * np.log(0.5) ** 2])),
    (multiples, (0.7, np.array([0.2, 0.3])), (0.0, [0.0, 0.0])),  # 3 b and 2 b
], ids=lambda value: getattr(value, "__name__", ""))
def test_what_a_callees_gradient_asks_is_no_equality_of_the_users(called: Any, args: Any, expected: Any) -> None:
    def total(a: Any, b: Any) -> Any:
        return np.sum(called(a, b))

    ones = np.ones(2) if np.shape(args[0]) else 1.0
    found = gradgen.hvp(total, wrt=("a", "b"), like=args)(*args, a_dot=ones, b_dot=3 * np.ones(2))
    for part, value in zip(found, expected, strict=True):
        np.testing.assert_allclose(part, value)


def halves(x: Any, d: Any) -> Any:
    return np.split(d.item() * x, 2)


def test_a_list_of_arrays_comes_with_a_list_of_tangents_and_a_number_moves_with_its_item() -> None:
    d = np.array(0.75)
    value, dot = gradgen.jvp(halves, like=(X, d))(X, d, x_dot=2 * X, d_dot=1.5)
    np.testing.assert_allclose(value, [0.75 * X[:2], 0.75 * X[2:]])
    np.testing.assert_allclose(dot, [3 * X[:2], 3 * X[2:]])


def test_a_gradient_that_waits_for_its_first_call_is_differentiated_in_turn() -> None:
    direction = np.array([1.0, -2.0, 0.5, 3.0])
    for is_called_before in (False, True):
        gradient = gradgen.grad(rosen)
        if is_called_before:
            gradient(X[:3])
        moved = gradgen.jvp(gradient)
        np.testing.assert_allclose(moved(X, x_dot=direction)[1], rosen_hess_prod(X, direction))
        np.testing.assert_allclose(moved(X[1:], x_dot=direction[1:])[1], rosen_hess_prod(X[1:], direction[1:]))
        np.testing.assert_allclose(gradgen.jvp(gradient, like=(X,))(X, x_dot=X)[1], rosen_hess_prod(X, X))
        np.testing.assert_allclose(gradgen.jacobian(gradient)(X), rosen_hess(X))
        np.testing.assert_allclose(gradgen.vjp(gradient)(X, ddx=direction), rosen_hess_prod(X, direction))
    twice = gradgen.jvp(gradgen.jvp(rosen))
    assert twice(X, x_dot=direction, x_dot_=X)[1][1] == pytest.approx(direction @ rosen_hess_prod(X, X))


def test_a_call_of_a_gradient_whose_text_is_not_known_yet_gets_it_for_the_kinds_at_hand() -> None:
    stepped = function("def f(x):\n    return x - 0.1 * slope(x)\n", {"slope": gradgen.grad(rosen)})
    np.testing.assert_allclose(gradgen.jacobian(stepped, like=(X,))(X), np.eye(X.size) - 0.1 * rosen_hess(X))


def test_the_gradient_of_a_gradient_that_keeps_a_tape_of_arrays_is_put_together_of_slopes() -> None:
    def grown(x: Any, k: Any) -> Any:
        s = np.zeros(x.shape)
        for _ in range(3):
            s = s * k + x
        return np.sum(s**3)

    # s = (1 + k + k**2) * x
    k, factor, slope = 0.7, 1 + 0.7 + 0.49, 1 + 2 * 0.7
    of_x, of_k = 9 * factor**2 * slope * X**2, (6 * factor * slope**2 + 3 * factor**2 * 2) * np.sum(X**3)
    found = gradgen.grad(gradgen.grad(grown, wrt="k"), wrt=("x", "k"))(X, k)
    np.testing.assert_allclose(found[0], of_x, rtol=1e-12)
    assert found[1] == pytest.approx(of_k, rel=1e-12)
    value, by_x = gradgen.value_and_grad(gradgen.grad(grown, wrt="k"), wrt="x", like=(X, k))(X, k)
    assert value == pytest.approx(3 * factor**2 * slope * np.sum(X**3), rel=1e-12)
    np.testing.assert_allclose(by_x, of_x, rtol=1e-12)


class Scaled:
    @property
    def factor(self) -> float:
        return 2.5


SCALED = Scaled()


def scaled_square(x: Any) -> Any:
    return SCALED.factor * x * x


def test_a_property_that_gives_a_number_may_be_kept_by_a_callee() -> None:
    def total(x: Any) -> Any:
        return np.sum(scaled_square(x) * x)

    x, along = np.array([0.3, -1.2]), np.array([0.7, 0.2])
    assert gradgen.hvp(total)(x, x_dot=along) == pytest.approx(15 * x * along)
    assert gradgen.hessian(total)(x) == pytest.approx(np.diag(15 * x))
