"""An operator between what may be lists joins or repeats them, where a call brings lists; of arrays it is a sum or a product. Of
tuples, and of lists that go into other containers, it is refused."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from gradgen import UnsupportedError, grad, jvp, vjp


def glued(a: Any, b: Any) -> Any:
    c = a + b
    return c[0] * c[1]


def gone_through(a: Any, b: Any) -> Any:
    total = 0.0
    for v in a + b:
        total += v * v * v
    return total


def first_times_second(c: Any) -> Any:
    return c[0] * c[1]


def handed_on(a: Any, b: Any) -> Any:
    return first_times_second(a + b)


def one_way_only(a: Any, b: Any) -> Any:
    return first_times_second(a if a is b else a + b)


def listed(a: Any, b: Any) -> Any:
    return sum([v * v for v in a + b])


def perimeter(ps: Any) -> Any:
    return sum((q[0] - p[0]) ** 2 + (q[1] - p[1]) ** 2 for p, q in zip(ps, ps[1:] + ps[:1], strict=True))


def repeated(xs: Any) -> Any:
    return sum(i * x for i, x in enumerate(xs * 2))


def element(a: Any, b: Any) -> Any:
    return (a + b)[1]


def joined_and_changed(a: Any, b: Any) -> Any:
    c = a + b
    c.sort(reverse=True)
    c.insert(1, a[0] * b[0])
    del c[0]
    return sum(i * v * v for i, v in enumerate(c))


def taken_out_of_the_middle(a: Any, b: Any) -> Any:
    c = a + b + b
    place = 2
    second = c.pop(1)
    del c[place]
    third = c.pop(-2)
    return max(c[1:]) * min(c[:2]) + second * c[0] ** 2 + c[1] * third


def row_by_row(a: Any, b: Any) -> Any:
    rows = []
    for x in a:
        row = [x]
        for y in b:
            row.append(x * y)
        rows.append(row)
    return sum(rows[i][0] * rows[i][2] for i in range(2)) + rows[0][1] * rows[1][1]


def put_in_twice(a: Any, b: Any) -> Any:
    row = [a[0]]
    row.append(b[0])
    rows = [row]
    rows.append(row)
    rows[0][1] = a[1]
    return rows[1][1] * rows[1][0]


OF_TWO = [glued, gone_through, handed_on, listed]


def slopes(function: Callable[..., Any], a: list[float], b: list[float]) -> list[float]:
    """Central differences, extrapolated, by each element."""
    def at(place: int, step: float) -> Any:
        values = [*a, *b]
        values[place] += step
        return function(values[: len(a)], values[len(a) :])

    def slope(place: int, step: float) -> Any:
        return (at(place, step) - at(place, -step)) / (2 * step)

    return [(4 * slope(place, 5e-4) - slope(place, 1e-3)) / 3 for place in range(len(a) + len(b))]


@pytest.mark.parametrize("function", [*OF_TWO, element, joined_and_changed, taken_out_of_the_middle, row_by_row])
def test_lists_that_are_joined_are_differentiated(function: Callable[..., Any]) -> None:
    a, b, a_dot, b_dot = [1.3, -0.7], [0.4, 2.1], [0.6, -1.1], [0.3, 0.8]
    exact = slopes(function, a, b)
    derivative = grad(function)
    derivative(a, b)
    (seed,) = derivative.seeds
    da, db = derivative(a, b, **{seed: 1.7})
    assert [*da, *db] == pytest.approx([1.7 * each for each in exact], abs=1e-9)
    value, pushed = jvp(function)(a, b, a_dot=a_dot, b_dot=b_dot)
    assert value == function(a, b)
    assert pushed == pytest.approx(sum(s * t for s, t in zip(exact, [*a_dot, *b_dot], strict=True)), abs=1e-9)


def test_a_list_in_two_places_of_another_is_not_stored_into() -> None:
    with pytest.raises(UnsupportedError, match="GG109"):
        grad(put_in_twice)([1.3, -0.7], [0.4])


@pytest.mark.parametrize("function", [*OF_TWO, one_way_only])
def test_tuples_that_are_joined_are_refused(function: Callable[..., Any]) -> None:
    derivative, pushed = grad(function), jvp(function, "b")
    for _ in range(2):
        with pytest.raises(UnsupportedError, match="GG115"):
            derivative((1.0, 2.0), (3.0, 4.0))
        with pytest.raises(UnsupportedError, match="GG115"):
            pushed((1.0, 2.0), (3.0, 4.0), b_dot=(1.0, 0.0))


@pytest.mark.parametrize("function", OF_TWO)
def test_of_arrays_the_same_operator_is_a_sum_whatever_came_before(function: Callable[..., Any]) -> None:
    a, b = np.array([0.4, -1.3]), np.array([0.9, 0.2])
    derivative, listed_slopes = grad(function), slopes(function, a.tolist(), b.tolist())
    exact = {gone_through: 3 * (a + b) ** 2, listed: 2 * (a + b)}.get(function, (a + b)[::-1])
    for _ in range(2):
        da, db = derivative(a.tolist(), b.tolist())
        assert [*da, *db] == pytest.approx(listed_slopes, abs=1e-9)
        assert derivative(a, b) == (pytest.approx(exact), pytest.approx(exact))
        with pytest.raises(UnsupportedError, match="GG115"):
            derivative((0.4, 0.3), (0.9,))


def last_of_longer(rows: Any, x: Any) -> Any:
    longer = [row + [x] for row in rows] if x > 5.0 else None
    total = 0.0
    for row in rows:
        grown = row + [x]
        total += grown[-1] * grown[0]
    return total if longer is None else 0.0


def test_rows_of_lists_are_joined_and_rows_that_are_arrays_are_added_to() -> None:
    derivative = grad(last_of_longer, "x")
    assert derivative([[1.0, 2.0], [3.0]], 1.5) == pytest.approx(4.0)  # x (1 + 3)
    rows = [np.array([1.0, 2.0]), np.array([3.0])]
    assert derivative(rows, 1.5) == pytest.approx(3.0 + 2 * 1.5 + 2 * (3.0 + 1.5))  # (1 + x) (2 + x) + (3 + x)**2


@pytest.mark.parametrize("kind", [list, tuple])
def test_slices_that_are_joined(kind: Callable[[Any], Any]) -> None:
    points = [(0.0, 0.0), (1.0, 0.2), (0.4, 1.1)]
    turned = [*points[1:], points[0]], [points[-1], *points[:-1]]
    exact = [tuple(4 * p[i] - 2 * q[i] - 2 * r[i] for i in range(2)) for p, q, r in zip(points, *turned, strict=True)]
    if kind is list:
        assert grad(perimeter)(points) == [pytest.approx(each) for each in exact]
        return
    with pytest.raises(UnsupportedError, match="GG115"):
        grad(perimeter)(tuple(points))


def test_lists_that_are_repeated() -> None:
    assert grad(repeated)([1.0, 2.0]) == [2.0, 4.0]
    with pytest.raises(UnsupportedError, match="GG115"):
        grad(repeated)((1.0, 2.0))


@dataclass
class Held:
    k: Any


def first_of(d: Any) -> Any:
    return d["k"][0]


def of_element(k: Any) -> Any:
    return {"k": k}


def through_a_dict(a: Any, b: Any) -> Any:
    return {"k": a + b}["k"][0] * 3.0


def through_a_name(a: Any, b: Any) -> Any:
    d = {"n": 1.0, "k": {"j": a + b}}
    return d["k"]["j"][2] * d["n"]


def through_an_append(a: Any, b: Any) -> Any:
    rows = []
    rows.append(a + b)
    return rows[-1][0]


def through_a_call(a: Any, b: Any) -> Any:
    d = {"k": a + b}
    return first_of(d)


def out_of_a_call(a: Any, b: Any) -> Any:
    return of_element(a + b)["k"][0]


def through_a_loop(a: Any, b: Any) -> Any:
    s = 0.0
    for _, c in enumerate([a + b]):
        s += c[0]
    return s


def through_a_record(a: Any, b: Any) -> Any:
    held = Held(a + b)
    return held.k[0]


def summed_through_a_dict(a: Any, b: Any) -> Any:
    d = {"k": a + b}
    return sum(d["k"])


def repeated_in_a_dict(a: Any, b: Any) -> Any:
    d = {"k": a * 2}
    return d["k"][-1] * b[0]


@pytest.mark.parametrize("function", [
    through_a_dict, through_a_name, through_a_call, out_of_a_call, through_a_loop, through_a_record, summed_through_a_dict,
    repeated_in_a_dict,
])
def test_joined_lists_that_are_read_through_containers_are_refused_backwards(function: Callable[..., Any]) -> None:
    a, b = [1.5, 2.0], [4.0]
    with pytest.raises(UnsupportedError, match="GG115|GG109"):
        grad(function)((1.5, 2.0), (4.0,))
    with pytest.raises(UnsupportedError, match="GG109"):
        grad(function)(a, b)
    _, pushed = jvp(function)(a, b, a_dot=[0.3, 0.7], b_dot=[1.1])
    assert pushed == pytest.approx(sum(s * t for s, t in zip(slopes(function, a, b), [0.3, 0.7, 1.1], strict=True)))


def test_a_joined_list_that_is_appended() -> None:
    da, db = grad(through_an_append)([1.5, 2.0], [4.0])
    assert [*da, *db] == [1.0, 0.0, 0.0]


def sums_in_rows(a: Any, b: Any) -> Any:
    rows = [[a[0] + b[0], a[0] * b[0]]]
    table = {"n": a[1] + b[0], "rows": rows}
    return rows[0][1] * table["rows"][0][0] * table["n"]


def test_sums_beside_lists_that_are_read_are_differentiated() -> None:
    # p = 1.5, q = 2, r = 4: (p + r) p r (q + r)
    da, db = grad(sums_in_rows)([1.5, 2.0], [4.0])
    assert da == pytest.approx([(2 * 1.5 * 4 + 16) * 6, 5.5 * 6])
    assert db == pytest.approx([(1.5**2 + 2 * 1.5 * 4) * 6 + 5.5 * 6])


def held_and_number(a: Any, b: Any) -> Any:
    return {"k": a * b}, 1.0


def test_what_a_returned_container_holds_is_a_number_or_what_a_call_brings() -> None:
    backward = vjp(held_and_number)
    seeds = {backward.seeds[0]: {"k": 2.0}, backward.seeds[1]: 1.0}
    assert backward(3.0, 5.0, **seeds) == (10.0, 6.0)
    da, db = backward(np.array([1.0, 2.0]), 5.0, **(seeds | {backward.seeds[0]: {"k": np.array([1.0, 10.0])}}))
    assert da == pytest.approx([5.0, 50.0]) and db == pytest.approx(21.0)
    seeds[backward.seeds[0]] = {"k": [2.0, 3.0, 5.0, 7.0]}  # of [1.0, 2.0, 1.0, 2.0]
    assert backward([1.0, 2.0], 2, **seeds) == ([7.0, 10.0], 0.0)


def added_rows(p: Any) -> Any:
    a, b = p
    a += b
    return sum((i + 1) * v for i, v in enumerate(a))


def test_elements_of_lists_that_are_joined_in_place_are_refused_and_rows_of_arrays_are_added() -> None:
    backward = vjp(added_rows)
    with pytest.raises(UnsupportedError, match="GG115"):
        backward([[1.2], [0.3]], dadded_rows=1.0)
    for rows in (np.array([[1.2, 1.0], [0.3, 2.0]]), [np.array([1.2, 1.0]), np.array([0.3, 2.0])]):
        assert np.array(backward(rows, dadded_rows=2.0)) == pytest.approx(np.array([[2.0, 4.0], [2.0, 4.0]]))


def low(t: Any) -> Any:
    return t * t if t < 1.0 else t


def stored_among_others(v: Any) -> Any:
    m = np.outer(v, v)
    m[1:, 0] = low(v[0])
    return np.sum(m.T[1] * m[0])


def test_numbers_that_are_stored_into_arrays_are_no_lists() -> None:
    # m = [[a a, a b], [a a, b b]]: m.T[1] = [a b, b b], m[0] = [a a, a b]: a**3 b + a b**3
    assert grad(stored_among_others)(np.array([0.5, 2.0])) == pytest.approx([3 * 0.25 * 2 + 8.0, 0.125 + 1.5 * 4])


def halved(x: float, n: int) -> tuple[float, float]:
    if n == 0:
        return (x, 2 * x)
    return halved(x * 0.5, n - 1)


def halved_in_turn(x: float, n: int) -> tuple[float, float]:
    return (x, 2 * x) if n == 0 else halved_next(x * 0.5, n - 1)


def halved_next(x: float, n: int) -> tuple[float, float]:
    return halved_in_turn(x, n)


def test_functions_that_call_themselves_may_hand_out_tuples() -> None:
    assert grad(lambda x: halved(x, 3)[0] * x)(1.5) == 2 * 1.5 / 8  # of x^2 / 8
    assert grad(lambda x: halved_in_turn(x, 2)[1] * x)(1.5) == 1.5  # of 2 x^2 / 4
