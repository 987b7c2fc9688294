"""Published formulas, each as one expression and as several assignments: SymPy proves every derivative.

Never compares texts.
"""
from __future__ import annotations

import csv
import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from gradgen import value_and_grad
from gradgen.judge.symbolic import compare
from tests.judge.formulas import TABLES, Formula, formulas, operations

FORMULAS = formulas()
FORMS = ("expression", "assignments")


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModuleType]:
    """For each form a module that holds all formulas, as a user's file would."""
    folder: Path = tmp_path_factory.mktemp("formulas")
    made = {}
    for form in FORMS:
        path = folder / f"{form}.py"
        path.write_text("import math\n\n\n" + "\n\n".join(getattr(formula, form) for formula in FORMULAS))
        spec = importlib.util.spec_from_file_location(form, path)
        assert spec is not None and spec.loader is not None
        made[form] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(made[form])
    return made


Texts = Callable[[str, Formula], str]


@pytest.fixture(scope="module")
def text_of(modules: dict[str, ModuleType]) -> Texts:
    """The generated text of a formula in a form, written once for all tests."""
    @cache
    def written(form: str, name: str, names: tuple[str, ...]) -> str:
        text: str = value_and_grad(getattr(modules[form], name), names).source
        return text

    return lambda form, formula: written(form, formula.name, tuple(formula.domain))


def test_the_tables_are_read() -> None:
    assert len(FORMULAS) == 371
    assert sum(formula.name.startswith("feynman") for formula in FORMULAS) == 100
    assert sum(formula.name.startswith("bonus") for formula in FORMULAS) == 20
    assert all(formula.assignments.count("\n") > 2 for formula in FORMULAS if operations(formula.expression) > 2)


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.name)
def test_sympy_proves_the_derivative(formula: Formula, modules: dict[str, ModuleType], text_of: Texts) -> None:
    for form in FORMS:
        function, text = getattr(modules[form], formula.name), text_of(form, formula)
        verdict = compare(function, text, tuple(formula.domain), domain=formula.domain, points=4, time_limit=3.0)
        assert verdict.status == "proved", f"{verdict}\n{text}"


def generated_operations(form: str, text_of: Texts) -> dict[str, int]:
    """For each formula the operations of its generated function: value and gradient, the seed's products among them."""
    return {formula.name: operations(text_of(form, formula), f"{formula.name}_value_and_grad") for formula in FORMULAS}


def test_generated_code_takes_fewer_operations_than_sympy_diff_and_cse(text_of: Texts) -> None:
    """SymPy's figures are of value and derivatives together, common subexpressions taken out, without the seed's products."""
    with (TABLES / "operations.csv").open(encoding="utf-8", newline="") as file:
        by_sympy = {row["name"]: int(row["operations"]) for row in csv.DictReader(file)}
    assert list(by_sympy) == [formula.name for formula in FORMULAS]
    total = sum(by_sympy.values())
    assert sum(generated_operations("expression", text_of).values()) < total
    # a line's operations are never merged with another's: the reader finds each where its statement is undone
    assert sum(generated_operations("assignments", text_of).values()) < 1.006 * total


# formulas of one to three operations, such as a power whose exponent varies, too, or two divisions inside of an arcsine
ABOVE_FOUR = 7


def test_a_gradient_costs_at_most_four_times_its_function(text_of: Texts) -> None:
    """The bound that is known for reverse mode; the exceptions are formulas of hardly any operations."""
    above = []
    for form in FORMS:
        found = generated_operations(form, text_of)
        primal = {formula.name: operations(getattr(formula, form)) for formula in FORMULAS}
        above += [(name, form, primal[name], count) for name, count in found.items() if count > 4 * primal[name]]
    print(f"above four times: {above}")
    assert len(above) <= ABOVE_FOUR
    assert all(own <= 3 for _, _, own, _ in above)
