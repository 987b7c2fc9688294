"""Gives copies of lists that a function is given names of their own: `a = [row[:] for row in a]` and `a = a[:]` bind `own_a`,
which is read from there on.

Never touches a copy that may not be made, nor one into which nothing is stored.
"""
from __future__ import annotations

import ast

from gradgen.read.made import Given
from gradgen.read.positions import Positions
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in

UNCLEAR = (ast.JoinedStr, ast.Match, ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.Global, ast.Nonlocal)
"""Where names stand that are not found by their places, or are read at other times."""


def with_copies_apart(node: ast.FunctionDef, positions: Positions, given: Given) -> tuple[ast.FunctionDef, Positions]:
    """A definition and its places with such names, where the function is `given` lists."""
    for stmt in node.body if given.lists else ():
        match stmt:
            case ast.Assign(targets=[ast.Name(id=name) as target], value=value) if name in given.lists and _copies(value, name):
                text = Text(node, positions, nodes_in(node), given)
                if not _may_be_apart(text, name, target, value):
                    continue
                own, end = text.fresh(f"own_{name}"), text.end(value)
                later = (each for each in text.nodes if isinstance(each, ast.Name) and each.id == name and text.start(each) > end)
                positions = positions.edited([text.replaced(each, own) for each in (target, *later)])
                found = ast.parse(positions.text).body[0]
                assert isinstance(found, ast.FunctionDef)
                return with_copies_apart(found, positions, Given(given.lists - {name}, given.tuples, given.numbers))
    return node, positions


def _copies(value: ast.expr, name: str) -> bool:
    match value:
        case ast.ListComp():
            return True
        case ast.Call(func=ast.Name(id="list"), args=[ast.Name(id=own)]):
            return own == name
        case ast.Subscript(value=ast.Name(id=own), slice=ast.Slice()):
            return own == name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=own), attr="copy")):
            return own == name
    return False


def _may_be_apart(text: Text, name: str, target: ast.Name, value: ast.expr) -> bool:
    every = [each for each in text.nodes if isinstance(each, ast.Name) and each.id == name and each is not target]
    before = [each for each in every if text.start(each) < text.end(value)]
    is_unclear = any(isinstance(each, UNCLEAR) and each is not text.node and name in _words(each) for each in text.nodes
                     if not isinstance(each, ast.Lambda) or text.start(each) < text.start(value))
    stores = (each for each in text.nodes if isinstance(each, ast.Subscript) and not isinstance(each.ctx, ast.Load))
    is_stored_into = any(_root(each) in every and text.start(each) > text.end(value) for each in stores)
    return is_stored_into and not is_unclear and bool(before) and all(isinstance(each.ctx, ast.Load) for each in before)


def _words(node: ast.AST) -> set[str]:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    names |= {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    return names | {name for each in ast.walk(node) if isinstance(each, ast.Global | ast.Nonlocal) for name in each.names}


def _root(place: ast.expr) -> ast.expr:
    while isinstance(place, ast.Subscript):
        place = place.value
    return place
