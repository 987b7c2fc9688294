"""What an import inside of a function binds, and which functions do nothing but hand on what they are given to what they import.

Never imports what the function would not import when it runs.
"""
from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from gradgen.errors import GradgenError
from gradgen.read.aliases import stored_in
from gradgen.read.jitted import python_of
from gradgen.read.resolve import MISSING, Scope, held_by
from gradgen.read.source import source_of
from gradgen.read.trees import children_in

_APART = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Import, ast.ImportFrom)


def imported(node: ast.Import | ast.ImportFrom, scope: Scope) -> dict[str, Any]:
    """What an import inside of a function binds, looked up among the modules that are loaded."""
    found: dict[str, Any] = {}
    if isinstance(node, ast.Import):
        for alias in node.names:
            module = sys.modules.get(alias.name) or _import(importlib.import_module, alias.name)
            top = module if alias.asname else sys.modules.get(alias.name.split(".")[0])
            if top is not None:
                found[alias.asname or alias.name.split(".")[0]] = top
        return found
    package = scope.global_names.get("__package__") or ""
    name = "." * node.level + (node.module or "")
    if node.level:
        try:
            name = importlib.util.resolve_name(name, package)
        except ImportError:
            return found
    module = sys.modules.get(name) or _import(importlib.import_module, name)
    for alias in node.names:
        value = getattr(module, alias.name, MISSING)
        if value is not MISSING:
            found[alias.asname or alias.name] = value
    return found


def imports_of(node: ast.FunctionDef, scope: Scope) -> dict[str, Any]:
    """What a function's own imports bind, as far as nothing else in it binds the same names to anything else."""
    found: dict[str, Any] = {}
    elsewhere: set[str] = set()
    for each in _of_its_own(node, scope):
        if isinstance(each, ast.Import | ast.ImportFrom):
            held = imported(each, scope)
            elsewhere |= {name for name, value in held.items() if found.setdefault(name, value) is not value}
        else:
            elsewhere.update(stored_in(each))
    return {name: value for name, value in found.items() if name not in elsewhere}


def _of_its_own(node: ast.FunctionDef, scope: Scope) -> Iterator[ast.AST]:
    """What stands in a function's own scope and runs: no fallback for an import that is there."""
    pending: list[ast.AST] = children_in(node)
    while pending:
        each = pending.pop()
        yield each
        if isinstance(each, ast.Try) and all(_is_there(stmt, scope) for stmt in each.body):
            pending += (*each.body, *each.orelse, *each.finalbody)
        elif not isinstance(each, _APART):
            pending += children_in(each)


def _is_there(stmt: ast.stmt, scope: Scope) -> bool:
    return isinstance(stmt, ast.Import | ast.ImportFrom) and len(imported(stmt, scope)) == len(stmt.names)


def _import(load: Callable[[str], Any], name: str) -> Any:
    """A module that the function would import when it runs; None where that fails, as it then will at run time."""
    try:
        return load(name)
    except ImportError:
        return None


def forwarded(function: Any) -> Any:
    """What a function imports and calls that does nothing else, `from m import g; return g(*args, **kwargs)`, or an object holds
    that hands on what it is called with, what numba compiles; any other function is handed back."""
    for _ in range(4):
        if not isinstance(function, types.FunctionType):
            held = python_of(function) or _held_and_called(function)
            if held is MISSING:
                return function
            function = held
            continue
        code = function.__code__
        takes_all = code.co_flags & inspect.CO_VARARGS and code.co_flags & inspect.CO_VARKEYWORDS
        if not takes_all or code.co_argcount or code.co_kwonlyargcount:
            return function
        inner = _handed_on_to(function)
        if inner is MISSING:
            return function
        function = inner
    return function


def _held_and_called(holder: Any) -> Any:
    """What an object hands everything on to that it is called with: `return self.fn(*args, **kwargs)`."""
    call = MISSING if isinstance(holder, type) else inspect.getattr_static(type(holder), "__call__", MISSING)
    if not isinstance(call, types.FunctionType) or call.__code__.co_argcount != 1:
        return MISSING
    node = _definition(call)
    match node.body[-1] if node is not None and len(node.body) == 1 else None:
        case ast.Return(value=ast.Call(
            func=ast.Attribute(value=ast.Name(id=name), attr=attr), args=[ast.Starred(value=ast.Name(id=args))],
            keywords=[ast.keyword(arg=None, value=ast.Name(id=kwargs))],
        )) if (name, args, kwargs) == _parameters(node):
            return held_by(holder, attr)
    return MISSING


def _definition(function: types.FunctionType) -> ast.FunctionDef | None:
    try:
        node = source_of(function).node
    except GradgenError:
        return None
    return node if isinstance(node, ast.FunctionDef) else None


def _parameters(node: ast.FunctionDef | None) -> tuple[str, ...]:
    """The names of a definition's positional parameters, and of the two with stars."""
    stars = () if node is None else (node.args.vararg, node.args.kwarg)
    return () if node is None else tuple(each.arg for each in (*node.args.args, *stars) if each is not None)


def _handed_on_to(function: types.FunctionType) -> Any:
    node = _definition(function)
    if node is None or node.args.vararg is None or node.args.kwarg is None:
        return MISSING
    scope = Scope.of(function)
    bound: dict[str, Any] = {}
    *before, last = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    for stmt in before:
        if not isinstance(stmt, ast.Import | ast.ImportFrom):
            return MISSING
        bound |= imported(stmt, scope)
    match last:
        case ast.Return(value=ast.Call(
            func=ast.Name(id=name), args=[ast.Starred(value=ast.Name(id=args))],
            keywords=[ast.keyword(arg=None, value=ast.Name(id=kwargs))],
        )) if (args, kwargs) == (node.args.vararg.arg, node.args.kwarg.arg):
            return bound.get(name, MISSING)
    return MISSING
