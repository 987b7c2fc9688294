"""Sets, lists, queues and iterators that change while a function runs: what they say is asked when they say it, in every mode.

Never takes an expected number from gradgen: values are the function's own, slopes central differences.
"""
from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest

import gradgen
from tests.oracle.differences import derivative

MARKS: set[int] = set()
COUNTS: list[int] = []


class Holder:
    seen: set[int]


def extend(values: list[float], value: float) -> None:
    values.append(value)


def pick(seen: set[int], n: int, x: float, y: float) -> float:
    return x * y if n in seen else x + y


def counted() -> int:
    COUNTS.append(1)
    return len(COUNTS) % 3


def stores_by_an_iterator(x: float, y: float) -> float:
    a = [x, y, x * y]
    it = iter([2, 0, 1])
    a[next(it)] = x * a[0]
    a[next(it)] = y * a[1]
    return a[0] * a[2]


def a_list_that_grows(x: float, y: float) -> float:
    values = [1.0, 2.0, 3.0]
    s = x
    for v in values:
        s = s * y + v
        if v < 3:
            values.append(v + 1.7)
    return s


def a_list_that_shrinks(x: float, y: float) -> float:
    values = [1.0, 2.0, 3.0, 4.0]
    s = x
    for v in values:
        s = s * y + v
        if v == 2.0:
            values.remove(v)
    return s


def an_iterator_moved_on(x: float, y: float) -> float:
    it = iter([1.0, 2.0, 3.0, 4.0])
    s = x
    for v in it:
        s += v * x * next(it, 1.0) * y
    return s


def a_queue(x: float, y: float) -> float:
    g = {0: [1, 2], 1: [3], 2: [3], 3: []}
    q = [0]
    seen: set[int] = set()
    s = x
    for n in q:
        if n in seen:
            continue
        seen.add(n)
        s = s * y + math.sin(n * x)
        for m in g[n]:
            q.append(m)
    return s


def a_queue_by_pop(x: float, y: float) -> float:
    g = {0: [1, 2], 1: [3], 2: [3], 3: []}
    q = [0]
    s = x
    while q:
        n = q.pop(0)
        s = s * y + math.sin(n * x)
        q.extend(g[n])
    return s


def a_dict_that_changes(x: float, y: float) -> float:
    d = {1: 2.0, 3: 4.0}
    s = x
    for _k, v in d.items():
        s = s * y + v
        d[3] = 5.0
    return s


def a_generator_moved_on(x: float, y: float) -> float:
    s = x
    g = (i * i for i in range(4))
    for v in g:
        s = s * y + v
        next(g, None)
    return s


def a_list_under_two_names(x: float, y: float) -> float:
    values = [1.0, 2.0]
    other = values
    s = x
    for v in values:
        s = s * y + v
        if v < 5:
            other.append(v + 3)
    return s


def a_list_that_a_callee_extends(x: float, y: float) -> float:
    values = [1.0, 2.0]
    s = x
    for v in values:
        s = s * y + v
        if v < 5:
            extend(values, v + 3)
    return s


def a_list_added_to(x: float, y: float) -> float:
    values = [1.0, 2.0]
    s = x
    for v in values:
        s = s * y + v
        if v < 5:
            values += [v + 3]
    return s


def a_copy_of_a_list(x: float, y: float) -> float:
    values = [1.0, 2.0, 3.0]
    s = x
    for v in values[:]:
        s = s * y + v
        values.remove(v)
    return s * len(values) + x * y


def a_list_inserted_into(x: float, y: float) -> float:
    values = [1.0, 2.0, 3.0]
    s = x
    for i, v in enumerate(values):
        s = s * y + v
        if i == 0:
            values.insert(0, 7.0)
            values.insert(0, 8.0)
        if i > 5:
            break
    return s


def a_set_of_seen(x: float, y: float) -> float:
    seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        if n in seen:
            continue
        seen.add(n)
        s = s * y + math.sin(n * x)
    return s


def a_set_joined(x: float, y: float) -> float:
    seen = {0}
    s = x
    for n in [0, 1, 1, 2]:
        if n in seen:
            s = s * y + math.sin(n * x)
        seen |= {n}
    return s


def a_list_removed_from(x: float, y: float) -> float:
    left = [1, 2, 3]
    s = x
    for n in [0, 1, 1, 2]:
        if n in left:
            s = s * y + math.sin(n * x)
            left.remove(n)
    return s


def a_set_discarded_from(x: float, y: float) -> float:
    left = {1, 2, 3}
    s = x
    for n in [0, 1, 1, 2]:
        if n in left:
            s = s * y + math.sin(n * x)
            left.discard(n)
    return s


def a_set_asked_twice(x: float, y: float) -> float:
    seen: set[int] = set()
    a = x * y if 2 in seen else x
    seen.add(2)
    b = x * y if 2 in seen else x
    if 3 in seen:
        a = a * x
    seen.add(3)
    return a * b


def a_set_from_outside(x: float, y: float) -> float:
    MARKS.clear()
    s = x
    for n in [0, 1, 1, 2]:
        if n in MARKS:
            continue
        MARKS.add(n)
        s = s * y + math.sin(n * x)
    return s


def a_set_of_an_object(x: float, y: float) -> float:
    g = Holder()
    g.seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        if n in g.seen:
            continue
        g.seen.add(n)
        s = s * y + math.sin(n * x)
    return s


def a_method_held(x: float, y: float) -> float:
    seen: set[int] = set()
    add = seen.add
    s = x
    for n in [0, 1, 1, 2]:
        if n in seen:
            continue
        add(n)
        s = s * y + math.sin(n * x)
    return s


def a_set_under_two_names(x: float, y: float) -> float:
    seen: set[int] = set()
    also = seen
    s = x
    for n in [0, 1, 1, 2]:
        if n in seen:
            continue
        also.add(n)
        s = s * y + math.sin(n * x)
    return s


def a_set_that_is_captured(x: float, y: float) -> float:

    def mark(n):
        seen.add(n)
    seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        if n in seen:
            continue
        mark(n)
        s = s * y + math.sin(n * x)
    return s


def a_list_by_default(x: float, y: float, log: list[int] | None=None) -> float:
    log = [] if log is None else log
    s = x
    for n in range(3):
        s = s * y * (1 if n in log else 2) + math.sin(n * x)
        log.extend([n + 1])
    return s


def a_choice_by_a_set(x: float, y: float) -> float:
    seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        s = s * y + n if n in seen else s * x + n
        seen.add(n)
    return s


def a_truth_as_a_number(x: float, y: float) -> float:
    seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        s = s * y + (n in seen) * x
        seen.add(n)
    return s


def a_test_of_a_while(x: float, y: float) -> float:
    seen = {0, 1, 2}
    s = x
    n = 0
    while n in seen:
        seen.discard(n)
        n += 1
        s = s * y + math.sin(n * x)
    return s


def a_return_by_a_set(x: float, y: float) -> float:
    seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        if n == 1 and n in seen:
            return s * x
        seen.add(n)
        s = s * y + math.sin(n * x)
    return s


def an_and_of_a_set(x: float, y: float) -> float:
    seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        s = n in seen and s * y or s * x + 1.0
        seen.add(n)
    return s


def a_break_by_a_set(x: float, y: float) -> float:
    seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        for k in range(3):
            if k in seen:
                break
            s = s * y + math.sin(n * x)
        else:
            s = s * x
        seen.add(n)
    return s


def the_truth_of_a_set(x: float, y: float) -> float:
    seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        if seen:
            s = s * y + math.sin(n * x)
        seen.add(n)
    return s


def a_set_given_to_a_callee(x: float, y: float) -> float:
    seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        s = s * pick(seen, n, x, y)
        seen.add(n)
    return s


def a_choice_by_a_list(x: float, y: float) -> float:
    seen: list[int] = []
    s = x
    for n in [0, 1, 1, 2]:
        s = s * y + n if n in seen else s * x + n
        seen.append(n)
    return s


def the_truth_of_a_list(x: float, y: float) -> float:
    seen: list[int] = []
    s = x
    for n in [0, 1, 1, 2]:
        if seen:
            s = s * y + math.sin(n * x)
        seen.append(n)
    return s


def keys_of_a_dict(x: float, y: float) -> float:
    seen: dict[int, int] = {}
    s = x
    for n in [0, 1, 1, 2]:
        s = s * y + (n in seen) * x
        if not seen:
            s = s * x
        seen[n] = 1
    return s


def the_truth_of_what_is_popped(x: float, y: float) -> float:
    seen = [1]
    s = x
    if seen:
        s = s * y
    seen.pop()
    if seen:
        s = s * s
    return s * x


def an_endless_iterator(x: float, y: float) -> float:
    c = itertools.count(1)
    s = x
    for k in c:
        s = s * y + k
        if k > 3:
            break
    return s


def endless_pairs(x: float, y: float) -> float:
    s = x
    for k, z in zip(itertools.count(1), itertools.cycle([1.0, 2.0])):
        s = s * y * z + k
        if k > 3:
            break
    return s


def adds_by_an_iterator(x: float, y: float) -> float:
    a = [x, y, x * y]
    it = iter([2, 0, 1])
    a[next(it)] *= x
    a[next(it)] += y
    return a[0] * a[2]


def adds_by_a_pop(x: float, y: float) -> float:
    a = np.array([x, y, x * y])
    q = [2, 0, 1]
    a[q.pop()] *= x
    a[q.pop()] += y
    return a[0] * a[2]


def adds_by_a_popped_key(x: float, y: float) -> float:
    d = {"a": x, "b": y}
    ks = ["a", "b"]
    d[ks.pop()] *= x
    return d["a"] * d["b"]


def adds_where_it_binds(x: float, y: float) -> float:
    i = 0
    a = [x, y, x * y]
    a[(i := (i + 1))] *= x
    return a[0] * a[1] ** 2


def adds_what_binds_the_key(x: float, y: float) -> float:
    k = "a"
    d = {"a": x, "b": y}
    d[k] *= d[(k := "b")]
    return d["a"] ** 2 * d["b"]


def adds_by_a_callee(x: float, y: float) -> float:
    COUNTS.clear()
    a = [x, y, x * y]
    a[counted()] *= x
    a[counted()] += y
    return a[0] ** 2 * a[2] * a[1]


def a_condition_of_a_comprehension(x: float, y: float) -> float:
    seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        s += sum(math.sin(k * x * y) for k in range(3) if k in seen)
        seen.add(n)
    return s


def a_choice_by_a_truth(x: float, y: float) -> float:
    seen: set[int] = set()
    s = x
    for n in [0, 1, 1, 2]:
        s = s * (y if seen else x) * (1 + len(seen))
        seen.add(n)
    return s


def a_choice_by_the_truth_of_a_list(x: float, y: float) -> float:
    seen: list[int] = []
    s = x
    for n in [0, 1, 1, 2]:
        s = s * (y if seen else x) * (1 + len(seen))
        seen.append(n)
    return s


def a_list_taken_whole(x: float, y: float) -> float:
    values = [1.0, 2.0]
    a = np.dot(values, np.array([x, y]))
    values[0] = 9.0
    return float(a * x)


def a_list_taken_whole_under_two_names(x: float, y: float) -> float:
    values = [1.0, 2.0]
    other = values
    a = np.dot(values, np.array([x, y]))
    other[0] = 9.0
    return float(a * x)


def a_varying_list_taken_whole(x: float, y: float) -> float:
    values = [1.0, x]
    a = np.dot(values, np.array([x, y]))
    values[0] = 9.0
    return float(a * x)


def rows_taken_whole(x: float, y: float) -> float:
    rows = [[1.0, 2.0], [3.0, 4.0]]
    a = np.dot(rows, np.array([x, y]))
    rows[0][0] = 9.0
    return float(np.sum(a * x))


class Weights:
    def __init__(self) -> None:
        self.w = np.array([1.0, 2.0])


def an_array_of_an_object(x: float, y: float) -> float:
    weights = Weights()
    a = weights.w[0] * x
    weights.w[0] = 5.0
    return float(a * y)


RIGHT = (
    stores_by_an_iterator, a_list_that_grows, a_list_that_shrinks, an_iterator_moved_on, a_queue, a_queue_by_pop,
    a_dict_that_changes, a_generator_moved_on, a_list_under_two_names, a_list_that_a_callee_extends, a_list_added_to,
    a_copy_of_a_list, a_list_inserted_into, a_set_of_seen, a_set_joined, a_list_removed_from, a_set_discarded_from,
    a_set_asked_twice, a_set_from_outside, a_set_of_an_object, a_method_held, a_set_under_two_names,
    a_set_that_is_captured, a_list_by_default, a_choice_by_a_set, a_truth_as_a_number, a_test_of_a_while,
    a_return_by_a_set, an_and_of_a_set, a_break_by_a_set, the_truth_of_a_set, a_set_given_to_a_callee,
    a_choice_by_a_list, the_truth_of_a_list, keys_of_a_dict, the_truth_of_what_is_popped, an_endless_iterator,
    endless_pairs,
)
REFUSED = (
    adds_by_an_iterator, adds_by_a_pop, adds_by_a_popped_key, adds_where_it_binds, adds_what_binds_the_key,
    adds_by_a_callee, a_condition_of_a_comprehension, a_choice_by_a_truth, a_choice_by_the_truth_of_a_list,
    a_list_taken_whole, a_list_taken_whole_under_two_names, a_varying_list_taken_whole, rows_taken_whole,
)


@pytest.mark.parametrize("function", RIGHT, ids=lambda function: function.__name__)
def test_what_changes_is_asked_in_time(function: Callable[[float, float], float]) -> None:
    value = function(1.3, 0.7)
    wanted = (derivative(lambda x: function(x, 0.7), 1.3).value, derivative(lambda y: function(1.3, y), 0.7).value)
    for optimize in (True, False):
        found, gradient = gradgen.value_and_grad(function, ("x", "y"), optimize=optimize)(1.3, 0.7)
        assert found == pytest.approx(value, rel=1e-13)
        assert gradient == pytest.approx(wanted, rel=1e-7)
    tangent = gradgen.jvp(function, ("x", "y"))(1.3, 0.7, x_dot=0.3, y_dot=-0.8)
    assert tangent == pytest.approx((value, 0.3 * wanted[0] - 0.8 * wanted[1]), rel=1e-7)


@pytest.mark.parametrize("function", REFUSED, ids=lambda function: function.__name__)
def test_what_would_be_asked_twice_is_refused(function: Callable[[float, float], float]) -> None:
    words = "an augmented store with|what an object that changes says|all of what is stored into"
    with pytest.raises(gradgen.UnsupportedError, match=f"GG106: .* ({words})"):
        gradgen.value_and_grad(function)(1.3, 0.7)


def an_array_of_an_object_in_a_list(x: float, y: float) -> float:
    weights = {"only": Weights()}["only"]
    a = weights.w[0] * x
    weights.w[0] = 5.0
    return float(a * y)


def test_an_object_that_cannot_be_kept_is_no_derivative() -> None:
    with pytest.raises(TypeError, match="a Weights into whose arrays something is stored cannot be kept"):
        gradgen.value_and_grad(an_array_of_an_object_in_a_list)(1.3, 0.7)
    assert gradgen.value_and_grad(an_array_of_an_object)(1.3, 0.7) == (pytest.approx(0.91), (0.7, 1.3))
    tangent = gradgen.jvp(an_array_of_an_object)(1.3, 0.7, x_dot=0.3, y_dot=-0.8)
    assert tangent == pytest.approx((0.91, 0.3 * 0.7 - 0.8 * 1.3), rel=1e-14)
