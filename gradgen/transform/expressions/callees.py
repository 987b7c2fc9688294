"""What a derivative asks of the functions that are called, whichever way theirs are made.

Never makes one; the modules of the two modes do.
"""
from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any, Protocol

from gradgen.analyse.program import Analysed, CallSite, IsVaried
from gradgen.analyse.slopes.below import Below
from gradgen.analyse.slopes.partings import Order
from gradgen.analyse.slopes.poles import Pole
from gradgen.analyse.versions import Version
from gradgen.errors import Finding
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.transform.expressions.direct import Direct


@dataclass(frozen=True, slots=True)
class Callee:
    """A generated callee: `<name>_grad` recomputes its forward part, a pair `<name>_forward`, `<name>_backward` does not."""

    gradient: str
    forward: str | None
    seed: str


class Callees(Protocol):
    """Where the derivatives of the user's own functions come from."""

    @property
    def changing(self) -> frozenset[str]: ...

    @property
    def joined(self) -> frozenset[ir.Op | ir.Call]: ...

    @property
    def is_settled(self) -> bool: ...

    def may_run_again(self, site: CallSite) -> bool: ...

    def searches_by_recursion(self, analysed: Analysed) -> bool: ...

    def computing_class(self, name: str) -> type | None: ...

    def class_of(self, expr: ir.Expr) -> type | None: ...

    def site(self, call: ir.Call) -> CallSite | None: ...

    def live(self, expr: ir.Expr) -> Any: ...

    def makes(self, call: ir.Call) -> bool: ...

    def stored_outside(self) -> frozenset[str]: ...

    def keeps(self, site: CallSite, is_varied: IsVaried | None = None) -> bool: ...

    def refused(self, site: CallSite, active: tuple[str, ...], recomputes: bool) -> Sequence[Finding]: ...

    def callee(self, site: CallSite, active: tuple[str, ...], recomputes: bool) -> Callee: ...

    def direct(self, site: CallSite, active: tuple[str, ...]) -> Direct | None: ...

    def passing(self, call: ir.Call, site: CallSite, active: tuple[str, ...]) -> tuple[str, ...]: ...

    def moving(self, site: CallSite, passing: tuple[str, ...]) -> tuple[str, ...]: ...

    def asked_below(self, call: ir.Call) -> list[Below]: ...

    def orders_below(self, call: ir.Call) -> list[Order]: ...

    def poles(self, block: ir.Block) -> list[Pole]: ...

    def takes(self, site: CallSite) -> frozenset[str]: ...

    def acts(self, site: CallSite) -> bool: ...

    def changes(self, site: CallSite) -> bool: ...

    def parts_with_parts(self, value: ir.Expr) -> frozenset[int]: ...

    def acting(
        self, block: ir.Block, lasting: Container[str], held: frozenset[Version], changing: frozenset[str]
    ) -> tuple[ir.Node, str] | None: ...

    def moving_jump(self, site: CallSite, variables: tuple[str, ...], parameters: tuple[str, ...]) -> ir.Expr | None: ...
