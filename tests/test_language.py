"""The Python that is read: every example is read and right, or refused with the code that docs/language.md shows.

Never takes an expected number from gradgen. `pytest --update-golden` writes the page anew and then fails if it changed.
"""
from __future__ import annotations

import contextlib
import inspect
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.goldens import flat, is_number, rebuilt
from tests.language import Outcome, Row, module_of, outcome_of, render
from tests.language_rows import SECTIONS
from tests.oracle.differences import derivative

PAGE = Path(__file__).resolve().parents[1] / "docs" / "language.md"
ROWS = [row for rows in SECTIONS.values() for row in rows]


def outcome(row: Row, folder: Path) -> Outcome:
    """What becomes of the example; what it prints is lost."""
    with contextlib.redirect_stdout(io.StringIO()), module_of(row, folder) as module:
        return outcome_of(row, module.f)


def test_the_page_says_what_becomes_of_every_example(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = render({title: [(row, outcome(row, tmp_path)) for row in rows] for title, rows in SECTIONS.items()})
    if request.config.getoption("--update-golden") and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text):
        PAGE.write_text(text, encoding="utf-8")
        pytest.fail("docs/language.md is written anew: read its diff", pytrace=False)
    assert PAGE.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.construct)
def test_what_is_read_is_right(row: Row, tmp_path: Path) -> None:
    found = outcome(row, tmp_path)
    if found.kind != "read":
        assert found.code.startswith("GG")
        return
    with contextlib.redirect_stdout(io.StringIO()), module_of(row, tmp_path) as module:
        assert module.f(**row.at) == found.value
        slopes = [derivative(line, x) for line, x in lines_through(module.f, row.at)]
    gradient = flat(found.gradient)
    assert len(slopes) >= len(gradient)
    for slope, got in zip(slopes, gradient, strict=False):
        assert slope.verdict == "smooth" and slope.agrees_with(got)


def lines_through(function: Callable[..., Any], at: Any) -> Iterator[tuple[Callable[[float], float], float]]:
    """For every number among the arguments: the function along it, and the number."""
    for name, value in at.items():
        numbers = flat(value) if is_number(value) else ()
        for index, x in enumerate(numbers):
            def line(moved: float, name: str = name, numbers: tuple[float, ...] = numbers, index: int = index) -> float:
                fresh = {other: rebuilt(one, iter(flat(one))) for other, one in at.items()}
                fresh[name] = rebuilt(at[name], iter((*numbers[:index], moved, *numbers[index + 1 :])))
                return float(function(**fresh))

            yield line, x


def test_no_construct_stands_there_twice() -> None:
    names = [row.construct for row in ROWS]
    assert len(names) == len(set(names))


def test_every_example_is_a_function_of_two_parameters_at_most() -> None:
    assert all(len(row.at) <= 2 for row in ROWS)
    assert inspect.signature(Row).parameters["at"].default is not inspect.Parameter.empty
