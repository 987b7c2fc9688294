"""All forward-mode functions of one module: the one asked for, and those of the callees that something varying goes into.

Never prints.
"""
from __future__ import annotations

from collections.abc import Container, Sequence

from gradgen.analyse.program import Analysed, CallSite, Program, Read
from gradgen.analyse.recording.stability import changes_in
from gradgen.analyse.slopes.joined import operators_joining
from gradgen.analyse.versions import Version
from gradgen.errors import Finding, UnsupportedError
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field, replace
from gradgen.read.callables import stem_of
from gradgen.transform.expressions.callees import Callee
from gradgen.transform.expressions.direct import Direct
from gradgen.transform.forward.by_name import check_held
from gradgen.transform.forward.callees import TangentCallee
from gradgen.transform.forward.jvp import TangentRequest, forward
from gradgen.transform.gradient import Gradient
from gradgen.transform.module import guard_below, identifiers, reached
from gradgen.transform.program_calls import ProgramCalls

Key = tuple[Read, tuple[str, ...], bool]
"""A callee, what it is by, and whether its tangent alone is asked for."""


@dataclass(slots=True)
class TangentModuleBuilder:
    """Makes the forward-mode functions of a root function and of every callee that it asks for, each once.

    As in reverse mode the module is made again until no more callees turn out to be refused on every way through them.
    """

    program: Program
    taken: set[str] = field(default_factory=set)
    changing: frozenset[str] = frozenset()
    joined: frozenset[ir.Op | ir.Call] = frozenset()  # sums of lists: what operators join is moved by the same operators
    callees: dict[Key, TangentCallee] = field(default_factory=dict)
    waiting: list[Key] = field(default_factory=list)
    hopeless: dict[Key, list[Finding]] = field(default_factory=dict)

    def build(self, root: Analysed, request: TangentRequest) -> list[Gradient]:
        """The functions in the order of the module: callees first, deepest first."""
        self.changing = changes_in(self.program, root.read)
        self.joined = frozenset(each for each in operators_joining(self.program, root.read) if isinstance(each, ir.Call))
        request = replace(request, tangents=_tangent_names(root.read, request.wrt))
        while True:
            known = len(self.hopeless)
            functions, findings = self._tried(root, request)
            if len(self.hopeless) == known:
                break
        if findings:
            raise UnsupportedError(findings)
        return reached(functions)[::-1]

    def _tried(self, root: Analysed, request: TangentRequest) -> tuple[list[Gradient], list[Finding]]:
        """The root's function, those of the callees in the order that they are asked for, and what is refused in the root."""
        called = (identifiers(read) for read in self.program.reads.values() if "_jvp" in read.positions.text)
        self.taken = {request.name}.union(identifiers(root.read), *called)
        self.callees.clear()
        if request.with_value:
            active = tuple(name for name in root.read.parameters if name in request.wrt)
            self.callees[root.read, active, False] = TangentCallee(request.name, request.tangents)
        function, findings = self._function(root, request)
        result = [function]
        while self.waiting:
            key = self.waiting.pop(0)
            read, wrt, is_alone = key
            callee = self.callees[key]
            docstring = f"The tangent of {read.function.name}." if is_alone else f"{read.function.name} and its tangent."
            asked = TangentRequest(callee.name, wrt, docstring, not is_alone, request.is_plain, callee.tangents, True)
            function, refused = self._function(self.program.analyse(read, wrt), asked)
            result.append(function)
            if refused:
                self.hopeless[key] = refused
        guard_below(self.program, root, result)
        return result, [*findings, *check_held(result)]

    def _function(self, analysed: Analysed, request: TangentRequest) -> tuple[Gradient, list[Finding]]:
        """A function, and what is refused on every way through it."""
        noted = analysed.read.refusals.findings
        from_reading = len(noted)
        function = forward(analysed, request, _Calls(self.program, analysed, self.changing, self.joined, self), self.taken)
        findings = list(noted)
        del noted[from_reading:]
        return function, findings

    def callee(self, key: Key) -> TangentCallee:
        """The callee's forward-mode function for what varies."""
        if key not in self.callees:
            read, active, is_alone = key
            stem, end = stem_of(read.function.name, "callee"), "tangent" if is_alone else "jvp"
            own = identifiers(read)
            if f"{stem}_{end}" in self.taken:
                stem = "_".join((stem, *active))
            number, free = 1, f"{stem}_{end}"
            while free in self.taken:
                number += 1
                free = f"{stem}_{number}_{end}"
            self.taken |= {free} | own
            self.callees[key] = TangentCallee(free, _tangent_names(read, active))
            self.waiting.append(key)
        return self.callees[key]


@dataclass(frozen=True, slots=True)
class _Calls(ProgramCalls):
    """The calls of one function, whose callees have tangents."""

    builder: TangentModuleBuilder

    def may_run_again(self, site: CallSite) -> bool:
        return self.is_settled

    def callee(self, site: CallSite, active: tuple[str, ...], recomputes: bool) -> Callee:
        raise NotImplementedError("forward mode has no backward functions")

    def direct(self, site: CallSite, active: tuple[str, ...]) -> Direct | None:
        raise NotImplementedError("forward mode has no backward functions")

    def acting(
        self, block: ir.Block, lasting: Container[str], held: frozenset[Version], changing: frozenset[str]
    ) -> tuple[ir.Node, str] | None:
        raise NotImplementedError("forward mode runs no turn again")

    def refused(self, site: CallSite, active: tuple[str, ...], recomputes: bool) -> Sequence[Finding]:
        whole, alone = ((site.read, active, is_alone) for is_alone in (False, True))
        return self.builder.hopeless.get(whole, ()) or self.builder.hopeless.get(alone, ())

    def tangent_callee(self, site: CallSite, active: tuple[str, ...], is_alone: bool = False) -> TangentCallee:
        return self.builder.callee((site.read, active, is_alone))

    def varies_with(self, site: CallSite, active: tuple[str, ...]) -> bool:
        return self.builder.program.analyse(site.read, active).result_varies

    def tangent_alone(self, name: str) -> str:
        """The function of the tangent alone, of a callee whose function is called so."""
        read, active, _ = next(key for key, callee in self.builder.callees.items() if callee.name == name)
        return self.builder.callee((read, active, True)).name


def _tangent_names(read: Read, wrt: tuple[str, ...]) -> dict[str, str]:
    """The keyword for each parameter's tangent: `x_dot`, or the first like it that the function does not use."""
    own = identifiers(read)
    found = {}
    for parameter in wrt:
        tangent = f"{parameter}_dot"
        while tangent in own:
            tangent += "_"
        found[parameter] = tangent
    return found
