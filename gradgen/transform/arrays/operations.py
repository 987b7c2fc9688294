"""The derivative of operations on arrays: rules applied to whole arrays, adjoints summed to the shapes of their operands.

Never decides how inner values are kept; the walk through an expression is local.py's.

A term may be *pending*: of fewer axes than the value whose adjoint it is, as the seed of a mean is. Entrywise products may use
it as it is; everything else first fills it out to the full shape.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.analyse.activity import UNFIT, operands_of
from gradgen.analyse.kinds.indexing import is_none, parts_of, picks_by_what_moves
from gradgen.analyse.kinds.spread import rule_told
from gradgen.analyse.slopes.selection import level_at, level_below, level_of_index
from gradgen.analyse.slopes.sided import told_of, with_sign_first
from gradgen.analyse.solvers.calls import is_the_part
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import NUMBER, Holder, Kind, Shape, are_alike, broadcast, fitting
from gradgen.rules.complexes import CONJUGATED
from gradgen.rules.notation import Facts, Rule
from gradgen.rules.registry import shape_of
from gradgen.rules.selecting import NOT
from gradgen.rules.shapes import UNKNOWN, shape_as_array
from gradgen.rules.whole.replacing import PLACES
from gradgen.transform.arrays.lists import as_wide_as, extreme_item, filled_for_lists, into_each, into_list, shared_by_elements
from gradgen.transform.arrays.places import may_repeat, only_expands
from gradgen.transform.arrays.results import adjoints_of, contributions_of, items_joined, numbered, of_part, uses_inside
from gradgen.transform.arrays.sizes import Sizes
from gradgen.transform.arrays.substituted import Substituted
from gradgen.transform.arrays.text import (
    axes_written,
    dotted,
    everywhere,
    forgotten,
    items_of_lists,
    set_apart,
    settled_index,
    settled_index_value,
    summed,
    taken,
    turned,
    turns_round,
    without_keepdims,
)
from gradgen.transform.arrays.walk import Walk
from gradgen.transform.expressions import complexes
from gradgen.transform.expressions.complexes import as_real
from gradgen.transform.expressions.composed import as_one
from gradgen.transform.expressions.contributions import Leaf, Requirement, Temporary
from gradgen.transform.expressions.terms import Term, product_of
from gradgen.transform.stores.unread import may_be_unread

PRODUCTS = frozenset({"mul", "div", "neg"})


class ArrayWalk:
    """Passes adjoints through the operations on arrays of one expression; `walk` is the walk through all of it."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.kinds = walk.kinds
        self.sizes = Sizes(walk.kinds)
        self.level = NOT  # how the value is selected whose adjoint is being passed on
        self.taken: str | None = None  # the name of an adjoint that is taken out of an array, or stands there

    def visit(self, expr: ir.Expr, term: Term) -> Term | None:
        """Pass a term on; gives back the term where the value is no array, for the walk to go on with."""
        if complexes.is_mixed(expr, self.walk):
            self.walk.refusals.add("GG106", expr.span, construct="what is complex on one way and real on another")
            return None
        match expr:
            case ir.Name(id=name):
                if isinstance(self.kinds.of(expr), Holder) or name in self.walk.containers and not self.kinds.may_be_array(expr):
                    return self.named(term, "element")
                self.walk.found.leaves.append(Leaf(name, self.fitted(term, expr)))
                return None
            case ir.Op(op="ifexp" | "and" | "or"):
                return term
            case ir.Item(base=base, index=ir.Display(kind="tuple", items=())):
                self.walk.visit(base, term)
                return None
            case ir.Op(op="mul" | "add") if isinstance(self.kinds.of(expr), Holder):
                joined = items_joined(expr, self.named(term, "element"), self.kinds)
                if joined is None:
                    self.walk.refusals.add("GG115", expr.span)
                for part, each in joined or ():
                    self.walk.visit(part, each)
                return None
            case ir.Call() if (largest := extreme_item(expr, self.kinds)) is not None:
                self._item(largest, self.fitted(term, expr))
                return None
            case ir.Op() | ir.Call():
                op = self.kinds.operation(expr)
                if op is None:
                    return self.fitted(term, expr)
                if not self.concerns_arrays(op, expr) and (isinstance(expr, ir.Op) or shape_of(op.op) is not None):
                    filled = term if term.shape == () else self.fitted(term, expr)
                    if isinstance(expr, ir.Op):
                        return filled
                    self.walk.visit(op, filled)  # what a call of an object is, in numbers
                    return None
                self._operation(self.whole(op, expr), expr, term)
                return None
            case ir.Attribute() if (op := self.kinds.operation(expr)) is not None:
                self._operation(op, expr, term)
                return None
            case ir.Attribute(base=base, name="T") if self.kinds.shape(base) == ():
                self.walk.visit(base, term)
                return None
            case ir.Attribute(base=base, name="T") if self.kinds.may_be_array(base):
                self.walk.visit(base, turned(self.fitted(term, expr), self.kinds.shape(base)))
                return None
            case ir.Attribute(base=base, name="real" | "imag" as name) if isinstance(self.kinds.of(base), Kind):
                self._operation(ir.Op(name, (base,), family="numpy", span=expr.span), expr, term)
                return None
            case ir.Item() | ir.Attribute() if (found := of_part(expr, self.kinds, lambda: self.fitted(term, expr))) is not None:
                self.walk.visit(*found)
                return None
            case ir.Item() if self.array_below(expr):
                self._item(expr, term)
                return None
            case ir.Display() | ir.Comprehension():
                shared = shared_by_elements(expr, term, self.kinds)
                if shared is not None:
                    into_each(expr, shared, self.walk)
                    return None
                term = filled_for_lists(expr, term, self.kinds)
                return self.named(term, "element") if term.shape != () else term
        return term if term.shape == () else self.fitted(term, expr)

    def concerns_arrays(self, op: ir.Op, expr: ir.Expr) -> bool:
        if shape_of(op.op) is not None:
            return True
        parts = (expr, *op.args, *(value for _, value in op.keywords))
        held = (self.kinds.may_be_array(part) or isinstance(self.kinds.of(part), Holder) for part in parts)
        return any(held) or complexes.takes_part(op, expr, [("", part) for part in parts], self.kinds)

    def whole(self, op: ir.Op, expr: ir.Expr) -> ir.Op:
        """The operation, or what it is together with its operands, of real arrays."""
        op = with_sign_first(op, self.kinds.versions, self.kinds.sides)
        return op if self.walk.is_plain or complexes.is_complex(expr, self.kinds) else as_one(op)

    def is_held(self, operand: ir.Expr) -> bool:
        """Whether a function of arrays is given a list or a tuple, which it makes an array of."""
        return isinstance(self.kinds.of(operand), Holder)

    def _visit_at(self, level: int, expr: ir.Expr, term: Term) -> None:
        """Pass a term on to a value that is selected in such a way."""
        before, self.level = self.level, level_at(level, self.kinds.shape(expr))
        self.walk.visit(expr, term)
        self.level = before

    # --- fitting adjoints to shapes ---

    def fitted(self, term: Term, operand: ir.Expr) -> Term:
        """The term in the full shape of the value whose adjoint it is: summed over what was broadcast, filled out if pending."""
        kind = self.kinds.of(operand)
        if isinstance(kind, Holder):
            return term
        narrow = None if kind is None else kind.shape
        if narrow == term.shape and narrow is not None:
            return term
        if isinstance(operand, ir.Op) and operand.op in PLACES:
            operand = operand.args[0]  # no text computes the array with elements replaced; it is as large as it was
        product = product_of(replace(term, guards=()))
        if narrow == () and term.shape is None and self.kinds.of(operand) == NUMBER:
            return self._whole(summed(product, None, is_array=False), term, narrow)
        if narrow is None or term.shape is None:
            return self._whole(ir.Op("unbroadcast", (product, ir.Value(operand))), term, narrow)
        wide = broadcast(term.shape, narrow)
        if wide == narrow:
            return self._whole(self.sizes.filled(operand, product), term, narrow)
        found = fitting(term.shape, narrow)
        is_certain = wide == term.shape and found.is_certain
        if is_certain and not found.missing and not found.stretched:
            return replace(term, shape=narrow)
        summand, above, below = set_apart(term, narrow, self.kinds)
        if not is_certain:
            summand = ir.Op("unbroadcast", (summand, ir.Value(operand)))
        elif found.missing:
            dot = None if narrow or self.walk.is_plain else dotted(summand, term, self.kinds, self.taken)
            summand = dot or summed(summand, axes_written(range(found.missing)) if narrow else None)
        if is_certain and found.stretched:
            summand = summed(summand, axes_written([axis - found.missing for axis in found.stretched]), True)
        return Term(summand, term.coefficient, above, below, term.guards, narrow, is_apart=term.is_apart)

    def narrowed(self, term: Term, operand: ir.Expr, fills: bool = False) -> Term:
        """The term summed over what was broadcast when the value was stored; one that is pending stays so unless it `fills`."""
        narrow = self.kinds.shape(operand)
        if fills and term.shape == () and narrow:
            return self.fitted(term, operand)
        is_wider = narrow is None or term.shape is None or broadcast(term.shape, narrow) != narrow
        return self.fitted(term, operand) if is_wider and narrow != term.shape else term

    @staticmethod
    def _whole(product: ir.Expr, term: Term, shape: Shape | None) -> Term:
        return Term(product, guards=term.guards, shape=shape)

    def named(self, term: Term, stem: str) -> Term:
        """A term whose adjoint is a name, for what takes parts of it."""
        if term.complexity == 0 and term.coefficient == 1 and isinstance(term.adjoint, ir.Name | ir.Item):
            return term
        name = self.walk.names.numbered(f"d{self.walk.target}")
        return self._temporary(name, term, None)

    def _temporary(self, name: str, term: Term, of: ir.Expr | None) -> Term:
        self.walk.found.temporaries.append(Temporary(name, product_of(replace(term, guards=())), term.guards, of))
        self.kinds.named[name] = Kind(term.shape)
        return Term(ir.Name(name), guards=term.guards, shape=term.shape)

    # --- operations ---

    def _operation(self, op: ir.Op, source: ir.Expr, term: Term) -> None:
        if term.shape is None and shape_of(op.op) is not None and self.kinds.shape(source) is not None:
            term = self.fitted(term, source)  # a rule of whole arrays reads an adjoint of its result's own shape
        given = numbered(list(operands_of(op)), op)
        parts = items_of_lists(given)
        operands = [*given, *parts]
        active = frozenset(name for name, operand in operands if self.walk.leaves_below(operand))
        constants = {name: value for name, operand in operands if (value := self.kinds.literal(operand)) is not UNKNOWN}
        constants |= told_of(op, self.kinds.versions, self.kinds.sides)
        shapes = {name: shape_as_array(self.kinds.of(operand)) for name, operand in operands}
        spelling = op.spelling or op.op
        has_complex = complexes.takes_part(op, source, operands, self.kinds)
        if has_complex and not complexes.passes_on(op, source, operands, active, self.kinds):
            self.walk.refusals.add("GG106", source.span, construct=f"{spelling.lstrip('.')} of complex numbers")
            return
        adjoints = adjoints_of(op, source, term, self.kinds)
        if adjoints is None:
            self.walk.refusals.add("GG106", source.span, construct=f"{spelling.lstrip('.')} whose results are not unpacked")
            return
        kinds = {name: self.kinds.of(operand) for name, operand in operands}
        count, names = len(op.args) + len(op.keywords), tuple(name for name, _ in parts)
        facts = Facts(constants, active, count, shapes, True, kinds, self.kinds.of(source), frozenset(adjoints), names)
        rule, facts = rule_told(op.op, facts, operands, self.kinds)
        if rule is None or UNFIT in dict(operands):
            self.walk.refusals.add("GG106", source.span, construct=f"{spelling.lstrip('.')} with these arguments")
            return
        for name in sorted(active & rule.refused):
            operand = next(expr for label, expr in operands if label == name)
            self.walk.refusals.add("GG110", operand.span, construct=spelling, detail=rule.reason)
        for name, operand in forgotten(rule, active, operands) if rule.is_whole else ():
            reason = f"its rule does not pass a derivative on to {name}"
            self.walk.refusals.add("GG110", operand.span, construct=spelling.lstrip("."), detail=reason)
        adjoints = {name: self._for_uses(each, rule, active, name, source, given) for name, each in adjoints.items()}
        if not rule.is_whole and op.spelling is not None:
            inner = [operand for name, operand in operands if name in active and isinstance(operand, ir.Op)]
            self.walk.roles.update({operand: "z" for operand in inner[:1] if len(active) == 1})
        if op.op == "div":
            self.walk.roles.update(zip(op.args, ("num", "den"), strict=True))
        values = Substituted(self, rule, op, source, operands, adjoints, conjugates=has_complex and op.op in CONJUGATED)
        for test in complexes.realness(op, operands, active, self.kinds):
            self.walk.found.requirements.append(Requirement(test, complexes.NOT_REAL, term.guards))
        for test, message in rule.requires:
            self.walk.found.requirements.append(Requirement(everywhere(values.apply(test), self.kinds), message, term.guards))
        result = self.kinds.shape(source)
        for index, (name, operand) in enumerate(operands):
            if not self.walk.leaves_below(operand):
                continue
            for contribution in contributions_of(rule, adjoints):
                if contribution.operand == name:
                    passed = values.at(index).passed(contribution)
                    passed = as_real(passed, operand, self.kinds) if has_complex else passed
                    passed = self._met(passed, operand, source, result, rule)
                    level = level_below(op, self.level)
                    is_list = isinstance(self.kinds.of(operand), Holder)
                    if is_list and not rule.is_whole:
                        others = (other for at, (_, other) in enumerate(operands) if at != index)
                        passed = as_wide_as(operand, passed, source, others, self.kinds)
                    handed = into_list(operand, passed, self.walk) if isinstance(operand, ir.Name) and is_list else passed
                    if handed is not None:
                        self._visit_at(level, operand, handed)

    def _for_uses(
        self, term: Term, rule: Rule, active: frozenset[str], result: str, source: ir.Expr,
        operands: Sequence[tuple[str, ir.Expr]],
    ) -> Term:
        """The adjoint of a result as a rule's lines read it: by a name where several do."""
        inside = uses_inside(rule, active, result) if rule.is_whole else 0
        uses = sum(self.walk.leaves_below(operand) for _, operand in operands)
        holds = any(name in active and isinstance(self.kinds.of(operand), Holder) for name, operand in operands)
        if len(rule.results) == 1 and (inside > 1 or rule.is_whole and holds):
            term = self.fitted(term, source)
        is_scaled = term.shape == () and not term.numerator and not term.denominator  # a number in front goes into each product
        is_plain = (term.complexity == 0 or is_scaled and inside < 2) and (
            isinstance(term.adjoint, ir.Name | ir.Item) or inside < 2 and not term.shape
        )
        if uses < 2 and inside < 2 or is_plain:
            return term
        return self._temporary(self._adjoint_name(source), term, source)

    def _adjoint_name(self, of: ir.Expr) -> str:
        """What the adjoint of an inner value is called: after its role, `dz` for what a function is applied to."""
        role, names = self.walk.roles.get(of), self.walk.names
        if role is not None and role not in names.taken and f"d{role}" not in names.taken:
            return names.fresh(f"d{role}")
        return names.of_adjoint(of, self.walk.target)

    def _met(self, term: Term, operand: ir.Expr, source: ir.Expr, result: Shape | None, rule: Rule) -> Term:
        """A contribution on its way to an operand: still pending where the operand is entrywise too, else of its shape."""
        kind = self.kinds.of(operand)
        narrow = kind.shape if isinstance(kind, Kind) else None
        if rule.is_whole or result is None:
            is_open = rule.is_whole and narrow is None and not isinstance(kind, Holder) and not isinstance(operand, ir.Name)
            return self.fitted(term, operand) if is_open and term.shape != () else term
        if narrow and term.shape == result and self._is_product(operand) and not fitting(result, narrow).is_certain:
            return replace(term, shape=None)  # what it is summed to is told by the factors, each of which has a value that stands
        is_as_wide = narrow is not None and are_alike(narrow, result)
        if term.shape is None or term.shape == result or is_as_wide and broadcast(term.shape, narrow) in (narrow, result):
            return term if term.shape != result or narrow in (None, result) else self.fitted(term, operand)
        if broadcast(term.shape, result) == term.shape:
            return self.fitted(term, operand) if term.shape != narrow else term
        if narrow == () and term.shape == ():
            return term.times(1, [ir.Attribute(self.sizes.shaped(source), "size")], [])
        product = self.sizes.filled(source, product_of(replace(term, guards=())))
        return self.fitted(self._whole(product, term, result), operand)

    def _is_product(self, expr: ir.Expr) -> bool:
        """Whether a value is an entrywise product, whose adjoint is used by its factors alone."""
        return isinstance(expr, ir.Op) and expr.op in PRODUCTS

    # --- parts ---

    def array_below(self, expr: ir.Expr) -> bool:
        """Whether an item is taken out of an array, or out of one that a holder holds; not one that is the root of a solver."""
        if is_the_part(expr, self.kinds.of):
            return False
        base = expr
        while isinstance(base, ir.Item):
            base = base.base
            if self.kinds.may_be_array(base):
                return True
        return False

    def _item(self, expr: ir.Item, term: Term) -> None:
        """`dx[i] += ...`; where an index may take the same element twice, by np.add.at."""
        if picks_by_what_moves(expr.index, self.walk.activity.is_varied, self.kinds):
            self.walk.refusals.add("GG106", expr.index.span, construct="a look-up by a value that varies")
        shape = self.kinds.shape(expr)
        is_open = term.shape is None or shape is None or not only_expands(expr.index)
        if is_open and (term.shape is None or shape is None or broadcast(term.shape, shape) != shape):
            term = self.fitted(term, expr)
        if shape is not None and term.shape is not None and only_expands(expr.index):
            self._expanded(expr, term, len(shape))
            return
        if not isinstance(expr.base, ir.Name) or may_repeat(expr.index, self.kinds):
            self._scattered(expr, term)
            return
        index = settled_index(expr.index)
        self.walk.found.leaves.append(Leaf(expr.base.id, term, (index,), True))

    def _expanded(self, expr: ir.Item, term: Term, rank: int) -> None:
        """`x[:, None]` only has axes more: what was broadcast along them is summed, and they go."""
        wide = term.shape or ()
        lead = len(wide) - rank
        product = product_of(replace(term, guards=(), coefficient=1))
        if lead < 0:  # pending: axes of length 1 in front of it are no more than that
            filled = self.fitted(term, expr)
            lead, wide, product = 0, filled.shape or (), product_of(replace(filled, guards=(), coefficient=1))
        new = [lead + place for place, part in enumerate(parts_of(expr.index)) if is_none(part)]
        stretched = [axis for axis in (*range(lead), *new) if not wide[axis].is_one]
        flat = [axis for axis in new if wide[axis].is_one]
        if stretched:
            product = summed(product, axes_written(stretched))
        if flat and not stretched and (dropped := without_keepdims(product, flat)) is not None:
            product = dropped
        elif flat:
            left = [axis - sum(gone < axis for gone in stretched) for axis in flat]
            marks: list[ir.Expr] = [ir.Const(0) if axis in left else ir.Slice() for axis in range(max(left) + 1)]
            product = ir.Item(product, marks[0] if len(marks) == 1 else ir.Display("tuple", tuple(marks)))
        kept = tuple(dim for axis, dim in enumerate(wide) if axis not in stretched and axis not in flat)
        self.walk.visit(expr.base, Term(product, term.coefficient, guards=term.guards, shape=kept))

    def _scattered(self, expr: ir.Item, term: Term) -> None:
        """The adjoint of an item as an array of the whole's shape, zero elsewhere."""
        if turns_round(expr.index) and self.kinds.is_array(expr.base):
            full = self.fitted(term, expr)
            turned = taken(product_of(replace(full, guards=())), ir.Slice(step=ir.Const(-1)))
            self.walk.visit(expr.base, Term(turned, guards=full.guards, shape=self.kinds.shape(expr.base)))
            return
        product = product_of(replace(term, guards=()))
        like = self.sizes.size_of(expr.base, "shape")
        name = "scattered" if may_repeat(expr.index, self.kinds) else "placed"
        placed = ir.Op(name, (product, settled_index_value(expr.index), like))
        passed = Term(placed, guards=term.guards, shape=self.kinds.shape(expr.base))
        self._visit_at(max(self.level, level_of_index(expr.index, self.kinds)), expr.base, passed)


def of_element(walk: Walk, item: ir.Expr, term: Term, adjoint: ir.Expr) -> Term:
    """The adjoint of one element of a display whose adjoint is `term`; that of an array that is stored over may be a mere 0.0."""
    known = walk.kinds.shape(item) if walk.kinds.has_arrays else None
    found = replace(term, adjoint=adjoint, shape=term.shape[1:] if term.shape else known)
    index = adjoint.index if isinstance(adjoint, ir.Item) else None
    if not known or term.shape or not may_be_unread(walk.kinds.versions, walk.target, index):
        return found
    return walk.in_full(item, replace(found, shape=()))
