"""Lowers `match` to a chain of branches: each case a test of the subject, and the values that its pattern captures.

Never refuses: what it cannot say as tests and copies it leaves to be carried along unread.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import partial
from typing import Any

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field, replace
from gradgen.ir.queries import reads_any
from gradgen.read.expressions import ExpressionLowering
from gradgen.read.resolve import MISSING

Make = Callable[[], ir.Expr]
WHOLE = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)


class CannotTellError(Exception):
    """A pattern that no tests and copies say."""


@dataclass(slots=True)
class Pattern:
    """What a pattern asks, in order, and what it captures."""

    tests: list[ir.Expr] = field(default_factory=list)
    captures: dict[str, Make] = field(default_factory=dict)


def lower_match(
    node: ast.Match, around: ast.AST, expressions: ExpressionLowering, block: Callable[[list[ast.stmt]], ir.Block]
) -> ir.Branch | None:
    """The chain of branches that a match statement is; None where it is more. `around` is the function that it stands in."""
    try:
        return _chain(node, around, expressions, block)
    except CannotTellError:
        return None


def _chain(
    node: ast.Match, around: ast.AST, expressions: ExpressionLowering, block: Callable[[list[ast.stmt]], ir.Block]
) -> ir.Branch:
    positions = expressions.positions
    whole, subject = positions.span(node), positions.span(node.subject)
    if any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(node.subject)):
        raise CannotTellError
    read = [_read(case, node.subject, expressions) for case in node.cases]
    _check_captures(node, around, read)
    bodies = [(*_captured(case, pattern, expressions), *block(case.body)) for case, pattern in zip(node.cases, read, strict=True)]
    orelse: ir.Block = ()
    other: ir.Span | None = None
    for index, (case, pattern, body) in reversed(list(enumerate(zip(node.cases, read, bodies, strict=True)))):
        asked = positions.span(case.pattern)
        end = asked.end if case.guard is None else positions.span(case.guard).end
        header = ir.Span(positions.text.rindex("case", whole.start, asked.start), end)
        if not pattern.tests:
            orelse, other = body, header
            continue
        test = pattern.tests[0] if len(pattern.tests) == 1 else ir.Op("and", tuple(pattern.tests))
        span = whole if index == 0 else ir.Span(header.start, whole.end)
        orelse = (ir.Branch(test, body, orelse, index > 0, ir.Case(whole, subject.end, header, asked, other), span=span),)
        other = None
    first = orelse[0] if orelse else None
    if not isinstance(first, ir.Branch) or first.case is None or first.case.match != whole:
        raise CannotTellError
    return first


def _read(case: ast.match_case, subject: ast.expr, expressions: ExpressionLowering) -> Pattern:
    """The tests and captures of one case."""
    found = Pattern()
    _visit(case.pattern, lambda: expressions.expr(subject), found, expressions)
    for make in found.captures.values():
        if not _is_copy(make()):
            raise CannotTellError
    if case.guard is not None:
        found.tests.append(_substituted(expressions.expr(case.guard), found.captures))
    return found


def _visit(node: ast.pattern, make: Make, found: Pattern, expressions: ExpressionLowering) -> None:
    span = expressions.positions.span(node)
    match node:
        case ast.MatchValue(value=value):
            found.tests.append(ir.Compare(("eq",), (make(), expressions.expr(value)), span=span))
        case ast.MatchSingleton(value=constant):
            found.tests.append(ir.Compare(("is",), (make(), ir.Const(constant)), span=span))
        case ast.MatchAs(pattern=inner, name=name):
            if inner is not None:
                _visit(inner, make, found, expressions)
            if name is not None:
                found.captures[name] = make
        case ast.MatchOr(patterns=patterns):
            found.tests.append(_either(patterns, make, span, expressions))
        case ast.MatchSequence(patterns=patterns):
            _visit_sequence(patterns, make, span, found, expressions)
        case ast.MatchMapping(keys=keys, patterns=patterns, rest=None):
            found.tests.append(_unsaid(make, span))
            for key, inner in zip(keys, patterns, strict=True):
                _visit(inner, _part(make, partial(expressions.expr, key)), found, expressions)
        case ast.MatchClass():
            _visit_class(node, make, span, found, expressions)
        case _:
            raise CannotTellError


def _either(patterns: list[ast.pattern], make: Make, span: ir.Span, expressions: ExpressionLowering) -> ir.Expr:
    literals = [each.value for each in patterns if isinstance(each, ast.MatchValue) and isinstance(each.value, ast.Constant)]
    if len(literals) == len(patterns):
        return ir.Compare(("in",), (make(), ir.Display("tuple", expressions.exprs(list(literals)))), span=span)
    tests: list[ir.Expr] = []
    for each in patterns:
        inner = Pattern()
        _visit(each, make, inner, expressions)
        if inner.captures or not inner.tests:
            raise CannotTellError
        tests.append(inner.tests[0] if len(inner.tests) == 1 else ir.Op("and", tuple(inner.tests)))
    return ir.Op("or", tuple(tests))


def _visit_sequence(
    patterns: list[ast.pattern], make: Make, span: ir.Span, found: Pattern, expressions: ExpressionLowering
) -> None:
    subject = make()
    if any(isinstance(each, ast.MatchStar) and each.name is not None for each in patterns):
        raise CannotTellError
    has_star = any(isinstance(each, ast.MatchStar) for each in patterns)
    if isinstance(subject, ir.Display) and subject.kind != "dict" and not has_star:
        if len(subject.items) != len(patterns) or any(isinstance(item, ir.Starred) for item in subject.items):
            raise CannotTellError
        for index, each in enumerate(patterns):
            _visit(each, _item_of(make, index), found, expressions)
        return
    found.tests.append(_unsaid(make, span))
    after = False
    for index, each in enumerate(patterns):
        if isinstance(each, ast.MatchStar):
            after = True
            continue
        _visit(each, _part(make, _constant(index - len(patterns) if after else index)), found, expressions)


def _visit_class(node: ast.MatchClass, make: Make, span: ir.Span, found: Pattern, expressions: ExpressionLowering) -> None:
    held = expressions.resolve(node.cls)
    kind = expressions.expr(node.cls)
    found.tests.append(ir.Call(ir.Name("isinstance", "global"), (make(), kind), span=span))
    if held in WHOLE and len(node.patterns) == 1 and not node.kwd_attrs:
        _visit(node.patterns[0], make, found, expressions)
        return
    names = () if held is MISSING else getattr(held, "__match_args__", ())
    if len(names) < len(node.patterns):
        raise CannotTellError
    for name, inner in zip((*names[: len(node.patterns)], *node.kwd_attrs), (*node.patterns, *node.kwd_patterns), strict=True):
        _visit(inner, _attribute(make, name), found, expressions)


def _constant(value: int) -> Make:
    return lambda: ir.Const(value)


def _part(make: Make, key: Make) -> Make:
    return lambda: ir.Item(make(), key())


def _attribute(make: Make, name: str) -> Make:
    return lambda: ir.Attribute(make(), name)


def _item_of(make: Make, index: int) -> Make:
    def item() -> ir.Expr:
        display = make()
        assert isinstance(display, ir.Display)
        return display.items[index]

    return item


def _unsaid(make: Make, span: ir.Span) -> ir.Expr:
    """A test that no expression says: whether a value has the shape of a pattern."""
    return ir.Opaque("...", tuple(ir.names_read(make())), "a pattern", span=span)


def _is_copy(value: ir.Expr) -> bool:
    """Whether a captured value can be had again from the subject: nothing is called for it."""
    match value:
        case ir.Name() | ir.Const():
            return True
        case ir.Op(args=args, spelling=None):
            return all(map(_is_copy, args))
        case ir.Attribute(base=base) | ir.Item(base=base, index=ir.Const()):
            return _is_copy(base)
    return False


def _captured(case: ast.match_case, pattern: Pattern, expressions: ExpressionLowering) -> Iterator[ir.Stmt]:
    """The captures of a case, which its pattern has bound when its body starts."""
    if not pattern.captures:
        return
    start = expressions.positions.span(case.body[0]).start
    span = ir.Span(start, start)
    targets = [ir.NameTarget(name, span=span) for name in pattern.captures]
    values = [make() for make in pattern.captures.values()]
    if len(targets) == 1:
        yield ir.Assign(targets[0], values[0], span=span)
    else:
        yield ir.Assign(ir.TupleTarget(tuple(targets), span=span), ir.Display("tuple", tuple(values), span=span), span=span)


def _check_captures(node: ast.Match, around: ast.AST, read: list[Pattern]) -> None:
    """What a case captures stays bound where its guard then fails: nobody else may look at it."""
    for case, pattern in zip(node.cases, read, strict=True):
        for name in pattern.captures if case.guard is not None else ():
            own = [each for each, other in zip(node.cases, read, strict=True) if name in other.captures]
            inside = {inner for each in own for inner in ast.walk(each)}
            if any(isinstance(each, ast.Name) and each.id == name and each not in inside for each in ast.walk(around)):
                raise CannotTellError


def _substituted(expr: Any, captures: Mapping[str, Make]) -> Any:
    """An expression with captured names replaced by what they capture: in a guard they are bound, but by no statement."""
    if isinstance(expr, ir.Name):
        return replace(captures[expr.id](), span=expr.span) if expr.scope == "local" and expr.id in captures else expr
    if isinstance(expr, ir.Opaque | ir.Comprehension | ir.Walrus):
        if reads_any(expr, captures):
            raise CannotTellError
        return expr
    if isinstance(expr, tuple):
        return tuple(_substituted(each, captures) for each in expr)
    if isinstance(expr, ir.Node) and captures:
        return replace(expr, **{each.name: _substituted(getattr(expr, each.name), captures) for each in fields(expr)})
    return expr
