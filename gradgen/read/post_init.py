"""Spells the `__post_init__` of a dataclass as the `__init__` that it is a part of: its fields are parameters, and stored first.

Never reads one that is given what is no field, nor fields that a factory makes.
"""
from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import types

from gradgen.read.literals import literal
from gradgen.read.positions import Edit, Positions
from gradgen.read.resolve import Scope
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in

NAME = "__post_init__"


def post_init_of(target: type) -> types.FunctionType | None:
    """The `__post_init__` of a dataclass whose `__init__` is made of nothing else but its fields; None for any other class."""
    found = next((vars(base)[NAME] for base in target.__mro__ if NAME in vars(base)), None)
    if "__dataclass_fields__" not in vars(target) or not isinstance(found, types.FunctionType) or found.__code__.co_freevars:
        return None
    maker = vars(target).get("__init__")
    is_own = isinstance(maker, types.FunctionType) and maker.__code__.co_filename.startswith("<")
    return found if is_own and found.__code__.co_argcount == 1 and _parameters(target) is not None else None


def is_frozen(target: type) -> bool:
    """Whether a dataclass refuses stores into its instances, and does nothing else there."""
    own = vars(target).get("__setattr__")
    generated = isinstance(own, types.FunctionType) and own.__code__.co_filename.startswith("<")
    return generated and bool(target.__dict__["__dataclass_params__"].frozen)


def has_own_slots(target: type) -> bool:
    """Whether the instances of a dataclass have places for its fields alone, each of which they are given."""
    fields = dataclasses.fields(target)
    own = vars(target).get("__slots__")
    above = any("__slots__" in vars(base) or "__dict__" in vars(base) for base in target.__mro__[1:-1])
    return not above and own == tuple(each.name for each in fields) and all(each.init for each in fields)


def _parameters(target: type) -> str | None:
    """The parameters that the fields are, as text; None where a default has no text."""
    plain: list[str] = []
    named: list[str] = []
    for each in dataclasses.fields(target):
        written = None if each.default is dataclasses.MISSING else literal(each.default)
        if each.default_factory is not dataclasses.MISSING or written is None and each.default is not dataclasses.MISSING:
            return None
        if each.init:
            (named if each.kw_only else plain).append(each.name if written is None else f"{each.name}={written}")
        elif written is not None:
            return None  # its class has it
    return ", ".join([*plain, *(["*", *named] if named else [])])


def as_init(node: ast.FunctionDef, positions: Positions, made: type, scope: Scope) -> tuple[ast.FunctionDef, Positions] | None:
    """The definition of the `__init__`, and its places; None where a name of it would mean something else there."""
    text = Text(node, positions, nodes_in(node))
    owner = node.args.args[0]
    fields = [each.name for each in dataclasses.fields(made) if each.init]
    read = {each.id for each in text.nodes if isinstance(each, ast.Name)} - text.bound
    stated = (each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)))
    opened = next(stated, None)
    given = _parameters(made)
    named = re.compile(rf"def\s+({NAME})").match(positions.text, text.start(node))
    if opened is None or named is None or not given or owner.annotation is not None:
        return None
    if read & set(fields) or owner.arg in fields or not text.is_first_on_its_line(opened):
        return None
    end = text.end(owner)
    edits = [Edit(named.start(1), named.end(1), "__init__"), Edit(end, end, f", {given}")]
    stores = "\n".join(f"{owner.arg}.{name} = {name}" for name in fields)
    if _only_checks(text, owner.arg, made):
        lines = stores.replace("\n", f"\n{text.indent(text.start(opened))}")
        edits += [Edit(text.start(opened), text.end(node.body[-1]), lines)]
        return _parsed(positions.edited(edits))
    edits += [text.before(opened, stores)]
    for stmt in text.nodes:
        match stmt:
            case ast.Expr(value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=base), attr="__setattr__"),
                args=[ast.Name(id=first), ast.Constant(value=str(name)), value], keywords=[],
            )) if first == owner.arg and scope.lookup(base) is object:
                span = positions.span(stmt)
                edits.append(Edit(span.start, text.start(value), f"{first}.{name} = "))
                edits.append(Edit(text.end(value), span.end, ""))
    return _parsed(positions.edited(edits))


def _parsed(positions: Positions) -> tuple[ast.FunctionDef, Positions]:
    found = ast.parse(positions.text).body[0]
    assert isinstance(found, ast.FunctionDef)
    return found, positions


def _only_checks(text: Text, owner: str, made: type) -> bool:
    """Whether a `__post_init__` only looks at the object's numbers, to raise: it stores nothing and hands the object to nothing
    but builtins that ask it for one."""
    for each in text.nodes:
        if not isinstance(each, ast.Name) or each.id != owner:
            continue
        match text.owners[each]:
            case ast.Attribute(attr=name, ctx=ast.Load()):
                held = inspect.getattr_static(made, name, None)
                if name == "__dict__" or isinstance(held, types.FunctionType | property | classmethod | staticmethod):
                    return False
            case ast.Call(func=ast.Name(id="getattr" | "hasattr" | "isinstance" | "type" | "repr" | "str")):
                pass
            case _:
                return False
    calls = (each for each in text.nodes if isinstance(each, ast.Call))
    return not any(map(_is_store_below, text.nodes)) and not any(_may_store(each, text.bound) for each in calls)


def _is_store_below(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load)


def _may_store(call: ast.Call, bound: frozenset[str]) -> bool:
    """Whether a call may put something into what an attribute holds: a method of what the object holds, such as `append`."""
    match call.func:
        case ast.Name(id=name):
            return name in ("setattr", "delattr", "exec", "eval")
        case ast.Attribute(value=ast.Name(id=name)):
            return name in bound  # not math.isfinite
    return True
