"""Derivatives of derivatives close: whatever a row is written with has rows of its own, and they can be written in every family.

Never evaluates: test_second_slopes.py does.
"""
from __future__ import annotations

import pytest

from gradgen.ir import nodes as ir
from gradgen.rules.helpers import HELPERS
from gradgen.rules.notation import CONSTANTS, Rule
from gradgen.rules.registry import operations, rules_for
from gradgen.rules.spelling import SPELLINGS, Family, spell

# What the transform follows by itself: choices and tests have no slope of their own.
STRUCTURE = frozenset({"ifexp", "and", "or", "not"}) | CONSTANTS
FAMILIES: tuple[Family, ...] = ("math", "numpy", "scipy.special")


def expressions_of(rule: Rule) -> list[ir.Expr]:
    parts = [expr for part in rule.contributions for expr in (part.adjoint, *part.numerator, *part.denominator)]
    guards = [part.guard for part in rule.contributions if part.guard is not None]
    return [*parts, *guards, *(expr for _, expr in rule.locals), *(test for test, _ in rule.requires)]


def operations_in(rule: Rule) -> set[str]:
    return {node.op for expr in expressions_of(rule) for node in ir.walk(expr) if isinstance(node, ir.Op)}


@pytest.mark.parametrize("operation", sorted(operations()))
def test_what_a_row_is_written_with_has_rows(operation: str) -> None:
    for rule in rules_for(operation):
        assert operations_in(rule) - STRUCTURE <= operations(), rule.text


def test_what_a_row_is_written_with_has_a_spelling_wherever_its_own_operation_can_be_written() -> None:
    """From every function that a user can call, through all derivatives, everything can be written in that family."""
    for family in FAMILIES:
        reached = {operation for operation in operations() if operation in SPELLINGS[family]} | {"pow", "abs"}
        while True:
            further = {used for operation in reached for rule in rules_for(operation) for used in operations_in(rule)} - reached
            if not further:
                break
            reached |= further
        operators = set(SPELLINGS["operator"]) | STRUCTURE - CONSTANTS
        unwritable = {operation for operation in reached - operators if spell(operation, family) is None}
        assert not unwritable, (family, unwritable)


def test_modules_without_scipy_never_come_to_need_it() -> None:
    for family in FAMILIES[:2]:
        reached = {operation for operation in operations() if operation in SPELLINGS[family]} | {"pow"}
        for _ in range(6):
            rules = [rule for operation in reached for rule in rules_for(operation)]
            of_numbers = (rule for rule in rules if not getattr(rule.when, "is_of_arrays", False))
            reached |= {used for rule in (rules if family == "numpy" else of_numbers) for used in operations_in(rule)}
        spelled = {spell(operation, family) for operation in reached} - {None}
        assert not [name for name in spelled if str(name).startswith("scipy")]
        if family == "math":
            assert not [name for name in spelled if str(name).startswith("numpy")]


def test_helpers_that_are_operations_are_reached_by_some_row() -> None:
    used = {name for operation in operations() for rule in rules_for(operation) for name in operations_in(rule)}
    carried = set(HELPERS) & operations() - {"stop_gradient"}  # a person writes it
    assert {"log_of_base", "digamma", "polygamma"} <= carried <= used
