"""Random functions of arrays are right or refused, with and without the analyses."""

from __future__ import annotations

import pytest

from .array_judging import judged
from .arrays import array_program


@pytest.mark.parametrize("seed", range(60))
def test_a_random_function_of_arrays_is_right_or_refused(seed: int) -> None:
    program = array_program(seed)
    for optimize in (True,):
        found = judged(program, optimize)
        assert found.verdict != "wrong", f"{found.why}\n{program.text}"


def test_the_programs_are_not_all_refused() -> None:
    verdicts = [judged(array_program(seed)).verdict for seed in range(100, 160)]
    assert verdicts.count("right") > len(verdicts) // 4
