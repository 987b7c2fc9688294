"""Finds equalities in disguise: orders that hold only where a value touches its bound (`abs(x) <= 0`), functions that say whether
values are equal (`np.isin(x, [0, 1])`), containers that drop equal values (`{x, y}`).

Never looks at comparisons for equality, which `kinks` finds, nor at truths of numbers, which `truths` finds.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinds.wholes import moves
from gradgen.analyse.reads import CallSite
from gradgen.analyse.slopes.kinks import in_tests_and_values
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.ir.queries import is_zero

Site = Callable[[ir.Call], CallSite | None]

FROM_ZERO = frozenset({
    "abs", "hypot", "norm", "vector_norm", "matrix_norm", "square", "ptp", "std", "var", "euclidean_distance",
    "sqeuclidean_distance", "cityblock_distance",
})
"""Operations whose results are nowhere below 0, and 0 at single places only."""
KEEPING = frozenset({"sqrt", "array_sum", "mean", "array_max", "float"})
"""Operations of one operand that are such where the operand is."""
SUMMING = frozenset({"sum", "fsum", "mean", "max", "amax"})
"""Functions of several values that are such where each of these is."""
MOST = 20  # steps back through variables
TOUCHING: Mapping[str, tuple[int, bool]] = {"gt": (0, False), "le": (0, True), "lt": (1, False), "ge": (1, True)}
"""By order: which side lies above 0, the other being 0, and whether it holds only where both are equal."""
SAYING = frozenset({"array_equal", "array_equiv", "contains", "eq", "in1d"})
"""Functions, of NumPy and `operator`, that say whether values are equal."""
DROPPING = frozenset({"set", "frozenset", "Counter", "fromkeys", "countOf", "mode", "multimode", "setdiff1d", "union1d"})
"""Functions whose results tell which of the values are equal, and not only whether some are."""


@dataclass(frozen=True, slots=True)
class Disguised:
    """What asks whether values are equal, and the equality beside which its answer holds nearby: that which asks itself, or None
    where it cannot be written."""

    node: ir.Expr
    equality: ir.Expr | None


def disguised(stmt: ir.Stmt, activity: Activity, site: Site) -> Iterator[Disguised]:
    """The equalities in disguise in a statement's own expressions, but for loop exits and guards that raise."""
    for expr, _ in in_tests_and_values(stmt):
        for node in ir.walk(expr):
            if isinstance(node, ir.Expr) and node.span is not None and (found := _of_node(node, activity, site)) is not None:
                yield found


def _of_node(node: ir.Expr, activity: Activity, site: Site) -> Disguised | None:
    match node:
        case ir.Compare(ops=(op,), operands=operands) if op in TOUCHING:
            place, _ = TOUCHING[op]
            side, bound = operands[place], operands[1 - place]
            if is_zero(bound) and _is_from_zero(side, activity, site, MOST):
                return Disguised(node, ir.Compare(("eq",), (side, ir.Const(0))))
        case (
            ir.Op(op="array_any", args=(inner,), keywords=()) | ir.Call(func=ir.Name(id="any", scope="global"), args=(inner,))
        ) if not isinstance(inner, ir.Comprehension | ir.Call) and moves(inner, activity, site):
            return Disguised(node, ir.Op("not", (node,)))
        case ir.Op(op="isin", args=args) if _move(args, activity, site):
            return Disguised(node, node)
        case ir.Op(op="isclose", args=(_, bound) as args, keywords=(), family="math") if is_zero(bound):
            return Disguised(node, node) if _move(args, activity, site) else None
        case ir.Call(func=ir.Name(id="len"), args=(ir.Op(op="unique", args=args),)) if _move(args, activity, site):
            return Disguised(node, None)
        case ir.Call(args=args) if site(node) is None and (name := _library_name(node)) is not None:
            if name in SAYING and _move(args, activity, site):
                return Disguised(node, node)
            drops = name in DROPPING or name == "filter" and isinstance(args[0], ir.Const)
            if drops and _move(args, activity, site):
                return Disguised(node, None)
        case ir.Call(func=ir.Attribute(name="count"), args=args) if site(node) is None and _move(args, activity, site):
            return Disguised(node, None)
        case ir.Opaque(construct=construct) if construct.startswith("a set") and activity.is_varied(node):
            return Disguised(node, None)
    return None


def _library_name(call: ir.Call) -> str | None:
    """What a function of Python's or NumPy's is called; None for any other."""
    module = getattr(call.target, "__module__", None) or "builtins"
    is_known = module.split(".")[0] in ("builtins", "math", "operator", "_operator", "numpy", "collections", "statistics")
    name = getattr(call.target, "__name__", None)
    return name if is_known and isinstance(name, str) and call.args else None


def _move(exprs: tuple[ir.Expr, ...], activity: Activity, site: Site) -> bool:
    return any(moves(expr, activity, site) for expr in exprs)


def _is_from_zero(expr: ir.Expr, activity: Activity, site: Site, steps: int) -> bool:
    """Whether a value is nowhere below 0, and 0 at single places only."""
    if not steps or not activity.is_varied(expr):
        return False
    match expr:
        case ir.Op(op=op) if op in FROM_ZERO:
            return moves(expr, activity, site)
        case ir.Op(op="pow", args=(_, ir.Const(value=int(power)))):
            return power > 0 and power % 2 == 0
        case ir.Op(op="mul", args=(ir.Name(id=left) as one, ir.Name(id=right) as other)) if left == right:
            return activity.versions.of_read.get(one) is activity.versions.of_read.get(other)
        case ir.Op(op="add", args=args):
            return all(_is_from_zero(arg, activity, site, steps - 1) for arg in args)
        case ir.Op(op=op, args=(first, *_)) if op in KEEPING:
            return _is_from_zero(first, activity, site, steps - 1)
        case ir.Call(args=(first, *_)) if _library_name(expr) in SUMMING:
            parts = first.element if isinstance(first, ir.Comprehension) else first
            return _is_from_zero(parts, activity, site, steps - 1)
        case ir.Name():
            version = activity.versions.of_read.get(expr)
            return version is not None and _is_version_from_zero(version, activity, site, steps - 1)
    return False


def is_from_zero(expr: ir.Expr, activity: Activity, site: Site) -> bool:
    """Whether a value is nowhere below 0, and 0 at single places only."""
    return _is_from_zero(expr, activity, site, MOST)


def _is_version_from_zero(version: Version, activity: Activity, site: Site, steps: int) -> bool:
    if version.kind != "assign" or len(version.sources) != 1:
        return False
    source = version.sources[0]
    return isinstance(source, ir.Expr) and _is_from_zero(source, activity, site, steps)
