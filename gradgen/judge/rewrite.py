"""Python text made ready for exact numbers: decimals, divisions and powers become calls that lose nothing to rounding.

Never changes what the text means, and never runs it.
"""
from __future__ import annotations
import __future__

import ast
import copy
import linecache
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

EXACT, DIVIDE, POWER, IN_PLACE = "__exact__", "__divide__", "__power__", "__in_place__"  # the calls; no user has such names
UPDATES = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.Pow: "pow"}


class _Exactly(ast.NodeTransformer):
    """`0.1` -> `__exact__(0.1)`, `a / b` -> `__divide__(a, b)`, `a ** b` -> `__power__(a, b)`, in-place lines alike."""

    def _call(self, name: str, node: ast.expr, *args: ast.expr) -> ast.expr:
        return ast.copy_location(ast.Call(ast.copy_location(ast.Name(name, ast.Load()), node), list(args), []), node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return self._call(EXACT, node, node) if isinstance(node.value, float) else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Div | ast.Pow):
            return self._call(DIVIDE if isinstance(node.op, ast.Div) else POWER, node, node.left, node.right)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Div | ast.Pow) and isinstance(node.target, ast.Name):
            old = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
            value = self._call(DIVIDE if isinstance(node.op, ast.Div) else POWER, node.value, old, node.value)
            return ast.copy_location(ast.Assign([node.target], value), node)
        may_act = any(isinstance(each, ast.Call | ast.NamedExpr | ast.Await) for each in ast.walk(node.target))
        if type(node.op) in UPDATES and isinstance(node.target, ast.Name | ast.Subscript) and not may_act:
            read = copy.deepcopy(node.target)
            read.ctx = ast.Load()
            name = ast.copy_location(ast.Constant(UPDATES[type(node.op)]), node)
            return ast.copy_location(ast.Assign([node.target], self._call(IN_PLACE, node.value, name, read, node.value)), node)
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.AST:
        return node  # a pattern holds no calls

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node  # annotations stay

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        returns, node.returns = node.returns, None
        self.generic_visit(node)
        node.returns = returns
        return node


@lru_cache(maxsize=64)
def compiled(text: str, filename: str, *, exactly: bool, flags: int = 0) -> CodeType:
    """The module's code; with `exactly`, made ready for exact numbers."""
    tree: Any = ast.parse(text, filename)
    if exactly:
        tree = _Exactly().visit(tree)
    code: CodeType = compile(tree, filename, "exec", flags=flags, dont_inherit=True)
    return code


def _codes(code: CodeType) -> list[CodeType]:
    """The code and all codes within, outermost first."""
    found = [code]
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found += _codes(constant)
    return found


@lru_cache(maxsize=64)
def _both(text: str, filename: str, flags: int) -> list[tuple[CodeType, CodeType]]:
    plain = _codes(compiled(text, filename, exactly=False, flags=flags))
    exact = _codes(compiled(text, filename, exactly=True, flags=flags))
    return list(zip(plain, exact, strict=True))


def exact_code(function: FunctionType) -> CodeType:
    """The function's code made ready for exact numbers; its code as it is where its text is not at hand or is another."""
    code = function.__code__
    text = "".join(linecache.getlines(code.co_filename, function.__globals__))
    try:
        pairs = _both(text, code.co_filename, code.co_flags & __future__.annotations.compiler_flag)
    except SyntaxError:
        return code
    same = [exact for plain, exact in pairs if plain == code]
    if not same:  # a tool (pytest on asserts) may have compiled the text its own way
        same = [exact for plain, exact in pairs if _place(plain) == _place(code)]
    return same[0] if len(same) == 1 and same[0].co_freevars == code.co_freevars else code


def _place(code: CodeType) -> tuple[object, ...]:
    return (code.co_qualname, code.co_firstlineno, code.co_varnames, code.co_freevars)
