"""Functions of numbers that hand out dicts and nested lists of numbers: their adjoints by seeds of the same structure.

Expected adjoints are written out by hand.
"""
from __future__ import annotations

from typing import Any

import pytest

from gradgen import vjp


def by_name(x: float, y: float) -> dict[str, float]:
    return {"a": x * y, "b": x * x}


def by_rows(x: float, y: float) -> list[list[float]]:
    return [[x * y, x], [y, x * x]]


@pytest.mark.parametrize("optimize", [True, False])
def test_dicts_and_rows_have_seeds_of_their_own_structure(optimize: bool) -> None:
    pulled: Any = vjp(by_name, ("x", "y"), optimize=optimize)
    assert pulled(3.0, 2.0, dby_name={"a": 1.0, "b": 0.5}) == (2.0 + 3.0, 3.0)
    pulled = vjp(by_rows, ("x", "y"), optimize=optimize)
    assert pulled(3.0, 2.0, dby_rows=[[1.0, 10.0], [100.0, 0.5]]) == (2.0 + 10.0 + 3.0, 3.0 + 100.0)
