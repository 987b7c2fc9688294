"""A rule's lines in the values of one operation on arrays, with the adjoint that flows in.

Never chooses a rule and never walks on.
"""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol, cast

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import NUMBER, AnyKind, Holder, Kind, Shape, are_alike, broadcast
from gradgen.ir.queries import variables_read
from gradgen.rules.helpers import EACH
from gradgen.rules.notation import Contribution, Rule
from gradgen.rules.registry import shape_of
from gradgen.rules.selecting import NOT
from gradgen.rules.shapes import array_of
from gradgen.rules.spelling import Family, spell
from gradgen.simplify.fold import fold
from gradgen.transform.arrays.places import only_expands
from gradgen.transform.arrays.results import needed_locals
from gradgen.transform.arrays.selected import chosen_at, narrow_first, selected, smaller_first
from gradgen.transform.arrays.sizes import Sizes
from gradgen.transform.arrays.swaps import SWAPS, flipped, swapped
from gradgen.transform.arrays.text import taken, transposed, value_of
from gradgen.transform.arrays.walk import Walk
from gradgen.transform.expressions.complexes import PRODUCTS, conjugated
from gradgen.transform.expressions.contributions import Temporary
from gradgen.transform.expressions.terms import Term, kept_apart, product_of
from gradgen.transform.expressions.vectorised import vectorised

OPERATORS = frozenset({
    "add", "sub", "mul", "div", "floordiv", "mod", "pow", "neg", "pos", "abs", "not", "and", "or", "ifexp", "float", "int",
})
"""What Python writes without a call of a library: of its own floats it makes floats."""
AS_GIVEN = frozenset({"xs", "tck"})
"""What rules call a list of parts that they read as a list, and a spline of knots, coefficients and an order."""
TOLD_WHERE = frozenset({"log_of_base", "one_slope", "own_slopes", "phases"})
"""Helpers that raise, and are told where."""
WRITTEN_AS_METHODS = {"astype": ".astype"}
OF_NUMBERS = frozenset({"builtins", "operator", "math"})
"""Families that say how operations on numbers are called: what their operators do to arrays has its derivative in NumPy's."""


class Owner(Protocol):
    """What the lines need of the walk through operations on arrays."""

    walk: Walk
    kinds: Kinds
    sizes: Sizes

    def fitted(self, term: Term, operand: ir.Expr) -> Term:
        """The term in the full shape of the value whose adjoint it is."""

    def is_held(self, operand: ir.Expr) -> bool:
        """Whether a function of arrays is given a list or a tuple, which it makes an array of."""

    @property
    def level(self) -> int:
        """How the value is selected whose adjoint flows in."""


class Substituted:
    """Puts the operands' values, and the adjoint that flows in, in the place of a rule's names."""

    def __init__(
        self, owner: Owner, rule: Rule, op: ir.Op, source: ir.Expr, operands: Sequence[tuple[str, ir.Expr]],
        adjoints: Mapping[str, Term], conjugates: bool = False,
    ) -> None:
        self.owner = owner
        self.is_whole = rule.is_whole
        self.family: Family = "numpy" if op.family in OF_NUMBERS else cast(Family, op.family or "numpy")
        self.source = source
        shape = owner.kinds.shape(source) if op.op in SWAPS else None
        self._rank = None if shape is None else len(shape)
        self.conjugates = conjugates
        self.multiplies = op.op in PRODUCTS
        self.operands = operands
        carried = {contribution.operand for contribution in rule.contributions}
        self.listed = {
            name for name, operand in operands if (name in carried or not rule.is_whole) and owner.is_held(operand)
        }
        self.values: dict[str, ir.Expr] = {name: self._value(name, operand) for name, operand in operands}
        for name, default in rule.defaults.items():
            self.values.setdefault(name, default)
        self.scale: int | float = 1
        self.adjoints = {f"d{name}": term for name, term in adjoints.items()}
        is_single = len(rule.results) == 1
        for index, name in enumerate(rule.results):
            self.values[name] = self._read(ir.Value(source) if is_single else ir.Item(ir.Value(source), ir.Const(index)))
        guards = next(iter(adjoints.values())).guards
        active = frozenset(name for name, operand in operands if owner.walk.leaves_below(operand))
        for name, value in needed_locals(rule, active) if rule.is_whole else rule.locals:
            applied, kind = self._with_adjoints(value, is_whole=True)
            if isinstance(applied, ir.Value | ir.Const):
                self.values[name] = applied
                continue
            local = owner.walk.names.fresh(self._wish(name))
            owner.walk.found.temporaries.append(Temporary(local, applied, guards, is_adjoint=name.startswith("d")))
            owner.kinds.named[local] = kind
            self.values[name] = ir.Name(local)
            if name.startswith("d"):
                self.adjoints[name] = Term(ir.Name(local), guards=guards, shape=kind.shape if isinstance(kind, Kind) else None)

    def _wish(self, name: str) -> str:
        """What a line of the rule is to be called: the adjoint of an operand after the variable that the operand is."""
        operand = next((operand for label, operand in self.operands if f"d{label}" == name), None)
        return self.owner.walk.names.adjoint(operand.id) if isinstance(operand, ir.Name) else name

    def _with_adjoints(self, expr: ir.Expr, is_whole: bool = False) -> tuple[ir.Expr, AnyKind]:
        """An expression of the rule that adjoints may stand in, and the kind of its value. The number in front of the adjoint is
        left to `scale`, unless the expression is to have all of it."""
        reads = variables_read(expr) & self.adjoints.keys()
        self.scale = 1
        is_single = sum(name.startswith("d") for name in self.adjoints) == 1
        filled: dict[str, ir.Expr] = {}
        for number, name in enumerate(sorted(reads)):
            term = self.adjoints[name]
            if is_single and not (term.shape == () and self._spreads(expr)):
                term = self.owner.fitted(term, self.source)
            if len(reads) == 1 and not is_whole:  # the lines are linear in it: a number goes in front
                self.scale, term = term.coefficient, replace(term, coefficient=1)
            filled[name] = product_of(replace(term, guards=()))
            self.values[name] = ir.Name(f"?{number}")
            self.owner.kinds.named[f"?{number}"] = Kind(term.shape)
        kind = self.owner.kinds.of(self.apply(expr))
        self.values.update(filled)
        return self.apply(expr), kind

    def _spreads(self, expr: ir.Expr) -> bool:
        """Whether a line is a choice entry by entry, by a test as large as the result: it makes an array
        of the result's shape, and of its dtype, of an adjoint that is a number."""
        match expr:
            case ir.Op(op="where", args=(test, *_)) if not self.is_whole:
                kinds = self.owner.kinds
                tested, shape = kinds.shape(self.apply(test)), kinds.shape(self.source)
                return tested is not None and shape is not None and are_alike(tested, shape)
        return False

    def at(self, index: int) -> Substituted:
        """The same with a variadic operand's name standing for its `index`-th value."""
        name, operand = self.operands[index]
        self.values[name] = self._value(name, operand)
        return self

    def _value(self, name: str, operand: ir.Expr) -> ir.Expr:
        """An operand as the rule's lines read it: a list as the array that it becomes, but for a list of parts, which may be of
        several lengths, and a spline's knots, coefficients and order."""
        becomes_array = name in self.listed and name not in AS_GIVEN and not _is_ragged(self.owner.kinds.of(operand))
        return ir.Op("asarray", (ir.Value(operand),), family="numpy") if becomes_array else self._read(value_of(operand))

    def _read(self, value: ir.Expr) -> ir.Expr:
        """A value as the rule's lines read it: conjugated, where they are those of analytic operations on complex numbers."""
        return conjugated(value, self.owner.kinds, self.multiplies) if self.conjugates else value

    def apply(self, expr: ir.Expr) -> ir.Expr:
        """An expression of the rule in the values of this operation, tests entry by entry where they are of arrays."""
        return vectorised(self._applied(expr), self.owner.kinds)

    def _applied(self, expr: ir.Expr) -> ir.Expr:
        match expr:
            case ir.Name(id=name):
                return self.values.get(name, expr)
            case ir.Attribute(base=ir.Name(id=name), name="shape" | "size" | "ndim" as part) if name in self.values:
                return self.owner.sizes.size_of(_unconjugated(self.values[name]), part)
            case ir.Attribute(base=base, name="T"):
                applied = self._applied(base)
                return flipped(applied, self.owner.kinds) or transposed(applied)
            case ir.Attribute(base=base, name=part):
                return ir.Attribute(self._applied(base), part)
            case ir.Op(op=op, args=args, keywords=keywords):
                named = tuple((keyword, self._applied(value)) for keyword, value in keywords)
                if op in TOLD_WHERE:
                    named = (("where", ir.Const(self.owner.walk.refusals.place(self.source.span))),)
                operands = tuple(map(self._applied, args))
                family = "math" if args and hasattr(math, op) and all(map(_is_a_number, operands)) else self.family
                made = ir.Op(op, operands, named, WRITTEN_AS_METHODS.get(op), family)
                if op in EACH and spell(op, self.family) == op and any(map(self.owner.kinds.may_be_array, operands)):
                    return replace(made, op=EACH[op])
                plain = swapped(made, self._rank, self.owner.kinds) if op in SWAPS else self._plain(made)
                return self.owner.walk.known(fold(plain))
            case ir.Call(func=func, args=args):
                return ir.Call(self._applied(func), tuple(map(self._applied, args)))
            case ir.Compare(ops=ops, operands=operands):
                return ir.Compare(ops, tuple(map(self._applied, operands)))
            case ir.Item(base=base, index=index):
                return taken(self._applied(base), self._applied(index))
            case ir.Slice(lower=lower, upper=upper, step=step):
                return ir.Slice(*(None if part is None else self._applied(part) for part in (lower, upper, step)))
            case ir.Display(kind=kind, items=items):
                return ir.Display(kind, tuple(map(self._applied, items)))
        return expr

    def _plain(self, applied: ir.Op) -> ir.Expr:
        """A function of numbers among arrays gives a Python float: NumPy's own number would make float64 of what it meets."""
        kinds = self.owner.kinds
        is_function = applied.op not in OPERATORS and applied.family not in OF_NUMBERS and shape_of(applied.op) is None
        are_numbers = all(kinds.of(arg) == NUMBER for arg in applied.args) and kinds.of(applied) == NUMBER
        if not is_function or not are_numbers or not kinds.shape(self.source):
            return applied
        return ir.Op("float", (applied,))

    def _shape_of(self, name: str) -> Shape | None:
        kind = array_of(self.owner.kinds.of(next(expr for label, expr in self.operands if label == name)))
        return None if kind is None else kind.shape

    def passed(self, contribution: Contribution) -> Term:
        """What a contribution passes on to its operand."""
        kinds = self.owner.kinds
        above = [self.apply(factor) for factor in contribution.numerator]
        below = [self.apply(factor) for factor in contribution.denominator]
        if (number := self._number_in(contribution.adjoint)) is not None:
            term = self.adjoints[number]
        else:
            applied, kind = self._with_adjoints(contribution.adjoint, is_whole=contribution.operand in self.listed)
            found = kind.shape if isinstance(kind, Kind) else None
            operand = next(expr for name, expr in self.operands if name == contribution.operand)
            guards = next(iter(self.adjoints.values())).guards
            is_open = found is None and not self.is_whole  # as wide as what the operand meets
            term = Term(applied, self.scale, guards=guards, shape=None if is_open else found or kinds.shape(operand))
        shape = broadcast(term.shape, *(kinds.shape(factor) for factor in (*above, *below)))
        term = kept_apart(term, above if term.adjoint is None else [*above, term.adjoint], kinds)
        if self.is_whole:
            shape = promised(shape, self._shape_of(contribution.operand))
        if self.is_whole and self.owner.level == NOT:
            term, above, below = narrow_first(term, above, below, shape, kinds)
        term = smaller_first(term, contribution.sign, above, below, shape)
        result = selected(term, contribution.sign, above, below, self.owner.level, kinds)
        if result.lacks_axes(shape, kinds.shape):  # a factor that would have spread it has been cancelled
            apart = Term(product_of(replace(term, guards=())), guards=term.guards, shape=term.shape, is_apart=term.is_apart)
            result = selected(apart, contribution.sign, above, below, self.owner.level, kinds)
        result = replace(result, shape=shape)
        if contribution.guard is None:
            return result
        test = self.apply(contribution.guard)
        tested = kinds.shape(test)
        if tested == ():
            return result.guarded(test)
        chosen = chosen_at(test, term, contribution.sign, above, below, kinds)
        return Term(chosen, guards=term.guards, shape=broadcast(result.shape, tested))

    def _number_in(self, adjoint: ir.Expr) -> str | None:
        """The adjoint that a line passes on as it is: by its name, or with axes put in where it is pending and has none."""
        match adjoint:
            case ir.Name(id=name):
                return name
            case ir.Item(base=ir.Name(id=name), index=index) if only_expands(index):
                return name if name in self.adjoints and self.adjoints[name].shape == () else None
        return None


def _unconjugated(expr: ir.Expr) -> ir.Expr:
    """The value whose conjugate this is: it has the same shape."""
    return expr.args[0] if isinstance(expr, ir.Op) and expr.op == "conjugate" else expr


def _is_a_number(expr: ir.Expr) -> bool:
    """Whether a rule's expression is the same number always, as sqrt(2 * pi): a float of Python, which widens no float32."""
    return isinstance(expr, ir.Const) or isinstance(expr, ir.Op) and all(map(_is_a_number, expr.args))


def promised(shape: Shape | None, operand: Shape | None) -> Shape | None:
    """The shape of a contribution: a row of whole arrays writes one of the operand's shape, or one that surely lacks axes or has
    1 where the operand has more. Where nothing is known of a length, or that it is not 1, it is the operand's."""
    if shape is None or operand is None or len(shape) != len(operand):
        return operand if shape is None else shape
    pairs = zip(shape, operand, strict=True)
    return tuple(own if not dim.may_be_one or any(name.startswith("?") for name, _ in dim.terms) else dim for dim, own in pairs)


def _is_ragged(kind: AnyKind) -> bool:
    """Whether a list or tuple holds arrays of several numbers of axes: no array comes of it, operations take it as it is."""
    items = kind.items if isinstance(kind, Holder) else None
    return items is not None and len({len(each.shape or ()) for each in items if isinstance(each, Kind)}) > 1
