"""Tangents of operations on arrays: linear ones applied to the operand's tangent, rows of numbers transposed entry by entry.

Never decides how inner values are kept; the walk through an expression is tangent.py's.

A term may be narrower than the value whose tangent it is, as that of `A + v` by `v` is; what names a tangent, takes a part of it
or applies an operation to it as a whole has it filled out first.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from gradgen.analyse.activity import UNFIT, operands_of
from gradgen.analyse.arrays import literal_of
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Holder, Kind, Shape, broadcast
from gradgen.rules.notation import Contribution, Facts, Rule
from gradgen.rules.registry import find_rule, rules_for
from gradgen.rules.shapes import UNKNOWN
from gradgen.rules.transposes import transposed
from gradgen.rules.whole.tangents import LINEAR, NUMBERS_LEFT_OUT
from gradgen.simplify.fold import same
from gradgen.transform.array_text import settled_index
from gradgen.transform.arrays import ArrayWalk
from gradgen.transform.contributions import Requirement
from gradgen.transform.evaluation import guards_of
from gradgen.transform.local import Linearizer
from gradgen.transform.spelling import ZERO, by_guards, joined
from gradgen.transform.substituted import Substituted
from gradgen.transform.terms import Term, product_of


class Walk(Protocol):
    """What operations on arrays need of the walk over the expression that they stand in."""

    linearizer: Linearizer
    root: ir.Expr

    def of(self, expr: ir.Expr) -> list[Term]: ...

    def expression(self, expr: ir.Expr) -> ir.Expr: ...


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
                chosen = ir.Op("ifexp", (ir.Value(test), self.walk.expression(then), self.walk.expression(orelse)))
                return [Term(chosen, shape=self.kinds.shape(expr))]
            case ir.Op(op="and" | "or") if self.kinds.may_be_array(expr):
                return self._refuse(expr, "`and` and `or` of arrays")
            case ir.Op(op="ifexp" | "and" | "or"):
                return None
            case ir.Op() | ir.Call():
                op = self.kinds.operation(expr)
                return None if op is None or not self.owner._concerns_arrays(op, expr) else self._operation(op, expr)
            case ir.Attribute(base=base, name="T") if self.kinds.may_be_array(base):
                return [Term(ir.Attribute(self.walk.expression(base), "T"), shape=self.kinds.shape(expr))]
            case ir.Attribute(base=base) if self.kinds.may_be_array(base):
                return self._refuse(expr, f"the attribute {expr.name} of an array")
            case ir.Item() if self.owner._array_below(expr):
                return self._item(expr)
        return None

    def _refuse(self, expr: ir.Expr, construct: str) -> list[Term]:
        self.walk.linearizer.refusals.add("GG106", expr.span, construct=construct)
        return []

    def _item(self, expr: ir.Item) -> list[Term]:
        if self.walk.linearizer.activity.is_varied(expr.index):
            return self._refuse(expr.index, "a look-up by a value that varies")
        part = ir.Item(self.walk.expression(expr.base), settled_index(expr.index))
        return [Term(part, shape=self.kinds.shape(expr))]

    # --- shapes ---

    def filled(self, expr: ir.Expr, terms: list[Term]) -> list[Term]:
        """Terms that together have the shape of the value whose tangent they are."""
        kind = self.kinds.of(expr)
        if not terms or not isinstance(kind, Kind) or kind.shape == ():
            return terms
        wide = broadcast(*(term.shape for term in terms))
        if wide is not None and wide == kind.shape:
            return terms
        shape = ir.Attribute(self.owner.shaped(expr), "shape")
        return [Term(ir.Op("full", (shape, joined(by_guards(terms))), family="numpy"), shape=kind.shape)]

    # --- operations ---

    def _operation(self, op: ir.Op, source: ir.Expr) -> list[Term]:
        linearizer = self.walk.linearizer
        operands = list(operands_of(op))
        active = frozenset(name for name, operand in operands if linearizer.leaves_below(operand))
        kinds = {name: self.kinds.of(operand) for name, operand in operands}
        spelling = (op.spelling or op.op).lstrip(".")
        defaults = rules_for(op.op)[0].defaults if rules_for(op.op) else {}
        given = {name for name, operand in operands if not same(operand, defaults.get(name, operand))}
        if active <= set(LINEAR.get(op.op, "").split()) and not given & NUMBERS_LEFT_OUT and UNFIT not in dict(operands):
            return self._linear(op, source, operands, active, given)
        constants = {name: value for name, operand in operands if (value := literal_of(operand)) is not UNKNOWN}
        shapes = {name: self.kinds.shape(operand) for name, operand in operands}
        facts = Facts(constants, active, len(op.args) + len(op.keywords), shapes, True, kinds, self.kinds.of(source))
        rule = find_rule(op.op, facts)
        if rule is None or UNFIT in dict(operands) or len(rule.results) > 1:
            return self._refuse(source, f"{spelling} with these arguments")
        for name in sorted(active & rule.refused):
            operand = next(expr for label, expr in operands if label == name)
            linearizer.refusals.add("GG110", operand.span, construct=spelling, detail=rule.reason)
        if active & rule.refused or all(line.operand not in active for line in rule.contributions):
            return []
        if not rule.is_whole:
            return self._entrywise(op, source, operands, rule)
        if not given & NUMBERS_LEFT_OUT and active == {"x"} and "keepdims" in rule.defaults and "dtype" not in given:
            return self._reduced(op, source, operands, rule)
        return self._refuse(source, f"{spelling} on arrays in forward mode")

    def _values(self, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]], rule: Rule) -> Substituted:
        unused = Term(ZERO, guards=guards_of(self.walk.root, source))
        return Substituted(self.owner, rule, op, source, operands, {rule.results[0]: unused})

    def _reduced(self, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]], rule: Rule) -> list[Term]:
        """A reduction: its row spreads the adjoint over the operand times a slope, so it sums the tangent times that slope."""
        by_name = dict(operands)
        if any(name.startswith("d") for name, _ in rule.locals):
            return self._refuse(source, f"{(op.spelling or op.op).lstrip('.')} on arrays in forward mode")
        values = self._values(op, source, operands, rule)
        inner = Term(self.walk.expression(by_name["x"]), shape=self.kinds.shape(by_name["x"]))
        spread = {"unreduce", f"d{rule.results[0]}"}
        keywords = tuple(
            (name, by_name[name]) for name, default in (("axis", None), ("keepdims", False))
            if literal_of(by_name.get(name, ir.Const(default))) is not default
        )
        terms = []
        for line in rule.contributions:
            base = line.adjoint
            while isinstance(base, ir.Item | ir.Op):
                base = base.base if isinstance(base, ir.Item) else base.args[0] if base.op in spread else ir.Const(0)
            if not isinstance(base, ir.Name) or base.id not in spread or line.guard is not None or line.operand != "x":
                return self._refuse(source, f"{(op.spelling or op.op).lstrip('.')} on arrays in forward mode")
            moved = inner.times(line.sign, list(map(values.apply, line.numerator)), list(map(values.apply, line.denominator)))
            total = ir.Op("array_sum", (product_of(moved),), keywords, None, "numpy")
            terms.append(Term(total, shape=self.kinds.shape(source)))
        return terms

    def _linear(
        self, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]], active: frozenset[str], given: set[str]
    ) -> list[Term]:
        """The operation itself, with one operand's tangent in its place."""
        spelling = (op.spelling or op.op).lstrip(".")
        kind = self.kinds.of(source)
        if isinstance(kind, Kind) and kind.dtype in ("int", "bool"):
            return []  # what is cut down to whole numbers moves in steps
        if "dtype" in given and not (isinstance(kind, Kind) and kind.dtype == "float"):
            return self._refuse(source, f"{spelling} with this dtype")
        terms = []
        for name, operand in operands:
            if name not in active or not self.walk.linearizer.leaves_below(operand):
                continue
            if isinstance(self.kinds.of(operand), Holder) and not isinstance(operand, ir.Display | ir.Name | ir.Comprehension):
                return self._refuse(operand, "arrays in this container")
            tangent = self.walk.expression(operand)

            def put(part: ir.Expr, operand: ir.Expr = operand, tangent: ir.Expr = tangent) -> ir.Expr:
                return tangent if part is operand else part if isinstance(part, ir.Const) else ir.Value(part)

            args = tuple(map(put, op.args))
            keywords = tuple((keyword, put(value)) for keyword, value in op.keywords)
            applied = ir.Op(op.op, args, keywords, op.spelling, op.family or "numpy")
            terms.append(Term(applied, shape=self.kinds.shape(source)))
        return terms

    def _entrywise(self, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]], rule: Rule) -> list[Term]:
        """A row of numbers, transposed: each operand's tangent times its slope, entry by entry."""
        guards = guards_of(self.walk.root, source)
        values = self._values(op, source, operands, rule)
        for test, message in rule.requires:
            all_hold = ir.Op("array_all", (values.apply(test),), family="numpy")
            self.walk.linearizer.found.requirements.append(Requirement(all_hold, message, guards))
        terms: list[Term] = []
        for index, (name, operand) in enumerate(operands):
            inner = self.walk.of(operand)
            for line in rule.contributions if inner else ():
                if line.operand == name:
                    terms += self._transposed(line, f"d{rule.results[0]}", values.at(index), inner)
        return terms

    def _transposed(self, line: Contribution, adjoint: str, values: Substituted, inner: list[Term]) -> list[Term]:
        is_bare = isinstance(line.adjoint, ir.Name)
        if is_bare and not line.numerator and not line.denominator and line.guard is None:
            return [term.times(line.sign, [], []) for term in inner]
        base = inner[0] if len(inner) == 1 else Term(joined(by_guards(inner)), shape=broadcast(*(term.shape for term in inner)))
        if not is_bare:
            whole = transposed(values.apply(line.adjoint), adjoint, joined(by_guards([base])))
            base = Term(whole, shape=None)
        above, below = list(map(values.apply, line.numerator)), list(map(values.apply, line.denominator))
        shape: Shape | None = broadcast(base.shape, *(self.kinds.shape(factor) for factor in (*above, *below)))
        outer = Term(base.adjoint, guards=base.guards).times(line.sign, above, below)
        term = outer.times(1, base.numerator, base.denominator)  # the factors of what stands outside come first
        term = replace(term, coefficient=term.coefficient * base.coefficient, shape=shape)
        if line.guard is None:
            return [term]
        test = values.apply(line.guard)
        tested = self.kinds.shape(test)
        if tested == ():
            return [term.guarded(test)]
        chosen = ir.Op("where", (test, product_of(replace(term, guards=())), ir.Const(0)), family="numpy")
        return [Term(chosen, guards=term.guards, shape=broadcast(term.shape, tested))]
