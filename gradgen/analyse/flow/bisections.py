"""Recognises the loop of a bisection: two ends, their middle, and a comparison at the middle that says which end moves there.

Never refuses and never differentiates: transform.solvers.bisections does.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradgen.analyse.flow.counts import is_count
from gradgen.analyse.flow.exits import only_raises
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass

ORDERS = frozenset({"lt", "le", "gt", "ge"})
PARTS = (ir.Op, ir.Name, ir.Const, ir.Call, ir.Attribute)
LEAVING = frozenset({"break", "raise"})
SHOWING = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
ZERO = ir.Const(0)


@dataclass(frozen=True, slots=True)
class Bisection:
    """The variables of a bisection, and the two sides of its comparison, which are equal at the root.

    `roots` are the variables that are read after the loop: the middle and ends. What is `computed` on the way to the sides are
    variables of one turn; `targets` are where the loop assigns the middle and the ends. `is_by_width` says that the loop ends
    where its ends are close, and nowhere else.
    """

    roots: tuple[str, ...]
    middle: str
    ends: tuple[str, str]
    sides: tuple[ir.Expr, ir.Expr]
    computed: Mapping[str, ir.Expr]
    targets: tuple[ir.Node, ...]
    is_by_width: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn of a loop does: its choice between two ends, its other plain statements, and where it may leave."""

    choice: ir.Branch
    assigns: tuple[ir.Assign, ...]
    exits: tuple[ir.Stmt, ...]


def bisections_of(function: ir.Function) -> Mapping[ir.Stmt, Bisection]:
    """The bisections of a function."""
    loops = (loop for loop in found_in(function, ir.For, ir.While) if isinstance(loop, ir.For | ir.While))
    return {loop: found for loop in loops if (found := bisection_in(loop, function)) is not None}


def bisection_in(stmt: ir.For | ir.While, function: ir.Function) -> Bisection | None:
    """The bisection that a loop is; None for any other loop, and where its other variables are read after it."""
    turn = None if stmt.orelse or isinstance(stmt, ir.For) and not _only_counts(stmt) else _turn(stmt.body)
    if turn is None:
        return None
    arms = _arms(turn.choice)
    if arms is None:
        return None
    (first, middle, then), (second, other, orelse) = arms
    ends = (first, second)
    if middle != other or len({first, second, middle}) != 3 or _moves_more(arms, {*ends, middle}):
        return None
    bound = ir.names_bound((stmt,))
    captured = {name for node in found_in(function, ir.Define) for name in node.captures}
    read = {name for name in _names_read_after(stmt, function) & bound if not is_count(name, stmt)}
    roots = tuple(name for name in (middle, *ends) if name in read)
    if captured & bound or not roots or len(roots) != len(read) or any(isinstance(node, ir.Walrus) for node in ir.walk(stmt)):
        return None
    computed: dict[str, ir.Expr] = {}
    targets: list[ir.Node] = [node for each in (*then, *orelse) for node in ir.walk(each)]
    order = list(ir.walk(stmt))
    at_middle: int | None = None
    for each in turn.assigns:
        assert isinstance(each.target, ir.NameTarget)
        name = each.target.id
        if name == middle and at_middle is None and _is_middle(each.value, ends):
            at_middle = order.index(each)
            targets += [each, each.target]
        elif name not in (middle, *ends, *computed):
            computed[name] = each.value
        else:
            return None
    own = {*ends, middle}
    if at_middle is None or any(ir.names_bound((each,)) & own for each in turn.exits):
        return None
    sides = _sides(turn.choice.test, middle, computed)
    if sides is None:
        return None
    found = Bisection(roots, middle, ends, sides, computed, tuple(targets), _is_by_width(stmt, ends, turn))
    needed = _needed(found, stmt, turn)
    if needed is None:
        return None
    places, chosen = [order.index(each) for each in needed], order.index(turn.choice)
    if any(index < at_middle and (chosen > at_middle or index > chosen) for index in places):
        return None  # computed at the middle of the turn before
    return found if chosen < at_middle or all(index < chosen for index in places) else None


def _only_counts(stmt: ir.For) -> bool:
    """`for n in range(100):`."""
    return isinstance(stmt.iterable, ir.Call) and stmt.iterable.target is range and isinstance(stmt.target, ir.NameTarget)


def _turn(body: ir.Block) -> Turn | None:
    choices: list[ir.Branch] = []
    assigns: list[ir.Assign] = []
    exits: list[ir.Stmt] = []
    for stmt in _one_after_another(body):
        match stmt:
            case ir.Branch() if _only_checks(stmt) or _leaves(stmt.then) and not stmt.orelse:
                exits.append(stmt)
            case ir.Branch():
                choices.append(stmt)
            case ir.Assign(target=ir.NameTarget()):
                assigns.append(stmt)
            case ir.Inert(binds=()):
                continue
            case _:
                return None
    return Turn(choices[0], tuple(assigns), tuple(exits)) if len(choices) == 1 else None


def _one_after_another(body: ir.Block) -> Iterator[ir.Stmt]:
    """The statements of a turn: what stands in the `else` of an exit follows it."""
    for stmt in body:
        if isinstance(stmt, ir.Branch) and stmt.orelse and _leaves(stmt.then):
            yield ir.Branch(stmt.test, stmt.then, (), span=stmt.span)
            yield from _one_after_another(stmt.orelse)
        else:
            yield stmt


def _leaves(block: ir.Block) -> bool:
    """Whether a block does nothing to the search but end it."""
    *others, last = block or (ir.Inert(),)
    return isinstance(last, ir.Exit) and last.kind in LEAVING and all(map(_is_harmless, others))


def _is_harmless(stmt: ir.Stmt) -> bool:
    """Whether a statement only names or shows something: nothing is stored, and no container is changed."""
    match stmt:
        case ir.Assign(target=ir.NameTarget(), value=value):
            return not any(isinstance(node, ir.Call | ir.Opaque) for node in ir.walk(value))
        case ir.Evaluate(value=ir.Call(func=func) as call):
            return call.target is print or isinstance(func, ir.Attribute) and func.name in SHOWING
    return isinstance(stmt, ir.Inert) and not stmt.binds


Arm = tuple[str, str, ir.Block]


def _arms(choice: ir.Branch) -> tuple[Arm, Arm] | None:
    """The end that each arm moves, to what, and the arm; `elif` may ask for the other sign."""
    match choice.orelse:
        case (ir.Branch(then=orelse, orelse=rest),) if not rest or _leaves(rest):
            others = orelse
        case orelse:
            others = orelse
    first, second = _moved(choice.then), _moved(others)
    return None if first is None or second is None else (first, second)


def _moved(block: ir.Block) -> Arm | None:
    """The one end that is moved, first of all, and what else is kept there of the turn."""
    pairs = [pair for each in block if isinstance(each, ir.Assign) for pair in _assigned(each)]
    if not all(isinstance(each, ir.Assign) for each in block) or not pairs or any(pair is None for pair in pairs):
        return None
    (end, middle), *_ = [pair for pair in pairs if pair is not None]
    return end, middle, block


def _moves_more(arms: tuple[Arm, Arm], own: set[str]) -> bool:
    """Whether an arm binds more than its end among the variables of the search."""
    return any(len(ir.names_bound(block) & own) != 1 for _, _, block in arms)


def _assigned(stmt: ir.Assign) -> list[tuple[str, str] | None]:
    """The names that are given to names: `a, fa = middle, fm`."""
    match stmt:
        case ir.Assign(target=ir.TupleTarget(items=targets, starred=None), value=ir.Display(kind="tuple", items=values)):
            pairs = list(zip(targets, values, strict=False)) if len(targets) == len(values) else []
        case _:
            pairs = [(stmt.target, stmt.value)]
    named: list[tuple[str, str] | None] = []
    for one, other in pairs:
        named.append((one.id, other.id) if isinstance(one, ir.NameTarget) and isinstance(other, ir.Name) else None)
    return named or [None]


def _sides(test: ir.Expr, middle: str, computed: Mapping[str, ir.Expr]) -> tuple[ir.Expr, ir.Expr] | None:
    """What a comparison at the middle holds equal; a product with the value at an end changes its sign where it is nothing."""
    match test:
        case ir.Compare(ops=(order,), operands=(ir.Op(op="mul", args=factors), ir.Const(value=0))) if order in ORDERS:
            pass
        case ir.Compare(ops=("eq" | "ne",), operands=(ir.Op(op="sign", args=(left,)), ir.Op(op="sign", args=(right,)))):
            factors = (left, right)
        case ir.Compare(ops=(order,), operands=(left, right)) if order in ORDERS:
            return left, right
        case _:
            return None
    moving = [each for each in factors if middle in _reached(each, computed)]
    return (moving[0], ZERO) if len(moving) == 1 else None


def _reached(expr: ir.Expr, computed: Mapping[str, ir.Expr]) -> set[str]:
    found, waiting = set[str](), [expr]
    while waiting:
        for name in _names(waiting.pop()) - found:
            found.add(name)
            if name in computed:
                waiting.append(computed[name])
    return found


def _needed(found: Bisection, stmt: ir.Stmt, turn: Turn) -> list[ir.Assign] | None:
    """What computes the sides in the loop; None where they are made of anything but the middle and what stays as it is."""
    bound = ir.names_bound((stmt,)) - {found.middle}
    places = {stmt.target.id: stmt for stmt in turn.assigns if isinstance(stmt.target, ir.NameTarget)}
    waiting, needed = list(found.sides), dict[str, ir.Assign]()
    while waiting:
        expr = waiting.pop()
        if not all(isinstance(node, PARTS) for node in ir.walk(expr)):
            return None
        for name in sorted(_names(expr) & bound - needed.keys()):
            if name not in found.computed or name in _reached(found.computed[name], found.computed):
                return None  # an end, or a variable that carries something from turn to turn
            needed[name] = places[name]
            waiting.append(found.computed[name])
    return list(needed.values())


def _only_checks(stmt: ir.Branch) -> bool:
    """Whether a branch does nothing but raise: a count that has grown too large."""
    return only_raises(stmt.then) and (not stmt.orelse or only_raises(stmt.orelse))


def _is_by_width(stmt: ir.For | ir.While, ends: tuple[str, str], turn: Turn) -> bool:
    """Whether nothing but the width of the interval ends the loop."""
    breaks = any(isinstance(node, ir.Exit) and node.kind == "break" for each in turn.exits for node in ir.walk(each))
    others = any(isinstance(node, ir.Exit) for node in ir.walk(turn.choice))
    return isinstance(stmt, ir.While) and _asks_for_the_width(stmt.test, ends) and not breaks and not others


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


def _names_read_after(stmt: ir.For | ir.While, function: ir.Function) -> set[str]:
    """The variables that anything but the loop reads, from the loop on."""
    inside = set(ir.walk(stmt))
    start = 0 if stmt.span is None else stmt.span.start
    outside = (node for node in found_in(function, ir.Name) if node not in inside)
    return {name.id for name in outside if name.span is None or name.span.start >= start}
