"""Conditions on which a row holds: what is known about its operands where it is asked for.

Never looks at running values: only literals and activity.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.ir.frozen import dataclass
from gradgen.ir.kinds import Kind
from gradgen.rules.notation import Facts


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of facts and the text that says it (`y is constant`); calling it asks. Where it holds, `settles` are passive.

    Rows for arrays only (`is_of_arrays`) may have the adjoint inside of calls.
    """

    text: str
    test: Callable[[Facts], bool]
    settles: frozenset[str]
    is_of_arrays: bool = False

    def __call__(self, facts: Facts) -> bool:
        return self.test(facts)


def constant(operand: str, value: float | None | type[float] = float) -> Condition:
    """The operand is a literal: `constant("n", 2)` that one, `constant("n", None)` None, `constant("n")` any number."""

    def test(facts: Facts) -> bool:
        known = facts.constants.get(operand, ...)
        if value is None or isinstance(value, bool):
            return known is value
        is_number = isinstance(known, (int, float)) and not isinstance(known, bool)
        return is_number and (value is float or known == value)

    text = f"{operand} is constant" if value is float else f"{operand} = {value}"
    return Condition(text, test, frozenset({operand}))


def told(fact: str, value: bool) -> Condition:
    """What the function itself says beside the operation."""
    return Condition(fact if value else f"not: {fact}", lambda facts: facts.constants.get(fact) is value, frozenset())


def positive(operand: str) -> Condition:
    """The operand is a literal number above 0."""

    def test(facts: Facts) -> bool:
        known = facts.constants.get(operand)
        return isinstance(known, (int, float)) and not isinstance(known, bool) and known > 0

    return Condition(f"{operand} is constant and above 0", test, frozenset({operand}))


def passive(operand: str) -> Condition:
    """The operand needs no adjoint."""
    return Condition(f"{operand} is passive", lambda facts: operand not in facts.active, frozenset({operand}))


def arrays(operand: str | None = None) -> Condition:
    """The operand, or any of them, is an array of at least one dimension, or may be one."""
    if operand is None:
        return Condition("arrays", lambda facts: facts.is_array, frozenset(), True)

    def test(facts: Facts) -> bool:
        return facts.is_array and facts.shapes.get(operand) != ()

    return Condition(f"{operand} is an array", test, frozenset(), True)


def complexes(operand: str | None = None) -> Condition:
    """The operand is complex, or any of them."""

    def test(facts: Facts) -> bool:
        kinds = facts.kinds.values() if operand is None else [facts.kinds.get(operand)]
        return any(isinstance(kind, Kind) and kind.dtype == "complex" for kind in kinds)

    return Condition("complex values" if operand is None else f"{operand} is complex", test, frozenset(), True)


def number(operand: str) -> Condition:
    """The operand is surely a single number."""
    return Condition(f"{operand} is a number", lambda facts: facts.shapes.get(operand) == (), frozenset(), True)


def both(*conditions: Condition) -> Condition:
    """All of the conditions hold."""
    return Condition(
        " and ".join(condition.text for condition in conditions),
        lambda facts: all(condition(facts) for condition in conditions),
        frozenset[str]().union(*(condition.settles for condition in conditions)),
        any(condition.is_of_arrays for condition in conditions),
    )


def maybe_complex(operand: str) -> Condition:
    """The operand is an array of which it is not known whether it is complex, as that of eigenvalues."""
    return Condition(
        f"{operand} may be complex", lambda facts: facts.dtype(operand) == "object", frozenset({operand}), is_of_arrays=True,
    )
