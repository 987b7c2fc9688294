"""Numbers that a function can be run on in place of floats: each is a SymPy expression and its value to many digits.

Never computes a derivative, and never rounds: the float inside is NaN, so that what C code makes of it does not go unseen.
"""
from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar

import mpmath

from gradgen.judge.arrays import is_array, with_array
from gradgen.judge.constants import constant_of
from gradgen.judge.faults import NoIntegerError, NoStandInError
from gradgen.judge.path import Kind, Path


class World:
    """What the numbers of one run share: the precision, whether expressions are built, and what was decided on the way.

    `hints` maps a parameter to the constants it was compared with. With `longest`, an expression of more parts than that is cut:
    a symbol stands for it from there on, and `cuts` maps the expression to its symbol.
    """

    def __init__(self, digits: int, *, symbolic: bool = False, longest: int | None = None) -> None:
        self.context = mpmath.MPContext()
        self.context.dps = digits
        self.symbolic = symbolic
        self.path = Path()
        self.hints: dict[str, set[float | str]] = {}
        self.longest = longest
        self.is_cutting = longest is not None  # whether new cuts are made; known ones are always used
        self.cuts: dict[Any, Any] = {}
        self.has_rounded_constants = False
        self.number: Any = _FloatLike("float", (Exact,), {"world": self, "__slots__": ()})
        self._constants: dict[int | float | Fraction, Exact] = {}

    def make(self, expr: Any, value: Any, *, varies: bool, leaf: str | None = None, size: int = 1) -> Exact:
        """A number from its two parts; `leaf` names the parameter that it is, `size` counts the parts of its expression."""
        made: Exact = float.__new__(self.number, math.nan)
        if self.longest is not None and size > self.longest:
            expr, size = self._cut(expr, size)
        made.expr, made.value, made.varies, made.leaf, made.size = expr, value, varies, leaf, size
        return made

    def _cut(self, expr: Any, size: int) -> tuple[Any, int]:
        symbol = self.cuts.get(expr)
        if symbol is None and self.is_cutting:
            import sympy

            symbol = self.cuts[expr] = sympy.Dummy(f"step{len(self.cuts)}")
        return (expr, size) if symbol is None else (symbol, 1)

    def variable(self, name: str, symbol: Any, value: Fraction) -> Exact:
        """The number that stands for a parameter at one point."""
        number = self.context.mpf(value.numerator) / value.denominator
        return self.make(symbol if self.symbolic else None, number, varies=True, leaf=name)

    def constant(self, x: int | float | Fraction) -> Exact:
        """A number that depends on no parameter. Raises NoStandInError on NaN: a varying number was lost on the way."""
        found = self._constants.get(x)
        if found is None:
            found = self._constants[x] = self._constant(x)
        return found

    def _constant(self, x: int | float | Fraction) -> Exact:
        if isinstance(x, float) and not math.isfinite(x):
            if math.isnan(x):
                raise NoStandInError("a varying value went through code that has no SymPy counterpart")
            return self.infinite(x)
        if isinstance(x, float):
            closed = constant_of(x)
            self.has_rounded_constants |= closed.is_rounded
            return self.make(closed.expression() if self.symbolic else None, closed.value(self.context), varies=False)
        expr = None
        if self.symbolic:
            import sympy

            expr = sympy.Rational(x.numerator, x.denominator)
        return self.make(expr, self.context.mpf(x.numerator) / x.denominator, varies=False)

    def infinite(self, x: float) -> Exact:
        """An infinity or a NaN that the text itself asks for."""
        expr = None
        if self.symbolic:
            import sympy

            expr = sympy.nan if math.isnan(x) else sympy.oo if x > 0 else -sympy.oo
        return self.make(expr, self.context.mpf(x), varies=False)

    def coerce(self, x: object) -> Exact | None:
        """x as a number of this world; None for what is no real number."""
        if isinstance(x, Exact):
            return x
        if isinstance(x, int | Fraction):
            return self.constant(x)
        if isinstance(x, float):
            return self.constant(float(x))
        if hasattr(x, "__index__") and not is_array(x):
            return self.constant(operator.index(x))
        if getattr(x, "shape", None) == () and hasattr(x, "item"):
            return self.coerce(x.item())  # NumPy's bool, and arrays without axes
        return None

    def exact(self, x: object) -> Exact:
        """Like coerce, but raises TypeError as `float()` would."""
        found = self.coerce(x)
        if found is None:
            raise TypeError(f"must be real number, not {type(x).__name__}")
        return found

    def floor(self, value: Any) -> int:
        """The largest int not above; what the last digits of the precision are short of an int counts as that int."""
        nearest = self.context.nint(value)
        is_near = abs(value - nearest) <= max(1, abs(value)) * self.context.mpf(10) ** (8 - self.context.dps)
        return int(nearest if is_near else self.context.floor(value))

    def decide(self, outcome: Any, kind: Kind, *numbers: Exact) -> Any:
        """Note an outcome that depends on parameters, and hand it back."""
        if any(number.varies for number in numbers):
            self.path.note(outcome, kind, [number.expr for number in numbers] if self.symbolic else None)
        return outcome

    def hint(self, number: Exact, constant: object) -> None:
        """Remember what a parameter was compared with."""
        if number.leaf is not None and isinstance(constant, float | str):
            self.hints.setdefault(number.leaf, set()).add(constant)

    def apply(
        self,
        expr: Callable[..., Any],
        value: Callable[..., Any],
        *numbers: Exact,
        is_quiet: bool = False,
        needs_positive: bool = False,
    ) -> Exact:
        """A function of numbers. Where its value is no finite real: ValueError as of math, or quietly NaN as of NumPy."""
        varies = any(number.varies for number in numbers)
        if needs_positive:
            self.decide(numbers[0].value > 0, "need", numbers[0])  # what the function raises otherwise may be caught
        try:
            result = value(self.context, *(number.value for number in numbers))
        except (ValueError, ZeroDivisionError):
            result = self.context.nan
        if isinstance(result, self.context.mpc):
            result = result.real if result.imag == 0 else self.context.nan
        is_finite = self.context.isfinite(result)
        if not is_finite and not is_quiet and all(self.context.isfinite(number.value) for number in numbers):
            raise ValueError("math domain error")
        if not self.symbolic:
            return self.make(None, result, varies=varies)
        if not is_finite:
            return self.infinite(float(result))
        size = 1 + sum(number.size for number in numbers)
        return self.make(expr(*(number.expr for number in numbers)), result, varies=varies, size=size)


class _FloatLike(type):
    """The class of the classes that stand in for `float`: `isinstance(x, float)` stays true of every float."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, float)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, float)


class Exact(float):
    """One number. A subclass of it, one per World, stands in for `float` in the code that is run."""

    __slots__ = ("expr", "value", "varies", "leaf", "size")
    __array_ufunc__ = None  # NumPy's scalars leave the operation to this class
    world: ClassVar[World]
    expr: Any
    value: Any
    varies: bool
    leaf: str | None
    size: int

    def __new__(cls, x: object = 0) -> Exact:
        if isinstance(x, str):
            parsed = float(x)
            return cls.world.constant(parsed) if math.isfinite(parsed) else cls.world.infinite(parsed)
        if hasattr(x, "item") and not isinstance(x, float):
            x = x.item()  # an array of one element
        return cls.world.exact(x)

    @property
    def double(self) -> float:
        """The nearest double."""
        return float(self.value)

    def _combine(self, other: object, op: Callable[[Any, Any], Any], *, swapped: bool = False) -> Any:
        right = self.world.coerce(other)
        if right is None:
            return with_array(op, self, other, swapped=swapped)
        a, b = (right, self) if swapped else (self, right)
        expr = op(a.expr, b.expr) if self.world.symbolic else None
        return self.world.make(expr, op(a.value, b.value), varies=a.varies or b.varies, size=a.size + b.size + 1)

    def __add__(self, other: Any) -> Any:
        return self._combine(other, operator.add)

    def __radd__(self, other: Any) -> Any:
        return self._combine(other, operator.add, swapped=True)

    def __sub__(self, other: Any) -> Any:
        return self._combine(other, operator.sub)

    def __rsub__(self, other: Any) -> Any:
        return self._combine(other, operator.sub, swapped=True)

    def __mul__(self, other: Any) -> Any:
        return self._combine(other, operator.mul)

    def __rmul__(self, other: Any) -> Any:
        return self._combine(other, operator.mul, swapped=True)

    def __truediv__(self, other: Any) -> Any:
        right = self.world.coerce(other)
        if right is None:
            return with_array(operator.truediv, self, other)
        if right.value == 0:
            raise ZeroDivisionError("float division by zero")
        return self._combine(right, operator.truediv)

    def __rtruediv__(self, other: Any) -> Any:
        left = self.world.coerce(other)
        return with_array(operator.truediv, self, other, swapped=True) if left is None else left / self

    def __floordiv__(self, other: Any) -> Any:
        right = self.world.coerce(other)
        return with_array(operator.floordiv, self, other) if right is None else self.world.constant(self._turns(right))

    def __rfloordiv__(self, other: Any) -> Any:
        left = self.world.coerce(other)
        return with_array(operator.floordiv, self, other, swapped=True) if left is None else left // self

    def __mod__(self, other: Any) -> Any:
        right = self.world.coerce(other)
        return with_array(operator.mod, self, other) if right is None else self - right * self._turns(right)

    def __rmod__(self, other: Any) -> Any:
        left = self.world.coerce(other)
        return with_array(operator.mod, self, other, swapped=True) if left is None else left % self

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def _turns(self, divisor: Exact) -> int:
        if divisor.value == 0:
            raise ZeroDivisionError("float floor division by zero")
        turns: int = self.world.decide(self.world.floor(self.value / divisor.value), "floor", self, divisor)
        return turns

    def __pow__(self, other: Any, mod: Any = None) -> Any:
        exponent = self.world.coerce(other)
        if exponent is None or mod is not None:
            return with_array(operator.pow, self, other)
        if self.value == 0 and exponent.value < 0:
            raise ZeroDivisionError("0.0 cannot be raised to a negative power")
        is_whole = not exponent.varies and self.world.context.isint(exponent.value)
        if self.value < 0 and not is_whole and not self.world.context.isint(exponent.value):
            raise ValueError("a negative number to a fractional power is complex")
        if exponent.varies and self.world.symbolic:
            self.world.decide(True, "need", self)
        value = self.value ** (int(exponent.value) if is_whole else exponent.value)
        if isinstance(value, self.world.context.mpc):
            value = value.real
        expr = self.expr**exponent.expr if self.world.symbolic else None
        return self.world.make(expr, value, varies=self.varies or exponent.varies, size=self.size + exponent.size + 1)

    def __rpow__(self, other: Any, mod: Any = None) -> Any:
        base = self.world.coerce(other)
        return with_array(operator.pow, self, other, swapped=True) if base is None else base**self

    def __neg__(self) -> Any:
        return self.world.make(-self.expr if self.world.symbolic else None, -self.value, varies=self.varies, size=self.size)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return -self if self.world.decide(self.double < 0, "sign", self) else self

    def _compare(self, other: object, op: Callable[[float, float], bool]) -> Any:
        # By the doubles: a loop that waits for two iterates to be equal ends as it does in plain Python.
        right = self.world.coerce(other)
        if right is None:
            return with_array(op, self, other)
        if not right.varies:
            self.world.hint(self, right.double)
        if not self.varies:
            self.world.hint(right, self.double)
        kind: Kind = "equality" if op is operator.eq else "sign"
        return self.world.decide(op(self.double, right.double), kind, self, right)

    def __lt__(self, other: Any) -> Any:
        return self._compare(other, operator.lt)

    def __le__(self, other: Any) -> Any:
        return self._compare(other, operator.le)

    def __gt__(self, other: Any) -> Any:
        return self._compare(other, operator.gt)

    def __ge__(self, other: Any) -> Any:
        return self._compare(other, operator.ge)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            self.world.hint(self, other)
        compared: bool = self._compare(other, operator.eq)
        return compared

    def __ne__(self, other: object) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __hash__(self) -> int:
        return hash(self.double)

    def __bool__(self) -> bool:
        outcome: bool = self.world.decide(self.double != 0, "equality", self)
        return outcome

    def __int__(self) -> int:
        return self.__trunc__()

    def __trunc__(self) -> int:
        return self.__floor__() if self.value > 0 else self.__ceil__()

    def __floor__(self) -> int:
        outcome: int = self.world.decide(self.world.floor(self.value), "floor", self)
        return outcome

    def __ceil__(self) -> int:
        outcome: int = self.world.decide(-self.world.floor(-self.value), "ceil", self)
        return outcome

    def __round__(self, ndigits: Any = None) -> Any:
        rounded = self.world.decide(round(self.double, ndigits), "round", self * 10 ** (ndigits or 0))
        return rounded if ndigits is None else self.world.constant(rounded)

    def __index__(self) -> int:
        names = {self.leaf} if self.leaf is not None else set()
        if self.world.symbolic and self.varies:
            names = {str(symbol) for symbol in self.expr.free_symbols}
        raise NoIntegerError(frozenset(names))

    def is_integer(self) -> bool:
        outcome: bool = self.world.decide(self.double.is_integer(), "equality", self)
        return outcome

    def conjugate(self) -> Any:
        return self

    @property
    def real(self) -> Any:
        return self

    @property
    def imag(self) -> Any:
        return self.world.constant(0)

    def item(self) -> Any:
        """As NumPy's scalars have it."""
        return self

    def __copy__(self) -> Exact:
        return self

    def __deepcopy__(self, memo: object) -> Exact:
        return self

    def __repr__(self) -> str:
        return repr(self.double)

    def __str__(self) -> str:
        return str(self.double)

    def __format__(self, spec: str) -> str:
        return format(self.double, spec)
