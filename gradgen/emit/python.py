"""Turns the IR's expressions and statements into Python syntax trees, spelling operations near the user's own spelling.

Never prints text; lines.py does.
"""
from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Mapping

from gradgen.ir import nodes as ir
from gradgen.ir.closures import Lambda
from gradgen.ir.frozen import dataclass, field
from gradgen.rules.carried import APART
from gradgen.rules.helpers import HELPERS
from gradgen.rules.notation import CONSTANTS
from gradgen.rules.spelling import WRITTEN_AS, spell

BINARY: Mapping[str, ast.operator] = {
    "add": ast.Add(), "sub": ast.Sub(), "mul": ast.Mult(), "div": ast.Div(), "floordiv": ast.FloorDiv(), "mod": ast.Mod(),
    "pow": ast.Pow(), "matmul": ast.MatMult(), "lshift": ast.LShift(), "rshift": ast.RShift(), "bitand": ast.BitAnd(),
    "bitor": ast.BitOr(), "bitxor": ast.BitXor(),
}
UNARY: Mapping[str, ast.unaryop] = {"neg": ast.USub(), "pos": ast.UAdd(), "invert": ast.Invert(), "not": ast.Not()}
COMPARE: Mapping[str, ast.cmpop] = {
    "lt": ast.Lt(), "le": ast.LtE(), "gt": ast.Gt(), "ge": ast.GtE(), "eq": ast.Eq(), "ne": ast.NotEq(), "is": ast.Is(),
    "isnot": ast.IsNot(), "in": ast.In(), "notin": ast.NotIn(),
}
OPPOSITES: Mapping[str, str] = {"eq": "ne", "ne": "eq", "is": "isnot", "isnot": "is", "in": "notin", "notin": "in"}


@dataclass(slots=True)
class Spelling:
    """How modules are called where the generated function runs, and what it turned out to need.

    `lost` are the user's variables that do not exist there: operations that were imported under such a name are spelled in full.
    `apart` are the helpers whose names something of the user's has.
    """

    modules: Mapping[str, str]
    variables: frozenset[str]
    imports: dict[str, str] = field(default_factory=dict)
    helpers: dict[str, None] = field(default_factory=dict)
    used: dict[str, None] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()

    def dotted(self, name: str) -> ast.expr:
        """A dotted name such as `math.cos`, under the name that the user gave the module."""
        module, _, attribute = name.rpartition(".")
        if not module:
            if name in HELPERS:
                self.helpers[name] = None
                return ast.Name(name + APART if name in self.apart else name, ast.Load())
            return self.builtin(name)
        if module in ("numpy.linalg", "numpy.fft") and module not in self.modules:  # NumPy brings them along
            return ast.Attribute(self.dotted(module), attribute, ast.Load())
        alias = self.modules.get(module)
        package = module.partition(".")[0]
        if alias is None and package == "scipy" and package in self.modules:  # SciPy loads its parts when they are named
            return ast.Attribute(self.dotted(module), attribute, ast.Load())
        if alias is None and module.startswith("scipy.stats."):
            return ast.Attribute(self.dotted(module), attribute, ast.Load())
        if alias is None:
            alias = self.imports.setdefault(module, self._free_alias(module))
        else:
            self.used[alias] = None
        return ast.Attribute(_path(alias), attribute, ast.Load())

    def _free_alias(self, module: str) -> str:
        alias = "np" if module == "numpy" else module.rpartition(".")[2]
        while alias in self.variables:
            alias += "_"
        return alias

    def builtin(self, name: str) -> ast.expr:
        """One of Python's names, or a helper's."""
        if name in self.apart:
            return ast.Name(name + APART, ast.Load())
        if name in self.variables and hasattr(builtins, name):
            return self.dotted(f"builtins.{name}")
        return ast.Name(name, ast.Load())


def _path(text: str) -> ast.expr:
    if "." not in text:
        return ast.Name(text, ast.Load())
    first, *rest = text.split(".")
    result: ast.expr = ast.Name(first, ast.Load())
    for part in rest:
        result = ast.Attribute(result, part, ast.Load())
    return result


class ToPython:
    """Builds syntax trees for what gradgen writes."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def expr(self, node: ir.Expr) -> ast.expr:
        match node:
            case ir.Const():
                return self.constant(node)
            case ir.Name(id=name, scope=scope):
                if scope == "global" and node.span is None and "." not in name:
                    return self.spelling.builtin(name)
                if scope != "local" and node.span is None and name.startswith(("numpy.", "scipy.")):
                    return self.spelling.dotted(name)
                return _path(name)
            case ir.Op():
                return self.operation(node)
            case ir.Compare(ops=ops, operands=operands):
                first, *rest = map(self.expr, operands)
                return ast.Compare(first, [COMPARE[op] for op in ops], rest)
            case ir.Item(base=base, index=index):
                return ast.Subscript(self.expr(base), self.expr(index), ast.Load())
            case ir.Attribute(base=base, name=name):
                return ast.Attribute(self.expr(base), name, ast.Load())
            case ir.Slice(lower=lower, upper=upper, step=step):
                return ast.Slice(*(None if part is None else self.expr(part) for part in (lower, upper, step)))
            case ir.Display(kind="dict", items=items, keys=keys):
                return ast.Dict([self.expr(key) for key in keys], [self.expr(item) for item in items])
            case ir.Display(kind=kind, items=items):
                elements = [self.expr(item) for item in items]
                return ast.Tuple(elements, ast.Load()) if kind == "tuple" else ast.List(elements, ast.Load())
            case ir.Call(func=func, args=args, keywords=keywords):
                named = [ast.keyword(name, self.expr(value)) for name, value in keywords]
                return ast.Call(self.expr(func), [self.expr(arg) for arg in args], named)
            case ir.Walrus(name=name, value=value):
                return ast.NamedExpr(ast.Name(name, ast.Store()), self.expr(value))
            case ir.Starred(value=value):
                return ast.Starred(self.expr(value), ast.Load())
            case Lambda(parameters=parameters, body=body):
                arguments = ast.arguments([], [ast.arg(name) for name in parameters], None, [], [], None, [])
                return ast.Lambda(arguments, self.expr(body))
            case ir.Comprehension():
                return self.comprehension(node)
            case ir.Opaque(text=text):
                return ast.parse(text, mode="eval").body
            case ir.Value(of=of):
                return self.expr(of)
        raise TypeError(f"no syntax for {node}")

    def comprehension(self, node: ir.Comprehension) -> ast.expr:
        parts = [
            ast.comprehension(self.target(each.target), self.expr(each.iterable), list(map(self.expr, each.conditions)), 0)
            for each in node.generators
        ]
        made = ast.ListComp if node.kind == "list" else ast.GeneratorExp
        return made(self.expr(node.element), parts)

    def constant(self, node: ir.Const) -> ast.expr:
        value = node.value
        if isinstance(value, tuple):
            return ast.Tuple([self.constant(ir.Const(item)) for item in value], ast.Load())
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if value < 0 or (value == 0 and math.copysign(1, value) < 0):
                return ast.UnaryOp(ast.USub(), ast.Constant(-value))
        return ast.Constant(value)

    def operation(self, node: ir.Op) -> ast.expr:
        op, args = node.op, node.args
        if node.spelling is not None and node.spelling.startswith("."):
            method = ast.Attribute(self.expr(args[0]), node.spelling[1:], ast.Load())
            return self._call(method, ir.Op(op, args[1:], node.keywords))
        if node.spelling is not None and node.spelling.split(".")[0] not in self.spelling.lost:
            return self._call(_path(node.spelling), node)
        if op in WRITTEN_AS:
            written, count, names = WRITTEN_AS[op]
            kept = tuple((name, value) for name, value in node.keywords if name in names)
            return self.operation(ir.Op(written, args[:count], kept, None, node.family))
        if op == "not":
            return self.negation(args[0])
        if op in BINARY and len(args) == 2:
            return ast.BinOp(self.expr(args[0]), BINARY[op], self.expr(args[1]))
        if op in UNARY:
            return ast.UnaryOp(UNARY[op], self.expr(args[0]))
        if op in ("and", "or"):
            return ast.BoolOp(ast.And() if op == "and" else ast.Or(), [self.expr(arg) for arg in args])
        if op == "ifexp":
            test, then, orelse = map(self.expr, args)
            return ast.IfExp(test, then, orelse)
        if op in COMPARE:
            return ast.Compare(self.expr(args[0]), [COMPARE[op]], [self.expr(args[1])])
        spelled = spell(op, node.family or "math")  # type: ignore[arg-type]
        assert spelled is not None, f"no spelling of {op}"
        if op in CONSTANTS:
            return self.spelling.dotted(spelled)
        return self._call(self.spelling.dotted(spelled), node)

    def _call(self, func: ast.expr, node: ir.Op) -> ast.expr:
        keywords = [ast.keyword(name, self.expr(value)) for name, value in node.keywords]
        return ast.Call(func, [self.expr(arg) for arg in node.args], keywords)

    def negation(self, test: ir.Expr) -> ast.expr:
        """`not test`; `a != b` for `not a == b`, which NaN cannot tell apart."""
        match test:
            case ir.Compare(ops=(op,), operands=operands) if op in OPPOSITES:
                return self.expr(ir.Compare((OPPOSITES[op],), operands))
            case ir.Op(op=op, args=args) if op in OPPOSITES:
                return self.expr(ir.Op(OPPOSITES[op], args))
        return ast.UnaryOp(ast.Not(), self.expr(test))

    # --- statements ---

    def statement(self, stmt: ir.Stmt) -> ast.stmt:
        """A simple statement of gradgen's own."""
        match stmt:
            case ir.Assign(target=target, value=ir.Op(args=(_, value)), augmented=str(op)):
                place = self.target(target)
                assert isinstance(place, (ast.Name, ast.Subscript, ast.Attribute))
                return ast.AugAssign(place, BINARY[op], self.expr(value))
            case ir.Assign(target=target, value=value):
                return ast.Assign([self.target(target)], self.expr(value), lineno=1)
            case ir.Evaluate(value=value):
                return ast.Expr(self.expr(value))
            case ir.Append(base=base, value=value):
                return ast.Expr(self.expr(ir.Call(ir.Attribute(base, "append"), (value,))))
            case ir.Record(tape=tape, value=value, is_single=True):
                return ast.Assign([ast.Name(tape, ast.Store())], self.expr(value), lineno=1)
            case ir.Record(tape=tape, value=value):
                return ast.Expr(self.expr(ir.Call(ir.Attribute(ir.Name(tape), "append"), (value,))))
            case ir.Restore(targets=targets, tape=tape, is_single=is_single):
                names: list[ast.expr] = [ast.Name(name, ast.Store()) for name in targets]
                kept = ir.Name(tape) if is_single else ir.Call(ir.Attribute(ir.Name(tape), "pop"), ())
                return ast.Assign([names[0] if len(names) == 1 else ast.Tuple(names, ast.Store())], self.expr(kept), lineno=1)
            case ir.Exit(kind="return", value=value):
                return ast.Return(None if value is None else self.expr(value))
            case ir.Exit(kind="raise", value=value):
                return ast.Raise(None if value is None else self.expr(value))
            case ir.Exit(kind="break"):
                return ast.Break()
        raise TypeError(f"no syntax for {stmt}")

    def target(self, target: ir.Target) -> ast.expr:
        match target:
            case ir.NameTarget(id=name):
                return ast.Name(name, ast.Store())
            case ir.TupleTarget(items=items, starred=starred):
                parts = list(map(self.target, items))
                if starred is not None:
                    parts[starred] = ast.Starred(parts[starred], ast.Store())
                return ast.Tuple(parts, ast.Store())
            case ir.ItemTarget(base=base, index=index):
                return ast.Subscript(self.expr(base), self.expr(index), ast.Store())
            case ir.AttributeTarget(base=base, name=name):
                return ast.Attribute(self.expr(base), name, ast.Store())
        raise TypeError(f"no syntax for {target}")
