"""Values beside code: what stands beside each line of a run, in loops and branches, and where the run raises.

Never uses gradgen's own generated code; the expected values are computed by hand.
"""
from __future__ import annotations

import sys
from typing import Any

import pytest

from gradgen.show.annotate import Annotated, annotated, shown_value


def run(body: str, *args: Any, head: str = "def f(x, n=3):") -> Annotated:
    lines = "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
    return annotated(f"{head}\n{lines}", "f", args, {})


def notes(body: str, *args: Any, head: str = "def f(x, n=3):") -> dict[str, str]:
    """Each line that has a note, with the note."""
    return {line.strip(): note for line, note in run(body, *args, head=head).lines() if note}


def test_every_assignment_has_its_value_and_the_return_its_result() -> None:
    assert notes("y = x * 2\nz: float = y + 0.5\nz -= 1\nreturn z", 3) == {
        "y = x * 2": "y = 6",
        "z: float = y + 0.5": "z = 6.5",
        "z -= 1": "z = 5.5",
        "return z": "5.5",
    }


def test_a_loop_shows_its_first_values_its_last_and_how_many() -> None:
    assert notes("t = 0\nfor k in range(n):\n    t += k\nreturn t", 0, 6) == {
        "t = 0": "t = 0",
        "for k in range(n):": "k = 0, 1, 2, ..., 5  (6 times)",
        "t += k": "t = 0, 1, 3, ..., 15  (6 times)",
        "return t": "15",
    }
    assert notes("for k in range(n):\n    t = 2\nreturn t", 0, 3) == {
        "for k in range(n):": "k = 0, 1, 2",
        "t = 2": "t = 2  (3 times)",
        "return t": "2",
    }
    assert notes("for k in range(n):\n    t = k\nreturn t", 0, 4)["t = k"] == "t = 0, 1, 2, 3  (4 times)"


def test_a_loop_of_one_line_that_runs_again_is_counted_again() -> None:
    assert notes("while x > 1:\n    x = x / 2\nreturn x", 8.0)["x = x / 2"] == "x = 4, 2, 1"


def test_a_branch_that_is_not_taken_has_no_note() -> None:
    assert notes("if x > 0:\n    y = 1\nelse:\n    y = 2\nreturn y", 1) == {"y = 1": "y = 1", "return y": "1"}


def test_unpacking_items_and_attributes_are_named() -> None:
    assert notes("a, (b, *c) = x\nb, a = a, b\nc[0] = 7\nc[len(c) - 1] = 8\nreturn a", (1, (2, 3, 4))) == {
        "a, (b, *c) = x": "a = 1; b = 2; c = [3, 4]",
        "b, a = a, b": "b = 1; a = 2",
        "c[0] = 7": "c[0] = 7",
        "return a": "2",
    }


def test_a_statement_of_several_lines_has_its_note_at_the_end() -> None:
    assert notes("y = (\n    x\n    + 1\n)\nreturn y", 1) == {")": "y = 2", "return y": "2"}


def test_functions_that_are_called_are_not_followed() -> None:
    text = "def g(y):\n    z = y\n    return z\n\n\ndef f(x):\n    return g(x) + (f(x - 1) if x > 0 else 0)\n"
    assert [line for line, note in annotated(text, "f", (2,), {}).lines() if note] == [text.splitlines()[-1]]


def test_a_run_that_raises_keeps_the_notes_up_to_there_and_the_exception() -> None:
    found = run("y = x - 1\nz = 1 / y\nreturn z", 1)
    assert isinstance(found.error, ZeroDivisionError) and found.result is None
    assert list(found.notes.values()) == ["y = 0"]


def test_an_exception_that_is_caught_leaves_no_false_note() -> None:
    assert notes("y = 1\ntry:\n    y = 1 / x\nexcept ZeroDivisionError:\n    z = 5\nreturn y + z", 0) == {
        "y = 1": "y = 1",
        "z = 5": "z = 5",
        "return y + z": "6",
    }


def test_tracing_is_as_it_was_afterwards() -> None:
    def own(*_: Any) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(own)
    try:
        run("return 1 / x", 0)
        assert sys.gettrace() is own
    finally:
        sys.settrace(before)


def test_the_notes_stand_in_one_column_and_the_text_still_runs() -> None:
    text = run("y = x * 2  # twice\nlong_name_of_a_variable = y\nreturn y", 3).to_text()
    assert text == (
        "def f(x, n=3):\n"
        "    y = x * 2  # twice           # y = 6\n"
        "    long_name_of_a_variable = y  # long_name_of_a_variable = 6\n"
        "    return y                     # 6\n"
    )
    compile(text, "text", "exec")


class Odd:
    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    "value, text",
    [
        (1 / 3, "0.333333"),
        (3.0, "3"),
        (1e-20, "1e-20"),
        (float("nan"), "nan"),
        ((1.0,), "(1,)"),
        ([1, 2.5], "[1, 2.5]"),
        ([0] * 9, "[0, 0, 0, ... 9 in all]"),
        ([0] * 5, "[0, 0, 0, 0, 0]"),
        ("a\nb", "'a\\nb'"),
        ("x" * 99, "'" + "x" * 58 + "…"),
        (Odd(), "<Odd>"),
    ],
)
def test_a_value_is_shown_in_few_characters(value: Any, text: str) -> None:
    assert shown_value(value) == text


def test_a_large_array_is_shown_by_its_shape() -> None:
    import numpy as np

    assert shown_value(np.zeros((2, 3))) == "array of shape 2×3"
    assert shown_value(np.array([1.0, 2.0])) == "array([1., 2.])"
    assert shown_value(np.float64(0.5)) == "0.5"
