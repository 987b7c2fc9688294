"""Settles every inner value that one statement's backward lines read: as a name, a recomputation or a kept value.

Never looks at other statements; what must be recorded across statements is decided by analyse.recording.needs from these plans.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.recording.stability import ANYTHING, stays
from gradgen.analyse.sharing.views import ArrayFacts
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.queries import unwrapped
from gradgen.rules.registry import rules_for
from gradgen.simplify.keys import key_of
from gradgen.transform.expressions.contributions import CallLine, Contributions, Pair, Temporary
from gradgen.transform.expressions.evaluation import (
    alike,
    conditional_nodes,
    guards_of,
    in_evaluation_order,
    is_element,
    is_sliced,
    lenders_of,
    rebuilt,
    values_in,
)
from gradgen.transform.expressions.terms import Term
from gradgen.transform.guarding.moving import moves
from gradgen.transform.lines.ahead import evaluated_before, may_stand_alone, operand_with
from gradgen.transform.lines.plans import Hoist
from gradgen.transform.lines.standing import Standing
from gradgen.transform.loops.raising import may_swap, raised_by
from gradgen.transform.names import Names, described

INLINE_WORK, SINGLE_USE_WORK = 1, 6
ROLE_WORK = 2
LINE_WORK, CALL_WORK = 16, 6
ELEMENT_USES = 3  # how often lines say `y[1]` before it gets a name
NEVER_INLINE = 1000


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a statement stands: what its result is called, whether it runs many times, what may change behind a value.

    `arrays` are recorded whole before they change: what was read of them can be read again. `results` are what parts are called
    that are unpacked. The value of an `is_augmented` store has no text of its own; one that `is_changed` is stored into later.
    """

    result: ir.Expr | None
    target: str
    is_in_loop: bool
    is_plain: bool
    unstable: frozenset[str]
    can_hoist: bool = True
    arrays: ArrayFacts | None = None
    results: tuple[ir.Expr | None, ...] = ()
    is_augmented: bool = False
    is_changed: bool = False
    standing: Standing = field(default_factory=Standing)

    @property
    def steady(self) -> frozenset[str]:
        return frozenset() if self.arrays is None else self.arrays.steady

    @property
    def kinds(self) -> Kinds | None:
        return None if self.arrays is None else self.arrays.kinds

    @property
    def changing(self) -> frozenset[str]:
        """The variables whose data changes in place: a view of one is taken again, never kept."""
        return frozenset() if self.arrays is None else self.arrays.mutated


class ValueResolver:
    """Settles the inner values that one statement's backward lines read."""

    def __init__(
        self, root: ir.Expr, setting: Setting, names: Names, roles: Mapping[ir.Node, str],
        pairs: Mapping[ir.Call, Pair] | None = None,
    ) -> None:
        self.pairs = pairs or {}
        self.root = root
        self.setting = setting
        self.names = names
        self.roles = roles
        self.order = {node: index for index, node in enumerate(dict.fromkeys(in_evaluation_order(root)))}
        self.conditional = set(conditional_nodes(root))
        self.uses: dict[ir.Expr, int] = {}
        self.first_alike = {} if setting.is_plain else alike(self.order, self.conditional)
        self.settled: dict[ir.Expr, ir.Expr] = self._unpacked_items()
        self.hoists: list[Hoist] = []
        self.kept_names: dict[ir.Call, str] = {}
        self.temporaries: list[Temporary] = []

    def resolve(self, found: Contributions) -> None:
        """Count the uses of every inner value, then settle each."""
        self._count_all(found)
        for expr, first in self.first_alike.items():
            if expr in self.uses:
                self.uses[first] = self.uses.get(first, 0) + self.uses.pop(expr)
        inner: dict[ir.Expr, None] = dict.fromkeys((*self.uses, *self.pairs))
        wanted = sorted(inner, key=lambda expr: self.order.get(expr, len(self.order)))
        for expr in wanted:
            self._settle(expr)

    # --- counting ---

    def _count_all(self, found: Contributions) -> None:
        visit = self._count_in
        for leaf in found.leaves:
            self._count_in_term(leaf.term)
            for key in leaf.path:
                visit(key)
        for line in found.temporaries:
            if isinstance(line, CallLine):
                for argument in line.arguments if not line.is_pair else ():
                    visit(argument)
                for _, value in line.keywords if not line.is_pair else line.keywords[-1:]:
                    visit(value)
            else:
                visit(line.value)
            for guard in line.guards:
                visit(guard)
        for requirement in found.requirements:
            visit(requirement.test)
        for loop in found.loops:
            self._count_in_term(loop.term)

    def _count_in(self, node: ir.Node) -> None:
        if type(node) is ir.Value:
            inner = unwrapped(node)
            self.uses[inner] = self.uses.get(inner, 0) + 1
        elif type(node) is not ir.Name and type(node) is not ir.Const and self._unpacked(node) is None:
            for child in ir.children_of(node):
                self._count_in(child)

    def _count_in_term(self, term: Term) -> None:
        for factor in (term.adjoint, *term.numerator, *term.denominator, *term.guards):
            if factor is not None and type(factor) is not ir.Name:
                self._count_in(factor)

    # --- settling ---

    def _unpacked(self, node: ir.Node) -> ir.Expr | None:
        """What a part of the statement's own value is called where the statement unpacks it."""
        match node if self.setting.results else None:
            case ir.Item(base=ir.Value(of=of), index=ir.Const(value=int(place))) if of is self.root:
                return self.setting.results[place]
        return None

    def _unpacked_items(self) -> dict[ir.Expr, ir.Expr]:
        """The values of a tuple that the statement takes apart: `c, s = cos(x), sin(x)`."""
        items = self.root.items if isinstance(self.root, ir.Display) and self.setting.results else ()
        pairs = zip(items, self.setting.results, strict=True) if items else ()
        return {item: result for item, result in pairs if isinstance(item, ir.Op) and result is not None}

    def _settle(self, expr: ir.Expr) -> ir.Expr:
        """The expression by which backward lines read a value of the forward part."""
        expr = self.first_alike.get(expr, expr)
        if expr in self.settled:
            return self.settled[expr]
        self.settled[expr] = result = self._standing(expr) or self._settled(expr)
        return result

    def _standing(self, expr: ir.Expr) -> ir.Expr | None:
        """The name that another statement has for the value; one that gradgen gave is read in the forward part too."""
        is_own = isinstance(expr, ir.Op) and expr is not self.root and expr not in self.conditional and self.setting.can_hoist
        name = self.setting.standing.name_of(expr) if is_own else None
        if name is None:
            return None
        if expr.span is not None and name in self.setting.standing.given:
            places = (expr, *(node for node, first in self.first_alike.items() if first is expr))
            self.hoists.extend(Hoist(name, node, "again") for node in places if node.span is not None)
        return ir.Name(name)

    def _settled(self, expr: ir.Expr) -> ir.Expr:
        if isinstance(expr, ir.Call) and expr in self.pairs:
            return self._forwarded(expr)
        if expr is self.root and self.setting.result is not None:
            return self.setting.result
        match expr:
            case ir.Name() if not stays(expr, self.setting.unstable):
                return self._hoisted(expr)
            case ir.Const() | ir.Name():
                return expr
            case ir.Walrus(name=name):
                return ir.Name(name)
            case ir.Slice() | ir.Starred():
                return self._inlined(expr)
        if self.setting.is_augmented and expr is self.root or is_sliced(expr) or lenders_of(expr) & self.setting.changing:
            return self._inlined(expr)
        uses = self.uses.get(expr, 1)
        cost = self.inline_cost(expr)
        is_line_in_forward = not self.setting.is_in_loop and self.setting.can_hoist
        if not self.setting.is_plain and cost < NEVER_INLINE and self._reads_well(expr, uses, is_line_in_forward):
            return self._inlined(expr)
        if expr.span is None:
            for child in values_in(expr):
                self._settle(child)
            if self.inline_cost(expr) < NEVER_INLINE:
                return self._recomputed(expr)
            return self._named(expr, "line")
        if cost < NEVER_INLINE and (self.setting.is_in_loop or not self.setting.can_hoist):
            return self._recomputed(expr)
        return self._hoisted(expr)

    def inline_cost(self, expr: ir.Expr) -> int:
        """What it costs to compute a value again from what has a name; NEVER_INLINE where that may not give the same."""
        expr = self.first_alike.get(expr, expr)
        if expr in self.settled:
            settled = self.settled[expr]
            if isinstance(settled, (ir.Name, ir.Const)):
                return 0
        if expr is self.root and self.setting.result is not None:
            return 0
        match expr:
            case ir.Const() | ir.Name():
                return 0 if stays(expr, self.setting.unstable) and not moves(expr, self.setting) else NEVER_INLINE
            case ir.Value(of=of):
                return self.inline_cost(of)
            case ir.Op(op="ifexp" | "and" | "or" | "not" | "is" | "isnot" | "in" | "notin", args=args):
                return 1 + sum(map(self.inline_cost, args))
            case ir.Op(op=op, args=args, keywords=keywords):
                rules = rules_for(op)
                own = rules[0].cost if rules else 10
                if op == "pow" and isinstance(args[1], ir.Const) and args[1].value == 2:
                    own = 1
                return own + sum(map(self.inline_cost, args)) + sum(self.inline_cost(value) for _, value in keywords)
            case ir.Compare(operands=operands):
                return 1 + sum(map(self.inline_cost, operands))
            case ir.Item(base=base, index=index):
                return 1 + self.inline_cost(base) + self.inline_cost(index) if self.is_stable(base) else NEVER_INLINE
            case ir.Slice(lower=lower, upper=upper, step=step):
                return sum(self.inline_cost(part) for part in (lower, upper, step) if part is not None)
            case ir.Attribute(base=base):
                return 1 + self.inline_cost(base) if self.is_stable(expr) else NEVER_INLINE
            case ir.Walrus():
                return 0
            case ir.Display(kind="tuple", items=items):
                return sum(map(self.inline_cost, items))
            case ir.Call(func=ir.Name(id="len" | "isinstance" | "range", scope="global"), args=args):
                if any(isinstance(arg, ir.Name) and not self.is_stable(arg) for arg in args):
                    return NEVER_INLINE
                return 1 + sum(map(self.inline_cost, args))
            case ir.Call() if (operation := self._operation(expr)) is not None:
                return self.inline_cost(operation)
        return NEVER_INLINE

    def _operation(self, call: ir.Call) -> ir.Op | None:
        """The operation on arrays that a call is: `x.sum()`, Python's `sum(x)`."""
        arrays = self.setting.arrays
        return arrays.kinds.operation(call) if arrays is not None and arrays.kinds.has_arrays else None

    def _reads_well(self, expr: ir.Expr, uses: int, is_saved: bool) -> bool:
        """Whether backward lines may spell a value out; `is_saved`: a name in the forward part saves computing it again."""
        work = self.work(expr)
        is_row = isinstance(expr, ir.Item) and self.setting.kinds is not None and self.setting.kinds.is_array(expr)
        is_short = work * uses <= INLINE_WORK or is_element(expr) and uses <= ELEMENT_USES
        if is_short or is_saved:
            return is_short or is_row and work == 1
        has_role = expr in self.roles and self.roles[expr] not in self.names.taken
        return uses == 1 and work <= (ROLE_WORK if has_role else SINGLE_USE_WORK)

    def work(self, expr: ir.Expr) -> int:
        """How many operations it takes to spell a value out in terms of what has a name; a call counts as several."""
        expr = self.first_alike.get(expr, expr)
        if isinstance(self.settled.get(expr), ir.Name | ir.Const) or expr is self.root and self.setting.result is not None:
            return 0
        match expr:
            case ir.Const() | ir.Name() | ir.Walrus():
                return 0
            case ir.Item(base=ir.Attribute(base=ir.Name(), name="shape"), index=ir.Const()):
                return 0
            case ir.Call(func=ir.Name(id="len", scope="global"), args=(ir.Name(),)):
                return 0
            case ir.Item():
                return 1 + sum(map(self.work, values_in(expr)))
            case ir.Value(of=of):
                return self.work(of)
            case ir.Op(op=op, spelling=spelling):
                own = 1 if spelling is None and op != "matmul" else CALL_WORK
                return own + sum(self.work(child) for child in ir.children_of(expr) if isinstance(child, ir.Expr))
            case ir.Call() if self._operation(expr) is not None:
                return CALL_WORK + sum(self.work(child) for child in ir.children_of(expr) if isinstance(child, ir.Expr))
        return 1 + sum(self.work(child) for child in ir.children_of(expr) if isinstance(child, ir.Expr))

    def is_stable(self, base: ir.Expr) -> bool:
        while isinstance(base, (ir.Item, ir.Attribute, ir.Value)):
            if isinstance(base, ir.Attribute) and f".{base.name}" in self.setting.unstable:
                return False
            base = base.of if isinstance(base, ir.Value) else base.base
        if not isinstance(base, ir.Name):
            return False
        is_open = base.id in self.setting.unstable or ANYTHING in self.setting.unstable or not stays(base, self.setting.unstable)
        return base.id in self.setting.steady or not is_open

    def _inlined(self, expr: ir.Expr) -> ir.Expr:
        return rebuilt(expr, self._settle)

    def _recomputed(self, expr: ir.Expr) -> ir.Expr:
        value = rebuilt(expr, self._spelled_out)
        name = self.names.of_value(expr, self.setting.target, self.roles.get(expr))
        guards = self._guards_over(expr)
        self.temporaries.append(Temporary(name, value, guards, expr))
        return ir.Name(name)

    def _spelled_out(self, expr: ir.Expr) -> ir.Expr:
        """A part of a value that gets a line: it stands there, where nothing else reads it and no short name says what it is."""
        is_sole = expr not in self.uses and expr not in self.first_alike and expr not in self.settled and expr not in self.roles
        if is_sole and isinstance(expr, ir.Op) and described(expr) is None and self.work(expr) <= LINE_WORK:
            return self._inlined(expr)
        return self._settle(expr)

    def _guards_over(self, expr: ir.Expr) -> tuple[ir.Expr, ...]:
        return tuple(self.finish(guard) for guard in guards_of(self.root, expr)) if expr in self.conditional else ()

    def _hoisted(self, expr: ir.Expr) -> ir.Expr:
        if expr in self.conditional:
            return self._named(expr, "walrus")
        own = raised_by(expr, self.setting.kinds)
        blockers = [node for node in self._before(expr) if not may_swap(raised_by(node, self.setting.kinds), own)]
        blockers = list(dict.fromkeys(operand_with(node, expr, self.order) for node in blockers))
        if len(blockers) > 3 or not all(may_stand_alone(node, self.order, self.setting.kinds) for node in blockers):
            return self._named(expr, "walrus")
        for blocker in blockers:  # what stands left of it gets a line too, so that the order of evaluation stays
            node = self.first_alike.get(blocker, blocker)
            is_inlined_part = isinstance(self.settled.get(node), ir.Item | ir.Attribute)
            if node not in self.settled or is_inlined_part:
                is_forward = isinstance(node, ir.Call) and node in self.pairs
                self.settled[node] = self._forwarded(cast(ir.Call, node)) if is_forward else self._named(node, "line")
        return self._named(expr, "line")

    def _named(self, expr: ir.Expr, style: Literal["line", "walrus"]) -> ir.Expr:
        name = self.names.of_value(expr, self.setting.target, self.roles.get(expr))
        self.hoists.append(Hoist(name, expr, style))
        if style == "line":
            self.hoists.extend(Hoist(name, node, "again") for node, first in self.first_alike.items() if first is expr)
        return ir.Name(name)

    def _before(self, expr: ir.Expr) -> list[ir.Expr]:
        """What is evaluated before `expr` and can raise or have an effect, not named yet."""
        named = [hoist.expr for hoist in self.hoists if hoist.style in ("line", "again")]
        return evaluated_before(expr, self.order, named, self.setting.kinds)

    def _forwarded(self, call: ir.Call) -> ir.Expr:
        """A call whose callee keeps what its backward part needs: `value, kept = g_forward(...)`."""
        called = call.func.id if isinstance(call.func, ir.Name) else getattr(call.func, "name", "")
        stem = called if called.isidentifier() else self.pairs[call].forward.removesuffix("_forward")
        kept = self.kept_names.get(call) or self.names.fresh(f"{stem}_kept")
        self.hoists[:] = [each for each in self.hoists if each.expr is not call]  # it may have been named in its place before
        if call is self.root and self.setting.result is not None:
            self.hoists.append(Hoist(self.setting.target, call, "call", kept, self.pairs[call]))
            self.kept_names[call] = kept
            return self.setting.result
        name, is_line = self.names.fresh(f"{stem}_value"), self._may_move_up(call)
        self.hoists.append(Hoist(name, call, "line" if is_line else "walrus", kept, self.pairs[call]))
        self.kept_names[call] = kept
        return ir.Name(name) if is_line else ir.Item(ir.Name(kept), ir.Const(0))

    def _may_move_up(self, expr: ir.Expr) -> bool:
        """Whether computing `expr` before the statement keeps the order of everything that can be seen or can raise."""
        return expr not in self.conditional and not self._before(expr)

    # --- finishing ---

    def finish(self, expr: ir.Expr) -> ir.Expr:
        """An expression with its inner values replaced by what they were settled as."""
        if type(expr) is ir.Value:
            return self._settle(unwrapped(expr))
        unpacked = self._unpacked(expr)
        return rebuilt(expr, self.finish) if unpacked is None else unpacked

    def finish_term(self, term: Term) -> Term:
        adjoint, guards = None if term.adjoint is None else self.finish(term.adjoint), tuple(map(self.finish, term.guards))
        if not term.numerator and not term.denominator:
            return Term(adjoint, term.coefficient, (), (), guards, term.shape, term.shape, term.is_apart)
        base = Term(adjoint, term.coefficient, (), (), guards, term.shape, term.base_shape, term.is_apart)
        return base.as_written(list(map(self.finish, term.numerator)), list(map(self.finish, term.denominator)))

    def named(self) -> dict[str, str]:
        """The names that stand for values when the backward lines run, by the key of what a line might spell out instead."""
        found: dict[str, str] = {}
        if self.setting.is_plain:
            return found
        for line in self.temporaries:
            if not line.guards:
                found.setdefault(key_of(line.value), line.name)
        for hoist in self.hoists:
            if hoist.style == "line" and hoist.kept is None and isinstance(hoist.expr, ir.Op):
                found.setdefault(key_of(rebuilt(hoist.expr, self.spelled)), hoist.name)
        return found

    def spelled(self, expr: ir.Expr) -> ir.Expr:
        """A value in terms of what has been settled, with nothing new settled."""
        return self.settled[value] if (value := unwrapped(expr)) in self.settled else rebuilt(value, self.spelled)
