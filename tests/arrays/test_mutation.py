"""Stores into arrays, views and containers of arrays: right by differences, or refused where another name would show a write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from gradgen import grad, jvp, vjp
from gradgen.errors import UnsupportedError


def rows_with_targets(X: Any, y: Any, w: Any) -> Any:
    total = 0.0
    for x, t in zip(X, y, strict=False):
        total += (np.tanh(x @ w) - t) ** 2
    return total


def filled(X: Any, y: Any, w: Any) -> Any:
    H = np.zeros((4, 4))
    for i in range(3):
        H[i + 1] = np.tanh(H[i] * y[i] + X[i] * w)
    return H


def view_before_a_store(X: Any, y: Any, w: Any) -> Any:
    Y = X.copy()
    row = Y[0]
    s = np.sum(row**2)
    Y[1] = s * Y[2]
    return Y * w


def list_that_becomes_an_array(X: Any, y: Any, w: Any) -> Any:
    hs = []
    h = w * 2
    for i in range(3):
        h = np.sin(h) * X[i] + y[i]
        hs.append(h)
    hs = np.array(hs)
    return hs * X


def swapped(X: Any, y: Any, w: Any) -> Any:
    a, b = X[0], w
    a, b = b, a * b
    return a + 2 * b


def pair_of(u: Any, v: Any) -> tuple[Any, Any]:
    return u * v, u + v.sum()


def tuple_from_a_helper(X: Any, y: Any, w: Any) -> Any:
    a, b = pair_of(w, X[1])
    return a * b


def stored_through_an_alias(X: Any, y: Any, w: Any) -> Any:
    z = w
    z += X[0]
    return z * w


def changed_by_a_helper(X: Any, y: Any, w: Any) -> Any:
    v = w * 1.0
    return added_in_place(v, v) * v


def added_in_place(u: Any, t: Any) -> Any:
    u += t
    return u * t


def stored_through_a_dict(X: Any, y: Any, w: Any) -> Any:
    z = w * 1.0
    d = {"z": z}
    d["z"][0] = w[1] * 2
    return z * w


def stored_through_a_part(X: Any, y: Any, w: Any) -> Any:
    z = w * 1.0
    halves = np.split(z, 2)
    halves[0][0] = w[3] ** 2
    return z * w


def columns_set(u: Any) -> Any:
    whole = np.zeros((4, 3))
    turned = whole.T
    turned[0] = u * u
    return whole


def stored_below_through_a_view(X: Any, y: Any, w: Any) -> Any:
    return columns_set(w) @ y + np.sum(X, axis=0) * w


def cut_to_whole_numbers(X: Any, y: Any, w: Any) -> Any:
    z = np.zeros(4, dtype=int)
    z[:] = w * 3
    return z * w


def columns_normalised(X: Any, y: Any, w: Any) -> Any:
    z = X * w
    for j in range(z.shape[1]):
        column = z[:, j]
        column -= column.mean()
        column /= np.sqrt(np.sum(column ** 2) + y[0] ** 2)
    return z * w


def rows_scaled(X: Any, y: Any, w: Any) -> Any:
    z = X.copy()
    for i, row in enumerate(z):
        row[:2] = row[2:] * y[i]
    for row in z:
        row *= w
    return z * X


def two_views_of_one(X: Any, y: Any, w: Any) -> Any:
    z = w.copy()
    first, last = z[:3], z[1:]
    first *= X[0, :3]
    last += first
    z[2] = y[0] * 3
    return first * last


def turned_and_flat(X: Any, y: Any, w: Any) -> Any:
    z = np.zeros((4, 3))
    z[...] = X.T * y
    turned = z.T
    flat = z.ravel()
    square = z.reshape(2, 6)
    turned[0] = w ** 2
    flat[5] = w[3]
    square[1] *= square[0]
    z[3][1] = z[0][2] * w[1]
    z.T[2] = w
    z.ravel()[1] = y[1] ** 2
    return z * X.T


def an_argument_through_its_part(X: Any, y: Any, w: Any) -> Any:
    X = X.copy()
    part = X[1:, ::2]
    if y[0] > -9.0:
        part[part > 0] = 0.5
        np.multiply(part, w[:2], out=part)
    part.sort(axis=0)
    return X * part.sum()


def _arguments() -> list[Any]:
    rng = np.random.default_rng(3)
    return [rng.normal(size=(3, 4)), rng.normal(size=3), rng.normal(size=4)]


def _slope(function: Callable[..., Any], at: Sequence[Any], along: Sequence[Any], seed: Any) -> float:
    def value(size: float) -> float:
        return float(np.sum(seed * function(*(a + size * d for a, d in zip(at, along, strict=True)))))

    return (value(1e-5) - value(-1e-5)) / 2e-5


@pytest.mark.parametrize("function", [
    rows_with_targets, filled, view_before_a_store, list_that_becomes_an_array, swapped, tuple_from_a_helper,
    stored_below_through_a_view, columns_normalised, rows_scaled, two_views_of_one, turned_and_flat, an_argument_through_its_part,
])
def test_gradients_agree_with_differences_and_leave_the_arguments_alone(function: Callable[..., Any]) -> None:
    rng = np.random.default_rng(7)
    given, kept = _arguments(), _arguments()
    seed = rng.normal(size=np.shape(function(*_arguments())))
    derivative = vjp(function, ("X", "y", "w"), like=given)
    gradients = derivative(*given, **{derivative.seeds[0]: seed})
    direction = [rng.normal(size=each.shape) for each in given]
    along = sum(float(np.sum(g * d)) for g, d in zip(gradients, direction, strict=True))
    assert along == pytest.approx(_slope(function, kept, direction, seed), rel=1e-6)
    assert all(np.array_equal(a, b) for a, b in zip(given, kept, strict=True))


def zeroed_flat(X: Any, y: Any, w: Any) -> Any:
    z = X * w
    z.ravel()[1] = 0.0
    return z * w


def zeroed_row(X: Any, y: Any, w: Any) -> Any:
    z = X * w
    np.asarray(z)[0] = 0.0
    return z * w


def zeroed_in_a_helper(X: Any, y: Any, w: Any) -> Any:
    z, place = X * w, y[1:] * 0
    row_at(len(place), z)[0] = 0.0
    return z * w


def stored_where_the_memory_may_lie_otherwise(X: Any, y: Any, w: Any) -> Any:
    z = X * w
    flat = z.ravel()
    flat[0] = y[0]
    return z * w


def named_twice(X: Any, y: Any, w: Any) -> Any:
    z = X * w
    part = z[0]
    again = part
    again *= 2
    return z * w


def handed_on(X: Any, y: Any, w: Any) -> Any:
    z = X * w
    part = z[0]
    parts = [part]
    part *= 2
    return parts[0] * z


def row_at(place: Any, of: Any) -> Any:
    return of[place]


@pytest.mark.parametrize(("function", "code"), [
    (zeroed_flat, "GG106"), (zeroed_row, "GG106"), (zeroed_in_a_helper, "GG106"),
    (stored_through_an_alias, "GG109"), (changed_by_a_helper, "GG109"), (cut_to_whole_numbers, "GG106"),
    (stored_through_a_dict, "GG109"), (stored_through_a_part, "GG109"), (stored_where_the_memory_may_lie_otherwise, "GG109"),
    (named_twice, "GG109"), (handed_on, "GG109"),
])
def test_what_another_name_would_show_or_cut_off_is_refused(function: Callable[..., Any], code: str) -> None:
    with pytest.raises(UnsupportedError, match=code):
        vjp(function, ("X", "w"), like=_arguments())(*_arguments(), **{f"d{function.__name__}": 1.0})
    if code == "GG109":
        with pytest.raises(UnsupportedError, match=code):
            jvp(function, ("X", "w"), like=_arguments())


def rows_gone_through_while_they_change(X: Any) -> Any:
    for row in X:
        X *= row
    return np.sum(X)


def test_a_tangent_follows_no_array_that_is_gone_through_while_it_changes() -> None:
    with pytest.raises(UnsupportedError, match="GG109"):
        jvp(rows_gone_through_while_they_change, like=(_arguments()[0],))


def stored_from_another(x: Any, y: Any) -> Any:
    x[0] = 3 * y[0]
    return np.sum(x * y)


@pytest.mark.parametrize("derivative", [
    lambda x, y: grad(stored_from_another)(x, y), lambda x, y: vjp(stored_from_another)(x, y, dstored_from_another=1.0),
    lambda x, y: jvp(stored_from_another)(x, y, x_dot=np.ones(3), y_dot=np.ones(3)),
])
def test_arguments_that_share_data_raise_where_one_of_them_is_written_to(derivative: Callable[..., Any]) -> None:
    x = np.array([1.0, 2.0, 3.0])
    derivative(x.copy(), x.copy())
    for other in (x, x[::-1]):
        with pytest.raises(ArithmeticError, match="GG109.*another argument shares"):
            derivative(x, other)


def test_stores_whose_old_values_no_line_reads_keep_no_copy() -> None:
    summed = grad(stored_from_another, like=(np.ones(3), np.ones(3)))
    assert ".copy()" not in summed.source
    dx, dy = summed(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0]))  # x becomes (12, 2, 3)
    assert dx == pytest.approx([0.0, 5.0, 6.0]) and dy == pytest.approx([24.0, 2.0, 3.0])


def iterated(v: Any) -> Any:
    s = 0.0
    for i in range(3):
        s = np.sin(s * 0.5 + v[i] ** 2)
    return s


def doubled(v: Any) -> Any:
    w = v * 2
    for _ in range(2):
        w = np.sin(w) * w
    return w


def changed_after_a_call(X: Any, y: Any, w: Any) -> Any:
    v = w * 1.0
    a = iterated(v)
    v[0] = 5.0 * a
    return v * a


def result_changed(X: Any, y: Any, w: Any) -> Any:
    v = doubled(w * 1.0)
    v[1] = v[0] * v[2]
    return v * w


@pytest.mark.parametrize("function", [changed_after_a_call, result_changed])
def test_what_a_callee_keeps_is_not_what_a_later_store_changes(function: Callable[..., Any]) -> None:
    given = _arguments()
    seed = np.array([0.3, -1.2, 0.7, 1.9])
    derivative = vjp(function, "w", like=given)
    gradient = derivative(*given, **{derivative.seeds[0]: seed})
    direction = [np.zeros((3, 4)), np.zeros(3), np.array([0.4, 1.1, -0.6, 0.2])]
    assert np.sum(gradient * direction[2]) == pytest.approx(_slope(function, _arguments(), direction, seed), rel=1e-6)


class Scaled:
    """A method that counts its calls."""

    def __init__(self) -> None:
        self.calls = 0
        self.rate = 2.0
        self.table = [(0.5, 1.0), (1.5, -2.0)]

    def term(self, t: Any) -> Any:
        return t**2 if t > 0 else self.rate * t

    def value(self, x: Any) -> Any:
        self.calls += 1
        linear = np.sum([a * x[0] + b * x[1] for a, b in self.table])
        return linear + sum(self.term(x[i]) for i in range(len(x))) * np.exp(-x[0] / self.rate)

    def moving(self, x: Any) -> Any:
        y = x * self.rate
        self.rate += 1.0
        return np.sum(y**2) * self.rate


def test_a_counter_leaves_other_attributes_as_they_are() -> None:
    owner, x = Scaled(), np.array([0.7, -1.3])
    derivative = grad(owner.value)
    found = derivative(x)
    # 2 x0 - x1 + (x0^2 + 2 x1) e^(-x0/2)
    factor, inner = np.exp(-0.35), 0.49 - 2.6
    assert found == pytest.approx([2.0 + (1.4 - inner / 2) * factor, -1.0 + 2 * factor], rel=1e-12)
    assert owner.calls == 1
    assert "/ self.rate" in derivative.source.split("# backward")[1]


def test_an_attribute_that_changes_is_kept_as_it_was() -> None:
    owner, x = Scaled(), np.array([0.7, -1.3])
    assert grad(owner.moving)(x) == pytest.approx(2 * x * 2.0**2 * 3.0)
    assert owner.rate == 3.0


class Settings:
    rate = 2.0


def changed_setting(x: float) -> float:
    y = x * Settings.rate
    Settings.rate += 1.0
    return y**2 * Settings.rate


def test_an_attribute_of_a_global_that_changes_is_kept_as_it_was() -> None:
    assert grad(changed_setting)(1.5) == 2 * 1.5 * 2.0**2 * 3.0


def test_the_gradient_by_an_argument_that_is_bound_anew_has_the_arguments_shape() -> None:
    def other(x: Any, y: Any) -> Any:
        y = x * x
        return y * 2.0

    x, y = np.array([1.0, 2.0, 3.0]), np.ones((2, 4))
    dx, dy = vjp(other, wrt=("x", "y"), like=(x, y))(x, y, dother=np.ones(3))
    np.testing.assert_allclose(dx, 4 * x)
    np.testing.assert_array_equal(dy, np.zeros((2, 4)))
def recurrence(x: Any) -> Any:
    y = np.zeros(x.shape[0])
    y[0] = x[0]
    for i in range(1, x.shape[0]):
        y[i] = np.sin(y[i - 1]) * x[i]
    return y


def swept_again_and_again(x: Any) -> Any:
    for _ in range(3):
        for i in range(1, len(x)):
            x[i] = x[i] * x[i - 1] + 0.1
    return np.sum(x**2) * np.ones(4)


def left_early(x: Any) -> Any:
    y = x * 2
    for i in range(len(x)):
        y[i] *= y[i - 1]
        y[-1] -= y[i] ** 2
        if y[i] > 0.5:
            break
    return np.sum(np.sin(y)) * y


def made_anew_each_turn(x: Any) -> Any:
    s = 0.0
    for _ in range(2):
        y = np.zeros(4)
        for i in range(4):
            y[i] = x[i] * y[i - 1] + x[i] ** 2
            y[i] = y[i] ** 2
        s = s + np.prod(y + 1)
    return s * x


def with_a_mask_between(x: Any) -> Any:
    y, z = np.zeros(4), np.zeros(4)
    for i in range(4):
        y[i] = x[i] ** 2
        z[i] = y[i] * np.sum(y)
        y[x > 0.4] += 0.1
    y = y * 2
    for i in range(3):
        y[i + 1] = y[i] * y[i + 1]
    return y * z


def bound_anew_between(x: Any) -> Any:
    y = x * 1.0
    for _ in range(3):
        y[2] = y[2] ** 2
        y = y * y[0]
        y[0] = y[1] * 2
    return y


def while_there_are_elements(x: Any) -> Any:
    y, i = x.copy(), 0
    while i < 3:
        y[i] = y[i] * y[i + 1]
        i += 1
    return y**2


def states_in_rows(x: Any) -> Any:
    a, b = np.zeros((4, 2)), np.zeros((4, 2))
    for i in range(3):
        a[i + 1] = np.sin(a[i]) * b[i] + x[i]
        b[i + 1] = x[1:3] * np.tanh(a[i + 1])
    return np.sum(b) * x


@pytest.mark.parametrize("function", [
    recurrence, swept_again_and_again, left_early, made_anew_each_turn, with_a_mask_between, bound_anew_between,
    while_there_are_elements, states_in_rows,
])
def test_stores_in_loops_are_undone_one_by_one(function: Callable[..., Any]) -> None:
    x, direction = np.array([0.3, 0.5, 0.8, 0.2]), np.array([0.7, -1.1, 0.4, 1.3])
    seed = np.array([0.3, -1.2, 0.7, 1.9])
    derivative = vjp(function, like=(x,))
    given, left = x.copy(), x.copy()
    gradient = derivative(given, **{derivative.seeds[0]: seed})
    function(left)
    assert np.array_equal(given, left)
    ends = [np.sum(seed * function(x + size * direction)) for size in (1e-5, -1e-5)]
    assert np.sum(gradient * direction) == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-6)


@pytest.mark.parametrize("function", [recurrence, swept_again_and_again, while_there_are_elements])
def test_a_store_of_an_element_in_a_loop_keeps_that_element_alone(function: Callable[..., Any]) -> None:
    text = vjp(function, like=(np.ones(4),)).source
    assert "i] = " in text.split("# backward")[1] and ".copy())" not in text


def view_in_a_list(X: Any, y: Any, w: Any) -> Any:
    v = w * 1.0
    top = np.max([v[...], np.tanh(v)])
    v[:] = v * top
    return v * w


def test_a_list_that_holds_a_view_is_read_as_it_was() -> None:
    given, seed = _arguments(), np.array([0.3, -1.2, 0.7, 1.9])
    derivative = vjp(view_in_a_list, "w", like=given)
    gradient = derivative(*given, **{derivative.seeds[0]: seed})
    direction = [np.zeros((3, 4)), np.zeros(3), np.array([0.4, 1.1, -0.6, 0.2])]
    assert np.sum(gradient * direction[2]) == pytest.approx(_slope(view_in_a_list, _arguments(), direction, seed), rel=1e-6)


class Counting:
    calls = 0

    def fun(self, x: Any, *args: Any) -> Any:
        self.calls += 1
        return np.sum(x**2)


def test_further_arguments_that_nothing_reads_are_not_asked_for() -> None:
    assert grad(Counting().fun)(np.array([1.0, -2.0])) == pytest.approx([2.0, -4.0])


def with_an_element_apart(x: Any, y: Any) -> Any:
    w = x * 2.0
    return np.sum(y * x) - x[1] + np.sum(w * y)


def test_an_adjoint_that_elements_are_added_to_is_not_read_for_another_of_its_first_line() -> None:
    dx, dy = grad(with_an_element_apart, like=(np.ones(3), np.ones(3)))(np.array([1.0, 2.0, 4.0]), np.array([0.5, 0.25, -1.0]))
    assert dx == pytest.approx([1.5, -0.25, -3.0]) and dy == pytest.approx([3.0, 6.0, 12.0])
