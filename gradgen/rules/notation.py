"""What a derivative rule is: a forward line and the backward lines it causes, as frozen data.

Never parses a row (parsing.py) and never holds one (the tables).

Expressions in a rule are those of the IR. Their leaves are `Name(id)` for operands, results, locals and adjoints, and `Const`;
functions are operations, `Op("cos", (Name("x"),))`; Python's operators are `Op("add", ...)` and so on, by the names that `Op`
lists, but comparisons are `Compare`; the constants of `CONSTANTS` are operations without arguments, `Op("pi", ())`, printed
without brackets (`math.pi`).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import AnyKind, Dtype, Kind, Shape
from gradgen.ir.nodes import Expr, names_read
from gradgen.rules.shapes import ShapeOf

CONSTANTS = frozenset({"pi"})


@dataclass(frozen=True, slots=True)
class Contribution:
    """One backward line: what a result's adjoint contributes to an operand's.

    `dx += dy * 2 * x` has the numerator (2, x); `db -= dz * z / y` has sign -1, numerator (z,) and denominator (y,);
    `da += dm if not b > a else 0` has the guard `not b > a`, and where that does not hold the contribution is exactly absent.
    Factors stand in the order they were written in, and each is one expression: `dy * (1 - y**2)` has the numerator (1 - y**2,).
    `adjoint` is the factor that holds the result's adjoint: `Name("dy")` for elementwise rows.
    """

    operand: str
    sign: int
    adjoint: Expr
    numerator: tuple[Expr, ...]
    denominator: tuple[Expr, ...]
    guard: Expr | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known where a rule is asked for: literal values of operands, and which operands need an adjoint.

    Operands have the names that `registry.bind` gives them, and those left out are literals: their defaults. `arity` is the
    number of operands, 1 for `log(x)`; None means unknown, and then every row's arity fits. `shapes` are those of the operands
    that are known, and `is_array` says whether an array is among the operands or comes out. The operands of a starred name `*xs`
    are `xs0`, `xs1` and so on there. `kinds` are those of the operands, `result` that of what comes out; `used` are the results,
    of several, that have an adjoint. `parts` are the items of operands that are written as lists: `xs0`, `xs1` of `xs`.
    """

    constants: Mapping[str, object]
    active: frozenset[str]
    arity: int | None = None
    shapes: Mapping[str, Shape | None] = field(default_factory=dict)
    is_array: bool = False
    kinds: Mapping[str, AnyKind] = field(default_factory=dict)
    result: AnyKind = None
    used: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()

    def rank(self, operand: str) -> int | None:
        """How many dimensions an operand has; None where that is not known."""
        shape = self.shapes.get(operand)
        return None if shape is None else len(shape)

    def dtype(self, operand: str) -> Dtype | None:
        """The dtype of an operand that is a number or an array."""
        kind = self.kinds.get(operand)
        return kind.dtype if isinstance(kind, Kind) else None


@dataclass(frozen=True, slots=True)
class Moved:
    """The lines of an operation's tangents: what is named first, the tangent of each result, and what must hold."""

    locals: tuple[tuple[str, Expr], ...]
    results: Mapping[str, Expr]
    requires: tuple[tuple[Expr, str], ...] = ()

    def reads(self) -> frozenset[str]:
        """The names in the lines."""
        exprs = (*(value for _, value in self.locals), *self.results.values())
        return frozenset(name.id for expr in exprs for name in names_read(expr))


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: `y = exp(x)` and `dx += dy * y`.

    `parameters` names the operands; a leading `*` marks one that binds any number of them (`("*xs",)`), and a contribution to
    `xs` then holds for each, with `Name("xs")` standing for that one. `defaults` are the parameters that may be left out.
    `locals` are lines such as `r = hypot(x, y)`, written once before the contributions and in this order.
    An operand without a contribution has derivative 0, unless it is in `refused`: an active value there cannot be differentiated,
    and `reason` says why. Where one of `requires` does not hold there is no derivative: generated code raises
    NonDifferentiableError with the text beside the test. `cost` is 1 for arithmetic, 4 for a division, 10 for a library function,
    100 for an iteration.
    A row of whole arrays (`is_whole`) says by `shape` which kind its result has; others work number by number. Where its lines
    depend on what is known of the operands, `maker` writes them, or gives None where it has none for such operands.
    """

    operation: str
    parameters: tuple[str, ...]
    defaults: Mapping[str, Expr]
    results: tuple[str, ...]
    locals: tuple[tuple[str, Expr], ...]
    contributions: tuple[Contribution, ...]
    when: Callable[[Facts], bool] | None
    text: tuple[str, ...]
    cost: int
    refused: frozenset[str] = frozenset()
    reason: str = ""
    requires: tuple[tuple[Expr, str], ...] = ()
    is_variadic: bool = False
    maker: Callable[[Facts], tuple[str, ...] | None] | None = None
    shape: ShapeOf | None = None
    is_whole: bool = False
