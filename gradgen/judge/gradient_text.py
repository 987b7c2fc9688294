"""Reading the text of a gradient: which function in it is meant, how it is called, and what it gives back.

Never runs it on numbers of its own.
"""
from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradgen.errors import SourceError
from gradgen.judge.leaves import StructureError, leaves, matched, rebuild


@dataclass(frozen=True, slots=True)
class GradientText:
    """Module text, and the name and parameters of the gradient function in it."""

    source: str
    name: str
    parameters: frozenset[str] = frozenset()

    @property
    def has_value_first(self) -> bool:
        """Whether the name promises (value, gradient)."""
        return self.name.endswith(("value_and_grad", "fun_and_grad", "value_and_gradient"))


def read_gradient(source: str, primal_name: str, parameters: Sequence[str]) -> GradientText:
    """Find the gradient function: `<primal>_value_and_grad`, `<primal>_grad` or `<primal>_vjp`, else the last function with the
    primal's parameters, else the last public function, else the last. Raises SourceError where there is none.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as problem:
        raise SourceError(f"the text of the gradient is not Python: {problem}") from problem
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if not functions:
        raise SourceError("the text of the gradient holds no function")
    others = [function for function in functions if function.name != primal_name]
    named = [[one for one in others if one.name == f"{primal_name}_{suffix}"] for suffix in ("value_and_grad", "grad", "vjp")]
    with_parameters = [function for function in others if set(parameters) <= _parameters(function)]
    public = [function for function in others if not function.name.startswith("_")]
    chosen = next(candidates for candidates in (*named, with_parameters, public, functions) if candidates)[-1]
    return GradientText(source, chosen.name, frozenset(_parameters(chosen)))


def _parameters(function: ast.FunctionDef) -> set[str]:
    spec = function.args
    rest = [argument for argument in (spec.vararg, spec.kwarg) if argument is not None]
    return {argument.arg for argument in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *rest)}


def is_optional(parameter: inspect.Parameter) -> bool:
    """Whether a call may leave the parameter out."""
    return parameter.default is not parameter.empty or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)


def arguments_for(
    signature: inspect.Signature, primal: inspect.Signature, values: Mapping[str, Any], result: Any, seeds: Sequence[Any]
) -> tuple[dict[str, Any], list[str]]:
    """The gradient function's arguments by name, and which of them are seeds.

    Parameters are matched by name, or by position where a person renamed them. What is left over are seeds: one for each number
    of the primal's result, or one of the result's structure. Raises StructureError where neither fits.
    """
    own = list(signature.parameters)
    theirs = list(primal.parameters)
    if all(name in own or is_optional(parameter) for name, parameter in primal.parameters.items()):
        arguments = {name: values[name] for name in theirs if name in own}
    else:
        rest = next((name for name in own if signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL), None)
        at = len(own) if rest is None else own.index(rest)
        arguments = {mine: values[name] for mine, name in zip(own[:at], theirs, strict=False)}
        if rest is not None:
            arguments[rest] = tuple(values[name] for name in theirs[at:])
    left = [name for name in own if name not in arguments]
    if not left:
        return arguments, []
    if len(left) == len(seeds):
        return {**arguments, **dict(zip(left, seeds, strict=True))}, left
    if len(left) == 1:
        return {**arguments, left[0]: rebuild(result, iter(seeds))}, left
    raise StructureError(f"the gradient function takes {', '.join(left)}: neither parameters of the primal nor its seeds")


def split(result: Any, text: GradientText, wrt: Sequence[str], values: Mapping[str, Any]) -> tuple[Any, list[tuple[str, Any]]]:
    """(value or None, [(name, number) of each partial]) of what the gradient function gave back.

    Understands a gradient or (value, gradient), the gradient bare, in a tuple in wrt order or in a mapping by name.
    """
    shapes = [_as_gradient, _as_value_and_gradient]
    problem: StructureError | None = None
    for shape in reversed(shapes) if text.has_value_first else shapes:
        try:
            return shape(result, wrt, values)
        except StructureError as found:
            problem = problem or found
    assert problem is not None
    raise problem


def _as_gradient(result: Any, wrt: Sequence[str], values: Mapping[str, Any]) -> tuple[Any, list[tuple[str, Any]]]:
    if isinstance(result, Mapping) and set(result) == set(wrt):
        result = tuple(result[name] for name in wrt)
    if len(wrt) == 1:
        try:
            return None, list(matched(result, values[wrt[0]], wrt[0]))
        except StructureError:
            if not (isinstance(result, tuple) and len(result) == 1):
                raise
    if not isinstance(result, tuple | list) or len(result) != len(wrt):
        raise StructureError(f"the gradient is no tuple of {len(wrt)} ({', '.join(wrt)})")
    return None, [pair for name, part in zip(wrt, result, strict=True) for pair in matched(part, values[name], name)]


def _as_value_and_gradient(result: Any, wrt: Sequence[str], values: Mapping[str, Any]) -> tuple[Any, list[tuple[str, Any]]]:
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise StructureError("the gradient function gives no pair of value and gradient")
    if not any(True for _ in leaves(result[0], "value")):
        raise StructureError("the value beside the gradient is no number")
    return result[0], _as_gradient(result[1], wrt, values)[1]
