"""Objects whose `__init__` asks them for something on the way, or says how they are made in another way, judged by differences.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import dataclasses
import enum
import math

import pytest

from gradgen import UnsupportedError, value_and_grad
from tests.oracle.differences import derivative

SCALE = 3.0


class Grade(enum.Enum):
    ROUGH = 0.2


class Pipe:
    """Methods that read, with several returns, defaults, loops around them; methods that store; properties; constants."""

    ROUGH = 0.2

    @staticmethod
    def half(t):
        return t / 2

    def __init__(self, d, v, rho=1.2, deep=2, grade=Grade.ROUGH):
        """A pipe."""
        self.d = d
        self._v = v
        self.rho = rho
        self.grade = grade
        self.form = math.sin
        if deep > 1:
            self._set_area()
        self.re = self._reynolds(self.area, power=2)
        total = 0.0
        for k in range(3):
            total += self._friction() * k
        self.total = total
        self.loss = self.total * self.head + self._twice(self._twice(self.d))
        self._update(self.loss, 2.0)

    def _set_area(self):
        self.area = math.pi * self.half(self.d) ** 2

    def _reynolds(self, a, power=1.0):
        """Of several
        lines."""
        if a > 1e9:
            return a
        return self.rho * self._v * self.d**power * SCALE

    def _friction(self):
        return 64 / self.re + self.ROUGH

    def _twice(self, t):
        return 2 * t * self._friction()

    @property
    def head(self):
        return self._v**2 / 19.62 + self._friction()

    def _update(self, a, b):
        a = a * b
        self.loss = a + self.loss
        self.loss *= b

    def result(self):
        return self.loss * self.area + self.head


class Section:
    def __init__(self, a, b):
        self.__a = a
        self.__b = self.__doubled(b)

    def __doubled(self, t):
        return 2 * t * self.__a

    @property
    def a(self):
        return self.__a

    def area(self):
        return self.__a * self.__b


class Solid:
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side**2


class Box(Solid):
    def __init__(self, side, height):
        super(Box, self).__init__(side)  # noqa: UP008
        self.height = height

    def area(self):
        return super(Box, self).area() * self.height  # noqa: UP008


class Leaving:
    def __init__(self, a, b):
        self.a = a
        if b > 1e6:
            self.b = b
            return
        self.b = b * 2 * a


class Partly:
    def __init__(self, a, b, mode=True):
        self.a = a
        if mode is True:
            self.r = b
        elif mode is False:
            self.r = 2 * b


class Clamped:
    def __init__(self, a, b):
        self.a = a
        self.b = b

    @property
    def a(self):
        return self._a

    @a.setter
    def a(self, value):
        if value < -1e6:
            raise ValueError(value)
        self._a = value * 1.5


class Given:
    """A method that stores and gives."""

    def __init__(self, a, b):
        self.a = a
        self.c = self._sums(a, b) * b

    def _sums(self, p, q):
        self.sum = p + q
        self.product = p * q
        return self.sum * self.product


@dataclasses.dataclass
class Sheet:
    a: float
    b: float = 2.0
    area: float = dataclasses.field(init=False)

    def __post_init__(self):
        if self.a > 1e9:
            raise ValueError("too long")
        self.area = self.a * self.b

    @property
    def ratio(self):
        return self.area / self.b**3


@dataclasses.dataclass(frozen=True)
class Gas:
    p: float
    t: float
    k: float = 1.4
    rho: float = dataclasses.field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "rho", self.p / (287.0 * self.t) * self.cp)

    @property
    def cp(self):
        return self.k / (self.k - 1) * 2

    def sound(self):
        return math.sqrt(self.k * self.p / self.rho)


@dataclasses.dataclass(frozen=True, slots=True)
class Jump:
    rate: float
    mean: float
    spread: float = 0.3

    def __post_init__(self):
        for name in ("rate", "mean"):
            if not math.isfinite(getattr(self, name)):
                raise ValueError(name)
        if self.rate < 0.0:
            raise ValueError(f"{self.rate!r} is negative")

    @property
    def size(self):
        return self.rate * self.mean**2 + self.spread


def checked(x, y):
    return Jump(x, y).size * Jump(y, x, x).spread


def methods(x, y):
    return Pipe(x, y).result()


def several(x, y):
    pipe = Pipe(x, y, rho=y)
    other = Pipe(d=y, v=pipe.loss)
    return pipe.re + other.result() * pipe.head


def private(x, y):
    return Section(x, y).area() * Section(x, y).a


def named_super(x, y):
    return Box(x, y).area()


def leaving(x, y):
    made = Leaving(x, y)
    return made.a * made.b


def partly(x, y):
    made = Partly(x, y)
    return made.a * made.r**2


def setter(x, y):
    made = Clamped(x, y)
    return made.a * made.b * made.a


def given(x, y):
    made = Given(x, y)
    return made.c * made.sum / made.product


def after_init(x, y):
    return Sheet(x, y).ratio * Sheet(x).area + Sheet(y, b=x).b


def frozen(x, y):
    return Gas(x, y, k=1.3).sound() * Gas(y, x).rho


FUNCTIONS = [methods, several, private, named_super, leaving, partly, setter, given, after_init, frozen, checked]


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("fn", FUNCTIONS, ids=lambda fn: fn.__name__)
def test_what_is_made_has_the_slopes_of_what_it_is_made_of(fn, optimize):
    value, slopes = value_and_grad(fn, optimize=optimize)(1.3, 2.4)
    assert value == fn(1.3, 2.4)
    assert derivative(lambda x: fn(x, 2.4), 1.3).agrees_with(slopes[0])
    assert derivative(lambda y: fn(1.3, y), 2.4).agrees_with(slopes[1])


@pytest.mark.parametrize("fn", [methods, private, leaving, after_init], ids=lambda fn: fn.__name__)
def test_what_an_init_raises_comes_through(fn):
    with pytest.raises(TypeError):
        value_and_grad(fn)("1.3", 2.4)


def test_each_way_through_an_init_has_its_own_slopes():
    slopes = value_and_grad(lambda x, y: Partly(x, y, False).r * Partly(x, y, False).a)(1.3, 2.4)[1]
    assert slopes == pytest.approx((4.8, 2.6))
    assert value_and_grad(leaving)(1.3, 2e6)[1] == pytest.approx((2e6, 1.3))
    with pytest.raises(AttributeError):
        value_and_grad(lambda x, y: Partly(x, y, None).r * x)(1.3, 2.4)


def test_an_object_with_a_default_in_its_class_is_differentiated_by_that_field():
    sheet_slopes, slope = value_and_grad(lambda sheet, x: sheet.b**2 * sheet.a * x)(Sheet(1.3, 3.0), 2.0)[1]
    assert (sheet_slopes.a, sheet_slopes.b, slope) == pytest.approx((18.0, 15.6, 11.7))


class Handed:
    def __init__(self, a):
        self.a = a
        self.b = helper(self)


def helper(made):
    return made.a * 2


def test_an_object_that_is_handed_on_half_made_is_refused():
    with pytest.raises(UnsupportedError, match="GG108"):
        value_and_grad(lambda x: Handed(x).b)(1.3)


class Halved:
    share = 0.5

    def __init__(self, a, b):
        self.a = a * self.share
        self.share = b


class Doubled:
    share = 2.0

    def __init__(self, a, b):
        self.share = self.share * b
        self.a = a


class Shared:
    share = 2.0

    def __init__(self, a, b):
        self.share = b * a
        self.a = a * self._twice() + self.share

    def _twice(self):
        return 2 * self.share


@pytest.mark.parametrize("made", [Halved, Doubled], ids=lambda made: made.__name__)
def test_an_attribute_is_that_of_the_class_until_the_object_has_its_own(made):
    def fn(x, y):
        one = made(x, y)
        return one.a * one.share

    value, slopes = value_and_grad(fn)(1.3, 2.4)
    assert value == fn(1.3, 2.4)
    expected = (derivative(lambda x: fn(x, 2.4), 1.3).value, derivative(lambda y: fn(1.3, y), 2.4).value)
    assert slopes == pytest.approx(expected, rel=1e-7)


def stored_first(x, y):
    made = Shared(x, y)
    return made.a * made.share


def test_an_attribute_that_the_object_has_before_it_is_read_hides_that_of_the_class():
    value, slopes = value_and_grad(stored_first)(1.3, 2.4)
    assert value == stored_first(1.3, 2.4)
    expected = (derivative(lambda x: stored_first(x, 2.4), 1.3).value, derivative(lambda y: stored_first(1.3, y), 2.4).value)
    assert slopes == pytest.approx(expected, rel=1e-7)
