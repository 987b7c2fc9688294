"""Recognises the loop of a bisection: two ends, their middle, and a comparison at the middle that says which end moves there.

Never refuses and never differentiates: transform.bisections does.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradgen.analyse.exits import only_raises
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in

ORDERS = frozenset({"lt", "le", "gt", "ge"})
PARTS = (ir.Op, ir.Name, ir.Const, ir.Call)


@dataclass(frozen=True, slots=True)
class Bisection:
    """The variables of a bisection, and the two sides of its comparison, which are equal at the root.

    `root` is the variable that is read after the loop: the middle or an end. What is `computed` on the way to the sides are
    variables of one turn; `targets` are where the loop assigns the middle and the ends.
    """

    root: str
    middle: str
    ends: tuple[str, str]
    sides: tuple[ir.Expr, ir.Expr]
    computed: Mapping[str, ir.Expr]
    targets: tuple[ir.Node, ...]


def bisections_of(function: ir.Function) -> Mapping[ir.Stmt, Bisection]:
    """The bisections of a function."""
    loops = found_in(function, ir.While)
    return {loop: found for loop in loops if (found := bisection_in(loop, function)) is not None}


def bisection_in(stmt: ir.While, function: ir.Function) -> Bisection | None:
    """The bisection that a loop is; None for any other loop, and where its other variables are read after it."""
    choices = [(index, each) for index, each in enumerate(stmt.body) if isinstance(each, ir.Branch) and not _only_checks(each)]
    if stmt.orelse or len(choices) != 1:
        return None
    place, choice = choices[0]
    match choice:
        case ir.Branch(
            test=ir.Compare(ops=(order,), operands=(left, right)),
            then=(ir.Assign(target=ir.NameTarget(id=first), value=ir.Name(id=middle)),),
            orelse=(ir.Assign(target=ir.NameTarget(id=second), value=ir.Name(id=other)),),
        ) if order in ORDERS and middle == other and len({first, second, middle}) == 3:
            ends = (first, second)
        case _:
            return None
    bound = ir.names_bound((stmt,))
    captured = {name for node in found_in(function, ir.Define) for name in node.captures}
    roots = _names_read_after(stmt, function) & bound
    if captured & bound or not _asks_for_the_width(stmt.test, ends) or len(roots) != 1 or not roots <= {*ends, middle}:
        return None
    computed: dict[str, ir.Expr] = {}
    at_middle: int | None = None
    targets: list[ir.Node] = [node for each in (*choice.then, *choice.orelse) for node in ir.walk(each)]
    for index, inner in enumerate(stmt.body):
        match inner:
            case ir.Branch() if inner is choice or _only_checks(inner):
                continue
            case ir.Assign(target=ir.NameTarget(id=name), value=value) if name == middle:
                if at_middle is not None or not _is_middle(value, ends):
                    return None
                at_middle = index
                targets += [inner, inner.target]
            case ir.Assign(target=ir.NameTarget(id=name), value=value) if name not in ends and name not in computed:
                computed[name] = value
            case _:
                return None
    if at_middle is None or any(isinstance(node, ir.Walrus) for node in ir.walk(stmt)):
        return None
    found = Bisection(roots.pop(), middle, ends, (left, right), computed, tuple(targets))
    needed = _needed(found, stmt.body)
    if needed is None or any(index > place or index < at_middle < place for index in needed):
        return None
    return found


def _needed(found: Bisection, body: ir.Block) -> list[int] | None:
    """Where in the loop the sides are computed; None where they are made of anything but the middle and what stays as it is."""
    bound = ir.names_bound(body) - {found.middle}
    places = {stmt.target.id: index for index, stmt in enumerate(body)
              if isinstance(stmt, ir.Assign) and isinstance(stmt.target, ir.NameTarget)}
    waiting, needed = list(found.sides), list[int]()
    seen: set[str] = set()
    while waiting:
        expr = waiting.pop()
        if not all(isinstance(node, PARTS) for node in ir.walk(expr)):
            return None
        for name in _names(expr) & bound:
            if name not in found.computed or name in seen:
                return None  # an end, or a variable that carries something from turn to turn
            seen.add(name)
            needed.append(places[name])
            waiting.append(found.computed[name])
    return needed


def _only_checks(stmt: ir.Branch) -> bool:
    """Whether a branch does nothing but raise: a count that has grown too large."""
    return only_raises(stmt.then) and (not stmt.orelse or only_raises(stmt.orelse))


def _asks_for_the_width(test: ir.Expr, ends: tuple[str, str]) -> bool:
    """`high - low > tolerance`, with or without abs."""
    match test:
        case ir.Compare(ops=("gt" | "ge",), operands=(width, tolerance)):
            width = width.args[0] if isinstance(width, ir.Op) and width.op == "abs" else width
            is_width = isinstance(width, ir.Op) and width.op == "sub" and _are(width.args, ends)
            return is_width and not _names(tolerance) & set(ends)
    return False


def _is_middle(value: ir.Expr, ends: tuple[str, str]) -> bool:
    """`(low + high) / 2`, `0.5 * (low + high)`, `low + (high - low) / 2`."""
    match value:
        case ir.Op(op="div", args=(ir.Op(op="add", args=summed), ir.Const(value=2 | 2.0))):
            return _are(summed, ends)
        case ir.Op(op="mul", args=(ir.Const(value=0.5), ir.Op(op="add", args=summed))):
            return _are(summed, ends)
        case ir.Op(op="mul", args=(ir.Op(op="add", args=summed), ir.Const(value=0.5))):
            return _are(summed, ends)
        case ir.Op(op="add", args=(ir.Name(id=start), rest)):
            match rest:
                case ir.Op(op="div", args=(ir.Op(op="sub", args=(ir.Name(id=far), ir.Name(id=near))), ir.Const(value=2 | 2.0))):
                    return near == start and {far, near} == set(ends)
                case ir.Op(op="mul", args=(ir.Const(value=0.5), ir.Op(op="sub", args=(ir.Name(id=far), ir.Name(id=near))))):
                    return near == start and {far, near} == set(ends)
    return False


def _are(operands: tuple[ir.Expr, ...], ends: tuple[str, str]) -> bool:
    return len(operands) == 2 and {each.id for each in operands if isinstance(each, ir.Name)} == set(ends)


def _names(expr: ir.Expr) -> set[str]:
    return {name.id for name in ir.names_read(expr) if name.scope == "local"}


def _names_read_after(stmt: ir.While, function: ir.Function) -> set[str]:
    """The variables that anything but the loop reads, from the loop on."""
    inside = set(ir.walk(stmt))
    start = 0 if stmt.span is None else stmt.span.start
    outside = (node for node in found_in(function, ir.Name) if node not in inside)
    return {name.id for name in outside if name.span is None or name.span.start >= start}
