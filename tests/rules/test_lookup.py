"""Rules are found by what is known, operands by how they were passed, operations by the live callable.

Never evaluates a rule.
"""
from __future__ import annotations

import math
import operator
import subprocess
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy.special

from gradgen.ir import nodes as ir
from gradgen.rules.helpers import HELPERS, helper_texts
from gradgen.rules.notation import Facts
from gradgen.rules.registry import SEQUENCES, TABLES, bind, find_rule, operations, rules_for
from gradgen.rules.spelling import SPELLINGS, family_of, operation_of, spell

X, Y, Z = ir.Name("x"), ir.Name("y"), ir.Name("z")


# --- rules ---


@pytest.mark.parametrize(("constants", "active", "line"), [
    ({"y": 0}, "x", "dx += 0"), ({"y": 1.0}, "x", "dx += dz"), ({"y": 2}, "x", "dx += dz * 2 * x"),
    ({"y": 0.5}, "x", "dx += dz / (2 * z)"),
    ({"y": -1}, "x", "dx -= dz * z * z"), ({"y": 2.5}, "x", "dx += dz * y * x ** (y - 1)"),
    ({}, "x", "dx += dz * y * x ** (y - 1) if y != 0 else 0"), ({"x": 2.0}, "y", "dy += dz * z * log(x)"),
    ({"x": 0.0}, "y", "dy += dz * z * log_of_base(x)"), ({}, "y", "dy += dz * z * log_of_base(x)"),
    ({}, "xy", "dx += dz * y * x ** (y - 1)"), ({"y": True}, "x", "dx += dz * y * x ** (y - 1) if y != 0 else 0"),
])
def test_the_first_power_rule_whose_condition_holds_wins(constants: dict[str, object], active: str, line: str) -> None:
    rule = find_rule("pow", Facts(constants, frozenset(active), 2))
    assert rule is not None and rule.text[1] == line


def test_the_number_of_operands_chooses_among_rules() -> None:
    one, two = (find_rule("log", Facts({}, frozenset("xy"), arity)) for arity in (1, 2))
    assert one is not None and two is not None and (one.parameters, two.parameters) == (("x",), ("x", "y"))
    assert find_rule("log", Facts({}, frozenset(), 3)) is None
    assert find_rule("hypot", Facts({}, frozenset(), 7)) is not None
    assert find_rule("no_such_operation", Facts({}, frozenset())) is None and rules_for("no_such_operation") == ()


def test_rules_of_one_operation_and_arity_name_their_operands_alike() -> None:
    """So that operands can be bound before a rule is chosen."""
    for operation in operations():
        shapes: dict[int, tuple[str, ...]] = {}
        for rule in rules_for(operation):
            assert shapes.setdefault(len(rule.parameters), rule.parameters) == rule.parameters, operation
            assert {name: repr(value) for name, value in rule.defaults.items()} == {
                name: repr(value) for name, value in rules_for(operation)[-1].defaults.items() if name in rule.parameters
            }


def test_operands_are_bound_by_position_keyword_and_default() -> None:
    bound = bind("clip", (X,), (("a_max", Y),))
    assert bound is not None and list(bound) == ["x", "hi", "lo"]
    assert bound["hi"] == (Y,) and isinstance(bound["lo"][0], ir.Const) and bound["lo"][0].value is None
    assert bind("pow", (), (("base", X), ("exp", Y))) == {"x": (X,), "y": (Y,)}
    assert bind("hypot", (X, Y, Z)) == {"xs": (X, Y, Z)}
    assert bind("log", (X, Y)) == {"x": (X,), "y": (Y,)}


@pytest.mark.parametrize(("operation", "args", "keywords"), [
    ("sqrt", (X, Y), ()), ("sqrt", (X,), (("out", Y),)), ("maximum", (X, Y), (("where", Z),)), ("pow", (X, Y, Z), ()),
    ("atan2", (X,), ()),
    ("max", (X, Y), (("key", Z),)), ("clip", (X, Y), (("a_min", Z),)),
])
def test_a_call_that_no_rule_takes_is_not_bound(
    operation: str, args: tuple[ir.Expr, ...], keywords: tuple[tuple[str, ir.Expr], ...]
) -> None:
    assert bind(operation, args, keywords) is None


def test_numpys_array_for_the_result_is_not_taken_for_an_operand() -> None:
    assert bind("log", (X, Y), (), "math") is not None and bind("log", (X, Y), (), "numpy") is None
    assert bind("hypot", (X, Y), (), "numpy") is not None and bind("hypot", (X, Y, Z), (), "numpy") is None
    for operation in operations():
        ufunc = getattr(numpy, SPELLINGS["numpy"].get(operation, ("",))[0], None)
        if isinstance(ufunc, numpy.ufunc):
            assert bind(operation, (X,) * (ufunc.nin + 1), (), "numpy") is None, operation


def test_no_pattern_stands_in_two_tables() -> None:
    seen: dict[str, str] = {}
    for name, rows in TABLES.items():
        for row in rows:
            assert seen.setdefault(row.text[0].partition("=")[2], name) == name, row.text[0]


def test_costs_order_what_is_cheap_to_compute_again() -> None:
    costs = [rules_for(operation)[0].cost for operation in ("add", "div", "exp")]
    assert costs == [1, 4, 10]


# --- operations and their spellings ---


@pytest.mark.parametrize(("obj", "operation"), [
    (math.sin, "sin"), (numpy.sin, "sin"), (numpy.arcsin, "asin"), (math.fabs, "abs"), (abs, "abs"), (operator.abs, "abs"),
    (numpy.absolute, "abs"), (pow, "pow"), (math.pow, "pow"), (numpy.power, "pow"), (operator.truediv, "div"),
    (operator.iadd, "add"),
    (numpy.float64, "float"), (float, "float"), (int, "int"), (numpy.remainder, "mod"), (numpy.fmod, "fmod"),
    (math.remainder, "remainder"),
    (scipy.special.gammaln, "lgamma"), (math.lgamma, "lgamma"), (scipy.special.psi, "digamma"), (numpy.rad2deg, "degrees"),
    (numpy.maximum, "maximum"), (max, "max"), (math.fsum, "fsum"), (sum, "sum"), (operator.lt, "lt"),
    (numpy.greater_equal, "ge"),
])
def test_one_operation_has_many_spellings(obj: object, operation: str) -> None:
    assert operation_of(obj) == operation


@pytest.mark.parametrize("obj", [print, len, math.pi, 3.0, "sin", None, [], dict, lambda x: x, numpy.save, type("sin", (), {})])
def test_what_is_no_operation_has_none(obj: object) -> None:
    assert operation_of(obj) is None
    assert family_of(obj) is None


def test_every_differentiable_function_of_math_is_an_operation() -> None:
    public = {name: getattr(math, name) for name in dir(math) if not name.startswith("_") and callable(getattr(math, name))}
    assert [name for name, function in public.items() if operation_of(function) is None] == []


def test_every_spelled_operation_has_rules_or_is_known_to_need_none() -> None:
    comparisons = set("lt le gt ge eq ne is isnot not".split())
    for family, table in SPELLINGS.items():
        without = {operation for operation in table if not rules_for(operation)}
        assert without <= comparisons | SEQUENCES | {"pi", "matmul", "array_sum"}, family


@pytest.mark.parametrize("family", ["math", "numpy", "scipy.special"])
def test_a_spelling_is_read_back_as_the_same_operation(family: str) -> None:
    for operation in sorted(operations()):
        spelling = spell(operation, family)  # type: ignore[arg-type]
        if spelling is None or spelling in HELPERS:
            continue
        module, _, name = spelling.rpartition(".")
        found = getattr(sys.modules[module or "builtins"], name, None)
        assert found is None and module == "math" or operation_of(found) == operation, spelling


def test_spellings_stay_near_the_users_own() -> None:
    assert [spell("cos", family) for family in ("math", "numpy", "scipy.special", "builtins")] == [
        "math.cos", "numpy.cos", "numpy.cos", "math.cos"]
    assert [spell("digamma", family) for family in ("math", "scipy.special")] == ["digamma", "scipy.special.digamma"]
    assert (spell("abs", "numpy"), spell("pi", "numpy"), spell("add", "math")) == ("abs", "numpy.pi", None)


def test_rules_bring_in_neither_numpy_nor_scipy() -> None:
    code = ("import sys, math; from gradgen.rules import registry, spelling; spelling.operation_of(math.sin);"
            "[registry.rules_for(name) for name in registry.operations()];"
            "print(*sorted({'numpy', 'scipy', 'sympy'} & set(sys.modules)))")
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == ""


# --- helpers ---


def test_helper_texts_come_with_what_they_need_in_order() -> None:
    texts = helper_texts(["multipolygamma", "log_of_base"])
    names = [text.split("(")[0].split()[1] for text in texts]
    assert names == ["digamma", "polygamma", "multipolygamma", "NonDifferentiableError", "log_of_base"]
    assert helper_texts([]) == ()


@pytest.mark.parametrize("name", HELPERS)
def test_a_helper_runs_alone_with_math_imported(name: str) -> None:
    names: dict[str, object] = {"math": math, "types": types}
    exec("\n\n".join(helper_texts([name])), names)
    assert getattr(names[name.split(",")[0]], "__doc__", None)


@pytest.mark.parametrize(("name", "reference", "points"), [
    ("digamma", scipy.special.digamma, [(x,) for x in (1e-3, 0.1, 1.0, 2.5, 30.0, 1e8, -0.5, -20.7, -1000.25)]),
    ("polygamma", scipy.special.polygamma, [(n, x) for n in (1, 2, 3, 4) for x in (1e-3, 0.5, 2.5, 7.0, 30.0, 1e3)]),
    ("polygamma", scipy.special.polygamma, [(1, -0.5), (2, -3.3), (3, -0.2)]),
    ("spherical_jn", scipy.special.spherical_jn, [(n, x) for n in range(6) for x in (0.0, 1e-8, 0.9, 1.1, 2.5, 30.0, -40.0)]),
    ("iv", scipy.special.iv, [(n, x) for n in range(-1, 5) for x in (0.0, 1e-8, 0.1, 5.0, 300.0, 700.0, -3.0)]),
    ("i1", scipy.special.i1, [(x,) for x in (0.0, 1e-8, 0.1, 5.0, 300.0, 700.0, -3.0)]),
])
def test_helpers_agree_with_scipy_to_thirteen_digits(name: str, reference: object, points: list[tuple[float, ...]]) -> None:
    names: dict[str, object] = {"math": math}
    exec("\n\n".join(helper_texts([name])), names)
    for point in points:
        assert names[name](*point) == pytest.approx(float(reference(*point)), rel=1e-13, abs=1e-300), point  # type: ignore[operator]


@pytest.mark.parametrize(("name", "points"), [
    ("gammainc_slope", {
        (0.4, 0.02): -0.9048274108704139, (2.5, 3.0): -0.22754855127826082, (2.5, 30.0): -3.320467967686098e-11,
        (40.0, 41.5): -0.06037393282776463, (2.5, 0.0): 0.0,
    }),
    ("betainc_slope", {
        (0.4, 0.7, 0.02): -0.7391241007544216, (2.5, 3.0, 0.97): -0.00015158724516233147,
        (40.0, 0.5, 0.9): -0.0004406298793083018, (0.4, 0.7, 1.0): 0.0,
    }),
    ("zeta_slope", {
        (1, 1.5, 1.0): -3.9322397374311016, (2, 3.0, 0.25): 123.24601257172753, (1, 20.0, 7.0): -2.639897427307777e-17,
        (0, 2.0, 1.0): 1.6449340668482264,
    }),
])
def test_slopes_by_parameters_agree_with_mpmath_to_twelve_digits(name: str, points: Mapping[tuple[float, ...], float]) -> None:
    names: dict[str, Any] = {"math": math}
    exec("\n\n".join(helper_texts([name])), names)
    for point, expected in points.items():
        assert names[name](*point) == pytest.approx(expected, rel=1e-12, abs=0), point


@pytest.mark.parametrize("pole", [0.0, -1.0, -7.0])
def test_helpers_raise_at_poles_as_math_gamma_does(pole: float) -> None:
    names: dict[str, object] = {"math": math}
    exec("\n\n".join(helper_texts(["polygamma"])), names)
    for call in (lambda: math.gamma(pole), lambda: names["digamma"](pole), lambda: names["polygamma"](1, pole)):  # type: ignore[operator]
        with pytest.raises(ValueError, match="."):
            call()
