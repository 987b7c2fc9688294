"""The text of a function that defines others with annotations stands alone: what these name is imported, or put off.

Never differentiates anything else.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gradgen import grad
from tests.forward.written import function

if TYPE_CHECKING:
    from fractions import Fraction

OWN = """
import typing
from typing import Any

def f(x):
    def k(a: Any, *, n: 'int' = 2) -> typing.Any:
        power: Any = a**n
        return power
    return k(x) * k(x + 1)
"""


def put_off(x):
    def k(a: Fraction) -> Any:
        return a * a
    return k(x) * k(x + 1)


@pytest.mark.parametrize("fn", [function(OWN), put_off], ids=["evaluated", "put off"])
def test_annotations_of_inner_functions_stand_in_the_text(fn: Any) -> None:
    generated = grad(fn)
    names: dict[str, Any] = {}
    exec(compile(generated.source, "<saved>", "exec", dont_inherit=True), names)
    assert generated(2.0) == names[generated.__name__](2.0) == 60.0
