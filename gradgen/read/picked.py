"""Spells a call of a function that is picked from a table as a choice among the table's functions: `FORMULAS[name](x)` is
`formula = FORMULAS[name]` and `if formula is linear: ... elif formula is cubic: ...`.

Never relies on the table staying what it is: what is picked is asked for when the function runs, and any other is refused there.
"""
from __future__ import annotations

import ast
import types
from collections.abc import Iterator
from typing import Any

from gradgen.read.imports import forwarded
from gradgen.read.positions import Edit, Positions
from gradgen.read.resolve import MISSING, Scope, attribute_of
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in
from gradgen.read.unnamed import may_move

MOST = 12  # functions in a table
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType)
PICKED = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)


def with_choices(node: ast.FunctionDef, positions: Positions, scope: Scope) -> tuple[ast.FunctionDef, Positions]:
    """The definition with such calls so spelled, and its places."""
    calls = [each.func for each in nodes_in(node) if isinstance(each, ast.Call)]
    named = {each.id for each in calls if isinstance(each, ast.Name)}
    bound = {each.id for each in nodes_in(node) if isinstance(each, ast.Name) and not _is_read(each)}
    if not named & bound and not any(isinstance(each, ast.Subscript | ast.Call) for each in calls):
        return node, positions
    for _ in range(MOST):
        text = Text(node, positions, nodes_in(node))
        edits = next(filter(None, (_chosen(text, each, scope) for each in text.nodes if isinstance(each, ast.Call))), None)
        if edits is None:
            break
        positions = positions.edited(edits)
        found = ast.parse(positions.text).body[0]
        assert isinstance(found, ast.FunctionDef)
        node = found
    return node, positions


def _chosen(text: Text, call: ast.Call, scope: Scope) -> list[Edit] | None:
    """The edits for one call; None where it is no such, or may not be made on lines of its own."""
    picked = _picked_from(text, call.func)
    given = [*call.args, *(each.value for each in call.keywords)]
    if picked is None or not any(map(text.may_vary, given)) or "\n" in text.slice(call) or not may_move(text, call):
        return None
    names = list(_functions_in(text, picked, scope))
    stmt = text.statement_of(call)
    if not 0 < len(names) <= MOST or not text.is_first_on_its_line(stmt) or _is_asked(text, call):
        return None
    is_named = isinstance(call.func, ast.Name)
    function = text.slice(call.func) if is_named else text.fresh("formula", "function")
    rest = text.slice(call)[text.end(call.func) - text.start(call) :]
    result = text.fresh(f"{function}_value")
    lines = [] if is_named else [f"{function} = {text.slice(call.func)}"]
    for place, name in enumerate(names):
        lines += [f"{'elif' if place else 'if'} {function} is {name}:", f"    {result} = {name}{rest}"]
    lines += ["else:", f"    {result} = {function}{rest}"]
    return [text.before(stmt, "\n".join(lines)), text.replaced(call, result)]


def _is_asked(text: Text, call: ast.Call) -> bool:
    """Whether a call stands where it has been asked already which function it calls: `if f is linear: ... else: y = f(x)`."""
    owner: ast.AST = call
    while owner in text.owners:
        owner = text.owners[owner]
        match owner:
            case ast.If(test=ast.Compare(left=ast.Name(id=name), ops=[ast.Is()])) if (
                isinstance(call.func, ast.Name) and name == call.func.id
            ):
                return True
    return False


def _picked_from(text: Text, func: ast.expr) -> list[ast.expr] | None:
    """Where a called expression takes its function from: `T[name]`, `T.get(name)`, a variable that holds one or another."""
    match func:
        case ast.Subscript(slice=key) if not isinstance(key, ast.Slice):
            return [func]
        case ast.Call(func=ast.Attribute(attr="get"), args=[_, *_], keywords=[]):
            return [func]
        case ast.Name(id=name) if name in text.bound - _given(text):
            made = [each for each in text.nodes if isinstance(each, ast.Assign) and _binds(each, name)]
            stores = [each for each in text.nodes if isinstance(each, ast.Name) and each.id == name and not _is_read(each)]
            values = [part for each in made for part in _parts(each.value)]
            is_known = len(made) == len(stores) and all(isinstance(each, PICKED) for each in values)
            return values if is_known and values else None
    return None


def _given(text: Text) -> set[str]:
    return {each.arg for each in text.nodes if isinstance(each, ast.arg)}


def _parts(value: ast.expr) -> list[ast.expr]:
    return [*_parts(value.body), *_parts(value.orelse)] if isinstance(value, ast.IfExp) else [value]


def _is_read(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _functions_in(text: Text, picked: list[ast.expr], scope: Scope) -> Iterator[str]:
    """The names by which a function knows what is picked; none for what has no name."""
    held = dict.fromkeys(_hashable(each) for source in picked for each in _taken(text, source, scope))
    named = (_name_of(each, text, scope) for each in held if isinstance(each, FUNCTIONS))
    yield from (name for name in named if name is not None)


def _taken(text: Text, source: ast.expr, scope: Scope) -> list[Any]:
    """What an expression may pick."""
    match source:
        case ast.Subscript(value=table, slice=key):
            pass
        case ast.Call(func=ast.Attribute(value=table), args=[key, *_]):
            pass
        case _:
            return [_held(source, text, scope)]
    if isinstance(table, ast.Name) and table.id in text.bound:
        made = [each.value for each in text.nodes if isinstance(each, ast.Assign) and _binds(each, table.id)]
        stores = [each for each in text.nodes if isinstance(each, ast.Name) and each.id == table.id and not _is_read(each)]
        table = made[0] if len(made) == len(stores) == 1 else table
    if isinstance(table, ast.Dict):
        return [_held(each, text, scope) for each in table.values]
    held = _held(table, text, scope)
    if isinstance(held, dict) and isinstance(key, ast.Constant):
        return [held.get(key.value)]
    return list(held.values()) if isinstance(held, dict) else list(held) if isinstance(held, (list, tuple)) else []


def _hashable(value: Any) -> Any:
    return value if isinstance(value, FUNCTIONS) else None


def _binds(node: ast.Assign, name: str) -> bool:
    return len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name


def _held(node: ast.expr, text: Text, scope: Scope) -> Any:
    """What a name or a dotted name from outside stands for."""
    match node:
        case ast.Name(id=name) if name not in text.bound:
            return scope.lookup(name)
        case ast.Attribute(value=value, attr=attr):
            owner = _held(value, text, scope)
            return MISSING if owner is MISSING else attribute_of(owner, attr)
    return MISSING


def _name_of(function: Any, text: Text, scope: Scope) -> str | None:
    """A name by which a function is known in the module: its own, or one in a module that is imported there."""
    own = function.__name__
    if own.isidentifier() and own not in text.bound and scope.lookup(own) is function:
        return str(own)
    for name, held in scope.global_names.items():
        if name.isidentifier() and name not in text.bound:
            if isinstance(held, types.ModuleType) and getattr(held, own, None) is function and forwarded(function) is function:
                return f"{name}.{own}"
            if held is function:
                return name
    return None
