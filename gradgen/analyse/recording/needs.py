"""What must be recorded: values that a backward line reads after the forward part has overwritten them.

Never chooses backward lines; it is told what each statement's lines read.
"""
from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field

NOTHING: frozenset[str] = frozenset()
Overwrites = Mapping[ir.Stmt, frozenset[str]]
NONE: Overwrites = {}


@dataclass(frozen=True, slots=True)
class BackwardReads:
    """What the backward lines of a statement read: variables as they stand before it, and its own result; `shapes` are those of
    the former of which they need no more than the shape, which a store into an array leaves as it is."""

    before: frozenset[str] = NOTHING
    result: frozenset[str] = NOTHING
    shapes: frozenset[str] = NOTHING

    @property
    def required(self) -> frozenset[str]:
        """What must still be there when the lines run: names, and names with `.shape` where that is enough."""
        return frozenset(shape_of(name) if name in self.shapes else name for name in self.before) if self.shapes else self.before


def shape_of(name: str) -> str:
    """What stands for the shape of an array among what is required."""
    return f"{name}.shape"


def lost(bound: Iterable[str], required: Container[str]) -> set[str]:
    """The variables, of those that are bound anew, of which something is required."""
    return {name for name in bound if name in required or shape_of(name) in required}


def safe(required: set[str], bound: Iterable[str]) -> set[str]:
    """What is still required once those that are bound anew have been kept."""
    return required.difference(bound, map(shape_of, bound))


@dataclass(frozen=True, slots=True)
class Shapes:
    """The variables whose shapes adjoints of nothing take: as they are before and after statements, and as each turn of a loop
    begins."""

    before: dict[ir.Stmt, set[str]] = field(default_factory=dict)
    after: dict[ir.Stmt, set[str]] = field(default_factory=dict)
    turns: dict[ir.Stmt, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Recording:
    """Per statement, the variables whose old values it must not lose (`before`); `unkept` are loops whose test names by `:=` a
    value that is read after the test has been asked again, and where no line can keep it."""

    before: dict[ir.Stmt, set[str]] = field(default_factory=dict)
    unkept: set[ir.While] = field(default_factory=set)


def bound_by(stmt: ir.Stmt, overwrites: Overwrites = NONE) -> frozenset[str]:
    """The variables that a simple statement itself rebinds, and the arrays that it changes in place."""
    found: set[str] = set(overwrites.get(stmt, ()))
    roots: list[ir.Node] = []
    match stmt:
        case ir.Assign(target=target, value=value):
            roots = [target, value]
        case ir.Evaluate(value=value) | ir.Append(value=value):
            roots = [value]
        case ir.Exit(value=value) if value is not None:
            roots = [value]
        case ir.Branch(test=test) | ir.While(test=test):
            roots = [test]
        case ir.For(iterable=iterable):
            roots = [iterable]
        case ir.Define(name=name):
            found.add(name)
        case ir.Inert(binds=binds):
            found.update(binds)
        case ir.With(items=items):
            roots = [node for pair in items for node in pair if node is not None]
    for root in roots:
        for node in ir.walk(root):
            if isinstance(node, (ir.NameTarget,)):
                found.add(node.id)
            elif isinstance(node, ir.Walrus):
                found.add(node.name)
    return frozenset(found)


def _named_inside(stmt: ir.Stmt) -> frozenset[str]:
    """The variables that `:=` binds in a statement."""
    return frozenset(node.name for node in ir.walk(stmt) if isinstance(node, ir.Walrus))


def recording(
    block: ir.Block, reads: Mapping[ir.Stmt, BackwardReads], has_backward: Callable[[ir.Block], bool],
    whole: Container[ir.Stmt] = (), overwrites: Overwrites = NONE, rerun: Container[ir.Stmt] = (),
    undone: Container[ir.Stmt] = (), shapes: Shapes | None = None,
) -> Recording:
    """Forward data flow of `required`: variables whose present value some backward line of an earlier statement reads.

    Where a statement overwrites a required variable, its old value is recorded, and from there on it is safe. A compound
    statement without any backward part counts as one that overwrites all that it binds. A store into an array
    `overwrites` it, and what other names hold of its data. The turns of a loop that is `rerun` are run again just before their
    backward part: each is a stretch of its own, and for the others the loop is one statement that overwrites all that it binds.
    Of a store that is `undone` no more is kept than what it overwrites: those after it must be undone too. The `shapes` are
    required as well.
    """
    result = Recording()
    _Flow(reads, result, has_backward, whole, overwrites, rerun, undone, shapes or Shapes()).block(block, set())
    return result


class _Flow:
    def __init__(
        self, reads: Mapping[ir.Stmt, BackwardReads], result: Recording, has_backward: Callable[[ir.Block], bool],
        whole: Container[ir.Stmt], overwrites: Overwrites, rerun: Container[ir.Stmt],
        undone: Container[ir.Stmt], shapes: Shapes,
    ) -> None:
        self.shapes = shapes
        self.undone = undone
        self.rerun = rerun
        self.overwrites = overwrites
        self.reads = reads
        self.result = result
        self.has_backward = has_backward
        self.whole = whole
        self.exits: list[set[str]] = []

    def bound_in(self, block: ir.Block) -> frozenset[str]:
        """The variables that a block may bind, or whose data it may change."""
        bound = ir.names_bound(block)
        if not self.overwrites:
            return bound
        inside = (node for stmt in block for node in ir.walk(stmt) if isinstance(node, ir.Stmt))
        return bound.union(*(self.overwrites.get(stmt, NOTHING) for stmt in inside))

    def block(self, block: ir.Block, required: set[str]) -> set[str]:
        for stmt in block:
            required |= set(map(shape_of, self.shapes.before.get(stmt, ())))
            required = self.statement(stmt, required)
            required |= set(map(shape_of, self.shapes.after.get(stmt, ())))
        return required

    def overwrite(self, stmt: ir.Stmt, required: set[str]) -> set[str]:
        own = self.reads.get(stmt, BackwardReads())
        required |= own.required  # in place: a long straight line must stay linear; alternatives get copies of their own
        changed = self.overwrites.get(stmt, NOTHING)
        bound = _named_inside(stmt) if stmt in self.overwrites else bound_by(stmt)
        self.keep(stmt, (changed & required) | lost(bound, required))
        if stmt not in self.undone:
            required -= changed
        required -= bound
        required -= set(map(shape_of, bound))
        required |= own.result
        return required

    def keep(self, stmt: ir.Stmt, names: Iterable[str]) -> None:
        """The old values of variables are recorded at a statement."""
        if names:
            self.result.before.setdefault(stmt, set()).update(names)

    def passed(self, stmt: ir.Stmt, required: set[str], block: ir.Block | None = None) -> set[str]:
        """A compound statement that has no backward part of its own; or one of which only `block` has none."""
        bound = self.bound_in((stmt,) if block is None else block)
        self.keep(stmt, lost(bound, required))
        if self.exits and any(isinstance(node, ir.Exit) and node.kind in ("break", "continue") for node in ir.walk(stmt)):
            self.exits[-1] |= safe(required, bound)
        return safe(required, bound)

    def _before_match(self, stmt: ir.Branch, required: set[str]) -> set[str]:
        """No line fits between the cases of a match, nor before a capture: what any of them overwrites is kept before it."""
        bound = self.bound_in((stmt,))
        self.keep(stmt, lost(bound, required))
        return safe(required, bound)

    def statement(self, stmt: ir.Stmt, required: set[str]) -> set[str]:
        if stmt in self.whole:
            return self.passed(stmt, required | self.reads.get(stmt, BackwardReads()).required)
        if isinstance(stmt, ir.For | ir.While) and stmt in self.rerun:
            self.exits.append(set())
            if isinstance(stmt, ir.While) and _named_inside(ir.Evaluate(stmt.test)):
                self.result.unkept.add(stmt)
            self.block(stmt.body, set())
            self.exits.pop()
            required = self.passed(stmt, required) | self.reads.get(stmt, BackwardReads()).before
            return required | self.block(stmt.orelse, set(required))
        if isinstance(stmt, ir.Branch) and stmt.case is not None and not stmt.is_elif:
            required = self._before_match(stmt, required)
        if isinstance(stmt, ir.Branch) and not self.has_backward(stmt.then + stmt.orelse):
            return self.passed(stmt, self.overwrite(stmt, required), stmt.then + stmt.orelse)
        if isinstance(stmt, ir.For | ir.While | ir.Try) and not self.has_backward((stmt,)):
            return self.passed(stmt, required)
        match stmt:
            case ir.Branch(then=then, orelse=orelse):
                required = self.overwrite(stmt, required)
                return self.block(then, set(required)) | self.block(orelse, set(required))
            case ir.For(target=target, body=body, orelse=orelse):
                targets = {node.id for node in ir.walk(target) if isinstance(node, ir.NameTarget)}
                self.keep(stmt, lost(targets, required))
                return self.loop(stmt, body, orelse, safe(required, targets), targets)
            case ir.While(body=body, orelse=orelse):
                return self.loop(stmt, body, orelse, set(required), set())
            case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
                if handlers:  # the way through a handler does not undo the body: what the body overwrites is kept before it
                    self.keep(stmt, lost(self.bound_in(body), required))
                ends = self.block(orelse, self.block(body, set(required)))
                for handler in handlers:
                    ends |= self.block(handler.body, set(required))
                return self.block(final, ends)
            case ir.With(body=body):
                return self.block(body, self.overwrite(stmt, required))
            case ir.Exit(kind="break" | "continue"):
                if self.exits:
                    self.exits[-1] |= required
                return required
        return self.overwrite(stmt, required)

    def loop(self, stmt: ir.Stmt, body: ir.Block, orelse: ir.Block, required: set[str], targets: set[str]) -> set[str]:
        if not self.has_backward(body):  # only its `else` has a backward part
            bound = self.bound_in(body) | bound_by(stmt)
            self.keep(stmt, lost(bound, required))
            own = self.reads.get(stmt, BackwardReads())
            required = safe(required, bound) | own.result
            return required | self.block(orelse, set(required)) | own.required
        own = self.reads.get(stmt, BackwardReads())
        while True:
            self.exits.append(set())
            begun = required.union(map(shape_of, self.shapes.turns.get(stmt, ())))
            end = safe(self.block(body, begun) | self.exits.pop(), targets)
            if end <= required:
                break
            required = required | end
        if isinstance(stmt, ir.While) and _named_inside(ir.Evaluate(stmt.test)) & (required | end):
            self.result.unkept.add(stmt)
        return required | self.block(orelse, set(required)) | own.required
