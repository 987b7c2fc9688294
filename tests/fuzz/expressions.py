"""Random expressions over what a scope holds, each of a known kind and, mostly, of moderate size.

Never writes statements.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from .drawing import ADD, AND, ATOM, BINARY_MATH, COMPARE, MUL, NOT, OR, POWER, UNARY, UNARY_MATH, Dice, Expr
from .profiles import Profile
from .scope import Callable_, Scope


class Expressions(Dice):
    """Draws expressions."""

    def __init__(self, rng: random.Random, profile: Profile, blocked: tuple[str, ...] = ()) -> None:
        super().__init__(rng, profile, blocked)
        self.makers: list[tuple[float, str | None, Callable[[Scope, int], Expr | None]]] = [
            (5, None, self._sum),
            (2, None, self._difference),
            (5, None, self._product),
            (1, None, self._negative),
            (1.5, None, self._quotient),
            (1.2, "power", self._power),
            (4, "math", self._math1),
            (1.2, "math", self._math2),
            (1, "minmax", self._minmax),
            (0.7, "abs", self._abs),
            (1, "ifexp", self._ifexp),
            (0.7, "boolvalue", self._boolvalue),
            (0.7, "comparevalue", self._comparevalue),
            (0.7, "mod", self._mod),
            (0.5, "floordiv", self._floordiv),
            (0.5, "intcast", self._intcast),
            (0.5, "floatcast", self._floatcast),
            (0.4, "round", self._round),
            (3, "call", self._call),
            (1, "lambda", self._lambda_now),
            (1.2, "gensum", self._gensum),
            (0.5, "isinstance", self._isinstance),
            (0.6, "table", self._table),
        ]

    # --- floats -----------------------------------------------------------------------------------------------------------

    def float(self, scope: Scope, depth: int = 3) -> Expr:
        """A float expression, nested at most so deep."""
        if depth <= 0 or self.rng.random() < 0.15:
            return self.leaf(scope)
        for _ in range(20):
            makers = [m for m in self.makers if m[1] in (None, "call") or m[1] in self.allowed]
            weights = [w * (2 if name in self.emphasis else 1) for w, name, _ in makers]
            _, name, maker = self.rng.choices(makers, weights)[0]
            made = maker(scope, depth - 1)
            if made is not None:
                if name not in (None, "call"):
                    self.tag(str(name))
                return made
        return self.leaf(scope)

    def damped(self, scope: Scope, depth: int = 3) -> Expr:
        """A float expression that stays small when it is repeated."""
        inner = self.float(scope, depth - 1)
        choice = self.rng.randrange(5)
        if choice == 0 and self.has_builtin("abs"):
            return Expr(f"{inner.at(MUL)} / (1 + abs({self.float(scope, depth - 2).text}))", MUL)
        if choice == 1:
            return Expr(f"{self.rng.choice(('0.5', '0.3', '-0.4'))} * {inner.at(UNARY)}", MUL)
        if "math" not in self.allowed:
            return Expr(f"{inner.at(MUL)} / (1 + {self.leaf(scope).at(POWER)} ** 2)", MUL)
        self.tag("math")
        return Expr(f"{self.math(self.rng.choice(('sin', 'tanh', 'cos', 'atan')))}({inner.text})")

    def variable(self, scope: Scope) -> Expr:
        """A float variable, the most recent ones more often."""
        names = scope.floats
        if not names:
            return self.constant(scope)
        if self.rng.random() < 0.5:
            return Expr(names[-1 - min(int(self.rng.expovariate(0.9)), len(names) - 1)])
        return Expr(self.rng.choice(names))

    def constant(self, scope: Scope) -> Expr:
        """A number."""
        if scope.constants and self.rng.random() < 0.4:
            self.tag("global_constant")
            return Expr(self.rng.choice(scope.constants))
        if "constants" in self.allowed and self.rng.random() < 0.1 and self.math_style:
            return Expr(self.math(self.rng.choice(("pi", "e", "tau"))))
        return Expr(self.rng.choice(("0.5", "1.5", "2", "0.1", "1", "3.0", "0.25", "1e-1", "2.", ".75", "0.7")))

    def leaf(self, scope: Scope) -> Expr:
        """A variable, an item, a constant."""
        rng = self.rng
        options: list[tuple[float, Callable[[Scope], Expr | None]]] = [
            (6, self.variable),
            (1.2, self.constant),
            (1.5 if scope.ints else 0, self._int_leaf),
            (4 if scope.lists and "list_read" in self.allowed else 0, self._list_item),
            (3 if scope.tuples else 0, self._tuple_item),
            (3 if scope.dicts else 0, self._dict_item),
            (3 if scope.matrices else 0, self._matrix_item),
            (3 if scope.objects else 0, self._attribute),
        ]
        for _ in range(5):
            made = rng.choices(options, [w for w, _ in options])[0][1](scope)
            if made is not None:
                return made
        return self.variable(scope)

    def _int_leaf(self, scope: Scope) -> Expr:
        name = self.rng.choice(scope.ints)
        return self.rng.choice((Expr(name), Expr(f"{name} + 1", ADD), Expr(f"0.5 * {name}", MUL)))

    def _list_item(self, scope: Scope) -> Expr | None:
        names = [n for n, k in scope.lists.items() if k > 0]
        if not names:
            return None
        name = self.rng.choice(names)
        self.tag("list_read")
        return Expr(f"{name}[{self.index(scope, scope.lists[name], name)}]")

    def _tuple_item(self, scope: Scope) -> Expr:
        name = self.rng.choice(list(scope.tuples))
        self.tag("tuple")
        return Expr(f"{name}[{self.index(scope, scope.tuples[name])}]")

    def _dict_item(self, scope: Scope) -> Expr:
        name = self.rng.choice(list(scope.dicts))
        self.tag("dict")
        key = self.rng.choice(scope.dicts[name])
        return Expr(f'{name}.get("{key}", 0.0)') if self.rng.random() < 0.1 else Expr(f'{name}["{key}"]')

    def _matrix_item(self, scope: Scope) -> Expr:
        name = self.rng.choice(list(scope.matrices))
        rows, columns = scope.matrices[name]
        self.tag("matrix")
        return Expr(f"{name}[{self.index(scope, rows)}][{self.index(scope, columns)}]")

    def _attribute(self, scope: Scope) -> Expr:
        self.tag("object")
        return Expr(f"{self.rng.choice(scope.objects)}.{self.rng.choice(('k', 'c'))}")

    def _sum(self, scope: Scope, depth: int) -> Expr:
        return Expr(f"{self.float(scope, depth).at(ADD)} + {self.float(scope, depth).at(MUL)}", ADD)

    def _difference(self, scope: Scope, depth: int) -> Expr:
        return Expr(f"{self.float(scope, depth).at(ADD)} - {self.float(scope, depth).at(MUL)}", ADD)

    def _product(self, scope: Scope, depth: int) -> Expr:
        if "reuse" in self.allowed and self.rng.random() < 0.15:
            one = self.leaf(scope)
            return Expr(f"{one.at(MUL)} * {one.at(UNARY)}", MUL)
        return Expr(f"{self.float(scope, depth).at(MUL)} * {self.float(scope, depth).at(UNARY)}", MUL)

    def _negative(self, scope: Scope, depth: int) -> Expr:
        return Expr(f"{self.rng.choice('---+')}{self.float(scope, depth).at(UNARY)}", UNARY)

    def _quotient(self, scope: Scope, depth: int) -> Expr:
        top = self.float(scope, depth).at(MUL)
        choice = self.rng.randrange(6)
        if choice < 2 or not self.has_builtin("abs"):
            return Expr(f"{top} / (1.5 + {self.leaf(scope).at(POWER)} ** 2)", MUL)
        if choice < 4:
            return Expr(f"{top} / (1 + abs({self.float(scope, depth - 1).text}))", MUL)
        if choice == 4:
            return Expr(f"{top} / {self.constant(scope).at(UNARY)}", MUL)
        return Expr(f"{top} / {self.leaf(scope).at(UNARY)}", MUL)

    def _power(self, scope: Scope, depth: int) -> Expr:
        base = self.float(scope, depth)
        choice = self.rng.randrange(8)
        if choice < 4 or not self.has_builtin("abs"):
            return Expr(f"{base.at(ATOM)} ** {self.rng.choice(('2', '2', '3', '1', '2.0', '4', '0'))}", POWER)
        if choice == 4 and scope.ints:
            return Expr(f"{base.at(ATOM)} ** {self.rng.choice(scope.ints)}", POWER)
        if choice == 5:
            return Expr(f"(1 + abs({base.text})) ** {self.leaf(scope).at(UNARY)}", POWER)
        if choice == 6:
            return Expr(f"abs({base.text}) ** {self.rng.choice(('1.5', '2.5', '0.5'))}", POWER)
        return Expr(f"(2 + abs({base.text})) ** -{self.rng.choice(('1', '0.5', '2'))}", POWER)

    def _math1(self, scope: Scope, depth: int) -> Expr | None:
        form = self.rng.choice(UNARY_MATH)
        if "abs(" in form and not self.has_builtin("abs"):
            return None
        operand = self.float(scope, depth)
        return Expr(self.spelled(form).format(operand.at(ATOM) if "{} **" in form else operand.text))

    def _math2(self, scope: Scope, depth: int) -> Expr | None:
        form = self.rng.choice(BINARY_MATH)
        if "abs(" in form and not self.has_builtin("abs"):
            return None
        return Expr(self.spelled(form).format(self.float(scope, depth).text, self.float(scope, depth - 1).text))

    def _minmax(self, scope: Scope, depth: int) -> Expr | None:
        name = self.rng.choice(("max", "min"))
        if not self.has_builtin(name):
            return None
        one, two = self.float(scope, depth).text, self.float(scope, depth - 1).text
        names = [n for n, k in scope.lists.items() if k > 0]
        choice = self.rng.randrange(6)
        if choice == 0:
            return Expr(f"{name}({one}, {two}, {self.leaf(scope).text})")
        if choice == 1:
            return Expr(f"{name}([{one}, {two}])" if self.rng.random() < 0.5 else f"{name}(({one}, {two}))")
        if choice == 2 and names and "list_read" in self.allowed:
            self.tag("list_read")
            return Expr(f"{name}({self.rng.choice(names)})")
        return Expr(f"{name}({one}, {two})")

    def _abs(self, scope: Scope, depth: int) -> Expr | None:
        return Expr(f"abs({self.float(scope, depth).text})") if self.has_builtin("abs") else None

    def _ifexp(self, scope: Scope, depth: int) -> Expr:
        last, test = self.float(scope, depth - 1), self.condition(scope, 1)
        return Expr(f"{self.float(scope, depth).at(OR)} if {test.at(OR)} else {last.text}", 0)

    def _boolvalue(self, scope: Scope, depth: int) -> Expr:
        one, two = self.float(scope, depth), self.float(scope, depth - 1)
        if self.rng.random() < 0.5:
            return Expr(f"{one.at(AND)} or {two.at(AND)}", OR)
        return Expr(f"{one.at(NOT)} and {two.at(NOT)}", AND)

    def _comparevalue(self, scope: Scope, depth: int) -> Expr:
        return Expr(f"({self.condition(scope, 0).text}) * {self.float(scope, depth).at(UNARY)}", MUL)

    def _mod(self, scope: Scope, depth: int) -> Expr:
        one = self.float(scope, depth)
        choice = self.rng.randrange(4)
        if choice == 0 and self.has_builtin("divmod"):
            return Expr(f"divmod({one.text}, {self.rng.choice(('1.5', '2', '0.7'))})[1]")
        if choice == 1:
            return Expr(f"{one.at(MUL)} % (1.5 + {self.leaf(scope).at(POWER)} ** 2)", MUL)
        return Expr(f"{one.at(MUL)} % {self.rng.choice(('1.5', '2', '-0.7', '1'))}", MUL)

    def _floordiv(self, scope: Scope, depth: int) -> Expr:
        return Expr(
            f"{self.float(scope, depth).at(MUL)} // {self.rng.choice(('0.5', '1.5', '2', '-1'))} * {self.leaf(scope).at(UNARY)}",
            MUL,
        )

    def _intcast(self, scope: Scope, depth: int) -> Expr | None:
        if not self.has_builtin("int"):
            return None
        call = self.rng.choice(
            ("int({})", f"{self.math('floor')}({{}})", f"{self.math('ceil')}({{}})", f"{self.math('trunc')}({{}})")
        )
        return Expr(f"{call.format(self.float(scope, depth).text)} * {self.leaf(scope).at(UNARY)}", MUL)

    def _round(self, scope: Scope, depth: int) -> Expr | None:
        if not self.has_builtin("round"):
            return None
        digits = self.rng.choice(("", ", 1", ", 2"))
        return Expr(f"round({self.float(scope, depth).text}{digits}) * {self.leaf(scope).at(UNARY)}", MUL)

    def _floatcast(self, scope: Scope, depth: int) -> Expr | None:
        return Expr(f"float({self.float(scope, depth).text})") if self.has_builtin("float") else None

    def _isinstance(self, scope: Scope, depth: int) -> Expr | None:
        if not (self.has_builtin("isinstance") and self.has_builtin("float")):
            return None
        name = self.variable(scope).at(ATOM)
        return Expr(f"{self.float(scope, depth).at(OR)} if isinstance({name}, (float, int)) else {name}", 0)

    def _table(self, scope: Scope, depth: int) -> Expr | None:
        if not scope.ints or "table" not in self.allowed:
            return None
        i = self.rng.choice(scope.ints)
        return Expr(f"{self.rng.choice((f'TABLE[{i} % 4]', f'TABLE[-1 - {i} % 4]', f'RATES[{i} % 2]', 'TABLE[2]'))}")

    def _call(self, scope: Scope, depth: int) -> Expr | None:
        made = [c for c in scope.callables if c.results == 1]
        if not made:
            return None
        return self.call(self.rng.choice(made), scope, depth)

    def call(self, target: Callable_, scope: Scope, depth: int) -> Expr | None:
        """A call of a function that the program defines: by position, keywords, defaults left out."""
        arguments: list[str] = []
        named: list[str] = []
        required = len(target.parameters) - target.defaults
        keyword = False
        for at, parameter in enumerate(target.parameters):
            if at >= required and self.rng.random() < 0.5:
                self.tag("default")
                keyword = True
                continue
            if target.takes_list and at == 0:
                lists = [n for n, k in scope.lists.items() if k >= 2]
                if not lists:
                    return None
                text = self.rng.choice(lists)
            else:
                text = self.float(scope, depth - 1).text
            if keyword or (target.keywords and self.may("kwcall", 0.2)):
                keyword = True
                self.tag("kwcall")
                named.append(f"{parameter}={text}")
            else:
                arguments.append(text)
        if self.rng.random() < 0.3:
            named.reverse()
        arguments += named
        return Expr(f"{target.name}({', '.join(arguments)})")

    def _lambda_now(self, scope: Scope, depth: int) -> Expr | None:
        if not scope.floats:
            return None
        name = self.rng.choice(("t", "s_", scope.floats[-1]))
        inner = scope.copy()
        inner.bind_float(name)
        return Expr(f"(lambda {name}: {self.float(inner, depth).text})({self.leaf(scope).text})")

    def _gensum(self, scope: Scope, depth: int) -> Expr | None:
        name = self.rng.choice(("sum", "sum", "max", "min", "sum"))
        if not (self.has_builtin(name) and self.has_builtin("range")):
            return None
        source = self.generator(scope, depth)
        if source is None:
            return None
        brackets = self.rng.random() < 0.25
        return Expr(f"{name}([{source}])" if brackets else f"{name}({source})")

    def generator(self, scope: Scope, depth: int) -> str | None:
        """`element for target in iterable`, not empty, without its brackets."""
        rng = self.rng
        lists = [n for n, k in scope.lists.items() if k > 0] + list(scope.tuples)
        inner = scope.copy()
        choice = rng.randrange(5)
        target = rng.choice([n for n in ("w", "p_", "it") if n not in scope.frozen])
        if choice < 2 and lists:
            inner.bind_float(target)
            over = f"{target} in {rng.choice(lists)}"
        elif choice == 2 and len(lists) > 1 and self.has_builtin("zip"):
            inner.bind_float("w")
            inner.bind_float("p_")
            over = f"w, p_ in zip({rng.choice(lists)}, {rng.choice(lists)})"
        elif choice == 3 and lists and self.has_builtin("enumerate"):
            inner.bind_int("it")
            inner.bind_float("w")
            over = f"it, w in enumerate({rng.choice(lists)})"
        else:
            inner.bind_int("j_")
            over = f"j_ in range({rng.choice(('1', '3', '2, 5', '4, 0, -2'))})"
        if self.may("gencond", 0.2) and "j_" not in over:
            over += f" if {self.condition(inner, 0).at(OR)}"
        if rng.random() < 0.1:
            inner.bind_int("i_")
            over += " for i_ in range(2)"
        return f"{self.float(inner, max(depth, 1)).text} for {over}"

    # --- conditions -------------------------------------------------------------------------------------------------------

    def condition(self, scope: Scope, depth: int = 1) -> Expr:
        """A test."""
        rng = self.rng
        if depth > 0 and self.may("andor", 0.3):
            self.tag("andor")
            one, two = self.condition(scope, depth - 1), self.condition(scope, depth - 1)
            choice = rng.randrange(3)
            if choice == 0:
                return Expr(f"{one.at(AND)} or {two.at(AND)}", OR)
            if choice == 1:
                return Expr(f"{one.at(NOT)} and {two.at(NOT)}", AND)
            return Expr(f"not {one.at(NOT)}", NOT)
        draw = rng.random()
        if scope.bools and draw < 0.15:
            return rng.choice((Expr(rng.choice(scope.bools)), Expr(f"not {rng.choice(scope.bools)}", NOT)))
        if scope.strings and draw < 0.3:
            self.tag("strparam")
            return Expr(f'{rng.choice(scope.strings)} {rng.choice(("==", "!="))} "{rng.choice("ab")}"', COMPARE)
        if scope.ints and draw < 0.5:
            i = rng.choice(scope.ints)
            return Expr(
                rng.choice((f"{i} % 2 == 0", f"{i} > 1", f"{i} != 2", f"{i} <= 3", f"{i} in (1, 3)", f"0 < {i} < 3")), COMPARE
            )
        if self.may("truth", 0.06):
            return Expr(self.variable(scope).text)
        if scope.lists and self.may("gencond", 0.15) and self.has_builtin("all") and self.has_builtin("any"):
            return Expr(
                f"{rng.choice(('all', 'any'))}(w > {rng.choice(('0', '-1', '0.5'))} for w in {rng.choice(list(scope.lists))})"
            )
        if self.may("equality", 0.5):
            self.tag("equality")
            numbers = rng.choice(("0", "1.0", "0.5", self.leaf(scope).at(ADD)))
            return Expr(f"{self.variable(scope).text} {rng.choice(('==', '==', '!='))} {numbers}", COMPARE)
        one = self.float(scope, rng.choice((0, 0, 1, 2)))
        sign = rng.choice(("<", ">", "<=", ">="))
        if self.may("chained", 0.15):
            self.tag("chained")
            return Expr(
                f"{rng.choice(('-0.5', '0', '-1'))} < {one.at(ADD)} {rng.choice(('<', '<='))} {self.leaf(scope).at(ADD)}", COMPARE
            )
        other = Expr(rng.choice(("0", "0.5", "1", "-0.3"))) if rng.random() < 0.5 else self.float(scope, 1)
        return Expr(f"{one.at(ADD)} {sign} {other.at(ADD)}", COMPARE)
