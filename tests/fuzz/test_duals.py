"""The oracle against differences and against the table of conventions: it must not be wrong in the way that it judges others.

Never runs gradgen.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from . import dual_math, duals
from .judging import WEIGHTS, TooSlow, call_by_position, points_of, time_limit, wrt_at
from .profiles import PROFILES
from .programs import Point, Program, generate
from .ridders import ridders


def gradient_of(function: Callable[..., Any], *xs: float) -> tuple[float, ...]:
    """The oracle's gradient of a function of duals."""
    point: Point = {f"x{i}": x for i, x in enumerate(xs)}
    varied, _ = duals.seeded(point, tuple(point))
    result, _ = duals.run(function, varied, lambda f, a: f(*a.values()))
    return result.d if isinstance(result, duals.Dual) else (0.0,) * len(xs)


M = dual_math.math_stand_in()
UNARY = dict.fromkeys(dual_math.SLOPES, (0.3, 0.8, -0.6)) | {
    "acosh": (1.2, 3.0),
    "sqrt": (0.2, 3.0),
    "log1p": (-0.5, 2.0),
    "log2": (0.1, 5.0),
    "log10": (0.1, 5.0),
    "cbrt": (0.5, -2.0),
}
BINARY: dict[str, tuple[Callable[[Any, Any], Any], Callable[[float, float], float]]] = {
    "atan2": (M.atan2, math.atan2),
    "hypot": (M.hypot, math.hypot),
    "pow": (M.pow, math.pow),
    "fmod": (M.fmod, math.fmod),
    "copysign": (M.copysign, math.copysign),
    "log": (M.log, math.log),
    "add": (lambda a, b: a + b,) * 2,
    "sub": (lambda a, b: a - b,) * 2,
    "mul": (lambda a, b: a * b,) * 2,
    "div": (lambda a, b: a / b,) * 2,
    "power": (lambda a, b: a**b,) * 2,
    "mod": (lambda a, b: a % b,) * 2,
    "floordiv": (lambda a, b: a // b,) * 2,
    "max": (max, max),
    "min": (min, min),
    "dist": (lambda a, b: M.dist([a, 1.0], [b, 2.0]), lambda a, b: math.dist([a, 1.0], [b, 2.0])),
    "prod": (lambda a, b: M.prod([a, b, a]), lambda a, b: math.prod([a, b, a])),
    "fsum": (lambda a, b: M.fsum([a, b, a]), lambda a, b: math.fsum([a, b, a])),
    "divmod": (lambda a, b: divmod(a, b)[1],) * 2,
}


@pytest.mark.parametrize("name", UNARY)
def test_a_math_function_agrees_with_differences(name: str) -> None:
    plain = getattr(math, name)
    for x in UNARY[name]:
        (got,) = gradient_of(getattr(M, name), x)
        measured = ridders(lambda t: (plain(t), None), x)
        assert measured is not None
        assert got == pytest.approx(measured[0], rel=1e-8), (name, x)


@pytest.mark.parametrize("x, y", [(0.7, 1.9), (3.3, 0.9), (2.9, 1.7)])
@pytest.mark.parametrize("name", BINARY)
def test_a_function_of_two_agrees_with_differences(name: str, x: float, y: float) -> None:
    mapped, plain = BINARY[name]
    by_x = ridders(lambda t: (plain(t, y), None), x, 0.02)
    by_y = ridders(lambda t: (plain(x, t), None), y, 0.02)
    assert by_x is not None and by_y is not None
    assert gradient_of(mapped, x, y) == pytest.approx((by_x[0], by_y[0]), rel=1e-8, abs=1e-9)


def test_the_conventions_at_special_points() -> None:
    assert gradient_of(abs, 0.0) == (0.0,)
    assert gradient_of(max, 1.0, 1.0) == (1.0, 0.0)
    assert gradient_of(min, 1.0, 1.0) == (1.0, 0.0)
    assert gradient_of(lambda a, b, c: max([a, b, c]), 1.0, 2.0, 2.0) == (0.0, 1.0, 0.0)
    assert gradient_of(lambda a, b: a % b, 7.5, 2.0) == (1.0, -3.0)
    assert gradient_of(lambda a, b: a % b, -7.5, 2.0) == (1.0, 4.0)
    assert gradient_of(lambda a: a**0, 0.0) == (0.0,)
    assert gradient_of(lambda a: a**1, 0.0) == (1.0,)
    assert gradient_of(lambda a: a**2, 0.0) == (0.0,)
    assert gradient_of(lambda a: (-a) ** 3, 2.0) == (-12.0,)
    assert gradient_of(lambda b: 0.0**b, 2.0) == (0.0,)
    assert gradient_of(lambda a: a * 0 + round(a) + int(a) + M.floor(a) + a // 1, 2.6) == (0.0,)
    assert gradient_of(M.hypot, 0.0, 0.0) == (0.0, 0.0)
    assert gradient_of(lambda a, b: a or b, 0.0, 3.0) == (0.0, 1.0)
    assert gradient_of(lambda a, b: a and b, 2.0, 3.0) == (0.0, 1.0)
    assert gradient_of(lambda a: a if a > 0 else -a, 0.0) == (-1.0,)


@pytest.mark.parametrize("function", [M.sqrt, lambda a: a**0.5, lambda a: (-1.0 - a) ** a, lambda a: M.atan2(a, a)])
def test_where_no_slope_exists_the_oracle_gives_none(function: Callable[..., Any]) -> None:
    with pytest.raises(duals.Undefined):
        gradient_of(function, 0.0 if function is not BINARY["power"][1] else 1.0)


def test_an_equality_that_held_is_remembered() -> None:
    varied, _ = duals.seeded({"a": 1.5}, ("a",))
    assert duals.run(lambda a: a == 1.5, varied, lambda f, v: f(*v.values()))[1].equality_held
    assert not duals.run(lambda a: a == 2.5, varied, lambda f, v: f(*v.values()))[1].equality_held


def test_ints_stay_ints() -> None:
    varied, _ = duals.seeded({"a": 7, "b": 2}, ("a", "b"))
    result, _ = duals.run(lambda a, b: (a * b, a / b, a // b, a**b, a % b), varied, lambda f, v: f(*v.values()))
    assert [type(duals.value_of(r)) for r in result] == [int, float, int, int, int]
    assert [duals.value_of(r) for r in result] == [14, 3.5, 3, 49, 1]


def measured_against_differences(program: Program, point: Point) -> Counter[str]:
    """How many partials of a program agree with differences, differ, or cannot be measured."""
    function = dual_math.namespace_of(program.text)[program.function]
    names = wrt_at(program, point)

    def at(values: list[float]) -> tuple[Any, duals.Journal]:
        supply = iter(values)

        def rebuilt(value: object) -> object:
            if isinstance(value, list):
                return [rebuilt(item) for item in value]
            if isinstance(value, tuple):
                return tuple(rebuilt(item) for item in value)
            return {k: rebuilt(v) for k, v in value.items()} if isinstance(value, dict) else next(supply)

        varied, _ = duals.seeded({**point, **{name: rebuilt(point[name]) for name in names}}, names)
        result, seen = duals.run(function, varied, lambda f, a: call_by_position(f, a, program.parameters))
        return (duals.weighted_sum(result, WEIGHTS) if isinstance(result, tuple) else result), seen

    here = [float(x) for name in names for x in duals.flat(point[name])]
    found: Counter[str] = Counter()
    try:
        with time_limit(5):
            result, journal = at(here)
            if not isinstance(result, duals.Dual) or journal.at_kink or max(result.m) > 1e4:
                return Counter(unmeasured=1)
            for i, want in enumerate(result.d):

                def along(x: float, i: int = i) -> tuple[float, object]:
                    value, seen = at([*here[:i], x, *here[i + 1 :]])
                    return float(duals.value_of(value)), seen.decisions

                measured = ridders(along, here[i])
                if measured is None or not measured[1] < 1e-7 * (1 + abs(want)):
                    found["unmeasured"] += 1
                elif abs(measured[0] - want) <= 1e-6 * (1 + abs(want)):
                    found["agree"] += 1
                else:
                    found[f"differ: {program.label} {point} partial {i}: oracle {want}, differences {measured}"] += 1
    except (Exception, duals.Undefined, TooSlow):
        found["unmeasured"] += 1
    return found


@pytest.mark.parametrize("profile", PROFILES)
def test_the_oracle_agrees_with_differences_on_random_programs(profile: str) -> None:
    found: Counter[str] = Counter()
    for seed in range(40):
        program = generate(profile, seed)
        for point in points_of(program, 1):
            found += measured_against_differences(program, point)
    assert not [what for what in found if what.startswith("differ")], found
    assert found["agree"] > found["unmeasured"], found


def test_generation_is_deterministic() -> None:
    for profile in PROFILES:
        for seed in (0, 3):
            one, two = generate(profile, seed), generate(profile, seed)
            assert one == two
            assert points_of(one) == points_of(two)
