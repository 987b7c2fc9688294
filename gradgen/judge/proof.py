"""Proving that two SymPy expressions are the same: a ladder of methods, cheapest first, each under a limit of CPU time.

Never takes agreement of numbers for a proof.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from gradgen.judge.limits import OutOfTime, cpu_limit
from gradgen.judge.normal_form import is_zero_by_normal_form

EQUAL = "structurally equal"
BY_STEPS = "rational normal form, step by step"
OUT_OF_TIME = "not proved in the time given"


@dataclass
class Budget:
    """CPU seconds for one step, and for all of a comparison's proofs together."""

    step: float
    left: float

    def run(self, work: Callable[..., Any], *args: Any, share: float = 1.0) -> Any:
        """The work's result. Raises OutOfTime when the step's time or all of it is used up."""
        seconds = min(self.step * share, self.left)
        if seconds <= 0:
            raise OutOfTime
        start = time.thread_time()
        try:
            with cpu_limit(seconds):
                return work(*args)
        finally:
            self.left -= time.thread_time() - start


def _by_expansion(difference: Any) -> bool:
    return bool(sp.expand(difference) == 0)


def _by_simplification(difference: Any) -> bool:
    return bool(sp.simplify(difference) == 0)


def _by_equals(difference: Any) -> bool:
    return difference.equals(0) is True


STEPS: tuple[tuple[str, Callable[[Any], bool], float], ...] = (
    ("expanded", _by_expansion, 0.25),
    ("rational normal form", is_zero_by_normal_form, 1.0),
    ("simplify", _by_simplification, 1.0),
    ("equals", _by_equals, 1.0),
)
CHEAP = 2  # so many first steps are tried for all reals before anything is assumed of their signs


def prove(
    got: Any, expected: Any, signs: Mapping[Any, int], budget: Budget, definitions: Mapping[Any, Any] | None = None
) -> tuple[bool, str]:
    """(whether it was proved, how or why not) that `got` and `expected` are one function.

    `signs`: the symbols known to be positive (1) or negative (-1) along the path; used only when the proof for all reals fails.
    `definitions`: what symbols for inner steps stand for; with them only the normal form is tried.
    """
    if got == expected:
        return True, EQUAL
    out_of_time = False
    steps = STEPS if not definitions else ((BY_STEPS, lambda form: is_zero_by_normal_form(form, definitions), 1.0),)
    try:
        difference = budget.run(sp.Add, got, -expected)
        if difference == 0:
            return True, EQUAL
        forms = [(difference, "")] + ([] if definitions else budget.run(_with_signs, difference, signs))
    except OutOfTime:
        return False, OUT_OF_TIME
    cheap, dear = steps[:CHEAP], steps[CHEAP:]
    rungs = [(step, form) for form in forms for step in cheap] + [(step, form) for step in dear for form in forms]
    for (name, step, share), (form, condition) in rungs:
        try:
            if budget.run(step, form, share=share):
                return True, name + condition
        except OutOfTime:
            out_of_time = True
        except (ArithmeticError, ValueError, TypeError, AttributeError, NotImplementedError, RecursionError, LookupError):
            continue  # the method does not cover such expressions
    return False, OUT_OF_TIME if out_of_time else "no proof found"


def _with_signs(difference: Any, signs: Mapping[Any, int]) -> list[tuple[Any, str]]:
    """The difference in real symbols, positive where a sign is known, and the condition in words."""
    known = {symbol: signs[symbol] for symbol in difference.free_symbols if symbol in signs}
    swaps = {symbol: sp.Symbol(symbol.name, real=True) for symbol in difference.free_symbols}
    swaps |= {symbol: sign * sp.Symbol(symbol.name, positive=True) for symbol, sign in known.items()}
    positive = ", ".join(sorted(symbol.name for symbol, sign in known.items() if sign > 0))
    negative = ", ".join(sorted(symbol.name for symbol, sign in known.items() if sign < 0))
    words = [f"{kind} {names}" for kind, names in (("positive", positive), ("negative", negative)) if names]
    return [(difference.xreplace(swaps), f", for {' and '.join(words)}" if words else "")]


def signs_of(symbols: Iterable[Any], samples: Iterable[Mapping[Any, Any]]) -> dict[Any, int]:
    """The symbols that have one sign at all samples."""
    everywhere = list(samples)
    signs = {}
    for symbol in symbols:
        values = [sample.get(symbol, 0) for sample in everywhere]  # what is a number at some points only has no sign
        if all(value > 0 for value in values) or all(value < 0 for value in values):
            signs[symbol] = 1 if values[0] > 0 else -1
    return signs
