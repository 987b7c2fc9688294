"""A computation graph in Graphviz' DOT language.

Never lays anything out; Graphviz does.
"""
from __future__ import annotations

from gradgen.ir.graph import Graph, GraphNode, NodeKind

_STYLE: dict[NodeKind, str] = {
    "input": 'shape=box style="rounded,filled" fillcolor="#e3f4e4" color="#3f8f4f"',
    "value": 'shape=box style="rounded,filled" fillcolor="#eef3fc" color="#5b7fc0"',
    "operation": 'shape=ellipse style="filled" fillcolor="#f3f3f5" color="#8a8a96"',
    "constant": 'shape=plaintext fontcolor="#666672"',
    "output": 'shape=box style="rounded,filled,bold" fillcolor="#fdf0df" color="#c98324"',
}


def dot_of(graph: Graph) -> str:
    """The digraph, left to right, one statement a line, in the graph's own order."""
    lines = [
        f"digraph {_quoted(graph.name)} {{",
        "  rankdir=LR",
        '  node [fontname="monospace" fontsize=11]',
        '  edge [color="#777783" fontname="monospace" fontsize=9]',
    ]
    lines += [f"  {_quoted(node.id)} [label={_quoted(node.shown)} {_STYLE[node.kind]}{_tooltip(node)}]" for node in graph.nodes]
    for edge in graph.edges:
        label = f" [label={_quoted(edge.label)}]" if edge.label else ""
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)}{label}")
    return "\n".join([*lines, "}"]) + "\n"


def _tooltip(node: GraphNode) -> str:
    if node.line is None:
        return ""
    return f" tooltip={_quoted(f'line {node.line}: {node.expression or node.label}')}"


def _quoted(text: str) -> str:
    """A DOT string: quotes and backslashes escaped, line ends as `\\n`."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n")
    return f'"{escaped}"'
