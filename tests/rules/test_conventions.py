"""At special points the rows say what the table of conventions says, one by one.

Never looks at ordinary points: test_slopes.py does.
"""
from __future__ import annotations

import math
from typing import Any

import numpy
import pytest

from gradgen.ir import nodes as ir
from gradgen.rules.conditions import Condition
from gradgen.rules.registry import rules_for
from gradgen.rules.spelling import Family
from tests.rules.evaluation import backward, namespace, rule_for, text_of

INF, NAN = math.inf, math.nan


def adjoints(operation: str, *args: Any, family: Family = "math", constants: dict[str, Any] | None = None,
             passive: tuple[str, ...] = ()) -> list[float]:
    """The row's adjoints at a point, with the seed 1; operators and built-in functions have the family "builtins"."""
    return backward(rule_for(operation, len(args), constants or {}, passive), family, args)


@pytest.mark.parametrize("zero", [0.0, -0.0, numpy.float64(0.0), 0])
def test_abs_is_level_at_0(zero: float) -> None:
    assert adjoints("abs", zero, family="builtins") == [0.0]
    assert adjoints("abs", zero, family="numpy") == [0.0]


def test_abs_takes_numpy_floats_whose_comparisons_cannot_be_subtracted() -> None:
    assert adjoints("abs", numpy.float64(-2.0), family="numpy") == [-1.0]


def test_sign_and_the_steps_are_level_everywhere() -> None:
    for operation in ("sign", "floor", "ceil", "trunc", "rint", "around", "heaviside"):
        args = (0.0, 0.5) if operation == "heaviside" else (0.0,)
        assert adjoints(operation, *args, family="numpy")[0] == 0.0, operation
    for operation in ("int", "round", "bool"):
        assert adjoints(operation, 2.0, family="builtins") == [0.0], operation


@pytest.mark.parametrize("operation", ["max", "min"])
def test_a_tie_of_pythons_max_or_min_is_the_first_arguments(operation: str) -> None:
    assert adjoints(operation, 1.5, 1.5, family="builtins") == [1.0, 0.0]


@pytest.mark.parametrize("operation", ["max", "min"])
@pytest.mark.parametrize("args", [(NAN, 1.0), (1.0, NAN), (0.0, -0.0), (-0.0, 0.0)])
def test_max_and_min_follow_the_argument_that_python_returns(operation: str, args: tuple[float, float]) -> None:
    chosen: float = {"max": max, "min": min}[operation](*args)
    assert adjoints(operation, *args, family="builtins") == [float(arg is chosen) for arg in args]


@pytest.mark.parametrize("operation", ["maximum", "minimum", "fmax", "fmin"])
def test_a_tie_of_numpys_is_shared(operation: str) -> None:
    assert adjoints(operation, 1.5, 1.5, family="numpy") == [0.5, 0.5]


@pytest.mark.parametrize("operation", ["fmax", "fmin"])
def test_fmax_and_fmin_pass_nan_over(operation: str) -> None:
    assert adjoints(operation, 1.5, NAN, family="numpy") == [1.0, 0.0]
    assert adjoints(operation, NAN, 1.5, family="numpy") == [0.0, 1.0]


@pytest.mark.parametrize("operation", ["max", "min", "maximum", "minimum", "fmax", "fmin"])
def test_what_is_not_selected_gets_no_nan_from_an_infinite_seed(operation: str) -> None:
    family: Family = "builtins" if operation in ("max", "min") else "numpy"
    low, high = backward(rule_for(operation, 2, {}), family, (1.0, 2.0), seeds=(INF,))
    assert sorted([low, high]) == [0.0, INF]


def test_clip_at_a_bound_has_the_slope_1() -> None:
    assert adjoints("clip", 1.0, 1.0, 3.0, family="numpy") == [1.0, 0.0, 0.0]
    assert adjoints("clip", 3.0, 1.0, 3.0, family="numpy") == [1.0, 0.0, 0.0]
    assert adjoints("clip", 3.0, None, 3.0, family="numpy", constants={"lo": None})[:1] == [1.0]
    assert adjoints("clip", 1.0, 1.0, None, family="numpy", constants={"hi": None})[:1] == [1.0]


def test_the_remainder_has_the_slopes_1_and_minus_the_quotient() -> None:
    for x, y in ((6.0, 2.0), (-7.5, 2.0), (7.5, -2.0), (0.0, 3.0)):
        assert adjoints("mod", x, y, family="builtins") == [1.0, -(x // y)]
    assert adjoints("fmod", -7.5, 2.0) == [1.0, 3.0]
    assert adjoints("fmod", 3.0, INF) == [1.0, -0.0]


def test_powers_of_0() -> None:
    for zero in (0.0, 0):
        assert adjoints("pow", zero, 0, family="builtins", constants={"y": 0}) == [0.0, 0.0]
        assert adjoints("pow", zero, 1, family="builtins", constants={"y": 1})[0] == 1.0
        assert adjoints("pow", zero, 2, family="builtins", constants={"y": 2})[0] == 0.0
        assert adjoints("pow", zero, 3, family="builtins", constants={"y": 3})[0] == 0.0


@pytest.mark.parametrize(("exponent", "slope"), [(0, 0.0), (0.0, 0.0), (1, 1.0), (2, 0.0), (1.5, 0.0)])
def test_a_passive_exponent_at_the_base_0_takes_no_logarithm_and_never_raises(exponent: float, slope: float) -> None:
    assert adjoints("pow", 0.0, exponent, family="builtins", passive=("y",)) == [slope, 0.0]
    assert not any("log" in line for rule in rules_for("pow") if rule.when is not None for line in rule.text if "dx" in line)


@pytest.mark.parametrize("exponent", [2, 3.0, -1])
def test_a_passive_exponent_takes_negative_bases(exponent: float) -> None:
    slope = exponent * (-1.5) ** (exponent - 1)
    assert adjoints("pow", -1.5, exponent, family="builtins", passive=("y",))[0] == pytest.approx(slope, rel=1e-15)


def test_the_base_0_does_not_move_with_its_exponent() -> None:
    assert adjoints("pow", 0.0, 2.0, family="builtins") == [0.0, 0.0]
    assert adjoints("pow", 0.0, 0.7, family="builtins", passive=("x",))[1] == 0.0


def test_a_negative_base_with_a_varying_exponent_is_refused() -> None:
    refusal = namespace()["NonDifferentiableError"]
    with pytest.raises(refusal, match="negative base"):
        adjoints("pow", -2.0, 2.0, family="builtins")
    assert issubclass(refusal, ArithmeticError)


def test_an_unbounded_slope_is_what_the_language_makes_of_it() -> None:
    with pytest.raises(ZeroDivisionError):
        adjoints("sqrt", 0.0)
    with pytest.raises(ZeroDivisionError):
        adjoints("pow", 0.0, 0.5, family="builtins", constants={"y": 0.5})
    assert adjoints("sqrt", numpy.float64(0.0), family="numpy") == [INF]


def test_hypot_at_the_origin_is_level() -> None:
    assert adjoints("hypot", 0.0, 0.0) == [0.0, 0.0]
    assert adjoints("hypot", 0.0, 0.0, 0.0) == [0.0, 0.0, 0.0]
    assert adjoints("hypot", numpy.float64(0.0), 0.0, family="numpy") == [0.0, 0.0]


def test_atan2_at_the_origin_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        adjoints("atan2", 0.0, 0.0)
    (rule,) = rules_for("atan2")
    ((test, reason),) = rule.requires
    assert "no derivative" in reason
    holds = {(y, x): bool(eval(text_of(test, "math"), {"x": x, "y": y})) for x in (0.0, -0.0, 1.0) for y in (0.0, -2.0)}
    assert [point for point, held in holds.items() if not held] == [(0.0, 0.0)]


def test_what_where_and_nan_to_num_leave_out_gets_nothing() -> None:
    rule = rule_for("where", 3, {})
    assert backward(rule, "numpy", (True, 2.0, 3.0), seeds=(INF,)) == [0.0, INF, 0.0]
    assert adjoints("nan_to_num", NAN, family="numpy") == [0.0]
    assert adjoints("nan_to_num", INF, family="numpy") == [0.0]


def test_copysign_at_0_is_level() -> None:
    assert adjoints("copysign", 0.0, -1.0) == [0.0, 0.0]


def test_float_and_the_real_part_are_transparent() -> None:
    assert adjoints("float", 2, family="builtins") == [1.0]
    assert adjoints("real", 2.0, family="numpy") == adjoints("conjugate", 2.0, family="numpy") == [1.0]


@pytest.mark.parametrize("operation", ["xlogy", "xlog1py", "rel_entr"])
def test_a_weight_of_0_takes_no_slope_from_the_logarithm(operation: str) -> None:
    at = {"xlogy": 0.0, "xlog1py": -1.0, "rel_entr": numpy.float64(0.0)}[operation]
    assert adjoints(operation, 0.0, at, family="scipy.special")[1] == 0.0


# Holes that the function does not have: closed forms of the slope there.
@pytest.mark.parametrize(("operation", "args", "slope"), [
    ("sinc", (0.0,), 0.0), ("spence", (1.0,), -1.0), ("exprel", (0.0,), 0.5), ("lambertw", (0.0,), 1.0), ("sici", (0.0,), 1.0),
    ("ellipk", (0.0,), math.pi / 8), ("ellipe", (0.0,), -math.pi / 8),
    ("i0e", (0.0,), 0.0), ("j1", (0.0,), 0.5), ("i1", (0.0,), 0.5),
    ("gammainc", (1.0, 0.0), 1.0), ("gammainc", (3.0, 0.0), 0.0), ("betainc", (1.0, 2.0, 0.0), 2.0), ("expn", (3, 0.0), -1.0),
    ("eval_legendre", (3, 1.0), 6.0), ("eval_legendre", (3, -1.0), 6.0), ("erfcx", (0.0,), -2 / math.sqrt(math.pi)),
])
def test_a_hole_of_the_formula_is_filled(operation: str, args: tuple[float, ...], slope: float) -> None:
    at = args.index(args[-1]) if len(args) > 1 else 0
    rule = rule_for(operation, len(args), {}, ())
    seeds = (1.0,) + (0.0,) * (len(rule.results) - 1)
    if operation == "sici":
        rule = type(rule)(**{name: getattr(rule, name) for name in rule.__slots__} | {"contributions": rule.contributions[:1]})
    assert complex(backward(rule, "scipy.special", args, seeds=seeds)[at]).real == pytest.approx(slope, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("operation", "args", "slope"), [
    ("boxcox", (5.0, 0.0), math.log(5.0) ** 2 / 2), ("inv_boxcox", (1.3, 0.0), -math.exp(1.3) * 1.3**2 / 2),
    ("boxcox1p", (5.0, 0.0), math.log(6.0) ** 2 / 2), ("inv_boxcox1p", (1.3, 0.0), -math.exp(1.3) * 1.3**2 / 2),
])
def test_a_power_transform_is_smooth_in_its_power_at_0(operation: str, args: tuple[float, ...], slope: float) -> None:
    assert adjoints(operation, *args, family="scipy.special")[1] == pytest.approx(slope, rel=1e-12)


@pytest.mark.parametrize(("operation", "x"), [
    ("atan", 1e200), ("asinh", 1e300), ("erf", 1e200), ("erfc", -1e200), ("acosh", 1e200), ("tanh", 1e300), ("cbrt", 1e300),
])
def test_no_row_raises_far_out_where_the_function_does_not(operation: str, x: float) -> None:
    (slope,) = adjoints(operation, x)
    assert 0.0 <= abs(slope) <= 1e-190


def test_a_quotient_does_not_square_what_would_leave_the_floats() -> None:
    assert adjoints("div", 1e-200, 1e-200, family="builtins") == pytest.approx([1e200, -1e200], rel=1e-15)
    assert adjoints("div", 1, 1e-200, family="builtins", constants={"x": 1})[1] == -INF


def test_every_bitwise_and_whole_number_operation_refuses_a_varying_operand() -> None:
    names = "invert lshift rshift bitand bitor bitxor factorial comb perm gcd lcm isqrt"
    for rule in (rule for name in names.split() for rule in rules_for(name)):
        assert rule.refused == {parameter.removeprefix("*") for parameter in rule.parameters}
        assert "whole numbers" in rule.reason


def test_an_order_without_a_formula_is_refused_and_not_level() -> None:
    orders = {"jv": "v", "kv": "v", "yn": "n", "expn": "n", "hyperu": "a", "gammainc_slope": "a", "polygamma": "n",
              "betainc_slope": "b", "zeta_slope": "n", "hyp2f1": "c", "ldexp": "n", "lambertw": "k", "eval_legendre": "n",
              "multigammaln": "d", "spherical_jn": "n"}
    for operation, operand in orders.items():
        for rule in rules_for(operation):
            assert operand in rule.refused or isinstance(rule.when, Condition) and operand in rule.when.settles, rule.text
            assert rule.reason or not rule.refused


def test_comparisons_of_tests_in_rows_are_comparisons_of_the_ir() -> None:
    guards = [part.guard for rule in rules_for("clip") for part in rule.contributions if part.guard is not None]
    assert guards and all(isinstance(guard, (ir.Compare, ir.Op)) for guard in guards)
