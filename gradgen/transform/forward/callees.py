"""What forward mode asks of where the functions of the user's own functions' tangents come from.

Never makes one.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from gradgen.analyse.program import CallSite
from gradgen.analyse.versions import Version
from gradgen.ir.frozen import dataclass
from gradgen.transform.expressions.callees import Callees


@dataclass(frozen=True, slots=True)
class TangentCallee:
    """A callee's `<name>_jvp`, or its `<name>_tangent` alone, and the keyword that takes each varying parameter's tangent."""

    name: str
    tangents: Mapping[str, str]


class TangentCallees(Callees, Protocol):
    """Where the forward-mode functions of the user's own functions come from."""

    def collects(self, version: Version | None) -> bool: ...

    def tangent_callee(self, site: CallSite, active: tuple[str, ...], is_alone: bool = False) -> TangentCallee: ...

    def varies_with(self, site: CallSite, active: tuple[str, ...]) -> bool: ...

    def tangent_alone(self, name: str) -> str: ...
