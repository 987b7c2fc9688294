"""Complex values on the way of an adjoint: which operations pass it on, and that real operands get a real one.

Never holds a row, and never refuses by itself.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.values import holds_dtype
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.read.refusals import Refusals
from gradgen.rules.complexes import AS_WRITTEN, CONJUGATED, REAL_RESULTS
from gradgen.transform.arrays.walk import Walk
from gradgen.transform.expressions.terms import Term, product_of

Operands = Sequence[tuple[str, ir.Expr]]
PRODUCTS = frozenset({"mul", "div", "matmul", "dot", "outer", "inner", "kron"})
NOT_REAL = "a value that nothing was known of is complex"


def is_complex(expr: ir.Expr, kinds: Kinds) -> bool:
    """Whether a value is complex, or holds complex numbers."""
    return holds_dtype(kinds.of(expr), "complex")


def takes_part(op: ir.Op, source: ir.Expr, operands: Operands, kinds: Kinds) -> bool:
    """Whether an operation is one of complex numbers."""
    return is_complex(source, kinds) or any(is_complex(operand, kinds) for _, operand in operands)


def passes_on(op: ir.Op, source: ir.Expr, operands: Operands, active: Iterable[str], kinds: Kinds) -> bool:
    """Whether there is a derivative of this operation of complex numbers."""
    if op.op not in CONJUGATED | AS_WRITTEN:
        return False
    given = dict(operands)
    return not any(isinstance(kinds.of(given[name]), Holder) and not isinstance(given[name], ir.Display) for name in active)


def realness(op: ir.Op, operands: Operands, active: Iterable[str], kinds: Kinds) -> list[ir.Expr]:
    """What must hold where an operation would make a real number of a complex one, and nothing is known of what it is given: that
    this is real."""
    if op.op not in REAL_RESULTS:
        return []
    given = [operand for name, operand in operands if name in active and _is_unknown(kinds.of(operand))]
    return [ir.Op("not", (ir.Call(ir.Name("numpy.iscomplexobj", "global"), (ir.Value(each),)),)) for each in given]


def _is_unknown(kind: AnyKind) -> bool:
    return kind is None or isinstance(kind, Kind) and kind.shape is None and kind.dtype != "complex"


def refuse_signs(function: ir.Function, kinds: Kinds, activity: Activity, refusals: Refusals) -> None:
    """The sign of a complex number turns with it: that of a real one has no slope, and nothing else looks at it."""
    for node in found_in(function, ir.Op) if kinds.has_arrays else ():
        if node.op == "sign" and is_complex(node.args[0], kinds) and activity.is_varied(node.args[0]):
            refusals.add("GG106", node.span, construct="the sign of a complex number")


def is_mixed(expr: ir.Expr, walk: Walk) -> bool:
    """Whether a complex value comes from real ones on one way and from complex ones on another, or holds both: what comes back to
    it is complex, and a real value's adjoint is real."""
    kinds = walk.kinds
    if not is_complex(expr, kinds):
        return False
    match expr:
        case ir.Name():
            return _joins_real(kinds.versions.of_read.get(expr), walk, set())
        case ir.Op(op="ifexp", args=(_, *parts)) | ir.Op(op="and" | "or", args=parts) | ir.Display(items=parts):
            return any(walk.leaves_below(part) and not is_complex(part, kinds) for part in parts)
    return isinstance(expr, ir.Comprehension)


def _joins_real(version: Version | None, walk: Walk, seen: set[Version]) -> bool:
    if version is None or version.kind != "phi" or version in seen:
        return False
    seen.add(version)
    for source in version.sources:
        if isinstance(source, Version):
            is_real = not holds_dtype(walk.kinds.of_version.get(source), "complex")
            if is_real and walk.activity.is_active_version(source) or _joins_real(source, walk, seen):
                return True
    return False


def conjugated(expr: ir.Expr, kinds: Kinds, multiplies: bool = False) -> ir.Expr:
    """A value as the rows of analytic operations read it; where something `multiplies`, what nothing is known of is, too."""
    own = expr.of if isinstance(expr, ir.Value) else expr
    may_be = multiplies and isinstance(own, ir.Name | ir.Item | ir.Attribute | ir.Call) and _is_unknown(kinds.of(own))
    if not is_complex(expr, kinds) and not may_be:
        return expr
    if isinstance(expr, ir.Const) and isinstance(expr.value, complex):
        value = expr.value.conjugate()
        return ir.Op("neg", (ir.Const(expr.value),)) if value == -expr.value else ir.Const(value)
    if isinstance(expr, ir.Op) and expr.op == "conjugate":
        return expr.args[0]
    return ir.Op("conjugate", (expr,), family="numpy")


def as_real(term: Term, operand: ir.Expr, kinds: Kinds) -> Term:
    """What a complex operation passes on to an operand: the real part, where that is real."""
    if is_complex(operand, kinds):
        return term
    part = ir.Op("real", (product_of(replace(term, guards=())),), family="numpy")
    return Term(part, guards=term.guards, shape=term.shape)
