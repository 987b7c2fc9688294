"""The backward plan of one statement, as data: what is named, which lines run, which adjoints are added to.

Never settles a value and never writes a line.
"""
from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Literal

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field, replace
from gradgen.simplify.fold import same
from gradgen.transform.expressions.contributions import CallLine, Pair, Requirement, Temporary
from gradgen.transform.expressions.evaluation import rebuilt
from gradgen.transform.expressions.terms import Term


@dataclass(frozen=True, slots=True)
class Hoist:
    """An inner value of the forward part that gets a name: on a line before the statement, or in place by `(name := ...)`; or
    that is read by the name that the same value got elsewhere in the statement (`again`). The statement goes on with a `copy`
    where the data would change under the name."""

    name: str
    expr: ir.Expr
    style: Literal["line", "walrus", "call", "again"]
    kept: str | None = None
    pair: Pair | None = None
    copy: ir.Expr | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """`d<base> += terms`, at `path` inside of it where the variable is a container."""

    base: str
    path: tuple[ir.Expr, ...]
    terms: tuple[Term, ...]
    is_container: bool = False


Path = tuple[ir.Expr, ...]
Taken = tuple[str, str, Path]
"""A variable, the container whose element it takes, and the way to that element."""


@dataclass(frozen=True, slots=True)
class Loop:
    """The backward part of a comprehension: its generators around the plan of its element.

    `items` say which variable takes which container's element; `rows` are those among them that are containers themselves.
    """

    generators: tuple[ir.Generator, ...]
    counter: str | None
    inner: Plan
    items: tuple[Taken, ...]
    rows: frozenset[str] = frozenset()


@dataclass(slots=True)
class Plan:
    """The backward part of a statement, before it is known which adjoints already stand."""

    stmt: ir.Stmt
    heading: str
    killed: tuple[str, ...]
    hoists: list[Hoist] = field(default_factory=list)
    values: list[Temporary] = field(default_factory=list)
    temporaries: list[Temporary | CallLine] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    kept_names: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    reached: list[tuple[ir.Op, Term]] = field(default_factory=list)  # operations with names, and the adjoints that reach them
    opening: list[ir.Stmt] = field(default_factory=list)
    cleared: list[ir.Stmt] = field(default_factory=list)
    then: list[Plan] = field(default_factory=list)
    needs: str | None = None
    also_needs: tuple[str, ...] = ()
    index: ir.Expr | None = None  # where a store goes, as backward lines say it
    ends: bool = False
    reads: set[str] = field(default_factory=set)
    reads_result: bool = False
    new: dict[str, str] = field(default_factory=dict)  # the variables whose old and new values are read, by names of the latter

    @property
    def is_empty(self) -> bool:
        has_lines = self.values or self.temporaries or self.requirements or self.updates or self.loops
        return not (has_lines or self.cleared or self.opening or self.then or self.ends)

    @property
    def contributed(self) -> set[str]:
        """The variables whose adjoints the plan adds to."""
        found = {update.base for update in self.updates}
        if self.needs is not None:
            found.update((self.needs, *self.also_needs))
        for loop in self.loops:
            own = {node.id for each in loop.generators for node in ir.walk(each.target) if isinstance(node, ir.NameTarget)}
            found |= (loop.inner.contributed - own) | {base for _, base, _ in loop.items}
        return found


def same_path(left: tuple[ir.Expr, ...], right: tuple[ir.Expr, ...]) -> bool:
    """Whether two places inside of a container are the same."""
    return len(left) == len(right) and all(map(same, left, right))


def taken_apart(plan: Plan, taken: str, place: ir.Item, base: str) -> bool:
    """Where only lines before the additions to the adjoint of `base` read what was taken out of it, they read it in place:
    `taken` stands for `place` there, and those additions come last. Says whether that could be done."""
    def in_place(expr: ir.Expr) -> ir.Expr:
        if isinstance(expr, ir.Name):
            return place if expr.id == taken else expr
        return rebuilt(expr, in_place)

    own = [update for update in plan.updates if update.base == base]
    reading = (term.adjoint for update in own for term in update.terms if term.adjoint is not None)
    if plan.loops or any(name.id == taken for adjoint in reading for name in ir.names_read(adjoint)):
        return False
    for line in plan.temporaries:
        if isinstance(line, CallLine):
            return False
        line.value = in_place(line.value)
    others = [update for update in plan.updates if update.base != base]
    moved = [
        replace(update, terms=tuple(
            replace(term, adjoint=None if term.adjoint is None else in_place(term.adjoint)) for term in update.terms
        ))
        for update in others
    ]
    plan.updates = [*moved, *own]
    return True


def plan_reads(plan: Plan, variables: frozenset[str], shaped: Container[str] = ()) -> set[str]:
    """The user's variables that the lines of a plan read; `shaped` are those whose shape alone an adjoint of nothing takes."""
    found: set[str] = set()

    def add(expr: ir.Expr | None) -> None:
        if isinstance(expr, ir.Name):
            if expr.id in variables:
                found.add(expr.id)
        elif expr is not None and not isinstance(expr, ir.Const):
            inside = ir.walk(expr)
            own = {node.id for node in inside if isinstance(node, ir.NameTarget)}  # of comprehensions in it
            found.update(node.id for node in inside if isinstance(node, ir.Name) and node.id in variables and node.id not in own)

    for line in (*plan.values, *plan.temporaries):
        if isinstance(line, CallLine):
            parts = (*line.arguments, *(value for _, value in line.keywords))
        else:
            parts = (line.value, *line.path)
        for part in (*parts, *line.guards):
            add(part)
    for requirement in plan.requirements:
        for part in (requirement.test, *requirement.guards):
            add(part)
    for update in plan.updates:
        for key in update.path:
            add(key)
        if update.is_container and update.base not in shaped:
            found.add(update.base)
        for term in update.terms:
            for factor in (*term.numerator, *term.denominator, *term.guards, term.adjoint):
                add(factor)
    found.update(name for name in (plan.needs, *plan.also_needs) if name and name not in shaped)
    return found


def shapes_read(plan: Plan, reads: set[str], others: set[str], variables: frozenset[str], arrays: Container[str]) -> set[str]:
    """The arrays, of those that the lines of a plan read, of which they need the shape only; `others` are read besides."""
    values = plan_reads(plan, variables, arrays).union(others, *(loop_reads(loop, variables) for loop in plan.loops))
    lines = (*plan.opening, *plan.cleared, *(line for inner in plan.then for line in (*inner.opening, *inner.cleared)))
    values |= {name.id for line in lines for name in ir.names_read(line)}.union(*(inner.reads for inner in plan.then))
    return {name for name in reads - values if name in arrays}


def loop_reads(loop: Loop, variables: frozenset[str]) -> set[str]:
    """The user's variables that the backward loop of a comprehension reads."""
    own = {node.id for g in loop.generators for node in ir.walk(g.target) if isinstance(node, ir.NameTarget)}
    found = {name.id for g in loop.generators for part in (g.iterable, *g.conditions) for name in ir.names_read(part)}
    found |= plan_reads(loop.inner, variables)
    for inner in loop.inner.loops:
        found |= loop_reads(inner, variables)
    return {name for name in found if name in variables} - own


def names_target(names: Sequence[str]) -> ir.Target:
    """What a kept value, or several kept as a tuple, are bound to."""
    return ir.NameTarget(names[0]) if len(names) == 1 else ir.TupleTarget(tuple(map(ir.NameTarget, names)))
