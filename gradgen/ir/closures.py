"""Functions inside of expressions: the user's lambdas whose body is known, and those that gradgen writes.

Never holds statements.
"""
from __future__ import annotations

from gradgen.ir.frozen import dataclass
from gradgen.ir.nodes import Define, Expr, Opaque


@dataclass(frozen=True, eq=False, slots=True)
class Closure(Opaque):
    """A lambda of the user's that a solver is given: carried along as text, and known as a function."""

    definition: Define | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Lambda(Expr):
    """`lambda parameters: body`, as gradgen writes it; `body` may hold values of the forward part."""

    parameters: tuple[str, ...]
    body: Expr
