"""All generated functions of one module: the one asked for, and those of the callees that its backward part calls.

Never prints.
"""
from __future__ import annotations

import keyword
from collections.abc import Callable, Container, Mapping, Sequence

from gradgen.analyse.kinds.rows import may_have_rows, reads_by_both, reads_by_name
from gradgen.analyse.program import Analysed, CallSite, Program, Read
from gradgen.analyse.recording.repeatable import acting, acts
from gradgen.analyse.recording.stability import changes_in, may_run_again
from gradgen.analyse.slopes.joined import operators_joining
from gradgen.analyse.surroundings.classes import record_fields
from gradgen.analyse.versions import Version
from gradgen.errors import Finding, UnsupportedError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field, replace
from gradgen.ir.kinds import AnyKind, Holder
from gradgen.read.callables import stem_of
from gradgen.rules.registry import rules_for
from gradgen.rules.zeros import Reading, variant_of
from gradgen.transform.expressions.callees import Callee
from gradgen.transform.expressions.direct import Direct, direct, may_be_direct
from gradgen.transform.gradient import Gradient, Request
from gradgen.transform.guarding.guards import guard_functions, guard_numbers
from gradgen.transform.loops.recursive import by_pair
from gradgen.transform.loops.tries import reraise
from gradgen.transform.program_calls import ProgramCalls
from gradgen.transform.reverse import reverse

CommentsOf = Callable[[Read], Mapping[ir.Stmt, str]]
CALLING_ZEROS = frozenset({"zeros_like", "zero_gradient"})
LIBRARY_FUNCTION = 10  # the cost of one in the tables of rules

Key = tuple[Read, tuple[str, ...], bool | None]
"""A callee, the parameters that vary, and whether it recomputes; None where it needs no forward part of its own."""


@dataclass(slots=True)
class ModuleBuilder:
    """Makes the gradients of a root function and of every callee that it asks for, each once.

    A callee that is refused on every way through it makes each call of it refused in turn: `hopeless` holds what was found
    in it. That is known only once it has been tried, so the module is made again until nothing new is refused.
    """

    program: Program
    comments_of: CommentsOf
    is_plain: bool
    has_pairs: bool = True
    checkpoint: int | None = None
    taken: set[str] = field(default_factory=set)
    changing: frozenset[str] = frozenset()
    joined: frozenset[ir.Op | ir.Call] = frozenset()
    callees: dict[Key, Callee] = field(default_factory=dict)
    waiting: list[Key] = field(default_factory=list)
    made: dict[Key, tuple[Gradient, list[Finding]]] = field(default_factory=dict)
    called: dict[tuple[Read, tuple[str, ...]], Direct | None] = field(default_factory=dict)
    hopeless: dict[Key, list[Finding]] = field(default_factory=dict)

    def build(self, root: Analysed, request: Request) -> list[Gradient]:
        """The gradients in the order of the module: callees first, deepest first."""
        self.changing = changes_in(self.program, root.read)
        self.joined = operators_joining(self.program, root.read)
        while True:
            known = len(self.hopeless)
            gradients, findings = self._tried(root, request)
            if len(self.hopeless) == known:
                break
        gradients = reached(gradients)[::-1]
        findings = findings or reraise(self.program, gradients)
        if findings:
            raise UnsupportedError(findings)
        return gradients

    def _tried(self, root: Analysed, request: Request) -> tuple[list[Gradient], list[Finding]]:
        """The root's gradient, those of the callees in the order that they are asked for, and what is refused in the root."""
        self.taken, self.checkpoint = {request.name} | identifiers(root.read), request.checkpoint
        for table in (self.callees, self.made, self.called):
            table.clear()
        gradient, findings = self._gradient(root, request)
        result = [gradient]
        while self.waiting:
            key = self.waiting.pop(0)
            gradient, refused = self.made.pop(key) if key in self.made else self._of_callee(key, self.callees[key])
            result.append(gradient)
            if refused:
                self.hopeless[key] = refused
        guard_below(self.program, root, result)
        own = self.callees.get((root.read, request.wrt, False))  # a function that calls itself
        if own is not None and own.forward is not None and not (request.is_plain or request.is_vjp or findings):
            result[0] = by_pair(result[0], root, request, own)
        self._add_rows_by_element(result)
        return result, findings

    def _add_rows_by_element(self, gradients: list[Gradient]) -> None:
        """`dm[0] += drow` must add element by element where the elements of a container may be containers; they may be arrays."""
        reads = {gradient.read for gradient in gradients}
        has_rows = may_have_rows((read.function, self.program.versions[read]) for read in reads)
        has_arrays = any(self.program.kinds_of(read).has_arrays for read in reads)
        by_name, by_both = (any(found(read.function) for read in reads) for found in (reads_by_name, reads_by_both))
        reading: Reading = "by both" if by_both else "by names" if by_name else "by places"
        name = variant_of(has_rows, has_arrays, reading, any(map(_has_instances, reads)))
        for gradient in gradients:
            for needed in (gradient.helpers, gradient.edits.needed):
                if needed & CALLING_ZEROS:
                    needed.discard("zeros_like")
                    needed.add(name)

    def _of_callee(self, key: Key, callee: Callee) -> tuple[Gradient, list[Finding]]:
        read, wrt, _ = key
        pair = callee.forward is not None
        request = Request(
            callee.forward or callee.gradient, wrt, len(wrt) == 1, False, _callee_docstring(read, wrt, pair), self.is_plain,
            False, callee.gradient if pair else None, callee.seed, checkpoint=self.checkpoint,
        )
        return self._gradient(self.program.analyse(read, wrt), request)

    def _gradient(self, analysed: Analysed, request: Request) -> tuple[Gradient, list[Finding]]:
        """A function's gradient, and what is refused on every way through the function."""
        noted = analysed.read.refusals.findings
        from_reading = len(noted)
        calls = _Calls(self.program, analysed, self.changing, self.joined, self)
        gradient = reverse(analysed, request, calls, self.comments_of(analysed.read), self.taken)
        findings = list(noted)
        del noted[from_reading:]
        return gradient, findings

    def callee(self, site: CallSite, active: tuple[str, ...], recomputes: bool) -> Callee:
        """The callee's derivative; `recomputes` asks for one that runs the forward part itself, as inside of a comprehension."""
        key = (site.read, active, recomputes)
        if key not in self.callees:
            is_repeatable = self.may_run_again(site)
            recomputes = recomputes or not self.has_pairs and is_repeatable
            is_pair = not recomputes and (not is_repeatable or site.receiver is not None or self._is_costly(site.read))
            self.callees[key] = self._named(site.read, active, is_pair)
            self.waiting.append(key)
        return self.callees[key]

    def direct(self, site: CallSite, active: tuple[str, ...]) -> Direct | None:
        """How the callee's backward function is called with nothing but arguments and the result; None where that is not enough.

        It is made at once, since the caller is written by it: the forward part of what it reads would be there for nothing.
        """
        read = site.read
        if self.is_plain or not may_be_direct(site):
            return None
        if (read, active) not in self.called:
            key, taken = (read, active, None), set(self.taken)
            callee = self._named(read, active, is_pair=True)
            gradient, refused = self._of_callee(key, callee)
            found = None if refused else direct(gradient)
            if found is not None and gradient.backward and (found.result in found.needs or self._is_costly(read)):
                backward = found.function, (*found.needs, found.seed), gradient.backward[2]
                self.made[key] = replace(gradient, backward=backward, is_direct=True), []
                self.callees[key] = callee
                self.waiting.append(key)
            else:
                found, self.taken = None, taken
            self.called[read, active] = found
        return self.called[read, active]

    def _named(self, read: Read, active: tuple[str, ...], is_pair: bool) -> Callee:
        """The names that a callee's derivative goes by, taken from now on."""
        name = stem_of(read.function.name, "")
        stem = name or "callee"
        stem = self._free(stem + ("" if not self._clashes(stem) else "_" + "_".join(active)))
        self.taken |= {f"{stem}_forward", f"{stem}_backward", f"{stem}_grad"} | identifiers(read)
        seed = f"d{name or 'value'}"
        while seed in identifiers(read) or keyword.iskeyword(seed):
            seed += "_"
        return Callee(f"{stem}_backward" if is_pair else f"{stem}_grad", f"{stem}_forward" if is_pair else None, seed)

    def may_run_again(self, site: CallSite) -> bool:
        """Whether what a call runs gives the same later on."""
        return may_run_again(self.program, site.read, self.changing)

    def _is_costly(self, read: Read) -> bool:
        """Whether running a callee's forward part twice would cost more than a few operations."""
        nodes = list(ir.nodes_of(read.function))
        if any(isinstance(node, ir.For | ir.While | ir.Call | ir.Comprehension) for node in nodes):
            return True
        if not self.program.kinds_of(read).has_arrays:
            return False
        rules = (rule for node in nodes if isinstance(node, ir.Op) for rule in rules_for(node.op))
        return any(rule.cost >= LIBRARY_FUNCTION for rule in rules)

    def _clashes(self, stem: str) -> bool:
        return bool({f"{stem}_forward", f"{stem}_backward", f"{stem}_grad"} & self.taken)

    def _free(self, stem: str) -> str:
        number, result = 1, stem
        while self._clashes(result):
            number += 1
            result = f"{stem}_{number}"
        return result


def guard_below(program: Program, root: Analysed, functions: Sequence[Gradient]) -> None:
    """A function of numbers whose callees work on arrays makes sure that it is given numbers: nothing else in it tells. One that
    is given functions by default makes sure of these."""
    guard_functions(root.read, functions[0].edits)
    below = {each.read for each in functions} - {root.read}
    if not root.kinds.has_arrays and any(program.kinds_of(read).has_arrays for read in below):
        guard_numbers(root.read.function, root.wrt, root.read.kinds, functions[0].edits)


@dataclass(frozen=True, slots=True)
class _Calls(ProgramCalls):
    """The calls of one function, whose callees have backward functions."""

    builder: ModuleBuilder

    def may_run_again(self, site: CallSite) -> bool:
        return self.builder.may_run_again(site)

    def refused(self, site: CallSite, active: tuple[str, ...], recomputes: bool) -> Sequence[Finding]:
        return self.builder.hopeless.get((site.read, active, recomputes), ())

    def callee(self, site: CallSite, active: tuple[str, ...], recomputes: bool) -> Callee:
        return self.builder.callee(site, active, recomputes)

    def direct(self, site: CallSite, active: tuple[str, ...]) -> Direct | None:
        return self.builder.direct(site, active)

    def acts(self, site: CallSite) -> bool:
        return not self.may_run_again(site) or acts(self.program, site.read)

    def acting(
        self, block: ir.Block, lasting: Container[str], held: frozenset[Version], changing: frozenset[str]
    ) -> tuple[ir.Node, str] | None:
        return acting(self.program, self.analysed.read, block, lasting, held, changing)


def reached(gradients: Sequence[Gradient]) -> list[Gradient]:
    """The gradients that the first one calls, itself and through others: a call that was refused leaves its callee behind."""
    waiting, found = [gradients[0]], {gradients[0].name}
    while waiting and len(found) < len(gradients):
        called = names_in(waiting.pop())
        for gradient in gradients:
            own = set(gradient.names)
            if own & called and gradient.name not in found:
                found.add(gradient.name)
                waiting.append(gradient)
    return [gradient for gradient in gradients if gradient.name in found]


def lines_of(gradient: Gradient) -> list[ir.Stmt]:
    """The lines that a gradient adds to the function's own."""
    edits = gradient.edits
    tables = (edits.before, edits.between, edits.after, edits.at_start, edits.replaced, edits.otherwise)
    lines = [line for table in tables for added in table.values() for line in added]
    return [*lines, *(gradient.backward[2] if gradient.backward else ())]


def names_in(gradient: Gradient) -> set[str]:
    """The names that the generated lines of a gradient read."""
    lines = lines_of(gradient)
    hoists = [hoist for named in gradient.edits.hoists.values() for hoist in named]
    pairs = [hoist.pair for hoist in hoists if hoist.pair is not None]
    forwards = {pair.forward for pair in pairs}
    lines.extend(ir.Evaluate(value) for pair in pairs for _, value in pair.tangents)
    return forwards | {node.id for line in lines for node in ir.walk(line) if isinstance(node, ir.Name)}


def identifiers(read: Read) -> set[str]:
    named = {node.id.split(".")[0] for node in found_in(read.function, ir.Name)}
    return named | ir.names_bound(read.function.body) | set(read.parameters)


def _callee_docstring(read: Read, wrt: tuple[str, ...], is_pair: bool) -> str:
    name = read.function.name
    if is_pair:
        return f"{name} and what its backward part needs."
    shape = f"d{wrt[0]}" if len(wrt) == 1 else ", ".join(f"d{each}" for each in wrt)
    return f"What the adjoint of {name}'s result adds to those of its arguments: {shape}."


def _has_instances(read: Read) -> bool:
    """Whether a function makes an instance of a plain class, or is given one."""
    return read.made is not None or any(map(_is_instance, read.kinds.values()))


def _is_instance(kind: AnyKind) -> bool:
    if not isinstance(kind, Holder):
        return False
    is_plain = kind.known is not None and record_fields(kind.known) is None
    return is_plain or any(map(_is_instance, kind.items or (kind.element,)))
