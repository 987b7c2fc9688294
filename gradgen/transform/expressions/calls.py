"""The derivative of a call inside of an expression: of the user's own functions, of sums, of records.

Never makes a callee's derivative, and never refuses anything but a call.
"""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from gradgen.analyse.binding import SPREAD
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.program import CallSite
from gradgen.analyse.surroundings.classes import computing, conversion_of, is_shared, record_fields
from gradgen.analyse.surroundings.given import may_be_none
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import Holder, Kind
from gradgen.marks import runs_again
from gradgen.read.refusals import Refusals
from gradgen.rules.registry import SEQUENCES, rules_for
from gradgen.rules.spelling import operation_of
from gradgen.rules.statistics_of_lists import is_formula
from gradgen.rules.user import suggested_for
from gradgen.transform.arrays.results_read import nothing_at, tuple_length
from gradgen.transform.expressions.callees import Callee, Callees
from gradgen.transform.expressions.contributions import CallLine, Contributions, LoopLine, Pair, Temporary
from gradgen.transform.expressions.sequences import of_sequence
from gradgen.transform.expressions.sums import is_numpy_sum
from gradgen.transform.expressions.terms import Term, product_of
from gradgen.transform.guarding.unknown_calls import words_of
from gradgen.transform.holding import joined_lists
from gradgen.transform.names import Names


class Walk(Protocol):
    """What a call needs of the walk over the expression that it stands in."""

    kinds: Kinds
    names: Names
    refusals: Refusals
    callees: Callees
    containers: frozenset[str]
    sequences: frozenset[str]
    unstable: frozenset[str]
    found: Contributions
    pairs: dict[ir.Call, Pair]
    needed: set[str]
    recomputes: bool
    changed_later: frozenset[str]
    is_result_changed: bool

    def leaves_below(self, expr: ir.Node) -> int: ...

    def visit(self, expr: ir.Expr, term: Term) -> None: ...

    def in_full(self, expr: ir.Expr, term: Term) -> Term: ...

    def array_sum(self, summed: ir.Expr, term: Term) -> bool: ...

    def is_bound(self, value: ir.Expr) -> bool: ...


@dataclass(frozen=True, slots=True)
class Calls:
    """Passes the adjoints of calls on to their arguments, for one walk."""

    walk: Walk

    def pass_on(self, call: ir.Call, term: Term) -> None:
        """A call of the user's own function, or of a builtin over a sequence."""
        if any(call.target is function for function in (sum, math.fsum)) and call.args and not call.keywords:
            sequence, *start = call.args
            if self._sum(sequence, term):
                for first in start:
                    self.walk.visit(first, term)
                return
        if of_sequence(self.walk, call, term):
            return
        if is_numpy_sum(call.target) and len(call.args) == 1 and not call.keywords:
            if self.walk.array_sum(call.args[0], term):
                return
        fields = record_fields(call.target)
        if fields is not None and any(name is None and self.walk.leaves_below(value) for name, value in call.keywords):
            self.refuse(call)
            return
        if fields is not None and term.adjoint is not None and term.complexity == 0 and term.coefficient == 1:
            in_order = dict(zip(fields, term.adjoint.items, strict=True)) if isinstance(term.adjoint, ir.Display) else {}
            for name, value in (*zip(fields, call.args, strict=False), *call.keywords):
                if name is not None:
                    part = in_order[name] if in_order else ir.Attribute(term.adjoint, name)
                    shape = self.walk.kinds.shape(value) if self.walk.kinds.has_arrays else ()
                    self._into_field(call, name, value, Term(part, guards=term.guards, shape=shape))
            return
        is_made = isinstance(call.target, type)  # its instance is made by the forward part alone, and once
        is_of_made = isinstance(call.func, ir.Attribute) and isinstance(call.func.base, ir.Call)
        site = self.walk.callees.site(call) if is_made else None
        if site is not None and not self.walk.callees.may_run_again(site):
            self.refuse(call)
            return
        self.of_function(call, term, is_made or is_of_made or self.walk.recomputes)

    def _into_field(self, call: ir.Call, name: str, value: ir.Expr, term: Term) -> None:
        """A field of a record that is made: what it holds of the value that it is given."""
        conversion = conversion_of(call.target, name)
        if conversion.function is not None and self.walk.leaves_below(value):
            self.of_function(conversion.call(value), term, recomputes=True)
        elif conversion.is_known or not self.walk.leaves_below(value):
            self.walk.visit(value, term)
        else:
            self.refuse(call)

    def of_class(self, part: ir.Item | ir.Attribute, term: Term) -> bool:
        """A property of an object that the function makes, or what its class has for all, which does not move."""
        known = self.walk.callees.class_of(part.base) if isinstance(part, ir.Attribute) else None
        if known is None or not isinstance(part, ir.Attribute):
            return False
        call = computing(part, known)
        if call is None:
            return is_shared(known, part.name)
        site = self.walk.callees.site(call)
        if isinstance(part.base, ir.Attribute | ir.Item):
            self.walk.refusals.add("GG106", part.span, construct=f"{part.name!r} of a {known.__name__} that another object holds")
        elif site is None or self.walk.callees.acts(site):
            construct = f"{part.name!r} of a {known.__name__}, a property that does more than compute"
            self.walk.refusals.add("GG106", part.span, construct=construct)
        else:
            self.of_function(call, term, True)
        return True

    def of_function(self, call: ir.Call, term: Term, recomputes: bool) -> None:
        """A call of the user's own function; one that recomputes has nothing kept of its forward part."""
        site = self.walk.callees.site(call)
        if site is None:
            self.refuse(call)
            return
        if (call.again or runs_again(site.read.live)) and not recomputes:
            recomputes = True
            if self.walk.callees.acts(site):
                name = site.read.function.name
                self.walk.refusals.add("GG114", call.span, detail="this call", construct=f"what {name}() does beside its result")
                return
        given = site.arguments
        if SPREAD in given and self.walk.leaves_below(given[SPREAD]):
            self.refuse(call)
            return
        active = tuple(name for name in site.given if self.walk.leaves_below(given[name]))
        passing = self.walk.callees.passing(call, site, active)
        if active and not passing:
            return
        active = self.walk.callees.moving(site, passing)
        if self.joins_lists(site, active):
            return
        is_lent = self._is_lent(call)
        is_apart = recomputes and call.span is None or is_formula(site.read.live)  # of a record's field: no call to be kept
        recomputes = is_apart or (recomputes or is_lent) and self.walk.callees.may_run_again(site)
        if is_lent and not recomputes:
            self.walk.refusals.add("GG106", call.span, construct="a call that is given, or gives, an array which changes later")
            return
        line = self._line(call, site, active, recomputes, term)
        if line is None:
            return
        self.walk.found.temporaries.append(line)
        for name, target in zip(active, line.targets, strict=True):
            if name not in passing:
                continue
            kind = self.walk.kinds.of(given[name])
            self.walk.kinds.named[target] = kind
            shape = kind.shape if isinstance(kind, Kind) else None if self.walk.kinds.has_arrays else ()
            guards = term.guards
            if isinstance(given[name], ir.Item | ir.Attribute) and may_be_none(site.read.function, name):  # it has no adjoint
                guards = (*guards, ir.Compare(("isnot",), (ir.Name(target), ir.Const(None))))
            self.walk.visit(given[name], Term(ir.Name(target), guards=guards, shape=shape))

    def _line(
        self, call: ir.Call, site: CallSite, active: tuple[str, ...], recomputes: bool, term: Term
    ) -> CallLine | None:
        """The backward line that calls the callee's derivative; None where it is refused."""
        seed, given = product_of(replace(term, guards=())), site.arguments
        direct = None if recomputes or term.guards else self.walk.callees.direct(site, active)
        read = None if direct is None else direct.arguments(call, given)
        if direct is not None and read is not None:
            return CallLine(call, self._targets(given, active), direct.function, read, ((direct.seed, seed),), ())
        callee = self.callee(call, site, active, recomputes)
        if callee is None:
            return None
        values = tuple(_printed(arg) for arg in ((site.receiver,) if site.receiver is not None else ()) + call.args)
        keywords: list[tuple[str | None, ir.Expr]] = [(name, ir.Value(value)) for name, value in call.keywords]
        keywords += [(name, ir.Name(variable)) for name, variable in site.captured]
        keywords.append((callee.seed, seed))
        is_pair = callee.forward is not None
        if callee.forward is not None:
            self.walk.pairs[call] = Pair(callee.forward, site.receiver, site.captured)
        return CallLine(call, self._targets(given, active), callee.gradient, values, tuple(keywords), term.guards, is_pair)

    def _targets(self, given: Mapping[str, ir.Expr], active: tuple[str, ...]) -> tuple[str, ...]:
        """What the adjoints that a callee gives are called: after what it is given, where that has a name, or its parameters."""
        names = self.walk.names
        return tuple(names.of_argument(given[name], name) for name in active)

    def joins_lists(self, site: CallSite, active: Sequence[str]) -> bool:
        """Whether what a function takes for a container is made by an operator of what may be lists: then it is refused."""
        for name in self.walk.callees.takes(site).intersection(active):
            argument = site.arguments[name]
            operator = None if self.walk.kinds.may_be_array(argument) else joined_lists(argument)
            if operator is not None:
                self.walk.refusals.add("GG115", operator.span)
                return True
        return False

    def _is_lent(self, call: ir.Call) -> bool:
        """Whether what the call keeps may be changed later on: by a store into what it is given, or into what it gives."""
        given = (*call.args, *(value for _, value in call.keywords))
        lent = {name.id for value in given for name in ir.names_read(value)}
        return self.walk.is_result_changed or bool(lent & self.walk.changed_later)

    def callee(self, call: ir.Call, site: CallSite, active: tuple[str, ...], recomputes: bool = True) -> Callee | None:
        """A callee's derivative, or None where it has none: then what is refused in the callee is refused here."""
        refused = self.walk.callees.refused(site, active, recomputes)
        self.walk.refusals.take_over(refused, call)
        return None if refused else self.walk.callees.callee(site, active, recomputes)

    def _sum(self, sequence: ir.Expr, term: Term) -> bool:
        """`sum(...)` of a comprehension, a display or a named container hands its adjoint to each element."""
        match sequence:
            case ir.Comprehension():
                self.walk.found.loops.append(LoopLine(sequence, term, None))
            case ir.Display(kind="list" | "tuple", items=items):
                for item in items:
                    self.walk.visit(item, term)
            case ir.Name(id=name) if name in self.walk.sequences:
                self._all_items(sequence, term)
            case ir.Item(base=ir.Name(id=name) as base, index=ir.Slice() as part) if self._is_plain_part(name, part):
                index = ir.Name(self.walk.names.fresh("i"))
                places = ir.Call(ir.Name("range", "global"), (ir.Call(ir.Name("len", "global"), (base,)),))
                along = (ir.Generator(ir.NameTarget(index.id), ir.Item(places, part), ()),)
                self.walk.found.loops.append(LoopLine(ir.Comprehension("generator", ir.Item(base, index), along), term, None))
            case ir.Item() if self._is_held_list(sequence):
                index = ir.Name(self.walk.names.fresh("i"))
                places = ir.Call(ir.Name("range", "global"), (ir.Call(ir.Name("len", "global"), (sequence,)),))
                along = (ir.Generator(ir.NameTarget(index.id), places, ()),)
                every = ir.Comprehension("generator", ir.Item(sequence, index), along)
                self.walk.found.loops.append(LoopLine(every, term, None))
            case _:
                return False
        return True

    def _is_held_list(self, part: ir.Expr) -> bool:
        """Whether a part of a container that stays as it is, named by what does not vary, is a list or tuple: `p["b"]`."""
        kind = self.walk.kinds.of(part)
        if not isinstance(kind, Holder) or kind.keys is not None:
            return False
        while isinstance(part, ir.Item) and isinstance(part.index, ir.Const):
            part = part.base
        return isinstance(part, ir.Name) and part.id in self.walk.containers and part.id not in self.walk.unstable

    def _is_plain_part(self, name: str, part: ir.Slice) -> bool:
        """Whether a part of a list that stays as it is, is named by numbers that do not vary."""
        bounds = [bound for bound in (part.lower, part.upper, part.step) if bound is not None]
        is_plain = all(isinstance(each, ir.Name | ir.Const | ir.Op) for bound in bounds for each in ir.walk(bound))
        is_still = not any(map(self.walk.leaves_below, bounds))
        return name in self.walk.sequences and name not in self.walk.unstable and is_plain and is_still

    def pass_on_part(self, call: ir.Call, path: tuple[ir.Expr, ...], term: Term) -> None:
        """`g(x)[1]`: the adjoint of the whole result is zero but for that part."""
        site = self.walk.callees.site(call)
        if site is None:
            self.refuse(call)
            return
        first = path[0]
        length = tuple_length(site.read.function)
        index = first.of.value if isinstance(first, ir.Value) and isinstance(first.of, ir.Const) else None
        product = product_of(replace(term, guards=()))
        is_of_one = len(path) == 1 and isinstance(index, int) and length is not None and -length <= index < length
        if is_of_one and isinstance(index, int) and length is not None and not self.walk.callees.parts_with_parts(call):
            kinds = self.walk.kinds
            parts = [product if place == index % length else nothing_at(call, place, kinds) for place in range(length)]
            self.pass_on(call, Term(ir.Display("tuple", tuple(parts)), guards=term.guards))
            return
        name = self.walk.names.fresh(f"d{site.read.function.name}")
        zeros = ir.Call(ir.Name("zeros_like", "global"), (ir.Value(call),))
        self.walk.needed.add("zeros_like")
        self.walk.found.temporaries.append(Temporary(name, zeros, term.guards))
        self.walk.found.temporaries.append(Temporary(name, product, term.guards, path=path))
        self.pass_on(call, Term(ir.Name(name), guards=term.guards))

    def _all_items(self, sequence: ir.Name, term: Term) -> None:
        """`sum(p)`: the same term to each element; of a list that grows later on, the adjoint is as long as it was then."""
        index = self.walk.names.fresh("i")
        element = ir.Item(sequence, ir.Name(index))
        counted = ir.Name(self.walk.names.adjoint(sequence.id)) if sequence.id in self.walk.unstable else sequence
        length = ir.Call(ir.Name("len", "global"), (counted,))
        generator = ir.Generator(ir.NameTarget(index), ir.Call(ir.Name("range", "global"), (length,)), ())
        self.walk.found.loops.append(LoopLine(ir.Comprehension("generator", element, (generator,)), term, None))

    def refuse(self, call: ir.Call) -> None:
        """Nothing is known of what is called, or of what a method is called on: then of that."""
        refusals, func = self.walk.refusals, call.func
        unread = self._unread_owner(func)
        if unread is not None:
            self.refuse(unread)
            return
        named = func.id if isinstance(func, ir.Name) else func.name if isinstance(func, ir.Attribute) else None
        spelled = refusals.written(func) if named is None else named
        operation = operation_of(call.target) if call.target is not None else None
        if operation is not None and (rules_for(operation) or operation in SEQUENCES):
            refusals.add("GG106", call.span, construct=f"{spelled}() with these arguments")
        elif call.target is not None and not isinstance(call.target, type):
            suggestion = suggested_for(call.target, spelled, len(call.args) + len(call.keywords))
            refusals.add("GG107", call.span, construct=f"{spelled}()", suggestion=suggestion)
        elif isinstance(func, ir.Attribute) and (operator := joined_lists(func.base)) is not None:
            refusals.add("GG115", operator.span)  # no number has such a method
        else:
            refusals.add("GG108", call.span, construct=f"{spelled}()", **words_of(call, self.walk.kinds.versions))

    def _unread_owner(self, func: ir.Expr) -> ir.Call | None:
        """The call whose result a method is taken of, or a part of it, where nothing is known of that call either."""
        if not isinstance(func, ir.Attribute):
            return None
        while isinstance(func, ir.Attribute | ir.Item):
            func = func.base
        if not isinstance(func, ir.Call) or not self.walk.leaves_below(func) or self.walk.kinds.of(func) is not None:
            return None
        return func if self.walk.callees.site(func) is None and self.walk.kinds.operation(func) is None else None


def _printed(arg: ir.Expr) -> ir.Expr:
    return ir.Starred(ir.Value(arg.value)) if isinstance(arg, ir.Starred) else ir.Value(arg)
