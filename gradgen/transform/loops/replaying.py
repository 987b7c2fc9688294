"""How a loop's turns are run again from kept states, as data, and the backward part that does so.

Never decides which turns have their state kept: the emitted text does, by its own count (kept_turns).
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.ir.checkpoints import Replay
from gradgen.ir.frozen import dataclass, field
from gradgen.transform.gradient import ForwardEdits

ONE = ir.Const(1)


@dataclass(slots=True)
class Checkpoints:
    """How the turns of a loop are run again: at most `most` states are kept on the list `kept`, each with the number of its turn,
    counted by `counter`. `last` is the turn that goes backwards, `keep` holds the turns whose states are to be kept.

    Known once the loop's body has been planned: the number of turns (`length`), what a `state` is (each variable, and what keeps
    its value), and what binds the loop's target at a turn where the counter is not the target itself (`element`). The end of a
    loop that `is_open` is known when it is reached.
    """

    most: int
    counter: str
    last: str
    kept: str
    keep: str
    length: ir.Expr = ONE
    state: tuple[tuple[str, ir.Expr], ...] = ()
    element: ir.Assign | None = None
    is_open: bool = False
    fresh: tuple[str, ...] = ()
    edits: ForwardEdits = field(default_factory=ForwardEdits)

    def keeping(self) -> ir.Record:
        """Keeps the state as it is before a turn."""
        counter = ir.Name(self.counter)
        values = (counter, *(value for _, value in self.state))
        return ir.Record(self.kept, ir.Display("tuple", values) if self.state else counter)

    def backwards(self, loop: ir.For | ir.While, body: ir.Block) -> ir.For:
        """The turns from the last to the first: each is run again from the last kept state, then its backward lines follow."""
        counter, last, keep = ir.Name(self.counter), ir.Name(self.last), ir.Name(self.keep)
        free = ir.Op("sub", (ir.Const(self.most), called("len", ir.Name(self.kept))))
        kept = ir.Branch(ir.Compare(("in",), (counter, keep)), (self.keeping(),), ())
        element = () if self.element is None else (self.element,)
        through = called("range", counter, ir.Op("add", (last, ONE)))
        again = ir.For(ir.NameTarget(self.counter), through, (kept, *element, self._replay(loop)))
        lines = (
            ir.Comment("this turn again, from the last kept state"),
            ir.Restore((self.counter, *(name for name, _ in self.state)), self.kept),
            ir.Assign(ir.NameTarget(self.keep), called("kept_turns", counter, last, free)),
            again,
            *body,
        )
        return ir.For(ir.NameTarget(self.last), called("reversed", called("range", self.length)), lines)

    def turns_begun(self) -> ir.Name:
        """How many turns of a loop that is open have begun."""
        return ir.Name(self.fresh[-1])

    def _replay(self, loop: ir.For | ir.While) -> Replay:
        read = {name.id: name for stmt in loop.body for name in ir.names_read(stmt) if name.scope == "local"}
        bound = ir.names_bound(loop.body) | _names_added(loop.body, self.edits)
        return Replay(loop, tuple(read.values()), tuple(map(ir.NameTarget, sorted(bound))))


def _names_added(block: ir.Block, edits: ForwardEdits) -> set[str]:
    """The names that gradgen's lines in a block bind."""
    found: set[str] = set()
    for node in (node for stmt in block for node in ir.walk(stmt) if isinstance(node, ir.Stmt)):
        for hoist in edits.hoists.get(node, ()):
            found |= {hoist.name} | ({hoist.kept} if hoist.kept else set())
        for table in (edits.before, edits.between, edits.after, edits.at_start):
            for line in table.get(node, ()):
                for each in ir.walk(line):
                    if isinstance(each, ir.NameTarget):
                        found.add(each.id)
                    elif isinstance(each, ir.Record) and each.is_single:
                        found.add(each.tape)
        if node in edits.headers:
            found |= {each.id for each in ir.walk(edits.headers[node][0]) if isinstance(each, ir.NameTarget)}
    return found


def called(name: str, *args: ir.Expr) -> ir.Call:
    """A call of a builtin or a helper."""
    return ir.Call(ir.Name(name, "global"), args)
