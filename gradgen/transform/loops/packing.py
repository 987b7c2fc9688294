"""Finds the values that one turn of a loop may keep together: recorded at one place, brought home at another, as a tuple.

Never inserts a line; transform.loops.tapes does.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from gradgen.analyse.recording.needs import BackwardReads, bound_by
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.texts import begin_of_text
from gradgen.transform.lines.plans import Plan


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that each turn of a loop keeps: what a variable held before `stmt` (`old`), what `stmt` gives it where every turn
    makes it anew (`made`), or the value of a name that `stmt` gives to an inner value of its own (`new`)."""

    name: str
    stmt: ir.Stmt
    outermost: ir.Stmt
    kind: Literal["old", "made", "new"]


@dataclass(slots=True)
class Pack:
    """Values kept together, with the gaps of their block where all of them can be recorded and where all can come home.

    Gap `i` is before the block's statement `i`; of the backward part, after the lines of statement `i`.
    """

    block: ir.Block
    outermost: ir.Stmt
    forward: range
    backward: range
    members: list[Kept] = field(default_factory=list)


@dataclass(slots=True)
class Packing:
    """What is looked up: the plans of statements, what the lines of each read, and the names of containers."""

    body: ir.Block
    plans: Mapping[ir.Stmt, Plan]
    reads: Mapping[ir.Stmt, BackwardReads]
    containers: frozenset[str]
    places: dict[ir.Stmt, tuple[ir.Block, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for block in _straight_blocks(self.body):
            self.places.update((stmt, (block, index)) for index, stmt in enumerate(block))

    def is_made(self, name: str, stmt: ir.Stmt) -> bool:
        """Whether a straight block gives a variable a new value each time that it runs, and no backward line outside of what
        follows there reads the variable."""
        if stmt not in self.places or not isinstance(stmt, ir.Assign) or name in self.containers:
            return False
        block, index = self.places[stmt]
        is_read_before = any(read.id == name for each in block[: index + 1] for read in ir.names_read(each))
        if is_read_before or self._binding(name, block) != [index]:
            return False
        inside = {node for each in block for node in ir.walk(each)}
        own = {name for each, reads in self.reads.items() if each not in inside for name in reads.before | reads.result}
        return name not in own and not any(name in plan.reads for each, plan in self.plans.items() if each not in inside)

    @staticmethod
    def _binding(name: str, block: ir.Block) -> list[int]:
        return [index for index, stmt in enumerate(block) if name in ir.names_bound((stmt,)) | bound_by(stmt)]

    def packs(self, kept: Sequence[Kept]) -> list[Pack]:
        """The packs of two values and more, and those of one value that is made anew."""
        found: list[Pack] = []
        for each in kept:
            place = self.places.get(each.stmt)
            gaps = None if place is None else self._gaps(each, *place)
            if place is None or gaps is None:
                continue
            forward, backward = gaps
            for pack in found:
                if pack.block is not place[0] or pack.outermost is not each.outermost:
                    continue
                both = _common(pack.forward, forward), _common(pack.backward, backward)
                if all(both):
                    pack.forward, pack.backward = both
                    pack.members.append(each)
                    break
            else:
                found.append(Pack(place[0], each.outermost, forward, backward, [each]))
        return [pack for pack in found if len(pack.members) > 1 or pack.members[0].kind == "made"]

    def _gaps(self, kept: Kept, block: ir.Block, index: int) -> tuple[range, range] | None:
        """Where a value can be recorded and where it can come home; None where that is not told by one straight block."""
        end = len(block)
        after = range(index + 1, end + 1)
        if kept.kind == "new":
            return after, after
        name = kept.name
        if self._binding(name, block) != [index] or name in self.containers:
            return None
        readers = [j for j, stmt in enumerate(block) if name in self._read_by(stmt)]
        later = [j for j in readers if j > index]
        if kept.kind == "made":
            is_read_by_own = index in readers
            first = max(later, default=index if is_read_by_own else index - 1) + 1
            return after, range(max(first, index + 1), end + 1)
        own = begin_of_text(block, index)
        plan = self.plans.get(kept.stmt)
        if plan is not None and plan.new:
            return None  # it comes home in the midst of the lines of its statement
        if not isinstance(kept.stmt, ir.Assign) or plan is not None and plan.reads_result:
            return range(own + 1), range(index, index + 1)
        last = min(later, default=end)
        first = max((j for j in readers if j <= index), default=-1) + 1
        return range(own + 1), range(first, last + 1)

    def _read_by(self, stmt: ir.Stmt) -> set[str]:
        """The names that the backward lines of a statement may read; of a compound statement, all that stand in it."""
        found: set[str] = set()
        nodes = [stmt] if isinstance(stmt, ir.Assign | ir.Append | ir.Evaluate) else list(ir.walk(stmt))
        for node in nodes:
            if isinstance(node, ir.Name):
                found.add(node.id)
            if isinstance(node, ir.Stmt):
                own = self.reads.get(node, BackwardReads())
                found |= own.before | own.result
                if node in self.plans:
                    found |= self.plans[node].reads
        return found


def _common(left: range, right: range) -> range:
    return range(max(left.start, right.start), min(left.stop, right.stop))


def _straight_blocks(body: ir.Block) -> Iterator[ir.Block]:
    """The blocks inside of loops that always run to their end, or leave the function by an exception."""
    for stmt in body:
        for inner in _blocks_of(stmt):
            if not any(_may_leave(node) for each in inner for node in ir.walk(each)):
                yield inner
            yield from _straight_blocks(inner)


def _may_leave(node: ir.Node) -> bool:
    """Whether a node is an exit from a block, or a loop whose `else` stands between its turns and what follows."""
    return isinstance(node, ir.Exit) and node.kind != "raise" or isinstance(node, ir.For | ir.While) and bool(node.orelse)


def _blocks_of(stmt: ir.Stmt) -> tuple[ir.Block, ...]:
    """The blocks of a compound statement; none of a try statement, which may be left in the middle of one."""
    match stmt:
        case ir.For(body=body, orelse=orelse) | ir.While(body=body, orelse=orelse):
            return body, orelse
        case ir.Branch(then=then, orelse=orelse):
            return then, orelse
        case ir.With(body=body):
            return (body,)
    return ()
