"""The derivative of a call of what np.vectorize makes: the function's gradient, given entries in the same way.

Never looks at single entries.
"""
from __future__ import annotations

from gradgen.analyse.program import CallSite
from gradgen.analyse.solvers.entrywise import function_of_entries, whole_of
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import NUMBER, TRUTH, WHOLE
from gradgen.transform.expressions.calls import Calls, Walk
from gradgen.transform.expressions.contributions import Temporary
from gradgen.transform.expressions.terms import Term, product_of

OF_NUMPY = ir.Name("numpy.vectorize", "global")


@dataclass(frozen=True, slots=True)
class Entries:
    """A call of a function of entries: what it runs, and the parameters that receive something that varies."""

    call: ir.Call
    site: CallSite
    moving: tuple[str, ...]

    def whole(self, name: str) -> ir.Expr:
        """What a parameter's entries are taken from."""
        return whole_of(self.site.arguments[name])

    def done(self, function: str, count: int, keywords: tuple[tuple[str | None, ir.Expr], ...]) -> ir.Expr:
        """A function of `count` results, done to the entries of the arguments and of further ones."""
        types = ir.Display("list", (ir.Name("float", "global"),) * count)
        made = ir.Call(OF_NUMPY, (ir.Name(function, "global"),), (("otypes", types),))
        own = tuple((name, ir.Value(value)) for name, value in self.call.keywords)
        captured = tuple((name, ir.Name(variable)) for name, variable in self.site.captured)
        return ir.Call(made, tuple(map(ir.Value, self.call.args)), (*own, *captured, *keywords))

    def of_floats(self, adjoint: ir.Expr) -> ir.Expr:
        """An adjoint or tangent of the result, which is one of floats."""
        return ir.Call(ir.Name("of_floats", "global"), (adjoint, ir.Value(self.call)))


def entries_in(call: ir.Call, walk: Walk) -> Entries | None:
    """What a call runs; None, and a refusal, where that is not known well enough."""
    function = function_of_entries(call)
    site = None if function is None else walk.callees.site(function)
    if function is None or site is None or site.receiver is not None or walk.kinds.of(call) is None:
        Calls(walk).refuse(call)
        return None
    numbers, arguments = (NUMBER, WHOLE, TRUTH), site.arguments
    if walk.kinds.of(function) != NUMBER or any(walk.kinds.of(arguments[name]) not in numbers for name in site.read.captures):
        walk.refusals.add("GG106", call.span, construct="np.vectorize of a function of more than numbers")
        return None
    if walk.callees.acts(site) or not walk.callees.may_run_again(site):
        walk.refusals.add("GG106", call.span, construct="np.vectorize of a function that does more than compute")
        return None
    names = (name for name in site.read.parameters if name in site.arguments)
    walk.needed.add("of_floats")
    return Entries(call, site, tuple(name for name in names if walk.leaves_below(site.arguments[name])))


@dataclass(frozen=True, slots=True)
class Vectorized:
    """Passes the adjoints of arrays that were made entry by entry on to the arrays that they were made of."""

    walk: Walk

    def pass_on(self, call: ir.Call, term: Term) -> None:
        """z = f(x, y) for each entry: dx is dz * f_x, summed where x was broadcast."""
        entries = entries_in(call, self.walk)
        if entries is None or not entries.moving or term.adjoint is None:
            return
        if not self.walk.callees.is_settled:
            Calls(self.walk).refuse(call)
            return
        callee = Calls(self.walk).callee(call, entries.site, entries.moving)
        if callee is None:
            return
        seed = entries.of_floats(product_of(replace(term, guards=())))
        partials = ir.Name(self.walk.names.numbered("partials"))
        made = entries.done(callee.gradient, len(entries.moving), ((callee.seed, seed),))
        self.walk.found.temporaries.append(Temporary(partials.id, made, term.guards))
        shape = self.walk.kinds.shape(call)
        for index, name in enumerate(entries.moving):
            part = ir.Item(partials, ir.Const(index)) if len(entries.moving) > 1 else partials
            self.walk.visit(entries.whole(name), Term(part, guards=term.guards, shape=shape))
