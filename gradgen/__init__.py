"""gradgen writes gradient code: it reads a Python function and writes the Python function that computes its gradient.

Never imports SymPy, NumPy or astor before they are used.
"""
from __future__ import annotations

from gradgen.api import (
    derivative,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    nth,
    rule,
    value_and_grad,
    vjp,
)
from gradgen.decorated import Differentiable, differentiable
from gradgen.errors import (
    GradgenError,
    NonDifferentiableError,
    RuleError,
    SourceError,
    UnsupportedError,
)
from gradgen.examined import check, compare, trace
from gradgen.flat import flatten, unflatten
from gradgen.marks import adjoint_of, checkpoint, fixed_point, stop_gradient

__version__ = "0.1.0"
__all__ = [
    "Differentiable", "GradgenError", "NonDifferentiableError", "RuleError", "SourceError", "UnsupportedError",
    "adjoint_of", "check", "checkpoint", "compare", "derivative", "differentiable", "fixed_point", "flatten", "grad",
    "hessian", "hvp", "jacobian", "jvp", "nth", "rule", "stop_gradient", "trace", "unflatten", "value_and_grad", "vjp",
]
