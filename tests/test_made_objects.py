"""Objects of plain classes that functions make: what `__init__` computes moves with what it is given, and what an object does not
hold itself (properties, what its class has) is refused.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pytest

from gradgen import hvp, jvp, value_and_grad
from gradgen.errors import GradgenError


class Globe:
    def __init__(self, major, minor, name="", flattening=None):
        """An ellipsoid."""
        self.flattening = flattening if flattening is not None else (major - minor) / major
        assert self.flattening >= 0, "flat the wrong way"
        if name:
            self.scale = 2.0
        else:
            self.scale = math.sqrt(major)
        self.major, self.minor = major, minor
        self.name = name

    def volume(self, k):
        return k * self.major**2 * self.minor * self.scale


@dataclass
class Bar:
    length: float
    area: float

    def __init__(self, length, width):
        self.length = length
        self.area = width * width


def stretched(globe, k):
    return k * globe.major * globe.minor * globe.scale + globe.flattening


def by_callee(a, b):
    return stretched(Globe(a * b, minor=b), 3.0)


def by_name(a, b):
    globe = Globe(a, b, name="named", flattening=b)
    return globe.volume(a) * globe.flattening


def of_dataclass(a, b):
    bar = Bar(a, width=b)
    return bar.length * bar.area


# closed forms: 3 a b**2 sqrt(a b) + 1 - 1 / a, 2 a**3 b**2, a b**2
CLOSED = [
    (by_callee, lambda a, b: (4.5 * a**0.5 * b**2.5 + 1 / a**2, 7.5 * (a * b) ** 1.5)),
    (by_name, lambda a, b: (6 * a**2 * b**2, 4 * a**3 * b)),
    (of_dataclass, lambda a, b: (b**2, 2 * a * b)),
]


@pytest.mark.parametrize(("function", "slopes"), CLOSED)
def test_what_init_computes_moves_with_what_it_is_given(function, slopes):
    a, b = 2.5, 0.75
    made = value_and_grad(function)
    want = tuple(-1.5 * slope for slope in slopes(a, b))
    assert made(a, b, **{made.seeds[0]: -1.5}) == (function(a, b), tuple(map(pytest.approx, want)))
    assert made.source.count("def zeros_like") <= 1
    names: dict[str, object] = {}
    exec(made.source, names)
    assert names[made.__name__](a, b)[1] == made(a, b)[1]


@pytest.mark.parametrize(("function", "slopes"), CLOSED)
def test_forward_mode_moves_with_what_init_computes(function, slopes):
    slope = slopes(2.5, 0.75)
    value, tangent = jvp(function)(2.5, 0.75, a_dot=0.5, b_dot=-2.0)
    assert (value, tangent) == (function(2.5, 0.75), pytest.approx(0.5 * slope[0] - 2.0 * slope[1]))
    step = 1e-5
    up, down = slopes(2.5 + 0.5 * step, 0.75 - 2.0 * step), slopes(2.5 - 0.5 * step, 0.75 + 2.0 * step)
    curved = [(after - before) / (2 * step) for after, before in zip(up, down, strict=True)]
    assert hvp(function)(2.5, 0.75, a_dot=0.5, b_dot=-2.0) == pytest.approx(curved, rel=1e-7)


class Counted:
    def __init__(self, x):
        self.x = x
        self.note(x)

    def note(self, x):
        self.y = x * x


class Checked:
    def __init__(self, x):
        self.x = x

    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, value):
        self._x = value * value


class Partly:
    def __init__(self, x):
        if x > 1.0:
            self.x = x


class Halved:
    factor = 2.0

    def __init__(self, x):
        if x > 1.0:
            self.factor = x
        self.x = x


class Listed:
    def __init__(self, x):
        self.x = x
        NOTED.append(self)


NOTED: list[object] = []


@pytest.mark.parametrize(("made", "slope"), [(Counted, 1.0), (Checked, 4.0), (Partly, 1.0)])
def test_an_init_that_stores_by_methods_and_setters_and_on_some_ways_only(made, slope):
    assert value_and_grad(lambda x: made(x).x)(2.0) == (made(2.0).x, slope)
    assert value_and_grad(lambda x: x * Counted(x).y)(2.0) == (8.0, 12.0)
    with pytest.raises(AttributeError):
        value_and_grad(lambda x: Partly(x).x)(0.5)


def test_an_init_that_does_more_is_refused():
    with pytest.raises(GradgenError, match=r"test_made_objects.py:\d+:\d+: GG10[68]: "):
        value_and_grad(lambda x: Listed(x).x)(2.0)


def factor_of_halved(x):
    return Halved(x).factor * x


def test_what_an_init_stores_on_one_way_only_is_of_the_class_on_the_other():
    assert value_and_grad(factor_of_halved)(3.0) == (9.0, 6.0)
    assert value_and_grad(factor_of_halved)(0.5) == (1.0, 2.0)


@dataclass
class Patch:
    a: float
    b: float
    factor = 9.81

    @property
    def area(self):
        return self.a * self.b

    @cached_property
    def half(self):
        return 0.5 * self.a

    @property
    def height(self):
        return self.area / self.b + self.twice()

    def twice(self):
        return 2.0 * self.area


    def weight(self):
        return self.factor * self.area

    def load(self, k):
        return k * self.weight()


@dataclass
class Thick(Patch):
    factor = 2.0

    def weight(self):
        return self.factor * self.a**3


SEEN: list[float] = []


class Noted:
    def __init__(self, a, b):
        self.a, self.b = a, b

    @property
    def area(self):
        SEEN.append(self.a)
        return self.a * self.b


class Span(NamedTuple):
    low: float
    high: float

    @property
    def width(self):
        return self.high - self.low


def patch(a, b):
    return Patch(a, b)


def at_once(a, b):
    return Globe(a, b).volume(b)


def twice_at_once(a, b):
    return Patch(a, b * b).twice()


def by_property(a, b):
    p = Patch(a, b * b)
    return p.area


def by_what_the_class_has(a, b):
    p = Patch(a, b)
    return p.weight() + p.factor


def width_of_tuple(a, b):
    return Span(a, b).width * a


def by_methods_of_two_classes(a, b):
    p = Patch(a, b)
    q = Thick(a, b)
    return p.load(b) + q.load(3.0)


OF_THE_CLASS = [
    (by_methods_of_two_classes, lambda a, b: (9.81 * b**2 + 18 * a**2, 2 * 9.81 * a * b)),
    (width_of_tuple, lambda a, b: (b - 2 * a, a)),
    (at_once, lambda a, b: (2.5 * a**1.5 * b**2, 2 * a**2.5 * b)),
    (twice_at_once, lambda a, b: (2 * b**2, 4 * a * b)),
    (by_property, lambda a, b: (b**2, 2 * a * b)),
    (by_what_the_class_has, lambda a, b: (9.81 * b, 9.81 * a)),
]


@pytest.mark.parametrize(("function", "slopes"), OF_THE_CLASS)
def test_methods_and_properties_of_what_is_made_are_functions_of_it(function, slopes):
    a, b = 2.5, 0.75
    made = value_and_grad(function)
    assert made(a, b) == (function(a, b), tuple(map(pytest.approx, slopes(a, b))))
    slope = slopes(a, b)
    assert jvp(function)(a, b, a_dot=0.5, b_dot=-2.0) == pytest.approx((function(a, b), 0.5 * slope[0] - 2 * slope[1]))


def area_of(p):
    return p.area * p.a


def area_of_result(a, b):
    return patch(a, b).area


def half_of_result(a, b):
    return patch(a, b).half


def half_of_made(a, b):
    return Patch(a, b).half


def area_of_variable(a, b):
    p = patch(a, b)
    return p.area


def area_with_an_effect(a, b):
    return Noted(a, b).area


def area_in_callee(a, b):
    return area_of(Patch(a, b))


def of_its_class(a, b):
    return patch(a, b).factor * a


HIDDEN = [half_of_result, half_of_made, area_with_an_effect]
OF_RESULTS = [(area_of_result, 6.0, (2.0, 3.0)), (area_of_variable, 6.0, (2.0, 3.0)), (of_its_class, 9.81 * 3, (9.81, 0.0))]


@pytest.mark.parametrize(("function", "value", "slopes"), OF_RESULTS)
def test_what_calls_return_is_of_its_class(function, value, slopes):
    assert value_and_grad(function)(3.0, 2.0) == (pytest.approx(value), pytest.approx(slopes))
    assert jvp(function)(3.0, 2.0, a_dot=0.5, b_dot=-1.0) == pytest.approx((value, 0.5 * slopes[0] - slopes[1]))


@pytest.mark.parametrize("function", HIDDEN)
def test_what_an_object_does_not_hold_itself_is_refused(function):
    wanted = r"test_made_objects.py:\d+:\d+: GG10[68]: "
    with pytest.raises(GradgenError, match=wanted):
        value_and_grad(function)(3.0, 2.0)
    with pytest.raises(GradgenError, match=wanted):
        jvp(function)(3.0, 2.0, a_dot=1.0, b_dot=0.0)


def test_a_property_of_what_a_callee_is_given_is_followed():
    assert value_and_grad(area_in_callee)(3.0, 2.0) == (18.0, pytest.approx((12.0, 9.0)))  # a**2 b
    assert jvp(area_in_callee)(3.0, 2.0, a_dot=1.0, b_dot=0.5) == pytest.approx((18.0, 12.0 + 0.5 * 9))


class Pair:
    def __init__(self, a: float, b: float) -> None:
        self.a = a
        self.b = b

    def mean(self, w: float = 0.5) -> float:
        return self.a * w + self.b * (1 - w)


def by_a_method_that_arrays_have_too(x: float, y: float) -> float:
    pair = Pair(y, x)
    return x * pair.mean(0.3)


def test_methods_of_objects_that_a_function_makes_are_none_of_arrays() -> None:
    value, slopes = value_and_grad(by_a_method_that_arrays_have_too)(1.2, 0.7)
    assert (value, *slopes) == pytest.approx((1.2 * 1.05, 0.3 * 0.7 + 1.4 * 1.2, 0.3 * 1.2))  # x (0.3 y + 0.7 x)
    assert [type(slope) for slope in slopes] == [float, float]


def by_a_property_of_properties(a: float, b: float) -> float:
    return Patch(a, b).height * b


def test_properties_may_read_other_properties_and_methods() -> None:
    value, slopes = value_and_grad(by_a_property_of_properties)(1.2, 0.7)
    assert (value, *slopes) == pytest.approx((0.84 + 1.176, 0.7 + 0.98, 1.2 + 3.36))  # a b + 2 a b^2


class Column:
    """An object whose `__init__` asks its class."""

    stiffness = 2.5

    def __init__(self, width, height):
        self._width = self.clipped(width)
        self.height = height * self.stiffness
        self.area = self.of_square(self.width)
        self.load = self.on(self.area, self.height)

    @property
    def width(self):
        return self._width

    @staticmethod
    def clipped(width):
        return min(width, 10.0)

    @classmethod
    def of_square(cls, width):
        return width**2 * cls.stiffness

    def on(self, area, height):
        return area / height


def of_column(a, b):
    column = Column(a, height=b * a)
    return column.load * column.width + column.area


def test_what_init_asks_of_its_class_is_differentiated():
    value, slopes = value_and_grad(of_column, wrt=("a", "b"))(1.2, 0.7)
    assert value == of_column(1.2, 0.7)  # a**2 / b + 2.5 * a**2
    assert slopes == pytest.approx((2 * 1.2 / 0.7 + 5 * 1.2, -(1.2**2) / 0.7**2), rel=1e-12)


class Looked:
    def __init__(self, x):
        self.x = x
        self.y = self.twice()

    def twice(self):
        return 2 * self.x


def test_a_method_that_looks_at_what_is_being_made_is_differentiated():
    assert value_and_grad(lambda x: Looked(x).y * x, wrt="x")(1.5) == (4.5, 6.0)


class Documented:
    def __init__(self, x):
        self.__doc__ = "A length."
        self.x = x


def test_an_object_with_a_special_attribute_of_its_own_is_refused():
    with pytest.raises(GradgenError, match="GG108"):
        value_and_grad(lambda x: Documented(x).x, wrt="x")(1.2)


class Series:
    def __init__(self, c):
        self.c = c

    def total(self):
        return sum([c * c for c in self.c])


def of_series(a, b, x):
    return Series([a, b, 1.0]).total() * x


def test_what_a_comprehension_of_a_method_binds_may_be_called_as_a_parameter_elsewhere():
    assert value_and_grad(of_series)(3.0, 2.0, 0.5)[1] == pytest.approx((3.0, 2.0, 14.0))


class Squared:
    """Stores the square, and hands out twice what it has."""

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, held, owner=None):
        return 2 * getattr(held, self.name) if held is not None else 1.0

    def __set__(self, held, value):
        setattr(held, self.name, value * value)


class Kept:
    side = Squared()

    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side * 3


class Below(Kept):
    pass


@dataclass
class Filed:
    side: float = Squared()
    other: float = 1.0


def of_one(x):
    return Kept(x).side * x


def of_its_method(x):
    return Kept(x).area()


def of_several(x):
    held = [Below(x), Below(x * x)]
    return sum(each.side for each in held)


FILED = [of_one, of_its_method, of_several, lambda x: Filed(x, x * x).side, lambda x: Filed(x).side * x]


@pytest.mark.parametrize("fn", FILED)
def test_what_a_descriptor_makes_of_a_store_is_refused(fn) -> None:
    for transform in (value_and_grad, jvp):
        with pytest.raises(GradgenError, match=r"test_made_objects\.py:\d+:\d+: GG10[68]"):
            transform(fn)(1.5, **({"x_dot": 1.0} if transform is jvp else {}))


@pytest.mark.parametrize("held", [Kept(1.5), Filed(1.5, 2.0)])
def test_what_a_descriptor_gives_of_an_object_that_varies_is_refused(held) -> None:
    with pytest.raises(GradgenError, match="GG106.*'side' of a (Kept|Filed), a descriptor"):
        value_and_grad(lambda made: made.side**2, "made")(held)
    assert value_and_grad(lambda made, x: made.side * x, "x")(held, 2.0) == (9.0, 4.5)
