"""Suites of random statements, one drawn after the other.

Never knows which compound statements there are.
"""

from __future__ import annotations

from collections.abc import Callable

from .layout import Node
from .scope import Scope
from .statements import Statements

Maker = Callable[[Scope], "list[Node] | None"]


class Suites(Statements):
    """Draws suites; `budget` counts down the statements that the program may still have, `depth` the levels below."""

    functions: int = 0
    depth: int = 0

    def compound_makers(self) -> list[tuple[float, str | None, Maker]]:
        """Every compound statement: weight, feature, maker."""
        raise NotImplementedError

    def early_return(self, scope: Scope) -> list[Node] | None:
        """A return under a condition, or None where none may be."""
        raise NotImplementedError

    def suite(self, scope: Scope, count: int, depth: int) -> list[Node]:
        """So many statements, at least one; the scope is carried along."""
        nodes: list[Node] = []
        self.depth = depth
        for _ in range(count):
            self.budget -= 1
            nodes += self.statement(scope, depth)
            self.depth = depth
        return nodes or ["pass"]

    def statement(self, scope: Scope, depth: int) -> list[Node]:
        """One statement with what belongs to it."""
        makers = [m for m in self.simple_makers() if m[1] is None or m[1] in self.allowed]
        if depth > 0 and self.budget > 0:
            makers += [m for m in self.compound_makers() if m[1] in self.allowed]
        weights = [w * (2.5 if name in self.emphasis else 1) for w, name, _ in makers]
        for _ in range(12):
            _, name, maker = self.rng.choices(makers, weights)[0]
            self.depth = depth
            made = maker(scope)
            if made is not None:
                if name is not None:
                    self.tag(name)
                return made
        return self.assign(scope)

    def body(self, scope: Scope, low: int = 1, high: int = 3) -> list[Node]:
        """A suite one level down."""
        depth = self.depth - 1
        made = self.suite(scope, self.rng.randint(low, high), depth)
        self.depth = depth + 1
        return made
