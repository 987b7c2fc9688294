"""Says of which variables of a function nothing else names what they hold.

Never follows an object: it looks at where a name is read.
"""
from __future__ import annotations

import ast

from gradgen.read.rewriting import Text

CONSUMERS = frozenset({"len", "sum", "sorted", "max", "min", "list", "tuple", "any", "all", "set"})
LAZY = frozenset({"enumerate", "zip", "reversed"})
MODULES = frozenset({"np", "numpy", "math", "statistics"})
METHODS = frozenset({"append", "appendleft", "extend", "insert", "pop", "popleft", "sort", "reverse", "rotate", "index", "count"})


def is_alone(text: Text, name: str, stmt: ast.stmt) -> bool:
    """Whether nothing but a variable of the function names what it holds, nor goes through it while a statement changes it: a new
    list under the same name is then as good as a changed one."""
    if name not in text.bound or name in text.parameters:
        return False
    if any(len(each.targets) > 1 for each in text.assigned(name)):
        return False
    owner: ast.AST = stmt
    while owner in text.owners:
        owner = text.owners[owner]
        if isinstance(owner, ast.For) and any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(owner.iter)):
            return False
        if isinstance(owner, ast.FunctionDef) and owner is not text.node or isinstance(owner, ast.Try | ast.With):
            return False
    if ("looked at", name) not in text.told:
        reads = (each for each in text.uses(name) if isinstance(each.ctx, ast.Load))
        text.told["looked at", name] = all(_only_looks(text, each) for each in reads)
    return text.told["looked at", name]


def has_rows_stored_into(text: Text, name: str) -> bool:
    """Whether something is stored at `name[i][j]`."""
    for each in text.nodes:
        match each:
            case ast.Subscript(value=ast.Subscript(value=ast.Name(id=own)), ctx=ast.Store()) if own == name:
                return True
    return False


def has_own_rows(text: Text, name: str) -> bool:
    """Whether something is stored at `name[i][j]`, and nothing but that variable leads to the rows of its list: they are new, and
    only their elements are read, one at a time."""
    if not has_rows_stored_into(text, name) or name in text.parameters:
        return False
    for each in text.nodes:
        if not isinstance(each, ast.Name) or each.id != name:
            continue
        owner = text.owners[each]
        match owner, text.owners.get(owner):
            case ast.Assign(targets=[_], value=value), _ if not isinstance(each.ctx, ast.Load):
                if not _makes_rows(value, text.given.lists):
                    return False
            case ast.Subscript(), ast.Subscript(value=inner) if inner is owner:
                continue
            case ast.Subscript(), ast.Call(func=ast.Name(id="len")):
                continue
            case ast.Call(func=ast.Name(id="len")) | ast.Return(), _:
                continue
            case ast.Subscript(), ast.Tuple() as together if isinstance(text.owners[together], ast.Assign):
                if not _swaps(text.owners[together], name):
                    return False
            case _:
                return False
    return True


def _makes_rows(value: ast.expr, given: frozenset[str]) -> bool:
    """Whether an expression makes a list of new lists; slices of what is `given` are such."""
    match value:
        case ast.ListComp(elt=ast.List() | ast.ListComp() | ast.Call(func=ast.Name(id="list"))):
            return True
        case ast.ListComp(elt=ast.BinOp(left=ast.List())):
            return True
        case ast.ListComp(
            elt=ast.Subscript(value=ast.Name(id=row), slice=ast.Slice()),
            generators=[ast.comprehension(target=ast.Name(id=own), iter=ast.Name(id=rows))],
        ):
            return row == own and rows in given
        case ast.List(elts=rows):
            return all(isinstance(row, ast.List | ast.ListComp) for row in rows)
    return False


def _swaps(stmt: ast.AST, name: str) -> bool:
    """Whether an assignment only has rows of a list change places."""
    match stmt:
        case ast.Assign(targets=[ast.Tuple(elts=[first, second])], value=ast.Tuple(elts=[third, fourth])):
            rows = [ast.unparse(each) for each in (first, second)]
            is_of = all(isinstance(each, ast.Subscript) and ast.unparse(each.value) == name for each in (first, second))
            return is_of and [ast.unparse(each) for each in (fourth, third)] == rows
    return False


def is_returned(text: Text, name: str) -> bool:
    """Whether a function hands out what a variable holds."""
    returned = (each for each in text.nodes if isinstance(each, ast.Return) and each.value is not None)
    values = (part for each in returned for part in _parts(each.value))
    return any(isinstance(each, ast.Name) and each.id == name for each in values)


def _parts(value: ast.expr | None) -> list[ast.expr]:
    return value.elts if isinstance(value, ast.Tuple | ast.List) else [] if value is None else [value]


def _only_looks(text: Text, read: ast.expr) -> bool:
    """Whether what reads a variable keeps nothing of it but its elements."""
    inner: ast.AST = read
    while inner in text.owners:
        inner = text.owners[inner]
        if isinstance(inner, ast.Lambda) or isinstance(inner, ast.FunctionDef) and inner is not text.node:
            return False
    owner = text.owners[read]
    match owner:
        case ast.Subscript(value=value):
            return value is read
        case ast.Attribute(attr=attr):
            around = text.owners[owner]
            return attr in METHODS and isinstance(around, ast.Call) and around.func is owner
        case ast.Call(func=ast.Name(id=called)) if called in CONSUMERS:
            return True
        case ast.Call(func=ast.Name(id=called)) if called in LAZY:
            return _is_gone_through(text, owner)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module))):
            return module in MODULES
        case ast.For() | ast.comprehension():
            return _is_gone_through(text, read)
        case ast.Tuple() | ast.List():
            return isinstance(text.owners[owner], ast.Return)
        case ast.Compare() | ast.Starred() | ast.If() | ast.While() | ast.Return() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BinOp(op=ast.Add() | ast.Mult()):
            return True
    return False


def _is_gone_through(text: Text, read: ast.expr) -> bool:
    """Whether an iterator is used up at once."""
    owner = text.owners[read]
    match owner:
        case ast.For(iter=along):
            return along is read
        case ast.Call(func=ast.Name(id=called)):
            return called in CONSUMERS or called in LAZY and _is_gone_through(text, owner)
        case ast.comprehension():
            made = text.owners[owner]
            return not isinstance(made, ast.GeneratorExp) or _is_gone_through(text, made)
        case ast.Starred():
            return True
    return False
