"""What a derivative asks of the calls in one function, in either mode: the call site, its constants, what it keeps and does.

Never makes a callee's derivative; the modules of the two modes do.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gradgen.analyse.jumps import moving_jump
from gradgen.analyse.keeping import keeps_arguments
from gradgen.analyse.passed_on import taken_for_containers
from gradgen.analyse.program import Analysed, CallSite, IsVaried, Program
from gradgen.analyse.repeatable import acts
from gradgen.analyse.rows import parts_with_parts
from gradgen.ir import nodes as ir


@dataclass(frozen=True, slots=True)
class ProgramCalls:
    """The calls of one function of a program; `changing` is what may change while it runs."""

    program: Program
    analysed: Analysed
    changing: frozenset[str]

    @property
    def is_settled(self) -> bool:
        return not self.changing

    def searches_by_recursion(self, analysed: Analysed) -> bool:
        return self.program.searches_by_recursion(analysed)

    def site(self, call: ir.Call) -> CallSite | None:
        return self.program.site(call, self.analysed.read, self.analysed.versions)

    def live(self, expr: ir.Expr) -> Any:
        return self.program.constant_value(expr, self.analysed.read, self.analysed.versions)

    def keeps(self, site: CallSite, is_varied: IsVaried | None = None) -> bool:
        active = None if is_varied is None else self.program.active_parameters(site, is_varied)
        return keeps_arguments(self.program, site.read, active)

    def parts_with_parts(self, value: ir.Expr) -> frozenset[int]:
        site = self.site(value) if isinstance(value, ir.Call) else None
        return frozenset() if site is None else parts_with_parts(self.program, site.read)

    def takes(self, site: CallSite) -> frozenset[str]:
        return taken_for_containers(site, self.program)

    def acts(self, site: CallSite) -> bool:
        return acts(self.program, site.read)

    def moving_jump(self, site: CallSite, variables: tuple[str, ...], parameters: tuple[str, ...]) -> ir.Expr | None:
        return moving_jump(self.program, site.read, variables, parameters)
