"""The stages in order on one page: read, analyse, transform (which simplifies as it writes), emit. Can stop after any of them.

Never caches and never loads; gradgen.generate does.
"""
from __future__ import annotations

import ast
import re
import types
from collections.abc import Container, Iterable, Mapping, Sequence

from gradgen.analyse.handed import by_default
from gradgen.analyse.program import Analysed, Program, Read
from gradgen.emit.helpers import defined_by
from gradgen.emit.homonyms import renamed
from gradgen.emit.merging import merged
from gradgen.emit.module import FunctionText, function_texts, module_text
from gradgen.emit.surroundings import Surroundings
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import AnyKind
from gradgen.read.trees import nodes_in
from gradgen.rules.helpers import HELPERS
from gradgen.rules.variants import in_one_variant
from gradgen.transform.forward.jvp import TangentRequest
from gradgen.transform.forward.module import TangentModuleBuilder
from gradgen.transform.gradient import Gradient, Request
from gradgen.transform.module import ModuleBuilder


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


def read(
    program: Program, function: types.FunctionType, kinds: Mapping[str, AnyKind] | None = None, bound: Sequence[object] = (),
    fixed: Container[str] = (),
) -> Read:
    """Source to IR; `kinds` are those of the function's arguments, where they are known, `bound` are its first ones, where it is
    a method. Functions that parameters have by default are taken for those that they are given, but for `fixed` parameters."""
    owner = bound[0] if bound else None
    found = program.read(function, kinds=kinds, owner=owner)
    given = by_default(found, fixed)
    return program.read(function, given, owner, kinds) if given else found


def analyse(program: Program, found: Read, wrt: tuple[str, ...]) -> Analysed:
    """IR to facts: versions, and what is active for wrt."""
    return program.analyse(found, wrt)


def transform(program: Program, analysed: Analysed, request: Request | TangentRequest) -> list[Gradient]:
    """Facts to generated functions, callees first; raises UnsupportedError with everything that was refused."""
    if isinstance(request, TangentRequest):
        return TangentModuleBuilder(program).build(analysed, request)
    return ModuleBuilder(program, comments_of, request.is_plain, request.has_pairs).build(analysed, request)


def emit(program: Program, gradients: list[Gradient], apart: frozenset[str] = frozenset()) -> Module:
    """Gradient functions to text, with the helpers `apart` under other names than their own; anew where more need others."""
    texts: list[FunctionText] = []
    origins: list[types.FunctionType] = []
    surroundings = Surroundings(program, apart=apart)
    instead: dict[str, Mapping[str, str]] = {}
    own = [gradient.name for gradient in gradients] + [gradient.backward[0] for gradient in gradients if gradient.backward]
    for gradient in gradients:
        found = gradient.read
        outside = sorted(found.scope.global_names.items())
        modules = {value.__name__: name for name, value in outside if isinstance(value, types.ModuleType) and name.isidentifier()}
        variables = frozenset(found.parameters) | frozenset(ir.names_bound(found.function.body))
        modules |= distributions_among(outside)
        modules = {module: name for module, name in modules.items() if name not in variables}
        written = function_texts(gradient, modules, variables, apart)
        others = surroundings.add(found, own, [name for text in written for name in text.used])
        if others:
            written = [replace(text, lines=tuple(renamed(text.lines, others))) for text in written]
            instead |= dict.fromkeys((text.name for text in written), {new: name for name, new in others.items()})
        texts.extend(written)
        origins.extend(found.live for _ in written)
    texts = merged(texts, origins)
    attributes = {node.name for gradient in gradients for node in found_in(gradient.function, ir.Attribute)}
    for gradient in gradients:
        for name, value in gradient.fixed.items():
            origin = f"what {gradient.function.name} is bound to"
            surroundings.freeze_receiver(name, value, attributes, _called_on_objects(texts), origin)
    if surroundings.objects:
        surroundings.freeze_objects(attributes, _called_on_objects(texts), _asked_for_classes(texts))
    mentioned = _mentioned(texts, surroundings)
    copied = [text for name, text in surroundings.copied.items() if name in mentioned]
    if surroundings.methods:
        copied.append("\n".join(surroundings.methods.values()))
    asked = [helper for each in texts for helper in each.helpers]
    constants, carried = surroundings.constants_in_order(), in_one_variant(surroundings.helpers, asked)
    texts = [replace(each, helpers=in_one_variant(each.helpers, (*asked, *carried))) for each in texts]
    theirs = {name for each in gradients for name in (*each.read.parameters, *ir.names_bound(each.read.function.body))}
    taken = defined_by(name for name in (*asked, *carried) if name in HELPERS) & (theirs | surroundings.known.keys())
    if not taken <= apart:
        return emit(program, gradients, apart | taken)
    text = module_text(texts, _still_imported(surroundings.imports, texts), constants, copied, carried, apart)
    live = {name: surroundings.known.get(name) for name in surroundings.copied}
    return Module(text, tuple(texts), tuple(gradients), live, instead, carried, apart)


def _still_imported(imports: Iterable[str], texts: list[FunctionText]) -> list[str]:
    """The imports without that of gradgen, where what was asked of it stands in the module itself."""
    lines = [line for text in texts for line in text.lines]
    return [
        line for line in imports
        if line.split()[1] != "gradgen" or any(re.search(rf"\b{line.split()[-1]}\.", each) for each in lines)
    ]


def distributions_among(outside: Iterable[tuple[str, object]]) -> dict[str, str]:
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
        named = {node.id for node in nodes_in(ast.parse(waiting.pop())) if isinstance(node, ast.Name)}
        new = (named & surroundings.copied.keys()) - found
        waiting.extend(surroundings.copied[name] for name in sorted(new))
        found |= new
    return found


def comments_of(found: Read) -> Mapping[ir.Stmt, str]:
    """Each statement's text on one line, for the comments that head backward groups."""
    return {
        node: " ".join(part.strip() for part in found.positions.slice(node.span).splitlines() if not part.strip().startswith("#"))
        for node in found_in(found.function, ir.Assign, ir.Exit, ir.Append) if node.span is not None
    }
