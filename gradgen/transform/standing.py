"""Says which names hold the value of an expression for good, so that backward lines can read them: `c` for cos(x) after
`c = math.cos(x)`, and what gradgen has named itself.

Never looks into branches and loops, where a variable need not have been bound.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.simplify.keys import key_of
from gradgen.transform.plans import Hoist


@dataclass(slots=True)
class Standing:
    """The name for each expression, by its key. Those that gradgen gave (`given`) are asked for by later statements too."""

    outermost: frozenset[ir.Stmt] = frozenset()
    bindings: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    may_grow: bool = False

    def name_of(self, expr: ir.Expr) -> str | None:
        """The name that holds the value of an expression when the backward lines run."""
        return self.names.get(key_of(expr)) if self.names else None

    def note(self, stmt: ir.Stmt, hoists: Iterable[Hoist]) -> None:
        """The inner values of a statement that have got names of their own, before it and for good."""
        for hoist in hoists if self.may_grow and stmt in self.outermost else ():
            if hoist.style == "line" and hoist.kept is None and self.stays(hoist.expr) and isinstance(hoist.expr, ir.Op):
                if self.names.setdefault(key_of(hoist.expr), hoist.name) == hoist.name:
                    self.given.add(hoist.name)

    def stays(self, value: ir.Expr, also: tuple[str, ...] = ()) -> bool:
        """Whether an expression, and what is bound to it, has the same value throughout."""
        nodes = ir.walk(value)
        names = [*also, *(node.id for node in nodes if isinstance(node, ir.Name))]
        is_pure = all(isinstance(node, ir.Op | ir.Name | ir.Const) for node in nodes)
        return is_pure and all(self.bindings[name] <= 1 for name in names)


def standing_values(
    function: ir.Function, versions: Versions, may_grow: bool, mutated: frozenset[str] = frozenset()
) -> Standing:
    """What the function's own variables hold, but for those whose data is `mutated`; nothing where it may return before its last
    line."""
    returns = [node for node in found_in(function, ir.Exit) if node.kind == "return"]
    if returns != [function.body[-1]]:
        return Standing()
    bindings = Counter(version.name for version in versions.all if version.kind != "unbound")
    found = Standing(frozenset(function.body), bindings, may_grow=may_grow)
    for stmt in function.body:
        if isinstance(stmt, ir.Assign) and isinstance(stmt.target, ir.NameTarget) and isinstance(stmt.value, ir.Op):
            is_steady = not mutated.intersection((stmt.target.id, *(name.id for name in ir.names_read(stmt.value))))
            if is_steady and found.stays(stmt.value, (stmt.target.id,)):
                found.names.setdefault(key_of(stmt.value), stmt.target.id)
    return found
