"""What keeps old values in the forward part and brings them home in the backward part: names, tapes, counted turns.

Never decides what is lost; analyse.recording.needs does.
"""
from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from gradgen.analyse.flow.exits import has_exit
from gradgen.analyse.recording.needs import bound_by
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.transform.control import Control
from gradgen.transform.expressions.evaluation import conditional_nodes
from gradgen.transform.loops.checkpoints import value_kept
from gradgen.transform.loops.packing import Kept, Pack, Packing
from gradgen.transform.planning import Planner
from gradgen.transform.stores.undoing import old_element, put_back

Restores = dict[ir.Stmt, list[ir.Restore | ir.Assign]]


@dataclass(slots=True)
class Tapes:
    """Edits the forward part of one function so that what its backward part reads is kept.

    `restores` bring values home before a statement's backward lines, `late` after them, `turn_restores` at each turn of a loop;
    `begun` are those of `late` whose values are kept before the statement runs, even where it is left in the middle. The shapes
    of the variables that are `shaped` are read between statements too: their old values come home just where they are lost.
    """

    body: ir.Block
    planner: Planner
    control: Control
    restores: Restores = field(default_factory=dict)
    late: Restores = field(default_factory=dict)
    begun: Restores = field(default_factory=dict)
    turn_restores: Restores = field(default_factory=dict)
    loops: list[ir.For | ir.While] = field(default_factory=list)
    started: set[tuple[str, ir.Stmt]] = field(default_factory=set)
    made: set[tuple[str, ir.Stmt]] = field(default_factory=set)
    tapes: dict[tuple[str, ir.Stmt], str] = field(default_factory=dict)
    packed: dict[ir.Block, list[str]] = field(default_factory=dict)
    undone: frozenset[ir.Stmt] = frozenset()
    shaped: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.loops.extend(node for stmt in self.body if type(stmt) is not ir.Assign for node in ir.walk(stmt)
                          if isinstance(node, ir.For | ir.While))

    def record(self, lost: Mapping[ir.Stmt, set[str]]) -> None:
        """Insert what keeps old values, and note what brings them home: before a statement's lines, or after them."""
        packing = Packing(self.body, self.planner.plans, self.planner.reads, self.planner.containers)
        kept: list[Kept] = []
        for stmt, outermost in _with_outermost_loop(self.body, None, self.planner.edits.rerun):
            for name in sorted(lost.get(stmt, ())):
                if self._old_version(stmt, name) is None:
                    continue  # nothing to lose: the variable has no value yet
                if outermost is None or outermost is stmt:
                    self._save_old(name, stmt)
                elif stmt in self.undone and isinstance(stmt, ir.Assign):
                    self._save_element(name, stmt, outermost)
                else:
                    is_made = name not in self.planner.arrays.mutated | self.shaped and (
                        self._loop_that_makes(name, stmt) is not None or packing.is_made(name, stmt)
                    )
                    kept.append(Kept(name, stmt, outermost, "made" if is_made else "old"))
            if outermost is not None and outermost is not stmt:
                kept.extend(Kept(name, stmt, outermost, "new") for name in self.control.taped.get(stmt, ()))
        apart = self.planner.arrays.mutated | self.shaped
        own = [each for each in kept if each.stmt not in self.control.cautious and each.name not in apart]
        packs = [] if self.planner.is_plain else packing.packs(own)
        packs = [pack for pack in packs if any(gap > 0 for gap in pack.backward)]
        packed = {member for pack in packs for member in pack.members}
        for each in kept:
            if each not in packed:
                self._record_each(each)
        for pack in packs:
            self._record_pack(pack)

    def kept(self, name: str, stmt: ir.Stmt) -> ir.Expr:
        """What keeps the value of a variable as it is before a statement."""
        return value_kept(self.planner, name, stmt)

    def _tape_of(self, name: str, outermost: ir.Stmt, kind: str = "") -> str:
        key = name + kind
        if (key, outermost) not in self.tapes:
            tape = self.tapes[key, outermost] = self.planner.names.fresh(f"{name}_tape")
            self.planner.edits.insert_before(outermost, ir.Assign(ir.NameTarget(tape), ir.Display("list", ())))
        return self.tapes[key, outermost]

    def _save_old(self, name: str, stmt: ir.Stmt) -> None:
        """Keep the value of a variable that a statement overwrites, outside of loops."""
        old = self._old_version(stmt, name)
        if old is not None and not old.is_bound and old.node not in self.planner.edits.rerun:
            self.start(name, self.body[0])
        saved = self.planner.names.numbered(name)
        self.planner.edits.insert_before(stmt, ir.Record(saved, self.kept(name, stmt), is_single=True))
        self.restores.setdefault(stmt, []).append(ir.Restore((name,), saved, is_single=True))

    def _save_element(self, name: str, stmt: ir.Assign, outermost: ir.Stmt) -> None:
        """Keep the elements that a store in a loop overwrites."""
        tape = self._tape_of(name, outermost, " items")
        self.planner.edits.insert_before(stmt, ir.Record(tape, old_element(stmt, self.planner.arrays)))
        self.restores.setdefault(stmt, []).append(put_back(stmt, self.planner.plans[stmt], tape))

    def _record_pack(self, pack: Pack) -> None:
        """Keep several values of one turn as a tuple on one tape, or one value at the end of what makes it."""
        edits = self.planner.edits
        names = tuple(dict.fromkeys(member.name for member in pack.members))
        tape = self.planner.names.fresh("tape" if len(names) > 1 else f"{names[0]}_tape")
        edits.insert_before(pack.outermost, ir.Assign(ir.NameTarget(tape), ir.Display("list", ())))
        for member in pack.members:
            if member.kind == "old":
                self.start(member.name, pack.outermost)
            elif member.kind == "new":
                self._begin(member.name, member.stmt, set(conditional_nodes(member.stmt)))
        record = ir.Record(tape, ir.Display("tuple", tuple(map(ir.Name, names))) if len(names) > 1 else ir.Name(names[0]))
        place = pack.forward[-1]
        if place < len(pack.block):
            edits.insert_before(pack.block[place], record)
        else:
            edits.insert_after(pack.block[-1], record)
        before = [pack.block[gap - 1] for gap in pack.backward if gap > 0]
        written = [stmt for stmt in before if self.control.has_backward((stmt,))]
        group = (written or before)[-1 if len(names) > 1 else 0]
        self.late.setdefault(group, []).append(ir.Restore(names, tape))
        self.packed.setdefault(pack.block, []).append(tape)

    def _record_each(self, kept: Kept) -> None:
        """Keep a value of one turn on a tape of its own."""
        name, stmt, outermost = kept.name, kept.stmt, kept.outermost
        if kept.kind == "new":
            self._record_new(name, stmt, outermost)
            return
        edits = self.planner.edits
        loop = self._loop_that_makes(name, stmt)
        if loop is not None:
            if (name, loop) not in self.made:
                self.made.add((name, loop))
                tape = self._tape_of(name, outermost)
                place = edits.before if _may_leave(loop.body[-1]) else edits.after
                place.setdefault(loop.body[-1], []).append(ir.Record(tape, self.kept(name, stmt)))
                self.turn_restores.setdefault(loop, []).append(ir.Restore((name,), tape))
            return
        tape = self._tape_of(name, outermost)
        self.start(name, outermost)
        if stmt in self.control.cautious:
            saved = self.planner.names.numbered(name)
            edits.insert_before(stmt, ir.Record(saved, self.kept(name, stmt), is_single=True))
            edits.insert_after(stmt, ir.Record(tape, ir.Name(saved)))
        else:
            value = self.kept(name, stmt)
            if self._may_be_missing(name, outermost) and not isinstance(value, ir.Name):
                has_value = ir.Op("isnot", (ir.Name(name), ir.Const(None)))
                value = ir.Op("ifexp", (has_value, value, ir.Const(None)))
            edits.insert_before(stmt, ir.Record(tape, value))
        self.restores.setdefault(stmt, []).append(ir.Restore((name,), tape))

    def _record_new(self, name: str, stmt: ir.Stmt, outermost: ir.Stmt) -> None:
        """Keep the value of a name that a statement in a loop gives to one of its own values."""
        edits = self.planner.edits
        tape = self._tape_of(name, outermost)
        is_line = any(hoist.style == "line" and name in (hoist.name, hoist.kept) for hoist in edits.hoists.get(stmt, ()))
        place = edits.between if is_line and stmt not in self.control.cautious else edits.after
        self._begin(name, stmt)
        place.setdefault(stmt, []).append(ir.Record(tape, ir.Name(name)))
        self.late.setdefault(stmt, []).append(ir.Restore((name,), tape))
        if place is edits.between:
            self.begun.setdefault(stmt, []).append(ir.Restore((name,), tape))

    def _begin(self, name: str, stmt: ir.Stmt, among: Container[ir.Node] | None = None) -> None:
        """What is named in the midst of a statement may not be reached there: it is nothing then."""
        hoists = (hoist for hoist in self.planner.edits.hoists.get(stmt, ()) if among is None or hoist.expr in among)
        if any(hoist.style == "walrus" and name in (hoist.name, hoist.kept) for hoist in hoists):
            self.planner.edits.insert_before(stmt, ir.Assign(ir.NameTarget(name), ir.Const(None)))

    def _loop_that_makes(self, name: str, stmt: ir.Stmt) -> ir.For | ir.While | None:
        """The loop whose every turn gives a variable a new value before anything reads it, where `stmt` is the first to do so."""
        loop = next((each for each in self.loops if any(inner is stmt for inner in each.body)), None)
        if loop is None or not isinstance(stmt, ir.Assign):
            return None
        versions = self.planner.activity.versions
        header = versions.headers[loop].get(name)
        binding = [each for each in loop.body if name in bound_by(each, self.planner.arrays.overwrites)]
        blocks = (each for each in loop.body if isinstance(each, ir.Branch | ir.For | ir.While | ir.Try | ir.With))
        inner = [each for each in blocks if name in ir.names_bound((each,))]
        if header is None or not binding or binding[0] is not stmt or inner or self._is_changed_elsewhere(name, loop, stmt):
            return None
        seen = {header}
        for version in versions.all:
            if version.kind == "phi" and any(source in seen for source in version.sources):
                seen.add(version)
        is_read = any(version in seen for version in versions.of_read.values())
        plan = self.control.loops.get(loop)
        early = [node for node, _ in plan.early] if plan is not None else []
        if plan is None or any(node in early or node.kind == "return" for node in _leaving(loop.body[-1])):
            return None
        has_exit = any(isinstance(node, ir.Exit) and node.kind == "continue" for each in loop.body for node in ir.walk(each))
        is_needed_before = header.previous is not None and header.previous.kind != "unbound"
        return None if is_read or has_exit or is_needed_before else loop

    def _is_changed_elsewhere(self, name: str, loop: ir.For | ir.While, stmt: ir.Stmt) -> bool:
        """Whether data of an array that a statement of each turn makes is changed other than later in that turn."""
        made = next(place for place, each in enumerate(loop.body) if each is stmt)
        later = {node for each in loop.body[made:] for node in ir.walk(each)}
        return any(name in names and each not in later for each, names in self.planner.arrays.overwrites.items())

    def _old_version(self, stmt: ir.Stmt, name: str) -> Version | None:
        """The version of a variable that a statement overwrites; None where it has no value yet."""
        versions = self.planner.activity.versions
        entry = versions.entries.get(stmt)
        if entry is not None:
            old = entry.get(name)
        else:
            made = [v for v in (versions.of_node.get(node) for node in ir.walk(stmt)) if v is not None and v.name == name]
            made += [v for v in versions.all if v.node is stmt and v.name == name]
            if not made and name in self.planner.arrays.overwrites.get(stmt, ()):
                return next(v for v in versions.all if v.name == name and v.is_bound)  # by another name of the same data
            old = made[0].previous if made else None
        return None if old is None or old.kind == "unbound" else old

    def start(self, name: str, outermost: ir.Stmt) -> None:
        """A variable that the loop itself makes has no value to record at its first turn: give it one. Where it may have one from
        an earlier statement, it is given before all of these."""
        if not self._may_be_missing(name, outermost):
            return
        entry = self.planner.activity.versions.entries.get(outermost, {})
        is_new = name not in entry or entry[name].kind == "unbound"
        if is_new or not any(known == name and stmt in self.body for known, stmt in self.started):
            place = outermost if is_new else self.body[0]
            if (name, place) not in self.started:
                self.started.add((name, place))
                self.planner.edits.insert_before(place, ir.Assign(ir.NameTarget(name), ir.Const(None)))

    def _may_be_missing(self, name: str, stmt: ir.Stmt) -> bool:
        """Whether a variable may have no value yet where a statement starts."""
        known = self.planner.activity.versions.entries.get(stmt, {}).get(name)
        return known is None or not known.is_bound

    def count_turns(self, block: ir.Block, is_outermost: bool) -> None:
        """Loops without a length of their own go back while a tape that is written once each turn holds anything, or count."""
        for stmt in block:
            match stmt:
                case ir.While(body=body) | ir.For(body=body) if stmt in self.planner.edits.rerun:
                    self.count_turns(body, True)
                    self.count_turns(stmt.orelse, is_outermost)
                case ir.While(body=body) | ir.For(body=body):
                    self._count(stmt, body, is_outermost)
                    self.count_turns(body, False)
                    self.count_turns(stmt.orelse, is_outermost)
                case ir.With(body=body):
                    self.count_turns(body, is_outermost)
                case ir.Branch(then=then, orelse=orelse):
                    self.count_turns(then, is_outermost)
                    self.count_turns(orelse, is_outermost)
                case ir.Try():
                    for inner in (stmt.body, *(handler.body for handler in stmt.handlers), stmt.orelse, stmt.final):
                        self.count_turns(inner, is_outermost)

    def _count(self, stmt: ir.For | ir.While, body: ir.Block, is_outermost: bool) -> None:
        plan = self.control.loops.get(stmt)
        if plan is None:
            return
        edits = self.planner.edits
        if plan.iterable is None:
            every = body[: next((place for place, inner in enumerate(body) if has_exit((inner,))), len(body))]
            made = [restore for inner in every for restore in self.restores.get(inner, ()) if isinstance(restore, ir.Restore)]
            made = [restore for restore in made if not restore.is_single]
            made += [restore for restore in self.turn_restores.get(stmt, ()) if isinstance(restore, ir.Restore)]
            once = [restore.tape for restore in made] + self.packed.get(body, [])
            has_break_before = any(index == 0 for _, chain in plan.early for _, index, _ in chain[:1])
            if is_outermost and once and not has_break_before and not self._is_left_early(stmt):
                plan.tape = min(once)
                return
            plan.counter = plan.counter or self.planner.names.fresh("turns")
        if plan.counter is not None:
            edits.insert_before(stmt, ir.Assign(ir.NameTarget(plan.counter), ir.Const(0)))
            one_more = ir.Assign(ir.NameTarget(plan.counter), ir.Op("add", (ir.Name(plan.counter), ir.Const(1))), augmented="add")
            if plan.counted_after is not None:
                edits.insert_after(plan.counted_after, one_more)
            else:
                edits.at_start.setdefault(stmt, []).append(one_more)
        if is_outermost:
            return
        for name in (plan.counter, plan.left):
            if name is not None:
                tape = self.planner.names.fresh(f"{name}_tape")
                edits.insert_before(self._outermost_of(stmt), ir.Assign(ir.NameTarget(tape), ir.Display("list", ())))
                edits.insert_after(stmt, ir.Record(tape, ir.Name(name)))
                self.late.setdefault(stmt, []).append(ir.Restore((name,), tape))

    def _is_left_early(self, stmt: ir.Stmt) -> bool:
        """Whether a turn of the loop may be left in the middle: by a break or a return."""
        plan = self.control.loops[stmt]
        inside = (node for node in ir.walk(stmt) if isinstance(node, ir.Exit) and node.kind == "return")
        return bool(plan.early) or any(True for _ in inside)

    def _outermost_of(self, wanted: ir.Stmt) -> ir.Stmt:
        every = _with_outermost_loop(self.body, None, self.planner.edits.rerun)
        found = next(outermost for stmt, outermost in every if stmt is wanted)
        assert found is not None
        return found


def _leaving(stmt: ir.Stmt) -> list[ir.Exit]:
    return [node for node in ir.walk(stmt) if isinstance(node, ir.Exit) and node.kind in ("break", "return")]


def _may_leave(stmt: ir.Stmt) -> bool:
    """Whether a statement may leave the loop that it stands in."""
    return bool(_leaving(stmt))


def _with_outermost_loop(
    block: ir.Block, outermost: ir.Stmt | None, rerun: Container[ir.Stmt]
) -> Iterator[tuple[ir.Stmt, ir.Stmt | None]]:
    """Every statement with the outermost loop around it (a loop counts as inside of itself); a loop that is
    rerun is none: its turns are run again one by one."""
    for stmt in block:
        match stmt:
            case ir.For(body=body, orelse=orelse) | ir.While(body=body, orelse=orelse):
                around = outermost if stmt in rerun else outermost or stmt
                yield stmt, around
                yield from _with_outermost_loop(body, around, rerun)
                yield from _with_outermost_loop(orelse, outermost, rerun)
            case ir.Branch(then=then, orelse=orelse):
                yield stmt, outermost
                yield from _with_outermost_loop(then, outermost, rerun)
                yield from _with_outermost_loop(orelse, outermost, rerun)
            case ir.With(body=body):
                yield stmt, outermost
                yield from _with_outermost_loop(body, outermost, rerun)
            case ir.Try():
                yield stmt, outermost
                for inner in (stmt.body, *(handler.body for handler in stmt.handlers), stmt.orelse, stmt.final):
                    yield from _with_outermost_loop(inner, outermost, rerun)
            case _:
                yield stmt, outermost
