"""What a live function does with arguments of other kinds than it was written for: it hands them on to be written for anew.

Never part of a text: a saved one raises TypeError there.
"""
from __future__ import annotations

import ast
import itertools
import types
from collections.abc import Callable, Collection, Sequence
from typing import Any

from gradgen.errors import KindsError
from gradgen.ir.frozen import dataclass

SHAPES = "check_shapes"


@dataclass(frozen=True, slots=True)
class First:
    """What is called with arguments that are not of the `usual` class, or classes: with those of these names, or with any."""

    look: Callable[[Any], None]
    usual: Any
    names: Collection[str] | None = None
    is_of_dtypes: bool = False


def add_handler(
    node: ast.FunctionDef | ast.AsyncFunctionDef, other: Callable[..., Any], stored: Collection[str], used: set[str],
    first: Sequence[First] = (),
) -> dict[str, types.CellType]:
    """Put the function's body into `try: ... except KindsError as error: return OTHER(error, its arguments)`; the cells that this
    reads. A try costs nothing where nothing is raised. `stored` are the names that the function binds anew, `used` all that it
    has; those that it gets here are added. Each `first` looks at arguments before anything that could not be done twice; it may
    raise the error."""
    parameters = [arg.arg for arg in _parameters(node.args)]
    used.update(parameters)

    def fresh(stem: str) -> str:
        name = next(name for number in itertools.count(1) if (name := f"{stem}_{number}") not in used)
        used.add(name)
        return name

    error, kinds_error, called = fresh("error"), fresh("KindsError"), fresh("other")
    given = {name: fresh(name) if name in stored else name for name in parameters}
    kept = [f"{held} = {name}" for name, held in given.items() if held != name]
    anew = f"return {called}({error}{_passed_on(node.args, given)})"
    lines = [*kept, "try:", "    pass", f"except {kinds_error} as {error}:", f"    {anew}"]
    added = ast.parse("\n".join(lines)).body
    kind_of = fresh("type")  # the function may have variables of these names
    standing_for: dict[str, object] = {}
    tests: list[str] = []
    for each in first:
        usual, looked = fresh("usual"), fresh("first")
        standing_for |= {usual: each.usual, looked: each.look}
        asked = [name for name in parameters if each.names is None or name in each.names]
        is_other = "not in" if isinstance(each.usual, tuple) else "is not"
        kinds = [(name, f"{name}.dtype" if each.is_of_dtypes else f"{kind_of}({name})") for name in asked]
        tests += [f"if {kind} {is_other} {usual}:\n    {looked}({name})" for name, kind in kinds]
    looking = ast.parse("\n".join(tests)).body
    has_docstring = isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
    docstring, body = node.body[: int(has_docstring)], node.body[int(has_docstring) :]
    for statement in (*added, *looking):
        for node_inside in ast.walk(statement):
            ast.copy_location(node_inside, body[0])
    trying = added[-1]
    assert isinstance(trying, ast.Try)
    absent, told = fresh("absent"), fresh("told")
    trying.body = [*looking, *_looked_into(body, absent, error, told)]
    node.body = [*docstring, *added]
    standing_for |= {kinds_error: KindsError, called: other, kind_of: type}
    standing_for |= {absent: (LookupError, AttributeError, TypeError), told: _of_other_kind}
    return {name: types.CellType(value) for name, value in standing_for.items()}


def _looked_into(body: list[ast.stmt], absent: str, error: str, told: str) -> list[ast.stmt]:
    """The body with its check of the arguments in a `try`: one that has not the keys, the length or the attributes that the check
    reads is of another kind too."""
    place = next((place for place, statement in enumerate(body) if _is_check(statement)), None)
    if place is None:
        return body
    trying = ast.parse(f"try:\n    pass\nexcept {absent} as {error}:\n    raise {told}({error}) from None").body[0]
    assert isinstance(trying, ast.Try)
    for each in ast.walk(trying):
        ast.copy_location(each, body[place])
    trying.body = [body[place]]
    return [*body[:place], trying, *body[place + 1 :]]


def _is_check(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name == SHAPES
    return False


def _of_other_kind(error: Exception) -> KindsError:
    """What is raised where looking at an argument raised the error."""
    return error if isinstance(error, KindsError) else KindsError(f"no argument that this code is for: {error!r}")


def _parameters(args: ast.arguments) -> list[ast.arg]:
    named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    return [*named, *(each for each in (args.vararg, args.kwarg) if each is not None)]


def _passed_on(args: ast.arguments, given: dict[str, str]) -> str:
    """The arguments as they came, by name where that can be."""
    parts = [given[arg.arg] for arg in args.posonlyargs]
    if args.vararg is not None:
        parts += [*(given[arg.arg] for arg in args.args), f"*{given[args.vararg.arg]}"]
    else:
        parts += [f"{arg.arg}={given[arg.arg]}" for arg in args.args]
    parts += [f"{arg.arg}={given[arg.arg]}" for arg in args.kwonlyargs]
    parts += [f"**{given[args.kwarg.arg]}"] if args.kwarg is not None else []
    return "".join(f", {part}" for part in parts)
