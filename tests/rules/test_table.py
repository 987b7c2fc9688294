"""docs/rules.md is written from the tables, and one operation's rules can be printed.

Never judges a rule.
"""
from __future__ import annotations

from pathlib import Path

import pytest

from gradgen.rules.registry import TABLES, operations
from gradgen.rules.table import describe, rules_table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"


def test_the_page_is_what_the_tables_say() -> None:
    """`python -m gradgen.rules.table > docs/rules.md` writes it anew."""
    assert PAGE.read_text() == rules_table()


def test_the_page_holds_every_row() -> None:
    page = rules_table().replace(r"\|", "|")
    for rows in TABLES.values():
        for row in rows:
            assert all(f"`{line}`" in page for line in row.text if not line.startswith("assert")), row.text


def test_one_operation_is_described_by_any_of_its_names() -> None:
    text = describe("exp")
    assert text == "y = exp(x)\n    dx += dy * y\nwritten: math.exp, numpy.exp"
    assert text == describe("math.exp") == describe("np.exp") == describe("numpy.exp")
    assert describe("scipy.special.psi") == describe("special.digamma") == describe("digamma")
    assert str(describe("**")).startswith("z = x ** y    # where y = 0\n")
    assert str(describe("-")).startswith("z = x - y")
    assert "written: in derivatives only" in str(describe("log_of_base"))
    assert describe("math.no_such_function") is None and describe("numpy.gamma") is None


def test_a_description_says_what_is_refused_level_or_raises() -> None:
    assert "# refuses v: there is no closed formula" in str(describe("jv"))
    assert "    dx += 0" in str(describe("floor"))
    assert "    raises unless x != 0 or y != 0: atan2(0, 0) has no derivative" in str(describe("atan2"))
    assert "refuses x and y: it is defined for whole numbers only" in str(describe("&"))


@pytest.mark.parametrize("operation", sorted(operations()))
def test_every_operation_can_be_described(operation: str) -> None:
    assert describe(operation)
