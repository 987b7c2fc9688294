"""Random functions of arrays are right or refused; so are those that once came out wrong."""

from __future__ import annotations

import numpy as np
import pytest

from .array_judging import judged
from .array_modes import product_judged, tangent_judged
from .arrays import array_program

ONCE_WRONG = (
    98, 112, 165, 217, 229, 259, 304, 366, 1017, 1212, 1381, 1684, 500278, 500361, 510180, 510316, 530041, 530081, 530248,
)
ONCE_WRONG_PLAINLY = (500191, 500280, 510364, 510395, 510545)


@pytest.mark.parametrize("seed", (*range(60), *ONCE_WRONG))
def test_a_random_function_of_arrays_is_right_or_refused(seed: int) -> None:
    program = array_program(seed)
    with np.errstate(all="ignore"):
        found = judged(program)
    assert found.verdict != "wrong", f"{found.why}\n{program.text}"


@pytest.mark.parametrize("seed", (*range(60, 80), *ONCE_WRONG_PLAINLY))
def test_a_random_function_of_arrays_is_right_or_refused_with_everything_recorded(seed: int) -> None:
    program = array_program(seed)
    with np.errstate(all="ignore"):
        found = judged(program, optimize=False)
    assert found.verdict != "wrong", f"{found.why}\n{program.text}"


@pytest.mark.parametrize("seed", (*range(40), 111, 165, 280, 364, 575))
def test_the_tangent_of_a_random_function_of_arrays_is_right_or_refused(seed: int) -> None:
    program = array_program(seed)
    with np.errstate(all="ignore"):
        found = tangent_judged(program)
    assert found.verdict != "wrong", f"{found.why}\n{program.text}"


@pytest.mark.parametrize("seed", (*range(40), 144, 154, 179, 225, 294, 339, 1022))
def test_the_hessian_product_of_a_random_function_of_arrays_is_right_or_refused(seed: int) -> None:
    program = array_program(seed)
    with np.errstate(all="ignore"):
        found = product_judged(program)
    assert found.verdict != "wrong", f"{found.why}\n{program.text}"


def test_tangents_and_hessian_products_are_not_all_refused() -> None:
    with np.errstate(all="ignore"):
        for judge in (tangent_judged, product_judged):
            verdicts = [judge(array_program(seed)).verdict for seed in range(100, 140)]
            assert verdicts.count("right") > len(verdicts) // 6


def test_the_programs_are_not_all_refused() -> None:
    with np.errstate(all="ignore"):
        verdicts = [judged(array_program(seed)).verdict for seed in range(100, 160)]
    assert verdicts.count("right") > len(verdicts) // 4
