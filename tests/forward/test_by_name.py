"""What a class computes, or has for all of its objects, has no tangent: only what an object holds is followed."""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import pytest

from gradgen import UnsupportedError, grad, jvp
from gradgen.errors import KindsError


@dataclass
class Wave:
    period: float
    height: float = 8.0
    FACTOR: ClassVar[float] = 3.0

    @property
    def energy(self) -> float:
        return self.height**2 * self.period


@dataclass
class Filled:
    x: float

    def __post_init__(self) -> None:
        self.double = 2 * self.x


class Point(NamedTuple):
    x: float
    y: float

    @property
    def norm(self) -> float:
        return math.hypot(self.x, self.y)


class Plain:
    def __init__(self, a: float) -> None:
        self.a = a

    @property
    def square(self) -> float:
        return self.a**2


def of_property(w: Any) -> float:
    return w.energy * 2.0


def of_constant(w: Any) -> float:
    return w.period**2 * w.FACTOR


def of_filled(p: Any) -> float:
    return p.double * p.x


def of_named_tuple(p: Any) -> float:
    return p.norm * p.x


def of_plain(p: Any) -> float:
    return p.square * p.a


def of_parts(ps: Any) -> float:
    return sum(p.square for p in ps)


def of_fields(w: Any) -> float:
    return w.period**2 * w.height if w.FACTOR > 2 else 0.0


def made_here(t: float) -> float:
    return of_property(Wave(t))


@pytest.mark.parametrize(("fn", "value", "tangent"), [
    (of_property, Wave(1.3), Wave(1.0, 0.0)), (of_constant, Wave(1.3), Wave(1.0, 0.0)), (of_filled, Filled(1.3), Filled(1.0)),
    (of_named_tuple, Point(1.0, 2.0), Point(1.0, 0.0)), (of_plain, Plain(2.0), Plain(1.0)),
    (of_parts, [Plain(2.0)], [Plain(1.0)]),
])
def test_what_a_class_computes_has_no_tangent(fn: Callable[[Any], float], value: Any, tangent: Any) -> None:
    derivative = jvp(fn)
    with pytest.raises(KindsError, match="is none of its fields"):
        derivative(value, **{f"{derivative.wrt[0]}_dot": tangent})


def test_what_the_class_of_a_record_made_on_the_way_computes_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="GG106: .*'energy' of a Wave"):
        jvp(made_here)


def test_fields_are_followed_whatever_tests_read_besides() -> None:
    value, moved = jvp(of_fields)(Wave(1.5, 2.0), w_dot=Wave(0.3, -1.0))  # 2 t h dt + t**2 dh
    assert (value, moved) == pytest.approx((4.5, 2 * 1.5 * 2.0 * 0.3 - 1.5**2))
    assert grad(of_fields)(Wave(1.5, 2.0)) == Wave(6.0, 2.25)
