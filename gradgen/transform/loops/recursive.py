"""Writes the gradient of a function that calls itself by the pair that its calls of itself have: one forward part, one backward.

Never changes what the pair computes.
"""
from __future__ import annotations

from gradgen.analyse.program import Analysed
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.spans import Span
from gradgen.transform.expressions.callees import Callee
from gradgen.transform.gradient import ForwardEdits, Gradient, Request
from gradgen.transform.guarding.guards import result_guard
from gradgen.transform.names import Given

OF_CONTAINERS = frozenset({"shaped_like", "zero_gradient", "zeros_like"})


def by_pair(root: Gradient, analysed: Analysed, request: Request, callee: Callee) -> Gradient:
    """The gradient as a call of the forward and one of the backward function, where all that it hands out are numbers."""
    function = analysed.read.function
    output, seed = next(iter(root.seeds.items()))
    adjoints = [f"d{name}" for name in request.wrt]
    taken = {seed, *analysed.read.parameters}
    names = [output, "kept", *adjoints]
    is_plain = all(parameter.kind in ("positional", "either", "keyword") for parameter in function.parameters)
    returned = [stmt.value for stmt in analysed.versions.returns]
    are_numbers = all(
        value is not None and (analysed.activity.is_varied(value) or isinstance(value, ir.Const) and _is_number(value.value))
        for value in returned
    )
    shown = next((value for value in returned if not isinstance(value, ir.Display | ir.Comprehension | None)), None)
    if not (is_plain and are_numbers and shown is not None) or taken & set(names) or len(set(names)) < len(names) or root.fixed:
        return root
    if (root.edits.needed | root.helpers) & OF_CONTAINERS or analysed.read.captures or len(root.seeds) > 1:
        return root
    edits = ForwardEdits()
    given = tuple(ir.Name(each.name) for each in function.parameters if each.kind != "keyword")
    named = tuple((each.name, ir.Name(each.name)) for each in function.parameters if each.kind == "keyword")
    forward = ir.Call(ir.Name(callee.forward or "", "global"), given, named)
    backward = ir.Call(
        ir.Name(callee.gradient, "global"), (ir.Starred(ir.Name("kept")),), ((callee.seed, ir.Name(seed)),)
    )
    targets = tuple(map(ir.NameTarget, adjoints))
    gradients = tuple(map(ir.Name, adjoints))
    gradient = gradients[0] if request.is_bare else ir.Display("tuple", gradients)
    lines: list[ir.Stmt] = [
        ir.Assign(ir.TupleTarget((ir.NameTarget(output), ir.NameTarget("kept"))), forward),
        *result_guard({output: shown}, edits),
        ir.Comment(""), ir.Comment("backward"),
        ir.Assign(targets[0] if len(targets) == 1 else ir.TupleTarget(targets), backward),
        ir.Exit("return", ir.Display("tuple", (ir.Name(output), gradient)) if request.with_value else gradient),
    ]
    assert function.body[0].span is not None
    start = function.body[0].span.start
    place = ir.Inert((), (), "", span=Span(start, start))
    edits.after[place] = lines
    return replace(root, function=replace(function, body=(place,)), edits=edits, helpers=set(), given=Given())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
