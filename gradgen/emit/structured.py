"""Writes the drivers of Jacobians and Hessians by, or of, structures: lists, dicts and records of numbers and arrays.

Never writes a derivative; what they call does.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.emit.blocks import list_of
from gradgen.emit.drivers import Call, Lines

UNITS, ROWS, COLUMNS = "unit_directions", "by_rows", "by_columns"
BY_ROWS, BY_COLUMNS = (UNITS, ROWS), (UNITS, COLUMNS)
"""What the drivers call: those of Hessians put rows together as well."""


def hessian(is_bare: bool) -> Lines:
    """A row of the gradient's tangents for each number of the arguments, in its structure twice; blocks by several of them."""
    def lines(call: Call) -> list[str]:
        rows, direction = call.local("rows"), call.local("direction")
        by = _together(call.wrt, is_bare)
        each = call.local("parts")
        found = list_of(rows, _along(call, direction, is_bare), direction, f"{call.helper(UNITS)}({by})")
        blocks = f"tuple(zip(*({call.helper(ROWS)}({each}, {by}) for {each} in zip(*{rows}))))"
        return [*found, f"return {call.helper(ROWS)}({rows}, {by})" if is_bare else f"return {blocks}"]
    return lines


def columns(is_bare: bool) -> Lines:
    """The results' tangents for each number of the arguments, in the results' structure and then the arguments'."""
    def lines(call: Call) -> list[str]:
        found, direction = call.local("columns"), call.local("direction")
        by = _together(call.wrt, is_bare)
        moved = f"{_along(call, direction, is_bare)}[1]"
        return [*list_of(found, moved, direction, f"{call.helper(UNITS)}({by})"), f"return {call.helper(COLUMNS)}({found}, {by})"]
    return lines


def rows(is_tuple: bool) -> Lines:
    """The gradients of each number of the results, in the results' structure; what has no seed hands the results out."""
    def lines(call: Call) -> list[str]:
        results, found, made = _each_row(call, is_tuple)
        return [*made, f"return {call.helper(ROWS)}({found}, {results})"]
    return lines


def vector(is_bare: bool, is_tuple: bool) -> Lines:
    """The gradients of each number of the results, which are a vector's elements."""
    def lines(call: Call) -> list[str]:
        _, found, made = _each_row(call, is_tuple)
        row = call.local("row")
        wholes = [f"np.array([{row}[{place}] for {row} in {found}])" for place in range(len(call.wrt))]
        return [*made, f"return np.array({found})" if is_bare else f"return {_together(wholes, False)[1:-1]}"]
    return lines


def _each_row(call: Call, is_tuple: bool) -> tuple[str, str, list[str]]:
    """The names of the results and of the rows, and the lines that make these; `is_tuple` where one result stands in a tuple."""
    is_one = len(call.keywords) == 1 and not is_tuple
    results = call.local(call.keywords[0].removeprefix("d") if is_one else "results")
    found, seed = call.local("rows", (results,)), call.local("seed", (results,))
    moved = _along(call, seed, is_one)
    first = f"{results} = {call.name}({', '.join(call.arguments)})"
    return results, found, [first, *list_of(found, moved, seed, f"{call.helper(UNITS)}({results})")]


def _together(names: Sequence[str], is_bare: bool) -> str:
    return names[0] if is_bare else f"({names[0]},)" if len(names) == 1 else f"({', '.join(names)})"


def _along(call: Call, direction: str, is_bare: bool) -> str:
    """The call along a direction in all of its tangents or seeds."""
    if is_bare:
        return call.with_direction(direction)
    given = (f"{keyword}={direction}[{place}]" for place, keyword in enumerate(call.keywords))
    return f"{call.name}({', '.join((*call.arguments, *given))})"


