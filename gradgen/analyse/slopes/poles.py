"""Finds the exceptions that a function raises at single values of what varies: a division by what is 0 there, a guard that asks
for an equality. Where one is caught, what is handed out instead says nothing of the slope.

Never looks at what raises beyond a bound, as the logarithm of a negative number does: that follows the way taken.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from gradgen.analyse.activity import Activity
from gradgen.analyse.flow.exits import blocks_of, only_raises
from gradgen.analyse.flow.irregular import Live, matches_any
from gradgen.analyse.kinds.wholes import moves
from gradgen.analyse.program import Program, Read
from gradgen.analyse.reads import CallSite
from gradgen.analyse.slopes.disguised import is_from_zero
from gradgen.analyse.slopes.kinks import EQUALITIES
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import evaluated_by
from gradgen.ir.frozen import dataclass, replace

DIVISIONS = frozenset({"div", "mod", "floordiv", "divmod"})
LOGARITHMS = frozenset({"log", "log2", "log10"})
WITH_POLES = frozenset({"gamma", "lgamma"})

Site = Callable[[ir.Call], CallSite | None]


@dataclass(frozen=True, slots=True)
class Pole:
    """An exception of the class `raised`, because the value `zero` is 0 or the equality `node` holds."""

    raised: type[BaseException]
    node: ir.Expr
    zero: ir.Expr | None = None


@dataclass(frozen=True, slots=True)
class Poles:
    """What the statements of one function may raise at single values; `below` are the exceptions of a function that is called."""

    activity: Activity
    site: Site
    live: Live
    below: Callable[[ir.Call], frozenset[type[BaseException]]]

    def of_block(self, block: ir.Block) -> Iterator[Pole]:
        """The exceptions that leave a block."""
        for stmt in block:
            yield from self._of_stmt(stmt)

    def _of_stmt(self, stmt: ir.Stmt) -> Iterator[Pole]:
        for part in evaluated_by(stmt):
            for node in ir.walk(part):
                yield from self._of_node(node)
        if isinstance(stmt, ir.Inert) and stmt.construct == "an assertion of an equality":
            yield from (Pole(AssertionError, name) for name in stmt.reads if self._moves(name))
        if isinstance(stmt, ir.Branch) and (only_raises(stmt.then) or only_raises(stmt.orelse)):
            yield from self._of_guard(stmt)
        first, *others = blocks_of(stmt) or ((),)
        for pole in self.of_block(first):
            handlers = stmt.handlers if isinstance(stmt, ir.Try) else ()
            caught = next((each for each in handlers if matches_any(each.matches, (pole.raised,), self.live)), None)
            if caught is None:
                yield pole
            elif only_raises(caught.body):  # what it raises instead says the same
                yield replace(pole, raised=self._raised_in(caught.body) or pole.raised)
        for block in others:
            yield from self.of_block(block)

    def _of_node(self, node: ir.Node) -> Iterator[Pole]:
        match node:
            case ir.Op(op=op, args=(_, divisor)) if op in DIVISIONS and self._moves(divisor):
                yield Pole(ZeroDivisionError, node, divisor)
            case ir.Op(op="pow", args=(base, exponent)) if _may_be_negative(exponent) and self._moves(base):
                yield Pole(ZeroDivisionError, node, base)
            case ir.Op(op=op, args=(first, *_)) if op in LOGARITHMS and is_from_zero(first, self.activity, self.site):
                yield Pole(ValueError, node, first)
            case ir.Op(op=op, args=(first,)) if op in WITH_POLES and self._moves(first):
                yield Pole(ValueError, node)
            case ir.Call() if any(map(self.activity.is_varied, ir.children_of(node))):
                for raised in sorted(self.below(node), key=lambda each: each.__name__):
                    yield Pole(raised, node)

    def _of_guard(self, stmt: ir.Branch) -> Iterator[Pole]:
        """`if b == 0: raise ValueError`."""
        asked = [node for node in ir.walk(stmt.test) if isinstance(node, ir.Compare) and set(node.ops) & EQUALITIES]
        asked = [node for node in asked if any(map(self._moves, node.operands))]
        raised = self._raised_in(stmt.then if only_raises(stmt.then) else stmt.orelse) or Exception
        for node in asked:
            yield Pole(raised, node)

    def _raised_in(self, block: ir.Block) -> type[BaseException] | None:
        """The class of the exception that a block ends by; None where that is not known, or is the one being handled."""
        last = block[-1]
        value = last.value if isinstance(last, ir.Exit) else None
        held = self.live(value.func if isinstance(value, ir.Call) else value) if value is not None else None
        return held if isinstance(held, type) and issubclass(held, BaseException) else None

    def _moves(self, expr: ir.Expr) -> bool:
        return moves(expr, self.activity, self.site)


def _may_be_negative(exponent: ir.Expr) -> bool:
    return not (isinstance(exponent, ir.Const) and isinstance(exponent.value, int | float) and exponent.value >= 0)


def raised_below(program: Program, read: Read, varied: tuple[str, ...]) -> frozenset[type[BaseException]]:
    """The exceptions that a function raises at single values of its `varied` parameters."""
    key = (read, varied)
    if key not in program.poles:
        program.poles[key] = frozenset()  # a function that calls itself raises nothing but what it raises otherwise
        try:
            program.poles[key] = frozenset(each.raised for each in poles_of(program, read, varied).of_block(read.function.body))
        except GradgenError:
            pass
    return program.poles[key]


def poles_of(program: Program, read: Read, varied: tuple[str, ...]) -> Poles:
    """The poles of a function whose `varied` parameters vary."""
    analysed = program.analyse(read, varied)
    site = functools.partial(program.site, read=read, versions=analysed.versions)

    def live(expr: ir.Expr) -> Any:
        return program.live_value(expr, read)

    def below(call: ir.Call) -> frozenset[type[BaseException]]:
        called = site(call)
        active = () if called is None else program.active_parameters(called, analysed.activity.is_varied)
        return raised_below(program, called.read, active) if called is not None and active else frozenset()

    return Poles(analysed.activity, site, live, below)
