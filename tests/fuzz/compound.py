"""Random compound statements: branches, try, match, nested functions.

Never lays out text and never writes whole modules.
"""

from __future__ import annotations

from .layout import Clause, Compound, Node
from .loops import Loops
from .scope import Callable_, Scope
from .suites import Maker


class Compounds(Loops):
    """Draws branches, try, match and nested functions, with what the bases draw."""

    def compound_makers(self) -> list[tuple[float, str | None, Maker]]:
        """Every compound statement: weight, feature, maker."""
        return [
            (3, "branch", self.branch),
            (3, "for_range", self.for_range),
            (1.5, "list_loop", self.for_list),
            (1, "for_list", self.for_list),
            (1, "zip", self.for_zip),
            (1.2, "enumerate", self.for_enumerate),
            (1, "reversed", self.for_reversed),
            (1.5, "while_counter", self.while_counter),
            (1.5, "while_float", self.while_float),
            (0.7, "while_true", self.while_true),
            (0.7, "while_walrus", self.while_walrus),
            (2.5, "try", self.attempt),
            (1, "match", self.match),
            (0.5, "with", self.with_block),
            (1.2, "early_return", self.early_return),
            (0.8, "guard", self.guard),
            (0.8, "raise", self.guard),
            (1.5, "nested_def", self.nested_def),
            (1, "return_in_loop", self.leave_loop),
            (1.5, "break", self.leave_loop),
            (1.5, "continue", self.leave_loop),
        ]

    # --- branches ---------------------------------------------------------------------------------------------------------

    def branch(self, scope: Scope) -> list[Node]:
        rng = self.rng
        test = self.condition(scope, 1)
        if self.may("walrus", 0.12):
            self.tag("walrus")
            name = self.fresh(scope)
            header = f"if ({name} := {self.value(scope, 2).text}) > {rng.choice(('0', '0.4', '-0.2'))}"
            scope.bind_float(name)
        else:
            header = f"if {test.text}"
        ways = [scope.copy()]
        clauses = [Clause(header, self.body(ways[0]))]
        while self.may("elif", 0.3) and len(clauses) < 4:
            self.tag("elif")
            ways.append(scope.copy())
            header = f"elif {self.condition(ways[-1], 1).text}"
            clauses.append(Clause(header, self.body(ways[-1])))
        if rng.random() < 0.6:
            ways.append(scope.copy())
            clauses.append(Clause("else", self.body(ways[-1])))
        else:
            ways.append(scope)
        ways[0].keep_common(*ways[1:])
        scope.become(ways[0])
        return [Compound(clauses)]

    def match(self, scope: Scope) -> list[Node] | None:
        rng = self.rng
        if scope.strings and rng.random() < 0.6:
            subject, patterns = rng.choice(scope.strings), ['"a"', '"b" | "c"']
        elif scope.ints:
            name = rng.choice(scope.ints)
            subject, patterns = rng.choice(
                (
                    (f"{name} % 3", ["0", "1"]),
                    (f"{name} % 3", ["0 | 1"]),
                    (name, ["0", "k_ if k_ > 2"]),
                    (f"({name} % 2, {name} % 3)", ["(0, 0)", "(1, _)"]),
                )
            )
        else:
            return None
        ways, cases = [], list[Node]()
        for pattern in [*patterns, "_"][: rng.choice((2, 3, 3))]:
            ways.append(scope.copy())
            cases.append(Compound([Clause(f"case {pattern}", self.body(ways[-1], 1, 2))]))
        ways[0].keep_common(*ways[1:], scope)
        scope.become(ways[0])
        return [Compound([Clause(f"match {subject}", cases)])]

    def with_block(self, scope: Scope) -> list[Node]:
        if self.rng.random() < 0.5:
            return [Compound([Clause("with contextlib.nullcontext()", self.body(scope, 1, 2))])]
        inner = scope.copy(in_try=True)
        return [Compound([Clause("with contextlib.suppress(ZeroDivisionError, ValueError)", self.body(inner, 1, 2))])]

    def early_return(self, scope: Scope) -> list[Node] | None:
        if not scope.returns or (scope.loops and "return_in_loop" not in self.allowed):
            return None
        if scope.in_try and "return_in_try" not in self.allowed:
            return None
        if scope.loops:
            self.tag("return_in_loop")
        if scope.in_try:
            self.tag("return_in_try")
        inner = scope.copy()
        body = self.body(inner, 1, 1) if self.rng.random() < 0.35 else []
        return [Compound([Clause(f"if {self.condition(scope, 1).text}", [*body, f"return {self.result(inner)}"])])]

    def result(self, scope: Scope) -> str:
        """What a return in the middle gives."""
        return ", ".join(self.float(scope, self.rng.choice((0, 1, 2))).text for _ in range(scope.results))

    def guard(self, scope: Scope) -> list[Node]:
        kind = self.rng.choice(("ValueError", "ZeroDivisionError", "RuntimeError", "KeyError"))
        limit = self.rng.choice(("1", "1.5", "3", "10"))
        test = self.rng.choice((f"{self.leaf(scope).at(5)} > {limit}", f"{self.leaf(scope).at(5)} < -{limit}"))
        message = self.rng.choice((f'"{self.fresh(scope)} out of range"', f'f"bad {{{self.variable(scope).text}}}"', ""))
        raising = f"raise {kind}({message})" if message or self.rng.random() < 0.5 else f"raise {kind}"
        return [Compound([Clause(f"if {test}", [raising])])]

    # --- try --------------------------------------------------------------------------------------------------------------

    def risky(self, scope: Scope) -> list[Node]:
        """Statements that may raise."""
        rng = self.rng
        name, value = self.target(scope), self.leaf(scope)
        choice = rng.randrange(6)
        if choice == 0:
            made: list[Node] = [
                f"{name} = {self.value(scope, 1).at(6)} / {self.rng.choice(('(', '(1.0 * '))}{self.condition(scope, 0).text})"
            ]
        elif choice == 1:
            made = [f"{name} = {self.math('log')}({value.text})"]
        elif choice == 2:
            made = [f"{name} = {self.math('sqrt')}({value.text}) * {self.leaf(scope).at(7)}"]
        elif choice == 3:
            made = [f"{name} = {self.math('asin')}({value.text})"]
        elif choice == 4 and scope.lists:
            made = [f"{name} = {rng.choice(list(scope.lists))}[{rng.choice(scope.ints) if scope.ints else 3}]"]
        else:
            kind = rng.choice(("ValueError", "ZeroDivisionError", "KeyError"))
            return [Compound([Clause(f"if {self.condition(scope, 0).text}", [f'raise {kind}("no")'])])]
        scope.bind_float(name)
        return made

    def attempt(self, scope: Scope) -> list[Node]:
        rng = self.rng
        inner = scope.copy(in_try=True)
        body = self.body(inner, 0, 2)
        if body == ["pass"]:
            body = []
        risky = self.risky(inner) if "risky" in self.allowed else []
        body = [*body, *risky] if rng.random() < 0.5 else [*body, *risky, *self.body(inner, 1, 1)]
        body = body or ["pass"]
        clauses = [Clause("try", body)]
        if not ("finally" in self.allowed and rng.random() < 0.2):
            one = rng.choice(
                (
                    "ZeroDivisionError",
                    "(ZeroDivisionError, ValueError)",
                    "ValueError",
                    "ArithmeticError",
                    "Exception",
                    "(ValueError, ZeroDivisionError, LookupError) as err",
                )
            )
            handler = self.body(scope.copy(in_try=True), 1, 2)
            if "as err" in one and self.may("reraise", 0.2):
                self.tag("reraise")
                handler.append(rng.choice(("raise", 'raise RuntimeError("stop") from err', 'raise ValueError("again")')))
            clauses.append(Clause(f"except {one}", handler))
            if rng.random() < 0.3:
                clauses.append(
                    Clause(
                        f"except {rng.choice(('ValueError', 'ZeroDivisionError', 'IndexError'))}",
                        self.body(scope.copy(in_try=True), 1, 1),
                    )
                )
            if self.may("try_else", 0.3):
                self.tag("try_else")
                clauses.append(Clause("else", self.body(inner.copy(), 1, 2)))
        if len(clauses) == 1 or self.may("finally", 0.25):
            self.tag("finally")
            clauses.append(Clause("finally", self.body(scope.copy(in_try=True, returns=False, breakable=False), 1, 1)))
        return [Compound(clauses)]

    # --- nested functions -------------------------------------------------------------------------------------------------

    def nested_def(self, scope: Scope) -> list[Node] | None:
        if scope.loops or scope.inner:
            return None
        rng = self.rng
        name = f"inner{self.functions}"
        self.functions += 1
        captures = "closure" in self.allowed
        if captures:
            self.tag("closure")
        parameters = ("p1", "q1")[: rng.choice((1, 1, 2))]
        inner = (
            scope.copy(inner=True, results=1, loops=0, breakable=False, returns=True, in_try=False)
            if captures
            else Scope(inner=True)
        )
        inner.callables = [c for c in inner.callables if c.results == 1 and not c.takes_list]
        inner.frozen = list(dict.fromkeys([*inner.frozen, *inner.floats, *inner.ints, *inner.bools, *inner.strings]))
        inner.lists, inner.matrices = {}, {}
        if rng.random() < 0.2 and inner.floats:
            parameters = (inner.floats[-1], *parameters[1:])  # hides a variable of the function around it
        header = []
        defaults = 0
        for at, parameter in enumerate(parameters):
            if at == len(parameters) - 1 and self.may("inner_default", 0.3):
                self.tag("inner_default")
                defaults = 1
                header.append(f"{parameter}={self.leaf(scope).text}")
            else:
                header.append(parameter)
        for parameter in parameters:
            inner.bind_float(parameter)
            if parameter in inner.frozen:
                inner.frozen.remove(parameter)
        keep, self.depth = self.depth, min(self.depth, 2)
        body = [] if rng.random() < 0.4 else self.body(inner, 1, 2)
        self.depth = keep
        body.append(f"return {self.float(inner, 2).text}")
        scope.forget(name)
        scope.callables.append(Callable_(name, parameters, defaults))
        return [Compound([Clause(f"def {name}({', '.join(header)})", body)])]

    def define_lambda(self, scope: Scope) -> list[Node] | None:
        if scope.loops or scope.inner:
            return None
        name = f"fn{self.functions}"
        self.functions += 1
        inner = scope.copy()
        parameters = ("p1", "q1")[: self.rng.choice((1, 1, 2))]
        for parameter in parameters:
            inner.bind_float(parameter)
        text = f"{name} = lambda {', '.join(parameters)}: {self.float(inner, 2).text}"
        scope.callables.append(Callable_(name, parameters))
        return [text]

    def rebind_captured(self, scope: Scope) -> list[Node] | None:
        """A variable that a nested function has read is bound anew, and the function called again."""
        made = [c for c in scope.callables if c.name.startswith(("inner", "fn")) and c.results == 1]
        names = scope.free_to_assign()
        if not made or not names or scope.inner:
            return None
        name, value = self.rng.choice(names), self.value(scope, 2)
        scope.bind_float(name)
        call = self.call(self.rng.choice(made), scope, 2)
        if call is None:
            return None
        result = self.target(scope)
        scope.bind_float(result)
        return [f"{name} = {value.text}", f"{result} = {call.text}"]
