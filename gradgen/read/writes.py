"""Which statements of a text write into what their names hold, and which expressions make something new.

Never says what a name holds: a number that is added to is written to as well.
"""
from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from gradgen.read.trees import nodes_in

WRITING_METHODS = frozenset({"fill", "sort", "put", "partition", "resize", "setflags", "setfield", "itemset", "byteswap"})
WRITING_CALLS = frozenset({"copyto", "put", "putmask", "place", "fill_diagonal", "put_along_axis", "at", "setitem"})
MAKING = frozenset({
    "copy", "array", "zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like", "full_like", "arange", "linspace",
    "sum", "dot", "mean", "exp", "sqrt", "max", "min", "abs", "sin", "cos", "len", "range", "float",
})


def root_of(node: ast.AST) -> str:
    """The name whose part, attribute or method's result an expression is; "" for anything else."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Starred) or isinstance(node, ast.Call) and isinstance(
        node.func, ast.Attribute
    ):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def called(call: ast.Call) -> str:
    """What a call calls, as it is written with dots; "" where it is no name."""
    parts: list[str] = []
    func: ast.expr = call.func
    while isinstance(func, ast.Attribute):
        parts.append(func.attr)
        func = func.value
    return ".".join((func.id, *reversed(parts))) if isinstance(func, ast.Name) else ""


def bare_names(call: ast.Call) -> list[str]:
    """The names that a call is given whole or by a part: it might keep what they hold."""
    given = (*call.args, *(each.value for each in call.keywords))
    parts = [part for each in given for part in (each.elts if isinstance(each, ast.Tuple | ast.List) else (each,))]
    return [name for part in parts if (name := root_of(part))]


def writes(nodes: Sequence[ast.AST]) -> Iterator[tuple[ast.stmt, str]]:
    """The statements that write in place, each with each name whose data it may write to."""
    for node in nodes:
        match node:
            case ast.AugAssign(target=target):
                yield node, root_of(target)
            case ast.Assign(targets=targets):
                parts = (part for target in targets for part in nodes_in(target))
                kept = (part for part in parts if isinstance(part, ast.Subscript | ast.Attribute))
                stored = (part for part in kept if isinstance(part.ctx, ast.Store))
                yield from ((node, name) for name in dict.fromkeys(map(root_of, stored)) if name)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr=method))) if method in WRITING_METHODS:
                yield node, root_of(owner)
            case ast.Expr(value=ast.Call(args=[first, *_]) as call) if called(call).split(".")[-1] in WRITING_CALLS:
                yield node, root_of(first)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return):
            calls = (call for call in nodes_in(node) if isinstance(call, ast.Call))
            for out in (each.value for call in calls for each in call.keywords if each.arg == "out"):
                yield from ((node, root_of(part)) for part in (out.elts if isinstance(out, ast.Tuple) else [out]))


def is_fresh(value: ast.expr, lending: Collection[str]) -> bool:
    """Whether an expression surely makes something new; functions of the names in `lending` hand out what they are given."""
    match value:
        case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.Constant() | ast.JoinedStr():
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in MAKING and name not in lending
    return False
