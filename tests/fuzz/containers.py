"""Random statements on lists, tuples and dicts.

Never lets a program index beyond what is certainly there.
"""

from __future__ import annotations

from .layout import Node
from .naming import Naming
from .scope import Scope


class Containers(Naming):
    """Draws statements on containers; each maker returns its nodes, or None where the scope offers nothing to work on."""

    def growable(self, scope: Scope) -> list[str]:
        """Lists that may be changed here (not one that a loop is walking over)."""
        return [n for n in scope.lists if n not in scope.frozen]

    def make_list(self, scope: Scope) -> list[Node] | None:
        if scope.loops and self.rng.random() < 0.5:
            return None
        size = self.rng.choice((0, 2, 3, 4)) if "append" in self.allowed else self.rng.choice((2, 3, 4))
        name = self.fresh(scope)
        if self.rng.random() < 0.25:
            size = max(size, 2)
            text = (
                f"[{self.value(scope, 1).text}] * {size}"
                if self.rng.random() < 0.6
                else f"[{self.value(scope, 1).text} for _ in range({size})]"
            )
            if "for _" in text and (not self.has_builtin("range") or "comprehension" not in self.allowed):
                text = f"[0.0] * {size}"
        else:
            text = f"[{', '.join(self.value(scope, 2).text for _ in range(size))}]"
        scope.forget(name)
        scope.lists[name] = size
        return [f"{name} = {text}"]

    def list_write(self, scope: Scope) -> list[Node] | None:
        names = [n for n in self.growable(scope) if scope.lists[n] > 0]
        if not names:
            return None
        name = self.rng.choice(names)
        return [f"{name}[{self.index(scope, scope.lists[name], name)}] = {self.value(scope, 2).text}"]

    def list_augmented(self, scope: Scope) -> list[Node] | None:
        names = [n for n in self.growable(scope) if scope.lists[n] > 0]
        if not names:
            return None
        name = self.rng.choice(names)
        at = self.index(scope, scope.lists[name], name)
        return [f"{name}[{at}] {self.rng.choice(('+=', '-=', '*='))} {self.damped(scope, 2).text}"]

    def append(self, scope: Scope) -> list[Node] | None:
        names = [] if scope.no_append else self.growable(scope)
        if not names:
            return None
        name = self.rng.choice(names)
        value = self.value(scope, 2)
        if not scope.loops:
            scope.lists[name] += 1
        return [f"{name}.append({value.text})"]

    def pop(self, scope: Scope) -> list[Node] | None:
        names = [] if scope.no_append else self.growable(scope)
        if not names:
            return None
        name, at = self.rng.choice(names), self.rng.choice(("", "", "0", "-1"))
        target = self.target(scope)
        if scope.lists[name] > 1 and not scope.loops:
            for other in list(scope.lists) if "alias" in self.allowed else [name]:
                scope.lists[other] = max(0, scope.lists[other] - 1)
            scope.bind_float(target)
            return [f"{target} = {name}.pop({at})"]
        if self.has_builtin("len") and target in scope.floats and "ifexp" in self.allowed:
            return [f"{target} = {name}.pop({at}) if len({name}) > {scope.lists[name]} else {self.leaf(scope).text}"]
        value = self.value(scope, 2)
        scope.bind_float(target)
        return [f"{name}.append({value.text})", f"{target} = {name}.pop()"]

    def list_swap(self, scope: Scope) -> list[Node] | None:
        names = [n for n in self.growable(scope) if scope.lists[n] > 1]
        if not names:
            return None
        name = self.rng.choice(names)
        i, j = self.index(scope, scope.lists[name]), self.index(scope, scope.lists[name])
        return [f"{name}[{i}], {name}[{j}] = {name}[{j}], {name}[{i}]"]

    def list_method(self, scope: Scope) -> list[Node] | None:
        names = [] if scope.no_append else self.growable(scope)
        if not names:
            return None
        name, other = self.rng.choice(names), self.rng.choice(list(scope.lists))
        value = self.value(scope, 2)
        choice = self.rng.randrange(7)
        if choice == 0:
            return [f"{name}.reverse()"]
        if choice == 1 and not scope.loops:
            scope.lists[name] += 1
            return [f"{name}.insert({self.rng.choice(('0', '1'))}, {value.text})"]
        if choice == 2 and not scope.loops:
            scope.lists[name] += 2
            return [f"{name}.extend([{value.text}, {self.leaf(scope).text}])"]
        if choice == 3 and not scope.loops:
            scope.lists[name] += 1
            return [f"{name} += [{value.text}]"]
        fresh = self.fresh(scope)
        made = {4: f"{fresh} = {other}[:]", 5: f"{fresh} = {other} + [{value.text}]"}.get(choice, f"{fresh} = list({other})")
        if "list(" in made and not self.has_builtin("list"):
            return None
        scope.forget(fresh)
        scope.lists[fresh] = scope.lists[other] + (choice == 5)
        return [made]

    def alias(self, scope: Scope) -> list[Node] | None:
        names = self.growable(scope)
        if not names:
            return None
        name, fresh = self.rng.choice(names), self.fresh(scope)
        if scope.loops and self.rng.random() < 0.5:
            others = [n for n in names if n != name and scope.lists[n] <= scope.lists[name]]
            if others:
                return [f"{self.rng.choice(others)} = {name}"]
        test = self.condition(scope, 0)
        scope.forget(fresh)
        scope.lists[fresh] = scope.lists[name]
        if scope.lists[name] == 0:
            return [f"{fresh} = {name}"]
        at = self.index(scope, scope.lists[name])
        write = f"{self.rng.choice((name, fresh))}[{at}] {self.rng.choice(('=', '=', '+=', '*='))} {self.damped(scope, 2).text}"
        if self.rng.random() < 0.15 and "ifexp" in self.allowed:
            other = self.rng.choice(names)
            scope.lists[fresh] = min(scope.lists[name], scope.lists[other])
            return [f"{fresh} = {name} if {test.at(1)} else {other}"]
        return [f"{fresh} = {name}", write]

    def make_tuple(self, scope: Scope) -> list[Node]:
        size, name = self.rng.choice((2, 2, 3)), self.fresh(scope)
        values = ", ".join(self.value(scope, 2).text for _ in range(size))
        if scope.tuples and self.rng.random() < 0.3:
            other = self.rng.choice(list(scope.tuples))
            if other != name:
                a, b = (self.fresh(scope) for _ in range(2))
                if a != b and scope.tuples[other] == 2:
                    scope.bind_float(a)
                    scope.bind_float(b)
                    return [f"{a}, {b} = {other}"]
        scope.forget(name)
        scope.tuples[name] = size
        return [f"{name} = ({values})" if self.rng.random() < 0.5 else f"{name} = {values}"]

    def make_dict(self, scope: Scope) -> list[Node]:
        name = self.fresh(scope)
        keys = tuple(self.rng.sample(("a", "b", "rho", "k_1"), 2))
        values = [self.value(scope, 2).text for _ in keys]
        scope.forget(name)
        scope.dicts[name] = keys
        if self.rng.random() < 0.3 and self.has_builtin("dict"):
            return [f"{name} = dict({', '.join(f'{k}={v}' for k, v in zip(keys, values, strict=True))})"]
        return [f"{name} = {{{', '.join(f'{chr(34)}{k}{chr(34)}: {v}' for k, v in zip(keys, values, strict=True))}}}"]

    def dict_write(self, scope: Scope) -> list[Node] | None:
        names = [n for n in scope.dicts if n not in scope.frozen]
        if not names:
            return None
        name = self.rng.choice(names)
        key = self.rng.choice(scope.dicts[name])
        return [f'{name}["{key}"] {self.rng.choice(("=", "+=", "-=", "*="))} {self.damped(scope, 2).text}']

    def make_matrix(self, scope: Scope) -> list[Node] | None:
        if scope.loops:
            return None
        if scope.matrices and self.rng.random() < 0.6:
            name = self.rng.choice(list(scope.matrices))
            rows, columns = scope.matrices[name]
            at = f"[{self.index(scope, rows)}][{self.index(scope, columns)}]"
            return [f"{name}{at} {self.rng.choice(('=', '+='))} {self.damped(scope, 2).text}"]
        name = self.fresh(scope)
        lines = [f"[{self.leaf(scope).text}, {self.value(scope, 1).text}]" for _ in range(2)]
        scope.forget(name)
        scope.matrices[name] = (2, 2)
        return [f"{name} = [{', '.join(lines)}]"]

    def comprehension(self, scope: Scope) -> list[Node] | None:
        if not self.has_builtin("range") or (scope.loops and self.rng.random() < 0.5):
            return None
        inner, name = scope.copy(), self.fresh(scope)
        lists = [n for n, k in scope.lists.items() if k > 0]
        if lists and self.rng.random() < 0.5:
            source = self.rng.choice(lists)
            inner.bind_float("c_")
            text, size = f"[{self.float(inner, 2).text} for c_ in {source}]", scope.lists[source]
        else:
            size = self.rng.choice((2, 3))
            inner.bind_int("n_")
            text = f"[{self.float(inner, 2).text} for n_ in range({size})]"
        scope.forget(name)
        scope.lists[name] = size
        return [f"{name} = {text}"]
