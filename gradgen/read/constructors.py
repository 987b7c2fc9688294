"""Spells the `__init__` of a plain class as a function that gives the attributes: `self.r = r` is `self_r = r`, and at the end
they are returned together.

Never runs one, and reads only those that do nothing with the object but store numbers in it and read these.
"""
from __future__ import annotations

import abc
import ast
import dataclasses
import inspect
import re
import types
from collections.abc import Mapping

from gradgen.read.half_made import handed_out, reads_its_first
from gradgen.read.inherited import is_said
from gradgen.read.positions import Edit, Positions
from gradgen.read.post_init import has_own_slots, is_frozen, post_init_of
from gradgen.read.resolve import Scope, runs_descriptors
from gradgen.read.rewriting import Text
from gradgen.read.trees import children_in, nodes_in

HOOKS = ("__new__", "__getattribute__", "__getattr__", "__setattr__", "__slots__")


class Record:
    """What the attributes of an instance are held by while its derivative is taken; no text makes one."""


def constructor_of(target: object) -> types.FunctionType | None:
    """The `__init__` by which the instances of a plain class are made; None for what is made in another way."""
    if not isinstance(target, type) or type(target) not in (type, abc.ABCMeta) or issubclass(target, BaseException | tuple):
        return None
    hooks = {name for base in target.__mro__ if base not in (object, abc.ABC) for name in HOOKS if name in vars(base)}
    after = post_init_of(target)
    if after is not None:
        hooks -= {"__setattr__"} if is_frozen(target) else set()
        hooks -= {"__slots__"} if has_own_slots(target) else set()
    if hooks or runs_descriptors(target):
        return None
    if after is not None:
        return after
    found = inspect.getattr_static(target, "__init__", None)
    if not isinstance(found, types.FunctionType) or hasattr(found, "__wrapped__"):
        return None
    code = found.__code__
    is_own = code.co_name == "__init__" and set(code.co_freevars) <= {"__class__"}
    return found if is_own and not code.co_filename.startswith("<") else None


def as_maker(
    node: ast.FunctionDef, positions: Positions, made: type, scope: Scope
) -> tuple[ast.FunctionDef, Positions, str, type] | None:
    """The definition so spelled, its places, and the name and the class of the record that it returns; None where the object
    is used in another way."""
    first = (*node.args.posonlyargs, *node.args.args)[:1]
    if not first or first[0].annotation is not None:
        return None
    owner = first[0].arg
    nodes = nodes_in(node)
    text = Text(node, positions, nodes)
    used = [each for each in nodes if isinstance(each, ast.Name) and each.id == owner]
    parts = [text.owners[each] for each in used]
    fields = [each for each in parts if isinstance(each, ast.Attribute)]
    if len(fields) != len(parts) or any(isinstance(each, ast.Yield | ast.YieldFrom | ast.Await) for each in nodes):
        return None
    stored = list(dict.fromkeys(each.attr for each in fields if isinstance(each.ctx, ast.Store)))
    if not stored or any(isinstance(each.ctx, ast.Del) for each in fields) or any(_is_run(made, name) for name in stored):
        return None
    names = {name: text.fresh(f"{owner}_{name}") for name in stored}
    edits = [text.replaced(each, names[each.attr]) for each in fields if each.attr in names]
    for each in fields:
        if each.attr not in names:
            spelled = _of_class(text, each, made, names, scope)
            if spelled is None:
                return None
            edits += spelled
    start = positions.span(node).start
    named = re.compile(r"def\s+(__init__)").match(positions.text, start)
    alone = re.compile(rf"{owner}\s*(?:,\s*)?").match(positions.text, positions.span(first[0]).start)
    record = text.fresh(f"made_{made.__name__}")
    result = f"return {record}({', '.join(f'{name}={held}' for name, held in names.items())})"
    last = text.after(node.body[-1], [result])
    leaving = [each for each in nodes if isinstance(each, ast.Return) and _function_around(text, each) is node]
    always = _assigned(node.body, owner) if not leaving else set()
    apart = [name for name in stored if name not in always]
    of_class = [name for name in stored if inspect.getattr_static(made, name, None) is not None]
    own = [each for each in fields if each.attr in of_class and _function_around(text, each) is node]
    if not set(apart).isdisjoint(of_class) or not all(_is_stored_first(text, own, name) for name in of_class):
        return None  # where the object has none, its class has
    unset = [f"{names[name]} = None" for name in apart]
    opened = next((each for each in node.body if not is_said(each)), None)
    if named is None or alone is None or last is None or opened is None or unset and not text.is_first_on_its_line(opened):
        return None
    if any(each.value is not None and not _is_none(each.value) for each in leaving):
        return None
    edits += [text.replaced(each, result) for each in leaving]
    edits += [text.before(opened, "\n".join(unset))] if unset else []
    edits += [Edit(0, start, "")] if start else []
    edits += [Edit(named.start(1), named.end(1), made.__name__), Edit(alone.start(), alone.end(), ""), last]
    positions = positions.edited(edits)
    found = ast.parse(positions.text).body[0]
    assert isinstance(found, ast.FunctionDef)
    return found, positions, record, dataclasses.make_dataclass(made.__name__, stored, bases=(Record,), frozen=True)


def _function_around(text: Text, node: ast.AST) -> ast.AST:
    while not isinstance(node, ast.FunctionDef | ast.Lambda):
        node = text.owners[node]
    return node


def _is_stored_first(text: Text, fields: list[ast.Attribute], name: str) -> bool:
    """Whether an attribute is stored before it is read, and not by what reads it."""
    first = min((each for each in fields if each.attr == name), key=text.start, default=None)
    stmt = None if first is None else text.statement_of(first)
    if first is None or not isinstance(first.ctx, ast.Store) or not isinstance(stmt, ast.Assign | ast.AnnAssign):
        return False
    inside = nodes_in(stmt)
    return not any(each in inside for each in fields if each.attr == name and isinstance(each.ctx, ast.Load))


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _of_class(text: Text, part: ast.Attribute, made: type, names: Mapping[str, str], scope: Scope) -> list[Edit] | None:
    """An attribute that is not the object's own, spelled by the name of the class: what that has for all, a method that does not
    look at the object; or by the attribute that a property only hands out. None for any other."""
    held = inspect.getattr_static(made, part.attr, None)
    if isinstance(held, property) and (field := handed_out(held.fget)) in names:
        return [text.replaced(part, names[field or ""])]
    name = made.__name__
    if scope.lookup(name) is not made or name in text.bound or not isinstance(part.ctx, ast.Load) or held is None:
        return None
    call = text.owners[part]
    is_called = isinstance(call, ast.Call) and call.func is part
    if isinstance(held, staticmethod | classmethod) and is_called:
        return [text.replaced(part.value, name)]
    if isinstance(held, types.FunctionType) and isinstance(call, ast.Call) and is_called and not reads_its_first(held):
        opened = re.compile(r"\s*\(\s*").match(text.positions.text, text.end(part))
        given = "None, " if call.args or call.keywords else "None"
        return None if opened is None else [text.replaced(part.value, name), Edit(opened.end(), opened.end(), given)]
    is_plain = not hasattr(held, "__get__") and not callable(held)
    return [text.replaced(part.value, name)] if is_plain else None


def _is_run(made: type, name: str) -> bool:
    """Whether storing an attribute runs anything: a property's setter; or its name is mangled."""
    held = inspect.getattr_static(made, name, None)
    is_slot = isinstance(held, types.MemberDescriptorType)
    return hasattr(held, "__set__") and not is_slot or name.startswith("__")


def _assigned(block: list[ast.stmt], owner: str) -> set[str]:
    """The attributes that every way through a block to its end stores."""
    found: set[str] = set()
    for stmt in block:
        match stmt:
            case ast.If(body=body, orelse=orelse):
                arms = [_assigned(arm, owner) for arm in (body, orelse) if not (arm and isinstance(arm[-1], ast.Raise))]
                found |= set.intersection(*arms) if arms else set()
            case ast.Assign(targets=targets):
                found |= {name for target in targets for name in _stored(target, owner)}
            case ast.AnnAssign(target=target, value=ast.expr()):
                found |= _stored(target, owner)
            case ast.With(body=body):
                found |= _assigned(body, owner)
    return found


def _stored(target: ast.expr, owner: str) -> set[str]:
    match target:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == owner:
            return {attribute}
        case ast.Tuple() | ast.List():
            return {name for item in children_in(target) if isinstance(item, ast.expr) for name in _stored(item, owner)}
    return set()
