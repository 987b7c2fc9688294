"""Programs that gradgen once got wrong, shrunk: each must come out right, by the value and gradient that its first line holds.

Never takes an expected number from gradgen: they come from the plain call and from dual numbers, and are computed again here.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from . import duals
from .hunting import judged
from .judging import Loader, expect
from .programs import Param, ParamKind, Point, Program

DIRECTORY = Path(__file__).resolve().parents[1] / "golden_fuzz"
FILES = sorted(DIRECTORY.glob("*.py"))


def kind_of(value: object, varies: bool, star: bool) -> ParamKind:
    """The kind of parameter that takes such a value."""
    if star:
        return "star"
    if varies:
        return "list" if isinstance(value, list) else "dict" if isinstance(value, dict) else "float"
    return "bool" if isinstance(value, bool) else "int" if isinstance(value, int) else "str"


def read_golden(text: str, label: str) -> tuple[Program, Point, dict[str, Any]]:
    """The program, its point and what its first line says of it. Tuples are written as lists where `tuples` names them."""
    first, _, rest = text.partition("\n")
    facts: dict[str, Any] = json.loads(first.removeprefix("# fuzz: "))
    point = {name: tuple(value) if name in facts.get("tuples", ()) else value for name, value in facts["point"].items()}
    main = next(s for s in ast.parse(rest).body if isinstance(s, ast.FunctionDef) and s.name == facts["function"])
    names = [*main.args.posonlyargs, *main.args.args, *([main.args.vararg] if main.args.vararg else []), *main.args.kwonlyargs]
    keyword_only = {a.arg for a in main.args.kwonlyargs}
    parameters = []
    for name in (a.arg for a in names):
        is_star = main.args.vararg is not None and name == main.args.vararg.arg
        kind = kind_of(point.get(name), name in facts["wrt"], is_star)
        parameters.append(Param(name, kind, name, keyword_only=name in keyword_only))
    value = facts.get("value")
    results = len(value) if isinstance(value, list) else 1
    return Program(rest, facts["function"], tuple(parameters), (), label, results), point, facts


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_program_that_was_wrong_is_right(path: Path, tmp_path: Path) -> None:
    program, point, facts = read_golden(path.read_text(encoding="utf-8"), f"golden:{path.stem}")
    loader = Loader(tmp_path)
    with loader.module(program.text) as module:
        expected = expect(program, module, point)
    if "raises" in facts:
        assert type(expected.error).__name__ == facts["raises"]
    else:
        assert duals.flat(expected.value) == pytest.approx(duals.flat(facts["value"]), rel=1e-12)
        assert expected.gradient == pytest.approx(facts["gradient"], rel=1e-9, abs=1e-12)
    verdict = judged(program, loader, [point])
    assert verdict.status == "right", f"{verdict.what}\n{verdict.details}\n{program.text}"
