"""Goes through the lines of callees, which stand in the place of calls, and through branches and loops.

Never follows a `return` out of a loop.
"""
from __future__ import annotations

import ast
from abc import abstractmethod

from gradgen.read.objects.assigning import Assigning
from gradgen.read.objects.expressions import renamed
from gradgen.read.objects.values import Frame, Made, Unsaid, Value
from gradgen.read.trees import nodes_in

LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)


class Walking(Assigning):
    """Branches and loops, and the lines of callees."""

    @abstractmethod
    def outermost(self, stmt: ast.stmt, frame: Frame) -> None:
        """A statement of the text itself."""

    def block(self, body: list[ast.stmt], frame: Frame) -> Value | None:
        """The lines of statements; what a callee's return, None where they are gone through to their end."""
        for at, stmt in enumerate(body):
            if isinstance(stmt, ast.Return) and not frame.is_outermost:
                return ast.Constant(None) if stmt.value is None else self.value(stmt.value, frame)
            if isinstance(stmt, ast.If) and not frame.is_outermost:
                test = self.plain(stmt.test, frame)
                if isinstance(test, ast.Constant):  # what is known of an object says which way is gone
                    return self.block([*(stmt.body if test.value else stmt.orelse), *body[at + 1 :]], frame)
                if _returns(stmt):
                    return self._parted(stmt, test, body[at + 1 :], frame)
                self._branch(stmt, test, frame)
            else:
                self._statement(stmt, frame)
            if isinstance(stmt, LEAVING):
                break
        return None

    def _parted(self, stmt: ast.If, test: ast.expr, rest: list[ast.stmt], frame: Frame) -> Value:
        """An `if` of a callee that returns in a branch: what follows stands in the other."""
        if rest and not ends(stmt.body) and not ends(stmt.orelse):
            raise Unsaid
        before = self.state()
        with self.inside() as first:
            one = self.block([*stmt.body, *([] if ends(stmt.body) else rest)], frame)
        middle = self.state()
        self.restore(before)
        with self.inside() as second:
            other = self.block([*stmt.orelse, *([] if ends(stmt.orelse) else rest)], frame)
        after = self.state()
        raises = [bool(lines) and isinstance(lines[-1], ast.Raise) for lines in (first, second)]
        if any(raises):
            self.restore(middle if raises[1] else after)
            self.emit(ast.If(test, first or [ast.Pass()], second))
            found = one if raises[1] else other
            return ast.Constant(None) if found is None else self.settled_value(found)
        self.restore(self.joined(middle, after))
        nothing = ast.Constant(None)
        return self.merged(test, (first, one or nothing), (second, other or nothing))

    def settled_value(self, value: Value) -> Value:
        """The value of a way that is gone only where the other one raises: its names are bound there alone."""
        return value

    def _branch(self, stmt: ast.If, test: ast.expr, frame: Frame) -> None:
        before = self.state()
        with self.inside() as first:
            self.all_of(stmt.body, frame)
        middle = self.state()
        self.restore(before)
        with self.inside() as second:
            self.all_of(stmt.orelse, frame)
        if ends(stmt.body):
            pass
        elif stmt.orelse and ends(stmt.orelse):
            self.restore(middle)
        else:
            self.restore(self.joined(middle, self.state()))
        self.emit(ast.If(test, first or [ast.Pass()], second))

    def all_of(self, body: list[ast.stmt], frame: Frame) -> None:
        """Statements of which none returns from a callee."""
        if not frame.is_outermost and self.block(body, frame) is not None:
            raise Unsaid
        for stmt in body if frame.is_outermost else ():
            self.outermost(stmt, frame)

    def _statement(self, stmt: ast.stmt, frame: Frame) -> None:
        match stmt:
            case ast.For(orelse=[]):
                self._loop(stmt, frame)
            case ast.While(orelse=[]):
                with self.closed():
                    test = self.plain(stmt.test, frame)
                body = self.turn(stmt.body, frame)
                self.emit(ast.While(test, body, []))
            case ast.For() | ast.While() | ast.Try() | ast.With():
                raise Unsaid
            case _:
                self.simple(stmt, frame)

    @abstractmethod
    def unrolled(self, stmt: ast.For, frame: Frame) -> list[ast.stmt] | None:
        """The lines of all turns of a loop over objects; None for a loop over anything else."""

    def _loop(self, stmt: ast.For, frame: Frame) -> None:
        turns = self.unrolled(stmt, frame)
        if turns is not None:
            for each in turns:
                self.emit(each)
            return
        along = self.value(stmt.iter, frame)
        if isinstance(along, Made):
            along = self.as_tuple(along)
        target = renamed(stmt.target, frame)
        self.emit(ast.For(target, along, self.turn(stmt.body, frame), []))

    def turn(self, body: list[ast.stmt], frame: Frame) -> list[ast.stmt]:
        """The lines of a loop's turn, after which all that was known before it still must be so."""
        if any(isinstance(each, ast.Return) for stmt in body for each in nodes_in(stmt)) and not frame.is_outermost:
            raise Unsaid
        before = self.state()
        self.turns.append(before)
        with self.inside() as lines:
            self.all_of(body, frame)
        self.turns.pop()
        if not ends(body) and not self.has_kept(before, self.state()):
            raise Unsaid
        leaves = any(isinstance(each, ast.Break | ast.Continue) for stmt in body for each in nodes_in(stmt))
        if leaves or ends(body):
            self.restore(before)
        return lines or [ast.Pass()]


def _returns(stmt: ast.stmt) -> bool:
    return any(isinstance(each, ast.Return) for each in nodes_in(stmt))


def ends(body: list[ast.stmt]) -> bool:
    """Whether a block is always left before its end."""
    if not body:
        return False
    last = body[-1]
    return isinstance(last, LEAVING) or isinstance(last, ast.If) and ends(last.body) and ends(last.orelse)
