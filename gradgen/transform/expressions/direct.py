"""Callees whose backward part needs nothing but what the caller has anyway: their arguments and their result.

Never makes a derivative; says of one that stands what it reads.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.analyse.binding import SPREAD
from gradgen.analyse.program import CallSite
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass
from gradgen.transform.gradient import ForwardEdits, Gradient


@dataclass(frozen=True, slots=True)
class Direct:
    """A backward function that is called with what the caller has: `dz = relu_backward(total, drelu=dh)`. `needs` are its
    parameters but for the seed; of these `result` is what the call gives, the others are parameters of the callee."""

    function: str
    seed: str
    needs: tuple[str, ...]
    result: str | None

    def arguments(self, call: ir.Call, given: Mapping[str, ir.Expr]) -> tuple[ir.Expr, ...] | None:
        """What the backward function is called with; None where a call leaves a parameter to its default."""
        if not all(name == self.result or name in given for name in self.needs):
            return None
        return tuple(ir.Value(call if name == self.result else given[name]) for name in self.needs)


def may_be_direct(site: CallSite) -> bool:
    """Whether it is worth asking: a callee of plain assignments that ends with its only return, without calls, called plainly."""
    read = site.read
    if site.receiver is not None or site.captured or SPREAD in site.arguments or read.captures or read.made is not None:
        return False
    *before, last = read.function.body
    plain = (ir.Assign, ir.Inert)
    return (
        isinstance(last, ir.Exit) and last.kind == "return" and last.value is not None
        and not any(found_in(read.function, each) for each in (ir.Call, ir.Comprehension, ir.Walrus))
        and all(isinstance(stmt, plain) for stmt in before)
        and all(_binds_anew(stmt, read.parameters) for stmt in before if isinstance(stmt, ir.Assign))
    )


def direct(gradient: Gradient) -> Direct | None:
    """How a backward function is called directly, where its forward function is the user's own but for what it hands out."""
    edits, backward = gradient.edits, gradient.backward
    if backward is None or not _is_as_written(edits) or list(edits.replaced) != [gradient.function.body[-1]]:
        return None
    *_, last = edits.replaced[gradient.function.body[-1]]
    if not isinstance(last, ir.Exit) or not isinstance(last.value, ir.Display) or len(last.value.items) != 2:
        return None
    value = last.value.items[0]
    result = value.id if isinstance(value, ir.Name) and value.id not in gradient.read.parameters else None
    name, (*needs, seed), _ = backward
    known = [*gradient.read.parameters, *([] if result is None else [result])]
    if not set(known).issuperset(needs):
        return None
    return Direct(name, seed, tuple(sorted(needs, key=known.index)), result)


def _binds_anew(stmt: ir.Assign, parameters: tuple[str, ...]) -> bool:
    """Whether an assignment only gives a name, or several, to what they did not hold before."""
    nodes = list(ir.walk(stmt.target))
    names = {node.id for node in nodes if isinstance(node, ir.NameTarget)}
    is_stored = any(isinstance(node, ir.ItemTarget | ir.AttributeTarget) for node in nodes)
    return stmt.augmented is None and not is_stored and names.isdisjoint(parameters)


def _is_as_written(edits: ForwardEdits) -> bool:
    """Whether nothing but returns differs from what the user wrote."""
    added = (edits.before, edits.between, edits.after, edits.at_start, edits.otherwise, edits.hoists)
    changed = (
        edits.pointed, edits.headers, edits.kinks, edits.wide_kinks, edits.parted, edits.dropped, edits.reraised, edits.rerun,
        edits.listed, edits.truths,
    )
    return not any(any(table.values()) for table in added) and not any(changed)
