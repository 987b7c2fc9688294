"""What a reverse transform hands to the emitter: the user's function, the edits of its forward part, and the backward parts.

Never holds text; comments apart.
"""
from __future__ import annotations

from collections.abc import Container, Mapping, Set
from typing import TypeVar

from gradgen.analyse.program import Read
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field, replace
from gradgen.ir.hooks import Hook
from gradgen.transform.lines.plans import Hoist
from gradgen.transform.names import Given

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pointed:
    """A try statement that raises with a `message` where it catches one of the `seen` exceptions. The handlers that catch nothing
    else are `replaced`; where these do not see to all, one for `classes` is written before them."""

    classes: tuple[str, ...]
    message: str
    replaced: tuple[ir.Handler, ...]
    seen: frozenset[type[BaseException]]


@dataclass(slots=True)
class ForwardEdits:
    """Changes to the forward part, by statement of the user's function; `otherwise` is what a try's `else` is to hold.

    A try that is `reraised` lets through what has no derivative. `wide_kinks` are those of the `kinks` that are asked entry by
    entry, `parted` those that are orders, in other words too, with what is asked beside each. The changes inside of loops that
    are `rerun` are for when a turn is run again; before, they run as the user wrote them, but for the returns that are `leaving`
    them; what runs so is part of a `whole`.
    """

    before: dict[ir.Stmt, list[ir.Stmt]] = field(default_factory=dict)
    between: dict[ir.Stmt, list[ir.Stmt]] = field(default_factory=dict)
    after: dict[ir.Stmt, list[ir.Stmt]] = field(default_factory=dict)
    at_start: dict[ir.Stmt, list[ir.Stmt]] = field(default_factory=dict)
    hoists: dict[ir.Stmt, list[Hoist]] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    truths: set[str] = field(default_factory=set)
    needed: set[str] = field(default_factory=set)
    kinks: dict[ir.Expr, str] = field(default_factory=dict)
    wide_kinks: set[ir.Expr] = field(default_factory=set)
    parted: dict[ir.Expr, ir.Expr] = field(default_factory=dict)
    replaced: dict[ir.Stmt, list[ir.Stmt]] = field(default_factory=dict)
    otherwise: dict[ir.Stmt, list[ir.Stmt]] = field(default_factory=dict)
    dropped: set[ir.Stmt] = field(default_factory=set)
    reraised: set[ir.Stmt] = field(default_factory=set)
    pointed: dict[ir.Stmt, Pointed] = field(default_factory=dict)
    headers: dict[ir.Stmt, tuple[ir.Target, ir.Expr]] = field(default_factory=dict)
    rerun: set[ir.Stmt] = field(default_factory=set)
    leaving: set[ir.Exit] = field(default_factory=set)
    whole: ForwardEdits | None = None

    def as_written(self) -> ForwardEdits:
        """The changes to a loop that runs as the user wrote it: it raises where there is no derivative, and keeps nothing."""
        hooks: set[ir.Stmt] = {stmt for stmt in self.dropped if isinstance(stmt, Hook)}
        before, between, after, hoists = self.before, self.between, self.after, self.hoists
        return ForwardEdits(
            kinks=self.kinks, wide_kinks=self.wide_kinks, parted=self.parted, replaced=self.replaced, reraised=self.reraised,
            pointed=self.pointed, dropped=hooks, before=_of(self.leaving, before),
            between=_of(self.leaving, between), after=_of(self.leaving, after), hoists=_of(self.leaving, hoists),
            truths=self.truths, listed=self.listed, whole=self,
        )

    def as_rerun(self) -> ForwardEdits:
        """The changes to a turn that runs again: a return only ends it."""
        if not self.leaving:
            return self
        tables = (self.before, self.between, self.after)
        before, between, after = ({stmt: lines for stmt, lines in table.items() if stmt not in self.leaving} for table in tables)
        ends: dict[ir.Stmt, list[ir.Stmt]] = {stmt: [ir.Exit("break")] for stmt in self.leaving}
        hoists = {stmt: lines for stmt, lines in self.hoists.items() if stmt not in self.leaving}
        return replace(self, before=before, between=between, after=after, hoists=hoists, replaced={**self.replaced, **ends})

    def runs(self, stmt: ir.Stmt, block: ir.Block) -> bool:
        """Whether a block of a compound statement is kept: not that of a handler that is replaced."""
        return stmt not in self.pointed or all(handler.body is not block for handler in self.pointed[stmt].replaced)

    def handlers_of(self, stmt: ir.Try) -> list[tuple[int, ir.Handler]]:
        """The handlers of a try statement that still run, numbered."""
        replaced = self.pointed[stmt].replaced if stmt in self.pointed else ()
        return [(number, handler) for number, handler in enumerate(stmt.handlers, 1) if handler not in replaced]

    def keep_nothing(self, stmt: ir.Stmt) -> None:
        """Leave out the lines that keep values of a statement, which does not run."""
        self.hoists.pop(stmt, None)
        self.between.pop(stmt, None)
        self.rerun.discard(stmt)
        for lines in (self.before, self.after):
            if stmt in lines:
                lines[stmt] = [line for line in lines[stmt] if not isinstance(line, ir.Record)]

    def insert_before(self, stmt: ir.Stmt, *lines: ir.Stmt) -> None:
        self.before.setdefault(stmt, []).extend(lines)

    def insert_after(self, stmt: ir.Stmt, *lines: ir.Stmt) -> None:
        self.after.setdefault(stmt, []).extend(lines)


def _of(stmts: Container[ir.Stmt], table: Mapping[ir.Stmt, list[T]]) -> dict[ir.Stmt, list[T]]:
    """What a table holds of some statements."""
    return {stmt: lines for stmt, lines in table.items() if stmt in stmts}


@dataclass(slots=True)
class Gradient:
    """One generated function before it is printed.

    `backward` is the function of its own that a `<callee>_forward` has beside it: its name, parameters and lines; of one that
    `is_direct` it is all that is printed. In forward mode
    (`has_parts` is False) there is one part only, and `seeds` are the names of the tangents by parameter. `given` are the names
    that are the function's own affair. Seeds that `may_rest` are None where none is given. One that `is_unseen`
    does not compute the result, nor look at it.
    In forward mode `by_name` are the attributes that are read of what varies, `holding` the wrt that hold others, and those
    that `may_hold` others as far as calls say.
    One that `is_shared` names once what it would compute twice; values of one that `has_arrays` may be changed in place.
    """

    name: str
    function: ir.Function
    read: Read
    seeds: dict[str, str]
    edits: ForwardEdits
    docstring: str
    helpers: set[str] = field(default_factory=set)
    are_seeds_required: bool = False
    may_rest: bool = False
    is_callee: bool = False
    fixed: Mapping[str, object] = field(default_factory=dict)
    backward: tuple[str, tuple[str, ...], tuple[ir.Stmt, ...]] | None = None
    has_parts: bool = True
    is_direct: bool = False
    given: Given = field(default_factory=Given)
    is_unseen: bool = False
    by_name: Set[str] = frozenset()
    holding: tuple[str, ...] = ()
    may_hold: frozenset[str] = frozenset()
    is_shared: bool = False
    has_arrays: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """What the functions of its text are called: two, where the backward part is one of its own."""
        return (self.name,) if self.backward is None else (self.name, self.backward[0])


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: the generated function's name, wrt, and how its result is shaped.

    `backward_name` asks for a pair: a forward function that hands out what a backward function of that name needs.
    `seed` names the seed parameter where the caller has fixed it. Without `has_pairs` callees run their forward part again, in a
    text that is to be read once more. With `checkpoint` a loop keeps at most so many states and runs its turns again from them.
    A vjp that is called by who asked for it `looks_at_seeds`; one that `may_rest` hands out what the function does where it is
    given no seed. Gradients by what is `short` get the dtype of that.
    """

    name: str
    wrt: tuple[str, ...]
    is_bare: bool
    with_value: bool
    docstring: str
    is_plain: bool = False
    is_vjp: bool = False
    backward_name: str | None = None
    seed: str | None = None
    has_pairs: bool = True
    checkpoint: int | None = None
    looks_at_seeds: bool = False
    short: frozenset[str] = frozenset()
    may_rest: bool = False
