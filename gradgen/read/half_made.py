"""Spells what an `__init__` asks of the object that it is making, by methods and properties of the class, without the object:
a method that only reads becomes a nested function, one that stores attributes has its lines put in the place of the call.

Never runs a method, and leaves a call as it is where its lines mean something else there.
"""
from __future__ import annotations

import ast
import dis
import inspect
import types
from collections.abc import Iterator
from typing import Any

from gradgen.read.inherited import (
    DEEPEST,
    Definition,
    dedented,
    definition_of,
    edited,
    first_parameter,
    is_said,
    lines_of,
    means_the_same,
)
from gradgen.read.positions import Positions
from gradgen.read.rewriting import Text
from gradgen.read.trees import children_in, nodes_in
from gradgen.read.unnamed import may_move

MOST = 40  # methods, those that these call among them
Inside = dict[Any, Any]
"""The method that each nested function is, and the name of the one that is a method in each function."""


def with_methods(node: ast.FunctionDef, positions: Positions, function: types.FunctionType, made: type) -> Definition:
    """The definition of an `__init__` with what it asks of the object so spelled."""
    inside: Inside = {}
    for _ in range(MOST):
        text = Text(node, positions, nodes_in(node))
        owner = first_parameter(node)
        changed = None if owner is None else next(_spelled(text, owner, function, made, inside), None)
        if changed is None:
            break
        node, positions = changed
    return node, positions


def _spelled(
    text: Text, owner: str, function: types.FunctionType, made: type, inside: Inside
) -> Iterator[Definition]:
    """The definition with one call or property spelled otherwise, for each that can be."""
    parts = [each for each in text.nodes if isinstance(each, ast.Attribute) and _is_named(each.value, owner)]
    stored = {each.attr for each in parts if isinstance(each.ctx, ast.Store)}
    for part in parts:
        held = inspect.getattr_static(made, part.attr, None)
        if isinstance(part.ctx, ast.Store):
            if isinstance(held, property) and isinstance(held.fset, types.FunctionType):
                yield from _as_lines(text, part, held.fset, function, made)
            continue
        call = text.owners.get(part)
        is_called = isinstance(call, ast.Call) and call.func is part
        method = held.fget if isinstance(held, property) else held if is_called and part.attr not in stored else None
        if isinstance(held, property) and handed_out(held.fget) in stored:
            continue
        if not isinstance(method, types.FunctionType) or not reads_its_first(method):
            continue
        if _stores_attributes(method, made):
            if is_called:
                yield from _as_lines(text, part, method, function, made)
            continue
        yield from _as_nested(text, part, method, owner, function, made, inside, isinstance(held, property))


# --- the lines of a method in the place of the statement that calls it ---


def _as_lines(
    text: Text, part: ast.Attribute, method: types.FunctionType, function: types.FunctionType, made: type
) -> Iterator[Definition]:
    stmt = text.statement_of(part)
    if not text.is_first_on_its_line(stmt) or not _is_outermost(text, stmt):
        return
    match stmt:
        case ast.Assign(targets=[target], value=value) if target is part:
            call, is_whole = ast.Call(part, [value], []), True
        case ast.Expr(value=ast.Call() as call) if call.func is part:
            is_whole = True
        case ast.Assign() | ast.AnnAssign() | ast.Expr():
            owner = text.owners[part]
            assert isinstance(owner, ast.Call)
            call, is_whole = owner, False
            if not may_move(text, call):
                return
        case _:
            return
    found = lines_of(text, call, method, function, made, 0, gives=not is_whole)
    if found is None:
        return
    lines, result = found
    indent = text.indent(text.start(stmt))
    if is_whole:
        yield edited(text.positions, [text.replaced(stmt, f"\n{indent}".join(lines))])
    elif result is not None:
        yield edited(text.positions, [text.before(stmt, "\n".join(lines)), text.replaced(call, result)])


def _is_outermost(text: Text, stmt: ast.AST) -> bool:
    """Whether a statement stands in no function inside of the definition, and in no loop, whose turns its names would outlive."""
    while (stmt := text.owners[stmt]) is not text.node:
        if isinstance(stmt, ast.FunctionDef | ast.Lambda | ast.For | ast.While | ast.Try):
            return False
    return True


# --- a method as a nested function ---


def _as_nested(
    text: Text, part: ast.Attribute, method: types.FunctionType, owner: str, function: types.FunctionType, made: type,
    inside: Inside, is_property: bool,
) -> Iterator[Definition]:
    call = "()" if is_property else ""
    where = _function_around(text, part)
    known = inside.get((where.name, method)) or (where.name if inside.get(where.name) is method else None)
    if known is not None:
        yield edited(text.positions, [text.replaced(part, f"{known}{call}")])
        return
    definition = definition_of(method, made, DEEPEST)
    if definition is None or method.__code__.co_freevars:
        return
    other = Text(*definition, nodes_in(definition[0]))
    own = first_parameter(other.node)
    body = [each for each in other.node.body if not is_said(each)]
    uses = [each for each in other.nodes if isinstance(each, ast.Name) and each.id == own]
    is_read_only = all(_is_field_read(other.owners[each]) for each in uses)
    if own is None or not body or not is_read_only or not means_the_same(text, other, function, method):
        return
    if owner in other.bound - {own} or any(_has_lines(each) for stmt in body for each in nodes_in(stmt)):
        return
    name = text.fresh(part.attr)
    arguments = _without_first(other.node.args)
    if arguments is None:
        return
    inside[name], inside[where.name, method] = method, name
    renamed = [other.replaced(each, owner) for each in uses if own != owner]
    lines = [f"def {name}({ast.unparse(arguments)}):", *(f"    {line}" for line in dedented(other, body, renamed))]
    opened = next((each for each in where.body if not is_said(each)), None)
    if opened is not None and text.is_first_on_its_line(opened):
        yield edited(text.positions, [text.before(opened, "\n".join(lines)), text.replaced(part, f"{name}{call}")])


def _function_around(text: Text, node: ast.AST) -> ast.FunctionDef:
    while not isinstance(node, ast.FunctionDef):
        node = text.owners[node]
    return node


def _without_first(arguments: ast.arguments) -> ast.arguments | None:
    """Parameters without the object, and without what annotations say."""
    if arguments.vararg or arguments.kwarg:
        return None
    plain = [[ast.arg(each.arg) for each in group] for group in (arguments.posonlyargs, arguments.args, arguments.kwonlyargs)]
    (plain[0] or plain[1]).pop(0)
    return ast.arguments(plain[0], plain[1], None, plain[2], arguments.kw_defaults, None, arguments.defaults)


def _has_lines(node: ast.AST) -> bool:
    """Whether a text goes over several lines, which would be indented."""
    match node:
        case ast.Constant(value=str(value)):
            return "\n" in value
        case ast.JoinedStr():
            return any(map(_has_lines, children_in(node)))
    return isinstance(node, ast.Yield | ast.YieldFrom | ast.Await | ast.Global | ast.Nonlocal)


# --- what methods do with the object ---


def _is_field_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)


def _is_named(node: ast.expr, owner: str) -> bool:
    return isinstance(node, ast.Name) and node.id == owner


def reads_its_first(method: types.FunctionType) -> bool:
    """Whether a method reads the object that it is called on."""
    code = method.__code__
    owner = code.co_varnames[0] if code.co_argcount else None
    reads = any(each.argval == owner and each.opname.startswith("LOAD") for each in dis.get_instructions(code))
    return owner is None or reads or owner in code.co_cellvars or "__class__" in code.co_freevars


def handed_out(getter: object) -> str | None:
    """The attribute that a property hands out as it is."""
    if not isinstance(getter, types.FunctionType):
        return None
    steps = [each for each in dis.get_instructions(getter) if each.opname not in ("RESUME", "NOP", "CACHE")]
    is_one = [each.opname.removesuffix("_BORROW") for each in steps] == ["LOAD_FAST", "LOAD_ATTR", "RETURN_VALUE"]
    return str(steps[1].argval) if is_one else None


def _stores_attributes(method: types.FunctionType, made: type) -> bool:
    """Whether a method, or one of its class that it names, stores attributes."""
    seen: set[types.FunctionType] = set()
    waiting = [method]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        for each in dis.get_instructions(current):
            if each.opname in ("STORE_ATTR", "DELETE_ATTR"):
                return True
            if each.opname in ("LOAD_ATTR", "LOAD_METHOD"):
                held = inspect.getattr_static(made, str(each.argval), None)
                held = held.fget if isinstance(held, property) else held
                waiting += [held] if isinstance(held, types.FunctionType) else []
    return False
