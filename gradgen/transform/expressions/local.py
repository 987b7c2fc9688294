"""The derivative of one expression: which terms it contributes to which variables, in values of its own inner expressions.

Never decides how inner values are kept, never looks beyond the expression, and leaves calls to transform.expressions.calls.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gradgen.analyse.activity import UNFIT, Activity, operands_of
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.texts import is_text
from gradgen.analyse.kinds.wholes import moves
from gradgen.analyse.slopes.sided import told_of, with_sign_first
from gradgen.analyse.solvers.calls import OTHER_PART, is_held_in_parts, part_of, solution_of, steps_of
from gradgen.analyse.solvers.odes import is_at_rest
from gradgen.analyse.surroundings.classes import is_computed, record_fields
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.constants import constants_among
from gradgen.ir.constructs import construct_of
from gradgen.read.refusals import Refusals
from gradgen.rules.notation import Contribution, Facts, Rule
from gradgen.rules.registry import find_rule
from gradgen.rules.solvers import solver_of
from gradgen.simplify.fold import fold, negated, same
from gradgen.transform.arrays.operations import ArrayWalk, of_element
from gradgen.transform.arrays.places import places_in
from gradgen.transform.arrays.results import in_parts
from gradgen.transform.arrays.text import item_at, value_of
from gradgen.transform.expressions.callees import Callees
from gradgen.transform.expressions.calls import Calls
from gradgen.transform.expressions.contributions import Contributions, Leaf, LoopLine, Pair, Requirement, Temporary
from gradgen.transform.expressions.evaluation import calls_and_powers
from gradgen.transform.expressions.parted import of_one_result, of_result
from gradgen.transform.expressions.shown import is_a_number, may_be_text, without_slope
from gradgen.transform.expressions.sums import arrays_in, leaves_of_sum, power_partial
from gradgen.transform.expressions.terms import Term, kept_apart, product_of, with_powers
from gradgen.transform.holding import step_of
from gradgen.transform.lines.spelling import without_defaults
from gradgen.transform.lines.standing import Standing
from gradgen.transform.names import Names, described
from gradgen.transform.solvers.calls import Solvers

PRODUCTS = frozenset({"mul", "div", "neg"})


class Linearizer:
    """Walks one expression from its result to its variables, carrying the adjoint as a term."""

    def __init__(
        self, activity: Activity, names: Names, refusals: Refusals, target: str, root: ir.Expr, is_plain: bool, callees: Callees,
        containers: frozenset[str], sequences: frozenset[str], standing: Standing | None = None,
        kinds: Kinds | None = None,
    ) -> None:
        self.sequences = sequences
        self.unstable: frozenset[str] = frozenset()  # what may change in place, of the containers
        self.standing = Standing() if is_plain or standing is None else standing
        self.callees = callees
        self.kinds = kinds or Kinds(activity.versions)
        self.containers = containers
        self.computed, self.powers = ([], []) if is_plain else calls_and_powers(root)
        self.activity = activity
        self.names = names
        self.refusals = refusals
        self.target = target
        self.is_plain = is_plain
        self.found = Contributions()
        self.roles: dict[ir.Node, str] = {}
        self.pairs: dict[ir.Call, Pair] = {}
        self.needed: set[str] = set()
        self.changed_later: frozenset[str] = frozenset()  # the variables whose arrays a later store changes
        self.is_entrywise = self.recomputes = self.is_result_changed = False
        self._counts: dict[ir.Node, int] = {}
        self.arrays = ArrayWalk(self) if self.kinds.has_arrays else None

    def known(self, expr: ir.Expr) -> ir.Expr:
        """The value of the same call in the user's expression, or of a variable that holds it: cos(E) beside sin(E)."""
        if isinstance(expr, ir.Op):
            for node in self.computed:
                if node.op == expr.op and same(node, expr):
                    return ir.Value(node)
            if (name := self.standing.name_of(expr)) is not None:
                return ir.Name(name)
        return expr

    # --- what is active ---

    def leaves_below(self, expr: ir.Node) -> int:
        """How many active reads a derivative reaches through an expression."""
        found = self._counts.get(expr)
        if found is None:
            found = self._counts[expr] = self._count(expr)
        return found

    def _count(self, expr: ir.Node) -> int:
        if type(expr) is ir.Name:
            return int(self.activity.is_active_version(self.activity.versions.of_read.get(expr)))
        match expr:
            case ir.Call() | ir.Opaque() | ir.Comprehension():
                return int(self.activity.is_varied(expr))
            case ir.Op(op="ifexp", args=(_, then, orelse)):
                return self.leaves_below(then) + self.leaves_below(orelse)
        found = sum([self.leaves_below(child) for child in ir.children_of(expr) if isinstance(child, ir.Expr)])
        return found if found and self.activity.passes_on(expr) else 0

    def is_text(self, expr: ir.Expr) -> bool:
        """Whether a value surely is a text that is made of others."""
        return is_text(expr, self.activity.versions)

    # --- the walk ---

    def visit(self, expr: ir.Expr, term: Term) -> None:
        """Pass `term`, the adjoint of the expression's value, on to what it is computed from."""
        if self.leaves_below(expr) == 0:
            return
        if self.arrays is not None:
            rest = self.arrays.visit(expr, term)
            if rest is None:
                return
            term = rest
        match expr:
            case ir.Name() | ir.Opaque() | ir.Call() | ir.Op(op="mod") if self.is_text(expr):
                self.found.requirements.append(without_slope(term))
            case ir.Name(id=name):
                self.found.leaves.append(Leaf(name, term, (), name in self.containers))
            case ir.Op(op="ifexp", args=(test, then, orelse)):
                held = ir.Value(test)
                self.visit(then, term.guarded(held))
                self.visit(orelse, term.guarded(negated(held)))
            case ir.Op(op="and" | "or" as op, args=args):
                self._choice(op, args, term)
            case ir.Op():
                self._operation(with_sign_first(expr, self.kinds.versions, self.kinds.sides), term)
            case ir.Item() | ir.Attribute():
                if not Calls(self).of_class(expr, term):
                    self._part(expr, term)
            case ir.Display(kind="tuple" | "list", items=items):
                for place, item in zip(places_in(items), items, strict=True):
                    self._element(item, term, place)
            case ir.Display(kind="dict", items=items, keys=keys):
                for key, item in zip(keys, items, strict=True):
                    self._element(item, term, key)
            case ir.Walrus(name=name):
                self.found.leaves.append(Leaf(name, term))
            case ir.Call() if solver_of(expr.target) is not None:
                Solvers(self).pass_on(expr, term)
            case ir.Call():
                Calls(self).pass_on(expr, term)
            case ir.Comprehension(kind="list"):
                counter = self.names.fresh("i") if term.adjoint is not None else None
                self.found.loops.append(LoopLine(expr, term, counter))
            case _:
                self.refusals.add("GG106", expr.span, construct=construct_of(expr))

    def _element(self, item: ir.Expr, term: Term, key: ir.Expr | None) -> None:
        if isinstance(item, ir.Starred) or key is None:
            if self.leaves_below(item):
                self.refusals.add("GG106", item.span, construct="a starred element")
            return
        assert term.adjoint is not None
        adjoint = item_at(term.adjoint, key)
        own = of_element(self, item, term, adjoint)
        may_be_none = may_be_text(item, self.activity.versions, self.callees)
        self.visit(item, own.guarded(is_a_number(adjoint)) if may_be_none else own)

    def _choice(self, op: str, args: Sequence[ir.Expr], term: Term) -> None:
        """`a or b`: the first where it is true, else the second."""
        for index, arg in enumerate(args):
            is_last = index == len(args) - 1
            held = ir.Value(arg)
            taken, passed = (negated(held), held) if op == "and" else (held, negated(held))
            self.visit(arg, term if is_last else term.guarded(taken))
            term = term.guarded(passed)

    def _part(self, expr: ir.Item | ir.Attribute, term: Term) -> None:
        path: list[ir.Expr] = []
        base: ir.Expr = expr
        while isinstance(base, (ir.Item, ir.Attribute)):
            if isinstance(base, ir.Item):
                if isinstance(base.index, ir.Slice) or any(isinstance(inner, ir.Slice) for inner in ir.walk(base.index)):
                    self.refusals.add("GG106", base.span, construct="a slice")
                if moves(base.index, self.activity, self.callees.site):
                    self.refusals.add("GG106", base.index.span, construct="a look-up by a value that varies")
            path.append(step_of(base, self.kinds))
            base = base.base
        if isinstance(base, ir.Name):
            version = self.activity.versions.of_read.get(base)
            made = version.sources[0] if version is not None and version.kind == "assign" and version.sources else None
            if isinstance(made, ir.Call) and record_fields(made.target) is not None and not isinstance(path[-1], ir.Attribute):
                self.refusals.add("GG106", expr.span, construct="an item of a record that is taken by its number")
                return
            named = path[-1]
            if isinstance(named, ir.Attribute) and named.name in ("real", "imag"):
                self.refusals.add("GG106", expr.span, construct=f"the {named.name} part of a number")
            kind = made.target if isinstance(made, ir.Call) else self._annotated(version)
            if isinstance(named, ir.Attribute) and is_computed(kind, named.name):
                self.refusals.add("GG106", expr.span, construct=f"the property {named.name!r} of a record of values that vary")
                return
            solution = solution_of(version, self.kinds.of)
            if solution is not None and base.id not in self.containers:
                full = self.in_full(expr, term)
                self._part_of_solution(solution, expr, path, lambda: self.found.leaves.append(Leaf(base.id, full)))
                return
            self.found.leaves.append(Leaf(base.id, term, tuple(reversed(path)), True))
        elif isinstance(base, ir.Call) and is_held_in_parts(base, self.kinds.of):
            full = self.in_full(expr, term)
            self._part_of_solution(base, expr, path, lambda: Solvers(self).of_part(base, full, ir.Value(expr)))
        elif isinstance(base, ir.Call):
            Calls(self).pass_on_part(base, tuple(reversed(path)), self.in_full(expr, term))
        elif isinstance(base, ir.Op) and (parted := of_one_result(base, steps_of(path), term)) is not None:
            self.visit(base, parted)
        else:
            self.refusals.add("GG106", expr.span, construct="a part of an expression that has no name")

    def _part_of_solution(self, call: ir.Call, expr: ir.Expr, path: Sequence[ir.Expr], pass_on: Callable[[], None]) -> None:
        """`sol.root`, `quad(...)[0]`: of all that a solver hands out only that part varies."""
        steps = steps_of(path[::-1])
        if steps == part_of(call, self.kinds.of(call)):
            pass_on()
        elif not is_at_rest(call, steps, self.leaves_below):
            self.refusals.add("GG106", expr.span, construct=OTHER_PART)

    def in_full(self, expr: ir.Expr, term: Term) -> Term:
        """The adjoint of a value as large as the value, where that is an array."""
        return term if self.arrays is None or not self.kinds.may_be_array(expr) else self.arrays.fitted(term, expr)

    def is_bound(self, value: ir.Expr) -> bool:
        """Whether an expression is what a variable, no container, is assigned."""
        versions = (version for version in self.activity.versions.all if version.kind == "assign" and value in version.sources)
        return any(version.name not in self.containers for version in versions)

    def holds_container(self, operand: ir.Expr) -> bool:
        """Whether an operand is a container: operations are those of numbers."""
        if type(operand) is ir.Name:
            return operand.id in self.containers or self.is_text(operand)
        match operand:
            case ir.Opaque() | ir.Call() | ir.Op(op="mod"):
                return self.is_text(operand)
            case ir.Display() | ir.Comprehension() | ir.Const(value=str() | bytes()):
                return True
            case ir.Op(op="ifexp", args=(_, then, orelse)):
                return self.holds_container(then) or self.holds_container(orelse)
        return False

    def _annotated(self, version: Version | None) -> Any:
        """The class that the annotation of a parameter names."""
        if version is None or not isinstance(version.node, ir.Function):
            return None
        annotations = (each.annotation for each in version.node.parameters if each.name == version.name)
        text = next(annotations, None)
        return None if text is None else self.callees.live(ir.Name(text.strip("'\""), "global"))

    def array_sum(self, summed: ir.Expr, term: Term) -> bool:
        """`np.sum(n * x**k)` with constant arrays: each number's partials are summed up."""
        live = self.callees.live
        if not arrays_in(summed, live):
            return False
        inner = Linearizer(
            self.activity, self.names, self.refusals, self.target, summed, self.is_plain, self.callees, self.containers,
            self.sequences,
        )
        inner.is_entrywise = True
        inner.visit(summed, Term(ir.Const(1)))
        found = inner.found
        if found.temporaries or found.requirements or found.loops:
            return False
        leaves = leaves_of_sum(found.leaves, term, live)
        if leaves is None:
            return False
        self.found.leaves.extend(leaves)
        return True

    def rule_of(self, op: ir.Op, operands: Sequence[tuple[str, ir.Expr]], is_unpacked: bool = False) -> Rule | None:
        """The row that gives an operation's derivative; None where that is refused."""
        active = frozenset([name for name, operand in operands if self.leaves_below(operand)])
        constants = {**constants_among(operands), **told_of(op, self.kinds.versions, self.kinds.sides)}
        rule = find_rule(op.op, Facts(constants, active, len(op.args) + len(op.keywords)))
        defaults = rule.defaults if rule is not None else {}
        texts = [name for name, each in defaults.items() if isinstance(each, ir.Const) and isinstance(each.value, str)]
        if any(self.holds_container(operand) for name, operand in operands if name not in texts):
            code = "GG115" if op.op in ("add", "mul") else "GG106"
            self.refusals.add(code, op.span, construct=f"{op.spelling or op.op} on a list, a tuple or a text")
            return None
        if rule is None or any(name == UNFIT for name, _ in operands):
            self.refusals.add("GG106", op.span, construct=f"{op.spelling or op.op} with these arguments")
            return None
        for name in sorted(active & rule.refused) if rule.refused else ():
            operand = next(expr for label, expr in operands if label == name)
            self.refusals.add("GG110", operand.span, construct=op.spelling or op.op, detail=rule.reason)
        if op.op == "div":
            self.roles.update(zip(op.args, ("num", "den"), strict=True))
        if len(rule.results) > 1 and not is_unpacked:
            self.refusals.add("GG106", op.span, construct=f"{op.spelling or op.op} whose results are not unpacked")
            return None
        return rule

    def _operation(self, op: ir.Op, term: Term) -> None:
        operands = list(operands_of(op))
        counts = [self.leaves_below(operand) for _, operand in operands]
        if self.is_entrywise and op.op == "pow" and arrays_in(op.args[1], self.callees.live):
            if {name for (name, _), count in zip(operands, counts, strict=True) if count} == {"x"}:
                self.visit(op.args[0], term.times(1, power_partial(op.args[0], op.args[1], self.callees.live), []))
                return
        term = in_parts(op, term)
        rule = self.rule_of(op, operands, isinstance(term.adjoint, ir.Display))
        if rule is None:
            return
        if not self.is_entrywise and sum(counts) > 1:
            term = self._shared(op, term)
        self.found.reached.append((op, term))
        values = Substitution(rule, op, operands, self, term.guards)
        for test, message in rule.requires:
            self.found.requirements.append(Requirement(values.apply(test), message, term.guards))
        for index, (name, operand) in enumerate(operands):
            if not counts[index]:
                continue
            for contribution in rule.contributions:
                if contribution.operand != name:
                    continue
                own = of_result(rule, contribution, term)
                if not isinstance(own.adjoint, ir.Const) or own.adjoint.value != 0:
                    self.visit(operand, values.at(index).term(contribution, own))

    def _shared(self, op: ir.Op, term: Term) -> Term:
        """A term that several paths will use gets a line of its own once that saves work."""
        assert term.adjoint is not None
        uses = self.leaves_below(op)
        if not self.is_plain and (term.complexity * (uses - 1) < 2 or op.op in PRODUCTS and uses < 5):
            return term
        if term.complexity == 0 or isinstance(term.adjoint, ir.Display):
            return term
        label = described(op) or self._role(op) or None
        name = self.names.fresh(f"d{label}") if label else self.names.of_adjoint(op, self.target)
        self.found.temporaries.append(Temporary(name, product_of(term), term.guards, op))
        return Term(ir.Name(name), guards=term.guards)

    def _role(self, expr: ir.Expr) -> str | None:
        return self.roles.get(expr)


class Substitution:
    """Puts the operands' values in the place of a rule's names."""

    def __init__(
        self, rule: Rule, op: ir.Op, operands: Sequence[tuple[str, ir.Expr]], owner: Linearizer, guards: tuple[ir.Expr, ...]
    ) -> None:
        self.owner = owner
        self.values: dict[str, ir.Expr] = {name: value_of(operand) for name, operand in operands}
        for name, default in rule.defaults.items():
            self.values.setdefault(name, default)
        if len(rule.results) == 1:
            self.values[rule.results[0]] = ir.Value(op)
        else:
            self.values.update((name, ir.Value(ir.Item(op, ir.Const(index)))) for index, name in enumerate(rule.results))
        self.operands = operands
        self.family = op.family
        self.op = op
        for name, value in rule.locals:
            applied = self.apply(value)
            if isinstance(applied, ir.Value | ir.Const):
                self.values[name] = applied
                continue
            local = owner.names.fresh(name)
            owner.found.temporaries.append(Temporary(local, applied, guards))
            self.values[name] = ir.Name(local)

    def at(self, index: int) -> Substitution:
        """The same with a variadic operand's name standing for its `index`-th value."""
        name, operand = self.operands[index]
        self.values[name] = value_of(operand)
        return self

    def apply(self, expr: ir.Expr) -> ir.Expr:
        match expr:
            case ir.Name(id=name):
                return self.values.get(name, expr)
            case ir.Op(op=op, args=args, keywords=keywords):
                applied = tuple(map(self.apply, args))
                named = tuple((name, self.apply(value)) for name, value in keywords)
                if op == "log_of_base":
                    named = (("where", ir.Const(self.owner.refusals.place(self.op.span))),)
                if self.family == "scipy.stats":
                    applied, named = without_defaults(op, applied, named)
                return self.owner.known(fold(ir.Op(op, applied, named, None, self.family)))
            case ir.Compare(ops=ops, operands=operands):
                return ir.Compare(ops, tuple(map(self.apply, operands)))
        return expr

    def term(self, contribution: Contribution, term: Term) -> Term:
        above = [self.apply(factor) for factor in contribution.numerator]
        below = [self.apply(factor) for factor in contribution.denominator]
        result = with_powers(kept_apart(term, above, self.owner.kinds).times(contribution.sign, above, below), self.owner.powers)
        return result if contribution.guard is None else result.guarded(self.apply(contribution.guard))
