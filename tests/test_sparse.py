"""Sparse Jacobians and Hessians: entries against differences, how many products they take, patterns never too small.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import rosen_hess
from scipy.signal import lfilter
from scipy.sparse import csr_array

import gradgen
from gradgen.sparse import compressed
from gradgen.sparse.colouring import groups_of, symmetric_groups, turned
from gradgen.sparse.running import dependencies
from gradgen.sparse.tracing import Untraceable
from tests.forward.written import function

X = np.random.default_rng(5).normal(size=12)
GRID = X.reshape(3, 4)
ENDS = np.array([[0, 1], [1, 2], [2, 3], [4, 3], [5, 6], [6, 7]])
BAND = np.diag(np.ones(12)) - np.diag(np.ones(11), 1)


def chain(x: Any) -> Any:
    return 3 * x[1:-1] ** 3 - np.sin(x[:-2]) * x[2:]


def arrow(x: Any) -> Any:
    y = x**2
    y[0] = np.sum(x)
    return y


def by_the_first(x: Any) -> Any:
    return x * x[0]


def stored(x: Any) -> Any:
    y = np.zeros(12)
    y[0] = x[0]
    for i in range(1, 12):
        y[i] = math.sin(x[i]) * x[i - 1]
    return y


def stencil(u: Any) -> Any:
    return u[1:-1, 1:-1] * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2])


def banded(x: Any) -> Any:
    return np.exp(BAND @ x)


def pairs(v: Any) -> Any:
    return v[1:] * v[:-1]


def twice(x: Any) -> Any:
    return pairs(pairs(x))


def larger(x: Any) -> Any:
    return np.maximum(x[1:], x[:-1]) ** 2


def branching(x: Any) -> Any:
    return x[:6] * x[6:] if x[0] < 0 else x[:6] * x[0]


def sorted_squares(x: Any) -> Any:
    return np.sort(x) ** 2


def energy(x: Any) -> Any:
    return np.sum(x**2)


def springs(x: Any) -> Any:
    ends = np.array(ENDS)
    stretch = x[ends[:, 0]] - x[ends[:, 1]]
    return np.sum(stretch**4)


def blocks(x: Any) -> Any:
    return np.sum(np.sum(x.reshape(-1, 3), axis=1) ** 3)


def joined(x: Any) -> Any:
    return np.concatenate([x[:3] ** 2, np.array([x[3] * x[4], 1.0]), np.cumsum(x[:4])])


CASES: list[tuple[Callable[..., Any], Any, str, int]] = [
    (chain, X, "auto", 3), (arrow, X, "auto", 2), (by_the_first, X, "auto", 2), (by_the_first, X, "reverse", 12),
    (stored, X, "auto", 2), (stencil, GRID, "auto", 2), (banded, X, "auto", 2), (twice, X, "forward", 3), (larger, X, "auto", 2),
    (branching, X, "auto", 1), (branching, X + 5.0, "auto", 2), (sorted_squares, X, "auto", 12), (energy, X, "auto", 1),
    (joined, X, "forward", 4),
]


def differences(fn: Callable[..., Any], x: Any) -> Any:
    columns = []
    for at in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[at] = 1e-3

        def quotient(factor: float, step: Any = step) -> Any:
            ends = fn((x + factor * step).copy()), fn((x - factor * step).copy())
            return np.ravel(ends[0] - ends[1]) / (2e-3 * factor)

        columns.append((4 * quotient(0.5) - quotient(1.0)) / 3)
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize(("fn", "x", "mode", "count"), CASES, ids=lambda each: getattr(each, "__name__", ""))
def test_entries_are_slopes_and_products_are_few(fn: Callable[..., Any], x: Any, mode: Any, count: int) -> None:
    made = gradgen.jacobian(fn, sparse=True, mode=mode)
    found = made(x.copy())
    assert isinstance(found, csr_array)
    np.testing.assert_allclose(found.toarray(), differences(fn, x), rtol=1e-7, atol=1e-8)
    assert made.count == count


def test_a_hessian_takes_as_many_products_as_its_band_is_wide() -> None:
    def rosen(x: Any) -> Any:
        return np.sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0)

    made = gradgen.hessian(rosen, sparse=True)
    for size in (12, 40):
        x = np.random.default_rng(size).normal(size=size)
        np.testing.assert_allclose(made(x).toarray(), rosen_hess(x), rtol=1e-10)
        assert made.count == 3


def bent(x: Any) -> Any:
    return np.sum(np.convolve(x, [1.0, -2.0, 1.0], mode="valid") ** 4)


@pytest.mark.parametrize(("fn", "most"), [(springs, 3), (blocks, 3), (bent, 5)])
def test_hessians_of_sums_over_neighbours_take_few_products(fn: Callable[..., Any], most: int) -> None:
    made = gradgen.hessian(fn, sparse=True)
    np.testing.assert_allclose(made(X).toarray(), differences(gradgen.grad(fn), X), rtol=1e-7, atol=1e-8)
    assert made.count <= most


def star(x: Any) -> Any:
    return np.sum(x[1:] ** 2 * x[0]) + np.sum(x**3)


def test_a_hessian_like_an_arrow_takes_two_products() -> None:
    """The full column is told by its own product, the full row by its mirror image."""
    for size in (2, 12, 500):
        x = np.linspace(-1.0, 1.5, size)
        wanted = np.diag(np.concatenate(([0.0], np.full(size - 1, 2 * x[0]))) + 6 * x)
        wanted[0, 1:] = wanted[1:, 0] = 2 * x[1:]
        second = gradgen.hessian(star, sparse=True)
        np.testing.assert_allclose(second(x).toarray(), wanted, atol=1e-12)
        assert second.count == 2


def test_a_symmetric_matrix_is_told_by_the_products_with_its_groups() -> None:
    rng = np.random.default_rng(8)
    for _ in range(60):
        size = int(rng.integers(1, 14))
        places = rng.random((size, size)) < rng.uniform(0.0, 0.6)
        matrix = np.where(places | places.T, 1.0, 0.0) * rng.normal(size=(size, size))
        matrix = matrix + matrix.T
        lines = [set(np.flatnonzero(row)) for row in matrix]
        groups = symmetric_groups(lines)
        if max(groups) < 0:
            continue
        found, count = compressed._mirrored(lines, groups, lambda direction, matrix=matrix: matrix @ direction)
        np.testing.assert_array_equal(found.toarray(), matrix)
        assert count <= size


def test_other_arguments_are_held_and_another_shape_gets_its_own_pattern() -> None:
    def scaled(x: Any, k: Any, n: int) -> Any:
        return k * x[n:] * x[:-n]

    made = gradgen.jacobian(scaled, wrt="x", sparse=True)
    for size, n in ((5, 1), (8, 3)):
        x = np.arange(1.0, size + 1)
        expected = np.zeros((size - n, size))
        for i in range(size - n):
            expected[i, i] += 2.0 * x[i + n]
            expected[i, i + n] += 2.0 * x[i]
        np.testing.assert_allclose(made(x, 2.0, n=n).toarray(), expected)


@pytest.mark.parametrize("wrong", [frozenset(), frozenset((0,))])
def test_a_pattern_that_is_too_small_is_not_trusted(wrong: frozenset[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed, "dependencies", lambda *_: [wrong] * 10)
    made = gradgen.jacobian(chain, sparse=True)
    np.testing.assert_allclose(made(X).toarray(), differences(chain, X), rtol=1e-7, atol=1e-8)
    assert made.count == 10


EXPRESSIONS = """
x.sum() * x
x.reshape(3, 4).mean(axis=0)
np.max(x.reshape(3, 4), axis=1, keepdims=True)
np.prod(x[:3]) + x[3:5]
x.reshape(3, 4).T @ x[:3]
np.outer(x[:2], x[2:5])
np.dot(x[:3], x[3:6]) * x[:2]
np.where(x > 0, x, x[::-1])
np.clip(x, x[0], 2.0)
np.diff(x)
np.cumsum(x)
np.cumprod(x.reshape(3, 4), axis=1)
np.roll(x, 2) * np.flip(x)
np.pad(x, 1, constant_values=3.0)
np.pad(x, 2, mode="reflect")
np.diag(x[:3])
np.tril(x.reshape(3, 4))
np.stack([x[:3], x[3:6]]) * x[0]
np.vstack([x[:3], np.ones(3)])
np.split(x, 3)[1] * x[0]
np.take(x, [3, 1, 1])
x[[0, 2, 2]] * x[-1]
np.linalg.norm(x.reshape(3, 4), axis=0)
np.hypot(x[1:], x[:-1]) + abs(x[0])
np.array([x[0] * x[1], math.exp(x[2])])
np.zeros_like(x) + x[3] * np.ones(12)
np.repeat(x[:2], 3) ** 2
np.sqrt(x**2 + 1) / (1 + x[::-1] ** 2)
sum(x[:4]) * x[5:7]
max(x[0], x[1]) * x[2:4]
np.convolve(x, [1.0, 0.0, -2.0], mode='same') * x
np.convolve(x[:3], x[3:8], mode='valid')
np.correlate(x[:3], x[3:8], mode='full')
np.correlate(x, [0.0, 2.0], mode='same')
np.einsum('ij,jk->ki', x.reshape(4, 3), x[:6].reshape(3, 2))
np.einsum('i,i', x[:4], [1.0, 0.0, 2.0, 0.0]) * x[5:7]
np.full_like(x.reshape(4, 3), x[:4, None]) ** 2
np.var(x.reshape(3, 4), axis=1)
""".strip().splitlines()


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_an_element_depends_on_is_among_its_set(expression: str) -> None:
    fn = function(f"def f(x):\n    return {expression}\n", {"np": np, "math": math})
    sets = dependencies(fn, {"x": X}, ("x",))
    slopes = differences(fn, X)
    assert len(sets) == len(slopes)
    for row, found in zip(slopes, sets, strict=True):
        assert {place for place, slope in enumerate(row) if abs(slope) > 1e-6} <= found


@pytest.mark.parametrize("expression", [
    "np.fft.fft(x).real", "float(x[0]) * x", "np.linalg.solve(np.diag(x), x)", "x[int(x[0])] * x", "x.tolist()",
    "np.einsum('...i,...i', x, x)", "math.gamma(x[0]) * x", "np.sort(x)", "np.pad(x, 1, mode='mean')",
])
def test_what_sets_cannot_be_followed_through_is_said(expression: str) -> None:
    fn = function(f"def f(x):\n    return {expression}\n", {"np": np, "math": math})
    with pytest.raises(Untraceable):
        dependencies(fn, {"x": X}, ("x",))


def test_groups_have_no_place_in_common() -> None:
    rng = np.random.default_rng(2)
    lines = [set(np.flatnonzero(rng.random(30) < 0.1)) for _ in range(40)]
    groups = groups_of(lines, 30)
    assert sorted(line for group in groups for line in group) == [line for line in range(40) if lines[line]]
    for group in groups:
        places = [place for line in group for place in lines[line]]
        assert len(places) == len(set(places))
    assert turned(turned(lines, 30), 40) == lines


SEVERAL: list[tuple[str, Any, str, int]] = [  # values of a function of x, y and k, by what, in which mode, in how many products
    ("x[1:] * y[:-1] * k, np.sin(y), np.sum(x)", "x", "reverse", 2),
    ("x[1:] * y[:-1] * k, np.sin(y), np.sum(x)", None, "auto", 12),
    ("x * y**2", ("y", "x"), "forward", 2), ("x * y**2", ("y", "x"), "auto", 1), ("np.sum(x), x[0] * y[1]", None, "auto", 2),
    ("[x**2, x[0]]", "x", "auto", 1), ("(x * k,)", ("x",), "auto", 1), ("x[:3] * k, 3.0", "x", "auto", 1),
]


@pytest.mark.parametrize(("values", "wrt", "mode", "count"), SEVERAL)
def test_several_results_and_arguments_have_a_matrix_each(values: str, wrt: Any, mode: Any, count: int) -> None:
    fn = function(f"def f(x, y, k):\n    return {values}\n", {"np": np})
    at = {"x": X, "y": X[::-1] + 2.0, "k": 0.7}
    made = gradgen.jacobian(fn, wrt=wrt, sparse=True, mode=mode)
    found = made(**at)
    names = ("x", "y", "k") if wrt is None else (wrt,) if isinstance(wrt, str) else wrt
    value = fn(**at)
    is_vector = not isinstance(value, tuple | list) or not any(map(np.shape, value))
    for place in range(1 if is_vector else len(value)):
        row = found if is_vector else found[place]
        for name, part in zip(names, (row,) if isinstance(wrt, str) else row, strict=True):
            def of(v: Any, name: str = name, place: int = place) -> Any:
                moved = fn(**{**at, name: v if v.shape else float(v)})
                return np.array(moved) if is_vector else np.asarray(moved[place])

            expected = differences(of, np.asarray(at[name]))
            np.testing.assert_allclose(part.toarray(), expected.reshape(part.shape), rtol=1e-7, atol=1e-8)
    assert made.count == count and made.wrt == names


@pytest.mark.parametrize(("wrt", "count"), [(None, 24), (("y", "x"), 6), (("x",), 2)])
def test_a_hessian_by_several_arguments_has_a_matrix_for_each_pair(wrt: Any, count: int) -> None:
    fn = function("def f(x, y, k):\n    return np.sum(x[1:] * x[:-1] * y[1:]) * k**2\n", {"np": np})
    x, y, k = X, X[::-1] + 2.0, 0.7
    lower, upper = np.eye(12, k=-1), np.eye(12, k=1)
    moving = np.zeros((12, 12))
    moving[1:, 1:] += np.diag(x[:-1])
    moving[:-1, 1:] += np.diag(x[1:])
    by_x = upper @ (x * y) + y * (lower @ x)
    by_x[0], by_y = x[1] * y[1], np.append(0.0, x[1:] * x[:-1])
    of_x_x = np.diag(y[1:], 1) + np.diag(y[1:], -1)
    total = float(by_y @ y)
    expected = {
        "xx": k**2 * of_x_x, "xy": k**2 * moving, "yx": k**2 * moving.T, "yy": np.zeros((12, 12)), "kk": np.array([[2 * total]]),
        "xk": 2 * k * by_x[:, None], "kx": 2 * k * by_x[None], "yk": 2 * k * by_y[:, None], "ky": 2 * k * by_y[None],
    }
    made = gradgen.hessian(fn, wrt=wrt, sparse=True)
    names = wrt or ("x", "y", "k")
    for first, row in zip(names, made(x, y, k), strict=True):
        for second, part in zip(names, row, strict=True):
            np.testing.assert_allclose(part.toarray(), expected[first + second], atol=1e-12)
    assert made.count <= count


def test_what_holds_several_values_and_other_modes_are_refused() -> None:
    keyed = function("def f(x):\n    return {'a': x * 2, 'b': x}\n")
    with pytest.raises(ValueError, match="ask for jvp"):
        gradgen.jacobian(keyed, sparse=True)(X)
    with pytest.raises(ValueError, match="how many there are"):
        gradgen.jacobian(function("def f(x):\n    return [x * 2, x]\n"), mode="reverse", sparse=True)(X)
    product = function("def f(x, y):\n    return x * y\n")
    with pytest.raises(ValueError, match="sideways"):
        gradgen.jacobian(product, sparse=True, mode="sideways")  # type: ignore[call-overload]


def test_it_may_be_asked_for_above_a_definition() -> None:
    @gradgen.jacobian(sparse=True)
    def squares(x: Any) -> Any:
        return x**2

    np.testing.assert_allclose(squares(X).toarray(), np.diag(2 * X))
    assert squares.count == 1 and squares.wrt == ("x",) and "squares_jvp" in squares.source


def drawing(x: Any, rng: Any) -> Any:
    return x * rng.random(3)


def drawing_a_number(x: Any, rng: Any) -> Any:
    return np.sum((x * rng.random(3)) ** 2) * x[0]


def moving_on(x: Any, numbers: Any) -> Any:
    return x * next(numbers)


def keeping(x: Any, seen: list[Any]) -> Any:
    seen.append(1.0)
    return x * len(seen)


def test_each_run_draws_and_takes_the_same() -> None:
    x = np.array([1.0, 2.0, 3.0])
    drawn = np.random.default_rng(3).random(3)
    rng = np.random.default_rng(3)
    np.testing.assert_allclose(gradgen.jacobian(drawing, "x", sparse=True)(x, rng).toarray(), np.diag(drawn))
    first = np.array([1.0, 0.0, 0.0])
    expected = 2 * np.diag(drawn**2) * x[0] + 2 * (np.outer(drawn**2 * x, first) + np.outer(first, drawn**2 * x))
    found = gradgen.hessian(drawing_a_number, "x", sparse=True)(x, np.random.default_rng(3))
    np.testing.assert_allclose(found.toarray(), expected)
    made = gradgen.jacobian(moving_on, "x", sparse=True)
    np.testing.assert_allclose(made(x, iter([5.0])).toarray(), 5 * np.eye(3))
    with pytest.raises(ValueError, match="numbers is gone through more than once.*pass a list"):
        made(x, (each for each in [5.0]))
    seen: list[Any] = []
    np.testing.assert_allclose(gradgen.jacobian(keeping, "x", sparse=True)(x, seen).toarray(), np.eye(3))
    assert seen == []


WITHOUT_A_PATTERN = (
    "def f(x):\n    return np.linalg.norm(x, 1) * x\n",
    "def f(x):\n    return np.array([x[0] * x[1], np.fromiter((v * v for v in x), float).sum()])\n",
    "def f(x):\n    return lfilter([1.0, 0.5], [1.0, 0.2], x)\n",
    "def f(x, c=C):\n    rows = c.copy()\n    rows[1, 0] = x[0] * x[1]\n    return rows @ x\n",
    "def f(x):\n    rows = np.eye(12)\n    rows[1, 0] = x[0] * x[1]\n    return rows @ x\n",
)


@pytest.mark.parametrize("text", WITHOUT_A_PATTERN)
def test_what_index_sets_do_not_go_through_gets_a_whole_pattern(text: str) -> None:
    fn = function(text, {"np": np, "lfilter": lfilter, "C": np.eye(12)})
    x = np.linspace(0.5, 1.5, 12)
    moved = [(fn(x + step) - fn(x - step)) / 2e-6 for step in 1e-6 * np.eye(12)]
    found = gradgen.jacobian(fn, "x", sparse=True)(x).toarray()
    np.testing.assert_allclose(found, np.transpose(moved), atol=1e-8)


def test_norms_of_every_kind_have_hessians() -> None:
    x = np.arange(1.0, 5.0).reshape(2, 2)
    for order in ("fro", 2):
        fn = function(f"def f(x):\n    return np.linalg.norm(x, {order!r}) ** 2\n", {"np": np})
        slope = gradgen.grad(fn)
        moved = [(slope(x + step.reshape(2, 2)) - slope(x - step.reshape(2, 2))).ravel() / 2e-5 for step in 1e-5 * np.eye(4)]
        np.testing.assert_allclose(gradgen.hessian(fn, sparse=True)(x).toarray(), moved, atol=1e-7)


def test_constant_matrices_that_are_made_inside_keep_products_few() -> None:
    text = "def f(x):\n    return np.kron(np.eye(6), [[2.0, -1.0], [-1.0, 2.0]]) @ x + (np.eye(12) @ x) ** 2\n"
    made = gradgen.jacobian(function(text, {"np": np}), sparse=True)
    x = np.linspace(0.5, 1.5, 12)
    expected = np.kron(np.eye(6), [[2.0, -1.0], [-1.0, 2.0]]) + 2 * np.diag(x)
    np.testing.assert_allclose(made(x).toarray(), expected)
    assert made.count == 2
