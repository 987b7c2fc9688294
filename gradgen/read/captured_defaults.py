"""Defaults of nested functions that read variables: `def f(t, a=a)`. What no call gives is captured, what all give has none.

Never touches a default whose variable is bound anew, or a function that is used in another way than by calls.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator

from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text

MOST_WITHOUT_ARGS = {"fsolve": 2, "newton": 2, "root": 2, "brentq": 3, "brenth": 3, "bisect": 3, "ridder": 3, "quad": 3}
"""What calls the function that it is given, with how many arguments by their place before those that it hands on."""


def defaults_captured(text: Text, node: ast.AST) -> list[Edit] | None:
    """`def f(t, a=a)` is `def f(t)`, where no call gives `a`, and `def f(t, a)` where all do."""
    if not isinstance(node, ast.FunctionDef) or node not in text.owners or node.decorator_list:
        return None
    own = node.args
    if own.posonlyargs or own.kwonlyargs or own.vararg or own.kwarg or not own.defaults:
        return None
    first = len(own.args) - len(own.defaults)
    named = [each.id if isinstance(each, ast.Name) else None for each in own.defaults]
    if not all(name is not None and _is_bound_once(text, name, node) for name in named):
        return None
    counts = set(_given(text, node))
    if counts == {len(own.args)}:
        return [Edit(text.end(arg), text.end(each), "") for arg, each in zip(own.args[first:], own.defaults, strict=True)]
    are_alike = all(arg.arg == name for arg, name in zip(own.args[first:], named, strict=True))
    stored = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
    if counts != {first} or first == 0 or not are_alike or stored & set(named):
        return None
    return [Edit(text.end(own.args[first - 1]), text.end(own.defaults[-1]), "")]


def _is_bound_once(text: Text, name: str, node: ast.FunctionDef) -> bool:
    """Whether a variable of the function around has one value for good where a nested function is defined in it."""
    around = text.owners[node]
    if not isinstance(around, ast.FunctionDef) or around in text.owners:
        return False
    given = around.args
    is_given = name in (each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs))
    named = text.uses(name)
    stores = [each for each in named if not isinstance(each.ctx, ast.Load)]
    if any(_names(each) == name for each in text.nodes):
        return False
    if is_given:
        return not stores
    before = around.body[: around.body.index(node)]
    return len(stores) == 1 and any(isinstance(stmt, ast.Assign) and stores[0] in stmt.targets for stmt in before)


def _names(node: ast.AST) -> str | None:
    """What a node binds that is no `Name`."""
    match node:
        case ast.ExceptHandler(name=name) | ast.MatchAs(name=name) | ast.MatchStar(name=name):
            return name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.MatchMapping(rest=name):
            return name
        case ast.alias(name=name, asname=other):
            return other or name.partition(".")[0]
    return None


def _given(text: Text, node: ast.FunctionDef) -> Iterator[int | None]:
    """How many arguments each use of a nested function gives it; None where that is not seen."""
    for each in text.nodes:
        if isinstance(each, ast.FunctionDef) and each is not node and each.name == node.name:
            yield None
        if not isinstance(each, ast.Name) or each.id != node.name:
            continue
        call = text.owners[each]
        if not isinstance(call, ast.Call) or any(isinstance(arg, ast.Starred) for arg in call.args):
            yield None
        elif call.func is each:
            yield None if call.keywords else len(call.args)
        else:
            yield _handed_on(call, each)


def _handed_on(call: ast.Call, function: ast.Name) -> int | None:
    """How many arguments a solver gives to the function that it is handed."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    given = {each.arg: each.value for each in call.keywords}
    if call.args[:1] != [function] or None in given or len(call.args) > MOST_WITHOUT_ARGS.get(name, 0):
        return None
    match given.get("args"):
        case None:
            return 1
        case ast.Tuple(elts=items) if not any(isinstance(item, ast.Starred) for item in items):
            return 1 + len(items)
    return None
