"""What SymPy's judge rests on: the normal form, decimals made exact, functions and their stand-ins, limits of time.

Never proves gradients.
"""
from __future__ import annotations

import importlib
import math
import random
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from gradgen.judge.arrays import array_functions
from gradgen.judge.constants import constant_of
from gradgen.judge.exact import World
from gradgen.judge.faults import NoStandInError
from gradgen.judge.limits import OutOfTime, cpu_limit
from gradgen.judge.normal_form import is_zero_by_normal_form
from gradgen.judge.proof import Budget, prove
from gradgen.judge.standins import modules_for

x, y, z = sp.symbols("x y z")
IDENTITIES = [
    (x**2 - y**2, (x - y) * (x + y)),
    (1 / x + 1 / y, (x + y) / (x * y)),
    (sp.exp(x + 2 * y), sp.exp(x) * sp.exp(y) ** 2),
    (sp.exp(x / 2) ** 2 * sp.exp(-x), sp.Integer(1)),
    (sp.sin(x - y) ** 2, 1 - sp.cos(x - y) ** 2),
    (sp.tan(x) ** 2 + 1, 1 / sp.cos(x) ** 2),
    (sp.tanh(x), (sp.exp(2 * x) - 1) / (sp.exp(2 * x) + 1)),
    (sp.sqrt(x**2 + 1) ** 3, (x**2 + 1) * sp.sqrt(x**2 + 1)),
    (x / sp.sqrt(x**2 + y), x * sp.sqrt(x**2 + y) / (x**2 + y)),
    ((x + y) ** sp.Rational(2, 3) / (x + y), (x + y) ** sp.Rational(-1, 3)),
    (x**y / x, x ** (y - 1)),
    (x ** (y + z) * x ** (-z), x**y),
    (sp.sqrt(2) * sp.sqrt(x) / 2, sp.sqrt(x) / sp.sqrt(2)),
    (sp.log(x * y) / (x * y), sp.log(x * y) / x / y),
    (sp.sqrt(sp.sin(x) + 1) ** 4, (sp.sin(x) + 1) ** 2),
    (sp.pi**2 * x / sp.pi, sp.pi * x),
]


@pytest.mark.parametrize("number", range(len(IDENTITIES)))
def test_the_normal_form_proves_identities_and_no_neighbour_of_one(number: int) -> None:
    left, right = IDENTITIES[number]
    assert is_zero_by_normal_form(left - right)
    for wrong in (2 * right, -right, right + 1, right * x, right * sp.Rational(10**12 + 1, 10**12)):
        assert not is_zero_by_normal_form(left - wrong), wrong


def random_expression(chance: random.Random, depth: int) -> Any:
    if depth == 0:
        return chance.choice([x, y, z, sp.Integer(chance.randint(1, 4))])
    a, b = (random_expression(chance, depth - 1) for _ in range(2))
    return chance.choice([
        lambda: a + b, lambda: a * b, lambda: a - b, lambda: a / (b**2 + 1), lambda: sp.exp(a), lambda: sp.sin(a),
        lambda: sp.cos(b), lambda: sp.sqrt(a**2 + 3), lambda: sp.log(b**2 + 2), lambda: a**2, lambda: sp.tanh(a),
    ])()  # fmt: skip


def test_nothing_is_called_zero_that_is_not() -> None:
    chance = random.Random(7)
    point = {x: sp.Rational(7, 10), y: sp.Rational(13, 10), z: sp.Rational(-3, 5)}
    zeros = 0
    for _ in range(150):
        expression = random_expression(chance, 3)
        symbol = chance.choice([x, y, z])
        difference = expression.diff(symbol) - sp.expand(expression).diff(symbol) + chance.choice([0, 0, x * y * 1e-9, sp.sin(x)])
        value = abs(difference.evalf(30, subs=point))
        is_zero = is_zero_by_normal_form(sp.nsimplify(difference, rational=True))
        zeros += is_zero
        assert not is_zero or value < 1e-25, difference
    assert zeros > 30


def test_symbols_are_replaced_by_their_meaning_where_that_is_needed() -> None:
    u, v = sp.Dummy("u"), sp.Dummy("v")
    meaning = {u: x * y + 1, v: sp.sin(u) / u}
    assert is_zero_by_normal_form(v * u - sp.sin(u), meaning)
    assert is_zero_by_normal_form(u**2 - (x * y) ** 2 - 2 * x * y - 1, meaning)
    assert not is_zero_by_normal_form(v - u, meaning)
    assert not is_zero_by_normal_form(u - x * y, meaning)


def test_a_proof_says_how_and_for_which_signs() -> None:
    budget = Budget(5.0, 50.0)
    assert prove(x * (x + 1), x**2 + x, {}, budget) == (True, "expanded")
    assert prove(sp.sqrt(x * y), sp.sqrt(x) * sp.sqrt(y), {x: 1, y: 1}, budget) == (True, "expanded, for positive x, y")
    assert not prove(sp.sqrt(x * y), sp.sqrt(x) * sp.sqrt(y), {}, budget)[0]
    assert prove(sp.gamma(x + 1), x * sp.gamma(x), {}, budget) == (True, "simplify")
    assert not prove(sp.gamma(x + 1), x**2 * sp.gamma(x), {}, budget)[0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what a destructor loses is raised again
def test_a_proof_stops_when_its_time_is_up() -> None:
    long = sp.prod((x + k * y + sp.sin(k * x)) for k in range(1, 30))
    start = time.process_time()
    proved, how = prove(long * (x + 1), long * x + long + x, {}, Budget(0.1, 0.3))
    assert not proved and how == "not proved in the time given"
    assert time.process_time() - start < 3


def test_a_limit_interrupts_in_any_thread_and_leaves_nothing_behind() -> None:
    def spin() -> str:
        try:
            with cpu_limit(0.05):
                while True:
                    int("1")
                    math.sqrt(Fraction(2))
        except OutOfTime:
            return "stopped"

    assert spin() == "stopped"
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(spin()))
    thread.start()
    thread.join(20)
    assert found == ["stopped"]
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass  # no timer is left to interrupt this
    with cpu_limit(30.0), pytest.raises(OutOfTime), cpu_limit(0.02):
        while True:
            math.sqrt(Fraction(2))


@pytest.mark.parametrize(
    ("double", "exact"),
    [
        (0.1, sp.Rational(1, 10)),
        (-2.5e-7, sp.Rational(-25, 10**8)),
        (6.02214076e23, sp.Integer(602214076 * 10**15)),
        (1 / 3, sp.Rational(1, 3)),
        (-2 / 7, sp.Rational(-2, 7)),
        (math.pi, sp.pi),
        (-math.pi / 180, -sp.pi / 180),
        (math.sqrt(2), sp.sqrt(2)),
        (1 / math.sqrt(2 * math.pi), sp.sqrt(sp.Rational(1, 2) / sp.pi)),
        (math.e, sp.E),
        (3.14159, sp.Rational(314159, 100000)),
        (0.12345678901234568, sp.Rational("0.12345678901234568")),
    ],
)
def test_a_double_becomes_the_number_it_stands_for(double: float, exact: Any) -> None:
    if double == 1 / math.sqrt(2 * math.pi):
        exact = sp.Rational(repr(double))  # a root of a fraction over pi has no form of its own here
    found = constant_of(double)
    assert sp.simplify(found.expression() - exact) == 0
    assert float(found.value(World(40).context)) == pytest.approx(double, rel=1e-15)


ONE = (0.3, 0.7, 1.4, 2.6)
TWO = ((0.3, 1.2), (1.7, 0.4), (2.5, 2.2))
SMALL = ((0.3,), (0.7,))
# Arguments for what takes another number of them than one, or other ones.
ARGUMENTS: dict[str, tuple[tuple[Any, ...], ...]] = {
    **dict.fromkeys(
        "atan2 copysign fmod hypot pow remainder arctan2 add subtract multiply divide true_divide floor_divide mod power "
        "maximum minimum fmin fmax float_power logaddexp logaddexp2 heaviside less less_equal greater greater_equal equal "
        "not_equal logical_and logical_or isclose divmod beta betaln gammainc gammaincc jv jn yv iv kv xlogy xlog1py rel_entr "
        "kl_div huber pseudo_huber boxcox inv_boxcox".split(),
        TWO,
    ),
    "dist": (((0.3, 1.2), (1.0, 0.2)),), "prod": (((1.5, 2.5),),), "fsum": (((1.5, 2.5, 0.1),),),
    "sumprod": (((1.5, 2.5), (0.3, 0.2)),), "ldexp": ((0.7, 3),), "fma": ((1.5, 2.5, 0.3),),
    "where": ((True, 1.5, 2.5), (False, 1.5, 2.5)), "clip": ((2.6, 0.5, 1.5), (0.1, 0.5, 1.5)),
    "comb": ((5, 2),), "perm": ((5, 2),), "gcd": ((6, 4),), "lcm": ((6, 4),), "factorial": ((5,),), "isqrt": ((17,),),
    "polygamma": ((1, 0.7), (2, 1.4)), "betainc": ((0.7, 1.4, 0.3),), "expn": ((2, 0.7),), "yn": ((2, 1.4),), "kn": ((2, 1.4),),
    "hyp2f1": ((0.3, 0.7, 1.4, 0.2),), "hyp1f1": ((0.3, 0.7, 1.4),), "zeta": ((2.6,), (2.6, 1.4)),
    "acosh": ((1.4,), (2.6,)), "arccosh": ((1.4,), (2.6,)),
    **dict.fromkeys("asin acos atanh arcsin arccos arctanh logit erfinv erfcinv ndtri ellipk ellipe entr".split(), SMALL),
}  # fmt: skip
NO_NUMBERS = {"errstate", "seterr", "isscalar", *array_functions(float)}  # and classes


def standins() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    world = World(40, symbolic=True)
    for full, module in modules_for(world).items():
        for name, function in vars(module).items():
            is_number = callable(function) and name not in NO_NUMBERS and not isinstance(function, type)
            if full in ("math", "numpy", "scipy.special") and is_number:
                if hasattr(importlib.import_module(full), name):  # some are newer than the library at hand
                    yield full, name, function


STANDINS = list(standins())


@pytest.mark.parametrize(("module", "name"), [pair[:2] for pair in STANDINS])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_stand_in_is_the_function_it_stands_in_for(module: str, name: str, sign: int) -> None:
    real = getattr(importlib.import_module(module), name)
    world = World(40, symbolic=True)
    function = getattr(modules_for(world)[module], name)
    for positive in ARGUMENTS.get(name, tuple((value,) for value in ONE)):
        arguments = tuple(_signed(sign, argument) for argument in positive)
        expected = _real_result(real, arguments)
        if sign < 0 and (expected is None or module == "scipy.special" or name == "clip"):
            continue  # outside the function's domain
        found = function(*(_exactly(world, argument) for argument in arguments))
        pairs = zip(expected, found, strict=True) if isinstance(expected, tuple) else [(expected, found)]
        for wanted, got in pairs:
            assert float(getattr(got, "double", got)) == pytest.approx(float(wanted.real), rel=1e-12, abs=1e-15), arguments
            # SymPy's loggamma of negative numbers is complex, with the same derivative.
            if hasattr(got, "expr") and not (name == "lgamma" and sign < 0):
                assert float(sp.N(got.expr, 30)) == pytest.approx(float(wanted.real), rel=1e-12, abs=1e-15), arguments


def _signed(sign: int, argument: Any) -> Any:
    if isinstance(argument, tuple):
        return tuple(_signed(sign, one) for one in argument)
    return sign * argument if isinstance(argument, float) else argument


def _real_result(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """What the function gives; None where it raises, or gives NaN or infinity."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # newer NumPys would rather be rid of some names
            result = function(*arguments)
    except ValueError:
        return None
    parts = result if isinstance(result, tuple) else (result,)
    return result if all(math.isfinite(part.real) for part in parts) else None


def _exactly(world: World, argument: Any) -> Any:
    if isinstance(argument, tuple):
        return tuple(_exactly(world, one) for one in argument)
    return world.constant(argument) if isinstance(argument, float) else argument


MATRIX = np.array([[0.5, -1.5, 2.0], [3.0, 0.25, -0.75]])
ROW = np.array([0.3, 0.6, 0.9])
ON_ARRAYS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "sum": lambda np, a, v: np.sum(a, axis=0),
    "mean": lambda np, a, v: np.mean(a),
    "std": lambda np, a, v: np.std(a, axis=1),
    "max": lambda np, a, v: np.max(a, axis=1),
    "dot": lambda np, a, v: np.dot(a, v),
    "operators": lambda np, a, v: (2.5 * a + v) / (v - 1.5) - a**2 + 2.0**v - v % 0.25 + v // 0.5,
    "matrices": lambda np, a, v: a.T.reshape(2, 3) @ np.outer(v, v),
    "elementwise": lambda np, a, v: np.exp(v) * np.tanh(a) + np.maximum(a, v) + np.where(a > 0, a, v) + np.abs(a),
    "making": lambda np, a, v: np.linspace(0.5, 1.5, 3) + np.arange(3) * np.ones(3) + np.eye(3) @ np.full(3, 0.2),
    "lists": lambda np, a, v: np.concatenate([v, [0.5, 1.0]]) * np.array([1.0, 2.0, 3, 4, 5]),
    "numbers": lambda np, a, v: np.sum([v[0], 2 * v[1]]) * np.stack([v[1:], v[:-1]]) + np.float64(0.5),
    "in place": lambda np, a, v: _in_place(np, a, v),
    "scalars": lambda np, a, v: v[0] * v + v / v[1] - (v[0] + v) ** v[2] + (v[1] < v) + v[2] // v,
}


def _in_place(np: Any, a: Any, v: Any) -> Any:
    b = np.zeros((2, 3))
    b[0] = v
    b[:, 1:] += a[:, :2] * v[0]
    b[1, 0] = v[2]
    return b


@pytest.mark.parametrize("name", ON_ARRAYS)
def test_arrays_of_exact_numbers_are_the_arrays_they_stand_in_for(name: str) -> None:
    world = World(40, symbolic=True)
    modules = modules_for(world)
    made = [modules["numpy"].array(values.tolist()) for values in (MATRIX, ROW)]
    expected, found = ON_ARRAYS[name](np, MATRIX, ROW), ON_ARRAYS[name](modules["numpy"], *made)
    assert np.shape(expected) == np.shape(found)
    doubles = [number.double for number in np.array(found, dtype=object).flat]
    np.testing.assert_allclose(doubles, np.ravel(expected), rtol=1e-14)


def test_what_has_no_stand_in_says_so() -> None:
    modules = modules_for(World(30))
    with pytest.raises(NoStandInError, match="numpy.fft"):
        modules["numpy"].fft  # noqa: B018
    with pytest.raises(NoStandInError, match="lost|went through"):
        World(30).constant(math.nan)
