"""Which side of 0 a function's tests count 0 to: where `x >= 0` holds at 0, a function goes on as above it, and `abs(x)` has the
slope 1 there too.

Never says what runs after a test; where tests disagree nothing is known.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradgen.analyse.partings import COUNTS_AS_ABOVE, MIRRORED
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in

AT_ZERO = "0 counts as above"
"""What rows ask for by this name among the constants."""


def sides_of_zero(function: ir.Function, versions: Versions) -> dict[Version, bool]:
    """Whether 0 counts as above 0, for each variable of which that is asked and whose magnitude is taken."""
    taken = [op.args[0] for op in found_in(function, ir.Op) if op.op == "abs"]
    if not taken:
        return {}
    sides: dict[Version, set[bool]] = {}
    for name, is_above in _tests(function):
        if (version := versions.of_read.get(name)) is not None:
            sides.setdefault(version, set()).add(is_above)
    return {version: True in found for version, found in sides.items() if len(found) == 1}


def told_at_zero(op: ir.Op, versions: Versions, sides: Mapping[Version, bool]) -> dict[str, object]:
    """What tests say of the magnitude of a variable, as a constant that rows may ask for."""
    if op.op != "abs" or not sides:
        return {}
    operand = op.args[0].of if isinstance(op.args[0], ir.Value) else op.args[0]
    version = versions.of_read.get(operand) if isinstance(operand, ir.Name) else None
    return {} if version not in sides or version is None else {AT_ZERO: sides[version]}


def _tests(function: ir.Function) -> Iterator[tuple[ir.Name, bool]]:
    """The variables that are held against 0, and whether they count as above it where they are 0."""
    for node in found_in(function, ir.Compare, ir.Op):
        match node:
            case ir.Compare(ops=(op,), operands=(ir.Name() as name, zero)) if op in COUNTS_AS_ABOVE and _is_zero(zero):
                yield name, COUNTS_AS_ABOVE[op]
            case ir.Compare(ops=(op,), operands=(zero, ir.Name() as name)) if op in COUNTS_AS_ABOVE and _is_zero(zero):
                yield name, COUNTS_AS_ABOVE[MIRRORED[op]]
            case ir.Op(op="max" | "min" as op, args=(ir.Name() as name, zero), keywords=()) if _is_zero(zero):
                yield name, op == "max"
            case ir.Op(op="max" | "min" as op, args=(zero, ir.Name() as name), keywords=()) if _is_zero(zero):
                yield name, op == "min"


def _is_zero(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Const) and type(expr.value) in (int, float) and expr.value == 0
