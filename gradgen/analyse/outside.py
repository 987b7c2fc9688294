"""What a function's surroundings say of arrays: its own arguments may be numbers, and its result an array all the same.

Never reads the arguments of a call.
"""
from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

from gradgen.analyse.randomness import is_random
from gradgen.analyse.reads import Read
from gradgen.analyse.values import meets_array
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.read.resolve import MISSING
from gradgen.rules.solvers import solver_of
from gradgen.rules.spelling import operation_of

OF_ARRAYS = frozenset({"numpy", "scipy"})
"""The modules whose functions may give arrays where gradgen knows nothing of them."""
PRODUCTS = frozenset({"matmul", "matmul_left", "matmul_right"})
"""The operations that mean the same for sparse matrices."""
MATRICES = frozenset({"matrix", "asmatrix", "bmat"})
WHY = "whose operations are not those of arrays"
OTHERWISE = "Its operations are not those of arrays: `*` of two matrices is their matrix product, and a mask is passed on."


def brings_arrays(found: Read) -> bool:
    """Whether a function calculates with an array from outside, or with what a function of NumPy or SciPy gives of which nothing
    is known."""
    return any(_is_array(name, found) for name in _operands(found.function)) or any(
        _may_give_array(node.target) for node in found_in(found.function, ir.Call)
    )


def _operands(function: ir.Function) -> Iterator[ir.Name]:
    for node in found_in(function, ir.Op):
        yield from (arg for arg in node.args if isinstance(arg, ir.Name) and arg.scope != "local")


def _is_array(name: ir.Name, found: Read) -> bool:
    value = found.scope.lookup(name.id)
    return value is not MISSING and not isinstance(value, types.ModuleType) and not callable(value) and meets_array(value)


def _may_give_array(target: Any) -> bool:
    is_known = is_random(target) or callable(target) and (solver_of(target) or operation_of(target)) is not None
    return callable(target) and not is_known and str(getattr(target, "__module__", "")).split(".")[0] in OF_ARRAYS


def refuse_matrices(found: Read) -> None:
    """Refuse the classes of arrays whose operations are others than those of arrays: `np.matrix`, masked arrays; sparse matrices
    in anything but `@`."""
    made = {
        stmt.target.id for stmt in found_in(found.function, ir.Assign)
        if isinstance(stmt.target, ir.NameTarget) and _makes_sparse(stmt.value)
    }
    for node in found_in(found.function, ir.Op, ir.Call):
        match node:
            case ir.Op(op=op, args=args) if op not in PRODUCTS and any(_is_sparse(arg, made, found) for arg in args):
                found.refusals.add("GG106", node.span, construct=f"a sparse matrix in an operation other than `@` ({op})")
            case ir.Call(target=target) if _is_of_another_algebra(target):
                found.refusals.add("GG106", node.span, construct=f"{_name_of(target)}(), {WHY}")
            case ir.Op(args=args):
                for arg in args:
                    value = found.scope.lookup(arg.id) if isinstance(arg, ir.Name) and arg.scope != "local" else MISSING
                    if _is_of_another_algebra(type(value)):
                        construct = f"the {_name_of(type(value))} {arg.id!r}, {WHY}" if isinstance(arg, ir.Name) else ""
                        found.refusals.add("GG106", arg.span, construct=construct)


def is_misused(function: ir.Function, parameter: str) -> bool:
    """Whether a parameter is in operations other than `@`, which mean something else for sparse matrices."""
    operations = (node for node in found_in(function, ir.Op) if node.op not in PRODUCTS)
    return any(isinstance(arg, ir.Name) and arg.id == parameter for node in operations for arg in node.args)


def _makes_sparse(value: ir.Expr) -> bool:
    module = str(getattr(value.target, "__module__", "")) if isinstance(value, ir.Call) else ""
    return module.startswith("scipy.sparse.") and not module.startswith("scipy.sparse.linalg")


def _is_sparse(arg: ir.Expr, made: set[str], found: Read) -> bool:
    match arg:
        case ir.Name(id=name, scope="local"):
            return name in made
        case ir.Name(id=name):
            return hasattr(found.scope.lookup(name), "tocsr")
    return _makes_sparse(arg)


def is_of_another_algebra(value: object) -> bool:
    """Whether a value is an array whose operations are others than those of arrays."""
    return _is_of_another_algebra(type(value))


def _is_of_another_algebra(target: Any) -> bool:
    module, name = str(getattr(target, "__module__", "")), getattr(target, "__name__", "")
    return module.startswith("numpy.ma.") or module.startswith("numpy") and name in MATRICES


def _name_of(target: Any) -> str:
    return f"{str(target.__module__).replace('.core', '')}.{target.__name__}"
