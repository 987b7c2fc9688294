"""Gives a callable that has a rule but no source, such as `math.sin`, a Python function to stand in for it, or for a call of it.

Never calls it.
"""
from __future__ import annotations

import importlib
import inspect
import linecache
import sys
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradgen.codes import stated
from gradgen.errors import Finding, SourceError
from gradgen.read.synonyms import home_of_formula
from gradgen.rules.registry import rules_for
from gradgen.rules.spelling import SPELLINGS, family_of, is_adopted, operation_of


def standing_in(fn: Any) -> types.FunctionType:
    """A Python function for a callable that has a rule but no source: `math.sin`, with the operands that it cannot do without."""
    operation, family = operation_of(fn), family_of(fn)
    rules = rules_for(operation) if operation is not None else ()
    name = getattr(fn, "__name__", "")
    module = _module_of(fn) if family != "builtins" else "builtins"
    if not rules or not name.isidentifier() or not module:
        raise SourceError(Finding("GG201", *stated("GG201", construct=repr(fn))))
    parameters = [each for each in rules[0].parameters if not each.startswith("*") and each not in rules[0].defaults] or ["x"]
    own = _by_place(fn)[: len(parameters)] if has_rule_only(fn) else []
    parameters[: len(own)] = own
    text = f"def {name}({', '.join(parameters)}):\n    return {_written(fn)}({', '.join(parameters)})\n"
    return _loaded(name, text, module)


def _loaded(name: str, text: str, module: str) -> types.FunctionType:
    """The function of a text, which inspect finds again."""
    file = f"<gradgen rule {name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    root = module.split(".")[0]
    namespace: dict[str, Any] = {root: importlib.import_module(root)}
    exec(compile(text, file, "exec"), namespace)
    function = namespace[name]
    assert isinstance(function, types.FunctionType)
    return function


# --- calls of NumPy's and SciPy's functions ---


@dataclass
class Form:
    """A call with what can vary left open: `values` in the order of the parameters that stand for them, `others` what the
    function itself has no parameter for (seeds, directions), `places` which parameter an argument became."""

    text: str = ""
    parameters: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    others: dict[str, Any] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)


def has_rule_only(fn: Any) -> bool:
    """Whether a callable is a function of NumPy or SciPy, or one that takes any number of arguments, that is differentiated by
    its rule and not by its source."""
    family = family_of(fn)
    if family is None or is_adopted(fn):
        return home_of_formula(fn) is not None
    return family.split(".")[0] in ("numpy", "scipy") or any(each.startswith("*") for each in _operands(fn))


def form_of(fn: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Form:
    """The form of a call: numbers that can vary and arrays are parameters, everything else stands in the text."""
    form, names = Form(), _by_place(fn)
    named = {*names, *_by_name(fn)}
    parts = [_part(form, value, names[i] if i < len(names) else f"x{i}", i) for i, value in enumerate(args)]
    for name, value in kwargs.items():
        if name in named:
            parts.append(f"{name}={_part(form, value, name, None)}")
        else:
            form.others[name] = value
    form.text = ", ".join(parts)
    return form


def standing_for(fn: Any, form: Form, results: int | None) -> types.FunctionType:
    """A Python function for a call of that form, which has that many results, or one that is no tuple."""
    name, module = fn.__name__, _module_of(fn)
    lines = [f"def {name}({', '.join(form.parameters)}):"]
    called = f"{_written(fn)}({form.text})"
    if results is None:
        lines.append(f"    return {called}")
    else:
        names = ", ".join(f"{name}_{index}" for index in range(results)) + "," * (results == 1)
        lines += [f"    {names} = {called}", f"    return {names}"]
    return _loaded(name, "\n".join(lines) + "\n", module)


def _part(form: Form, value: Any, name: str, place: int | None) -> str:
    """How an argument is written in the text."""
    written = _literal(value)
    if written is not None:
        return written
    while name in form.parameters:
        name += "_"
    form.parameters.append(name)
    form.values.append(value)
    if place is not None:
        form.places[place] = name
    return name


def _literal(value: Any) -> str | None:
    """The text of what cannot vary: whole numbers, texts, None, tuples of these, dtypes."""
    match value:
        case None | bool() | int() | str() | slice():
            return repr(value)
        case types.EllipsisType():
            return "..."
        case tuple() | list():
            parts = [_literal(item) for item in value]
            if None in parts:
                return None
            inner = ", ".join(part for part in parts if part is not None)
            return f"[{inner}]" if isinstance(value, list) else f"({inner},)" if len(parts) == 1 else f"({inner})"
        case type():
            return value.__name__ if value.__module__ == "builtins" else f"{value.__module__}.{value.__name__}"
    return None


def _operands(fn: Any) -> tuple[str, ...]:
    """The operands of the rule of a function."""
    rules = rules_for(operation_of(fn) or "")
    return tuple(rules[0].parameters) if rules else ()


def _by_place(fn: Any) -> list[str]:
    """The names of a function's parameters that take what stands at their places, in their order, as far as they can be had."""
    rules = rules_for(operation_of(fn) or "")
    try:
        found = inspect.signature(fn).parameters.values()
    except (ValueError, TypeError):
        return [each for each in _operands(fn) if not each.startswith("*")]
    if isinstance(fn, types.MethodType) and rules:  # a distribution's, which takes any arguments
        return list(rules[0].parameters)
    at_places = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [each.name for each in found if each.kind in at_places]
    is_open = not names and any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in found)
    return [each for each in rules[0].parameters[:1] if not each.startswith("*")] if is_open and rules else names


def _by_name(fn: Any) -> list[str]:
    """The names of the parameters that are given by name alone."""
    try:
        found = inspect.signature(fn).parameters.values()
    except (ValueError, TypeError):
        return []
    return [each.name for each in found if each.kind is inspect.Parameter.KEYWORD_ONLY]


def _module_of(fn: Any) -> str:
    """Where a function is found by its name."""
    family, name = family_of(fn), getattr(fn, "__name__", "")
    is_there = family is not None and hasattr(sys.modules.get(family), name)
    return family if is_there and family is not None else home_of_formula(fn) or str(getattr(fn, "__module__", ""))


def _written(fn: Any) -> str:
    """A function as it is written from its root module on; a method of a distribution by the distribution's name."""
    family, operation = family_of(fn), operation_of(fn)
    if isinstance(fn, types.MethodType) and family is not None and operation is not None:
        return f"{family}.{SPELLINGS[family][operation][0]}"
    return f"{_module_of(fn) if family != 'builtins' else 'builtins'}.{fn.__name__}"
