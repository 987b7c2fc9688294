"""Which variables of generated text hold what it made to collect adjoints in.

Never looks at what is added to them.
"""
from __future__ import annotations

from gradgen.analyse.program import Program, Read
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.rules.carried import ZEROS, carried_helper


def collects(version: Version | None, program: Program, read: Read) -> bool:
    """Whether a variable of a function surely holds what a helper made to collect an adjoint in, there or in a function that it
    calls: plain lists, dicts and namespaces."""
    waiting, seen = [(version, read)], set[Version]()
    while waiting:
        each, around = waiting.pop()
        if each is None or each.kind not in ("assign", "store", "phi"):
            return False
        seen.add(each)
        for source in each.sources if each.kind == "assign" else []:
            if isinstance(source, ir.Call) and carried_helper(source.target) in ZEROS:
                continue
            site = program.site(source, around, program.versions_in(around)) if isinstance(source, ir.Call) else None
            if site is None:
                return False
            inner = program.versions_in(site.read)
            results = [inner.of_read.get(stmt.value) if isinstance(stmt.value, ir.Name) else None for stmt in inner.returns]
            if not results:
                return False
            waiting += [(result, site.read) for result in results if result not in seen]
        before = [each.previous] if each.kind == "store" else each.sources if each.kind == "phi" else []
        waiting += [(source, around) for source in before if source not in seen and isinstance(source, Version)]
    return True
