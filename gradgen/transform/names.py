"""Names for what gradgen writes: adjoints, kept inner values, tapes; never one that the user's text already uses.

Never depends on anything but the names asked for and their order, so that the same input gives the same names.
"""
from __future__ import annotations

import builtins
import keyword

from gradgen.ir import nodes as ir

RESERVED = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset({"math", "np", "numpy", "scipy"})


class Names:
    """The names taken in one generated function, and those given out."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = set(taken) | RESERVED
        self._given: list[str] = []
        self._last: dict[str, int] = {}
        self._adjoints: dict[str, str] = {}
        self._tangents: dict[str, str] = {}

    def fresh(self, wish: str) -> str:
        """`wish`, or the first of `wish_1`, `wish_2`, ... that nobody uses."""
        if wish not in self.taken:
            return self._give(wish)
        return self.numbered(wish)

    def numbered(self, stem: str) -> str:
        """`stem_1`, or the first such name that nobody uses."""
        number = self._last.get(stem, 0) + 1
        while f"{stem}_{number}" in self.taken:
            number += 1
        self._last[stem] = number
        return self._give(f"{stem}_{number}")

    def _give(self, name: str) -> str:
        self.taken.add(name)
        self._given.append(name)
        return name

    def mark(self) -> int:
        """How far names have been given out, to come back to."""
        return len(self._given)

    def back_to(self, mark: int) -> None:
        """Take back the names given out since, adjoints of variables apart."""
        kept = {name for name in self._given[mark:] if name in self._adjoints.values() or name in self._tangents.values()}
        for name in self._given[mark:]:
            if name not in kept:
                self.taken.discard(name)
        self._given[mark:] = [name for name in self._given[mark:] if name in kept]
        self._last.clear()

    def give_back(self, *names: str) -> None:
        """Take back names that nothing has used."""
        self.taken.difference_update(names)
        self._given[:] = [name for name in self._given if name not in names]

    def adjoint(self, variable: str) -> str:
        """The adjoint of a variable: `dv` for `v`."""
        if variable not in self._adjoints:
            self._adjoints[variable] = self.fresh(f"d{variable}")
        return self._adjoints[variable]

    def name_adjoint(self, variable: str, name: str) -> None:
        """Fix the name of a variable's adjoint."""
        self._adjoints[variable] = name
        self.taken.add(name)

    def tangent(self, variable: str) -> str:
        """The tangent of a variable: `v_dot` for `v`."""
        if variable not in self._tangents:
            self._tangents[variable] = self.fresh(f"{variable}_dot")
        return self._tangents[variable]

    def name_tangent(self, variable: str, name: str) -> None:
        """Fix the name of a variable's tangent."""
        self._tangents[variable] = name
        self.taken.add(name)

    def of_value(self, expr: ir.Expr, target: str, role: str | None) -> str:
        """A name for an inner value: operation_operand (`sin_E`), its role (`num`, `den`), or `<target>_1`."""
        wish = described(expr)
        if wish is not None:
            return self.fresh(wish)
        if role is not None and role not in self.taken:
            return self.fresh(role)
        return self.numbered(target)


def described(expr: ir.Expr) -> str | None:
    """`sin_E` for math.sin(E), `exp_minus_z` for math.exp(-z), `log_10`; None where no short name says it."""
    match expr:
        case ir.Op(spelling=str(spelling), keywords=(), args=args):
            operation = spelling.rsplit(".", 1)[-1]
        case ir.Call(func=ir.Name(id=spelling) | ir.Attribute(name=spelling), args=args, keywords=()):
            operation = spelling.rsplit(".", 1)[-1]
        case ir.Compare():
            return "test"
        case _:
            return None
    words = [_word(arg) for arg in args]
    if 0 < len(words) <= 2 and all(words):
        return "_".join([operation, *(word for word in words if word)])
    return operation if len(operation) > 3 and isinstance(expr, ir.Call) else None


def _word(arg: ir.Expr) -> str | None:
    match arg:
        case ir.Name(id=name) if "." not in name and len(name) <= 16:
            return name
        case ir.Op(op="neg", args=(ir.Name(id=name),)) if "." not in name:
            return f"minus_{name}"
        case ir.Const(value=int(value)) if value >= 0 and not isinstance(value, bool):
            return str(value)
    return None
