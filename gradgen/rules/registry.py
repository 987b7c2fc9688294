"""Which rules an operation has: the tables and the user's own rows, looked up by operation and by what is known.

Never judges a rule: the tests do for the tables, user.py for the user's.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from gradgen.ir.frozen import replace
from gradgen.ir.nodes import Expr
from gradgen.rules import elementwise, elliptic, mathematics, operators, orthogonal, shares, special, spherical, splines, stats
from gradgen.rules.helpers import HELPERS
from gradgen.rules.notation import Facts, Moved, Rule
from gradgen.rules.parsing import Pattern, parse_pattern, parse_rule, parse_tangents
from gradgen.rules.rows import COUNT, STEERING, Row
from gradgen.rules.shapes import ShapeOf
from gradgen.rules.whole.moving import MOVING
from gradgen.rules.whole.tables import TOPICS

TABLES: Mapping[str, tuple[Row, ...]] = {
    "Operators and built-in functions": operators.ROWS,
    "math": mathematics.ROWS,
    "NumPy": elementwise.ROWS,
    "scipy.special": special.ROWS,
    "scipy.special: spherical Bessel functions": spherical.ROWS,
    "scipy.special: orthogonal polynomials": orthogonal.ROWS,
    "scipy.special: elliptic integrals": elliptic.ROWS,
    "scipy.special: distribution functions": shares.ROWS,
    "scipy.stats": stats.ROWS,
    "scipy.interpolate": splines.ROWS,
    **{topic.title: topic.rows for topic in TOPICS},
}

SEQUENCES = frozenset({"sum", "fsum", "prod", "dist", "sumprod"})
"""Operations on sequences of numbers: the transform writes their loops, they have no rows."""

_users: dict[str, tuple[Rule, ...]] = {}
_of_numbers: set[str] = set()
_carried: dict[str, frozenset[str] | None] = {}


def operations() -> frozenset[str]:
    """Every operation on numbers that has a rule; on arrays it works number by number."""
    return frozenset(name for name, rows in _index().items() if rows[0][1].shape is None) | frozenset(_users)


def array_operations() -> frozenset[str]:
    """Every operation on whole arrays that has a rule."""
    return frozenset(_index()) - operations()


def rules_for(operation: str) -> tuple[Rule, ...]:
    """The operation's rules, in the order in which they are tried; empty where there is none."""
    return _users.get(operation) or _parsed(operation)


def has_several_results(operation: str) -> bool:
    """Whether the operation gives several values at once, as divmod does."""
    rules = rules_for(operation)
    return bool(rules) and len(rules[0].results) > 1


def is_of_numbers(operation: str) -> bool:
    """Whether an operation's rule holds for numbers alone, and nothing is known of what it does with arrays."""
    return operation in _of_numbers


def find_rule(operation: str, facts: Facts) -> Rule | None:
    """The first of the operation's rules that takes as many operands and whose `when` holds."""
    for rule in rules_for(operation) if not facts.is_array or operation not in _of_numbers else ():
        if (facts.arity is None or takes(rule, facts.arity)) and (rule.when is None or rule.when(facts)):
            if rule.maker is None:
                return rule
            lines = rule.maker(facts)
            if lines is not None:
                operands = tuple(name for name in facts.shapes if name not in facts.parts) if rule.is_variadic else ()
                return _written_out(rule.text[0], lines, operands, facts.parts)
    return None


def tangents_of(operation: str, rule: Rule, facts: Facts) -> Moved | None:
    """The lines of the operation's tangents, where it has some of its own for what is known; `rule` is what find_rule found."""
    maker = MOVING.get(operation)
    lines = None if maker is None else maker(facts)
    return None if lines is None else _moved(rule.text[0], lines, facts.parts)


@lru_cache(maxsize=1024)
def _moved(forward: str, lines: tuple[str, ...], parts: tuple[str, ...]) -> Moved:
    pattern = parse_pattern(forward)
    return parse_tangents(
        replace(pattern, parameters=(*pattern.parameters, *parts)), lines,
        operation_named=lambda name: name if name in _index() or name in HELPERS else None,
    )


@lru_cache(maxsize=1024)
def _written_out(forward: str, lines: tuple[str, ...], operands: tuple[str, ...], parts: tuple[str, ...]) -> Rule:
    """The rule of a row whose lines depend on its operands, once they are known: `*xs` is `xs0, xs1` then. `parts` are items of
    operands that are lists."""
    pattern = parse_pattern(forward)
    row = next(row for known, row in _index()[pattern.operation] if row.text[0] == forward)
    for name in (name for name in pattern.parameters if name.startswith("*")):
        stem = name.removeprefix("*")
        own = [each for each in operands if each.removeprefix(stem).isdigit() and each.startswith(stem)]
        forward = forward.replace(name if own else f"{name}, ", ", ".join(own))
        pattern = parse_pattern(forward)
    pattern = replace(pattern, parameters=(*pattern.parameters, *parts))
    return _parse(pattern, replace(row, text=(forward, *lines), maker=None), pattern.operands)


def shape_of(operation: str) -> ShapeOf | None:
    """How the kind of the operation's result is found; None for what works number by number, or has no row."""
    rules = rules_for(operation)
    return rules[0].shape if rules else None


def takes(rule: Rule, arity: int) -> bool:
    """Whether the rule's operation can be called with so many operands."""
    if rule.is_variadic:
        return arity >= len(rule.parameters) - 1 - len(rule.defaults)
    return len(rule.parameters) - len(rule.defaults) <= arity <= len(rule.parameters)


def bind(
    operation: str, args: Sequence[Expr], keywords: Sequence[tuple[str, Expr]] = (), family: str | None = None
) -> Mapping[str, tuple[Expr, ...]] | None:
    """Each operand's expressions by its name in the rows (any number for a variadic one), what is left out as its default.

    None where no rule of the operation takes such a call: `sqrt(x, out=y)`, or `numpy.log(x, y)`, whose `family` is "numpy".
    """
    if family in ("numpy", "scipy.special", "scipy.stats") and len(args) > MOST_IN_NUMPY.get(operation, len(args)):
        return None
    for rule in rules_for(operation):
        bound = _bound(rule, args, keywords)
        if bound is not None:
            return bound
    return None


def _bound(rule: Rule, args: Sequence[Expr], keywords: Sequence[tuple[str, Expr]]) -> Mapping[str, tuple[Expr, ...]] | None:
    if not keywords and len(args) == len(rule.parameters) and not rule.is_variadic:
        return {name: (arg,) for name, arg in zip(rule.parameters, args, strict=True)}
    bound: dict[str, tuple[Expr, ...]] = {}
    positional = list(args)
    for name in rule.parameters:
        if name.startswith("*"):
            bound[name[1:]] = tuple(positional)
            positional = []
        elif positional:
            bound[name] = (positional.pop(0),)
    if positional:
        return None
    aliases = KEYWORDS.get(rule.operation, {})
    for written, value in keywords:
        name = aliases.get(written, written)
        if name in bound or name not in rule.parameters:
            return None
        bound[name] = (value,)
    for name, default in rule.defaults.items():
        bound.setdefault(name, (default,))
    return bound if len(bound) == len(rule.parameters) else None


def parameters_of(operation: str) -> Sequence[str] | None:
    """The operands that the first rule of an operation takes by place, where that is a number of them; None for others."""
    rules = rules_for(operation)
    return None if not rules or rules[0].is_variadic else rules[0].parameters


def carried_by(operation: str) -> frozenset[str] | None:
    """The operands that some rule of the operation passes a derivative on to, or refuses to; None where it has no rule."""
    if operation not in _carried:
        rules = rules_for(operation)
        operands = {part.operand for rule in rules for part in rule.contributions}.union(*(rule.refused for rule in rules))
        for pattern, row in _index().get(operation, ()):
            if row.maker is not None:
                operands |= set(row.carries.split()) or set(pattern.operands) - STEERING
        _carried[operation] = frozenset(operands) if rules else None
    return _carried[operation]


def counted_by(operation: str) -> frozenset[str]:
    """The operands that an operation takes for whole numbers: no rule of it passes a derivative on to them."""
    return frozenset[str]().union(*(rule.refused for rule in rules_for(operation) or () if rule.reason == COUNT))


def put(rule: Rule, is_entrywise: bool = True) -> None:
    """Makes a user's rule, already judged, the rule of its operation: of numbers alone unless its function `is_entrywise`, that
    is, does with each number of an array what it does with a number."""
    _users[rule.operation] = (rule,)
    _of_numbers.discard(rule.operation)
    if not is_entrywise:
        _of_numbers.add(rule.operation)
    _carried.pop(rule.operation, None)


def forget(operation: str) -> None:
    """Takes a user's rule back."""
    _users.pop(operation, None)
    _of_numbers.discard(operation)
    _carried.pop(operation, None)


MOST_IN_NUMPY: Mapping[str, int] = {"log": 1, "hypot": 2, "nextafter": 2, "gcd": 2, "lcm": 2}
"""How many operands NumPy's function takes where math's takes more; what comes after them is an array for the result."""

KEYWORDS: Mapping[str, Mapping[str, str]] = {
    "around": {"a": "x"},
    "clip": {"a": "x", "a_min": "lo", "a_max": "hi", "min": "lo", "max": "hi"},
    "isclose": {"a": "x", "b": "y", "rtol": "rel_tol", "atol": "abs_tol"},
    "pow": {"base": "x", "exp": "y"},
    "real_comb": {"N": "n"},
    "round": {"number": "x"},
    **{name: {"z": "x"} for name in (*spherical.SIGNS, "jvp", "yvp", "ivp", "kvp")},
    **{operation: names for topic in TOPICS for operation, names in topic.keywords.items()},
}
"""The names under which callers may pass operands by keyword, where they are not the row's own."""


@cache
def _index() -> Mapping[str, tuple[tuple[Pattern, Row], ...]]:
    index: dict[str, tuple[tuple[Pattern, Row], ...]] = {}
    for rows in TABLES.values():
        for row in rows:
            pattern = parse_pattern(row.text[0])
            index[pattern.operation] = (*index.get(pattern.operation, ()), (pattern, row))
    return index


@cache
def _parsed(operation: str) -> tuple[Rule, ...]:
    return tuple(_parse(pattern, row) for pattern, row in _index().get(operation, ()))


def _parse(pattern: Pattern, row: Row, settled: Sequence[str] = ()) -> Rule:
    operands = frozenset(pattern.operands)
    if row.cost is not None:
        cost = row.cost
    elif pattern.is_call:
        cost = 10
    else:
        cost = 4 if pattern.operation in ("div", "floordiv", "mod", "pow") else 1
    omitted = operands if row.is_zero or row.maker else row.when.settles if row.when else frozenset()
    is_whole = row.shape is not None
    if is_whole:
        omitted = omitted | frozenset(pattern.defaults) | frozenset(settled)
    has_adjoints_inside = is_whole or row.when is not None and row.when.is_of_arrays
    rule = parse_rule(
        pattern, row.text,
        operation_named=lambda name: name if name in _index() or is_whole and name in HELPERS else None, when=row.when, cost=cost,
        refused=operands if row.refuses_all else row.refused, reason=row.reason, omitted=omitted,
        is_whole=has_adjoints_inside,
    )
    return replace(rule, maker=row.maker, shape=row.shape, is_whole=is_whole)
