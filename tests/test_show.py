"""The computation graph as text, DOT, Mermaid and SVG: complete, escaped, in order, the same bytes every time.

Never tests what is in a function's graph; the analysis' tests do.
"""
from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradgen.ir.graph import Graph, GraphEdge, GraphNode
from gradgen.show.graph import ComputationGraph
from gradgen.show.layout import Box, layout

COURSE = Graph(
    "J",
    (
        GraphNode("a", "a", "input", 1),
        GraphNode("b", "b", "input", 1),
        GraphNode("c", "c", "input", 1),
        GraphNode("u", "u", "value", 2, "u = b * c"),
        GraphNode("v", "v", "value", 3, "v = a + u"),
        GraphNode("J", "J", "output", 4, "J = 3 * v"),
    ),
    (GraphEdge("b", "u"), GraphEdge("c", "u"), GraphEdge("a", "v"), GraphEdge("u", "v"), GraphEdge("v", "J")),
)
ODD_TEXTS = ["1. x", "- x", 'a "b" `c` <b>&amp;</b>', "#35; x", "x[i] {y} (z) | w", "é ⊙ 変", "%% c", "end", "back\\slash\\"]
ODD_TEXTS += ["two\nlines", "]]>"]
ODD = Graph(
    'odd "name" <&>',
    tuple(GraphNode(f"{text} {i}", "x", "value", i, text) for i, text in enumerate(ODD_TEXTS)),
    tuple(GraphEdge(f"{ODD_TEXTS[0]} 0", f"{text} {i}", text) for i, text in enumerate(ODD_TEXTS)),
)
SVG = "{http://www.w3.org/2000/svg}"


def test_the_text_names_line_expression_and_what_each_value_is_made_from() -> None:
    assert ComputationGraph(COURSE).to_text() == (
        "J\n"
        "  inputs  a, b, c\n"
        "  line 2  u = b * c  from b, c\n"
        "  line 3  v = a + u  from a, u\n"
        "  line 4  J = 3 * v  from v     output\n"
    )


def test_the_text_tells_apart_values_that_share_a_name() -> None:
    nodes = (
        GraphNode("x0", "x", "input", 1),
        GraphNode("x1", "x", "value", 2, "x = x * x"),
        GraphNode("x2", "x", "value", 2, "x = x + 1"),
        GraphNode("m", "*", "operation", 3, "x * 2"),
        GraphNode("r", "r", "output", 3, "return x * 2 + x"),
    )
    ends = (("x0", "x1"), ("x1", "x2"), ("x2", "m"), ("m", "r"), ("x2", "r", "addend"))
    edges = tuple(GraphEdge(*end) for end in ends)
    assert ComputationGraph(Graph("f", nodes, edges)).to_text().splitlines()[1:] == [
        "  inputs  x (line 1)",
        "  line 2  x = x * x         from x (line 1)",
        "  line 2  x = x + 1         from x (line 2) #1",
        "  line 3  x * 2             from x (line 2) #2                   operation",
        "  line 3  return x * 2 + x  from x * 2, x (line 2) #2 as addend  output",
    ]


def test_a_graph_prints_as_its_text_and_says_in_short_what_it_is() -> None:
    graph = ComputationGraph(COURSE)
    assert f"{graph}\n" == graph.to_text()
    assert repr(graph) == "<computation graph of J: 6 nodes, 5 edges>"
    assert graph._repr_svg_() == graph.to_svg()
    assert (graph.name, graph.nodes, graph.edges) == ("J", COURSE.nodes, COURSE.edges)


@pytest.mark.parametrize(
    "nodes, edges, complaint",
    [
        (("a", "a"), (), "a node id repeats"),
        (("a",), (("a", "b"),), "'b', which is no node"),
    ],
)
def test_a_graph_that_does_not_hang_together_is_refused(
    nodes: tuple[str, ...], edges: tuple[tuple[str, str], ...], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Graph("f", tuple(GraphNode(n, n, "value") for n in nodes), tuple(GraphEdge(*e) for e in edges))


DOT_STRING = r'"(?:[^"\\\n]|\\["\\n])*"'
DOT_LINE = re.compile(
    rf"digraph {DOT_STRING} \{{|  rankdir=LR|\}}"
    rf"|  (?:node|edge|{DOT_STRING}(?: -> {DOT_STRING})?)(?: \[\w+=(?:{DOT_STRING}|\w+)(?: \w+=(?:{DOT_STRING}|\w+))*\])?"
)


@pytest.mark.parametrize("graph", [COURSE, ODD], ids=["course", "odd"])
def test_every_line_of_the_dot_text_is_a_statement_of_the_language(graph: Graph) -> None:
    lines = ComputationGraph(graph).to_dot().splitlines()
    assert [line for line in lines if not DOT_LINE.fullmatch(line)] == []
    assert sum(" -> " in re.sub(DOT_STRING, '""', line) for line in lines) == len(graph.edges)
    assert sum(bool(re.match(rf"  {DOT_STRING} \[label", line)) for line in lines) == len(graph.nodes)


MERMAID_LABEL = r'"(?:[A-Za-z0-9 =,.()/]|#[0-9]+;)*"'
MERMAID_LINE = re.compile(
    rf"flowchart LR|  classDef \w+_ [\w:#,]+|  \w+ -->(?:\|{MERMAID_LABEL}\|)? \w+"
    rf"|  \w+(?:\(\[|\[\[|\(\(|\[){MERMAID_LABEL}(?:\]\)|\]\]|\)\)|\]):::\w+_"
)


@pytest.mark.parametrize("graph", [COURSE, ODD], ids=["course", "odd"])
def test_every_line_of_the_mermaid_text_is_a_statement_and_its_labels_decode_to_the_source(graph: Graph) -> None:
    text = ComputationGraph(graph).to_mermaid()
    assert [line for line in text.splitlines() if not MERMAID_LINE.fullmatch(line)] == []
    labels = [
        re.sub(r"#([0-9]+);", lambda code: chr(int(code.group(1))), label)
        for label in re.findall(rf'^  \w+[(\[]+"({MERMAID_LABEL[1:-1]})"', text, re.MULTILINE)
    ]
    assert labels == [" ".join((node.expression or node.label).split()) for node in graph.nodes]
    # Mermaid reads a label that begins like a list item as Markdown.
    assert not re.search(r'"(?:\d+\.|[-*+]) ', text)


def test_no_node_of_a_mermaid_text_has_a_name_of_mermaids_own() -> None:
    graph = Graph("f", (GraphNode("end", "end", "input"), GraphNode("graph", "graph", "output")), (GraphEdge("end", "graph"),))
    assert "  v_end --> v_graph\n" in ComputationGraph(graph).to_mermaid()


@pytest.mark.parametrize("graph", [COURSE, ODD], ids=["course", "odd"])
def test_the_svg_holds_every_expression_as_text_and_no_element_id(graph: Graph) -> None:
    root = ET.fromstring(ComputationGraph(graph).to_svg())
    texts = [group.findtext(f"{SVG}text") for group in root.iter(f"{SVG}g")]
    assert texts == [" ".join((node.expression or node.label).split()) for node in graph.nodes]
    assert not [element for element in root.iter() if "id" in element.attrib]
    assert root.findtext(f"{SVG}title") == f"Computation graph of {graph.name}"


def test_a_long_expression_is_cut_in_the_picture_and_whole_in_its_tooltip() -> None:
    long = "return " + " + ".join(f"x{i}" for i in range(40))
    root = ET.fromstring(ComputationGraph(Graph("f", (GraphNode("r", "r", "output", 2, long),), ())).to_svg())
    group = next(root.iter(f"{SVG}g"))
    assert str(group.findtext(f"{SVG}text")).endswith("…")
    assert group.findtext(f"{SVG}title") == f"output, line 2: {long}"


def test_the_course_graph_runs_from_left_to_right_without_a_crossing() -> None:
    sizes = {node.id: (40.0, 30.0) for node in COURSE.nodes}
    boxes = layout(sizes, [(edge.source, edge.target) for edge in COURSE.edges]).boxes
    assert boxes["a"].x == boxes["b"].x == boxes["c"].x < boxes["u"].x < boxes["v"].x < boxes["J"].x
    assert boxes["a"].y < boxes["b"].y < boxes["c"].y
    assert boxes["b"].y < boxes["u"].y < boxes["c"].y
    assert boxes["a"].y < boxes["v"].y < boxes["u"].y


def test_crossing_edges_are_untangled() -> None:
    # Drawn in the given order, a-f, b-e, c-d would cross three times.
    boxes = layout(dict.fromkeys("abcdef", (40.0, 30.0)), [("a", "f"), ("b", "e"), ("c", "d")]).boxes
    assert boxes["a"].y - boxes["b"].y == pytest.approx(boxes["f"].y - boxes["e"].y)
    assert (boxes["a"].y, boxes["b"].y, boxes["c"].y) == pytest.approx((boxes["f"].y, boxes["e"].y, boxes["d"].y))


def test_a_circle_is_drawn_with_one_edge_against_the_direction() -> None:
    plan = layout(dict.fromkeys("apq", (40.0, 30.0)), [("a", "p"), ("p", "q"), ("q", "p")])
    assert plan.against == {("q", "p")}
    assert plan.boxes["a"].x < plan.boxes["p"].x < plan.boxes["q"].x


def test_a_constant_stands_right_before_its_use() -> None:
    sizes = dict.fromkeys("abcdk", (40.0, 30.0))
    boxes = layout(sizes, [("a", "b"), ("b", "c"), ("c", "d"), ("k", "d")], late=frozenset("k")).boxes
    assert boxes["k"].x == boxes["c"].x


def overlap(one: Box, other: Box) -> bool:
    beside = abs(one.x - other.x) >= (one.width + other.width) / 2 - 1e-6
    above = abs(one.y - other.y) >= (one.height + other.height) / 2 - 1e-6
    return not (beside or above)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any graph of up to 14 nodes: parallel edges, circles, nodes that feed themselves, parts that hang on nothing."""
    count = draw(st.integers(0, 14))
    kinds = st.sampled_from(["input", "value", "operation", "constant", "output"])
    nodes = tuple(GraphNode(f"n{i}", draw(st.text(max_size=8)), draw(kinds), i) for i in range(count))
    ends = st.integers(0, max(0, count - 1))
    edge = st.builds(lambda a, b, label: GraphEdge(f"n{a}", f"n{b}", label), ends, ends, st.text(max_size=4))
    edges = draw(st.lists(edge, max_size=30))
    return Graph("f", nodes, tuple(edges) if count else ())


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_no_two_boxes_overlap_and_every_edge_but_the_closing_ones_runs_rightwards(graph: Graph) -> None:
    sizes = {node.id: (30.0 + 5 * i, 30.0) for i, node in enumerate(graph.nodes)}
    plan = layout(sizes, [(edge.source, edge.target) for edge in graph.edges])
    assert not [pair for pair in combinations(plan.boxes.values(), 2) if overlap(*pair)]
    for box in plan.boxes.values():
        assert box.width / 2 <= box.x + 1e-6 <= plan.width - box.width / 2 + 2e-6
        assert box.height / 2 <= box.y + 1e-6 <= plan.height - box.height / 2 + 2e-6
    for edge in graph.edges:
        if edge.source != edge.target:
            rightwards = plan.boxes[edge.source].x < plan.boxes[edge.target].x
            assert rightwards is ((edge.source, edge.target) not in plan.against)


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_whatever_the_labels_every_notation_stays_well_formed(graph: Graph) -> None:
    shown = ComputationGraph(graph)
    assert sum(1 for _ in ET.fromstring(shown.to_svg()).iter(f"{SVG}g")) == len(graph.nodes)
    assert [line for line in shown.to_dot().split("\n") if line and not DOT_LINE.fullmatch(line)] == []
    assert [line for line in shown.to_mermaid().split("\n") if line and not MERMAID_LINE.fullmatch(line)] == []
    assert shown.to_text()


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from gradgen.show.graph import ComputationGraph as C; from tests.test_show import COURSE, ODD\n"
        "for g in (COURSE, ODD): print(C(g).to_svg(), C(g).to_dot(), C(g).to_mermaid(), C(g).to_text())"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            cwd=Path(__file__).parents[1],
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(texts) == 1 and len(texts.pop()) > 5000
