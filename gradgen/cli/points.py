"""The point of `--at a=5,b=3` and the kinds of `--like X=float[20,3]`: arguments as in a call, in terms of the function's module.

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

from gradgen.decorated import Differentiable


def arguments_of(texts: Sequence[str], function: Callable[..., Any]) -> inspect.BoundArguments | None:
    """The arguments that `--at` gives, bound to the function's parameters; None where it was not given.

    Each value is an expression over the names of the function's module and of `math`; values by position work too.
    Raises click.UsageError for what is no argument list or does not fit the function.
    """
    if not texts:
        return None
    text = ", ".join(texts)
    signature, args, keywords = _evaluated(text, function, "--at", "a=5,b=3")
    try:
        return signature.bind(*args, **keywords)
    except TypeError as problem:
        raise _unfit("--at", text, function, signature, problem) from None


def example_of(text: str | None, function: Callable[..., Any]) -> tuple[Any, ...] | None:
    """The arguments that `--like` gives, in order, for whose kinds a text is to be made; None where it was not given.

    `float[20, 3]` stands for an array of floats of that shape, `int[20]` for one of whole numbers; parameters without a value
    and without a default are numbers. Raises click.UsageError as arguments_of does.
    """
    if text is None:
        return None
    signature, args, keywords = _evaluated(text, function, "--like", "X=float[20,3],y=float[20]", _SHAPES)
    try:
        bound = signature.bind_partial(*args, **keywords)
    except TypeError as problem:
        raise _unfit("--like", text, function, signature, problem) from None
    owner = getattr(function, "__qualname__", "").rpartition(".")[0]
    if owner and next(iter(signature.parameters), "") == "self" and "self" not in bound.arguments:
        told = f'--like "self={owner.rpartition(".")[2]}(...),{text}" says of which object'
        raise click.UsageError(f"--like {text!r} says nothing of self, and this is a method of {owner}: {told}")
    for parameter in signature.parameters.values():
        is_single = parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        if is_single and parameter.name not in bound.arguments and parameter.default is parameter.empty:
            bound.arguments[parameter.name] = 1 if parameter.annotation in (int, "int") else 1.0
    bound.apply_defaults()
    return bound.args


def normal(text: str) -> str:
    """A list of arguments as it is written in a file's header: blanks as Python's own printer puts them."""
    return ast.unparse(_call(text, "--like", "X=float[20,3]")).removeprefix("f(").removesuffix(")")


def _call(text: str, option: str, example: str) -> ast.Call:
    try:
        call = ast.parse(f"f({text})", mode="eval").body
        assert isinstance(call, ast.Call)
    except (SyntaxError, AssertionError):
        raise click.UsageError(f"{option} {text!r} is no list of arguments such as {example}") from None
    return call


def _evaluated(
    text: str, function: Callable[..., Any], option: str, example: str, extra: Mapping[str, Any] | None = None
) -> tuple[inspect.Signature, tuple[Any, ...], dict[str, Any]]:
    """The function's signature, and the values by position and by name that a list of arguments gives."""
    compiled = ast.unparse(_call(text, option, example))
    primal = function.primal if isinstance(function, Differentiable) else function
    module = sys.modules.get(getattr(primal, "__module__", ""), None)
    known: dict[str, Any] = {**vars(math), **(vars(module) if module else {}), **(extra or {})}

    def collect(*args: Any, **keywords: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return args, keywords

    try:
        args, keywords = eval(f"{_COLLECT}{compiled[1:]}", {**known, _COLLECT: collect})
    except Exception as problem:
        raise click.UsageError(f"{option} {text!r}: {type(problem).__name__}: {problem}") from None
    signature = inspect.signature(primal)
    for parameter in signature.parameters.values():  # which may be named here, if not in a call
        if parameter.kind is parameter.POSITIONAL_ONLY and parameter.name in keywords:
            args = (*args, keywords.pop(parameter.name))
    return signature, args, keywords


def _unfit(
    option: str, text: str, function: Callable[..., Any], signature: inspect.Signature, problem: TypeError
) -> click.UsageError:
    name = getattr(function, "__name__", "the function")
    return click.UsageError(f"{option} {text!r} does not fit {name}{signature}: {problem}")


def as_mapping(bound: inspect.BoundArguments) -> Mapping[str, Any]:
    """The arguments by parameter name, defaults filled in."""
    bound.apply_defaults()
    return dict(bound.arguments)


class _Arrays:
    """`float[20, 3]`: an array of some dtype and that shape; called, as `float(2)`, what the name means in Python."""

    def __init__(self, dtype: type) -> None:
        self.dtype = dtype

    def __getitem__(self, shape: Any) -> Any:
        import numpy as np

        if np.min(shape, initial=0) < 0:
            raise ValueError(f"no array has the shape {shape}")
        numbers = 0.5 + np.arange(np.prod(shape, dtype=int)) * 0.618 % 1.0  # spread out over 0.5 to 1.5
        return numbers.astype(self.dtype).reshape(shape) if self.dtype is float else np.zeros(shape, self.dtype)

    def __call__(self, *args: Any) -> Any:
        return self.dtype(*args)


_SHAPES: Mapping[str, Any] = {kind.__name__: _Arrays(kind) for kind in (float, int, bool)}
_COLLECT = "gradgen_arguments"
