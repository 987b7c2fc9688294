"""Writes the drivers of Jacobians and Hessians whose directions are moved together, so many in each run of the function.

Never writes a derivative; what they call does.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.emit.blocks import Kinds, Lines, directions, list_of, returned, shape_of, shaped
from gradgen.emit.drivers import Call

MANY = 64
"""How many directions one run carries: more would save little, and take that many times the memory of one."""


def rows(kinds: Kinds) -> Lines:
    """The results along the unit directions of an array, of the array's shape twice."""
    def lines(call: Call) -> list[str]:
        x, = call.wrt
        found = call.local("rows")
        whole = "" if len(shape_of(kinds, x)) == 1 else f".reshape(2 * {x}.shape)"
        return [*_runs(call, kinds, found, ""), f"return np.concatenate({found}){whole}"]
    return lines


def columns(kinds: Kinds) -> Lines:
    """The tangents along the unit directions of an array: its axes come last."""
    def lines(call: Call) -> list[str]:
        x, = call.wrt
        found, whole = call.local("columns"), call.local("whole")
        made = [*_runs(call, kinds, found, "[1]"), f"{whole} = np.moveaxis(np.concatenate({found}), 0, -1)"]
        is_vector = len(shape_of(kinds, x)) == 1
        return [*made, f"return {whole}" if is_vector else f"return {whole}.reshape({whole}.shape[:-1] + {x}.shape)"]
    return lines


def hessian(kinds: Kinds, names: Sequence[str]) -> Lines:
    """A row of blocks for each argument: the gradient's tangents along its unit directions, the others at rest."""
    def lines(call: Call) -> list[str]:
        found, made, row = [], call.local("rows"), call.local("row")
        for name in names:
            target = call.local(f"by_{name}")
            if shape_of(kinds, name) == ():
                each = ", ".join(f"{row}[{place}][0]" for place in range(len(names)))
                found += [f"{row} = {_along(call, name, kinds, '1')}", f"{target} = {each}{',' if len(names) == 1 else ''}"]
                continue
            found += [*_runs_by(call, kinds, name, made, ""), f"{target} = ("]
            found += [f"    np.concatenate([{row}[{place}] for {row} in {made}]){shaped(kinds, name, other)},"
                      for place, other in enumerate(names)]
            found.append(")")
        return [*found, returned([call.local(f"by_{name}") for name in names], False)]
    return lines


def blocks(kinds: Kinds) -> Lines:
    """The tangents along the unit directions of each argument, the others at rest."""
    def lines(call: Call) -> list[str]:
        found, made = [], call.local("columns")
        for name in call.wrt:
            target = call.local(f"by_{name}")
            if shape_of(kinds, name) == ():
                found.append(f"{target} = {_along(call, name, kinds, '1')}[1][0]")
                continue
            found += _runs_by(call, kinds, name, made, "[1]")
            found.append(f"{target} = np.moveaxis(np.concatenate({made}), 0, -1)")
            if len(shape_of(kinds, name)) > 1:
                found.append(f"{target} = {target}.reshape({target}.shape[:-1] + {name}.shape)")
        return [*found, returned([call.local(f"by_{name}") for name in call.wrt], False)]
    return lines


def _runs_by(call: Call, kinds: Kinds, name: str, found: str, part: str) -> list[str]:
    """The runs of the function, each along so many of the directions of one argument."""
    units, some = call.local("directions"), call.local("some")
    moved = _along(call, name, kinds, f"len({some})")
    return [f"{units} = {directions(name, kinds)}",
            *list_of(found, f"{moved}{part}", some, f"np.split({units}, range({MANY}, {name}.size, {MANY}))")]


def _along(call: Call, name: str, kinds: Kinds, count: str) -> str:
    """The call along so many directions of one argument, the others at rest."""
    given = []
    for other, keyword in zip(call.wrt, call.keywords, strict=True):
        is_number = shape_of(kinds, other) == ()
        rest = f"np.zeros({count})" if is_number else f"np.zeros(({count}, *{other}.shape))"
        moving = f"np.ones({count})" if is_number else call.local("some")
        given.append(f"{keyword}={moving if other == name else rest}")
    return f"{call.name}({', '.join((*call.arguments, *given))})"


def _runs(call: Call, kinds: Kinds, found: str, part: str) -> list[str]:
    """The runs of the function, each along so many of the directions."""
    x, = call.wrt
    units, some = call.local("directions"), call.local("some")
    parts = f"np.split({units}, range({MANY}, {x}.size, {MANY}))"
    return [f"{units} = {directions(x, kinds)}", f"{found} = [{call.with_direction(some)}{part} for {some} in {parts}]"]
