"""Where control leaves a block: the breaks and continues of a loop, the returns of a function, and what never reaches its end.

Never decides how any of it is turned round.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradgen.ir import nodes as ir

Chain = tuple[tuple[ir.Block, int, ir.Stmt | None], ...]
"""The way to a statement: the blocks around it, how far each had come, and the statement that each belongs to."""


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


def has_continue(block: ir.Block) -> bool:
    """Whether a block holds a continue of the loop that it stands in."""
    return any(node.kind == "continue" for node, _ in exits_of(block))


def ends_with_continue(block: ir.Block) -> bool:
    """Whether a block's last statement is a continue."""
    last = block[-1]
    return isinstance(last, ir.Exit) and last.kind == "continue"


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
