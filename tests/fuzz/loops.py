"""Random loops, each sure to end, and what leaves them.

Never writes any other compound statement.
"""

from __future__ import annotations

from .layout import Clause, Compound, Node
from .scope import Scope
from .suites import Suites


class Loops(Suites):
    """Draws loops; the scope after a loop holds what it held before, since a loop may run no turn at all."""

    def looped(self, scope: Scope, header: str, inner: Scope, before: list[Node] | None = None, high: int = 3) -> list[Node]:
        """A loop with that header; its body runs any number of times, so the scope around it keeps only what it had."""
        inner.loops += 1
        inner.breakable = True
        body = [*(before or []), *self.body(inner, 1, high)]
        clauses = [Clause(header, body)]
        if self.may("loop_else", 0.25):
            self.tag("loop_else")
            clauses.append(Clause("else", self.body(scope.copy(), 1, 2)))
        return [Compound(clauses)]

    def leave_loop(self, scope: Scope) -> list[Node] | None:
        """`break` or `continue` under a condition."""
        if not scope.breakable:
            return None
        kinds = [k for k in ("break", "continue") if k in self.allowed]
        if not kinds:
            return self.early_return(scope) if "early_return" in self.allowed else None
        kind = self.rng.choice(kinds)
        self.tag(kind)
        body = self.body(scope.copy(), 1, 1) if self.rng.random() < 0.4 else []
        made: list[Node] = [Compound([Clause(f"if {self.condition(scope, 1).text}", [*body, kind])])]
        return made

    def loop_name(self, scope: Scope) -> str:
        names = [n for n in ("i", "j", "k", "n1", "_i", "idx") if n not in scope.frozen and scope.kind_of(n) in (None, "ints")]
        name = self.rng.choice(names) if names else f"i{len(scope.frozen)}"
        return name

    def may_loop(self, scope: Scope) -> bool:
        return scope.loops == 0 or (scope.loops < 3 and "nested_loop" in self.allowed)

    def for_range(self, scope: Scope) -> list[Node] | None:
        rng = self.rng
        if not self.may_loop(scope) or not self.has_builtin("range"):
            return None
        if scope.loops:
            self.tag("nested_loop")
        name = self.loop_name(scope)
        small = [n for n in scope.ints if n != name or rng.random() < 0.3]
        bounds = ["3", "4", "2", "0", "1, 4", "1"]
        if small:
            n = rng.choice(small)
            bounds = [n, n, f"1, {n} + 1", f"{n} + 1", f"{n} // 2 + 1", *bounds]
            if scope.loops:
                bounds = [f"{n} % 3", f"{n} % 3, 3", *bounds[-6:]]
        bound = rng.choice(bounds)
        if self.may("range_step", 0.35):
            self.tag("range_step")
            n = rng.choice(small) if small and not scope.loops else "5"
            bound = rng.choice(
                (f"0, {n}, 2", f"{n}, 0, -1", f"{n}, -1, -2", f"{n} - 1, -1, -1", f"1, {n} + 2, 3", "3, 0", "-2, 2")
            )
        lists = [k for k, size in scope.lists.items() if size > 0]
        inner = scope.copy()
        if lists and rng.random() < 0.35 and self.has_builtin("len"):
            bound = f"len({rng.choice(lists)})"
            inner.no_append = True
        inner.bind_int(name)
        inner.frozen.append(name)
        before: list[Node] = []
        if self.may("loopvar", 0.15):
            self.tag("loopvar")
            inner.forget(name)
            inner.frozen.remove(name)
            inner.floats.append(name)
            before = [f"{name} = {rng.choice((f'0.5 * {name}', f'{name} / 3', f'{self.leaf(scope).at(7)} * {name}'))}"]
        made = self.looped(scope, f"for {name} in range({bound})", inner, before)
        if scope.kind_of(name) is not None and before:
            scope.forget(name)
        elif scope.kind_of(name) == "ints" and name not in scope.frozen:
            pass
        return made

    def walkable(self, scope: Scope) -> list[str]:
        return [*scope.lists, *scope.tuples]

    def walking(self, scope: Scope, sources: list[str]) -> Scope:
        """The scope inside a loop over lists, which must not grow meanwhile."""
        inner = scope.copy()
        if "alias" in self.allowed or self.rng.random() < 0.7:
            inner.no_append = True
        else:
            inner.frozen += sources
        return inner

    def for_list(self, scope: Scope) -> list[Node] | None:
        if not self.may_loop(scope):
            return None
        rng, sources = self.rng, self.walkable(scope)
        source = rng.choice(sources) if sources and rng.random() < 0.7 else None
        if source is None:
            values = ", ".join(self.leaf(scope).text for _ in range(rng.choice((2, 3))))
            text = rng.choice((f"[{values}]", f"({values})", values, "(0.5, 1.5, 2.0)"))
        else:
            text = rng.choice((source, source, f"{source}[1:]", f"{source}[:-1]", f"{source}[::-1]"))
        inner = self.walking(scope, [source] if source else [])
        name = self.fresh(scope)
        inner.bind_float(name)
        made = self.looped(scope, f"for {name} in {text}", inner)
        return made

    def for_zip(self, scope: Scope) -> list[Node] | None:
        sources = self.walkable(scope)
        if not sources or not self.may_loop(scope) or not self.has_builtin("zip"):
            return None
        one, two = self.rng.choice(sources), self.rng.choice(sources)
        if one == two or self.rng.random() < 0.3:
            two = f"{two}[1:]"
        inner = self.walking(scope, [one])
        a, b = self.fresh(scope), "q_"
        inner.bind_float(a)
        inner.bind_float(b)
        strict = ", strict=False" if self.rng.random() < 0.2 else ""
        return self.looped(scope, f"for {a}, {b} in zip({one}, {two}{strict})", inner)

    def for_enumerate(self, scope: Scope) -> list[Node] | None:
        sources = self.walkable(scope)
        if not sources or not self.may_loop(scope) or not self.has_builtin("enumerate"):
            return None
        source = self.rng.choice(sources)
        inner = self.walking(scope, [source])
        name, item = self.loop_name(scope), self.fresh(scope)
        inner.bind_int(name)
        inner.frozen.append(name)
        inner.bind_float(item)
        start = self.rng.choice(("", "", ", 1", ", start=1"))
        before: list[Node] = []
        if not start and source in scope.lists and "list_write" in self.allowed and self.rng.random() < 0.4:
            before = [f"{source}[{name}] = {self.damped(inner, 2).text}"]
        return self.looped(scope, f"for {name}, {item} in enumerate({source}{start})", inner, before)

    def for_reversed(self, scope: Scope) -> list[Node] | None:
        if not self.may_loop(scope) or not self.has_builtin("reversed"):
            return None
        sources = self.walkable(scope)
        if sources and self.rng.random() < 0.6:
            source = self.rng.choice(sources)
            inner, name = self.walking(scope, [source]), self.fresh(scope)
            inner.bind_float(name)
            return self.looped(scope, f"for {name} in reversed({source})", inner)
        if not self.has_builtin("range"):
            return None
        inner, name = scope.copy(), self.loop_name(scope)
        inner.bind_int(name)
        inner.frozen.append(name)
        return self.looped(scope, f"for {name} in reversed(range({self.rng.choice(('3', '1, 4', '0', '5, 0, -2'))}))", inner)

    def while_counter(self, scope: Scope) -> list[Node] | None:
        if not self.may_loop(scope):
            return None
        rng = self.rng
        names = [n for n in ("count", "k", "step", "n_left") if n not in scope.frozen and scope.kind_of(n) in (None, "ints")]
        if not names:
            return None
        name, inner = rng.choice(names), scope.copy()
        inner.bind_int(name)
        inner.frozen.append(name)
        scope.bind_int(name)
        if rng.random() < 0.3 and not scope.loops:
            start, test, step = rng.choice(("3", "4")), rng.choice((name, f"{name} > 0")), f"{name} -= 1"
        else:
            start, test, step = (
                "0",
                f"{name} < {rng.choice(('3', '2', '4', '0'))}",
                rng.choice((f"{name} += 1", f"{name} = {name} + 1")),
            )
        if rng.random() < 0.25 and inner.floats:
            test = f"{test} and {self.condition(scope, 0).at(3)}"
        made = self.looped(scope, f"while {test}", inner, [step])
        loop = made[0]
        if isinstance(loop, Compound) and rng.random() < 0.5 and not _has_continue(loop.clauses[0].body):
            loop.clauses[0].body.append(loop.clauses[0].body.pop(0))
        return [f"{name} = {start}", *made]

    def while_float(self, scope: Scope) -> list[Node] | None:
        if not self.may_loop(scope) or not self.has_builtin("abs"):
            return None
        rng = self.rng
        name, inner = self.fresh(scope), scope.copy()
        start = self.value(scope, 2)
        scope.bind_float(name)
        inner.bind_float(name)
        inner.frozen.append(name)
        test, step = rng.choice(
            (
                (f"abs({name}) > 0.3", f"{name} *= 0.5"),
                (f"{name} > 0.5", f"{name} = {name} * 0.6 - 0.05"),
                (f"abs({name} - 1) > 0.2", f"{name} = {name} - 0.5 * ({name} - 1)"),
                (f"{name} * {name} > 0.4", f"{name} = 0.6 * {self.math('sin') if 'math' in self.allowed else 'abs'}({name})"),
            )
        )
        return [f"{name} = {start.text}", *self.looped(scope, f"while {test}", inner, [step])]

    def while_true(self, scope: Scope) -> list[Node] | None:
        if not self.may_loop(scope):
            return None
        rng, name, inner = self.rng, self.fresh(scope), scope.copy()
        start = self.value(scope, 2)
        scope.bind_float(name)
        inner.bind_float(name)
        inner.frozen.append(name)
        leave: Node = Compound([Clause(f"if -0.4 < {name} < 0.4", [rng.choice(("break", f"{name} *= 2; break"))])])
        made = self.looped(scope, f"while {rng.choice(('True', '1', 'not False'))}", inner, [f"{name} *= 0.45", leave], 2)
        return [f"{name} = {start.text}", *made]

    def while_walrus(self, scope: Scope) -> list[Node] | None:
        if not self.may_loop(scope) or not self.has_builtin("abs"):
            return None
        name, inner = self.fresh(scope), scope.copy()
        base = f"{name}w"
        start = self.value(scope, 2)
        scope.bind_float(base)
        scope.bind_float(name)
        for each in (base, name):
            inner.bind_float(each)
            inner.frozen.append(each)
        step = f"{base} = {base} * 0.5"
        return [f"{base} = {start.text}", *self.looped(scope, f"while ({name} := abs({base}) * 0.9) > 0.3", inner, [step], 2)]


def _has_continue(nodes: list[Node]) -> bool:
    for node in nodes:
        if isinstance(node, str):
            if "continue" in node:
                return True
        elif any(_has_continue(clause.body) for clause in node.clauses):
            return True
    return False
