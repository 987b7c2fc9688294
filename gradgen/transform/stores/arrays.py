"""Plans stores into arrays: `x[i] = v` hands the adjoint of those elements to `v` and leaves none behind.

Never follows data under another name: where an array may have one, the store is refused.
"""
from __future__ import annotations

from gradgen.analyse.kinds.indexing import parts_of, picks_by_what_moves
from gradgen.ir import nodes as ir
from gradgen.ir.queries import reads
from gradgen.rules.shapes import array_of
from gradgen.rules.whole.replacing import PLACES
from gradgen.transform.arrays.text import settled_index
from gradgen.transform.expressions.complexes import is_complex
from gradgen.transform.expressions.contributions import Requirement
from gradgen.transform.expressions.terms import Term
from gradgen.transform.planning import Planner
from gradgen.transform.statement import Handing, Stored, plan_statement

REPEATED = "an index array names an element twice: which value stays is not told by the derivative"


def array_store(planner: Planner, stmt: ir.Assign, target: ir.ItemTarget, base: ir.Name, is_in_loop: bool) -> None:
    """`x[index] = value` and `x[index] += value`."""
    if picks_by_what_moves(target.index, planner.activity.is_varied, planner.arrays.kinds):
        planner.refusals.add("GG106", target.index.span, construct="a look-up by a value that varies")
        return
    stored = stmt.value.args[1] if isinstance(stmt.value, ir.Op) and stmt.augmented is not None else stmt.value
    if planner.activity.is_varied(stored) and is_complex(base, planner.arrays.kinds) != is_complex(stored, planner.arrays.kinds):
        planner.refusals.add("GG106", stmt.span, construct="a store of real values among complex ones, or the other way round")
        return
    adjoint = planner.names.adjoint(base.id)
    place = ir.Item(ir.Name(adjoint), settled_index(target.index))
    shape = planner.arrays.kinds.shape(ir.Item(base, target.index)) if planner.arrays.kinds.has_arrays else ()
    value = stmt.value
    requirements = [] if is_at_indices(value) or not _needs_unique(planner, stmt, stored) else _unique(planner, target.index)
    bounds = tuple(_bounds(target.index))
    if isinstance(value, ir.Op) and stmt.augmented in ("add", "sub"):
        sign = 1 if stmt.augmented == "add" else -1
        added = value.args[1]
        if not reads(added, base.id):
            term, stored_at = Term(place, sign, shape=shape), Stored(base.id, bounds)
        else:
            taken = planner.names.numbered(adjoint)
            term, stored_at = Term(ir.Name(taken), sign, shape=shape), Stored(base.id, bounds, place, taken, keeps=True)
        handed = (added, term)
    elif reads(value, base.id):
        # the value comes from the array itself: its adjoint is taken out before anything is added
        taken = planner.names.numbered(adjoint)
        whole = planner.arrays.kinds.shape(value) if fills(value) else shape
        handed, stored_at = (value, Term(ir.Name(taken), shape=whole)), Stored(base.id, bounds, place, taken)
    else:
        handed, stored_at = (value, Term(place, shape=shape)), Stored(base.id, bounds, place)
    plan_statement(planner, Handing(stmt, value, is_in_loop, terms=[handed], stored=stored_at, requirements=requirements))


def _unique(planner: Planner, index: ir.Expr) -> list[Requirement]:
    """Stores through whole numbers in an array are followed only where no element is named twice."""
    arrays = []
    for part in parts_of(index):
        if isinstance(part, ir.Slice | ir.Const):
            continue
        kind = array_of(planner.arrays.kinds.of(part))
        if kind is None or kind.shape != () and kind.dtype != "bool":
            arrays.append(part)
    if not arrays:
        return []
    given: tuple[ir.Expr, ...] = tuple(ir.Value(part) for part in arrays)
    return [Requirement(ir.Op("all_different", given), REPEATED, ())]


def _bounds(index: ir.Expr) -> list[ir.Expr]:
    """The values that an index is made of."""
    found: list[ir.Expr] = []
    for part in parts_of(index):
        inner = (part.lower, part.upper, part.step) if isinstance(part, ir.Slice) else (part,)
        found.extend(each for each in inner if each is not None and not isinstance(each, ir.Const))
    return found


def _needs_unique(planner: Planner, stmt: ir.Assign, stored: ir.Expr) -> bool:
    """Whether it matters that an element is named twice: not where what is stored does not vary."""
    return stmt.augmented is not None or planner.activity.is_varied(stored)


def is_at_indices(value: ir.Expr) -> bool:
    """Whether a value is what `np.add.at(y, i, v)` leaves: elements that are named twice collect from each."""
    return isinstance(value, ir.Op) and (value.spelling or "").endswith(".at")


def fills(value: ir.Expr) -> bool:
    """Whether a value is what stood in a place before with some elements replaced: it has the shape of the place."""
    return isinstance(value, ir.Op) and value.op in PLACES
