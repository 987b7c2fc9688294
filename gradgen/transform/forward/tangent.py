"""The tangent of one expression: the rows' backward lines transposed, from the variables up to the expression's value.

Never decides how inner values are kept or where a line goes.
"""
from __future__ import annotations

import math
from collections.abc import Sequence

from gradgen.analyse.activity import operands_of
from gradgen.analyse.binding import SPREAD
from gradgen.analyse.kinds.conversions import AS_GIVEN
from gradgen.analyse.kinds.variables import may_be_nothing
from gradgen.analyse.kinds.wholes import moves
from gradgen.analyse.slopes.sided import with_sign_first
from gradgen.analyse.surroundings.classes import computing, conversion_of, has_defaults, is_shared, record_fields
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.constructs import construct_of
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import Holder
from gradgen.ir.queries import is_zero
from gradgen.read.constructors import constructor_of
from gradgen.rules.carried import ZEROS, carried_helper
from gradgen.rules.notation import Contribution
from gradgen.rules.registry import has_several_results
from gradgen.rules.solvers import solver_of
from gradgen.rules.statistics_of_lists import is_formula
from gradgen.rules.transposes import transposed
from gradgen.simplify.fold import negated, same
from gradgen.transform.arrays.results_read import place_named
from gradgen.transform.expressions.calls import Calls
from gradgen.transform.expressions.contributions import Pair, Requirement
from gradgen.transform.expressions.evaluation import guards_of
from gradgen.transform.expressions.local import Linearizer, Substitution
from gradgen.transform.expressions.sequences import tangent_of_sequence
from gradgen.transform.expressions.sums import is_numpy_sum
from gradgen.transform.expressions.terms import Term, kept_apart
from gradgen.transform.expressions.totals import sum_of
from gradgen.transform.forward.arrays import ArrayTangents
from gradgen.transform.forward.callees import TangentCallees
from gradgen.transform.forward.elements import Elements
from gradgen.transform.forward.handing import handed, refused_one_shot
from gradgen.transform.forward.own_lines import on_own_line
from gradgen.transform.forward.solvers import Solutions
from gradgen.transform.holding import joined_lists
from gradgen.transform.lines.spelling import ZERO, together, zeros_in_parts, zeros_like
from gradgen.transform.names import described

SUMS = frozenset({"add", "sub", "neg", "pos"})
CHOICES = frozenset({"ifexp", "and", "or"})


class Tangents:
    """Walks one expression from its variables to its value; what else it needs is left in the linearizer's `found`.

    Where it is `inside` of a comprehension nothing can be named: calls are made again and everything is written in place.
    `held` are the versions of variables that are containers, whether they vary or not.
    """

    def __init__(
        self, linearizer: Linearizer, callees: TangentCallees, root: ir.Expr, held: frozenset[Version], inside: bool = False,
    ) -> None:
        self.linearizer = linearizer
        self.held = held
        self.callees = callees
        self.root = root
        self.inside = inside
        self.names = linearizer.names
        self.pairs: dict[ir.Call, Pair] = {}
        self.kept: dict[ir.Call, str] = {}
        self.of_call: dict[ir.Expr, ir.Call] = {}
        self.arrays = None if linearizer.arrays is None else ArrayTangents(self, linearizer.arrays)
        self.solutions = Solutions(self)

    def within(self, root: ir.Expr) -> Tangents:
        """The walk over the element of a comprehension."""
        own = self.linearizer
        inner = Linearizer(
            own.activity, own.names, own.refusals, own.target, root, own.is_plain, own.callees, own.containers, own.sequences,
            kinds=own.kinds,
        )
        return Tangents(inner, self.callees, root, self.held, inside=True)

    def expression(self, expr: ir.Expr) -> ir.Expr:
        """The tangent as one expression; 0.0 where nothing that varies goes in."""
        return together(self.whole(expr))

    def whole(self, expr: ir.Expr) -> list[Term]:
        """The tangent in the full shape of the value."""
        found = self.of(expr)
        return found if self.arrays is None else self.arrays.filled(expr, found)

    def bound(self, value: ir.Expr) -> list[Term]:
        """The tangent of a value that goes to a name."""
        is_solution = isinstance(value, ir.Call) and self.solutions.is_in_parts(value)
        return self.solutions.of_bound(value) if isinstance(value, ir.Call) and is_solution else self.whole(value)

    def of(self, expr: ir.Expr) -> list[Term]:
        """The tangent of an expression's value as a sum of terms, whose `adjoint`s are tangents; empty where it is 0."""
        if self.linearizer.leaves_below(expr) == 0:
            return []
        if isinstance(expr, ir.Item | ir.Attribute) and (solution := self.solutions.of_part(expr)) is not None:
            return solution
        if self.arrays is not None and (found := self.arrays.of(expr)) is not None:
            return [] if is_zero(together(found)) else found
        match expr:
            case ir.Opaque() | ir.Call() | ir.Op(op="mod") if self.linearizer.is_text(expr):
                return [Term(ir.Const(None))]
            case ir.Name(id=name) | ir.Walrus(name=name):
                return [Term(ir.Name(self.names.tangent(name)))]
            case ir.Op(op="ifexp", args=(test, then, orelse)):
                are_parts = self.linearizer.holds_container(expr) or self._gives_parts(then, orelse)
                arm = self.element if are_parts else self.expression
                return [Term(ir.Op("ifexp", (ir.Value(test), arm(then), arm(orelse))))]
            case ir.Op(op="and" | "or" as op, args=args):
                return [Term(self._choice(op, args))]
            case ir.Op() if has_several_results(expr.op):
                several = self.results(expr, is_unpacked=True)
                return [Term(ir.Display("tuple", tuple(together(each) for each in several)))] if several else []
            case ir.Op():
                return next(iter(self.results(expr)), [])
            case ir.Item() | ir.Attribute():
                return self._part(expr)
            case ir.Display(kind=kind, items=items, keys=keys):
                if any(isinstance(item, ir.Starred) and self.linearizer.leaves_below(item) for item in items):
                    return self._refuse(expr, "a starred element")
                return [Term(ir.Display(kind, tuple(map(self.element, items)), tuple(map(ir.Value, keys))))]
            case ir.Call():
                return self._call(expr)
            case ir.Comprehension():
                return [Term(Elements(self).comprehension(expr))]
        return self._refuse(expr, construct_of(expr))

    def element(self, expr: ir.Expr) -> ir.Expr:
        """The tangent of what stands in a container: of the value's own structure, also where it does not vary."""
        if isinstance(expr, ir.Starred):
            return ir.Starred(self.zero(expr.value, is_held=True))
        found = self.whole(expr)
        return together(found) if found else self.zero(expr)

    def zero(self, expr: ir.Expr, is_held: bool = False) -> ir.Expr:
        """The tangent of a value that does not vary; of a container, where it `is_held` for one."""
        if self.linearizer.arrays is not None and self.linearizer.kinds.may_be_array(expr):
            if isinstance(expr, ir.Op) and expr.op == "zeros_like" and may_be_nothing(expr.args[0], self.linearizer.kinds):
                return replace(expr, args=(ir.Value(expr.args[0]), *expr.args[1:]))
            return zeros_like(self.linearizer.arrays.sizes.shaped(expr), self.linearizer.kinds.of(expr))
        match expr:
            case ir.Display(kind=kind, items=items, keys=keys) if not any(isinstance(item, ir.Starred) for item in items):
                return ir.Display(kind, tuple(map(self.zero, items)), tuple(map(ir.Value, keys)))
            case ir.Name(id=name) if name not in self.linearizer.containers and not is_held and not self._is_container(expr):
                return ZERO
            case ir.Const(value=int() | float()) | ir.Compare():
                return ZERO
            case ir.Const(value=None):
                return ir.Const(None)
            case ir.Op(args=args) if not any(map(self.linearizer.holds_container, args)) and not is_held:
                return ZERO
            case ir.Call(args=args) if carried_helper(expr.target) in ZEROS:
                return ir.Call(expr.func, tuple(map(ir.Value, args)), (), expr.target)
        return zeros_in_parts(ir.Value(expr), self.linearizer.kinds.has_arrays, self.linearizer.needed)

    def _has_elements(self, rows: ir.Expr) -> bool:
        """Whether a value surely is an array or a container of known parts."""
        return self.linearizer.kinds.is_array(rows) or isinstance(self.linearizer.kinds.of(rows), Holder)

    def _gives_parts(self, *arms: ir.Expr) -> bool:
        """Whether any of these is a call of a function of the user's that hands out several values."""
        sites = map(self.linearizer.callees.site, [arm for arm in arms if isinstance(arm, ir.Call)])
        returns = (stmt for site in sites if site is not None for stmt in found_in(site.read.function, ir.Exit))
        return any(isinstance(stmt, ir.Exit) and isinstance(stmt.value, ir.Display | ir.Comprehension) for stmt in returns)

    def _is_container(self, name: ir.Name) -> bool:
        """Whether a variable holds a container where it is read."""
        return self.linearizer.activity.versions.of_read.get(name) in self.held

    def _refuse(self, expr: ir.Expr, construct: str) -> list[Term]:
        self.linearizer.refusals.add("GG106", expr.span, construct=construct)
        return []

    def _choice(self, op: str, args: Sequence[ir.Expr]) -> ir.Expr:
        """`a or b`: the first where it is true, else the second."""
        first, *rest = args
        if not rest:
            return self.expression(first)
        test = ir.Value(first) if op == "or" else negated(ir.Value(first))
        return ir.Op("ifexp", (test, self.expression(first), self._choice(op, rest)))

    def _part(self, expr: ir.Item | ir.Attribute) -> list[Term]:
        solution = self.solutions.of_part(expr)
        if solution is not None:
            return solution
        operator = None if self.linearizer.kinds.may_be_array(expr.base) else joined_lists(expr.base)
        if operator is not None and not (isinstance(expr, ir.Attribute) and expr.name in ("real", "imag")):
            self.linearizer.refusals.add("GG115", operator.span)
            return []
        known = self.linearizer.callees.class_of(expr.base) if isinstance(expr, ir.Attribute) else None
        if isinstance(expr, ir.Attribute) and known is not None:
            if is_shared(known, expr.name):
                return []
            if (call := computing(expr, known)) is not None:
                return self._call(call, is_apart=True)
        base = self.expression(expr.base)
        if isinstance(expr, ir.Attribute):
            place = place_named(expr, self.linearizer.kinds)
            part = ir.Attribute(base, expr.name) if place is None else ir.Item(base, ir.Const(place))
            return [Term(part, shape=self.linearizer.kinds.shape(expr))]
        is_of_list = isinstance(expr.base, ir.Name) and expr.base.id in self.linearizer.sequences
        if any(isinstance(inner, ir.Slice) and (inner is not expr.index or not is_of_list) for inner in ir.walk(expr.index)):
            return self._refuse(expr, "a slice")
        if moves(expr.index, self.linearizer.activity, self.linearizer.callees.site):
            return self._refuse(expr.index, "a look-up by a value that varies")
        if isinstance(base, ir.Display) and base.kind == "tuple" and (found := literal_item(base, expr.index)) is not None:
            return [] if is_zero(found) else [Term(found, shape=self.linearizer.kinds.shape(expr))]
        return [Term(ir.Item(base, ir.Value(expr.index)), shape=self.linearizer.kinds.shape(expr))]

    # --- operations ---

    def operation(self, expr: ir.Expr) -> ir.Op | None:
        """The operation that an expression is; a choice is none, which hands on what it has chosen."""
        if isinstance(expr, ir.Op) and expr.op in CHOICES:
            return None
        return self.linearizer.kinds.operation(expr) if self.arrays is not None else expr if isinstance(expr, ir.Op) else None

    def several(self, op: ir.Op, source: ir.Expr, wanted: Sequence[int]) -> list[list[Term]] | None:
        """The tangents of an operation's results where it is unpacked; None where it has one result, a container of parts."""
        if self.arrays is None or not self.arrays.concerns(op, source):
            rule = self.linearizer.rule_of(op, list(operands_of(op)), True)
            return None if rule is not None and len(rule.results) == 1 else self.results(op, is_unpacked=True)
        return self.arrays.several(op, source, wanted)

    def results(self, op: ir.Op, is_unpacked: bool = False) -> list[list[Term]]:
        """The tangents of an operation's results, of which there is one as a rule; empty where it is refused."""
        guards = guards_of(self.root, op)
        op = with_sign_first(op, self.linearizer.kinds.versions, self.linearizer.kinds.sides)
        operands = list(operands_of(op))
        rule = self.linearizer.rule_of(op, operands, is_unpacked)
        if rule is None:
            return []
        values = Substitution(rule, op, operands, self.linearizer, guards)
        for test, message in rule.requires:
            self.linearizer.found.requirements.append(Requirement(values.apply(test), message, guards))
        found: dict[str, list[Term]] = {result: [] for result in rule.results}
        for index, (name, operand) in enumerate(operands):
            inner = self.of(operand)
            inner = inner if self.inside else on_own_line(operand, inner, guards, self.linearizer, op.op in SUMS)
            for line in rule.contributions if inner else ():
                if line.operand == name:
                    adjoint = next(read.id for read in ir.names_read(line.adjoint) if read.id.removeprefix("d") in found)
                    found[adjoint.removeprefix("d")] += _transposed(line, adjoint, values.at(index), inner)
        return [over_common_denominator(terms) for terms in found.values()]

    # --- calls ---

    def _call(self, call: ir.Call, is_apart: bool = False) -> list[Term]:
        """The tangent of a call; of one that stands `apart`, not in the text, it is called for its tangent alone."""
        linearizer = self.linearizer
        fields = record_fields(call.target)
        if (moved := tangent_of_sequence(self.names, linearizer.sequences, call)) is not None:
            return [moved]
        if any(call.target is function for function in (sum, math.fsum)) and call.args and not call.keywords:
            return self._sum(call)
        if is_numpy_sum(call.target) and len(call.args) == 1 and not call.keywords:
            return self._array_sum(call)
        if fields is not None:
            if any(conversion_of(call.target, name) is not AS_GIVEN for name in fields):
                Calls(linearizer).refuse(call)  # its tangent, held in such a record, would be converted as well
                return []
            keywords = tuple((name, self.element(value)) for name, value in call.keywords)
            told = {*fields[: len(call.args)], *(name for name, _ in keywords)}
            is_open = any(isinstance(arg, ir.Starred) for arg in call.args) or None in told
            if is_open and has_defaults(call.target):
                Calls(linearizer).refuse(call)
                return []
            keywords += tuple((name, ZERO) for name in fields if name not in told and not is_open)  # not their defaults
            return [Term(ir.Call(call.func, tuple(map(self.element, call.args)), keywords, call.target))]
        if constructor_of(call.target) is not None:
            Calls(linearizer).refuse(call)  # its tangent would be made by `__init__` as well
            return []
        match call.func:
            case ir.Attribute(base=base, name="pop" | "copy") if call is self.root and linearizer.leaves_below(base):
                func = ir.Attribute(self.expression(base), call.func.name)
                return [Term(ir.Call(func, tuple(map(ir.Value, call.args))), shape=linearizer.kinds.shape(call))]
        if carried_helper(call.target) == "shaped_like":
            value, adjoint = call.args
            found = self.of(adjoint)
            return [Term(ir.Call(call.func, (ir.Value(value), together(found)), (), call.target))] if found else []
        match call.func, call.args:
            case ir.Name(id="list", scope="global"), (rows,) if self._has_elements(rows):
                return [Term(replace(call, args=(together(self.whole(rows)),)))]
        if solver_of(call.target) is not None and not self.solutions.is_in_parts(call):
            return self.solutions.of(call, ir.Value(call))
        site = None if solver_of(call.target) is not None else linearizer.callees.site(call)
        given = {} if site is None else site.arguments
        if site is None or SPREAD in given and linearizer.leaves_below(given[SPREAD]):
            Calls(linearizer).refuse(call)
            return []
        active = tuple(name for name in site.given if linearizer.leaves_below(given[name]))
        passing = linearizer.callees.passing(call, site, active)
        if not passing or Calls(linearizer).joins_lists(site, active):
            return []
        active = linearizer.callees.moving(site, passing)
        refused = self.callees.refused(site, active, True)
        linearizer.refusals.take_over(refused, call)
        if refused or refused_one_shot(linearizer.refusals, call):
            return []
        is_alone = self.inside or is_apart or is_formula(site.read.live)
        callee = self.callees.tangent_callee(site, active, is_alone=is_alone)
        keeps = linearizer.callees.keeps(site)
        own = {name: self.expression(given[name]) if name in passing else self.zero(given[name]) for name in active}
        own = {name: handed(linearizer, given[name], tangent, keeps) for name, tangent in own.items()}
        tangents = tuple((callee.tangents[name], tangent) for name, tangent in own.items())
        if is_alone:
            receiver = () if site.receiver is None else (ir.Value(site.receiver),)
            keywords = tuple((name, ir.Value(value)) for name, value in call.keywords)
            captured = tuple((name, ir.Name(variable)) for name, variable in site.captured)
            args = (*receiver, *map(ir.Value, call.args))
            again = ir.Call(ir.Name(callee.name, "global"), args, (*keywords, *captured, *tangents))
            return [Term(again, shape=linearizer.kinds.shape(call))]
        if call not in self.kept:
            self.pairs[call] = Pair(callee.name, site.receiver, site.captured, tangents)
            self.kept[call] = self.names.fresh(f"{described(call) or site.read.function.name.strip('<>')}_dot")
        marker = ir.Attribute(call, "tangent")
        self.of_call[marker] = call
        return [Term(ir.Value(marker), shape=linearizer.kinds.shape(call))]

    def _sum(self, call: ir.Call) -> list[Term]:
        """`sum(...)`: the tangents summed up."""
        sequence, *start = call.args
        rest = [term for first in start for term in self.of(first)]
        if isinstance(sequence, ir.Display) and sequence.kind != "dict":
            return [term for item in sequence.items for term in self.of(item)] + rest
        found = self.of(sequence)
        return [Term(ir.Call(call.func, (together(found),), (), call.target)), *rest] if found else rest

    def _array_sum(self, call: ir.Call) -> list[Term]:
        """`np.sum(n * x**k)` with constant arrays: a number times a sum, for each number that varies."""
        linearizer = self.linearizer
        before = len(linearizer.found.leaves)
        if not linearizer.array_sum(call.args[0], Term(ZERO)):
            Calls(linearizer).refuse(call)
            return []
        leaves = linearizer.found.leaves[before:]
        del linearizer.found.leaves[before:]
        return [replace(leaf.term, adjoint=ir.Name(self.names.tangent(leaf.base))) for leaf in leaves]


def literal_item(display: ir.Display, index: ir.Expr) -> ir.Expr | None:
    """The item of a tuple that is written out where a literal names it."""
    match index:
        case ir.Const(value=int(place)) if -len(display.items) <= place < len(display.items):
            return display.items[place]
    return None


def _transposed(line: Contribution, adjoint: str, values: Substitution, inner: list[Term]) -> list[Term]:
    """What a backward line makes of its operand's tangent, the other way round."""
    is_bare = isinstance(line.adjoint, ir.Name)
    if is_bare and not line.numerator and not line.denominator and line.guard is None:
        return [term.times(line.sign, [], []) for term in inner]
    base = inner[0] if len(inner) == 1 else Term(together(inner))
    if not is_bare:
        base = Term(transposed(values.apply(line.adjoint), adjoint, together([base])))
    above, below = list(map(values.apply, line.numerator)), list(map(values.apply, line.denominator))
    start = kept_apart(Term(base.adjoint, guards=base.guards, is_apart=base.is_apart), above, values.owner.kinds)
    outer = start.times(line.sign, above, below)
    term = outer.times(1, base.numerator, base.denominator)  # the factors of what stands outside come first
    term = replace(term, coefficient=term.coefficient * base.coefficient)
    return [term if line.guard is None else replace(term, guards=(values.apply(line.guard), *term.guards))]


def over_common_denominator(terms: list[Term]) -> list[Term]:
    """`x_dot / y - y_dot * z / y` as `(x_dot - y_dot * z) / y`."""
    if len(terms) < 2 or any(term.guards for term in terms):
        return terms
    common: list[ir.Expr] = []
    rests = [list(term.denominator) for term in terms]
    for part in terms[0].denominator:
        found = [next((each for each in rest if same(part, each)), None) for rest in rests]
        if all(each is not None for each in found):
            common.append(part)
            for rest, each in zip(rests, found, strict=True):
                del rest[next(place for place, other in enumerate(rest) if other is each)]
    if not common:
        return terms
    over = [replace(term, denominator=tuple(rest)) for term, rest in zip(terms, rests, strict=True)]
    return [Term(sum_of(over), denominator=tuple(common))]
