"""Random functions with lists, masks, early returns and helpers around arrays are right or refused, however much is recorded."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from .array_judging import judged
from .structures import structured_program

ONCE_WRONG = (54, 1205, 3006)


@pytest.mark.parametrize("seed", (*range(100, 125), *ONCE_WRONG))
@pytest.mark.parametrize("optimize", [True, False])
def test_a_random_function_around_arrays_is_right_or_refused(seed: int, optimize: bool) -> None:
    program = structured_program(seed)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = judged(program, optimize)
    assert found.verdict != "wrong", f"{found.why}\n{program.text}"
