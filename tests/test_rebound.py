"""What a derivative rests on outside, changed after it was made: Python's own names, defaults, numbers that are read."""
from __future__ import annotations

import importlib.util
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradgen import UnsupportedError, grad, jvp, value_and_grad, vjp
from gradgen.errors import ArgumentError, KindsError

SCALE = 2.0
TABLE = {"scale": 2.0}


def distance(x: float) -> float:
    return 3.0 + abs(x)


def of_several(x: float) -> float:
    return sum(abs(t) for t in [x, 2.0 * x])


def by_default(x: float, k: float = 2.0, n: int = 3, *, shift: float = 0.5) -> float:
    return k * (x + shift) ** n


def by_name(x: float) -> float:
    return x * SCALE


def scaled(x: float) -> float:
    return x * SCALE


def by_element(x: float) -> float:
    return x * TABLE["scale"]


def below(x: float) -> float:
    return scaled(x) * x


def elements_below(x: float) -> float:
    return by_element(x) * x


@pytest.mark.parametrize(("function", "before", "after"), [(distance, -1.0, -6.0), (of_several, -3.0, 5 * -6.0)])
def test_a_module_that_gets_a_function_of_the_name_of_pythons_own_is_noticed(
    function: Any, before: float, after: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    backward, forward = grad(function), jvp(function)
    assert (backward(-3.0), forward(-3.0, x_dot=2.0)[1]) == (before, 2 * before)
    monkeypatch.setitem(globals(), "abs", lambda t: t**2)
    assert (backward(-3.0), forward(-3.0, x_dot=2.0)[1]) == (after, 2 * after)
    monkeypatch.delitem(globals(), "abs")
    assert backward(-3.0) == before


def imported(x: Any) -> Any:
    from numpy import abs, round

    return abs(x) * x + round(0.1 * x)


def test_a_function_that_imports_one_of_the_name_of_pythons_own_for_itself() -> None:
    assert vjp(imported)(np.array([-3.0, 2.0]), dimported=np.array([1.0, 0.5])).tolist() == [6.0, 2.0]
    assert jvp(imported)(-3.0, x_dot=2.0)[1] == 12.0


def test_a_callees_module_that_gets_such_a_function_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "kept_apart.py"
    path.write_text("def away(x):\n    return abs(x) * 5.0\n")
    spec = importlib.util.spec_from_file_location("kept_apart", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    away = module.away

    def twice(x: float) -> Any:
        return 2 * away(x)

    derivative = grad(twice)
    assert derivative(-3.0) == -10.0
    vars(module)["abs"] = lambda t: t**2
    assert derivative(-3.0) == 2 * 5.0 * -6.0


def copied(function: Any) -> Any:
    """A function of the same code whose defaults may be changed."""
    new = types.FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    new.__kwdefaults__ = dict(function.__kwdefaults__ or {})
    return new


def test_defaults_of_the_function_itself_that_are_changed_by_hand() -> None:
    function = copied(by_default)
    derivative = value_and_grad(function, "x")
    assert derivative(1.0) == (2.0 * 1.5**3, 6.0 * 1.5**2)
    function.__defaults__ = (4.0, 3)
    assert derivative(1.0) == (4.0 * 1.5**3, 12.0 * 1.5**2)
    assert derivative(1.0, 2.0) == (2.0 * 1.5**3, 6.0 * 1.5**2)  # given, though it is what the default was
    function.__kwdefaults__["shift"] = 1.0
    assert derivative(1.0) == (4.0 * 2.0**3, 12.0 * 2.0**2)
    assert derivative(1.0, shift=0.5) == (4.0 * 1.5**3, 12.0 * 1.5**2)
    function.__defaults__ = (4.0, 2)
    assert derivative(1.0, 4.0, 4) == (4.0 * 2.0**4, 16.0 * 2.0**3)
    with pytest.raises(KindsError, match="the default of n has changed"):  # 3 may have been given
        derivative(1.0)


@pytest.mark.parametrize("function", [by_name, by_element, below, elements_below])
def test_a_number_outside_that_becomes_an_array_is_noticed_where_the_result_is_not_computed(
    function: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    derivative = grad(function)
    slope = derivative(3.0)
    assert slope == {below: 12.0, elements_below: 12.0}.get(function, 2.0)
    for value in (np.array([1.0, 2.0]), [1.0, 2.0]):
        monkeypatch.setitem(globals(), "SCALE", value)
        monkeypatch.setitem(TABLE, "scale", value)
        with pytest.raises((ArgumentError, KindsError, UnsupportedError, TypeError)):
            derivative(3.0)
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    monkeypatch.setitem(TABLE, "scale", 5.0)
    assert derivative(3.0) == 2.5 * slope
