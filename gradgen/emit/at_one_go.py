"""Writes the drivers of Jacobians and Hessians whose directions are moved together, so many in each run of the function.

Never writes a derivative; what they call does.
"""
from __future__ import annotations

from gradgen.emit.blocks import Kinds, Lines, directions, shape_of
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


def _runs(call: Call, kinds: Kinds, found: str, part: str) -> list[str]:
    """The runs of the function, each along so many of the directions."""
    x, = call.wrt
    units, some = call.local("directions"), call.local("some")
    parts = f"np.split({units}, range({MANY}, {x}.size, {MANY}))"
    return [f"{units} = {directions(x, kinds)}", f"{found} = [{call.with_direction(some)}{part} for {some} in {parts}]"]
