"""Random statements: assignments and the plumbing of suites; the compound ones are in compound.py.

Never decides how the text is laid out.
"""

from __future__ import annotations

from collections.abc import Callable

from .containers import Containers
from .drawing import Expr
from .layout import Node
from .scope import Scope


class Statements(Containers):
    """Draws simple statements; each maker returns its nodes, or None where the scope offers nothing to work on."""

    # --- simple statements ------------------------------------------------------------------------------------------------

    def simple_makers(self) -> list[tuple[float, str | None, Callable[[Scope], list[Node] | None]]]:
        """Every simple statement: weight, feature, maker."""
        return [
            (6, None, self.assign),
            (2, "augmented", self.augmented),
            (1, "swap", self.swap),
            (1, "unpack", self.unpack),
            (0.7, "walrus", self.walrus),
            (0.5, "assert", self.assertion),
            (0.4, "dead", self.dead),
            (0.3, "fstring", self.fstring),
            (0.4, "annotated", self.annotated),
            (0.3, "delete", self.delete),
            (0.4, "chained_assign", self.chained),
            (1.2, "list", self.make_list),
            (1.5, "list_write", self.list_write),
            (1.2, "list_augmented", self.list_augmented),
            (1.5, "append", self.append),
            (0.8, "pop", self.pop),
            (0.6, "list_swap", self.list_swap),
            (0.6, "list_method", self.list_method),
            (1.5, "alias", self.alias),
            (0.8, "tuple", self.make_tuple),
            (0.6, "star_unpack", self.star_unpack),
            (0.6, "nested_unpack", self.nested_unpack),
            (0.8, "dict", self.make_dict),
            (0.8, "dict_write", self.dict_write),
            (0.8, "comprehension", self.comprehension),
            (0.5, "matrix", self.make_matrix),
            (1, "lambda", self.make_lambda),
            (0.5, "function_value", self.function_value),
            (0.6, "object", self.make_object),
            (0.4, "rebind", self.rebind),
            (0.4, "multi_helper", self.multi_call),
            (0.7, "list_helper", self.list_call),
            (0.5, "late_binding", self.late_binding),
        ]

    def assign(self, scope: Scope) -> list[Node]:
        """`x = E`."""
        value = self.value(scope)
        name = self.target(scope)
        scope.bind_float(name)
        return [f"{name} = {value.text}"]

    def annotated(self, scope: Scope) -> list[Node] | None:
        if not self.has_builtin("float"):
            return None
        value, name = self.value(scope), self.fresh(scope)
        scope.bind_float(name)
        return [f"{name}: float = {value.text}"] if self.rng.random() < 0.7 else [f"{name}: float", f"{name} = {value.text}"]

    def chained(self, scope: Scope) -> list[Node]:
        value = self.value(scope)
        one, two = self.target(scope), self.fresh(scope)
        scope.bind_float(one)
        scope.bind_float(two)
        return [f"{one} = {two} = {value.text}"]

    def augmented(self, scope: Scope) -> list[Node] | None:
        """`x += E` and its like."""
        names = scope.free_to_assign()
        if not names:
            return None
        name = self.rng.choice(names)
        choice = self.rng.randrange(9)
        value = self.value(scope, 2)
        scope.bind_float(name)
        if choice < 4:
            return [f"{name} {self.rng.choice(('+=', '+=', '-='))} {value.text}"]
        if choice < 6:
            return [f"{name} *= {self.damped(scope, 2).text}"]
        if choice == 6 and self.has_builtin("abs"):
            return [f"{name} /= 1 + abs({value.text})"]
        if choice == 7 and "mod" in self.allowed:
            return [f"{name} {self.rng.choice(('%=', '//='))} 1.5"]
        if "power" in self.allowed and not scope.loops:
            return [f"{name} **= 2"]
        return [f"{name} *= 0.5"]

    def swap(self, scope: Scope) -> list[Node] | None:
        names = scope.free_to_assign()
        if len(names) < 2:
            return None
        chosen = self.rng.sample(names, min(len(names), self.rng.choice((2, 2, 3))))
        if len(chosen) == 3:
            return [f"{', '.join(chosen)} = {', '.join(chosen[1:] + chosen[:1])}"]
        a, b = chosen
        return [
            self.rng.choice(
                (
                    f"{a}, {b} = {b}, {a}",
                    f"{a}, {b} = {b}, {self.damped(scope, 2).at(0)}",
                    f"({a}, {b}) = [{b}, {a}]",
                    f"{a}, {b} = {b}, {a} * 0.5 - {b}",
                )
            )
        ]

    def unpack(self, scope: Scope) -> list[Node]:
        count = self.rng.choice((2, 2, 3))
        values = [self._element(self.value(scope, 2)) for _ in range(count)]
        names: list[str] = []
        for _ in range(count):
            name = self.target(scope)
            names.append(name if name not in names else f"{name}_{len(names)}")
        for name in names:
            scope.bind_float(name)
        return [f"{', '.join(names)} = {', '.join(values)}"]

    @staticmethod
    def _element(value: Expr) -> str:
        return value.text

    def star_unpack(self, scope: Scope) -> list[Node] | None:
        sources = [n for n, k in [*scope.lists.items(), *scope.tuples.items()] if k >= 2]
        if not sources:
            return None
        source = self.rng.choice(sources)
        size = scope.lists.get(source) or scope.tuples[source]
        first, rest = self.fresh(scope), "rest"
        if (
            rest in scope.frozen
            or rest == first
            or scope.kind_of(rest) not in (None, "lists")
            or (scope.loops and rest in scope.lists)
        ):
            return None
        text = f"{first}, *{rest} = {source}" if self.rng.random() < 0.6 else f"*{rest}, {first} = {source}"
        scope.bind_float(first)
        scope.forget(rest)
        scope.lists[rest] = size - 1
        return [text]

    def nested_unpack(self, scope: Scope) -> list[Node]:
        values = [self.value(scope, 2) for _ in range(3)]
        a = self.fresh(scope)
        scope.bind_float(a)
        b = self.fresh(scope)
        scope.bind_float(b)
        c = self.fresh(scope)
        scope.bind_float(c)
        return [f"{a}, ({b}, {c}) = {values[0].text}, ({values[1].text}, {values[2].text})"]

    def walrus(self, scope: Scope) -> list[Node]:
        value, again = self.value(scope, 2), self.value(scope, 1)
        inner, name = self.fresh(scope), self.target(scope)
        if inner == name:
            inner += "w"
        text = self.rng.choice(
            (f"({inner} := {value.text}) * {again.at(7)} + {inner}", f"{again.at(5)} - ({inner} := {value.text}) * {inner}")
        )
        if "math" in self.allowed and self.rng.random() < 0.3:
            text = f"{self.math('sin')}({inner} := {value.text}) + {inner}"
        scope.bind_float(inner)
        scope.bind_float(name)
        return [f"{name} = {text}"]

    def assertion(self, scope: Scope) -> list[Node]:
        message = self.rng.choice(("", ', "must hold"'))
        return [f"assert {self.leaf(scope).at(5)} > -50{message}"]

    def dead(self, scope: Scope) -> list[Node]:
        return [self.rng.choice((f"unused_ = {self.float(scope, 2).text}", "pass", f"{self.leaf(scope).text}", "..."))]

    def fstring(self, scope: Scope) -> list[Node]:
        return [
            f'label = f"{{{self.variable(scope).text}:.3f}} of {{{self.leaf(scope).at(7)}!r}}"'.replace('["', "['").replace(
                '"]', "']"
            )
        ]

    def delete(self, scope: Scope) -> list[Node] | None:
        if scope.loops or scope.inner:
            return None
        names = [n for n in scope.free_to_assign() if n != "x"]
        if len(names) < 3:
            return None
        name = self.rng.choice(names)
        scope.forget(name)
        return [f"del {name}"]

    # --- callables --------------------------------------------------------------------------------------------------------

    def make_lambda(self, scope: Scope) -> list[Node] | None:
        return self.define_lambda(scope)

    def late_binding(self, scope: Scope) -> list[Node] | None:
        return self.rebind_captured(scope)

    def define_lambda(self, scope: Scope) -> list[Node] | None:
        """Overridden where nested functions are written."""
        raise NotImplementedError

    def rebind_captured(self, scope: Scope) -> list[Node] | None:
        """Overridden where nested functions are written."""
        raise NotImplementedError

    def function_value(self, scope: Scope) -> list[Node] | None:
        name = self.fresh(scope)
        made = [c for c in scope.callables if c.results == 1 and not c.takes_list and len(c.parameters) - c.defaults == 1]
        if made and self.rng.random() < 0.6:
            target = self.rng.choice(made).name
        elif self.math_style:
            target = self.math(self.rng.choice(("sin", "tanh", "atan")))
        else:
            return None
        value = self.value(scope, 1)
        result = self.target(scope)
        if result == name:
            return None
        scope.bind_float(result)
        return [f"{name} = {target}", f"{result} = {name}({value.text})"]

    def multi_call(self, scope: Scope) -> list[Node] | None:
        made = [c for c in scope.callables if c.results == 2]
        if not made:
            return None
        call = self.call(self.rng.choice(made), scope, 2)
        a, b = self.target(scope), self.fresh(scope)
        if a == b or call is None:
            return None
        scope.bind_float(a)
        scope.bind_float(b)
        return [f"{a}, {b} = {call.text}"]

    def list_call(self, scope: Scope) -> list[Node] | None:
        made = [c for c in scope.callables if c.takes_list]
        if not made:
            return None
        call = self.call(self.rng.choice(made), scope, 2)
        if call is None:
            return None
        name = self.target(scope)
        scope.bind_float(name)
        return [f"{name} = {call.text}"]

    def make_object(self, scope: Scope) -> list[Node] | None:
        rng = self.rng
        if scope.objects and rng.random() < 0.6:
            name = rng.choice(scope.objects)
            if rng.random() < 0.4:
                return [f"{name}.k {rng.choice(('=', '+=', '*='))} {self.damped(scope, 2).text}"]
            result, value = self.target(scope), self.value(scope, 2)
            scope.bind_float(result)
            return [f"{result} = {name}.at({value.text})"]
        name, values = self.fresh(scope), [self.value(scope, 2).text for _ in range(2)]
        scope.forget(name)
        scope.objects.append(name)
        return [
            f"{name} = Part({values[0]}, {values[1]})" if rng.random() < 0.5 else f"{name} = Part({values[0]}, c={values[1]})"
        ]

    def rebind(self, scope: Scope) -> list[Node] | None:
        names = scope.free_to_assign()
        if (
            scope.loops
            or scope.inner
            or len(names) < 2
            or scope.in_try
            or "list" not in self.allowed
            and "unpack" not in self.allowed
        ):
            return None
        name = self.rng.choice(names)
        value = self.value(scope, 2)
        scope.forget(name)
        scope.tuples[name] = 2
        return [f"{name} = ({name}, {value.text})"]
