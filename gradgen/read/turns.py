"""Reads what makes a sequence element by element (`map`, `list`, `tuple`, slices of lists) as a comprehension.

Never looks into an object: only builtins, and variables that the function makes itself, are taken for what they are.
"""
from __future__ import annotations

import ast
from typing import Any, Protocol

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.read.positions import Positions

ALONG = (zip, enumerate, reversed)


class Lowering(Protocol):
    """What is needed of the lowering of the expressions around."""

    positions: Positions
    renames: dict[str, str]
    sequences: frozenset[str]
    copies: frozenset[ast.expr]

    def expr(self, node: ast.expr) -> ir.Expr: ...

    def resolve(self, node: ast.expr) -> Any: ...

    def apart(self, name: str) -> str: ...


def iterable(lowering: Lowering, node: ast.expr) -> ir.Expr:
    """What a loop or a comprehension goes through: a slice there is no list of its own."""
    match node:
        case ast.Subscript(value=value, slice=ast.Slice() as part):
            return ir.Item(lowering.expr(value), lowering.expr(part), span=lowering.positions.span(node))
        case ast.Call(func=ast.Name() as func, args=args, keywords=keywords) if lowering.resolve(func) in ALONG:
            made = tuple(iterable(lowering, arg) for arg in args)
            named = tuple((each.arg, lowering.expr(each.value)) for each in keywords)
            return ir.Call(lowering.expr(func), made, named, lowering.resolve(func), span=lowering.positions.span(node))
    return lowering.expr(node)


def as_comprehension(lowering: Lowering, node: ast.Call) -> ir.Expr | None:
    """The comprehension that `map(f, xs)`, `list(...)`, `tuple(...)` or `xs.copy()` stands for; None for any other call."""
    if node in lowering.copies and isinstance(node.func, ast.Attribute):
        return _copied(lowering, lowering.expr(node.func.value), lowering.positions.span(node))
    if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args) or not isinstance(node.func, ast.Name):
        return None
    target = lowering.resolve(node.func)
    if target is map and len(node.args) > 1:
        return _mapped(lowering, node)
    if (target is not list and target is not tuple) or len(node.args) != 1:
        return None
    span = lowering.positions.span(node)
    match node.args[0]:
        case ast.Tuple() | ast.List() as display:
            made = lowering.expr(display)
            return replace(made, kind="list" if target is list else "tuple", span=span) if isinstance(made, ir.Display) else None
        case ast.ListComp() | ast.GeneratorExp() | ast.Call() as given:
            made = lowering.expr(given)
            if isinstance(made, ir.Comprehension):
                return replace(made, kind="list", span=span)
            if isinstance(given, ast.Call) and lowering.resolve(given.func) is reversed and _is_sequence(lowering, given.args[0]):
                return _copied(lowering, iterable(lowering, given), span)
        case given if _is_sequence(lowering, given) or isinstance(given, ast.Subscript) and is_slice(lowering, given):
            return _copied(lowering, iterable(lowering, given), span)
    return None


def is_slice(lowering: Lowering, node: ast.Subscript) -> bool:
    """Whether an expression takes a stretch of a list or tuple that the function makes itself, or is given: a new one."""
    is_new = isinstance(node.slice, ast.Slice) and isinstance(node.ctx, ast.Load) and _is_sequence(lowering, node.value)
    return is_new or node in lowering.copies


def sliced(lowering: Lowering, node: ast.Subscript) -> ir.Expr:
    """A slice as the new list that it is."""
    match node.slice:
        case ast.Slice(lower=None, upper=None, step=None):
            return _copied(lowering, lowering.expr(node.value), lowering.positions.span(node))
    return _copied(lowering, iterable(lowering, node), lowering.positions.span(node))


def _is_sequence(lowering: Lowering, node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in lowering.sequences and node.id not in lowering.renames


def _copied(lowering: Lowering, along: ir.Expr, span: ir.Span) -> ir.Expr:
    name = lowering.apart("each")
    return ir.Comprehension("list", ir.Name(name), (ir.Generator(ir.NameTarget(name), along, ()),), span=span)


def _mapped(lowering: Lowering, node: ast.Call) -> ir.Expr:
    """`map(f, xs, ys)` is `f(x, y) for x, y in zip(xs, ys)`."""
    span = lowering.positions.span(node)
    function, *given = node.args
    along = tuple(iterable(lowering, each) for each in given)
    outer = dict(lowering.renames)
    if isinstance(function, ast.Lambda) and len(function.args.args) == len(given) and _has_plain_parameters(function):
        names = []
        for arg in function.args.args:
            names.append(lowering.apart(arg.arg))
            lowering.renames[arg.arg] = names[-1]
        element = lowering.expr(function.body)
    else:
        names = [lowering.apart("each" if index == 0 else f"each_{index}") for index in range(len(given))]
        reads: list[ast.expr] = [ast.copy_location(ast.Name(name, ast.Load()), node) for name in names]
        lowering.renames |= {name: name for name in names}
        element = lowering.expr(ast.copy_location(ast.Call(function, reads, []), node))
    lowering.renames.clear()
    lowering.renames.update(outer)
    targets = tuple(map(ir.NameTarget, names))
    if len(given) == 1:
        return ir.Comprehension("generator", element, (ir.Generator(targets[0], along[0], ()),), span=span)
    together = ir.Call(ir.Name("zip", "global"), along, (), zip)
    return ir.Comprehension("generator", element, (ir.Generator(ir.TupleTarget(targets), together, ()),), span=span)


def _has_plain_parameters(function: ast.Lambda) -> bool:
    args = function.args
    return not (args.defaults or args.kwonlyargs or args.vararg or args.kwarg or args.posonlyargs) and not any(
        isinstance(each, ast.NamedExpr) for each in ast.walk(function.body)
    )
