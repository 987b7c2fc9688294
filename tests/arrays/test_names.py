"""Which of the functions that scientific code calls have a case that is differentiated, by name.

Never differentiates: the cases of the tables are judged one by one beside this.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .case import Case
from .test_arrays import TABLES

LIST = Path(__file__).parent.parent / "data" / "numpy_names.txt"
SHARE = 0.97


def topics() -> dict[str, list[str]]:
    """The names of the list by topic."""
    lines = (line.partition(":") for line in LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {topic: names.split() for topic, _, names in lines}


def called(case: Case) -> Iterator[str]:
    """What a case's text calls: `linalg.norm` of NumPy, and `.sum` for methods."""
    for node in ast.walk(ast.parse(case.function_text("case"))):
        if isinstance(node, ast.Call):
            first, _, rest = ast.unparse(node.func).partition(".")
            yield rest if first == "np" else first
            if isinstance(node.func, ast.Attribute):
                yield f".{node.func.attr}"


@pytest.mark.parametrize("topic", topics())
def test_nearly_every_name_has_a_case_that_is_differentiated(topic: str) -> None:
    known = {name for table in TABLES.values() for case in table.CASES if case.refused is None for name in called(case)}
    names = [f".{name}" for name in topics()[topic]] if topic == "methods" else topics()[topic]
    missing = [name for name in names if name not in known]
    assert len(missing) <= (1 - SHARE) * len(names), missing
