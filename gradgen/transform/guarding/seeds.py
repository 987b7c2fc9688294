"""The lines by which a vjp makes sure of its seeds: numbers for results that are numbers, arrays of their shapes for arrays.

Never looks at the seeds of gradients, which are 1.0 where nobody says otherwise, nor at those of callees.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.ir.kinds import AnyKind, Dim, Kind, Shape, joined_all
from gradgen.transform.guarding import guards
from gradgen.transform.planning import Planner

CHECKED = {"float": "checked_seed", "complex": "complex_seed"}


@dataclass(frozen=True, slots=True)
class Seeds:
    """The seeds of a function by its results. Without `names` nothing is looked at."""

    planner: Planner
    names: Mapping[str, str]
    returns: Sequence[ir.Exit]

    def of_numbers(self, results: Mapping[str, ir.Expr]) -> list[str]:
        """In a text for numbers, the seeds of those results that are looked at themselves."""
        return [self.names[name] for name in results if name in self.names and not self.planner.arrays.kinds.has_arrays]

    def pairs(self) -> list[tuple[ir.Expr, str]]:
        """In a text for arrays, the seeds of results that are numbers, as `check_shapes` looks at them."""
        kinds = self.planner.arrays.kinds
        return [(ir.Name(self.names[name]), "") for name, kind in self._kinds().items() if kinds.has_arrays and _is_number(kind)]

    def look_first(self, function: ir.Function) -> None:
        """Look at the seeds of arrays whose shapes the arguments tell, before anything else."""
        edits = self.planner.edits
        for name, kind in reversed(self._kinds().items()):
            shape = self._told(kind)
            if isinstance(kind, Kind) and shape is not None:
                edits.before.setdefault(function.body[0], []).insert(0, self._checked(name, kind, shape))

    def look_later(self, value: ir.Expr) -> list[ir.Stmt]:
        """Look at the other seeds beside the result, which stands by then."""
        planner, found = self.planner, list[ir.Stmt]()
        kinds = self._kinds()
        for name in self._varied(value):
            kind = kinds.get(name)
            if name not in self.names or _is_number(kind) or self._told(kind) is not None:
                continue
            if isinstance(kind, Kind) and kind.shape is not None and kind.dtype in CHECKED:
                found.append(self._checked(name, kind, ir.Attribute(ir.Name(name), "shape")))
            elif guards.is_record(guards.results_of(value, planner)[name], planner):
                planner.edits.needed.add("check_record")
                found.append(ir.Evaluate(ir.Call(ir.Name("check_record", "global"), (ir.Name(name), ir.Name(self.names[name])))))
            elif self._is_taken_apart(value, name):
                planner.edits.needed.add("own_seed")
                seed = ir.Name(self.names[name])
                own = ir.Call(ir.Name("own_seed", "global"), (ir.Name(name), seed))
                found.append(ir.Assign(ir.NameTarget(seed.id), own))
            elif kind is None or not isinstance(kind, Kind):
                planner.edits.needed.add("check_seed")
                found.append(ir.Evaluate(ir.Call(ir.Name("check_seed", "global"), (ir.Name(name), ir.Name(self.names[name])))))
        return found

    def may_take_apart(self, versions: Versions) -> bool:
        """Whether the containers that are handed out are lists and dicts under one name each."""
        planner, results = self.planner, (guards.results_of(stmt.value, self.planner) for stmt in self.returns)
        names = [each for found in results for each in found.values() if isinstance(each, ir.Name)]
        return {each.id for each in names if versions.of_read.get(each) in planner.held} <= planner.containers - planner.aliased

    def at_rest(self, results: Sequence[str]) -> list[ir.Stmt]:
        """Hand out the results themselves where no seed is given."""
        values = tuple(map(ir.Name, results))
        value = values[0] if len(values) == 1 and not self.planner.is_tuple else ir.Display("tuple", values)
        test = ir.Compare(("is",), (ir.Name(self.planner.names.adjoint(results[0])), ir.Const(None)))
        return [ir.Branch(test, (ir.Exit("return", value),), ())]

    def _is_taken_apart(self, value: ir.Expr, name: str) -> bool:
        """Whether a result is a variable that holds a container, whose adjoint changes on the way back."""
        result = guards.results_of(value, self.planner)[name]
        return isinstance(result, ir.Name) and result.id in self.planner.containers

    def _varied(self, value: ir.Expr) -> list[str]:
        results = guards.results_of(value, self.planner)
        if self.planner.arrays.kinds.has_arrays:
            return [name for name, each in results.items() if self.planner.activity.is_varied(each)]
        numbers = guards.looked_at(results, self.planner)
        varied = [name for name, each in results.items() if self.planner.activity.is_varied(each)]
        return [name for name in varied if name not in numbers or guards.is_flat(results[name])]

    def _kinds(self) -> dict[str, AnyKind]:
        """What is known of the results that vary, in a text for arrays."""
        kinds, activity = self.planner.arrays.kinds, self.planner.activity
        if not kinds.has_arrays:
            return {}
        found: dict[str, list[AnyKind]] = {}
        for stmt in self.returns:
            for name, value in guards.results_of(stmt.value, self.planner).items():
                if name in self.names and activity.is_varied(value):
                    found.setdefault(name, []).append(kinds.of(value))
        return {name: None if None in each else joined_all(each) for name, each in found.items()}

    def _told(self, kind: AnyKind) -> ir.Expr | None:
        """The shape of an array by the shapes of arguments; None where these do not tell it."""
        if not isinstance(kind, Kind) or not kind.shape or kind.dtype not in CHECKED:
            return None
        return _by_arguments(kind.shape, self.planner.arrays.kinds)

    def _checked(self, name: str, kind: Kind, shape: ir.Expr) -> ir.Stmt:
        helper, seed = CHECKED[kind.dtype], self.names[name]
        self.planner.edits.needed.add(helper)
        return ir.Assign(ir.NameTarget(seed), ir.Call(ir.Name(helper, "global"), (ir.Name(seed), shape)))


def _is_number(kind: AnyKind) -> bool:
    return isinstance(kind, Kind) and kind.shape == () and kind.dtype == "float"


def _by_arguments(shape: Shape, kinds: Kinds) -> ir.Expr | None:
    given = {name: kind.shape for name, kind in kinds.given.items() if isinstance(kind, Kind) and kind.shape}
    whole = next((name for name, own in given.items() if own == shape), None)
    if whole is not None and not all(dim.is_one for dim in shape):
        return ir.Attribute(ir.Name(whole), "shape")
    parts = []
    for dim in shape:
        parts.append(_dimension(dim, given))
    known = tuple(part for part in parts if part is not None)
    return ir.Display("tuple", known) if len(known) == len(parts) else None


def _dimension(dim: Dim, given: Mapping[str, Shape]) -> ir.Expr | None:
    """A number, or that of an argument's axis and how much more or less it is."""
    if not dim.terms:
        return ir.Const(dim.const)
    bare = Dim(dim.terms)
    place = next(((name, axis) for name, own in given.items() for axis, each in enumerate(own) if each == bare), None)
    if place is None:
        return None
    length = ir.Item(ir.Attribute(ir.Name(place[0]), "shape"), ir.Const(place[1]))
    if not dim.const:
        return length
    return ir.Op("add" if dim.const > 0 else "sub", (length, ir.Const(abs(dim.const))))
