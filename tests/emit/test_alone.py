"""A saved text imports what its lines call, whatever those calls are read as; lines that are called once stand once.

Never takes an expected number from gradgen: the text alone must give what differences of the function give.
"""
from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradgen


def greater(x: Any, y: Any) -> Any:
    return np.greater(y, x) * x * y


def chosen(x: Any, y: Any) -> Any:
    return x * y if np.less(x, y) else y


def reduced(x: Any, y: Any) -> Any:
    return np.add.reduce([x, y * x])


def multiplied(x: Any, y: Any) -> Any:
    return operator.mul(x, math.prod((x, y)))


def of_two_bases(x: Any, y: Any) -> Any:
    return math.log(x, y) + math.log2(x) + math.exp2(y)


@pytest.mark.parametrize("fn", [greater, chosen, reduced, multiplied, of_two_bases])
@pytest.mark.parametrize("optimize", [True, False])
def test_a_text_runs_alone(fn: Callable[..., Any], optimize: bool) -> None:
    made = gradgen.value_and_grad(fn, optimize=optimize)
    namespace: dict[str, Any] = {}
    exec(made.source, namespace)
    value, slopes = namespace[made.__name__](1.3, 2.0)
    h = 1e-6
    wanted = (fn(1.3 + h, 2.0) - fn(1.3 - h, 2.0)) / (2 * h), (fn(1.3, 2.0 + h) - fn(1.3, 2.0 - h)) / (2 * h)
    assert value == fn(1.3, 2.0)
    assert slopes == pytest.approx(wanted, rel=1e-8)


def test_what_several_lines_would_call_is_called_once() -> None:
    backward = gradgen.value_and_grad(of_two_bases).source.partition("# backward")[2].splitlines()
    assert sum("math.log(y)" in line for line in backward[2:]) == sum("math.log(2)" in line for line in backward[2:]) == 1
