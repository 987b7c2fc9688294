"""What the lines of tangents may raise, and which try statements would catch it: an exception that the plain call does not raise.

Never refuses.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradgen.ir import nodes as ir
from gradgen.transform.forward.settling import Lines

QUIET = frozenset({"add", "sub", "mul", "neg", "pos", "ifexp", "and", "or", "not", "float", "abs", "max", "min"})


@dataclass(frozen=True, slots=True)
class Catching:
    """What the statements around a place catch; `is_inside` where an exception need not end the call."""

    classes: tuple[type[BaseException], ...] = ()
    is_inside: bool = False


def may_be_caught(lines: Lines, around: Catching) -> bool:
    """Whether an exception of the lines' own might be taken for one of the user's."""
    if not around.is_inside:
        return False
    raised = {each for line in lines.all for each in _raised(line)}
    if any(hoist.pair is not None for hoist in lines.hoists):
        raised |= {ArithmeticError, ValueError}
    return any(issubclass(one, other) or issubclass(other, one) for one in raised for other in around.classes)


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
