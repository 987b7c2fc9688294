"""Containers that a function only hands on, whole or one by one, as the layers of a network are."""
from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from gradgen import grad


@dataclass
class Layer:
    w: list[float]
    b: float


def by_name(layer: Layer, x: list[float]) -> list[float]:
    return [math.tanh(layer.w[0] * x[0] + layer.w[1] * x[1] + layer.b), x[1]]


def by_key(layer: dict[str, Any], x: list[float]) -> list[float]:
    return [math.tanh(layer["w"][0] * x[0] + layer["w"][1] * x[1] + layer["b"]), x[1]]


def of_records(layers: list[Layer], x: list[float]) -> float:
    for layer in layers:
        x = by_name(layer, x)
    return x[0] * x[1]


def of_dicts(layers: list[dict[str, Any]], x: list[float]) -> float:
    for layer in layers:
        x = by_key(layer, x)
    return x[0] * x[1]


def stepped(f: Callable[..., float], y: float, *args: Any) -> float:
    return y + f(y, *args)


def decay(y: float, p: dict[str, float]) -> float:
    return p["a"] * y


def through_a_star(p: dict[str, float], y: list[float]) -> float:
    return stepped(decay, y[0], p) * stepped(decay, y[1], p)


def line(y: float, p: list[float]) -> float:
    return p[0] * y + p[1]


def through(y: float, p: list[float]) -> float:
    return line(y, p)


def handed_on_twice(p: list[float], y: list[float]) -> float:
    return line(y[0], p) * through(y[1], p)


def handed_on_in_a_loop(p: list[float], y: list[float]) -> float:
    total = 0.0
    for v in y:
        total += line(v, p)
    return total


def handed_on_through_stars(p: list[float], y: list[float]) -> float:
    return stepped(line, y[0], p) * stepped(line, y[1], p)


def numbers(value: Any) -> list[float]:
    if isinstance(value, float):
        return [value]
    parts = value.values() if isinstance(value, dict) else vars(value).values() if isinstance(value, Layer) else value
    return [number for part in parts for number in numbers(part)]


def slots(value: Any) -> list[tuple[Any, Any]]:
    """Where the numbers of a structure stand: the container and the key of each."""
    held = vars(value) if isinstance(value, Layer) else value
    found = []
    for key in held if isinstance(held, dict) else range(len(held)):
        found += [(held, key)] if isinstance(held[key], float) else slots(held[key])
    return found


CASES: dict[str, tuple[Callable[..., float], Any]] = {
    "records": (of_records, [Layer([0.1, 0.2], 0.3), Layer([0.4, 0.5], 0.6)]),
    "dicts": (of_dicts, [{"w": [0.1, 0.2], "b": 0.3}, {"w": [0.4, 0.5], "b": 0.6}]),
    "a list handed on twice": (handed_on_twice, [2.0, 3.0]),
    "a list handed on in a loop": (handed_on_in_a_loop, [2.0, 3.0]),
    "a list through stars": (handed_on_through_stars, [2.0, 3.0]),
    "a dict through a star": (through_a_star, {"a": 2.0}),
}


@pytest.mark.parametrize("case", CASES)
def test_each_has_its_slopes_in_its_own_structure(case: str) -> None:
    fn, layers = CASES[case]
    x = [1.0, 2.0]
    generated = grad(fn)
    slopes = generated(layers, x, **{generated.seeds[0]: 0.7})
    for moved, found in zip(((layers, 0), (x, 1)), slopes, strict=True):
        wanted = []
        for at in range(len(slots(moved[0]))):
            values = []
            for step in (1e-5, -1e-5):
                both = copy.deepcopy([layers, x])
                held, key = slots(both[moved[1]])[at]
                held[key] += step
                values.append(fn(*both))
            wanted.append(0.7 * (values[0] - values[1]) / 2e-5)
        assert isinstance(found, type(moved[0]))
        assert numbers(found) == pytest.approx(wanted, rel=1e-8)
    namespace: dict[str, Any] = {}
    exec(generated.source, namespace)
    assert numbers(namespace[generated.__name__](layers, x)[1]) == pytest.approx([slope / 0.7 for slope in numbers(slopes[1])])
