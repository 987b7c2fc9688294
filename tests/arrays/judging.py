"""Judges a vjp of a function of arrays: extrapolated central differences, shapes and dtypes, arguments left as they were.

Never looks at how the vjp came about.
"""
from __future__ import annotations

import copy
import importlib.util
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .case import Case

FIRST_STEP = 4e-3
LEVELS = 3
RELATIVE, ABSOLUTE = 1e-6, 1e-8


class Mismatch(AssertionError):
    """A gradient that is not what it should be."""


def module_of(cases: Sequence[Case], header: str, path: Path) -> types.ModuleType:
    """A module in a real file with a function `case_<i>` for each case."""
    texts = (case.function_text(f"case_{index}") for index, case in enumerate(cases))
    path.write_text(header + "\n\n" + "\n\n".join(texts), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def seed_for(value: Any) -> Any:
    """A seed of the value's shape and dtype, nowhere 1; complex values get complex seeds."""
    shape = np.shape(value)
    rng = np.random.default_rng(7 + len(shape))
    seed = rng.uniform(0.4, 1.6, shape) * rng.choice([-1.0, 1.0], shape)
    if np.iscomplexobj(value):
        return seed + 1j * rng.uniform(0.4, 1.6, shape)
    return seed if shape else float(seed)


def differences(function: Callable[..., Any], arguments: Mapping[str, Any], name: str, seed: Any) -> Any:
    """The gradient of `sum(seed * function(...))` by central differences at three steps, extrapolated (Richardson)."""
    point = np.array(arguments[name], float)
    found = np.zeros(point.shape)

    def value(at: tuple[int, ...], step: float) -> float:
        moved = point.copy()
        moved[at] += step
        given: Any = moved if np.shape(arguments[name]) else float(moved)
        result = function(**{**copy.deepcopy(dict(arguments)), name: given})
        return float(np.sum(np.real(np.conj(np.asarray(seed)) * result)))

    for at in np.ndindex(point.shape):
        row: list[float] = []
        for level in range(LEVELS):
            step = FIRST_STEP / 2**level
            quotient = (value(at, step) - value(at, -step)) / (2 * step)
            below = [quotient]
            for order, older in enumerate(row):
                factor = 4.0 ** (order + 1)
                below.append((factor * below[order] - older) / (factor - 1))
            row = below
        found[at] = row[-1]
    return found


def compare(found: Any, expected: Any, argument: Any, label: str, slack: float = 1.0) -> None:
    """Raises Mismatch unless a gradient has its argument's shape, is of floats, and has the expected values."""
    if np.shape(found) != np.shape(argument):
        raise Mismatch(f"{label}: shape {np.shape(found)}, the argument's is {np.shape(argument)}")
    if not np.allclose(found, expected, rtol=RELATIVE * slack, atol=ABSOLUTE * slack):
        raise Mismatch(f"{label}: {found}, expected {expected}")


def judge(case: Case, function: Callable[..., Any], pullback: Callable[..., Any], seed_name: str) -> None:
    """Raises Mismatch where the pullback of a case is wrong, for float64 and for float32 arguments."""
    value = function(**copy.deepcopy(dict(case.arguments)))
    seed = seed_for(value) if case.gives is None else np.ones(np.shape(value)) if np.shape(value) else 1.0
    gradients = _called(case, pullback, case.arguments, seed_name, seed)
    for name, found in zip(case.wrt, gradients, strict=True):
        argument = case.arguments[name]
        expected = differences(function, case.arguments, name, seed) if case.gives is None else case.gives[name]
        compare(found, expected, argument, f"d{name}")
        if np.shape(argument) and found.dtype != np.result_type(argument, np.float32):
            raise Mismatch(f"d{name}: dtype {found.dtype}, the argument's is {argument.dtype}")
    single = {
        name: value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype == np.float64 else value
        for name, value in case.arguments.items()
    }
    if not case.single or not any(isinstance(value, np.ndarray) and value.dtype == np.float32 for value in single.values()):
        return
    if np.asarray(function(**copy.deepcopy(single))).dtype != np.float32:
        return  # something in the function itself is of float64
    lowered = np.float32(seed) if np.shape(seed) == () else seed.astype(np.float32)
    again = _called(case, pullback, single, seed_name, lowered)
    for name, found, wide in zip(case.wrt, again, gradients, strict=True):
        argument = single[name]
        if isinstance(argument, np.ndarray) and argument.dtype == np.float32:
            compare(found, wide, argument, f"d{name} in float32", slack=2e3)
            if found.dtype != np.float32:
                raise Mismatch(f"d{name}: dtype {found.dtype} where all is float32")


def _called(case: Case, pullback: Callable[..., Any], arguments: Mapping[str, Any], seed_name: str, seed: Any) -> tuple[Any, ...]:
    """The gradients, after making sure that neither the arguments nor the seed changed and that no two results share data."""
    given, given_seed = copy.deepcopy(dict(arguments)), copy.deepcopy(seed)
    result = pullback(**given, **{seed_name: given_seed})
    gradients: tuple[Any, ...] = result if isinstance(result, tuple) else (result,)
    for name, before in [*arguments.items(), (seed_name, seed)]:
        after = given_seed if name == seed_name else given[name]
        if not np.array_equal(np.asarray(after), np.asarray(before), equal_nan=np.asarray(before).dtype.kind in "fc"):
            raise Mismatch(f"{name} has been changed")
    held = [part for part in (*given.values(), given_seed, *gradients) if isinstance(part, np.ndarray)]
    for gradient in gradients:
        if isinstance(gradient, np.ndarray) and any(part is not gradient and np.shares_memory(part, gradient) for part in held):
            raise Mismatch("a gradient shares data with an argument, the seed or another gradient")
        if isinstance(gradient, np.ndarray) and not gradient.flags.writeable:
            raise Mismatch("a gradient cannot be written to")
    return gradients
