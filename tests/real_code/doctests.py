"""Catalogues of packages that are held out: read from the examples in their docstrings, not written by hand.

Never used by `make test`: the packages are not in the test extra. Install one and run `python -m tests.real_code --package NAME`.
"""
from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import math
import pkgutil
import warnings
from types import ModuleType

from tests.real_code.entries import Catalogue, Group

HELD_OUT = ("fluids", "ht", "chemicals", "ambiance", "geographiclib", "colormath", "pvlib", "thermo")
# Modules that wrap, plot, convert units or load data.
SKIPPED_FUNCTIONS = {"time_v_terminal_Stokes": "its value is the logarithm of rounding noise"}
SKIPPED = ("numba", "vectorized", "units", "data_reader", "optional", "identifiers", "test", "iotools", "nrlmsise00")


def held_out(package: str) -> Catalogue:
    """Every docstring example that is one call with literal arguments and gives a float, or a tuple (each float by itself).

    Integers in the example are taken as floats where the function then gives the same value.
    """
    top = importlib.import_module(package)
    names = [package] + [found.name for found in pkgutil.walk_packages(top.__path__, f"{package}.")]
    groups = []
    for name in names:
        if any(word in name for word in SKIPPED):
            continue
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        calls = [call for fn in _own_functions(module) for call in _examples(module, fn)]
        if calls:
            groups.append(Group(name, "the functions' docstrings", "\n".join(dict.fromkeys(calls))))
    return Catalogue(package, tuple(groups))


def _own_functions(module: ModuleType) -> list[str]:
    return [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and name not in SKIPPED_FUNCTIONS
    ]


def _examples(module: ModuleType, function: str) -> list[str]:
    doc = inspect.getdoc(getattr(module, function)) or ""
    try:
        examples = doctest.DocTestParser().get_examples(doc)
    except ValueError:
        return []
    calls = []
    for example in examples:
        try:
            tree = ast.parse(example.source.strip(), mode="eval").body
        except SyntaxError:
            continue
        if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == function and _is_literal(tree):
            calls += _as_floats(module, tree)
    return calls[:3]


def _is_literal(tree: ast.Call) -> bool:
    given = [*tree.args, *(keyword.value for keyword in tree.keywords if keyword.arg)]
    return len(given) == len(tree.args) + len(tree.keywords) and all(_literal(node) for node in given)


def _literal(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant)


def _as_floats(module: ModuleType, tree: ast.Call) -> list[str]:
    """The call with as many integers made floats as leave its value alone, once per float component; none if it has no float."""
    plain = _value(module, tree)
    for parameter, node in _given(module, tree):
        constant = node.operand if isinstance(node, ast.UnaryOp) else node
        if isinstance(constant, ast.Constant) and type(constant.value) is int and "int" not in str(parameter.annotation):
            constant.value = float(constant.value)
            if _value(module, tree) != plain:
                constant.value = int(constant.value)
    text = ast.unparse(tree)
    if not any(isinstance(node, ast.Constant) and isinstance(node.value, float) for node in ast.walk(tree)):
        return []
    if _is_finite(plain):
        return [text]
    if isinstance(plain, tuple) and plain:
        return [f"{text}[{i}]" for i, part in enumerate(plain) if _is_finite(part)]
    return []


def _given(module: ModuleType, tree: ast.Call) -> list[tuple[inspect.Parameter, ast.expr]]:
    """The parameters that the call gives, each with the expression given for it."""
    assert isinstance(tree.func, ast.Name)
    parameters = inspect.signature(getattr(module, tree.func.id)).parameters
    by_name = [(parameters[keyword.arg], keyword.value) for keyword in tree.keywords if keyword.arg in parameters]
    return [*zip(parameters.values(), tree.args, strict=False), *by_name]


def _is_finite(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def _value(module: ModuleType, tree: ast.Call) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return eval(compile(ast.Expression(tree), "<example>", "eval"), dict(vars(module)))
        except Exception:  # noqa: BLE001 -- an example that does not run is no example
            return None
