"""Runs a rule on numbers: the adjoints that its backward lines give, with the real functions.

Never differentiates and never judges.
"""
from __future__ import annotations

import builtins
import math
import operator
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from gradgen.ir import nodes as ir
from gradgen.rules.helpers import HELPERS, helper_texts
from gradgen.rules.notation import CONSTANTS, Rule
from gradgen.rules.spelling import SPELLINGS, spell


def adjoints(rule: Rule, operands: Mapping[str, Any], results: Sequence[Any], seeds: Sequence[float]) -> dict[str, Any]:
    """What the rule contributes to each operand, where its results are `results` and their adjoints `seeds`."""
    known = dict(operands) | dict(zip(rule.results, results, strict=True))
    known |= {f"d{name}": seed for name, seed in zip(rule.results, seeds, strict=True)}
    for name, expr in rule.locals:
        known[name] = value_of(expr, known)
    found: dict[str, Any] = dict.fromkeys(operands, 0.0)
    for part in rule.contributions:
        if part.guard is not None and not value_of(part.guard, known):
            continue
        product = part.sign * value_of(part.adjoint, known)
        for factor in part.numerator:
            product = product * value_of(factor, known)
        for factor in part.denominator:
            product = product / value_of(factor, known)
        found[part.operand] += product
    return found


def value_of(expr: ir.Expr, known: Mapping[str, Any]) -> Any:
    """The value of a rule's expression."""
    match expr:
        case ir.Name(id=name):
            return known[name]
        case ir.Const(value=value):
            return value
        case ir.Op(op="ifexp", args=(test, then, orelse)):
            return value_of(then if value_of(test, known) else orelse, known)
        case ir.Op(op="and", args=args):
            return all(value_of(arg, known) for arg in args)
        case ir.Op(op="or", args=args):
            return any(value_of(arg, known) for arg in args)
        case ir.Compare(ops=ops, operands=operands):
            values = [value_of(operand, known) for operand in operands]
            return all(function_of(op)(left, right) for op, left, right in zip(ops, values, values[1:], strict=False))
        case ir.Op(op=op, args=args) if op in CONSTANTS:
            return getattr(math, op)
        case ir.Op(op=op, args=args):
            return function_of(op)(*(value_of(arg, known) for arg in args))
    raise TypeError(f"no expression of a rule: {expr!r}")


def function_of(operation: str) -> Callable[..., Any]:
    """A live function that computes the operation."""
    if operation in SPELLINGS["operator"]:
        found: Callable[..., Any] = getattr(operator, SPELLINGS["operator"][operation][0])
        return found
    spelling = spell(operation, "math")
    if spelling is None:
        raise LookupError(f"{operation} has no function")
    module, _, name = spelling.rpartition(".")
    if not module:
        return _helper(name) if name in HELPERS else getattr(builtins, name)
    if module.startswith("scipy.stats."):
        module, name = "scipy.stats", spelling.removeprefix("scipy.stats.")
    owner = sys.modules.get(module) or import_module(module)
    result: Callable[..., Any] = operator.attrgetter(name)(owner)
    return result


@cache
def _helper(name: str) -> Callable[..., Any]:
    names: dict[str, Any] = {"math": math, "types": types}
    exec("\n\n".join(helper_texts([name])), names)
    return names[name]  # type: ignore[no-any-return]
