"""Branches, early returns and try as published code has them.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import math
from collections.abc import Callable

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]
CLOSE = 1e-9


def clamped_by_assignment(x: float, base: float, truncate: bool = True) -> float:
    excess = x - base
    if truncate and excess < 0.0:
        excess = 0.0
    return excess


def clamped_in_the_middle(x: float, y: float) -> float:
    t = math.log(x)
    if t < 0.0:
        t = 0.0
    return y * (1.0 + 8.0 * t) + t * t


def parameter_overwritten_on_a_path(angle: float, x: float, kind: str = "known") -> float:
    if kind == "known":
        angle = 35.0
    elif kind == "half":
        angle = 0.5 * angle
    return x * math.sqrt(angle) + angle


def two_targets_at_once(D: float, beta: float) -> float:
    L1 = L2 = 0.0254 / D
    M2 = 2.0 * L2 / (1.0 - beta)
    return math.exp(-L1) * beta + M2**1.1


def set_on_every_arm_used_after(T0: float, T1: float, T2: float, T3: float, counter: bool = True) -> float:
    if counter:
        d1 = T0 - T3
        d2 = T1 - T2
    else:
        d1 = T0 - T2
        d2 = T1 - T3
    ratio = d2 / d1
    if not counter and (ratio <= 0.0 or ratio == 1.0):
        return 0.0
    elif counter and (ratio <= 0.0 or ratio == 1.0):
        return d1
    else:
        return (d2 - d1) / math.log(d2 / d1)


def set_on_some_arms_only(x: float, y: float, mode: int = 1) -> float:
    if mode == 1:
        a = x * y
        b = a * a
    elif mode == 2:
        b = x + y
    else:
        raise ValueError("mode")
    if mode == 1:
        b += a
    return b * x


def conditional_expression(x: float, y: float) -> float:
    t = 1.0 - x / y if x < y else 0.0
    return math.exp(t) * (2.0 if x > 1.0 else x)


def early_return_after_work(x: float, y: float) -> float:
    a = x * x
    if a > y:
        return a - y
    b = a / y
    if b > 0.5:
        c = b * x
        return math.sin(c)
    return b


def return_in_a_try(x: float, y: float) -> float:
    try:
        return 0.5 * (1.0 + math.erf(math.log(x / y)))
    except ValueError:
        return 0.0


def assigned_in_a_try(x: float) -> float:
    scale = 2.0
    try:
        scale = math.sqrt(x - 10.0)
    except ValueError:
        scale = scale * x
    return scale * scale


def guard_then_default(x: float, y: float | None = None) -> float:
    if x <= 0.0:
        raise ValueError("x must be positive")
    if y is None:
        y = 2.0 * x
    return math.sqrt(x) * y


def rounded_inside(x: float) -> float:
    turns = int(x / 360.0)
    return (x - 360.0 * turns) * 2.0 + (x % 7.0) * x


def unbounded_slope_behind_a_clamp(T: float, Tc: float, a: float) -> float:
    tau = 1.0 - T / Tc if T < Tc else 0.0
    return a * tau**0.35 + a * a


def swapped(x: float, y: float) -> float:
    if x > y:
        x, y = y, x
    return x / y + 3.0 * y


def early_return_from_one_arm(a: float, b: float, q: float, angle: float = 90.0) -> float:
    beta = b / a
    beta2 = beta * beta
    ratio = q / (q + 1.0)
    if angle < 75.0:
        C = 1.0
    else:
        return 1.55 * ratio - ratio * ratio

    D, E = 0.0, 1.0
    return C * (1.0 + D * (ratio / beta2) ** 2 - E * (1.0 - ratio) ** 2 - angle / beta2 * ratio**2)


def same_names_on_two_ways(D: float, coefficients: tuple[float, float] | None = None, name: str | None = None) -> float:
    if name is None and coefficients is not None:
        A, B = coefficients
        return A * (D / 0.0254) ** (B + 1.0) * 0.0254
    found = {"steel": (1.0, 2.0, 0.3), "copper": (2.0, 0.1, 0.4)}[name or "steel"]
    A, B = found[1], found[2]
    return A * (D / 0.0254) ** (B + 1) * 0.0254


def clamped_within_an_arm(Re: float, edition: str = "7E") -> float:
    if edition == "7E":
        factor = 1.0 / (0.9935 + 2.878 / math.sqrt(Re) + 342.75 / (Re * math.sqrt(Re)))
        if factor > 1.0:
            factor = 1.0
        return factor
    elif edition == "10E":
        return 1.0 / math.sqrt(170.0 / Re + 1.0)
    else:
        raise ValueError("edition")


def root_of_what_is_clamped_to_zero(T: float, Tc: float, a: float) -> float:
    Tr = T / Tc
    if Tr > 1.0:
        Tr = 1.0
    tau = 1.0 - Tr
    root = math.sqrt(tau)
    return math.exp((a + 2.0 * root) * tau / Tr)


def overflow_caught(T: float, A: float, B: float, C: float = 0.0) -> float:
    easy = A / (1.0 + C / T)
    try:
        return easy * T**B
    except OverflowError:
        return 1e100


def formula_by_name(Di: float, t: float | None = None, length: float | None = None, method: str | None = "Rennels") -> float:
    if method is None:
        method = "Rennels"
    if method in ("Rennels", "Idelchik"):
        if t is None:
            raise ValueError(f"t is required for {method}")
        t2 = t
    if method == "Rennels":
        t_Di = t2 / Di
        if t_Di > 0.05:
            t_Di = 0.05
        return 1.12 + t_Di * (t_Di * (80.0 * t_Di + 216.0) - 22.0)
    elif method == "Idelchik":
        if length is None:
            length = Di
        a = min(t2 / Di, 1.0)
        b = min(length / Di, 10.0)
        K = float(a * math.exp(-b))
        if K < 0.0:
            K = 0.0
        return K
    elif method == "Crane":
        return 0.78
    else:
        raise ValueError(method)


def a_text_for_a_number_left_out(mach, temperature="std", altitude="blank", unit="C"):
    if temperature == "std":
        if altitude == "blank":
            raise ValueError("one of them has to be given")
        temperature = 15.0 - 0.0065 * altitude
    if unit == "C":
        temperature += 273.15
    return mach * math.sqrt(temperature)


def decline(rate, fall, t, exponent=1.0):
    b = exponent
    if abs(b) < 1e-6:
        return rate / fall * (1.0 - math.exp(-fall * t))
    elif abs(b - 1.0) < 1e-6:
        return rate / fall * math.log(1.0 + fall * t)
    return rate / ((1.0 - b) * fall) * (1.0 - (1.0 + b * fall * t) ** (1.0 - 1.0 / b))


def mean_difference(a, b):
    warm = a * 1.1
    mean = warm
    if abs(warm - b) > CLOSE:
        mean = (warm - b) / math.log(warm / b)
    return mean


def mean_difference_by_its_middle(a, b, close=1e-6):
    return (a - b) / math.log(a / b) if not math.isclose(a, b, abs_tol=close) else (a + b) / 2.0


EXAMPLES: Examples = (
    (a_text_for_a_number_left_out, (0.8, -15.0)),
    (a_text_for_a_number_left_out, (0.8, "std", 900.0)),
    (decline, (0.043, 97.1, 2.0, 0.6)),
    (mean_difference, (30.0, 20.0)),
    (mean_difference_by_its_middle, (30.0, 20.0)),
    (mean_difference_by_its_middle, (30.0, 30.0)),
    (clamped_by_assignment, (2.0, 3.0)),
    (clamped_by_assignment, (4.0, 3.0)),
    (clamped_by_assignment, (2.0, 3.0, False)),
    (clamped_in_the_middle, (0.5, 2.0)),
    (clamped_in_the_middle, (1.5, 2.0)),
    (parameter_overwritten_on_a_path, (20.0, 3.0)),
    (parameter_overwritten_on_a_path, (20.0, 3.0, "half")),
    (parameter_overwritten_on_a_path, (20.0, 3.0, "given")),
    (two_targets_at_once, (0.1, 0.4)),
    (set_on_every_arm_used_after, (100.0, 60.0, 30.0, 40.2)),
    (set_on_every_arm_used_after, (100.0, 60.0, 20.0, 40.2, False)),
    (set_on_some_arms_only, (2.0, 3.0)),
    (set_on_some_arms_only, (2.0, 3.0, 2)),
    (conditional_expression, (2.0, 3.0)),
    (conditional_expression, (0.5, 0.4)),
    (early_return_after_work, (2.0, 3.0)),
    (early_return_after_work, (1.5, 3.0)),
    (early_return_after_work, (0.5, 3.0)),
    (return_in_a_try, (2.0, 3.0)),
    (return_in_a_try, (-2.0, 3.0)),
    (assigned_in_a_try, (14.0,)),
    (assigned_in_a_try, (4.0,)),
    (guard_then_default, (4.0,)),
    (guard_then_default, (4.0, 3.0)),
    (rounded_inside, (800.0,)),
    (unbounded_slope_behind_a_clamp, (300.0, 126.0, 2.0)),
    (unbounded_slope_behind_a_clamp, (100.0, 126.0, 2.0)),
    (swapped, (3.0, 2.0)),
    (swapped, (2.0, 3.0)),
    (early_return_from_one_arm, (2.0, 1.0, 0.4)),
    (early_return_from_one_arm, (2.0, 1.0, 0.4, 60.0)),
    (same_names_on_two_ways, (0.05, (1.0, 0.4))),
    (same_names_on_two_ways, (0.05, None, "copper")),
    (clamped_within_an_arm, (100.0,)),
    (clamped_within_an_arm, (1e7,)),
    (clamped_within_an_arm, (100.0, "10E")),
    (root_of_what_is_clamped_to_zero, (100.0, 126.0, 2.0)),
    (overflow_caught, (300.0, 1.7e-8, 1.1146, 2.0)),
    (overflow_caught, (1e30, 1.7e8, 20.0, 2.0)),
    (formula_by_name, (0.1, 0.0005)),
    (formula_by_name, (0.1, 0.05)),
    (formula_by_name, (0.1, 0.05, None, "Idelchik")),
    (formula_by_name, (0.1, 0.05, 0.2, "Idelchik")),
    (formula_by_name, (0.1, None, None, "Crane")),
)
TO_BE_REFUSED: Examples = (
    (decline, (0.043, 97.1, 2.0, 1.0)),
    (mean_difference, (20.0, 22.0)),
    (set_on_every_arm_used_after, (100.0, 60.0, 20.0, 60.0)),
)
