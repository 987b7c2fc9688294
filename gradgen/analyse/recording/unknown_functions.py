"""Calls of functions that were compared with those which are known, and are none of these: `if f is sin: y = sin(x)`,
`else: y = f(x)`.

Never says what is known of a function.
"""
from __future__ import annotations

from gradgen.analyse.activity import Activity
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in


def raising_in(function: ir.Function, versions: Versions, facts: Activity | None) -> set[ir.Call]:
    """Those whose results are active: generated code raises in their place. Without facts all of them."""
    found: set[ir.Call] = set()
    for branch in found_in(function, ir.Branch):
        match branch.test, branch.orelse:
            case (
                ir.Compare(ops=("is",), operands=(ir.Name(id=asked), ir.Name(scope="global" | "free"))),
                (ir.Assign(target=ir.NameTarget() as target, value=ir.Call(func=ir.Name(id=called, scope="local")) as call),),
            ) if asked == called:
                if facts is None or facts.is_active_version(versions.of_node.get(target)):
                    found.add(call)
    return found
