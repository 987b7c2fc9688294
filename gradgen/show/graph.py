"""The computation graph as its user holds it: it draws itself in a notebook and converts to text, DOT, Mermaid and SVG.

Never computes what is in the graph; that is the analysis' work.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.ir.graph import Graph, GraphEdge, GraphNode
from gradgen.show.dot import dot_of
from gradgen.show.mermaid import mermaid_of
from gradgen.show.svg import svg_of
from gradgen.show.text import text_of


class ComputationGraph:
    """What a function computes, from its parameters to its result.

    `print(graph)` lists it line by line; a notebook shows it as a picture. Made from the data, or from a function that gives
    the data when the graph is first looked at.
    """

    __slots__ = ("_data",)

    def __init__(self, data: Graph | Callable[[], Graph]) -> None:
        self._data = data

    @property
    def data(self) -> Graph:
        """The graph as plain data."""
        if not isinstance(self._data, Graph):
            self._data = self._data()
        return self._data

    @property
    def name(self) -> str:
        """The function's name."""
        return self.data.name

    @property
    def nodes(self) -> tuple[GraphNode, ...]:
        """The nodes, in the order in which the function computes them."""
        return self.data.nodes

    @property
    def edges(self) -> tuple[GraphEdge, ...]:
        """Who feeds whom."""
        return self.data.edges

    def to_text(self) -> str:
        """One line a node: the source line, what is computed, and from what. Ends with a newline."""
        return text_of(self.data)

    def to_dot(self) -> str:
        """The graph in Graphviz' language, left to right: `dot -Tpdf` and its kin draw it."""
        return dot_of(self.data)

    def to_mermaid(self) -> str:
        """The graph as a Mermaid flowchart, which many Markdown viewers draw in place."""
        return mermaid_of(self.data)

    def to_svg(self) -> str:
        """The graph as a stand-alone SVG picture. The same graph gives the same bytes."""
        return svg_of(self.data)

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def __str__(self) -> str:
        return self.to_text().rstrip("\n")

    def __repr__(self) -> str:
        return f"<computation graph of {self.name}: {len(self.nodes)} nodes, {len(self.edges)} edges>"
