"""The tangents of assignments and stores: which lines a statement gets, and whether they stand before or after it.

Never looks at control flow around a statement, but for the try statement that may catch what a tangent raises.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.analyse.kinds.indexing import picks_by_what_moves
from gradgen.analyse.sharing.lending import lent_by
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import Holder
from gradgen.ir.queries import variables_read
from gradgen.read.storing import ACCUMULATE, is_whole
from gradgen.transform.expressions.evaluation import conditional_nodes, guards_of
from gradgen.transform.expressions.terms import Term
from gradgen.transform.expressions.walruses import named_in_order
from gradgen.transform.forward.callees import TangentCallees
from gradgen.transform.forward.raising import may_be_caught
from gradgen.transform.forward.settling import Lines, Part, settled
from gradgen.transform.forward.sharing import apart
from gradgen.transform.forward.storing import collected, inside, place_of, stores_in_place
from gradgen.transform.forward.tangent import Tangents
from gradgen.transform.guarding.effects import check_effect
from gradgen.transform.holding import joined_lists, results_unpacked, takes_over
from gradgen.transform.lines.spelling import ZERO, spelled_target, together, zeros_in_parts, zeros_like
from gradgen.transform.lines.spelling import conditional as conditional_on
from gradgen.transform.planning import Planner
from gradgen.transform.settling import Setting
from gradgen.transform.stores.arrays import is_at_indices


@dataclass(slots=True)
class Statements:
    """Plans the statements of one function.

    `mirrored` are the versions that have a tangent, `held` those that hold containers, `around` are the statements around
    that may catch an exception. `followed` are the statements that share their text with others, and what these bind. What is
    stored through one of the `joint` variables, the others may show.
    """

    planner: Planner
    callees: TangentCallees
    mirrored: frozenset[Version]
    held: frozenset[Version]
    place: str
    joint: frozenset[str]
    around: list[ir.Stmt] = field(default_factory=list)
    followed: dict[ir.Stmt, frozenset[str]] = field(default_factory=dict)

    # --- what has a tangent ---

    def is_mirrored(self, node: ir.Node) -> bool:
        """Whether what a target, walrus, append or read binds or sees has a tangent."""
        versions = self.planner.activity.versions
        version = versions.of_read.get(node) if isinstance(node, ir.Name) else versions.of_node.get(node)
        return version in self.mirrored

    def tangents(self, target: str, root: ir.Expr) -> Tangents:
        return Tangents(self.planner.linearizer(target, root), self.callees, root, self.held)

    def zero_of(self, name: str, version: Version | None) -> ir.Expr:
        """The tangent of a variable that does not vary."""
        if version is not None and self.planner.arrays.kinds.may_hold_array(version):
            return zeros_like(ir.Name(name), self.planner.arrays.kinds.of_version[version])
        if version not in self.held:
            return ZERO
        return zeros_in_parts(ir.Name(name), self.planner.arrays.kinds.has_arrays, self.planner.edits.needed)

    def zero_line(self, name: str, version: Version | None) -> ir.Stmt:
        """The line that starts a tangent at 0."""
        return ir.Assign(ir.NameTarget(self.planner.names.tangent(name)), self.zero_of(name, version))

    def named_in_test(self, test: ir.Expr) -> Lines | None:
        """The lines of what is named inside of a test; None where a try around might catch what they raise."""
        tangents = self.tangents("test", test)
        lines = self.settled(tangents, self.named(tangents, test), None, None, True)
        return None if self.may_be_caught(lines) else lines

    # --- assignments ---

    def assign(self, stmt: ir.Assign) -> None:
        """`z_dot = ...` for `z = ...`."""
        target = stmt.target
        arrays = self.planner.arrays
        is_seen = stmt in arrays.seen or arrays.is_gone_through(stmt)  # the tangent is a new array, which no other name sees
        if isinstance(target, ir.NameTarget) and target.id in self.planner.aliased - frozenset(arrays.variables):
            is_seen = True
        if stmt.augmented is not None and isinstance(target, ir.NameTarget) and is_seen:
            self.planner.refusals.add("GG109", stmt.span, construct=repr(target.id))
            return
        first = next((node.id for node in ir.walk(target) if isinstance(node, ir.NameTarget)), "value")
        stores = [node for node in ir.walk(target) if isinstance(node, ir.ItemTarget | ir.AttributeTarget)]
        is_moving = self.planner.activity.is_varied(stmt.value) or any(map(self.is_mirrored, stores))
        if isinstance(target, ir.TupleTarget) and stores and is_moving:
            self.planner.refusals.add("GG106", stores[0].span, construct="a store inside of an unpacking")
            return
        tangents = self.tangents(first, stmt.value)
        parts = self.named(tangents, stmt.value)
        if isinstance(target, ir.ItemTarget | ir.AttributeTarget):
            parts += self._store(stmt, target, tangents)
        else:
            parts += self._bound(target, stmt.value, tangents)
        if isinstance(target, ir.NameTarget) and stmt.augmented in ("add", "sub") and parts and parts[-1].target is not None:
            parts[-1] = Part(parts[-1].target, parts[-1].terms, is_added=True)
        killed = {node.id for node in ir.walk(target) if isinstance(node, ir.NameTarget)}
        if isinstance(target, ir.ItemTarget | ir.AttributeTarget) and isinstance(target.base, ir.Name):
            killed |= self._changed(target.base.id)
        killed |= self.planner.arrays.stores.get(stmt, frozenset()) | self.followed.get(stmt, frozenset())
        self._pops(stmt, tangents)
        if parts or tangents.pairs:
            self._plan(stmt, tangents, parts, killed, target.id if isinstance(target, ir.NameTarget) else None)

    def named(self, tangents: Tangents, root: ir.Expr) -> list[Part]:
        """The tangents of what is named inside of the statement by `:=`."""
        parts: list[Part] = []
        conditional = set(conditional_nodes(root))
        for node in filter(self.is_mirrored, named_in_order(root)):
            self.planner.handled.add(node)
            previous = self.planner.activity.versions.of_node[node].previous
            if self.around or node in conditional and previous is not None:
                self.planner.refusals.add("GG106", node.span, construct="`:=` where it may not run")
            self._refuse_both(root, node)
            terms = apart(self.planner, node.name, node.value, tangents.whole(node.value) or [Term(tangents.zero(node.value))])
            if node in conditional:
                terms = [Term(conditional_on(together(terms), guards_of(root, node)))]
            parts.append(Part(ir.NameTarget(self.planner.names.tangent(node.name)), terms, is_named=True))
        return parts

    def _refuse_both(self, root: ir.Expr, node: ir.Walrus) -> None:
        """Lines after a statement see what it has named: not the value that the name had before, and not before its calls."""
        versions = self.planner.activity.versions
        own = versions.of_node[node]
        if any(name.id == node.name and versions.of_read.get(name) is not own for name in ir.names_read(root)):
            self.planner.refusals.add("GG106", node.span, construct="`:=` in a statement that also reads old values")
        for call in (each for each in ir.walk(root) if isinstance(each, ir.Call)):
            given = (name for arg in (*call.args, *(value for _, value in call.keywords)) for name in ir.names_read(arg))
            if any(versions.of_read.get(name) is own for name in given) and self.callees.site(call) is not None:
                self.planner.refusals.add("GG106", node.span, construct="`:=` in the arguments of this call")

    def _changed(self, name: str) -> set[str]:
        """The variables through which a store into one of them shows."""
        return {name, *(self.joint if name in self.joint else ())}

    def _bound(self, target: ir.Target, value: ir.Expr, tangents: Tangents) -> list[Part]:
        """The tangents of the variables that an assignment binds."""
        names = self.planner.names
        match target:
            case ir.NameTarget(id=name):
                if not self.is_mirrored(target):
                    return []
                is_held = self.planner.activity.versions.of_node.get(target) in self.held
                is_list = isinstance(self.planner.arrays.kinds.of(value), Holder)
                operator = joined_lists(value) if is_list or is_held and name in self.planner.containers else None
                if operator is not None and tangents.linearizer.leaves_below(operator):
                    self.planner.refusals.add("GG115", operator.span)
                    return []
                is_whole = value is tangents.root and isinstance(value, ir.Call)
                before = len(tangents.pairs)
                terms = apart(self.planner, name, value, tangents.bound(value) or [Term(tangents.zero(value))])
                if is_whole and isinstance(value, ir.Call) and value in tangents.pairs and len(tangents.pairs) > before:
                    tangents.kept[value] = names.tangent(name)
                return [Part(ir.NameTarget(names.tangent(name)), terms)]
            case ir.TupleTarget(items=items, starred=None) if isinstance(value, ir.Display) and len(value.items) == len(items):
                if value.kind != "dict":
                    return [part for pair in zip(items, value.items, strict=True) for part in self._bound(*pair, tangents)]
        return self._unpacked(target, value, tangents)

    def _unpacked(self, target: ir.Target, value: ir.Expr, tangents: Tangents) -> list[Part]:
        """The tangents of what is taken out of one value."""
        refusals, names = self.planner.refusals, self.planner.names
        is_varied = self.planner.activity.is_varied(value)
        bound = [node for node in ir.walk(target) if isinstance(node, ir.NameTarget)]
        if not any(map(self.is_mirrored, bound)) or not isinstance(target, ir.TupleTarget):
            return []
        if target.starred is not None:
            refusals.add("GG106", target.span, construct="a starred unpacking")
            return []
        if is_varied and isinstance(value, ir.Call) and tangents.solutions.is_in_parts(value):
            parts = tangents.solutions.unpacked(value, target, self.is_mirrored)
            return [Part(ir.NameTarget(names.tangent(name)), terms or [Term(ZERO)]) for name, terms in parts.items()]
        if (operation := tangents.operation(value) if is_varied else None) is not None:
            named = [(place, item) for place, item in enumerate(target.items)
                     if isinstance(item, ir.NameTarget) and self.is_mirrored(item)]
            results = tangents.several(operation, value, [place for place, _ in named])
            if results is not None and len(named) < sum(map(self.is_mirrored, bound)):
                refusals.add("GG106", target.span, construct="a nested unpacking of an operation's results")
            if results is not None:
                of_node = self.planner.activity.versions.of_node
                by_name = {each: results[place] for place, each in named if results}
                return [Part(ir.NameTarget(names.tangent(each.id)), terms or [Term(self.zero_of(each.id, of_node.get(each)))])
                        for each, terms in by_name.items()]
        found = tangents.of(value)
        if not found:
            versions = self.planner.activity.versions
            wanted = [node for node in bound if self.is_mirrored(node)]
            return [Part(ir.NameTarget(names.tangent(each.id)), [Term(self.zero_of(each.id, versions.of_node.get(each)))])
                    for each in wanted]
        mirror = self._mirror(target)
        if isinstance(value, ir.Call) and value in tangents.pairs:
            tangents.kept[value] = spelled_target(mirror)
            return []
        if all(map(self.is_mirrored, bound)) or isinstance(value, ir.Call):
            return [Part(mirror, found)]
        whole = tangents.expression(value)
        return [
            Part(self._mirror(item), [Term(ir.Item(whole, ir.Const(index)))])
            for index, item in enumerate(target.items)
            if any(isinstance(node, ir.NameTarget) and self.is_mirrored(node) for node in ir.walk(item))
        ]

    def _mirror(self, target: ir.Target) -> ir.Target:
        """The target of the tangents of what a target takes apart."""
        match target:
            case ir.TupleTarget(items=items):
                return ir.TupleTarget(tuple(map(self._mirror, items)))
            case ir.NameTarget(id=name):
                is_unread = all(read.id != "_" for read in self.planner.activity.versions.of_read)
                is_dropped = is_unread and (name == "_" or not self.is_mirrored(target))
                return ir.NameTarget("_" if is_dropped else self.planner.names.tangent(name))
        raise TypeError(f"no tangents for {target}")

    # --- containers ---

    def _store(self, stmt: ir.Assign, target: ir.ItemTarget | ir.AttributeTarget, tangents: Tangents) -> list[Part]:
        """`ts_dot[i] = ...` for `ts[i] = ...`."""
        refusals, base, value = self.planner.refusals, target.base, stmt.value
        if not isinstance(base, ir.Name) or self.planner.activity.versions.of_node.get(target) is None:
            if self.planner.activity.is_varied(value):
                refusals.add("GG102", stmt.span, construct="an object from outside")
            return []
        if base.id in self.planner.aliased or stmt in self.planner.arrays.seen:
            refusals.add("GG109", stmt.span, construct=repr(base.id))
            return []
        is_collected = self.callees.collects(self.planner.activity.versions.of_node[target])
        if isinstance(target, ir.AttributeTarget) and not is_collected:
            if self.is_mirrored(target) or self.planner.activity.is_varied(value):
                refusals.add("GG106", stmt.span, construct="a store into an attribute")
            return []
        if not self.is_mirrored(target):
            return []
        is_array = base.id in self.planner.arrays.variables
        index = target.index if is_array and isinstance(target, ir.ItemTarget) else None
        if index is not None and picks_by_what_moves(index, self.planner.activity.is_varied, self.planner.arrays.kinds):
            refusals.add("GG106", index.span, construct="a store at a place that varies")
            return []
        if isinstance(value, ir.Op) and value.op == ACCUMULATE:
            return self._accumulated(value, base.id, is_collected, tangents)
        place = place_of(stmt, ir.Name(self.planner.names.tangent(base.id)), is_array, is_collected)
        if place is None:
            refusals.add("GG106", stmt.span, construct="a store into a slice or a nested container")
            return []
        if is_whole(target) and not is_array:
            refusals.add("GG106", stmt.span, construct="a call that changes an array, in forward mode")
            return []
        if stmt.augmented in ("add", "sub") and isinstance(value, ir.Op):
            sign = 1 if stmt.augmented == "add" else -1
            moved = tangents.of(value.args[1])
            place, moved = collected(place, moved) if is_at_indices(value) else (place, moved)
            return [Part(place, [term.times(sign, [], []) for term in moved], is_added=True)]
        terms = tangents.of(value) or [Term(ZERO if is_array else tangents.zero(value))]
        return [Part(place, terms if is_array else apart(self.planner, base.id, value, terms))]

    def _accumulated(self, value: ir.Op, base: str, is_collected: bool, tangents: Tangents) -> list[Part]:
        """`accumulate(dp_dot, dq_dot)` for `accumulate(dp, dq)`."""
        old, added = value.args
        place = inside(old, ir.Name(self.planner.names.tangent(base)), is_collected)
        terms = tangents.of(added)
        if place is None:
            self.planner.refusals.add("GG106", added.span, construct="a store into a slice or a nested container")
        return [] if place is None or not terms else [Part(None, terms, collected_in=place)]

    def append(self, stmt: ir.Append) -> None:
        """`ts_dot.append(...)` for `ts.append(...)`."""
        tangents = self.tangents(stmt.base.id, stmt.value)
        self._pops(stmt, tangents)
        if stmt.base.id in self.planner.aliased:
            self.planner.refusals.add("GG109", stmt.span, construct=repr(stmt.base.id))
            return
        if not self.is_mirrored(stmt):
            return
        parts = self.named(tangents, stmt.value)
        terms = apart(self.planner, stmt.base.id, stmt.value, [Term(tangents.element(stmt.value))])
        parts.append(Part(None, terms, self.planner.names.tangent(stmt.base.id)))
        self._plan(stmt, tangents, parts, self._changed(stmt.base.id), None)

    def _pops(self, stmt: ir.Stmt, tangents: Tangents) -> None:
        """A container that has a tangent is shortened together with it."""
        for node in ir.walk(stmt):
            match node:
                case ir.Call(func=ir.Attribute(base=ir.Name() as base, name="pop")) if base.id in self.planner.aliased:
                    self.planner.refusals.add("GG109", node.span, construct=repr(base.id))
                case ir.Call(func=ir.Attribute(base=ir.Name() as base, name="pop"), args=args) if self.is_mirrored(base):
                    if node is not tangents.root or any(isinstance(arg, ir.Starred) for arg in args):
                        self.planner.refusals.add("GG106", node.span, construct="the method pop() in this place")
                    elif not self.planner.activity.is_varied(base) or not self._binds(stmt):
                        popped = ir.Call(ir.Attribute(ir.Name(self.planner.names.tangent(base.id)), "pop"), args)
                        self.planner.edits.insert_after(stmt, ir.Evaluate(popped))

    def _binds(self, stmt: ir.Stmt) -> bool:
        """Whether a line of the statement's tangent takes up its value."""
        targets = ir.walk(stmt.target) if isinstance(stmt, ir.Assign) else (stmt,)
        bound = ir.NameTarget | ir.ItemTarget | ir.AttributeTarget | ir.Append
        return any(isinstance(node, bound) and self.is_mirrored(node) for node in targets)

    def evaluated(self, stmt: ir.Evaluate) -> None:
        """An expression for its effect."""
        self._pops(stmt, self.tangents("value", stmt.value))
        match stmt.value:
            case ir.Call(func=ir.Attribute(base=ir.Name(), name="pop")):
                return
        check_effect(self.planner, stmt)

    # --- lines ---

    def _plan(self, stmt: ir.Stmt, tangents: Tangents, parts: Sequence[Part], killed: set[str], target: str | None) -> None:
        """Settle the lines and put them after the statement; before it, where they read what it overwrites."""
        is_stored = isinstance(getattr(stmt, "target", stmt), ir.ItemTarget | ir.AttributeTarget | ir.Append)
        is_pair = tangents.root in tangents.pairs and not is_stored
        result: ir.Expr | None = ir.Name(target) if target is not None else (tangents.root if is_pair else None)
        old = variables_read(tangents.root) & killed
        named = {part.target.id for part in parts if part.is_named and isinstance(part.target, ir.NameTarget)}
        given_on = (name.id for pair in tangents.pairs.values() for _, value in pair.tangents for name in ir.names_read(value))
        if named & set(given_on):
            self.planner.refusals.add("GG106", stmt.span, construct="`:=` in the arguments of this call")
        unpacked = results_unpacked(stmt, tangents.root) if not is_pair else ()
        given = {name.id for name in (result, *unpacked) if isinstance(name, ir.Name)}
        if not is_pair and given & old:  # under one name, what the statement reads and what it gives would cancel
            result, unpacked, given = None, (), set()
        mark = self.planner.names.mark()
        lines = self.settled(tangents, parts, result, target, True, unpacked, stmt)
        if not is_pair and lines.reads_of_calls() & given:  # a call stands before the result has its name
            self.planner.names.back_to(mark)
            given, lines = set(), self.settled(tangents, parts, None, target, True, stmt=stmt)
        kinds = self.planner.arrays.kinds
        is_store = kinds.has_arrays and isinstance(stmt, ir.Assign) and stores_in_place(stmt)
        viewed = {version.name for hoist in lines.hoists for version in lent_by(hoist.expr, kinds)} if is_store else set()
        read = (lines.reads() | viewed) & killed
        if is_pair and isinstance(stmt, ir.Assign) or not read or (read <= given and not read & old):
            self.put(stmt, lines, is_before=False)
            return
        self.planner.names.back_to(mark)
        lines = self.settled(tangents, parts, None, target, True, stmt=stmt)
        if any(hoist.style == "walrus" for hoist in lines.hoists):
            self.planner.names.back_to(mark)
            lines = self.settled(tangents, parts, None, target, False, stmt=stmt)
        if any(hoist.style == "walrus" for hoist in lines.hoists) or any(part.is_named for part in parts):
            self.planner.refusals.add("GG106", stmt.span, construct="`:=` beside a value that is overwritten")
            return
        self.put(stmt, lines, is_before=True)

    def settled(
        self, tangents: Tangents, parts: Sequence[Part], result: ir.Expr | None, target: str | None, can_hoist: bool,
        unpacked: tuple[ir.Expr | None, ...] = (), stmt: ir.Stmt | None = None,
    ) -> Lines:
        planner = self.planner
        is_augmented = isinstance(stmt, ir.Assign) and stmt.augmented is not None
        unstable = planner.unstable if can_hoist else frozenset[str]()  # lines just before a statement see what it sees
        setting = Setting(
            result, target or "value", False, planner.is_plain, unstable, can_hoist, results=unpacked, is_augmented=is_augmented,
            is_changed=bool(planner.arrays.mutated) and not self._takes_over(stmt),
        )
        lines = settled(tangents, parts, setting, self.place)
        planner.edits.needed |= tangents.linearizer.needed
        return lines

    def _takes_over(self, stmt: ir.Stmt | None) -> bool:
        target = stmt.target if isinstance(stmt, ir.Assign) else None
        return isinstance(target, ir.ItemTarget) and takes_over(target.base, self.planner.arrays.kinds)

    def may_be_caught(self, lines: Lines) -> bool:
        return may_be_caught(lines, self.around, self.callees.live, self.planner.edits.pointed)

    def put(self, stmt: ir.Stmt, lines: Lines, is_before: bool) -> None:
        """The lines of a statement at their place."""
        edits = self.planner.edits
        if lines.hoists:
            edits.hoists[stmt] = lines.hoists
        if stmt.span is not None and stmt.span.is_empty and (lines.hoists or is_before):
            self.planner.refusals.add("GG106", stmt.span, construct="this expression where it has no line of its own")
        if self.may_be_caught(lines):
            self.planner.refusals.add("GG106", stmt.span, construct="a slope that may raise what the try around it catches")
        if not is_before:
            edits.insert_after(stmt, *lines.all)
        elif not self.around:
            edits.between.setdefault(stmt, []).extend(lines.all)
        else:  # should the statement raise, its tangents stay what they were
            edits.between.setdefault(stmt, []).extend(lines.needs)
            for line in lines.own:
                if isinstance(line, ir.Assign) and isinstance(line.target, ir.NameTarget) and line.augmented is None:
                    kept = self.planner.names.numbered(line.target.id)
                    edits.between[stmt].append(ir.Assign(ir.NameTarget(kept), line.value))
                    edits.insert_after(stmt, ir.Assign(line.target, ir.Name(kept)))
                else:
                    self.planner.refusals.add("GG106", stmt.span, construct="this assignment inside of a try statement")
