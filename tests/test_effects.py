"""What a function does beside its result: stores of what varies that no text follows are refused wherever the call stands.

Values of the functions that are read are those of the plain call, slopes central differences.
"""
from __future__ import annotations

import contextlib
import heapq
import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradgen
from gradgen import grad, jvp
from gradgen.errors import UnsupportedError

KEPT: list[Any] = []


class Adder:
    def __init__(self) -> None:
        self.total = 0.0

    def __call__(self, v: float) -> bool:
        self.total += v
        return self.total > 1.0

    def last(self, v: float) -> float:
        self.total = v
        return 2.0


ADDER = Adder()


def doubled(ts: list[float]) -> bool:
    ts[0] = 2.0 * ts[0]
    return ts[0] > 0.0


def popped(ts: list[float]) -> bool:
    return ts.pop() > 0.0


def kept(v: float) -> float:
    KEPT.append(v)
    return 1.0


def turned(ts: list[float]) -> Any:
    ts[0] = 2.0 * ts[0]
    return contextlib.nullcontext()


def in_a_test(x: float, y: float) -> float:
    ts = [x, y]
    if doubled(ts):
        return ts[0] * y
    return ts[0] * x


def in_a_test_that_pops(x: float, y: float) -> float:
    ts = [x, y, x * y]
    if popped(ts):
        return ts[-1] * y
    return ts[-1] * x


def by_a_method_in_a_test(x: float, y: float) -> float:
    ts = [x, y, x * y]
    if ts.pop() > 0.0:
        return ts[-1] * y
    return ts[-1] * x


def by_a_library_in_a_test(x: float, y: float) -> float:
    ts = [x, y, x * y]
    if heapq.heappop(ts) > 0.0:
        return ts[0] * y
    return ts[0] * x


def in_the_test_of_a_loop(x: float, y: float) -> float:
    ts = [x, y]
    z = 0.0
    while doubled(ts) and ts[0] < 9.0:
        z += ts[0] * y
    return z


def in_what_a_loop_goes_through(x: float, y: float) -> float:
    ts = [x, y]
    z = 0.0
    for k in range(2 if doubled(ts) else 1):
        z += ts[k] * y
    return z


def in_a_subject(x: float, y: float) -> float:
    ts = [x, y]
    match doubled(ts):
        case True:
            return ts[0] * y
    return x


def in_a_guard(x: float, y: float, k: int = 1) -> float:
    ts = [x, y]
    match k:
        case 1 if doubled(ts):
            z = ts[0] * y
        case _:
            z = x
    return z


def in_a_context(x: float, y: float) -> float:
    ts = [x, y]
    with turned(ts):
        z = ts[0] * y
    return z


def in_an_assertion(x: float, y: float) -> float:
    ts = [x, y]
    assert doubled(ts)
    return ts[0] * y


def by_a_nested_function(x: float, y: float) -> float:
    log = []

    def big(v: float) -> bool:
        log.append(v)
        return v > 1.0
    z = x * y if big(x) and big(y) else x
    return z + sum(log)


def into_what_a_nested_function_keeps(x: float, y: float) -> float:
    store = [0.0]

    def put(v: float) -> float:
        store[0] = v * y
        return 1.0
    return x * put(x) + store[0]


def by_a_table_of_powers(x: float, y: float) -> float:
    cache: dict[int, float] = {}

    def power(k: int) -> float:
        if k not in cache:
            cache[k] = x**k
        return cache[k]
    return power(2) * y + power(2)


def by_one_nested_function_of_another(x: float, y: float) -> float:
    log: list[float] = []

    def put(v: float) -> None:
        log.append(v)

    def go(v: float) -> float:
        put(v)
        return 1.0
    return go(x) * y + sum(log)


def applied(g: Callable[[float], float], t: float) -> float:
    return g(t)


def by_a_function_that_is_handed_over(x: float, y: float) -> float:
    log: list[float] = []

    def twice(v: float) -> float:
        log.append(v)
        return 2.0 * v
    return applied(twice, x) * y + log[0]


def by_a_mapped_method(x: float, y: float) -> float:
    log: list[float] = []
    n = len(list(map(log.append, [x, y])))
    return log[0] * log[1] * n


def into_a_global_list(x: float, y: float) -> float:
    z = kept(x * y)
    return KEPT[-1] * y * z


def into_a_global_object(x: float, y: float) -> float:
    return ADDER.last(x) * ADDER.total * y


def by_an_object_made_here(x: float, y: float) -> float:
    adder = Adder()
    while not adder(x * y):
        pass
    return adder.total * y


def logged(t: float) -> float:
    from tests.test_effects import KEPT as log
    return 2.0 if log.append(t * t) is None else 1.0  # type: ignore[func-returns-value]


def read_from_a_log(x: float, y: float) -> float:
    KEPT.clear()
    return logged(x * y) * float(KEPT[0])


def keep(value: float) -> None:
    KEPT.append(value)


def square_and_keep(x: float) -> float:
    keep(x)
    return x * x


def kept_by_a_helper(x: float) -> float:
    square = square_and_keep(x)
    return square * float(KEPT[-1])


REFUSED = [
    kept_by_a_helper,
    read_from_a_log, in_a_test, in_a_test_that_pops, by_a_method_in_a_test, by_a_library_in_a_test, in_the_test_of_a_loop,
    in_what_a_loop_goes_through, in_a_subject, in_a_guard, in_a_context, in_an_assertion, by_a_nested_function,
    into_what_a_nested_function_keeps, by_a_table_of_powers, by_one_nested_function_of_another,
    by_a_function_that_is_handed_over, by_a_mapped_method, into_a_global_list, into_a_global_object, by_an_object_made_here,
]


@pytest.mark.parametrize("function", REFUSED, ids=lambda function: function.__name__)
@pytest.mark.parametrize("transform", [grad, jvp], ids=lambda each: each.__name__)
def test_a_store_beside_the_result_is_refused(transform: Callable[..., Any], function: Callable[..., float]) -> None:
    """Left out, `wrt` holds what goes into such a call too."""
    with pytest.raises(UnsupportedError, match=r"test_effects\.py:\d+"):
        transform(function)


def counted(x: float, y: float) -> float:
    n = [0]

    def square(t: float) -> float:
        n[0] += 1
        return t * t * n[0]
    return square(x) * square(y)


def named(x: float, y: float) -> float:
    seen: list[str] = []

    def square(t: float, name: str) -> float:
        seen.append(name)
        return t * t
    z = square(x, "x") * square(y, "y")
    return z * len(seen)


def exactly(t: float, is_exact: bool) -> float:
    if is_exact:
        from nowhere_to_be_found import mpf  # type: ignore[import-not-found]
        return float(mpf(t))
    return t * t


def inexact(x: float, y: float) -> float:
    return exactly(x * y, False) * y


IS_SHOWN = False


def show(text: str) -> None:
    if IS_SHOWN:
        print(text)


def ratio_and_sum(x: float, y: float) -> tuple[float, float]:
    show("begins")
    d = x / y
    show(f"d = {d}, y = {y}")
    show(f"{d}")
    return d * d, x + y


def shown_by_a_helper(x: float, y: float) -> float:
    return ratio_and_sum(x, y)[0]


@pytest.mark.parametrize("function", [counted, named, inexact, shown_by_a_helper], ids=lambda function: function.__name__)
def test_what_stores_nothing_that_varies_is_read(function: Callable[[float, float], float]) -> None:
    x, y, h = 0.7, 1.3, 1e-6
    expected = (
        (function(x + h, y) - function(x - h, y)) / (2 * h),
        (function(x, y + h) - function(x, y - h)) / (2 * h),
    )
    assert grad(function)(x, y) == pytest.approx(expected, rel=1e-8)


def told_of_an_array(x: Any) -> Any:
    logging.getLogger(__name__).debug(f"{__name__}: {len(x)} of them")
    return np.sum(x**2)


def test_what_is_only_told_is_no_effect_on_an_array() -> None:
    x = np.array([1.0, -2.0])
    np.testing.assert_allclose(gradgen.grad(told_of_an_array, like=(x,))(x), 2 * x)
