"""Keeps what has no derivative from looking like a failure that a handler of the user's mends: it is raised again there.

Never turns a try statement round; transform.control and transform.backward do.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gradgen.analyse.flow.irregular import matches_any, may_catch
from gradgen.analyse.program import Program
from gradgen.errors import Finding, NonDifferentiableError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import replace
from gradgen.transform.gradient import ForwardEdits, Gradient


def reraise(program: Program, gradients: Sequence[Gradient]) -> list[Finding]:
    """Mark the try statements that must let through what their callees raise; what is found where nothing can be let through."""
    if not any(found_in(gradient.function, ir.Try, ir.With) for gradient in gradients):
        return []
    raising: set[str] = set()
    while True:
        more = {each.name for each in gradients if each.name not in raising and _raises(each.edits, [each.function], raising)}
        if not more:
            break
        raising |= more
    findings = []
    for gradient in gradients:
        def live(expr: ir.Expr, gradient: Gradient = gradient) -> Any:
            return program.live_value(expr, gradient.read)

        for stmt in found_in(gradient.function, ir.Try, ir.With):
            if not _raises(gradient.edits, stmt.body, raising):
                continue
            handlers = stmt.handlers if isinstance(stmt, ir.Try) else ()
            if any(matches_any(handler.matches, (NonDifferentiableError,), live) for handler in handlers):
                gradient.edits.reraised.add(stmt)
                gradient.edits.needed.add("NonDifferentiableError")
            if not may_catch(replace(stmt, handlers=()) if isinstance(stmt, ir.Try) else stmt, (), live):
                continue
            findings.append(gradient.read.refusals.finding(
                "GG111", stmt.span, construct="a call inside of a statement that swallows exceptions",
                detail="Where the callee has no derivative it says so by an exception, which would be swallowed.",
                advice="Call it before, or write a try statement.",
            ))
    return findings


def _raises(edits: ForwardEdits, parts: Iterable[ir.Node], raising: set[str]) -> bool:
    """Whether the forward part of a function, or of statements of it, may raise NonDifferentiableError."""
    for node in (node for part in parts for node in ir.walk(part)):
        if node in edits.kinks or node in edits.pointed:
            return True
        if isinstance(node, ir.Stmt):
            own = (*edits.replaced.get(node, ()), *edits.after.get(node, ()))
            if any(isinstance(line, ir.Exit) and line.kind == "raise" for line in own):
                return True
            if any(hoist.pair is not None and hoist.pair.forward in raising for hoist in edits.hoists.get(node, ())):
                return True
    return False
