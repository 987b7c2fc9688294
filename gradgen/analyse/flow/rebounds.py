"""What the tests in a loop choose between; and loops whose state turns round at a bound, as a mass that falls and bounces does.

Never looks for searches.
"""
from __future__ import annotations

from collections.abc import Iterator, Set

from gradgen.ir import nodes as ir
from gradgen.ir.queries import reads_any, variables_read


def only_rebounds(stmt: ir.For | ir.While, varied: Set[str], carried: Set[str]) -> bool:
    """Whether all that tests of varying values choose in a loop is how a variable goes on from its own value (`v = -0.9 * v`),
    and each asks only where a variable stands that turns hand on (`x < 0`): no other value is chosen, so none is closed in on."""
    for test, arms in choices(stmt.body):
        if not variables_read(test) & varied:
            continue
        if not _asks_where(test, varied, carried):
            return False
        bound = [node for each in arms for node in ir.walk(each) if isinstance(node, ir.Stmt)]
        if not all(_goes_on(node, varied) for node in bound):
            return False
    return True


def _asks_where(test: ir.Expr, varied: Set[str], carried: Set[str]) -> bool:
    match test:
        case ir.Op(op="and" | "or" | "not" | "logical_and" | "logical_or" | "logical_not", args=args):
            return all(_asks_where(arg, varied, carried) for arg in args)
        case ir.Compare(operands=operands):
            return all(_is_state(each, carried) or not reads_any(each, varied) for each in operands)
    return not reads_any(test, varied)


def _is_state(expr: ir.Expr, carried: Set[str]) -> bool:
    """Whether an expression is a variable that turns hand on, an element of one, or how large that is."""
    while isinstance(expr, ir.Item) or isinstance(expr, ir.Op) and expr.op in ("abs", "neg"):
        expr = expr.base if isinstance(expr, ir.Item) else expr.args[0]
    return isinstance(expr, ir.Name) and expr.id in carried


def _goes_on(stmt: ir.Stmt, varied: Set[str]) -> bool:
    """Whether a statement that is chosen computes a variable from nothing that varies but itself."""
    match stmt:
        case ir.Assign(target=ir.NameTarget(id=name) | ir.ItemTarget(base=ir.Name(id=name)), value=value):
            return not any(read in varied - {name} for read in _moving_reads(value))
        case ir.Assign(target=ir.TupleTarget(items=items, starred=None), value=ir.Display(items=values)):
            each = zip(items, values, strict=False)
            return len(items) == len(values) and all(_goes_on(ir.Assign(*pair), varied) for pair in each)
        case ir.Branch() | ir.Inert():
            return True
    return False


def _moving_reads(expr: ir.Node) -> Iterator[str]:
    """The variables that the value of an expression moves with, which those of its tests are not."""
    match expr:
        case ir.Name(id=name):
            yield name
        case ir.Compare():
            return
        case ir.Op(op="ifexp" | "where", args=(_, *arms)):
            for arm in arms:
                yield from _moving_reads(arm)
        case _:
            for part in ir.children_of(expr):
                yield from _moving_reads(part)


def choices(block: ir.Block) -> Iterator[tuple[ir.Expr, ir.Block]]:
    """Every test in a block with the statements that it chooses between."""
    for stmt in block:
        for node in ir.walk(stmt):
            match node:
                case ir.Branch(test=test, then=then, orelse=orelse):
                    yield test, then + orelse
                case ir.Assign(target=target, value=value):
                    for inner in (*ir.walk(value), *(ir.walk(target) if isinstance(target, ir.ItemTarget) else ())):
                        if isinstance(inner, ir.Op) and inner.op == "ifexp":
                            yield inner.args[0], (node,)
                        elif isinstance(inner, ir.Compare):  # a comparison used as a number or an index
                            yield inner, (node,)
