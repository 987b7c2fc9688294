"""What `itertools` hands out, as the lists that it goes through: `chain`, `islice`, `repeat`, `filter`, `starmap`, `accumulate`,
`zip_longest`, and the places that `combinations` and `product` choose.

Never touches an iterator that has a name: it can be gone through once only.
"""
from __future__ import annotations

import ast
from collections.abc import Sequence

from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.spread import may_come_first
from gradgen.read.trees import nodes_in
from gradgen.read.unrolling import edited

CONSUMERS = frozenset({"sum", "list", "max", "min", "tuple", "sorted", "enumerate", "zip", "prod", "fsum", "array"})
CHOOSING = frozenset({"combinations", "permutations", "product", "combinations_with_replacement"})
SPELLED_AS_LISTS = frozenset({"chain", "from_iterable", "islice", "repeat", "filter", "starmap"})
CHANGING = frozenset({
    "append", "appendleft", "extend", "insert", "pop", "popleft", "remove", "clear", "sort", "reverse", "update",
})


def as_list(text: Text, node: ast.AST) -> list[Edit] | None:
    """`chain(a, b)` is `[*a, *b]`, `islice(a, n)` is `a[:n]`, `filter(f, a)` is `[each for each in a if f(each)]`, where that is
    gone through at once."""
    assert isinstance(node, ast.Call)
    if _called(node.func) not in SPELLED_AS_LISTS or node.keywords:
        return None
    if any(isinstance(each, ast.Starred) for each in node.args) or not text.may_vary(node):
        return None
    if "\n" in text.slice(node) or not _is_gone_through(text, node):
        return None
    given = [text.slice(each) for each in node.args]
    match _called(node.func), node.args:
        case "chain", [_, *_]:
            written = f"[{', '.join(f'*{each}' for each in given)}]"
        case "from_iterable", [ast.Name()]:
            row, each = text.fresh("row", "row_of"), text.fresh("each", "element")
            written = f"[{each} for {row} in {given[0]} for {each} in {row}]"
        case "islice", [ast.Name(), *bounds] if 0 < len(bounds) < 4:
            inside = ":".join("" if each == "None" else each for each in given[1:])
            written = f"{given[0]}[{':' if len(bounds) == 1 else ''}{inside}]"
        case "repeat", [_, ast.Constant(value=int(count))] if 0 < count:
            written = f"[{given[0]}] * {count}"
        case "filter", [function, _]:
            chosen = _applied(text, function, 1)
            written = "" if chosen is None else f"[{chosen[0]} for {chosen[0]} in {given[1]} if {chosen[1]}]"
        case "starmap", [function, ast.Call(func=ast.Name(id="zip"), args=columns)]:
            applied = _applied(text, function, len(columns))
            written = "" if applied is None else f"[{applied[1]} for {applied[0]} in {given[1]}]"
        case _:
            return None
    owner = text.owners[node]
    if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "list" and written.startswith("["):
        return [text.replaced(owner, written)]
    return [text.replaced(node, written)] if written else None


def running(text: Text, node: ast.AST) -> list[Edit] | None:
    """`accumulate(a)` is `total = a[0]`, `totals = [total]` and a loop that adds the others, each appended; with `initial=b` it
    starts from that, and all are added."""
    match node:
        case ast.Call(func=func, args=[along, *rest], keywords=[] | [ast.keyword(arg="initial")] as given) if (
            _called(func) == "accumulate" and len(rest) < 2
        ):
            stmt = text.statement_of(node)
        case _:
            return None
    owner = text.owners[node]
    is_header = isinstance(stmt, ast.For) and stmt.iter is node
    is_fit = text.may_vary(node) and "\n" not in text.slice(node) and text.is_first_on_its_line(stmt)
    if not is_fit or not _is_gone_through(text, node) or not (is_header or _is_taken_first(text, node)):
        return None
    if given and isinstance(given[0].value, ast.Constant) and given[0].value.value is None:
        return None
    total, totals, each = text.fresh("total", "running"), text.fresh("totals", "all_totals"), text.fresh("each", "element")
    lines, name = [], text.slice(along)
    if not isinstance(along, ast.Name):
        name = text.fresh("items", "terms_of")
        is_list = isinstance(along, ast.List | ast.ListComp)
        lines.append(f"{name} = {text.slice(along) if is_list else f'list({text.slice(along)})'}")
    combined = f"{total} + {each}"
    if rest and not (isinstance(rest[0], ast.Attribute) and rest[0].attr == "add"):
        found = _combined(text, rest[0], total, each)
        if found is None:
            return None
        combined = found
    start, others = (text.slice(given[0].value), name) if given else (f"{name}[0]", f"{name}[1:]")
    lines += [f"{total} = {start}", f"{totals} = [{total}]", f"for {each} in {others}:"]
    lines += [f"    {total} = {combined}", f"    {totals}.append({total})"]
    is_listed = isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "list"
    is_taken_from = is_listed and isinstance(text.owners[owner], ast.Subscript)
    return [text.before(stmt, "\n".join(lines)), text.replaced(owner if is_taken_from else node, totals)]


def filled_up(text: Text, node: ast.AST) -> list[Edit] | None:
    """`zip_longest(a, b, fillvalue=v)` is `zip` of lists that are as long as the longer one, filled up with v."""
    match node:
        case ast.Call(func=func, args=[_, _, *_] as along, keywords=[ast.keyword(arg="fillvalue", value=value)]) if (
            _called(func) == "zip_longest" and all(isinstance(each, ast.Name) for each in along)
        ):
            stmt = text.statement_of(node)
        case _:
            return None
    is_header = isinstance(stmt, ast.For) and stmt.iter is node
    is_fit = text.may_vary(node) and "\n" not in text.slice(node) and text.is_first_on_its_line(stmt)
    if not is_fit or not _is_gone_through(text, node) or not (is_header or _is_taken_first(text, node)):
        return None
    given = [text.slice(each) for each in along]
    most, filler, place = text.fresh("most", "longest"), text.fresh("filler", "filled_with"), text.fresh("place", "at")
    lines, names = [f"{most} = max({', '.join(f'len({each})' for each in given)})", f"{filler} = {text.slice(value)}"], []
    for each in given:
        names.append(text.fresh(f"all_{each}", f"{each}_filled_up"))
        lines.append(f"{names[-1]} = [{each}[{place}] if {place} < len({each}) else {filler} for {place} in range({most})]")
    return [text.before(stmt, "\n".join(lines)), text.replaced(node, f"zip({', '.join(names)})")]


def _is_taken_first(text: Text, node: ast.expr) -> bool:
    """Whether an iterator is made once, and before anything that has an effect: where it stands, or as what a comprehension that
    does goes through."""
    owner = text.owners[node]
    if not isinstance(owner, ast.comprehension):
        return may_come_first(text, node)
    whole = text.owners[owner]
    is_made = isinstance(whole, ast.ListComp | ast.GeneratorExp) and whole.generators[0] is owner
    return is_made and isinstance(whole, ast.expr) and may_come_first(text, whole)


def _combined(text: Text, function: ast.expr, total: str, each: str) -> str | None:
    """What a function of the total so far and the next element gives."""
    match function:
        case ast.Lambda(args=ast.arguments(
            posonlyargs=[], args=[first, second], kwonlyargs=[], vararg=None, kwarg=None, defaults=[],
        )):
            return _with_names(text, function.body, {first.arg: total, second.arg: each})
        case ast.Attribute(value=ast.Name(id="operator"), attr="mul"):
            return f"{total} * {each}"
        case ast.Name() | ast.Attribute():
            return f"{text.slice(function)}({total}, {each})"
    return None


def _applied(text: Text, function: ast.expr, count: int) -> tuple[str, str] | None:
    """The variables that a function is applied to, and what it gives of them."""
    names = [text.fresh("each", "element") for _ in range(count)]
    match function:
        case ast.Lambda(args=ast.arguments(posonlyargs=[], args=args, kwonlyargs=[], vararg=None, kwarg=None, defaults=[])):
            if len(args) != count:
                return None
            body = _with_names(text, function.body, {arg.arg: name for arg, name in zip(args, names, strict=True)})
            return None if body is None else (", ".join(names), body)
        case ast.Name() | ast.Attribute():
            return ", ".join(names), f"{text.slice(function)}({', '.join(names)})"
    return None


def _with_names(text: Text, body: ast.expr, names: dict[str, str]) -> str | None:
    """An expression that calls its variables otherwise; None where it has variables of its own."""
    inner = nodes_in(body)
    if any(isinstance(each, ast.Lambda | ast.comprehension | ast.NamedExpr | ast.JoinedStr) for each in inner):
        return None
    start = text.start(body)
    reads = [each for each in inner if isinstance(each, ast.Name) and each.id in names]
    return edited(text.slice(body), [Edit(text.start(each) - start, text.end(each) - start, names[each.id]) for each in reads])


# --- chosen places ---


def chosen_places(text: Text, node: ast.AST) -> list[Edit] | None:
    """`for u, v in combinations(a, 2):` is `for i, j in combinations(range(len(a)), 2):` and `u, v = a[i], a[j]`."""
    match node:
        case ast.For(target=ast.Tuple(elts=targets), iter=ast.Call() as call, body=[first, *_]):
            found = _places(text, call, len(targets))
        case _:
            return None
    if found is None or not all(isinstance(each, ast.Name) for each in targets) or _is_changed(call, node.body):
        return None
    edits, places, elements = found
    values = ", ".join(element or place for element, place in zip(elements, places, strict=True))
    names = ", ".join(map(text.slice, targets))
    return [*edits, text.replaced(node.target, ", ".join(places)), text.before(first, f"{names} = {values}")]


def chosen_in_sum(text: Text, node: ast.AST) -> list[Edit] | None:
    """`sum(f(u, v) for u, v in combinations(a, 2))` is `total = 0.0` and a loop that adds."""
    match node:
        case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp(elt=element, generators=[
            ast.comprehension(target=ast.Tuple() as target, iter=ast.Call() as call, ifs=[]),
        ])], keywords=[]) if _called(call.func) in CHOOSING and text.may_vary(call):
            stmt = text.statement_of(node)
        case _:
            return None
    bound = {each.id for each in nodes_in(target) if isinstance(each, ast.Name)}
    inside = {id(each) for each in nodes_in(node)}
    is_shared = any(isinstance(each, ast.Name) and each.id in bound and id(each) not in inside for each in text.nodes)
    has_scopes = any(isinstance(each, ast.Lambda | ast.NamedExpr | ast.comprehension) for each in nodes_in(element))
    is_short = "\n" not in text.slice(node) and text.is_first_on_its_line(stmt)
    assert isinstance(node, ast.Call)
    if has_scopes or not is_short or not may_come_first(text, node):
        return None
    names = {each: text.fresh(f"{each}_") if is_shared else each for each in sorted(bound)}
    along, added = _with_names(text, target, names), _with_names(text, element, names)
    total = text.fresh("total", "summed")
    lines = [f"{total} = 0.0", f"for {along} in {text.slice(call)}:", f"    {total} += {added}"]
    return [text.before(stmt, "\n".join(lines)), text.replaced(node, total)]


Places = tuple[list[Edit], list[str], list[str | None]]


def _places(text: Text, call: ast.Call, count: int) -> Places | None:
    """The edits that let a call choose places, their names, and the element at each; None for other calls."""
    called = _called(call.func)
    if called not in CHOOSING or not text.may_vary(call) or any(isinstance(each, ast.Starred) for each in call.args):
        return None
    sources: Sequence[ast.expr]
    if called == "product":
        repeat = next((each.value for each in call.keywords if each.arg == "repeat"), ast.Constant(1))
        if not isinstance(repeat, ast.Constant) or not isinstance(repeat.value, int) or len(call.keywords) > 1:
            return None
        sources, edited_ = call.args * repeat.value, call.args
    else:
        match call.args, call.keywords:
            case ([source, ast.Constant(value=int(size))], []):
                sources, edited_ = [source] * size, [source]
            case _:
                return None
    if len(sources) != count or not all(isinstance(each, ast.Name) or not text.may_vary(each) for each in sources):
        return None
    places = [text.fresh(*"ijklmn"[at:], "place") for at in range(count)]
    elements = [
        f"{text.slice(each)}[{place}]" if _has_places(text, each) else None for each, place in zip(sources, places, strict=True)
    ]
    edits = [text.replaced(each, f"range(len({text.slice(each)}))") for each in edited_ if _has_places(text, each)]
    return edits, places, elements


def _has_places(text: Text, source: ast.expr) -> bool:
    return text.may_vary(source) or isinstance(source, ast.Name) and source.id in text.lists


# --- what both ask ---


def _called(func: ast.expr) -> str:
    """The name of a function of itertools, or of `filter`."""
    match func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="itertools"), attr=name):
            return name if name != "from_iterable" else ""
        case ast.Attribute(value=ast.Name(id="chain") | ast.Attribute(attr="chain"), attr="from_iterable"):
            return "from_iterable"
    return ""


def _is_gone_through(text: Text, node: ast.Call) -> bool:
    """Whether an iterator is used up where it stands, while nothing that it goes through is changed."""
    owner = text.owners[node]
    match owner:
        case ast.For(iter=along, body=body):
            return along is node and not _is_changed(node, body)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in CONSUMERS:
            return name not in ("enumerate", "zip") or _is_gone_through(text, owner)
        case ast.comprehension(iter=along):
            made = text.owners[owner]
            if isinstance(made, ast.GeneratorExp):
                around = text.owners[made]
                return along is node and isinstance(around, ast.Call) and _called(around.func) in CONSUMERS
            return along is node
    return False


def _is_changed(call: ast.Call, body: Sequence[ast.stmt]) -> bool:
    """Whether statements may change or bind anew what a call goes through."""
    names = {each.id for each in nodes_in(call) if isinstance(each, ast.Name)}
    for stmt in body:
        for each in nodes_in(stmt):
            match each:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if name in names:
                    return True
                case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()) if name in names:
                    return True
                case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in names and attr in CHANGING:
                    return True
    return False
