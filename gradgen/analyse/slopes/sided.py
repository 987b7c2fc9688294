"""Which side a function counts a kink to: where `x >= 0` holds at 0, a function goes on as above it, and `abs(x)` has the slope 1
there too. Kinks may cancel (`max(a, b) + min(a, b)`, `np.sign(x) * np.log1p(np.abs(x))`); they do where all take one side.

Never says what runs after a test; where tests disagree nothing is known.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradgen.analyse.slopes.meetings import COUNTS_AS_ABOVE, Meeting, meeting
from gradgen.analyse.slopes.signs import ZERO, signed, vanishes
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field

AT_ZERO = "0 counts as above"
BY_SIGN = "0 counts as its sign says"
AT_TIE = "x counts as above y"
SIGN_AT_ZERO = "x is a sign, and 0 counts as above"
HIDDEN_SIGN = "x holds a sign"
BELOW_LOW = "x counts as below lo"
ABOVE_HIGH = "x counts as above hi"
"""What rows ask for by these names among the constants."""

CHOICES: Mapping[str, bool] = {"max": True, "min": False}
"""Python's choices, and whether the first argument, which they keep, counts as above the second where they are equal."""
SIGNS = frozenset({"sign", "copysign"})
EVEN = frozenset({"maximum", "minimum"})


@dataclass(frozen=True, slots=True)
class Sides:
    """Whether the first of two values counts as above the second where they meet, where the sign of a zero says that, and
    whether signs are factors of what vanishes with them."""

    above: Mapping[Meeting, bool] = field(default_factory=dict)
    by_sign: frozenset[Meeting] = frozenset()
    has_signs: bool = False


def sides_of(function: ir.Function, versions: Versions) -> Sides:
    """What is told of the kinks of a function, where one has to give way to another."""
    ops = found_in(function, ir.Op)
    kinks = [op for op in ops if op.op in ("abs", "clip") or _is_choice(op)]
    if not kinks:
        return Sides()
    asked: dict[Meeting, set[bool]] = {}
    for (met, is_turned), is_above in _tests(function, versions):
        asked.setdefault(met, set()).add(is_above is not is_turned)
    above = {met: True in found for met, found in asked.items() if len(found) == 1}
    for op in kinks:
        if op.op in CHOICES and (found := meeting(op.args[0], op.args[1], versions)) is not None and found[0] not in asked:
            above.setdefault(found[0], CHOICES[op.op] is not found[1])
    for low, bound in (each for op in kinks for each in _bounds(op)):  # what meets a bound is not cut off
        if (found := meeting(*bound, versions)) is not None and found[0] not in asked:
            above.setdefault(found[0], low is not found[1])
    by_sign: set[Meeting] = set()
    has_signs = False
    names = {op.op for op in ops}
    for op in ops if "abs" in names and names & SIGNS else ():
        if op.op == "copysign" and len(op.args) == 2 and (found := meeting(op.args[1], ZERO, versions)) is not None:
            by_sign.add(found[0])
        elif op.op == "mul" and (product := signed(op, versions)) is not None:
            above.setdefault(product.meeting, not product.is_turned)
            has_signs = True
    return Sides(above, frozenset(by_sign - above.keys()), has_signs)


def with_sign_first(op: ir.Op, versions: Versions, sides: Sides) -> ir.Op:
    """A product with the factor first that is the sign of what the others vanish with; any other operation as it is."""
    product = signed(op, versions) if sides.has_signs else None
    return op if product is None else product.product


def told_of(op: ir.Op, versions: Versions, sides: Sides) -> dict[str, object]:
    """What is told of one operation, as constants that rows may ask for."""
    if op.op == "abs" and (sides.above or sides.by_sign):
        met, side = _told(op.args[0], ZERO, versions, sides)
        return {AT_ZERO: side} if side is not None else {BY_SIGN: True} if met in sides.by_sign else {}
    if sides.above and _is_choice(op):
        side = _told(op.args[0], op.args[1], versions, sides)[1]
        return {} if side is None or side is CHOICES.get(op.op) else {AT_TIE: side}
    if sides.above and op.op == "clip":
        told = {low: _told(*bound, versions, sides)[1] for low, bound in _bounds(op)}
        turned = {BELOW_LOW: told.get(True) is False, ABOVE_HIGH: told.get(False) is True}
        return {name: True for name, is_so in turned.items() if is_so}
    if op.op == "copysign" and sides.by_sign:
        met = _told(op.args[1], ZERO, versions, sides)[0]
        return {BY_SIGN: True} if met in sides.by_sign and met is not None and vanishes(op.args[0], met, versions) else {}
    if sides.has_signs and (product := signed(op, versions)) is not None:
        side = sides.above[product.meeting] is not product.is_turned
        return {HIDDEN_SIGN: True} if product.is_hidden else {SIGN_AT_ZERO: side}
    return {}


def _told(left: ir.Expr, right: ir.Expr, versions: Versions, sides: Sides) -> tuple[Meeting | None, bool | None]:
    """Where two values meet, and whether the first counts as above the second there; None where nothing says so."""
    met, is_turned = meeting(left, right, versions) or (None, False)
    side = None if met is None else sides.above.get(met)
    return met, None if side is None else side is not is_turned


def _is_choice(op: ir.Op) -> bool:
    return (op.op in CHOICES or op.op in EVEN) and len(op.args) == 2 and not op.keywords


def _bounds(op: ir.Op) -> Iterator[tuple[bool, tuple[ir.Expr, ir.Expr]]]:
    """What a clip holds against its bounds, each with whether that is the lower one."""
    if op.op == "clip" and len(op.args) == 3 and not op.keywords:
        for is_low, bound in ((True, op.args[1]), (False, op.args[2])):
            if not (isinstance(bound, ir.Const) and bound.value is None):
                yield is_low, (op.args[0], bound)


def _tests(function: ir.Function, versions: Versions) -> Iterator[tuple[tuple[Meeting, bool], bool]]:
    """Where the values meet that are held against one another, and whether the first counts as above the second there."""
    for compare in found_in(function, ir.Compare):
        for op, left, right in zip(compare.ops, compare.operands, compare.operands[1:], strict=False):
            if op in COUNTS_AS_ABOVE and (found := meeting(left, right, versions)) is not None:
                yield found, COUNTS_AS_ABOVE[op]
