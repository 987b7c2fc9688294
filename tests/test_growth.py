"""The work of making a derivative is in proportion to the function: counted in lines of gradgen's own that run, not in time.

A look at one statement that goes through all the others is what makes large functions slow, and small tests do not show it.
"""
from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest

import gradgen
from tests.benchmarks.programs import function_in, module_of, straight_line

MOST = 2.4
"""Lines that run for the second hundred statements, for each that runs for the first: in proportion would be 1.0."""


def repeated(head: str, block: str, last: str) -> Any:
    """Programs that do a block of statements again and again."""
    def program(count: int) -> str:
        lines = [head.rstrip(), *(block.format(n=n, m=n - 1).rstrip() for n in range(1, count)), last.format(n=count - 1).rstrip(), ""]
        return "\n".join(lines)
    return program


PROGRAMS: dict[str, Any] = {
    "straight lines": straight_line,
}


def lines_run(text: str, derivative: Any, folder: Path, name: str) -> int:
    """How many lines run while a derivative is made."""
    count = 0

    def traced(frame: types.FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += 1
        return traced

    with module_of(text, folder, name) as module:
        function = function_in(module)
        sys.settrace(traced)
        try:
            derivative(function)
        finally:
            sys.settrace(None)
    return count


@pytest.mark.parametrize("derivative", [gradgen.grad, gradgen.jvp])
@pytest.mark.parametrize("what", PROGRAMS)
def test_work_is_in_proportion(what: str, derivative: Any, tmp_path: Path) -> None:
    program = PROGRAMS[what]
    lines_run(program(20), derivative, tmp_path, "program_of_20")  # what is read once for all
    small, middle, large = (lines_run(program(n), derivative, tmp_path, f"program_of_{n}") for n in (20, 120, 220))
    assert large - middle < MOST * (middle - small)
