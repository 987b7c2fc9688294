"""The stages in order on one page: read, analyse, transform (which simplifies as it writes), emit. Can stop after any of them.

Never caches and never loads; gradgen.generate does.
"""
from __future__ import annotations

import types
from collections.abc import Container, Mapping, Sequence

from gradgen.analyse.program import Analysed, Program, Read
from gradgen.analyse.surroundings.handed import by_default
from gradgen.emit.assembling import Module, assembled
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import AnyKind
from gradgen.transform.forward.jvp import TangentRequest
from gradgen.transform.forward.module import TangentModuleBuilder
from gradgen.transform.gradient import Gradient, Request
from gradgen.transform.module import ModuleBuilder


def read(
    program: Program, function: types.FunctionType, kinds: Mapping[str, AnyKind] | None = None, bound: Sequence[object] = (),
    fixed: Container[str] = (),
) -> Read:
    """Source to IR; `kinds` are those of the function's arguments, where they are known, `bound` are its first ones, where it is
    a method. Functions that parameters have by default are taken for those that they are given, but for `fixed` parameters."""
    owner = bound[0] if bound else None
    found = program.read(function, kinds=kinds, owner=owner)
    given = by_default(found, fixed)
    return program.read(function, given, owner, kinds) if given else found


def analyse(program: Program, found: Read, wrt: tuple[str, ...]) -> Analysed:
    """IR to facts: versions, and what is active for wrt."""
    return program.analyse(found, wrt)


def transform(program: Program, analysed: Analysed, request: Request | TangentRequest) -> list[Gradient]:
    """Facts to generated functions, callees first; raises UnsupportedError with everything that was refused."""
    if isinstance(request, TangentRequest):
        return TangentModuleBuilder(program).build(analysed, request)
    return ModuleBuilder(program, comments_of, request.is_plain, request.has_pairs).build(analysed, request)


def emit(program: Program, gradients: Sequence[Gradient]) -> Module:
    """Gradient functions to the text of a module, with what they need beside them."""
    return assembled(program, gradients)


def comments_of(found: Read) -> Mapping[ir.Stmt, str]:
    """Each statement's text on one line, for the comments that head backward groups."""
    return {
        node: " ".join(part.strip() for part in found.positions.slice(node.span).splitlines() if not part.strip().startswith("#"))
        for node in found_in(found.function, ir.Assign, ir.Exit, ir.Append) if node.span is not None
    }
