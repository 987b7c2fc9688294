"""The check at the start of a live function that its callees' names still stand for what it was written for.

Never part of a text: a saved one stands alone and has nothing to be rebound.
"""
from __future__ import annotations

import ast
import itertools
import types
from collections.abc import Callable, Collection, Sequence
from typing import Any

from gradgen.analyse.surroundings.watched import Binding

CHECK = """\
while True:
    try:
        if {tests}:
            break
    except (AttributeError, LookupError, NameError, TypeError):
        pass
    return {anew}
"""  # a name of its own would show among the function's values


def add_check(
    node: ast.FunctionDef | ast.AsyncFunctionDef, bindings: Sequence[Binding], again: Callable[..., Any],
    namespace: dict[str, Any], taken: Collection[str], stored: Collection[str],
) -> dict[str, types.CellType]:
    """Begin the function with a test whether each name still holds what it did, else AGAIN with its arguments; the cells of this.

    A name that leads nowhere any more holds something else. `namespace` is what the function's global names are looked up in;
    `taken` are the names that it and its surroundings have otherwise, `stored` those of its variables.
    """
    if not bindings:
        return {}
    own = _parameters(node.args) | set(stored)
    used = own | set(taken)
    cells: dict[str, types.CellType] = {}

    def kept(cell: types.CellType, stem: str) -> str:
        """The name by which the function reads a cell."""
        known = next((name for name, each in cells.items() if each is cell), None)
        numbered = (f"{stem}_{number}" for number in itertools.count(1))
        name = known or next(name for name in numbered if name not in used and name not in cells)
        cells[name] = cell
        return name

    owners = {id(each.owner): types.CellType(each.owner) for each in bindings}
    tests = []
    for binding in bindings:
        first, *rest = binding.path.split(".")
        if isinstance(binding.owner, dict) and first not in binding.owner:  # Python's own
            is_seen = binding.owner is namespace and first not in own
            names = "" if is_seen else kept(owners[id(binding.owner)], "names")
            tests.append(f"{first} is {kept(types.CellType(binding.held), 'held')}" if is_seen else f"{first!r} not in {names}")
            continue
        if isinstance(binding.owner, types.CellType):
            first = kept(binding.owner, "outer")
        elif binding.owner is not namespace or first in used:
            first = f"{kept(owners[id(binding.owner)], 'names')}[{first!r}]"
        found = ".".join([first, *rest]) + "".join(f"[{key!r}]" for key in binding.keys)
        held = kept(types.CellType(binding.held), "kind" if binding.is_kind else "held")
        test = f"{held}({found})" if binding.is_kind else f"{found} is {held}"
        same = "" if binding.number is None else f"{found} is {kept(types.CellType(binding.number), 'number')} or "
        tests.append(f"({same}{test})" if same else test)
    anew = f"{kept(types.CellType(again), 'again')}({_passed_on(node.args)})"
    check = ast.parse(CHECK.format(tests=" and ".join(tests), anew=anew)).body
    for each in itertools.chain.from_iterable(map(ast.walk, check)):
        ast.copy_location(each, node)
        if isinstance(each, ast.expr | ast.stmt):
            each.end_lineno, each.end_col_offset = each.lineno, each.col_offset
    has_docstring = isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
    node.body[int(has_docstring) : int(has_docstring)] = check
    return cells


def _parameters(args: ast.arguments) -> set[str]:
    return {arg.arg for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg] if arg is not None}


def _passed_on(args: ast.arguments) -> str:
    """A function's own parameters, as the arguments of a call with the same signature."""
    parts = [arg.arg for arg in (*args.posonlyargs, *args.args)]
    parts += [f"*{args.vararg.arg}"] if args.vararg else []
    parts += [f"{arg.arg}={arg.arg}" for arg in args.kwonlyargs]
    return ", ".join(parts + ([f"**{args.kwarg.arg}"] if args.kwarg else []))
