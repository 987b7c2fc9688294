"""The nodes of a function by their kinds: what looks for stores need not go through every name and number.

Never says what a node means.
"""
from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar, overload

from gradgen.ir.nodes import (
    Assign,
    Branch,
    Const,
    For,
    Function,
    Name,
    NameTarget,
    Node,
    Op,
    Try,
    While,
    With,
    nodes_of,
    walk,
)

ARITHMETIC = frozenset({
    "add", "sub", "mul", "div", "pow", "neg", "pos", "sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "atan", "arctan",
})
A = TypeVar("A", bound=Node)
B = TypeVar("B", bound=Node)
C = TypeVar("C", bound=Node)


@overload
def found_in(function: Function, first: type[A], /) -> tuple[A, ...]: ...


@overload
def found_in(function: Function, first: type[A], second: type[B], /) -> tuple[A | B, ...]: ...


@overload
def found_in(function: Function, first: type[A], second: type[B], third: type[C], /) -> tuple[A | B | C, ...]: ...


@overload
def found_in(function: Function, /, *kinds: type[Node]) -> tuple[Node, ...]: ...


def found_in(function: Function, /, *kinds: type[Node]) -> tuple[Node, ...]:
    """The nodes of a function that are of one of the kinds, in the order of `nodes_of`."""
    return _found_in(function, kinds)


@lru_cache(maxsize=256)
def _found_in(function: Function, kinds: tuple[type[Node], ...]) -> tuple[Node, ...]:
    by_kind = _by_kind(function)
    wanted = {kind for kind in by_kind if issubclass(kind, kinds)}
    if len(wanted) == 1:
        return tuple(by_kind[wanted.pop()])
    return tuple(node for node in nodes_of(function) if type(node) in wanted) if wanted else ()


@lru_cache(maxsize=64)
def beside_arithmetic(function: Function) -> tuple[Node, ...]:
    """The nodes of a function but for reads of variables, literals and operations: a few of many."""
    arithmetic = frozenset({Name, Const, Op})
    return tuple(node for node in nodes_of(function) if type(node) not in arithmetic)


@lru_cache(maxsize=64)
def beside_calculation(function: Function) -> tuple[Node, ...]:
    """Of these nodes, those that are no assignment of an operation to a variable, and no variable that is assigned to."""
    return tuple(node for node in beside_arithmetic(function) if not _is_calculation(node))


def _is_calculation(node: Node) -> bool:
    if isinstance(node, Assign):
        return type(node.value) is Op and type(node.target) is NameTarget and node.augmented is None
    return type(node) is NameTarget


def is_arithmetic(stmt: Node) -> bool:
    """Whether a statement does no more than assign arithmetic to a variable: operators and the plainest functions, of variables
    and literals. It asks nothing, calls nothing and stores nothing."""
    if not isinstance(stmt, Assign) or type(stmt.target) is not NameTarget:
        return False
    for node in walk(stmt.value):
        if type(node) is Op:
            if node.op not in ARITHMETIC or node.keywords:
                return False
        elif type(node) is not Name and type(node) is not Const:
            return False
    return True


@lru_cache(maxsize=64)
def _by_kind(function: Function) -> Mapping[type[Node], list[Node]]:
    found: dict[type[Node], list[Node]] = {}
    for node in nodes_of(function):
        found.setdefault(type(node), []).append(node)
    return found


def evaluated_by(stmt: Node) -> tuple[Node, ...]:
    """What a statement evaluates itself: of one that holds others its test, what it goes through, its managers."""
    match stmt:
        case Branch(test=test) | While(test=test):
            return (test,)
        case For(iterable=iterable):
            return (iterable,)
        case With(items=items):
            return tuple(manager for manager, _ in items)
        case Try(handlers=handlers):
            return tuple(handler.matches for handler in handlers if handler.matches is not None)
    return (stmt,)
