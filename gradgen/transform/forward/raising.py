"""What the lines of tangents may raise, and whether a statement around them would catch what the plain call does not raise.

Never refuses.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gradgen.analyse.flow.irregular import Live, may_catch
from gradgen.ir import nodes as ir
from gradgen.transform.forward.settling import Lines
from gradgen.transform.gradient import Pointed

QUIET = frozenset({"add", "sub", "mul", "neg", "pos", "ifexp", "and", "or", "not", "float", "abs", "max", "min", "sin", "cos"})


def may_be_caught(lines: Lines, around: Sequence[ir.Stmt], live: Live, pointed: Mapping[ir.Stmt, Pointed]) -> bool:
    """Whether an exception of the lines' own might be taken for one of the user's by a `try` or `with` around. One that is
    `pointed` says that there is no derivative where it catches certain exceptions."""
    raised = {each for line in lines.all for each in _raised(line)}
    if any(hoist.pair is not None for hoist in lines.hoists):
        raised |= {ArithmeticError, ValueError}
    return any(may_catch(stmt, caught, live) for stmt in around if (caught := _caught(raised, pointed.get(stmt))))


def _caught(raised: set[type[BaseException]], pointed: Pointed | None) -> tuple[type[BaseException], ...]:
    """What a statement may take for an exception of the user's."""
    kept = (each for each in raised if pointed is None or each not in pointed.seen)
    return tuple(sorted(kept, key=str))


def _raised(line: ir.Node) -> Iterable[type[BaseException]]:
    """The classes of what the operations of a line may raise at values for which the user's own line does not."""
    for node in ir.walk(line):
        match node:
            case ir.Op(op="div" | "mod" | "floordiv"):
                yield ZeroDivisionError
            case ir.Op(op="pow"):
                yield from (ZeroDivisionError, OverflowError, ValueError)
            case ir.Op(op=op) if op not in QUIET:
                yield from (OverflowError, ValueError)
            case ir.Call() | ir.Exit():
                yield from (ArithmeticError, ValueError)
