"""The constructs that are spelled otherwise before a function is lowered: loops and comprehensions over displays, unpacking in
depth, dict comprehensions, lists made longer by several elements.

Never touches what reads only constants, and nothing where the other spelling could compute, raise or bind anything else.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from gradgen.read.applied import along_rows, decorated_for_entries, of_each_entry, over_axes, vectorized
from gradgen.read.asked_kinds import chosen_by_kind
from gradgen.read.captured_defaults import defaults_captured
from gradgen.read.changed_lists import changed_in_place, queue_as_list, rows_swapped, taken_out
from gradgen.read.dense import solved_at
from gradgen.read.iterated import comprehension_over_made, entries_with_places, loop_over_made, rows_replaced
from gradgen.read.iterators import as_list, chosen_in_sum, chosen_places, filled_up, running
from gradgen.read.joining import (
    flattened,
    given_as_list,
    joined_for_array,
    joined_lists,
    part_in_list,
    part_of_list,
    repeated_list,
    turned_list,
)
from gradgen.read.leaving import return_as_break
from gradgen.read.made import SEQUENCES
from gradgen.read.ordering import in_order, largest_by_key
from gradgen.read.positions import Edit
from gradgen.read.rewriting import Rewrite, Text
from gradgen.read.small_idioms import (
    called_with_more,
    distance,
    distances,
    each_at_least,
    first_of_several,
    given_ahead,
    keyword_taken,
    looked_up,
    named_whole,
    neighbours,
    never_empty,
    of_its_places,
    only_unknown,
    started_product,
    stored_twice,
    stores_unpacked,
)
from gradgen.read.spread import is_only_given, joined, listed, pairs_unpacked, rest_of, sum_over_items
from gradgen.read.tables import copied_dict, counted_up, dict_with_more, named_values, own_variables, sum_by_keys, sum_of_values
from gradgen.read.trees import nodes_in
from gradgen.read.unnamed import (
    called_at_once,
    called_by_its_method,
    dict_of_keywords,
    filtered,
    indexed_at_once,
    largest_in_part,
    largest_of,
    reduced,
    returned_together,
    spread_at_once,
    spread_display,
    spread_quantiles,
)
from gradgen.read.unrolling import (
    BRACKETS,
    MOST_UNROLLED,
    comprehension_over_displays,
    edited,
    is_atom,
    loop_over_displays,
    map_over_displays,
)
from gradgen.read.zipped import columns, kept_pairs, listed_pairs

# --- rows that a loop takes apart ---


def loop_over_rows(text: Text, node: ast.AST) -> list[Edit] | None:
    """`for a, b in pairs:` is `for row in pairs:` and `a, b = row`, where the rows may vary."""
    assert isinstance(node, ast.For)
    apart = list(_taken_apart(text, node.target, node.iter))
    first = node.body[0]
    if not apart or any(isinstance(each, ast.Starred) for target in apart for each in nodes_in(target)):
        return None
    edits, lines = [], []
    for target in apart:
        name = text.fresh("row", "row_of")
        lines.append(f"{text.slice(target)} = {name}")
        edits.append(text.replaced(target, name))
    return [*edits, text.before(first, "\n".join(lines))]


def _taken_apart(text: Text, target: ast.expr, iterable: ast.expr) -> Iterator[ast.Tuple | ast.List]:
    match target, iterable:
        case ast.Tuple(), ast.Name(id=name) if name in text.varying and _is_made_here(text, name):
            yield target
        case ast.Tuple(elts=[_, inner]), ast.Call(func=ast.Name(id="enumerate"), args=[arg, *_]):
            yield from _taken_apart(text, inner, arg)
        case ast.Tuple(elts=inners), ast.Call(func=ast.Name(id="zip"), args=args) if len(inners) == len(args):
            for inner, arg in zip(inners, args, strict=True):
                yield from _taken_apart(text, inner, arg)
        case ast.Tuple(), ast.Call(func=ast.Name(id="reversed" | "list" | "tuple"), args=[arg]):
            yield from _taken_apart(text, target, arg)


def _is_made_here(text: Text, name: str, *kinds: type[ast.expr]) -> bool:
    """Whether a name only ever holds a new list or tuple, written out or as a comprehension; or what `kinds` says."""
    return name in text.made_here(*(kinds or SEQUENCES))


# --- unpacking ---


def unpacking(text: Text, node: ast.AST) -> list[Edit] | None:
    """`a, *rest = x, y, z` is `a, rest = x, [y, z]`; `(a, b), c = f(x)` is `row, c = f(x)` and `a, b = row`;
    `a, b = (f(t) for t in ts)` is `a, b = [f(t) for t in ts]`."""
    assert isinstance(node, ast.Assign)
    if len(node.targets) != 1 or not isinstance(node.targets[0], ast.Tuple | ast.List) or not text.may_vary(node.value):
        return None
    if isinstance(node.value, ast.GeneratorExp) and not isinstance(node.value.generators[0].iter, ast.Tuple | ast.List):
        written = text.slice(node.value)
        return [text.replaced(node.value, f"[{written[1:-1]}]")] if written.startswith("(") else None
    return _unstarred(text, node.targets[0], node.value) or _flattened(text, node, node.targets[0])


def _unstarred(text: Text, target: ast.Tuple | ast.List, value: ast.expr) -> list[Edit] | None:
    starred = [index for index, each in enumerate(target.elts) if isinstance(each, ast.Starred)]
    if len(starred) != 1 or not isinstance(value, ast.Tuple | ast.List):
        return None
    place, count = starred[0], len(value.elts) - len(target.elts) + 1
    if count < 0 or any(isinstance(each, ast.Starred) for each in value.elts) or "#" in text.slice(value):
        return None
    held = value.elts[place : place + count]
    parts = [text.slice(each) for each in value.elts]
    parts[place : place + count] = [f"[{', '.join(text.slice(each) for each in held)}]"]
    inside = target.elts[place]
    assert isinstance(inside, ast.Starred)
    written = ", ".join(parts) + ("," if len(parts) == 1 else "")
    return [text.replaced(inside, text.slice(inside.value)), text.replaced(value, f"({written})" if "\n" in written else written)]


def _flattened(text: Text, node: ast.Assign, target: ast.Tuple | ast.List) -> list[Edit] | None:
    inner = [each for each in target.elts if isinstance(each, ast.Tuple | ast.List)]
    everything = nodes_in(target)
    names = [each.id for each in everything if isinstance(each, ast.Name)]
    is_plain = all(isinstance(each, ast.Tuple | ast.List | ast.Name) for each in everything)
    is_matched = isinstance(node.value, ast.Tuple | ast.List) and len(node.value.elts) == len(target.elts)
    if not inner or not is_plain or is_matched or len(set(names)) != len(names):
        return None
    edits, lines = [], []
    for each in inner:
        name = text.fresh("row", "row_of")
        lines.append(f"{text.slice(each)} = {name}")
        edits.append(text.replaced(each, name))
    after = text.after(node, lines)
    return None if after is None else [*edits, after]


# --- dicts and lists ---


def comprehension_as_loop(text: Text, node: ast.AST) -> list[Edit] | None:
    """`d = {k: f(k) for k in ks}` is `d = {}` and a loop that stores; `q = [t for t in ts if t > 0]` is `q = []` and one that
    appends."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.DictComp() as made):
            result = [made.key, made.value]
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.ListComp() as made):
            result = [made.elt]
            is_spread = isinstance(made.elt, ast.List) and any(isinstance(each, ast.Starred) for each in made.elt.elts)
            if len(made.generators) == 1 and not made.generators[0].ifs and not is_spread:
                return None
        case _:
            return None
    bound = {each.id for generator in made.generators for each in nodes_in(generator.target) if isinstance(each, ast.Name)}
    inside = nodes_in(made)
    is_plain = not any(isinstance(each, ast.NamedExpr | ast.Lambda | ast.JoinedStr | ast.comprehension) for part in (
        *result, *(each for generator in made.generators for each in (generator.iter, *generator.ifs))
    ) for each in nodes_in(part))
    others = [each for each in nodes_in(text.node) if isinstance(each, ast.Name | ast.arg)]
    own = {id(each) for each in inside}
    outside = {each.id if isinstance(each, ast.Name) else each.arg for each in others if id(each) not in own}
    if not text.may_vary(made) or not is_plain or any(generator.is_async for generator in made.generators):
        return None
    if name in {each.id for each in inside if isinstance(each, ast.Name)} or text.is_in_try(node) or "#" in text.slice(made):
        return None
    if not text.is_first_on_its_line(node) or bound & _read_first(made):
        return None
    apart = {each: text.fresh(f"{each}_") for each in sorted(bound & outside)}
    lines, depth = [], 0
    for generator in made.generators:
        target, along = _joined(text, generator.target, apart), _joined(text, generator.iter, apart)
        lines.append("    " * depth + f"for {target} in {along}:")
        depth += 1
        for test in generator.ifs:
            lines.append("    " * depth + f"if {_joined(text, test, apart)}:")
            depth += 1
    first, *rest = (_joined(text, part, apart) for part in result)
    lines.append("    " * depth + (f"{name}[{first}] = {rest[0]}" if rest else f"{name}.append({first})"))
    after = text.after(node, lines)
    if after is None or after.text.startswith(";"):
        return None
    return [text.replaced(made, "{}" if rest else "[]"), after]


def _read_first(made: ast.DictComp | ast.ListComp) -> set[str]:
    """The names that the first iterable reads: those of the function, whatever the comprehension calls its own."""
    return {each.id for each in nodes_in(made.generators[0].iter) if isinstance(each, ast.Name)}


def _joined(text: Text, node: ast.expr, apart: Mapping[str, str]) -> str:
    """An expression's text on one line, in brackets where it stood on several, with its variables called otherwise."""
    start = text.start(node)
    names = [each for each in nodes_in(node) if isinstance(each, ast.Name) and each.id in apart]
    written = edited(text.slice(node), [Edit(text.start(each) - start, text.end(each) - start, apart[each.id]) for each in names])
    if "\n" not in written:
        return written
    return f"({' '.join(part.strip() for part in written.splitlines())})"


def lengthened(text: Text, node: ast.AST) -> list[Edit] | None:
    """`q.extend([x, y])` and `q += [x, y]` are `q.append(x)` and `q.append(y)`, where q is a list made here."""
    match node:
        case ast.Expr(value=ast.Call(
            func=ast.Attribute(value=ast.Name(id=name), attr="extend"), args=[ast.List() | ast.Tuple() as added], keywords=[],
        )):
            pass
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=ast.List() as added):
            pass
        case _:
            return None
    is_plain = len(added.elts) == 1 and not isinstance(added.elts[0], ast.Starred) or all(
        not isinstance(each, ast.Starred | ast.Call | ast.Name) or isinstance(each, ast.Name) and each.id != name
        for item in added.elts for each in nodes_in(item)
    )
    if not is_plain or not added.elts or not text.may_vary(added) or text.is_in_try(node) or "\n" in text.slice(added):
        return None
    if not _is_made_here(text, name, ast.List, ast.ListComp):
        return None
    first, *rest = (f"{name}.append({text.slice(item)})" for item in added.elts)
    after = text.after(text.statement_of(node), rest) if rest else None
    return [text.replaced(node, first), *([after] if after is not None else [])]


def updated(text: Text, node: ast.AST) -> list[Edit] | None:
    """`d.update({"b": y})` and `d.update(b=y)` are `d["b"] = y`."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update"), args=args, keywords=keywords)):
            pass
        case _:
            return None
    match args:
        case []:
            items = [(f'"{each.arg}"', each.value) for each in keywords if each.arg]
        case [ast.Dict(keys=keys, values=values)] if not keywords:
            items = [(text.slice(key), value) for key, value in zip(keys, values, strict=True) if isinstance(key, ast.Constant)]
            keywords = [ast.keyword("", value) for value in values]
        case _:
            return None
    is_plain = not any(isinstance(each, ast.Call) or isinstance(each, ast.Name) and each.id == name
                       for _, value in items for each in nodes_in(value))
    if not items or len(items) < len(keywords) or not is_plain or "\n" in text.slice(node) or text.is_in_try(node):
        return None
    if not text.may_vary(node) or name not in text.made_here(ast.Dict, ast.DictComp):
        return None
    first, *rest = (f"{name}[{key}] = {text.slice(value)}" for key, value in items)
    assert isinstance(node, ast.stmt)
    after = text.after(node, rest) if rest else None
    return [text.replaced(node, first), *([after] if after is not None else [])]


def joined_displays(text: Text, node: ast.AST) -> list[Edit] | None:
    """`[x] + [y]` is `[x, y]`, and `[x] * 3` is `[x, x, x]`."""
    match node:
        case ast.BinOp(left=ast.List() | ast.Tuple() as left, op=ast.Add(), right=ast.List() | ast.Tuple() as right):
            if type(left) is not type(right) or not text.may_vary(node) or "#" in text.slice(node):
                return None
            items = [text.slice(item) for item in (*left.elts, *right.elts)]
        case ast.BinOp(left=ast.List() | ast.Tuple() as left, op=ast.Mult(), right=ast.Constant(value=int(count))):
            if not 0 < count <= MOST_UNROLLED or not all(map(is_atom, left.elts)) or not text.may_vary(left):
                return None
            items = [text.slice(item) for item in left.elts] * count
        case _:
            return None
    opening, closing = BRACKETS[type(left)]
    inside = ", ".join(items) + ("," if len(items) == 1 and isinstance(left, ast.Tuple) else "")
    return [text.replaced(node, f"{opening}{inside}{closing}")]


def loop_over_dict(text: Text, node: ast.AST) -> list[Edit] | None:
    """`for k, v in d.items():` is `for k in d:` and `v = d[k]`, where d is a dict made here; so is `for v in d.values():`."""
    match node:
        case ast.For(
            target=ast.Tuple(elts=[ast.Name() as key, value]),
            iter=ast.Call(func=ast.Attribute(value=ast.Name() as made, attr="items"), args=[]),
        ):
            name = key.id
        case ast.For(target=value, iter=ast.Call(func=ast.Attribute(value=ast.Name() as made, attr="values"), args=[])):
            name = ""
        case _:
            return None
    if made.id not in text.varying or not (_is_made_here(text, made.id, ast.Dict, ast.DictComp) or is_only_given(text, made.id)):
        return None
    name = name or text.fresh("key")
    first = text.before(node.body[0], f"{text.slice(value)} = {made.id}[{name}]")
    return [text.replaced(node.target, name), text.replaced(node.iter, made.id), first]


def values_of_dict(text: Text, node: ast.AST) -> list[Edit] | None:
    """`sum(d.values())` is `sum(d[key] for key in d)`, where d is a dict made here."""
    match node:
        case ast.Call(
            func=ast.Name(id="sum"), keywords=[],
            args=[ast.Call(func=ast.Attribute(value=ast.Name() as made, attr="values"), args=[]) as values],
        ) if made.id in text.varying and _is_made_here(text, made.id, ast.Dict, ast.DictComp):
            key = text.fresh("key")
            return [text.replaced(values, f"{made.id}[{key}] for {key} in {made.id}")]
    return None


REWRITES: Mapping[type[ast.AST], tuple[Rewrite, ...]] = {
    ast.For: (
        named_values, entries_with_places, rows_replaced, chosen_places, loop_over_displays, loop_over_made, loop_over_rows,
        loop_over_dict, return_as_break,
    ),
    ast.While: (return_as_break,),
    ast.Call: (
        map_over_displays, sum_over_items, values_of_dict, largest_of,
        largest_in_part, reduced, called_at_once, spread_at_once, spread_display, dict_of_keywords,
        listed, in_order, largest_by_key, looked_up, neighbours, called_with_more, of_its_places,
        called_by_its_method, flattened, turned_list, sum_of_values, sum_by_keys, as_list, running, filled_up,
        chosen_in_sum, distances, distance, each_at_least, started_product, only_unknown, along_rows, over_axes, of_each_entry,
        never_empty, given_ahead, keyword_taken, dict_with_more, given_as_list, joined_for_array, solved_at,
        spread_quantiles, listed_pairs, columns, own_variables,
    ),
    ast.ListComp: (comprehension_over_displays, comprehension_over_made, filtered),
    ast.Subscript: (indexed_at_once, part_in_list),
    ast.Attribute: (only_unknown,),
    ast.GeneratorExp: (comprehension_over_displays, comprehension_over_made),
    ast.List: (joined,),
    ast.Assign: (
        rows_swapped,
        stores_unpacked, stored_twice, first_of_several, named_whole, pairs_unpacked, rest_of, unpacking, comprehension_as_loop,
        taken_out, part_of_list, queue_as_list, copied_dict, counted_up, kept_pairs, vectorized, chosen_by_kind,
    ),
    ast.Expr: (lengthened, updated, changed_in_place),
    ast.AugAssign: (lengthened, changed_in_place),
    ast.Delete: (changed_in_place,),
    ast.BinOp: (joined_displays, joined_lists, repeated_list),
    ast.Return: (returned_together, chosen_by_kind),
    ast.FunctionDef: (decorated_for_entries, defaults_captured),
}
