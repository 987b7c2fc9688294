"""Attributes whose tangents are read by name: a class may compute one that no object holds, and that has no tangent.

Never looks at how an attribute is differentiated.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.surroundings.classes import record_fields
from gradgen.errors import Finding
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import Holder, Kind
from gradgen.transform.gradient import Gradient


def attributes_read(
    function: ir.Function, activity: Activity, kinds: Kinds, class_of: Callable[[ir.Expr], type | None]
) -> Set[str]:
    """The attributes of what varies that values are computed from, but for those that are known to be fields, or of a class."""
    found: set[str] = set()
    for node in _in_values(function.body):
        known = kinds.of(node.base)
        is_field = isinstance(known, Holder) and known.keys is not None and node.name in known.keys
        is_field |= isinstance(known, Kind) and known.shape is not None  # an array's own, as `.T`
        if not is_field and activity.is_varied(node) and class_of(node.base) is None:
            found.add(node.name)
    return found


def _in_values(nodes: Iterable[ir.Node]) -> Iterator[ir.Attribute]:
    """The attributes in values, as against tests; the methods that are called are none."""
    for node in nodes:
        children: Sequence[ir.Node] = list(ir.children_of(node))
        match node:
            case ir.Compare():
                continue
            case ir.Branch(test=test) | ir.While(test=test):
                children = [child for child in children if child is not test]
            case ir.Call(func=ir.Attribute(base=base) as func):
                children = [base, *(child for child in children if child is not func)]
            case ir.Attribute():
                yield node
        yield from _in_values(children)


def check_held(functions: Sequence[Gradient]) -> list[Finding]:
    """Make the text of a module's first function look at its arguments: whether they hold what is read of them by name. What is
    refused: such names that classes of records made in the module have, and their objects do not."""
    root, names = functions[0], {name for each in functions for name in each.by_name}
    for parameter in root.holding if names else ():
        root.edits.needed.add("check_held")
        shown = tuple(ir.Const(name) for name in sorted(names))
        check = ir.Evaluate(ir.Call(ir.Name("check_held", "global"), (ir.Name(parameter), *shown)))
        root.edits.before.setdefault(root.function.body[0], []).insert(0, check)
    found: list[Finding] = []
    for each in functions:
        for call in found_in(each.function, ir.Call) if names else ():
            fields = record_fields(call.target)
            for name in sorted(names.difference(fields)) if fields is not None else ():
                if hasattr(call.target, name):
                    construct = f"{name!r} of a {call.target.__name__}, which its class has and no field is"
                    found.append(each.read.refusals.finding("GG106", call.span, construct=construct))
    return found
