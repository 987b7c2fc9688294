"""What the derivative of one expression contributes: terms to adjoints, and the backward lines that these need.

Never computes any of it; transform.expressions.local does.
"""
from __future__ import annotations

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.transform.expressions.terms import Term


@dataclass(slots=True)
class Leaf:
    """A contribution: `term` goes to the adjoint of `base`; at `path` inside of it, where it is a container.

    A step of a path is an index, or an attribute (`Attribute(Const(None), name)`).
    """

    base: str
    term: Term
    path: tuple[ir.Expr, ...] = ()
    is_container: bool = False


@dataclass(slots=True)
class Temporary:
    """A backward line of its own: `name = value`, under guards. `of` is the expression whose value or adjoint it is. Where it
    `is_adjoint`, of an operand, it may be called as that."""

    name: str
    value: ir.Expr
    guards: tuple[ir.Expr, ...]
    of: ir.Expr | None = None
    path: tuple[ir.Expr, ...] = ()
    is_adjoint: bool = False


@dataclass(slots=True)
class CallLine:
    """A backward line that calls a callee's gradient: `targets = function(*arguments)`, under guards."""

    call: ir.Call
    targets: tuple[str, ...]
    function: str
    arguments: tuple[ir.Expr, ...]
    keywords: tuple[tuple[str | None, ir.Expr], ...]
    guards: tuple[ir.Expr, ...]
    is_pair: bool = False


@dataclass(slots=True)
class LoopLine:
    """The backward part of a comprehension: a loop over the same iterables around the element's own contributions."""

    comprehension: ir.Comprehension
    term: Term
    counter: str | None


@dataclass(slots=True)
class Requirement:
    """A test that must hold for there to be a derivative; generated code raises `message` where it does not."""

    test: ir.Expr
    message: str
    guards: tuple[ir.Expr, ...]


@dataclass(slots=True)
class Contributions:
    """What one expression contributes: in order of writing. `reached` are the operations gone through, each with its adjoint."""

    leaves: list[Leaf] = field(default_factory=list)
    reached: list[tuple[ir.Op, Term]] = field(default_factory=list)
    temporaries: list[Temporary | CallLine] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)
    loops: list[LoopLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pair:
    """A call that becomes `value, kept = forward(receiver, ..., captures)` in the forward part.

    `tangents` are the keywords that it is given besides in forward mode: `value, value_dot = g_jvp(x, x_dot=...)`.
    """

    forward: str
    receiver: ir.Expr | None
    captures: tuple[tuple[str, str], ...]
    tangents: tuple[tuple[str, ir.Expr], ...] = ()
