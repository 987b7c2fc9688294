"""Small idioms in other words: stores that an unpacking makes, the first of several results, `d.get(key, other)`, neighbours in a
list, a partial called, a function of the places of an array.

Never changes when anything is evaluated: each value is taken where it was, in the same order.
"""
from __future__ import annotations

import ast

from gradgen.read.made import SEQUENCES
from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.spread import is_only_given, may_come_first
from gradgen.read.trees import nodes_in
from gradgen.read.unnamed import OPEN, SIMPLE, may_move
from gradgen.read.unrolling import edited

ORDINALS = ("first", "second", "third", "fourth")


def stores_unpacked(text: Text, node: ast.AST) -> list[Edit] | None:
    """`a[i], a[j] = a[j], a[i]` is `first, second = a[j], a[i]`, `a[i] = first` and `a[j] = second`."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=items) | ast.List(elts=items) as target], value=value):
            stores = [each for each in items if isinstance(each, ast.Subscript)]
        case _:
            return None
    assert isinstance(node, ast.Assign)
    is_plain = all(isinstance(each, ast.Subscript | ast.Name) for each in items) and len(items) <= len(ORDINALS)
    may_vary = text.may_vary(value) or any(map(text.may_vary, stores))
    if not stores or not is_plain or not may_vary or "\n" in text.slice(target):
        return None
    names = [text.fresh(word, f"{word}_value") for word, _ in zip(ORDINALS, items, strict=False)]
    after = text.after(node, [f"{text.slice(each)} = {name}" for each, name in zip(items, names, strict=True)])
    if after is None:
        return None
    start, end = text.start(target), text.end(target)
    return [Edit(start, end, ", ".join(names) + ("," if len(names) == 1 else "")), after]


def stored_twice(text: Text, node: ast.AST) -> list[Edit] | None:
    """`J[0, 0] = J[1, 1] = x * y` is `value = x * y`, `J[0, 0] = value` and `J[1, 1] = value`."""
    match node:
        case ast.Assign(targets=[_, _, *_] as targets, value=value) if all(isinstance(each, ast.Subscript) for each in targets):
            first, *others = map(text.slice, targets)
        case _:
            return None
    if not text.may_vary(value) and not any(map(text.may_vary, targets)) or any("\n" in each for each in (first, *others)):
        return None
    is_named = isinstance(value, ast.Name | ast.Constant)
    name = text.slice(value) if is_named else text.fresh("stored", "value_stored")
    after = text.after(node, [f"{each} = {name}" for each in (others if is_named else (first, *others))])
    start = f"{first} = " if is_named else f"{name} = "
    return None if after is None else [Edit(text.start(node), text.start(value), start), after]


def first_of_several(text: Text, node: ast.AST) -> list[Edit] | None:
    """`price, *_ = f(x)` is `price = f(x)[0]`, where nothing reads the rest."""
    match node:
        case ast.Assign(
            targets=[ast.Tuple(elts=[ast.Name() as first, ast.Starred(value=ast.Name(id=rest))]) as target],
            value=ast.Call() as value,
        ) if text.may_vary(value):
            pass
        case _:
            return None
    is_read = any(isinstance(each, ast.Name) and each.id == rest and isinstance(each.ctx, ast.Load) for each in text.nodes)
    if is_read or first.id == rest:
        return None
    return [text.replaced(target, first.id), Edit(text.end(value), text.end(value), "[0]")]


def named_whole(text: Text, node: ast.AST) -> list[Edit] | None:
    """`r, g = color = f(x)` is `color = f(x)` and `r, g = color`."""
    match node:
        case ast.Assign(targets=[ast.Tuple() | ast.List() as target, ast.Name(id=name)], value=value) if text.may_vary(value):
            pass
        case _:
            return None
    has_call = any(isinstance(each, ast.Call) for each in nodes_in(value))
    if not has_call or any(isinstance(each, ast.Name) and each.id == name for each in nodes_in(target)):
        return None
    after = text.after(node, [f"{text.slice(target)} = {name}"])
    return None if after is None else [Edit(text.start(target), text.start(value), f"{name} = "), after]


def looked_up(text: Text, node: ast.AST) -> list[Edit] | None:
    """`d.get("a", 1.0)` is `(d["a"] if "a" in d else 1.0)`, where d is a dict; of other keys `d.keys()` is asked."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=name), attr="get"),
            args=[ast.Constant() | ast.Name() as key, ast.Constant() | ast.Name() as other], keywords=[],
        ) if name in text.varying and "\n" not in text.slice(node) and is_dict(text, name):
            at = text.slice(key)
            where = name if isinstance(key, ast.Constant) and isinstance(key.value, str) else f"{name}.keys()"
            return [text.replaced(node, f"({name}[{at}] if {at} in {where} else {text.slice(other)})")]
    return None


def is_dict(text: Text, name: str) -> bool:
    """Whether a variable only holds dicts made here, or is a parameter that says so or is asked what only dicts are asked."""
    if name in text.made_here(ast.Dict, ast.DictComp):
        return True
    if not is_only_given(text, name):
        return False
    for each in text.nodes:
        match each:
            case ast.Subscript(value=ast.Name(id=own), slice=ast.Constant(value=str())) if own == name:
                return True
            case ast.Attribute(value=ast.Name(id=own), attr="items" | "keys" | "values" | "get" | "setdefault") if own == name:
                return True
    given = next((each for each in text.nodes if isinstance(each, ast.arg) and each.arg == name), None)
    written = "" if given is None or given.annotation is None else text.slice(given.annotation).strip("\"'")
    return written.partition("[")[0].rpartition(".")[2] in ("dict", "Dict", "Mapping")


def neighbours(text: Text, node: ast.AST) -> list[Edit] | None:
    """`itertools.pairwise(ts)` is `zip(ts, ts[1:])`, where ts is a list or a tuple."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="itertools"), attr="pairwise") | ast.Name(id="pairwise"),
            args=[ast.Name(id=name)], keywords=[],
        ) if name in text.varying and (name in text.made_here(*SEQUENCES) or is_only_given(text, name)):
            return [text.replaced(node, f"zip({name}, {name}[1:])")]
    return None


def distances(text: Text, node: ast.AST) -> list[Edit] | None:
    """`sum(math.dist(p, q) for p, q in pairs)` is `total = 0` and `total += math.dist(p, q)` for each."""
    match node:
        case ast.Call(func=ast.Name(id="sum"), keywords=[], args=[
            ast.GeneratorExp(elt=element, generators=[ast.comprehension(target=target, iter=along, ifs=[])]) as inner,
        ]) if any(map(_is_distance, nodes_in(element))) and text.may_vary(node):
            pass
        case _:
            return None
    stmt, own = text.statement_of(node), {id(each) for each in nodes_in(inner)}
    bound = {each.id for each in nodes_in(target) if isinstance(each, ast.Name)}
    shared = {each.id for each in text.nodes if isinstance(each, ast.Name) and each.id in bound and id(each) not in own}
    has_scopes = any(isinstance(each, ast.Lambda | ast.NamedExpr | ast.comprehension) for each in nodes_in(element))
    if has_scopes or "\n" in text.slice(node) or not text.is_first_on_its_line(stmt) or not may_come_first(text, node):
        return None
    total, apart = text.fresh("total", "summed"), {name: text.fresh(f"{name}_") for name in sorted(shared)}

    def written(part: ast.expr) -> str:
        names = [each for each in nodes_in(part) if isinstance(each, ast.Name) and each.id in apart]
        places = [(each.id, text.start(each) - text.start(part)) for each in names]
        return edited(text.slice(part), [Edit(start, start + len(name), apart[name]) for name, start in places])

    lines = [f"{total} = 0", f"for {written(target)} in {text.slice(along)}:", f"    {total} += {written(element)}"]
    return [text.before(stmt, "\n".join(lines)), text.replaced(node, total)]


def _is_distance(node: ast.AST) -> bool:
    """Whether this is a call of math.dist that is not of displays."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="math"), attr="dist"), args=[first, second], keywords=[]):
            return not all(isinstance(each, ast.Tuple | ast.List) for each in (first, second))
    return False


def distance(text: Text, node: ast.AST) -> list[Edit] | None:
    """`math.dist(p, q)` is `math.hypot(*[a - b for a, b in zip(p, q, strict=True)])`."""
    if not _is_distance(node) or not text.may_vary(node):
        return None
    assert isinstance(node, ast.Call)
    if not may_move(text, node):
        return None
    parts = [each for each in node.args if not isinstance(each, ast.Name)]
    if parts:
        names = [text.fresh("point", "place") for _ in parts]
        lines = [f"{name} = {text.slice(part)}" for name, part in zip(names, parts, strict=True)]
        if not all(_is_plain_part(part) for part in parts) or any("\n" in line for line in lines):
            return None
        edits = [text.replaced(part, name) for name, part in zip(names, parts, strict=True)]
        return [text.before(text.statement_of(node), "\n".join(lines)), *edits]
    first, second = (each for each in node.args if isinstance(each, ast.Name))
    apart = text.fresh("apart", "differences")
    left, right = text.fresh("each", "element"), text.fresh("other", "another")
    written = f"[{left} - {right} for {left}, {right} in zip({first.id}, {second.id}, strict=True)]"
    return [text.before(text.statement_of(node), f"{apart} = {written}"), text.replaced(node, f"math.hypot(*{apart})")]


def _is_plain_part(node: ast.expr) -> bool:
    """Whether an expression takes a part of what a variable holds, or is a display of such parts."""
    inside = ast.Name | ast.Constant | ast.Subscript | ast.BinOp | ast.UnaryOp | ast.Tuple | ast.List
    return all(isinstance(each, inside) for each in nodes_in(node) if isinstance(each, ast.expr))


def of_its_places(text: Text, node: ast.AST) -> list[Edit] | None:
    """`np.fromfunction(f, (2, 3))` is `f(*np.indices((2, 3), dtype=float))`."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="np" | "numpy" as module), attr="fromfunction"), args=[function, shape],
            keywords=given,
        ) if text.may_vary(node) and all(each.arg is not None for each in given) and "#" not in text.slice(node):
            pass
        case _:
            return None
    dtype = next((text.slice(each.value) for each in given if each.arg == "dtype"), "float")
    more = "".join(f", {text.slice(each)}" for each in given if each.arg != "dtype")
    name = text.slice(function) if isinstance(function, ast.Name | ast.Attribute) else f"({text.slice(function)})"
    return [text.replaced(node, f"{name}(*{module}.indices({text.slice(shape)}, dtype={dtype}){more})")]


def started_product(text: Text, node: ast.AST) -> list[Edit] | None:
    """`math.prod(xs, start=c)` is `(c * math.prod(xs))`, where c is a variable or a number."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="math"), attr="prod") as function, args=[first],
            keywords=[ast.keyword(arg="start", value=ast.Name() | ast.Constant() as start)],
        ) if text.may_vary(node) and "#" not in text.slice(node):
            return [text.replaced(node, f"({text.slice(start)} * {text.slice(function)}({text.slice(first)}))")]
    return None


def only_unknown(text: Text, node: ast.AST) -> list[Edit] | None:
    """`fsolve(f, 1.0)`, an array of one unknown, is `np.atleast_1d(fsolve(f, 1.0)[0])`; with `.item()` it is its element. So is
    `root(f, 1.0).x`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call() as solved, attr="item"), args=[], keywords=[]) if _is_of_one(solved):
            return [text.replaced(node, f"{text.slice(solved)}[0]")]
        case ast.Call() if _is_of_one(node):
            whole: ast.expr = node
        case ast.Attribute(value=ast.Call() as solved, attr="x") if _is_of_one(solved, "root"):
            whole = node
        case _:
            return None
    owner = text.owners[node]
    is_alone = isinstance(owner, ast.Return | ast.BinOp) or isinstance(owner, ast.Call) and whole in owner.args
    if not is_alone or "np" in text.bound or not text.may_vary(node):
        return None
    return [text.replaced(whole, f"np.atleast_1d({text.slice(whole)}[0])")]


def _is_of_one(call: ast.Call, solver: str = "fsolve") -> bool:
    """Whether this is a call of scipy's fsolve, or root, whose first guess is one number."""
    match call:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args, keywords=keywords) if name == solver:
            given = {each.arg: each.value for each in keywords}
            guess = args[1] if len(args) > 1 else given.get("x0")
            guess = guess.elts[0] if isinstance(guess, ast.List | ast.Tuple) and len(guess.elts) == 1 else guess
            is_number = isinstance(guess, ast.Constant) and isinstance(guess.value, int | float)
            return is_number and "full_output" not in given and len(args) < 5 and None not in given
    return False


def each_at_least(text: Text, node: ast.AST) -> list[Edit] | None:
    """`np.atleast_1d(x, y)` is `(np.atleast_1d(x), np.atleast_1d(y))`."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="atleast_1d" | "atleast_2d" | "atleast_3d") as function,
            args=[_, _, *_] as args, keywords=[],
        ) if text.may_vary(node) and not any(isinstance(arg, ast.Starred) for arg in args) and "#" not in text.slice(node):
            each = ", ".join(f"{text.slice(function)}({text.slice(arg)})" for arg in args)
            return [text.replaced(node, f"({each})")]
    return None


def called_with_more(text: Text, node: ast.AST) -> list[Edit] | None:
    """`functools.partial(f, a)(x)` is `f(a, x)`."""
    match node:
        case ast.Call(
            func=ast.Call(func=ast.Attribute(value=ast.Name(id="functools"), attr="partial") | ast.Name(id="partial")) as made,
            args=args, keywords=after,
        ) if text.may_vary(node) and made.args and isinstance(made.args[0], ast.Name | ast.Attribute):
            function, *first = made.args
            before = made.keywords
        case _:
            return None
    if args and not all(isinstance(each.value, ast.Name | ast.Constant) for each in before):
        return None  # what the keywords are computed from would be computed later
    given = {each.arg for each in after}
    if None in given or any(each.arg is None for each in before) or "#" in text.slice(node):
        return None
    kept = [each for each in before if each.arg not in given]
    inside = ", ".join(text.slice(each) for each in (*first, *args, *kept, *after))
    return [text.replaced(node, f"{text.slice(function)}({inside})")]


def given_ahead(text: Text, node: ast.AST) -> list[Edit] | None:
    """`functools.partial(f, a, k=b)` is `lambda *more: f(a, *more, k=b)`, where a and b stay what they are."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="functools"), attr="partial") | ast.Name(id="partial"),
            args=[ast.Name() | ast.Attribute() as function, *first], keywords=keywords,
        ) if "#" not in text.slice(node):
            owner = text.owners[node]
        case _:
            return None
    is_handed = isinstance(owner, ast.Call) and node in owner.args or isinstance(owner, ast.keyword)
    is_named = isinstance(owner, ast.Assign) and len(owner.targets) == 1 and isinstance(owner.targets[0], ast.Name)
    given = [*first, *(each.value for each in keywords)]
    names = [each.id for each in given if isinstance(each, ast.Name)]
    if not (is_handed or is_named) or len(names) + sum(isinstance(each, ast.Constant) for each in given) < len(given):
        return None
    if any(each.arg is None for each in keywords) or is_named and not all(_stays(text, name) for name in names):
        return None
    target = owner.targets[0] if isinstance(owner, ast.Assign) else None
    count = _given_later(text, target.id) if isinstance(target, ast.Name) else None
    more = [f"*{text.fresh('more', 'further')}"] if count is None else [text.fresh("later", "given") for _ in range(count)]
    inside = ", ".join((*map(text.slice, first), *more, *map(text.slice, keywords)))
    made = f"lambda {', '.join(more)}: {text.slice(function)}({inside})"
    if is_named:
        return [text.replaced(node, made)]
    stmt = text.statement_of(node)
    if not isinstance(stmt, SIMPLE) or any(isinstance(each, ast.NamedExpr) for each in nodes_in(stmt)):
        return None
    while owner is not stmt:
        if isinstance(owner, OPEN):
            return None
        owner = text.owners[owner]
    name = text.fresh("function", "given")
    return [text.before(text.statement_of(node), f"{name} = {made}"), text.replaced(node, name)]


def _given_later(text: Text, name: str) -> int | None:
    """With how many arguments a function is called, where it is only ever called, and with as many each time."""
    counts = set()
    for each in text.nodes:
        if not isinstance(each, ast.Name) or each.id != name or not isinstance(each.ctx, ast.Load):
            continue
        match text.owners[each]:
            case ast.Call(func=func, args=args, keywords=[]) if func is each:
                counts.add(None if any(isinstance(arg, ast.Starred) for arg in args) else len(args))
            case _:
                return None
    return counts.pop() if len(counts) == 1 else None


def _stays(text: Text, name: str) -> bool:
    """Whether a name is bound once at most, and in no loop."""
    bound = [each for each in text.uses(name) if not isinstance(each.ctx, ast.Load)]
    is_given = name in text.parameters
    if len(bound) + is_given > 1:
        return False
    for each in bound:
        owner: ast.AST = each
        while owner in text.owners:
            owner = text.owners[owner]
            if isinstance(owner, ast.For | ast.While | ast.comprehension):
                return False
    return True


def keyword_taken(text: Text, node: ast.AST) -> list[Edit] | None:
    """`kwargs.pop("n", None)` is `kwargs.get("n", None)`, where the function asks for each key once and reads nothing else of
    what is given by further names: a dict that each of its calls has for itself."""
    given = text.node.args.kwarg
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="pop") as func, args=[_, _], keywords=[]):
            keys = _keys_asked(text, name) if given is not None and given.arg == name else None
        case _:
            return None
    if keys is None or len(set(keys)) < len(keys):
        return None
    return [Edit(text.end(func.value), text.end(func), ".get")]


def _keys_asked(text: Text, name: str) -> list[str] | None:
    """The keys that are looked up in a dict, each time one is; None where it is read in another way."""
    keys = []
    for each in text.nodes:
        if not isinstance(each, ast.Name) or each.id != name:
            continue
        part = text.owners[each]
        match part, text.owners.get(part):
            case (
                ast.Attribute(attr="pop" | "get"), ast.Call(func=func, args=[ast.Constant(value=str(key)), _], keywords=[])
            ) if func is part:
                keys.append(key)
            case ast.Subscript(ctx=ast.Load(), slice=ast.Constant(value=str(key))), _:
                keys.append(key)
            case _:
                return None
    return keys


def never_empty(text: Text, node: ast.AST) -> list[Edit] | None:
    """`max([x, y], default=0)` is `max([x, y])`."""
    match node:
        case ast.Call(
            func=ast.Name(id="max" | "min" as which), args=[ast.List(elts=[_, *_]) | ast.Tuple(elts=[_, *_]) as given],
            keywords=[ast.keyword(arg="default", value=ast.Constant() | ast.Name())],
        ) if text.may_vary(given) and "#" not in text.slice(node):
            is_full = not any(isinstance(each, ast.Starred) for each in given.elts)
            return [text.replaced(node, f"{which}({text.slice(given)})")] if is_full else None
    return None
