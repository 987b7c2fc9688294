"""The functions of `math` on duals, and the namespace in which a program's own text runs on them.

Never differentiates anything but single functions; conventions at special points as gradgen documents them.
"""

from __future__ import annotations

import builtins
import math
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .duals import Dual, Undefined, decided, linear, note_kink, power, slope_of, value_of

SLOPES: dict[str, Callable[[float, float], float]] = {
    # name: slope in terms of the operand x and the result y
    "sin": lambda x, y: math.cos(x),
    "cos": lambda x, y: -math.sin(x),
    "tan": lambda x, y: 1 + math.tan(x) ** 2,
    "asin": lambda x, y: 1 / math.sqrt(1 - x * x),
    "acos": lambda x, y: -1 / math.sqrt(1 - x * x),
    "atan": lambda x, y: 1 / (1 + x * x),
    "sinh": lambda x, y: math.cosh(x),
    "cosh": lambda x, y: math.sinh(x),
    "tanh": lambda x, y: 1 / math.cosh(x) ** 2,
    "asinh": lambda x, y: 1 / math.sqrt(1 + x * x),
    "acosh": lambda x, y: 1 / (math.sqrt(x - 1) * math.sqrt(x + 1)),
    "atanh": lambda x, y: 1 / ((1 - x) * (1 + x)),
    "exp": lambda x, y: y,
    "expm1": lambda x, y: math.exp(x),
    "exp2": lambda x, y: y * math.log(2),
    "log1p": lambda x, y: 1 / (1 + x),
    "log2": lambda x, y: 1 / (x * math.log(2)),
    "log10": lambda x, y: 1 / (x * math.log(10)),
    "sqrt": lambda x, y: 0.5 / y,
    "cbrt": lambda x, y: 1 / (3 * y * y),
    "erf": lambda x, y: 2 / math.sqrt(math.pi) * math.exp(-x * x),
    "erfc": lambda x, y: -2 / math.sqrt(math.pi) * math.exp(-x * x),
    "degrees": lambda x, y: 180 / math.pi,
    "radians": lambda x, y: math.pi / 180,
}


def _unary(name: str) -> Callable[[Any], Any]:
    function, slope = getattr(math, name), SLOPES[name]

    def mapped(x: Any) -> Any:
        y = function(value_of(x))
        return linear(y, (x, slope_of(lambda: slope(value_of(x), y), x)), noise=min(1.0, abs(y)))

    return mapped


def _hypot(*xs: Any) -> Any:
    y = math.hypot(*map(value_of, xs))
    note_kink(y == 0)
    return linear(y, *((x, value_of(x) / y if y else 0.0) for x in xs))


def _dist(p: Sequence[Any], q: Sequence[Any]) -> Any:
    y = math.dist([value_of(a) for a in p], [value_of(b) for b in q])
    note_kink(y == 0)
    slopes = [(value_of(a) - value_of(b)) / y if y else 0.0 for a, b in zip(p, q, strict=True)]
    pairs = zip(p, q, slopes, strict=True)
    return linear(y, *(term for a, b, s in pairs for term in ((a, s), (b, -s))))


def _atan2(y: Any, x: Any) -> Any:
    yv, xv = value_of(y), value_of(x)
    squares = xv * xv + yv * yv
    if squares == 0:
        if any(isinstance(o, Dual) and any(o.d) for o in (x, y)):
            raise Undefined("atan2(0, 0)")
        return math.atan2(yv, xv)
    return linear(math.atan2(yv, xv), (y, xv / squares), (x, -yv / squares))


def _log(x: Any, base: Any = None) -> Any:
    if base is None:
        return linear(math.log(value_of(x)), (x, 1 / value_of(x)))
    value = math.log(value_of(x), value_of(base))
    by_base = slope_of(lambda: -value / (value_of(base) * math.log(value_of(base))), base)
    return linear(value, (x, 1 / (value_of(x) * math.log(value_of(base)))), (base, by_base))


def _fmod(x: Any, y: Any) -> Any:
    whole = math.trunc(value_of(x) / value_of(y)) if value_of(y) else 0
    return linear(math.fmod(value_of(x), value_of(y)), (x, 1.0), (y, -float(decided(whole))))


def _copysign(x: Any, y: Any) -> Any:
    value = math.copysign(value_of(x), value_of(y))
    note_kink(value_of(x) == 0 or value_of(y) == 0)
    same = math.copysign(1.0, value_of(x)) * math.copysign(1.0, value_of(y))
    return linear(value, (x, float(decided(same)) if value_of(x) else 0.0), (y, 0.0))


def _pow(x: Any, y: Any) -> Any:
    return power(x, y, math.pow(value_of(x), value_of(y)))


def _fsum(xs: Iterable[Any]) -> Any:
    items = list(xs)
    return linear(math.fsum(map(value_of, items)), *((x, 1.0) for x in items))


def _prod(xs: Iterable[Any], *, start: Any = 1) -> Any:
    items = [start, *xs]
    value = math.prod(map(value_of, items[1:]), start=value_of(start))
    others = (math.prod(value_of(o) for o in (*items[:i], *items[i + 1 :])) for i in range(len(items)))
    return linear(value, *zip(items, others, strict=True))


def _fabs(x: Any) -> Any:
    return abs(x) if isinstance(x, Dual) and isinstance(x.x, float) else abs(x) * 1.0


def _valued(name: str) -> Callable[..., Any]:
    function = getattr(math, name)
    return lambda *args: decided(function(*map(value_of, args)))


def math_stand_in() -> types.ModuleType:
    """A module like `math` whose functions accept duals."""
    module = types.ModuleType("math")
    module.__dict__.update({name: getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")})
    module.__dict__.update({name: _unary(name) for name in SLOPES if hasattr(math, name)})
    module.__dict__.update(
        hypot=_hypot,
        dist=_dist,
        atan2=_atan2,
        log=_log,
        fmod=_fmod,
        copysign=_copysign,
        pow=_pow,
        fsum=_fsum,
        prod=_prod,
        fabs=_fabs,
    )
    module.__dict__.update({name: _valued(name) for name in ("floor", "ceil", "trunc", "isnan", "isinf", "isfinite")})
    return module


class _FloatMeta(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value_of(value), float)


class _Float(metaclass=_FloatMeta):
    """`float` for programs on duals: a call passes the derivative through."""

    def __new__(cls, value: Any = 0.0) -> Any:
        return linear(float(value.x), (value, 1.0)) if isinstance(value, Dual) else float(value)


class _IntMeta(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value_of(value), int)


class _Int(metaclass=_IntMeta):
    """`int` for programs on duals: no derivative passes."""

    def __new__(cls, value: Any = 0) -> Any:
        return int(value)


def namespace_of(text: str) -> dict[str, Any]:
    """The module that the text makes, run with `math` and the builtins that would turn a dual into a float mapped."""
    stand_in = math_stand_in()

    def mapped_import(name: str, *args: Any, **kwargs: Any) -> types.ModuleType:
        if name == "math":
            return stand_in
        if name in ("contextlib", "functools", "collections", "dataclasses", "bisect", "__future__"):
            return builtins.__import__(name, *args, **kwargs)
        raise ImportError(f"the oracle does not map {name}")

    names = {**vars(builtins), "float": _Float, "int": _Int, "__import__": mapped_import}
    namespace: dict[str, Any] = {"__builtins__": names, "__name__": "oracle"}
    exec(compile(text, "<oracle>", "exec", dont_inherit=True), namespace)
    return namespace
