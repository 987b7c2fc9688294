"""Walks a function's tree in forward mode: every statement gets its tangents, control flow stays as it is.

Never writes a tangent itself.
"""
from __future__ import annotations

from gradgen.analyse.flow.exits import only_raises
from gradgen.analyse.flow.irregular import may_catch
from gradgen.analyse.flow.searches import searching_variable
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.ir.hooks import Hook
from gradgen.ir.kinds import Holder
from gradgen.ir.queries import is_name
from gradgen.ir.texts import of_one_text
from gradgen.transform.control import UNKNOWN, Control
from gradgen.transform.expressions.complexes import is_complex
from gradgen.transform.expressions.walruses import check_named
from gradgen.transform.forward.bisections import root_moves
from gradgen.transform.forward.elements import Elements
from gradgen.transform.forward.returning import returned
from gradgen.transform.forward.statements import Statements
from gradgen.transform.guarding.checks import check_calls
from gradgen.transform.guarding.guards import is_record, result_guard
from gradgen.transform.guarding.refusing import take_one_way


@dataclass(slots=True)
class Walk:
    """The walk over one function; `output` names its result where a return does not, `is_guarded` where that must be a number."""

    statements: Statements
    control: Control
    output: str
    is_guarded: bool
    with_value: bool
    is_conditional: bool = False

    def block(self, block: ir.Block) -> None:
        planner = self.statements.planner
        outer = self.is_conditional
        findings = planner.refusals.findings
        for place, stmt in enumerate(block):
            before = len(findings)
            if others := of_one_text(block, place)[1:]:
                self.statements.followed[stmt] = ir.names_bound(others)
            self.statement(stmt)
            self._check_calls(stmt)
            if not isinstance(stmt, ir.While):
                check_named(planner, stmt)
            self.control.ask(stmt)
            if len(findings) > before and self.is_conditional and not self.control.is_caught:
                self._refuse_when_reached(stmt, before)
            if isinstance(stmt, ir.Branch) and any(isinstance(n, ir.Exit) and n.kind == "return" for n in ir.walk(stmt)):
                self.is_conditional = True
        self.is_conditional = outer

    def arm(self, block: ir.Block) -> None:
        """A block that need not run."""
        outer = self.is_conditional
        self.is_conditional = True
        self.block(block)
        self.is_conditional = outer

    def _check_calls(self, stmt: ir.Stmt) -> None:
        """As in reverse mode, but a container may be popped from: its tangent is too."""
        match stmt:
            case (
                ir.Assign(value=ir.Call(func=ir.Attribute(base=ir.Name(), name="pop" | "copy"), args=args))
                | ir.Append(value=ir.Call(func=ir.Attribute(base=ir.Name(), name="pop"), args=args))
                | ir.Evaluate(value=ir.Call(func=ir.Attribute(base=ir.Name(), name="pop"), args=args))
            ):
                for arg in args:
                    check_calls(self.statements.planner, arg)
            case _:
                check_calls(self.statements.planner, stmt)

    def _refuse_when_reached(self, stmt: ir.Stmt, before: int) -> None:
        findings = self.statements.planner.refusals.findings
        edits = self.statements.planner.edits
        for node in ir.walk(stmt):
            if isinstance(node, ir.Stmt):
                for table in (edits.before, edits.between, edits.after, edits.at_start):
                    table.pop(node, None)
                edits.headers.pop(node, None)
        self.control.refuse_when_reached(stmt, findings[before:])
        del findings[before:]

    # --- statements ---

    def statement(self, stmt: ir.Stmt) -> None:
        statements, planner = self.statements, self.statements.planner
        match stmt:
            case ir.Assign():
                statements.assign(stmt)
            case ir.Append():
                statements.append(stmt)
            case ir.Exit(kind="return", value=value):
                kinds = planner.arrays.kinds
                is_number = value is not None and not isinstance(value, ir.Display | ir.Comprehension)
                is_number = is_number and value is not None and not kinds.may_be_array(value)
                is_number = is_number and not (kinds.has_arrays and value is not None and isinstance(kinds.of(value), Holder))
                is_number = is_number and not (value is not None and (is_complex(value, kinds) or is_record(value, planner)))
                is_guarded = is_number and self.is_guarded and value is not None and planner.activity.is_varied(value)
                name = value.id if isinstance(value, ir.Name) else self.output
                guard = result_guard({name: value}, planner.edits) if is_guarded and value is not None else []
                returned(statements, stmt, self.output, guard, self.with_value)
            case ir.Branch(test=test, then=then, orelse=orelse):
                self.arm(then)
                self.arm(orelse)
                self._test(stmt, test)
            case ir.For() | ir.While():
                self._loop(stmt)
            case ir.With(items=items, body=body):
                entered = [node for _, target in items if target is not None for node in ir.walk(target)]
                is_stored = any(isinstance(node, ir.ItemTarget | ir.AttributeTarget) for node in entered)
                if is_stored or any(planner.activity.is_varied(manager) for manager, _ in items):
                    planner.refusals.add("GG106", stmt.span, construct="a context manager")
                self._caught(stmt, body)
            case ir.Try():
                self._tried(stmt)
            case ir.Evaluate():
                statements.evaluated(stmt)
            case Hook():
                planner.refusals.add("GG106", stmt.span, construct="adjoint_of in forward mode, which has no adjoints")
            case ir.Inert() if take_one_way(planner, stmt):
                return
            case ir.Inert(construct=construct, reads=reads):
                bound = {version for version in statements.mirrored if version.node is stmt}
                if bound or construct.startswith(UNKNOWN) and any(planner.activity.is_varied(name) for name in reads):
                    planner.refusals.add("GG106", stmt.span, construct=construct)

    def _test(self, stmt: ir.Branch, test: ir.Expr) -> None:
        """A test that names values which vary, or that shortens a container."""
        planner = self.statements.planner
        self._no_pop(test)
        if not any(isinstance(node, ir.Walrus) and self.statements.is_mirrored(node) for node in ir.walk(test)):
            return
        lines = self.statements.named_in_test(test)
        named = {node.name for node in ir.walk(test) if isinstance(node, ir.Walrus)}
        if lines is None or lines.reads() & named or any(hoist.style != "line" for hoist in lines.hoists):
            planner.refusals.add("GG106", test.span, construct="`:=` in this test")
            return
        planner.edits.hoists[stmt] = lines.hoists
        place = planner.edits.between if lines.hoists else planner.edits.before
        place.setdefault(stmt, []).extend(lines.all)

    def _no_pop(self, test: ir.Expr) -> None:
        for node in ir.walk(test):
            match node:
                case ir.Call(func=ir.Attribute(base=ir.Name() as base, name="pop")) if self.statements.is_mirrored(base):
                    self.statements.planner.refusals.add("GG106", node.span, construct="the method pop() in a test")

    def _loop(self, stmt: ir.For | ir.While) -> None:
        planner, statements = self.statements.planner, self.statements
        if planner.activity.is_bisected(stmt) and self._bisects(stmt):
            return
        name = searching_variable(stmt, planner.activity)
        if name is not None:
            planner.refusals.add("GG112", stmt.span, construct=repr(name))
            return
        if isinstance(stmt, ir.For):
            self._header(stmt)
        else:
            self._no_pop(stmt.test)
            check_named(planner, ir.Evaluate(stmt.test))
        self.block(stmt.body)
        self.block(stmt.orelse)
        if isinstance(stmt, ir.For):
            starts = [node for node in ir.walk(stmt.target) if isinstance(node, ir.NameTarget) and statements.is_mirrored(node)]
            if starts and stmt not in planner.edits.headers:
                versions = planner.activity.versions.of_node
                planner.edits.at_start[stmt] = [statements.zero_line(each.id, versions[each]) for each in starts]

    def _bisects(self, stmt: ir.For | ir.While) -> bool:
        """Whether a bisection's tangent stands after its loop, whose turns have none."""
        planner = self.statements.planner
        lines = root_moves(self.statements, stmt, planner.activity.bisections[stmt])
        planner.edits.insert_after(stmt, *(lines or ()))
        for inner in (node for each in stmt.body for node in ir.walk(each) if isinstance(node, ir.Stmt)):
            check_calls(planner, inner)
        return lines is not None

    def _header(self, stmt: ir.For) -> None:
        """`for t, t_dot in zip(ts, ts_dot)` for `for t in ts`."""
        statements, planner = self.statements, self.statements.planner
        if any(isinstance(node, ir.ItemTarget | ir.AttributeTarget) for node in ir.walk(stmt.target)):
            planner.refusals.add("GG106", stmt.target.span, construct="a loop into an item or attribute")
            return
        if not planner.activity.is_varied(stmt.iterable):
            return
        bound = [node for node in ir.walk(stmt.target) if isinstance(node, ir.NameTarget)]
        if any(map(statements.is_mirrored, bound)):
            if self._is_stored_into_unseen(stmt):
                planner.refusals.add("GG106", stmt.iterable.span, construct="a loop over a container that changes meanwhile")
                return
            tangents = statements.tangents("value", stmt.iterable).within(stmt.iterable)
            planner.edits.headers[stmt] = Elements(tangents).along(stmt.target, stmt.iterable)
            planner.edits.needed |= tangents.linearizer.needed

    def _is_stored_into_unseen(self, stmt: ir.For) -> bool:
        """Whether the loop stores into what it goes through, and its turns would not see that of the tangents."""
        planner = self.statements.planner
        calls = [node for node in ir.walk(stmt.iterable) if isinstance(node, ir.Call) and isinstance(node.func, ir.Name)]
        is_copied = any(is_name(call.func, "reversed") for call in calls)
        parts = [arg for call in calls for arg in call.args] + [stmt.iterable]
        through = {part.id for part in parts if isinstance(part, ir.Name)}
        inside = {node for each in stmt.body for node in ir.walk(each)}
        stores = (each for each in planner.activity.versions.all if each.kind == "store" and each.node in inside)
        return any(is_copied or not planner.activity.is_active_version(each) for each in stores if each.name in through)

    # --- try ---

    def _caught(self, stmt: ir.Stmt, body: ir.Block) -> None:
        """A block whose exceptions may not end the call."""
        outer = self.control.is_caught
        self.control.is_caught = outer or may_catch(stmt, (ArithmeticError,), self.statements.callees.live)
        self.statements.around.append(stmt)
        self.block(body)
        self.statements.around.pop()
        self.control.is_caught = outer

    def _tried(self, stmt: ir.Try) -> None:
        goes_on = any(not only_raises(handler.body) for _, handler in self.statements.planner.edits.handlers_of(stmt))
        if goes_on or any(isinstance(node, ir.Exit) for part in stmt.final for node in ir.walk(part)):
            self._caught(stmt, stmt.body)
        else:  # no tangent is read after an exception
            self.block(stmt.body)
        for _, handler in self.statements.planner.edits.handlers_of(stmt):
            self.arm(handler.body)
        self.block(stmt.orelse)
        self.block(stmt.final)
