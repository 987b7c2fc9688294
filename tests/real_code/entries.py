"""What the suite runs: example calls of published functions, read into entries with their varying arguments named.

Never runs gradgen, and holds no expected values.

A catalogue is a list of groups of example calls, one call a line, written as in the package's documentation:

    GetRelHumFromTWetBulb(25.0, 20.0, 101325.0)      # every float literal varies; ints, strings and names stay
    geodetic2ecef(42.0, -82.0, 200.0)[0]             # one component of a result that is a tuple or a dict
    triaxial(method="mean")
    XSteam(1).h_pt(1.0, fixed(20.0))                 # a float that stays as it is
"""
from __future__ import annotations

import ast
import importlib
import inspect
import linecache
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Group:
    """Example calls that share a module, what has to be done first, and where the values come from.

    `calls` is one call a line; `prelude` holds imports and constants that the calls use; `setup` is run before each of them.
    """

    module: str
    source: str
    calls: str
    label: str = ""
    prelude: str = ""
    setup: str = ""


@dataclass(frozen=True)
class Catalogue:
    """All of a package: its example calls, the modules whose public functions they have to cover, and what is left out and why.

    `underscored` counts functions whose names start with an underscore as public: the package documents them. `aliases` says
    which classes the objects of a prelude are made from.
    """

    package: str
    groups: tuple[Group, ...]
    modules: tuple[str, ...] = ()
    omitted: dict[str, str] = field(default_factory=dict)
    underscored: bool = False
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def entries(self) -> list[Entry]:
        found = []
        for group in self.groups:
            for line in group.calls.strip().splitlines():
                found += [Entry(self.package, group, call) for call in components_of(line.partition("  #")[0].strip())]
        return found

    def uncovered(self) -> list[str]:
        """Public functions that no example calls and that are not left out with a reason."""
        called: set[str] = set()
        for entry in self.entries():
            owner, dot, method = entry.covered.partition(".")
            called.update(f"{real}{dot}{method}" for real in self.aliases.get(owner, (owner,)))
        known = called | set(self.omitted)
        public = ((module, name) for module in self.modules for name in public_functions(module, self.underscored))
        return [f"{module}.{name}" for module, name in public if name not in known]

    def stale(self) -> list[str]:
        """Names left out that the package does not have."""
        public = {name for module in self.modules for name in public_functions(module, self.underscored)}
        return sorted(set(self.omitted) - public)


@dataclass(frozen=True)
class Entry:
    """One scalar function at one example: `fn(*args, **kwargs)` is a float, and `wrt` names the arguments that vary."""

    package: str
    group: Group
    call: str

    @property
    def name(self) -> str:
        label = f"[{self.group.label}] " if self.group.label else ""
        return f"{label}{self.group.module}: {self.call}"

    @cached_property
    def covered(self) -> str:
        """The dotted name of the function that is called, as `coverage` counts it: `Region1.v1_pT` or `GetSatVapPres`."""
        node = _calls(self.tree)[0].func
        parts: list[str] = []
        while not isinstance(node, ast.Name):
            if isinstance(node, ast.Attribute):
                parts.append(node.attr)
                node = node.value
            else:
                assert isinstance(node, ast.Call), self.call
                node = node.func
        return ".".join([node.id, *reversed(parts)])

    @cached_property
    def tree(self) -> ast.expr:
        return ast.parse(self.call, mode="eval").body

    @cached_property
    def bound(self) -> Bound:
        """The function to differentiate with its example arguments: the published function itself where it takes the varying
        floats as they are, else a written-out `def` around the example call."""
        return _plain_call(self) or _wrapped_call(self)

    def prepare(self) -> None:
        """Put the package into the state that the example needs (a unit system)."""
        if self.group.setup:
            exec(compile(self.group.setup, "<setup>", "exec"), namespace_of(self.group))


@dataclass(frozen=True)
class Bound:
    """A function and its example arguments by position and name; `wrt` are the names of those that vary."""

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    wrt: tuple[str, ...]

    def point(self) -> tuple[float, ...]:
        arguments = self._signature.bind(*self.args, **self.kwargs).arguments
        return tuple(arguments[name] for name in self.wrt)

    def at(self, point: tuple[float, ...]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments of the example with the varying ones moved to `point`."""
        bound = self._signature.bind(*self.args, **self.kwargs)
        bound.arguments.update(zip(self.wrt, point, strict=True))
        return bound.args, bound.kwargs

    @cached_property
    def _signature(self) -> inspect.Signature:
        return inspect.signature(self.fn)


_NAMESPACES: dict[tuple[str, str], dict[str, Any]] = {}


def namespace_of(group: Group) -> dict[str, Any]:
    """What the calls of a group can name: the module's own names, the module's package, and the group's prelude."""
    key = (group.module, group.prelude)
    if key not in _NAMESPACES:
        module = importlib.import_module(group.module)
        top = group.module.partition(".")[0]
        names = {**vars(module), top: sys.modules[top], "fixed": lambda value: value, "__name__": f"{group.module}.calls"}
        exec(compile(group.prelude, "<prelude>", "exec"), names)
        _NAMESPACES[key] = names
    return _NAMESPACES[key]


def components_of(line: str) -> list[str]:
    """`f(x)[0:3]` stands for `f(x)[0]`, `f(x)[1]` and `f(x)[2]`; `f(x)["h", "s"]` for `f(x)["h"]` and `f(x)["s"]`."""
    if not line:
        return []
    tree = ast.parse(line, mode="eval").body
    if not isinstance(tree, ast.Subscript):
        return [line]
    call = ast.unparse(tree.value)
    if isinstance(tree.slice, ast.Slice):
        first, last = _evaluate(tree.slice.lower, {}), _evaluate(tree.slice.upper, {})
        return [f"{call}[{i}]" for i in range(first, last)]
    if isinstance(tree.slice, ast.Tuple):
        return [f"{call}[{ast.unparse(key)}]" for key in tree.slice.elts]
    return [line]


def _calls(tree: ast.expr) -> list[ast.Call]:
    while isinstance(tree, (ast.Subscript, ast.Attribute)):
        tree = tree.value
    assert isinstance(tree, ast.Call), ast.unparse(tree)
    return [tree]


def _plain_call(entry: Entry) -> Bound | None:
    tree = entry.tree
    if not isinstance(tree, ast.Call):
        return None
    given = [*tree.args, *(keyword.value for keyword in tree.keywords)]
    if any(not is_float(node) and list(_floats(node)) for node in given) or list(_floats(tree.func)):
        return None
    names = namespace_of(entry.group)
    fn = _evaluate(tree.func, names)
    args = tuple(_evaluate(node, names) for node in tree.args)
    kwargs = {keyword.arg: _evaluate(keyword.value, names) for keyword in tree.keywords if keyword.arg}
    try:
        parameters = list(inspect.signature(fn).bind(*args, **kwargs).signature.parameters.values())
    except (TypeError, ValueError):
        return None
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return None
    by_position = [parameter.name for parameter, node in zip(parameters, tree.args, strict=False) if is_float(node)]
    by_name = [keyword.arg for keyword in tree.keywords if keyword.arg and is_float(keyword.value)]
    return Bound(fn, args, kwargs, (*by_position, *by_name))


def _wrapped_call(entry: Entry) -> Bound:
    """A module of its own around the call, so that the function has a source file as a user's would."""
    names = namespace_of(entry.group)
    values: list[float] = []
    parameters: list[str] = []
    taken = {node.id for node in ast.walk(entry.tree) if isinstance(node, ast.Name)}
    hints = dict(_parameter_hints(entry, names))

    class Lift(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fixed":
                return node.args[0]
            if not is_float(node):
                return self.generic_visit(node)
            hint = hints.get((node.lineno, node.col_offset), f"x{len(values)}")
            parameters.append(hint if hint not in taken else f"{hint}_{len(values)}")
            taken.add(parameters[-1])
            values.append(float(_evaluate(node, {})))
            return ast.copy_location(ast.Name(parameters[-1], ast.Load()), node)

    body = ast.unparse(Lift().visit(ast.parse(entry.call, mode="eval").body))
    own_names = sorted({node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)} - set(parameters))
    module = importlib.import_module(entry.group.module)
    imported = [name for name in own_names if name in vars(module)]
    imports = f"from {entry.group.module} import {', '.join(imported)}\n" if imported else ""
    title = "".join(c if c.isalnum() else "_" for c in entry.covered)
    text = f"{imports}{entry.group.prelude}\n\ndef {title}_example({', '.join(parameters)}):\n    return {body}\n"
    made = _module_of(f"real_code_{title}_example", text, entry)
    return Bound(vars(made)[f"{title}_example"], tuple(values), {}, tuple(parameters))


def _module_of(name: str, text: str, entry: Entry) -> types.ModuleType:
    filename = f"<example {entry.name}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    module = types.ModuleType(name)
    module.__file__ = filename
    sys.modules[name] = module
    exec(compile(text, filename, "exec"), vars(module))
    return module


def _parameter_hints(entry: Entry, names: dict[str, Any]) -> Iterator[tuple[tuple[int, int], str]]:
    """The published parameter name of each float literal, where the callee tells."""
    for node in ast.walk(entry.tree):
        if isinstance(node, ast.Call):
            try:
                parameters = list(inspect.signature(_evaluate(node.func, names)).parameters)
            except (TypeError, ValueError):
                continue
            for parameter, argument in zip(parameters, node.args, strict=False):
                yield (argument.lineno, argument.col_offset), parameter
            for keyword in node.keywords:
                if keyword.arg:
                    yield (keyword.value.lineno, keyword.value.col_offset), keyword.arg


def is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def _floats(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fixed":
        return
    if is_float(node):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _floats(child)


def _evaluate(node: ast.expr | None, names: dict[str, Any]) -> Any:
    assert node is not None
    return eval(compile(ast.Expression(node), "<example>", "eval"), dict(names))


def public_functions(module_name: str, underscored: bool = False) -> list[str]:
    """Every public function that a module defines, and every public method of its public classes, by dotted name."""
    module = importlib.import_module(module_name)
    found = []
    for name, value in vars(module).items():
        if name.startswith("__") or getattr(value, "__module__", None) != module_name:
            continue
        is_public = not name.startswith("_")
        if inspect.isfunction(value) and (is_public or underscored):
            found.append(name)
        elif inspect.isclass(value) and is_public and not underscored:
            found += [f"{name}.{method}" for method, fn in vars(value).items() if _is_public_method(method, fn)]
    return found


def _is_public_method(name: str, fn: object) -> bool:
    return not name.startswith("_") and isinstance(fn, (types.FunctionType, staticmethod, classmethod))
