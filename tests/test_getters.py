"""Objects whose attributes are computed by code that changes something: a text that reads them again would read something else.

Never differentiates by such an object.
"""
from __future__ import annotations

import functools
from typing import Any

import pytest

from gradgen import grad, jvp
from gradgen.errors import KindsError
from tests.forward.written import function


class Plain:
    def __init__(self) -> None:
        self.kept: Any = None
        self.read = 0
        self.left = [5.0, 4.0, 3.0, 2.0, 1.0]


class Counting(Plain):
    @property
    def k(self) -> float:
        self.read += 1
        return 3.0 * self.read


class Using(Plain):
    def taken(self) -> float:
        return self.left.pop()

    @property
    def k(self) -> float:
        return self.taken()


class Asked(Plain):
    def __getattr__(self, name: str) -> float:
        self.read += 1
        return float(self.read)


class Kept(Plain):
    @property
    def k(self) -> float:
        if self.kept is None:
            self.kept = sum(self.left)
        return self.kept


class Computed(Plain):
    @property
    def half(self) -> float:
        return sum(each / 2 for each in self.left)

    @property
    def k(self) -> float:
        found = []
        for each in self.left:
            found.append(each * self.half)
        return max(found)


class Once(Plain):
    @functools.cached_property
    def k(self) -> float:
        return self.left.pop()


def twice(x, p):
    return x * p.k + x**2 * p.k


def below(x, p):
    return twice(x, p) + x


@pytest.mark.parametrize("known", [Counting, Using, Asked])
@pytest.mark.parametrize("fn", [twice, below])
def test_what_reading_changes_is_an_error_at_the_call(known: Any, fn: Any) -> None:
    with pytest.raises(KindsError, match=f"reading k of a {known.__name__} changes something each time"):
        grad(fn, "x")(2.0, known())
    with pytest.raises(KindsError, match="changes something"):
        jvp(fn, "x")(2.0, known(), x_dot=1.0)


@pytest.mark.parametrize(("known", "k"), [(Kept, 15.0), (Computed, 37.5), (Once, 1.0)])
def test_what_is_computed_or_kept_is_read_again(known: Any, k: float) -> None:
    assert grad(twice, "x")(2.0, known()) == 5 * k
    assert grad(below, "x")(2.0, known()) == 5 * k + 1


def test_making_a_derivative_reads_no_such_attribute() -> None:
    counting = Counting()
    generated = grad(function("def f(x):\n    return x * COUNTING.k + x**2 * COUNTING.k\n", {"COUNTING": counting}))
    assert "COUNTING" in generated.source
    assert counting.read == 0
    assert generated(2.0) == 3.0 + 4 * 6.0
