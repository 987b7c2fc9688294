"""The text of forward mode for cases of tests/golden: it is what was reviewed. Their closed forms judge it in test_jvp.py.

Never takes an expected number from gradgen. `pytest --update-golden` rewrites the texts and then fails, listing what changed.
"""
from __future__ import annotations

import ast
from pathlib import Path

import pytest

from gradgen import hvp, jvp
from tests.goldens import DIRECTORY, primal_of, read_golden

TEXTS = Path(__file__).resolve().parent / "golden"
CASES = [("jvp", name) for name in (
    "course nested_expressions compound kepler early_return continue_early conditional_expression list_built list_argument "
    "dict_built stored_items comprehension unpacking swap walrus recursion helper_with_loop closure try_except tuple_result"
).split()] + [("hvp", "course"), ("hvp", "compound"), ("hvp", "kepler")]


@pytest.mark.parametrize(("mode", "name"), CASES)
def test_the_text_is_the_one_that_was_reviewed(mode: str, name: str, request: pytest.FixtureRequest) -> None:
    golden = read_golden(DIRECTORY / f"{name}.py")
    wrt = golden.one("wrt")
    with primal_of(golden) as primal:
        made = {"jvp": jvp, "hvp": hvp}[mode](primal, ast.literal_eval(wrt) if wrt else None)
    path = TEXTS / f"{name}_{mode}.py"
    if request.config.getoption("--update-golden"):
        if not path.exists() or path.read_text(encoding="utf-8") != made.source:
            path.write_text(made.source, encoding="utf-8")
            pytest.fail(f"{path.name} is written anew: read its diff", pytrace=False)
        return
    assert path.read_text(encoding="utf-8") == made.source
