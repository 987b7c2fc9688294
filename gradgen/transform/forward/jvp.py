"""Forward mode: a function and its facts become a function of its value and its tangent, written beside each other.

Never reads source and never prints.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.analyse.kinds.dicts import dict_names
from gradgen.analyse.kinds.kind import container_names, container_versions, handed_as_containers, not_surely_numbers
from gradgen.analyse.kinds.values import holds_dtype
from gradgen.analyse.program import Analysed
from gradgen.analyse.recording.stability import known_by_attribute
from gradgen.analyse.recording.steadiness import Changes
from gradgen.analyse.sharing.aliases import aliased_containers
from gradgen.analyse.sharing.views import array_facts
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.queries import is_name
from gradgen.read.callables import stem_of
from gradgen.read.refusals import short_name
from gradgen.rules.carried import ANEW, carried_helper
from gradgen.transform.control import Control
from gradgen.transform.expressions.complexes import refuse_signs
from gradgen.transform.forward.by_name import attributes_read
from gradgen.transform.forward.callees import TangentCallees
from gradgen.transform.forward.mirror import mirrored
from gradgen.transform.forward.own_part import backward_part
from gradgen.transform.forward.pruning import drop_unread
from gradgen.transform.forward.statements import Statements
from gradgen.transform.forward.walk import Walk
from gradgen.transform.gradient import Gradient
from gradgen.transform.guarding.apart import keep_apart, keep_containers_apart
from gradgen.transform.guarding.guards import guard_kinds, guard_what_turns_real
from gradgen.transform.guarding.in_place import look_at_changes
from gradgen.transform.guarding.refusing import raise_at_the_end, refuse_ahead, refuse_hopeless
from gradgen.transform.names import Names
from gradgen.transform.planning import Planner
from gradgen.transform.results import names_outside
from gradgen.transform.stores.cut_results import refuse_cut_results


@dataclass(frozen=True, slots=True)
class TangentRequest:
    """What is asked for: the generated function's name, wrt, and whether it returns the value too.

    `tangents` are the names of the tangent parameters; a callee's results and arguments are not looked at. Where arguments are
    short, tangents get the dtypes of the values that they belong to.
    """

    name: str
    wrt: tuple[str, ...]
    docstring: str
    with_value: bool = True
    is_plain: bool = False
    tangents: Mapping[str, str] = field(default_factory=dict)
    is_callee: bool = False
    is_short: bool = False


def forward(analysed: Analysed, request: TangentRequest, callees: TangentCallees, reserved: set[str]) -> Gradient:
    """The forward-mode function. Refusals are collected in the read function, not raised."""
    read, function, activity, versions = analysed.read, analysed.read.function, analysed.activity, analysed.versions
    variables = frozenset(read.parameters) | frozenset(read.captures) | frozenset(ir.names_bound(function.body))
    names = Names({*variables, *names_outside(read), *reserved})
    for variable, name in request.tangents.items():
        names.name_tangent(variable, name)
    tangents = {name: names.tangent(name) for name in request.wrt}
    held = container_versions(function, versions, callees.site, callees.takes, analysed.kinds)
    arrays = array_facts(function, analysed.kinds)
    containers = container_names(held, activity) - frozenset(arrays.variables)
    aliased, changing, joint = aliased_containers(
        function, activity, analysed.kinds, containers, held, callees.site, callees.makes, is_mirrored=True,
    )
    unstable = (changing - known_by_attribute(function, callees.changing)) | aliased | arrays.joint | callees.changing
    aliased |= callees.stored_outside() | arrays.joint - arrays.variables.keys()
    output = _output(analysed, names)
    planner = Planner(
        activity, names, read.refusals, {}, variables | {output}, Changes(unstable), aliased, containers,
        containers - dict_names(versions), held, (output,), False, callees,
        arrays, request.is_plain,
    )
    planner.takes_floats = not request.is_callee
    planner.is_short = request.is_short
    refuse_ahead(planner, function, request.is_callee)
    refuse_cut_results(planner, function)
    with_tangents = mirrored(activity)
    statements = Statements(planner, callees, with_tangents, held, f"{short_name(read.file)}:{read.refusals.first_line}: ", joint)
    is_looked_at = not request.with_value and _looks_at_numbers(function)
    is_guarded = not request.is_callee and not is_looked_at and not _returns_container(analysed)
    walk = Walk(statements, Control(planner), output, is_guarded, request.with_value)
    walk.block(function.body)
    if not request.with_value and not request.is_plain:
        kept = frozenset(read.parameters) | frozenset(read.captures)
        drop_unread(function.body, planner.edits, arrays.kinds, kept, callees.tangent_alone, backward_part(read))
    refuse_signs(function, arrays.kinds, activity, read.refusals)
    refuse_hopeless(function.body, walk.control.refused, read.refusals.findings)
    raise_at_the_end(planner, function, not request.is_callee)
    if not analysed.result_varies and callees.searches_by_recursion(analysed):
        read.refusals.add("GG112", function.span, construct=f"{function.name}()")
    for parameter in reversed(read.parameters):
        version = versions.of_parameter[parameter]
        if version in with_tangents and parameter not in request.wrt:
            planner.edits.before.setdefault(function.body[0], []).insert(0, statements.zero_line(parameter, version))
        elif not request.is_callee and parameter in request.wrt and analysed.kinds.may_hold_array(version):
            checked = "complex_tangent" if holds_dtype(analysed.kinds.of_version[version], "complex") else "checked_tangent"
            planner.edits.needed.add(checked)
            check = ir.Call(ir.Name(checked, "global"), (ir.Name(parameter), ir.Name(tangents[parameter])))
            line = ir.Assign(ir.NameTarget(tangents[parameter]), check)
            planner.edits.before.setdefault(function.body[0], []).insert(0, line)
        elif not request.is_callee and parameter in request.wrt and version in held:
            planner.edits.needed.add("check_tangent")
            check = ir.Call(ir.Name("check_tangent", "global"), (ir.Name(parameter), ir.Name(tangents[parameter])))
            lines = planner.edits.before.setdefault(function.body[0], [])
            if _is_changed(parameter, function):  # the caller's tangents stay as they are
                own = ir.Call(ir.Attribute(ir.Name(tangents[parameter]), "copy"), ())
                lines.insert(0, ir.Assign(ir.NameTarget(tangents[parameter]), own))
            lines.insert(0, ir.Evaluate(check))
    if not request.is_callee:
        keep_containers_apart(function, planner)
    look_at_changes(planner, function, request.is_callee)
    if arrays.kinds.has_arrays and not request.is_callee:
        keep_apart(function, arrays, analysed.read.refusals, planner.edits)
        guard_kinds(function, arrays.kinds.given, planner.edits)
    elif not arrays.kinds.has_arrays:
        guard_what_turns_real(function, containers, planner.edits)
    return Gradient(
        request.name, function, read, tangents, planner.edits, request.docstring, are_seeds_required=True,
        has_parts=False, given=names.given(), by_name=attributes_read(function, activity, arrays.kinds, callees.class_of),
        is_shared=not request.is_plain, has_arrays=arrays.kinds.has_arrays,
        holding=tuple(each for each in request.wrt if versions.of_parameter[each] in held),
        may_hold=frozenset(request.wrt) & (
            not_surely_numbers(function, callees.site) | handed_as_containers(function, versions, callees.site, callees.takes)
        ),
    )


def _is_changed(parameter: str, function: ir.Function) -> bool:
    """Whether a function stores into a list or dict that it is given, or takes from it."""
    methods = (call.func for call in found_in(function, ir.Call) if isinstance(call.func, ir.Attribute))
    changed = [method.base for method in methods if method.name == "pop"]
    changed += [node.base for node in found_in(function, ir.ItemTarget, ir.Append)]
    return any(is_name(base, parameter) for base in changed)


def _looks_at_numbers(function: ir.Function) -> bool:
    """Whether a function makes sure itself that it computes with numbers, as gradients do."""
    return any(carried_helper(call.target) == "check_number" for call in found_in(function, ir.Call))


def _returns_container(analysed: Analysed) -> bool:
    held = container_versions(analysed.read.function, analysed.versions)
    values = [stmt.value for stmt in analysed.versions.returns]
    if any(isinstance(value, ir.Call) and carried_helper(value.target) in ANEW for value in values):
        return True
    return any(isinstance(value, ir.Name) and analysed.versions.of_read.get(value) in held for value in values)


def _output(analysed: Analysed, names: Names) -> str:
    """What the result is called: the variable that every return hands out, or the function's own name."""
    found = {
        stmt.value.id if isinstance(stmt.value, ir.Name) and stmt.value.scope == "local" else None
        for stmt in analysed.versions.returns
    }
    only = found.pop() if len(found) == 1 else None
    if only is not None:
        return only
    name = stem_of(analysed.read.function.name, "value")
    return names.fresh(name if name not in names.taken else "value")
