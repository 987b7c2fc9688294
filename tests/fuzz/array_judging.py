"""Judges the derivative of a random function of arrays by differences along random directions.

Never trusts a point where two step sizes disagree: there is a kink.
"""

from __future__ import annotations

import copy
import sys
import types
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

import gradgen
from gradgen.errors import GradgenError

from .arrays import ArrayProgram, array_program

Verdict = Literal["right", "refused", "raises", "kink", "wrong"]
STEPS = (1e-4, 1e-5)


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a program; `why` says what is wrong, or which construct is refused."""

    verdict: Verdict
    why: str = ""


def judged(program: ArrayProgram, optimize: bool = True) -> Judged:
    """Run a program and its derivative at random arguments."""
    rng = np.random.default_rng(program.seed)
    arguments = [_drawn(rng, shape) for shape in program.shapes.values()]
    function = loaded(program)
    try:
        with np.errstate(all="ignore"):
            value = function(*copy.deepcopy(arguments), 2)
    except (IndexError, ValueError, TypeError, UnboundLocalError) as error:
        return Judged("raises", type(error).__name__)
    if not all(np.all(np.abs(part) < 1e6) for part in _parts(value)):
        return Judged("raises", "overflow")
    try:
        derivative = gradgen.vjp(function, tuple(program.shapes), like=(*arguments, 2), optimize=optimize)
    except GradgenError as error:
        return Judged("refused", str(error).split("\n")[0].split(": ", 1)[-1])
    except Exception as error:
        return Judged("wrong", f"no text: {type(error).__name__}: {error}")
    seeds = [_drawn(rng, np.shape(part)) for part in _parts(value)]
    if len(seeds) != len(derivative.seeds):
        return Judged("refused", "returns of different forms")
    given, kept = copy.deepcopy(arguments), copy.deepcopy(seeds)
    try:
        gradients = derivative(*given, 2, **dict(zip(derivative.seeds, seeds, strict=True)))
    except GradgenError as error:
        return Judged("refused", str(error).split("\n")[0].split(": ", 1)[-1])
    except ArithmeticError as error:
        return Judged("refused", str(error).split(": ", 1)[-1])
    except Exception as error:
        return Judged("wrong", f"{type(error).__name__}: {error}")
    after = copy.deepcopy(arguments)
    function(*after, 2)
    wrong = _unlike_the_call(given, after, seeds, kept, gradients)
    if wrong:
        return Judged("wrong", wrong)
    for _ in range(2):
        direction = [_drawn(rng, np.shape(argument)) for argument in arguments]
        along = sum(float(np.sum(g * d)) for g, d in zip(gradients, direction, strict=True))
        slopes = [_slope(function, arguments, direction, kept, step) for step in STEPS]
        if abs(slopes[0] - slopes[1]) > 1e-3 * (1 + abs(slopes[1])):
            return Judged("kink")
        if not abs(along - slopes[1]) <= 1e-4 * (1 + abs(slopes[1])):
            return Judged("wrong", f"gradient along a direction {along}, differences {slopes}")
    return Judged("right")


def loaded(program: ArrayProgram) -> Any:
    """The function of a program, in a module of its own that its text can be found in."""
    import linecache

    file = f"<array program {program.seed}>.py"
    module = types.ModuleType(f"array_program_{program.seed}")
    module.__file__ = file
    linecache.cache[file] = (len(program.text), None, program.text.splitlines(keepends=True), file)
    exec(compile(program.text, file, "exec"), module.__dict__)
    sys.modules[module.__name__] = module
    return module.__dict__["f"]


def _drawn(rng: np.random.Generator, shape: Sequence[int]) -> Any:
    return rng.uniform(-1.2, 1.2, size=shape) if shape else float(rng.uniform(-1.2, 1.2))


def _parts(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _unlike_the_call(
    given: Sequence[Any], after: Sequence[Any], seeds: Sequence[Any], kept: Sequence[Any], gradients: Sequence[Any]
) -> str:
    """What the derivative did that it must not: change what the caller holds, or hand out what it holds, or another shape."""
    if not all(np.array_equal(a, b, equal_nan=True) for a, b in zip(given, after, strict=True)):
        return "the arguments are left otherwise than the plain call leaves them"
    if not all(np.array_equal(a, b) for a, b in zip(seeds, kept, strict=True)):
        return "a seed is changed"
    if [np.shape(each) for each in gradients] != [np.shape(each) for each in given]:
        return f"shapes of the gradients: {[np.shape(each) for each in gradients]}"
    arrays = [each for each in gradients if isinstance(each, np.ndarray)]
    others = [each for each in (*given, *seeds) if isinstance(each, np.ndarray)]
    for index, array in enumerate(arrays):
        if any(np.shares_memory(array, other) for other in (*arrays[index + 1 :], *others)) or not array.flags.writeable:
            return "a gradient shares its data"
    return ""


def _slope(function: Any, arguments: Sequence[Any], direction: Sequence[Any], seeds: Sequence[Any], step: float) -> float:
    def at(size: float) -> float:
        moved = [argument + size * d for argument, d in zip(arguments, direction, strict=True)]
        return sum(float(np.sum(part * seed)) for part, seed in zip(_parts(function(*moved, 2)), seeds, strict=True))

    return (at(step) - at(-step)) / (2 * step)


def hunt(first: int, count: int) -> Counter[str]:
    """Judge many programs; prints those that are wrong."""
    found: Counter[str] = Counter()
    for seed in range(first, first + count):
        program = array_program(seed)
        result = judged(program)
        found[result.verdict if result.verdict != "refused" else f"refused: {result.why[:110]}"] += 1
        if result.verdict == "wrong":
            print(f"--- seed {seed}: {result.why[:300]}\n{program.text}")
    return found


if __name__ == "__main__":
    for verdict, number in hunt(int(sys.argv[1]), int(sys.argv[2])).most_common():
        print(number, verdict)
