"""Results that say in words what they found: texts beside numbers, as design codes return them.

Never holds expected values: the tests judge by differences.
"""
# ruff: noqa: UP031, UP032
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]


def limit_of(demand: float, capacity: float) -> tuple[float, str]:
    ratio = demand / capacity
    if ratio <= 0.125:
        return 3.76 * (1 - 2.75 * ratio), f"Eq. 1: {ratio:.4f} <= 0.125"
    return 1.12 * (2.33 - ratio), f"Eq. 2: {ratio:.4f} > 0.125"


def first_of_two(x: float, y: float) -> float:
    return limit_of(x, y)[0] * y


def unpacked(x: float, y: float) -> float:
    limit, equation = limit_of(x, y)
    if "<=" in equation:
        return limit * y
    return limit * x


def strain_report(stress: float, modulus: float) -> dict[str, Any]:
    strain = stress / modulus
    note = f"strain = {strain:.6f}" if strain > 0.1 else "small"
    return {"value": strain**2, "report": [note, "stress %.1f" % stress, "modulus {:.1f}".format(modulus)], "note": note}


def of_a_report(x: float, y: float) -> float:
    return strain_report(x, y)["value"]


@dataclass
class Check:
    ratio: float
    text: str = ""
    other: str = ""


def checked(x: float, y: float) -> Check:
    ratio = x * x / y
    return Check(ratio, text=f"{x} / {y}", other=str(ratio))


def of_a_record(x: float, y: float) -> float:
    found = checked(x, y)
    return found.ratio + y if found.text else x


def logged(x: float, y: float) -> tuple[float, list[str]]:
    steps = [f"start at {x}"]
    value = x
    for k in range(3):
        value = value * y + k
        steps.append(f"turn {k}: {value}")
    return value, steps


def of_a_log(x: float, y: float) -> float:
    value, steps = logged(x, y)
    return value * len(steps)


def modulus_of(ratio: float, units: str = "psi") -> dict[str, Any]:
    unit = str(units).strip().lower()
    if unit == "psi":
        value = 2555.0 * ratio**0.64
    else:
        value = 17.6 * ratio**0.64
        unit = "mpa"
    return {"mr": value, "units": unit, "ratio": ratio}


def chained(x: float, y: float, units: str = "psi") -> dict[str, Any]:
    found = modulus_of(x * y, units=units)
    return {"x": x, "mr": found["mr"], "ratio": found["ratio"], "units": found["units"]}


def of_what_is_passed_on(x: float, y: float) -> float:
    found = chained(x, y)
    return found["mr"] * found["ratio"] if found["units"] == "psi" else x


class Material:
    def __init__(self, density: float, kind: str = "steel") -> None:
        self.density = abs(density)
        self.name = f'{kind}_{density}'


class Concrete(Material):
    def __init__(self, strength: float, density: float = 2400.0) -> None:
        super().__init__(density, "concrete")
        self.strength = abs(strength)

    def mean(self) -> float:
        return self.strength**2 + self.density / 1000


def made_with_a_name(x: float, y: float) -> float:
    return Concrete(x, y).mean()


def read_out_of_a_tuple(x: float) -> float:
    value, text = x * x, str(x)
    return value + float(text)


def shown_by_a_callee(x: float) -> tuple[float, str]:
    return x * x, f"{x}"


def read_out_of_a_result(x: float) -> float:
    value, text = shown_by_a_callee(x)
    return value + float(text)


def read_out_of_a_field(x: float, y: float) -> float:
    return float(checked(x, y).other) * y


def read_out_of_percents(x: float) -> float:
    return x * float("%.3f" % x)


def chosen_and_read(x: float, y: float) -> float:
    text = str(x) if x > y else "3.0"
    return float(text) * y


BESIDE: Examples = tuple((fn, (0.7, 1.9)) for fn in (
    first_of_two, unpacked, of_a_report, of_a_record, of_a_log, of_what_is_passed_on,
))
EXAMPLES = (*BESIDE, (made_with_a_name, (0.7, 1.9)))
UNREAD: Examples = (
    *((fn, (1.3,)) for fn in (read_out_of_a_tuple, read_out_of_a_result, read_out_of_percents)),
    *((fn, (1.3, 0.6)) for fn in (read_out_of_a_field, chosen_and_read)),
)
