"""Reverse mode: a function and its facts become a gradient function, forward part edited and backward parts written.

Never reads source and never prints.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.analyse.flow.exits import Chain, blocks_of, returns_of
from gradgen.analyse.flow.irregular import may_catch
from gradgen.analyse.intermediate import versions_asked_for
from gradgen.analyse.kinds.dicts import dict_names
from gradgen.analyse.kinds.kind import container_names, container_versions, handed_as_containers, unshaped_parameters
from gradgen.analyse.program import Analysed
from gradgen.analyse.recording.needs import recording
from gradgen.analyse.recording.stability import known_by_attribute
from gradgen.analyse.recording.steadiness import Changes, look_closer
from gradgen.analyse.recording.touched import touched
from gradgen.analyse.sharing.aliases import aliased_containers
from gradgen.analyse.sharing.variables import sharing
from gradgen.analyse.sharing.views import array_facts
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import NUMBER, Holder, Kind
from gradgen.ir.queries import is_name
from gradgen.read.refusals import short_name
from gradgen.transform.arrays.results_read import results_held
from gradgen.transform.backward import Backward
from gradgen.transform.control import Control
from gradgen.transform.expressions.callees import Callees
from gradgen.transform.expressions.complexes import refuse_signs
from gradgen.transform.gradient import Gradient, Request
from gradgen.transform.guarding import guards
from gradgen.transform.guarding.apart import keep_apart, keep_containers_apart
from gradgen.transform.guarding.in_place import look_at_changes
from gradgen.transform.guarding.refusing import raise_at_the_end, refuse_ahead, refuse_hopeless, refuse_moving_truths
from gradgen.transform.guarding.seeds import Seeds
from gradgen.transform.lines.spelling import zeros_of
from gradgen.transform.lines.standing import called_once, standing_values
from gradgen.transform.loops.tapes import Tapes
from gradgen.transform.passes.finishing import Finishing
from gradgen.transform.passes.nothings import Nothings, parts_change, shapes_change
from gradgen.transform.passes.ownership import begun
from gradgen.transform.passes.pairs import Pairing
from gradgen.transform.passes.pruning import drop_counters, prune
from gradgen.transform.passes.short import in_dtypes
from gradgen.transform.planning import Planner
from gradgen.transform.results import are_tuples, names_of, outputs_of
from gradgen.transform.stores.cut_results import refuse_cut_results
from gradgen.transform.stores.undoing import undone
from gradgen.transform.stores.zeroing import without_dead_zeros
from gradgen.transform.writing import PlanWriter


def reverse(
    analysed: Analysed, request: Request, callees: Callees, comments: Mapping[ir.Stmt, str], reserved: set[str]
) -> Gradient:
    """The gradient of a function. Refusals are collected in the read function, not raised."""
    return _Reverse(analysed, request, callees, comments, reserved).gradient()


class _Reverse:
    def __init__(
        self, analysed: Analysed, request: Request, callees: Callees, comments: Mapping[ir.Stmt, str], reserved: set[str]
    ) -> None:
        self.read = analysed.read
        self.function = function = analysed.read.function
        self.activity = activity = analysed.activity
        self.request = request
        versions = analysed.versions
        given = frozenset(analysed.read.parameters) | frozenset(analysed.read.captures)
        self.variables = given | frozenset(ir.names_bound(function.body))
        self.names = names_of(analysed, reserved)
        self.returns = versions.returns
        self.asked = versions_asked_for(function, versions, request.wrt)
        self.lasting = frozenset(request.wrt) - frozenset(versions.of_parameter)
        self.outputs, self.is_tuple = outputs_of(analysed, request.is_vjp, self.names)
        if request.is_vjp and not self.is_tuple and are_tuples([stmt.value for stmt in self.returns]):
            self.read.refusals.add("GG120", self.returns[0].span, detail="Its returns hand out tuples of different lengths.")
        if request.seed is not None and not self.is_tuple:
            self.names.name_adjoint(self.outputs[0], request.seed)
        self.seeds = {name: self.names.adjoint(name) for name in self.outputs}
        kinds = analysed.kinds
        arrays = array_facts(function, kinds)
        held = frozenset(
            version for version in container_versions(function, versions, callees.site, callees.takes, kinds)
            if not kinds.may_hold_array(version)
        )
        containers = container_names(held, activity)
        aliased, changing, _ = aliased_containers(
            function, activity, analysed.kinds, containers, held, callees.site, callees.makes,
        )
        aliased |= callees.stored_outside()
        lists = containers - dict_names(versions)
        unstable = (changing - known_by_attribute(function, callees.changing)) | aliased | callees.changing
        moved = touched(function, activity, kinds, callees.site, callees.changes)
        changes = Changes(unstable | moved)
        settling = changing & containers - aliased - callees.changing
        if settling:
            found = sharing(function, versions, analysed.kinds, held, callees.site)
            look_closer(changes, function, found, settling, aliased | callees.changing | moved)
        self.planner = Planner(
            activity, self.names, self.read.refusals, self._headed(comments), self.variables | set(self.outputs),
            changes, aliased, containers, lists, held, self.outputs, self.is_tuple, callees, arrays, request.is_plain,
            bool(found_in(function, ir.Walrus)), request.seed is None and not request.is_vjp,
            standing_values(function, versions, request.backward_name is None and not analysed.kinds.has_arrays, arrays.mutated),
        )
        self.looked_at = Seeds(self.planner, self.seeds if request.looks_at_seeds else {}, self.returns)
        self.planner.takes_floats = request.seed is None and request.backward_name is None
        refuse_ahead(self.planner, function, request.seed is not None)
        refuse_cut_results(self.planner, function)
        self.is_search = not analysed.result_varies and callees.searches_by_recursion(analysed)
        self.control = Control(self.planner, most_states=request.checkpoint)
        self.zeros: dict[str, str] = {}
        self.unshaped = unshaped_parameters(function, versions, held)
        self.handed = handed_as_containers(function, versions, callees.site, callees.takes) - arrays.variables.keys()
        self.tapes = Tapes(function.body, self.planner, self.control)

    # --- results ---

    def _headed(self, comments: Mapping[ir.Stmt, str]) -> Mapping[ir.Stmt, str]:
        """The return lines read as assignments to the output."""
        target = ", ".join(self.outputs)
        headed = dict(comments)
        for stmt, text in comments.items():
            if isinstance(stmt, ir.Exit) and stmt.kind == "return":
                headed[stmt] = f"{target} = {text.removeprefix('return').strip()}"
        return headed

    # --- the whole ---

    def _returns_container(self) -> bool:
        """Whether a return hands out a variable that holds a container there."""
        versions, held = self.activity.versions, self.planner.held
        if self.is_tuple:  # a seed is not changed: what was stored into an element of the tuple would be taken out of it again
            stored = {each.name for each in versions.all if each.kind == "store" and each.name in self.planner.containers}
            items = (item for stmt in self.returns if isinstance(stmt.value, ir.Display) for item in stmt.value.items)
            return any(isinstance(item, ir.Name) and item.id in stored for item in items)
        return any(isinstance(stmt.value, ir.Name) and versions.of_read.get(stmt.value) in held for stmt in self.returns)

    def gradient(self) -> Gradient:
        body = self.function.body
        self.control.block(body, False)
        refuse_moving_truths(self.planner, self.function)
        refuse_signs(self.function, self.planner.arrays.kinds, self.activity, self.read.refusals)
        refuse_hopeless(body, self.control.refused, self.read.refusals.findings)
        if self.is_search:
            self.read.refusals.add("GG112", self.function.span, construct=f"{self.function.name}()")
        if self.request.seed is None and not self.request.is_vjp and self._returns_container():
            self.read.refusals.add("GG403", self.returns[0].span, construct=f"{self.function.name} returns a container")
        if self.request.is_vjp and self._returns_container() and not self.looked_at.may_take_apart(self.activity.versions):
            detail = "It returns a container that has another name too: its seed is not taken apart."
            self.read.refusals.add("GG120", self.returns[0].span, detail=detail)
        raise_at_the_end(self.planner, self.function, self.planner.wants_number)
        edits, overwrites = self.planner.edits, self.planner.arrays.overwrites
        self.tapes.undone = self._undone()
        arrays, containers, output = self.planner.arrays.variables, self.planner.containers, self.outputs[0]
        place = f"{short_name(self.read.file)}:{self.read.refusals.first_line}: "
        held = results_held(self.planner.arrays.kinds)
        named = {} if self.request.is_plain else self.planner.standing.named()
        writer = PlanWriter(self.names, containers, place, output, self.request.is_plain, arrays, self.lasting, held, named)
        backward = Backward(
            self.activity, writer, self.planner.plans, self.control.tests, self.control.loops, self.control.tries,
            self.control.folds, self.control.originals, self.tapes.restores, self.tapes.late, self.tapes.begun,
            self.tapes.turn_restores, self.control.refused, self.control.logs, self._nothings(),
        )
        self._rehearse(backward)
        self.tapes.shaped = backward.nothings.kept
        kept = recording(
            body, self.planner.reads, self.control.has_backward, self.control.logs, overwrites, edits.rerun, self.tapes.undone,
            backward.nothings.shapes,
        )
        for stmt, missing in backward.nothings.missing(kept.before).items():
            construct = f"an array, {min(missing)!r}, that may have another shape on another way through this statement"
            self.read.refusals.add("GG106", stmt.span, construct=construct)
        for loop in sorted(kept.unkept, key=lambda each: each.span or ir.Span(0, 0)):
            self.read.refusals.add("GG106", loop.test.span, construct="`:=` in the test of a loop, read where it is bound anew")
        self.tapes.record(kept.before)
        self.tapes.count_turns(body, True)
        gradient = Gradient(self.request.name, self.function, self.read, dict(self.seeds), edits, self.request.docstring)
        pairing = self._pairing()
        for stmt, chain in self._ways(body):
            lines, result = self._way_back(stmt, chain, backward)
            if pairing is None:
                self._place(stmt, chain, [*lines, result])
            else:
                pairing.split(stmt, chain, lines, result)
        if pairing is None:
            drop_counters(edits, (name for plan in self.control.loops.values() for name in (plan.counter, plan.left)))
        else:
            gradient.backward = pairing.backward_function()
        is_unseen, is_callee = False, self.request.seed is not None
        if pairing is None and not self.request.with_value and not self.request.is_plain:
            may_drop = not self.planner.arrays.kinds.has_arrays and guards.may_guard_parameters(self.function, containers)
            is_dropped = prune(body, edits, is_callee, not (is_callee or may_drop), self.planner.arrays.kinds)
            is_unseen = is_dropped and may_drop and not is_callee
        if not self.planner.arrays.kinds.has_arrays:
            is_unseen_into = self.request.seed is None and guards.hand_out_containers(self._ways(body), self.planner)
            looks = guards.guard_parameters if is_unseen or is_unseen_into else guards.guard_what_turns_real
            seeds = self.looked_at.of_numbers(dict.fromkeys(self.seeds, ir.Const(None))) if is_unseen else []
            looks(self.function, containers, edits, seeds)
        if self.request.seed is None:
            keep_containers_apart(self.function, self.planner)
        look_at_changes(self.planner, self.function, is_callee)
        if self.planner.arrays.kinds.has_arrays and self.request.seed is None:
            keep_apart(self.function, self.planner.arrays, self.read.refusals, edits)
            self.looked_at.look_first(self.function)
            guards.guard_kinds(self.function, self.planner.arrays.kinds.given, edits, self.looked_at.pairs())
        gradient.helpers, gradient.given, gradient.is_unseen = writer.helpers, self.names.given(), is_unseen
        gradient.is_callee = is_callee
        gradient.may_rest, gradient.are_seeds_required = self.request.may_rest, self.request.is_vjp or gradient.is_callee
        return gradient

    def _nothings(self) -> Nothings:
        kinds, containers = self.planner.arrays.kinds, self.planner.containers
        changing = shapes_change(kinds) & self.planner.arrays.variables.keys() - containers
        return Nothings(changing | parts_change(kinds) & containers)

    def _rehearse(self, backward: Backward) -> None:
        """Write the backward parts once for what they show of the shapes they need; nothing comes of the lines."""
        mark, rehearsal = self.names.mark(), replace(backward, is_rehearsal=True)
        for stmt, chain in self._ways(self.function.body) if backward.nothings.changing else ():
            state = set(self.outputs)
            rehearsal.statement(stmt, state)
            rehearsal.path(chain, state)
        self.names.back_to(mark)

    def _undone(self) -> frozenset[ir.Stmt]:
        """The stores that backward lines undo element by element: not in callees, whose arrays others hold, nor where turns run
        again."""
        request, control = self.request, self.control
        if request.is_plain or request.backward_name is not None or request.checkpoint is not None or control.logs:
            return frozenset()
        found = undone(self.function, self.planner.plans, self.planner.arrays, self.planner.containers)
        return found - control.cautious

    def _place(self, stmt: ir.Exit, chain: Chain, lines: list[ir.Stmt]) -> None:
        """Put the value and the backward part in the place of a return; where a try would catch what the backward part raises,
        the backward part goes into its `else`."""
        edits = self.planner.edits
        live = self.planner.callees.live
        catching = [owner for block, _, owner in chain if owner is not None and block is blocks_of(owner)[0]
                    and may_catch(owner, (ArithmeticError, ValueError, TypeError), live)]
        if not catching:
            edits.replaced[stmt] = lines
            return
        match catching:
            case [ir.Try(body=body, orelse=()) as owner] if body[-1] is stmt:
                name = self.outputs[0]
                value = [line for line in lines if line.span is not None]
                edits.replaced[stmt] = value or [ir.Assign(ir.NameTarget(name), ir.Name(name), span=stmt.span)]
                edits.otherwise[owner] = [line for line in lines if line.span is None]
            case _:
                self.read.refusals.add(
                    "GG111", stmt.span, construct="a return inside of a statement that catches exceptions",
                    detail="What the backward part raises here would be caught with what the function itself raises.",
                    advice="Return the value after the statement, or make the return the last line of the try.",
                )

    def _ways(self, body: ir.Block) -> list[tuple[ir.Exit, Chain]]:
        """The returns that are not refused, with the way to each."""
        refused = self.control.refused
        return [
            (stmt, chain) for stmt, chain in returns_of(body)
            if stmt not in refused and not any(owner in refused for _, _, owner in chain)
        ]

    def _way_back(self, stmt: ir.Exit, chain: Chain, backward: Backward) -> tuple[list[ir.Stmt], ir.Exit]:
        """The lines in the place of a return: the value, the backward part of the way here; and the return itself."""
        value = stmt.value if stmt.value is not None else ir.Const(None)
        lines: list[ir.Stmt] = []
        state = set(self.outputs)
        if self.is_tuple:
            assert isinstance(value, ir.Display)
            targets = tuple(ir.NameTarget(name) for name in self.outputs)
            pairs = zip(value.items, self.outputs, strict=True)
            if not all(is_name(item, name) for item, name in pairs):
                lines.append(ir.Assign(ir.TupleTarget(targets), value, span=stmt.span))
        elif not (isinstance(value, ir.Name) and value.id == self.outputs[0]):
            lines.append(ir.Assign(ir.NameTarget(self.outputs[0]), value, span=stmt.span))
        guarded = self._guarded(value)
        lines.extend(guards.result_guard(guarded, self.planner.edits, self.looked_at.of_numbers(guarded)))
        seeds = self.looked_at.look_later(value)
        written = backward.statement(stmt, state) if stmt in backward.plans else []
        if stmt not in backward.plans and not (isinstance(value, ir.Name) and value.id in self.outputs) and not self.is_tuple:
            state.clear()
        written.extend(backward.path(chain, state))
        if not self.request.is_plain:
            written = called_once(written, self.planner.standing, self.names, self.outputs[0])
        result: ir.Expr = ir.Name(self.outputs[0])
        restoring = [line for line in written if isinstance(line, ir.Restore | ir.Branch | ir.For | ir.While)]
        inner = [node for line in restoring for node in ir.walk(line)]
        restored = {target for node in inner if isinstance(node, ir.Restore) for target in node.targets}
        restored |= {node.id for node in inner if isinstance(node, ir.NameTarget)}
        if self.outputs[0] in restored and self.request.with_value:
            name = self.names.fresh("value")
            lines.append(ir.Assign(ir.NameTarget(name), ir.Name(self.outputs[0])))
            result = ir.Name(name)
        if written:
            if self.request.backward_name is None:
                lines.extend((ir.Comment(""), ir.Comment("backward")))
            lines.extend(written)
        gradients = []
        for name in self.request.wrt:
            gradients.append(self._final(name, state, lines))
        lines = lines if self.request.is_plain else without_dead_zeros(lines, [result, *gradients])
        if self.planner.arrays.kinds.has_arrays:
            finishing = Finishing(
                self.planner, self.function, self.seeds, self.variables, self.returns, self.request.wrt,
                is_callee=self.request.seed is not None,
            )
            lines = finishing.lines(lines, gradients)
        gradients = in_dtypes(self.request, gradients, self.planner, self.function)
        gradient = gradients[0] if self.request.is_bare else ir.Display("tuple", tuple(gradients))
        seeds += self.looked_at.at_rest(self.outputs) if self.request.may_rest else []
        place = begun(lines, self.seeds.values())
        lines[place:place] = seeds
        if self.request.backward_name is not None:
            return lines, ir.Exit("return", gradient)
        return lines, ir.Exit("return", ir.Display("tuple", (result, gradient)) if self.request.with_value else gradient)

    def _guarded(self, value: ir.Expr) -> dict[str, ir.Expr]:
        """The results that must be numbers each, by their names: none in callees, which may hand out anything."""
        if self.request.backward_name is not None or self.request.seed is not None:
            return {}
        kinds = self.planner.arrays.kinds
        if kinds.has_arrays and (self.request.is_vjp or kinds.shape(value) == ()):
            return {}
        return guards.looked_at(guards.results_of(value, self.planner), self.planner)

    def _pairing(self) -> Pairing | None:
        if self.request.backward_name is None:
            return None
        bound = frozenset(self.read.parameters) | frozenset(self.outputs)
        output = self.outputs[0]
        ways = len(self._ways(self.function.body))
        return Pairing(self.request.backward_name, output, self.seeds, ways, bound, self.planner, self.tapes)

    def _final(self, name: str, state: set[str], lines: list[ir.Stmt]) -> ir.Expr:
        """A parameter's gradient: its adjoint, in the parameter's own structure."""
        adjoint = ir.Name(self.names.adjoint(name))
        arrays = self.planner.arrays.variables
        is_container = self.asked[name] in self.planner.held
        if name in arrays and not is_container:
            if name not in state and name in ir.names_bound(self.function.body):
                return self._as_given(name, self._zeros_ahead(name, zeros_of(name, arrays[name])))
            if name not in state:
                lines.append(ir.Assign(ir.NameTarget(adjoint.id), zeros_of(name, arrays[name])))
            return self._as_given(name, adjoint)
        if is_container and name in self.lasting:
            self.read.refusals.add("GG402", self.function.span, construct=repr(name), detail="It holds a container.")
        if name not in self.planner.containers or not is_container:
            if name in state:
                is_handed = name in self.handed and self.request.seed is None
                return self._shaped(name, adjoint) if is_handed else self._as_given(name, adjoint)
            kinds = self.planner.arrays.kinds
            given = kinds.given.get(name)
            is_number = kinds.has_arrays and given in (NUMBER, Kind((), "complex"))
            is_known = name not in self.unshaped and not isinstance(given, Holder)
            if is_known or self.request.seed is not None or name in self.planner.containers or is_number:
                return ir.Const(0.0)
        if name not in state and self.request.seed is None:
            return self._zero_gradient(name)
        if name not in state:
            lines.append(self._zeros(name))
        return self._shaped(name, adjoint) if self.request.seed is None else adjoint

    def _shaped(self, name: str, adjoint: ir.Expr) -> ir.Expr:
        self.planner.edits.needed.add("shaped_like")
        return ir.Call(ir.Name("shaped_like", "global"), (ir.Name(name), adjoint))

    def _as_given(self, name: str, adjoint: ir.Expr) -> ir.Expr:
        """The adjoint of an argument that was a tuple is one too; it was collected in a list."""
        given = self.planner.arrays.kinds.given.get(name)
        is_tuple = self.request.seed is None and isinstance(given, Holder) and given.is_tuple and not given.is_record
        return ir.Call(ir.Name("tuple", "global"), (adjoint,)) if is_tuple else adjoint

    def _zero_gradient(self, name: str) -> ir.Expr:
        """Zeros in the structure of what was passed, asked for before the function makes a list longer or binds the name anew."""
        self.planner.edits.needed.add("zero_gradient")
        zeros = ir.Call(ir.Name("zero_gradient", "global"), (ir.Name(name),))
        appended = (node.base.id for node in found_in(self.function, ir.Append))
        if name not in appended and name not in ir.names_bound(self.function.body):
            return zeros
        return self._zeros_ahead(name, zeros)

    def _zeros_ahead(self, name: str, zeros: ir.Expr) -> ir.Name:
        """A variable that holds zeros like a parameter as it came in."""
        if name not in self.zeros:
            self.zeros[name] = self.names.numbered(self.names.adjoint(name))
            self.planner.edits.before.setdefault(self.function.body[0], []).insert(
                0, ir.Assign(ir.NameTarget(self.zeros[name]), zeros)
            )
        return ir.Name(self.zeros[name])

    def _zeros(self, name: str) -> ir.Stmt:
        self.planner.edits.needed.add("zeros_like")
        value = ir.Call(ir.Name("zeros_like", "global"), (ir.Name(name),))
        return ir.Assign(ir.NameTarget(self.names.adjoint(name)), value)
