"""Says which names hold the value of an expression for good, so that backward lines can read them: `c` for cos(x) after
`c = math.cos(x)`, and what gradgen has named itself.

Never looks into branches and loops, where a variable need not have been bound.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set

from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.rules.registry import rules_for
from gradgen.simplify.keys import key_of
from gradgen.transform.expressions.evaluation import conditional_nodes
from gradgen.transform.lines.naming import with_names
from gradgen.transform.lines.plans import Hoist
from gradgen.transform.names import Names

CALL_COST = 10
PURE: frozenset[type] = frozenset({ir.Op, ir.Name, ir.Const})


@dataclass(slots=True)
class Standing:
    """The name for each expression, by its key; what variables that are `rebound` held is gone. The names that gradgen gave
    (`given`) are asked for by later statements too."""

    outermost: frozenset[ir.Stmt] = frozenset()
    bindings: Counter[str] = field(default_factory=Counter)
    rebound: frozenset[str] = frozenset()
    names: dict[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    may_grow: bool = False

    def name_of(self, expr: ir.Expr) -> str | None:
        """The name that holds the value of an expression when the backward lines run."""
        return self.names.get(key_of(expr)) if self.names else None

    def named(self) -> dict[str, str]:
        """The name that gradgen gave to each value, by its key: lines of earlier statements may read it too."""
        return {key: name for key, name in self.names.items() if name in self.given}

    def note(self, stmt: ir.Stmt, hoists: Iterable[Hoist]) -> None:
        """The inner values of a statement that have got names of their own, before it and for good."""
        for hoist in hoists if self.may_grow and stmt in self.outermost else ():
            if hoist.style == "line" and hoist.kept is None and self.stays(hoist.expr) and isinstance(hoist.expr, ir.Op):
                if self.names.setdefault(key_of(hoist.expr), hoist.name) == hoist.name:
                    self.given.add(hoist.name)

    def is_of_the_user(self, value: ir.Expr) -> bool:
        """Whether an expression is made of variables of the user's that are bound once, and of names given for good."""
        known = (name.scope == "global" or self.bindings[name.id] == 1 or name.id in self.given for name in ir.names_read(value))
        return self.stays(value) and all(known)

    def stays(self, value: ir.Expr, also: tuple[str, ...] = ()) -> bool:
        """Whether an expression, and what is bound to it, has the same value throughout."""
        nodes = ir.walk(value)
        names = [*also, *(node.id for node in nodes if isinstance(node, ir.Name))]
        return PURE.issuperset(map(type, nodes)) and self.rebound.isdisjoint(names)


def standing_values(
    function: ir.Function, versions: Versions, may_grow: bool, mutated: frozenset[str] = frozenset()
) -> Standing:
    """What the function's own variables hold, but for those whose data is `mutated`; nothing where it may return before its last
    line."""
    returns = [node for node in found_in(function, ir.Exit) if node.kind == "return"]
    if returns != [function.body[-1]]:
        return Standing()
    bindings = Counter(version.name for version in versions.all if version.kind != "unbound")
    rebound = frozenset(name for name, count in bindings.items() if count > 1)
    found = Standing(frozenset(function.body), bindings, rebound, may_grow=may_grow)
    for stmt in function.body:
        if isinstance(stmt, ir.Assign) and isinstance(stmt.target, ir.NameTarget) and isinstance(stmt.value, ir.Op):
            names = (stmt.target.id, *(name.id for name in ir.names_read(stmt.value))) if mutated else ()
            if mutated.isdisjoint(names) and found.stays(stmt.value, (stmt.target.id,)):
                found.names.setdefault(key_of(stmt.value), stmt.target.id)
    return found


def called_once(lines: list[ir.Stmt], standing: Standing, names: Names, target: str) -> list[ir.Stmt]:
    """The backward lines with what several of them would call by name in the same words called in a line before the first."""
    done: set[str] = set()
    while standing.may_grow and standing.outermost:
        found = _first_of_several(lines, standing, done)
        if found is None:
            break
        at, op = found
        done.add(key_of(op))
        name = names.of_value(ir.Op(op.op, op.args, spelling=op.spelling or op.op), target, None)
        lines = [*lines[:at], ir.Assign(ir.NameTarget(name), op), *with_names(lines[at:], {key_of(op): name})]
    return lines


def _first_of_several(lines: list[ir.Stmt], standing: Standing, done: Set[str]) -> tuple[int, ir.Op] | None:
    """What several lines would call in the same words, but for what is `done`, and the place of the first of them."""
    found: dict[str, list[tuple[int, ir.Op]]] = {}
    for place, line in enumerate(lines):
        for op in _called_in(line.value) if isinstance(line, ir.Assign) else ():
            found.setdefault(key_of(op), []).append((place, op))
    for key, ((at, op), *others) in found.items():
        if key not in done and any(place != at for place, _ in others) and standing.is_of_the_user(op):
            return at, op
    return None


def _called_in(value: ir.Expr) -> list[ir.Op]:
    """The costly operations that are done each time that a value is computed: functions called by name, powers but squares and
    cubes."""
    costly = [node for node in ir.walk(value) if type(node) is ir.Op and _is_costly(node)]
    maybe = set(conditional_nodes(value)) if costly else ()
    return [node for node in costly if node not in maybe]


def _is_costly(op: ir.Op) -> bool:
    if op.op == "pow":
        return not (isinstance(op.args[1], ir.Const) and op.args[1].value in (2, 3))
    rules = rules_for(op.op)
    return bool(rules) and rules[0].cost >= CALL_COST
