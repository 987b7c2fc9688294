"""The children of Python's syntax nodes, without their load and store marks and their operators: many times as fast as ast.walk.

Never looks at what a node means.
"""
from __future__ import annotations

import ast
from collections.abc import Iterable

_MARKS = ("ctx", "op", "ops")
_CHILDREN: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Name: (), ast.Constant: (), ast.Pass: (), ast.Break: (), ast.Continue: (), ast.alias: (),
}
_ARITHMETIC = frozenset({ast.Constant, ast.BinOp, ast.UnaryOp})


BEHIND_THE_TEXT = frozenset({"exec", "eval", "locals", "globals", "vars", "compile", "__import__"})
"""What reads or writes variables that the text does not name."""


def works_behind(node: ast.AST) -> bool:
    """Whether a call reads or writes variables behind the text, where nothing else is called so."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BEHIND_THE_TEXT


def children_in(node: ast.AST) -> list[ast.AST]:
    """The nodes right below, in the order of the fields."""
    kind = type(node)
    if kind is ast.Name or kind is ast.Constant:
        return []
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.Assign):
        return [*node.targets, node.value]
    names = _CHILDREN.get(kind)
    if names is None:
        names = _CHILDREN[kind] = tuple(name for name in node._fields if name not in _MARKS)
    found: list[ast.AST] = []
    fields = node.__dict__
    for name in names:
        value = fields.get(name)
        if type(value) is list:
            found += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def beside_arithmetic(nodes: Iterable[ast.AST]) -> list[ast.AST]:
    """The nodes that are no arithmetic on what is read: a few of many."""
    return [
        each for each in nodes
        if type(each) not in _ARITHMETIC and (type(each) is not ast.Name or type(each.ctx) is not ast.Load)
    ]


def names_stored(node: ast.AST, in_values: bool = True) -> set[str]:
    """Every name that is bound in the node; without `in_values` but for what `:=` binds right of an `=`."""
    bound: set[str] = set()
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, ast.Name):
            if type(each.ctx) is ast.Store:
                bound.add(each.id)
        elif isinstance(each, ast.BinOp):
            stack += (each.left, each.right)
        elif isinstance(each, ast.Assign | ast.AugAssign) and not in_values:
            stack += each.targets if isinstance(each, ast.Assign) else [each.target]
        elif not isinstance(each, ast.Constant):
            stack += children_in(each)
    return bound


def nodes_in(node: ast.AST) -> list[ast.AST]:
    """The node and everything below it, level by level."""
    found = [node]
    for each in found:
        if isinstance(each, ast.BinOp):
            found += (each.left, each.right)
        elif type(each) is not ast.Name and type(each) is not ast.Constant:
            found += children_in(each)
    return found


def is_read(name: ast.Name) -> bool:
    """Whether a name is read where it stands, and neither bound nor deleted."""
    return isinstance(name.ctx, ast.Load)


def binds_alone(node: ast.Assign, name: str) -> bool:
    """Whether an assignment binds a variable and nothing else: `name = ...`."""
    return len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name


def as_load(node: ast.expr) -> ast.expr:
    """The same target as an expression that reads it."""
    if isinstance(node, ast.Name):
        return ast.copy_location(ast.Name(node.id, ast.Load()), node)
    if isinstance(node, ast.Attribute):
        return ast.copy_location(ast.Attribute(node.value, node.attr, ast.Load()), node)
    assert isinstance(node, ast.Subscript)
    return ast.copy_location(ast.Subscript(node.value, node.slice, ast.Load()), node)
