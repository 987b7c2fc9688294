"""The work of making a derivative is in proportion to the function: counted in lines of gradgen's own that run, not in time.

A look at one statement that goes through all the others is what makes large functions slow, and small tests do not show it.
"""
from __future__ import annotations

import sys
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import gradgen
from tests.benchmarks.programs import function_in, module_of, straight_line

MOST = 1.5
"""Lines that run for each of the second fifty repetitions, for one that runs for the first fifty: in proportion would be 1.0."""


def repeated(head: str, block: str, last: str) -> Callable[[int], str]:
    """Programs that do a block of statements again and again."""
    def program(count: int) -> str:
        blocks = (block.format(n=n, m=n - 1) for n in range(1, count))
        return "\n".join([head, *blocks, last.format(n=count - 1), ""])
    return program


PROGRAMS: Mapping[str, Callable[[int], str]] = {
    "straight lines": straight_line,
    "lists": repeated(
        "import math\ndef f(x, y):\n    v0 = x * y\n    xs = []",
        "    xs.append(v{m} * y)\n    v{n} = math.sin(xs[-1]) * x", "    return v{n} + sum(xs)",
    ),
    "choices": repeated(
        "def f(x, y):\n    v0 = x * y",
        "    v{n} = v{m} * x if v{m} > 0 else v{m} + y\n    v{n} = max(v{n}, x)", "    return v{n}",
    ),
    "branches": repeated(
        "def f(x, y):\n    v0 = x * y",
        "    if v{m} > 1.0:\n        v{n} = v{m} * x\n    else:\n        v{n} = v{m} + y", "    return v{n}",
    ),
    "arrays": repeated(
        "import numpy as np\ndef f(x, y):\n    v0 = x * y",
        "    v{n} = np.exp(v{m}) * x\n    v{n} = v{n}[1:].sum() + x", "    return np.sum(v{n})",
    ),
    "functions": repeated(
        "def f(x, y):\n    v0 = x * y", "    g{n} = lambda a: a * x\n    v{n} = g{n}(v{m})", "    return v{n}",
    ),
    "calls and loops": repeated(
        "import math\ndef g(a, b):\n    return a * b + math.sin(a)\ndef f(x, y):\n    v0 = x * y",
        "    v{n} = g(v{m}, x) + y\n    for k in range(3):\n        v{n} = v{n} * x + y", "    return v{n}",
    ),
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
    small, middle, large = (lines_run(program(n), derivative, tmp_path, f"program_of_{n}") for n in (20, 70, 120))
    assert large - middle < MOST * (middle - small)
