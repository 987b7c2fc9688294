"""A computation graph as plain text: one line a node, with the place in the source, what is computed, and from what.

Never colours or wraps; the command line may.
"""
from __future__ import annotations

from collections import Counter

from gradgen.ir.graph import Graph, GraphNode


def names_of(graph: Graph) -> dict[str, str]:
    """A name to speak of each node by, unique in the graph, keyed by node id.

    A node's label where only it has that label, else the label with its line (`x (line 4)`), else with a count (`x (line 4) #2`).
    Operations are spoken of by their expression (`b * c`), since a label such as `*` says nothing.
    """
    names = {node.id: _own_name(node) for node in graph.nodes}
    for refine in (_with_line, _with_count):
        names = refine(graph, names)
    return names


def _own_name(node: GraphNode) -> str:
    return node.expression or node.label if node.kind == "operation" else node.label


def _with_line(graph: Graph, names: dict[str, str]) -> dict[str, str]:
    count = Counter(names.values())
    return {
        node.id: f"{names[node.id]} (line {node.line})" if count[names[node.id]] > 1 and node.line is not None else names[node.id]
        for node in graph.nodes
    }


def _with_count(graph: Graph, names: dict[str, str]) -> dict[str, str]:
    count = Counter(names.values())
    seen: Counter[str] = Counter()
    refined = {}
    for node in graph.nodes:
        name = names[node.id]
        seen[name] += 1
        refined[node.id] = f"{name} #{seen[name]}" if count[name] > 1 else name
    return refined


def text_of(graph: Graph) -> str:
    """The graph as aligned columns: line, expression, `from` what it reads; inputs first, the output marked."""
    names = names_of(graph)
    reads: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for edge in graph.edges:
        source = f"{names[edge.source]} as {edge.label}" if edge.label else names[edge.source]
        if source not in reads[edge.target]:
            reads[edge.target].append(source)
    rows = []
    inputs = [names[node.id] for node in graph.nodes if node.kind == "input"]
    if inputs:
        rows.append(("inputs", ", ".join(inputs), "", ""))
    for node in graph.nodes:
        if node.kind != "input":
            where = f"line {node.line}" if node.line is not None else ""
            source = f"from {', '.join(reads[node.id])}" if reads[node.id] else ""
            kind = "" if node.kind == "value" else node.kind
            rows.append((where, node.expression or node.label, source, kind))
    # The inputs' row has no later column, so a long list of parameters pushes nothing aside.
    widths = [max((len(row[i]) for row in rows if row[0] != "inputs" or i == 0), default=0) for i in range(3)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([graph.name, *(f"  {line}" for line in lines)]) + "\n"
