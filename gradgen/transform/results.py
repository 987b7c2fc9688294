"""The names of a function's result, or of its results, and of the seeds that belong to them.

Never looks at kinds: a seed is called the same in every text of a function.
"""
from __future__ import annotations

import re
import types
from collections.abc import Iterable, Sequence

from gradgen.analyse.program import Analysed, Read
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.read.callables import stem_of
from gradgen.transform.guarding.hooks import name_adjoints
from gradgen.transform.names import Names


def names_of(analysed: Analysed, reserved: Iterable[str]) -> Names:
    """The names that a derivative of a function may not take for its own."""
    read, function = analysed.read, analysed.read.function
    names = Names({*read.parameters, *read.captures, *ir.names_bound(function.body), *names_outside(read), *reserved})
    name_adjoints(function, names)
    return names


def names_outside(read: Read) -> set[str]:
    """The names by which a function calls what stands outside of it, those too by which it calls operations that rows know."""
    named = {node.id.split(".")[0] for node in found_in(read.function, ir.Name)}
    waiting = [read.live.__code__]
    for code in waiting:
        waiting.extend(each for each in code.co_consts if isinstance(each, types.CodeType))
        named.update(code.co_freevars, (name for name in code.co_names if name in read.scope.global_names))
    return named


def outputs_of(analysed: Analysed, is_vjp: bool, names: Names) -> tuple[tuple[str, ...], bool]:
    """The names of the result or, for a vjp of a tuple, of the results, and whether it is these."""
    values = [stmt.value for stmt in analysed.versions.returns]
    name = _stem(analysed)
    if is_vjp and are_tuples(values) and len(set(_lengths(values))) == 1:
        columns = zip(*(value.items for value in values if isinstance(value, ir.Display)), strict=True)
        found: list[str] = []
        for index, column in enumerate(columns):
            common = _common_name(column)
            found.append(common if common is not None and common not in found else names.fresh(f"{name}_{index}"))
        return tuple(found), True
    result = _common_name(values)
    if result is not None and f"d{name}" not in names.taken and not _is_of_the_user(result, analysed.read):
        names.name_adjoint(result, f"d{name}")  # the seed is called after what the user has named
    return (result or _result_name(name, names),), False


def are_tuples(values: Sequence[ir.Expr | None]) -> bool:
    """Whether each return hands out a tuple that is written there."""
    return bool(values) and all(isinstance(value, ir.Display) and value.kind == "tuple" for value in values)


def seeds_of(analysed: Analysed, name: str, is_vjp: bool) -> tuple[str, ...]:
    """The names of the seeds of a derivative that is to be called `name`."""
    names = names_of(analysed, {name})
    return tuple(map(names.adjoint, outputs_of(analysed, is_vjp, names)[0]))


def _lengths(values: Sequence[ir.Expr | None]) -> list[int]:
    return [len(value.items) for value in values if isinstance(value, ir.Display)]


def _stem(analysed: Analysed) -> str:
    return stem_of(analysed.read.function.name, "f")


def _result_name(name: str, names: Names) -> str:
    if name not in names.taken:
        return names.fresh(name)
    value = names.fresh("value")
    if f"d{name}" not in names.taken:  # the seed is called after the function all the same
        names.name_adjoint(value, f"d{name}")
    return value


def _is_of_the_user(name: str, read: Read) -> bool:
    """Whether a variable stands in the text as it was written, before anything was spelled otherwise."""
    return re.search(rf"\b{re.escape(name)}\b", read.positions.written.text) is not None


def _common_name(values: Sequence[ir.Expr | None]) -> str | None:
    """The variable that all returned values are, or None."""
    named = {value.id if isinstance(value, ir.Name) and value.scope == "local" else None for value in values}
    return named.pop() if len(named) == 1 else None
