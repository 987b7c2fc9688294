"""The lines by which a text that writes to an argument's array, or container, makes sure that no other argument shares it.

Never looks at what a function makes itself: analyse.sharing.views and analyse.sharing.variables follow that.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.sharing.views import ArrayFacts
from gradgen.analyse.surroundings.handed_twice import written_beside_others
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.read.refusals import Refusals
from gradgen.transform.gradient import ForwardEdits
from gradgen.transform.guarding.saying import message_of, raised
from gradgen.transform.planning import Planner


def keep_apart(function: ir.Function, arrays: ArrayFacts, refusals: Refusals, edits: ForwardEdits) -> None:
    """Raise, before anything else, where an array that is written to shares its data with another argument's."""
    given = arrays.kinds.given
    done: set[str] = set()
    for name, store in arrays.written.items():
        done.add(name)
        others = [
            value for parameter in function.parameters if parameter.name not in done or parameter.name not in arrays.written
            for value in _arrays_in(ir.Name(parameter.name), given.get(parameter.name)) if parameter.name != name
        ]
        shared = tuple(ir.Call(ir.Name("numpy.shares_memory", "global"), (ir.Name(name), other)) for other in others)
        if not shared:
            continue
        test = shared[0] if len(shared) == 1 else ir.Op("or", shared)
        finding = refusals.finding("GG109", store.span, construct=f"{name!r}, whose data another argument shares")
        line = ir.Branch(test, (raised(edits, message_of(finding)),), ())
        edits.before.setdefault(function.body[0], []).insert(0, line)


def keep_containers_apart(function: ir.Function, planner: Planner) -> None:
    """Raise, before anything else, where a container that is written to is another argument's as well."""
    refusals, edits, callees = planner.refusals, planner.edits, planner.callees
    kinds = planner.arrays.kinds
    for each in written_beside_others(function, planner.activity.versions, kinds, planner.held, callees.site, callees.keeps):
        construct = f"{each.name!r}, which another argument is or holds as well"
        message = message_of(refusals.finding("GG109", each.place.span, construct=construct))
        if each.have_rows:
            edits.needed.update(("check_parts", "NonDifferentiableError"))
            names = map(ir.Name, (each.name, *each.others))
            line: ir.Stmt = ir.Evaluate(ir.Call(ir.Name("check_parts", "global"), (ir.Const(message), *names)))
        else:
            own = ir.Name(each.name)
            tests = tuple(ir.Compare(("is",), (own, ir.Name(other))) for other in each.others)
            test = tests[0] if len(tests) == 1 else ir.Op("or", tests)
            line = ir.Branch(test, (raised(edits, message),), ())
        edits.before.setdefault(function.body[0], []).insert(0, line)


def _arrays_in(value: ir.Expr, kind: AnyKind) -> Iterator[ir.Expr]:
    """The arrays that an argument is or holds."""
    match kind:
        case Kind(shape=shape) if shape != ():
            yield value
        case Holder(items=tuple() as items, keys=keys, is_record=is_record):
            for index, item in enumerate(items):
                key = index if keys is None else keys[index]
                inner = ir.Attribute(value, str(key)) if is_record else ir.Item(value, ir.Const(key))
                yield from _arrays_in(inner, item)

