"""Every small way in which a gradient's text can be wrong: its mutants, one change each.

Never runs them.
"""
from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

OTHER_FUNCTION = {
    "sin": "cos", "cos": "sin", "exp": "log", "log": "exp", "sqrt": "exp", "sinh": "cosh", "cosh": "sinh", "tanh": "tan",
}  # fmt: skip


def mutants(function: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """(what was changed, the changed function) for every change of the kinds below at every place of the body."""
    places = [node for statement in function.body for node in ast.walk(statement)]
    parameters = {argument.arg for argument in function.args.args}
    names = sorted(parameters | {node.id for node in places if _is_read(node) and node.id != "math"})
    for index, node in enumerate(places):
        for what, change in _changes(node, names):
            twin = copy.deepcopy(function)
            target = [node for statement in twin.body for node in ast.walk(statement)][index]
            replacement = change(target)
            if replacement is not target:
                twin = _Replace(target, replacement).visit(twin)
            twin.body = twin.body or [ast.Pass()]
            yield f"line {getattr(node, 'lineno', 0) - function.lineno}: {what}", ast.fix_missing_locations(twin)


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _changes(node: ast.AST, names: list[str]):
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "a sign dropped", lambda n: n.operand
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Add | ast.Sub):
            yield "a sign flipped", lambda n: ast.BinOp(n.left, ast.Sub() if isinstance(n.op, ast.Add) else ast.Add(), n.right)
            yield "the second term dropped", lambda n: n.left
            yield "the first term dropped", lambda n: n.right
        if isinstance(node.op, ast.Mult | ast.Div):
            yield "the second factor dropped", lambda n: n.left
            other = ast.Div() if isinstance(node.op, ast.Mult) else ast.Mult()
            yield "* and / exchanged", lambda n: ast.BinOp(n.left, other, n.right)
        if isinstance(node.op, ast.Mult):
            yield "the first factor dropped", lambda n: n.right
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        yield "a number changed", lambda n: ast.Constant(n.value + 1)
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub):
        flipped = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        yield "a contribution's sign flipped", lambda n: ast.AugAssign(n.target, flipped, n.value)
        yield "a contribution dropped", lambda n: ast.Pass()
        yield "+= made =", lambda n: ast.Assign([ast.Name(n.target.id, ast.Store())], n.value)
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        gradient = node.value.elts[-1] if isinstance(node.value.elts[-1], ast.Tuple) else node.value
        for at in range(len(gradient.elts) - 1):
            yield f"partials {at} and {at + 1} swapped", lambda n, at=at: _swapped(n, at)
    if isinstance(node, ast.Attribute) and node.attr in OTHER_FUNCTION:
        yield f"{node.attr} made {OTHER_FUNCTION[node.attr]}", lambda n: ast.Attribute(n.value, OTHER_FUNCTION[n.attr], n.ctx)
    if _is_read(node) and node.id in names:
        wrong = names[(names.index(node.id) + 1) % len(names)]
        yield f"{node.id} made {wrong}", lambda n: ast.Name(wrong, ast.Load())


def _swapped(node: ast.Return, at: int) -> ast.Return:
    gradient = node.value.elts[-1] if isinstance(node.value.elts[-1], ast.Tuple) else node.value
    gradient.elts[at], gradient.elts[at + 1] = gradient.elts[at + 1], gradient.elts[at]
    return node


class _Replace(ast.NodeTransformer):
    def __init__(self, target: ast.AST, replacement: ast.AST) -> None:
        self.target, self.replacement = target, replacement

    def visit(self, node: ast.AST) -> ast.AST:
        return self.replacement if node is self.target else self.generic_visit(node)
