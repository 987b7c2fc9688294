"""Puts a module's text together: the printed functions, and what of the user's own module they need beside them.

Never prints a function; module.py does.
"""
from __future__ import annotations

import ast
import re
import types
from collections.abc import Iterable, Mapping, Sequence

from gradgen.analyse.program import Program
from gradgen.emit.helpers import defined_by
from gradgen.emit.homonyms import renamed
from gradgen.emit.merging import merged
from gradgen.emit.module import FunctionText, function_texts, module_text
from gradgen.emit.surroundings import Surroundings
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, replace
from gradgen.read.trees import nodes_in
from gradgen.rules.helpers import HELPERS
from gradgen.rules.variants import in_one_variant
from gradgen.transform.gradient import Gradient


@dataclass(frozen=True, slots=True)
class Module:
    """A generated module: its text, its functions in order, and where each function's own globals are. `instead` says what a
    function's own module calls that which the text calls otherwise. `carried` are helpers of the texts that it was made of,
    `apart` those helpers whose names something of the user's has."""

    text: str
    functions: tuple[FunctionText, ...]
    gradients: tuple[Gradient, ...]
    copied: Mapping[str, object]
    instead: Mapping[str, Mapping[str, str]]
    carried: tuple[str, ...] = ()
    apart: frozenset[str] = frozenset()


Instead = dict[str, Mapping[str, str]]


def assembled(program: Program, gradients: Sequence[Gradient], apart: frozenset[str] = frozenset()) -> Module:
    """The module of some gradients, with the helpers `apart` under other names than their own; anew where more need others."""
    surroundings = Surroundings(program, apart=apart)
    texts, instead = _printed(gradients, surroundings)
    _freeze(gradients, texts, surroundings)
    copied = _copied(texts, surroundings)
    asked = [helper for each in texts for helper in each.helpers]
    constants, carried = surroundings.constants_in_order(), in_one_variant(surroundings.helpers, asked)
    texts = [replace(each, helpers=in_one_variant(each.helpers, (*asked, *carried))) for each in texts]
    theirs = surroundings.known.keys() | {name for each in gradients for name in _variables(each)}
    taken = defined_by(name for name in (*asked, *carried) if name in HELPERS) & theirs
    if not taken <= apart:
        return assembled(program, gradients, apart | taken)
    text = module_text(texts, _still_imported(surroundings.imports, texts), constants, copied, carried, apart)
    live = {name: surroundings.known.get(name) for name in surroundings.copied}
    return Module(text, tuple(texts), tuple(gradients), live, instead, carried, apart)


def _printed(gradients: Sequence[Gradient], surroundings: Surroundings) -> tuple[list[FunctionText], Instead]:
    """The functions as texts, which say alike in all of them what the module has one name for; what they need is collected. And
    by which names some of them say what a function's own module calls otherwise."""
    texts: list[FunctionText] = []
    origins: list[types.FunctionType] = []
    instead: Instead = {}
    own = [name for gradient in gradients for name in gradient.names]
    for gradient in gradients:
        found = gradient.read
        written = function_texts(gradient, _modules(gradient), _variables(gradient), surroundings.apart)
        others = surroundings.add(found, own, [name for text in written for name in text.used])
        if others:
            written = [replace(text, lines=tuple(renamed(text.lines, others))) for text in written]
            instead |= dict.fromkeys((text.name for text in written), {new: name for name, new in others.items()})
        texts.extend(written)
        origins.extend(found.live for _ in written)
    return merged(texts, origins), instead


def _variables(gradient: Gradient) -> frozenset[str]:
    """The primal's own variables, its parameters among them."""
    return frozenset(gradient.read.parameters) | ir.names_bound(gradient.read.function.body)


def _modules(gradient: Gradient) -> dict[str, str]:
    """By which names the user's function reads modules, and distributions."""
    outside, variables = sorted(gradient.read.scope.global_names.items()), _variables(gradient)
    modules = {value.__name__: name for name, value in outside if isinstance(value, types.ModuleType) and name.isidentifier()}
    modules |= _distributions_among(outside)
    return {module: name for module, name in modules.items() if name not in variables}


def _freeze(gradients: Sequence[Gradient], texts: list[FunctionText], surroundings: Surroundings) -> None:
    """The objects that texts read are written down as far as they are read."""
    attributes = {node.name for gradient in gradients for node in found_in(gradient.function, ir.Attribute)}
    for gradient in gradients:
        for name, value in gradient.fixed.items():
            origin = f"what {gradient.function.name} is bound to"
            surroundings.freeze_receiver(name, value, attributes, _called_on_objects(texts), origin)
    if surroundings.objects:
        surroundings.freeze_objects(attributes, _called_on_objects(texts), _asked_for_classes(texts))


def _copied(texts: list[FunctionText], surroundings: Surroundings) -> list[str]:
    """The texts of functions and methods of the user's that are called as they are."""
    mentioned = _mentioned(texts, surroundings)
    copied = [text for name, text in surroundings.copied.items() if name in mentioned]
    return [*copied, "\n".join(surroundings.methods.values())] if surroundings.methods else copied


def _still_imported(imports: Iterable[str], texts: list[FunctionText]) -> list[str]:
    """The imports without that of gradgen, where what was asked of it stands in the module itself."""
    lines = [line for text in texts for line in text.lines]
    return [
        line for line in imports
        if line.split()[1] != "gradgen" or any(re.search(rf"\b{line.split()[-1]}\.", each) for each in lines)
    ]


def _distributions_among(outside: Iterable[tuple[str, object]]) -> dict[str, str]:
    """What the user's module calls distributions that it imported by name: `norm` for scipy.stats.norm."""
    found = ((name, value) for name, value in outside if type(value).__module__.startswith("scipy.stats."))
    return {f"scipy.stats.{getattr(value, 'name', '')}": name for name, value in found}


def _called_on_objects(texts: list[FunctionText]) -> set[str]:
    """The names of the methods that generated text calls, under a checkpoint too."""
    trees = (ast.parse("\n".join(text.lines)) for text in texts)
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    marked = [arg for call in calls if isinstance(call.func, ast.Name) and call.func.id == "checkpoint" for arg in call.args]
    return {func.attr for func in (*(call.func for call in calls), *marked) if isinstance(func, ast.Attribute)}


def _asked_for_classes(texts: list[FunctionText]) -> set[str]:
    """The names that generated text uses otherwise than for their attributes and methods, or for its own functions: these do not
    tell what they are."""
    own = {text.name for text in texts}
    trees = [ast.parse("\n".join(text.lines)) for text in texts]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    plain = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own:
            plain.update(map(id, node.args))
    return {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in plain}


def _mentioned(texts: list[FunctionText], surroundings: Surroundings) -> set[str]:
    """The copied functions that are still read, by others too, once differentiated calls have become calls of gradients."""
    waiting = ["\n".join(text.lines) for text in texts] + list(surroundings.methods.values())
    found: set[str] = set()
    while waiting and surroundings.copied:
        named = {name for part in ast.parse(waiting.pop()).body for name in _read_outside(part)}
        new = (named & surroundings.copied.keys()) - found
        waiting.extend(surroundings.copied[name] for name in sorted(new))
        found |= new
    return found


def _read_outside(part: ast.stmt) -> set[str]:
    """The names that a statement reads, but for those that a function binds for itself."""
    named = {node.id for node in nodes_in(part) if isinstance(node, ast.Name)}
    if not isinstance(part, ast.FunctionDef):
        return named
    scopes = (ast.FunctionDef, ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)
    bound: set[str] = set()
    waiting: list[ast.AST] = [*part.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        waiting += [] if isinstance(node, scopes) else list(ast.iter_child_nodes(node))
    return named - bound
