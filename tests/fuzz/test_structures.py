"""Random functions with lists, masks, early returns and helpers around arrays are right or refused, however much is recorded."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from .array_judging import judged
from .array_modes import tangent_judged
from .leaving import leaving_program
from .structures import structured_program

ONCE_WRONG = (54, 1205, 3006, 700393)


@pytest.mark.parametrize("seed", (*range(100, 125), *ONCE_WRONG))
@pytest.mark.parametrize("optimize", [True, False])
def test_a_random_function_around_arrays_is_right_or_refused(seed: int, optimize: bool) -> None:
    program = structured_program(seed)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = judged(program, optimize)
    assert found.verdict != "wrong", f"{found.why}\n{program.text}"


@pytest.mark.parametrize("seed", (*range(6), 51, 54, 78))
def test_a_random_function_whose_loops_are_left_early_is_right_or_refused(seed: int) -> None:
    program = leaving_program(seed)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = judged(program)
    assert found.verdict != "wrong", f"{found.why}\n{program.text}"


def test_the_tangents_of_a_list_of_tuples_are_copied_one_by_one() -> None:
    with np.errstate(all="ignore"):
        found = tangent_judged(structured_program(700387))
    assert found.verdict != "wrong", found.why
