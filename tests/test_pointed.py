"""What is refused in the text of a derivative is refused at the line of the user's function that it stands for."""
from __future__ import annotations

import math

import pytest

from gradgen import grad, hessian, hvp, jvp
from gradgen.errors import GradgenError


def caught(x, y):
    try:
        z = math.log(x)  # refused: its slope may raise
    except ZeroDivisionError:
        z = 0.0
    return z * x * y


def pushed(x, y):
    path = [(x, y)]
    for _ in range(2):
        x, y = path[-1]
        path.append((x * y, x + y))
    return path[-1][0] * path[-1][1]


def test_a_refusal_in_a_gradient_names_the_users_line():
    first = caught.__code__.co_firstlineno
    for made in (lambda: hvp(caught), lambda: hessian(caught), lambda: jvp(grad(caught))):
        with pytest.raises(GradgenError, match=rf"test_pointed\.py:{first + 2}:9: GG106") as caught_here:
            made()
        finding = caught_here.value.findings[0]
        assert finding.source_line.strip().startswith("z = math.log(x)")
        assert "<gradgen" not in str(caught_here.value)


def test_a_line_of_the_backward_part_is_that_of_the_statement_it_belongs_to():
    with pytest.raises(GradgenError) as refused:
        hvp(pushed)
    last = pushed.__code__.co_firstlineno + 5
    places = {(each.line, each.source_line.strip()) for each in refused.value.findings}
    assert (last, "return path[-1][0] * path[-1][1]") in places
    assert {line for line, _ in places} <= set(range(last - 5, last + 1))
    assert all("In its derivative's text: `dpath" in each.reason for each in refused.value.findings)
