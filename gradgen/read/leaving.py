"""Returns out of a loop that halves an interval, spelled as breaks: what is found is read behind the loop.

Never touches a loop that does not halve, nor a return that is not the only expression returned from it.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator

from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in

BLOCKS = ("body", "orelse", "finalbody")
SIMPLE = (ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context)


def return_as_break(text: Text, node: ast.AST) -> list[Edit] | None:
    """`return middle` in a loop before `return middle` is `break`; before another return, or before a `raise`, a flag says that
    it was found. Out of `while True`, the return stands behind the loop."""
    assert isinstance(node, ast.For | ast.While)
    returns = list(_returns(node.body))
    if node.orelse or not returns or not _halves(node) or text.is_in_try(node) or not text.is_first_on_its_line(node):
        return None
    written = {text.slice(each.value) if each.value is not None else "" for each in returns}
    found = written.pop()
    value = returns[0].value
    if written or value is None or "\n" in found or "#" in found:
        return None
    follower = _after(text, node)
    breaks = [text.replaced(each, "break") for each in returns]
    if follower is None:
        is_endless = isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and bool(node.test.value)
        after = text.after(node, [f"return {found}"])
        is_last = isinstance(text.owners[node], ast.FunctionDef)
        is_left = any(isinstance(each, ast.Break) for each in _own(node.body))
        return [*breaks, after] if is_endless and is_last and not is_left and after is not None else None
    if isinstance(follower, ast.Return) and follower.value is not None and text.slice(follower.value) == found:
        return breaks
    if not all(isinstance(each, SIMPLE) for each in nodes_in(value)) or not text.is_first_on_its_line(follower):
        return None
    flag = text.fresh("is_found", "has_found")
    noted = [_flagged(text, each, flag) for each in returns]
    match follower:
        case ast.Return(value=ast.expr() as other) if not isinstance(other, ast.Tuple | ast.IfExp | ast.Lambda | ast.NamedExpr):
            start = text.start(other)
            return [text.before(node, f"{flag} = False"), *noted, Edit(start, start, f"{found} if {flag} else ")]
        case ast.Raise():
            start, after = text.start(follower), text.after(follower, [f"return {found}"])
            if after is None or after.text.startswith(";"):
                return None
            indented = Edit(start, start, f"if not {flag}:\n{text.indent(start)}    ")
            return [text.before(node, f"{flag} = False"), *noted, indented, after]
    return None


def _flagged(text: Text, node: ast.Return, flag: str) -> Edit:
    if text.is_first_on_its_line(node):
        return text.replaced(node, f"{flag} = True\n{text.indent(text.start(node))}break")
    return text.replaced(node, f"{flag} = True; break")


def _own(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a loop's body, but for those of loops, functions and try statements in it."""
    for stmt in body:
        yield stmt
        if isinstance(stmt, ast.If):
            yield from _own(stmt.body)
            yield from _own(stmt.orelse)


def _returns(body: list[ast.stmt]) -> Iterator[ast.Return]:
    """The returns of a loop's body; none where some cannot be breaks."""
    own = [stmt for stmt in _own(body) if isinstance(stmt, ast.Return)]
    every = [each for stmt in body for each in nodes_in(stmt) if isinstance(each, ast.Return)]
    yield from own if len(own) == len(every) else ()


def _halves(node: ast.For | ast.While) -> bool:
    """Whether a loop computes something like the middle of two variables that it moves."""
    moved = {target.id for stmt in _own(node.body) if isinstance(stmt, ast.Assign) for each in stmt.targets
             for target in nodes_in(each) if isinstance(target, ast.Name)}
    for stmt in node.body:
        if not isinstance(stmt, ast.Assign):
            continue
        parts = nodes_in(stmt.value)
        has_half = any(isinstance(each, ast.Constant) and each.value in (0.5, 2) for each in parts)
        if has_half and len({each.id for each in parts if isinstance(each, ast.Name)} & moved) == 2:
            return True
    return False


def _after(text: Text, node: ast.stmt) -> ast.stmt | None:
    """The statement behind another in its block."""
    owner = text.owners[node]
    for field in BLOCKS:
        block: object = getattr(owner, field, None)
        if isinstance(block, list) and node in block and node is not block[-1]:
            follower = block[block.index(node) + 1]
            return follower if isinstance(follower, ast.stmt) else None
    return None
