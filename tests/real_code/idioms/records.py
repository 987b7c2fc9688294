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


EXAMPLES: Examples = (
    (of_a_record_that_converts, (51.5, -0.12, 1.3)),
    (of_a_record_that_converts, (97.0, -0.12, 1.3)),
    (of_a_converted_expression, (20.0, 1.3)),
    (of_a_converted_expression, (47.0, 1.3)),
)

TO_BE_REFUSED: Examples = (
    (of_a_field_whose_conversion_is_not_known, (3.5,)),
    (of_a_record_that_scales, (3.5,)),
    (of_a_named_record_that_scales, (3.5,)),
    (of_a_named_record_that_rounds, (3.5004,)),
)
