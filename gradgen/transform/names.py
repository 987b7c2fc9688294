"""Names for what gradgen writes: adjoints, kept inner values, tapes; never one that the user's text already uses.

Never depends on anything but the names asked for and their order, so that the same input gives the same names.
"""
from __future__ import annotations

import builtins
import functools
import keyword
from collections.abc import Mapping

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.rules.helpers import HELPERS

RESERVED = frozenset((*dir(builtins), *keyword.kwlist, *HELPERS, "math", "np", "numpy", "scipy"))


@dataclass(frozen=True, slots=True)
class Given:
    """The names that are a generated function's own affair: `stems` are those with numbers, each with what it is without;
    `bare` those that gradgen gave without one; `adjoints` the numbered ones that are adjoints of inner values, each with the name
    of the value; `lone` what names are without their numbers that need none where they are the only ones of their kind."""

    stems: Mapping[str, str] = field(default_factory=dict)
    bare: frozenset[str] = frozenset()
    adjoints: Mapping[str, str] = field(default_factory=dict)
    lone: frozenset[str] = frozenset()


class Names:
    """The names taken in one generated function, and those given out."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = set(taken) | RESERVED
        self._given: list[str] = []
        self._last: dict[str, int] = {}
        self._stems: dict[str, str] = {}
        self._adjoints: dict[str, str] = {}
        self._tangents: dict[str, str] = {}
        self._values: dict[ir.Expr, str] = {}
        self._of_values: dict[str, ir.Expr] = {}
        self._lone: set[str] = set()

    def fresh(self, wish: str) -> str:
        """`wish`, or the first of `wish_1`, `wish_2`, ... that nobody uses; of `d<lambda>` what a name may hold."""
        wish = wish if f"d{wish}".isidentifier() else "".join(filter(_may_stand, wish))
        if wish not in self.taken:
            return self._give(wish)
        return self.numbered(wish)

    def numbered(self, stem: str) -> str:
        """`stem_1`, or the first such name that nobody uses."""
        number = self._last.get(stem, 0) + 1
        while f"{stem}_{number}" in self.taken:
            number += 1
        self._last[stem] = number
        name = self._give(f"{stem}_{number}")
        self._stems[name] = stem
        return name

    def given(self) -> Given:
        """The names given out; not those that others may know."""
        known = {*self._adjoints.values(), *self._tangents.values()}
        own = [name for name in self._given if name not in known]
        stems = {name: self._stems[name] for name in own if name in self._stems}
        adjoints = {name: self._values[of] for name, of in self._of_values.items() if name in stems and of in self._values}
        return Given(stems, frozenset(name for name in own if name not in stems), adjoints, frozenset(self._lone))

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
        """A name for an inner value: operation_operand (`sin_E`), its role (`num`, `den`), what it is (`S_over_K`), what was
        done (`difference`), or `<target>_1`."""
        wish = described(expr)
        if wish is not None:
            name = self.fresh(wish)
        elif role is not None and role not in self.taken:
            name = self.fresh(role)
        else:
            wish = computed(expr) or _done(expr)
            name = self.numbered(target) if wish is None else self.fresh(wish)
        self._values[expr] = name
        return name

    def of_adjoint(self, expr: ir.Expr, target: str) -> str:
        """A name for the adjoint of an inner value of the statement that computes `target`."""
        name = self.numbered(f"d{target}")
        self._of_values[name] = expr
        return name

    def of_tangent(self, expr: ir.Expr, role: str | None) -> str:
        """A name for the tangent of an inner value."""
        return self.fresh(f"{described(expr) or role or computed(expr) or _done(expr) or 'term'}_dot")

    def of_argument(self, expr: ir.Expr, parameter: str) -> str:
        """A name for what a call adds to the adjoint of what a parameter is given."""
        if isinstance(expr, ir.Name):
            return self.numbered(f"d{expr.id}")
        self._lone.add(f"d{parameter}")
        return self.of_adjoint(expr, parameter)


@functools.cache
def _may_stand(character: str) -> bool:
    return f"d{character}".isidentifier()


LONGEST = 20  # characters of a name made of what a value is
_ATOM, _POWER, _PRODUCT, _QUOTIENT, _SUM = range(5)  # how tightly the words of an operand hold together, closest first
_JOINED = {  # the word between two operands, how loosely these may be joined, and how the whole is
    "mul": ("_", _PRODUCT, _POWER, _PRODUCT), "div": ("_over_", _PRODUCT, _POWER, _QUOTIENT),
    "add": ("_plus_", _SUM, _QUOTIENT, _SUM), "sub": ("_minus_", _SUM, _QUOTIENT, _SUM),
}
_DONE = {  # what the result of an operation is called whose own name is a sign, or a builtin's
    "add": "total", "sub": "difference", "mul": "term", "div": "ratio", "pow": "power", "matmul": "combined",
    "sum": "total", "max": "largest", "min": "smallest", "abs": "magnitude",
}
_POWERS = {2: "squared", 3: "cubed"}
_FIRST = {"1": "one", "2": "two"}  # numbers that a name may begin with, in words
_Words = tuple[str, int]


def described(expr: ir.Expr) -> str | None:
    """`sin_E` for math.sin(E), `exp_minus_r_T` for math.exp(-r * T), `log_10`; None where no short name says it."""
    match expr:
        case ir.Op(spelling=str(spelling), keywords=(), args=args):
            operation = spelling.rsplit(".", 1)[-1]
        case ir.Call(func=ir.Name(id=spelling) | ir.Attribute(name=spelling), args=args, keywords=()):
            operation = spelling.rsplit(".", 1)[-1]
        case ir.Compare():
            return "test"
        case _:
            return None
    words = [found for arg in args if (found := _words(arg)) is not None and (len(args) == 1 or found[1] == _ATOM)]
    if len(words) == len(args) in (1, 2):
        name = "_".join((operation, *(word for word, _ in words)))
        if len(name) <= LONGEST or all(isinstance(arg, ir.Name | ir.Const) for arg in args):
            return name
    return operation if len(operation) > 3 and isinstance(expr, ir.Call) else None


def computed(expr: ir.Expr) -> str | None:
    """`S_over_K` for S / K, `one_minus_z` for 1 - z, `x_times_y`, `r_squared`; None where no short name says it."""
    found = _words(expr) if isinstance(expr, ir.Op) and expr.spelling is None else None
    if found is None:
        return None
    name = found[0]
    if isinstance(expr, ir.Op) and expr.op == "mul":
        name = "_times_".join(found[0] for factor in _factors(expr) if (found := _words(factor)) is not None)
    first, _, rest = name.partition("_")
    name = f"{_FIRST.get(first, first)}_{rest}"
    return None if name[0].isdigit() or len(name) > LONGEST else name


def _done(expr: ir.Expr) -> str | None:
    """What was done to operands that no short name says: `tanh`, `difference`, `x_part`."""
    match expr:
        case ir.Op(op="pow", args=(_, ir.Const(value=2))):
            return "square"
        case ir.Op(op=op) if op in _DONE:
            return _DONE[op]
        case ir.Call(func=ir.Name(id=spelling)):
            operation = spelling.rsplit(".", 1)[-1]
            return _DONE.get(operation, f"{operation}_value" if operation.isidentifier() else None)
        case ir.Op(spelling=str(spelling)) | ir.Call(func=ir.Attribute(name=spelling)):
            operation = spelling.rsplit(".", 1)[-1]
            return _DONE.get(operation, operation if operation.isidentifier() else None)
        case ir.Item(base=ir.Name(id=name)) if "." not in name:
            return f"{name}_part"
        case ir.Attribute(name=name):
            return name
    return None


def _factors(expr: ir.Expr) -> list[ir.Expr]:
    if isinstance(expr, ir.Op) and expr.op == "mul":
        return [*_factors(expr.args[0]), expr.args[1]]
    return [expr]


def _words(arg: ir.Expr) -> _Words | None:
    """What an operand adds to a name, and how tightly its words hold together."""
    match arg:
        case ir.Name(id=name) if "." not in name and len(name) <= 16:
            return name, _ATOM
        case ir.Const(value=int(value)) if value >= 0 and not isinstance(value, bool):
            return str(value), _ATOM
        case ir.Op(op="neg", args=(operand,)):
            found = _words(operand)
            return (f"minus_{found[0]}", max(found[1], _PRODUCT)) if found is not None and found[1] < _SUM else None
        case ir.Op(op=op, args=(left, right), spelling=None) if op in _JOINED:
            word, loosest, loosest_right, joined = _JOINED[op]
            first, second = _words(left), _words(right)
            if first is None or second is None or first[1] > loosest or second[1] > loosest_right:
                return None
            return f"{first[0]}{word}{second[0]}", joined
        case ir.Op(op="pow", args=(base, ir.Const(value=int(exponent))), spelling=None) if exponent in _POWERS:
            found = _words(base)
            return (f"{found[0]}_{_POWERS[exponent]}", _POWER) if found is not None and found[1] == _ATOM else None
        case ir.Op(spelling=str(), args=(operand,)):
            called, inner = described(arg), _words(operand)
            return None if called is None or inner is None else (called, inner[1])
        case ir.Item(base=ir.Name(id=name), index=ir.Name(id=index)) if "." not in name + index:
            return f"{name}_{index}", _ATOM
    return None
