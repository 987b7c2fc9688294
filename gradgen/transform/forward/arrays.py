"""Tangents of operations on arrays: linear ones applied to the operand's tangent, rows of numbers transposed entry by entry.

Never decides how inner values are kept; the walk through an expression is tangent.py's.

A term may be narrower than the value whose tangent it is, as that of `A + v` by `v` is; what names a tangent, takes a part of it
or applies an operation to it as a whole has it filled out first.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gradgen.analyse.activity import UNFIT, operands_of
from gradgen.analyse.kinds.indexing import picks_by_what_moves
from gradgen.analyse.kinds.listed import as_array
from gradgen.analyse.kinds.literals import literal_of
from gradgen.analyse.kinds.spread import rule_told
from gradgen.analyse.slopes.sided import told_of
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import Holder, Kind
from gradgen.ir.queries import is_name, is_zero, reads
from gradgen.rules.complexes import AS_WRITTEN
from gradgen.rules.notation import Facts, Moved, Rule
from gradgen.rules.registry import rules_for, shape_of, tangents_of
from gradgen.rules.shapes import UNKNOWN, shape_as_array
from gradgen.rules.whole.carried import CARRIED
from gradgen.rules.whole.tangents import BY_MEMORY, LINEAR, NUMBERS_LEFT_OUT, OF_PLACES
from gradgen.simplify.fold import same
from gradgen.transform.arrays.lists import extreme_item
from gradgen.transform.arrays.operations import ArrayWalk
from gradgen.transform.arrays.results import all_together, names_adjoint, numbered, results_of, same_everywhere, taken
from gradgen.transform.arrays.results_read import places_read
from gradgen.transform.arrays.substituted import Substituted
from gradgen.transform.arrays.text import forgotten, items_of_lists, settled_index, value_of
from gradgen.transform.expressions import complexes
from gradgen.transform.expressions.contributions import Requirement
from gradgen.transform.expressions.evaluation import guards_of
from gradgen.transform.expressions.local import Linearizer
from gradgen.transform.expressions.terms import Term, kept_apart, product_of
from gradgen.transform.forward.filling import filled
from gradgen.transform.forward.moving import put_in_place, where_still
from gradgen.transform.forward.slopes import times_slope
from gradgen.transform.lines.spelling import ZERO, by_guards, joined, zeros_like


class Walk(Protocol):
    """What operations on arrays need of the walk over the expression that they stand in."""

    linearizer: Linearizer
    root: ir.Expr

    def of(self, expr: ir.Expr) -> list[Term]: ...

    def expression(self, expr: ir.Expr) -> ir.Expr: ...

    def element(self, expr: ir.Expr) -> ir.Expr: ...


class ArrayTangents:
    """The operations on arrays of one expression; `walk` is the walk through all of it."""

    def __init__(self, walk: Walk, owner: ArrayWalk) -> None:
        self.walk = walk
        self.owner = owner
        self.kinds = owner.kinds

    def of(self, expr: ir.Expr) -> list[Term] | None:
        """The tangent of an expression that arrays take part in; None where none do."""
        match expr:
            case ir.Name(id=name) if self.kinds.may_be_array(expr):
                return [Term(ir.Name(self.owner.walk.names.tangent(name)), shape=self.kinds.shape(expr))]
            case ir.Op(op="ifexp", args=(test, then, orelse)) if self.kinds.may_be_array(expr):
                chosen = ir.Op("ifexp", (ir.Value(test), self.walk.element(then), self.walk.element(orelse)))
                return [Term(chosen, shape=self.kinds.shape(expr))]
            case ir.Op(op="and" | "or" as which, args=(first, second)) if self.kinds.may_be_array(expr):
                ways = (second, first) if which == "and" else (first, second)
                chosen = ir.Op("ifexp", (ir.Value(first), *map(self.walk.element, ways)))
                return [Term(chosen, shape=self.kinds.shape(expr))]
            case ir.Op(op="and" | "or") if self.kinds.may_be_array(expr):
                return self._refuse(expr, "`and` and `or` of arrays")
            case ir.Op(op="ifexp" | "and" | "or"):
                return None
            case ir.Call() if (largest := extreme_item(expr, self.kinds)) is not None:
                return self._item(largest)
            case ir.Op() | ir.Call():
                op = self.kinds.operation(expr)
                is_of_numbers = op is not None and not self.owner.concerns_arrays(op, expr)
                if op is None or is_of_numbers and (isinstance(expr, ir.Op) or shape_of(op.op) is not None):
                    return None if op is None or isinstance(expr, ir.Op) else self.walk.of(op)
                return self._operation(self.owner.whole(op, expr), expr)
            case ir.Item() | ir.Attribute() if (part := taken(expr, self.kinds)) is not None:
                return self._result(*part[:2])
            case ir.Attribute() if (op := self.kinds.operation(expr)) is not None:
                return self._operation(op, expr)
            case ir.Attribute(base=base, name="T") if self.kinds.shape(base) == ():
                return self.walk.of(base)
            case ir.Attribute(base=base, name="T") if self.kinds.may_be_array(base):
                turned = self.walk.expression(base)
                return [] if is_zero(turned) else [Term(ir.Attribute(turned, "T"), shape=self.kinds.shape(expr))]
            case ir.Attribute(base=base, name="real" | "imag" as name) if isinstance(self.kinds.of(base), Kind):
                return self._operation(ir.Op(name, (base,), family="numpy", span=expr.span), expr)
            case ir.Attribute(base=base) if self.kinds.may_be_array(base):
                return self._refuse(expr, f"the attribute {expr.name} of an array")
            case ir.Item(base=base, index=ir.Display(items=())) if self.kinds.shape(base) == ():
                return self.walk.of(base)
            case ir.Item() if self.owner.array_below(expr):
                return self._item(expr)
            case ir.Item() if (found := as_array(expr, self.kinds)) is not None:
                return self.walk.of(found)
        return None

    def concerns(self, op: ir.Op, source: ir.Expr) -> bool:
        """Whether arrays take part in an operation."""
        return self.owner.concerns_arrays(op, source)

    def several(self, op: ir.Op, source: ir.Expr, wanted: Sequence[int]) -> list[list[Term]] | None:
        """The tangents of an unpacked operation's results; None where it has one, which holds the values."""
        count = len(results_of(op, self.kinds.of(source)))
        found = self.results(op, source, wanted) if count > 1 else []
        return None if count == 1 else found or [[] for _ in range(count)]

    def _refuse(self, expr: ir.Expr, construct: str) -> list[Term]:
        self.walk.linearizer.refusals.add("GG106", expr.span, construct=construct)
        return []

    def _item(self, expr: ir.Item) -> list[Term]:
        if picks_by_what_moves(expr.index, self.walk.linearizer.activity.is_varied, self.kinds):
            return self._refuse(expr.index, "a look-up by a value that varies")
        base = self.walk.expression(expr.base)
        return [] if is_zero(base) else [Term(ir.Item(base, settled_index(expr.index)), shape=self.kinds.shape(expr))]

    def _result(self, source: ir.Expr, place: int) -> list[Term]:
        """The tangent of one of several results."""
        op = self.kinds.operation(source)
        found = [] if op is None else self.results(op, source, [place])
        return found[place] if len(found) > place else self.part(found, place)

    @staticmethod
    def part(found: list[list[Term]], place: int) -> list[Term]:
        """The part of a tangent that is one of several values together."""
        if not found or not found[0]:
            return []
        whole, = found[0]
        return [Term(ir.Item(product_of(replace(whole, guards=())), ir.Const(place)), guards=whole.guards)]

    def filled(self, expr: ir.Expr, terms: list[Term]) -> list[Term]:
        """Terms that together have the shape of the value whose tangent they are."""
        return filled(expr, terms, self.kinds, self.owner.sizes, self.walk.linearizer.leaves_below)

    # --- operations ---

    def _operation(self, op: ir.Op, source: ir.Expr) -> list[Term]:
        found = self.results(op, source, None)
        if len(found) < 2:
            return next(iter(found), [])
        parts = (ir.Item(source, ir.Const(place)) for place in range(len(found)))
        kinds = kind.items or () if isinstance(kind := self.kinds.of(source), Holder) else ()
        moved = [joined(by_guards(terms)) for terms in found]
        pairs = zip(moved, parts, kinds, strict=True)
        whole = tuple(zeros_like(ir.Value(part), of) if is_zero(each) else each for each, part, of in pairs)
        return [Term(ir.Display("tuple", whole))]

    def results(self, op: ir.Op, source: ir.Expr, wanted: Sequence[int] | None) -> list[list[Term]]:
        """The tangents of an operation's results, of the `wanted` ones where it has several; empty where it is refused."""
        linearizer = self.walk.linearizer
        is_together = wanted is None and len(results_of(op, self.kinds.of(source))) > 1
        wanted = places_read(source, self.kinds) if is_together else wanted
        own = list(operands_of(op))
        varying = frozenset(name for name, operand in own if linearizer.leaves_below(operand))
        given = numbered(own, op)
        parts = items_of_lists(given)
        operands = [*given, *parts]
        active = frozenset(name for name, operand in operands if linearizer.leaves_below(operand))
        spelling = (op.spelling or op.op).lstrip(".")
        defaults = rules_for(op.op)[0].defaults if rules_for(op.op) else {}
        stated = {name for name, operand in own if not same(operand, defaults.get(name, operand))}
        has_complex = complexes.takes_part(op, source, operands, self.kinds)
        if has_complex and not complexes.passes_on(op, source, operands, active, self.kinds):
            self._refuse(source, f"{spelling} of complex numbers in forward mode")
            return []
        is_plain = op.op in CARRIED or not stated & NUMBERS_LEFT_OUT
        if op.op in BY_MEMORY and self.kinds.literal(dict(own)["order"]) not in OF_PLACES:
            is_plain = False
        linear = varying & set(LINEAR.get(op.op, "").split()) if is_plain else frozenset()
        if varying == linear and UNFIT not in dict(operands):
            return [self._linear(op, source, own, linear, stated)]
        rule, facts = self._rule(op, source, operands, active, wanted, tuple(name for name, _ in parts))
        if rule is None or UNFIT in dict(operands):
            self._refuse(source, f"{spelling} with these arguments")
            return []
        for name in sorted(active & rule.refused):
            operand = next(expr for label, expr in operands if label == name)
            linearizer.refusals.add("GG110", operand.span, construct=spelling, detail=rule.reason)
        moved = tangents_of(op.op, rule, facts)
        for name, operand in forgotten(rule, active, operands) if rule.is_whole else ():
            if name not in linear and (moved is None or f"{name}_dot" not in moved.reads()):
                reason = f"its rule does not pass a derivative on to {name}"
                linearizer.refusals.add("GG110", operand.span, construct=spelling, detail=reason)
        if active & rule.refused or all(line.operand not in active for line in rule.contributions):
            return [[] for _ in rule.results]
        if has_complex and op.op in AS_WRITTEN:
            if moved is None:
                self._refuse(source, f"{spelling} of complex numbers in forward mode")
                return []
            return self._moved(op, source, operands, rule, moved, facts, wanted, is_together)
        if not rule.is_whole:
            return [self._entrywise(op, source, operands, rule, result) for result in rule.results]
        if moved is not None:
            return self._moved(op, source, operands, rule, moved, facts, wanted, is_together)
        terms: list[Term] = []
        for name in sorted(active):
            if name in linear:
                terms += self._linear(op, source, own, frozenset({name}), stated)
            elif any(line.operand == name for line in rule.contributions):
                found = self._contributed(op, source, operands, rule, name, stated)
                if found is None:
                    self._refuse(source, f"{spelling} on arrays in forward mode")
                    return []
                terms += found
        return [terms]

    def _rule(
        self, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]], active: frozenset[str],
        wanted: Sequence[int] | None, parts: tuple[str, ...],
    ) -> tuple[Rule | None, Facts]:
        """The rule of an operation, and what is known where it is asked for; none of several results that are not unpacked."""
        constants = {name: value for name, operand in operands if (value := self.kinds.literal(operand)) is not UNKNOWN}
        constants |= told_of(op, self.kinds.versions, self.kinds.sides)
        shapes = {name: shape_as_array(self.kinds.of(operand)) for name, operand in operands}
        kinds = {name: self.kinds.of(operand) for name, operand in operands}
        known = results_of(op, self.kinds.of(source))
        used = frozenset(known if wanted is None else (known[place] for place in wanted if place < len(known)))
        facts = Facts(
            constants, active, len(op.args) + len(op.keywords), shapes, True, kinds, self.kinds.of(source), used, parts,
        )
        guards = guards_of(self.walk.root, source)
        for test in complexes.realness(op, operands, active, self.kinds):
            self.walk.linearizer.found.requirements.append(Requirement(test, complexes.NOT_REAL, guards))
        return rule_told(op.op, facts, operands, self.kinds)

    def _moved(
        self, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]], rule: Rule, moved: Moved,
        facts: Facts, wanted: Sequence[int] | None, is_together: bool,
    ) -> list[list[Term]]:
        """The operation's own tangent lines."""
        tangents: dict[str, ir.Expr] = {}
        lines = (*(value for _, value in moved.locals), *moved.results.values())
        read = {name.id for line in lines for name in ir.names_read(line)}
        for name, operand in operands:
            if f"{name}_dot" in read and self.walk.linearizer.leaves_below(operand):
                tangent = self.walk.expression(operand)
                held = self.owner.is_held(operand) and not is_zero(tangent)
                tangents[name] = ir.Op("asarray", (tangent,), family="numpy") if held else tangent
        still = {name for name, tangent in tangents.items() if is_zero(tangent)}
        moved = where_still(op.op, rule, moved, facts, still)
        tangents = {name: tangent for name, tangent in tangents.items() if name not in still}
        values = self._values(op, source, operands, replace(rule, locals=()))
        asked = [rule.results[place] for place in (range(len(rule.results)) if wanted is None else wanted)]
        found = put_in_place(moved, values, tangents, asked, guards_of(self.walk.root, source))
        kind = self.kinds.of(source)
        kinds = kind.items or () if isinstance(kind, Holder) and len(rule.results) > 1 else (kind,)
        shapes = [each.shape if isinstance(each, Kind) else None for each in kinds]
        if is_together:  # all of them in one value
            together = all_together(source, rule, found, asked, kinds)
            if together is None:
                self._refuse(source, f"{(op.spelling or op.op).lstrip('.')} whose results are not unpacked")
            return [] if together is None else [[Term(together)]]
        pairs = zip(rule.results, shapes, strict=True)
        return [[Term(found[name], shape=shape)] if name in found else [] for name, shape in pairs]

    def _contributed(
        self, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]], rule: Rule, name: str, given: set[str]
    ) -> list[Term] | None:
        """The tangent by one operand, from its line of the row: entry by entry, or of a reduction; None for other rows."""
        operand = dict(operands)[name]
        inner, outer = shape_as_array(self.kinds.of(operand)), self.kinds.shape(source)
        lines = [line for line in rule.contributions if line.operand == name]
        is_bare = all(is_name(line.adjoint, f"d{rule.results[0]}") for line in lines)
        if len(rule.results) == 1 and is_bare and inner is not None and inner == outer and same_everywhere(inner):
            values = self._values(op, source, operands, rule)
            tangent = self._tangent(operand)
            if is_zero(tangent):
                return []
            filled = Term(tangent, shape=inner)
            return [term for line in lines for term in times_slope(line, f"d{rule.results[0]}", values, [filled], self.kinds)]
        if name == "x" and not given & NUMBERS_LEFT_OUT and "keepdims" in rule.defaults and "dtype" not in given:
            return self._reduced(op, source, operands, rule)
        return self._reduced(op, source, operands, rule, name) if is_bare and outer == () else None

    def _values(self, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]], rule: Rule) -> Substituted:
        unused = Term(ZERO, guards=guards_of(self.walk.root, source))
        return Substituted(self.owner, rule, op, source, operands, dict.fromkeys(rule.results, unused))

    def _tangent(self, operand: ir.Expr) -> ir.Expr:
        """The tangent of an operand; of a list that is written out the array that NumPy makes of it."""
        tangent = self.walk.expression(operand)
        is_list = isinstance(self.kinds.of(operand), Holder) and not is_zero(tangent)
        return ir.Op("asarray", (tangent,), family="numpy") if is_list else tangent

    def _reduced(
        self, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]], rule: Rule, by: str = "x"
    ) -> list[Term] | None:
        """A reduction: its row spreads the adjoint over the operand times a slope, so it sums the tangent times that slope."""
        by_name = dict(operands)
        lines = [line for line in rule.contributions if line.operand == by]
        if names_adjoint(rule):
            return None
        values = self._values(op, source, operands, replace(rule, contributions=tuple(lines)))
        tangent = self._tangent(by_name[by])
        if is_zero(tangent):
            return []
        known = self.walk.linearizer.found.requirements
        for test, message in rule.requires:  # once for all operands that vary
            required = Requirement(values.apply(test), message, guards_of(self.walk.root, source))
            if not any(each.message == message and same(each.test, required.test) for each in known):
                known.append(required)
        inner = Term(tangent, shape=shape_as_array(self.kinds.of(by_name[by])))
        spread = {"unreduce", f"d{rule.results[0]}"}
        keywords = tuple(
            (name, by_name[name]) for name, default in (("axis", None), ("keepdims", False))
            if literal_of(by_name.get(name, ir.Const(default))) is not default
        )
        terms = []
        for line in lines:
            base = line.adjoint
            while isinstance(base, ir.Item | ir.Op):
                base = base.base if isinstance(base, ir.Item) else base.args[0] if base.op in spread else ir.Const(0)
            if not isinstance(base, ir.Name) or base.id not in spread or line.guard is not None:
                return None
            above, below = list(map(values.apply, line.numerator)), list(map(values.apply, line.denominator))
            moved = kept_apart(inner, above, self.kinds).times(line.sign, above, below)
            total = ir.Op("array_sum", (product_of(moved),), keywords, None, "numpy")
            terms.append(Term(total, shape=self.kinds.shape(source)))
        return terms

    def _linear(
        self, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]], active: frozenset[str], given: set[str]
    ) -> list[Term]:
        """The operation itself, with one operand's tangent in its place."""
        spelling = (op.spelling or op.op).lstrip(".")
        kind = self.kinds.of(source)
        is_cut = "dtype" in given or op.op in ("full_like", "astype")
        if isinstance(kind, Kind) and kind.dtype in ("int", "bool") and is_cut:
            return []  # what is cut down to whole numbers moves in steps
        if "dtype" in given and not (isinstance(kind, Kind) and kind.dtype in ("float", "complex")):
            return self._refuse(source, f"{spelling} with this dtype")
        terms = []
        for name, operand in operands:
            if name not in active or not self.walk.linearizer.leaves_below(operand):
                continue
            if isinstance(self.kinds.of(operand), Holder) and not isinstance(operand, ir.Display | ir.Name | ir.Comprehension):
                return self._refuse(operand, "arrays in this container")
            tangent = self.walk.expression(operand)
            if is_zero(tangent):
                continue
            if op.op == "item" and self.kinds.shape(operand) == ():
                terms.append(Term(tangent, shape=()))
                continue

            def put(part: ir.Expr, operand: ir.Expr = operand, tangent: ir.Expr = tangent) -> ir.Expr:
                return tangent if part is operand else value_of(part)

            args = tuple(map(put, op.args))
            keywords = tuple((keyword, put(value)) for keyword, value in op.keywords)
            applied = ir.Op(op.op, args, keywords, op.spelling, op.family or "numpy")
            terms.append(Term(applied, shape=self.kinds.shape(source)))
        return terms

    def _entrywise(
        self, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]], rule: Rule, result: str
    ) -> list[Term]:
        """A row of numbers, transposed: each operand's tangent times its slope, entry by entry."""
        guards = guards_of(self.walk.root, source)
        values = self._values(op, source, operands, rule)
        for test, message in rule.requires:
            all_hold = ir.Op("array_all", (values.apply(test),), family="numpy")
            self.walk.linearizer.found.requirements.append(Requirement(all_hold, message, guards))
        terms: list[Term] = []
        for index, (name, operand) in enumerate(operands):
            inner = self._inner(operand) if self.owner.is_held(operand) else self.walk.of(operand)
            for line in rule.contributions if inner else ():
                if line.operand == name and reads(line.adjoint, f"d{result}"):
                    terms += times_slope(line, f"d{result}", values.at(index), inner, self.kinds)
        return terms

    def _inner(self, operand: ir.Expr) -> list[Term]:
        """The tangent of a list that an operation goes through entry by entry."""
        tangent = self._tangent(operand)
        return [] if is_zero(tangent) else [Term(tangent, shape=shape_as_array(self.kinds.of(operand)))]
