"""The children of Python's syntax nodes, without their load and store marks and their operators: many times as fast as ast.walk.

Never looks at what a node means.
"""
from __future__ import annotations

import ast

_MARKS = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
_CHILDLESS = frozenset({ast.Name, ast.Constant, ast.Pass, ast.Break, ast.Continue, ast.alias})


def children_in(node: ast.AST) -> list[ast.AST]:
    """The nodes right below, in the order of the fields."""
    if type(node) in _CHILDLESS:
        return []
    found: list[ast.AST] = []
    fields = node.__dict__
    for name in node._fields:
        value = fields.get(name)
        if type(value) is list:
            found += [each for each in value if isinstance(each, ast.AST) and not isinstance(each, _MARKS)]
        elif isinstance(value, ast.AST) and not isinstance(value, _MARKS):
            found.append(value)
    return found


def nodes_in(node: ast.AST) -> list[ast.AST]:
    """The node and everything below it, level by level."""
    found = [node]
    for each in found:
        found += children_in(each)
    return found
