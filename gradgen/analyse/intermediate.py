"""Local variables that a gradient may be asked for: those bound once, by an assignment that every way past it runs.

Never refuses; what is no such variable is left out.
"""
from __future__ import annotations

from collections.abc import Iterable

from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir


def intermediates(function: ir.Function, versions: Versions) -> dict[str, Version]:
    """The local variables that are assigned exactly once, at the outer level of a function, and what they hold from there on."""
    bound: dict[str, list[Version]] = {}
    for version in versions.all:
        if version.kind != "unbound":
            bound.setdefault(version.name, []).append(version)
    targets = (stmt.target for stmt in function.body if isinstance(stmt, ir.Assign) and stmt.augmented is None)
    named = (node for target in targets for node in ir.walk(target) if isinstance(node, ir.NameTarget))
    found = {node.id: versions.of_node[node] for node in named if node in versions.of_node}
    return {name: version for name, version in found.items() if bound[name] == [version]}


def versions_asked_for(function: ir.Function, versions: Versions, wrt: Iterable[str]) -> dict[str, Version]:
    """The version that each name of a wrt stands for: a parameter's, or that of a local variable assigned once."""
    local = intermediates(function, versions)
    return {name: versions.of_parameter[name] if name in versions.of_parameter else local[name] for name in wrt}
