"""A computation graph as a Mermaid flowchart.

Never lays anything out; the viewer does.
"""
from __future__ import annotations

import re

from gradgen.ir.graph import Graph, NodeKind

_SHAPE: dict[NodeKind, tuple[str, str]] = {
    "input": ("([", "])"),
    "value": ("[", "]"),
    "operation": ("((", "))"),
    "constant": ("[", "]"),
    "output": ("[[", "]]"),
}
_COLOUR: dict[NodeKind, str] = {
    "input": "fill:#e3f4e4,stroke:#3f8f4f,color:#1c1c22",
    "value": "fill:#eef3fc,stroke:#5b7fc0,color:#1c1c22",
    "operation": "fill:#f3f3f5,stroke:#8a8a96,color:#1c1c22",
    "constant": "fill:none,stroke:none,color:#777783",
    "output": "fill:#fdf0df,stroke:#c98324,color:#1c1c22",
}
# Written as a character code, so that no Markdown (`1. ` begins a list), no HTML and no end of the label can come of it.
_SPECIAL = re.compile(r"[^A-Za-z0-9 =,.()/]|(?<=[0-9])\.(?![0-9])")


def mermaid_of(graph: Graph) -> str:
    """The flowchart, left to right, one statement a line, in the graph's own order."""
    # `v_` keeps a variable named `end` or `graph` from being read as Mermaid's own word.
    ids = {
        node.id: f"v_{node.id}" if node.id.isascii() and node.id.isidentifier() else f"n{number}"
        for number, node in enumerate(graph.nodes)
    }
    lines = ["flowchart LR"]
    for node in graph.nodes:
        opening, closing = _SHAPE[node.kind]
        lines.append(f"  {ids[node.id]}{opening}{_label(node.shown)}{closing}:::{node.kind}_")
    for edge in graph.edges:
        label = f"|{_label(edge.label)}|" if edge.label else ""
        lines.append(f"  {ids[edge.source]} -->{label} {ids[edge.target]}")
    used = {node.kind for node in graph.nodes}
    lines += [f"  classDef {kind}_ {colour}" for kind, colour in _COLOUR.items() if kind in used]
    return "\n".join(lines) + "\n"


def _label(text: str) -> str:
    one_line = " ".join(text.split())
    return '"' + _SPECIAL.sub(lambda found: f"#{ord(found.group())};", one_line) + '"'
