"""The last passes over the backward lines of a function of arrays, once all stand: who owns what, and what needs no array.

Never writes a derivative.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.ir.kinds import Kind, joined_all
from gradgen.transform.passes.listed import named_once
from gradgen.transform.passes.ownership import copied, owned
from gradgen.transform.passes.scaled import scaled
from gradgen.transform.planning import Planner
from gradgen.transform.stores.first_stores import stored_first
from gradgen.transform.stores.unfilled import unfilled


@dataclass(frozen=True, slots=True)
class Finishing:
    """What the passes know of a function: its `seeds` by the results that they belong to, its variables, whether it `is_callee`,
    whose seed nobody else has."""

    planner: Planner
    function: ir.Function
    seeds: Mapping[str, str]
    variables: frozenset[str]
    returns: Sequence[ir.Exit]
    wrt: Sequence[str]
    is_callee: bool

    def lines(self, lines: list[ir.Stmt], gradients: list[ir.Expr]) -> list[ir.Stmt]:
        """The lines with copies where adjoints would share data with each other or with what is the caller's."""
        kinds, names = self.planner.arrays.kinds, self.planner.names
        arrays, containers = self.planner.arrays.variables, self.planner.containers
        adjoints = {names.adjoint(name): arrays.get(name, Kind(())) for name in self.variables - containers}
        kinds.named.update({name: kind for name, kind in adjoints.items() if name not in kinds.named})
        if len(self.seeds) == 1 and self.returns:
            seed = next(iter(self.seeds.values()))
            results = joined_all([kinds.of(stmt.value) for stmt in self.returns if stmt.value is not None])
            kinds.named.setdefault(seed, kinds.settled(results, seed))
        adjoint = {names.adjoint(name) for name in self.wrt}
        returned = [node.id for gradient in gradients for node in ir.names_read(gradient) if node.id in adjoint]
        held = containers.union(arrays)
        given = [parameter.name for parameter in self.function.parameters if parameter.name in held]
        kinds.named.update((name, arrays[name]) for name in given if name in arrays and name not in kinds.named)
        hoists = [each for hoists in self.planner.edits.hoists.values() for each in hoists if each.kept is None]
        for hoist in hoists:
            kinds.named.setdefault(hoist.name, kinds.of(hoist.expr))
        # a container's seed comes from a caller of our own, who made it for this call
        seeds = (seed for name, seed in self.seeds.items() if name not in containers or name in arrays)
        made = {names.adjoint(name) for name in containers - arrays.keys()}
        result = owned(unfilled(named_once(lines), returned, kinds, arrays), returned, (*seeds, *given), kinds, made)
        if not self.planner.is_plain:
            result = stored_first(scaled(result, kinds), kinds, {hoist.name: hoist.expr for hoist in hoists})
        always = [line for line in result if isinstance(line, ir.Assign)]  # what stands in a branch or a loop need not run
        assigned = {node.id for line in always for node in ir.walk(line) if isinstance(node, ir.NameTarget)}
        handed_back = (name for name in self.seeds.values() if name in returned and name not in assigned)
        for seed in handed_back if not self.is_callee else ():  # the caller's own, as it came in
            if isinstance(kind := kinds.named.get(seed), Kind) and kind.is_array:
                result.append(ir.Assign(ir.NameTarget(seed), copied(ir.Name(seed), kinds)))
        return result
