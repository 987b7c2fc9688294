"""Says which variables hold the value of an expression for good, so that backward lines can read them: `c` for cos(x) after
`c = math.cos(x)`.

Never looks into branches and loops, where a variable need not have been bound.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.simplify.keys import key_of


def standing_values(function: ir.Function, versions: Versions) -> Mapping[str, str]:
    """The variable for each expression, by its key; none where the function may return before its last line."""
    returns = [node for node in ir.nodes_of(function) if isinstance(node, ir.Exit) and node.kind == "return"]
    if returns != [function.body[-1]]:
        return {}
    bindings = Counter(version.name for version in versions.all if version.kind != "unbound")
    found: dict[str, str] = {}
    for stmt in function.body:
        if not (isinstance(stmt, ir.Assign) and isinstance(stmt.target, ir.NameTarget) and isinstance(stmt.value, ir.Op)):
            continue
        nodes = list(ir.walk(stmt.value))
        names = [stmt.target.id, *(node.id for node in nodes if isinstance(node, ir.Name))]
        if all(isinstance(node, ir.Op | ir.Name | ir.Const) for node in nodes) and all(bindings[name] <= 1 for name in names):
            found.setdefault(key_of(stmt.value), stmt.target.id)
    return found
