"""Spells writes through views as writes into copies that are stored back: `row = B[0]` and `row *= 2` are `row = B[0].copy()`,
`row *= 2` and `B[0] = row`.

Never takes for a view what may be a number, a list or a copy, nor one whose data a name may show that is not looked through:
there the write is refused, as any that another name would show.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.reading import read_again
from gradgen.analyse.reads import Read
from gradgen.analyse.sharing.held_by_names import Held, is_numpy
from gradgen.analyse.sharing.lending import VIEWS
from gradgen.analyse.sharing.views import array_facts
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass
from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in
from gradgen.read.writes import WRITING_METHODS, bare_names, called, is_fresh

MOST_PASSES = 4


def with_views_stored_back(read: Read, kinds_of: Callable[[Read], Kinds], owner: object) -> Read:
    """A function as read, a method of `owner` it may be, with what it writes through views of arrays stored back."""
    for _ in range(MOST_PASSES):
        if not _may_write_through_views(read.function) or not (kinds := kinds_of(read)).has_arrays:
            break
        tree = ast.parse(read.positions.text).body[0]
        if not isinstance(tree, ast.FunctionDef):
            break
        edits = _edits(Held(Text(tree, read.positions, nodes_in(tree)), read, kinds))
        if not edits:
            break
        positions = read.positions.edited(edits)
        found = ast.parse(positions.text).body[0]
        assert isinstance(found, ast.FunctionDef)
        read = read_again(read, found, positions, owner)
    return read


def _may_write_through_views(function: ir.Function) -> bool:
    """Whether a variable that is bound to a part of another, or to what a loop takes out of one, is stored into; at a look."""
    stored: set[str] = set()
    bound: set[str] = set()
    for stmt in found_in(function, ir.Assign):
        match stmt.target:
            case ir.ItemTarget(index=ir.Opaque()):
                return True
            case ir.ItemTarget(base=ir.Name(id=name)):
                stored.add(name)
            case ir.NameTarget(id=name) if stmt.augmented is not None:
                stored.add(name)
            case ir.NameTarget(id=name) if isinstance(stmt.value, ir.Item | ir.Attribute | ir.Call | ir.Op):
                bound.add(name)
            case ir.TupleTarget(items=items) if isinstance(stmt.value, ir.Display):
                bound |= {each.id for each in items if isinstance(each, ir.NameTarget)}
    if not stored:
        return False
    for loop in found_in(function, ir.For):
        bound |= {each.id for each in ir.walk(loop.target) if isinstance(each, ir.NameTarget)}
    return bool(stored & bound)


@dataclass(frozen=True, eq=False)
class View:
    """A variable that is a view of the array `base`: where it is bound, the statements in which it is, the text of what it is
    bound to, and the store by which the base takes over what the variable holds."""

    name: str
    base: str
    bound: ast.Assign | ast.For
    region: Sequence[ast.stmt]
    part: str
    back: str


def _edits(function: Held) -> list[Edit]:
    """The edits of one pass: stores into parts of parts, else those of the views of one array."""
    found = [edit for stmt in function.text.nodes if isinstance(stmt, ast.Assign | ast.AugAssign)
             for edit in _at_one_go(function, stmt) or _apart(function, stmt)]
    if found:
        return found
    views: dict[str, list[View]] = {}
    for view in _views(function):
        views.setdefault(view.base, []).append(view)
    for base, of_base in views.items():
        if _is_wanted(function, of_base) and _is_safe(function, base, of_base):
            return _stored_back(function, base, of_base)
    return []


# --- stores into parts of parts ---


def _at_one_go(function: Held, stmt: ast.Assign | ast.AugAssign) -> list[Edit]:
    """`A[i][j] = v` is `A[i, j] = v`; `A.T[i] = v` is a store into a copy that is stored back, `A.ravel()[i] = v` one at
    `A.flat[i]`."""
    targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
    text = function.text
    edits: list[Edit] = []
    for target in targets:
        match target:
            case ast.Subscript(value=ast.Subscript(value=ast.Name(id=name), slice=first), slice=last) if (
                function.is_array(name, len(_parts(first)) + 1) and function.is_one_place(first)
                and (not isinstance(last, ast.Tuple) or function.is_basic(last))
            ):
                parts = ", ".join(text.slice(each) for each in (*_parts(first), *_parts(last)))
                edits.append(text.replaced(target, f"{name}[{parts}]"))
            case ast.Subscript(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="ravel"), args=[], keywords=[]) as flat
            ) if isinstance(stmt, ast.Assign) and function.is_array(name) and function.is_in_order(name):
                edits.append(text.replaced(flat, f"{name}.flat"))
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr="T") as part) if (
                function.is_array(name, 2) and len(targets) == 1 and not text.is_in_try(stmt)
            ):
                turned = text.fresh(f"{name}_T", "turned")
                after = text.after(stmt, [f"{name}[...] = {turned}.T"])
                if after is not None:
                    edits += [text.before(stmt, f"{turned} = {name}.T.copy()"), text.replaced(part, turned), after]
    return edits


def _apart(function: Held, stmt: ast.Assign | ast.AugAssign) -> list[Edit]:
    """`a, b = z[:2], z[2:]` is `a = z[:2]` and `b = z[2:]`, where either is written to."""
    text = function.text
    match stmt:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(values):
            names = [each.id for each in targets if isinstance(each, ast.Name)]
        case _:
            return []
    read = {each.id for value in values for each in nodes_in(value) if isinstance(each, ast.Name)}
    written = {name for _, name in function.writes}
    parts = (_part(function, name, value) for name, value in zip(names, values, strict=False) if name in written)
    is_plain = len(set(names)) == len(targets) and not read & set(names) and "#" not in text.slice(stmt)
    if not is_plain or not text.is_first_on_its_line(stmt):
        return []
    if not any(part is not None and function.is_array(part[0]) for part in parts):
        return []
    lines = (f"{name} = {text.slice(value)}" for name, value in zip(names, values, strict=True))
    return [text.replaced(stmt, f"\n{text.indent(text.start(stmt))}".join(lines))]


def _parts(index: ast.expr) -> list[ast.expr]:
    return list(index.elts) if isinstance(index, ast.Tuple) else [index]


# --- views ---


def _views(function: Held) -> Iterator[View]:
    """The views that variables are bound to which hold nothing else, but for what is new, and are used only below that."""
    text = function.text
    stmts = (each for each in text.nodes if isinstance(each, ast.Assign | ast.For))
    found = [view for each in stmts if (view := _view(function, each)) is not None]
    for name in dict.fromkeys(view.name for view in found):
        regions = [view.region for view in found if view.name == name]
        new = [stmt for each in function.binding(name) if isinstance(stmt := text.owners.get(each), ast.Assign)
               and len(stmt.targets) == 1 and is_fresh(stmt.value, VIEWS)]
        regions += [function.rest_of_block(stmt, name) for stmt in new]
        read = [each for each in function.names[name] if each not in function.binding(name)]
        is_told = len(function.binding(name)) == len(regions)
        if is_told and all(sum(function.within(each, region) for region in regions) == 1 for each in read):
            yield from (view for view in found if view.name == name)


def _view(function: Held, stmt: ast.Assign | ast.For) -> View | None:
    """The view that a statement binds a variable to."""
    text = function.text
    match stmt:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            found = _part(function, name, value)
            region = function.rest_of_block(stmt, name)
        case ast.For(target=ast.Name(id=name), iter=ast.Name(id=base), orelse=[]):
            found, region = (base, f"{base}[{{}}]", f"{base}[{{}}] = {name}"), stmt.body
        case ast.For(
            target=ast.Tuple(elts=[ast.Name(id=place), ast.Name(id=name)]), orelse=[],
            iter=ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name(id=base)], keywords=[]),
        ) if place != name and len(_stores_of(function, place, stmt.body)) == 0:
            found, region = (base, f"{base}[{place}]", f"{base}[{place}] = {name}"), stmt.body
        case _:
            return None
    if found is None or found[0] == name or not function.is_array(found[0]) or not function.is_array(name):
        return None
    base, part, back = found
    places = {each.id for each in nodes_in(stmt.value) if isinstance(each, ast.Name)} if isinstance(stmt, ast.Assign) else {base}
    if any(_stores_of(function, each, region) for each in places) or text.is_in_try(stmt):
        return None
    return View(name, base, stmt, region, part, back)


def _stores_of(function: Held, name: str, region: Sequence[ast.stmt]) -> list[ast.Name]:
    """Where some statements bind a variable anew."""
    return [each for each in function.binding(name) if function.within(each, region)]


def _part(function: Held, name: str, value: ast.expr) -> tuple[str, str, str] | None:
    """The array of which an expression is a view, its text, and the store that takes over what `name` holds."""
    written = function.text.slice(value)
    if "\n" in written:
        return None
    match value:
        case ast.Subscript(value=ast.Name(id=base), slice=index) if function.is_basic(index):
            return base, written, f"{written} = {name}"
        case ast.Attribute(value=ast.Name(id=base), attr="T"):
            return base, written, f"{base}[...] = {name}.T"
        case ast.Call(func=ast.Attribute(value=ast.Name(id=base), attr=method), args=args, keywords=[]) if (
            all(function.is_basic(arg) for arg in args)
        ):
            if method == "view" and not args:
                return base, written, f"{base}[...] = {name}"
            if method == "squeeze" or method in ("ravel", "reshape") and function.is_in_order(base):
                return base, written, f"{base}[...] = {name}.reshape({base}.shape)"
            if method == "swapaxes" or method == "transpose" and not args:
                return base, written, f"{base}[...] = {name}.{method}({', '.join(map(function.text.slice, args))})"
    return None


def _is_wanted(function: Held, views: Sequence[View]) -> bool:
    """Whether any of an array's views is written through, or read after the array is written to, where that would be refused."""
    changing = {stmt for stmt, name in function.writes if any(name == view.name for view in views)}
    if any(isinstance(view.bound, ast.For) and any(function.within(stmt, view.region) for stmt in changing) for view in views):
        return True
    regions, base = [view.region for view in views], views[0].base
    changing |= {stmt for stmt, name in function.writes if name == base and any(function.within(stmt, each) for each in regions)}
    if not changing:
        return False
    barred = {stmt.span for stmt in array_facts(function.read.function, function.kinds).barred}
    return any(function.text.positions.span(stmt) in barred for stmt in changing)


def _is_safe(function: Held, base: str, views: Sequence[View]) -> bool:
    """Whether no other name than an array's own and those of its views may be written through to its data, or write to it, and
    every write to them is a statement that is known."""
    own = {base, *(view.name for view in views)}
    text = function.text
    for node in text.nodes:
        if isinstance(node, ast.Lambda | ast.FunctionDef | ast.ClassDef | ast.Global | ast.Nonlocal) and node is not text.node:
            if any(isinstance(each, ast.Name) and each.id in own for each in nodes_in(node)):
                return False
        if isinstance(node, ast.Call) and not _is_known(function, node) and any(name in own for name in bare_names(node)):
            return False
        places = (each for place in _places_of(node) for each in nodes_in(place))
        if any(isinstance(each, ast.Name) and each.id in own for each in places):
            return False
        if isinstance(node, ast.GeneratorExp) and not isinstance(text.owners.get(node), ast.Call):
            return False
        if isinstance(node, ast.For) and not any(view.bound is node for view in views) and _goes_through(node, own):
            if any(name in own and function.within(stmt, node.body) for stmt, name in function.writes):
                return False
    changing = [stmt for stmt, name in function.writes if name in own]
    if len(set(changing)) < len(changing) or any(map(text.is_in_try, changing)):
        return False
    written = {name for _, name in function.writes} - own
    for node in text.nodes:
        match node:
            case ast.Assign(targets=targets, value=value):
                bound = {each.id for target in targets for each in nodes_in(target) if isinstance(each, ast.Name)}
            case ast.For(target=target, iter=value) | ast.NamedExpr(target=target, value=value):
                bound = {each.id for each in nodes_in(target) if isinstance(each, ast.Name)}
            case _:
                continue
        bound = {each for each in bound & written if not function.is_number(each)}
        lent = (each.id for each in nodes_in(value) if isinstance(each, ast.Name) and each.id in own)
        if bound and not is_fresh(value, VIEWS) and any(lent):
            return False
    return True


def _places_of(node: ast.AST) -> list[ast.expr]:
    """What a loop, a `with` or a `del` stores into: `for v[0] in ...`."""
    match node:
        case ast.For(target=target) | ast.withitem(optional_vars=ast.expr() as target):
            return [target] if any(isinstance(each, ast.Subscript) for each in nodes_in(target)) else []
        case ast.Delete(targets=targets):
            return targets
    return []


def _goes_through(loop: ast.For, names: Collection[str]) -> bool:
    """Whether a loop takes its elements out of what one of the names holds."""
    if isinstance(loop.iter, ast.Call) and called(loop.iter) == "range":
        return False
    return any(isinstance(each, ast.Name) and each.id in names for each in nodes_in(loop.iter))


BUILTINS = frozenset({"sum", "len", "max", "min", "abs", "range", "float", "print", "any", "all", "isinstance"})
LAZY = frozenset({"enumerate", "zip", "reversed"})
OF_MANY = frozenset({"where", "interp", "einsum", "select", "linspace"})
"""What takes arrays in third place, where others take one to store their result into."""


def _is_known(function: Held, call: ast.Call) -> bool:
    """Whether a call keeps nothing of its arguments and changes none, but for what counts as a write."""
    if any(each.arg is None or each.arg == "copy" or each.arg.startswith("overwrite") for each in call.keywords):
        return False
    name = called(call)
    first, last = name.split(".")[0], name.split(".")[-1]
    if first in function.of_name:  # a method of an array
        return function.is_array(first) and "." in name
    if not name:
        return isinstance(call.func, ast.Attribute) and call.func.attr not in WRITING_METHODS and not bare_names(call)
    if first in LAZY and first not in function.text.bound:
        return isinstance(function.text.owners.get(call), ast.For | ast.comprehension)
    if first in BUILTINS and first not in function.text.bound:
        return True
    found = function.read.scope.lookup(first)
    for part in name.split(".")[1:]:
        found = getattr(found, part, None)
    taken = getattr(found, "nin", 2 if last not in OF_MANY else len(call.args))
    is_given_out = len(call.args) > taken and isinstance(call.args[-1], ast.Name) and function.is_array(call.args[-1].id)
    return is_numpy(function.read.scope.lookup(first)) and not is_given_out


def _stored_back(function: Held, base: str, views: Sequence[View]) -> list[Edit]:
    """The edits that make copies of an array's views, and hand on what is written to one of them, or to the array."""
    text, places = function.text, dict[View, str]()
    edits: list[Edit] = []
    for view in views:
        match view.bound:
            case ast.Assign(value=value):
                edits.append(text.replaced(value, f"{view.part}.copy()"))
            case ast.For(target=target, iter=along) as loop:
                place = text.slice(target.elts[0]) if isinstance(target, ast.Tuple) else text.fresh("i", "j", "k", "place")
                places[view] = place
                edits += [
                    text.replaced(target, place), text.replaced(along, f"range(len({base}))"),
                    text.before(loop.body[0], f"{view.name} = {view.part.format(place)}.copy()"),
                ]
    for stmt, name in function.writes:
        lines = []
        for view in views:
            if name == view.name and function.within(stmt, view.region):
                lines.append(view.back.format(places.get(view, "")))
        if name != base and not lines:
            continue
        lines += [
            f"{view.name}[...] = {view.part.format(places.get(view, ''))}" for view in views
            if view.name != name and function.within(stmt, view.region) and function.is_used_after(view.name, stmt, view.region)
        ]
        after = text.after(stmt, lines) if lines else None
        if lines and after is None:
            return []
        if after is not None:
            edits.append(after)
    return edits
