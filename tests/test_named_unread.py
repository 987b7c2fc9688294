"""Names bound where nobody looks: `:=` in assertions, f-strings, what loops go through; defaults of lambdas; bare annotations."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gradgen import UnsupportedError, grad, jvp, value_and_grad


def in_an_assertion(x: float) -> float:
    assert (x := x * 2) > 0
    return x * x


def further_in_an_assertion(x: float) -> float:
    assert x > 0 and (y := x * 2) > 0
    return y * x


def in_a_string(x: float) -> float:
    shown = f"{(x := x * 2):.2f}"
    return x * x if shown else x


def in_a_set(x: float) -> float:
    return len({(x := x * 2)}) * x


def in_a_range(x: float) -> float:
    for _ in range(int((x := x * 2) > 0) + 1):
        x = x * 1.0
    return x * x


def in_a_manager(x: float) -> float:
    import contextlib
    with contextlib.nullcontext(x := x * 2):
        y = x * x
    return y


def in_a_default(x: float) -> float:
    return (lambda x, y=x: x * y)(3.0)


def in_what_a_set_goes_through(x: float) -> float:
    return sum({x * 3.0 for x in [x]})


@pytest.mark.parametrize("function", [
    in_an_assertion, further_in_an_assertion, in_a_string, in_a_set, in_a_range, in_a_manager, in_a_default,
    in_what_a_set_goes_through,
])
@pytest.mark.parametrize("transform", [grad, jvp])
def test_what_binds_or_reads_a_value_that_varies_unseen_is_refused(
    function: Callable[[float], float], transform: Callable[..., Any]
) -> None:
    with pytest.raises(UnsupportedError):
        transform(function)(1.2, **({"x_dot": 1.0} if transform is jvp else {}))


def passive_names(x: float) -> float:
    assert (n := 3) > 0
    shown = f"{(m := 2)}"
    return x * n * m if shown else x


def annotated_alone(x: float) -> float:
    x: float
    return x * x


IN_BRACKETS = [lambda x, y: (x * y
   + y)]


def test_what_does_not_vary_may_be_bound_anywhere() -> None:
    assert grad(passive_names)(1.2) == jvp(passive_names)(1.2, x_dot=1.0)[1] == 6.0


def test_an_annotation_alone_binds_nothing() -> None:
    assert grad(annotated_alone)(1.5) == jvp(annotated_alone)(1.5, x_dot=1.0)[1] == 3.0


def test_a_lambda_of_several_lines_in_brackets() -> None:
    assert value_and_grad(IN_BRACKETS[0])(2.0, 3.0) == (9.0, (3.0, 3.0))
    assert jvp(IN_BRACKETS[0])(2.0, 3.0, x_dot=1.0, y_dot=2.0) == (9.0, 9.0)


def left_before_it_binds(x: float) -> float:
    s = 0.0
    for _ in range(3):
        try:
            s += x
            continue
        finally:
            x = x * 2
    return s


def pair_of_elements(x: float, y: float = 0.4) -> float:
    a = [x, y]
    b = a[0], a[1] = a[1] * 2, a[0] * 3
    return b[0] * a[0] + a[1] * b[1] ** 2


@pytest.mark.parametrize("function", [left_before_it_binds, pair_of_elements])
@pytest.mark.parametrize("transform", [grad, jvp])
def test_what_binds_on_the_way_out_and_pairs_of_elements_are_refused(
    function: Callable[..., float], transform: Callable[..., Any]
) -> None:
    with pytest.raises(UnsupportedError, match="GG106"):
        transform(function, "x")(1.2, **({"x_dot": 1.0} if transform is jvp else {}))


def bound_at_last(x: float) -> float:
    s = 0.0
    for _ in range(3):
        try:
            s += x
        finally:
            x = x * 2
    return s


def test_what_a_finally_binds_is_followed_where_nothing_leaves() -> None:
    assert grad(bound_at_last)(1.2) == jvp(bound_at_last)(1.2, x_dot=1.0)[1] == 7.0
