"""Says lists and tuples of objects that are written out element by element: loops over them as the lines of each turn.

Never follows one that grows or shrinks, and leaves loops that are left early as they are.
"""
from __future__ import annotations

import ast
import builtins
from functools import partial

from gradgen.ir.frozen import replace
from gradgen.read.objects.values import Frame, Made, Unsaid, Value, is_row, parts_of, place_of, read, whole
from gradgen.read.objects.walking import Walking
from gradgen.read.resolve import MISSING
from gradgen.read.trees import nodes_in

MOST_TURNS = 16
COUNTING = (
    ast.expr_context, ast.Name, ast.Attribute, ast.Constant, ast.BinOp, ast.operator, ast.UnaryOp, ast.unaryop, ast.Call,
    ast.Subscript, ast.Slice,
)
ADDING = ("sum", "max", "min", "list", "tuple")


class Rows(Walking):
    """Lists and tuples of objects."""

    may_grow = True

    def value(self, node: ast.expr, frame: Frame, path: str | None = None) -> Value:
        match node:
            case ast.List(elts=[], ctx=ast.Load()):
                return self.displayed(node)
            case ast.List(elts=parts, ctx=ast.Load()) | ast.Tuple(elts=parts, ctx=ast.Load()) if parts and not any(
                isinstance(each, ast.Starred) for each in parts
            ):
                values = self.in_order([partial(self.value, each, frame) for each in parts])
                if any(isinstance(each, Made) for each in values):
                    return _row(list if isinstance(node, ast.List) else tuple, values)
                if all(new is old for new, old in zip(values, parts, strict=True)):
                    return node
                plain = [each for each in values if not isinstance(each, Made)]
                return ast.List(plain, ast.Load()) if isinstance(node, ast.List) else ast.Tuple(plain, ast.Load())
            case ast.ListComp(generators=[_]):
                found = self._turned(node, frame)
                if found is not None:
                    return _row(list, found) if any(isinstance(each, Made) for each in found) else _listed(found)
            case ast.Call(func=ast.Name(id=name), args=[ast.GeneratorExp() as made, *start]) if (
                name in ADDING and self._is_builtin(name, frame) and not node.keywords and len(start) < 2
            ):
                found = self._turned(made, frame)
                if found is not None:
                    return self._gathered(name, found, [self.value(each, frame) for each in start], frame)
            case ast.Call(func=ast.Name(id="sum"), args=[ast.Name() | ast.List() | ast.Tuple() as row, *start]) if (
                self._is_builtin("sum", frame) and not node.keywords and len(start) < 2
            ):
                held = self.value(row, frame)
                if isinstance(held, Made) and is_row(held.known):
                    given = [self.value(each, frame) for each in start]
                    return self._gathered("sum", parts_of(held), given, frame)
        return super().value(node, frame, path)

    def _is_builtin(self, name: str, frame: Frame) -> bool:
        return self.looked_up(name, frame) is getattr(builtins, name, MISSING)

    def _gathered(self, name: str, parts: list[Value], start: list[Value], frame: Frame) -> Value:
        """`sum` of values one after the other, `max` of them."""
        self.is_needed = True
        if not parts:
            if name != "sum":
                raise Unsaid
            return start[0] if start else ast.Constant(0)
        if name == "sum":
            total = start[0] if start else parts[0]
            for each in parts if start else parts[1:]:
                if isinstance(total, Made) or isinstance(each, Made):
                    total = self.binary(ast.Add(), total, each, frame)
                else:
                    total = ast.BinOp(total, ast.Add(), each)
            return total
        if start or any(isinstance(each, Made) for each in parts):
            raise Unsaid
        listed = _listed(parts)
        return listed if name == "list" else ast.Call(read(name), [listed], [])

    def _turned(self, node: ast.ListComp | ast.GeneratorExp, frame: Frame) -> list[Value] | None:
        """What each turn of a comprehension over objects gives; None for one over anything else."""
        clause = node.generators[0]
        if len(node.generators) > 1 or clause.ifs or clause.is_async:
            return None
        along = self._turns_of(clause.iter, node.elt, frame)
        if along is None:
            return None
        own = {each.id for each in nodes_in(clause.target) if isinstance(each, ast.Name)}
        if own & frame.env.keys() and not own <= set(frame.names):
            raise Unsaid
        found = []
        for each in along:
            inner = replace(frame, env=dict(frame.env))
            self.frames.append(inner)
            try:
                self._bound(clause.target, each, inner)
                found.append(partial(self.value, node.elt, inner))
            finally:
                self.frames.remove(inner)
        return self.in_order(list(found))

    def _turns_of(self, node: ast.expr, body: ast.AST, frame: Frame) -> list[Value] | None:
        """What is gone through one by one: objects, or a counted range in which objects are made."""
        match node:
            case ast.Name() | ast.Attribute() | ast.List() | ast.Tuple() | ast.Subscript() | ast.BinOp(op=ast.Add()):
                if isinstance(node, ast.Subscript | ast.BinOp) and not _only_reads(node):
                    return None
                made = self.value(node, frame)
                return parts_of(made) if isinstance(made, Made) and is_row(made.known) else None
            case ast.Call(func=ast.Name(id="reversed"), args=[row], keywords=[]) if self._is_builtin("reversed", frame):
                parts = self._turns_of(row, body, frame)
                return None if parts is None else parts[::-1]
            case ast.Call(func=ast.Name(id="enumerate"), args=[row], keywords=[]) if self._is_builtin("enumerate", frame):
                parts = self._turns_of(row, body, frame)
                return None if parts is None else [_row(tuple, [ast.Constant(at), each]) for at, each in enumerate(parts)]
            case ast.Call(func=ast.Name(id="zip"), args=[_, _, *_] as rows, keywords=[]) if self._is_builtin("zip", frame):
                several = [self._turns_of(row, body, frame) for row in rows]
                known = [each for each in several if each is not None]
                return [_row(tuple, list(each)) for each in zip(*known, strict=False)] if len(known) == len(rows) else None
            case ast.Call(func=ast.Name(id="range"), keywords=[]) if self._makes(body, frame):
                counted = self.counted_by(node, frame)
                return None if counted is None else [ast.Constant(at) for at in counted]
        return None

    def counted_by(self, node: ast.expr, frame: Frame) -> range | None:
        """The numbers that a loop counts, where these are few and known."""
        match node:
            case ast.Call(func=ast.Name(id="range"), args=[*given], keywords=[]) if 0 < len(given) < 4 and (
                self._is_builtin("range", frame)
            ):
                if not all(_only_reads(each) for each in given):
                    return None
                numbers = [whole(self.value(each, frame)) for each in given]
                known = [each for each in numbers if each is not None]
                if len(known) == len(numbers) and (len(known) < 3 or known[2]) and len(range(*known)) <= MOST_TURNS:
                    return range(*known)
        return None

    def _makes(self, body: ast.AST, frame: Frame) -> bool:
        """Whether an expression is a call of a class."""
        return isinstance(body, ast.Call) and self.class_said(body.func, frame) is not None

    def _bound(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """A target of one turn: what it stands for is known, so that no variable needs to hold it."""
        match target:
            case ast.Name(id=name):
                if not isinstance(value, Made) and not isinstance(value, ast.Constant | ast.Name):
                    raise Unsaid
                frame.env[name] = value
            case ast.Tuple(elts=parts) if isinstance(value, Made) and is_row(value.known) and len(parts) == len(value.fields):
                for part, each in zip(parts, value.fields.values(), strict=True):
                    self._bound(part, each, frame)
            case _:
                raise Unsaid

    def unrolled(self, stmt: ast.For, frame: Frame) -> list[ast.stmt] | None:
        """The lines of all turns of a loop over objects; None for a loop over anything else."""
        is_row_call = not isinstance(stmt.iter, ast.Call) or self._is_row_call(stmt.iter)
        along = self._turns_of(stmt.iter, stmt, frame) if is_row_call else None
        if self.changing and place_of("turns", stmt) in self.changing:
            counted = self.counted_by(stmt.iter, frame)
            along = None if counted is None else [ast.Constant(at) for at in counted]
        if along is None:
            return None
        inside = [each for line in stmt.body for each in nodes_in(line)]
        if stmt.orelse or any(isinstance(each, ast.Break | ast.Continue | ast.Return | ast.FunctionDef) for each in inside):
            raise Unsaid
        self.is_needed = True
        own = {each.id for each in nodes_in(stmt.target) if isinstance(each, ast.Name)}
        if any(isinstance(each, ast.Name) and each.id in own and not isinstance(each.ctx, ast.Load) for each in inside):
            raise Unsaid
        inner = frame
        if frame.is_outermost:
            stored = {each.id for each in inside if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
            inner = replace(frame, is_outermost=False, local=frozenset(), around=frame, names={name: name for name in stored})
            self.objects |= own
        with self.inside() as lines:
            for each in along:
                self._bound(stmt.target, each, inner)
                if self.block(stmt.body, inner) is not None:
                    raise Unsaid
        for name in own:
            inner.env.pop(name, None)
        return lines

    @staticmethod
    def _is_row_call(node: ast.Call) -> bool:
        return isinstance(node.func, ast.Name) and node.func.id in ("enumerate", "zip", "reversed")


def _only_reads(node: ast.expr) -> bool:
    """Whether an expression may be looked at twice: it calls nothing but `len`."""
    calls = [each for each in nodes_in(node) if isinstance(each, ast.Call)]
    is_len = all(isinstance(each.func, ast.Name) and each.func.id == "len" for each in calls)
    return is_len and all(isinstance(each, COUNTING) for each in nodes_in(node))


def _row(known: type, values: list[Value]) -> Made:
    return Made(known, {str(at): each for at, each in enumerate(values)})


def _listed(parts: list[Value]) -> ast.expr:
    return ast.List([each for each in parts if not isinstance(each, Made)], ast.Load())
