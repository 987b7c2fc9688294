"""Makes a program that shows a mismatch as small as it gets while it still shows the same one.

Never asks what the mismatch is about; a predicate says whether it is still there.
"""

from __future__ import annotations

import ast
import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from .programs import Point, Program

Predicate = Callable[[Program, Point], bool]

SUITES = ("body", "orelse", "finalbody", "handlers", "cases")


class Shrinker:
    """One run of shrinking: how often it may ask and until when."""

    def __init__(self, shows_it: Predicate, seconds: float = 60.0) -> None:
        self.shows_it = shows_it
        self.until = time.monotonic() + seconds

    def shrink(self, program: Program, point: Point) -> tuple[Program, Point]:
        """The smallest program and point found."""
        plain = replace(program, text=ast.unparse(ast.parse(program.text)) + "\n")
        if not self._holds(plain, point):
            program = self._lines_removed(program, point)
            return program, point
        program = plain
        progress = True
        while progress and time.monotonic() < self.until:
            progress = False
            for candidates in (_fewer_statements, _opened_suites, _simpler_expressions):
                smaller = self._first(program, point, candidates)
                while smaller is not None:
                    program, progress = smaller, True
                    smaller = self._first(program, point, candidates)
            fewer = self._parameters_removed(program, point)
            if fewer is not None:
                (program, point), progress = fewer, True
        return program, self._rounder(program, point)

    def _holds(self, program: Program, point: Point) -> bool:
        try:
            compile(program.text, "<shrunk>", "exec")
        except SyntaxError:
            return False
        return self.shows_it(program, point)

    def _first(self, program: Program, point: Point, candidates: Callable[[ast.Module], Iterator[ast.Module]]) -> Program | None:
        for tree in candidates(ast.parse(program.text)):
            if time.monotonic() > self.until:
                return None
            try:
                text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
            except (ValueError, AttributeError, TypeError):
                continue
            if len(text) >= len(program.text):
                continue
            smaller = replace(program, text=text)
            if self._holds(smaller, point):
                return smaller
        return None

    def _parameters_removed(self, program: Program, point: Point) -> tuple[Program, Point] | None:
        for p in program.parameters:
            rest = tuple(q for q in program.parameters if q is not p)
            if not any(q.varies and q.name in point for q in rest) or p.kind == "star":
                continue
            tree = ast.parse(program.text)
            main = next((s for s in tree.body if isinstance(s, ast.FunctionDef) and s.name == program.function), None)
            if main is None or main.args.defaults or main.args.kw_defaults or p.keyword_only:
                continue
            main.args.args = [a for a in main.args.args if a.arg != p.name]
            smaller = replace(program, text=ast.unparse(tree) + "\n", parameters=rest)
            fewer = {name: value for name, value in point.items() if name != p.name}
            if self._holds(smaller, fewer):
                return smaller, fewer
        return None

    def _rounder(self, program: Program, point: Point) -> Point:
        for digits in (0, 1, 2):
            for name in point:
                rounded = {**point, name: _rounded(point[name], digits)}
                if rounded != point and self._holds(program, rounded):
                    point = rounded
        return point

    def _lines_removed(self, program: Program, point: Point) -> Program:
        """For a mismatch that depends on layout: lines go, the rest stays as it was written."""
        progress = True
        while progress and time.monotonic() < self.until:
            progress = False
            lines = program.text.split("\n")
            for size in (8, 4, 2, 1):
                at = 0
                while at < len(lines):
                    smaller = replace(program, text="\n".join(lines[:at] + lines[at + size :]))
                    if len(smaller.text) < len(program.text) and self._holds(smaller, point):
                        program, lines, progress = smaller, smaller.text.split("\n"), True
                    else:
                        at += 1
        return program


def _rounded(value: object, digits: int) -> object:
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, list):
        return [_rounded(item, digits) for item in value]
    if isinstance(value, tuple):
        return tuple(_rounded(item, digits) for item in value)
    if isinstance(value, dict):
        return {key: _rounded(item, digits) for key, item in value.items()}
    return value


def _suites(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        for name in SUITES:
            if isinstance(getattr(node, name, None), list) and not isinstance(node, ast.Lambda):
                yield node, name


def _at(tree: ast.Module, number: int) -> ast.AST:
    return next(node for i, node in enumerate(ast.walk(tree)) if i == number)


def _fewer_statements(tree: ast.Module) -> Iterator[ast.Module]:
    order = {id(node): i for i, node in enumerate(ast.walk(tree))}
    for size in (4, 2, 1):
        for node, name in _suites(tree):
            suite = getattr(node, name)
            for start in range(len(suite) - 1, -1, -1) if size == 1 else range(0, max(0, len(suite) - size + 1), size):
                if any(isinstance(s, ast.Import) for s in suite[start : start + size]):
                    continue
                made = copy.deepcopy(tree)
                changed = getattr(_at(made, order[id(node)]), name)
                changed[start : start + size] = []
                if not changed and name == "body":
                    if size == 1 and isinstance(suite[start], ast.Pass):
                        continue
                    changed.append(ast.Pass())
                yield made


def _opened_suites(tree: ast.Module) -> Iterator[ast.Module]:
    order = {id(node): i for i, node in enumerate(ast.walk(tree))}
    for node, name in _suites(tree):
        for at, statement in enumerate(getattr(node, name)):
            for inner in SUITES[:3]:
                suite = getattr(statement, inner, None)
                if not isinstance(suite, list) or not suite or isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                    continue
                made = copy.deepcopy(tree)
                changed = getattr(_at(made, order[id(node)]), name)
                changed[at : at + 1] = getattr(changed[at], inner)
                yield made


def _simpler_expressions(tree: ast.Module) -> Iterator[ast.Module]:
    order = {id(node): i for i, node in enumerate(ast.walk(tree))}
    for node in ast.walk(tree):
        unpacks = isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Tuple, ast.List))
        for field, value in ast.iter_fields(node):
            if field == "iter" or (unpacks and field == "value"):
                continue
            items = value if isinstance(value, list) else [value]
            for at, item in enumerate(items):
                if (
                    not isinstance(item, ast.expr)
                    or isinstance(getattr(item, "ctx", None), ast.Store)
                    or field in ("func", "decorator_list")
                ):
                    continue
                for simpler in _simpler(item):
                    made = copy.deepcopy(tree)
                    parent = _at(made, order[id(node)])
                    if isinstance(value, list):
                        getattr(parent, field)[at] = copy.deepcopy(simpler)
                    else:
                        setattr(parent, field, copy.deepcopy(simpler))
                    yield made


def _simpler(expr: ast.expr) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(expr):
        if isinstance(child, ast.expr) and not isinstance(child, ast.Starred):
            if not (isinstance(expr, ast.Call) and child is expr.func):
                yield child
    if isinstance(expr, ast.Compare):
        yield ast.Constant(True)
        yield ast.Constant(False)
    if (
        isinstance(expr, (ast.BoolOp, ast.Tuple, ast.List))
        and len(expr.elts if not isinstance(expr, ast.BoolOp) else expr.values) > 2
    ):
        items = expr.values if isinstance(expr, ast.BoolOp) else expr.elts
        for i in range(len(items)):
            rest = items[:i] + items[i + 1 :]
            yield ast.BoolOp(expr.op, rest) if isinstance(expr, ast.BoolOp) else type(expr)(rest, expr.ctx)
    if not isinstance(expr, (ast.Constant, ast.Name)):
        yield ast.Constant(1.0)
