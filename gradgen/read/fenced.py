"""Refuses what makes the text of a function say less than the function does: generators, names of other scopes, `eval`.

Never looks at what is computed.
"""
from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

from gradgen.read.expressions import ExpressionLowering
from gradgen.read.refusals import Refusals
from gradgen.read.resolve import WORK_BEHIND, runs_behind
from gradgen.read.trees import children_in, works_behind

_FENCED = (ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Global, ast.Nonlocal)


def refuse_fenced(
    node: ast.FunctionDef | ast.Lambda, others: Sequence[ast.AST], expressions: ExpressionLowering, refusals: Refusals,
) -> None:
    """Note each place of a function's own text, `others` being its nodes beside arithmetic, that is refused whatever varies."""
    names = _names_of_what_works_behind(expressions)
    attributes = {each for each in others if isinstance(each, ast.Attribute) and each.attr in WORK_BEHIND}
    if not names and not attributes and not any(isinstance(each, _FENCED) for each in others):
        return
    span = refusals.positions.span
    stack: list[ast.AST] = children_in(node)
    while stack:
        current = stack.pop()
        match current:
            case ast.Name(id=name) if name in names:
                refusals.add("GG105", span(current), construct=names[name])
            case ast.Attribute() if current in attributes and runs_behind(expressions.resolve(current)):
                refusals.add("GG105", span(current), construct=f"{refusals.positions.slice(span(current))}()")
            case ast.Attribute(value=ast.Name(id=name)) if names.get(name) == _ALL:
                continue  # one function of Python's own, by its name
            case ast.Yield() | ast.YieldFrom():
                refusals.add("GG104", span(current))
            case ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                refusals.add("GG101", span(current))
            case ast.Global(names=[name, *_]):
                refusals.add("GG102", span(current), construct=f"the global {name!r}")
            case ast.Nonlocal(names=[name, *_]):
                refusals.add("GG102", span(current), construct=f"{name!r} of the function around it")
            case ast.Call(func=ast.Name(id=name)) if works_behind(current) and name in names:
                refusals.add("GG105", span(current), construct=names[name])
                stack += [*current.args, *current.keywords]
                continue
            case ast.FunctionDef() | ast.Lambda() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
        stack += children_in(current)


_ALL = "what it finds among Python's own functions by a name that is computed"


def _names_of_what_works_behind(expressions: ExpressionLowering) -> dict[str, str]:
    """The names from outside that stand for `eval`, `locals` and their like, whatever they are called; what is said of each."""
    found = {}
    for name in expressions.mentioned:
        if name in expressions.local_names and name not in expressions.imported:
            continue
        held = expressions.imported[name] if name in expressions.local_names else expressions.scope.lookup(name)
        if held is builtins or held is vars(builtins):
            found[name] = _ALL
        elif (called := runs_behind(held)) is not None:
            found[name] = f"{name}()" if name == called else f"{name}(), which is {called}()"
    return found
