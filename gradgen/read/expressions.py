"""Lowers Python expressions into the IR, resolving callables to the operations that have rules.

Never refuses: what it does not know it carries along as Opaque, with the construct's name.
"""
from __future__ import annotations

import ast
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from gradgen.ir import nodes as ir
from gradgen.ir.closures import Closure
from gradgen.ir.constructs import construct_of
from gradgen.ir.frozen import replace
from gradgen.ir.nested import Nested
from gradgen.read import turns
from gradgen.read.checkpoints import functions_defined, named_again, put_under_checkpoint, under_checkpoint
from gradgen.read.complexes import of_complex
from gradgen.read.frozen import by_factor, changes_in_place, made_once, of_distribution
from gradgen.read.imports import forwarded
from gradgen.read.named import names_around
from gradgen.read.outputs import of_ufunc, settled_value
from gradgen.read.positions import Positions
from gradgen.read.resolve import MISSING, Scope, attribute_of, held_by, runs_behind
from gradgen.read.sequences import as_array, as_operations, of_display
from gradgen.read.shorthands import bracketed, shorthand
from gradgen.read.synonyms import synonym
from gradgen.read.trees import nodes_in, works_behind
from gradgen.rules.solvers import HERE, is_vectorized_type, solver_of
from gradgen.rules.spelling import family_of, operation_of

BINARY: Mapping[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.MatMult: "matmul", ast.LShift: "lshift", ast.RShift: "rshift", ast.BitAnd: "bitand",
    ast.BitOr: "bitor", ast.BitXor: "bitxor",
}
UNARY: Mapping[type[ast.unaryop], str] = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert", ast.Not: "not"}
COMPARE: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne", ast.Is: "is",
    ast.IsNot: "isnot", ast.In: "in", ast.NotIn: "notin",
}
NESTED = "a store into a nested container"
FOLDED_LEFT = frozenset({"max", "min"})
OF_SEQUENCES = frozenset({"array_sum", "sum", "fsum", "prod", "dist", "sumprod"})


NAMES_OF_LAMBDAS = {"root": "residual", "integral": "integrand", "fixed": "step", "ode": "rate", "entrywise": "entry"}
"""What a lambda is called by what it is given to."""


class ExpressionLowering:
    """Lowers the expressions of one function text. `locals` are the function's own variables."""

    def __init__(self, positions: Positions, scope: Scope, local_names: set[str]) -> None:
        self.positions = positions
        self.scope = scope
        self.local_names = local_names
        self.imported: dict[str, Any] = {}
        self.receivers: dict[str, Any] = {}  # the object that a method is bound to, by the name that the method has for it
        self.renames: dict[str, str] = {}
        self.sequences: frozenset[str] = frozenset()  # variables that hold lists and tuples which the function makes itself
        self.copies: frozenset[ast.expr] = frozenset()  # slices and copies of lists that the function is given
        self.mentioned: frozenset[str] = frozenset()  # every name in the text
        self.made: Mapping[str, ast.Call] = {}  # variables that hold what one call made, and the call
        self.defined: Mapping[str, bool] = {}  # the functions that are defined in it, and whether `checkpoint` stands above them
        self.named_again: frozenset[str] = frozenset()  # variables that stand for those of them under `checkpoint`
        self.frozen: Mapping[str, ast.Call] = {}  # those of them whose call's arguments stay what they are

    def hold(self, nodes: list[ast.AST]) -> None:
        """Take up which variables of a function, of these nodes, hold what one call made."""
        self.made = made_once(nodes)
        self.defined = functions_defined(nodes, self)
        self.named_again = named_again(nodes, self)
        self.frozen = {} if changes_in_place(nodes) else self.made

    # --- names and what they stand for ---

    def name(self, node: ast.Name) -> ir.Name:
        span = self.positions.span(node)
        if node.id in self.renames:
            return ir.Name(self.renames[node.id], "local", span=span)
        if node.id in self.local_names:
            return ir.Name(node.id, "local", span=span)
        is_own = self.scope.is_free(node.id) or self.scope.hides_builtin(node.id)
        return ir.Name(node.id, "free" if is_own else "global", span=span)

    def resolve(self, node: ast.expr) -> Any:
        """The live object behind a name or dotted path that the function cannot rebind; otherwise MISSING."""
        match node:
            case ast.Name(id=name):
                if name in self.renames:
                    return MISSING
                if name in self.local_names:
                    return self.imported.get(name, MISSING)
                return self.scope.lookup(name)
            case ast.Attribute(value=value, attr=attr):
                owner = self.resolve(value)
                return MISSING if owner is MISSING else attribute_of(owner, attr)
        return MISSING

    def called(self, func: ast.expr) -> Any:
        """The live object behind what is called: of the object that a method is bound to, what it holds itself too."""
        target = self.resolve(func)
        path = []
        while target is MISSING and isinstance(func, ast.Attribute):
            path.append(func.attr)
            func = func.value
        if not path or not isinstance(func, ast.Name) or func.id not in self.receivers:
            return target
        found = self.receivers[func.id]
        for name in reversed(path):
            found = MISSING if found is MISSING else held_by(found, name)
        return found if callable(found) else MISSING

    # --- expressions ---

    def expr(self, node: ast.expr) -> ir.Expr:
        """The IR of an expression."""
        lower = _LOWERINGS.get(type(node))
        return lower(self, node) if lower is not None else self.opaque(node)

    def exprs(self, items: list[ast.expr]) -> tuple[ir.Expr, ...]:
        return tuple(map(self.expr, items))

    def opaque(self, node: ast.expr, construct: str | None = None) -> ir.Opaque:
        """The text of an expression, with every outer name that it reads."""
        span = self.positions.span(node)
        own = {
            name.id
            for inner in ast.walk(node)
            for name in ast.walk(inner)
            if isinstance(inner, (ast.comprehension, ast.arg)) and isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        } | {inner.arg for inner in ast.walk(node) if isinstance(inner, ast.arg)}
        outer = names_around(node)
        reads = tuple(
            self.name(inner)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load) and (inner.id not in own or inner in outer)
        )
        kind = construct or construct_of(node)
        acts = any(isinstance(each, (ast.Call, ast.NamedExpr)) for each in ast.walk(node))
        is_pure = isinstance(node, ast.JoinedStr) and not acts
        return ir.Opaque(self.positions.slice(span), reads, kind, is_pure, span=span)

    def constant(self, node: ast.Constant) -> ir.Expr:
        span = self.positions.span(node)
        return ir.Const(node.value, self.positions.slice(span), span=span)

    def binary(self, node: ast.BinOp) -> ir.Expr:
        # a left-leaning chain is lowered in a loop: generated sums may be thousands of terms deep
        chain: list[ast.BinOp] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            chain.append(left)
            left = left.left
        result = self.expr(left)
        for link in reversed(chain):
            right = self.expr(link.right)
            result = ir.Op(BINARY[type(link.op)], (result, right), span=self.positions.span(link))
        return result

    def unary(self, node: ast.UnaryOp) -> ir.Expr:
        operand = self.expr(node.operand)
        span = self.positions.span(node)
        if isinstance(node.op, ast.USub) and isinstance(operand, ir.Const) and isinstance(operand.value, (int, float)):
            return ir.Const(-operand.value, "-" + (operand.text or repr(operand.value)), span=span)
        return ir.Op(UNARY[type(node.op)], (operand,), span=span)

    def boolean(self, node: ast.BoolOp) -> ir.Expr:
        return ir.Op("and" if isinstance(node.op, ast.And) else "or", self.exprs(node.values), span=self.positions.span(node))

    def compare(self, node: ast.Compare) -> ir.Expr:
        ops = tuple(COMPARE[type(op)] for op in node.ops)
        return ir.Compare(ops, self.exprs([node.left, *node.comparators]), span=self.positions.span(node))

    def conditional(self, node: ast.IfExp) -> ir.Expr:
        return ir.Op("ifexp", self.exprs([node.test, node.body, node.orelse]), span=self.positions.span(node))

    def attribute(self, node: ast.Attribute) -> ir.Expr:
        span = self.positions.span(node)
        owner = self.resolve(node.value)
        if owner is not MISSING and attribute_of(owner, node.attr) is not MISSING:
            return ir.Name(self.positions.slice(span), "global", span=span)
        return ir.Attribute(self.expr(node.value), node.attr, span=span)

    def subscript(self, node: ast.Subscript) -> ir.Expr:
        joined = bracketed(node, self, self.positions.span(node))
        if joined is not None:
            return joined
        if turns.is_slice(self, node):
            return turns.sliced(self, node)
        if isinstance(node.slice, ast.Tuple) and not node.slice.elts and isinstance(node.value, ast.Name | ast.Call):
            return replace(self.expr(node.value), span=self.positions.span(node))  # `z[()]`, the whole of an array
        return ir.Item(self.expr(node.value), self.expr(node.slice), span=self.positions.span(node))

    def slice(self, node: ast.Slice) -> ir.Expr:
        lower, upper, step = (None if part is None else self.expr(part) for part in (node.lower, node.upper, node.step))
        return ir.Slice(lower, upper, step, span=self.positions.span(node))

    def display(self, node: ast.Tuple | ast.List) -> ir.Expr:
        kind: Any = "tuple" if isinstance(node, ast.Tuple) else "list"
        return ir.Display(kind, self.exprs(node.elts), span=self.positions.span(node))

    def dictionary(self, node: ast.Dict) -> ir.Expr:
        if any(key is None for key in node.keys):
            return self.opaque(node, "a dict display with **")
        keys = self.exprs([key for key in node.keys if key is not None])
        return ir.Display("dict", self.exprs(node.values), keys, span=self.positions.span(node))

    def walrus(self, node: ast.NamedExpr) -> ir.Expr:
        return ir.Walrus(node.target.id, self.expr(node.value), span=self.positions.span(node))

    def starred(self, node: ast.Starred) -> ir.Expr:
        return ir.Starred(self.expr(node.value), span=self.positions.span(node))

    def comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> ir.Expr:
        if any(generator.is_async for generator in node.generators):
            return self.opaque(node, "an asynchronous comprehension")
        outer = dict(self.renames)
        generators = []
        for generator in node.generators:
            iterable = turns.iterable(self, generator.iter)
            for inner in ast.walk(generator.target):
                if isinstance(inner, ast.Name):
                    self.renames[inner.id] = self._apart(inner.id)
            generators.append(ir.Generator(self.target(generator.target), iterable, self.exprs(generator.ifs)))
        element = self.expr(node.elt)
        self.renames = outer
        kind: Any = "list" if isinstance(node, ast.ListComp) else "generator"
        return ir.Comprehension(kind, element, tuple(generators), span=self.positions.span(node))

    def _apart(self, name: str) -> str:
        """A name for a variable of a comprehension, which backward loops know beside those around it."""
        fresh = name
        while fresh in self.local_names or fresh in self.renames.values():
            fresh += "_"
        return fresh

    def apart(self, name: str) -> str:
        """A name for a variable that gradgen makes: nothing else in the text is called so."""
        while name in self.local_names or name in self.mentioned or name in self.renames.values():
            name += "_"
        return name

    def call(self, node: ast.Call) -> ir.Expr:
        made = turns.as_comprehension(self, node)
        if made is not None:
            return made
        span = self.positions.span(node)
        if (marked := under_checkpoint(node.func, self)) is not None:
            return self._again(node, marked)
        if put_under_checkpoint(node, self) is not None:
            return replace(self.opaque(node, "a function under checkpoint that is handed on"), is_pure=True)
        spelling = self.positions.slice(self.positions.span(node.func))
        target = forwarded(self.called(node.func))
        if works_behind(node) and spelling not in self.local_names or runs_behind(target):  # it may read any variable
            return replace(self.opaque(node), reads=tuple(map(ir.Name, sorted(self.local_names))))
        settled = (
            settled_value(node, self, span) or of_ufunc(node, self, span) or shorthand(node, target, self, span)
            or synonym(node, target, self, span) or of_distribution(node, self, span) or by_factor(node, self, span)
            or of_complex(node, target, spelling, self, span)
        )
        if settled is not None:
            return settled
        if typing.is_typeddict(target) and not node.args and node.keywords and all(each.arg for each in node.keywords):
            keys = tuple(ir.Const(each.arg, repr(each.arg)) for each in node.keywords)
            return ir.Display("dict", tuple(self.expr(each.value) for each in node.keywords), keys, span=span)
        solver = solver_of(target)
        kind = solver.kind if solver is not None else "function" if isinstance(target, types.FunctionType) else None
        kind = "entrywise" if is_vectorized_type(target) else kind
        args = self.exprs(node.args) if kind is None else tuple(self.given_to(kind, arg) for arg in node.args)
        keywords = tuple(
            (each.arg, self.expr(each.value) if kind is None else self.given_to(kind, each.value))
            for each in node.keywords
        )
        operation = None if target is MISSING else operation_of(target)
        family = None if target is MISSING else family_of(target)
        is_plain = not any(isinstance(arg, ir.Starred) for arg in args) and all(name is not None for name, _ in keywords)
        if operation in FOLDED_LEFT and len(args) == 1 and not keywords:
            args = of_display(args[0]) or args
        is_of_sequence = operation in OF_SEQUENCES or (len(args) == 1 and operation in FOLDED_LEFT)
        if operation is not None and is_plain and not is_of_sequence:
            if operation in FOLDED_LEFT and not keywords and len(args) > 2:
                result: ir.Expr = args[0]
                for arg in args[1:-1]:
                    result = ir.Op(operation, (result, arg), (), spelling, family)
                return ir.Op(operation, (result, args[-1]), (), spelling, family, span=span)
            args = tuple(as_array(arg, operation, family) for arg in args)
            named = tuple((name, as_array(value, operation, family)) for name, value in keywords if name is not None)
            if operation in COMPARE.values() and family == "numpy" and len(args) == 2 and not named:
                return ir.Compare((operation,), args, span=span)
            return ir.Op(operation, args, named, spelling, family, span=span)
        if operation is not None and is_plain and not keywords and family is not None:
            found = as_operations(operation, args, spelling, family, span)
            if found is not None:
                return found
        if isinstance(node.func, ast.Call) and is_vectorized_type(self.resolve(node.func.func)):
            target = HERE
        again = isinstance(node.func, ast.Name) and self.defined.get(node.func.id, False)
        return ir.Call(self.expr(node.func), args, keywords, None if target is MISSING else target, again, span=span)

    def _again(self, node: ast.Call, func: ast.expr) -> ir.Expr:
        """A call of a function under `checkpoint`."""
        call = self.call(ast.copy_location(ast.Call(func, node.args, node.keywords), node))
        if not isinstance(call, ir.Call):
            return self.opaque(node, "a checkpoint of what is no function of yours")
        called = self.expr(node.func) if isinstance(node.func, ast.Name) else self.given_to("function", func)
        if isinstance(node.func, ast.Name) and node.func.id in self.named_again:
            called = replace(call.func, span=called.span)
        return replace(call, func=called, again=True)

    def given_to(self, solver: str, node: ast.expr) -> ir.Expr:
        """An argument of a solver: a lambda there is a function known by its body, named for what it is."""
        if not isinstance(node, ast.Lambda):
            return self.expr(node)
        carried = self.opaque(node)
        arguments = [*node.args.posonlyargs, *node.args.args]
        is_plain = not (node.args.defaults or node.args.kwonlyargs or node.args.vararg or node.args.kwarg)
        if not is_plain or any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(node.body)):
            return carried
        own = {each.arg for each in arguments}
        inner = ExpressionLowering(self.positions, self.scope, self.local_names | own)
        inner.imported = {name: found for name, found in self.imported.items() if name not in own}
        inner.sequences, inner.mentioned = self.sequences - own, self.mentioned
        inner.made = {name: made for name, made in self.made.items() if name not in own}
        inner.frozen = {name: made for name, made in self.frozen.items() if name not in own}
        inner.renames = {name: found for name, found in self.renames.items() if name not in own}
        body = inner.expr(node.body)
        parameters = tuple(ir.Parameter(each.arg, span=self.positions.span(each)) for each in arguments)
        bound = own | {each.id for each in ir.walk(body) if isinstance(each, ir.NameTarget)}
        captures = {name.id for name in ir.names_read(body) if name.scope == "local"} - bound
        name = NAMES_OF_LAMBDAS.get(solver, "inner")
        function = ir.Function(name, parameters, (ir.Exit("return", body, span=body.span),), span=carried.span)
        definition = ir.Define(name, function, tuple(sorted(captures)), span=carried.span)
        return Closure(carried.text, carried.reads, carried.construct, definition=definition, span=carried.span)

    # --- targets ---

    def target(self, node: ast.expr) -> ir.Target:
        """The IR of an assignment target."""
        span = self.positions.span(node)
        match node:
            case ast.Name(id=name):
                return ir.NameTarget(self.renames.get(name, name), span=span)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                starred = next((i for i, item in enumerate(items) if isinstance(item, ast.Starred)), None)
                inner = [item.value if isinstance(item, ast.Starred) else item for item in items]
                return ir.TupleTarget(tuple(map(self.target, inner)), starred, span=span)
            case ast.Subscript(value=ast.Name() as base, slice=index):
                return ir.ItemTarget(self.name(base), self.expr(index), span=span)
            case ast.Attribute(value=ast.Name() as base, attr=attr):
                return ir.AttributeTarget(self.name(base), attr, span=span)
        root: ast.expr = node
        indices: list[ast.expr | None] = []
        while isinstance(root, (ast.Subscript, ast.Attribute)):
            indices.insert(0, root.slice if isinstance(root, ast.Subscript) else None)
            root = root.value
        owner = root if isinstance(root, ast.Name) else next(iter(self.lent(node)), root)  # a call hands out what is stored into
        variable = self.name(owner) if isinstance(owner, ast.Name) else ir.Name("?", "global", span=span)
        path = tuple(each for each in indices if each is not None and not isinstance(each, ast.Slice | ast.Tuple))
        if len(path) < len(indices) or owner is not root or variable.scope != "local":
            return ir.ItemTarget(variable, self.opaque(node, NESTED), span=span)
        place = Nested(self.positions.slice(span), (), NESTED, path=tuple(map(self.expr, path)), span=span)
        return ir.ItemTarget(variable, place, span=span)

    def lent(self, target: ast.expr) -> list[ast.Name]:
        """The variables whose data a store goes to where it goes into what a call hands out: `y.ravel()[0] = v`."""
        while isinstance(target, ast.Subscript | ast.Attribute):
            target = target.value
        inside = nodes_in(target) if isinstance(target, ast.Call) else []
        return list({each.id: each for each in inside if isinstance(each, ast.Name) and each.id in self.local_names}.values())


_LOWERINGS: Mapping[type[ast.expr], Callable[[ExpressionLowering, Any], ir.Expr]] = {
    ast.Constant: ExpressionLowering.constant,
    ast.Name: ExpressionLowering.name,
    ast.BinOp: ExpressionLowering.binary,
    ast.UnaryOp: ExpressionLowering.unary,
    ast.BoolOp: ExpressionLowering.boolean,
    ast.Compare: ExpressionLowering.compare,
    ast.IfExp: ExpressionLowering.conditional,
    ast.Attribute: ExpressionLowering.attribute,
    ast.Subscript: ExpressionLowering.subscript,
    ast.Slice: ExpressionLowering.slice,
    ast.Tuple: ExpressionLowering.display,
    ast.List: ExpressionLowering.display,
    ast.Dict: ExpressionLowering.dictionary,
    ast.NamedExpr: ExpressionLowering.walrus,
    ast.Starred: ExpressionLowering.starred,
    ast.ListComp: ExpressionLowering.comprehension,
    ast.GeneratorExp: ExpressionLowering.comprehension,
    ast.Call: ExpressionLowering.call,
}
