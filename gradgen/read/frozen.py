"""Reads what is done with an object that one call made as an operation on what the call was given: `norm(m, s).pdf(x)` is
`norm.pdf(x, m, s)`, and `lu_solve(lu_factor(a), b)` an operation on a and b.

Never follows an object further than to the one call that made it.
"""
from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from gradgen.ir import nodes as ir
from gradgen.read.resolve import MISSING
from gradgen.read.sequences import as_array
from gradgen.read.trees import nodes_in
from gradgen.rules.spelling import family_of, operation_of


class Lowering(Protocol):
    """What reads expressions."""

    frozen: Mapping[str, ast.Call]
    local_names: set[str]

    def resolve(self, node: ast.expr) -> Any: ...
    def expr(self, node: ast.expr) -> ir.Expr: ...


def changes_in_place(nodes: Sequence[ast.AST]) -> bool:
    """Whether a function, of these nodes, may change an array in place: what a call was given may be another later."""
    stored = [each for each in nodes if isinstance(each, ast.Subscript | ast.Attribute) and not isinstance(each.ctx, ast.Load)]
    return bool(stored) or any(isinstance(each, ast.AugAssign) for each in nodes)


def made_once(nodes: Sequence[ast.AST]) -> dict[str, ast.Call]:
    """The variables of a function, of these nodes, that are bound once, outside of loops, to a call all of whose variables are
    bound once. Those that a call's results are unpacked into stand together: "lu, piv"."""
    again = {id(inner) for each in nodes if isinstance(each, ast.For | ast.While) for inner in nodes_in(each)}
    bound: dict[str, int] = {}
    for each in nodes:
        if isinstance(each, ast.arg):
            bound[each.arg] = bound.get(each.arg, 0) + 1 + (id(each) in again)
        elif isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
            bound[each.id] = bound.get(each.id, 0) + 1 + (id(each) in again)
        elif isinstance(each, ast.FunctionDef):
            bound[each.name] = bound.get(each.name, 0) + 1
    found = {}
    for each in nodes:
        if not isinstance(each, ast.Assign) or not isinstance(each.value, ast.Call):
            continue
        match each:
            case ast.Assign(targets=[ast.Name() | ast.Tuple() as target], value=ast.Call() as made) if id(each) not in again:
                names = [inner.id for inner in nodes_in(target) if isinstance(inner, ast.Name)]
                read = {inner.id for inner in nodes_in(made) if isinstance(inner, ast.Name)}
                if all(bound.get(other, 1) == 1 for other in (*names, *read)):
                    found[", ".join(names)] = made
    return found


def of_distribution(node: ast.Call, lowering: Lowering, span: ir.Span) -> ir.Expr | None:
    """A call of a frozen distribution's method as one of the distribution's own; None for any other call."""
    if not isinstance(node.func, ast.Attribute) or len(node.args) != 1 or node.keywords:
        return None
    made: ast.expr | None = node.func.value
    if isinstance(made, ast.Name):
        made = lowering.frozen.get(made.id) if made.id in lowering.local_names else None
    if not isinstance(made, ast.Call) or any(isinstance(arg, ast.Starred) for arg in (*node.args, *made.args)):
        return None
    owner = lowering.resolve(made.func)
    if owner is MISSING or not type(owner).__module__.startswith("scipy.stats"):
        return None
    method = getattr(owner, node.func.attr, None)
    operation, named = operation_of(method), [(each.arg, each.value) for each in made.keywords if each.arg is not None]
    if operation is None or len(named) < len(made.keywords):
        return None
    family = family_of(method)
    args = tuple(as_array(lowering.expr(arg), operation, family) for arg in (*node.args, *made.args))
    keywords = tuple((name, as_array(lowering.expr(value), operation, family)) for name, value in named)
    return ir.Op(operation, args, keywords, None, family, span=span)


FACTORS = {"cho_solve": ("cho_factor", "cho_solved"), "lu_solve": ("lu_factor", "lu_solved")}
"""What solves by a factor that is at hand: what makes the factor, and the operation that both are together."""


def by_factor(node: ast.Call, lowering: Lowering, span: ir.Span) -> ir.Expr | None:
    """A solution by a factor of a matrix that the function factors itself, as an operation of that matrix; None for others."""
    maker, operation = FACTORS.get(operation_of(lowering.resolve(node.func)) or "", ("", ""))
    if not maker or len(node.args) < 2 or any(isinstance(arg, ast.Starred) for arg in node.args):
        return None
    made: ast.expr | None = node.args[0]
    if isinstance(made, ast.Name | ast.Tuple):
        names = [made] if isinstance(made, ast.Name) else made.elts
        is_local = all(isinstance(each, ast.Name) and each.id in lowering.local_names for each in names)
        made = lowering.frozen.get(", ".join(ast.unparse(each) for each in names)) if is_local else None
    if not isinstance(made, ast.Call) or operation_of(lowering.resolve(made.func)) != maker or not made.args:
        return None
    given = {each.arg for each in made.keywords} - {"lower", "check_finite"} | {each.arg for each in node.keywords} - {"trans"}
    if given or len(made.args) > 2 or len(node.args) > 3 or any(isinstance(arg, ast.Starred) for arg in made.args):
        return None
    factor, right = map(lowering.expr, node.args[:2])
    is_nested = isinstance(factor, ir.Op) and made is node.args[0]  # what stands in the text once is one expression
    matrix = factor.args[0] if is_nested and isinstance(factor, ir.Op) else lowering.expr(made.args[0])
    args = (factor, right, matrix, *map(lowering.expr, made.args[1:2]))
    keywords = [(each.arg or "", lowering.expr(each.value)) for each in made.keywords if each.arg == "lower"]
    keywords += [("trans", lowering.expr(arg)) for arg in node.args[2:3]]
    keywords += [(each.arg or "", lowering.expr(each.value)) for each in node.keywords if each.arg == "trans"]
    return ir.Op(operation, args, tuple(keywords), None, "scipy.linalg", span=span)
