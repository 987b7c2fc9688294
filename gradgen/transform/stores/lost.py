"""Refuses stores into the copy that a mask makes, `w[w > 0][0] = x`, and operations that may overwrite what they are given.

Never looks at stores into the array itself.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.sharing.lending import is_copied, lent_by
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.nested import Nested, item_at
from gradgen.transform.planning import Planner

COPY = "a store into a copy of elements, which changes nothing: write `w[i, j] = x` in the place of `w[i][j] = x`"
OVERWRITING = "`{option}` where what it overwrites has a name; leave it out"


def refuse_hidden_changes(planner: Planner, function: ir.Function) -> None:
    """Every store into elements that an index array or a mask takes out of an array, and every operation that may overwrite what
    it is given."""
    if not planner.arrays.kinds.has_arrays:
        return
    activity = planner.activity
    for version in activity.versions.all:
        target = version.node
        if version.kind == "store" and isinstance(target, ir.ItemTarget) and version in activity.varied:
            if _is_lost(planner, target):
                planner.refusals.add("GG106", target.index.span, construct=COPY)
    for node in found_in(function, ir.Op, ir.Call):
        for option in _overwriting(node) if node.keywords else ():
            operands = (*node.args, *(value for _, value in node.keywords))
            if any(each in activity.varied for value in operands for each in lent_by(value, planner.arrays.kinds)):
                planner.refusals.add("GG106", node.span, construct=OVERWRITING.format(option=option))


def _is_lost(planner: Planner, target: ir.ItemTarget) -> bool:
    if not isinstance(target.index, Nested):
        return False
    path, base = target.index.path, target.base
    taken = ((item_at(base, path[:place]), path[place]) for place in range(len(path) - 1))
    return any(is_copied(held, index, planner.arrays.kinds) for held, index in taken)


def _overwriting(node: ir.Op | ir.Call) -> Iterator[str]:
    """The options that let an operation overwrite its operands: one that is False does not, nor does `copy` that is not."""
    for name, value in node.keywords:
        known = value.value if isinstance(value, ir.Const) else ...
        if name is not None and name.startswith("overwrite") and known not in (False, None):
            yield f"{name}={'True' if known is True else '...'}"
        elif name == "copy" and isinstance(node, ir.Op) and node.op == "nan_to_num" and known is not True:
            yield "copy=False"
