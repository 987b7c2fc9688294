"""Helpers, objects, dicts and functions as values as published code has them.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scipy import optimize

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]
COEFFICIENTS = (1.0, 2.0, 3.0)
logger = logging.getLogger(__name__)


def horner(coefficients: tuple[float, ...], x: float) -> float:
    total = 0.0
    for c in coefficients:
        total = total * x + c
    return total


def calls_a_loop(x: float, y: float) -> float:
    return horner(COEFFICIENTS, 6.0 * (x - 0.15)) * y + horner(COEFFICIENTS, y)


def shows_where_it_is_large(x: float, y: float) -> float:
    logger.warning("x is %s", x) if x > 2.0 else None
    x > 2.0 and logger.info("%s", math.sin(y))
    return x * math.sin(y)


def fail(error: type[Exception], message: str) -> None:
    raise error(message)


def required(value: object, field: str, error: type[Exception], *, minimum: float | None = None) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        fail(error, f"{field} must be a number, not {type(value).__name__}")
    result = float(value)  # type: ignore[arg-type]
    if minimum is not None and result < minimum:
        raise error(f"{field} must be >= {minimum:g}, not {result}")
    return result


def checked_with_an_error_handed_in(x: float, y: float) -> float:
    return required(x, "x", ValueError, minimum=0.0) * math.sin(required(y, "y", KeyError))


def in_feet() -> bool:
    return False


def with_a_passive_call(T: float, W: float) -> float:
    if in_feet():
        h = 0.240 * T + W * (1061.0 + 0.444 * T)
    else:
        h = (1.006 * T + W * (2501.0 + 1.86 * T)) * 1000.0
    return max(h, 1e-7)


def properties(T: float, P: float) -> dict[str, object]:
    found: dict[str, object] = {}
    found["T"] = T
    found["v"] = T / P
    found["h"] = T * math.log(P)
    found["x"] = None
    found["region"] = "1"
    return found


def from_a_dict(T: float, P: float) -> float:
    one, two = properties(T, P), properties(2.0 * T, P)
    return one["v"] + 0.3 * (two["h"] - one["h"])  # type: ignore[operator]


@dataclass(frozen=True)
class Converter:
    system: int

    def to_si(self, value: float) -> float:
        if self.system == 1:
            return float(value / 10)
        elif self.system == 2:
            return float(value * 0.00689475729)
        return float(value)


def with_an_object(p: float) -> float:
    converter = Converter(2)
    p = converter.to_si(p)
    if p > 1e-6:
        logger.debug("pressure %f", p)
        return converter.to_si(p * p)
    else:
        logger.warning("pressure %f out of range", p)
        return float("nan")


def solver(f, low, args):
    x = low
    for _ in range(60):
        slope = (f(x + 1e-6, *args) - f(x - 1e-6, *args)) / 2e-6
        x = x - f(x, *args) / slope
    return x


def residual(x, c):
    return x * x * x - c


def by_a_solver_with_a_function(c: float) -> float:
    return solver(residual, 2.0, (c,))


def two_results(x: float, y: float) -> tuple[float, float]:
    if x > y:
        return x * y, x - y
    return x + y, x / y


def unpacks_a_call(x: float, y: float) -> float:
    a, b = two_results(x, y)
    _, c = two_results(y, x)
    return a * b + c


def recursive(x: float, n: int) -> float:
    if n == 0:
        return 1.0
    return x * recursive(x, n - 1) + math.sin(x)


def nested_function(x: float, y: float) -> float:
    k = x * y

    def term(z: float) -> float:
        return k * z + z * z

    return term(x) + term(2.0 * y)


def three_results(x: float, y: float, a: float) -> tuple[float, float, float]:
    t = math.cos(a) * x + math.sin(a) * y
    east = -math.sin(a) * x + math.cos(a) * y
    return east, t * y, -t


def passes_three_on(x: float, y: float, a: float, degrees: bool = True) -> tuple[float, float, float]:
    if degrees:
        a = math.radians(a)
    return three_results(x - 1.0, y - 2.0, a)


def one_part_of_passed_on(x: float, y: float, a: float) -> float:
    return passes_three_on(x, y, a)[0]


def half_versed(theta: float) -> float:
    return (1 - math.cos(theta)) / 2.0


def helper_called_twice_in_one_line(lon0: float, lat0: float, lon1: float, lat1: float, degrees: bool = True) -> float:
    if degrees:
        lon0, lat0, lon1, lat1 = math.radians(lon0), math.radians(lat0), math.radians(lon1), math.radians(lat1)
    angle = 2 * math.asin(
        math.sqrt(half_versed(lat0 - lat1) + math.cos(lat0) * math.cos(lat1) * half_versed(lon0 - lon1))
    )
    return math.degrees(angle) if degrees else angle


class Salt:
    @classmethod
    def saline(cls, T: float, S: float) -> dict[str, float]:
        return {"g": cls.limit(T) * S, "h": S * S}

    @staticmethod
    def limit(T: float) -> float:
        return T * math.log(T)


def by_class_and_static_method(T: float, S: float) -> float:
    found = Salt.saline(T, S)
    return found["g"] - T * found["h"]


class Spheroid:
    def __init__(self, a: float, b: float, name: str = "") -> None:
        self.a = a
        self.b = b
        self.f = (a - b) / a
        self.name = name


def made_of_varying_values(a: float, b: float) -> float:
    spheroid = Spheroid(a, b)
    return spheroid.f * spheroid.a**2 + spheroid.b


def search(c: float) -> float:
    low, high = 0.0, 10.0
    while high - low > 1e-9:
        middle = (low + high) / 2.0
        if middle * middle > c:
            high = middle
        else:
            low = middle
    return low


def with_and_without_search(c: float) -> tuple[float, float]:
    return c * c, search(c)


def part_that_needs_no_search(c: float) -> float:
    return with_and_without_search(c)[0]


def arm_that_needs_no_search(c: float, y: float) -> float:
    if c > 5.0:
        return search(c) * y
    return c * y * y


def defaults_that_all_give(a: float, b: float) -> Any:
    def residual(t: float, a: float = a, b: float = b) -> float:
        return t**3 + a * t - b

    guess = 1 if b < 3 else 1.5
    return optimize.fsolve(residual, args=(a, b), x0=guess, xtol=1e-12)[0]


def defaults_that_none_gives(a: float, b: float) -> float:
    c = a * b

    def line(t, a=a, c=c):  # type: ignore[no-untyped-def]
        return t * t * a - c

    return line(b) * line(2.0)


def a_default_that_is_bound_anew(a: float, b: float) -> float:
    def line(t, a=a):  # type: ignore[no-untyped-def]
        return t * a

    a = 2.0 * a
    return line(b) * a


def a_default_that_some_give(a: float, b: float) -> float:
    def line(t, a=a):  # type: ignore[no-untyped-def]
        return t * a

    return line(b) + line(b, 3.0)


def a_default_of_each_turn(a: float, b: float) -> float:
    found = []
    for k in (1, 2):
        def power(t, k=k):  # type: ignore[no-untyped-def]
            return t**k
        found.append(power(a) * b)
    return found[0] + found[1]


EXAMPLES: Examples = (
    (defaults_that_all_give, (0.7, 1.9)),
    (defaults_that_all_give, (0.7, 3.9)),
    (defaults_that_none_gives, (1.3, 2.1)),
    (checked_with_an_error_handed_in, (3.0, 0.4)),
    (shows_where_it_is_large, (3.0, 0.4)),
    (one_part_of_passed_on, (3.0, 4.0, 30.0)),
    (helper_called_twice_in_one_line, (35.0, 23.0, 84.0, 20.0)),
    (helper_called_twice_in_one_line, (0.61, 0.4, 1.47, 0.35, False)),
    (by_class_and_static_method, (300.0, 0.04)),
    (made_of_varying_values, (3.0, 2.5)),
    (part_that_needs_no_search, (2.0,)),
    (arm_that_needs_no_search, (2.0, 3.0)),
    (horner, (COEFFICIENTS, 1.7)),
    (calls_a_loop, (1.7, 0.4)),
    (with_a_passive_call, (20.0, 0.01)),
    (from_a_dict, (300.0, 2.0)),
    (with_an_object, (40.0,)),
    (by_a_solver_with_a_function, (10.0,)),
    (unpacks_a_call, (3.0, 2.0)),
    (recursive, (0.7, 5)),
    (nested_function, (0.7, 1.9)),
)
TO_BE_REFUSED: Examples = (
    (search, (2.0,)),
    (a_default_that_is_bound_anew, (1.3, 2.1)),
    (a_default_that_some_give, (1.3, 2.1)),
    (a_default_of_each_turn, (1.3, 2.1)),
    (arm_that_needs_no_search, (7.0, 3.0)),
)
