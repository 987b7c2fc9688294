"""Says which variables of a function only ever hold lists, tuples or dicts that the function makes itself.

Never follows an object: it looks at what is assigned to a name.
"""
from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from gradgen.ir.frozen import dataclass
from gradgen.read.trees import nodes_in

SEQUENCES = (ast.List, ast.Tuple, ast.ListComp)


@dataclass(frozen=True, slots=True)
class Given:
    """The parameters of a function that are lists in the calls that it is read for, tuples, and numbers."""

    lists: frozenset[str] = frozenset()
    tuples: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


NOTHING_GIVEN = Given()


def made_here(nodes: Sequence[ast.AST], *kinds: type[ast.expr]) -> frozenset[str]:
    """The names that are bound, among the nodes of a function, by plain assignments alone, each time to an expression of one of
    the kinds; `*args` is a tuple."""
    given = {each.vararg.arg for each in nodes if isinstance(each, ast.arguments) and each.vararg}

    def fits(value: ast.expr | None) -> bool:
        return isinstance(value, kinds)

    return bound_to(nodes, fits, fits, given if ast.Tuple in kinds else set())


def bound_to(
    nodes: Sequence[ast.AST], fits: Callable[[ast.expr | None], bool], may_be_added: Callable[[ast.expr | None], bool],
    given: set[str],
) -> frozenset[str]:
    """The names that are bound by plain assignments alone to what fits, or are `given`, and by `+=` to what may be added."""
    made = set(given)
    others: set[str] = set()
    for each in nodes:
        if isinstance(each, ast.Name):
            continue
        if isinstance(each, ast.Assign):
            plain = [target.id for target in each.targets if isinstance(target, ast.Name)]
            (made if fits(each.value) else others).update(plain)
            continue
        match each:
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                (made if fits(value) else others).add(name)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                (made if may_be_added(value) else others).add(name)
    plain_targets = {id(target) for each in nodes if isinstance(each, ast.Assign) for target in each.targets}
    plain_targets |= {id(each.target) for each in nodes if isinstance(each, ast.AnnAssign | ast.AugAssign)}
    for each in nodes:
        if isinstance(each, ast.Name):
            if type(each.ctx) is not ast.Load and id(each) not in plain_targets:
                others.add(each.id)
            continue
        match each:
            case ast.arguments(posonlyargs=first, args=second, kwonlyargs=third, kwarg=last):
                others |= {arg.arg for arg in (*first, *second, *third, *([last] if last else []))} - given
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                others.add(name)
            case ast.MatchMapping(rest=str(name)) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                others.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                others.update(names)
            case ast.alias(name=name, asname=asname):
                others.add(asname or name.split(".")[0])
    return frozenset(made - others)


def lists_made(nodes: Sequence[ast.AST], given: Given = NOTHING_GIVEN) -> frozenset[str]:
    """The variables that only ever hold lists: each time one that is written out, or made of such; and what is `given`."""
    if not given.lists and not any(
        isinstance(each, ast.List | ast.ListComp | ast.Call) and makes_list(each, frozenset()) for each in nodes
    ):
        return frozenset()
    numbers = counts_in(nodes, given)
    found = given.lists | {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    while True:
        fits = partial(makes_list, lists=found, numbers=numbers)
        kept = found & bound_to(nodes, fits, lambda _: True, set(given.lists & found))
        if kept == found:
            return found
        found = kept


def counts_in(nodes: Sequence[ast.AST], given: Given) -> frozenset[str]:
    """The variables that hold whole numbers, or else numbers that no list can be repeated by."""
    return bound_to(nodes, _is_count, _is_count, set(given.numbers)) | {
        each.arg for each in nodes if isinstance(each, ast.arg) and isinstance(each.annotation, ast.Name)
        and each.annotation.id == "int"
    }


def counting(node: ast.FunctionDef) -> frozenset[str]:
    """The parameters that lists which are written out are repeated by: `[x] * n`, unless n is an array."""
    given = {arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    products = (each for each in nodes_in(node) if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Mult))
    counts = [each.right for each in products if isinstance(each.left, ast.List)]
    return frozenset(given.intersection(name.id for each in counts for name in nodes_in(each) if isinstance(name, ast.Name)))


def makes_list(value: ast.expr | None, lists: frozenset[str], numbers: frozenset[str] = frozenset()) -> bool:
    """Whether an expression surely gives a list, where the variables `lists` hold lists and `numbers` whole numbers."""
    match value:
        case ast.List() | ast.ListComp() | ast.Call(func=ast.Name(id="list" | "sorted")):
            return True
        case ast.Name(id=name):
            return name in lists
        case ast.BinOp(left=left, op=ast.Add(), right=right) | ast.IfExp(body=left, orelse=right):
            return makes_list(right, lists, numbers) and makes_list(left, lists, numbers)  # sums are long on their left
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return makes_list(left, lists, numbers) and _is_count(right, numbers)
        case ast.Subscript(value=base, slice=ast.Slice()) | ast.Call(func=ast.Attribute(value=base, attr="copy"), args=[]):
            return makes_list(base, lists, numbers)
    return False


def copies_of_lists(node: ast.FunctionDef | ast.Lambda, nodes: Sequence[ast.AST], arrays: Collection[str]) -> frozenset[ast.expr]:
    """The slices `xs[:]`, and copies `xs.copy()`, of lists that get a name or a place in a list: of lists that the function
    makes, or is given, and of their elements; not of what is among the `arrays`, nor of what it binds to anything but lists."""
    found: dict[ast.expr, str] = {}
    for each in nodes:
        for value in _kept(each):
            match value:
                case ast.Subscript(value=base, slice=ast.Slice()):
                    found[value] = _root(base)
                case ast.Call(func=ast.Attribute(value=base, attr="copy"), args=[], keywords=[]):
                    found[value] = _root(base)
    if not found:
        return frozenset()
    loops = _elements(nodes)
    counted = counted_in(nodes)
    like = _copied_among(found, nodes)
    sure = {name for value, name in found.items() if isinstance(value, ast.Subscript) or any(
        is_place(other, same, counted) for other in nodes for same in like[name]
    )}
    roots = {root for along in loops.values() for root in along}
    given = {arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)} & (sure | roots) - set(arrays)
    names = frozenset(each.id for each in nodes if isinstance(each, ast.Name))
    lists = names
    while True:
        kept = bound_to(nodes, partial(makes_list, lists=lists, numbers=names), lambda _: True, given & lists)
        kept |= {name for name, along in loops.items() if lists.issuperset(along)}
        if kept >= lists:
            return frozenset(value for value, name in found.items() if name in lists and name in sure)
        lists &= kept


def counted_in(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """The variables that only loops over ranges bind."""
    return frozenset(name for name, along in _elements(nodes).items() if set(along) == {RANGE})


RANGE = "range()"
"""What stands for the lists that a loop goes through where it counts."""


def _root(node: ast.expr) -> str:
    """The variable of which an expression is an element, at any depth; nothing for any other."""
    while isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice | ast.Tuple):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _elements(nodes: Sequence[ast.AST]) -> dict[str, list[str]]:
    """The variables that only loops bind, each with the lists of which they take the elements."""
    found: dict[str, list[str]] = {}
    bound = Counter(each.id for each in nodes if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load))

    def take(target: ast.expr, along: ast.expr) -> None:
        match target, along:
            case ast.Name(id=name), ast.Call(func=ast.Name(id="range")):
                found.setdefault(name, []).append(RANGE)
            case ast.Name(id=name), ast.Call(func=ast.Name(id="reversed"), args=[inner]):
                take(target, inner)
            case ast.Name(id=name), _:
                found.setdefault(name, []).append(_root(along))
            case ast.Tuple(elts=[_, inner]), ast.Call(func=ast.Name(id="enumerate"), args=[arg, *_]):
                take(inner, arg)
            case ast.Tuple(elts=items), ast.Call(func=ast.Name(id="zip"), args=args) if len(items) == len(args):
                for item, arg in zip(items, args, strict=True):
                    take(item, arg)

    for each in nodes:
        if isinstance(each, ast.For | ast.comprehension):
            take(each.target, each.iter)
    return {name: along for name, along in found.items() if len(along) == bound[name]}


def _copied_among(found: Mapping[ast.expr, str], nodes: Sequence[ast.AST]) -> dict[str, set[str]]:
    """By name, the variables that hold a list or a copy of it."""
    like = {name: {name} for name in found.values()}
    for each in nodes:
        if isinstance(each, ast.Assign) and each.value in found:
            like[found[each.value]].update(target.id for target in each.targets if isinstance(target, ast.Name))
    return like


def _kept(node: ast.AST) -> Sequence[ast.expr]:
    """The expressions whose values get a name, or a place in a list that is made."""
    match node:
        case ast.Assign(value=ast.Tuple(elts=items)):
            return items
        case ast.Assign(value=value) | ast.ListComp(elt=value):
            return (value,)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="statistics")), args=args):
            return args
    return ()


def is_place(node: ast.AST, name: str, counted: Collection[str]) -> bool:
    """Whether a node reads an element of a list by its place, a stretch of one, or appends to it; `counted` run in loops."""
    match node:
        case ast.Subscript(value=ast.Name(id=own), slice=ast.Name(id=place)) if own == name:
            return place in counted
        case ast.Subscript(value=ast.Name(id=own), slice=place) if own == name:
            inner = place.operand if isinstance(place, ast.UnaryOp) else place
            return isinstance(inner, ast.Slice | ast.BinOp) or isinstance(inner, ast.Constant) and isinstance(inner.value, int)
        case ast.Attribute(value=ast.Name(id=own), attr="append"):
            return own == name
    return False


def _is_count(value: ast.expr | None, numbers: frozenset[str] = frozenset()) -> bool:
    match value:
        case ast.Constant(value=int()) | ast.Call(func=ast.Name(id="len" | "int")):
            return True
        case ast.Name(id=name):
            return name in numbers
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv(), right=right):
            return _is_count(left, numbers) and _is_count(right, numbers)
    return False
