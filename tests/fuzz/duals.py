"""Dual numbers: the derivatives of a program's result by running the program's own text on values that carry their partials.

Never reads gradgen; the conventions at special points are those that gradgen documents, written down here a second time.

A `Dual` is a value, its partials and, for each partial, the sum of the magnitudes of all contributions to it: what rounding can
do to the partial is that times the machine epsilon, whatever order the contributions are added in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

Number = int | float
T = TypeVar("T")
Partials = tuple[float, ...]


class Undefined(BaseException):
    """The program has no derivative here that gradgen must give. Not an Exception: no program catches it."""


class Journal:
    """What the run decided: comparisons and roundings in order, and whether an equality between varying floats held."""

    def __init__(self) -> None:
        self.decisions: list[object] = []
        self.equality_held = False
        self.at_kink = False
        self.unbounded = False

    def note(self, decision: object) -> None:
        """Add a decision."""
        self.decisions.append(decision)


_journal = Journal()


class Dual:
    """A number that varies. Ints stay ints; comparisons, truth and rounding see the value alone."""

    __slots__ = ("d", "m", "x")

    def __init__(self, x: Number, d: Partials, m: Partials) -> None:
        self.x = x
        self.d = d
        self.m = m

    def __repr__(self) -> str:
        return repr(self.x)

    def __format__(self, spec: str) -> str:
        return format(self.x, spec)

    def __str__(self) -> str:
        return str(self.x)

    def __hash__(self) -> int:
        return hash(self.x)

    def __bool__(self) -> bool:
        return decided(bool(self.x))

    def __int__(self) -> int:
        return decided(int(self.x))

    def __trunc__(self) -> int:
        return decided(math.trunc(self.x))

    def __floor__(self) -> int:
        return decided(math.floor(self.x))

    def __ceil__(self) -> int:
        return decided(math.ceil(self.x))

    def __round__(self, digits: int | None = None) -> Number:
        return decided(round(self.x, digits) if digits is not None else round(self.x))

    def __index__(self) -> int:
        if isinstance(self.x, int):
            return self.x
        raise TypeError("'float' object cannot be interpreted as an integer")

    def __eq__(self, other: object) -> bool:
        held = bool(self.x == value_of(other))
        if held and (any(self.d) or (isinstance(other, Dual) and any(other.d))):
            _journal.equality_held = True
        return decided(held)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: Any) -> bool:
        return _compared(self.x, other, self.x < value_of(other))

    def __le__(self, other: Any) -> bool:
        return _compared(self.x, other, self.x <= value_of(other))

    def __gt__(self, other: Any) -> bool:
        return _compared(self.x, other, self.x > value_of(other))

    def __ge__(self, other: Any) -> bool:
        return _compared(self.x, other, self.x >= value_of(other))

    def __add__(self, other: Any) -> Any:
        return linear(self.x + value_of(other), (self, 1.0), (other, 1.0)) if _is_number(other) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return linear(self.x - value_of(other), (self, 1.0), (other, -1.0)) if _is_number(other) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return linear(value_of(other) - self.x, (self, -1.0), (other, 1.0)) if _is_number(other) else NotImplemented

    def __mul__(self, other: Any) -> Any:
        return linear(self.x * value_of(other), (self, value_of(other)), (other, self.x)) if _is_number(other) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return _quotient(self, other) if _is_number(other) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return _quotient(other, self) if _is_number(other) else NotImplemented

    def __floordiv__(self, other: Any) -> Any:
        return decided(self.x // value_of(other)) if _is_number(other) else NotImplemented

    def __rfloordiv__(self, other: Any) -> Any:
        return decided(value_of(other) // self.x) if _is_number(other) else NotImplemented

    def __mod__(self, other: Any) -> Any:
        return _remainder(self, other) if _is_number(other) else NotImplemented

    def __rmod__(self, other: Any) -> Any:
        return _remainder(other, self) if _is_number(other) else NotImplemented

    def __divmod__(self, other: Any) -> Any:
        return (self // other, self % other)

    def __rdivmod__(self, other: Any) -> Any:
        return (other // self, other % self)

    def __pow__(self, other: Any) -> Any:
        return power(self, other, value_of(self) ** value_of(other)) if _is_number(other) else NotImplemented

    def __rpow__(self, other: Any) -> Any:
        return power(other, self, value_of(other) ** value_of(self)) if _is_number(other) else NotImplemented

    def __neg__(self) -> Any:
        return linear(-self.x, (self, -1.0))

    def __pos__(self) -> Any:
        return linear(+self.x, (self, 1.0))

    def __abs__(self) -> Any:
        sign = (self.x > 0) - (self.x < 0)
        note_kink(self.x == 0)
        return linear(abs(self.x), (self, float(decided(sign))))


def _is_number(value: object) -> bool:
    return isinstance(value, (Dual, int, float))


def decided(value: T) -> T:
    _journal.note(value)
    return value


def _compared(one: Number, other: object, result: bool) -> bool:
    note_kink(one == value_of(other))
    return bool(decided(result))


def note_kink(at_it: bool) -> None:
    if at_it:
        _journal.at_kink = True


def value_of(value: Any) -> Any:
    """The plain value."""
    return value.x if isinstance(value, Dual) else value


def linear(x: Any, *terms: tuple[Any, Number], noise: float = 0.0) -> Any:
    """The result `x` of an operation, given the partial derivative by each operand; those that do not vary count for nothing.

    `noise` is how large the terms are that may cancel in another way to write the slope (`1 - tanh(x)**2`).
    """
    varying = [(term, float(coefficient)) for term, coefficient in terms if isinstance(term, Dual)]
    if isinstance(x, complex):
        raise Undefined("complex result")
    if not varying:
        return x
    for term, coefficient in varying:
        if not math.isfinite(coefficient) and any(term.d):
            raise Undefined(f"slope {coefficient}")
    size = len(varying[0][0].d)
    d = tuple(math.fsum(c * t.d[i] for t, c in varying if t.d[i]) for i in range(size))
    m = tuple(sum((abs(c) + noise) * t.m[i] for t, c in varying if t.m[i]) for i in range(size))
    return Dual(x, d, m)


def slope_of(compute: Callable[[], Number], *operands: Any) -> Number:
    """A partial derivative; where Python cannot compute it, there is none (unless nothing varies)."""
    try:
        return compute()
    except (ArithmeticError, ValueError) as error:
        _journal.unbounded = True
        if any(isinstance(o, Dual) and any(o.d) for o in operands):
            raise Undefined(f"no slope: {error}") from None
        return 0.0


def _quotient(a: Any, b: Any) -> Any:
    x, bx = value_of(a) / value_of(b), value_of(b)
    return linear(x, (a, slope_of(lambda: 1.0 / bx, a)), (b, -x / bx))


def _remainder(a: Any, b: Any) -> Any:
    x, whole = value_of(a) % value_of(b), value_of(a) // value_of(b)
    decided(whole)
    return linear(x, (a, 1.0), (b, -whole))


def power(a: Any, b: Any, x: Any) -> Any:
    """`a ** b`, whose value is `x`. A passive exponent takes no logarithm; an active one needs a base that is not negative."""
    base, exponent = value_of(a), value_of(b)
    if isinstance(x, complex):
        raise Undefined("complex result")
    terms: list[tuple[Any, Number]] = []
    if isinstance(a, Dual):

        def by_base() -> Number:
            return 0.0 if exponent == 0 else float(exponent) * float(base) ** (exponent - 1)

        terms.append((a, slope_of(by_base, a)))
    if isinstance(b, Dual):
        if base < 0 and any(b.d):
            raise Undefined("negative base, varying exponent")
        terms.append((b, x * math.log(base) if base > 0 else 0.0))
        if base == 0 and exponent <= 0 and any(b.d):
            raise Undefined("0 ** 0 with a varying exponent")
    return linear(x, *terms)


def seeded(point: Mapping[str, object], wrt: Sequence[str]) -> tuple[dict[str, object], int]:
    """The arguments with every number below a wrt name made a dual of its own direction; and how many there are."""
    size = sum(len(flat(point[name])) for name in wrt)
    position = 0

    def vary(value: object) -> object:
        nonlocal position
        if isinstance(value, list):
            return [vary(item) for item in value]
        if isinstance(value, tuple):
            return tuple(vary(item) for item in value)
        if isinstance(value, dict):
            return {key: vary(item) for key, item in value.items()}
        if not isinstance(value, (int, float)):
            raise TypeError(f"nothing to vary in {value!r}")
        unit = tuple(float(i == position) for i in range(size))
        position += 1
        return Dual(value, unit, unit)

    made: dict[str, object] = {name: vary(point[name]) for name in wrt}
    return {name: made.get(name, value) for name, value in point.items()}, size


def plain(value: Any) -> Any:
    """The value without its partials; of a tuple, each item's."""
    return tuple(map(plain, value)) if isinstance(value, tuple) else value_of(value)


def weighted_sum(values: Sequence[Any], weights: Sequence[float]) -> Any:
    """The sum of the values, each times its weight."""
    total: Any = 0.0
    for value, weight in zip(values, weights, strict=False):
        total = total + weight * value
    return total


def flat(value: object) -> list[Any]:
    """The numbers of a nested structure, in order."""
    if isinstance(value, (list, tuple)):
        return [number for item in value for number in flat(item)]
    if isinstance(value, dict):
        return [number for item in value.values() for number in flat(item)]
    return [value]


def run(function: Callable[..., Any], arguments: Mapping[str, object], call: Callable[..., Any]) -> tuple[Any, Journal]:
    """`call(function, arguments)` with a journal of what was decided on the way."""
    global _journal
    _journal = Journal()
    return call(function, arguments), _journal
