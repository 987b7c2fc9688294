"""Spells what a method says of the class that comes next otherwise: `super().area()` is `Shape.area(self)`, and in an `__init__`
the `__init__` of that class stands in its place, line by line.

Never runs a method, and leaves `super()` as it is where the class that comes next, or a name of it, is not known.
"""
from __future__ import annotations

import ast
import inspect
import re
import types
from collections.abc import Iterator
from typing import Any

from gradgen.errors import GradgenError
from gradgen.read.defaults import as_bound, defaults_of
from gradgen.read.literals import literal
from gradgen.read.positions import Edit, Positions
from gradgen.read.private_names import with_private_names
from gradgen.read.resolve import MISSING, Scope
from gradgen.read.rewriting import Text
from gradgen.read.source import source_of
from gradgen.read.trees import nodes_in

DEEPEST = 8  # classes above one another
NOT_PLAIN = (
    ast.Return, ast.Yield, ast.YieldFrom, ast.Lambda, ast.FunctionDef, ast.ClassDef, ast.Global, ast.Nonlocal, ast.comprehension,
)
Definition = tuple[ast.FunctionDef, Positions]


def class_around(function: types.FunctionType) -> type | None:
    """The class that a method is written in, where its text says `super`."""
    found = Scope.of(function).lookup("__class__") if "__class__" in function.__code__.co_freevars else None
    return found if isinstance(found, type) and Scope.of(function).lookup("super") is super else None


def next_held(known: type, own: type, name: str) -> Any:
    """What an instance of `known` finds under a name in the classes that come after `own`; MISSING where there is none."""
    order = known.__mro__
    after = order[order.index(own) + 1 :] if own in order else ()
    return next((vars(base)[name] for base in after if name in vars(base)), MISSING)


def of_next_class(node: ast.FunctionDef, positions: Positions, function: types.FunctionType, known: type | None) -> Definition:
    """The definition of a method with `super().name(x)` spelled as `Base.name(self, x)`, and every other `super()` as what it is
    short for, which reads the object; `known` is the class of the object."""
    owner = first_parameter(node)
    if owner is None:
        return node, positions
    text = Text(node, positions, nodes_in(node))
    edits = []
    for each in text.nodes:
        own = asked_class(each, owner, function)
        if own is None:
            continue
        spelled = None if known is None or owner in _stored(text) else _by_its_class(text, each, function, own, known, owner)
        edits += spelled or ([text.replaced(each, f"super(__class__, {owner})")] if _is_bare(each) else [])
    return edited(positions, edits) if edits else (node, positions)


def _by_its_class(
    text: Text, node: ast.AST, function: types.FunctionType, own: type, known: type, owner: str
) -> list[Edit] | None:
    part = text.owners[node]
    call = text.owners.get(part)
    if not isinstance(part, ast.Attribute) or not isinstance(call, ast.Call) or call.func is not part:
        return None
    held = next_held(known, own, part.attr)
    is_static = isinstance(held, staticmethod)
    if not isinstance(held, types.FunctionType) and not is_static:
        return None
    bases = [base for base in (*own.__bases__, *known.__mro__) if inspect.getattr_static(base, part.attr, None) is held]
    named = (base.__name__ for base in bases if function.__globals__.get(base.__name__) is base)
    name = next((each for each in named if each not in text.bound), None)
    opened = re.compile(r"\s*\(\s*").match(text.positions.text, text.end(part))
    if name is None or opened is None:
        return None
    given = "" if is_static else f"{owner}, " if call.args or call.keywords else owner
    return [text.replaced(node, name), Edit(opened.end(), opened.end(), given)]


# --- constructors ---


def with_bases(
    node: ast.FunctionDef, positions: Positions, function: types.FunctionType, made: type, depth: int = 0
) -> Definition:
    """The definition of an `__init__` with the `__init__` of the next class in the place of the statement that calls it; the same
    where that cannot be said so."""
    found = _in_place(node, positions, function, made, depth)
    is_left = node.args.kwarg is not None and any(
        isinstance(each, ast.Attribute) and each.attr == "__init__" for each in nodes_in(found[0])
    )
    return _in_place(*_without_others(node, positions), function, made, depth) if is_left else found


def _in_place(node: ast.FunctionDef, positions: Positions, function: types.FunctionType, made: type, depth: int) -> Definition:
    """The same with what is given by `**others` as it stands."""
    for _ in range(DEEPEST):
        text = Text(node, positions, nodes_in(node))
        found = next(_calls_of_bases(text, function, made), None)
        if found is None or depth > DEEPEST:
            break
        stmt, call, base = found
        given = (["pass"], None) if base is object.__init__ else lines_of(text, call, base, function, made, depth)
        if given is None or not text.is_first_on_its_line(stmt):
            break
        indent = text.indent(text.start(stmt))
        node, positions = edited(positions, [text.replaced(stmt, f"\n{indent}".join(given[0]))])
    return node, positions


def _without_others(node: ast.FunctionDef, positions: Positions) -> Definition:
    """An `__init__` that only hands `**others` on, as it is for calls that give no others; those that do find no parameter."""
    others = node.args.kwarg
    if others is None:
        return node, positions
    text = Text(node, positions, nodes_in(node))
    read = [each for each in text.nodes if isinstance(each, ast.Name) and each.id == others.arg]
    parts = [text.owners[each] for each in read]
    if others.annotation is not None or not all(isinstance(each, ast.keyword) and each.arg is None for each in parts):
        return node, positions
    edits = []
    for each in (others, *read):
        end = text.end(each)
        opened = re.search(r"(,\s*)?\*\*\s*\Z", positions.text[: text.start(each)])
        if opened is None:
            return node, positions
        edits.append(Edit(opened.start(), end, ""))
    return edited(positions, edits)


def _calls_of_bases(
    text: Text, function: types.FunctionType, made: type
) -> Iterator[tuple[ast.stmt, ast.Call, Any]]:
    """The statements that call the `__init__` of another class on the object, with the call, without the object, and what it
    runs."""
    owner, scope = first_parameter(text.node), Scope.of(function)
    for stmt in text.node.body:
        match stmt:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=base, attr="__init__"), args=args) as call):
                if owner is not None and (own := asked_class(base, owner, function)) is not None:
                    held = next_held(made, own, "__init__")
                elif isinstance(base, ast.Name) and args and isinstance(args[0], ast.Name) and args[0].id == owner:
                    other = scope.lookup(base.id)
                    is_above = isinstance(other, type) and other in made.__mro__
                    held = inspect.getattr_static(other, "__init__", None) if is_above else None
                    call = ast.Call(call.func, args[1:], call.keywords)
                else:
                    continue
                if isinstance(held, types.FunctionType) or held is object.__init__ and not call.args and not call.keywords:
                    yield stmt, call, held


def lines_of(
    text: Text, call: ast.Call, base: types.FunctionType, function: types.FunctionType, made: type, depth: int,
    gives: bool = False,
) -> tuple[list[str], str | None] | None:
    """The lines of another `__init__`, or of a method, with the arguments of the call for its parameters and names of their own
    for its variables; and the text of its result, where it `gives` one by its last statement."""
    definition = definition_of(base, made, depth)
    if definition is None:
        return None
    other = Text(*definition, nodes_in(definition[0]))
    owner, own_owner = first_parameter(text.node), first_parameter(other.node)
    values = _bound_to(text, call, other.node, base)
    body = [each for each in other.node.body if not is_said(each)]
    last = body[-1] if body and isinstance(body[-1], ast.Return) else None
    is_plain = not any(isinstance(each, NOT_PLAIN) and each is not last for each in other.nodes[1:])
    is_plain = is_plain and (last is None or gives and last.value is not None)
    if values is None or owner is None or own_owner is None or not means_the_same(text, other, function, base) or not is_plain:
        return None
    stored = _stored(other) | _stored(text)
    texts = [each for each in other.nodes if isinstance(each, ast.JoinedStr)]
    shown = {each.id for text_of in texts for each in nodes_in(text_of) if isinstance(each, ast.Name)}
    first, renamed = [], {own_owner: owner}
    for name in dict.fromkeys((*values, *sorted(other.bound - {own_owner}))):
        value = values.get(name)
        is_text_in_text = name in shown and value is not None and "'" in value  # quotes in quotes
        if value is not None and name not in stored and not is_text_in_text and (
            value.isidentifier() and value not in stored or _is_literal(value)
        ):
            renamed[name] = value
            continue
        renamed[name] = text.fresh(name, f"{name}_of_base" if base.__name__ == "__init__" else f"{name}_of_method")
        if value is not None:
            first.append(f"{renamed[name]} = {value}")
    named = [each for each in other.nodes if isinstance(each, ast.Name) and each.id in renamed]
    if not body or any(other.slice(each) != each.id for each in named):
        return None
    lines = dedented(other, body, [other.replaced(each, renamed[each.id]) for each in named])
    if last is None:
        return [*first, *lines], None
    if "\n" in other.slice(last):
        return None
    result = text.fresh("result", "given")
    lines[-1] = f"{result} = {lines[-1].removeprefix('return').strip()}"
    return [*first, *lines], result


def means_the_same(text: Text, other: Text, function: types.FunctionType, method: types.FunctionType) -> bool:
    """Whether the names that a method reads from outside mean the same where another function stands."""
    node = other.node
    said = [*node.decorator_list, node.returns, *(each.annotation for each in other.nodes if isinstance(each, ast.arg))]
    unread = {inner for each in said if each is not None for inner in nodes_in(each)}
    names = {each.id for each in other.nodes if isinstance(each, ast.Name) and each not in unread} - other.bound
    here, there = Scope.of(function), Scope.of(method)
    is_same = all(here.lookup(name) is there.lookup(name) and name not in text.bound for name in names)
    return is_same and "__class__" not in names


def _is_literal(value: str) -> bool:
    return re.fullmatch(r"-?[\d.]+(e-?\d+)?|None|True|False|'[^'\\]*'", value) is not None


def definition_of(base: types.FunctionType, made: type, depth: int) -> Definition | None:
    """A method, such as another class's `__init__`, with what comes next in its place, too."""
    try:
        source = source_of(base)
    except GradgenError:
        return None
    if not isinstance(source.node, ast.FunctionDef):
        return None
    node, positions = as_bound(source.node, Positions(source.text), base)
    assert isinstance(node, ast.FunctionDef)
    node, positions = with_private_names(node, positions, base)
    return with_bases(node, positions, base, made, depth + 1)


def _bound_to(text: Text, call: ast.Call, node: ast.FunctionDef, base: types.FunctionType) -> dict[str, str] | None:
    """The text that each parameter of another `__init__` is given, but for the object; None where stars hide it."""
    given = [*call.args, *(each.value for each in call.keywords)]
    is_plain = not any(isinstance(each, ast.Starred) for each in call.args)
    further = _handed_on(text, call, node)
    if node.args.vararg or further is None or not is_plain or any("\n" in text.slice(each) for each in given):
        return None
    parameters = [each.arg for each in (*node.args.posonlyargs, *node.args.args)][1:]
    known = {*parameters, *(each.arg for each in node.args.kwonlyargs)}
    found = {name: text.slice(each) for name, each in zip(parameters, call.args, strict=False)}
    found |= {each.arg: text.slice(each.value) for each in call.keywords if each.arg}
    written = {name: literal(value) for name, value in defaults_of(base).items() if name not in found}
    if further and not written.keys() <= _named(text.node):
        return None  # may be among them
    found |= {name: value for name, value in written.items() if value is not None}
    return found | further if found.keys() == known and len(call.args) <= len(parameters) else None


def _handed_on(text: Text, call: ast.Call, node: ast.FunctionDef) -> dict[str, str] | None:
    """What is given by further names, `**kwargs`, where one `__init__` hands on to another all that it is given so and does
    nothing else with it; None where stars hide what is given."""
    stars, own, other = [each.value for each in call.keywords if each.arg is None], text.node.args.kwarg, node.args.kwarg
    if not stars:
        return None if other else {}
    name = own.arg if own is not None else ""
    is_alone = sum(isinstance(each, ast.Name) and each.id == name for each in text.nodes) == 1
    match stars:
        case [ast.Name(id=handed)] if handed == name and is_alone and other is not None:
            return {other.arg: name}
    return None


def _named(node: ast.FunctionDef) -> set[str]:
    return {each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}


def dedented(text: Text, body: list[ast.stmt], edits: list[Edit]) -> list[str]:
    """The lines of statements, after edits, as they would stand without what they stand in."""
    start, end = text.start(body[0]), text.end(body[-1])
    indent = text.indent(start)
    marked = text.positions.edited([*(each for each in edits if start <= each.start < end), Edit(end, end, "\0")]).text
    return [line.removeprefix(indent) for line in marked[start : marked.index("\0")].split("\n")]


# --- what both read ---


def is_said(stmt: ast.stmt) -> bool:
    return isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Constant)


def _is_bare(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="super"), args=[], keywords=[]):
            return True
    return False


def asked_class(node: ast.AST, owner: str, function: types.FunctionType) -> type | None:
    """The class whose next one `super()` is, or `super(Shape, self)`; None for anything else."""
    if _is_bare(node):
        return class_around(function)
    match node:
        case ast.Call(func=ast.Name(id="super"), args=[ast.Name(id=name), ast.Name(id=first)], keywords=[]) if first == owner:
            scope = Scope.of(function)
            found = scope.lookup(name)
            return found if isinstance(found, type) and scope.lookup("super") is super else None
    return None


def first_parameter(node: ast.FunctionDef) -> str | None:
    return next((each.arg for each in (*node.args.posonlyargs, *node.args.args)), None)


def _stored(text: Text) -> set[str]:
    return {each.id for each in text.nodes if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}


def edited(positions: Positions, edits: list[Edit]) -> Definition:
    positions = positions.edited(edits)
    found = ast.parse(positions.text).body[0]
    assert isinstance(found, ast.FunctionDef)
    return found, positions
