"""Functions that NumPy applies along an axis or to every entry, in other words: `np.apply_along_axis`, `np.apply_over_axes`, what
`np.vectorize` makes under a name of its own.

Never looks at what such a function computes.
"""
from __future__ import annotations

import ast

from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.unnamed import may_move

OVER_AXES = frozenset({"sum", "mean", "max", "min", "prod", "amax", "amin"})
"""Reductions that are the same over several axes at once and one after the other."""


def along_rows(text: Text, node: ast.AST) -> list[Edit] | None:
    """`np.apply_along_axis(f, 1, A)` is `np.array([f(row) for row in A])`, of a matrix; along axis 0, of its columns."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="np" | "numpy" as module), attr="apply_along_axis"), args=args,
            keywords=keywords,
        ) if text.may_vary(node) and "#" not in text.slice(node):
            given = dict(zip(("func1d", "axis", "arr"), args, strict=False)) | {each.arg or "": each.value for each in keywords}
        case _:
            return None
    assert isinstance(node, ast.Call)
    if given.keys() != {"func1d", "axis", "arr"} or any(isinstance(arg, ast.Starred) for arg in args):
        return None
    function, axis, array = given["func1d"], _number(given["axis"]), given["arr"]
    stmt = text.statement_of(node)
    if axis not in (0, 1, -1) or not isinstance(function, ast.Name | ast.Lambda) or not isinstance(array, ast.Name):
        return None
    if not text.is_first_on_its_line(stmt) or not may_move(text, node) or "\n" in text.slice(function):
        return None
    reason = f"np.apply_along_axis of {array.id} is differentiated for a matrix"
    lines = [f"if {module}.ndim({array.id}) != 2:", f'    raise NotImplementedError("{reason}")']
    if isinstance(function, ast.Lambda):
        each = ast.unparse(function.args)
        if not each.isidentifier():
            return None
        applied = text.slice(function.body)
    else:
        each = text.fresh("row" if axis else "column")
        applied = f"{text.slice(function)}({each})"
    made = f"{module}.array([{applied} for {each} in {array.id}{'' if axis else '.T'}])"
    return [text.before(stmt, "\n".join(lines)), text.replaced(node, made if axis else f"{made}.T")]


def _number(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def over_axes(text: Text, node: ast.AST) -> list[Edit] | None:
    """`np.apply_over_axes(np.sum, T, [0, 2])` is `np.sum(T, axis=(0, 2), keepdims=True)`."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="apply_over_axes"),
            args=[ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name) as function, array, axes], keywords=[],
        ) if name in OVER_AXES and text.may_vary(node) and "#" not in text.slice(node):
            found = _number(axes)
            found = tuple(found) if isinstance(found, list | tuple) else found
            is_known = isinstance(found, int) or isinstance(found, tuple) and all(isinstance(each, int) for each in found)
            written = f"{text.slice(function)}({text.slice(array)}, axis={found!r}, keepdims=True)"
            return [text.replaced(node, written)] if is_known else None
    return None


def vectorized(text: Text, node: ast.AST) -> list[Edit] | None:
    """`f = np.vectorize(g)` and `f(x)` are `f = g` and `np.vectorize(f)(x)`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=made, args=[function], keywords=keywords) as value):
            edits = [text.replaced(value, text.slice(function))]
        case _:
            return None
    options = "".join(f", {text.slice(each)}" for each in keywords)
    calls = _calls_of(text, name) if _is_vectorize(made) and isinstance(function, ast.Name | ast.Lambda) else None
    return None if calls is None else [*edits, *_through(text, calls, text.slice(made), options)]


def decorated_for_entries(text: Text, node: ast.AST) -> list[Edit] | None:
    """A function under `@np.vectorize` is the function, and `np.vectorize(f)(x)` is what its calls are."""
    match node:
        case ast.FunctionDef(name=name, decorator_list=[decorator]) if _is_vectorize(decorator):
            calls = _calls_of(text, name)
        case _:
            return None
    if calls is None:
        return None
    whole = text.positions.text
    start, end = whole.rfind("@", 0, text.start(decorator)), whole.find("def", text.end(decorator))
    return [Edit(start, end, ""), *_through(text, calls, text.slice(decorator), "")]


def _is_vectorize(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="vectorize"):
            return True
    return False


def _calls_of(text: Text, name: str) -> list[ast.Name] | None:
    """Where a name that is bound once is called; None where it is anything but called."""
    uses = text.uses(name)
    reads = [each for each in uses if isinstance(each.ctx, ast.Load)]
    is_function = any(isinstance(each, ast.FunctionDef) and each.name == name for each in text.nodes)
    owners = [text.owners[each] for each in reads]
    are_called = all(isinstance(owner, ast.Call) and owner.func is read for owner, read in zip(owners, reads, strict=True))
    return reads if reads and are_called and len(uses) - len(reads) == int(not is_function) else None


def _through(text: Text, calls: list[ast.Name], made: str, options: str) -> list[Edit]:
    return [text.replaced(call, f"{made}({call.id}{options})") for call in calls]


def of_each_entry(text: Text, node: ast.AST) -> list[Edit] | None:
    """`np.vectorize(math.sin)(x)` is `np.vectorize(lambda each: math.sin(each))(x)`."""
    match node:
        case ast.Call(
            func=ast.Call(func=made, args=[ast.Attribute(value=ast.Name(id="math")) as function]), args=args, keywords=[],
        ) if _is_vectorize(made) and args and text.may_vary(node) and not any(isinstance(arg, ast.Starred) for arg in args):
            each = text.fresh("each", "element")
            names = each if len(args) == 1 else ", ".join(f"{each}{index}" for index in range(len(args)))
            return [text.replaced(function, f"lambda {names}: {text.slice(function)}({names})")]
    return None
