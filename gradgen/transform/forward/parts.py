"""Which results of an operation are read, where one variable holds them all: `found = np.linalg.lstsq(a, b)`, then `found[0]`.

Never writes a tangent.
"""
from __future__ import annotations

from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir


def places_read(source: ir.Expr, versions: Versions) -> list[int] | None:
    """The places that are read of the variable that a value is assigned to; None where it may be read in another way."""
    version = next((each for each in versions.all if each.kind == "assign" and each.sources[:1] == [source]), None)
    if version is None or any(version in each.sources for each in versions.all):
        return None
    exprs = [part for each in versions.all for part in each.sources if isinstance(part, ir.Expr)]
    exprs += [end.value for end in versions.returns if end.value is not None]
    places: dict[ir.Name, int] = {}
    for expr in exprs:
        for node in ir.walk(expr):
            match node:
                case ir.Item(base=ir.Name() as base, index=ir.Const(value=int(place))) if versions.of_read.get(base) is version:
                    places[base] = place
    reads = {name for name, seen in versions.of_read.items() if seen is version}
    return sorted(set(places.values())) if reads == places.keys() and min(places.values(), default=0) >= 0 else None
