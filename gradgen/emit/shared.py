"""Values that the text of a derivative of a derivative computes twice in a row of statements are computed once, under one name.

Never touches a text that a person wrote, nor a line with a comment of its own, nor arrays that are changed in place.
"""
from __future__ import annotations

import ast
import builtins
import itertools
import keyword
import re
from collections.abc import Callable, Iterator, Sequence

from gradgen.emit.kept_apart import changed_in_place
from gradgen.emit.known_calls import KnownCalls
from gradgen.emit.lines import WIDTH, print_statements
from gradgen.emit.numbering import Numbering, Seen
from gradgen.errors import InternalError
from gradgen.ir.frozen import dataclass, field

MOST = 150
"""The most statements of a block that is looked at: longer ones are left as they are."""

LONG = 3
"""The operations on numbers that a value takes which is worth a name of its own; calls always are."""

NAMES = {
    ast.Mult: "term", ast.Add: "total", ast.Sub: "difference", ast.Div: "ratio", ast.Pow: "power", ast.MatMult: "product",
    ast.Compare: "test",
}
FRESH = (ast.BinOp, ast.UnaryOp, ast.Compare)


def shared(
    lines: Sequence[str], calls: KnownCalls, has_arrays: bool, powers: Callable[[str], str]
) -> list[str]:
    """The lines of a function, the first of them its header; `calls` tells what its calls do, `has_arrays` whether its values
    may be arrays, `powers` how powers are written."""
    function = ast.parse("\n".join(lines)).body[0]
    assert isinstance(function, ast.FunctionDef)
    mutable = changed_in_place(function, calls) if has_arrays else frozenset[str]()
    text = _Text(function, list(lines), mutable, calls, has_arrays, powers)
    for block in list(_blocks(function)):
        while len(block) <= MOST and text.share_one(block):
            pass
    written = text.written()
    if _unbound("\n".join(written)) - _unbound("\n".join(lines)):
        raise InternalError("a value that is computed once is read before that:\n" + "\n".join(written))
    return written


def _unbound(text: str) -> set[str]:
    """The names that a function reads and does not bind before, in the order of its text."""
    function = ast.parse(text).body[0]
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    names.sort(key=lambda node: (node.lineno, isinstance(node.ctx, ast.Store), node.col_offset))
    bound = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    found: set[str] = set()
    for node in names:
        if isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif node.id not in bound:
            found.add(node.id)
    return found


def _blocks(stmt: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(stmt, name, None)
        if isinstance(block, list) and block:
            yield block
            for inner in block:
                if not isinstance(inner, ast.FunctionDef | ast.ClassDef):
                    yield from _blocks(inner)


@dataclass(slots=True)
class _Text:
    """The text of a function while it changes: `changed` are the statements that are printed anew, `dropped` those that go, and
    what is `added` stands before a statement."""

    function: ast.FunctionDef
    lines: list[str]
    mutable: frozenset[str]
    calls: KnownCalls
    has_arrays: bool
    powers: Callable[[str], str]
    changed: set[ast.stmt] = field(default_factory=set)
    dropped: list[ast.stmt] = field(default_factory=list)
    added: dict[ast.stmt, list[ast.stmt]] = field(default_factory=dict)

    def share_one(self, block: list[ast.stmt]) -> bool:
        """Share the longest value that can be; says whether there was one."""
        numbering = Numbering(self.calls, self.has_arrays)
        numbering.block(block)
        for number, place in numbering.asked:
            if any(other == number and before < place for other, before in numbering.asked):
                self.drop(block, place)
                return True
        places: dict[int, list[Seen]] = {}
        for seen in numbering.seen:
            places.setdefault(seen.number, []).append(seen)
        groups = [group for group in places.values() if len(group) > 1]
        for group in sorted(groups, key=lambda group: -_size(group[0].node)):
            if self.share(block, sorted(group, key=lambda seen: seen.place)):
                return True
        return False

    def share(self, block: list[ast.stmt], group: Sequence[Seen]) -> bool:
        """Compute a value once that is computed in several places."""
        calls, operations = _calls(group[0].node), _size(group[0].node)
        if calls == 0 and operations < 2:
            return False
        for seen in group:
            known = next((name for name in seen.names if name not in self.mutable), None)
            if known is None or any(isinstance(node, ast.Name) and node.id == known for node in ast.walk(seen.node)):
                continue
            if seen.whole is None and self.may_change(block, seen):
                self.put_name(block, seen, known)
                return True
            if seen.whole is not None and self.name_once(block, seen.place, known, seen.whole):
                return True
        first = group[0]
        later = next((seen for seen in group if seen.whole is not None and seen.place > first.place), None)
        if not first.is_sure or first.whole is not None or not self.may_change(block, first):
            return False
        if later is not None and later.whole is not None and self.may_move(block, later.place, later.whole):
            self.drop(block, later.place)
            self.name_before(block, first, later.whole)
            return True
        others = [seen for seen in group if seen.place > first.place and seen.whole is None and self.may_change(block, seen)]
        if (calls or operations >= LONG) and later is None and others:
            self.name_before(block, first, self.free_name(first.node))
            return True
        return False

    # --- what may be done ---

    def may_change(self, block: Sequence[ast.stmt], seen: Seen) -> bool:
        """Whether a name may stand for a value in its statement: for a part of what is computed there, and no comment is lost."""
        stmt = block[seen.place]
        if self.has_comment(stmt) or isinstance(stmt, ast.If):
            return False
        if not self.has_arrays:
            return True
        bound = {node.id for node in ast.walk(stmt) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        around = next((node for node in ast.walk(stmt) if any(child is seen.node for child in ast.iter_child_nodes(node))), stmt)
        is_kept = isinstance(stmt, ast.Return | ast.Expr) or not isinstance(stmt, ast.AugAssign) and bool(bound & self.mutable)
        is_fresh = isinstance(around, FRESH) or isinstance(around, ast.Call) and self.calls.makes_new(around.func)
        return is_fresh or not is_kept and not isinstance(around, ast.Tuple | ast.List)

    def may_move(self, block: Sequence[ast.stmt], place: int, name: str) -> bool:
        """Whether a statement that binds a name may do so earlier in its block."""
        before = [node for stmt in block[:place] for node in ast.walk(stmt)]
        is_read = any(isinstance(node, ast.Name) and node.id == name for node in before)
        return not is_read and self.bindings(name) == 1 and name not in self.mutable and not self.has_comment(block[place])

    def name_once(self, block: list[ast.stmt], place: int, known: str, name: str) -> bool:
        """Leave out a statement that gives a value a second name, if that can be; says whether it could."""
        once = self.bindings(known) == self.bindings(name) == 1 and name not in self.mutable
        is_numbered = re.fullmatch(rf"{re.escape(name)}_\d+", known) is not None
        old, new = (known, name) if is_numbered else (name, known)
        users = [stmt for stmt in ast.walk(self.function) if isinstance(stmt, ast.stmt) and stmt is not self.function]
        users = [stmt for stmt in users if old in _own_names(stmt) and stmt is not block[place]]
        is_plain = all(not self.has_comment(stmt) and not hasattr(stmt, "body") for stmt in users)
        if not once or not is_plain or self.has_comment(block[place]):
            return False
        self.drop(block, place)
        for stmt in users:
            for node in ast.walk(stmt):
                if isinstance(node, ast.Name) and node.id == old:
                    node.id = new
            self.changed.add(stmt)
        return True

    def bindings(self, name: str) -> int:
        """How often a name is bound; parameters are bound once more."""
        stored = [node for node in ast.walk(self.function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        arguments = [node for node in ast.walk(self.function) if isinstance(node, ast.arg)]
        others = [node for node in ast.walk(self.function) if isinstance(node, ast.AugAssign)]
        augmented = sum(isinstance(node.target, ast.Name) and node.target.id == name for node in others)
        return sum(node.id == name for node in stored) + 2 * sum(node.arg == name for node in arguments) + augmented

    def has_comment(self, stmt: ast.stmt) -> bool:
        if not hasattr(stmt, "lineno"):
            return False
        return any("#" in line for line in self.lines[stmt.lineno - 1 : stmt.end_lineno])

    # --- changes ---

    def drop(self, block: list[ast.stmt], place: int) -> None:
        self.dropped.append(block.pop(place))

    def put_name(self, block: Sequence[ast.stmt], seen: Seen, name: str) -> None:
        _Put(seen.node, ast.Name(name, ast.Load())).visit(block[seen.place])
        self.changed.add(block[seen.place])

    def name_before(self, block: list[ast.stmt], first: Seen, name: str) -> None:
        """Give a value a name on a line before the statement that computes it first."""
        stmt = block[first.place]
        self.put_name(block, first, name)
        line = ast.Assign([ast.Name(name, ast.Store())], first.node)
        self.added.setdefault(stmt, []).append(line)
        block.insert(first.place, line)

    def free_name(self, node: ast.expr) -> str:
        """`hypot_x_y`, `log_of_base_a`, `ratio`."""
        words = set(re.findall(r"\w+", "\n".join(self.lines))) | set(dir(builtins)) | set(keyword.kwlist)
        words |= {each.id for stmt in ast.walk(self.function) for each in ast.walk(stmt) if isinstance(each, ast.Name)}
        stem = _described(node)
        return next(name for number in itertools.count() if (name := f"{stem}_{number}" if number else stem) not in words)

    # --- the text ---

    def written(self) -> list[str]:
        if not self.changed and not self.dropped:
            return self.lines
        found: list[str] = []
        at = {stmt.lineno: stmt for stmt in ast.walk(self.function) if isinstance(stmt, ast.stmt) and hasattr(stmt, "lineno")}
        at |= {stmt.lineno: stmt for stmt in self.dropped}
        place = 1
        while place <= len(self.lines):
            stmt = at.get(place)
            if stmt is None or stmt is self.function:
                found.append(self.lines[place - 1])
                place += 1
                continue
            found += self.printed(list(self.added_before(stmt)), stmt.col_offset)
            if stmt in self.dropped or stmt in self.changed:
                found += [] if stmt in self.dropped else self.printed([stmt], stmt.col_offset)
                place = (stmt.end_lineno or place) + 1
            else:
                found.append(self.lines[place - 1])
                place += 1
        return found

    def added_before(self, stmt: ast.stmt) -> Iterator[ast.stmt]:
        """The lines before a statement, each after those before itself."""
        for line in self.added.get(stmt, ()):
            yield from self.added_before(line)
            if line not in self.dropped:
                yield line

    def printed(self, stmts: Sequence[ast.stmt], column: int) -> list[str]:
        indent = " " * column
        texts = print_statements(stmts, width=WIDTH + 4 - column)
        return [indent + line for text in texts for line in self.powers(text).split("\n")]


class _Put(ast.NodeTransformer):
    """Puts an expression in the place of another."""

    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().generic_visit(node)


def _own_names(stmt: ast.stmt) -> set[str]:
    """The names in a statement, without what stands in its blocks."""
    blocks = {id(inner) for name in ("body", "orelse", "finalbody", "handlers") for inner in getattr(stmt, name, ())}
    own = [child for child in ast.iter_child_nodes(stmt) if id(child) not in blocks]
    return {node.id for child in own for node in ast.walk(child) if isinstance(node, ast.Name)}


def _calls(node: ast.expr) -> int:
    """How many calls, and powers with exponents that are computed, a value takes."""
    powers = [each for each in ast.walk(node) if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Pow)]
    return sum(isinstance(each, ast.Call) for each in ast.walk(node)) + sum(
        not isinstance(each.right, ast.Constant) for each in powers
    )


def _size(node: ast.expr) -> int:
    return sum(isinstance(each, ast.BinOp | ast.Call | ast.Compare | ast.BoolOp | ast.IfExp) for each in ast.walk(node))


def _described(node: ast.expr) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args):
            words = [arg.id for arg in args if isinstance(arg, ast.Name)]
            return "_".join((name, *words)) if len(words) == len(args) < 3 else name
        case ast.BinOp(op=op):
            return NAMES.get(type(op), "value")
    return NAMES.get(type(node), "value")
