"""A computation graph as an SVG picture: boxes from left to right, the function's own text in them, arrows for what feeds what.

Never computes positions (layout.py does) and never writes an element id, so that any number of pictures share a page.
"""
from __future__ import annotations

import math
import re
from html import escape
from unicodedata import east_asian_width

from gradgen.ir.graph import Graph, GraphNode, NodeKind
from gradgen.show.layout import Box, Layout, layout

MARGIN = 14.0
CHARACTER = 7.9  # the width of a monospace character at 13 px
LONGEST_TEXT = 44  # characters; the tooltip has the whole text
NODE_HEIGHT = 32.0
LOOP_HEIGHT = 28.0
NARROWEST_GAP = 56.0
PORT_STEP = 7.0
TEXT_SIZE, LABEL_SIZE = 13, 10
ARROW = 8.0
_NO_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
EDGE_COLOUR = "#8a8a96"

# fill, stroke, text
_COLOURS: dict[NodeKind, tuple[str, str, str]] = {
    "input": ("#e3f4e4", "#3f8f4f", "#1c1c22"),
    "value": ("#eef3fc", "#5b7fc0", "#1c1c22"),
    "operation": ("#f3f3f5", "#8a8a96", "#1c1c22"),
    "constant": ("none", "none", "#7a7a86"),
    "output": ("#fdf0df", "#c98324", "#1c1c22"),
}


def svg_of(graph: Graph) -> str:
    """The picture, stand-alone, with a tooltip on every node. The same graph gives the same bytes."""
    shown = {node.id: _shown(node) for node in graph.nodes}
    looped = {edge.source for edge in graph.edges if edge.source == edge.target}
    sizes = {node.id: _size(node, shown[node.id], node.id in looped) for node in graph.nodes}
    labels: dict[tuple[str, str], list[str]] = {}
    for edge in graph.edges:
        entry = labels.setdefault((edge.source, edge.target), [])
        if edge.label and edge.label not in entry:
            entry.append(edge.label)
    constants = frozenset(node.id for node in graph.nodes if node.kind == "constant")
    longest = max((len(", ".join(texts)) for (source, target), texts in labels.items() if source != target), default=0)
    gap = max(NARROWEST_GAP, 2 * ARROW + longest * CHARACTER * LABEL_SIZE / TEXT_SIZE)
    plan = layout(sizes, list(labels), constants, gap)
    width, height = plan.width + 2 * MARGIN, plan.height + 2 * MARGIN
    title = _safe(f"Computation graph of {graph.name}")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}" height="{_n(height)}" '
        f'viewBox="{_n(-MARGIN)} {_n(-MARGIN)} {_n(width)} {_n(height)}" role="img" aria-label="{title}" '
        f'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="{TEXT_SIZE}">',
        f"<title>{title}</title>",
        # A ground of its own: the picture reads the same on a dark page.
        f'<rect x="{_n(-MARGIN)}" y="{_n(-MARGIN)}" width="{_n(width)}" height="{_n(height)}" rx="6" fill="#ffffff"/>',
    ]
    ports = _ports(list(labels), plan)
    for (source, target), texts in labels.items():
        lines.extend(_edge(source, target, ", ".join(texts), plan, ports))
    lines.extend(_node(node, shown[node.id], plan.boxes[node.id]) for node in graph.nodes)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _shown(node: GraphNode) -> str:
    text = node.shown
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _size(node: GraphNode, text: str, looped: bool) -> tuple[float, float]:
    """The room a node needs; one that feeds itself needs some above for the loop, and as much below to stay in the middle."""
    columns = sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
    narrowest, padding = {"operation": (NODE_HEIGHT, 18.0), "constant": (0.0, 8.0)}.get(node.kind, (NODE_HEIGHT, 22.0))
    return max(columns * CHARACTER + padding, narrowest), NODE_HEIGHT + 2 * LOOP_HEIGHT * looped


def _node(node: GraphNode, text: str, box: Box) -> str:
    fill, stroke, colour = _COLOURS[node.kind]
    left, top = box.x - box.width / 2, box.y - NODE_HEIGHT / 2
    place = f'x="{_n(left)}" y="{_n(top)}" width="{_n(box.width)}" height="{_n(NODE_HEIGHT)}"'
    radius = NODE_HEIGHT / 2 if node.kind in ("input", "operation") else 6
    weight = 2 if node.kind == "output" else 1.2
    where = f"line {node.line}: " if node.line is not None else ""
    tooltip = f"{node.kind}, {where}{node.expression or node.label}"
    shape = "" if fill == "none" else f'<rect {place} rx="{_n(radius)}" fill="{fill}" stroke="{stroke}" stroke-width="{weight}"/>'
    return (
        f"<g><title>{_safe(tooltip)}</title>{shape}"
        f'<text x="{_n(box.x)}" y="{_n(box.y + 4.5)}" text-anchor="middle" fill="{colour}">{_safe(text)}</text></g>'
    )


def _ports(edges: list[tuple[str, str]], plan: Layout) -> dict[tuple[str, str], tuple[float, float]]:
    """How far above or below the middle of its box each edge leaves and arrives: spread in the order of what they come from."""
    sides: dict[tuple[str, bool], list[tuple[str, str]]] = {}
    for edge in edges:
        if edge[0] != edge[1]:
            sides.setdefault((edge[0], True), []).append(edge)
            sides.setdefault((edge[1], False), []).append(edge)
    shifts: dict[tuple[tuple[str, str], bool], float] = {}
    for (_, leaving), touching in sides.items():
        touching = sorted(touching, key=lambda edge: _next_height(edge, leaving, plan))
        # What leaves a box is one value, so it leaves at one place.
        step = 0.0 if leaving else min(PORT_STEP, (NODE_HEIGHT - 12) / max(1, len(touching) - 1))
        for i, edge in enumerate(touching):
            shifts[edge, leaving] = (i - (len(touching) - 1) / 2) * step
    return {edge: (shifts[edge, True], shifts[edge, False]) for edge in edges if edge[0] != edge[1]}


def _next_height(edge: tuple[str, str], leaving: bool, plan: Layout) -> float:
    bends = plan.bends[edge]
    if bends:
        return bends[0 if leaving else -1][2]
    return plan.boxes[edge[1] if leaving else edge[0]].y


def _edge(source: str, target: str, label: str, plan: Layout, ports: dict[tuple[str, str], tuple[float, float]]) -> list[str]:
    """The line, its head and its label."""
    start, end = plan.boxes[source], plan.boxes[target]
    if source == target:
        left, right, top = start.x - 10, start.x + 10, start.y - NODE_HEIGHT / 2
        over = top - LOOP_HEIGHT
        loop = ((right, top), (right + 8, over), (left - 8, over), (left, top - ARROW + 1))
        corners = [f"{_n(x)} {_n(y)}" for x, y in loop]
        line = _line(f"M {corners[0]} C {' '.join(corners[1:])}")
        return [line, _arrow(left, top, math.pi / 2 - 0.25), *_text(label, start.x, over + 4)]
    sign = -1 if (source, target) in plan.against else 1
    leave, arrive = ports[source, target]
    tip = (end.x - sign * end.width / 2, end.y + arrive)
    points = [(start.x + sign * start.width / 2, start.y + leave)]
    for first, second, at in plan.bends[source, target]:
        points += [(first, at), (second, at)]
    points.append((tip[0] - sign * ARROW, tip[1]))
    steps = [f"M {_n(points[0][0])} {_n(points[0][1])}"]
    for i, ((x0, y0), (x1, y1)) in enumerate(zip(points, points[1:], strict=False)):
        if i % 2:  # across a layer, between two bends' ends
            steps.append(f"L {_n(x1)} {_n(y1)}")
        else:
            middle = (x0 + x1) / 2
            steps.append(f"C {_n(middle)} {_n(y0)} {_n(middle)} {_n(y1)} {_n(x1)} {_n(y1)}")
    (x0, y0), (x1, y1) = points[-2], points[-1]
    return [_line(" ".join(steps)), _arrow(*tip, 0.0 if sign > 0 else math.pi), *_text(label, (x0 + x1) / 2, (y0 + y1) / 2 - 5)]


def _line(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="{EDGE_COLOUR}" stroke-width="1.3"/>'


def _arrow(x: float, y: float, angle: float) -> str:
    """A filled head with its tip at (x, y), pointing along the angle (0 is rightwards, growing clockwise)."""
    cos, sin = math.cos(angle), math.sin(angle)
    corners = [(x, y)]
    for across in (-0.45 * ARROW, 0.45 * ARROW):
        corners.append((x - ARROW * cos - across * sin, y - ARROW * sin + across * cos))
    return f'<path d="M {" L ".join(f"{_n(px)} {_n(py)}" for px, py in corners)} Z" fill="{EDGE_COLOUR}"/>'


def _text(label: str, x: float, y: float) -> list[str]:
    """An edge's label, with a halo that parts it from the lines behind it."""
    if not label:
        return []
    place = f'x="{_n(x)}" y="{_n(y)}" text-anchor="middle" font-size="{LABEL_SIZE}" fill="#666672"'
    return [f'<text {place} stroke="#ffffff" stroke-width="3" paint-order="stroke">{_safe(label)}</text>']


def _safe(text: str) -> str:
    """The text as XML may hold it; what XML cannot hold at all (a form feed, say) becomes a replacement mark."""
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _n(value: float) -> str:
    """A coordinate with at most one decimal; never `-0`."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")
