"""What binds names, or stores, where no statement that is read says so: `:=` in text that is carried along, pairs in chains.

Never reads a statement itself.
"""
from __future__ import annotations

import ast
from collections.abc import Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.constructs import UNKNOWN_STATEMENT
from gradgen.read.trees import children_in

UNREAD = f"{UNKNOWN_STATEMENT}, which has `:=` inside of what is not read (an f-string, a set)"
SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr)


def has_unread_names(node: ast.stmt, made: Sequence[ir.Stmt]) -> bool:
    """Whether a simple statement binds names by `:=` of which the statements that were made of it know nothing."""
    if not isinstance(node, SIMPLE):
        return False
    written = {each.target.id for each in _in_its_scope(node) if isinstance(each, ast.NamedExpr)}
    return not written <= {each.name for stmt in made for each in ir.walk(stmt) if isinstance(each, ir.Walrus)}


def stores_in_pairs(targets: Sequence[ast.expr]) -> bool:
    """Whether a target of several stores into elements or attributes: `a[0], a[1] = ...`."""
    pairs = (target for target in targets if isinstance(target, ast.Tuple | ast.List))
    return any(isinstance(each, ast.Subscript | ast.Attribute) for target in pairs for each in ast.walk(target))


def _in_its_scope(node: ast.AST) -> list[ast.AST]:
    """The nodes of a statement but for what is in lambdas, which have names of their own."""
    found = [node]
    for each in found:
        found += () if isinstance(each, ast.Lambda) else children_in(each)
    return found


def names_around(node: ast.AST) -> set[ast.Name]:
    """The names in an expression that are looked up around it whatever its own are called: in defaults of lambdas, and in what a
    comprehension goes through first."""
    found: set[ast.Name] = set()
    for each in ast.walk(node):
        outer: list[ast.expr] = []
        match each:
            case ast.Lambda(args=args):
                outer = [*args.defaults, *(value for value in args.kw_defaults if value is not None)]
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                outer = [each.generators[0].iter]
        found.update(name for part in outer for name in ast.walk(part) if isinstance(name, ast.Name))
    return found
