"""Writes the backward lines of one plan: each adjoint assigned at its first contribution and added to later.

Never looks at control flow between statements.
"""
from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import Holder, Kind
from gradgen.ir.queries import is_name, reads
from gradgen.simplify.fold import negated
from gradgen.transform.arrays.results_read import zeros_of_results
from gradgen.transform.expressions.contributions import CallLine, Temporary
from gradgen.transform.expressions.totals import sum_of
from gradgen.transform.lines.naming import Named, with_names
from gradgen.transform.lines.plans import Loop, Plan, Taken, Update
from gradgen.transform.lines.renaming import rebuilt_from_parts, with_adjoint_renamed, with_name
from gradgen.transform.lines.sharing import shared_lines
from gradgen.transform.lines.spelling import (
    ZERO,
    Groups,
    addition,
    all_of,
    as_target,
    begun_at_once,
    by_guards,
    conditional,
    is_opposite,
    joined,
    merge_guarded,
    placed,
    spread,
    under_their_tests,
    zeros_of,
)
from gradgen.transform.loops.counting import along
from gradgen.transform.names import Names

State = set[str]
Line = Temporary | CallLine | Update


class PlanWriter:
    """Writes plans; `state` is the set of variables whose adjoints stand, and is changed; `lasting` ones stay in it."""

    def __init__(
        self, names: Names, containers: frozenset[str], place: str, output: str, is_plain: bool, arrays: Mapping[str, Kind],
        lasting: frozenset[str] = frozenset(), held: Mapping[str, Holder] | None = None, named: Mapping[str, str] | None = None,
    ) -> None:
        self.held = held or {}
        self.named = Named.of(named or {})
        self.output = output
        self.is_plain = is_plain
        self.arrays = arrays
        self.lasting = lasting
        self.names = names
        self.containers = containers
        self.place = place
        self.helpers: set[str] = set()

    def write(self, plan: Plan, state: State) -> list[ir.Stmt]:
        """The lines of one plan."""
        killed = set(plan.killed)
        if is_dead(plan, state):
            return []
        unset = sorted(killed - state)
        nothing = {self.names.adjoint(name) for name in unset if name in self.arrays and name not in self.containers}
        plan = without_parts(plan, nothing) if nothing else plan
        lines: list[ir.Stmt] = [self.zero(name) for name in unset if reads_adjoint(plan, self.names.adjoint(name))]
        rebuilt = rebuilt_from_parts(plan, self.containers)
        for adjoint in map(self.names.adjoint, rebuilt):
            if reads_adjoint(plan, adjoint):
                old = self.names.numbered(adjoint)
                lines.append(ir.Assign(ir.NameTarget(old), ir.Name(adjoint)))
                plan = with_adjoint_renamed(plan, adjoint, old)
        for name in rebuilt:
            killed.discard(name)
            state.add(name)
            lines.append(self.zero(name))
        updates = list(plan.updates)
        for needed in (plan.needs, *plan.also_needs):
            if needed is not None and needed not in state:
                state.add(needed)
                lines.append(self.zero(needed))
        for value in plan.values:
            lines.append(ir.Assign(ir.NameTarget(value.name), conditional(value.value, value.guards)))
        lines.extend(plan.opening)
        for requirement in plan.requirements:
            tests = (*requirement.guards, negated(requirement.test))
            lines.append(ir.Branch(all_of(tests), (self.refusal(requirement.message),), ()))
        group = self.group(plan, updates, killed, state)
        temporaries = list(itertools.takewhile(lambda line: not isinstance(line, Update), group))
        rest = group[len(temporaries) :]
        for index in range(len(temporaries)):
            temporary = temporaries[index]
            if isinstance(temporary, CallLine):
                in_loops = (Temporary("", adjoint, ()) for loop in plan.loops for adjoint in adjoints_in(loop.inner))
                later = [*temporaries[index + 1 :], *in_loops]
                rest = self.call(temporary, rest, killed, state, lines, later)
            elif isinstance(temporary, Temporary):
                is_looped = any(reads_adjoint(loop.inner, temporary.name) for loop in plan.loops)
                handed = None if is_looped else self.handed_on(temporary, rest, killed, state)
                if handed is not None:
                    rest.remove(handed)
                    state.add(handed.base)
                    adjoint = self.names.adjoint(handed.base)
                    temporaries = [with_name(line, temporary.name, adjoint) for line in temporaries]
                    rest = [with_name(line, temporary.name, adjoint) for line in rest]
                    temporary = replace(temporary, name=adjoint)
                lines.append(self.temporary(temporary))
        own = [each for each in rest if isinstance(each, Update) and each.base in killed]
        written: list[ir.Stmt] = []
        for each in rest:
            if isinstance(each, Temporary):
                written.append(self.temporary(each))
            elif isinstance(each, Update) and each.base not in killed:
                written.extend(self.update(each, state))
        lines.extend(line for line in written if not isinstance(line, ir.Branch))
        lines.extend(line for line in written if isinstance(line, ir.Branch))
        for loop in plan.loops:
            lines.extend(self.loop(loop, state))
        lines.extend(self.renewals(own))
        for name in killed - plan.contributed - self.lasting:
            state.discard(name)
        state.update(update.base for update in own)
        lines.extend(plan.cleared)
        lines = with_names(lines, plan.named, self.named)
        for inner in plan.then:
            lines.extend(self.write(inner, state))
        return merge_guarded(lines if self.is_plain else under_their_tests(begun_at_once(lines)))

    def group(self, plan: Plan, updates: Sequence[Update], killed: set[str], state: State) -> list[Line]:
        """Temporaries, then updates, those of variables that the statement rebinds last; what they have in common is shared."""
        ordered = [update for update in updates if update.base not in killed] + [each for each in updates if each.base in killed]
        lines: list[Line] = [*plan.temporaries, *ordered]
        if self.is_plain:
            return lines
        fresh = frozenset(update.base for update in updates if update.base not in state and update.base not in killed)
        target = next(iter(plan.killed), plan.needs or self.output)
        return shared_lines(lines, fresh, frozenset(killed), self.names, target, plan.reached)

    def handed_on(self, line: Temporary, rest: Sequence[Line], killed: set[str], state: State) -> Update | None:
        """The update that a line of its own is all of, where the adjoint may have its name: `db = ...` for `w = ...; db = w`."""
        updates = [each for each in rest if isinstance(each, Update)]
        update = next((each for each in updates if _is_just(each, line.name)), None)
        if update is None or line.guards or line.path or update.base in state | killed:
            return None
        is_sole = sum(each.base == update.base for each in updates) == 1
        return update if is_sole and (not update.is_container or update.base in self.arrays) else None

    @staticmethod
    def temporary(line: Temporary) -> ir.Stmt:
        if not line.path:
            return ir.Assign(ir.NameTarget(line.name), conditional(line.value, line.guards))
        place = placed(ir.Name(line.name), line.path)
        assigned = ir.Assign(as_target(place), line.value)
        return ir.Branch(all_of(line.guards), (assigned,), ()) if line.guards else assigned

    def refusal(self, message: str) -> ir.Stmt:
        self.helpers.add("NonDifferentiableError")
        error = ir.Call(ir.Name("NonDifferentiableError", "global"), (ir.Const(self.place + message),))
        return ir.Exit("raise", error)

    def zero(self, name: str) -> ir.Stmt:
        """The adjoint of a variable, started from nothing."""
        return ir.Assign(ir.NameTarget(self.names.adjoint(name)), self.zero_value(name))

    def zero_value(self, name: str) -> ir.Expr:
        if name in self.arrays and name not in self.containers:
            return zeros_of(name, self.arrays[name])
        if name not in self.containers:
            return ZERO
        if name in self.held:
            return zeros_of_results(name, self.held[name])
        self.helpers.add("zeros_like")
        return ir.Call(ir.Name("zeros_like", "global"), (ir.Name(name),))

    def collected(self, place: ir.Expr, adjoint: ir.Expr) -> ir.Stmt:
        """The line that adds the adjoint of a container to another, element by element."""
        self.helpers.add("accumulate")
        return ir.Evaluate(ir.Call(ir.Name("accumulate", "global"), (place, adjoint)))

    # --- contributions ---

    def update(self, update: Update, state: State) -> list[ir.Stmt]:
        """`dx = ...` at the first contribution, `dx += ...` later."""
        adjoint = self.names.adjoint(update.base)
        if update.is_container:
            return self.container_update(update, state)
        groups = by_guards(spread(update.terms, update.base in state))
        if update.base not in state:
            state.add(update.base)
            if len(groups) == 1 or (len(groups) == 2 and is_opposite(groups[0][0], groups[1][0])):
                return [ir.Assign(ir.NameTarget(adjoint), self.joined(update.base, groups))]
            free = [group for group in groups if not group[0]]
            rest = [group for group in groups if group[0]]
            first = ir.Assign(ir.NameTarget(adjoint), self.joined(update.base, free))
            return [first, *self.additions(ir.NameTarget(adjoint), ir.Name(adjoint), rest)]
        return self.additions(ir.NameTarget(adjoint), ir.Name(adjoint), groups)

    def joined(self, name: str, groups: Groups) -> ir.Expr:
        """All contributions to a variable's adjoint in one expression."""
        if name not in self.arrays:
            return joined(groups)
        found = joined(groups, self.zero_value(name))
        return self.zero_value(name) if isinstance(found, ir.Const) and found.value == 0 else found

    def additions(
        self, target: ir.NameTarget | ir.ItemTarget | ir.AttributeTarget, old: ir.Expr, groups: Groups
    ) -> list[ir.Stmt]:
        lines: list[ir.Stmt] = []
        for guards, terms in groups:
            added = addition(target, old, sum_of(terms))
            lines.append(ir.Branch(all_of(guards), (added,), ()) if guards else added)
        return lines

    def container_update(self, update: Update, state: State) -> list[ir.Stmt]:
        adjoint: ir.Expr = ir.Name(self.names.adjoint(update.base))
        lines: list[ir.Stmt] = []
        groups = by_guards(update.terms)
        if not update.path:
            return self.whole_container(update, groups, state)
        if update.base not in state:
            state.add(update.base)
            lines.append(self.zero(update.base))
        target = placed(adjoint, update.path)
        return [*lines, *self.additions(as_target(target), target, groups)]

    def whole_container(self, update: Update, groups: Groups, state: State) -> list[ir.Stmt]:
        """A plain copy of a container hands its adjoint on."""
        adjoint = self.names.adjoint(update.base)
        lines: list[ir.Stmt] = []
        for guards, terms in groups:
            for term in terms:
                assert term.adjoint is not None and not term.complexity and term.coefficient == 1
                if update.base not in state and not guards:
                    state.add(update.base)
                    lines.append(ir.Assign(ir.NameTarget(adjoint), term.adjoint))
                    continue
                if update.base not in state:
                    state.add(update.base)
                    lines.append(self.zero(update.base))
                added = self.collected(ir.Name(adjoint), term.adjoint)
                lines.append(ir.Branch(all_of(guards), (added,), ()) if guards else added)
        return lines

    def renewals(self, updates: Sequence[Update]) -> list[ir.Stmt]:
        """Adjoints of variables that the statement itself rebinds: read before any of them is written."""
        lines: list[ir.Stmt] = []
        pairs = [
            (self.names.adjoint(each.base), self.joined(each.base, by_guards(spread(each.terms, False)))) for each in updates
        ]
        remaining = [pair for pair in pairs if not (isinstance(pair[1], ir.Name) and pair[1].id == pair[0])]
        while remaining:
            free = next((pair for pair in remaining if not _is_read_by_others(pair[0], remaining)), None)
            if free is None:
                target = ir.TupleTarget(tuple(ir.NameTarget(name) for name, _ in remaining))
                return [*lines, ir.Assign(target, ir.Display("tuple", tuple(value for _, value in remaining)))]
            lines.append(ir.Assign(ir.NameTarget(free[0]), free[1]))
            remaining.remove(free)
        return lines

    # --- calls ---

    @staticmethod
    def uses(name: str, updates: Sequence[Update], later: Sequence[Line]) -> int:
        """How many terms and lines read an adjoint that a call hands out."""
        found = sum(term.adjoint is not None and reads(term.adjoint, name) for update in updates for term in update.terms)
        for line in later:
            if isinstance(line, Update):
                continue
            parts = [value for _, value in line.keywords] if isinstance(line, CallLine) else [line.value]
            found += sum(reads(part, name) for part in parts)
        return found

    def call(
        self, line: CallLine, rest: Sequence[Line], killed: set[str], state: State, lines: list[ir.Stmt], later: Sequence[Line],
    ) -> list[Line]:
        """`dx, dy = g_grad(x, y, dg=dz)`: straight into the adjoints where nothing stands there yet."""
        updates = [each for each in rest if isinstance(each, Update)]
        remaining = list(updates)
        targets = []
        for name in line.targets:
            update = next((u for u in remaining if _is_just(u, name)), None)
            same_base = [each for each in remaining if update is not None and each.base == update.base]
            is_sole = (len(same_base) == 1 or update is not None and update.is_container) and self.uses(name, updates, later) == 1
            if update is not None and is_sole and update.base not in state and update.base not in killed and not line.guards:
                remaining.remove(update)
                state.add(update.base)
                targets.append(self.names.adjoint(update.base))
            else:
                targets.append(name)
        call = ir.Call(ir.Name(line.function, "global"), line.arguments, line.keywords)
        if len(targets) == 1 and targets[0] in line.targets and not line.guards:
            update = next((u for u in remaining if _is_just(u, targets[0])), None)
            if self.uses(targets[0], updates, later) > 1:
                update = None
            if update is not None and update.base in state - killed and not update.is_container:
                remaining.remove(update)
                adjoint = self.names.adjoint(update.base)
                lines.append(addition(ir.NameTarget(adjoint), ir.Name(adjoint), call))
                return list(remaining)
        target: ir.Target = ir.NameTarget(targets[0]) if len(targets) == 1 else ir.TupleTarget(tuple(map(ir.NameTarget, targets)))
        nothing = ZERO if len(targets) == 1 else ir.Display("tuple", (ZERO,) * len(targets))
        value = ir.Op("ifexp", (all_of(line.guards), call, nothing)) if line.guards else call
        lines.append(ir.Assign(target, value))
        return list(remaining)

    # --- loops over containers ---

    def with_rows(self, items: Iterable[Taken], rows: frozenset[str], body: Sequence[ir.Stmt]) -> list[ir.Stmt]:
        """A turn whose variable may be a container: its adjoint is the part of the outer one's; a number's is put back."""
        used = {node.id.split(".")[0] for line in body for node in ir.walk(line) if isinstance(node, ir.Name)}
        renewed = {each.id for line in body for each in ir.walk(line) if isinstance(each, ir.NameTarget)}
        before, after = [], []
        for name, base, path in items:
            adjoint = self.names.adjoint(name)
            if name in rows and adjoint in used:
                place = placed(ir.Name(self.names.adjoint(base)), path)
                before.append(ir.Assign(ir.NameTarget(adjoint), place))
                after += [ir.Assign(as_target(place), ir.Name(adjoint))] if adjoint in renewed and name not in self.held else []
        return [*before, *body, *after]

    def loop(self, loop: Loop, state: State) -> list[ir.Stmt]:
        """The element's contributions, in a loop over the comprehension's own iterables."""
        lines: list[ir.Stmt] = []
        own = {node.id for g in loop.generators for node in ir.walk(g.target) if isinstance(node, ir.NameTarget)}
        outer = (loop.inner.contributed - own) | {base for _, base, _ in loop.items}
        for name in sorted(outer - state):
            state.add(name)
            lines.append(self.zero(name))
        inside = state | loop.rows
        body = self.write(loop.inner, inside)
        body = self.with_rows(loop.items, loop.rows, body)
        inside -= loop.rows
        for name, base, path in loop.items:
            if name in inside:
                place, handed = placed(ir.Name(self.names.adjoint(base)), path), ir.Name(self.names.adjoint(name))
                match body:
                    case [ir.Assign(target=ir.NameTarget(id=taken), value=ir.Item() as part)] if taken == handed.id:
                        body = [addition(as_target(place), place, part)]  # an element handed on as it is
                    case _:
                        body.append(addition(as_target(place), place, handed))
        if not body:
            return lines
        for position, generator in reversed(list(enumerate(loop.generators))):
            for condition in reversed(generator.conditions):
                body = [ir.Branch(condition, tuple(body), ())]
            iterable, target = generator.iterable, generator.target
            if loop.counter is not None and position == len(loop.generators) - 1:
                target, iterable = along(target, iterable, loop.counter, body)
            body = [ir.For(target, iterable, tuple(body))]
        return [*lines, *body]


def is_dead(plan: Plan, state: State) -> bool:
    """Whether no adjoint has reached the variables that a statement binds: then it has nothing to hand on."""
    return bool(plan.killed) and not set(plan.killed) & state and plan.needs is None and not plan.then


def adjoints_in(plan: Plan) -> Iterator[ir.Expr]:
    """What a plan's lines make adjoints of: where they read any, they do so here."""
    for line in plan.temporaries:
        yield from (value for _, value in line.keywords) if isinstance(line, CallLine) else (line.value,)
    for update in plan.updates:
        yield from (term.adjoint for term in update.terms if term.adjoint is not None)
    for loop in plan.loops:
        yield from adjoints_in(loop.inner)


def reads_adjoint(plan: Plan, adjoint: str) -> bool:
    """Whether a plan's lines read an adjoint."""
    return any(reads(part, adjoint) for part in adjoints_in(plan))


def without_parts(plan: Plan, nothing: Collection[str]) -> Plan:
    """A plan without what adjoints that are nothing, of arrays, would add to parts of containers."""
    kept = []
    for update in plan.updates:
        terms = update.terms
        if update.is_container and update.path:
            terms = tuple(term for term in terms if not (isinstance(term.adjoint, ir.Name) and term.adjoint.id in nothing))
        kept += [replace(update, terms=terms)] if terms else []
    return replace(plan, updates=kept)


def _is_read_by_others(wanted: str, pairs: Sequence[tuple[str, ir.Expr]]) -> bool:
    return any(reads(value, wanted) for name, value in pairs if name != wanted)


def _is_just(update: Update, name: str) -> bool:
    """Whether an update only hands on a call's result."""
    if update.path or len(update.terms) != 1:
        return False
    term = update.terms[0]
    is_bare = not term.complexity and term.coefficient == 1 and not term.guards
    return is_bare and is_name(term.adjoint, name)
