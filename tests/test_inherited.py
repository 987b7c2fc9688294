"""Classes made of others: what `super()` says in methods and in `__init__`, judged by extrapolated differences."""
from __future__ import annotations

import abc
import importlib
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gradgen import UnsupportedError, value_and_grad
from tests.oracle.differences import derivative


class Density:
    """What other classes are mixed with."""

    @staticmethod
    def bell(x: float) -> float:
        return math.exp(-(x**2) / 2.0)

    def scale(self) -> float:
        return 1.0


class Option(abc.ABC, Density):
    def __init__(self, spot, strike, rate, years=1.5):
        assert spot > 0.0, f"spot has to be positive, not {spot}"
        ratio = spot / strike
        self.spot, self.strike, self.rate = spot, strike, rate
        self.years = years
        self.moneyness = ratio

    @abc.abstractmethod
    def price(self) -> float: ...

    @property
    def drift(self):
        return math.log(self.moneyness) + self.rate * self.years

    def gamma(self):
        return self.bell(self.drift) / (self.spot * math.sqrt(self.years))

    def scale(self):
        return 2.0 * super().scale() * self.spot


class Put(Option):
    def __init__(self, spot, strike, rate, shift=0.25):
        ratio = 1.0 + shift * rate
        super().__init__(spot * ratio, strike=strike, rate=rate)
        self.shift = shift * ratio

    def price(self):
        return self.strike * math.exp(-self.rate) - self.spot + self.shift

    def gamma(self):
        return -super().gamma() * self.shift

    @property
    def slope(self):
        return super().drift


class Digital(Put):
    def __init__(self, spot, strike):
        Put.__init__(self, spot, strike, 0.03)

    def gamma(self):
        return super().gamma() ** 2 + self.price()


class Plain:
    def __init__(self, x):
        super().__init__()
        self.x = x

    def doubled(self):
        return 2 * self.x


def gamma_of_put(spot, strike, rate):
    return Put(spot, strike, rate).gamma()


def price_of_put(spot, strike, rate):
    put = Put(spot, strike, rate, shift=spot / strike)
    return put.price() * put.drift


def gamma_of_digital(spot, strike):
    return Digital(spot, strike).gamma()


def scale_of_digital(spot, strike):
    return Digital(spot, strike).scale()


def of_plain(x):
    return Plain(x**2).doubled()


POINTS = {
    gamma_of_put: (1.1, 0.9, 0.04), price_of_put: (1.1, 0.9, 0.04), gamma_of_digital: (1.3, 0.8), scale_of_digital: (1.3, 0.8),
    of_plain: (0.7,),
}


@pytest.mark.parametrize("function", POINTS, ids=lambda each: each.__name__)
def test_what_comes_from_a_class_above_is_differentiated(function: Callable[..., float]) -> None:
    point = POINTS[function]
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    value, gradient = value_and_grad(function, wrt=names)(*point)
    assert value == function(*point)
    for place, got in enumerate(gradient):
        expected = derivative(lambda x, place=place: function(*point[:place], x, *point[place + 1 :]), point[place])
        assert expected.agrees_with(got), names[place]


def test_the_lines_of_the_class_above_stand_in_those_of_the_class() -> None:
    text = value_and_grad(price_of_put).source
    assert "put_moneyness = ratio_of_init" in text
    assert "super" not in text and "Put(" not in text


@pytest.mark.parametrize("method", ["slope", "unknown"])
def test_super_that_is_not_known_reads_the_object(method: str) -> None:
    def of_property(spot, strike):
        return Put(spot, strike, 0.03).slope

    class Unknown(Put):
        def gamma(self):
            found = super()
            return found.gamma()

    def of_variable(spot, strike):
        return Unknown(spot, strike, 0.03).gamma()

    function = of_property if method == "slope" else of_variable
    with pytest.raises(UnsupportedError):
        value_and_grad(function, wrt=("spot", "strike"))(1.3, 0.8)


ABOVE = """
K = 3.0


class Above:
    def __init__(self, x):
        self.x = K * x
"""
UNDER = """
from above import Above

K = 7.0


class Under(Above):
    def __init__(self, x):
        super().__init__(x)


def of_under(x):
    return Under(x).x
"""


def test_a_constructor_above_that_reads_other_globals_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "above.py").write_text(ABOVE)
    (tmp_path / "under.py").write_text(UNDER)
    monkeypatch.syspath_prepend(tmp_path)
    of_under = importlib.import_module("under").of_under
    assert of_under(2.0) == 6.0
    with pytest.raises(UnsupportedError):
        value_and_grad(of_under, wrt="x")


def test_adjoints_of_objects_that_hold_truths_of_numpy() -> None:
    class Held:
        def __init__(self, x):
            self.x = x * np.ones(2)
            self.is_large = np.bool_(x > 0.5)

    def of_held(x):
        held = Held(x)
        return held.x.sum() ** 2 if held.is_large else held.x.sum()

    assert value_and_grad(of_held)(0.7) == (pytest.approx(1.96), pytest.approx(5.6))


class Widened:
    def extra(self, x: float) -> float:
        return x


class WidenedAgain(Widened):
    def extra(self, x: float) -> float:
        return super().extra(x) * x

    def through(self, x: float) -> float:
        return self.extra(x)


WIDENED = WidenedAgain()


def by_its_own_override(x: float) -> float:
    return WIDENED.through(x)


def test_a_method_calls_its_own_override_of_what_super_has() -> None:
    assert value_and_grad(by_its_own_override)(1.5) == (2.25, 3.0)


class Ambient:
    def __init__(self, heat=2.5, **others):
        self.heat = heat
        super().__init__(**others)


class Weighted:
    def __init__(self, weight, **others):
        super().__init__(**others)
        self.weight = weight * weight


class Analyser(Ambient):
    def __init__(self, constant, **others):
        self.constant = constant * 1e-1
        super(Analyser, self).__init__(**others)  # noqa: UP008

    def at(self, v):
        return self.constant / v + self.heat * v


class WeightedAnalyser(Weighted, Ambient):
    def __init__(self, constant, weight=3.0, **others):
        super().__init__(weight * constant, **others)
        self.constant = constant

    def at(self, v):
        return self.constant * self.weight * math.sin(self.heat * v)


def analysed(x, y):
    return Analyser(x).at(y)


def analysed_warm(x, y):
    return Analyser(x, heat=x * y).at(y) + x


def analysed_twice(x, y):
    return WeightedAnalyser(x, heat=x, weight=y).at(y) * Analyser(y, heat=math.exp(x)).at(x)


@pytest.mark.parametrize("function", [analysed, analysed_warm, analysed_twice], ids=lambda each: each.__name__)
def test_constructors_hand_on_what_others_take(function: Callable[[float, float], float]) -> None:
    value, slopes = value_and_grad(function)(0.7, 1.3)
    assert value == function(0.7, 1.3)
    assert derivative(lambda at: function(at, 1.3), 0.7).agrees_with(slopes[0])
    assert derivative(lambda at: function(0.7, at), 1.3).agrees_with(slopes[1])


def analysed_for_nothing(x):
    return Analyser(x, heat=x, nothing=1.0).at(x)


def test_what_no_constructor_takes_is_refused() -> None:
    with pytest.raises(UnsupportedError):
        value_and_grad(analysed_for_nothing)


APART = """
from math import sqrt as square_root

class Air:
    def __init__(self, heat=2.5):
        self.heat = square_root(heat)

class Duct(Air):
    def __init__(self, length, **others):
        super().__init__(**others)
        self.length = length * square_root(length)

    def loss(self, v):
        return square_root(self.length * v) + self.heat * v
"""


def test_constructors_of_another_module_hand_on_what_nobody_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apart_from_here.py").write_text(APART)
    monkeypatch.syspath_prepend(tmp_path)
    made = importlib.import_module("apart_from_here").Duct

    def function(x, y):
        return made(x).loss(y) * x

    value, slopes = value_and_grad(function)(0.7, 1.3)
    assert value == function(0.7, 1.3)
    assert derivative(lambda at: function(at, 1.3), 0.7).agrees_with(slopes[0])
    assert derivative(lambda at: function(0.7, at), 1.3).agrees_with(slopes[1])
    with pytest.raises(UnsupportedError):
        value_and_grad(lambda x: made(x, nothing=x).loss(x))
