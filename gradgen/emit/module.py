"""Prints generated functions and puts their module together: imports, constants, helpers, functions.

Never decides what a function does.
"""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from types import ModuleType

from gradgen.emit.again import tidied
from gradgen.emit.annotated import PUT_OFF
from gradgen.emit.forward import BodyWriter
from gradgen.emit.helpers import in_module, kept_apart, name_of
from gradgen.emit.inner_imports import imports_around
from gradgen.emit.known_calls import calls_in
from gradgen.emit.lines import WIDTH, print_expression
from gradgen.emit.powers import power_style
from gradgen.emit.python import Spelling, ToPython
from gradgen.emit.renumber import renumbered
from gradgen.emit.shared import shared
from gradgen.emit.wrap import calls_broken
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.read.own_texts import is_generated
from gradgen.read.positions import Positions
from gradgen.rules.helpers import HELPERS, helper_texts
from gradgen.rules.steering import STEERING
from gradgen.transform.gradient import Gradient

PLAIN_ANNOTATIONS = frozenset({"int", "float", "bool", "str", "complex", "list", "tuple", "dict"})


@dataclass(frozen=True, slots=True)
class FunctionText:
    """The text of one generated function and what it needs beside it: `used` are the user's own names of modules."""

    name: str
    lines: tuple[str, ...]
    helpers: tuple[str, ...]
    imports: Mapping[str, str]
    used: tuple[str, ...] = ()


def function_texts(
    gradient: Gradient, modules: Mapping[str, str], variables: frozenset[str], apart: frozenset[str] = frozenset()
) -> list[FunctionText]:
    """Print one gradient: one function, or a forward and a backward one, or the latter alone where nothing has to be kept for it.
    `apart` are the helpers that go by other names."""
    positions = gradient.read.positions
    variables |= gradient.read.scope.hidden_builtins
    spelling = Spelling(modules, variables, apart=apart)
    body = gradient.function.body
    unit, start = _unit_and_start(positions, body)
    powers = power_style(positions.text)
    writer = BodyWriter(positions=positions, edits=gradient.edits, to_python=ToPython(spelling), unit=unit, powers=powers)
    for helper in sorted(gradient.helpers | gradient.edits.needed):
        spelling.helpers[helper] = None
    writer.body(body, start)
    lines = _carried_spelled_bare(writer.finished(), gradient, spelling)
    while lines and lines[0] == "":
        lines.pop(0)
    signature = f"def {gradient.name}({signature_text(gradient)}):"
    head = [signature, *_docstring(gradient.docstring, unit)]
    imports = [f"{unit}{line}" for line in imports_around(gradient.read, lines)]
    if gradient.backward is None and gradient.has_parts and lines[:1] != [f"{unit}# backward"]:
        head.append(f"{unit}# forward")
    lines = renumbered([*head, *imports, *lines], gradient.given)
    if is_generated(positions.text):
        calls = calls_in(spelling.imports, gradient.read.scope.global_names, variables)
        once = partial(shared, calls=calls, has_arrays=gradient.has_arrays, powers=powers) if gradient.is_shared else list
        lines = tidied(lines, gradient.function.name, once)
    lines = calls_broken(lines, positions.text, WIDTH + len(unit), print_expression)
    texts = [FunctionText(gradient.name, tuple(lines), tuple(spelling.helpers), dict(spelling.imports), tuple(spelling.used))]
    if gradient.backward is not None:
        name, parameters, statements = gradient.backward
        own = Spelling(modules, variables, lost=variables - set(parameters), apart=apart)
        backward = BodyWriter(positions=positions, edits=gradient.edits, to_python=ToPython(own), unit=unit, powers=powers)
        backward.own(statements, unit)
        head = [f"def {name}({', '.join(parameters)}):", *_docstring(f"The backward part of {gradient.function.name}.", unit)]
        lines = _carried_spelled_bare(backward.finished(), gradient, own)
        imports = [f"{unit}{line}" for line in imports_around(gradient.read, lines)]
        lines = renumbered([*head, *imports, *lines], gradient.given)
        if gradient.is_direct:  # there is no other text that brings them
            named = set(re.findall(r"\w+", "\n".join(lines)))
            asked = sorted(gradient.helpers | gradient.edits.needed)
            own.helpers.update((each, None) for each in asked if name_of(each) in named)
        texts.append(FunctionText(name, tuple(lines), tuple(own.helpers), dict(own.imports), tuple(own.used)))
    return texts[-1:] if gradient.is_direct else texts


def _carried_spelled_bare(lines: list[str], gradient: Gradient, spelling: Spelling) -> list[str]:
    """The lines with what the module carries for itself under its own name: `fixed_point(...)` for `gradgen.fixed_point(...)`."""
    outside = gradient.read.scope.global_names.items()
    aliases = [name for name, value in outside if isinstance(value, ModuleType) and value.__name__ == "gradgen"]
    if not aliases:
        return lines
    dotted = re.compile(rf"\b(?:{'|'.join(aliases)})\.({'|'.join(STEERING)})\(")
    spelling.helpers.update((name, None) for line in lines for name in dotted.findall(line))
    return [dotted.sub(lambda found: f"{in_module(found[1], spelling.apart)}(", line) for line in lines]


def _unit_and_start(positions: Positions, body: ir.Block) -> tuple[str, int]:
    """The indentation of the user's body, and the offset where its header ends."""
    first = body[0]
    assert first.span is not None
    line, column = positions.line_column(first.span.start)
    prefix = positions.lines[line - 1][:column]
    if not prefix or not prefix.isspace():
        leading = prefix[: len(prefix) - len(prefix.lstrip())]
        return (_unit(leading) if leading else "    "), first.span.start
    # the body's first line may stand below comments: begin after the header's last line
    start = positions.starts[line - 1]
    while line > 2 and (not positions.lines[line - 2].strip() or positions.lines[line - 2].lstrip().startswith("#")):
        line -= 1
        start = positions.starts[line - 1]
    return _unit(prefix), start


def _unit(prefix: str) -> str:
    """The body's indentation without that of its `def`, for a function that is nested."""
    if "\t" in prefix:
        return "\t"
    return prefix if len(prefix) <= 4 else "    "


def signature_text(gradient: Gradient) -> str:
    """The user's parameters, as written, captured variables and seeds after them."""
    positions = gradient.read.positions
    parts: list[str] = []
    previous = None
    has_star = has_default = False
    seeds = list(gradient.seeds.values()) if gradient.backward is None else []
    for parameter in gradient.function.parameters:
        if parameter.name in gradient.fixed:
            continue
        if previous == "positional" and parameter.kind != "positional":
            parts.append("/")
        if parameter.kind == "keyword" and not has_star:
            parts.append("*")
            has_star = True
        has_star = has_star or parameter.kind == "args"
        text = {"args": "*", "kwargs": "**"}.get(parameter.kind, "") + parameter.name
        is_annotated = parameter.annotation in PLAIN_ANNOTATIONS
        if is_annotated:
            text += f": {parameter.annotation}"
        if parameter.default is not None and parameter.default.span is not None:
            text += (" = " if is_annotated else "=") + positions.slice(parameter.default.span)
            has_default = True
        if parameter.kind == "kwargs":
            continue
        parts.append(text)
        previous = parameter.kind
    if previous == "positional":
        parts.append("/")
    is_required = gradient.are_seeds_required
    follows = bool(gradient.read.captures or seeds)
    if follows and (is_required and not gradient.is_callee or has_default and (is_required or gradient.read.captures)):
        if not has_star:
            parts.append("*")
            has_star = True
    parts.extend(gradient.read.captures)
    parts.extend(f"{seed}=None" if gradient.may_rest else seed if is_required else f"{seed}=1.0" for seed in seeds)
    parts.extend(f"**{parameter.name}" for parameter in gradient.function.parameters if parameter.kind == "kwargs")
    return ", ".join(parts)


def _docstring(text: str, unit: str) -> list[str]:
    lines = text.split("\n")
    if len(lines) == 1:
        return [f'{unit}"""{lines[0]}"""']
    return [f'{unit}"""{lines[0]}', *((unit + line).rstrip() for line in lines[1:]), f'{unit}"""']


def module_text(
    functions: Sequence[FunctionText], imports: Sequence[str], constants: Sequence[str], copied: Sequence[str],
    carried: Sequence[str] = (), apart: frozenset[str] = frozenset(),
) -> str:
    """The stand-alone module: imports first, then constants, helpers, copied functions, generated functions. Helpers whose names
    something of the user's has are kept `apart`."""
    wanted = dict.fromkeys(name for function in functions for name in (*function.helpers, *carried) if name in HELPERS)
    helpers = [kept_apart(text, apart) for text in helper_texts(wanted)]
    needed = list(imports)
    for function in functions:
        for module, alias in function.imports.items():
            needed.append(f"import {module}" if alias == module else f"import {module} as {alias}")
    for module in ("math", "types", "scipy.integrate"):
        if any(re.search(rf"\b{re.escape(module)}\.", text) for text in helpers):
            needed.append(f"import {module}")
    if any(re.search(r"\bnp\.", text) for text in helpers):
        needed.append("import numpy as np")
    blocks = [text.strip("\n") for text in (*helpers, *copied)] + ["\n".join(function.lines) for function in functions]
    first = "\n".join(sorted(dict.fromkeys(needed), key=lambda line: (line != PUT_OFF, line.startswith("from "), line)))
    top = [text for text in (first, "\n".join(constants)) if text]
    return "\n\n\n".join(["\n\n".join(top), *blocks] if top else blocks) + "\n"
