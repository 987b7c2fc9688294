"""The slope of every contribution, taken by rows alone, is the slope of the contribution: second derivatives are right too.

Never judges first derivatives: test_slopes.py does, and what holds there is taken for granted here.
"""
from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy
import pytest

from gradgen.ir import nodes as ir
from gradgen.rules.notation import CONSTANTS, Rule
from gradgen.rules.registry import operations, rules_for
from gradgen.rules.spelling import Family
from tests.oracle.differences import derivative
from tests.rules.evaluation import backward, code_of, forward_of, namespace, owners_of, rule_for, text_of
from tests.rules.test_slopes import Case, cases_of


class RefusedError(Exception):
    """A row refuses the operand that varies."""


@dataclass(frozen=True)
class Dual:
    """A value and its slope; None where it does not vary."""

    value: Any
    slope: Any = None


@cache
def function_of(operation: str, arity: int, family: Family) -> Callable[..., Any]:
    """The real function of an operation, spelled near the family."""
    names = [f"x{i}" for i in range(arity)]
    text = text_of(ir.Op(operation, tuple(map(ir.Name, names))), family)
    return eval(f"lambda {', '.join(names)}: {text}", namespace())  # type: ignore[no-any-return]


def propagate(expr: ir.Expr, known: Mapping[str, Dual], family: Family) -> Dual:
    """Value and slope of a row's expression, every slope in it by rows."""
    match expr:
        case ir.Name(id=name):
            return known[name]
        case ir.Const(value=value):
            return Dual(value)
        case ir.Compare():
            return Dual(eval(code_of(expr, family), namespace(), {name: dual.value for name, dual in known.items()}))
        case ir.Op(op="ifexp", args=(test, body, orelse)):
            return propagate(body if propagate(test, known, family).value else orelse, known, family)
        case ir.Op(op=op, args=args) if op in CONSTANTS or op in ("and", "or", "not"):
            return Dual(eval(code_of(expr, family), namespace(), {name: dual.value for name, dual in known.items()}))
        case ir.Op(op=op, args=args):
            duals = [propagate(arg, known, family) for arg in args]
            values = [dual.value for dual in duals]
            function = function_of(op, len(args), family)
            if all(dual.slope is None for dual in duals):
                return Dual(function(*values))
            fitting = {rule.parameters[: len(args)] for rule in rules_for(op) if len(rule.parameters) >= len(args)}
            (operands,) = fitting or {("*xs",)}
            literal = {name: arg.value for name, arg in zip(operands, args, strict=False) if isinstance(arg, ir.Const)}
            passive = [name for name, dual in zip(operands, duals, strict=False) if dual.slope is None and name not in literal]
            rule = rule_for(op, len(args), literal, passive)
            owners = owners_of(rule, len(args))
            if any(owner in rule.refused and dual.slope is not None for owner, dual in zip(owners, duals, strict=True)):
                raise RefusedError(op)
            adjoints = backward(rule, family, values, function)
            slope = sum(adjoint * dual.slope for adjoint, dual in zip(adjoints, duals, strict=True) if dual.slope is not None)
            return Dual(function(*values), slope)
    raise AssertionError(expr)


def second_slope(case: Case) -> float:
    """The slope of the case's adjoint by its own operand, all by rows."""
    rule = case.rule
    family: Family = "math" if case.family == "builtins" else case.family
    known: dict[str, Dual] = {name: Dual(arg) for name, arg in zip(owners_of(rule, len(case.point)), case.point, strict=True)}
    known[case.operand] = Dual(case.point[case.index], 1.0)
    for name, default in rule.defaults.items():
        known.setdefault(name, propagate(default, known, family))
    (result,) = rule.results
    forward = forward_of(rule, case.family)
    assert forward is not None
    known[result] = Dual(forward(*case.point), backward(rule, case.family, case.point, only=case.index)[0])
    known[f"d{result}"] = Dual(1.0)
    for name, expr in rule.locals:
        known[name] = propagate(expr, known, family)
    total = 0.0
    for part in rule.contributions:
        if part.operand != case.operand or (part.guard is not None and not propagate(part.guard, known, family).value):
            continue
        product: ir.Expr = part.adjoint
        for factor in part.numerator:
            product = ir.Op("mul", (product, factor))
        for factor in part.denominator:
            product = ir.Op("div", (product, factor))
        total += part.sign * (propagate(product, known, family).slope or 0.0)
    return float(numpy.real(total))


def is_judged(rule: Rule) -> bool:
    is_of_numbers = not getattr(rule.when, "is_of_arrays", False)
    return is_of_numbers and len(rule.results) == 1 and not rule.parameters[0].startswith("*") and bool(rule.contributions)


@pytest.mark.parametrize("operation", sorted(name for name in operations() if any(map(is_judged, rules_for(name)))))
def test_second_derivatives_by_rows_are_the_slopes_of_first_derivatives(operation: str) -> None:
    judged = 0
    for case in cases_of(operation):
        if not is_judged(case.rule):
            continue

        def adjoint(x: float, case: Case = case) -> float:
            point = (*case.point[: case.index], x, *case.point[case.index + 1:])
            return float(numpy.real(backward(case.rule, case.family, point, only=case.index)[0]))

        with warnings.catch_warnings(), numpy.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            expected = derivative(adjoint, case.point[case.index])
            if expected.verdict != "smooth":
                continue
            try:
                found = second_slope(case)
            except RefusedError:
                continue
        judged += 1
        assert expected.agrees_with(found), f"{case}: the second derivative is {expected}, by rows {found}"
    assert judged, "no point to judge at"
