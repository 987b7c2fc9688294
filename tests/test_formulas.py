"""Published formulas, each as one expression and as several assignments: SymPy proves every derivative.

Never compares texts.
"""
from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from gradgen import value_and_grad
from gradgen.judge.symbolic import compare
from tests.judge.formulas import Formula, formulas, operations

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


def test_the_tables_are_read() -> None:
    assert len(FORMULAS) == 371
    assert sum(formula.name.startswith("feynman") for formula in FORMULAS) == 100
    assert sum(formula.name.startswith("bonus") for formula in FORMULAS) == 20
    assert all(formula.assignments.count("\n") > 2 for formula in FORMULAS if operations(formula.expression) > 2)


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.name)
def test_sympy_proves_the_derivative(formula: Formula, modules: dict[str, ModuleType]) -> None:
    for form in FORMS:
        function = getattr(modules[form], formula.name)
        generated = value_and_grad(function, tuple(formula.domain))
        verdict = compare(function, generated.source, tuple(formula.domain), domain=formula.domain, points=4, time_limit=3.0)
        assert verdict.status == "proved", f"{verdict}\n{generated.source}"
