"""Plans stores into containers and appends to them: the element's adjoint goes to the stored value.

Never plans what binds a variable.
"""
from __future__ import annotations

from gradgen.analyse.kinds.arrays import Kinds, kinds_source
from gradgen.analyse.sharing.views import ArrayFacts
from gradgen.analyse.surroundings.given import makes_array
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Kind
from gradgen.ir.nested import Nested, item_at
from gradgen.ir.queries import reads
from gradgen.read.storing import is_whole
from gradgen.transform.expressions.terms import Term
from gradgen.transform.planning import Planner
from gradgen.transform.statement import Handing, Stored, plan_statement
from gradgen.transform.stores.arrays import array_store, fills
from gradgen.transform.stores.unread import may_be_unread


def store(planner: Planner, stmt: ir.Assign, target: ir.ItemTarget | ir.AttributeTarget, is_in_loop: bool) -> None:
    """`p[i] = value`: the element's adjoint goes to the value, and is zero before the store."""
    base = target.base
    version = planner.activity.versions.of_node.get(target)
    if isinstance(base, ir.Name) and not _may_store(planner, base, stmt):
        return
    if not isinstance(base, ir.Name) or version is None:
        if planner.activity.is_varied(stmt.value):
            planner.refusals.add("GG102", stmt.span, construct="an object from outside")
        return
    if not planner.activity.is_active_version(version):
        if planner.activity.is_varied(stmt.value) and isinstance(target, ir.AttributeTarget):
            planner.refusals.add("GG106", stmt.span, construct="a store into an attribute")
        return
    if not _may_store(planner, base, stmt):
        return
    if isinstance(target, ir.AttributeTarget):
        planner.refusals.add("GG106", stmt.span, construct="a store into an attribute")
        return
    if _has_no_elements(planner.arrays.kinds, base):
        planner.refusals.add("GG106", stmt.span, construct="a store into what has no elements")
        return
    if (is_whole(target) or fills(stmt.value)) and not isinstance(planner.arrays.kinds.of(base), Kind):
        planner.refusals.add("GG106", stmt.span, construct="a call that may change a container")
        return
    if planner.arrays.kinds.may_be_array(base) and not isinstance(target.index, ir.Opaque):
        array_store(planner, stmt, target, base, is_in_loop)
        return
    path = target.index.path if isinstance(target.index, Nested) else (target.index,)
    if any(isinstance(each, ir.Slice | ir.Opaque) for each in path) or not path:
        planner.refusals.add("GG106", stmt.span, construct="a store into a slice or a nested container")
        return
    adjoint = planner.names.adjoint(base.id)
    place = item_at(ir.Name(adjoint), tuple(map(ir.Value, path)))
    assert isinstance(place, ir.Item)
    value = stmt.value
    if isinstance(value, ir.Op) and stmt.augmented in ("add", "sub"):  # the element's own adjoint stays as it is
        sign, added = 1 if stmt.augmented == "add" else -1, value.args[1]
        shape = planner.seed_shape(value)
        if not reads(added, base.id):
            handed, stored = (added, Term(place, sign, shape=shape)), Stored(base.id, path)
        else:  # what is added comes from the container: its adjoint is read before anything is added
            taken = _taken(planner, adjoint, value)
            handed, stored = (added, Term(taken, sign, shape=shape)), Stored(base.id, path, place, taken.id, keeps=True)
    else:
        is_unread = may_be_unread(planner.activity.versions, base.id, target.index, target, is_in_loop)
        shape = () if is_unread else planner.seed_shape(value)
        if reads(value, base.id):  # the value comes from the container: its adjoint is taken out before anything is added
            taken = _taken(planner, adjoint, value)
            handed, stored = (value, Term(taken, shape=shape)), Stored(base.id, path, place, taken.id, is_unread=is_unread)
        else:
            handed, stored = (value, Term(place, shape=shape)), Stored(base.id, path, place, is_unread=is_unread)
    plan_statement(planner, Handing(stmt, value, is_in_loop, terms=[handed], stored=stored))


def _taken(planner: Planner, adjoint: str, value: ir.Expr) -> ir.Name:
    """A name for an element of a container's adjoint, or for its last one, which is taken out."""
    taken = planner.names.numbered(adjoint)
    planner.arrays.kinds.named[taken] = planner.arrays.kinds.of(value)
    return ir.Name(taken)


def _has_no_elements(kinds: Kinds, base: ir.Name) -> bool:
    """Whether a store goes into a number, or into what is made like one: `np.empty_like(x)` where there are no arrays."""
    kind, made = kinds.of(base), kinds_source(kinds, base)
    if isinstance(kind, Kind):
        return kind.shape == ()
    return not kinds.has_arrays and isinstance(made, ir.Op | ir.Call) and makes_array(made)


def append(planner: Planner, stmt: ir.Append, is_in_loop: bool) -> None:
    """`p.append(value)`: the last element's adjoint goes to the value."""
    if not _may_store(planner, stmt.base, stmt) or stmt.base.id not in _active_containers(planner):
        return
    adjoint = planner.names.adjoint(stmt.base.id)
    popped = _taken(planner, adjoint, stmt.value)
    is_unread = may_be_unread(planner.activity.versions, stmt.base.id, None)
    terms = [(stmt.value, Term(popped, shape=() if is_unread else planner.seed_shape(stmt.value)))]
    stored = Stored(stmt.base.id, popped=popped.id, is_unread=is_unread)
    plan_statement(planner, Handing(stmt, stmt.value, is_in_loop, terms=terms, stored=stored))


def _active_containers(planner: Planner) -> set[str]:
    """Variables that hold a container which is active at some point: every append to one moves its adjoint along."""
    return {version.name for version in planner.activity.useful & planner.activity.varied if version.name in planner.containers}


def _may_store(planner: Planner, base: ir.Name, stmt: ir.Stmt) -> bool:
    if base.id in planner.aliased or stmt in planner.arrays.barred:
        planner.refusals.add("GG109", stmt.span, construct=repr(base.id), **other_names(stmt, base.id, planner.arrays))
        return False
    return True


def other_names(stmt: ir.Stmt, name: str, arrays: ArrayFacts) -> dict[str, str]:
    """The words for the names that may hold the data which a statement changes in place, beside the one it does so through."""
    others = sorted(map(repr, arrays.stores.get(stmt, frozenset()) - {name}))
    return {"detail": " or ".join(others)} if 0 < len(others) < 4 else {}
