"""Judges tangents and Hessian products of random functions of arrays by differences along a random direction.

Never judges gradients, whose slopes the Hessian products are held against: array_judging does.
"""

from __future__ import annotations

import copy
import linecache
import re
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import gradgen
from gradgen.errors import GradgenError

from .array_judging import Judged, loaded
from .arrays import ArrayProgram

STEPS = (1e-4, 1e-5)
TURNS = 2


def tangent_judged(program: ArrayProgram) -> Judged:
    """The jvp of a program at random arguments along a random direction."""
    return _judged(program, loaded(program), lambda fn, names, like: (gradgen.jvp(fn, names, like=like), fn))


def product_judged(program: ArrayProgram) -> Judged:
    """The hvp of half the sum of a program's squared result; of programs with one result."""
    start = program.text.rindex("def f(")
    own = re.sub(r"^(\s*)return (.*)$", r"\1return np.sum(0.5 * np.square(\2))", program.text[start:], flags=re.M)
    file = f"<array program {program.seed} squared>.py"
    text = program.text[:start] + own
    module = types.ModuleType(f"array_program_{program.seed}_squared")
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), module.__dict__)
    sys.modules[module.__name__] = module

    def made(fn: Any, names: tuple[str, ...], like: tuple[Any, ...]) -> tuple[Any, Any]:
        return gradgen.hvp(fn, names, like=like), gradgen.grad(fn, names, like=like)

    return _judged(program, module.__dict__["f"], made)


def _judged(program: ArrayProgram, function: Any, made: Callable[..., tuple[Any, Any]]) -> Judged:
    rng = np.random.default_rng(program.seed)
    arguments, direction = ([_drawn(rng, shape) for shape in program.shapes.values()] for _ in range(2))
    try:
        value = function(*copy.deepcopy(arguments), TURNS)
        if not all(np.all(np.abs(part) < 1e4) for part in _parts(value)):
            return Judged("raises", "overflow")
    except Exception as error:
        return Judged("raises", type(error).__name__)
    try:
        derived, differentiated = made(function, tuple(program.shapes), (*arguments, TURNS))
        along = dict(zip(derived.tangents, copy.deepcopy(direction), strict=True))
        found = derived(*copy.deepcopy(arguments), TURNS, **along)
        slopes = [_slopes(differentiated, arguments, direction, step) for step in STEPS]
    except (GradgenError, ArithmeticError) as error:
        return Judged("refused", str(error).split("\n")[0])
    except Exception as error:
        return Judged("wrong", f"{type(error).__name__}: {error}")
    dots = _parts(found if differentiated is not function else found[1])
    for dot, wide, near in zip(dots, *slopes, strict=True):
        size = 1 + float(np.max(np.abs(near), initial=0.0))
        if not np.all(np.isfinite(wide)) or np.max(np.abs(wide - near), initial=0.0) > 1e-3 * size:
            return Judged("kink")
        if np.shape(dot) != np.shape(near) or not np.all(np.abs(dot - near) <= 2e-4 * size):
            return Judged("wrong", f"{dot}, differences {near}")
    return Judged("right")


def _drawn(rng: np.random.Generator, shape: Sequence[int]) -> Any:
    return rng.uniform(-1.2, 1.2, size=shape) if shape else float(rng.uniform(-1.2, 1.2))


def _parts(value: Any) -> tuple[Any, ...]:
    return tuple(np.asarray(part, float) for part in (value if isinstance(value, tuple) else (value,)))


def _slopes(function: Any, arguments: Sequence[Any], direction: Sequence[Any], step: float) -> list[Any]:
    def end(sign: int) -> tuple[Any, ...]:
        moved = [argument + sign * step * d for argument, d in zip(copy.deepcopy(list(arguments)), direction, strict=True)]
        return _parts(function(*moved, TURNS))

    ends = end(1), end(-1)
    return [(up - down) / (2 * step) for up, down in zip(*ends, strict=True)]
