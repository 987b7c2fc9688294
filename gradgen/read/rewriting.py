"""Spells some constructs of a function's text in terms of others that are read, before it is lowered: edits of the text.

Never changes what the text computes, and never drops a line: places in the new text are known as places in the user's.
"""
from __future__ import annotations

import ast
import builtins
import itertools
import keyword
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from gradgen.ir.frozen import dataclass, field
from gradgen.read.made import NOTHING_GIVEN, Given, counts_in, lists_made, made_here
from gradgen.read.own_lines import as_definition, own_lines
from gradgen.read.own_texts import is_generated
from gradgen.read.positions import Edit, Positions
from gradgen.read.resolve import Scope
from gradgen.read.source import parsed_lambda
from gradgen.read.standard import otherwise_used, reads_any
from gradgen.read.trees import children_in, nodes_in

MOST_PASSES = 8


@dataclass(frozen=True)
class Text:
    """A function's text on the way: its tree, whose nodes are `nodes`, its places, and what is known of its arguments."""

    node: ast.FunctionDef
    positions: Positions
    nodes: list[ast.AST] = field(repr=False)
    given: Given = NOTHING_GIVEN

    @cached_property
    def owners(self) -> Mapping[ast.AST, ast.AST]:
        """What each node stands in."""
        return {child: each for each in self.nodes for child in children_in(each)}

    @cached_property
    def varying(self) -> frozenset[str]:
        """The names that may hold what varies."""
        return _varying(self.nodes)

    @cached_property
    def lists(self) -> frozenset[str]:
        """The names that only ever hold lists, which the function makes or is given; none in gradgen's own text, whose lists are
        tapes."""
        return frozenset() if is_generated(self.positions.text) else lists_made(self.nodes, self.given)

    @cached_property
    def counts(self) -> frozenset[str]:
        """The names that only ever hold whole numbers, or numbers that no list can be repeated by."""
        return counts_in(self.nodes, self.given)

    @cached_property
    def _made(self) -> dict[tuple[type[ast.expr], ...], frozenset[str]]:
        return {}

    def made_here(self, *kinds: type[ast.expr]) -> frozenset[str]:
        """The names that are bound by plain assignments alone, each time to an expression of one of the kinds."""
        if kinds not in self._made:
            self._made[kinds] = made_here(self.nodes, *kinds)
        return self._made[kinds]

    @cached_property
    def tuples(self) -> frozenset[str]:
        """The names that only ever hold tuples that the function makes, or is given in `*args`; none in gradgen's own text."""
        return frozenset() if is_generated(self.positions.text) else self.made_here(ast.Tuple)

    @cached_property
    def _uses(self) -> dict[str, list[ast.Name]]:
        found: dict[str, list[ast.Name]] = {}
        for each in self.nodes:
            if isinstance(each, ast.Name):
                found.setdefault(each.id, []).append(each)
        return found

    def uses(self, name: str) -> Sequence[ast.Name]:
        """Where a variable stands, read or bound."""
        return self._uses.get(name, [])

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The parameters, those of nested functions too."""
        return frozenset(each.arg for each in self.nodes if isinstance(each, ast.arg))

    @cached_property
    def loops_and_functions(self) -> Sequence[ast.AST]:
        """The loops, those of comprehensions too, and the functions, in their order."""
        return [each for each in self.nodes if isinstance(each, ast.For | ast.comprehension | ast.FunctionDef)]

    @cached_property
    def told(self) -> dict[tuple[str, str], bool]:
        """What looks at one variable have found already, by the look and the variable."""
        return {}

    def assigned(self, name: str) -> Sequence[ast.Assign]:
        """The assignments with a variable for a target, or for one of several."""
        return self._assigned.get(name, [])

    @cached_property
    def _assigned(self) -> dict[str, list[ast.Assign]]:
        found: dict[str, list[ast.Assign]] = {}
        for each in self.nodes:
            if isinstance(each, ast.Assign):
                for name in {target.id for target in each.targets if isinstance(target, ast.Name)}:
                    found.setdefault(name, []).append(each)
        return found

    @cached_property
    def taken(self) -> set[str]:
        """The names that mean something already."""
        names = {each.id for each in self.nodes if isinstance(each, ast.Name)}
        names |= {each.arg for each in self.nodes if isinstance(each, ast.arg)}
        return names | {each.name for each in self.nodes if isinstance(each, ast.FunctionDef | ast.ClassDef)}

    @cached_property
    def bound(self) -> frozenset[str]:
        """The names that the text binds itself."""
        bound = {each.id for each in self.nodes if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
        return frozenset(bound | {each.arg for each in self.nodes if isinstance(each, ast.arg)})

    @cached_property
    def stored(self) -> frozenset[str]:
        """The names that the text binds by statements."""
        return frozenset(each.id for each in self.nodes if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load))

    def slice(self, node: ast.AST) -> str:
        """The text of a node."""
        return self.positions.slice(self.positions.span(node))

    def start(self, node: ast.AST) -> int:
        return self.positions.span(node).start

    def end(self, node: ast.AST) -> int:
        return self.positions.span(node).end

    def replaced(self, node: ast.AST, text: str) -> Edit:
        """An edit that spells a node otherwise."""
        span = self.positions.span(node)
        return Edit(span.start, span.end, text)

    def fresh(self, *wanted: str) -> str:
        """A name that nothing in the text is called."""
        numbered = (f"{wanted[-1]}_{number}" for number in itertools.count(1))
        name = next(name for name in itertools.chain(wanted, numbered) if self._is_free(name))
        self.taken.add(name)
        return name

    def _is_free(self, name: str) -> bool:
        return name not in self.taken and not hasattr(builtins, name) and not keyword.iskeyword(name)

    def may_vary(self, node: ast.AST) -> bool:
        """Whether an expression reads anything that may vary."""
        return any(isinstance(each, ast.Name) and each.id in self.varying for each in nodes_in(node))

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """The statement that an expression stands in."""
        while not isinstance(node, ast.stmt):
            node = self.owners[node]
        return node

    def is_first_on_its_line(self, stmt: ast.stmt) -> bool:
        line, column = self.positions.line_column(self.start(stmt))
        return not self.positions.lines[line - 1][:column].strip()

    def before(self, stmt: ast.stmt, line: str) -> Edit:
        """An edit that puts a line, or several, before a statement."""
        start = self.start(stmt)
        if not self.is_first_on_its_line(stmt):
            return Edit(start, start, f"{'; '.join(line.splitlines())}; ")
        indent = self.indent(start)
        return Edit(start, start, "".join(f"{each}\n{indent}" for each in line.splitlines()))

    def indent(self, start: int) -> str:
        """What stands on a line before the statement that is first on it."""
        whole = self.positions.text
        return whole[whole.rfind("\n", 0, start) + 1 : start]

    def after(self, stmt: ast.stmt, lines: list[str]) -> Edit | None:
        """An edit that puts lines after a statement."""
        end = self.end(stmt)
        if not self.is_first_on_its_line(stmt):
            return Edit(end, end, "".join(f"; {line}" for line in lines))
        indent = self.indent(self.start(stmt))
        whole = self.positions.text
        stop = whole.find("\n", end)
        stop = len(whole) if stop < 0 else stop
        rest = whole[end:stop].strip()
        if rest and not rest.startswith("#"):
            return Edit(end, end, "".join(f"; {line}" for line in lines))
        return Edit(stop, stop, "".join(f"\n{indent}{line}" for line in lines))

    def is_in_try(self, stmt: ast.AST) -> bool:
        """Whether an exception may leave the statement half done and be caught."""
        while stmt in self.owners:
            stmt = self.owners[stmt]
            if isinstance(stmt, ast.Try | ast.With):
                return True
        return False


Rewrite = Callable[[Text, ast.AST], "list[Edit] | None"]


def rewritten(
    node: ast.FunctionDef | ast.Lambda, positions: Positions, rewrites: Mapping[type[ast.AST], tuple[Rewrite, ...]], scope: Scope,
    given: Given = NOTHING_GIVEN,
) -> tuple[ast.FunctionDef | ast.Lambda, Positions]:
    """The tree and the places of a function with every construct spelled otherwise that a rewrite knows, but for those that read
    a function of the user's which only has the name of one of Python's; `given` is what is known of its arguments. Statements
    that share a line, and what a lambda returns, get lines of their own where that is what a rewrite wants."""
    others = otherwise_used(nodes_in(node), scope)
    if isinstance(node, ast.Lambda):
        written = as_definition(node, positions)
        return written and _passes(*_edited(positions, written), rewrites, others, given) or (node, positions)
    done = _passes(node, positions, rewrites, others, given) or (node, positions)
    apart = own_lines(*done)
    return apart and _passes(*_edited(done[1], apart), rewrites, others, given) or done


def definition_of(positions: Positions) -> tuple[ast.FunctionDef, Positions]:
    """The definition that a function's text is, a lambda's spelled as one, and its places."""
    if not positions.text.startswith("lambda"):
        return _edited(positions, [])
    written = as_definition(parsed_lambda(positions.text), positions)
    assert written is not None, "comments in what has been spelled as a definition"
    return _edited(positions, written)


def _passes(
    node: ast.FunctionDef, positions: Positions, rewrites: Mapping[type[ast.AST], tuple[Rewrite, ...]], others: frozenset[str],
    given: Given,
) -> tuple[ast.FunctionDef, Positions] | None:
    """The tree and the places when nothing is left to be spelled otherwise; None where nothing was."""
    for done in range(MOST_PASSES):
        edits = _edits(Text(node, positions, nodes_in(node), given), rewrites, others)
        if not edits:
            return (node, positions) if done else None
        node, positions = _edited(positions, edits)
    return node, positions


def _edited(positions: Positions, edits: list[Edit]) -> tuple[ast.FunctionDef, Positions]:
    positions = positions.edited(edits)
    found = ast.parse(positions.text).body[0]
    assert isinstance(found, ast.FunctionDef)
    return found, positions


def _edits(text: Text, rewrites: Mapping[type[ast.AST], tuple[Rewrite, ...]], others: frozenset[str]) -> list[Edit]:
    """The edits of one pass: of statements that have none yet, so that no two touch."""
    edits: list[Edit] = []
    touched: set[ast.AST] = set()
    for each in text.nodes:
        if type(each) not in rewrites:
            continue
        if others and reads_any(each, others):
            continue
        if touched and any(owner in touched for owner in _statements_around(each, text.owners)):
            continue
        for rewrite in rewrites[type(each)]:
            found = rewrite(text, each)
            if found:
                edits += found
                touched.add(text.statement_of(each))
                break
    return edits


def _statements_around(node: ast.AST, owners: Mapping[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while True:
        if isinstance(node, ast.stmt):
            yield node
        if node not in owners:
            return
        node = owners[node]


def _varying(nodes: list[ast.AST]) -> frozenset[str]:
    """The names that may hold something that varies: parameters, and what is bound to anything made of them."""
    passive = [each.annotation for each in nodes if isinstance(each, ast.arg) and isinstance(each.annotation, ast.Name)]
    steps = {id(annotation) for annotation in passive if annotation.id in ("int", "bool", "str")}
    found = {each.arg for each in nodes if isinstance(each, ast.arg) and id(each.annotation) not in steps}
    pairs: list[tuple[set[str], set[str]]] = []
    for each in nodes:
        match each:
            case ast.Assign(targets=targets, value=value):
                pairs.append((_bound(*targets), _read(value)))
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                pairs.append((_bound(target), _read(value)))
            case ast.AugAssign(target=target, value=value):
                pairs.append((_bound(target), _read(value)))
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                pairs.append((_bound(target), _read(value)))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name)), args=args):
                pairs.append(({name}, set().union(*map(_read, args))))
            case ast.FunctionDef(name=name):
                pairs.append(({name}, _read(each)))
    while True:
        new = {name for bound, read in pairs if read & found for name in bound} - found
        if not new:
            return frozenset(found)
        found |= new


def _bound(*targets: ast.AST) -> set[str]:
    """The names that targets bind or store into."""
    return {each.id for target in targets for each in nodes_in(target) if isinstance(each, ast.Name)}


def _read(node: ast.AST) -> set[str]:
    return {each.id for each in nodes_in(node) if isinstance(each, ast.Name)}
