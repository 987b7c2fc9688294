"""The point of `--at a=5,b=3,c=2`: arguments as they would stand in a call, evaluated where the function lives.

Never calls the function.
"""
from __future__ import annotations

import ast
import inspect
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from gradgen.api import Differentiable


def arguments_of(texts: Sequence[str], function: Callable[..., Any]) -> inspect.BoundArguments | None:
    """The arguments that `--at` gives, bound to the function's parameters; None where it was not given.

    Each value is an expression over the names of the function's module and of `math`; values by position work too.
    Raises click.UsageError for what is no argument list or does not fit the function.
    """
    if not texts:
        return None
    text = ", ".join(texts)
    try:
        call = ast.parse(f"f({text})", mode="eval").body
        assert isinstance(call, ast.Call)
        compiled = ast.unparse(call)
    except (SyntaxError, AssertionError):
        raise click.UsageError(f"--at {text!r} is no list of arguments such as a=5,b=3") from None
    primal = function.primal if isinstance(function, Differentiable) else function
    module = sys.modules.get(getattr(primal, "__module__", ""), None)
    known: dict[str, Any] = {**vars(math), **(vars(module) if module else {})}

    def collect(*args: Any, **keywords: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return args, keywords

    try:
        args, keywords = eval(f"{_COLLECT}{compiled[1:]}", {**known, _COLLECT: collect})
    except Exception as problem:
        raise click.UsageError(f"--at {text!r}: {type(problem).__name__}: {problem}") from None
    signature = inspect.signature(primal)
    for parameter in signature.parameters.values():  # which may be named here, if not in a call
        if parameter.kind is parameter.POSITIONAL_ONLY and parameter.name in keywords:
            args = (*args, keywords.pop(parameter.name))
    try:
        return signature.bind(*args, **keywords)
    except TypeError as problem:
        name = getattr(primal, "__name__", "the function")
        raise click.UsageError(f"--at {text!r} does not fit {name}{signature}: {problem}") from None


def as_mapping(bound: inspect.BoundArguments) -> Mapping[str, Any]:
    """The arguments by parameter name, defaults filled in."""
    bound.apply_defaults()
    return dict(bound.arguments)


_COLLECT = "gradgen_arguments"
