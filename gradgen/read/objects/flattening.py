"""Decides whether a text is written without the objects that it makes, and does that.

Never leaves a text half changed: where anything cannot be said so, all of it stays.
"""
from __future__ import annotations

import ast
import types
from collections.abc import Mapping
from typing import Any

from gradgen.ir.kinds import AnyKind, Holder
from gradgen.read.objects.bound import Lines
from gradgen.read.objects.classes import is_told
from gradgen.read.objects.editing import Editing
from gradgen.read.objects.values import UNKNOWN, Changed, Frame, Made, Place, Unsaid, Value, read
from gradgen.read.own_texts import is_generated
from gradgen.read.positions import Positions
from gradgen.read.resolve import Scope
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in

Rests = tuple[tuple[Any, str, object], ...]
MOST_CLASSES = 20


def without_objects(
    node: ast.FunctionDef, positions: Positions, function: types.FunctionType, scope: Scope, kinds: Mapping[str, AnyKind]
) -> tuple[ast.FunctionDef, Positions, Rests]:
    """The definition and its places without the objects that it makes, and what that rests on; the same where it makes none, or
    where they are needed."""
    handed = {name: kind for name, kind in kinds.items() if isinstance(kind, Holder) and is_told(kind.known)}
    if not handed and not _may_make(function.__code__, scope) or is_generated(positions.text):
        return node, positions, ()
    changing: set[type | Place] = set()
    may_grow = True
    for _ in range(MOST_CLASSES):
        text = Text(node, positions, nodes_in(node))
        may_be_handed = any(isinstance(kind, Holder) for kind in kinds.values())
        editing = Editing(text, scope, changing, may_be_handed)
        editing.may_grow = may_grow
        frame = Frame(scope, {}, function, True)
        editing.frames.append(frame)
        editing.handed = frozenset(handed)
        for name in handed.keys() - text.stored:
            given = _handed(read(name), handed[name], editing)
            frame.env |= {} if given is None else {name: given}
        try:
            with editing.inside():
                for stmt in node.body:
                    editing.outermost(stmt, frame)
        except Changed as found:
            if found.known in changing:
                return node, positions, ()
            changing.add(found.known)
            continue
        except Unsaid:
            if not all(isinstance(each, type) and each is not list for each in changing):  # no list is taken apart then
                changing, may_grow = {each for each in changing if isinstance(each, type) and each is not list}, False
                continue
            return node, positions, ()
        if not editing.is_needed or not editing.edits:
            return node, positions, ()
        edited = positions.edited(editing.edits)
        if UNKNOWN.id in edited.text:
            return node, positions, ()
        made = ast.parse(edited.text).body[0]
        assert isinstance(made, ast.FunctionDef)
        left = {each.id for each in nodes_in(made) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
        if left & editing.objects:
            return node, positions, ()
        return made, edited, tuple(editing.rests.values())
    return node, positions, ()


def _handed(spelled: ast.expr, kind: Holder, lines: Lines) -> Made | None:
    """An argument that is an object, by the attributes that it is read by; None for one that may change."""
    known = kind.known
    if known is None or not is_told(known) or not kind.is_record or kind.keys is None or lines.is_changing(known):
        return None
    fields: dict[str, Value] = {}
    for name, part in zip(kind.keys, kind.items or (), strict=False):
        held = ast.Attribute(spelled, str(name), ast.Load())
        inner = _handed(held, part, lines) if isinstance(part, Holder) and part.known is not None else None
        fields[str(name)] = inner or held
    return Made(known, fields, None, spelled)


def _may_make(code: types.CodeType, scope: Scope) -> bool:
    """Whether a function names a class of the user's, or a module that has one by a name of its."""
    found = [scope.lookup(name) for name in code.co_names]
    found += [scope.lookup(name) for name in code.co_freevars]
    if any(map(is_told, found)):
        return True
    functions = (each for each in found if isinstance(each, types.FunctionType))
    if any(is_told(each.__globals__.get(name)) for each in functions for name in each.__code__.co_names):
        return True
    modules = [each for each in found if isinstance(each, types.ModuleType) and each.__name__.split(".")[0] not in LIBRARIES]
    if any(is_told(vars(module).get(name)) for module in modules for name in code.co_names):
        return True
    return any(isinstance(each, types.CodeType) and _may_make(each, scope) for each in code.co_consts)


LIBRARIES = ("math", "numpy", "scipy", "cmath", "functools", "itertools", "operator")
