"""Finds where a function of a variable and of parameters may jump at a place that moves with the parameters.

Never refuses; it names the test or the step that gives the jump away. An integral over the variable then moves by more than the
integral of the slope, which Leibniz's rule knows nothing of.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradgen.analyse.activity import carrying_operands, operands_of
from gradgen.analyse.program import CallSite, Program, Read
from gradgen.analyse.solvers.calls import equation_of
from gradgen.ir import nodes as ir
from gradgen.rules.solvers import solver_of

QUIET = frozenset({"is", "isnot", "in", "notin"})
LOGIC = frozenset({"ifexp", "and", "or", "not"})
WRAPPING = frozenset({"mod", "fmod", "floordiv"})
SHAPE_ONLY = frozenset({"zeros_like", "ones_like", "empty_like", "shape", "size", "ndim"})
"""What reads no value of its operand."""


def moving_jump(program: Program, read: Read, variables: Iterable[str], parameters: Iterable[str]) -> ir.Expr | None:
    """A test or step operation in which a variable and a parameter are mixed, here or in what is called."""
    with_variable = program.analyse(read, tuple(variables)).activity
    with_parameters = program.analyse(read, tuple(parameters)).activity

    def is_mixed(operands: Iterable[ir.Expr]) -> bool:
        given = tuple(operands)
        return any(map(with_variable.is_varied, given)) and any(map(with_parameters.is_varied, given))

    for node in ir.nodes_of(read.function):
        match node:
            case ir.Compare(ops=ops, operands=operands) if not set(ops) <= QUIET and is_mixed(operands):
                return node
            case ir.Op() if is_mixed(_stepping_operands(node)):
                return node
            case ir.Call():
                site = _site(program, node, read)
                if site is None or not is_mixed(site.arguments.values()):
                    continue
                names = tuple(name for name in site.read.parameters if name in site.arguments)
                if site.read is read or any(_may_jump(program, site.read, names, {read})):
                    return node
    return None


def _site(program: Program, call: ir.Call, read: Read) -> CallSite | None:
    """What a call runs; of a solver, the function that it is given."""
    called = call if solver_of(call.target) is None else equation_of(call)
    return None if called is None else program.site(called, read, program.versions[read])


def _stepping_operands(op: ir.Op) -> list[ir.Expr]:
    """The operands of which an operation is a step function."""
    carrying = carrying_operands(op.op)
    if carrying is None or op.op in LOGIC or op.op in SHAPE_ONLY:
        return []
    return [operand for name, operand in operands_of(op) if name not in carrying or op.op in WRAPPING]


def _may_jump(program: Program, read: Read, names: tuple[str, ...], seen: set[Read]) -> Iterator[bool]:
    if read in seen:
        return
    seen.add(read)
    facts = program.analyse(read, names).activity
    for node in ir.nodes_of(read.function):
        match node:
            case ir.Compare(operands=operands):
                yield any(map(facts.is_varied, operands))
            case ir.Op():
                yield any(map(facts.is_varied, _stepping_operands(node)))
            case ir.Call():
                site = _site(program, node, read)
                if site is not None:
                    inner = tuple(name for name in site.read.parameters if name in site.arguments)
                    yield from _may_jump(program, site.read, inner, seen)
