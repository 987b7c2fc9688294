"""A computation graph as plain data: what depends on what, node by node, for whoever draws or walks it.

Never draws and never decides what is in it; the analysis fills it, gradgen/show renders it.
"""
from __future__ import annotations

from typing import Literal

from gradgen.ir.frozen import dataclass

NodeKind = Literal["input", "value", "operation", "constant", "output"]


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One node. `label` is the short name shown (`u`, `*`, `2`); `expression` the source text it stands for (`u = b * c`), or "".

    `line` is the line in the user's file, None for what has none; `id` is any text that is unique within its graph.
    """

    id: str
    label: str
    kind: NodeKind
    line: int | None = None
    expression: str = ""

    @property
    def shown(self) -> str:
        """The text that stands in the node's shape."""
        return self.label if self.kind == "operation" else self.expression or self.label


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """`source` feeds `target`; `label` says in which role where that matters (`base`, `exponent`), else ""."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """The nodes and edges of one function's computation, both in the order in which the function computes them.

    Loops may close circles; an edge whose ends are not among the nodes is refused by a ValueError, as are ids that repeat.
    """

    name: str
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]

    def __post_init__(self) -> None:
        ids = [node.id for node in self.nodes]
        known = set(ids)
        if len(known) != len(ids):
            raise ValueError(f"graph {self.name}: a node id repeats")
        loose = [end for edge in self.edges for end in (edge.source, edge.target) if end not in known]
        if loose:
            raise ValueError(f"graph {self.name}: an edge names {loose[0]!r}, which is no node")
