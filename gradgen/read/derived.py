"""Reads derivatives that are made where they are called: `grad(H, "p")(q, p)`, and `slope = grad(f)` with calls of `slope`, as
calls of a function that is known: the derivative is made once, while the function is read.

Never makes one of what only a call tells, nor where what it is by is computed.
"""
from __future__ import annotations

import ast
import itertools
import linecache
import re
import types
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, cast

from gradgen.errors import GradgenError
from gradgen.ir.frozen import dataclass
from gradgen.read.positions import Edit, Positions
from gradgen.read.resolve import MISSING, Scope, attribute_of
from gradgen.read.rewriting import Text
from gradgen.read.source import parsed_lambda
from gradgen.read.trees import nodes_in

HOME = "gradgen.api"
MODES = frozenset({"grad", "value_and_grad", "vjp", "jvp", "hvp", "hessian", "jacobian", "derivative", "nth"})
_files = itertools.count(1)
_being_made: ContextVar[tuple[object, ...]] = ContextVar("_being_made", default=())


@dataclass(frozen=True)
class Derived:
    """A definition with the names of derivatives in their place, and what these names stand for. It rests on the functions that
    they were made of, and on their code."""

    node: ast.FunctionDef | ast.Lambda
    positions: Positions
    scope: Scope
    rests: tuple[tuple[Any, str, object], ...] = ()


@dataclass(frozen=True)
class _Subject:
    """What a derivative is asked of: a live function; of a local one the variables that it captures, which calls hand on."""

    function: Any
    captures: tuple[str, ...] = ()
    path: str | None = None


def with_derivatives(
    node: ast.FunctionDef | ast.Lambda, positions: Positions, scope: Scope, function: types.FunctionType, given: Mapping[str, Any]
) -> Derived:
    """The definition with each derivative that it makes of a known function as a function of a name."""
    as_read = Derived(node, positions, scope)
    nodes = nodes_in(node)
    asked = [each for each in nodes if isinstance(each, ast.Call) and each.args and _is_transform(_looked_up(each.func, scope))]
    local = _bound_in(nodes) if asked else set()
    asked = [each for each in asked if not local & {name.id for name in nodes_in(each.func) if isinstance(name, ast.Name)}]
    if not asked or function in _being_made.get():
        return as_read
    text = Text(cast(ast.FunctionDef, node), positions, nodes)  # of which a lambda has all that is asked here
    token = _being_made.set((*_being_made.get(), function))
    try:
        edits, cells, made_of = _edits(text, asked, scope, function, given)
    finally:
        _being_made.reset(token)
    if not edits:
        return as_read
    positions = positions.edited(edits)
    found = parsed_lambda(positions.text) if isinstance(node, ast.Lambda) else ast.parse(positions.text).body[0]
    assert isinstance(found, ast.FunctionDef | ast.Lambda)
    return Derived(found, positions, replace(scope, cells={**scope.cells, **cells}), tuple(_rests(made_of, scope)))


def _rests(made_of: Mapping[str, Any], scope: Scope) -> Iterator[tuple[Any, str, object]]:
    for path, held in made_of.items():
        yield scope.cells.get(path.split(".")[0], scope.global_names), path, held
        if isinstance(held, types.FunctionType):
            yield types.CellType(held), f"{held.__name__}.__code__", held.__code__


def _is_transform(maker: Any) -> bool:
    """Whether an object is one of gradgen's own functions that make derivatives."""
    return getattr(maker, "__module__", None) == HOME and getattr(maker, "__name__", "") in MODES


def _bound_in(nodes: list[ast.AST]) -> set[str]:
    """The names that a function binds itself, in one way or another."""
    found = {each.id for each in nodes if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
    found |= {each.arg for each in nodes if isinstance(each, ast.arg)}
    found |= {each.name for each in nodes if isinstance(each, ast.FunctionDef | ast.ClassDef)}
    imported = (alias for each in nodes if isinstance(each, ast.Import | ast.ImportFrom) for alias in each.names)
    return found | {(alias.asname or alias.name).split(".")[0] for alias in imported}


def _looked_up(node: ast.expr, scope: Scope) -> Any:
    """The live object that a dotted name stands for."""
    match node:
        case ast.Name(id=name):
            return scope.lookup(name)
        case ast.Attribute(value=value, attr=name):
            owner = _looked_up(value, scope)
            return MISSING if owner is MISSING else attribute_of(owner, name)
    return MISSING


def _edits(
    text: Text, asked: list[ast.Call], scope: Scope, function: types.FunctionType, given: Mapping[str, Any]
) -> tuple[list[Edit], dict[str, types.CellType], dict[str, Any]]:
    """The edits, what the new names stand for, and what the derivatives were made of."""
    edits: list[Edit] = []
    cells: dict[str, types.CellType] = {}
    made_of: dict[str, Any] = {}
    by_words: dict[str, str] = {}
    for call in asked:
        calls = list(_calls_through(text, call))
        subject = _subject(text, call.args[0], scope, function, given) if calls else None
        if subject is None or subject.captures and not all(_may_be_handed(each) for each in calls):
            continue
        words = text.slice(call)
        if words not in by_words:
            made = _made(call, subject, scope)
            if made is None:
                continue
            by_words[words] = text.fresh(made.__name__, f"{made.__name__}_{'_'.join(made.wrt)}")
            cells[by_words[words]] = types.CellType(made)
        if subject.path is not None:
            made_of[subject.path] = subject.function
        edits.append(text.replaced(call, by_words[words]))
        edits += [text.replaced(each.func, by_words[words]) for each in calls if each.func is not call]
        edits += [_handed_on(text, each, subject.captures) for each in calls if subject.captures]
    return edits, cells, made_of


def _calls_through(text: Text, made: ast.Call) -> Iterator[ast.Call]:
    """The calls of a derivative where it is made, or of the one variable that it is bound to, with which nothing else is done."""
    owner = text.owners[made]
    if isinstance(owner, ast.Call) and owner.func is made:
        yield owner
        return
    match text.owners[owner] if isinstance(owner, ast.Tuple) else owner, owner:
        case ast.Assign(targets=[ast.Tuple(elts=names)]), ast.Tuple(elts=values) if len(names) == len(values):
            target = names[values.index(made)]
        case ast.Assign(targets=[ast.Name() as target]), _:
            pass
        case _:
            return
    match target:
        case ast.Name(id=name):
            uses = text.uses(name)
            reads = [each for each in uses if isinstance(each.ctx, ast.Load)]
            called = [each for read in reads if isinstance(each := text.owners[read], ast.Call) and each.func is read]
            if len(uses) == len(reads) + 1 and len(called) == len(reads) and name not in _parameters(text.node):
                yield from called


def _parameters(node: ast.FunctionDef | ast.Lambda) -> set[str]:
    return {each.arg for each in nodes_in(node.args) if isinstance(each, ast.arg)}


def _may_be_handed(call: ast.Call) -> bool:
    return not any(isinstance(each, ast.Starred) for each in call.args) and all(each.arg for each in call.keywords)


def _handed_on(text: Text, call: ast.Call, captures: tuple[str, ...]) -> Edit:
    """What a local function captures, by keywords at the end of a call."""
    named = ", ".join(f"{name}={name}" for name in captures)
    end = text.end(call) - 1
    before = re.search(r"[(,]?\s*$", text.positions.text[:end])
    is_first = before is not None and before.group().strip() in ("(", ",")
    return Edit(end, end, named if is_first else f", {named}")


# --- what is differentiated ---


def _subject(
    text: Text, node: ast.expr, scope: Scope, function: types.FunctionType, given: Mapping[str, Any]
) -> _Subject | None:
    """The function that a transform is given; None where it is not known."""
    if isinstance(node, ast.Lambda):
        return _lifted(text, node, "inner", scope, function)
    if isinstance(node, ast.Name) and node.id in text.bound | {each.name for each in _definitions(text)}:
        held = given.get(node.id)
        if isinstance(held, types.FunctionType) and node.id in _parameters(text.node):
            return _Subject(held)
        defined = [each for each in _definitions(text) if each.name == node.id]
        is_bound_once = len(defined) == 1 and node.id not in text.bound
        return _lifted(text, defined[0], node.id, scope, function) if is_bound_once else None
    if any(isinstance(each, ast.Name) and each.id in _bound_in(text.nodes) for each in nodes_in(node)):
        return None
    held = _looked_up(node, scope)
    return _Subject(held, path=text.slice(node)) if held is not MISSING and callable(held) else None


def _definitions(text: Text) -> list[ast.FunctionDef]:
    return [each for each in text.nodes if isinstance(each, ast.FunctionDef) and each is not text.node]


def _lifted(
    text: Text, node: ast.FunctionDef | ast.Lambda, name: str, scope: Scope, function: types.FunctionType
) -> _Subject | None:
    """A local function on its own, with what it captures as keyword parameters; None where it captures functions, or takes any
    number of arguments."""
    args = node.args
    inside = nodes_in(node)
    own = _parameters(node) | {each.id for each in inside if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    read = dict.fromkeys(each.id for each in inside if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load))
    around = {each.id for each in text.nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    around |= _parameters(text.node)
    captures = tuple(each for each in read if each in around and each not in own)
    functions = {each.name for each in _definitions(text)}
    beyond = (ast.FunctionDef, ast.Lambda, ast.Nonlocal, ast.Global)
    has_more = any(isinstance(each, beyond) for each in inside if each is not node) or bool(functions & read.keys())
    is_decorated = isinstance(node, ast.FunctionDef) and bool(node.decorator_list)
    if args.vararg or args.kwarg or has_more or is_decorated:
        return None
    whole = text.slice(node)
    first = text.start(node)
    places = [*(text.end(each) for each in (*args.posonlyargs, *args.args, *args.kwonlyargs)), *map(text.end, args.defaults)]
    places += [text.end(each) for each in args.kw_defaults if each is not None]
    more = "".join((", *" if captures and not args.kwonlyargs else "", *(f", {each}" for each in captures)))
    if isinstance(node, ast.Lambda):
        end = max(places, default=0)
        listed = f"{whole[:end - first].partition('lambda')[2].strip()}{more}" if places else more.removeprefix(", ")
        body = text.slice(node.body)
        written = f"def {name}({listed}):\n    return {f'({body})' if chr(10) in body else body}\n"
    else:
        opened = re.compile(r"def\s+\w+\s*\(").match(whole)
        if opened is None:
            return None
        end = max(places) - first if places else opened.end()
        indent = text.indent(first)
        written = whole[:end] + (more if places else more.removeprefix(", ")) + whole[end:] + "\n"
        written = written.replace(f"\n{indent}", "\n") if not indent.strip() else written
    lifted = _loaded(written, name, scope, function, text.positions.line_column(first)[0])
    return None if lifted is None else _Subject(lifted, captures)


def _loaded(written: str, name: str, scope: Scope, function: types.FunctionType, line: int) -> types.FunctionType | None:
    """The function of a text that sees what `function` sees from outside, at the lines where it stands."""
    file = f"<gradgen {next(_files)}>/{function.__code__.co_filename.replace(chr(92), '/').rpartition('/')[2]}"
    before = "\n" * (function.__code__.co_firstlineno + line - 2)
    cells = ", ".join(scope.cells)
    try:
        code: types.CodeType | None = compile(before + written, file, "exec")
        if cells:
            inner = "".join(f"    {each}" for each in written.splitlines(keepends=True))
            code = compile(f"{before[:-1]}def around({cells}):\n{inner}", file, "exec") if before else None
    except SyntaxError:
        return None
    while code is not None and code.co_name != name:
        code = next((each for each in code.co_consts if isinstance(each, types.CodeType)), None)
    if code is None:
        return None
    defaults: dict[str, Any] = {}
    text = before + written
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    try:
        exec(compile(text, file, "exec"), {**function.__globals__}, defaults)
    except Exception:  # a default that only a call knows
        return None
    made = types.FunctionType(
        code, function.__globals__, name, defaults[name].__defaults__, tuple(scope.cells[each] for each in code.co_freevars)
    )
    made.__kwdefaults__ = defaults[name].__kwdefaults__
    made.__module__ = function.__module__
    return made


# --- making it ---


def _made(call: ast.Call, subject: _Subject, scope: Scope) -> Any:
    """The derivative that a call makes; None where what it is by is computed, or there is none."""
    try:
        args = [ast.literal_eval(each) for each in call.args[1:]]
        named = {each.arg or "": ast.literal_eval(each.value) for each in call.keywords}
    except ValueError:
        return None
    maker = _looked_up(call.func, scope)
    place = 2 if maker.__name__ == "nth" else 1
    try:
        made = maker(subject.function, *args, **named)
        if subject.captures and len(args) < place and "wrt" not in named:
            by = [each for each in made.wrt if each not in subject.captures]
            made = maker(subject.function, *args, **named, wrt=by[0] if len(by) == 1 else tuple(by))
    except (GradgenError, TypeError, ValueError):
        return None
    return made
