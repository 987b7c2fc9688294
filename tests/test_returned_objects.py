"""Methods of objects that calls return and loops hand on: by closed forms, differences, and refusals where the class is open."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from gradgen import UnsupportedError, grad, jvp


@dataclass
class State:
    x: float
    v: float

    def step(self, dt: float, k: float) -> State:
        return State(self.x + dt * self.v, self.v - dt * k * self.x)

    def energy(self, k: float) -> float:
        return self.v**2 + k * self.x**2

    def after(self, n: int, k: float) -> State:
        return self if n == 0 else self.step(0.1, k).after(n - 1, k)


def started(x: Any) -> State:
    return State(x, 0.5)


def stepped(x: Any, k: Any) -> Any:
    s = State(x, 0.5)
    for _ in range(12):
        s = s.step(0.1, k)
    return s.energy(k)


def chained(x: Any, k: Any) -> Any:
    return started(x).step(0.1, k).step(0.2, k).energy(k)


def one_of_two(x: Any, k: Any) -> Any:
    s = started(x)
    if x > k:
        s = s.step(0.3, k)
    else:
        s = State(k, x)
    return s.energy(k)


def slopes(fn: Callable[..., Any], x: float, k: float) -> list[float]:
    h = 1e-4

    def along(a: float, b: float) -> float:
        near, far = (fn(x + t * a, k + t * b) - fn(x - t * a, k - t * b) for t in (h, 2 * h))
        return (8 * near - far) / (12 * h)

    return [along(1.0, 0.0), along(0.0, 1.0)]


@pytest.mark.parametrize("fn", [stepped, chained, one_of_two])
@pytest.mark.parametrize("at", [(1.5, 3.0), (2.5, 0.75)])
def test_methods_are_those_of_the_class_that_is_returned(fn: Callable[..., Any], at: tuple[float, float]) -> None:
    wanted = slopes(fn, *at)
    assert grad(fn)(*at) == pytest.approx(wanted, rel=1e-8)
    value, moved = jvp(fn)(*at, x_dot=0.5, k_dot=-2.0)
    assert (value, moved) == pytest.approx((fn(*at), 0.5 * wanted[0] - 2.0 * wanted[1]), rel=1e-8)


class Near:
    def __init__(self, v: float) -> None:
        self.v = v

    def moved(self) -> Any:
        return Far(2 * self.v)


class Far:
    def __init__(self, v: float) -> None:
        self.v = v

    def moved(self) -> Any:
        return Near(self.v**2)


class Kind(Near):
    def moved(self) -> Any:
        return type(self)(self.v * 3)


def there_and_back(x: Any) -> Any:
    near = Near(x)
    return near.moved().moved().v


def back_and_forth(x: Any, n: int = 3) -> Any:
    each: Any = Near(x)
    for _ in range(n):
        each = each.moved()
    return each.v


def either(x: Any) -> Any:
    each: Any = Near(x) if x > 1 else Far(x)
    return each.moved().v


def by_its_own_type(x: Any) -> Any:
    each = Kind(x)
    for _ in range(2):
        each = each.moved()
    return each.v


def test_where_a_call_may_give_one_of_several_classes_it_is_refused() -> None:
    assert grad(there_and_back)(1.5) == pytest.approx(8 * 1.5)  # (2 x)**2
    assert grad(by_its_own_type)(1.5) == 9.0
    for fn in (back_and_forth, either):
        with pytest.raises(UnsupportedError, match=r"test_returned_objects\.py:\d+:\d+: GG10[68]"):
            grad(fn)(1.5)
