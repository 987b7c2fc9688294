"""Values that have no name in the forward part, computed again by backward lines of their own.

Never decides whether backward lines read a value.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from gradgen.analyse.reads import CallSite
from gradgen.ir import nodes as ir
from gradgen.transform.expressions.contributions import Temporary
from gradgen.transform.expressions.evaluation import rebuilt
from gradgen.transform.lines.plans import Hoist

SUMMING = (sum, len, zip, enumerate, range, reversed)
PARTS = (
    ir.Op, ir.Name, ir.Const, ir.Item, ir.Slice, ir.Call, ir.Comprehension, ir.Display, ir.Generator, ir.NameTarget,
    ir.TupleTarget, ir.Compare,
)


class Repeatable(Protocol):
    """What is asked of the functions that are called."""

    def site(self, call: ir.Call) -> CallSite | None: ...

    def acts(self, site: CallSite) -> bool: ...


def are_lines(hoists: Sequence[Hoist]) -> bool:
    """Whether all values can be computed by lines of their own: nothing of them is kept by a callee."""
    return all(hoist.kept is None and hoist.style in ("line", "again") for hoist in hoists)


def may_be_summed_again(hoist: Hoist, unstable: frozenset[str], callees: Repeatable) -> bool:
    """Whether a value is made by arithmetic, sums and calls that may be repeated, of containers which stay as they are: it may be
    computed again later."""
    inside = ir.walk(hoist.expr)
    own = {node.id for node in inside if isinstance(node, ir.NameTarget)}
    calls = [node for node in inside if isinstance(node, ir.Call)]
    is_plain = all(any(node.target is known for known in SUMMING) or _may_be_repeated(node, callees) for node in calls)
    methods = {node.func for node in calls}
    read = {node.id for node in inside if isinstance(node, ir.Name)} - own
    is_known = all(isinstance(node, PARTS) or node in methods and isinstance(node, ir.Attribute) for node in inside)
    return is_plain and are_lines([hoist]) and is_known and not read & unstable


def _may_be_repeated(call: ir.Call, callees: Repeatable) -> bool:
    """Whether a call of the user's own function shows nothing and gives the same again, whatever has been bound since."""
    site = callees.site(call)
    return site is not None and not site.captured and not callees.acts(site)


def by_names(hoists: Sequence[Hoist]) -> Callable[[ir.Expr], ir.Expr]:
    """An expression in terms of the names that values have lines under."""
    again = {hoist.expr: hoist.name for hoist in hoists}

    def spelled(expr: ir.Expr) -> ir.Expr:
        return ir.Name(again[expr]) if expr in again else rebuilt(expr, spelled)

    return spelled


def lines_again(hoists: Sequence[Hoist]) -> list[Temporary]:
    """The values as lines, each in terms of the names of those before it."""
    spelled = by_names(hoists)
    return [Temporary(hoist.name, rebuilt(hoist.expr, spelled), ()) for hoist in hoists if hoist.style == "line"]
