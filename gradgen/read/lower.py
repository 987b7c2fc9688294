"""Lowers the statements of a Python function into the IR, and refuses what no later stage could follow.

Never differentiates and never prints.
"""
from __future__ import annotations

import ast
import types
from collections.abc import Callable, Mapping
from typing import Any

from gradgen.ir import nodes as ir
from gradgen.ir.constructs import UNKNOWN_STATEMENT, construct_of
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import replace
from gradgen.ir.nested import Nested, item_at
from gradgen.read import turns
from gradgen.read.aliases import aliases_in
from gradgen.read.cases import lower_match
from gradgen.read.checkpoints import is_marked, marked_lambda
from gradgen.read.expressions import BINARY, ExpressionLowering
from gradgen.read.fenced import refuse_fenced
from gradgen.read.hooks import hook, is_hook
from gradgen.read.imports import imports_of
from gradgen.read.made import SEQUENCES, made_here
from gradgen.read.managers import changes_arithmetic, may_suppress
from gradgen.read.named import UNREAD, has_unread_names, stores_in_pairs
from gradgen.read.own_lines import name_of
from gradgen.read.positions import Positions
from gradgen.read.refusals import Refusals
from gradgen.read.resolve import MISSING, Scope
from gradgen.read.siblings import with_siblings
from gradgen.read.storing import stored, stored_and_named, stored_flat
from gradgen.read.trees import as_load, beside_arithmetic, children_in, names_stored, nodes_in

_PLAIN = frozenset({  # what binds no other name than itself
    ast.Assign, ast.AugAssign, ast.Return, ast.Expr, ast.If, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp,
    ast.Attribute, ast.Subscript, ast.Constant, ast.Tuple, ast.List, ast.arguments, ast.keyword, ast.Name,
})


def bound_in(node: ast.AST) -> set[str]:
    """Every name that a function or module body binds in its own scope."""
    bound: set[str] = set()
    stack: list[ast.AST] = children_in(node)
    while stack:
        current = stack.pop()
        if isinstance(current, ast.Name) and type(current.ctx) is not ast.Load:
            bound.add(current.id)
        if type(current) in _PLAIN:
            stack += children_in(current)
            continue
        match current:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
                stack.extend(current.decorator_list)
                continue
            case ast.Lambda():
                continue
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                bound.update(n.target.id for n in ast.walk(current) if isinstance(n, ast.NamedExpr))
                continue
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bound.add(name)
            case ast.MatchMapping(rest=str(name)):
                bound.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                bound.update(alias.asname or alias.name.split(".")[0] for alias in aliases)
            case ast.arg(arg=name):
                bound.add(name)
        stack += children_in(current)
    return bound


def lower_function(
    node: ast.FunctionDef | ast.Lambda, positions: Positions, scope: Scope, refusals: Refusals,
    outer_locals: frozenset[str] = frozenset(), given: Mapping[str, Any] | None = None, owner: Any = None,
    copies: frozenset[ast.expr] = frozenset(),
) -> ir.Function:
    """The IR of a function. `outer_locals` are the variables of the functions around it that it may capture; `given` says which
    functions some of its parameters hold, `owner` is the object that it is bound to as a method, `copies` are those of lists."""
    lowering = _Lowering(positions, scope, refusals, outer_locals)
    lowering.expressions.copies = copies
    rebound = names_stored(node) if given or owner is not None else set()
    first = next((arg.arg for arg in (*node.args.posonlyargs, *node.args.args)), None)
    if owner is not None and first is not None and first not in rebound:
        lowering.expressions.receivers[first] = owner
    if given:
        lowering.expressions.imported.update({name: value for name, value in given.items() if name not in rebound})
    return lowering.function(node)


class _Lowering:
    def __init__(self, positions: Positions, scope: Scope, refusals: Refusals, outer_locals: frozenset[str]) -> None:
        self.positions = positions
        self.scope = scope
        self.refusals = refusals
        self.outer_locals = outer_locals
        self.expressions = ExpressionLowering(positions, scope, set())
        self.node: ast.AST = ast.Module([], [])

    # --- functions ---

    def function(self, node: ast.FunctionDef | ast.Lambda) -> ir.Function:
        self.node = node
        own, nodes = bound_in(node), nodes_in(node)
        self.expressions.local_names = own | self.outer_locals
        others = beside_arithmetic(nodes)
        self.expressions.sequences = made_here(others, *SEQUENCES)
        self.expressions.hold(others)
        self.expressions.mentioned = frozenset(each.id for each in nodes if isinstance(each, ast.Name))
        if isinstance(node, ast.Lambda):
            refuse_fenced(node, others, self.expressions, self.refusals)
            value = self.expressions.expr(node.body)
            body: ir.Block = (ir.Exit("return", value, span=value.span),)
        else:
            if any(isinstance(each, ast.Import | ast.ImportFrom) for each in others):
                self.expressions.imported.update(imports_of(node, self.scope))
            refuse_fenced(node, others, self.expressions, self.refusals)
            self.expressions.imported.update(aliases_in(node, others, self.expressions.resolve))
            statements = node.body[1:] if ast.get_docstring(node, clean=False) is not None and len(node.body) > 1 else node.body
            body = self.block(statements)
        return with_siblings(ir.Function(name_of(node), self.parameters(node.args), body, span=self.positions.span(node)))

    def parameters(self, args: ast.arguments) -> tuple[ir.Parameter, ...]:
        required = len(args.posonlyargs) + len(args.args) - len(args.defaults)
        defaults: list[ast.expr | None] = [*[None] * required, *args.defaults]
        result = []
        for index, arg in enumerate(args.posonlyargs + args.args):
            kind: Any = "positional" if index < len(args.posonlyargs) else "either"
            result.append(self._parameter(arg, kind, defaults[index]))
        if args.vararg:
            result.append(self._parameter(args.vararg, "args", None))
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            result.append(self._parameter(arg, "keyword", default))
        if args.kwarg:
            result.append(self._parameter(args.kwarg, "kwargs", None))
        return tuple(result)

    def _parameter(self, arg: ast.arg, kind: Any, default: ast.expr | None) -> ir.Parameter:
        annotation = None if arg.annotation is None else self.positions.slice(self.positions.span(arg.annotation))
        value = None if default is None else self.expressions.expr(default)
        return ir.Parameter(arg.arg, kind, value, annotation, span=self.positions.span(arg))

    # --- statements ---

    def block(self, body: list[ast.stmt]) -> ir.Block:
        return tuple(stmt for node in body for stmt in self.statement(node))

    def statement(self, node: ast.stmt) -> tuple[ir.Stmt, ...]:
        lower = _STATEMENTS.get(type(node))
        if lower is None:
            return (self.inert(node, construct_of(node)),)
        made = lower(self, node)
        result = made if isinstance(made, tuple) else (made,)
        is_unread = self.positions.has_named and has_unread_names(node, result)
        return (self.inert(node, UNREAD), *(result if isinstance(node, ast.Return) else ())) if is_unread else result

    def reads_in(self, node: ast.AST) -> tuple[ir.Name, ...]:
        """Every name that Python carried along unread reads."""
        names = (each for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load))
        return tuple(map(self.expressions.name, names))

    def inert(self, node: ast.stmt, construct: str) -> ir.Inert:
        binds = tuple(sorted(bound_in(ast.Module([node], []))))
        return ir.Inert(self.reads_in(node), binds, construct, span=self.positions.span(node))

    def carried(self, node: ast.Pass | ast.Import | ast.ImportFrom) -> ir.Stmt:
        return self.inert(node, "an import")

    def asserted(self, node: ast.Assert) -> ir.Stmt:
        """What an assertion calls is known: it may change what it is given."""
        equalities = (each for each in ast.walk(node.test) if isinstance(each, ast.Compare))
        is_point = any(isinstance(op, ast.Eq | ast.NotEq) for each in equalities for op in each.ops)
        plain = self.inert(node, "an assertion of an equality" if is_point else "an assertion")
        parts = (self.expressions.expr(part) for part in (node.test, node.msg) if part is not None)
        calls = (each for part in parts for each in ir.walk(part) if isinstance(each, ir.Call))
        return replace(plain, reads=(*plain.reads, *calls))

    def assign(self, node: ast.Assign) -> tuple[ir.Stmt, ...]:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as function):
                return (self._define(name, function, self.positions.span(node)),)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                inner = marked_lambda(call, self.expressions)
                if inner is not None:
                    return (self._define(name, inner, self.positions.span(node)),)
                if name in self.expressions.named_again:
                    mark = self.expressions.expr(call.func)
                    return (ir.Inert((mark,), (name,), "a name for a function", span=self.positions.span(node)),)
        span = self.positions.span(node)
        if len(node.targets) == 1:
            flat = stored_flat(node.targets[0], node.value, self.expressions, span)
            stores = (flat,) if flat is not None else stored_and_named(node.targets[0], node.value, self.expressions, span)
            if stores is not None:
                return stores
        value = self.expressions.expr(node.value)
        if len(node.targets) == 1:
            target, end = self.expressions.target(node.targets[0]), ir.Span(span.end, span.end)
            lent = map(self.expressions.name, self.expressions.lent(node.targets[0])[1:])
            others = [replace(target, base=each) for each in lent if isinstance(target, ir.ItemTarget)]
            nothing = ir.Const(None, span=end)
            return (ir.Assign(target, value, span=span), *(ir.Assign(each, nothing, span=end) for each in others))
        return self._chained(node, value, span)

    def _chained(self, node: ast.Assign, value: ir.Expr, span: ir.Span) -> tuple[ir.Stmt, ...]:
        """`a = b = value`: the first name takes the value, the others copy it; a constant is stored in each place."""
        first = next((target for target in node.targets if isinstance(target, ast.Name)), None)
        end = ir.Span(span.end, span.end)
        if first is None and isinstance(value, ir.Const):
            targets = map(self.expressions.target, node.targets)
            return tuple(
                ir.Assign(target, replace(value, span=end) if place else value, span=end if place else span)
                for place, target in enumerate(targets)
            )
        before = node.targets if first is None else node.targets[: node.targets.index(first)]
        read = {name.id for target in before for name in ast.walk(target) if isinstance(name, ast.Name)}
        if first is None or first.id in read or stores_in_pairs(node.targets):
            stores = (each for target in node.targets for each in ir.walk(self.expressions.target(target)))
            bases = (each.base for each in stores if isinstance(each, ir.ItemTarget | ir.AttributeTarget))
            bound = {base.id for base in bases if isinstance(base, ir.Name)} | bound_in(ast.Module([node], []))
            construct = "a chained assignment without a plain name" if first is None else "a chained assignment of this form"
            return (ir.Inert(self.reads_in(node), tuple(sorted(bound)), construct, span=span),)
        statements: list[ir.Stmt] = [ir.Assign(self.expressions.target(first), value, span=span)]
        for target in node.targets:
            if not isinstance(target, ast.Name) or target.id != first.id:
                copy = ir.Name(first.id, "local", span=end)
                statements.append(ir.Assign(self.expressions.target(target), copy, span=end))
        return tuple(statements)

    def annotated(self, node: ast.AnnAssign) -> ir.Stmt:
        if node.value is None:
            return ir.Inert(construct="an annotation", span=self.positions.span(node))  # binds nothing
        return ir.Assign(self.expressions.target(node.target), self.expressions.expr(node.value), span=self.positions.span(node))

    def augmented(self, node: ast.AugAssign) -> ir.Stmt:
        span = self.positions.span(node)
        target = self.expressions.target(node.target)
        old = replace(self.expressions.expr(as_load(node.target)), span=None)  # its text is the target's: not to be edited
        if isinstance(target, ir.ItemTarget) and isinstance(old, ir.Item) and not isinstance(target.index, ir.Opaque):
            old = ir.Item(old.base, target.index)  # one text, one node
        if isinstance(target, ir.ItemTarget) and isinstance(target.index, Nested):
            old = item_at(replace(target.base, span=None), target.index.path)
        op = BINARY[type(node.op)]
        return ir.Assign(target, ir.Op(op, (old, self.expressions.expr(node.value)), span=span), augmented=op, span=span)

    def expression(self, node: ast.Expr) -> ir.Stmt:
        span = self.positions.span(node)
        match node.value:
            case ast.Constant():
                return ir.Inert(construct="a literal", span=span)
            case ast.Call(func=ast.Attribute(value=ast.Name() as base, attr="append"), args=[value], keywords=[]):
                if base.id in self.expressions.local_names and not isinstance(value, ast.Starred):
                    return ir.Append(self.expressions.name(base), self.expressions.expr(value), span=span)
            case ast.Call() as call if (store := stored(call, self.expressions, span, self.node)) is not None:
                return store
        return ir.Evaluate(self.expressions.expr(node.value), span=span)

    def branch(self, node: ast.If, is_elif: bool = False) -> ir.Stmt:
        test = self.expressions.expr(node.test)
        then = self.block(node.body)
        match node.orelse:
            case [ast.If() as inner] if self._is_elif(inner):
                orelse: ir.Block = (self.branch(inner, is_elif=True),)
            case _:
                orelse = self.block(node.orelse)
        return ir.Branch(test, then, orelse, is_elif, span=self.positions.span(node))

    def _is_elif(self, node: ast.If) -> bool:
        start = self.positions.offset(node.lineno, node.col_offset)
        return self.positions.text.startswith("elif", start)

    def match(self, node: ast.Match) -> ir.Stmt:
        found = lower_match(node, self.node, self.expressions, self.block)
        return self.inert(node, construct_of(node)) if found is None else found

    def for_loop(self, node: ast.For) -> ir.Stmt:
        iterable = turns.iterable(self.expressions, node.iter)
        target = self.expressions.target(node.target)
        return ir.For(target, iterable, self.block(node.body), self.block(node.orelse), span=self.positions.span(node))

    def while_loop(self, node: ast.While) -> ir.Stmt:
        test = self.expressions.expr(node.test)
        return ir.While(test, self.block(node.body), self.block(node.orelse), span=self.positions.span(node))

    def returned(self, node: ast.Return) -> ir.Stmt:
        value = None if node.value is None else self.expressions.expr(node.value)
        return ir.Exit("return", value, span=self.positions.span(node))

    def raised(self, node: ast.Raise) -> ir.Stmt:
        value = None if node.exc is None else self.expressions.expr(node.exc)
        return ir.Exit("raise", value, span=self.positions.span(node))

    def broken(self, node: ast.Break) -> ir.Stmt:
        return ir.Exit("break", span=self.positions.span(node))

    def continued(self, node: ast.Continue) -> ir.Stmt:
        return ir.Exit("continue", span=self.positions.span(node))

    def tried(self, node: ast.Try) -> ir.Stmt:
        body = self.block(node.body)
        handlers = tuple(map(self.handler, node.handlers))
        return ir.Try(body, handlers, self.block(node.orelse), self.block(node.finalbody), span=self.positions.span(node))

    def handler(self, node: ast.ExceptHandler) -> ir.Handler:
        matches = self.expressions.expr(node.type) if node.type is not None else None
        return ir.Handler(matches, node.name, self.block(node.body), span=self.positions.span(node))

    def with_item(self, node: ast.withitem) -> tuple[ir.Expr, ir.Target | None]:
        context = self.expressions.expr(node.context_expr)
        return context, self.expressions.target(node.optional_vars) if node.optional_vars is not None else None

    def with_block(self, node: ast.With) -> ir.Stmt:
        if is_hook(node, self.expressions.resolve):
            form = f"{UNKNOWN_STATEMENT} (adjoint_of: a name for each variable, plain statements that bind no name used outside)"
            return hook(node, self.positions, self.expressions.name) or self.inert(node, form)
        items = tuple(map(self.with_item, node.items))
        calls = (item.context_expr for item in node.items)
        managers = [self.expressions.resolve(call.func) if isinstance(call, ast.Call) else MISSING for call in calls]
        if any(map(changes_arithmetic, managers)):
            return self.inert(node, f"{UNKNOWN_STATEMENT} (with a context that computes in another way)")
        return ir.With(items, self.block(node.body), any(map(may_suppress, managers)), span=self.positions.span(node))

    def define(self, node: ast.FunctionDef) -> ir.Stmt:
        if node.decorator_list and not is_marked(node, self.expressions):
            return self.inert(node, "a decorated function, or one whose defaults read variables")
        return self._define(node.name, node, self.positions.span(node))

    def _define(self, name: str, node: ast.FunctionDef | ast.Lambda, span: ir.Span) -> ir.Stmt:
        defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default is not None)]
        names = {inner.id for default in defaults for inner in ast.walk(default) if isinstance(inner, ast.Name)}
        values = {each: self.scope.lookup(each) for each in names}  # the numbers among them may be others at the next call
        rebindable = {each for each, value in values.items() if not callable(value) and not isinstance(value, types.ModuleType)}
        if names & self.expressions.local_names or rebindable:
            return ir.Inert(self.reads_in(node), (name,), "a decorated function, or one whose defaults read variables", span=span)
        own = bound_in(node)
        inner = _Lowering(self.positions, self.scope, self.refusals, frozenset(self.expressions.local_names - own))
        inner.expressions.imported = {name: found for name, found in self.expressions.imported.items() if name not in own}
        function = inner.function(node)
        read = {name.id for name in found_in(function, ir.Name)}
        captures = sorted(read & inner.outer_locals)
        function = ir.Function(name, function.parameters, function.body, span=function.span)
        return ir.Define(name, function, tuple(captures), span=span)


_STATEMENTS: Mapping[type[ast.stmt], Callable[[_Lowering, Any], Any]] = {
    ast.Assert: _Lowering.asserted,
    ast.Pass: _Lowering.carried,
    ast.Import: _Lowering.carried,
    ast.ImportFrom: _Lowering.carried,
    ast.Assign: _Lowering.assign,
    ast.AnnAssign: _Lowering.annotated,
    ast.AugAssign: _Lowering.augmented,
    ast.Expr: _Lowering.expression,
    ast.If: _Lowering.branch,
    ast.Match: _Lowering.match,
    ast.For: _Lowering.for_loop,
    ast.While: _Lowering.while_loop,
    ast.Return: _Lowering.returned,
    ast.Raise: _Lowering.raised,
    ast.Break: _Lowering.broken,
    ast.Continue: _Lowering.continued,
    ast.Try: _Lowering.tried,
    ast.With: _Lowering.with_block,
    ast.FunctionDef: _Lowering.define,
}
