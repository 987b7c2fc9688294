"""Random functions whose statements meddle with each other are right or refused, in both modes."""

from __future__ import annotations

import copy
import warnings
from pathlib import Path

import pytest

import gradgen
from gradgen.errors import GradgenError

from .hunting import judged
from .judging import Loader, expect, points_of
from .tangled import tangled_program

ONCE_WRONG = (135, 561)


@pytest.mark.parametrize("seed", (*range(16), *ONCE_WRONG))
def test_a_random_tangle_is_right_or_refused(seed: int, tmp_path: Path) -> None:
    program = tangled_program(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = judged(program, Loader(tmp_path))
    assert found.status != "mismatch", f"{found.what}\n{found.details}\n{program.text}"


@pytest.mark.parametrize("seed", (3, 8, 12))
def test_the_tangent_of_a_random_tangle_is_right_or_refused(seed: int, tmp_path: Path) -> None:
    program = tangled_program(seed)
    with Loader(tmp_path).module(program.text) as module:
        point = points_of(program, 1)[0]
        expected = expect(program, module, point)
        if expected.gradient is None or len(expected.gradient) != 2:
            return
        try:
            moved = gradgen.jvp(module.f, wrt=("x", "y"))(**copy.deepcopy(point), x_dot=0.7, y_dot=-1.3)[1]
        except (GradgenError, ArithmeticError):
            return
    assert moved == pytest.approx(0.7 * expected.gradient[0] - 1.3 * expected.gradient[1], rel=1e-9, abs=1e-9)
