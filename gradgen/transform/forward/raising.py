"""What the lines of tangents may raise, and whether a statement around them would catch what the plain call does not raise.

Never refuses.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from gradgen.analyse.irregular import Live, may_catch
from gradgen.ir import nodes as ir
from gradgen.transform.forward.settling import Lines

QUIET = frozenset({"add", "sub", "mul", "neg", "pos", "ifexp", "and", "or", "not", "float", "abs", "max", "min"})


def may_be_caught(lines: Lines, around: Sequence[ir.Stmt], live: Live) -> bool:
    """Whether an exception of the lines' own might be taken for one of the user's by a `try` or `with` around."""
    raised = {each for line in lines.all for each in _raised(line)}
    if any(hoist.pair is not None for hoist in lines.hoists):
        raised |= {ArithmeticError, ValueError}
    return bool(raised) and any(may_catch(stmt, tuple(sorted(raised, key=str)), live) for stmt in around)


def _raised(line: ir.Node) -> Iterable[type[BaseException]]:
    """The classes of what the operations of a line may raise at values for which the user's own line does not."""
    for node in ir.walk(line):
        match node:
            case ir.Op(op="div" | "mod" | "floordiv"):
                yield ZeroDivisionError
            case ir.Op(op=op) if op not in QUIET:
                yield from (ArithmeticError, ValueError)
            case ir.Call() | ir.Exit():
                yield from (ArithmeticError, ValueError)
