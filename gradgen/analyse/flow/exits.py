"""Where control leaves a block: the breaks and continues of a loop, the returns of a function, and what never reaches its end.

Never decides how any of it is turned round.
"""
from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from gradgen.ir import nodes as ir

Chain = tuple[tuple[ir.Block, int, ir.Stmt | None], ...]
"""The way to a statement: the blocks around it, how far each had come, and the statement that each belongs to."""

CONTINUES = frozenset({"continue"})
TURN_ENDS = frozenset({"break", "continue", "return"})
"""What ends a turn: all the same to one turn by itself."""


def blocks_of(stmt: ir.Stmt) -> tuple[ir.Block, ...]:
    """The blocks of a compound statement, in the order of the text; none for a simple one."""
    match stmt:
        case ir.Branch(then=then, orelse=orelse):
            return then, orelse
        case ir.For(body=body, orelse=orelse) | ir.While(body=body, orelse=orelse):
            return body, orelse
        case ir.With(body=body):
            return (body,)
        case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
            return body, *(handler.body for handler in handlers), orelse, final
    return ()


def exits_of(block: ir.Block, chain: Chain = (), owner: ir.Stmt | None = None) -> Iterator[tuple[ir.Exit, Chain]]:
    """The breaks and continues of the loop whose body a block is, with the way to each."""
    for index, stmt in enumerate(block):
        here: Chain = (*chain, (block, index, owner))
        if isinstance(stmt, ir.Exit) and stmt.kind in ("break", "continue"):
            yield stmt, here
        for inner in (stmt.orelse,) if isinstance(stmt, ir.For | ir.While) else blocks_of(stmt):
            yield from exits_of(inner, here, stmt)


def returns_of(block: ir.Block, chain: Chain = (), owner: ir.Stmt | None = None) -> Iterator[tuple[ir.Exit, Chain]]:
    """Every return, with the way to it. What a try statement's `else` finds done is its whole body."""
    for index, stmt in enumerate(block):
        here: Chain = (*chain, (block, index, owner))
        if isinstance(stmt, ir.Exit) and stmt.kind == "return":
            yield stmt, here
        if not isinstance(stmt, ir.Try):
            for inner in blocks_of(stmt):
                yield from returns_of(inner, here, stmt)
            continue
        for inner in (stmt.body, *(handler.body for handler in stmt.handlers), stmt.final):
            yield from returns_of(inner, here, stmt)
        done = {node for part in stmt.body for node in ir.walk(part)}
        for found, way in returns_of(stmt.body + stmt.orelse, here, stmt):
            if found not in done:
                yield found, way


def comes_to_its_end(stmt: ir.For | ir.While) -> bool:
    """Whether what stands behind a loop may follow on its `else`."""
    is_endless = isinstance(stmt, ir.While) and isinstance(stmt.test, ir.Const) and bool(stmt.test.value)
    return not is_endless and not ends_elsewhere(stmt.orelse)


def returns_inside(block: ir.Block) -> Iterator[ir.Exit]:
    """Every return in a block."""
    for stmt in block:
        for node in ir.walk(stmt):
            if isinstance(node, ir.Exit) and node.kind == "return":
                yield node


def is_last(chain: Chain) -> bool:
    """Whether nothing is left to do in the turn after the place that a chain leads to: leaving there ends a complete turn."""
    return all(index == len(block) - 1 or position == len(chain) - 1 for position, (block, index, _) in enumerate(chain)) and all(
        index == 0 for _, index, _ in chain[1:]
    )


def has_exit(block: ir.Block, kinds: Container[str] = CONTINUES) -> bool:
    """Whether a block holds an exit of some kinds from the loop that it stands in, or from a turn of it."""
    if any(node.kind in kinds for node, _ in exits_of(block)):
        return True
    return "return" in kinds and any(True for _ in returns_inside(block))


def ends_with_exit(block: ir.Block, kinds: Container[str] = CONTINUES) -> bool:
    """Whether a block ends in an exit of some kinds, whatever arms it ends in."""
    match block[-1:]:
        case (ir.Exit(kind=kind),):
            return kind in kinds
        case (ir.Branch(then=then, orelse=orelse),):
            return ends_with_exit(then, kinds) and ends_with_exit(orelse, kinds)
    return False


def going_on(side: ir.Block, rest: ir.Block, kinds: Container[str] = CONTINUES) -> ir.Block:
    """An arm of a branch and what follows on it, without the exit that it comes to."""
    block = side if ends_elsewhere(side) else side + rest
    return block[:-1] if block and isinstance(block[-1], ir.Exit) and block[-1].kind in kinds else block


def can_fold(block: ir.Block, kinds: Container[str] = CONTINUES) -> bool:
    """Whether every exit of some kinds is the end of one arm of a branch (`if c: A; continue`), or of the block."""
    for index, stmt in enumerate(block):
        if not has_exit((stmt,), kinds) or isinstance(stmt, ir.Exit):
            continue
        if not isinstance(stmt, ir.Branch):
            return False
        if not (ends_with_exit(stmt.then, kinds) or ends_with_exit(stmt.orelse, kinds)):
            return False
        return all(can_fold(going_on(side, block[index + 1 :], kinds), kinds) for side in (stmt.then, stmt.orelse))
    return True


def ends_elsewhere(block: Sequence[ir.Stmt]) -> bool:
    """Whether control never reaches the end of a block."""
    for stmt in block:
        match stmt:
            case ir.Exit():
                return True
            case ir.Branch(then=then, orelse=orelse) if ends_elsewhere(then) and ends_elsewhere(orelse):
                return True
            case ir.With(body=body, suppresses=False) if ends_elsewhere(body):
                return True
            case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
                if ends_elsewhere(final):
                    return True
                if ends_elsewhere(body + orelse) and all(ends_elsewhere(handler.body) for handler in handlers):
                    return True
            case ir.While(test=ir.Const(value=value), body=body) if value and not _has_break(body):
                return True
    return False


def _has_break(block: Sequence[ir.Stmt]) -> bool:
    """Whether a break in the block leaves the loop whose body it is."""
    for stmt in block:
        match stmt:
            case ir.Exit(kind="break"):
                return True
            case ir.Branch(then=then, orelse=orelse) if _has_break(then) or _has_break(orelse):
                return True
            case ir.With(body=body) if _has_break(body):
                return True
            case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
                if _has_break(body + orelse + final) or any(_has_break(handler.body) for handler in handlers):
                    return True
            case ir.For(orelse=orelse) | ir.While(orelse=orelse) if _has_break(orelse):
                return True
    return False


def only_raises(block: ir.Block) -> bool:
    """Whether every way through a block ends in an exception."""
    exits = (node for stmt in block for node in ir.walk(stmt) if isinstance(node, ir.Exit))
    return ends_elsewhere(block) and all(node.kind == "raise" for node in exits)
