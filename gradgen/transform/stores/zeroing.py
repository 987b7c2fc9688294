"""Leaves out the lines that set an element of an adjoint to 0.0 where nothing reads that element again.

Never leaves out a line that reads or adds anything.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.queries import is_name, is_zero_float, variables_read
from gradgen.simplify.fold import same

MAKERS = frozenset({"zeros_like", "numpy.zeros_like", "np.zeros_like", "numpy.zeros", "np.zeros"})
FRESH = frozenset({"add", "sub", "mul", "div", "neg", "zeros_like", "zeros", "full_like", "where"})


def without_dead_zeros(lines: Sequence[ir.Stmt], returned: Iterable[ir.Expr]) -> list[ir.Stmt]:
    """The lines of a backward part without the zeros that nobody reads; `returned` is read after them."""
    if not any(map(_sets_zero, lines)):
        return list(lines)
    live = {name.id for expr in returned for name in ir.names_read(expr)}
    return list(_Sweep(_own(lines)).block(lines, live))


def _sets_zero(line: ir.Stmt) -> bool:
    """Whether a line, or one inside of it, sets an element to 0.0."""
    if isinstance(line, ir.Assign):
        return isinstance(line.target, ir.ItemTarget) and is_zero_float(line.value)
    return any(isinstance(inner, ir.Stmt) and inner is not line and _sets_zero(inner) for inner in ir.children_of(line))


def _own(lines: Sequence[ir.Stmt]) -> frozenset[str]:
    """The adjoints that are nothing but what these lines make: no part of another, and not the caller's."""
    made: dict[str, bool] = {}
    for line in lines:
        for node in ir.walk(line):
            match node:
                case ir.Assign(target=ir.NameTarget(id=name), value=value, augmented=None):
                    made[name] = made.get(name, True) and _is_fresh(value)
                case ir.Assign(target=ir.TupleTarget() as target) | ir.For(target=target):
                    made.update((each.id, False) for each in ir.walk(target) if isinstance(each, ir.NameTarget))
                case ir.Restore(targets=targets):
                    made.update((name, False) for name in targets)
    return frozenset(name for name, is_fresh in made.items() if is_fresh)


def _is_fresh(value: ir.Expr) -> bool:
    match value:
        case ir.Op(op=op):
            return op in FRESH
        case ir.Call(func=ir.Name(id=name)):
            return name in MAKERS
    return False


class _Sweep:
    """Goes through lines from the last to the first with the names that are read later."""

    def __init__(self, own: frozenset[str]) -> None:
        self.own = own

    def block(self, lines: Sequence[ir.Stmt], live: set[str]) -> Iterator[ir.Stmt]:
        """The lines that stay; `live` is changed to what is read from their beginning on."""
        kept: list[ir.Stmt] = []
        for line in reversed(lines):
            stays = self.line(line, live)
            if stays is not None:
                kept.append(stays)
        return reversed(kept)

    def line(self, line: ir.Stmt, live: set[str]) -> ir.Stmt | None:
        match line:
            case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=name), index=index), value=value, augmented=None):
                if is_zero_float(value) and name in self.own and name not in live:
                    return None
                live |= variables_read(value) | variables_read(index)
            case ir.Assign(target=ir.NameTarget(id=name), value=value, augmented=None):
                live.discard(name)
                live |= variables_read(value)
            case ir.For(target=target, iterable=iterable, body=body, orelse=()):
                line = ir.For(target, iterable, self.turns(body, live, _apart(target, iterable)))
                live |= variables_read(iterable)
            case ir.While(test=test, body=body, orelse=()):
                live |= variables_read(test)
                line = ir.While(test, self.turns(body, live, None))
            case ir.Branch(test=test, then=then, orelse=orelse, is_elif=is_elif, case=None):
                sides = [(side, set(live)) for side in (then, orelse)]
                kept = [tuple(self.block(side, own)) for side, own in sides]
                live |= sides[0][1] | sides[1][1] | variables_read(test)
                line = ir.Branch(test, kept[0], kept[1], is_elif)
            case _:
                live |= variables_read(line)
        return line

    def turns(self, body: ir.Block, live: set[str], counter: str | None) -> ir.Block:
        """The body of a loop: what one turn reads may be what the turn before it has left, but for elements of its own."""
        after = set(live)
        while True:
            begun = after | {name for name in live if not self.is_apart(name, body, counter)}
            found = set(begun)
            kept = tuple(self.block(body, found))
            if found <= live:
                break
            live |= found
        return kept if any(not isinstance(line, ir.Comment) for line in kept) else body

    def is_apart(self, name: str, body: ir.Block, counter: str | None) -> bool:
        """Whether each turn of a loop reads and changes elements of an adjoint that no other turn does."""
        if counter is None or name not in self.own:
            return False
        nodes = [node for line in body for node in ir.walk(line)]
        parts = [node for node in nodes if isinstance(node, ir.Item | ir.ItemTarget) and isinstance(node.base, ir.Name)]
        own = {part.base: part.index for part in parts if is_name(part.base, name)}
        is_whole = any(is_name(node, name) and node not in own for node in nodes)
        is_bound = any(isinstance(node, ir.NameTarget) and node.id in (name, counter) for node in nodes)
        places = list(own.values())
        is_one = bool(places) and all(same(places[0], each) for each in places)
        return is_one and not is_whole and not is_bound and _is_counted(places[0], counter)


def _is_counted(index: ir.Expr, counter: str) -> bool:
    """Whether an index is a number that a loop counts, or has it as one of its parts."""
    parts = index.items if isinstance(index, ir.Display) else (index,)
    return any(is_name(part, counter) for part in parts)


def _apart(target: ir.Target, iterable: ir.Expr) -> str | None:
    """The variable of a loop that is another number from 0 on at each turn."""
    match iterable:
        case ir.Call(func=ir.Name(id="reversed" | "list", scope="global"), args=(inner,)):
            return _apart(target, inner)
        case ir.Call(func=ir.Name(id="range", scope="global"), args=(_,)) if isinstance(target, ir.NameTarget):
            return target.id
        case ir.Call(func=ir.Name(id="range", scope="global"), args=(ir.Const(value=int(start)), _)):
            return target.id if isinstance(target, ir.NameTarget) and start >= 0 else None
        case ir.Call(func=ir.Name(id="enumerate", scope="global"), args=(_,)) if isinstance(target, ir.TupleTarget):
            first = target.items[0]
            return first.id if isinstance(first, ir.NameTarget) else None
    return None
