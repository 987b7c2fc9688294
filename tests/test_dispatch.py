"""Functions whose arguments may be numbers or arrays: which text a call gets, and that none runs on what it was not made for."""
from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradgen import differentiable, dispatch, grad, jacobian, jvp, value_and_grad, vjp
from gradgen.emit.load import load_standalone
from gradgen.errors import ArgumentError, UnsupportedError


def square(x):
    return x * x + 3 * x


def energy(x, k=2.0):
    return k * np.sum(x**2)


def spread(a, b):
    return np.sum((a + b) ** 3)


def line(p, x):
    return np.sum(p[0] * x + p[1])


class Float:
    """Stands for jaxtyping's: what is in the brackets is read as text only."""

    def __class_getitem__(cls, item: object) -> type[Float]:
        return cls


def tagged(x: Float[np.ndarray, "n d"], w: Float[np.ndarray, " d"]):  # noqa: F722
    return np.sum((x @ w) ** 2)


OUTER: Any = np.ones(3)
WEIGHTS = np.array([0.5, 2.0, 0.25])


def shifted(x):
    return np.sum(x + OUTER)


class Weighing:
    """An object whose weights are bound anew."""

    def __init__(self) -> None:
        self.w: Any = np.ones(3)

    def loss(self, x):
        return np.sum(x * self.w)


def stepped(x):
    x = x * 2.0
    return np.sum(x * x)


def test_a_function_of_numbers_is_a_plain_one_and_hands_arrays_on() -> None:
    made = vjp(square)
    assert made(2.0, dsquare=3.0) == 21.0
    assert made(np.array([1.0, 2.0]), dsquare=np.array([1.0, 10.0])).tolist() == [5.0, 70.0]
    assert "arrays x[i]" in made.source  # the last call's
    assert made(2.0, dsquare=3.0) == 21.0


KINDS = [np.array([1.0, -2.0]), np.array([[1.0], [3.0]]), np.array([[1.0, 2.0]]), np.array([1, -2]), 3.0, 2]


@pytest.mark.parametrize("x", KINDS)
def test_each_kind_of_argument_gets_a_gradient_of_its_own_shape(x: Any) -> None:
    made = grad(energy, "x")
    for value in (x, np.array([0.5, 0.25, 4.0]), x):
        found = made(value, 3.0)
        assert np.shape(found) == np.shape(value)
        np.testing.assert_allclose(found, 6.0 * np.asarray(value))


@pytest.mark.parametrize("first", [0, 1, 2, 3, 4])
def test_a_text_for_some_shapes_never_runs_on_others(first: int) -> None:
    rng = np.random.default_rng(0)
    shapes: list[tuple[tuple[int, ...], tuple[int, ...]]] = [
        ((3,), (3,)), ((3,), (1,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((2, 1), ()),
    ]
    made = grad(spread)
    for index in (first, *range(len(shapes))):
        a, b = (rng.normal(size=shape) for shape in shapes[index])
        da, db = made(a, b)
        slope = 3 * (a + b) ** 2  # summed over what each was broadcast to
        np.testing.assert_allclose(da, unbroadcast(slope, np.shape(a)))
        np.testing.assert_allclose(db, unbroadcast(slope, np.shape(b)))
        assert (np.shape(da), np.shape(db)) == shapes[index]


def unbroadcast(value: Any, shape: tuple[int, ...]) -> Any:
    """The sum over what a shape was broadcast to, by the definition: ones of that shape weigh the elements."""
    found = np.zeros(shape)
    for place in np.ndindex(*shape):
        one = np.zeros(shape)
        one[place] = 1.0
        found[place] = np.sum(value * one)
    return found


def magnitude(x):
    return abs(x)


def chosen(x):
    return np.where(x > 0, x * x, 0.0)


def above(x):
    return np.maximum(x, 0.0) ** 2


def raised(x):
    return 2.0**x


def whole_steps(x):
    return x // 0.7


def weighed(x):
    return x * WEIGHTS


def weighed_below(x):
    return 2.0 * weighed(x)


def test_an_array_from_outside_meets_a_number() -> None:
    assert vjp(weighed)(3.0, dweighed=np.array([0.7, -1.3, 0.4])) == pytest.approx(0.5 * 0.7 - 2.0 * 1.3 + 0.25 * 0.4)
    found = vjp(weighed_below)(3.0, dweighed_below=np.array([0.7, -1.3, 0.4]))
    assert found == pytest.approx(2.0 * (0.5 * 0.7 - 2.0 * 1.3 + 0.25 * 0.4))


def test_matrices_and_sparse_arguments_are_refused_where_they_calculate_otherwise() -> None:
    with pytest.raises(ArgumentError, match="test_dispatch.py:[0-9]+"):
        vjp(square)(np.eye(2).view(np.matrix), dsquare=1.0)


def overwritten(x):
    y = x * 1.5
    np.exp(y, out=y)
    return y


def clipped_then_set(x):
    y = np.where(x > 0, x * x, 0.0)
    y[0] = 3.0
    return y


def picked(x):
    return np.where(x > 0, x * x, 0.0)[0]


@pytest.mark.parametrize(("function", "slopes"), [
    (overwritten, [1.5 * np.exp(1.5 * 1.2), 1.5 * np.exp(-1.5 * 0.4)]), (clipped_then_set, [0.0, 0.0]), (picked, [2.4, 0.0]),
])
def test_functions_of_numbers_that_store_or_pick_elements_wait_for_a_call(function: Any, slopes: Any) -> None:
    x = np.array([1.2, -0.4])
    value = function(x)
    seed = np.array([0.7, -1.3]) if np.shape(value) else 0.7
    name = vjp(function, ("x",), like=(x,)).seeds[0]
    adjoint, = vjp(function, ("x",))(x, **{name: seed})
    np.testing.assert_allclose(adjoint, seed * np.array(slopes))
    _, tangent = jvp(function, ("x",))(x, x_dot=np.ones(2))
    np.testing.assert_allclose(tangent, slopes if np.shape(value) else slopes[0])


@pytest.mark.parametrize(("function", "slopes"), [
    (magnitude, [1.0, -1.0]), (chosen, [3.0, 0.0]), (above, [3.0, 0.0]), (whole_steps, [0.0, 0.0]),
    (raised, [np.log(2.0) * 2.0**1.5, np.log(2.0) * 2.0**-2.0]),
])
def test_arrays_are_handed_on_where_no_result_tells_of_them_in_time(function: Any, slopes: Any) -> None:
    x, direction = np.array([1.5, -2.0]), np.array([0.7, -1.3])
    for argument, tangent, expected in ((x, direction, slopes * direction), (1.5, 0.7, slopes[0] * 0.7)):
        value, found = jvp(function, ("x",))(argument, x_dot=tangent)
        np.testing.assert_allclose((value, found), (function(argument), expected))
        assert np.shape(found) == np.shape(argument)
    adjoint, = vjp(function, ("x",))(x, **{f"d{function.__name__}": direction})
    assert adjoint.shape == x.shape
    np.testing.assert_allclose(adjoint, slopes * direction)


@pytest.mark.parametrize("p", [[2.0, 1.0], (2.0, 1.0), np.array([2.0, 1.0])])
def test_a_container_may_be_an_array_the_next_time(p: Any) -> None:
    made = grad(line, "p")
    x = np.array([1.0, 5.0])
    for value in ([4.0, 3.0], p, np.array([1.0, 1.0]), p):
        found = made(value, x)
        assert type(found) is type(value)
        np.testing.assert_allclose(np.asarray(found), [6.0, 2.0])


def test_saved_text_raises_on_other_shapes() -> None:
    text = grad(spread, like=(np.ones(3), np.ones(3))).source
    saved = load_standalone(text, "spread_grad")
    assert [each.tolist() for each in saved(np.ones(2), np.zeros(2))] == [[3.0, 3.0], [3.0, 3.0]]
    for wrong in ((np.ones(3), np.ones(1)), (np.ones((2, 3)), np.ones(3)), (1.0, np.ones(3)), (np.ones(3, int), np.ones(3))):
        with pytest.raises(TypeError):
            saved(*wrong)


def test_values_from_outside_that_change_their_shape_get_another_text() -> None:
    scope = globals()
    x = np.array([1.0, 2.0, 3.0])
    made = grad(shifted)
    for held in (np.ones(3), np.ones((2, 3)), 2.0, np.ones(3)):
        scope["OUTER"] = held
        np.testing.assert_allclose(made(x), np.full(3, 2.0 if np.ndim(held) == 2 else 1.0))
    scope["OUTER"] = np.ones(3)


def test_attributes_that_change_their_shape_get_another_text() -> None:
    weighing = Weighing()
    made = grad(weighing.loss)
    x = np.array([1.0, 2.0, 3.0])
    for held in (np.ones(3), np.ones((2, 3)), 2.0, np.full(3, 5.0)):
        weighing.w = held
        np.testing.assert_allclose(made(x), np.sum(np.atleast_2d(held * np.ones(3)), axis=0))


def test_closures_whose_arrays_change_their_shape_get_another_text() -> None:
    held: Any = np.ones(3)

    def weighed(x):
        return np.sum(x * held)

    x = np.array([1.0, 2.0, 3.0])
    made = grad(weighed)
    np.testing.assert_allclose(made(x), 1.0)
    held = np.ones((2, 1))
    np.testing.assert_allclose(made(x), 2.0)


def test_annotations_say_the_shapes_ahead() -> None:
    made = grad(tagged, "w")
    assert "x[i, j]" in made.source and "w[i]" in made.source
    x, w = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, -1.0])
    np.testing.assert_allclose(made(x, w), 2 * x.T @ (x @ w))


def test_a_parameter_that_is_bound_anew_reaches_the_next_text_as_it_came() -> None:
    made = value_and_grad(stepped)
    for x in (3.0, np.array([1.0, 2.0]), np.array([[3.0]])):
        value, slope = made(x)
        assert value == 4 * np.sum(np.asarray(x) ** 2)
        np.testing.assert_allclose(slope, 8 * np.asarray(x))


def test_grad_of_an_array_is_refused_at_the_call_and_points_to_vjp() -> None:
    made = grad(square)
    with pytest.raises(ArgumentError, match="GG403.*returns an array(.|\n)*gradgen.vjp"):
        made(np.ones(2))


def test_a_gradient_of_complex_results_is_refused_with_the_reason() -> None:
    with pytest.raises(ArgumentError, match=r"test_dispatch\.py:\d+.*GG403.*energy returns a complex number"):
        grad(energy, "x")(np.array([1.0 + 2.0j]))


def test_gradients_share_no_data_with_each_other_the_seed_or_the_arguments() -> None:
    def joined(a, b):
        return a + b

    a, b, seed = np.ones(3), np.ones(3), np.array([1.0, 2.0, 3.0])
    da, db = vjp(joined)(a, b, djoined=seed)
    assert da.tolist() == db.tolist() == seed.tolist()
    for one, other in ((da, db), (da, seed), (db, seed), (da, a), (db, b)):
        assert not np.shares_memory(one, other)
    da += 1.0
    assert seed.tolist() == [1.0, 2.0, 3.0]


@differentiable
def decorated(x):
    return np.sum(np.tanh(x) ** 2)


def test_a_decorated_function_of_arrays_has_everything_at_hand() -> None:
    x = np.array([0.3, -0.4])
    expected = 2 * np.tanh(x) / np.cosh(x) ** 2
    np.testing.assert_allclose(decorated.grad(x), expected)
    value, slope = decorated.value_and_grad(x)
    assert value == decorated(x)
    np.testing.assert_allclose(slope, expected)
    assert "x[i]" in decorated.source and "def decorated_value_and_grad" in inspect.getsource(decorated.value_and_grad)
    np.testing.assert_allclose(decorated.trace(x)["dx"], expected)
    assert decorated.check(x).status == "agrees"
    again = pickle.loads(pickle.dumps(decorated.grad))
    np.testing.assert_allclose(again(x), expected)


@pytest.mark.parametrize("call", [lambda made: made(), lambda made: made(1.0, 2.0, 3.0, 4.0), lambda made: made(y=1.0)])
def test_a_call_that_fits_no_signature_is_a_type_error(call: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError):
        call(grad(energy))


def test_a_refusal_that_needs_the_kinds_comes_at_the_call_with_its_place() -> None:
    def bits(x):
        y = x.copy()
        z = y.view(np.int64)
        return np.sum(y) + np.sum(z)

    with pytest.raises(UnsupportedError, match=r"test_dispatch\.py:\d+"):
        grad(bits)(np.ones(3))


def raised(x):
    x[0] += 1.0
    return x[0] * x[1]


def raised_name(x, y):
    x += 1.0
    return x * y


class Counting:
    """An object that counts its calls."""

    def __init__(self) -> None:
        self.calls = 0

    def product(self, x):
        self.calls += 1
        return x[0] * x[1]


def test_a_call_that_goes_to_another_text_changes_its_arguments_once() -> None:
    made: Any = grad(raised)
    assert made([1.0, 1.0, 1.0]) == [1.0, 2.0, 0.0]
    x = np.ones(3)
    assert made(x).tolist() == [1.0, 2.0, 0.0]
    assert x.tolist() == [2.0, 1.0, 1.0]
    made, x = vjp(raised_name), np.ones(3)
    dx, dy = made(x, np.full(3, 5.0), draised_name=np.ones(3))
    assert (dx.tolist(), dy.tolist(), x.tolist()) == ([5.0] * 3, [2.0] * 3, [2.0] * 3)
    counting = Counting()
    slopes = vjp(counting.product)(np.ones((3, 2)), dproduct=np.ones(2))
    assert slopes.tolist() == [[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]
    assert counting.calls == 1


def scaled_rows(A, b):
    for i in range(len(b)):
        A[i] = A[i] * b[i]
    return A


def test_what_lists_are_refused_for_may_be_right_for_arrays() -> None:
    made = vjp(scaled_rows)
    A, b, seed = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0]), np.array([[1.0, 10.0], [2.0, 20.0]])
    dA, db = made(A.copy(), b, dA=seed)
    np.testing.assert_allclose(dA, seed * b[:, None])
    np.testing.assert_allclose(db, np.sum(seed * A, axis=1))
    with pytest.raises(UnsupportedError, match="GG109"):
        made([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0], dA=seed.tolist())


def weighted(x, w=None):
    if w is None:
        w = np.full_like(x, 3.0)
    return np.sum(x * w)


def test_a_text_for_none_never_runs_on_a_value() -> None:
    made = grad(weighted, "x")
    x = np.array([1.0, 2.0, 3.0])
    for w, slope in ((None, 3.0), (np.ones((2, 3)), 2.0), (np.ones((1, 1, 1, 3)), 1.0), (5.0, 5.0), (None, 3.0)):
        np.testing.assert_allclose(made(x, w), np.full(3, slope))
    saved = load_standalone(grad(weighted, "x", like=(x,)).source, "weighted_grad")
    assert saved(x).tolist() == [3.0, 3.0, 3.0]
    for wrong in (np.ones((2, 3)), np.ones(3), np.ones((1, 1, 1, 3)), 5.0):
        with pytest.raises(TypeError):
            saved(x, wrong)


def as_array(x):
    x = np.asarray(x, dtype=float)
    return x @ x


def as_array_and_items(x):
    return np.sum(np.array(x) ** 2) + 5.0 * x[0]


@pytest.mark.parametrize("first", [[1.0, 2.0], (1.0, 2.0), np.array([1.0, 2.0])])
def test_lists_and_tuples_of_numbers_that_become_arrays_have_lists_and_tuples_of_slopes(first: Any) -> None:
    for function, extra in ((as_array, 0.0), (as_array_and_items, 5.0)):
        made = grad(function)
        for x in (first, [1.0, 2.0], (3.0, 1.0, 2), np.array([1.0, 2.0]), [np.float64(2.0), 1.0], (1.0, 2.0), [4]):
            found = made(x)
            assert type(found) is type(x)
            np.testing.assert_allclose(np.asarray(found), 2.0 * np.asarray(x) + np.eye(len(x))[0] * extra)


def test_a_text_for_lists_of_numbers_never_runs_on_others() -> None:
    saved = load_standalone(grad(as_array, like=([1.0, 2.0],)).source, "as_array_grad")
    assert saved([1.0, 2.0, 3.0]) == [2.0, 4.0, 6.0]
    for wrong in (np.ones(2), [np.ones(2), np.ones(2)], [[1.0, 2.0]], 3.0):
        with pytest.raises(TypeError):
            saved(wrong)


def filtered(signal, weights):
    smooth = np.zeros(len(signal) - len(weights) + 1)
    for i in range(len(smooth)):
        smooth[i] = np.dot(signal[i : i + len(weights)], weights)
    return smooth


def moments(x):
    return np.mean(x), np.sum(np.asarray(x) ** 2)


@pytest.mark.parametrize(("function", "wrt", "seeds"), [
    (filtered, ("signal", "weights"), ("dsmooth",)), (moments, ("x",), ("dmoments_0", "dmoments_1")),
    (scaled_rows, ("A", "b"), ("dA",)), (square, ("x",), ("dsquare",)), (weighted, ("x",), ("dweighted",)),
])
def test_the_names_of_seeds_are_known_before_the_first_call(function: Any, wrt: tuple[str, ...], seeds: tuple[str, ...]) -> None:
    made = vjp(function)
    assert (made.wrt, made.seeds) == (wrt, seeds)


def test_the_seeds_that_are_known_ahead_are_those_of_the_text() -> None:
    made = vjp(filtered)
    dsignal, dweights = made(np.arange(3.0), np.array([1.0, 2.0]), **{made.seeds[0]: np.array([1.0, 10.0])})
    assert (dsignal.tolist(), dweights.tolist()) == ([1.0, 12.0, 20.0], [10.0, 21.0])


def test_a_function_may_call_its_variables_as_python_calls_its_types() -> None:
    def f(x: float) -> float:
        float = 3 * x
        type = float * x
        return type

    assert grad(f)(2.0) == pytest.approx(12.0)


def scaled(a, b=2.0):
    x = a * b
    return x


def scaled_or_twice(a, b=None):
    if b is None:
        b = 2.0
    return a * b


def product_and_sum(a, b=2.0):
    x = a * b
    y = a + b
    return x, y


ROW = np.array([0.0, 1.0, 2.0])


@pytest.mark.parametrize(("fn", "seeds", "expected"), [
    (scaled, (2 * ROW,), (2 * ROW @ ROW, 6 * ROW)),
    (scaled_or_twice, (2 * ROW,), (2 * ROW @ ROW,)),
    (product_and_sum, (2 * ROW, ROW + 1), (2 * ROW @ ROW + np.sum(ROW + 1), 7 * ROW + 1)),
], ids=lambda case: getattr(case, "__name__", ""))
def test_an_array_for_a_parameter_with_a_default_gets_a_text_of_its_own(fn, seeds, expected):
    """The adjoint of the number 3.0 is summed over the array that it was multiplied with."""
    derivative = vjp(fn)
    found = derivative(3.0, ROW, **dict(zip(derivative.seeds, seeds, strict=True)))
    for got, want in zip(found if isinstance(found, tuple) else (found,), expected, strict=True):
        np.testing.assert_allclose(got, want)


def test_a_default_does_not_hide_that_an_array_is_returned():
    with pytest.raises(ArgumentError, match="returns an array"):
        grad(scaled)(3.0, ROW)


@pytest.mark.parametrize("fn", [scaled, product_and_sum])
def test_a_saved_text_for_numbers_refuses_an_array_for_any_parameter(fn):
    derivative = vjp(fn)
    alone = load_standalone(derivative.source, derivative.__name__)
    with pytest.raises(TypeError, match="for numbers"):
        alone(3.0, ROW, **dict.fromkeys(derivative.seeds, 1.0))


@pytest.mark.parametrize("value", ["2.0", None])
def test_an_argument_that_is_no_number_is_named_with_the_functions_place(value):
    with pytest.raises(TypeError, match=rf"^test_dispatch\.py:\d+: b is {value!r}; scaled is differentiated for numbers"):
        grad(scaled)(3.0, value)


TWO = np.array([2.0, 5.0])


def keyed(p, x):
    return len(p) * np.sum(p["a"] * x)


def ended(p, x):
    return np.sum(p[0] * x) + 3 * np.sum(p[-1])


@pytest.mark.parametrize(
    "fn, first, then, expected",
    [
        (keyed, {"a": TWO, "b": TWO}, {"a": TWO}, {"a": [3.0, -1.0]}),
        (keyed, {"a": TWO, "b": TWO}, {"a": TWO, "c": TWO}, {"a": [6.0, -2.0], "c": [0.0, 0.0]}),
        (ended, [TWO, TWO], [TWO], [[6.0, 2.0]]),
        (ended, [TWO, TWO], {0: TWO, -1: TWO}, {0: [3.0, -1.0], -1: [3.0, 3.0]}),
    ],
)
def test_an_argument_that_lacks_a_key_of_the_text_gets_a_text_of_its_own(fn, first, then, expected):
    at = np.array([3.0, -1.0])
    found = grad(fn, like=(first, at), wrt="p")(then, at)
    assert {key: list(part) for key, part in _parts(found)} == dict(_parts(expected))


def _parts(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items() if isinstance(value, dict) else enumerate(value))


def test_an_argument_that_the_function_cannot_read_either_raises_what_the_function_raises():
    with pytest.raises(KeyError, match="'a'"):
        grad(keyed, like=({"a": TWO, "b": TWO}, TWO))({"c": TWO}, TWO)


def first_elements(rows: Any) -> Any:
    total = 0.0
    for row in rows:
        u = row * 2
        total = total + u[0] * u[-1]
    return total


def test_an_annotation_that_tells_nothing_leaves_the_kinds_to_the_call() -> None:
    found = grad(first_elements)([np.array([1.5, 3.0])])
    assert np.array_equal(found[0], [12.0, 6.0])  # 4 * a * b


def _powers(v, k):
    return v**k


def handed_whole(x, k):
    if x[0] > 100:
        return _powers(x, k) * 2
    y = _powers(x, k)
    return y * k + y


def test_an_array_that_a_function_hands_out_of_a_container_is_no_number() -> None:
    x = np.array([0.3, 0.4, 0.9])
    with pytest.raises(ArgumentError, match=r"GG403.*returns an array"):
        grad(handed_whole, "x")(x, 2.0)
    for mode in ("forward", "reverse", "auto"):
        np.testing.assert_allclose(jacobian(handed_whole, "x", mode=mode)(x, 2.0), np.diag(6 * x))


def cubed_sines(x):
    return np.sum(np.sin(x) ** 3)


slopes_of_sines, moved_sines = grad(cubed_sines), jvp(cubed_sines)


def steepness(x):
    return np.sum(slopes_of_sines(2 * x) ** 2)


def along_ones(x):
    return moved_sines(x, x_dot=np.ones(3))[1]


def made_inside(x):
    return np.sum(grad(cubed_sines)(x) ** 2)


@pytest.mark.parametrize("fn", [steepness, along_ones, made_inside])
def test_derivatives_that_have_a_text_for_each_kind_are_called_in_functions(fn: Callable[..., Any]) -> None:
    x, step = np.array([0.3, -1.2, 2.0]), 1e-5
    differences = [(fn(x + step * each) - fn(x - step * each)) / (2 * step) for each in np.eye(3)]
    assert grad(fn)(x).tolist() == pytest.approx(differences, rel=1e-7, abs=1e-8)


def elements(x: Any, scale: float = 2.0) -> Any:
    return x[0] * x[1] * scale


def test_a_call_like_an_earlier_one_is_handed_on_at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    gradient = grad(elements, "x")
    np.testing.assert_allclose(gradient(np.array([3.0, 5.0, 7.0])), [10.0, 6.0, 0.0])
    looked: list[int] = []
    known = dispatch.kinds_like
    monkeypatch.setattr(dispatch, "kinds_like", lambda *args, **kwargs: looked.append(1) or known(*args, **kwargs))
    np.testing.assert_allclose(gradient(np.array([4.0, 5.0])), [10.0, 8.0])
    assert not looked
    np.testing.assert_allclose(gradient(np.array([4, 5])), [10.0, 8.0])
    np.testing.assert_allclose(gradient(np.array([4.0, 5.0], dtype=np.float32)), [10.0, 8.0])
    np.testing.assert_allclose(gradient(np.array([4.0, 5.0]), np.float64(3.0)), [15.0, 12.0])
    assert gradient([4.0, 5.0]) == [10.0, 8.0]
    assert looked


def three(x: Any) -> Any:
    return np.array([x, x * x, x + 2.5])


def handed_on(x: Any) -> Any:
    return three(x)


def test_an_array_that_a_callee_makes_of_numbers_is_handed_on() -> None:
    seed = np.array([1.0, 2.0, 3.0])
    assert vjp(handed_on)(3.0, dhanded_on=seed) == pytest.approx(1.0 + 2 * 2 * 3.0 + 3.0)
    value, tangent = jvp(handed_on)(3.0, x_dot=2.0)
    np.testing.assert_allclose(value, [3.0, 9.0, 5.5])
    np.testing.assert_allclose(tangent, [2.0, 12.0, 2.0])
    np.testing.assert_allclose(jacobian(handed_on)(3.0), [1.0, 6.0, 1.0])


def backwards(x: Any) -> Any:
    return x[::-1] * x


def in_a_column(x: Any) -> Any:
    return x.reshape((3, 1)) * 2


def rooted(x: Any) -> Any:
    return eval("x") * x[0]  # what is evaluated is not followed, whatever x is


def backwards_below(x: Any) -> Any:
    return backwards(x)


def in_a_column_below(x: Any) -> Any:
    return in_a_column(x)


def rooted_below(x: Any) -> Any:
    return rooted(x)


def test_callees_that_take_parts_of_arrays_are_handed_arrays() -> None:
    x, seed = np.array([2.0, 3.0, 5.0]), np.array([1.0, -2.0, 4.0])
    np.testing.assert_allclose(vjp(backwards_below)(x, dbackwards_below=seed), seed * x[::-1] + (seed * x)[::-1])
    np.testing.assert_allclose(vjp(in_a_column_below)(x, din_a_column_below=seed[:, None]), 2 * seed)
    _, tangent = jvp(backwards_below)(x, x_dot=seed)
    np.testing.assert_allclose(tangent, seed[::-1] * x + x[::-1] * seed)
    with pytest.raises(UnsupportedError, match="eval"):  # refused of arrays too, so that no call is waited for
        vjp(rooted_below)
