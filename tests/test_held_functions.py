"""Functions that are not called by a name of their own: decorated ones, what objects hold, other derivatives, aliases."""
from __future__ import annotations

import functools
import importlib
import linecache
import math
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gradgen import UnsupportedError, derivative, differentiable, grad, jvp, value_and_grad, vjp
from gradgen.errors import ArgumentError, NonDifferentiableError


@differentiable
def softplus(x: float) -> float:
    return math.log(1 + math.exp(x))


@differentiable
def twice_decorated(x: float) -> float:
    return softplus(x) * x


class Wrapped:
    """A decorator class that only hands on."""

    def __init__(self, fn: Callable[..., float]) -> None:
        functools.update_wrapper(self, fn)
        self.fn = fn

    def __call__(self, *args: Any, **kwargs: Any) -> float:
        return self.fn(*args, **kwargs)


@Wrapped
def cube(x: float, scale: float = 1.0) -> float:
    return scale * x**3


def calls_wrapped(x: float) -> float:
    return cube(x, scale=2.0) * x


def plain_cube(x: float) -> float:
    return x**3


class Net:
    def __init__(self, act: Callable[[float], float], k: float) -> None:
        self.act, self.k = act, k

    def loss(self, x: float) -> float:
        return 2 * self.act(self.k * x)


class Pair:
    def __init__(self) -> None:
        self.net = Net(math.tanh, 3.0)
        self.f = plain_cube

    def total(self, x: float) -> float:
        return self.net.act(x) + self.f(x) + self.net.loss(x)

    def steady(self, x: float) -> float:
        return self.f(self.net.k) * x

    def deep(self, x: float) -> float:
        return 2 * self.net.act(x)


class Decorated:
    def __init__(self, k: float) -> None:
        self.k = k

    @differentiable
    def act(self, x: float) -> float:
        return math.tanh(self.k * x)

    @staticmethod
    @differentiable
    def cubed(x: float) -> float:
        return x**3

    @property
    def twice(self) -> float:
        return 2 * self.k

    @differentiable
    def loss(self, x: float) -> float:
        return self.twice * self.act(x) + self.cubed(self.k) * self.cubed(x)


net, pair, decorated = Net(plain_cube, 2.0), Pair(), Decorated(2.0)


class Parabola:
    def __init__(self, k: float) -> None:
        self.k = k

    def at(self, x: float) -> float:
        return self.k * x * x


height, density = Parabola(2.0).at, statistics.NormalDist().pdf


def of_a_bound_method(x: float) -> float:
    return height(x) * x


def of_a_density(x: float) -> float:
    return density(x) * x


def of_a_decorated_method(x: float) -> float:
    return decorated.loss(x) + decorated.k * x


def of_a_global(x: float) -> float:
    return net.act(x) * net.loss(x)


def wave(x: float) -> float:
    return x * math.sin(x)


wave_slope, wave_both, wave_along, wave_of_each = grad(wave), value_and_grad(wave), jvp(wave), derivative(wave)


def with_slope(x: float) -> float:
    return wave_slope(x) * x


def with_both(x: float) -> float:
    value, slope = wave_both(x)
    return value * slope


def with_tangent(x: float) -> float:
    value, tangent = wave_along(x, x_dot=x)
    return value + tangent


def with_derivative(x: float) -> float:
    return wave_of_each(x) ** 2


def newton_step(x: float) -> float:
    return x - wave(x) / wave_slope(x)


SIN, COS = math.sin(1.3), math.cos(1.3)
SLOPE, CURVE = SIN + 1.3 * COS, 2 * COS - 1.3 * SIN  # of x * sin(x) at 1.3
CASES: dict[str, tuple[Callable[[float], float], float]] = {  # derivatives at 1.3, by hand
    "decorated": (twice_decorated, math.log(1 + math.exp(1.3)) + 1.3 / (1 + math.exp(-1.3))),
    "handed on by an object": (calls_wrapped, 8 * 1.3**3),
    "held by self": (net.loss, 2 * 3 * (2 * 1.3) ** 2 * 2),
    "held by an attribute": (pair.total, 1 - math.tanh(1.3) ** 2 + 3 * 1.3**2 + 6 * (1 - math.tanh(3.9) ** 2)),
    "held, called with constants": (pair.steady, 27.0),
    "held by a global": (of_a_global, 16 * 6 * 1.3**5),
    "a decorated method": (decorated.loss, 8 * (1 - math.tanh(2.6) ** 2) + 24 * 1.3**2),
    "a decorated method of a global": (of_a_decorated_method, 8 * (1 - math.tanh(2.6) ** 2) + 24 * 1.3**2 + 2),
    "a bound method by a name": (of_a_bound_method, 6 * 1.3**2),
    "a bound method of the standard library": (of_a_density, (1 - 1.3**2) * math.exp(-(1.3**2) / 2) / math.sqrt(2 * math.pi)),
    "a gradient": (with_slope, SLOPE + 1.3 * CURVE),
    "value and gradient": (with_both, SLOPE**2 + 1.3 * SIN * CURVE),
    "a tangent": (with_tangent, 2 * SLOPE + 1.3 * CURVE),
    "an elementwise derivative": (with_derivative, 2 * SLOPE * CURVE),
    "a step of Newton's method": (newton_step, 1.3 * SIN * CURVE / SLOPE**2),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_differentiated_and_its_text_stands_alone(case: str) -> None:
    fn, expected = CASES[case]
    generated = value_and_grad(fn)
    assert generated(1.3, **{generated.seeds[0]: 0.7}) == pytest.approx((fn(1.3), 0.7 * expected), rel=1e-13)
    assert jvp(fn)(1.3, x_dot=-0.3)[1] == pytest.approx(-0.3 * expected, rel=1e-13)
    assert "gradgen import" not in generated.source
    assert "from tests" not in generated.source or fn is of_a_density  # an object with slots is imported as it is
    namespace: dict[str, Any] = {}
    exec(generated.source, namespace)
    assert namespace[generated.__name__](1.3) == pytest.approx((fn(1.3), expected), rel=1e-13)


def test_a_derivative_of_a_derivative_inside_is_taken_again() -> None:
    third = (with_tangent(1.3 + 1e-4) - 2 * with_tangent(1.3) + with_tangent(1.3 - 1e-4)) / 1e-8
    assert grad(grad(with_tangent))(1.3) == pytest.approx(third, rel=1e-5)


# --- what they are bound to may change ---

ALIAS, mathematics = math.tanh, math


class Chosen:
    act = math.tanh


def scaled_tanh(x: float, scale: float) -> float:
    return scale * math.tanh(x)


def by_alias(x: float) -> float:
    return 2 * ALIAS(x)


def by_class(x: float) -> float:
    return 2 * Chosen.act(x)


def by_module(x: float) -> float:
    return 2 * mathematics.tanh(x)


class Unit:
    def __init__(self, act: Callable[[float], float]) -> None:
        self.act = act

    def __call__(self, x: float) -> float:
        return 2 * self.act(x)


class Layer:
    def __init__(self) -> None:
        self.unit = Unit(math.tanh)

    def applied(self, x: float) -> float:
        return 2 * math.tanh(x)

    @staticmethod
    def fixed(x: float) -> float:
        return 2 * math.tanh(x)

    @classmethod
    def shared(cls, x: float) -> float:
        return cls.fixed(x)

    def by_method(self, x: float) -> float:
        return self.applied(x)

    def by_static(self, x: float) -> float:
        return self.fixed(x)

    def by_shared(self, x: float) -> float:
        return self.shared(x)

    def by_unit(self, x: float) -> float:
        return self.unit(x)


layer = Layer()


def by_part(x: float) -> float:
    return layer.unit(x)


def doubled_sine(x: float) -> float:
    return 2 * math.sin(x)


def method_of_sine(self: Layer, x: float) -> float:
    return 2 * math.sin(x)


TANH = 2 * (1 - math.tanh(1.3) ** 2)
ANEW: list[tuple[Callable[[float], float], Any, str, Any, float, float]] = [  # derivatives at 1.3 before and after, by hand
    (by_alias, None, "ALIAS", math.sin, TANH, 2 * COS),
    (by_module, None, "mathematics", Net(math.sin, 1.0), TANH, 2 * COS),
    (by_class, Chosen, "act", math.sin, TANH, 2 * COS),
    (net.loss, net, "act", math.sin, CASES["held by self"][1], 4 * math.cos(2.6)),
    (of_a_global, net, "act", math.sin, CASES["held by a global"][1], 2 * COS * math.sin(2.6) + 4 * SIN * math.cos(2.6)),
    (calls_wrapped, cube, "fn", scaled_tanh, CASES["handed on by an object"][1], 2 * math.tanh(1.3) + 1.3 * TANH),
    (pair.total, pair, "f", math.sin, CASES["held by an attribute"][1], CASES["held by an attribute"][1] - 3 * 1.3**2 + COS),
    (pair.deep, pair.net, "act", math.sin, TANH, 2 * COS),
    (pair.deep, pair, "net", Net(math.sin, 3.0), TANH, 2 * COS),
    (layer.by_method, Layer, "applied", method_of_sine, TANH, 2 * COS),
    (layer.by_method, layer, "applied", doubled_sine, TANH, 2 * COS),
    (layer.by_static, Layer, "fixed", staticmethod(doubled_sine), TANH, 2 * COS),
    (layer.by_shared, Layer, "fixed", staticmethod(doubled_sine), TANH, 2 * COS),
    (layer.by_shared, Layer, "shared", classmethod(method_of_sine), TANH, 2 * COS),
    (layer.by_unit, layer, "unit", Unit(math.sin), TANH, 2 * COS),
    (layer.by_unit, layer.unit, "act", math.sin, TANH, 2 * COS),
    (by_part, layer, "unit", Unit(math.sin), TANH, 2 * COS),
    (of_a_bound_method, None, "height", Parabola(5.0).at, 6 * 1.3**2, 15 * 1.3**2),
    (by_part, Unit, "__call__", method_of_sine, TANH, 2 * COS),
]


@pytest.mark.parametrize(("fn", "owner", "name", "new", "before", "after"), ANEW)
def test_what_is_bound_anew_is_differentiated_anew(
    fn: Callable[[float], float], owner: Any, name: str, new: Any, before: float, after: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    slope = grad(fn)
    assert slope(1.3) == pytest.approx(before)
    if owner is None:
        monkeypatch.setitem(globals(), name, new)
    else:
        monkeypatch.setattr(owner, name, new)
    try:
        assert slope(1.3) == pytest.approx(after)
    except UnsupportedError as refusal:  # it is told of, and never the slope of what stood there
        assert "GG108" in str(refusal)
    monkeypatch.undo()
    assert slope(1.3) == pytest.approx(before)


@pytest.mark.parametrize("whole", [True, False], ids=["the file compiled again", "the definition compiled alone"])
def test_functions_that_are_given_other_code_are_differentiated_anew(
    whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notebooks that reload what has been edited put the new code into the functions that are there."""
    file = tmp_path / "edited_module.py"
    before, after = (f"import math\n\n\ndef square(x):\n    return {body}\n" for body in ("x * x", "(math.pow(x, 3))  # cubed"))
    loss = "\n\ndef loss(x):\n    return 2 * square(x)\n"
    file.write_text(before + loss)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("edited_module")
    slopes = grad(module.square), grad(module.loss)
    assert [slope(1.3) for slope in slopes] == [2.6, 5.2]
    file.write_text(after + loss)
    linecache.checkcache()
    edited: dict[str, Any] = {}
    exec(compile(after + loss if whole else "def square(x):\n    return math.pow(x, 3)", str(file), "exec"), edited)
    module.square.__code__ = edited["square"].__code__
    assert [slope(1.3) for slope in slopes] == pytest.approx([3 * 1.69, 6 * 1.69])
    del sys.modules["edited_module"]


# --- results that have parts ---


def powers(x: float) -> tuple[tuple[float, float], float]:
    return (x, x * x), x**3


def in_rows(x: float) -> tuple[list[float], float]:
    row = [k * x for k in range(1, 3)]
    return row, x**4


def only_the_last(x: float) -> float:
    row, last = powers(x)
    return last


def by_place(x: float) -> float:
    return powers(x)[1] * in_rows(x)[1]


def steered(x: float) -> float:
    row, last = in_rows(x)
    return last * math.floor(row[1])


@pytest.mark.parametrize(("fn", "expected"), [(only_the_last, 3 * 1.3**2), (by_place, 7 * 1.3**6), (steered, 8 * 1.3**3)])
def test_parts_of_a_result_that_nothing_uses_have_no_adjoint(fn: Callable[[float], float], expected: float) -> None:
    assert grad(fn)(1.3) == pytest.approx(expected, rel=1e-14)
    assert grad(fn, optimize=False)(1.3) == pytest.approx(expected, rel=1e-14)


def sums_so_far(items: list[float]) -> tuple[list[float], float]:
    sums, total = [], 0.0
    for item in items:
        total += item * item
        sums.append(total)
    return sums, total


def of_sums(x: float, y: float) -> float:
    sums, total = sums_so_far([x, y])
    return sums[0] * total


def test_a_list_that_was_appended_to_may_be_one_of_several_results() -> None:
    for optimize in (True, False):
        value, (dx, dy) = value_and_grad(of_sums, optimize=optimize)(1.3, 0.5, dof_sums=2.0)  # of x**2 * (x**2 + y**2)
        assert (value, dx, dy) == pytest.approx((1.69 * 1.94, 2 * (4 * 1.3**3 + 2 * 1.3 * 0.25), 2 * 1.69))
    assert jvp(of_sums)(1.3, 0.5, x_dot=0.0, y_dot=1.0)[1] == pytest.approx(1.69)


def test_a_seed_is_never_changed() -> None:
    seed = ([0.5, 2.0], 3.0)
    dxs = vjp(sums_so_far)([1.3, 0.5], **dict(zip(vjp(sums_so_far).seeds, seed, strict=True)))
    assert seed == ([0.5, 2.0], 3.0)
    assert dxs == pytest.approx([2 * 1.3 * (0.5 + 2.0 + 3.0), 2 * 0.5 * (2.0 + 3.0)], rel=1e-14)


def saturation(t: float, scale: float = 1.0) -> float:
    return scale * math.exp(17.0 * t / (t + 240.0))


def rising(t: float) -> float:
    return 2.0 + t


def ratio(q: float, t: float, law: Callable[..., float] = saturation) -> float:
    part = law(t)
    return q / part


def of_the_sine(q: float, t: float, *, wave: Callable[[float], float] = math.sin) -> float:
    return q * wave(t)


def left_out_below(q: float, t: float) -> float:
    return ratio(q, t) * of_the_sine(q, t)


def handed_on(q: float, t: float, law: Callable[..., float] = saturation) -> float:
    return ratio(q, t, law) + ratio(q, t, rising)


def bound_anew(t: float, law: Callable[[float], float] = math.sin, is_odd: bool = False) -> float:
    if not is_odd:
        law = math.cos
    return applied(law, t)


def applied(law: Callable[[float], float], t: float) -> float:
    return law(t)


def bound_anew_below(t: float) -> float:
    return bound_anew_of(math.sin, t)


def bound_anew_of(law: Callable[[float], float], t: float) -> float:
    law = math.cos
    return applied(law, t)


BY_DEFAULT = [ratio, of_the_sine, left_out_below, handed_on]


@pytest.mark.parametrize("fn", BY_DEFAULT, ids=lambda fn: fn.__name__)
def test_functions_that_parameters_have_by_default_are_differentiated(fn: Callable[..., float]) -> None:
    q, t, h, seed = 1.3, 21.7, 1e-5, 1.7
    slopes = [(fn(q + h, t) - fn(q - h, t)) / (2 * h), (fn(q, t + h) - fn(q, t - h)) / (2 * h)]
    made = value_and_grad(fn)
    assert made.wrt == ("q", "t")
    assert made(q, t, **{made.seeds[0]: seed})[1] == pytest.approx([seed * slope for slope in slopes], rel=1e-7)
    assert jvp(fn)(q, t, q_dot=1.0, t_dot=-0.5)[1] == pytest.approx(slopes[0] - 0.5 * slopes[1], rel=1e-7)
    alone: dict[str, Any] = {}
    exec(made.source, alone)
    assert alone[made.__name__](q, t) == made(q, t)


def test_other_functions_than_the_default_are_refused_at_the_call() -> None:
    line = ratio.__code__.co_firstlineno
    for call in (lambda: grad(ratio)(1.3, 21.7, rising), lambda: jvp(ratio)(1.3, 21.7, law=rising, q_dot=1.0, t_dot=0.0)):
        with pytest.raises(NonDifferentiableError, match=rf"functions.py:{line}:\d+: GG108: .* law\(\) where it is not sat"):
            call()
    with pytest.raises(ArgumentError, match="GG402"):
        grad(ratio, "law")


@pytest.mark.parametrize("fn", [bound_anew, bound_anew_below], ids=lambda fn: fn.__name__)
def test_a_parameter_that_is_bound_anew_holds_no_function_that_is_known(fn: Callable[..., float]) -> None:
    with pytest.raises(UnsupportedError, match="GG10[68]"):
        grad(fn, "t")
