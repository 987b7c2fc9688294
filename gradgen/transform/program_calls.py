"""What a derivative asks of the calls in one function, in either mode: the call site, its constants, what it keeps and does.

Never makes a callee's derivative; the modules of the two modes do.
"""
from __future__ import annotations

from typing import Any

from gradgen.analyse.kinds.collecting import collects
from gradgen.analyse.kinds.rows import parts_with_parts
from gradgen.analyse.program import Analysed, CallSite, IsVaried, Program
from gradgen.analyse.recording.keeping import keeps_arguments
from gradgen.analyse.recording.passed_on import taken_for_containers
from gradgen.analyse.recording.repeatable import acts
from gradgen.analyse.sharing.lasting import is_remembered, origins, stored_from_outside
from gradgen.analyse.slopes.across import orders_below
from gradgen.analyse.slopes.asking import asked_in
from gradgen.analyse.slopes.below import Below, asked_below
from gradgen.analyse.slopes.jumps import moving_jump
from gradgen.analyse.slopes.partings import Order
from gradgen.analyse.slopes.poles import Pole, poles_of
from gradgen.analyse.surroundings.classes import class_computing
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ProgramCalls:
    """The calls of one function of a program; `changing` is what may change while it runs, `joined` are the operators that
    may join lists."""

    program: Program
    analysed: Analysed
    changing: frozenset[str]
    joined: frozenset[ir.Op | ir.Call]

    @property
    def is_settled(self) -> bool:
        return not self.changing

    def searches_by_recursion(self, analysed: Analysed) -> bool:
        return self.program.searches_by_recursion(analysed)

    def site(self, call: ir.Call) -> CallSite | None:
        return self.program.site(call, self.analysed.read, self.analysed.versions)

    def live(self, expr: ir.Expr) -> Any:
        return self.program.constant_value(expr, self.analysed.read, self.analysed.versions)

    def computing_class(self, name: str) -> type | None:
        return class_computing(name, (read.function for read in self.program.reads.values()))

    def class_of(self, expr: ir.Expr) -> type | None:
        return self.program.class_of(expr, self.analysed.read, self.analysed.versions)

    def collects(self, version: Version | None) -> bool:
        return collects(version, self.program, self.analysed.read)

    def stored_outside(self) -> frozenset[str]:
        """The variables that vary through which something is stored into what calls hand out and others see."""
        found = stored_from_outside(self.analysed.read.function, self._hands_out)
        return frozenset(each.name for each in self.analysed.activity.varied if each.name in found)

    def makes(self, call: ir.Call) -> bool:
        """Whether what a call gives is made by what it runs, and nothing else holds it."""
        site = self.site(call)
        return site is not None and not is_remembered(call) and origins(self.program, site.read) == {"made"}

    def _hands_out(self, call: ir.Call) -> bool:
        site = self.site(call)
        return site is not None and is_remembered(call) or site is not None and "outside" in origins(self.program, site.read)

    def keeps(self, site: CallSite, is_varied: IsVaried | None = None) -> bool:
        active = None if is_varied is None else self.program.active_parameters(site, is_varied)
        return keeps_arguments(self.program, site.read, active)

    def passing(self, call: ir.Call, site: CallSite, active: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the parameters that are given something active through which a derivative may pass."""
        carried = self.program.call_carries(self.analysed.read, self.analysed.versions, call)
        if carried is None:
            return active
        return tuple(name for name in active if any(site.arguments[name] is each for each in carried))

    def moving(self, site: CallSite, passing: tuple[str, ...]) -> tuple[str, ...]:
        """The parameters that the callee's derivative is for: those that are `passing`, and others that vary where it asks
        whether they are equal to something."""
        varied = self.program.active_parameters(site, self.analysed.activity.is_varied)
        joined = tuple(name for name in site.read.parameters if name in varied or name in passing)
        if joined == passing or asked_in(self.program, site.read, joined) == asked_in(self.program, site.read, passing):
            return passing
        return joined

    def orders_below(self, call: ir.Call) -> list[Order]:
        return orders_below(self.program, self.analysed.read, self.analysed.activity, call)

    def asked_below(self, call: ir.Call) -> list[Below]:
        return list(asked_below(self.program, self.analysed.read, self.analysed.activity, call))

    def poles(self, block: ir.Block) -> list[Pole]:
        return list(poles_of(self.program, self.analysed.read, self.analysed.wrt).of_block(block))

    def parts_with_parts(self, value: ir.Expr) -> frozenset[int]:
        site = self.site(value) if isinstance(value, ir.Call) else None
        return frozenset() if site is None else parts_with_parts(self.program, site.read)

    def takes(self, site: CallSite) -> frozenset[str]:
        return taken_for_containers(site, self.program)

    def acts(self, site: CallSite) -> bool:
        return acts(self.program, site.read)

    def changes(self, site: CallSite) -> bool:
        """Whether what a call runs does more than compute, whatever else changes meanwhile."""
        return acts(self.program, site.read)

    def moving_jump(self, site: CallSite, variables: tuple[str, ...], parameters: tuple[str, ...]) -> ir.Expr | None:
        return moving_jump(self.program, site.read, variables, parameters)
