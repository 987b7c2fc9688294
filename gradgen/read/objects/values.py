"""What stands for an object in a text that is written without it: an expression for each of its attributes.

Never looks at an object: there is none before the text runs.
"""
from __future__ import annotations

import ast
import types
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from gradgen.ir.frozen import dataclass, field
from gradgen.read.resolve import Scope
from gradgen.read.trees import nodes_in


class Unsaid(Exception):
    """What a text does with its objects cannot be said without them."""


Place: TypeAlias = tuple[str, int, int]
"""Where something stands in a text, and what it is that must be known of it."""


class Changed(Exception):
    """An object of a class is stored into that was taken for one whose objects do not change; or it is seen only now that a
    place of the text must be read otherwise: the text is gone through once more."""

    def __init__(self, known: type | Place) -> None:
        super().__init__(str(known))
        self.known = known


def place_of(what: str, node: ast.AST) -> Place:
    return what, getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


@dataclass(eq=False)
class Made:
    """An object on the way: what its attributes hold. Two names for one object share it, so it is no value, and what is stored
    changes it. `path` begins the names of its variables, once it has any; `origin` is an argument that it is, by its name."""

    known: type
    fields: dict[str, Value]
    path: str | None = None
    origin: ast.expr | None = None


Value: TypeAlias = ast.expr | Made


@dataclass(eq=False)
class Frame:
    """A function whose lines are gone through: what its names hold where that is an object, or what they are called in the text
    that is written. `local` are the names that it binds itself, `around` the function that it stands in, if it does in the text,
    `classes` what it knows classes by, `cls`, and `names` what its variables are called in the text."""

    scope: Scope
    env: dict[str, Value]
    live: types.FunctionType | None
    is_outermost: bool = False
    local: frozenset[str] = frozenset()
    classes: dict[str, type] = field(default_factory=dict)
    around: Frame | None = None
    names: dict[str, str] = field(default_factory=dict)


ATOMS = (ast.Name, ast.Constant)
ACTING = (ast.Call, ast.Subscript, ast.Attribute, ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp, ast.Starred)
RAISING = (ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)


def is_row(known: type) -> bool:
    """Whether what stands for an object stands for a list or a tuple of several."""
    return known in (list, tuple)


def is_atom(value: Value) -> bool:
    """Whether an expression may stand in several places: a name, a number, an attribute of an argument."""
    if isinstance(value, ast.UnaryOp):
        return isinstance(value.operand, ast.Constant)
    if isinstance(value, ast.Attribute):
        return isinstance(value.value, ast.Name)
    if isinstance(value, ast.Tuple):
        return all(map(is_atom, value.elts))
    return isinstance(value, ATOMS)


def may_act(value: ast.expr) -> bool:
    """Whether evaluating an expression may raise, or be seen."""
    if is_atom(value):
        return False
    return any(
        isinstance(each, ACTING) and not is_atom_of_outside(each) or isinstance(each, ast.BinOp) and isinstance(each.op, RAISING)
        for each in nodes_in(value)
    )


def is_atom_of_outside(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def names_read(value: Value) -> set[str]:
    """The names that an expression reads, or that stand for what an object holds."""
    if isinstance(value, Made):
        return {name for each in value.fields.values() for name in names_read(each)}
    return {each.id for each in nodes_in(value) if isinstance(each, ast.Name)}


def names_stored(stmts: Iterable[ast.stmt]) -> set[str]:
    """The names that statements bind."""
    each = [node for stmt in stmts for node in nodes_in(stmt)]
    return {node.id for node in each if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}


UNKNOWN = ast.Name("what is unknown", ast.Load())
"""What an attribute holds that one of two ways has stored."""


def read(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def folded(node: ast.expr) -> ast.expr:
    """An expression; as a number where it is a whole one that is known."""
    number = whole(node)
    if number is None:
        return node
    return ast.Constant(number) if number >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-number))


def parts_of(made: Made) -> list[Value]:
    """What a list or a tuple holds; Unsaid where one of two ways has put something into it."""
    if any(each is UNKNOWN for each in made.fields.values()):
        raise Unsaid
    return list(made.fields.values())


def is_same(left: Value, right: Value) -> bool:
    """Whether two values are surely held by the same variables."""
    if left is right:
        return True
    if isinstance(left, Made) and isinstance(right, Made):
        is_alike = left.known is right.known and left.path == right.path and left.fields.keys() == right.fields.keys()
        return is_alike and all(is_same(each, right.fields[name]) for name, each in left.fields.items())
    if isinstance(left, Made) or isinstance(right, Made):
        return False
    return ast.dump(left) == ast.dump(right)


def whole(node: object) -> int | None:
    """The whole number that an expression of whole numbers alone is."""
    match node:
        case ast.Constant(value=int(number)):
            return None if isinstance(number, bool) else number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = whole(operand)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() as op, right=right):
            one, other = whole(left), whole(right)
            if one is None or other is None:
                return None
            return one + other if isinstance(op, ast.Add) else one - other if isinstance(op, ast.Sub) else one * other
    return None


def made_in(values: Iterable[Value]) -> list[Made]:
    """The objects among values, and those that they hold, once each."""
    found: list[Made] = []
    for value in values:
        if isinstance(value, Made) and not any(each is value for each in found):
            found.append(value)
            found += [each for each in made_in(value.fields.values()) if not any(other is each for other in found)]
    return found


State: TypeAlias = tuple[Mapping[str, Value], list[tuple[Made, Mapping[str, Value]]]]
