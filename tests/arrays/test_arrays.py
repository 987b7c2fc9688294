"""Operations on arrays: every case of the `cases_<topic>.py` files against differences, and every operation has a case.

A topic's file holds `CASES`, a list of `Case`, and may hold `HEADER`, the imports of its functions.
"""
from __future__ import annotations

import ast
import importlib
import types
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradgen import vjp
from gradgen.errors import GradgenError
from gradgen.rules.registry import array_operations
from gradgen.rules.spelling import HELPERS_WITH_ROWS, WRITTEN_AS, operation_of
from gradgen.rules.whole.curves import SLOPES
from gradgen.rules.whole.interpolation import EVALUATED
from gradgen.rules.whole.tables import METHODS, TOPICS

from .case import Case
from .judging import Mismatch, judge, module_of

HEADER = "import numpy as np"
TABLES: dict[str, types.ModuleType] = {
    path.stem: importlib.import_module(f"tests.arrays.{path.stem}") for path in sorted(Path(__file__).parent.glob("cases_*.py"))
}
PARAMETERS = [
    pytest.param(topic, index, id=f"{topic.removeprefix('cases_')}: {case}")
    for topic, table in TABLES.items()
    for index, case in enumerate(table.CASES)
]
CALLED = {operation for operation, _ in EVALUATED.values()} | WRITTEN_AS.keys() | {
    "estimated_density", "estimated_log_density", *SLOPES, "surface_value",
}
"""Operations that are calls of what another operation makes, or of what is at hand, or solutions by it."""
MUTATED = ("np.sum(x, axis=1)", "np.mean(x, axis=0)", "np.reshape(x, (4, 3))")


@pytest.fixture(scope="session")
def modules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, types.ModuleType]:
    directory = tmp_path_factory.mktemp("arrays")
    return {
        topic: module_of(table.CASES, getattr(table, "HEADER", HEADER), directory / f"made_{topic}.py")
        for topic, table in TABLES.items()
    }


def derived(case: Case, function: Callable[..., Any]) -> tuple[Callable[..., Any], str]:
    pullback = vjp(function, wrt=case.wrt, like=tuple(case.arguments.values()))
    return pullback, pullback.seeds[0]


@pytest.mark.parametrize(("topic", "index"), PARAMETERS)
def test_gradient(topic: str, index: int, modules: dict[str, types.ModuleType]) -> None:
    case: Case = TABLES[topic].CASES[index]
    function = getattr(modules[topic], f"case_{index}")
    if case.refused is None:
        pullback, seed = derived(case, function)
        try:
            judge(case, function, pullback, seed)
        except Exception as error:
            error.add_note(getattr(pullback, "source", ""))
            raise
        return
    with pytest.raises(GradgenError) as caught:
        pullback, seed = derived(case, function)
        judge(case, function, pullback, seed)
    assert f" {case.refused}: " in str(caught.value)


@pytest.mark.parametrize("text", MUTATED)
def test_a_flipped_sign_is_noticed(text: str, modules: dict[str, types.ModuleType]) -> None:
    topic, index = next((t, i) for t, table in TABLES.items() for i, case in enumerate(table.CASES) if case.text == text)
    case: Case = TABLES[topic].CASES[index]
    function = getattr(modules[topic], f"case_{index}")
    pullback, seed = derived(case, function)

    def flipped(**arguments: Any) -> Any:
        return tuple(-part for part in pullback(**arguments))

    with pytest.raises(Mismatch):
        judge(case, function, flipped, seed)


def attribute(owner: Any, dotted: str) -> Any:
    return reduce(lambda found, name: getattr(found, name, None), filter(None, dotted.split(".")), owner)


def operations_in(case: Case, namespace: dict[str, Any]) -> set[str]:
    """The operations that a case's text calls: by name, as methods of arrays, `@`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(case.function_text("case"))):
        match node:
            case ast.Call(func=func):
                parts = ast.unparse(func).split(".")
                target = attribute(namespace.get(parts[0]), ".".join(parts[1:]))
                operation = operation_of(target) if target is not None else METHODS.get(parts[-1])
                found |= {operation} if operation is not None else set()
            case ast.BinOp(op=ast.MatMult()):
                found.add("matmul")
    return found


SAID_OTHERWISE = {
    "put_into", "putmask_into", "place_into", "diagonal_into", "along_axis_into", "flat_into", "joined_row", "joined_columns",
    "block_row", "block_column", "dense_grid", "open_grid", "outer_left", "running_max", "running_min",
}
"""Operations that no call is named after: `np.put(y, i, v)`, `np.r_[...]`, `np.maximum.accumulate(x)`; cases have them."""


NAMED = array_operations() - HELPERS_WITH_ROWS - SAID_OTHERWISE - CALLED  # helpers: tests/forward


@pytest.fixture(scope="session")
def tried(modules: dict[str, types.ModuleType]) -> set[str]:
    """The operations that the texts of all cases call."""
    return {each for topic, table in TABLES.items() for case in table.CASES for each in operations_in(case, vars(modules[topic]))}


@pytest.mark.parametrize("operation", sorted(NAMED))
def test_an_operation_has_a_case(operation: str, tried: set[str]) -> None:
    assert operation in tried


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.title)
def test_a_name_in_a_table_is_a_function_of_its_module(topic: Any) -> None:
    """Newer NumPy's names may be missing, but not all of an operation's."""
    for family, names in topic.names.items():
        module = importlib.import_module(family)
        for operation, spelled in names.items():
            assert any(attribute(module, name) for name in spelled.split()), operation
            assert operation in array_operations(), operation
    for method, operation in topic.methods.items():
        assert hasattr(np.ndarray, method) and operation in array_operations(), method
