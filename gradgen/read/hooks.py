"""Reads `with adjoint_of(x) as dx:`, whose body belongs into the backward part.

Never lowers the body: it is carried along as text.
"""
from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable
from typing import Any

from gradgen.ir import nodes as ir
from gradgen.ir.hooks import Hook
from gradgen.marks import adjoint_of
from gradgen.read.positions import Positions

OUT_OF_PLACE = (
    ast.Return, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom, ast.Await, ast.Global, ast.Nonlocal, ast.Import,
    ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef, ast.Delete, ast.With, ast.Try, ast.Lambda,
)


def is_hook(node: ast.With, resolve: Callable[[ast.expr], Any]) -> bool:
    """Whether a `with` statement is one of adjoint_of."""
    calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
    return any(resolve(call.func) is adjoint_of for call in calls)


def hook(node: ast.With, positions: Positions, read: Callable[[ast.Name], ir.Name]) -> Hook | None:
    """The statement; None where it is not of the form that can be moved: a name for the adjoint of each variable, plain
    statements that bind no other name of the function's."""
    pairs: list[tuple[ast.Name, str]] = []
    for item in node.items:
        match item:
            case ast.withitem(ast.Call(args=[ast.Name() as variable], keywords=[]), ast.Name(id=adjoint)):
                pairs.append((variable, adjoint))
            case _:
                return None
    variables, adjoints = {variable.id for variable, _ in pairs}, {adjoint for _, adjoint in pairs}
    named = [each for stmt in node.body for each in ast.walk(stmt) if isinstance(each, ast.Name)]
    bound = {each.id for each in named if not isinstance(each.ctx, ast.Load)}
    misplaced = any(isinstance(each, OUT_OF_PLACE) for stmt in node.body for each in ast.walk(stmt))
    first, last = positions.span(node.body[0]), positions.span(node.body[-1])
    others = positions.text[: first.start] + positions.text[last.end :]
    is_named_outside = any(re.search(rf"\b{name}\b", others) for name in bound - adjoints)
    are_apart = len(variables | adjoints) == 2 * len(pairs)
    if misplaced or is_named_outside or not are_apart:
        return None
    reads = tuple(read(each) for each in named if isinstance(each.ctx, ast.Load) and each.id not in bound | adjoints)
    line, _ = positions.line_column(first.start)
    start = positions.starts[line - 1]
    is_below = not positions.text[start : first.start].strip()
    text = positions.text[start if is_below else first.start : last.end]
    rest = positions.text[last.end :].partition("\n")[0]
    text += rest.rstrip() if rest.strip().startswith("#") else ""
    asked = tuple((read(variable), adjoint) for variable, adjoint in pairs)
    of = tuple(variable for variable, _ in asked)
    own = tuple(sorted(bound - adjoints))
    return Hook((*of, *reads), own, "adjoint_of", asked, textwrap.dedent(text), span=positions.span(node))
