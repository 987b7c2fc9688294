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
from gradgen.read.resolve import Scope
from gradgen.read.rewriting import Text
from gradgen.read.tabled import Tables
from gradgen.read.trees import binds_alone, is_read, nodes_in
from gradgen.read.unnamed import may_move

MOST = 12  # functions in a table
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType)
PICKED = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)


def with_choices(node: ast.FunctionDef, positions: Positions, scope: Scope) -> tuple[ast.FunctionDef, Positions]:
    """The definition with such calls so spelled, and its places."""
    nodes = nodes_in(node)
    calls = [each.func for each in nodes if isinstance(each, ast.Call)]
    named = {owner.id for each in calls if isinstance(owner := _owner(each), ast.Name)}
    bound = {each.id for each in nodes if isinstance(each, ast.Name) and not is_read(each)}
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


def _owner(called: ast.expr) -> ast.expr:
    """The object whose attribute is called, and what is called as it is."""
    return called.value if isinstance(called, ast.Attribute) else called


def _chosen(text: Text, call: ast.Call, scope: Scope) -> list[Edit] | None:
    """The edits for one call; None where it is no such, or may not be made on lines of its own."""
    picked = _picked_from(text, call.func)
    given = [*call.args, *(each.value for each in call.keywords)]
    if picked is None or not any(map(text.may_vary, given)) or "\n" in text.slice(call):
        return None
    tables = Tables(text, scope)
    names = list(_functions_in(text, picked, tables))
    if not names or not may_move(text, call, is_plain=tables.is_plain):
        return None
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
    """Where a called expression takes its function from: `T[name]`, `T.get(name)`, `row.function`, a variable that holds one or
    another."""
    match func:
        case ast.Subscript(slice=key) if not isinstance(key, ast.Slice):
            return [func]
        case ast.Call(func=ast.Attribute(attr="get"), args=[_, *_], keywords=[]):
            return [func]
        case ast.Attribute(value=ast.Name(id=name)) if name in text.bound - text.parameters:
            return [func]
        case ast.Name(id=name) if name in text.bound - text.parameters:
            made = [each for each in text.assigned(name) if binds_alone(each, name)]
            stores = [each for each in text.uses(name) if not is_read(each)]
            values = [part for each in made for part in _parts(each.value)]
            looped = [each for each in text.loops_and_functions if isinstance(each, ast.For) and _goes_through(each, name)]
            is_known = len(made) + len(looped) == len(stores) and all(isinstance(each, PICKED) for each in values)
            return [*values, *([func] if looped else [])] if is_known and (values or looped) else None
    return None


def _goes_through(node: ast.For, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in nodes_in(node.target))


def _parts(value: ast.expr) -> list[ast.expr]:
    return [*_parts(value.body), *_parts(value.orelse)] if isinstance(value, ast.IfExp) else [value]


def _functions_in(text: Text, picked: list[ast.expr], tables: Tables) -> Iterator[str]:
    """The names by which a function knows what is picked; none for what has no name."""
    held = dict.fromkeys(_hashable(each) for source in picked for each in tables.held(source))
    named = (_name_of(each, text, tables.scope) for each in held if isinstance(each, FUNCTIONS))
    yield from (name for name in named if name is not None)


def _hashable(value: Any) -> Any:
    return value if isinstance(value, FUNCTIONS) else None


def _name_of(function: Any, text: Text, scope: Scope) -> str | None:
    """A name by which a function is known in the module: its own, or one in a module that is imported there."""
    own = function.__name__
    if own.isidentifier() and own not in text.bound and scope.lookup(own) is function:
        return str(own)
    found: list[str] = []
    for name, held in scope.global_names.items():
        if name.isidentifier() and name not in text.bound:
            if isinstance(held, types.ModuleType) and getattr(held, own, None) is function and forwarded(function) is function:
                is_its_own = held.__name__.strip("_") == str(function.__module__).strip("_")
                found.insert(0 if is_its_own else len(found), f"{name}.{own}")
            if held is function:
                return name
    return found[0] if found else None
