"""The text of forward mode for cases of tests/golden: it is what was reviewed. Their closed forms judge it in test_jvp.py.

Never takes an expected number from gradgen. `pytest --update-golden` rewrites the texts and then fails, listing what changed.
"""
from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest

import gradgen
from tests.forward.array_samples import CASES as OF_ARRAYS
from tests.goldens import DIRECTORY, primal_of, read_golden

TEXTS = Path(__file__).resolve().parent / "golden"
CASES = [("jvp", name) for name in (
    "course nested_expressions compound kepler early_return continue_early conditional_expression list_built list_argument "
    "dict_built stored_items comprehension unpacking swap walrus recursion helper_with_loop closure try_except tuple_result"
).split()] + [
    ("hvp", "course"), ("hvp", "compound"), ("hvp", "kepler"), ("hvp", "logistic"), ("hessian", "course"), ("hessian", "kepler"),
    ("jacobian", "course"), ("jacobian", "tuple_result"), ("derivative", "maximum"), ("nth", "helper_with_loop"),
]


@pytest.mark.parametrize(("mode", "name"), CASES)
def test_the_text_is_the_one_that_was_reviewed(mode: str, name: str, request: pytest.FixtureRequest) -> None:
    golden = read_golden(DIRECTORY / f"{name}.py")
    wrt = golden.one("wrt")
    with primal_of(golden) as primal:
        asked = ast.literal_eval(wrt) if wrt else None
        one = asked or inspect.signature(primal).parameters and next(iter(inspect.signature(primal).parameters))
        orders = {"derivative": {"wrt": one}, "nth": {"wrt": one, "order": 3}}
        made = getattr(gradgen, mode)(primal, **orders.get(mode, {"wrt": asked}))
    is_reviewed(f"{name}_{mode}.py", made.source, request)


@pytest.mark.parametrize(("mode", "primal", "like", "options"), OF_ARRAYS, ids=lambda each: getattr(each, "__name__", ""))
def test_the_text_of_arrays_is_the_one_that_was_reviewed(
    mode: str, primal: Any, like: Any, options: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """The functions; the helpers before them are texts of the rules."""
    source = getattr(gradgen, mode)(primal, like=like, **options).source
    is_reviewed(f"array_{primal.__name__}_{mode}.py", source[source.index(f"def {primal.__name__}_"):], request)


def is_reviewed(name: str, source: str, request: pytest.FixtureRequest) -> None:
    path = TEXTS / name
    if request.config.getoption("--update-golden"):
        if not path.exists() or path.read_text(encoding="utf-8") != source:
            path.write_text(source, encoding="utf-8")
            pytest.fail(f"{path.name} is written anew: read its diff", pytrace=False)
        return
    assert path.read_text(encoding="utf-8") == source
