"""Runs rows: a rule's backward lines as Python text, evaluated beside the real function that the rule is about.

Never judges what comes out.
"""
from __future__ import annotations

import math
import operator
import statistics
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from types import CodeType
from typing import Any

import numpy
import scipy.interpolate
import scipy.special
import scipy.stats

from gradgen.ir import nodes as ir
from gradgen.rules.helpers import HELPERS, helper_texts
from gradgen.rules.notation import CONSTANTS, Facts, Rule
from gradgen.rules.registry import find_rule, rules_for, takes
from gradgen.rules.spelling import SPELLINGS, Family, spell

BINARY = {"add": "+", "sub": "-", "mul": "*", "div": "/", "floordiv": "//", "mod": "%", "pow": "**"}
UNARY = {"neg": "-", "pos": "+", "not": "not "}
COMPARE = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
NEWER: Mapping[str, Callable[..., Any]] = {"fma": lambda x, y, z: x * y + z}
FAMILIES: tuple[Family, ...] = ("builtins", "math", "numpy", "scipy.special", "scipy.stats", "scipy.interpolate", "statistics")


def text_of(expr: ir.Expr, family: Family) -> str:
    """The expression as Python, its functions spelled in the family."""
    match expr:
        case ir.Name(id=name):
            return name
        case ir.Const(value=value):
            return f"({value!r})"
        case ir.Compare(ops=ops, operands=operands):
            first, *rest = (text_of(operand, family) for operand in operands)
            return f"({first}{''.join(f' {COMPARE[op]} {operand}' for op, operand in zip(ops, rest, strict=True))})"
        case ir.Op(op=op, args=args):
            parts = [text_of(arg, family) for arg in args]
            if op in BINARY:
                return f"({parts[0]} {BINARY[op]} {parts[1]})"
            if op in UNARY:
                return f"({UNARY[op]}{parts[0]})"
            if op in ("and", "or"):
                return f"({f' {op} '.join(parts)})"
            if op == "ifexp":
                return f"({parts[1]} if {parts[0]} else {parts[2]})"
            spelling = spell(op, family)
            assert spelling is not None, f"{op} has no spelling in {family}"
            return spelling if op in CONSTANTS else f"{spelling}({', '.join(parts)})"
    raise AssertionError(expr)


@cache
def code_of(expr: ir.Expr, family: Family) -> CodeType:
    """The expression, compiled; nodes compare by identity."""
    return compile(text_of(expr, family), "<row>", "eval")


def forward_of(rule: Rule, family: Family) -> Callable[..., Any] | None:
    """The real function of the rule's operation in the family, or None if the family has none."""
    if rule.operation in HELPERS and rule.operation not in SPELLINGS[family]:
        return namespace()[rule.operation] if family == "math" else None
    if rule.operation in SPELLINGS[family]:
        owner = {"builtins": __builtins__, "math": math, "numpy": numpy, "scipy.special": scipy.special,
                 "scipy.stats": scipy.stats, "scipy.interpolate": scipy.interpolate, "statistics": statistics}[family]
        name = SPELLINGS[family][rule.operation][0]
        found = owner.get(name) if isinstance(owner, dict) else operator.attrgetter(name)(owner) if "." in name else (
            getattr(owner, name, None)
        )
        return partial(_called, found) if family == "scipy.stats" else found or NEWER.get(name)
    if family == "builtins" and (rule.operation in BINARY or rule.operation in UNARY):
        names = ", ".join(rule.parameters)
        return eval(f"lambda {names}: {rule.text[0].partition('=')[2]}")  # type: ignore[no-any-return]
    return None


@lru_cache(maxsize=40_000, typed=True)
def _called(function: Callable[..., Any], *args: float) -> Any:
    """The value of a distribution's function, which costs much: slopes and the slopes of slopes ask for it at the same places."""
    return function(*args)


@cache
def namespace() -> dict[str, Any]:
    """What the text of a row may name: the modules and every helper."""
    names: dict[str, Any] = {"math": math, "numpy": numpy, "scipy": scipy, "statistics": statistics, "types": types}
    exec("\n\n".join(helper_texts(HELPERS)), names)
    return names


def rule_for(operation: str, arity: int, constants: Mapping[str, object], passive: Sequence[str] = ()) -> Rule:
    """The rule that holds where everything varies but the constants and what is passive."""
    fitting = [rule for rule in rules_for(operation) if takes(rule, arity)]
    operands = {name.removeprefix("*") for rule in fitting for name in rule.parameters}
    left_out = {
        name: default.value
        for rule in fitting
        for name, default in rule.defaults.items()
        if rule.parameters.index(name) >= arity and isinstance(default, ir.Const)
    }
    known = left_out | dict(constants)
    rule = find_rule(operation, Facts(known, frozenset(operands - set(known) - set(passive)), arity))
    assert rule is not None, f"no rule of {operation} takes {arity} operands with {dict(constants)}"
    return rule


def backward(
    rule: Rule, family: Family, args: Sequence[float], forward: Callable[..., Any] | None = None, seeds: Sequence[float] = (1.0,),
    only: int | None = None,
) -> list[float]:
    """The adjoint of every operand given, one by one, as the rule has it, or that of `only` the one at a place."""
    forward = forward or forward_of(rule, family)
    assert forward is not None
    with warnings.catch_warnings(), numpy.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        value = forward(*args)
        results = value if len(rule.results) > 1 else (value,)
        bound: dict[str, Any] = dict(zip(rule.results, results, strict=True))
        bound |= {f"d{name}": seed for name, seed in zip(rule.results, seeds, strict=False)}
        for name, expr in rule.defaults.items():
            assert isinstance(expr, ir.Const)
            bound[name] = expr.value
        owners = owners_of(rule, len(args))
        for owner, arg in zip(owners, args, strict=True):
            bound[owner] = arg

        def run(expr: ir.Expr) -> Any:
            return eval(code_of(expr, family), namespace(), bound)

        for name, expr in rule.locals:
            bound[name] = run(expr)
        adjoints = []
        asked = range(len(args)) if only is None else (only,)
        for owner, arg in ((owners[place], args[place]) for place in asked):
            bound[owner] = arg
            total = 0.0
            for part in rule.contributions:
                if part.operand != owner or (part.guard is not None and not run(part.guard)):
                    continue
                product = part.sign * run(part.adjoint)
                for factor in part.numerator:
                    product = product * run(factor)
                for factor in part.denominator:
                    product = product / run(factor)
                total += product
            adjoints.append(total)
        return adjoints


def owners_of(rule: Rule, arity: int) -> list[str]:
    """The operand that each argument belongs to."""
    owners: list[str] = []
    for name in rule.parameters:
        owners += [name[1:]] * (arity - len(owners)) if name.startswith("*") else [name]
    return owners[:arity]
