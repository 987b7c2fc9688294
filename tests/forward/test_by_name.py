"""What a class computes of an argument moves with what the argument holds; what it has for all of its objects does not, and what
an object holds beside its fields is refused."""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import pytest

from gradgen import UnsupportedError, grad, hvp, jvp, vjp
from gradgen.errors import KindsError
from tests.oracle.differences import derivative


@dataclass
class Wave:
    period: float
    height: float = 8.0
    FACTOR: ClassVar[float] = 3.0

    @property
    def energy(self) -> float:
        return self.height**2 * self.period


    def scaled(self, k: float) -> float:
        return k * self.energy


@dataclass
class Later:
    x: float
    y: float = field(init=False)

    def __post_init__(self) -> None:
        self.y = self.x**2


@dataclass
class Listed:
    x: float
    y: float

    def __iter__(self) -> Iterator[float]:
        return iter((self.x, self.y**2))

    def __getitem__(self, place: int) -> float:
        return (self.x, self.y**2)[place]

    def __add__(self, other: Listed) -> float:
        return self.x * other.y


@dataclass(frozen=True)
class Checked:
    x: float
    y: float

    def __post_init__(self) -> None:
        if self.x <= 0:
            raise ValueError("x must be positive")


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


class Other(Plain):
    pass


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


def of_method(w: Any) -> float:
    return w.scaled(0.5) * w.period


def of_set_later(p: Any) -> float:
    return p.y * p.x


def of_x_alone(p: Any) -> float:
    return p.x**2


def of_element(p: Any) -> float:
    return p[1] * p.x


def unpacked(p: Any) -> float:
    x, y = p
    return x * y


def added(p: Any) -> float:
    return p.x * (p + p)


def of_checked(p: Any) -> float:
    return -p.x * p.y * 2.0


def by_both(p: Any) -> float:
    return p.x * p[1] + 4.0 * p[0]


def by_parts(p: Any) -> float:
    x, y = p
    return p.x * y + 4.0 * x


def by_loop(p: Any) -> float:
    return p.x * p.y + sum(4.0 * v for v in p) - 4.0 * p.y


def of_parts(ps: Any) -> float:
    return sum(p.square for p in ps)


def of_fields(w: Any) -> float:
    return w.period**2 * w.height if w.FACTOR > 2 else 0.0


def made_here(t: float) -> float:
    return of_property(Wave(t))


# 2 h**2 t; 3 t**2; x hypot(x, y); h**2 t**2 / 2
@pytest.mark.parametrize(("fn", "value", "slope"), [
    (of_property, Wave(1.25), Wave(128.0, 40.0)), (of_constant, Wave(1.25), Wave(7.5, 0.0)),
    (of_named_tuple, Point(3.0, 4.0), Point(5 + 9 / 5, 12 / 5)), (of_method, Wave(1.5, 2.0), Wave(6.0, 4.5)),
])
def test_what_a_class_computes_moves_with_what_an_argument_holds(fn: Callable[[Any], float], value: Any, slope: Any) -> None:
    seeded = vjp(fn)
    name = fn.__name__
    found = seeded(value, **{f"d{name}": -1.5})
    assert parts(found) == pytest.approx([-1.5 * part for part in parts(slope)])
    moved = jvp(fn)(value, **{f"{jvp(fn).wrt[0]}_dot": type(value)(0.5, -2.0)})
    assert moved == pytest.approx((fn(value), 0.5 * parts(slope)[0] - 2.0 * parts(slope)[1]))


def parts(value: Any) -> list[float]:
    return list(value) if isinstance(value, tuple) else list(vars(value).values())


def test_second_derivatives_of_what_a_class_computes() -> None:
    # x hypot(x, y) along (1, 0): 3 x / r - x**3 / r**3 and y**3 / r**3
    assert hvp(of_named_tuple)(Point(3.0, 4.0), p_dot=Point(1.0, 0.0)) == pytest.approx((9 / 5 - 27 / 125, 64 / 125))


class Tall(Wave):
    @property
    def energy(self) -> float:
        return self.height**3


def test_each_class_has_a_text_of_its_own() -> None:
    slope = grad(of_property)
    assert parts(slope(Wave(1.25))) == [128.0, 40.0]
    assert parts(slope(Tall(1.25, 2.0))) == [0.0, 24.0]
    assert parts(slope(Wave(1.25))) == [128.0, 40.0]


def test_a_property_that_is_defined_anew_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    slope = grad(of_property)
    assert parts(slope(Wave(1.25))) == [128.0, 40.0]
    monkeypatch.setattr(Wave, "energy", property(lambda self: 4 * self.period))
    assert parts(slope(Wave(1.25))) == [8.0, 0.0]


def test_a_plain_object_as_an_argument_has_a_tangent() -> None:
    assert jvp(of_plain)(Plain(2.0), p_dot=Plain(1.0)) == (8.0, 12.0)
    moved = jvp(of_parts)([Plain(2.0), Plain(3.0)], ps_dot=[Plain(1.0), Plain(0.5)])
    assert moved == (13.0, 7.0)


def test_objects_of_several_classes_in_a_list_are_refused() -> None:
    with pytest.raises(KindsError, match=r"test_by_name.py:\d+: .*a (Plain|Other) has more than that"):
        jvp(of_parts)([Plain(2.0), Other(1.0)], ps_dot=[Plain(1.0), Other(1.0)])


@pytest.mark.parametrize(("fn", "value"), [
    (of_filled, Filled(1.5)), (of_set_later, Later(1.5)),
])
def test_what_an_object_holds_beside_its_fields_is_refused(fn: Callable[[Any], float], value: Any) -> None:
    for made in (lambda: grad(fn)(value), lambda: jvp(fn)(value, p_dot=value)):
        with pytest.raises(UnsupportedError, match=r"test_by_name.py:\d+:\d+: GG1(06|15): "):
            made()


@pytest.mark.parametrize("fn", [of_element, unpacked, added])
def test_what_a_class_says_of_its_elements_and_of_operators_is_followed(fn: Callable[[Any], float]) -> None:
    by_x = derivative(lambda x: fn(Listed(x, 2.0)), 1.5).value
    by_y = derivative(lambda y: fn(Listed(1.5, y)), 2.0).value
    assert parts(grad(fn)(Listed(1.5, 2.0))) == pytest.approx([by_x, by_y], rel=1e-7)
    moved = jvp(fn)(Listed(1.5, 2.0), p_dot=Listed(0.3, -1.7))
    assert moved == pytest.approx((fn(Listed(1.5, 2.0)), 0.3 * by_x - 1.7 * by_y), rel=1e-7)


def of_copy(w: Any) -> float:
    other = w
    return other.energy * 2.0


def test_a_class_is_known_by_other_names_too() -> None:
    assert parts(grad(of_copy)(Wave(1.25))) == [128.0, 40.0]


def test_a_gradient_is_not_made_by_what_makes_the_value() -> None:
    assert parts(grad(of_checked)(Checked(1.5, 2.0))) == [-4.0, -3.0]
    assert parts(grad(of_x_alone)(Later(1.5))) == [3.0]


def test_a_named_tuple_is_read_by_names_and_by_places() -> None:
    for fn in (by_both, by_parts, by_loop):
        made = grad(fn)
        assert made(Point(3.0, 4.0)) == pytest.approx((8.0, 3.0)), fn.__name__  # x y + 4 x
        names: dict[str, Any] = {}
        exec(made.source, names)
        assert names[made.__name__](Point(3.0, 4.0)) == made(Point(3.0, 4.0))
        assert hvp(fn)(Point(3.0, 4.0), p_dot=Point(0.5, -2.0)) == pytest.approx((-2.0, 0.5))


def test_what_the_class_of_a_record_made_on_the_way_computes_moves_with_it() -> None:
    assert jvp(made_here)(1.5, t_dot=-0.5) == (192.0, -64.0)  # 128 t


def test_fields_are_followed_whatever_tests_read_besides() -> None:
    value, moved = jvp(of_fields)(Wave(1.5, 2.0), w_dot=Wave(0.3, -1.0))  # 2 t h dt + t**2 dh
    assert (value, moved) == pytest.approx((4.5, 2 * 1.5 * 2.0 * 0.3 - 1.5**2))
    assert grad(of_fields)(Wave(1.5, 2.0)) == Wave(6.0, 2.25)
