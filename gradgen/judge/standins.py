"""What the names `math`, `numpy` and `scipy.special` mean where a function is run on exact numbers.

Never approximates: a function that is missing here raises NoStandInError.
"""
from __future__ import annotations

import contextlib
import functools
import importlib
import math
import operator
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

from gradgen.judge.analytic import ANALYTIC, Analytic
from gradgen.judge.arrays import array_functions, lifted
from gradgen.judge.exact import Exact, World
from gradgen.judge.faults import NoStandInError
from gradgen.judge.solvers import names_of_solvers

Function = Callable[..., Any]
# Functions of math on ints, or that ask the number itself: the real ones serve.
PLAIN_MATH = ("ceil", "comb", "factorial", "floor", "gcd", "isqrt", "lcm", "perm", "trunc")
MODULES = {"math": "math", "numpy": "numpy", "scipy.special": "special"}


class Module(types.ModuleType):
    """A module of stand-ins. Reading a name that it does not have raises NoStandInError."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NoStandInError(f"{self.__name__}.{name} has no SymPy counterpart here")


def _analytic(world: World, module: str) -> dict[str, Function]:
    """The table's functions under their names in the module. NumPy and scipy answer NaN where math raises."""
    found: dict[str, Function] = {}
    for row in ANALYTIC:
        for name in row.names.get(module, ()):

            def call(*numbers: Any, row: Analytic = row) -> Exact:
                exact = map(world.exact, numbers)
                return world.apply(row.expr, row.value, *exact, is_quiet=module != "math", needs_positive=row.needs_positive)

            found[name] = call
    return found


def _decided(world: World) -> dict[str, Function]:
    """Functions made of arithmetic, comparisons and the analytic ones, under one name each."""
    exact = world.exact
    math_ = _analytic(world, "math")
    log = functools.partial(world.apply, _log_expr, _log_value, needs_positive=True)

    def log_base(x: Any, base: Any = None) -> Any:
        return log(exact(x)) if base is None else log(exact(x)) / log(exact(base))

    def cbrt(x: Any) -> Any:
        third = exact(1) / 3
        return exact(x) ** third if exact(x) >= 0 else -((-exact(x)) ** third)

    def hypot(*xs: Any) -> Any:
        return math_["sqrt"](sum((exact(x) ** 2 for x in xs), exact(0)))

    def copysign(x: Any, y: Any) -> Any:
        negative = math.copysign(1.0, exact(y).double) < 0
        world.decide(negative, "sign", exact(y))
        return -abs(exact(x)) if negative else abs(exact(x))

    def fmod(x: Any, y: Any) -> Any:
        if exact(y) == 0:
            raise ValueError("math domain error")
        return exact(x) - exact(y) * math.trunc(exact(x) / y)

    def remainder(x: Any, y: Any) -> Any:
        return exact(x) - exact(y) * round(exact(x) / y)

    def modf(x: Any) -> Any:
        whole = math.trunc(exact(x))
        return exact(x) - whole, exact(whole)

    def frexp(x: Any) -> Any:
        exponent = world.decide(math.frexp(exact(x).double)[1], "exponent", exact(x))
        return exact(x) / exact(2) ** exponent, exponent

    def prod(xs: Iterable[Any], *, start: Any = 1) -> Any:
        return functools.reduce(operator.mul, xs, start)

    def fsum(xs: Iterable[Any]) -> Any:
        return sum(xs, exact(0))

    def dot(xs: Iterable[Any], ys: Iterable[Any]) -> Any:
        return sum((x * y for x, y in zip(xs, ys, strict=True)), exact(0))

    def dist(p: Iterable[Any], q: Iterable[Any]) -> Any:
        return hypot(*(x - y for x, y in zip(p, q, strict=True)))

    def isclose(a: Any, b: Any, **options: Any) -> bool:
        outcome: bool = world.decide(math.isclose(exact(a).double, exact(b).double, **options), "equality", exact(a), exact(b))
        return outcome

    def sign(x: Any) -> Any:
        return exact((exact(x) > 0) - (exact(x) < 0))

    def where(test: Any, a: Any, b: Any) -> Any:
        return a if test else b

    def smaller(a: Any, b: Any) -> Any:
        return (exact(a) + exact(b)) / 2 if exact(a) == exact(b) else a if exact(a) < exact(b) else b

    def larger(a: Any, b: Any) -> Any:
        return -smaller(-exact(a), -exact(b))

    def clip(x: Any, low: Any = None, high: Any = None) -> Any:
        if low is not None and exact(x) < low:
            return low
        return high if high is not None and exact(x) > high else x

    def log_sum(*xs: Any) -> Any:
        return log(sum((math_["exp"](x) for x in xs), exact(0)))

    def xlogy(x: Any, y: Any) -> Any:
        return exact(0) if exact(x) == 0 else exact(x) * log(exact(y))

    def entr(x: Any) -> Any:
        return -xlogy(x, x)

    def rel_entr(x: Any, y: Any) -> Any:
        return exact(0) if exact(x) == 0 else exact(x) * log(exact(x) / y)

    def pseudo_huber(delta: Any, r: Any) -> Any:
        return exact(delta) ** 2 * (math_["sqrt"](1 + (exact(r) / delta) ** 2) - 1)

    def huber(delta: Any, r: Any) -> Any:
        return exact(r) ** 2 / 2 if abs(exact(r)) <= delta else delta * (abs(exact(r)) - exact(delta) / 2)

    def heaviside(x: Any, at_zero: Any) -> Any:
        return at_zero if exact(x) == 0 else exact(exact(x) > 0)

    def sinc(x: Any) -> Any:
        if exact(x) == 0:
            return exact(1)
        return math_["sin"](math_["radians"](180 * exact(x))) / math_["radians"](180 * exact(x))

    return {
        "log": log_base, "cbrt": cbrt, "hypot": hypot, "copysign": copysign, "fmod": fmod, "remainder": remainder, "modf": modf,
        "frexp": frexp, "prod": prod, "fsum": fsum, "sumprod": dot, "dist": dist, "isclose": isclose,
        "ldexp": lambda x, n: exact(x) * exact(2) ** n,
        "pow": lambda x, y: exact(x) ** exact(y),
        "fma": lambda x, y, z: exact(x) * y + z,
        "fabs": lambda x: abs(exact(x)),
        "isnan": lambda x: math.isnan(exact(x).double),
        "isinf": lambda x: math.isinf(exact(x).double),
        "isfinite": lambda x: math.isfinite(exact(x).double),
        "sign": sign, "where": where, "minimum": smaller, "maximum": larger, "clip": clip, "log_sum": log_sum,
        "heaviside": heaviside,
        "sinc": sinc, "xlogy": xlogy, "entr": entr, "rel_entr": rel_entr, "huber": huber, "pseudo_huber": pseudo_huber,
        "xlog1py": lambda x, y: xlogy(x, 1 + exact(y)),
        "kl_div": lambda x, y: rel_entr(x, y) - x + y,
    }  # fmt: skip


def _log_expr(x: Any) -> Any:
    import sympy

    return sympy.log(x)


def _log_value(context: Any, x: Any) -> Any:
    return context.log(x)


MATH_DECIDED = (
    "log cbrt hypot copysign fmod remainder modf frexp prod fsum sumprod dist isclose ldexp pow fma fabs isnan isinf isfinite"
).split()
NUMPY_DECIDED = (
    "cbrt hypot copysign fmod fabs isnan isinf isfinite isclose sign where minimum maximum clip heaviside sinc modf ldexp"
).split()
NUMPY_ALIASES = {"fmin": "minimum", "fmax": "maximum", "float_power": "pow", "logaddexp": "log_sum"}
NUMPY_OPERATORS: dict[str, Function] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv,
    "true_divide": operator.truediv, "floor_divide": operator.floordiv, "mod": operator.mod, "divmod": divmod,
    "power": operator.pow, "pow": operator.pow, "negative": operator.neg, "positive": operator.pos, "absolute": abs, "abs": abs,
    "less": operator.lt, "less_equal": operator.le, "greater": operator.gt, "greater_equal": operator.ge, "equal": operator.eq,
    "not_equal": operator.ne, "logical_not": operator.not_, "logical_and": lambda a, b: bool(a) and bool(b),
    "logical_or": lambda a, b: bool(a) or bool(b), "real": lambda x: x,
}  # fmt: skip
SPECIAL_DECIDED = "cbrt xlogy xlog1py entr rel_entr kl_div huber pseudo_huber".split()


def _numpy(world: World) -> dict[str, Any]:
    """NumPy's functions of scalars."""
    decided = _decided(world)
    exact = world.exact
    operators = {name: (lambda *xs, op=op: op(*map(exact, xs))) for name, op in NUMPY_OPERATORS.items()}
    roundings = {
        name: (lambda x, op=op: exact(op(exact(x))))
        for name, op in {"floor": math.floor, "ceil": math.ceil, "trunc": math.trunc, "fix": math.trunc, "rint": round}.items()
    }
    of_numbers: dict[str, Function] = {
        **_analytic(world, "numpy"), **operators, **roundings,
        **{name: decided[name] for name in NUMPY_DECIDED},
        **{name: decided[other] for name, other in NUMPY_ALIASES.items()},
        "square": lambda x: exact(x) ** 2, "reciprocal": lambda x: 1 / exact(x),
        "logaddexp2": lambda a, b: decided["log"](exact(2) ** exact(a) + exact(2) ** exact(b), 2),
        "round": lambda x, decimals=0: round(exact(x), decimals),
        "isneginf": lambda x: exact(x).double == -math.inf, "isposinf": lambda x: exact(x).double == math.inf,
    }  # fmt: skip
    return {
        **array_functions(exact), **{name: lifted(function) for name, function in of_numbers.items()},
        "isscalar": lambda x: isinstance(x, float | int | str), "ndarray": _array_class(), "newaxis": None,
        "int64": int, "int_": int, "bool_": bool, "integer": int,
        "pi": exact(math.pi), "e": exact(math.e), "inf": world.infinite(math.inf), "nan": world.infinite(math.nan),
        "float64": world.number, "floating": float, "number": float,
        "errstate": lambda **_: contextlib.nullcontext(), "seterr": lambda **_: {},
    }  # fmt: skip


def _array_class() -> type:
    import numpy

    return numpy.ndarray


def names_of(module: str, world: World) -> dict[str, Any]:
    """What the module's names mean in this world."""
    decided = _decided(world)
    if module == "math":
        own = {name: decided[name] for name in MATH_DECIDED}
        plain = {name: getattr(math, name) for name in PLAIN_MATH}
        numbers = {"pi": world.exact(math.pi), "tau": world.exact(math.tau), "e": world.exact(math.e)}
        limits = {"inf": world.infinite(math.inf), "nan": world.infinite(math.nan)}
        return {**plain, **_analytic(world, "math"), **own, **numbers, **limits}
    if module == "numpy":
        return _numpy(world)
    return {**_analytic(world, "special"), **{name: decided[name] for name in SPECIAL_DECIDED}}


def modules_for(world: World) -> dict[str, types.ModuleType]:
    """The stand-in modules by the full name of what they stand in for."""
    modules: dict[str, types.ModuleType] = {}
    for full in MODULES:
        module = modules[full] = Module(full)
        vars(module).update(names_of(full, world))
    for full, names in names_of_solvers(world).items():
        module = modules[full] = Module(full)
        vars(module).update(names)
    scipy = modules["scipy"] = Module("scipy")
    vars(scipy).update({full.partition(".")[2]: module for full, module in modules.items() if full.startswith("scipy.")})
    return modules


def replacements(modules: dict[str, types.ModuleType]) -> dict[int, tuple[Any, Any]]:
    """id -> (function, its stand-in) for functions that a module may hold by `from math import exp`; loads no module."""
    found: dict[int, tuple[Any, Any]] = {}
    for full, standin in modules.items():
        if full not in sys.modules:
            continue
        real = importlib.import_module(full)
        found[id(real)] = (real, standin)
        for name, replacement in vars(standin).items():
            original = getattr(real, name, None)
            if callable(original) and callable(replacement) and original is not replacement:
                found.setdefault(id(original), (original, replacement))
    return found
