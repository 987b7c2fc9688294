"""The formula tables of tests/data/sympy as Python functions: each as one expression, and as several assignments.

Never differentiates.
"""
from __future__ import annotations

import ast
import csv
import json
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

TABLES = Path(__file__).resolve().parents[1] / "data" / "sympy"
FUNCTION = {
    "arccos": "acos", "arcsin": "asin", "cos": "cos", "exp": "exp", "ln": "log", "log": "log", "sin": "sin", "sqrt": "sqrt",
    "tanh": "tanh",
}  # fmt: skip
NO_FORMULA = ("Neat-6",)  # the harmonic numbers: a sum over an int, which has no derivative


@dataclass(frozen=True)
class Formula:
    """One formula as the texts of two functions of that `name`: one `expression`, several `assignments`. `domain`: its ranges."""

    name: str
    expression: str
    assignments: str
    domain: Mapping[str, tuple[float, float]]


def formulas() -> list[Formula]:
    """Every formula of the tables once, in their order."""
    found: dict[tuple[str, str], Formula] = {}
    for name, formula, domain in [*_feynman("FeynmanEquations", "feynman"), *_feynman("BonusEquations", "bonus"), *_dso()]:
        one = _formula(name, formula, domain)
        found.setdefault((one.expression.partition("\n")[2], str(domain)), one)
    return list(found.values())


def _feynman(table: str, prefix: str) -> Iterator[tuple[str, str, dict[str, tuple[float, float]]]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if not row["Formula"]:
                continue
            count = next(index for index in range(1, 12) if not row.get(f"v{index}_name"))
            domain = {
                row[f"v{index}_name"]: (float(row[f"v{index}_low"]), float(row[f"v{index}_high"])) for index in range(1, count)
            }
            yield f"{prefix}_{row['Filename']}", row["Formula"], domain


def _dso() -> Iterator[tuple[str, str, dict[str, tuple[float, float]]]]:
    with (TABLES / "dso_benchmarks.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["name"] in NO_FORMULA:
                continue
            spec = json.loads(row["train_spec"])
            domain = {}
            for index in range(1, int(row["variables"]) + 1):
                ((low, high, _),) = spec.get(f"x{index}", spec.get("all")).values()
                domain[f"x{index}"] = (float(low), float(high))
            yield f"dso_{row['name']}", row["expression"], domain


def _formula(name: str, formula: str, domain: Mapping[str, tuple[float, float]]) -> Formula:
    function = re.sub(r"\W", "_", name)
    mended = {variable: f"{variable}_" if keyword.iskeyword(variable) else variable for variable in domain}
    for variable, new in mended.items():
        if new != variable:
            formula = re.sub(rf"\b{variable}\b", new, formula)
    tree = _InPython(set(mended.values())).visit(ast.parse(formula, mode="eval").body)
    head = f"def {function}({', '.join(mended.values())}):"
    split = _Split(set(mended.values()))
    result = split.named(tree)
    if not split.lines and isinstance(result, ast.BinOp):
        result = ast.BinOp(split.line(result.left), result.op, split.line(result.right))
    lines = [*split.lines, f"return {ast.unparse(result)}"]
    return Formula(
        function,
        f"{head}\n    return {ast.unparse(tree)}\n",
        head + "".join(f"\n    {line}" for line in lines) + "\n",
        {mended[variable]: bounds for variable, bounds in domain.items()},
    )


class _InPython(ast.NodeTransformer):
    """The tables' functions in Python's spelling."""

    def __init__(self, variables: set[str]) -> None:
        self.variables = variables

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.variables:
            return node
        assert node.id == "pi", node.id
        return ast.Attribute(ast.Name("math", ast.Load()), "pi", ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Name)
        arguments = [self.visit(argument) for argument in node.args]
        if node.func.id in ("pow", "div"):
            return ast.BinOp(arguments[0], ast.Pow() if node.func.id == "pow" else ast.Div(), arguments[1])
        if node.func.id == "abs":
            return ast.Call(node.func, arguments, [])
        return ast.Call(ast.Attribute(ast.Name("math", ast.Load()), FUNCTION[node.func.id], ast.Load()), arguments, [])


class _Split:
    """Gives a line of its own to each function's value and argument, to sums inside products, to compound divisors and bases."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.lines: list[str] = []

    def named(self, node: ast.expr) -> ast.expr:
        """The expression with its inner parts replaced by names."""
        if isinstance(node, ast.Call):
            node = ast.Call(node.func, [self.line(self.named(argument)) for argument in node.args], [])
        elif isinstance(node, ast.UnaryOp):
            node = ast.UnaryOp(node.op, self._inner(node.operand))
        elif isinstance(node, ast.BinOp):
            is_sum = isinstance(node.op, ast.Add | ast.Sub)
            left, right = self._inner(node.left, is_sum), self._inner(node.right, is_sum)
            if isinstance(node.op, ast.Div | ast.Pow):
                right = self.line(right)
            if isinstance(node.op, ast.Pow):
                left = self.line(left)
            node = ast.BinOp(left, node.op, right)
        return node

    def _inner(self, node: ast.expr, in_sum: bool = False) -> ast.expr:
        inner = self.named(node)
        if isinstance(inner, ast.Call):
            return self.line(inner)
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add | ast.Sub) and not in_sum:
            return self.line(inner)
        return inner

    def line(self, node: ast.expr) -> ast.expr:
        """A new name for the expression; itself where it is a name or made of constants."""
        if not any(isinstance(part, ast.Name) and part.id != "math" for part in ast.walk(node)) or isinstance(node, ast.Name):
            return node
        count = len(self.lines) + 1
        name = f"p{count}"
        while name in self.taken:
            name += "_"
        self.lines.append(f"{name} = {ast.unparse(node)}")
        return ast.Name(name, ast.Load())


def operations(text: str, name: str | None = None) -> int:
    """How many operators and calls of functions the text holds, or its function of that name.

    A sign before a number is part of the number, and asking for a class (`type(x)`, and what hangs on it) is no operation.
    """
    nodes: list[ast.AST] = [ast.parse(text)]
    if name is not None:
        nodes = [node for node in ast.walk(nodes[0]) if isinstance(node, ast.FunctionDef) and node.name == name]
    count = 0
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and "type(" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.BinOp | ast.Call | ast.AugAssign):
            count += 1
        elif isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
            count += 1
        nodes += ast.iter_child_nodes(node)
    return count


def operations_by_sympy(formula: Formula) -> int:
    """How many operations SymPy's value and derivatives take, once common subexpressions are taken out."""
    import types

    import sympy

    functions = {name: getattr(sympy, name) for name in FUNCTION.values()}
    namespace = {"math": types.SimpleNamespace(pi=sympy.pi, **functions), "abs": sympy.Abs}
    exec(formula.expression, namespace)
    symbols = [sympy.Symbol(name, real=True) for name in formula.domain]
    value = namespace[formula.name](*symbols)
    steps, results = sympy.cse([value, *(value.diff(symbol) for symbol in symbols)])
    lines = [f"{step} = {sympy.pycode(meaning)}" for step, meaning in steps] + [sympy.pycode(result) for result in results]
    return operations("\n".join(lines))


if __name__ == "__main__":  # writes tests/data/sympy/operations.csv
    print("name,operations")
    for one in formulas():
        print(f"{one.name},{operations_by_sympy(one)}")
