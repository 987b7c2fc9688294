"""Reads one live function for what its surroundings know of it, and the `__init__` of a class that makes its instances.

Never keeps what it has read; the program does.
"""
from __future__ import annotations

import ast
import types
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gradgen.analyse.kinds.values import holds_array, is_sequence
from gradgen.analyse.reads import Keys, Read
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.read.constructors import as_maker
from gradgen.read.copied_apart import with_copies_apart
from gradgen.read.defaults import as_bound
from gradgen.read.derived import with_derivatives
from gradgen.read.half_made import with_methods
from gradgen.read.inherited import of_next_class, with_bases
from gradgen.read.lower import lower_function
from gradgen.read.made import Given, copies_of_lists, counting
from gradgen.read.objects.flattening import Rests, without_objects
from gradgen.read.one_way import with_one_way
from gradgen.read.picked import with_choices
from gradgen.read.positions import Positions
from gradgen.read.post_init import as_init, post_init_of
from gradgen.read.private_names import with_private_names
from gradgen.read.refusals import Refusals
from gradgen.read.resolve import MISSING, Scope
from gradgen.read.rewrites import REWRITES
from gradgen.read.rewriting import definition_of, rewritten
from gradgen.read.source import source_of
from gradgen.read.trees import nodes_in


def read_function(
    function: types.FunctionType, given: Mapping[str, Any], owner: Any, kinds: Mapping[str, AnyKind], captures: tuple[str, ...],
    made: type | None, known: type | None = None,
) -> Read:
    """A live function, read; raises SourceError where it has no text. `made` is the class whose `__init__` it is, where that is
    read as what makes an instance; `known` that of the object that it is called on."""
    source = source_of(function)
    positions, scope = Positions(source.text), Scope.of(function)
    refusals = Refusals(positions, source.file, source.first_line, source.column)
    if not isinstance(source.node, ast.FunctionDef | ast.Lambda):
        refusals.add("GG101", positions.span(source.node))
        refusals.raise_if_any()
    assert not isinstance(source.node, ast.AsyncFunctionDef)
    node, positions = as_bound(source.node, positions, function)
    if isinstance(node, ast.FunctionDef):
        node, positions = with_private_names(node, positions, function)
        if made is not None and function is post_init_of(made):
            node, positions = as_init(node, positions, made, scope) or (node, positions)
    if isinstance(node, ast.FunctionDef) and "super" in function.__code__.co_names or made is not None:
        assert isinstance(node, ast.FunctionDef)
        if made is None:
            node, positions = of_next_class(node, positions, function, known if owner in (None, MISSING) else type(owner))
        else:
            node, positions = with_bases(node, positions, function, made)
            node, positions = with_methods(node, positions, function, made)
    if made is not None:
        maker = as_maker(node, positions, made, scope) if isinstance(node, ast.FunctionDef) else None
        if maker is None:
            refusals.add("GG108", positions.span(node), construct=f"{made.__name__}()")
            refusals.raise_if_any()
        assert maker is not None
        node, positions, record, held = maker
        scope = replace(scope, cells={**scope.cells, record: types.CellType(held)})
    derived = with_derivatives(node, positions, scope, function, given)
    node, positions, scope = derived.node, derived.positions, derived.scope
    rests: Rests = derived.rests
    if isinstance(node, ast.FunctionDef) and made is None:
        node, positions, objects = without_objects(node, positions, function, scope, kinds)
        rests += objects
    if isinstance(node, ast.FunctionDef):
        node, positions = with_choices(node, positions, scope)
    told = _given(kinds) if kinds or isinstance(node, ast.Lambda) else Given(numbers=counting(node))
    if isinstance(node, ast.FunctionDef):
        node, positions = with_copies_apart(node, positions, told)
    node, positions = rewritten(node, positions, REWRITES, scope, told)
    refusals = Refusals(positions, source.file, source.first_line, source.column)
    lowered, lists = _lowered(node, positions, scope, refusals, given, owner, kinds)
    lists |= frozenset() if kinds else told.numbers
    return Read(positions, scope, lowered, refusals, function, source.file, captures, given, kinds, made, lists, rests=rests)


def _given(kinds: Mapping[str, AnyKind]) -> Given:
    """What the kinds of arguments tell of lists among them."""
    held = {name: kind for name, kind in kinds.items() if is_sequence(kind)}
    tuples = frozenset(name for name, kind in held.items() if isinstance(kind, Holder) and kind.is_tuple)
    numbers = frozenset(name for name, kind in kinds.items() if isinstance(kind, Kind) and kind.shape == ())
    return Given(frozenset(held) - tuples, tuples, numbers)


def rewritten_again(read: Read, positions: Positions, owner: object) -> Read:
    """A function as read, of another text in which something is spelled otherwise that the kinds of values have told."""
    node, positions = rewritten(*definition_of(positions), REWRITES, read.scope, _given(read.kinds))
    assert isinstance(node, ast.FunctionDef)
    return replace(read_again(read, node, positions, owner), joins=True)


def read_again(read: Read, node: ast.FunctionDef, positions: Positions, owner: Any) -> Read:
    """A function as read, of another text."""
    before = read.refusals
    refusals = Refusals(positions, before.file, before.first_line, before.column)
    lowered, lists = _lowered(node, positions, read.scope, refusals, read.given, owner, read.kinds)
    return replace(read, positions=positions, refusals=refusals, function=lowered, lists=lists)


def _lowered(
    node: ast.FunctionDef | ast.Lambda, positions: Positions, scope: Scope, refusals: Refusals, given: Mapping[str, Any],
    owner: Any, kinds: Mapping[str, AnyKind],
) -> tuple[ir.Function, frozenset[str]]:
    """A function's IR, and those of its parameters that it takes for lists."""
    brings_arrays = any(map(holds_array, kinds.values()))
    copies = frozenset[ast.expr]() if brings_arrays else copies_of_lists(node, nodes_in(node), given)
    lowered = lower_function(
        node, positions, scope, refusals, owner=owner,
        given={name: each for name, each in given.items() if not isinstance(each, Keys)}, copies=copies,
    )
    arrays = frozenset(name for name, kind in kinds.items() if holds_array(kind, surely=True))
    copied = {name.id for each in copies for name in nodes_in(each) if isinstance(name, ast.Name)}
    lists = frozenset(each.name for each in lowered.parameters if each.name in copied)
    return with_one_way(lowered, scope, arrays, brings_arrays), lists
