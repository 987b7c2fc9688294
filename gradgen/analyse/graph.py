"""The computation graph of a function: a node for each parameter, each binding and each result, an edge for each read.

Never looks at what varies, and never draws. Where control flow joins, an edge comes from every binding that may have been the
one; a value that a loop carries over into its next turn has an edge that says so.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.graph import Graph, GraphEdge, GraphNode, NodeKind
from gradgen.read.positions import Positions

CARRIED = "next turn"


def graph_of(function: ir.Function, versions: Versions, positions: Positions, first_line: int = 1) -> Graph:
    """The graph; `first_line` is the line of the user's file on which the function's text begins."""
    return _Builder(versions, positions, first_line).graph(function)


class _Builder:
    def __init__(self, versions: Versions, positions: Positions, first_line: int) -> None:
        self.versions = versions
        self.positions = positions
        self.first_line = first_line
        self.nodes: list[GraphNode] = []
        self.edges: dict[GraphEdge, None] = {}
        self.ids: set[str] = set()
        self.index: dict[str, int] = {}
        self.of_version: dict[Version, str] = {}
        self.of_outside: dict[str, str] = {}
        self.behind: dict[Version, tuple[Version, ...]] = {}
        self.waiting: list[tuple[str, list[Version | ir.Expr]]] = []
        self.outer: list[tuple[str, str]] = []

    def graph(self, function: ir.Function) -> Graph:
        for parameter in function.parameters:
            self.of_version[self.versions.of_parameter[parameter.name]] = self.node(parameter.name, "input", function, "")
        for stmt in _statements(function.body):
            self.statement(stmt)
        for target, sources in self.waiting:
            for source in self.sources_of(sources):
                carried = CARRIED if self.index[source] >= self.index[target] and source not in self.of_outside.values() else ""
                self.edges[GraphEdge(source, target, carried)] = None
        self.mark_the_result()
        return Graph(function.name, tuple(self.nodes), tuple(self.edges))

    # --- nodes ---

    def node(self, label: str, kind: NodeKind, place: ir.Node, expression: str) -> str:
        """A new node; its id is the label, with a number where that is taken."""
        ident, number = label, 1
        while ident in self.ids:
            number += 1
            ident = f"{label}_{number}"
        self.ids.add(ident)
        self.index[ident] = len(self.nodes)
        line = None
        if place.span is not None:
            start = self.positions.origin(place.span.start)
            line = self.first_line + self.positions.written.line_column(start)[0] - 1
        elif kind == "input":
            line = self.first_line
        self.nodes.append(GraphNode(ident, label, kind, line, expression))
        return ident

    def statement(self, stmt: ir.Stmt) -> None:
        for version, place, text in self.made_by(stmt):
            kind: NodeKind = "value"
            self.of_version[version] = self.node(version.name, kind, place, text)
            self.waiting.append((self.of_version[version], list(version.sources)))
        if isinstance(stmt, ir.Exit) and stmt.kind == "return" and stmt.value is not None:
            result = self.node("return", "output", stmt, self.line_of(stmt))
            self.waiting.append((result, [stmt.value]))

    def made_by(self, stmt: ir.Stmt) -> Iterator[tuple[Version, ir.Node, str]]:
        """What a statement binds, where, and the text to show for it; the blocks inside of it are statements of their own."""
        head = self.line_of(stmt)
        for node in _own_nodes(stmt):
            version = self.versions.of_node.get(node)
            if version is not None and version.kind != "phi":
                yield version, stmt, self.positions.slice(node.span) if isinstance(node, ir.Walrus) and node.span else head

    def line_of(self, stmt: ir.Stmt) -> str:
        """A statement's text on one line; of one with blocks, its head."""
        if stmt.span is None:
            return ""
        text = self.positions.slice(stmt.span)
        blocks = [inner.span.start for block in _blocks_of(stmt) for inner in block if inner.span is not None]
        if isinstance(stmt, ir.Define):
            blocks = [inner.span.start for inner in stmt.function.body if inner.span is not None]
        if blocks:
            text = text[: min(blocks) - stmt.span.start]
        parts = [line.strip() for line in text.splitlines()]
        joined = " ".join(part for part in parts if part and not part.startswith("#"))
        return joined.partition(":  #")[0].rstrip(": ") if blocks else joined

    def mark_the_result(self) -> None:
        """`return J` of a value that nothing else leads to says nothing: the value itself is the output."""
        for node in [node for node in self.nodes if node.kind == "output"]:
            feeding = [edge for edge in self.edges if edge.target == node.id]
            if len(feeding) != 1 or node.expression != f"return {self.named(feeding[0].source).label}":
                continue
            value = self.named(feeding[0].source)
            if value.kind != "value" or sum(other.kind == "output" for other in self.nodes) > 1:
                continue
            self.nodes = [
                GraphNode(each.id, each.label, "output", each.line, each.expression) if each is value else each
                for each in self.nodes
                if each is not node
            ]
            del self.edges[feeding[0]]

    def named(self, ident: str) -> GraphNode:
        return next(node for node in self.nodes if node.id == ident)

    # --- edges ---

    def sources_of(self, sources: Iterable[Version | ir.Expr]) -> Iterator[str]:
        """The nodes that feed what comes from these versions and expressions, in the order in which they are read."""
        for source in sources:
            if isinstance(source, Version):
                yield from self.shown(source)
                continue
            called = {id(node.func) for node in ir.walk(source) if isinstance(node, ir.Call)}
            for name in ir.names_read(source):
                if name.scope != "local":
                    if id(name) not in called:
                        yield self.outside(name.id)
                    continue
                for read in (self.versions.of_read.get(name), *self.versions.captured.get(name, {}).values()):
                    if read is not None:
                        yield from self.shown(read)

    def shown(self, version: Version) -> Iterator[str]:
        """The nodes of the bindings that a version may stand for. A comprehension's own variable has none."""
        return (self.of_version[each] for each in self.real(version) if each in self.of_version)

    def real(self, version: Version) -> tuple[Version, ...]:
        """The bindings that a version may stand for: itself, or whatever a join joins."""
        if version not in self.behind:
            found: dict[Version, None] = {}
            seen = {version}
            stack = [version]
            while stack:
                current = stack.pop()
                if current.kind != "phi":
                    found[current] = None
                    continue
                inner = [source for source in current.sources if isinstance(source, Version) and source not in seen]
                seen.update(inner)
                stack.extend(reversed(inner))
            self.behind[version] = tuple(sorted(found, key=lambda each: each.index))
        return self.behind[version]

    def outside(self, name: str) -> str:
        """The node of a module constant or a variable of the function around."""
        if name not in self.of_outside:
            self.of_outside[name] = self.node(name, "constant", ir.Const(None), "")
        return self.of_outside[name]


def _statements(block: ir.Block) -> Iterator[ir.Stmt]:
    """Every statement of a block, in order, those of inner blocks after the one they are in."""
    for stmt in block:
        yield stmt
        for inner in _blocks_of(stmt):
            yield from _statements(inner)


def _blocks_of(stmt: ir.Stmt) -> tuple[ir.Block, ...]:
    match stmt:
        case ir.Branch(then=then, orelse=orelse):
            return then, orelse
        case ir.For(body=body, orelse=orelse) | ir.While(body=body, orelse=orelse):
            return body, orelse
        case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
            return body, *(handler.body for handler in handlers), orelse, final
        case ir.With(body=body):
            return (body,)
        case _:
            return ()


def _own_nodes(stmt: ir.Stmt) -> Iterator[ir.Node]:
    """The statement and what is below it, without the statements inside of it and without comprehensions' own variables."""
    stack: list[ir.Node] = [stmt]
    while stack:
        node = stack.pop()
        yield node
        inner: list[ir.Node] = []
        if isinstance(node, ir.Generator):
            inner = [node.iterable, *node.conditions]
        elif not isinstance(node, ir.Define):
            inner = [child for child in ir.children_of(node) if not isinstance(child, ir.Stmt)]
        stack.extend(reversed(inner))
