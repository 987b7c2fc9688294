"""Records whose classes do something to what they are given, as published code has them.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]


def within(value: float, limit: float) -> float:
    result = float(value)
    if result > limit:
        result = limit
    elif result < -limit:
        result = -limit
    return result


@dataclass
class Place:
    """Holds its latitude within its limits, and every other field as a float."""

    latitude: float = 51.5
    longitude: float = 0.0
    height: Any = 0.0

    def __setattr__(self, name: str, value: Any) -> None:
        """Keep the value, converted."""
        if name == "latitude":
            value = within(value, 90.0)
        elif name in ("longitude", "other"):
            value = float(value)
        elif name == "height":
            if isinstance(value, tuple):
                value = value[0]
            else:
                value = round(value, 6)
        super().__setattr__(name, value)


@dataclass
class Scaled:
    """Keeps twice what it is given: its text does more than convert and keep."""

    length: float

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, 2.0 * value)


@dataclass
class Rounded:
    """Rounds by a test that is not of the field's name."""

    length: float

    def __setattr__(self, name: str, value: Any) -> None:
        if value > 0:
            value = float(round(value, 3))
        object.__setattr__(self, name, value)


def zenith(place: Place, hour: float) -> float:
    latitude = math.radians(place.latitude)
    return math.sin(latitude) * math.cos(0.3) + math.cos(latitude) * math.sin(0.3 * hour + math.radians(place.longitude))


def of_a_record_that_converts(latitude: float, longitude: float, hour: float) -> float:
    return zenith(Place(latitude, longitude=longitude), hour) * 2.0


def of_a_converted_expression(latitude: float, hour: float) -> float:
    place = Place(2.0 * latitude + hour, latitude * hour)
    return place.latitude * place.longitude + zenith(place, hour)


def of_a_field_whose_conversion_is_not_known(height: float) -> float:
    place = Place(10.0, 20.0, height)
    return float(place.height) * place.latitude


def of_a_record_that_scales(length: float) -> float:
    return Scaled(length).length ** 2


def of_a_named_record_that_scales(length: float) -> float:
    scaled = Scaled(length)
    return scaled.length ** 2


def of_a_named_record_that_rounds(length: float) -> float:
    rounded = Rounded(length)
    return rounded.length ** 2


class Section:
    def __init__(self, count=1, **kwargs):
        self.count = count
        self.roughness = kwargs.pop("roughness", 0.013)
        self.slope = kwargs.pop("slope", None)


class Pipe(Section):
    def __init__(self, diameter, count=1, **kwargs):
        super().__init__(count, **kwargs)
        self.diameter = diameter

    @property
    def rise(self):
        return self.diameter

    @rise.setter
    def rise(self, value):
        self.diameter = value

    def area(self, depth):
        alpha = 2.0 * math.acos(1.0 - 2.0 * min(depth, self.rise) / self.diameter)
        return self.count * self.diameter**2 / 8.0 * (alpha - math.sin(alpha))

    def flow(self, depth):
        slope = 0.01 if self.slope is None else self.slope
        return self.area(depth) / self.roughness * math.sqrt(slope)


def keywords_handed_on_to_a_base(diameter, depth):
    return Pipe(diameter, count=2).area(depth)


def keywords_that_vary_handed_on_to_a_base(diameter, depth, roughness, slope):
    return Pipe(diameter, roughness=roughness, slope=slope).flow(depth) + Pipe(diameter, slope=slope * 2.0).flow(depth)


def asks_twice(x, **kwargs):
    scale = kwargs.get("scale", 1.0)
    return x * scale * kwargs.pop("scale", 2.0) * kwargs.pop("scale", 3.0)


def keywords_asked_twice(x, y):
    return asks_twice(x, scale=y)


EXAMPLES: Examples = (
    (keywords_handed_on_to_a_base, (2.0, 0.7)),
    (keywords_that_vary_handed_on_to_a_base, (2.0, 0.7, 0.02, 0.003)),
    (of_a_record_that_converts, (51.5, -0.12, 1.3)),
    (of_a_record_that_converts, (97.0, -0.12, 1.3)),
    (of_a_converted_expression, (20.0, 1.3)),
    (of_a_converted_expression, (47.0, 1.3)),
)

TO_BE_REFUSED: Examples = (
    (keywords_asked_twice, (2.0, 0.7)),
    (of_a_field_whose_conversion_is_not_known, (3.5,)),
    (of_a_record_that_scales, (3.5,)),
    (of_a_named_record_that_scales, (3.5,)),
    (of_a_named_record_that_rounds, (3.5004,)),
)
