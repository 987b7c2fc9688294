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
