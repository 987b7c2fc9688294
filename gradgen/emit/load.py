"""From generated module text to live functions that run against the user's own globals and closure cells.

Never writes into the user's namespace, and never changes the text.
"""
from __future__ import annotations
import __future__

import ast
import linecache
import re
import types
import typing
import unicodedata
import warnings
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeAlias

from gradgen.analyse.surroundings.watched import Binding
from gradgen.emit.homonyms import Renaming
from gradgen.emit.rebinding import add_check
from gradgen.emit.respecialising import First, add_handler
from gradgen.errors import InternalError
from gradgen.ir.frozen import dataclass, field
from gradgen.read.source import codes_in
from gradgen.read.text import lines_of
from gradgen.read.trees import names_stored
from gradgen.rules.carried import carried_helper

_Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_FUTURES = __future__.all_feature_names
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a function of a text finds what the text does not hold: in the `namespace` of its module, and in the closure `cells`
    of the user's function. `instead` are names that it goes by there for those that the text says; `defaults` the values of its
    default arguments, in place of what the text's expressions would give now."""

    namespace: dict[str, Any]
    cells: Mapping[str, types.CellType]
    instead: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a call of the function goes through first.

    - `written_for`: what names outside must still hold; where one does not, `again` is called instead.
    - `other` is called, with the error, where the text finds that its arguments are of kinds that it was not made for; each
      `first` raises that error for an argument where the text would find it too late, having changed what it was given.
    - `seeds` are parameters that callers pass by name: one argument too many is an error.
    """

    written_for: Sequence[Binding] = ()
    again: Callable[..., Any] | None = None
    other: Callable[..., Any] | None = None
    first: Sequence[First] = ()
    seeds: Collection[str] = ()


def load(
    text: str, name: str, *, label: str, home: Home, bindings: Mapping[str, object], homes: Mapping[str, Home] | None = None,
    entry: Entry | None = None,
) -> types.FunctionType:
    """The function `name` of a module text, which looks up every other name live, at `home`.

    - `bindings`: what the text's names stand for beside that (helpers, `math`), as closure cells; a function of the text that is
      named there is not loaded.
    - The text's functions find each other. `homes` are those of some of them, by name; the others live where `name` does.
    - All other statements of the text are left out: in a live process the user's module has done them.

    inspect, tracebacks and debuggers see the text as the file `<gradgen LABEL>` for as long as one of its functions lives.
    """
    entry, homes = entry or Entry(), homes or {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the user's own text gave its warnings when it was first compiled
        tree = ast.parse(text)
    definitions = [node for node in tree.body if isinstance(node, _Definition) and node.name not in bindings]
    if name not in {node.name for node in definitions}:
        raise InternalError(f"the generated text holds no function {name!r}")
    flags = _future_flags(tree)
    imports = [node for node in tree.body if isinstance(node, ast.Import) or _is_plain_import(node)]
    own = {node.name: types.CellType() for node in definitions}
    bound = {each: types.CellType(value) for each, value in bindings.items()}
    functions: dict[str, types.FunctionType] = {}
    with _shown(text, label) as (file, alive):
        for node in definitions:
            own_home = homes.get(node.name, home)
            live, namespace = own_home.cells, own_home.namespace
            known = {**bound, **_without_helpers(live, bindings), **own}
            if others := {new: old for new, old in own_home.instead.items() if new not in known}:
                Renaming(others).visit(node)
                known = {each: cell for each, cell in known.items() if each in live or each not in others.values()}
            values = homes[node.name].defaults if node.name in homes else {}
            if node.name == name:
                values = home.defaults or values
                known = _with_entry(node, text, known, entry, namespace)
            function = _function(node, known, _Surroundings(namespace, file, flags, imports), values)
            functions[node.name] = own[node.name].cell_contents = function
        alive += functions.values()
    return functions[name]


def _with_entry(
    node: _Definition, text: str, known: dict[str, types.CellType], entry: Entry, namespace: dict[str, Any]
) -> dict[str, types.CellType]:
    """Puts what a call goes through first before the body; the cells with those that this reads."""
    _pass_by_name(node.args, entry.seeds)
    words = _WORDS.findall(text if text.isascii() else unicodedata.normalize("NFKC", text))
    used, stored = {*words, *known}, names_stored(node, in_values=":=" in text)
    if entry.other is not None:
        known = {**known, **add_handler(node, entry.other, stored, used, entry.first)}
    if entry.again is not None:
        known = {**known, **add_check(node, entry.written_for, entry.again, namespace, used, stored.union(known))}
    return known


def _without_helpers(cells: Mapping[str, types.CellType], bindings: Mapping[str, object]) -> dict[str, types.CellType]:
    """The cells without the helpers of an older text where the text at hand brings its own of that name, which know more."""
    own = {name for name, value in bindings.items() if carried_helper(value) == name}
    return {name: cell for name, cell in cells.items() if name not in own or carried_helper(_content(cell)) != name}


def _content(cell: types.CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # nothing is bound to the name yet
        return None


def load_standalone(text: str, name: str, *, label: str | None = None) -> types.FunctionType:
    """Execute a module text by itself, as a reader would who saved it, and give its function `name`."""
    namespace: dict[str, Any] = {"__name__": f"gradgen_{name}"}
    with _shown(text, label or name) as (file, alive):
        exec(compile(text, file, "exec", dont_inherit=True), namespace)
        for each in namespace.values():
            if isinstance(each, types.FunctionType) and each.__code__.co_filename == file:
                alive.append(each)
    function = namespace[name]
    assert isinstance(function, types.FunctionType)
    return function


def _pass_by_name(args: ast.arguments, seeds: Collection[str]) -> None:
    """Makes the last parameters of a definition keyword-only where they are `seeds`."""
    while args.args and args.args[-1].arg in seeds and args.vararg is None:
        args.kwonlyargs.insert(0, args.args.pop())
        args.kw_defaults.insert(0, args.defaults.pop() if args.defaults else None)


# --- one function ---


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What a definition is compiled and run in. The compiler treats calls on what a module imports in its own way, so the
    text's imports stand beside the definition while it is compiled; they are never executed."""

    namespace: dict[str, Any]
    file: str
    flags: int
    imports: Sequence[ast.stmt]


def _function(
    node: _Definition, known: Mapping[str, types.CellType], around: _Surroundings, values: Mapping[str, object]
) -> types.FunctionType:
    """The function of one definition: its free names are those of `known` that it reads."""
    if node.decorator_list:
        raise InternalError(f"a generated function with decorators: {node.name}")
    known = {**known, **_type_parameters(node)}
    positional, keyword_only, annotations = _outer_parts(node)
    bare = _bare(node)
    spots = [each for each in (*positional.values(), *keyword_only.values()) if not isinstance(each, ast.Constant)]
    codes = _compiled([bare, *(_returning(each) for each in spots)], known, around)

    def made(code: types.CodeType) -> types.FunctionType:
        return types.FunctionType(code, around.namespace, closure=tuple(known[each] for each in code.co_freevars))

    function = made(_renamed(codes[0], codes[0].co_qualname, node.name))
    computed = iter(codes[1:])
    results: dict[str, object] = {}
    for parameter, spot in (*positional.items(), *keyword_only.items()):
        code = None if isinstance(spot, ast.Constant) else next(computed)
        if parameter in values:
            results[parameter] = values[parameter]
        else:
            results[parameter] = spot.value if isinstance(spot, ast.Constant) else made(code)() if code else None
    function.__defaults__ = tuple(results[each] for each in positional) or None
    function.__kwdefaults__ = {each: results[each] for each in keyword_only} or None
    function.__annotations__ = annotations
    return function


def _outer_parts(node: _Definition) -> tuple[dict[str, ast.expr], dict[str, ast.expr], dict[str, str]]:
    """The default expressions of positional and of keyword-only parameters, and the annotations as text."""
    args = node.args
    ordered = [*args.posonlyargs, *args.args]
    positional = {arg.arg: value for arg, value in zip(ordered[len(ordered) - len(args.defaults) :], args.defaults, strict=True)}
    keyword_only = {arg.arg: value for arg, value in zip(args.kwonlyargs, args.kw_defaults, strict=True) if value is not None}
    everything = [*ordered, *args.kwonlyargs, *(each for each in (args.vararg, args.kwarg) if each)]
    annotations = {arg.arg: ast.unparse(arg.annotation) for arg in everything if arg.annotation}
    if node.returns:
        annotations["return"] = ast.unparse(node.returns)
    return positional, keyword_only, annotations


def _bare(node: _Definition) -> _Definition:
    """The definition without what is evaluated outside of it; the tree is the caller's own, so it is changed in place."""
    node.args.defaults = []
    node.args.kw_defaults = [None for _ in node.args.kwonlyargs]
    node.returns = None
    for arg in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]:
        if arg:
            arg.annotation = None
    if hasattr(node, "type_params"):
        node.type_params = []
    return node


def _returning(value: ast.expr) -> ast.FunctionDef:
    """A function that returns the value, standing where the value stands; no program has a name like its."""
    result = ast.parse("def default(): pass").body[0]
    assert isinstance(result, ast.FunctionDef)
    result.name = "<default>"
    ast.copy_location(result, value)
    result.body = [ast.copy_location(ast.Return(value), value)]
    return result


def _compiled(
    definitions: Sequence[_Definition], known: Mapping[str, types.CellType], around: _Surroundings
) -> list[types.CodeType]:
    """The code of definitions inside of a function that has `known` as its variables."""
    outer = ast.parse(f"def outer({', '.join(known)}): pass").body[0]
    assert isinstance(outer, ast.FunctionDef)
    outer.body = list(definitions)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the user's own text gave its warnings when it was first compiled
        module = compile(ast.Module([outer, *around.imports], []), around.file, "exec", around.flags, dont_inherit=True)
    return list(codes_in(next(codes_in(module))))


def _renamed(code: types.CodeType, prefix: str, name: str) -> types.CodeType:
    """The code with the qualified name that it has in the module text, and so for all code within."""
    constants = tuple(_renamed(each, prefix, name) if isinstance(each, types.CodeType) else each for each in code.co_consts)
    return code.replace(co_qualname=name + code.co_qualname.removeprefix(prefix), co_consts=constants)


def _type_parameters(node: _Definition) -> dict[str, types.CellType]:
    """`def f[T](x: T)`: T, for a body that reads it."""
    kinds = {"TypeVar": typing.TypeVar, "TypeVarTuple": typing.TypeVarTuple, "ParamSpec": typing.ParamSpec}
    return {each.name: types.CellType(kinds[type(each).__name__](each.name)) for each in getattr(node, "type_params", ())}


def _is_plain_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module != "__future__"


def _future_flags(tree: ast.Module) -> int:
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(__future__, alias.name).compiler_flag if alias.name in _FUTURES else 0
    return flags


# --- the text that inspect, tracebacks and debuggers show ---


@cache
def helper_code(text: str) -> types.CodeType:
    """The code of a helper's text, which is found again, so that a derivative of generated code can read it."""
    name = text.partition("(")[0].removeprefix("def ")
    file, number = f"<gradgen helper {name}>", 1
    while file in linecache.cache:
        number += 1
        file = f"<gradgen helper {name} {number}>"
    linecache.cache[file] = (len(text), None, lines_of(text), file)
    return compile(text, file, "exec")


@contextmanager
def _shown(text: str, label: str) -> Iterator[tuple[str, list[types.FunctionType]]]:
    """Give linecache the text, under a file name that no living text has, until the functions put into the list are gone."""
    file, number = f"<gradgen {label}>", 1
    while file in linecache.cache:
        number += 1
        file = f"<gradgen {label} {number}>"
    # No modification time: checkcache takes the entry as it is.
    linecache.cache[file] = (len(text), None, lines_of(text), file)
    alive: list[types.FunctionType] = []
    try:
        yield file, alive
    except BaseException:
        del linecache.cache[file]
        raise
    left = [len(alive)]
    for function in alive:
        weakref.finalize(function, _count_down, left, file).atexit = False


def _count_down(left: list[int], file: str) -> None:
    left[0] -= 1
    if not left[0]:
        linecache.cache.pop(file, None)
