"""The derivative of a scalar function at a point by extrapolated central differences, with an error estimate.

Never looks at source or at anything that gradgen made: only values of the function are asked for.

Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Advances in Engineering Software 4 (1982) 75-76: central
differences at steps h, h/r, h/r^2, ... extrapolated to h = 0 by Neville's scheme; the error is the larger change to the
two neighbours in the tableau. Several first steps are tried, since a step that suits exp(x) does not suit a narrow formula.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Scalar = Callable[[float], float]
Verdict = Literal["smooth", "kink", "stepped", "unsettled", "undefined"]

CENTRAL_STEPS = (0.25, 0.05, 0.01, 2e-3, 4e-4, 8e-5, 1e-5, 1e-6)
FINE_STEPS = (1e-6, 1e-7, 1e-8)
NARROW_STEPS = (1e-5, 1e-6, 1e-7)
ONE_SIDED_STEPS = (0.01, 1e-3, 1e-4, 1e-5)
CENTRAL_RATIO, CENTRAL_ROWS = 1.6, 9
ONE_SIDED_RATIO, ONE_SIDED_ROWS = 2.0, 7
GOOD_ENOUGH = 1e-10
# One-sided slopes are only told apart from one another, and 1e-5 is no distance: better than this they need not be.
ONE_SIDED_GOOD_ENOUGH = 1e-8
# Values carry rounding of their own: a sum of large terms that cancel is off by more than one unit in the last place.
VALUE_ROUNDING = 2.0**-52
# ... and after cancellation by this share of it; a bisection that stops earlier than that moves in steps.
CANCELLATION = 1e-10
# Slopes that differ by less than this share of value over x may differ by rounding alone.
UNKNOWABLE = 1e-6
# A slope that moves the value by less than this share of it, while x doubles, cannot be told from none.
NOTHING = 1e-11


@dataclass(frozen=True, slots=True)
class Estimate:
    """A derivative found from values: `value` is right to within about `error` (absolute); `noise` is what a slope must exceed
    to be told from none."""

    value: float
    error: float
    verdict: Verdict
    noise: float = 0.0

    @property
    def relative_error(self) -> float:
        return self.error / abs(self.value) if self.value else (0.0 if self.error == 0.0 else math.inf)

    def agrees_with(self, other: float, relative: float = 1e-6) -> bool:
        """Whether `other` is this derivative to within `relative`, as far as differences can tell."""
        return abs(other - self.value) <= relative * max(abs(self.value), abs(other)) + 2 * self.error + self.noise


UNDEFINED = Estimate(math.nan, math.inf, "undefined")


def derivative(fn: Scalar, x: float, wanted: float = 1e-6) -> Estimate:
    """The derivative of `fn` at `x`.

    The verdict is `smooth` where the error estimate is below `wanted` relative (or below what can be told from no slope);
    `kink` where the slopes from the left and from the right settle on different numbers, or the value jumps;
    `stepped` where the function moves in steps, as a bisection with a loose tolerance does, so that the slope within a step is
    not the slope of the function (the value is then the slope over many steps);
    `undefined` where `fn` has no finite value at or next to `x`;
    `unsettled` in every other case, a noisy function for instance.
    """
    centre = _value(fn, x)
    if not math.isfinite(centre):
        return UNDEFINED
    size = abs(x) or 1.0
    noise = NOTHING * max(abs(centre), *(abs(_finite(_value(fn, x + side * 1e-3 * size))) for side in (-1, 1))) / size
    if _is_apart_from_its_neighbours(fn, x, size, centre):
        return Estimate(math.nan, math.inf, "kink", noise)
    found = []
    for relative in CENTRAL_STEPS:
        found.append(_extrapolated(_central_quotients(fn, x, relative * size), CENTRAL_RATIO, 2))
        if found[-1].relative_error < GOOD_ENOUGH:
            break
    best = min(found, key=lambda estimate: estimate.error)
    if not math.isfinite(best.error):
        return UNDEFINED
    # what the widest steps lead to at once is no staircase: their narrowest are no wider than those asked for here
    coarse = _slope_over_steps(fn, x, size, centre) if len(found) > 1 else None
    if coarse is not None and not coarse.agrees_with(best.value):
        return coarse
    left, right = one_sided(fn, x, -1.0), one_sided(fn, x, 1.0)
    narrow = [relative * size for relative in NARROW_STEPS]
    if len(found) > 1 and _moves_in_small_steps(fn, x, narrow, best.value, max(abs(e.value) for e in (best, left, right))):
        wide = [estimate.value for estimate in found[:5]]
        width, value = min((abs(first - second), second) for first, second in zip(wide, wide[1:], strict=False))
        if width > 0.2 * abs(value):
            return _derivative_of_a_wavy_function(fn, x, size, noise)
        return Estimate(value, width + 1e-3 * abs(value), "stepped", noise)
    apart = abs(left.value - right.value)
    slack = 1e-5 * max(abs(left.value), abs(right.value), abs(best.value)) + 4 * (left.error + right.error) + noise
    if math.isfinite(slack) and apart > slack:
        if apart < UNKNOWABLE * abs(centre) / size:
            return Estimate(best.value, max(best.error, apart), "unsettled", noise)
        return Estimate(best.value, best.error, "kink", noise)
    is_settled = best.error <= max(wanted * abs(best.value), noise)
    return Estimate(best.value, best.error, "smooth" if is_settled else "unsettled", noise)


def _derivative_of_a_wavy_function(fn: Scalar, x: float, size: float, noise: float) -> Estimate:
    """For what turns many times between 0 and x, a sidereal angle as a function of the Julian date for instance."""
    found = [_extrapolated(_central_quotients(fn, x, relative * size), CENTRAL_RATIO, 2) for relative in FINE_STEPS]
    best = min(found, key=lambda estimate: estimate.error)
    return Estimate(best.value, best.error, "smooth" if best.relative_error <= 1e-5 else "unsettled", noise)


def one_sided(fn: Scalar, x: float, side: float) -> Estimate:
    """The slope of `fn` at `x` from the right (`side` 1.0) or from the left (-1.0), extrapolated as the central ones are."""
    centre = _value(fn, x)
    best = UNDEFINED
    for relative in ONE_SIDED_STEPS:
        first = side * relative * (abs(x) or 1.0)
        found = _extrapolated(_forward_quotients(fn, x, first, centre), ONE_SIDED_RATIO, 1)
        if found.error < best.error:
            best = found
        if best.relative_error < ONE_SIDED_GOOD_ENOUGH:
            break
    return best


def _extrapolated(quotients: Iterator[tuple[float, float]], ratio: float, order: int) -> Estimate:
    """Neville's scheme over (quotient, its rounding): the error is a power series in step**order, steps shrink by `ratio`."""
    best, error = math.nan, math.inf
    previous: list[float] = []
    for quotient, rounding in quotients:
        if not math.isfinite(quotient):
            previous = []
            continue
        row = [quotient]
        for k, older in enumerate(previous):
            factor = ratio ** (order * (k + 1))
            row.append((row[k] * factor - older) / (factor - 1.0))
            change = max(abs(row[k + 1] - row[k]), abs(row[k + 1] - older), rounding)
            if k >= 1 and change <= error:
                best, error = row[k + 1], change
        previous = row
    return Estimate(best, error, "smooth" if math.isfinite(error) else "undefined")


def _central_quotients(fn: Scalar, x: float, first: float) -> Iterator[tuple[float, float]]:
    for row in range(CENTRAL_ROWS):
        step = first / CENTRAL_RATIO**row
        above, below = x + step, x - step
        f_above, f_below = _value(fn, above), _value(fn, below)
        yield (f_above - f_below) / (above - below), VALUE_ROUNDING * (abs(f_above) + abs(f_below)) / (2 * step)


def _forward_quotients(fn: Scalar, x: float, first: float, centre: float) -> Iterator[tuple[float, float]]:
    for row in range(ONE_SIDED_ROWS):
        step = first / ONE_SIDED_RATIO**row
        beside = x + step
        f_beside = _value(fn, beside)
        yield (f_beside - centre) / (beside - x), VALUE_ROUNDING * (abs(f_beside) + abs(centre)) / abs(step)


def _is_apart_from_its_neighbours(fn: Scalar, x: float, size: float, centre: float) -> bool:
    """Whether the value at x itself is off the line through its near neighbours, as where a branch asks `x == 0`."""
    steps = (1e-4 * size, 1e-5 * size, 1e-6 * size, 1e-7 * size)
    off = [abs(centre - (_value(fn, x + step) + _value(fn, x - step)) / 2) for step in steps]
    return max(off) - min(off) < 0.01 * min(off) and min(off) > CANCELLATION * abs(centre)


def _slope_over_steps(fn: Scalar, x: float, size: float, centre: float) -> Estimate | None:
    """The slope over wide intervals, if they tell one. Beside a kink only one side of x does, and on a wavy piece neither."""
    best: Estimate | None = None
    for narrowest in (5e-3, 1e-2, 3e-2):
        widths = [narrowest * size * factor for factor in (1.0, 1.31, 1.73, 2.27)]
        central = [(_value(fn, x + h) - _value(fn, x - h)) / (2 * h) for h in widths]
        middle, spread = sum(central) / 4, max(central) - min(central)
        if not spread <= 0.1 * abs(middle) or (best is not None and best.error < spread):
            continue
        if all(_tells(middle, spread, [(_value(fn, x + side * h) - centre) / (side * h) for h in widths]) for side in (-1, 1)):
            best = Estimate(middle, spread + 2e-3 * abs(middle), "stepped")
    return best


def _moves_in_small_steps(fn: Scalar, x: float, narrow: list[float], slope: float, scale: float) -> bool:
    """Whether slopes over very narrow intervals leave `slope` by more than rounding explains, as a fine bisection's do.

    `scale` is how large slopes hereabouts are.
    """
    leaving = 0
    for step in narrow:
        above, below = x + step, x - step
        f_above, f_below = _value(fn, above), _value(fn, below)
        rounding = CANCELLATION * (abs(f_above) + abs(f_below)) / (above - below)
        leaving += abs((f_above - f_below) / (above - below) - slope) > 1e-4 * scale + rounding
    return leaving >= 2


def _tells(middle: float, spread: float, one_side: list[float]) -> bool:
    """Whether secants on one side (first and last widths in the ratio 1 : 2.27) lead to `middle` as their width goes to 0."""
    at_zero = (2.27 * one_side[0] - one_side[-1]) / 1.27
    return abs(at_zero - middle) <= 3 * spread + 0.02 * abs(middle)


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _value(fn: Scalar, x: float) -> float:
    """`fn(x)`, or nan where it raises: a neighbour outside the domain is no fault of the derivative at x."""
    try:
        return float(fn(x))
    except Exception:  # noqa: BLE001 -- whatever a published function raises there, it has no value there
        return math.nan
