"""Reads rows of the rule notation: a forward line and backward lines become a Rule, or a RuleError that quotes the row.

Never says which rows there are, and never evaluates one.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from gradgen.codes import stated
from gradgen.errors import Finding, RuleError
from gradgen.ir import nodes as ir
from gradgen.rules.notation import CONSTANTS, Contribution, Moved, Rule

BINARY: Mapping[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.FloorDiv: "floordiv", ast.Mod: "mod", ast.Pow: "pow",
    ast.LShift: "lshift", ast.RShift: "rshift", ast.BitAnd: "bitand", ast.BitOr: "bitor", ast.BitXor: "bitxor",
    ast.MatMult: "matmul",
}
UNARY: Mapping[type[ast.unaryop], str] = {ast.USub: "neg", ast.UAdd: "pos", ast.Not: "not", ast.Invert: "invert"}
COMPARE: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne", ast.Is: "is", ast.IsNot: "isnot",
}
ATTRIBUTES = frozenset({"T", "shape", "size", "ndim", "dtype"})
METHODS = frozenset({"antiderivative", "deriv", "derivative", "ev", "get_knots"})
"""The methods of objects that rows call: of the operand `f`, of what a call makes."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row's forward line, taken apart: `y = log(x, base=None)`."""

    operation: str
    parameters: tuple[str, ...]
    defaults: Mapping[str, ir.Expr]
    results: tuple[str, ...]
    is_call: bool

    @property
    def operands(self) -> tuple[str, ...]:
        return tuple(name.removeprefix("*") for name in self.parameters)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row stands: the file and line that an error names."""

    file: str = "<rule>"
    line: int = 1


def parse_pattern(text: str, origin: Origin = Origin()) -> Pattern:
    """The forward line of a row. Raises RuleError (GG301) if it is no `result = operation(operands)`."""
    line = _Line(text, origin)
    statement = line.statement()
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        line.refuse("GG301", "a rule starts with a forward line such as `y = exp(x)`")
    target, value = statement.targets[0], statement.value
    results = tuple(line.bare_name(item) for item in (target.elts if isinstance(target, ast.Tuple) else [target]))
    defaults: dict[str, ir.Expr] = {}
    is_call = isinstance(value, ast.Call)
    match value:
        case ast.Call(func=func, args=args, keywords=keywords):
            operation = _dotted(func) or line.refuse("GG301", "the forward line calls no named function", func)
            parameters = [
                f"*{line.bare_name(arg.value)}" if isinstance(arg, ast.Starred) else line.bare_name(arg) for arg in args
            ]
            for keyword in keywords:
                if isinstance(keyword.value, ast.Name) and keyword.value.id == keyword.arg:  # an operand given by its name
                    parameters.append(keyword.arg)
                    continue
                try:
                    default = ast.literal_eval(keyword.value)
                except ValueError:
                    line.refuse("GG301", "a default in the forward line must be a literal", keyword.value)
                if keyword.arg is None or isinstance(default, list | dict | set):
                    line.refuse("GG301", "a default in the forward line must be a literal", keyword.value)
                parameters.append(keyword.arg)
                defaults[keyword.arg] = ir.Const(default)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            operation, parameters = BINARY[type(op)], [line.bare_name(left), line.bare_name(right)]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in UNARY:
            operation, parameters = UNARY[type(op)], [line.bare_name(operand)]
        case _:
            line.refuse("GG301", "the forward line must be one operation on named operands", value)
    names = [*(name.removeprefix("*") for name in parameters), *results]
    repeated = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if repeated is not None:
        line.refuse("GG301", f"the forward line uses the name {repeated} twice")
    return Pattern(operation, tuple(parameters), defaults, results, is_call)


def parse_rule(
    pattern: Pattern,
    text: tuple[str, ...],
    *,
    operation_named: Callable[[str], str | None],
    when: Callable[..., bool] | None = None,
    cost: int,
    refused: Iterable[str] = (),
    reason: str = "",
    omitted: Iterable[str] = (),
    origin: Origin = Origin(),
    is_whole: bool = False,
) -> Rule:
    """The rule of a row, `text[0]` being its forward line. Operands that are neither contributed to (`dx += 0` counts), nor
    `refused`, nor `omitted` because the row only holds where they are passive, are an error: nothing is 0 by forgetting it.
    `operation_named` gives the operation that a function's name in the row stands for. In a row of whole arrays (`is_whole`) the
    adjoint may stand inside of calls, `@` and indexing, which the tables promise to be linear in it.

    Raises RuleError: GG301 malformed, GG302 unknown name, GG303 not linear in the adjoint, GG304 adjoint used twice,
    GG305 unknown operation, GG306 contribution to something that is no operand, GG309 nothing said about an operand.
    """
    row = _Row(pattern, operation_named, {*pattern.operands, *pattern.results}, is_whole=is_whole)
    for backward in text[1:]:
        row.read(_Line(backward, origin))
    refused = frozenset(refused)
    silent = [name for name in pattern.operands if name not in row.settled | refused | set(omitted)]
    if silent:
        _Line(text[0], origin).refuse(
            "GG309", f"the rule says nothing about {silent[0]}",
            way_out=f"Add a line `d{silent[0]} += ...`, or `d{silent[0]} += 0`.",
        )
    return Rule(
        pattern.operation, pattern.parameters, pattern.defaults, pattern.results, tuple(row.locals), tuple(row.contributions),
        when, text, cost, refused, reason, tuple(row.requires),
        any(name.startswith("*") for name in pattern.parameters), is_whole=is_whole,
    )


def parse_tangents(pattern: Pattern, text: tuple[str, ...], *, operation_named: Callable[[str], str | None]) -> Moved:
    """The lines of an operation's tangents, those of its operands being called `x_dot`. Raises RuleError as parse_rule does."""
    row = _Row(pattern, operation_named, {*pattern.operands, *pattern.results}, is_whole=True)
    row.names |= {f"{operand}_dot" for operand in pattern.operands}
    results: dict[str, ir.Expr] = {}
    for each in text:
        line = _Line(each, Origin())
        match line.statement():
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name.removesuffix("_dot") in pattern.results:
                results[name.removesuffix("_dot")] = row.expression(line, value)
            case _:
                row.read(line)
    return Moved(tuple(row.locals), results, tuple(row.requires))


class _Line:
    """One line of a row, able to quote itself."""

    def __init__(self, text: str, origin: Origin) -> None:
        self.text = text
        self.origin = origin

    def statement(self) -> ast.stmt:
        try:
            body = ast.parse(self.text).body
        except SyntaxError as error:
            at = max(0, (error.offset or 1) - 1)
            self.refuse("GG301", f"a rule's line is not Python: {error.msg}", column=at)
        if len(body) != 1:
            self.refuse("GG301", "a rule's line must be one statement")
        return body[0]

    def bare_name(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return node.id
        self.refuse("GG301", "the forward line must be one operation on named operands", node)

    def refuse(self, code: str, message: str, node: ast.expr | None = None, *, column: int = 0, way_out: str = "") -> NoReturn:
        end = None
        if node is not None:
            column, end = node.col_offset, node.end_col_offset
        elif column:
            end = column + 1
        raise RuleError(Finding(
            code, *stated(code, construct=message, advice=way_out), file=self.origin.file, line=self.origin.line,
            column=column, end_column=end, source_line=self.text,
        ))


@dataclass
class _Row:
    """What has been read of a row so far."""

    pattern: Pattern
    operation_named: Callable[[str], str | None]
    names: set[str]
    locals: list[tuple[str, ir.Expr]] = field(default_factory=list)
    contributions: list[Contribution] = field(default_factory=list)
    requires: list[tuple[ir.Expr, str]] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    is_whole: bool = False
    carrying: set[str] = field(default_factory=set)

    @property
    def adjoints(self) -> set[str]:
        """The results' adjoints, and the names of lines that hold one."""
        return {f"d{result}" for result in self.pattern.results} | self.carrying

    def read(self, line: _Line) -> None:
        match line.statement():
            case ast.AugAssign(target=ast.Name(id=target), op=ast.Add() | ast.Sub() as op, value=value):
                self.contribution(line, target, 1 if isinstance(op, ast.Add) else -1, value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if name in self.names | self.adjoints:
                    line.refuse("GG301", f"the name {name} is taken")
                if self.is_whole and self.holds_adjoint(value):
                    self.locals.append((name, self.with_adjoint(line, value)))
                    self.carrying.add(name)
                    return
                self.locals.append((name, self.expression(line, value)))
                self.names.add(name)
            case ast.Assert(test=test, msg=ast.Constant(value=str(reason))):
                self.requires.append((self.expression(line, test), reason))
            case _:
                line.refuse("GG301", "a backward line is `dx += ...`, `dx -= ...`, `name = ...` or `assert ..., '...'`")

    def contribution(self, line: _Line, target: str, sign: int, value: ast.expr) -> None:
        operand = target.removeprefix("d")
        if not target.startswith("d") or operand not in self.pattern.operands:
            line.refuse("GG306", f"{target} is the adjoint of no operand of the rule",
                        way_out=f"Operands: {', '.join(self.pattern.operands)}.")
        self.settled.add(operand)
        if isinstance(value, ast.Constant) and value.value == 0:
            return
        guard = None
        if isinstance(value, ast.IfExp):
            if not isinstance(value.orelse, ast.Constant) or value.orelse.value != 0:
                line.refuse("GG303", "a guarded contribution must be 0 where its test does not hold", value.orelse)
            guard, value = self.expression(line, value.test), value.body
        inner_sign, adjoint, numerator, denominator = self.factors(line, value)
        self.contributions.append(Contribution(operand, sign * inner_sign, adjoint, numerator, denominator, guard))

    def factors(self, line: _Line, node: ast.expr) -> tuple[int, ir.Expr, tuple[ir.Expr, ...], tuple[ir.Expr, ...]]:
        """Sign, adjoint, numerator and denominator of a product with exactly one adjoint in it."""
        match node:
            case ast.Name(id=name) if name in self.adjoints:
                return 1, ir.Name(name), (), ()
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                sign, adjoint, numerator, denominator = self.factors(line, operand)
                return -sign, adjoint, numerator, denominator
            case ast.BinOp(left=left, op=ast.Mult() | ast.Div() | ast.Add() | ast.Sub() as op, right=right):
                holders = [side for side in (left, right) if self.holds_adjoint(side)]
                if len(holders) == 2 and not self.is_whole:
                    line.refuse("GG304", "a contribution holds the result's adjoint twice", node,
                                way_out="Take the adjoint out as one factor, or write two lines.")
                if holders == [left] and isinstance(op, (ast.Mult, ast.Div)):
                    sign, adjoint, numerator, denominator = self.factors(line, left)
                    factor = (self.expression(line, right),)
                    if isinstance(op, ast.Mult):
                        return sign, adjoint, numerator + factor, denominator
                    return sign, adjoint, numerator, denominator + factor
                if holders == [right] and isinstance(op, ast.Mult):
                    sign, adjoint, numerator, denominator = self.factors(line, right)
                    return sign, adjoint, (self.expression(line, left), *numerator), denominator
        if self.is_whole and self.holds_adjoint(node):
            return 1, self.with_adjoint(line, node), (), ()
        line.refuse("GG303", "a contribution must be the result's adjoint times factors", node,
                    way_out=f"The adjoint here is {' or '.join(sorted(self.adjoints))}.")

    def with_adjoint(self, line: _Line, node: ast.expr) -> ir.Expr:
        """An expression that adjoints may stand in anywhere; the tables promise that it is linear in them."""
        self.names |= self.adjoints
        found = self.expression(line, node)
        self.names -= self.adjoints
        return found

    def holds_adjoint(self, node: ast.expr) -> bool:
        return any(isinstance(inner, ast.Name) and inner.id in self.adjoints for inner in ast.walk(node))

    def expression(self, line: _Line, node: ast.expr) -> ir.Expr:
        def inner(child: ast.expr) -> ir.Expr:
            return self.expression(line, child)

        match node:
            case ast.Constant(value=int() | float() | None as value):
                return ir.Const(value)
            case ast.Constant(value=value) if self.is_whole:
                return ir.Const(value)
            case ast.Name(id=name) if name in self.names:
                return ir.Name(name)
            case ast.Name(id=name) if name in CONSTANTS:
                return ir.Op(name, ())
            case ast.Name(id=name) if name in self.adjoints:
                line.refuse("GG303", "the result's adjoint may only be a factor of a contribution", node)
            case ast.Name(id=name):
                line.refuse("GG302", f"{name} is no operand, result or earlier line of the rule", node)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
                return ir.Op(BINARY[type(op)], (inner(left), inner(right)))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return ir.Const(-value)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in UNARY:
                return ir.Op(UNARY[type(op)], (inner(operand),))
            case ast.BoolOp(op=op, values=values):
                return ir.Op("and" if isinstance(op, ast.And) else "or", tuple(map(inner, values)))
            case ast.Compare(left=left, ops=ops, comparators=comparators) if all(type(op) in COMPARE for op in ops):
                return ir.Compare(tuple(COMPARE[type(op)] for op in ops), tuple(map(inner, [left, *comparators])))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return ir.Op("ifexp", (inner(test), inner(body), inner(orelse)))
            case ast.Call(func=ast.Name(id="f"), args=args, keywords=[]) if self.is_whole and "f" in self.pattern.operands:
                return ir.Call(ir.Name("f"), tuple(map(inner, args)))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="f"), attr=attr), args=args, keywords=[]) if attr in METHODS:
                return ir.Call(ir.Attribute(inner(ast.Name("f")), attr), tuple(map(inner, args)))
            case ast.Call(func=func, args=args, keywords=[]) if (called := _dotted(func)) is not None:
                operation = self.operation_named(called)
                if operation is None:
                    line.refuse("GG305", f"{called} is no operation that gradgen knows", func)
                return ir.Op(operation, tuple(map(inner, args)))
            case ast.Call(func=func, args=args, keywords=keywords) if self.is_whole and _dotted(func) is not None:
                operation = self.operation_named(_dotted(func) or "")
                if operation is None:
                    line.refuse("GG305", f"{_dotted(func)} is no operation that gradgen knows", func)
                named = tuple((keyword.arg or "", inner(keyword.value)) for keyword in keywords)
                return ir.Op(operation, tuple(map(inner, args)), named)
            case ast.Call(func=ast.Call() as func, args=args, keywords=[]) if self.is_whole:
                return ir.Call(inner(func), tuple(map(inner, args)))
            case ast.Call(func=ast.Attribute(value=ast.Call() as made, attr=name), args=args) if name in METHODS:
                return ir.Call(ir.Attribute(inner(made), name), tuple(map(inner, args)))
            case ast.Attribute(value=value, attr=attr) if self.is_whole and attr in ATTRIBUTES:
                return ir.Attribute(inner(value), attr)
            case ast.Subscript(value=value, slice=index) if self.is_whole:
                return ir.Item(inner(value), inner(index))
            case ast.Slice(lower=lower, upper=upper, step=step) if self.is_whole:
                return ir.Slice(*(None if part is None else inner(part) for part in (lower, upper, step)))
            case ast.Tuple(elts=items) | ast.List(elts=items) if self.is_whole:
                return ir.Display("tuple" if isinstance(node, ast.Tuple) else "list", tuple(map(inner, items)))
        line.refuse("GG301", "a rule's line holds only names, numbers, operators and calls of operations", node)


def _dotted(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr) if (owner := _dotted(value)) is not None:
            return f"{owner}.{attr}"
    return None
