"""Spells default arguments by the values that they have, where their text would give other values now: K has been bound anew
after `def f(t, k=K)`.

Never evaluates what calls anything.
"""
from __future__ import annotations

import ast
import sys
import types
from collections.abc import Mapping, Sequence

from gradgen.errors import KindsError
from gradgen.read.literals import literal
from gradgen.read.positions import Edit, Positions
from gradgen.read.resolve import MISSING, Scope
from gradgen.read.trees import nodes_in

MOST_WRITTEN = 1000  # elements of an array
PLAIN = frozenset({"<f8", "<i8", "|b1"})  # what NumPy makes of lists of floats, ints and truths


def defaults_of(function: types.FunctionType) -> dict[str, object]:
    """The values that a function's default arguments have."""
    code = function.__code__
    positional = code.co_varnames[: code.co_argcount]
    values = function.__defaults__ or ()
    return dict(zip(positional[len(positional) - len(values) :], values, strict=True)) | dict(function.__kwdefaults__ or {})


def told_apart(values: Mapping[str, object]) -> dict[str, object]:
    """Default arguments with floats of their own, which no argument of a call is: they tell that none was given."""
    return {name: float.fromhex(value.hex()) if type(value) is float else value for name, value in values.items()}


def with_defaults_of(
    new: types.FunctionType, old: types.FunctionType, args: Sequence[object], kwargs: Mapping[str, object]
) -> tuple[list[object], dict[str, object]]:
    """Arguments of a call of `old`, its defaults among them, as those of `new`, which may have other defaults. Raises KindsError
    where an argument may have been left out or not."""
    before, now = defaults_of(old), defaults_of(new)

    def anew(name: str, value: object) -> object:
        if name not in before or value is not before[name] or value is now.get(name, MISSING):
            return value
        if type(value) is float and name in now:
            return now[name]
        raise KindsError(
            f"{old.__name__}: the default of {name} has changed since this derivative was made: make it anew, or give {name} "
            f"another value than {value!r}"
        )

    names = old.__code__.co_varnames[: old.__code__.co_argcount]
    placed = [anew(name, value) for name, value in zip(names, args, strict=False)]
    return [*placed, *args[len(placed) :]], {name: anew(name, value) for name, value in kwargs.items()}


def as_bound(
    node: ast.FunctionDef | ast.Lambda, positions: Positions, function: types.FunctionType
) -> tuple[ast.FunctionDef | ast.Lambda, Positions]:
    """A function's tree and places, with each default that its text no longer gives spelled as the value that it has."""
    held = defaults_of(function)
    edits = []
    for name, default in _defaults_in(node.args).items():
        text = literal(held.get(name, MISSING)) or _array_text(held.get(name, MISSING), function)
        if text is not None and not gives(default, held[name], function):
            span = positions.span(default)
            edits.append(Edit(span.start, span.end, text))
    if not edits:
        return node, positions
    positions = positions.edited(edits)
    found: ast.AST = ast.parse(positions.text.strip()).body[0]
    if isinstance(node, ast.Lambda):
        found = next(each for each in nodes_in(found) if isinstance(each, ast.Lambda))
    assert isinstance(found, ast.FunctionDef | ast.Lambda)
    return found, positions


def gives(default: ast.expr, held: object, function: types.FunctionType) -> bool:
    """Whether the text of a default still stands for the value that it gave."""
    scope = Scope.of(function)
    names = [each.id for each in nodes_in(default) if isinstance(each, ast.Name)]
    values = {name: scope.lookup(name) for name in names}
    if any(isinstance(each, ast.Call | ast.Lambda | ast.comprehension | ast.Await) for each in nodes_in(default)):
        return all(isinstance(each, types.ModuleType | type | types.BuiltinFunctionType) for each in values.values())
    if not names:
        return True
    try:
        now = eval(compile(ast.Expression(default), "<default>", "eval"), {"__builtins__": {}}, values)
    except Exception:
        return False  # what it read is gone, or stood in the body of a class
    if now is held or type(now) is not type(held):
        return now is held
    written = literal(held) or _array_text(held, function)
    return written is not None and (literal(now) or _array_text(now, function)) == written


def _array_text(value: object, function: types.FunctionType) -> str | None:
    """What makes an array, as the function's module would write it; None for a large one, or one of other things than numbers."""
    shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    is_array = type(value).__module__ == "numpy" and isinstance(shape, tuple) and dtype is not None
    if not is_array or dtype is None or getattr(value, "size", 0) > MOST_WRITTEN:
        return None
    library = next((name for name, each in function.__globals__.items() if each is sys.modules["numpy"]), None)
    listed = literal(getattr(value, "tolist", list)())
    if library is None or listed is None or dtype.kind not in "fib" or "inf" in listed or "nan" in listed:
        return None
    return f"{library}.array({listed})" if dtype.str in PLAIN else f'{library}.array({listed}, dtype="{dtype.name}")'


def _defaults_in(args: ast.arguments) -> dict[str, ast.expr]:
    ordered = [*args.posonlyargs, *args.args]
    found = {arg.arg: each for arg, each in zip(ordered[len(ordered) - len(args.defaults) :], args.defaults, strict=True)}
    return found | {arg.arg: each for arg, each in zip(args.kwonlyargs, args.kw_defaults, strict=True) if each is not None}
